"""What the constructs have proved, as lemmas for other people's claims.

The statements of all constructs are kept by the head of what they speak of, written out to its definitions, without a
derivation being made. When a term fits, the claim is derived, and accepted by the checker, once; a claim that is not
accepted is no lemma.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from sympy import Expr

from derive.claims.clock import now
from derive.claims.fitting import Fit, Values, written_out
from derive.claims.normalising import STUMBLES
from derive.errors import DeriveError
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Derivation
from derive.language import Context, IndexSum
from derive.language.restating import canonical
from derive.language.terms import subterms, with_standard_indices

_MOST = 4
"""Fits of one term that are handed on."""
_COUNTED = ("IndexSum", "Partial", "Entry", "Cases", "IndexProduct", "Largest")


@dataclass
class Known:
    """A claim of a construct: what it speaks of, and how it is derived.

    Attributes:
        name: construct.claim
        context, left: As the construct states it.
        derive: Makes the derivation.
    """

    name: str
    context: Context
    left: Expr
    derive: Callable[[], Derivation]
    made: list[Derivation | None] = field(default_factory=list)

    @cached_property
    def plain(self) -> Any:
        """The left side written out."""
        return written_out(self.context, self.left)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many terms of which kind there are in it."""
        return counts_of(self.plain)

    @cached_property
    def shape(self) -> Any:
        """The left side in standard form."""
        return with_standard_indices(canonical(self.plain))

    def lemma(self, checked: Memory) -> Derivation | None:
        """The derivation, once the checker has accepted it; the report on it is added to those that were made."""
        if not self.made:
            self.made.append(_accepted(self.derive, checked))
        return self.made[0]


def _accepted(derive: Callable[[], Derivation], checked: Memory) -> Derivation | None:
    try:
        made, memory = derive(), dict(checked)
        report = check(made, memory, explain=False, seek=False)
        if report.verdict.kind != "proved":
            return None
        checked.update({key: found for key, found in memory.items() if key[0] == "lemma"})
        checked["lemma", made] = report
        return made
    except (DeriveError, *STUMBLES):
        return None


class Library:
    """Claims by the head of their left sides.

    Attributes:
        asked: How many derivations have been made.
        checked: The checker's reports on them, as its memory has them.
    """

    def __init__(self, known: tuple[Known, ...]) -> None:
        self._by_head: dict[Any, list[Known]] = {}
        for one in known:
            self._by_head.setdefault(head_of(one.plain), []).append(one)
        self.size, self.asked = len(known), 0
        self.checked: Memory = {}

    def fitting(self, context: Context, term: Expr, until: float = math.inf) -> Iterator[tuple[Derivation, Values]]:
        """The lemmas whose left side, at the values with each, is the term; no more of them after `until`."""
        try:
            plain = written_out(context, term)
            wanted = with_standard_indices(canonical(plain))
        except (DeriveError, *STUMBLES):
            return
        found = 0
        counts = counts_of(plain)
        for known in self._by_head.get(head_of(plain), ()):
            if any(known.counts[kind] != counts[kind] for kind in _COUNTED):
                continue
            if now() > until:
                return
            for values in Fit(known.context, context).values(known.shape, wanted):
                if any(s not in values for s in known.shape.free_symbols & set(known.context.symbols)):
                    continue
                self.asked += not known.made
                lemma = known.lemma(self.checked)
                if lemma is None:
                    break
                yield lemma, values
                found += 1
                if found == _MOST:
                    return


def head_of(term: Any) -> Any:
    """What a term is, and what its body is if it is a sum or a moment."""
    if isinstance(term, IndexSum) or getattr(term, "averages", False):
        return type(term), type(term.args[0])
    return type(term)


def counts_of(term: Any) -> Counter[str]:
    """How many terms of which kind there are in the term."""
    return Counter(type(t).__name__ for t in subterms(term) if t.args)


@cache
def whole_library() -> Library:
    """The library of all constructs; takes some seconds when it is first asked for."""
    from derive.constructs.registry import constructs

    return Library(
        tuple(
            Known(f"{construct.name}.{claim.name}", claim.context, claim.left, claim.derive)
            for construct in constructs()
            for claim in construct.claims
        )
    )

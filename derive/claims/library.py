"""What the constructs have proved, as lemmas for other people's claims.

The statements of all constructs are kept by the head of what they speak of, written out to its definitions, without a
derivation being made. When a term fits, the claim is derived, and accepted by the checker, once; a claim that is not
accepted is no lemma.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import Context as ContextOfVariables
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from sympy import Expr

from derive.claims.clock import now
from derive.claims.fitting import Fit, Values, written_out
from derive.claims.kept_lemmas import Accepted, KeptLemmas, kept_lemmas
from derive.claims.normalising import STUMBLES
from derive.errors import DeriveError
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Entry, IndexSum, Partial
from derive.language.restating import canonical
from derive.language.terms import subterms, with_standard_indices
from derive.rules.time_limit import OutOfTime, within_time

_MOST = 4
"""Fits of one term that are handed on."""
_LEAST = 4.0
"""Seconds for deriving one lemma, however few are left to who asks: it is kept for all who ask later."""
_COUNTED = ("IndexSum", "Partial", "Entry", "Cases", "IndexProduct", "Largest")


@dataclass
class Known:
    """A claim of a construct: what it speaks of, and how it is derived.

    Attributes:
        name: construct.claim
        context, left: As the construct states it.
        derive: Makes the derivation.
        made: It, or None if it is refused, once that is known.
        tried: Seconds in which it was not derived.
    """

    name: str
    context: Context
    left: Expr
    derive: Callable[[], Derivation]
    made: list[Derivation | None] = field(default_factory=list)
    tried: float = 0.0

    @cached_property
    def plain(self) -> Any:
        """The left side written out."""
        return written_out(self.context, self.left)

    @cached_property
    def counts(self) -> Counter[str]:
        """How many terms of which kind there are in it."""
        return counts_of(self.plain)

    @cached_property
    def numbers(self) -> tuple[Array, ...]:
        """Where arrays without an axis stand that are not defined, and by which nothing is differentiated."""
        found = [t.array for t in subterms(self.plain) if isinstance(t, Entry) and not t.array.axes]
        moving = {t.by.array for t in subterms(self.plain) if isinstance(t, Partial)}
        return tuple(a for a in found if a in self.context.arrays and a not in moving)

    @cached_property
    def shape(self) -> Any:
        """The left side in standard form."""
        return with_standard_indices(canonical(self.plain))

    def lemma(
        self, checked: Memory, kept: KeptLemmas | None = None, seconds: float = math.inf
    ) -> Derivation | None:
        """The derivation, once the checker has accepted it; the report on it is added to those that were made.

        Args:
            checked: The reports.
            kept: Derivations that were accepted in earlier runs.
            seconds: For deriving it, whatever time is left to who asks: half a derivation is of use to nobody.

        Raises:
            OutOfTime: it was not derived; it may be when it is asked for again with more time.
        """
        if not self.made:
            found = None if kept is None else kept.find(self.name)
            if found is None:
                if seconds <= self.tried:
                    raise OutOfTime
                until = now() + seconds
                found = ContextOfVariables().run(_accepted, self.derive, until)
                if found is None and now() > until:
                    self.tried = seconds
                    raise OutOfTime
                if kept is not None and found is not None:
                    kept.keep(self.name, found)
            made, reports = (None, ()) if found is None else found
            checked.update({("lemma", lemma): report for lemma, report in reports})
            self.made.append(made)
        return self.made[0]


def _accepted(derive: Callable[[], Derivation], until: float) -> Accepted | None:
    """The derivation with the reports on it and on its lemmas, if the checker accepts them."""
    try:
        memory: Memory = {}
        with within_time(until):
            made = derive()
            report = check(made, memory, explain=False, seek=False)
        if report.verdict.kind != "proved":
            return None
        return made, (*((key[1], found) for key, found in memory.items() if key[0] == "lemma"), (made, report))
    except (DeriveError, *STUMBLES):
        return None


class Library:
    """Claims by the head of their left sides.

    Attributes:
        asked: How many derivations have been made.
        checked: The checker's reports on them, as its memory has them.
    """

    def __init__(self, known: tuple[Known, ...], kept: KeptLemmas | None = None) -> None:
        self.kept = kept
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
            fewer = {kind: known.counts[kind] - counts[kind] for kind in _COUNTED if known.counts[kind] != counts[kind]}
            if fewer and fewer != {"Entry": len(known.numbers)}:
                continue
            if now() > until:
                return
            for values in Fit(known.context, context, known.numbers if fewer else ()).values(known.shape, wanted):
                if any(s not in values for s in known.shape.free_symbols & set(known.context.symbols)):
                    continue
                self.asked += not known.made
                try:
                    lemma = known.lemma(self.checked, self.kept, max(_LEAST, until - now()))
                except OutOfTime:
                    lemma = None
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
        ),
        kept_lemmas(),
    )

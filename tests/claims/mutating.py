"""Claims that are false: true ones with one change of the tree, and a point at which the sides differ.

The point is found here, with entries drawn here, and the values are worked out by `derive.language.points` alone: the
deciders have no part in saying that a mutant is false.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sympy import Add, Integer, Max, Min, Mul, Pow, Symbol, ceiling, floor

from derive.errors import DeriveError
from derive.language import Array, Compare, Context, Entry, IndexProduct, IndexSum, Indicator
from derive.language.balls import Ball, close
from derive.language.points import evaluate, holds
from derive.language.terms import Ranged, rebuild
from tests.claims.corpus import Proved

TRIES = 60
"""Points that are drawn before a change is given up as harmless."""
STUMBLES = (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
_TURNED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}
_ENTRIES = (
    (-2, -1, 0, 1, 2, 3), (1, 2, 3, 5), (0, 1, 2), (Fraction(1, 2), Fraction(1, 3), Fraction(2)), (0, 1), (-1, 1),
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A false statement, what was changed, and where it fails."""

    fact: Proved
    kind: str
    point: tuple[tuple[str, str], ...]
    values: tuple[str, str]


def changes(term: Any, others: tuple[Symbol, ...], inside: str = "") -> Iterator[tuple[str, Any]]:
    """All terms that differ by one change, with its kind."""
    yield from _here(term, others, inside)
    for place, part in enumerate(term.args):
        if isinstance(term, Ranged) and place == 1:
            continue
        if isinstance(part, (Array, Symbol)) and isinstance(term, (Entry, Array)):
            where = "index" if isinstance(part, Symbol) else ""
            if not where:
                continue
        where = "limit" if isinstance(term, Ranged) and place > 1 else "index" if isinstance(term, Entry) else inside
        for kind, new in changes(part, others, where):
            parts = list(term.args)
            parts[place] = new
            try:
                yield kind, rebuild(term, parts)
            except (DeriveError, *STUMBLES):
                continue


def _here(e: Any, others: tuple[Symbol, ...], inside: str) -> Iterator[tuple[str, Any]]:
    if isinstance(e, Integer) and inside in ("limit", "index"):
        yield f"{inside} off by one", e + 1
        yield f"{inside} off by one", e - 1
    elif isinstance(e, Symbol) and e.is_integer:
        if inside in ("limit", "index"):
            yield f"{inside} off by one", e - 1
            yield f"{inside} off by one", e + 1
        for other in others:
            if other != e and other.is_integer:
                yield "another size", other
    elif isinstance(e, Integer) and e not in (0, -1):
        yield "number", e + 1
    elif isinstance(e, Add):
        for part in e.args:
            yield "sign", e - 2 * part
            yield "lost term", e - part
    elif isinstance(e, Mul):
        for place, part in enumerate(e.args):
            rest = Mul(*(a for k, a in enumerate(e.args) if k != place))
            yield ("sign" if part == -1 else "lost factor"), rest
    elif isinstance(e, Pow):
        yield "exponent", Pow(e.base, e.exp + 1)
        if e.exp != 1:
            yield "exponent", e.base
    elif isinstance(e, (Max, Min)):
        yield "min for max", (Min if isinstance(e, Max) else Max)(*e.args, evaluate=False)
    elif isinstance(e, (floor, ceiling)):
        yield "floor for ceiling", (ceiling if isinstance(e, floor) else floor)(e.args[0], evaluate=False)
    elif isinstance(e, Entry) and len(e.indices) == 2 and e.indices[0] != e.indices[1]:
        yield "swapped indices", Entry(e.array, *reversed(e.indices))
    elif isinstance(e, IndexSum) and not e.is_endless:
        yield "product for sum", IndexProduct(*e.args)
    elif isinstance(e, Compare):
        yield "relation", Compare(_TURNED[e.op], e.left, e.right)
    elif isinstance(e, Indicator):
        yield "lost condition", Integer(1)


def mutants(fact: Proved, most: int, seed: int) -> list[Mutant]:
    """Some changes of a fact's right side that make it false, with the points that say so."""
    rng = random.Random(f"{seed} {fact.name}")
    found = [(kind, new) for kind, new in changes(fact.right, fact.context.symbols) if new != fact.right]
    found += [("lost sign", -fact.right)] if fact.right != 0 else [("number", Integer(1))]
    if fact.relation in ("<=", ">="):
        found = [(k, v) for k, v in found if k in ("lost factor", "exponent", "min for max", "sign")]
    rng.shuffle(found)
    unlike = list(dict.fromkeys(new for _, new in found))
    kinds = {new: kind for kind, new in reversed(found)}
    made: list[Mutant] = []
    places = list(_places(fact.context, rng))
    for new in unlike[: 4 * most]:
        wrong = replace(fact, right=new)
        refuted = next((r for place in places if (r := _fails(wrong, *place)) is not None), None)
        if refuted is not None:
            made.append(Mutant(replace(wrong, name=f"{fact.name}: {kinds[new]}"), kinds[new], *refuted))
        if len(made) == most:
            break
    return made


def _places(context: Context, rng: random.Random) -> Iterator[tuple[dict[Symbol, Any], dict[Array, Any]]]:
    """Points and entries that meet all hypotheses."""
    found = 0
    for attempt in range(TRIES * 8):
        top = 2 + attempt % 5
        point: dict[Symbol, Any] = {}
        for s in context.symbols:
            low = 1 if rng.random() < 0.8 else -1
            whole = rng.randint(low, top)
            broken = not s.is_integer and rng.random() < 0.6
            point[s] = Fraction(rng.randint(1, 5), rng.randint(2, 6)) if broken else Fraction(whole)
        pool = _ENTRIES[attempt % len(_ENTRIES)]
        arrays = {a: _drawn(pool, rng.randint(0, 10**9)) for a in context.arrays if a not in context.random}
        try:
            if all(holds(fact, point, context, arrays) for fact in context.facts):
                yield point, arrays
                found += 1
        except (DeriveError, *STUMBLES):
            continue
        if found == 12:
            return


def _drawn(pool: tuple[Any, ...], seed: int) -> Any:
    return lambda *at: Fraction(random.Random(f"{seed} {at}").choice(pool))


def _fails(
    fact: Proved, point: dict[Symbol, Any], arrays: dict[Array, Any]
) -> tuple[tuple[tuple[str, str], ...], tuple[str, str]] | None:
    """Point and values, if both sides have a value there and are not so related."""
    try:
        left = evaluate(fact.left, point, fact.context, arrays)
        right = evaluate(fact.right, point, fact.context, arrays)
        if isinstance(left, Ball) or isinstance(right, Ball):
            same = close(left, right)
            wrong = not same if fact.relation == "=" else not same and (left > right) == (fact.relation == "<=")
        elif fact.relation == "=":
            wrong = left != right
        else:
            wrong = left > right if fact.relation in ("<=", "<") else left < right
    except (DeriveError, *STUMBLES):
        return None
    told = tuple((s.name, str(v)) for s, v in point.items())
    return (told, (str(left), str(right))) if wrong else None



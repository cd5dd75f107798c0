"""Wrong answers that people give: the right one with one slip of a known kind, and the smallest numbers that expose it.

A slip is made in the term itself: a count that is one off, a sign, a factor or a square that is lost, sizes or
indices exchanged, a case that is forgotten. Many such changes do no harm, so each counts only with a point at which its
value is certainly not that of the right answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sympy import Add, Basic, Expr, Integer, Max, Min, Mul, Pow, Rational, Symbol, ceiling, floor

from derive.errors import DeriveError
from derive.language import Array, Cases, Condition, Context, Entry, IndexSum, Indicator, ge, subterms
from derive.language.terms import Ranged, rebuild
from derive.numeric.refuting import Witness, refutation
from derive.render.document import Words
from derive.render.text import plain

POINTS = 400
"""At how many points a change may agree with the right answer before it is taken to do no harm."""
MOST = 5
"""Slips that are told of one answer."""
_KINDS = (
    "off by one", "lost case", "sign", "lost term", "lost factor", "power", "exchanged sizes", "floor and ceiling",
    "minimum and maximum", "exchanged indices", "lost condition",
)  # fmt: skip
_HARMLESS = (DeriveError, ArithmeticError, AttributeError, TypeError, ValueError)
"""What a term says that cannot be built with the change in it."""


@dataclass(frozen=True)
class Slip:
    """A wrong answer.

    Attributes:
        kind: One of the kinds of slips.
        words: What was done, in words and terms.
        term: What is then written.
        witness: Numbers at which it is wrong: `left` is the wrong value, `right` the right one.
    """

    kind: str
    words: Words
    term: Expr
    witness: Witness


@dataclass(frozen=True)
class _Compared:
    """What is false: that the wrong answer is the right one."""

    context: Context
    left: Expr
    relation: str
    right: Expr


def slips_in(context: Context, right: Expr, most: int = MOST) -> tuple[Slip, ...]:
    """Wrong answers, of as many kinds as there are, the likeliest first.

    Args:
        context: What the letters stand for.
        right: The right answer.
        most: How many.

    Example:
        >>> from derive.language import declare
        >>> n = declare("n", "size")
        >>> found, *_ = slips_in(Context((n,)), n.symbol + 1)
        >>> found.kind, found.term, found.witness.left, found.witness.right
        ('off by one', n, Fraction(1, 1), Fraction(2, 1))
    """
    sizes = tuple(s for s in context.symbols if s.is_integer and context.entails(ge(s, 1)) is True)
    candidates = list(_unlike(right, changes(right, sizes)))
    candidates.sort(key=lambda c: _KINDS.index(c[0]))
    found: list[Slip] = []
    waiting: list[tuple[str, Words, Expr]] = []
    for candidate in candidates:  # one of each kind, then more of the first ones
        if any(slip.kind == candidate[0] for slip in found):
            waiting.append(candidate)
        elif len(found) < most:
            found += _exposed(context, right, *candidate)
    for candidate in waiting:
        if len(found) >= most:
            break
        found += _exposed(context, right, *candidate)
    return tuple(sorted(found, key=lambda slip: _KINDS.index(slip.kind)))


def _unlike(right: Expr, made: Iterator[tuple[str, Words, Expr]]) -> Iterator[tuple[str, Words, Expr]]:
    seen = {right}
    for kind, words, term in made:
        if term not in seen:
            seen.add(term)
            yield kind, words, term


def _exposed(context: Context, right: Expr, kind: str, words: Words, term: Expr) -> list[Slip]:
    """The slip, if there is a point at which its value is wrong."""
    try:
        found = refutation(_Compared(context, term, "=", right), POINTS)
    except _HARMLESS:
        return []
    return [] if found.witness is None else [Slip(kind, words, term, found.witness)]


def changes(term: Any, sizes: tuple[Symbol, ...]) -> Iterator[tuple[str, Words, Expr]]:
    """All terms that differ from this one by one slip: its kind, what was done, and the term."""
    yield from _swapped_sizes(term, sizes)
    yield from _inside(term, "")


def _inside(term: Any, role: str) -> Iterator[tuple[str, Words, Any]]:
    yield from _here(term, role)
    for place, part in enumerate(term.args):
        if isinstance(part, (Array, Condition)) or (isinstance(term, Ranged) and place == 1):
            continue
        for kind, words, new in _inside(part, _role(term, place, role)):
            parts = list(term.args)
            parts[place] = new
            try:
                yield kind, words, rebuild(term, parts)
            except _HARMLESS:
                continue


def _role(term: Basic, place: int, role: str) -> str:
    if isinstance(term, Ranged) and place > 1:
        return "limit"
    if isinstance(term, Entry):
        return "index"
    return "exponent" if isinstance(term, Pow) and place == 1 else role


def _instead(kind: str, old: Any, new: Any) -> tuple[str, Words, Any]:
    return kind, (new, " in place of ", old), new


def _here(e: Any, role: str) -> Iterator[tuple[str, Words, Any]]:
    if isinstance(e, Symbol) and e.is_integer and role == "limit":
        yield _instead("off by one", e, e - 1)
        yield _instead("off by one", e, e + 1)
    elif isinstance(e, Add):
        yield from _sums(e, role)
    elif isinstance(e, Mul) and role != "exponent":
        yield from _products(e)
    elif isinstance(e, Pow) and role != "exponent":
        if e.exp in (2, Rational(1, 2), Rational(-1, 2), -2):
            yield _instead("power", e, e.base ** (1 if e.exp > 0 else -1))
    elif isinstance(e, (floor, ceiling)):
        yield _instead("floor and ceiling", e, (ceiling if isinstance(e, floor) else floor)(e.args[0]))
    elif isinstance(e, (Max, Min)):
        yield _instead("minimum and maximum", e, (Min if isinstance(e, Max) else Max)(*e.args))
    elif isinstance(e, Entry) and len(e.indices) == 2 and e.indices[0] != e.indices[1]:
        yield _instead("exchanged indices", e, Entry(e.array, *reversed(e.indices)))
    elif isinstance(e, Indicator):
        yield "lost condition", (e.args[0], " is not asked"), Integer(1)
    elif isinstance(e, Cases):
        for value, condition in e.clauses[:-1]:
            if not isinstance(value, Cases):
                yield "lost case", ("the case ", condition, " is taken for all"), value


def _sums(e: Add, role: str) -> Iterator[tuple[str, Words, Any]]:
    whole = all(s.is_integer for s in e.free_symbols) and bool(e.free_symbols)
    constant = e.as_coeff_Add()[0]
    if whole and constant in (1, -1, 2):
        yield _instead("off by one", e, e - 1)
        yield _instead("off by one", e, e + 1)
    if role in ("limit", "index", "exponent"):
        return
    if len(e.args) <= 6:
        for part in e.args:
            if not part.is_Number:
                yield "sign", ("the sign of ", _bare(part)), e - 2 * part
        for part in e.args:
            if not (part.is_Number and whole):
                yield "lost term", (_bare(part), " is left out"), e - part


def _bare(part: Any) -> Any:
    return -part if part.could_extract_minus_sign() else part


def _products(e: Mul) -> Iterator[tuple[str, Words, Any]]:
    for place, part in enumerate(e.args):
        rest = Mul(*(other for k, other in enumerate(e.args) if k != place))
        if part == -1:
            yield "sign", ("the minus sign is left out",), rest
        elif not isinstance(part, IndexSum):
            yield "lost factor", ("the factor ", part, " is left out"), rest


def _swapped_sizes(term: Basic, known: tuple[Symbol, ...]) -> Iterator[tuple[str, Words, Any]]:
    sizes = [s for s in known if s in term.free_symbols]
    if any(isinstance(part, (Entry, Ranged)) for part in subterms(term)) or len(sizes) > 5:
        return
    for one, other in combinations(sizes, 2):
        new = term.xreplace({one: other, other: one})
        yield "exchanged sizes", (one, " and ", other, " exchanged"), new


def is_short(term: Basic) -> bool:
    """Whether a term can stand in a line of words."""
    return not term.has(Cases) and len(plain(term)) <= 48

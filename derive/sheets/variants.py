r"""Variants of a sheet: the same questions with other numbers, drawn in ranges that its file declares.

In the texts of a problem `<<L>>` stands for the number named L, and `<<2*L - 1>>` for one that follows from it; variant
0 has the usual numbers, which the file gives. What is not true of all numbers in the same words has others under
`in_variants`.
Every draw is the same on every machine: it depends on the name of the sheet, the place of the problem, and the variant.
Numbers that a question does not allow, or whose answers are not presentable, are drawn anew.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Basic, Rational

from derive.errors import BadInput
from derive.render.document import Grid, Problem, Result, SideBySide
from derive.render.document import Table as TableBlock
from derive.sheets.reckoning import Drawn, UnknownPlace, reckoned
from derive.sheets.tables import Table, exact_of, symbol_of
from derive.sheets.values import integer_range

PROSE = frozenset({"title", "text", "answer", "remark", "hint", "brief", "caption", "label"})
"""Keys whose texts are words with formulas: a number in them is written as in a formula."""
LARGEST_VARIANT = 9_999
MOST_DIGITS = 5
"""Of a number in an answer of a variant, above and below the line."""
_NUMBER = re.compile(r"\d")
_PLACE = re.compile(r"<<\s*([^<>]*?)\s*>>")
OTHER_WORDS = "in_variants"
"""The key whose table has what is said instead where other numbers are drawn."""


@dataclass(frozen=True)
class Vary:
    """A number, or a list of numbers, that is another one in each variant.

    Attributes:
        usual: Of variant 0.
        choices: What each number is drawn from.
        follows: The term that it is reckoned from instead, in numbers before it; else empty.
    """

    name: str
    usual: Drawn = Fraction(0)
    choices: tuple[Fraction, ...] = ()
    follows: str = ""


def vary_of(table: Table) -> tuple[Vary, ...]:
    """The numbers that a problem varies.

    Raises:
        SheetError: a number or a range that cannot be read.
    """
    if "vary" not in table.data:
        return ()
    whole = table.table("vary")
    found = []
    for name in whole.data:
        one = whole.table(name)
        if "value" in one.data:
            one.only(f"the number {name}", ("value",))
            term = str(one.has("value", str, 'a term in quotes, such as "n - k + 1"'))
            found.append(Vary(symbol_of(whole, name), follows=term))
            continue
        one.only(f"the number {name}", ("usual", "from"))
        usual, choices = _usual(one, one.data["usual"]), _choices(one)
        found.append(Vary(symbol_of(whole, name), usual, choices))
    return tuple(found)


def _usual(table: Table, value: Any) -> Drawn:
    if isinstance(value, list):
        return tuple(_usual(table, inner) for inner in value)
    return exact_of(table, "usual", value)


def _choices(table: Table) -> tuple[Fraction, ...]:
    value = table.data["from"]
    if isinstance(value, list):
        if not value:
            raise table.error("from is an empty list", "from")
        return tuple(exact_of(table, "from", inner) for inner in value)
    if not isinstance(value, str):
        raise table.error('from must be a range such as "3..9" or a list of numbers', "from")
    try:
        low, high = integer_range(value)
    except BadInput as error:
        raise table.error(f"from: {error}", "from") from None
    return tuple(map(Fraction, range(low, high + 1)))


def drawn(varied: tuple[Vary, ...], seed: str) -> dict[str, Drawn]:
    """A number for each name; the usual ones where there is no seed.

    Raises:
        UnknownPlace: a number follows from one that is not before it.

    Example:
        >>> L, M = Vary("L", Fraction(7), (Fraction(3), Fraction(4))), Vary("M", follows="2*L")
        >>> drawn((L, M), ""), drawn((L,), "a seed") == drawn((L,), "a seed")
        ({'L': Fraction(7, 1), 'M': Fraction(14, 1)}, True)
    """
    rng = random.Random(seed)
    numbers: dict[str, Drawn] = {}
    for one in varied:
        if one.follows:
            numbers[one.name] = reckoned(one.follows, numbers)
        else:
            numbers[one.name] = _like(one.usual, one.choices, rng) if seed else one.usual
    return numbers


def _like(usual: Drawn, choices: tuple[Fraction, ...], rng: random.Random) -> Drawn:
    if isinstance(usual, tuple):
        return tuple(_like(inner, choices, rng) for inner in usual)
    return rng.choice(choices)


def worded(data: Any, other: bool) -> Any:
    r"""The data of a problem with the words for other numbers in place of the usual ones, or without them.

    Each table may have a table `in_variants` with keys of its own: in a variant these take the place of the same keys
    beside it; an empty text or list takes a key away, and `true` says that it holds for all numbers. Any other `brief`
    that has a number of its own and no place for one gives way to the derived result, if its problem or part has any.

    Example:
        >>> part = {"brief": "none", "text": "2", "in_variants": {"text": "$<<a>>$"}}
        >>> worded({"part": [part]}, False), worded({"part": [part]}, True)
        ({'part': [{'brief': 'none', 'text': '2'}]}, {'part': [{'brief': 'none', 'text': '$<<a>>$'}]})
    """
    told = _reworded(data, other)
    parts = told.get("part")
    if not other or not isinstance(parts, list):
        return told
    all_parts = _has_place({key: value for key, value in told.items() if key not in ("part", "vary")})
    return {**told, "part": [_without_stale(p, q, all_parts) for p, q in zip(parts, data["part"], strict=True)]}


def _reworded(data: Any, other: bool) -> Any:
    if isinstance(data, list):
        return [_reworded(inner, other) for inner in data]
    if not isinstance(data, dict):
        return data
    own = {name: _reworded(inner, other) for name, inner in data.items() if name != OTHER_WORDS}
    instead = data.get(OTHER_WORDS, {})
    if not isinstance(instead, dict):
        raise UnknownPlace("in_variants must be a table of what is said instead, such as { brief = '...' }")
    if not other:
        return own
    said = own | {name: _reworded(inner, other) for name, inner in instead.items() if inner is not True}
    return {name: inner for name, inner in said.items() if name not in instead or inner not in ("", [])}


def _without_stale(part: Any, before: Any, all_parts: bool) -> Any:
    """A part without a brief that may have numbers of the usual variant in it."""
    if not isinstance(part, dict) or "brief" in before.get(OTHER_WORDS, {}) or not (all_parts or _has_place(part)):
        return part
    return {name: inner for name, inner in part.items() if name != "brief" or not _is_stale(inner)}


def _is_stale(text: object) -> bool:
    return isinstance(text, str) and _NUMBER.search(text) is not None and "<<" not in text


def _has_place(data: Any) -> bool:
    if isinstance(data, dict):
        return any(_has_place(inner) for inner in data.values())
    if isinstance(data, list):
        return any(map(_has_place, data))
    return isinstance(data, str) and "<<" in data


def filled(data: Any, numbers: Mapping[str, Drawn], key: str = "") -> Any:
    r"""The data of a table with the numbers in their places.

    Raises:
        UnknownPlace: a place names no number.

    Example:
        >>> filled({"text": "$a = <<a>>$", "set": {"a": "<<1 + a>>"}}, {"a": Fraction(1, 2)})
        {'text': '$a = \\tfrac12$', 'set': {'a': '3/2'}}
    """
    if isinstance(data, dict):
        return {n: inner if n == "vary" else _filled_at(n, inner, numbers, n) for n, inner in data.items()}
    if isinstance(data, list):
        return [_filled_at(place, inner, numbers, key) for place, inner in enumerate(data)]
    if not isinstance(data, str) or "<<" not in data:
        return data
    if key == "program" and not numbers:
        return data  # a program may shift: x << y >> 1
    whole = _PLACE.fullmatch(data)
    if whole and key not in PROSE:
        value = reckoned(whole[1], numbers)
        return _plain_list(value) if isinstance(value, tuple) else str(value)
    return _PLACE.sub(lambda found: _written(found[1], numbers, key), data)


def _filled_at(place: str | int, data: Any, numbers: Mapping[str, Drawn], key: str) -> Any:
    try:
        return filled(data, numbers, key)
    except UnknownPlace as error:
        error.keys = (place, *error.keys)
        raise


def _plain_list(value: Any) -> Any:
    return [_plain_list(inner) for inner in value] if isinstance(value, tuple) else str(value)


def _written(text: str, numbers: Mapping[str, Drawn], key: str) -> str:
    value = reckoned(text, numbers)
    if isinstance(value, tuple):
        return _matrix(value) if key in PROSE else str(_plain_list(value))
    return _set(value) if key in PROSE else str(value)


def _set(value: Fraction) -> str:
    """The number as it is set in a formula."""
    if value.denominator == 1:
        return str(value)
    above, below = str(abs(value.numerator)), str(value.denominator)
    braced = f"{above}{below}" if len(above) == len(below) == 1 else f"{{{above}}}{{{below}}}"
    return rf"{'-' if value < 0 else ''}\tfrac{braced}"


def _matrix(value: tuple[Any, ...]) -> str:
    rows = value if value and isinstance(value[0], tuple) else (value,)
    lines = r" \\ ".join(" & ".join(_set(v) for v in row) for row in rows)
    return rf"\begin{{bmatrix}} {lines} \end{{bmatrix}}"


def told(numbers: Iterable[tuple[str, Drawn]]) -> str:
    """The numbers in a line.

    Example:
        >>> told([("L", Fraction(3)), ("x", (Fraction(1, 2), Fraction(1)))])
        'L = 3, x = [1/2, 1]'
    """
    return ", ".join(f"{name} = {str(_plain_list(value)).replace(chr(39), '')}" for name, value in numbers)


def is_presentable(problem: Problem) -> bool:
    """Whether the numbers of all answers can be written by hand: few digits above and below a line.

    Example:
        >>> from sympy import Integer, Rational, Symbol
        >>> from derive.render.document import Part, Result
        >>> answers = [Result(Symbol("y"), "=", value) for value in (Rational(3, 8), Integer(2)**40)]
        >>> [is_presentable(Problem(1, "", (), (Part("", "", (), (answer,)),))) for answer in answers]
        [True, False]
    """
    return all(_few_digits(number) for part in problem.parts for block in part.solution for number in _numbers(block))


def _numbers(block: Any) -> Iterator[Rational]:
    terms: list[Any] = []
    if isinstance(block, Result):
        terms = [block.term]
    elif isinstance(block, Grid) and block.framed:
        terms = [cell for row in block.cells for cell in row]
    elif isinstance(block, TableBlock):
        terms = [cell for row in block.rows for cell in row]
    elif isinstance(block, SideBySide):
        yield from _numbers(block.left)
        yield from _numbers(block.right)
    for term in terms:
        if isinstance(term, Basic):
            yield from term.atoms(Rational)


def _few_digits(number: Rational) -> bool:
    return max(abs(int(number.p)), int(number.q)) < 10**MOST_DIGITS

"""NumPy code: whole arrays of points at a time.

A case is worked out on the points where it applies and nowhere else: they are gathered, worked out and put back. A sum
runs over the index from the least lower limit to the greatest upper limit: for many points one index at a time, over
those that have it; for few over all pairs of a point and an index that it has, some thousands at once.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from derive.errors import Unevaluable
from derive.language import OTHERWISE, Cases, Entry, IndexProduct, IndexSum, Largest, Ranged
from derive.numeric.code import Names, Writer, as_function, assign, call, constant, lambert, name
from derive.numeric.tables import Filled

LONGEST_LOOP = 10_000_000
"""Steps of one loop over an index; more is a mistake in the sizes rather than a question."""


_STARTS: dict[type, float] = {IndexSum: 0.0, IndexProduct: 1.0, Largest: -math.inf}
_JOINED: dict[type, str] = {IndexSum: "added", IndexProduct: "multiplied", Largest: "raised"}

PAIRS = 1 << 13
"""Pairs of a point and an index that are worked out at once; nested sums have as many each."""

LARGEST_TABLE = 1 << 25
"""Numbers in the table of a recursion for one block of points: 256 megabytes."""


@dataclass(frozen=True)
class Stacked:
    """How the numbers of an array are passed that has others at every point.

    Attributes:
        data: The variable with all of them, the number of the point on its first axis.
        point: The symbol for that number.
        firsts: Symbols for the least index on each axis of the array.
    """

    data: str
    point: Symbol
    firsts: tuple[Symbol, ...]


class NumpyWriter(Writer):
    """A block that works on the points of one selection; `size` is the variable with their number."""

    size = ""

    def inside(self, selection: str, needed: set[Symbol]) -> NumpyWriter:
        """A block for the selected points; starts by gathering the values that it needs."""
        block = NumpyWriter(self.names, dict(self.symbols), self.lookups, {})
        block.size = block.keep(call("count", name(selection), name(self.size)))
        stacked = (found for found in self.lookups.values() if isinstance(found, Stacked))
        needed = needed.union(*((found.point, *found.firsts) for found in stacked))
        for symbol in sorted(needed & self.symbols.keys(), key=lambda s: self.symbols[s]):
            block.symbols[symbol] = block.keep(call("take", name(self.symbols[symbol]), name(selection)))
        return block

    def put(self, target: str, selection: str, value: Expr) -> None:
        """target[selection] = value, skipped for an empty selection."""
        block = self.inside(selection, value.atoms(Symbol))
        found = block.value(value)
        place = ast.Subscript(name(target), name(selection), ast.Store())
        body = [*block.statements, ast.Assign([place], found)]
        self.statements.append(ast.If(call("count", name(selection), name(self.size)), body, []))

    def cases(self, term: Cases) -> str:
        if term.clauses[0][1] == OTHERWISE:
            return self.keep(self.value(term.clauses[0][0]))
        result = self.keep(call("undefined", name(self.size)))
        rest: ast.expr = constant(True)
        for value, condition in term.clauses:
            holds, unknown = self.truth(condition)
            if unknown is not None:
                rest = name(self.keep(call("both", rest, call("opposite", unknown))))
            hit = self.keep(call("where", call("both", rest, holds), name(self.size)))
            self.put(result, hit, value)
            if condition == OTHERWISE:
                break
            rest = name(self.keep(call("both", rest, call("opposite", holds))))
        return result

    def over(self, term: Ranged) -> str:
        low, high = (self.keep(self.value(e)) for e in (term.low, term.high))
        total = self.keep(call("start", name(low), name(high), name(self.size), constant(_STARTS[type(term)])))
        hit, k = self.names.fresh(), self.names.fresh()
        block = self.inside(hit, term.args[0].atoms(Symbol) - {term.index})
        block.symbols[term.index] = k
        joined = call(_JOINED[type(term)], name(total), name(hit), name(k), block.value(term.args[0]))
        both = ast.Tuple([ast.Name(hit, ast.Store()), ast.Name(k, ast.Store())], ast.Store())
        reached = call("reached", name(low), name(high), name(self.size))
        self.statements.append(ast.For(both, reached, [*block.statements, ast.Expr(joined)], []))
        return self.keep(call("of_something", name(total))) if isinstance(term, Largest) else total

    def filled(self, term: Filled) -> str:
        low, high = (self.keep(self.value(e)) for e in (term.low, term.high))
        table = self.keep(call("new_table", name(low), name(high), name(self.size)))
        columns = self.keep(call("columns", name(self.size)))
        counter, index = self.names.fresh(), self.names.fresh()
        self.lookups[term.table] = table
        symbols = {**self.symbols, term.parameter: index, term.column: columns}
        block = NumpyWriter(self.names, symbols, self.lookups, {})
        block.size = self.size
        block.statements.append(assign(index, ast.BinOp(name(low), ast.Add(), name(counter))))
        row = block.keep(ast.Subscript(name(table), name(counter), ast.Load()))
        hit = block.keep(call("where", ast.Compare(name(index), [ast.LtE()], [name(high)]), name(self.size)))
        block.put(row, hit, term.body)
        rows = call("range", call("len", name(table)))
        self.statements.append(ast.For(ast.Name(counter, ast.Store()), rows, block.statements, []))
        last = ast.BinOp(name(high), ast.Sub(), name(low))
        return self.keep(call("look_up_own", name(table), last, name(columns)))

    def entry(self, term: Entry) -> ast.expr:
        if term.array not in self.lookups:
            raise Unevaluable(f"the array {term.array.name} is not among the arguments")
        found = self.lookups[term.array]
        if isinstance(found, str):  # a table with a column for each point
            return call("look_up_own", name(found), *(self.value(i) for i in term.indices))
        if isinstance(found, Stacked):
            pairs = zip(term.indices, found.firsts, strict=True)
            own = [ast.BinOp(self.value(index), ast.Sub(), self.value(first)) for index, first in pairs]
            return call("look_up", name(found.data), self.value(found.point), *own)
        data, firsts = found
        places = [ast.BinOp(self.value(i), ast.Sub(), name(f)) for i, f in zip(term.indices, firsts, strict=True)]
        return call("look_up", name(data), *places)


def function(
    term: Expr,
    symbols: list[Symbol],
    lookups: dict[Any, Any],
    extra: list[str],
    names: Names,
    constants: dict[Symbol, str],
) -> Any:
    """The function `value(size, v0, v1, ..., extra...)` for a term without definitions and infinite sums."""
    writer = NumpyWriter(names, {**constants, **{s: names.fresh() for s in symbols}}, lookups, {})
    writer.size = names.fresh()
    arguments = [writer.size, *(writer.symbols[s] for s in symbols), *extra]
    found = writer.value(term)
    return as_function(arguments, [*writer.statements, ast.Return(found)], NAMESPACE)


def where(mask: Any, size: int) -> Any:
    """Which points a condition selects, as a slice where that is enough: slices cost no copy."""
    if np.ndim(mask) == 0:
        return slice(0, size if mask else 0)
    found = mask.nonzero()[0]
    if not found.size:
        return slice(0, 0)
    first, last = int(found[0]), int(found[-1])
    return slice(first, last + 1) if last - first + 1 == found.size else found


def count(selection: Any, size: int) -> int:
    """How many points are selected."""
    return selection.stop - selection.start if isinstance(selection, slice) else int(selection.size)


def take(value: Any, selection: Any) -> Any:
    """The selected values; one number stands for itself at every point."""
    return value[selection] if isinstance(value, np.ndarray) and value.ndim else value


def start(low: Any, high: Any, size: int, first: float) -> Any:
    """What there is before the first step, or NaN where a limit is no integer."""
    total = np.full(size, first)
    bad = (low != np.floor(low)) | (high != np.floor(high))
    if np.any(bad):
        total[np.broadcast_to(bad, (size,))] = np.nan
    return total


def reached(low: Any, high: Any, size: int) -> Iterator[tuple[Any, Any]]:
    """Which points a range has, and their indices: many indices at once for few points, one for many.

    Each index comes after those below it; with one index at a time it is a number.
    """
    live = low <= high
    if not np.any(live):
        return
    first = np.ceil(np.min(np.where(live, low, np.inf)))
    last = np.floor(np.max(np.where(live, high, -np.inf)))
    if not last - first < LONGEST_LOOP:
        raise Unevaluable(f"a sum would run from {first:.0f} to {last:.0f}: more than {LONGEST_LOOP} steps")
    width = max(1, PAIRS // max(size, 1))
    for begin in range(int(first), int(last) + 1, width):
        if width == 1:
            k = np.float64(begin)
            hit = where(np.logical_and(low <= k, k <= high), size)
            if count(hit, size):
                yield hit, k
            continue
        indices = np.arange(begin, min(begin + width, int(last) + 1), dtype=float)
        across = indices[:, np.newaxis]
        row, hit = np.broadcast_to((low <= across) & (across <= high), (len(indices), size)).nonzero()
        if hit.size:
            yield hit, indices[row]


def added(total: Any, hit: Any, k: Any, value: Any) -> None:
    """total[hit] + value, where a point may be hit by many indices at once."""
    if np.ndim(k):
        total += np.bincount(hit, np.broadcast_to(value, hit.shape), len(total))
    else:
        total[hit] += value


def multiplied(total: Any, hit: Any, k: Any, value: Any) -> None:
    """As `added`, for products."""
    np.multiply.at(total, hit, value) if np.ndim(k) else total.__setitem__(hit, total[hit] * value)


def raised(total: Any, hit: Any, k: Any, value: Any) -> None:
    """As `added`, for the largest value."""
    np.maximum.at(total, hit, value) if np.ndim(k) else total.__setitem__(hit, np.maximum(total[hit], value))


def power(base: Any, exponent: Any) -> Any:
    """base**exponent with 0**0 = 1, NaN for 0 to a negative power."""
    result = np.power(base, exponent)
    bad = np.logical_and(np.equal(base, 0), np.less(exponent, 0))
    return np.where(bad, np.nan, result) if bad.any() else result


def divide(top: Any, bottom: Any) -> Any:
    """top/bottom, NaN for a bottom of 0."""
    bad = np.equal(bottom, 0)
    return np.divide(top, np.where(bad, np.nan, bottom) if bad.any() else bottom)


def logarithm(value: Any) -> Any:
    """log, NaN at 0 and below."""
    return np.log(np.where(np.less_equal(value, 0), np.nan, value))


def factorial(value: Any) -> Any:
    """n!, NaN where n is negative or no integer, infinite where a double cannot hold it."""
    return of_integers(value, lambda whole: np.prod(np.arange(1.0, whole + 1)) if whole < 171 else np.inf)


def of_integers(value: Any, of: Any) -> Any:
    """A function of integers >= 0, worked out once for each of them; NaN elsewhere."""
    spots = np.atleast_1d(np.asarray(value, dtype=float))
    known = {v: (float(of(v)) if v >= 0 and v % 1 == 0 else np.nan) for v in set(spots.ravel().tolist())}
    found = np.array([known[v] for v in spots.ravel().tolist()]).reshape(spots.shape)
    return found if np.ndim(value) else found[0]


def binomial(upper: Any, lower: Any) -> Any:
    """n choose k, 0 where k is negative; NaN where n or k is no integer.

    For n < 0 it is (-1)**k times k - n - 1 choose k. A product of min(k, n - k) factors, of which 1100 are too many
    for a double: 2200 choose 1100 is beyond it.
    """
    n, k = np.broadcast_arrays(np.asarray(upper, dtype=float), np.asarray(lower, dtype=float))
    sign = np.where((n < 0) & (k % 2 == 1), -1.0, 1.0)
    high = np.where(n < 0, k - n - 1, n)
    short = np.minimum(k, high - k)
    found = np.ones(n.shape)
    for place in range(int(min(np.nanmax(short, initial=0), 1100))):
        found = np.where(place < short, found * (high - place) / (place + 1), found)
    found = np.where((k < 0) | ((n >= 0) & (n < k)), 0.0, sign * found)
    return np.where((n % 1 == 0) & (k % 1 == 0), found, np.nan)


def new_table(low: Any, high: Any, size: int) -> Any:
    """A column for each point, with a row for each index that some point reaches; NaN until it is filled."""
    rows = np.max(np.where(np.isfinite(high - low), high - low, -1), initial=-1) + 1
    if not rows * size <= LARGEST_TABLE:
        raise Unevaluable(f"a recursion would need a table of {rows:.0f} rows for each of {size} points")
    return np.full((max(int(rows), 0), size), np.nan)


def look_up_own(table: Any, place: Any, columns: Any) -> Any:
    """For each point the number in its own column, NaN where there is none."""
    inside = (place == np.floor(place)) & (place >= 0) & (place < len(table))
    if not len(table):
        return np.full(np.shape(columns), np.nan)
    return np.where(inside, table[np.where(inside, place, 0).astype(np.int64), columns], np.nan)


def look_up(data: Any, *places: Any) -> Any:
    """Numbers of an array, NaN beside it."""
    if not places:
        return data[()]
    if not any(isinstance(place, np.ndarray) for place in places):  # one place for all points, as in a loop
        return _at(data, places)
    spots = [np.asarray(place).astype(np.int64) for place in places]
    inside: Any = True
    for place, spot, length in zip(places, spots, data.shape, strict=True):
        inside = inside & (spot == place) & (spot >= 0) & (spot < length)
    if np.all(inside):
        return data[tuple(spots)]
    found = data[tuple(np.where(inside, spot, 0) for spot in spots)] if data.size else np.zeros(inside.shape)
    return np.where(inside, found, np.nan)


def _at(data: Any, places: tuple[Any, ...]) -> Any:
    """The number at one place, NaN beside the array."""
    for place, length in zip(places, data.shape, strict=True):
        if not (0 <= place < length and place % 1 == 0):
            return np.float64(np.nan)
    return data[tuple(int(place) for place in places)]


NAMESPACE: dict[str, Any] = {
    "absolute": np.abs,
    "added": added,
    "binomial": binomial,
    "both": np.logical_and,
    "ceil": np.ceil,
    "columns": np.arange,
    "cos": np.cos,
    "count": count,
    "divide": divide,
    "either": np.logical_or,
    "exp": np.exp,
    "factorial": factorial,
    "erf": np.vectorize(math.erf, otypes=[float]),
    "floor": np.floor,
    "indicator": lambda holds, unknown: np.where(unknown, np.nan, np.where(holds, 1.0, 0.0)),
    "is_nan": np.isnan,
    "lambert": np.vectorize(lambert, otypes=[float]),
    "log": logarithm,
    "look_up": look_up,
    "look_up_own": look_up_own,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "multiplied": multiplied,
    "new_table": new_table,
    "of_something": lambda largest: np.where(largest == -np.inf, np.nan, largest),
    "opposite": np.logical_not,
    "power": power,
    "raised": raised,
    "reached": reached,
    "remainder": np.mod,
    "sign": np.sign,
    "sin": np.sin,
    "start": start,
    "take": take,
    "tan": np.tan,
    "tanh": np.tanh,
    "undefined": lambda size: np.full(size, np.nan),
    "where": where,
}

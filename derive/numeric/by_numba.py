"""Numba code: one point at a time, in plain loops that are compiled to machine code.

Numba is imported when the first function is asked for: it costs 0.4 s, and most runs never need it.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sympy import Basic, Expr, Max, Min, Symbol

from derive.errors import Unevaluable
from derive.language import OTHERWISE, Cases, Entry, IndexProduct, IndexSum, Largest, Ranged
from derive.language.symbols import is_integer
from derive.numeric.code import Names, Writer, as_function, assign, call, constant, is_total, lambert, name
from derive.numeric.running import BLOCK, running_powers
from derive.numeric.tables import Filled

LONGEST_LOOP = 10_000_000
"""Steps of one loop over an index at one point; more is a mistake in the sizes rather than a question."""


class NumbaWriter(Writer):
    """A block of statements about numbers; `gave_up` is the variable that says that a loop was too long."""

    gave_up = ""

    def inside(self) -> NumbaWriter:
        """A block that runs under a condition; it sees what was worked out before, and leaks nothing."""
        return self.block(self.symbols, self.known)

    def block(self, symbols: dict[Symbol, str], known: dict[Basic, str]) -> NumbaWriter:
        """A block of the same function."""
        made = NumbaWriter(self.names, dict(symbols), self.lookups, known)
        made.gave_up = self.gave_up
        return made

    def composite(self, term: Expr) -> ast.expr:
        if isinstance(term, (Min, Max)) and all(map(is_total, term.args)):  # no NaN to be handed on
            return call("min" if isinstance(term, Min) else "max", *(self.value(a) for a in term.args))
        return super().composite(term)

    def cases(self, term: Cases) -> str:
        result = self.keep(constant(math.nan))
        block: NumbaWriter = self
        for value, condition in term.clauses:
            holds, unknown = block.truth(condition)
            hit = block.inside()
            hit.statements.append(assign(result, hit.value(value)))
            if condition == OTHERWISE:
                block.statements.extend(hit.statements)
                break
            rest = block.inside()
            chosen: ast.stmt = ast.If(holds, hit.statements, rest.statements)
            rest.statements.append(ast.Pass())
            block.statements.append(chosen if unknown is None else ast.If(call("opposite", unknown), [chosen], []))
            block = rest
        return result

    def over(self, term: Ranged) -> str:
        total = self.keep(constant(math.nan))
        low, high = (self.keep(self.value(e)) for e in (term.low, term.high))
        steps = self.loop(term, total, low, high)
        body: list[ast.stmt] = [assign(total, constant(_STARTS[type(term)])), *steps]
        # Limits far apart must not reach `int`, whichever way round. Giving up is told by a variable: what is raised
        # inside a parallel loop is lost without a word.
        distance = ast.BinOp(name(high), ast.Sub(), name(low))
        short = ast.Compare(distance, [ast.Lt()], [constant(float(LONGEST_LOOP))])
        tried: ast.stmt = ast.If(short, body, [assign(self.gave_up, constant(True))])
        of_nothing = math.nan if isinstance(term, Largest) else _STARTS[type(term)]
        empty: ast.stmt = assign(total, constant(of_nothing))
        forward = ast.If(ast.Compare(name(low), [ast.LtE()], [name(high)]), [tried], [empty])
        certain = all(is_total(end) and is_integer(end) for end in (term.low, term.high))
        self.statements.append(forward if certain else ast.If(call("are_limits", name(low), name(high)), [forward], []))
        return total

    def loop(self, term: Ranged, total: str, low: str, high: str) -> list[ast.stmt]:
        """The loop from low to high; what stays the same in it is worked out before, in this block."""
        first, last = call("int", name(low)), call("int", name(high))
        k, counter = self.names.fresh(), self.names.fresh()
        inner = self.block({**self.symbols, term.index: k}, _without(self.known, term.index))
        inner.statements.append(assign(k, call("float", name(counter))))
        carried = running_powers(term.args[0], term.index)
        if not carried:
            inner.statements.append(_joined(term, total, inner.value(term.args[0])))
            return [_for(counter, (first, _plus(last, 1), constant(1)), inner.statements)]
        # Downwards where every exponent falls: then the factor is the base, which is often a whole number, and the
        # products are as exact as the powers.
        sign = -1 if all(running.slope < 0 for running in carried) else 1
        start, whole = self.names.fresh(), self.names.fresh()
        outer = self.block({**self.symbols, term.index: k}, _without(self.known, term.index))
        outer.statements.append(assign(k, call("float", name(start))))
        outer.statements.append(assign(whole, constant(True)))
        before: list[ast.stmt] = []
        after: list[ast.stmt] = []
        for running in carried:
            base, value, factor = self.keep(self.value(running.power.base)), self.names.fresh(), self.names.fresh()
            before.append(assign(factor, call("power", name(base), constant(float(sign * running.slope)))))
            outer.statements.append(assign(value, call("power", name(base), outer.value(running.power.exp))))
            ordinary = call("both", name(whole), call("is_ordinary", name(value), name(factor)))
            outer.statements.append(assign(whole, ordinary))
            afresh = inner.inside()
            afresh.statements.append(assign(value, call("power", name(base), afresh.value(running.power.exp))))
            inner.statements.append(ast.If(call("opposite", name(whole)), afresh.statements, []))
            inner.known[running.power] = value
            after.append(ast.AugAssign(ast.Name(value, ast.Store()), ast.Mult(), name(factor)))
        inner.statements.append(_joined(term, total, inner.value(term.args[0])))
        inner.statements += after
        begin, end = (first, _plus(last, 1)) if sign == 1 else (last, _plus(first, -1))
        stop = call("min" if sign == 1 else "max", _plus(name(start), sign * BLOCK), end)
        outer.statements.append(_for(counter, (name(start), stop, constant(sign)), inner.statements))
        return [*before, _for(start, (begin, end, constant(sign * BLOCK)), outer.statements)]

    def filled(self, term: Filled) -> str:
        result = self.keep(constant(math.nan))
        low, high = (self.keep(self.value(e)) for e in (term.low, term.high))
        last = self.keep(ast.BinOp(name(high), ast.Sub(), name(low)))
        table, counter, index = (self.names.fresh() for _ in range(3))
        self.lookups[term.table] = table
        loop = self.block({**self.symbols, term.parameter: index}, _without(self.known, term.parameter))
        loop.statements.append(assign(index, ast.BinOp(name(low), ast.Add(), name(counter))))
        place = ast.Subscript(name(table), name(counter), ast.Store())
        loop.statements.append(ast.Assign([place], loop.value(term.body)))
        rows = _plus(call("int", name(last)), 1)
        body: list[ast.stmt] = [
            assign(table, call("new_table", rows)),
            _for(counter, (constant(0), rows, constant(1)), loop.statements),
            assign(result, ast.Subscript(name(table), call("int", name(last)), ast.Load())),
        ]
        short = ast.Compare(name(last), [ast.Lt()], [constant(float(LONGEST_LOOP))])
        tried: ast.stmt = ast.If(short, body, [assign(self.gave_up, constant(True))])
        forward = ast.If(ast.Compare(constant(0.0), [ast.LtE()], [name(last)]), [tried], [])
        self.statements.append(ast.If(call("are_limits", name(low), name(high)), [forward], []))
        return result

    def entry(self, term: Entry) -> ast.expr:
        if term.array not in self.lookups:
            raise Unevaluable(f"the array {term.array.name} is not among the arguments")
        found = self.lookups[term.array]
        result = self.keep(constant(math.nan))
        if isinstance(found, str):  # a table, one for each point
            data, places = found, [self.keep(self.value(term.indices[0]))]
        else:
            data, firsts = found
            pairs = zip(term.indices, firsts, strict=True)
            places = [self.keep(ast.BinOp(self.value(i), ast.Sub(), name(f))) for i, f in pairs]
        # Nested questions, not one `both`: it would look the number up before it knew that the place exists.
        spot = ast.Tuple([call("int", name(p)) for p in places], ast.Load())
        inner: ast.stmt = assign(result, ast.Subscript(name(data), spot, ast.Load()))
        for axis, place in reversed(list(enumerate(places))):
            shape = ast.Attribute(name(data), "shape", ast.Load())
            length = ast.Subscript(shape, constant(axis), ast.Load())
            inner = ast.If(call("is_place", name(place), length), [inner], [])
        self.statements.append(inner)
        return name(result)


_STARTS: dict[type, float] = {IndexSum: 0.0, IndexProduct: 1.0, Largest: -math.inf}


def _joined(term: Ranged, total: str, value: ast.expr) -> ast.stmt:
    if isinstance(term, Largest):
        return assign(total, call("maximum", name(total), value))
    operator = ast.Mult() if isinstance(term, IndexProduct) else ast.Add()
    return ast.AugAssign(ast.Name(total, ast.Store()), operator, value)


def _for(counter: str, limits: tuple[ast.expr, ast.expr, ast.expr], body: list[ast.stmt]) -> ast.stmt:
    return ast.For(ast.Name(counter, ast.Store()), call("range", *limits), body, [])


def _plus(value: ast.expr, number: int) -> ast.expr:
    return ast.BinOp(value, ast.Add(), constant(number))


def _without(known: dict[Any, str], index: Symbol) -> dict[Any, str]:
    """What was worked out before the loop about an outer symbol of the same name is not what it is inside."""
    return {term: variable for term, variable in known.items() if index not in term.free_symbols}


def function(
    term: Expr,
    symbols: list[Symbol],
    lookups: dict[Any, Any],
    extra: list[str],
    names: Names,
    constants: dict[Symbol, str],
) -> Any:
    """The scalar function `value(v0, v1, ..., extra...)`, not compiled yet; gives (value, whether it gave up)."""
    writer = NumbaWriter(names, {**constants, **{s: names.fresh() for s in symbols}}, lookups, {})
    arguments = [*(writer.symbols[s] for s in symbols), *extra]
    writer.gave_up = writer.keep(constant(False))
    both = ast.Tuple([writer.value(term), name(writer.gave_up)], ast.Load())
    return as_function(arguments, [*writer.statements, ast.Return(both)], _namespace())


def kernel(scalar: Callable[..., Any], columns: int, extras: int, parallel: bool) -> Callable[..., None]:
    """`run(out, gave_up, columns..., extras...)`: the scalar function at each row of the columns, compiled.

    Args:
        scalar: What `function` made.
        columns: How many arguments differ from point to point.
        extras: How many are the same at all points.
        parallel: Use all cores.
    """
    from numba import njit, prange

    # fastmath stays off: it assumes that there is no NaN, which is how "undefined" is said here.
    compiled = njit(scalar, error_model="numpy")
    names = Names()
    out, gave_up, row = names.fresh(), names.fresh(), names.fresh()
    arguments = [names.fresh() for _ in range(columns)]
    others = [names.fresh() for _ in range(extras)]
    at_row: list[ast.expr] = [ast.Subscript(name(a), name(row), ast.Load()) for a in arguments]
    places: list[ast.expr] = [ast.Subscript(name(v), name(row), ast.Store()) for v in (out, gave_up)]
    store = ast.Assign([ast.Tuple(places, ast.Store())], call("scalar", *at_row, *(name(o) for o in others)))
    size = ast.Attribute(name(out), "size", ast.Load())
    loop = ast.For(ast.Name(row, ast.Store()), call("rows", size), [store], [])
    called = {"scalar": compiled, "rows": prange if parallel else range}
    run = as_function([out, gave_up, *arguments, *others], [loop], called)
    made: Callable[..., None] = njit(run, parallel=parallel, error_model="numpy")
    return made


@cache
def _namespace() -> dict[str, Any]:
    from numba import njit

    return {text: njit(rule, error_model="numpy") for text, rule in _RULES.items()}


def _power(base: float, exponent: float) -> float:
    if 0.0 <= exponent <= 32.0:
        left = int(exponent)
        if left == exponent:  # by squaring: five times as fast, at most 16 units in the last place off
            product = 1.0
            while left:
                if left & 1:
                    product *= base
                base *= base
                left >>= 1
            return product
    if base == 0.0 and exponent < 0.0:
        return math.nan
    return base**exponent


def _divide(top: float, bottom: float) -> float:
    if bottom == 0.0:
        return math.nan
    return top / bottom


def _remainder(left: float, right: float) -> float:
    if right == 0.0:
        return math.nan
    return left % right


def _logarithm(value: float) -> float:
    return math.log(value) if value > 0.0 else math.nan


def _minimum(left: float, right: float) -> float:
    if math.isnan(left):
        return left
    return right if right < left or math.isnan(right) else left


def _maximum(left: float, right: float) -> float:
    if math.isnan(left):
        return left
    return right if right > left or math.isnan(right) else left


def _sign(value: float) -> float:
    if value > 0.0:
        return 1.0
    if value < 0.0:
        return -1.0
    return value


def _floor(value: float) -> float:
    # As a float: `math.floor` would answer with a machine integer, wrong beyond 2**63 without a word.
    whole: float = np.floor(value)
    return whole


def _ceil(value: float) -> float:
    whole: float = np.ceil(value)
    return whole


def _are_limits(low: float, high: float) -> bool:
    return np.floor(low) == low and np.floor(high) == high and abs(low) < math.inf and abs(high) < math.inf


def _is_place(place: float, length: int) -> bool:
    return np.floor(place) == place and 0.0 <= place < length


def _is_ordinary(value: float, factor: float) -> bool:
    # After 64 factors it is still between 1e-276 and 1e276.
    return 1e-20 < abs(value) < 1e20 and 1e-4 < abs(factor) < 1e4


def _factorial(value: float) -> float:
    if value < 0.0 or value % 1.0 != 0.0:
        return math.nan
    product = 1.0
    while value > 1.0 and product < math.inf:
        product *= value
        value -= 1.0
    return product


def _binomial(upper: float, lower: float) -> float:
    if upper % 1.0 != 0.0 or lower % 1.0 != 0.0:
        return math.nan
    if lower < 0.0 or 0.0 <= upper < lower:
        return 0.0
    product, place = 1.0, 0.0
    if upper < 0.0:  # (-1)**lower times lower - upper - 1 choose lower
        product = 1.0 - 2.0 * (lower % 2.0)
        upper = lower - upper - 1.0
    lower = min(lower, upper - lower)
    while place < lower and abs(product) < math.inf:  # 1100 factors at most: 2200 choose 1100 is beyond a double
        product = product * (upper - place) / (place + 1.0)
        place += 1.0
    return product


_RULES: dict[str, Callable[..., Any]] = {
    "absolute": lambda v: abs(v),
    "are_limits": _are_limits,
    "binomial": _binomial,
    "both": lambda a, b: a and b,
    "ceil": _ceil,
    "cos": lambda v: math.cos(v),
    "divide": _divide,
    "either": lambda a, b: a or b,
    "erf": lambda v: math.erf(v),
    "exp": lambda v: math.exp(v),
    "factorial": _factorial,
    "floor": _floor,
    "indicator": lambda holds, unknown: math.nan if unknown else (1.0 if holds else 0.0),
    "is_nan": lambda v: math.isnan(v),
    "is_ordinary": _is_ordinary,
    "is_place": _is_place,
    "lambert": lambert,
    "log": _logarithm,
    "maximum": _maximum,
    "minimum": _minimum,
    "new_table": lambda rows: np.full(rows, math.nan),
    "opposite": lambda v: not v,
    "power": _power,
    "remainder": _remainder,
    "sign": _sign,
    "sin": lambda v: math.sin(v),
    "tan": lambda v: math.tan(v),
    "tanh": lambda v: math.tanh(v),
}

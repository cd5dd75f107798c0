"""Integer sets: affine conditions asked of isl.

What isl can hold: integer symbols, their integer combinations, min and max, floor and ceiling and remainder by a
number. Everything else raises `NotAffine`; the caller asks z3 or gives up.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import islpy as isl
from sympy import Add, Expr, Integer, Max, Min, Mod, Mul, Symbol, ceiling, fraction, together
from sympy import floor as floor_of

from derive.errors import NotAffine
from derive.language.conditions import AllOf, AnyOf, Compare, Condition, Negation, all_of, any_of, between, eq, ge, le
from derive.language.symbols import in_letters
from derive.language.terms import expanded

_LIMIT = 2_000_000
"""isl operations for one question; the affine questions of this project take some hundreds."""


class Names:
    """Plain names p0, p1, ... for symbols, so that no text of a user reaches isl's parser."""

    def __init__(self, symbols: Sequence[Symbol]) -> None:
        self.symbols = list(symbols)
        self.of = {s: f"p{i}" for i, s in enumerate(self.symbols)}

    def affine(self, expr: Expr) -> str:
        """The expression in isl's notation.

        Raises:
            NotAffine: it is not one.
        """
        if isinstance(expr, Integer):
            return str(int(expr))
        if isinstance(expr, Symbol):
            if expr not in self.of:
                raise NotAffine("{} is not an integer symbol here", expr)
            return self.of[expr]
        if isinstance(expr, Add):
            return "(" + " + ".join(self.affine(a) for a in expr.args) + ")"
        if isinstance(expr, Mul):
            head, rest = expr.as_coeff_Mul()
            if isinstance(head, Integer) and (rest.is_Symbol or not isinstance(rest, Mul)):
                return f"({int(head)} * {self.affine(rest)})"
        if isinstance(expr, (Min, Max)):
            name = "min" if isinstance(expr, Min) else "max"
            return f"{name}({', '.join(self.affine(a) for a in expr.args)})"
        if isinstance(expr, (floor_of, ceiling)):
            top, bottom = fraction(together(expr.args[0]))
            if isinstance(bottom, Integer):
                name = "floor" if isinstance(expr, floor_of) else "ceil"
                return f"{name}({self.affine(top)} / {int(bottom)})"
        if isinstance(expr, Mod) and isinstance(expr.args[1], Integer) and expr.args[1] > 0:
            return f"({self.affine(expr.args[0])} mod {int(expr.args[1])})"
        raise NotAffine("{} is not affine over the integers", expr)

    def formula(self, condition: Condition) -> str:
        """The condition in isl's notation."""
        if isinstance(condition, Compare):
            left, right = condition.left, condition.right
            if left.is_infinite or right.is_infinite:
                raise NotAffine("infinite ends are left out, not compared")
            scale = _common_denominator(left - right)
            if scale != 1 and not (left.has(Min, Max) or right.has(Min, Max)):
                left, right = expanded(left - right) * scale, Integer(0)
                left = expanded(left)
            return f"({self.affine(left)} {condition.op} {self.affine(right)})"
        if isinstance(condition, AllOf):
            return "(" + " and ".join(self.formula(c) for c in condition.args) + ")" if condition.args else "(0 = 0)"
        if isinstance(condition, AnyOf):
            return "(" + " or ".join(self.formula(c) for c in condition.args) + ")" if condition.args else "(0 = 1)"
        if isinstance(condition, Negation):
            return f"(not {self.formula(condition.args[0])})"
        raise NotAffine("{} is not an affine condition", condition)


def _common_denominator(expr: Expr) -> int:
    bottom = 1
    for term in Add.make_args(expr):
        number = term.as_coeff_Mul()[0]
        if number.is_Rational:
            bottom = bottom * int(number.q) // _gcd(bottom, int(number.q))
    return bottom


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


@lru_cache(8192)
def is_affine(condition: Condition) -> bool:
    """Whether isl can be asked of it.

    Example:
        >>> from derive.language.symbols import integer
        >>> n, m = integer("n"), integer("m")
        >>> is_affine(le(2 * n, m)), is_affine(le(n * m, 1))
        (True, False)
    """
    symbols = sorted(condition.free_symbols, key=in_letters)
    try:
        Names(symbols).formula(condition)
    except NotAffine:
        return False
    return all(s.is_integer for s in symbols)


def find_point(condition: Condition, symbols: Sequence[Symbol]) -> dict[Symbol, int] | None:
    """An integer point where the condition holds, or None when there is none.

    Raises:
        NotAffine: the condition is not affine in the symbols, or isl gave up.
    """
    names = Names(symbols)
    tuple_text = ", ".join(names.of[s] for s in names.symbols)
    text = f"{{ [{tuple_text}] : {names.formula(condition)} }}"
    found = asked(text)
    if found.is_empty():
        return None
    point = found.sample_point()
    return {s: int(str(point.get_coordinate_val(isl.dim_type.set, i))) for i, s in enumerate(names.symbols)}


def asked(text: str) -> Any:
    """The set of isl that the text describes; `NotAffine` if isl cannot read it or gives up at its limit."""
    context = isl.DEFAULT_CONTEXT
    context.set_max_operations(_LIMIT)
    context.reset_operations()
    try:
        return isl.Set(text)
    except isl.Error as problem:
        raise NotAffine(f"isl could not read or decide the condition: {problem}") from None
    finally:
        context.set_max_operations(0)


def simplified(condition: Condition, given: Condition, parameters: Sequence[Symbol]) -> Condition:
    """The condition in few inequalities, taking for granted what is given."""
    names = Names(parameters)
    head = f"[{', '.join(names.of[p] for p in parameters)}] -> {{ : "
    wanted = asked(f"{head}{names.formula(condition)} }}")
    context = asked(f"{head}{names.formula(given)} }}")
    return as_condition(wanted.intersect(context).coalesce().gist(context).coalesce(), parameters)


def as_condition(where: Any, parameters: Sequence[Symbol]) -> Condition:
    """An isl parameter set as a condition."""
    try:
        basics = where.make_disjoint().coalesce().compute_divs().get_basic_sets()
        return any_of(*(all_of(*(_constraint(c, parameters) for c in basic.get_constraints())) for basic in basics))
    except isl.Error as problem:
        raise NotAffine(f"isl could not write out a set: {problem}") from None


def _constraint(constraint: Any, parameters: Sequence[Symbol]) -> Condition:
    aff = constraint.get_aff()
    expr = expression_of(aff, parameters)
    if constraint.is_equality():
        return eq(expr, 0)
    return ge(expr, 0)


def expression_of(aff: Any, parameters: Sequence[Symbol]) -> Expr:
    """An affine function of isl as a term in the parameters."""
    total: Expr = _number(aff.get_constant_val())
    for i, symbol in enumerate(parameters):
        total += _number(aff.get_coefficient_val(isl.dim_type.param, i)) * symbol
    for i in range(aff.dim(isl.dim_type.div)):
        weight = _number(aff.get_coefficient_val(isl.dim_type.div, i))
        if weight != 0:
            total += weight * floor_of(expression_of(aff.get_div(i), parameters))
    return total


def _number(value: Any) -> Expr:
    from sympy import Rational

    return Rational(str(value))


def solved_for(condition: Condition, symbol: Symbol) -> Condition:
    """Affine comparisons rewritten so that the symbol stands alone, and two ends joined into an interval.

    Example:
        >>> from derive.language.symbols import integer
        >>> n, L = integer("n"), integer("L")
        >>> solved_for(all_of(ge(n, 0), ge(L - 1 - n, 0)), n)
        0 <= n and n <= L - 1
    """
    if isinstance(condition, AnyOf):
        return any_of(*(solved_for(c, symbol) for c in condition.args))
    lows: list[Expr] = []
    highs: list[Expr] = []
    rest: list[Condition] = []
    for part in condition.args if isinstance(condition, AllOf) else (condition,):
        bound = _bound(part, symbol)
        if bound is None:
            rest.append(part)
        elif bound[0] == "=":
            rest.append(eq(symbol, bound[1]))
        else:
            (lows if bound[0] == ">=" else highs).append(bound[1])
    if lows and highs:
        others = [*(ge(symbol, low) for low in lows[1:]), *(le(symbol, high) for high in highs[1:])]
        return all_of(between(lows[0], symbol, highs[0]), *others, *rest)
    parts: list[Condition] = [ge(symbol, low) for low in lows]
    for high in highs:
        # `n < N` rather than `n <= N - 1`, and `n < 5` rather than `n <= 4`.
        shorter = len(Add.make_args(high + 1)) < len(Add.make_args(high)) or (high.is_number and high != 0)
        parts.append(Compare("<", symbol, high + 1) if shorter else le(symbol, high))
    return all_of(*parts, *rest)


def _bound(part: Condition, symbol: Symbol) -> tuple[str, Expr] | None:
    if not isinstance(part, Compare) or part.op not in (">=", "="):
        return None
    expr = expanded(part.left - part.right)
    slope = expr.coeff(symbol)
    rest = expanded(expr - slope * symbol)
    if slope not in (1, -1) or symbol in rest.free_symbols:
        return None
    if part.op == "=":
        return ("=", -rest * slope)
    return (">=", -rest) if slope == 1 else ("<=", rest)

"""Questions with products, floors of quotients and real numbers, asked of z3 within limits.

A yes (`no counterexample`) is a proof for every value. A counterexample is only believed when the whole question
was translated: where a power or an entry had to be replaced by an unknown number, it may be an artefact, and the
answer is "unknown".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import z3
from sympy import Abs, Add, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol, ceiling, floor, fraction, together

from derive.errors import NotAffine
from derive.language.conditions import AllOf, AnyOf, Compare, Condition, Negation
from derive.language.symbols import is_integer
from derive.language.terms import ForAll, Indicator, expanded, with_standard_indices

STEPS, FEW_STEPS = 400_000, 40_000
"""z3's own resource count for one question, the same on every machine; few where an answer only makes words shorter."""
_MILLISECONDS = 1_000
"""A guard: what is found is found in a small part of this, and what is not may take as long as it is let."""


class _Translation:
    def __init__(self) -> None:
        # Of its own: neither an answer nor the facts that it needs may depend on what was asked before.
        self.context = z3.Context()
        self.known: dict[Any, Any] = {}
        self.symbols: dict[Symbol, Any] = {}
        self.facts: list[Any] = []
        self.faithful = True

    def unknown(self, expr: Expr | ForAll) -> Any:
        self.faithful = False
        key = with_standard_indices(expr)
        if key not in self.known:
            make = z3.Bool if isinstance(expr, ForAll) else z3.Int if is_integer(expr) else z3.Real
            self.known[key] = make(f"u{len(self.known)}", self.context)
        return self.known[key]

    def expr(self, expr: Expr) -> Any:
        if isinstance(expr, Integer):
            return z3.IntVal(int(expr), self.context)
        if isinstance(expr, Rational):
            return z3.RealVal(f"{expr.p}/{expr.q}", self.context)
        if isinstance(expr, Symbol):
            if expr not in self.symbols:
                name, make = f"s{len(self.symbols)}", z3.Int if expr.is_integer else z3.Real
                self.symbols[expr] = make(name, self.context)
            return self.symbols[expr]
        if isinstance(expr, Add):
            return z3.Sum(*(self.expr(a) for a in expr.args))
        if isinstance(expr, Mul):
            return self.product(expr)
        if isinstance(expr, Pow):
            base, exponent = expr.args
            if isinstance(exponent, Integer) and 0 < exponent <= 8:
                factor = self.expr(base)
                return z3.Product(*[factor] * int(exponent))
            if isinstance(exponent, Integer) and -8 <= exponent < 0:
                return self.quotient(expr, Integer(1), base ** (-exponent))
            return self.unknown(expr)
        if isinstance(expr, (Min, Max)):
            best, *others = (self.expr(a) for a in expr.args)
            for other in others:
                best = z3.If(other < best if isinstance(expr, Min) else other > best, other, best)
            return best
        if isinstance(expr, Abs):
            inside = self.expr(expr.args[0])
            return z3.If(inside < 0, -inside, inside)
        if isinstance(expr, (floor, ceiling)):
            return self.rounded(expr)
        if isinstance(expr, Mod):
            whole, modulus = expr.args
            if is_integer(whole) and isinstance(modulus, Integer) and modulus > 0:
                return self.expr(whole) % self.expr(modulus)
            if is_integer(whole) and is_integer(modulus):
                return self.expr(whole) - self.expr(modulus) * self.expr(floor(whole / modulus, evaluate=False))
        if isinstance(expr, Indicator):
            return z3.If(self.condition(expr.condition), z3.IntVal(1, self.context), z3.IntVal(0, self.context))
        return self.unknown(expr)

    def product(self, expr: Mul) -> Any:
        top, bottom = fraction(expr)
        if bottom == 1:
            return z3.Product(*(self.expr(a) for a in Mul.make_args(top)))
        if isinstance(bottom, Integer):
            above = self.expr(top)
            # Between integers z3 would divide like floor.
            return (z3.ToReal(above) if above.is_int() else above) / self.expr(bottom)
        return self.quotient(expr, top, bottom)

    def quotient(self, expr: Expr, top: Expr, bottom: Expr) -> Any:
        """Some number that the divisor, where it is not 0, takes back to the dividend."""
        value = self.unknown(expr)
        above, below = self.expr(top), self.expr(bottom)
        self.facts.append(z3.Implies(below != 0, value * below == above))
        return value

    def rounded(self, expr: Expr) -> Any:
        top, bottom = fraction(together(expr.args[0]))
        if not (is_integer(top) and is_integer(bottom)):
            return self.unknown(expr)
        key = (type(expr), expanded(top), bottom)
        if key in self.known:
            return self.known[key]
        above, below = self.expr(top), self.expr(bottom)
        whole = self.known[key] = z3.Int(f"q{len(self.facts)}", self.context)
        if isinstance(expr, floor):
            inside = z3.And(whole * below <= above, above < (whole + 1) * below)
        else:
            inside = z3.And((whole - 1) * below < above, above <= whole * below)
        self.facts.append(z3.Implies(below > 0, inside))
        if not (isinstance(bottom, Integer) and bottom > 0):
            self.faithful = False
        return whole

    def condition(self, condition: Condition) -> Any:
        if isinstance(condition, Compare):
            if condition.left.is_infinite or condition.right.is_infinite:
                raise NotAffine("infinite ends are left out, not compared")
            left, right = self.expr(condition.left), self.expr(condition.right)
            return {
                "=": lambda: left == right,
                "!=": lambda: left != right,
                "<": lambda: left < right,
                "<=": lambda: left <= right,
                ">": lambda: left > right,
                ">=": lambda: left >= right,
            }[condition.op]()
        if isinstance(condition, AllOf):
            return z3.And(*(self.condition(c) for c in condition.args), self.context)
        if isinstance(condition, AnyOf):
            return z3.Or(*(self.condition(c) for c in condition.args), self.context)
        if isinstance(condition, Negation):
            return z3.Not(self.condition(condition.args[0]))
        if isinstance(condition, ForAll):
            return self.unknown(condition)
        raise NotAffine("{} is not a condition that z3 is asked", condition)


@lru_cache(4096)
def enough(facts: tuple[Condition, ...], refuted: Condition, steps: int = FEW_STEPS) -> tuple[Condition, ...]:
    """Facts among these that by themselves leave no point where the condition holds; all of them where z3 gives up.

    Raises:
        NotAffine: as `find_point`.
    """
    translation = _Translation()
    solver = z3.Solver(ctx=translation.context)
    solver.set("rlimit", steps)
    solver.set("timeout", _MILLISECONDS)
    solver.set("core.minimize", True)
    marks = [z3.Bool(f"f{number}", translation.context) for number, _ in enumerate(facts)]
    for mark, fact in zip(marks, facts, strict=True):
        solver.assert_and_track(translation.condition(fact), mark)
    solver.add(translation.condition(refuted), *translation.facts)
    try:
        if solver.check() != z3.unsat:
            return facts
    except z3.Z3Exception:
        return facts
    core = {str(mark) for mark in solver.unsat_core()}
    return tuple(fact for mark, fact in zip(marks, facts, strict=True) if str(mark) in core)


def find_point(
    condition: Condition, symbols: Sequence[Symbol], steps: int = STEPS
) -> tuple[str, dict[Symbol, Fraction]]:
    """Look for values that satisfy the condition, within so many steps of z3.

    Returns:
        ('none', {}) if there provably are none; ('found', values) for rational values; ('unknown', {}) otherwise.
    """
    translation = _Translation()
    solver = z3.Solver(ctx=translation.context)
    solver.set("rlimit", steps)
    solver.set("timeout", _MILLISECONDS)
    formula = translation.condition(condition)
    for symbol in symbols:
        translation.expr(symbol)
    solver.add(formula, *translation.facts)
    try:
        answer = solver.check()
    except z3.Z3Exception:
        return "unknown", {}
    if answer == z3.unsat:
        return "none", {}
    if answer != z3.sat or not translation.faithful:
        return "unknown", {}
    model = solver.model()
    values = {}
    for symbol, variable in translation.symbols.items():
        value = model.eval(variable, model_completion=True)
        if not isinstance(value, (z3.IntNumRef, z3.RatNumRef)):
            return "unknown", {}
        values[symbol] = Fraction(value.as_long()) if isinstance(value, z3.IntNumRef) else value.as_fraction()
    return "found", {s: Fraction(v.numerator, v.denominator) for s, v in values.items()}

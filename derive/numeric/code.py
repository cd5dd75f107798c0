"""Terms written out as Python code: trees of `ast`, never text.

Arithmetic and conditions read the same for NumPy arrays and for numbers in a Numba loop; they call `power`, `divide`,
`both` ... which each backend supplies. Sums, cases and entries are written by the backend's own writer. All variables
are named v0, v1, ..., so nothing that a user typed reaches the compiler.

Everything is float64. A value that mathematics does not define (1/0, an index out of range, no case that applies) is
NaN; a condition about such a value makes NaN of the cases that ask for it.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy import Add, Basic, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol

from derive.errors import Unevaluable
from derive.language import (
    AllOf,
    AnyOf,
    Array,
    Cases,
    Compare,
    Condition,
    Entry,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Largest,
    Negation,
    Partial,
    Ranged,
    subterms,
)
from derive.language.counting import Binomial, Factorial
from derive.numeric.tables import Filled

FUNCTIONS: dict[Any, str] = {
    sympy.floor: "floor",
    sympy.ceiling: "ceil",
    sympy.Abs: "absolute",
    sympy.sign: "sign",
    sympy.erf: "erf",
    sympy.exp: "exp",
    sympy.LambertW: "lambert",
    sympy.log: "log",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tan: "tan",
    sympy.tanh: "tanh",
    Factorial: "factorial",
    Binomial: "binomial",
}
"""Functions, by the name that both backends give them."""

DERIVATIVE = "loops cannot follow a partial derivative"
NO_LOOPS = "it speaks of an inverse, a determinant or singular values, for which there are no loops"
NOT_IN_FLOATS = "whether real numbers are equal is not told by rounded ones"
ANY_MAP = "it speaks of any smooth map, which has no code"

_RELATIONS: dict[str, Callable[[], ast.cmpop]] = {
    "=": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}


def name(text: str) -> ast.expr:
    """A variable that is read."""
    return ast.Name(text, ast.Load())


def call(function: str, *arguments: ast.expr) -> ast.expr:
    """function(arguments)"""
    return ast.Call(name(function), list(arguments), [])


def assign(target: str, value: ast.expr) -> ast.stmt:
    """target = value"""
    return ast.Assign([ast.Name(target, ast.Store())], value)


def constant(value: Any) -> ast.expr:
    """A number that the program chose."""
    return ast.Constant(value)


def number(value: Expr) -> ast.expr:
    """An exact number, rounded once to float64.

    Raises:
        Unevaluable: it is beyond float64.
    """
    try:
        if isinstance(value, Rational):
            return constant(float(Fraction(int(value.p), int(value.q))))
        return constant(float(value))
    except (OverflowError, TypeError):
        raise Unevaluable(f"{value} has no float64") from None


def lambert(value: float) -> float:
    """Lambert's function on its principal branch, by Newton's method; not a number where it has no value.

    Example:
        >>> round(lambert(1.0), 12), lambert(0.0)
        (0.56714329041, 0.0)
    """
    if not value >= -math.exp(-1.0):
        return math.nan
    found = math.log1p(value) if value > 0.0 else value * 0.0
    for _ in range(100):
        power = math.exp(found)
        if power * (found + 1.0) == 0.0:
            break
        step = (found * power - value) / (power * (found + 1.0))
        found -= step
        if abs(step) <= 1e-16 * (1.0 + abs(found)):
            break
    return found


def is_total(term: Basic) -> bool:
    """Whether the term has a value wherever its symbols have one, seen from its heads alone."""
    for part in subterms(term):
        if isinstance(part, Pow) and not (isinstance(part.exp, Integer) and part.exp >= 0):
            return False
        if isinstance(part, (Entry, Cases, Ranged, Filled, Mod, sympy.log, sympy.tan, sympy.LambertW)):
            return False
    return True


class Names:
    """v0, v1, v2, ..."""

    def __init__(self) -> None:
        self.count = 0

    def fresh(self) -> str:
        """A name not given before."""
        self.count += 1
        return f"v{self.count - 1}"


class Writer:
    """Writes one block of statements and says in which expression a term's value is found.

    Args:
        names: Source of variable names, shared by all blocks of a function.
        symbols: {symbol: variable}.
        lookups: {array: how its numbers are passed}, as the backend likes it; {table: its variable}.
        known: {term: variable} for values that are worked out already.
    """

    def __init__(
        self, names: Names, symbols: dict[Symbol, str], lookups: dict[Array, Any], known: dict[Basic, str]
    ) -> None:
        self.names, self.symbols, self.lookups, self.known = names, symbols, lookups, dict(known)
        self.statements: list[ast.stmt] = []

    def keep(self, value: ast.expr) -> str:
        """Store a value in a new variable."""
        target = self.names.fresh()
        self.statements.append(assign(target, value))
        return target

    def value(self, term: Expr) -> ast.expr:
        """The expression for the term, after the statements written so far.

        Raises:
            Unevaluable: no code is known for a head in the term, or a symbol or array has no value.
        """
        if isinstance(term, Symbol):
            if term not in self.symbols:
                raise Unevaluable(f"{term} is not among the arguments")
            return name(self.symbols[term])
        if term.is_number and not term.args:
            return number(term)
        if isinstance(term, Add):
            return _chain(ast.Add(), [self.value(a) for a in term.args])
        if isinstance(term, Mul):
            return self.product(term)
        if term not in self.known:
            self.known[term] = self.keep(self.composite(term))
        return name(self.known[term])

    def product(self, term: Mul) -> ast.expr:
        """Numerator over denominator, so that x/y is one division."""
        top: list[ast.expr] = []
        bottom: list[ast.expr] = []
        for factor in term.args:
            if isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp.is_negative:
                bottom.append(self.value(Pow(factor.base, -factor.exp)))
            else:
                top.append(self.value(factor))
        product = _chain(ast.Mult(), top) if top else constant(1.0)
        return call("divide", product, _chain(ast.Mult(), bottom)) if bottom else product

    def composite(self, term: Expr) -> ast.expr:
        """A term with a head of its own; what it needs is written before it."""
        if isinstance(term, Pow):
            if isinstance(term.exp, Integer) and 0 < term.exp <= 4:
                return ast.BinOp(self.value(term.base), ast.Pow(), constant(int(term.exp)))
            if term.exp == -1:
                return call("divide", constant(1.0), self.value(term.base))
            return call("power", self.value(term.base), self.value(term.exp))
        if isinstance(term, (Min, Max)):
            best, *others = [self.value(a) for a in term.args]
            for other in others:
                best = call("minimum" if isinstance(term, Min) else "maximum", best, other)
            return best
        if isinstance(term, Mod):
            return call("remainder", *(self.value(a) for a in term.args))
        if term.func in FUNCTIONS:
            return call(FUNCTIONS[term.func], *(self.value(a) for a in term.args))
        if isinstance(term, Cases):
            return name(self.cases(term))
        if isinstance(term, Indicator):
            holds, unknown = self.truth(term.condition)
            return call("indicator", holds, constant(False) if unknown is None else unknown)
        if isinstance(term, Partial):
            raise Unevaluable(DERIVATIVE)
        if isinstance(term, (IndexSum, IndexProduct, Largest)):
            return name(self.over(term))
        if isinstance(term, Filled):
            return name(self.filled(term))
        if isinstance(term, Entry):
            return self.entry(term)
        raise Unevaluable(f"no compiled code is known for {term.func.__name__} in {term}")

    def truth(self, condition: Condition) -> tuple[ast.expr, ast.expr | None]:
        """(whether the condition holds, whether it is undefined or None for "never").

        Parts are asked in their order, as the exact evaluator does: what follows a false part of a conjunction, or
        a true one of a disjunction, may be undefined.
        """
        if isinstance(condition, Compare):
            left, right = self.value(condition.left), self.value(condition.right)
            holds = ast.Compare(left, [_RELATIONS[condition.op]()], [right])
            sides = ((left, condition.left), (right, condition.right))
            doubts = [call("is_nan", side) for side, term in sides if not is_total(term)]
            return name(self.keep(holds)), _join("either", doubts)
        if isinstance(condition, Negation):
            inner, undefined = self.truth(condition.args[0])
            return call("opposite", inner), undefined
        if isinstance(condition, ForAll):
            count = name(self.over(IndexProduct(Indicator(condition.body), *condition.args[1:])))
            return ast.Compare(count, [ast.Eq()], [constant(1.0)]), call("is_nan", count)
        if not isinstance(condition, (AllOf, AnyOf)):
            raise Unevaluable(f"no compiled code is known for the condition {condition}")
        conjunction = isinstance(condition, AllOf)
        so_far: ast.expr = constant(conjunction)
        undefined_so_far: ast.expr | None = None
        for part in condition.args:
            holds_here, undefined = self.truth(part)
            if undefined is not None:
                reached = so_far if conjunction else call("opposite", so_far)
                undefined_so_far = _join("either", [undefined_so_far, call("both", reached, undefined)])
            so_far = name(self.keep(call("both" if conjunction else "either", so_far, holds_here)))
        return so_far, undefined_so_far

    def cases(self, term: Cases) -> str:
        """Write the cases; the variable with their value."""
        raise NotImplementedError

    def over(self, term: Ranged) -> str:
        """Write the loop over a range; the variable with the total, the product or the largest value."""
        raise NotImplementedError

    def filled(self, term: Filled) -> str:
        """Write the loop that fills a table; the variable with its last number."""
        raise NotImplementedError

    def entry(self, term: Entry) -> ast.expr:
        """A number of an array that is an argument, or of a table that is being filled."""
        raise NotImplementedError


def _chain(operator: ast.operator, parts: Sequence[ast.expr]) -> ast.expr:
    result, *rest = parts
    for part in rest:
        result = ast.BinOp(result, operator, part)
    return result


def _join(function: str, parts: Sequence[ast.expr | None]) -> ast.expr | None:
    found = [p for p in parts if p is not None]
    if not found:
        return None
    result, *rest = found
    for part in rest:
        result = call(function, result, part)
    return result


def as_function(arguments: Sequence[str], body: list[ast.stmt], namespace: dict[str, Any]) -> Callable[..., Any]:
    """The function that the statements make, in a namespace that holds nothing but what they call."""
    signature = ast.arguments([], [ast.arg(a) for a in arguments], None, [], [], None, [])
    definition = ast.FunctionDef("value", signature, body, [], None)
    module = ast.fix_missing_locations(ast.Module([definition], []))
    scope = dict(namespace)
    # The tree holds names v0, v1, ..., names of `namespace` and numbers: there is no text in it to be afraid of.
    exec(compile(module, "<compiled term>", "exec"), scope)  # noqa: S102
    made: Callable[..., Any] = scope["value"]
    return made

"""Exact points: the value of a term from the meaning of its heads alone, in the field of the rational powers of e.

Beyond that field (roots, logarithms, sines) values are balls, which enclose them to many digits.

A sum over nothing is 0 and `0**0 = 1`. A sum with an infinite end is taken over the indices where its terms can
differ from 0, if these are finitely many at the point. A partial derivative is worked out with dual numbers
(`derive.language.numbers`). Where mathematics gives no value (`1/0`, an index out of range, no case that applies)
`Undefined` is raised; where we cannot compute one exactly, `Unevaluable`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sympy import Expr

from derive.language import Array, Condition, Context
from derive.language.evaluating import Evaluator, Point, Value
from derive.language.numbers import Exact
from derive.language.reach import Samples

__all__ = ["Evaluator", "Point", "Samples", "Value", "evaluate", "holds"]


def evaluate(
    term: Expr,
    point: Point,
    context: Context | None = None,
    arrays: Mapping[Array, Callable[..., Exact]] | None = None,
    variant: int = 0,
) -> Value:
    """The value of the term: exact (a Fraction if it is rational), else a ball that it lies in.

    Args:
        term: Any term whose free symbols have values.
        point: {symbol: number}.
        context: Gives the definitions of arrays; without it every array must be in `arrays`.
        arrays: {array: function of its indices}, for arrays without a definition.
        variant: Which joint law of the random arrays, among those that meet what the context states.

    Raises:
        Undefined: the term has no value there.
        Unevaluable: it has one that is too large, or asks whether numbers are equal that are only known to many digits;
            a symbol or array has no value; a derivative is taken at an edge of a case, where it may not exist.

    Example:
        >>> from derive.language import IndexSum, Partial, integer
        >>> k, n = integer("k"), integer("n")
        >>> evaluate(IndexSum(k**2, k, 1, n), {n: 3})
        Fraction(14, 1)
        >>> from sympy import exp
        >>> x = Array("x", ((1, n),), "error")
        >>> evaluate(Partial(IndexSum(k * exp(x[k]), k, 1, n), x[2]), {n: 3}, None, {x: lambda i: i})
        2*e**2
    """
    return Evaluator(context, arrays or {}, point, variant).evaluate(term)


def holds(
    condition: Condition,
    point: Point,
    context: Context | None = None,
    arrays: Mapping[Array, Callable[..., Exact]] | None = None,
) -> bool:
    """Whether the condition holds at the point; raises as `evaluate` does."""
    return Evaluator(context, arrays or {}, point).holds(condition)

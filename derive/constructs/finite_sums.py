r"""Sums of powers, of polynomials times powers, and of fractions that telescope.

Each value is found as a difference of two values of T with T(k+1) - T(k) equal to the term; where a ratio may be 1 the
sum is worked out for that case as well. All hold for n = 0 too, where they should.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., sections 2.3 (geometric, (2.26)), 2.4 (exchange), 2.5
(squares) and 2.6 (telescoping).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, IndexSum, declare, integer, real, signal
from derive.language.counting import Factorial
from derive.rules.closed_forms import closed_form
from derive.rules.combine import Conversion, at, by, derived, then
from derive.rules.sums import constant_out_of_sum, sum_of_constant
from derive.rules.windows import exchanged

n, a, b, r = integer("n"), real("a"), real("b"), real("r")
j, k, m = integer("j"), integer("k"), integer("m")
x = signal("x", 0)
_SORTS = {n: "natural", a: "real", b: "real", r: "real"}


def _claim(
    name: str, title: str, total: Expr, oracle: Callable[..., Any], conversion: Conversion | None = None, *arrays: Array
) -> Claim:
    declared = tuple(declare(s.name, sort) for s, sort in _SORTS.items() if s in total.free_symbols)
    context = Context(declared, arrays=arrays)
    question: Text = ("Find ", total, " in closed form." if not arrays else " as a single sum.")

    def derive() -> Derivation:
        return derived(f"finite_sums.{name}", context, total, conversion or closed_form(m))

    return Claim(name, title, question, context, total, derive, oracle)


def numbers(n: int) -> int:
    """1 + 2 + ... + n."""
    return sum(value for value in range(n + 1))


def squares(n: int) -> int:
    """1 + 4 + ... + n*n."""
    return sum(value * value for value in range(n + 1))


def cubes(n: int) -> int:
    """1 + 8 + ... + n*n*n."""
    return sum(value * value * value for value in range(n + 1))


def geometric(n: int, r: Fraction) -> Fraction:
    """1 + r + ... + r**n, by Horner's rule."""
    value = r * 0
    for _ in range(n + 1):
        value = value * r + 1
    return value


def weighted(n: int, r: Fraction) -> Fraction:
    """r + 2*r**2 + ... + n*r**n, by Horner's rule."""
    value = r * 0
    for weight in range(n, -1, -1):
        value = value * r + weight
    return value


def two_ratios(n: int, a: Fraction, b: Fraction) -> Fraction:
    """b**n + a*b**(n - 1) + ... + a**n."""
    value = a * b * 0
    for power in range(n + 1):
        value += a**power * b ** (n - power)
    return value


def fractions(n: int) -> Fraction:
    """1/2 + 1/6 + ... + 1/(n*(n + 1))."""
    return sum((Fraction(1, value * (value + 1)) for value in range(1, n + 1)), Fraction(0))


def factorials(n: int) -> int:
    """1 + 4 + 18 + ..., with n factors multiplied up as it goes."""
    value, product = 0, 1
    for factor in range(1, n + 1):
        product *= factor
        value += factor * product
    return value


def triangle(n: int, x: Callable[[int], Fraction]) -> Fraction:
    """The partial sums of x up to n, added up."""
    value, partial = Fraction(0), Fraction(0)
    for place in range(n + 1):
        partial += x(place)
        value += partial
    return value


def total(body: Expr, low: int = 0) -> IndexSum:
    """The sum of the body for k from low to n."""
    return IndexSum(body, k, low, n)


_EXCHANGE = then(exchanged, at((0,), by(constant_out_of_sum)), at((0, 1), by(sum_of_constant)))

CONSTRUCT = Construct(
    name="finite_sums",
    title="Finite sums in closed form",
    about=("Sums over ", k, " from 0 or 1 to ", n, "."),
    conventions=("an empty sum is 0", "0 to the power 0 is 1"),
    source="Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., sections 2.3 to 2.6",
    claims=(
        _claim("numbers", "The first numbers", total(k), numbers),
        _claim("squares", "The first squares", total(k**2), squares),
        _claim("cubes", "The first cubes", total(k**3), cubes),
        _claim("geometric", "The geometric sum", total(r**k), geometric),
        _claim("weighted", "A polynomial times powers", total(k * r**k), weighted),
        _claim("two_ratios", "Two ratios", total(a**k * b ** (n - k)), two_ratios),
        _claim("fractions", "Fractions that telescope", total(1 / (k * (k + 1)), 1), fractions),
        _claim("factorials", "Factorials", total(k * Factorial(k)), factorials),
        _claim("triangle", "A triangle of terms", IndexSum(IndexSum(x[j], j, 0, k), k, 0, n), triangle, _EXCHANGE, x),
    ),
)

r"""Norms of a vector one after the other: the largest entry, the length, the sum, and back.

$\max_k |x_k| \le |x|_2 \le |x|_1 \le \sqrt n\,|x|_2 \le n \max_k |x_k|$, and between the mean of the absolute values
and the largest of them lies the root mean square $|x|_2/\sqrt n$.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, section 5.4, problem 5.4.P3; Hardy, Littlewood, Polya,
Inequalities, 2nd ed., theorem 7 (Cauchy-Schwarz), theorem 19 (the length is at most the sum).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs, Integer, sqrt

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Context, IndexSum, Largest, array, declare, integer
from derive.language.numbers import sqrt as root
from derive.rules.algebra import absolute_value
from derive.rules.combine import at_part, by, derived, one_line, then, up_to
from derive.rules.norms import cauchy_schwarz, hoelder_largest
from derive.rules.powers import power_of_product
from derive.rules.ranges import largest_at_most_sum, power_into_largest, sum_at_most_largest
from derive.rules.sums import sum_of_constant

_n = declare("n", "size", "number of entries")
n = _n.symbol
k = integer("k")
x = array("x", (1, n))
ANY = Context((_n,), (), (), (x,))


def over(body: Any) -> IndexSum:
    """The sum over all entries."""
    return IndexSum(body, k, 1, n)


TOP, ABOVE = Largest(Abs(x[k]), k, 1, n), Largest(x[k] ** 2, k, 1, n)
SQUARES, TOTAL = over(x[k] ** 2), over(Abs(x[k]))
LENGTH, RMS, MEAN = sqrt(SQUARES), sqrt(SQUARES) / sqrt(n), TOTAL / n
apart = by(power_of_product, reason=("root of a product",))
LEAST_TO_SUM = ("the largest is at most the sum of all; the root of a square",)
as_root = up_to(sqrt(ABOVE), by(power_into_largest, reason=("the largest is the root of the largest square",)))
at_most_n = then(
    at_part(SQUARES, by(sum_at_most_largest, reason=("each square is at most the largest",))),
    at_part(sqrt(n * ABOVE), apart),
    at_part(sqrt(ABOVE), by(power_into_largest)),
)
ones = over(Integer(1))
with_ones = then(at_part(TOTAL, by(cauchy_schwarz, Abs(x[k]), Integer(1))), at_part(ones, by(sum_of_constant)))


def largest() -> Derivation:
    """max |x_k| <= |x|_2."""
    moves = then(as_root, at_part(ABOVE, by(largest_at_most_sum)))
    return derived("vector_norms.largest", ANY, TOP, moves)


def length() -> Derivation:
    """|x|_2 <= |x|_1."""
    moves = then(
        at_part(SQUARES, by(hoelder_largest, Abs(x[k]), Abs(x[k]))),
        one_line(then(at_part(TOP, by(largest_at_most_sum)), by(absolute_value, 1)), LEAST_TO_SUM),
    )
    return derived("vector_norms.length", ANY, LENGTH, moves)


def total() -> Derivation:
    """|x|_1 <= sqrt(n) |x|_2."""
    return derived("vector_norms.total", ANY, TOTAL, with_ones)


def back() -> Derivation:
    """sqrt(n) |x|_2 <= n max |x_k|."""
    return derived("vector_norms.back", ANY, sqrt(n) * LENGTH, at_most_n)


def mean() -> Derivation:
    """|x|_1/n <= |x|_2/sqrt(n)."""
    return derived("vector_norms.mean", ANY, MEAN, with_ones)


def mean_square() -> Derivation:
    """|x|_2/sqrt(n) <= max |x_k|."""
    return derived("vector_norms.mean_square", ANY, RMS, at_most_n)


Entries = Callable[[int], Any]


def sum_of(n: int, x: Entries) -> Any:
    """The absolute values added up."""
    added: Any = 0
    for place in range(1, n + 1):
        added += abs(x(place))
    return added


def length_of(n: int, x: Entries) -> Any:
    """The root of the squares added up."""
    added: Any = 0
    for place in range(1, n + 1):
        added += x(place) * x(place)
    return root(added)


def back_oracle(n: int, x: Entries) -> Any:
    """A root times the length."""
    return root(n) * length_of(n, x)


def mean_oracle(n: int, x: Entries) -> Any:
    """The mean of the absolute values."""
    return sum_of(n, x) / n


def mean_square_oracle(n: int, x: Entries) -> Any:
    """The length over a root."""
    return length_of(n, x) / root(n)


def largest_oracle(n: int, x: Entries) -> Any:
    """The largest absolute value, found by going through them."""
    best = abs(x(1))
    for place in range(2, n + 1):
        best = abs(x(place)) if abs(x(place)) > best else best
    return best


CONSTRUCT = Construct(
    name="vector_norms",
    title="Norms of a vector",
    about=("A vector has ", n, " entries ", x[k], "; its length is ", LENGTH, ", its root mean square ", RMS, "."),
    conventions=("the entries are real numbers",),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., section 5.4; Hardy, Littlewood, Polya, theorems 7, 16, 19",
    claims=(
        Claim("largest", "The largest and the length", ("Compare the largest absolute value with the length.",),
              ANY, TOP, largest, largest_oracle),
        Claim("length", "The length and the sum", ("Compare the length with the sum of the absolute values.",),
              ANY, LENGTH, length, length_of),
        Claim("total", "The sum and the length", ("Bound the sum of the absolute values by the length.",),
              ANY, TOTAL, total, sum_of),
        Claim("back", "The length and the largest", ("Bound ", sqrt(n), " times the length by the largest entry.",),
              ANY, sqrt(n) * LENGTH, back, back_oracle),
        Claim("mean", "Mean and root mean square", ("Compare the mean of the absolute values with ", RMS, "."),
              ANY, MEAN, mean, mean_oracle),
        Claim("mean_square", "Root mean square and the largest", ("Bound ", RMS, " by the largest entry."),
              ANY, RMS, mean_square, mean_square_oracle),
    ),
)  # fmt: skip

r"""Vectors for which the inequalities between norms are equalities.

Where all entries are c, $|x|_1 = \sqrt n\,|x|_2 = n \max_k |x_k|$; where the first entry is c and all others are 0,
$|x|_1 = |x|_2 = \max_k |x_k|$. So none of the constants 1, $\sqrt n$ and n in the inequalities can be made smaller.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, section 5.4, problem 5.4.P3.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Expr, Integer, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.vector_norms import LENGTH, SQUARES, TOP, TOTAL, k, length_of, n, sum_of, x
from derive.constructs.vector_norms import _n as size
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, declare, eq
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.deltas import settled
from derive.rules.ranges import largest_is
from derive.rules.recursions import upwards
from derive.rules.sums import single_term, split_range, sum_of_constant, sum_of_zeros
from derive.rules.windows import insert_definitions

_c = declare("c", "real", "a number")
c = _c.symbol
FLAT = Context((size, _c), (), (Definition(x, (k,), c),))
SINGLE = Context((size, _c), (), (Definition(x, (k,), c * Indicator(eq(k, 1))),))
inserted = one_line(insert_definitions, ("definition of ", x))
counted = then(inserted, everywhere(by(sum_of_constant)))


def flat() -> Derivation:
    """|x|_1 = sqrt(n) |x|_2 where all entries are equal."""
    return derived("vector_norms_equal.flat", FLAT, TOTAL, then(counted, up_to(sqrt(n) * LENGTH, counted)))


def flat_largest() -> Derivation:
    """|x|_1 = n max |x_k| where all entries are equal."""
    one_of_them = then(inserted, everywhere(by(largest_is, Integer(1), reason=("all are equal",))))
    return derived("vector_norms_equal.flat_largest", FLAT, TOTAL, then(counted, up_to(n * TOP, one_of_them)))


def first_alone(body: Expr) -> Conversion:
    """The sum as its first term, where the others are 0."""
    alone = at_part(IndexSum(body, k, 1, 1), by(single_term))
    parts = then(by(split_range, Integer(1)), alone, inserted, everywhere(settled), everywhere(by(sum_of_zeros)))
    return one_line(parts, ("only the first entry is not 0",))


def single() -> Derivation:
    """|x|_1 = |x|_2 where one entry alone is not 0."""
    up = upwards(LENGTH, at_part(SQUARES, first_alone(x[k] ** 2)), ("as the root of its square; all others are 0",))
    return derived("vector_norms_equal.single", SINGLE, TOTAL, then(first_alone(Abs(x[k])), up))


def single_largest() -> Derivation:
    """|x|_2 = max |x_k| where one entry alone is not 0."""
    up = then(inserted, by(largest_is, Integer(1)), everywhere(settled))
    moves = then(at_part(SQUARES, first_alone(x[k] ** 2)), upwards(TOP, up, ("all others are 0",)))
    return derived("vector_norms_equal.single_largest", SINGLE, LENGTH, moves)


def flat_oracle(n: int, c: Any) -> Any:
    """n times the same absolute value, added up."""
    return sum_of(n, lambda k: c)


def single_oracle(n: int, c: Any) -> Any:
    """The absolute values added up, all but the first 0."""
    return sum_of(n, lambda k: c if k == 1 else c * 0)


def single_largest_oracle(n: int, c: Any) -> Any:
    """The root of the squares added up, all but the first 0."""
    return length_of(n, lambda k: c if k == 1 else c * 0)


_FLAT: Text = ("All entries are ", c, ". Compare the sum of the absolute values with ")
_ALONE: Text = ("The first entry is ", c, ", all others are 0. Compare ")
CONSTRUCT = Construct(
    name="vector_norms_equal",
    title="Where norms are equal",
    about=("A vector has ", n, " entries: all are ", c, ", or the first one is and all others are 0."),
    conventions=("the entries are real numbers",),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., section 5.4, problem 5.4.P3",
    claims=(
        Claim("flat", "Equal entries: sum and length", (*_FLAT, "the length."), FLAT, TOTAL, flat, flat_oracle),
        Claim("flat_largest", "Equal entries: sum and largest", (*_FLAT, "the largest of them."),
              FLAT, TOTAL, flat_largest, flat_oracle),
        Claim("single", "One entry: sum and length", (*_ALONE, "the sum of the absolute values with the length."),
              SINGLE, TOTAL, single, single_oracle),
        Claim("single_largest", "One entry: length and largest", (*_ALONE, "the length with the largest of them."),
              SINGLE, LENGTH, single_largest, single_largest_oracle),
    ),
)  # fmt: skip

r"""How costs grow: accumulation of Jacobians, a Newton-Schulz step, products in the right order.

Filling in and multiplying Jacobians takes $O(nm\ell + on\ell)$ with the constant 3, all sizes growing in any way. In a
step $\frac12(3I - WW^\top)W$ the element operations, $e\,d_o^2 + 2e\,d_od_i$, are $o$ of the products, $2c\,d_o^2d_i$,
if both sizes grow, and not if $d_o$ alone does: their share then tends to $e/(2c\,d_i)$. $ABx$ from the right takes
$2n^2 = o(n^3 + n^2)$.

Source: Griewank, Walther, Evaluating Derivatives, 2008, section 3.1 (accumulation); Higham, Functions of Matrices,
2008, section 8.3 (Newton-Schulz); Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 9.2.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Integer, Rational

from derive.constructs.accumulation_bounds import (
    BACK,
    BACKWARDS,
    FORWARDS,
    THERE,
    back,
    backwards_oracle,
    dominated,
    forwards_oracle,
    there,
)
from derive.constructs.composed_maps import ell, m, n, o
from derive.constructs.construct import Construct, Growth
from derive.kernel.derivation import Text
from derive.language import Context, IndexSum, declare, ge, gt, integer, le
from derive.rules.closed_forms import closed_form
from derive.rules.combine import at_part, by, then
from derive.rules.growth import Comparison, bounded_above, bounded_below, epsilon, n_0
from derive.rules.ranges import at_most

_n = declare("n", "size")
_rows, _columns = declare("d_o", "size", "rows"), declare("d_i", "size", "columns")
_c, _e = declare("c", "real", "time of a multiplication and addition"), declare("e", "real", "time of an element")
d_o, d_i, c, e = (d.symbol for d in (_rows, _columns, _c, _e))
ONE = Context((_n,))
STEP = Context((_rows, _columns, _c, _e), (gt(c, 0), gt(e, 0)))
SIZES, j, half = (ell, m, n, o), integer("j"), Rational(1, 2)
elements, products = e * d_o**2 + 2 * e * d_o * d_i, 2 * c * d_o**2 * d_i
squares = IndexSum(j**2, j, 1, n)

_FEW, _FLAT = ("since ", le(e, c * epsilon * d_i)), ("since ", le(2 * e, c * epsilon * d_o))
small = then(
    at_part(e * d_o**2, by(at_most, c * epsilon * d_i * d_o**2, reason=_FEW)),
    at_part(2 * e * d_o * d_i, by(at_most, c * epsilon * d_o**2 * d_i, reason=_FLAT)),
)
added = closed_form(integer("i"))


def counted(rows: int, columns: int) -> int:
    """The entries of a matrix, one after the other."""
    return sum(1 for _ in range(rows) for _ in range(columns))


def step_oracle(d_o: int, d_i: int, c: Fraction, e: Fraction) -> Fraction:
    """3 I minus the square of W, entry by entry; then half of each entry, and its sign put right."""
    time = e * 0
    for _ in range(counted(d_o, d_o)):
        time += e
    for _ in range(2 * counted(d_o, d_i)):
        time += e
    return time


def square_oracle(d_o: int, d_i: int, c: Fraction, e: Fraction) -> Fraction:
    """The entries of the square matrix alone."""
    time = e * 0
    for _ in range(counted(d_o, d_o)):
        time += e
    return time


def chain_oracle(n: int) -> int:
    """The products of B x, then of A with that."""
    return counted(n, n) + counted(n, n)


def squares_oracle(n: int) -> int:
    """Square after square."""
    return sum(counted(side, side) for side in range(1, n + 1))


_ELEMENTS: Text = ("In a Newton-Schulz step the element operations take ", elements, ", the products ", products, ". ")
_TIME: Text = ("How does the time for entries and products grow, if all sizes grow in any way?",)
_LATE = ((d_o, 2 * e / (c * epsilon)), (d_i, e / (c * epsilon)))
GROWTH = (
    Growth("forwards", "Forward accumulation", _TIME,
           Comparison(FORWARDS, there[()], "O", THERE, SIZES, Integer(3), upper=dominated(THERE)), forwards_oracle),
    Growth("backwards", "Backward accumulation", _TIME,
           Comparison(BACKWARDS, back[()], "O", BACK, SIZES, Integer(3), upper=dominated(BACK)), backwards_oracle),
    Growth("elements", "Element operations of a large step", (*_ELEMENTS, "Compare them if both sizes grow."),
           Comparison(STEP, elements, "o", products, (d_o, d_i), beyond=_LATE, upper=small), step_oracle),
    Growth("elements_of_square", "The square matrix", ("Those on the square matrix take ", e * d_o**2,
           ", the products ", products, ". Compare them for any fixed number of rows."),
           Comparison(STEP, e * d_o**2, "o", products, (d_i,), beyond=((d_i, e / (2 * c * epsilon)),)), square_oracle),
    Growth("elements_tall", "If only the rows grow", (*_ELEMENTS, "Are they negligible if only ", d_o, " grows?"),
           Comparison(STEP, elements, "not o", products, (d_o,), below=e / (4 * c * d_i), along=((d_o, n_0),)),
           step_oracle, ("Their share tends to ", e / (2 * c * d_i), ", which is not 0.")),
    Growth("chain", "Two matrices times a vector", ("From the right ", 2 * n**2, " products are formed, from the left ",
           n**3 + n**2, ". Compare."), Comparison(ONE, 2 * n**2, "o", n**3 + n**2, (n,), beyond=((n, 2 / epsilon),)),
           chain_oracle),
    Growth("squares", "A sum of squares", ("How does ", squares, " grow?"),
           Comparison(ONE, squares, "Theta", n**3, (n,), Integer(1), Rational(1, 3),
                      upper=then(added, bounded_above((n**3, ("since ", ge(n, 1))))),
                      lower=then(added, bounded_below((n**3 / 3, ("since ", ge(n, 1)))))), squares_oracle),
)  # fmt: skip
CONSTRUCT = Construct(
    name="growth_of_costs",
    title="How costs grow",
    about=("What is fixed and what grows is said with each statement; constants may depend on what is fixed.",),
    conventions=("a cost is a number of multiplications, or a time in proportion to it",
                 "where several sizes grow, all are beyond the threshold"),
    source="Griewank, Walther, Evaluating Derivatives, 2008, 3.1; Concrete Mathematics, 2nd ed., section 9.2",
    claims=(),
    growth=GROWTH,
)  # fmt: skip

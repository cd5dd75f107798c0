r"""How costs grow: accumulation of Jacobians, a Newton-Schulz step, products in the right order; false claims.

Filling in and multiplying Jacobians takes $O(nm\ell + on\ell)$ with the constant 3, all sizes growing in any way. In a
step $\frac12(3I - WW^\top)W$ the element operations, $e\,d_o^2 + 2e\,d_od_i$, are $o$ of the products, $2c\,d_o^2d_i$,
if both sizes grow, and not if $d_o$ alone does: their share then tends to $e/(2c\,d_i)$. $ABx$ from the right takes
$2n^2 = o(n^3 + n^2)$. That a cost "is at least $O(n^2)$" says nothing; $n^2 = O(n)$ and $2^{2n} = O(2^n)$ are false.

Source: Knuth, Big Omicron and big Omega and big Theta, SIGACT News 8 (2), 1976; Cormen, Leiserson, Rivest, Stein,
Introduction to Algorithms, 3rd ed., section 3.1, exercises 3.1-3 ("at least O(n^2)") and 3.1-4 (2^(2n)); Griewank,
Walther, Evaluating Derivatives, 2008, section 3.1 (accumulation); Higham, Functions of Matrices, 2008, section 8.3.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Integer, Mul, Rational

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
from derive.rules.algebra import algebra
from derive.rules.closed_forms import closed_form
from derive.rules.combine import at, at_part, by, then
from derive.rules.growth import C, Comparison, bounded_above, bounded_below, epsilon, n_0
from derive.rules.powers import bernoulli
from derive.rules.ranges import at_most, more_than

_n, _m = declare("n", "size"), declare("m", "size")
_rows, _columns = declare("d_o", "size", "rows"), declare("d_i", "size", "columns")
_c, _e = declare("c", "real", "time of a multiplication and addition"), declare("e", "real", "time of an element")
d_o, d_i, c, e = (d.symbol for d in (_rows, _columns, _c, _e))
ONE, TWO = Context((_n,)), Context((_n, _m))
STEP = Context((_rows, _columns, _c, _e), (gt(c, 0), gt(e, 0)))
SIZES, j, half = (ell, m, n, o), integer("j"), Rational(1, 2)
elements, products = e * d_o**2 + 2 * e * d_o * d_i, 2 * c * d_o**2 * d_i
squares, compared = IndexSum(j**2, j, 1, n), n * (n - 1) / 2

small = then(
    at_part(e * d_o**2, by(at_most, c * epsilon * d_i * d_o**2, reason=("since ", le(e, c * epsilon * d_i)))),
    at_part(2 * e * d_o * d_i, by(at_most, c * epsilon * d_o**2 * d_i, reason=("since ", le(2 * e, c * epsilon * d_o)))),
)
added = closed_form(integer("i"))
power = 2 ** (C + n_0)
doubled = then(
    by(algebra, Mul(power, power, evaluate=False), reason=("a square",)),
    at((0,), by(bernoulli)),
    by(algebra, C * power + (n_0 + 1) * power, reason=("multiply out",)),
    by(more_than, C * power, reason=("since ", ge(n_0, 1))),
)


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


def pairs_oracle(n: int) -> int:
    """All pairs."""
    return counted(n, n)


def compare_oracle(n: int) -> int:
    """Each with all after it."""
    return len([second for first in range(n) for second in range(first + 1, n)])


def table_oracle(n: int, m: int) -> int:
    """All entries of a table."""
    return counted(n, m)


def subsets_oracle(n: int) -> int:
    """The subsets of 2n things: each new thing doubles them."""
    number = 1
    for _ in range(2 * n):
        number += number
    return number


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
    Growth("elements_of_square", "The square matrix", ("Those on the square matrix alone take ", e * d_o**2, ", the products ",
           products, ". Compare them for any fixed number of rows."),
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
    Growth("table", "A table with one fixed side", ("How does ", n * m, " grow with ", n, " alone?"),
           Comparison(TWO, n * m, "O", n, (n,), m), table_oracle, ("The constant depends on the fixed side.",)),
    Growth("table_both", "A table that grows both ways", ("Is ", n * m, " of the order of ", n, " if both sides grow?"),
           Comparison(TWO, n * m, "not O", n, (n, m), along=((n, n_0), (m, C + n_0))), table_oracle),
    Growth("all_pairs", "All pairs", ("Is the number of pairs of ", n, " things of the order of ", n, "?"),
           Comparison(ONE, n**2, "not O", n, (n,), along=((n, C + n_0),)), pairs_oracle),
    Growth("subsets", "Twice as many things", ("Is the number of subsets of ", 2 * n, " things of the order of the ",
           "number for ", n, "?"), Comparison(ONE, 2 ** (2 * n), "not O", 2**n, (n,), along=((n, C + n_0),), upper=doubled),
           subsets_oracle, ("A constant factor in an exponent is no constant factor.",)),
    Growth("at_least", "At least O of something", ("Every pair is compared, which takes ", compared, " steps: `at least ",
           "O of ", n**2, "'. What does that say?"), Comparison(ONE, compared, "at least O", n**2, (n,)), compare_oracle),
)  # fmt: skip
CONSTRUCT = Construct(
    name="growth_of_costs",
    title="How costs grow",
    about=("What is fixed and what grows is said with each statement; constants may depend on what is fixed.",),
    conventions=("a cost is a number of multiplications, or a time in proportion to it",
                 "where several sizes grow, all of them are beyond the threshold"),
    source="Knuth, SIGACT News 8 (2), 1976; Cormen et al., Introduction to Algorithms, 3rd ed., section 3.1",
    claims=(),
    growth=GROWTH,
)  # fmt: skip

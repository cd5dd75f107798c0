r"""The norm of a matrix between root mean squares: $\sqrt{d_i/d_o}\,\lVert A \rVert_2$.

With $|A x| \le \lVert A \rVert_2 |x|$ and the root mean square $|x|/\sqrt{d_i}$ of an input, $|A x|/\sqrt{d_o}$ of its
image, the root mean square grows at most by that factor; for $x = \sqrt{d_i}\,\hat v(A)$, whose root mean square is
1, it grows by just as much.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, definition 5.6.1 (norm between two norms), example 5.6.6.
"""

from __future__ import annotations

from typing import Any

from sympy import sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.matrix_norms import (
    SIZES,
    A,
    Matrix,
    Vector,
    columns,
    d_i,
    d_o,
    i,
    listed,
    r,
    squares_of,
    stretched,
    v,
    x,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, eq
from derive.language.numbers import sqrt as root
from derive.language.stretching import stretch
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.norms import leading_is_unit, spectral_attained, spectral_bound
from derive.rules.powers import power_of_product
from derive.rules.recursions import upwards
from derive.rules.sums import constant_out_of_sum
from derive.rules.windows import insert_definitions

INPUT = Definition(r, (), sqrt(columns(x[i] ** 2)) / sqrt(d_i))
IMAGE = Context(SIZES, (), (INPUT,), (A, x))
WORST = Context(SIZES, (), (Definition(x, (i,), sqrt(d_i) * v[i]),), (A,))
OUTPUT = sqrt(stretched(x)) / sqrt(d_o)
scaled_out = one_line(everywhere(by(constant_out_of_sum)), ("take the factor out",))
apart = everywhere(by(power_of_product, reason=("root of a product",)))
worst = then(scaled_out, apart, everywhere(by(spectral_attained)))


def bound() -> Derivation:
    """|A x|/sqrt(d_o) <= sqrt(d_i/d_o) |A|_2 |x|/sqrt(d_i)."""
    known = upwards(sqrt(d_i) * r[()], at_part(r[()], by(definition)), ("definition of ", r))
    moves = then(at_part(sqrt(stretched(x)), by(spectral_bound)), at_part(sqrt(columns(x[i] ** 2)), known))
    return derived("operator_norms.bound", IMAGE, OUTPUT, moves)


def reached() -> Derivation:
    """|A x|/sqrt(d_o) = sqrt(d_i/d_o) |A|_2 at x = sqrt(d_i) v."""
    moves = then(one_line(insert_definitions, ("definition of ", x)), worst)
    return derived("operator_norms.attained", WORST, OUTPUT, moves)


def worst_input() -> Derivation:
    """Its root mean square is 1."""
    moves = then(
        one_line(insert_definitions, ("definition of ", x)),
        everywhere(by(constant_out_of_sum)),
        at_part(columns(v[i] ** 2), by(leading_is_unit)),
    )
    return derived("operator_norms.worst_input", WORST, INPUT.body, moves)


def image_of(rows: list[list[Any]], x: Vector) -> list[list[Any]]:
    """A x, a column."""
    return [[sum((row[i] * x(i + 1) for i in range(len(row))), row[0] * 0)] for row in rows]


def bound_oracle(d_o: int, d_i: int, A: Matrix, x: Vector) -> Any:
    """The root mean square of A x."""
    return root(squares_of(image_of(listed(d_o, d_i, A), x))) / root(d_o)


def reached_oracle(d_o: int, d_i: int, A: Matrix) -> Any:
    """The largest stretch, of a vector whose root mean square is 1."""
    return stretch(listed(d_o, d_i, A)) * root(d_i) / root(d_o)


def worst_input_oracle(d_o: int, d_i: int, A: Matrix) -> Any:
    """The squares of a column of A'A added up, over their sum; of a unit vector where A is 0."""
    rows = listed(d_o, d_i, A)
    column = [[sum((row[i] * row[0] for row in rows), rows[0][0] * 0)] for i in range(d_i)]
    return squares_of(column) / squares_of(column) if squares_of(column) != 0 else 1


_X: Text = ("Let ", r[()], " be the root mean square of ", x, ". Bound that of the image, for every ", x, ".")
_AT: Text = (eq(x[i], sqrt(d_i) * v[i]), ", where ", v, " is a vector of length 1 that ", A, " stretches most. ")
CONSTRUCT = Construct(
    name="operator_norms",
    title="A matrix between root mean squares",
    about=("A matrix ", A, " takes vectors with ", d_i, " entries to vectors with ", d_o, " entries."),
    conventions=("indices from 1", "the root mean square of a vector is its length over the root of its size"),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., definition 5.6.1 and example 5.6.6",
    claims=(
        Claim("bound", "Between root mean squares", _X, IMAGE, OUTPUT, bound, bound_oracle),
        Claim("attained", "The bound is attained", ("Let ", *_AT, "Find the root mean square of the image."),
              WORST, OUTPUT, reached, reached_oracle),
        Claim("worst_input", "Where it is attained", ("Let ", *_AT, "Find the root mean square of ", x, "."),
              WORST, INPUT.body, worst_input, worst_input_oracle),
    ),
)  # fmt: skip

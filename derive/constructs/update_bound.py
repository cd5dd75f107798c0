r"""How large an update of weights may be: $\lVert \Delta W \rVert_2 \le \frac{\rho}{|c|} \sqrt{d_o/d_i}$.

A layer $y = c W x$ changes its output by $\Delta y = c\,\Delta W\,x$. Over all inputs with root mean square 1 the
largest root mean square of $\Delta y$ is $|c| \sqrt{d_i/d_o}\,\lVert \Delta W \rVert_2$: no input does more, and
$x = \sqrt{d_i}\,\hat v(\Delta W)$ does as much. So $\Delta y$ is at most $\rho$ for all of them just where the bound
holds: it is sufficient, and necessary.

Source: Yang, Simon, Bernstein, A spectral condition for feature learning, 2023, arXiv:2310.17813, condition 1 and
section 3; Horn, Johnson, Matrix Analysis, 2nd ed., 2013, definition 5.6.1.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.matrix_norms import SIZES, Matrix, Vector, columns, d_i, d_o, i, j, listed, rows, squares_of
from derive.constructs.operator_norms import image_of, scaled_out
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Indicator, array, declare, eq, le, ne
from derive.language.forms import of
from derive.language.numbers import sqrt as root
from derive.language.stretching import stretch
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.indicators import scale_indicator
from derive.rules.norms import spectral, spectral_attained, spectral_bound
from derive.rules.powers import power_of_product
from derive.rules.recursions import upwards
from derive.rules.windows import insert_definitions

_c, _rho = declare("c", "real", "factor of the layer"), declare("rho", "real", "how much the output may change")
c, rho = _c.symbol, _rho.symbol
W, x, r, y = array("dW", (1, d_o), (1, d_i)), array("x", (1, d_i)), array("r"), array("dy", (1, d_o))
NORM, v = spectral(W), of("leading_direction", W)
CHANGE = Definition(y, (j,), c * columns(W[j, i] * x[i]))
INPUT = Definition(r, (), sqrt(columns(x[i] ** 2)) / sqrt(d_i))
WORST = Definition(x, (i,), sqrt(d_i) * v[i])
ANY = Context((*SIZES, _c), (), (INPUT, CHANGE), (W, x))
AT_WORST = Context((*SIZES, _c), (), (WORST, CHANGE), (W,))
BOUNDED = Context((*SIZES, _c, _rho), (ne(c, 0),), (), (W,))
OUTPUT = sqrt(rows(y[j] ** 2)) / sqrt(d_o)
LARGEST, BOUND = Abs(c) * sqrt(d_i) / sqrt(d_o) * NORM, rho * sqrt(d_o) / (Abs(c) * sqrt(d_i))
image = sqrt(rows(columns(W[j, i] * x[i]) ** 2))
inserted = one_line(insert_definitions, ("definition of the change",))
outside = then(scaled_out, everywhere(by(power_of_product, reason=("root of a product",))))


def bound() -> Derivation:
    """At most |c| sqrt(d_i/d_o) |dW|_2 times the root mean square of x."""
    known = upwards(sqrt(d_i) * r[()], at_part(r[()], by(definition)), ("definition of ", r))
    bounded = then(at_part(image, by(spectral_bound)), at_part(sqrt(columns(x[i] ** 2)), known))
    moves = then(at_part(y[j], by(definition)), outside, bounded)
    return derived("update_bound.bound", ANY, OUTPUT, moves)


def worst() -> Derivation:
    """|c| sqrt(d_i/d_o) |dW|_2."""
    moves = then(inserted, outside, everywhere(by(spectral_attained)))
    return derived("update_bound.worst", AT_WORST, OUTPUT, moves)


def condition() -> Derivation:
    """|c| sqrt(d_i/d_o) |dW|_2 <= rho just where |dW|_2 <= rho sqrt(d_o/d_i)/|c|."""
    moves = by(scale_indicator, sqrt(d_o) / (Abs(c) * sqrt(d_i)))
    return derived("update_bound.condition", BOUNDED, Indicator(le(LARGEST, rho)), moves)


def change(d_o: int, d_i: int, c: Any, dW: Matrix, x: Vector) -> Any:
    """The root mean square of c dW x."""
    return root(squares_of(image_of([[c * e for e in row] for row in listed(d_o, d_i, dW)], x))) / root(d_o)


def bound_oracle(d_o: int, d_i: int, c: Any, dW: Matrix, x: Vector) -> Any:
    """The root mean square of the change."""
    return change(d_o, d_i, c, dW, x)


def worst_oracle(d_o: int, d_i: int, c: Any, dW: Matrix) -> Any:
    """The largest stretch of c dW, of a vector whose root mean square is 1."""
    return stretch([[c * e for e in row] for row in listed(d_o, d_i, dW)]) * root(d_i) / root(d_o)


def condition_oracle(d_o: int, d_i: int, c: Any, rho: Any, dW: Matrix) -> int:
    """Whether no vector with root mean square 1 is changed by more."""
    return int(worst_oracle(d_o, d_i, c, dW) <= rho)


_ANY: Text = ("Let ", r[()], " be the root mean square of ", x, ". Bound that of ", y, ", for every ", x, ".")
_WORST: Text = (
    *("Let ", eq(x[i], sqrt(d_i) * v[i]), ", where ", v, " is a vector of length 1 that ", W, " stretches most, so "),
    *("that its root mean square is 1. Find that of ", y, "."),
)
_WHEN: Text = (
    *("The largest root mean square of the change is ", LARGEST, ", for inputs whose root mean square is 1. "),
    *("When is it at most ", rho, "?"),
)
CONSTRUCT = Construct(
    name="update_bound",
    title="How large an update may be",
    about=("An update ", W, " with ", d_o, " rows and ", d_i, " columns changes the output of a layer by ",
           eq(y[j], CHANGE.body), "."),
    conventions=("indices from 1", "the root mean square of a vector is its length over the root of its size"),
    source="Yang, Simon, Bernstein 2023, arXiv:2310.17813, condition 1; Horn, Johnson, definition 5.6.1",
    claims=(
        Claim("bound", "For every input", _ANY, ANY, OUTPUT, bound, bound_oracle),
        Claim("worst", "The worst input", _WORST, AT_WORST, OUTPUT, worst, worst_oracle),
        Claim("condition", "Necessary and sufficient", _WHEN, BOUNDED, Indicator(le(LARGEST, rho)),
              condition, condition_oracle),
    ),
)  # fmt: skip

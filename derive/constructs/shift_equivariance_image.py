r"""A convolution of an image on a torus commutes with shifts in both directions.

The image has $H \times W$ pixels, rows are taken modulo H and columns modulo W:
$y_{ij} = \sum_{u=0}^{k-1} \sum_{v=0}^{k-1} w_{uv}\, x_{(i+u) \bmod H,\, (j+v) \bmod W}$. For the image turned
by s rows and t columns, $x'_{ij} = x_{(i-s) \bmod H,\, (j-t) \bmod W}$, the output is
$y'_{ij} = y_{(i-s) \bmod H,\, (j-t) \bmod W}$, for all integers s and t. One axis, and networks: `shift_equivariance`
and `shift_invariance`.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.2 (equivariance); Bronstein, Bruna, Cohen,
Velickovic, Geometric Deep Learning, 2021, arXiv:2104.13478, section 4.2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Expr, Mod

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, eq, integer
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import at_part, by, derived, one_line, then
from derive.rules.entries import at_place

_H, _W = declare("H", "size", "rows"), declare("W", "size", "columns")
_k = declare("k", "size", "width of the kernel")
_s, _t = declare("s", "integer", "rows of the shift"), declare("t", "integer", "columns of the shift")
_i, _j = declare("i", "integer", "row"), declare("j", "integer", "column")
H, W, k, s, t, i, j = (a.symbol for a in (_H, _W, _k, _s, _t, _i, _j))
u, v = integer("u"), integer("v")


def _torus(name: str) -> Array:
    return array(name, (0, H - 1), (0, W - 1), outside="wraps")


def _mod(index: Expr, size: Expr) -> Expr:
    return Mod(index, size, evaluate=False)


x, y, x_s, y_s = (_torus(name) for name in ("x", "y", "x'", "y'"))
w = array("w", (0, k - 1), (0, k - 1))
ROW, COLUMN = _mod(i - s, H), _mod(j - t, W)
THERE = _mod(i + u, H), _mod(j + v, W)


def _convolved(out: Array, into: Array) -> Definition:
    return Definition(out, (i, j), IndexSum(IndexSum(w[u, v] * into[THERE], v, 0, k - 1), u, 0, k - 1))


TURNED = Definition(x_s, (i, j), x[ROW, COLUMN])
_PIXEL = (between(0, i, H - 1), between(0, j, W - 1))
LAYER = Context((_H, _W, _k, _s, _t, _i, _j), _PIXEL, (TURNED, _convolved(y, x), _convolved(y_s, x_s)), (x, w))


def convolution() -> Derivation:
    """y'_ij = y at (i - s) mod H, (j - t) mod W."""
    far = _mod(_mod(i + u, H) - s, H), _mod(_mod(j + v, W) - t, W)
    near = _mod(ROW + u, H), _mod(COLUMN + v, W)
    moves = then(
        by(definition, reason=("definition of ", y_s)),
        at_part(x_s[THERE], by(definition, reason=("definition of ", x_s))),
        one_line(at_part(x[far], at_place(*near)), ("only the remainders of the indices count",)),
        by(fold_definition, y[ROW, COLUMN], reason=("definition of ", y)),
    )
    return derived("shift_equivariance_image.convolution", LAYER, y_s[i, j], moves)


Matrix = Callable[[int, int], Fraction]


def oracle(H: int, W: int, k: int, s: int, t: int, i: int, j: int, x: Matrix, w: Matrix) -> Fraction:
    """The image moved pixel by pixel, then one output in loops that go around."""
    moved = {}
    for row in range(H):
        for column in range(W):
            moved[(row + s) % H, (column + t) % W] = x(row, column)
    value = Fraction(0)
    for down in range(k):
        for right in range(k):
            value += w(down, right) * moved[(i + down) % H, (j + right) % W]
    return value


_GIVEN: Text = ("Let ", eq(x_s[i, j], x[ROW, COLUMN]), ", the image turned by ", s, " rows and ", t, " columns. ")
_ASKED: Text = (*_GIVEN, "Find the output ", y_s[i, j], " from that of the image itself.")
CONSTRUCT = Construct(
    name="shift_equivariance_image",
    title="Convolution on a torus and shifts",
    about=("A kernel slides over an image; beyond the border it comes back at the other side.",),
    conventions=("correlation: the kernel is not turned", "indices from 0; rows are taken modulo H, columns modulo W"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.2; arXiv:2104.13478, section 4.2",
    claims=(Claim("convolution", "Convolution of a shifted image", _ASKED, LAYER, y_s[i, j], convolution, oracle),),
)

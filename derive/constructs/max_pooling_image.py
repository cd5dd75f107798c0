r"""Max pooling of an image: a window is the largest of the largest of its rows, and the gradient goes to one pixel.

$Y_{ij} = \max_{1 \le u \le K} \max_{1 \le v \le K} X_{S(i-1)+u,\, S(j-1)+v}$ for $P \times Q$ windows, all within the
image. Rows first and then columns take 2(K - 1) comparisons for an output with stride 1, where the first go on to be
used, instead of $K^2 - 1$. In blocks side by side (S = K) the pixel p, q has the gradient of its block if it is the
largest there, which only one pixel is; pixels in no block (a dropped border) have the gradient 0.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Dumoulin, Visin, A guide to convolution
arithmetic for deep learning, 2016, arXiv:1603.07285, section 3; Rockafellar, Wets, Variational Analysis, 1998, 8.31.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Condition,
    Context,
    Definition,
    ForAll,
    Indicator,
    Largest,
    array,
    between,
    declare,
    eq,
    integer,
    le,
)
from derive.language.terms import summed_over
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import at, at_part, by, derived, everywhere, one_line, quietly, then
from derive.rules.deltas import settled
from derive.rules.folding import named_in_conditions
from derive.rules.ranges import exchange_ranges
from derive.rules.sums import single_term
from derive.rules.windows import to_window

_H, _W = declare("H", "size", "rows of the image"), declare("W", "size", "columns of the image")
_P, _Q = declare("P", "size", "rows of windows"), declare("Q", "size", "columns of windows")
_K, _S = declare("K", "size", "width of a window"), declare("S", "size", "stride")
_p, _q = declare("p", "integer", "row"), declare("q", "integer", "column")
_i, _j = declare("i", "integer", "row of windows"), declare("j", "integer", "column of windows")
H, W, P, Q, K, S, p, q, i, j = (d.symbol for d in (_H, _W, _P, _Q, _K, _S, _p, _q, _i, _j))
a, u, v = (integer(name) for name in "auv")
x, g, y = (array(name, (1, r), (1, s)) for name, r, s in (("X", H, W), ("G", P, Q), ("Y", P, Q)))
columns, dx = array("C", (1, P), (1, W)), array("dX", (1, H), (1, W))
def _outputs(step: Expr) -> Definition:
    return Definition(y, (i, j), Largest(Largest(x[step * (i - 1) + u, step * (j - 1) + v], v, 1, K), u, 1, K))


def _pooled(step: Expr, *known: Condition) -> Context:
    """The gradient of the image, where each window attains its output at just one pixel."""
    levels = (Largest(x[1, 1], u, 1, K), Largest(x[1, 1], v, 1, K))
    attained = Indicator(eq(x[step * (i - 1) + u, step * (j - 1) + v], y[i, j]))
    once = ForAll(ForAll(eq(summed_over(levels, attained), 1), j, 1, Q), i, 1, P)
    fit = (le(step * (P - 1) + K, H), le(step * (Q - 1) + K, W))
    symbols = (_H, _W, _P, _Q, _K, *((_S,) if step == S else ()), _p, _q)
    definitions = (_outputs(step), gradient(dx, g, y, x[p, q], (i, j)))
    return Context(symbols, (between(1, p, H), between(1, q, W), *fit, *known, once), definitions, (x, g))


COLUMNS = Definition(columns, (i, a), Largest(x[S * (i - 1) + u, a], u, 1, K))
_WITHIN = (between(1, i, P), between(1, j, Q), le(S * (P - 1) + K, H), le(S * (Q - 1) + K, W))
FORWARD = Context((_H, _W, _P, _Q, _K, _S, _i, _j), _WITHIN, (COLUMNS, _outputs(S)), (x,))
BLOCK = (le(p, K * P), le(q, K * Q))
OVERLAPPING, BLOCKS = _pooled(S), _pooled(K, *BLOCK)
HELD = tuple(between(1, place - S * (index - 1), K) for place, index in ((p, i), (q, j)))
ranged = then(at((0,), to_window), to_window, quietly(everywhere(settled)))


def separable() -> Derivation:
    """Y_ij = the largest of the C_iv in its columns."""
    down = Largest(x[S * (i - 1) + u, S * (j - 1) + v], u, 1, K)
    named = at_part(down, by(fold_definition, columns[i, S * (j - 1) + v], reason=("definition of ", columns)))
    moves = then(by(definition, reason=("definition of ", y)), by(exchange_ranges, reason=("columns first",)), named)
    return derived("max_pooling_image.separable", FORWARD, y[i, j], moves)


def overlapping() -> Derivation:
    """dX_pq = the sum of G_ij over the windows that hold p, q and have it as their largest pixel."""
    reason: Text = ("row ", p, " is in the windows with ", HELD[0], ", column ", q, " likewise")
    moves = backpropagated(named_in_conditions(y[i, j]), one_line(ranged, reason))
    return derived("max_pooling_image.overlapping", OVERLAPPING, dx[p, q], moves)


def blocks() -> Derivation:
    """dX_pq = the gradient of its block if it is the largest pixel there."""
    only = one_line(then(ranged, everywhere(by(single_term))), ("only one block holds ", p, ", ", q))
    return derived("max_pooling_image.blocks", BLOCKS, dx[p, q], backpropagated(named_in_conditions(y[i, j]), only))


Matrix = Callable[[int, int], Fraction]


def _windows(P: int, Q: int, K: int, S: int, X: Matrix) -> Iterator[tuple[tuple[int, int], Any]]:
    """Each window with its largest pixel."""
    for row, column in product(range(P), range(Q)):
        best: Any = None
        for down, right in product(range(K), range(K)):
            pixel = X(S * row + down + 1, S * column + right + 1)
            best = pixel if best is None or pixel > best else best
        yield (row + 1, column + 1), best


def separable_oracle(H: int, W: int, P: int, Q: int, K: int, S: int, i: int, j: int, X: Matrix) -> Any:
    """One output."""
    return dict(_windows(P, Q, K, S, X))[i, j]


def _change(H: int, W: int, P: int, Q: int, K: int, S: int, at: tuple[int, int], X: Matrix, G: Matrix) -> Any:
    """The slope of the weighted outputs in one pixel, from two values so close to it that it passes no other one."""
    step = X(*at) * 0 + 1
    for place in product(range(1, H + 1), range(1, W + 1)):
        apart = abs(X(*place) - X(*at))
        step = min(step, apart / 2) if apart else step
    change = X(*at) * 0
    for sign in (1, -1):
        moved = {at: X(*at) + sign * step}
        for window, best in _windows(P, Q, K, S, lambda r, c: moved.get((r, c), X(r, c))):  # noqa: B023
            change += sign * G(*window) * best
    return change / (2 * step)


def overlapping_oracle(H: int, W: int, P: int, Q: int, K: int, S: int, p: int, q: int, X: Matrix, G: Matrix) -> Any:
    """For windows that begin S places apart."""
    return _change(H, W, P, Q, K, S, (p, q), X, G)


def blocks_oracle(H: int, W: int, P: int, Q: int, K: int, p: int, q: int, X: Matrix, G: Matrix) -> Any:
    """For windows side by side."""
    return _change(H, W, P, Q, K, K, (p, q), X, G)


_COLUMN: Text = ("Let ", columns[i, a], " be the largest of ", K, " pixels of a column. Write ", y[i, j], " with it.")
_AT: Text = ("Let ", g[i, j], " be the gradient at ", y[i, j], ", attained once in each window. Find that at ", x[p, q])
CONSTRUCT = Construct(
    name="max_pooling_image",
    title="Max pooling of an image",
    about=("Each of ", P, " times ", Q, " outputs is the largest of ", K**2, " pixels."),
    conventions=("indices from 1", "gradients are laid out like their variable"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Dumoulin, Visin, arXiv:1603.07285",
    claims=(
        Claim("separable", "Columns first", _COLUMN, FORWARD, y[i, j], separable, separable_oracle),
        Claim("blocks", "Blocks side by side", (*_AT, "."), BLOCKS, dx[p, q], blocks, blocks_oracle),
        Claim("overlapping", "Any stride", (*_AT, "."), OVERLAPPING, dx[p, q], overlapping, overlapping_oracle),
    ),
)

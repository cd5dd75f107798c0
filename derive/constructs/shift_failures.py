r"""Where shifts and layers do not change places: strides, padding, borders, windows that stand still, the wrong flip.

A convolution commutes with shifts on a ring or on the whole line. With a stride S on a ring of SM places it does so for
shifts by multiples of S alone (`shift_strides`). Padding on both sides makes more outputs than there were inputs, some
of them twice, so that a shift changes the mean; zeros beyond an end swallow what is shifted over it; the windows of a
pooling layer do not move with what lies under them; and a correlation gives the mirror image when its arguments change
places. Each is stated here as one would like it to be, and refuted.

Source: Zhang, Making convolutional networks shift-invariant again, 2019, arXiv:1904.11486, section 3; Goodfellow,
Bengio, Courville, Deep Learning, 2016, sections 9.1 (correlation), 9.2 (equivariance), 9.3 (pooling), 9.5 (padding).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Max, floor, oo

from derive.constructs.construct import Construct, Refuted
from derive.constructs.shift_strides import PLACE, RING, M, N, S, k, m, modulo, n, ring, u, w, weighted, x, x_s, y, y_s
from derive.constructs.time_shift import convolution
from derive.kernel.derivation import Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer, le, signal

_M, _S, _N, _k, _, _n = RING.declarations
_s = declare("s", "integer", "shift")
s, i = _s.symbol, integer("i")
PAIR = array("w", (0, 1))


def turned(out: Array, of: Array, places: Expr, by: Expr = s) -> Definition:
    """The input turned round the ring."""
    return Definition(out, (m,), of[modulo(m - by, places)])


_STRIDED = (turned(x_s, x, N), weighted(y, x), weighted(y_s, x_s))
STRIDED = Context((_M, _S, _N, _k, _s, _n), PLACE, _STRIDED, (x, w))

a, a_s = ring("x", N), ring("x'", N)
b, b_s = array("y", (0, N)), array("y'", (0, N))


def _padded(out: Array, of: Array) -> Definition:
    return Definition(out, (n,), IndexSum(PAIR[u] * of[modulo(n - 1 + u, N)], u, 0, 1))


def mean(of: Array, last: Expr) -> Expr:
    """The mean of the entries from 0 on."""
    return IndexSum(of[n], n, 0, last) / (last + 1)


PADDED = Context((_N, _s), (), (turned(a_s, a, N), _padded(b, a), _padded(b_s, a_s)), (a, PAIR))

c, c_s, d, d_s = (array(name, (0, N - 1), outside="zero") for name in ("x", "x'", "y", "y'"))


def _cut(out: Array, of: Array) -> Definition:
    return Definition(out, (n,), IndexSum(w[u] * of[n + u], u, 0, k - 1))


_CUT = (Definition(c_s, (n,), c[n - s]), _cut(d, c), _cut(d_s, c_s))
BORDER = Context((_N, _k, _s, _n), (between(0, s, n), le(n, N - 1)), _CUT, (c, w))

e, e_1, f, f_1 = ring("x", 2 * M), ring("x'", 2 * M), ring("y", M), ring("y'", M)


def _averaged(out: Array, of: Array) -> Definition:
    return Definition(out, (n,), (of[2 * n] + of[2 * n + 1]) / 2)


def _greatest(out: Array, of: Array) -> Definition:
    return Definition(out, (n,), Max(of[2 * n], of[2 * n + 1], evaluate=False))


def _pooled(layer: Callable[[Array, Array], Definition]) -> Context:
    made = (turned(e_1, e, 2 * M, 1), layer(f, e), layer(f_1, e_1))
    return Context((_M, _n), (between(0, n, M - 1),), made, (e,))


g, h, r, t = (signal(name) for name in ("x", "h", "r", "t"))


def _correlated(out: Array, one: Array, other: Array) -> Definition:
    return Definition(out, (n,), IndexSum(one[i] * other[n + i], i, -oo, oo))


SWAPPED = Context((_n,), (), (_correlated(r, g, h), _correlated(t, h, g)), (g, h))
FLIPPED = Context((_n,), (), (_correlated(r, g, h), convolution(t[n], g, h)), (g, h))


def _false(named: tuple[str, str, str], context: Context, left: Expr, right: Expr, *more: Any) -> Refuted:
    name, title, said = named
    return Refuted(name, title, (said,), context, left, "=", right, *more)


_STRIDE: Text = ("It holds where ", S, " divides ", s, "; other shifts bring other inputs under the weights.")
_PADDING: Text = ("There are more outputs than inputs: the first output comes once more as the last.",)
_BORDER: Text = ("It holds where nothing is shifted over the end; what is gone is missing in the last windows.",)
_WINDOWS: Text = ("The windows stand still while the input moves: only shifts by a multiple of 2 move the outputs.",)
_ORDER: Text = ("The other order gives the mirror image. A convolution, with its flip, may be turned round.",)
_FLIP: Text = ("It holds where one of the signals is its own mirror image; else one must be turned first.",)
_NAMES = (
    ("stride", "A shift that is no multiple of the stride", "The output follows every shift of the input"),
    ("padding", "Padding on both sides", "A shift of the input does not change the mean of the output"),
    ("border", "Zeros beyond the end", "The output follows the shift of the input"),
    ("average", "Average pooling after a shift by one place", "The means of the windows stay as they are"),
    ("average_follows", "Average pooling that follows a shift", "The means of the windows move on by one place"),
    ("maximum", "Max pooling after a shift by one place", "The maxima of the windows stay as they are"),
    ("correlation", "Order of correlated signals", "Signals may be correlated in either order"),
    ("flips", "Convolution and correlation", "A correlation is a convolution"),
)
_MEANS, _MAXIMA = _pooled(_averaged), _pooled(_greatest)
_STATEMENTS: tuple[tuple[Any, ...], ...] = (
    (STRIDED, y_s[n], y[modulo(n - floor(s / S), M)], _STRIDE, "shift_strides.ring"),
    (PADDED, mean(b_s, N), mean(b, N), _PADDING, "shift_invariance.network"),
    (BORDER, d_s[n], d[n - s], _BORDER, "shift_equivariance.convolution"),
    (_MEANS, f_1[n], f[n], _WINDOWS, "shift_strides.averages"),
    (_MEANS, f_1[n], f[modulo(n - 1, M)], _WINDOWS, "shift_strides.averages"),
    (_MAXIMA, f_1[n], f[n], _WINDOWS, "shift_strides.maxima"),
    (SWAPPED, r[n], t[n], _ORDER, "convolution_laws.commutative"),
    (FLIPPED, r[n], t[n], _FLIP),
)
CONSTRUCT = Construct(
    name="shift_failures",
    title="Shifts that a layer does not follow",
    about=("A signal is shifted before a layer. What comes out is not what one would like it to be.",),
    conventions=("correlation: the kernel is not turned", "indices from 0"),
    source="Zhang, arXiv:1904.11486, section 3; Goodfellow, Bengio, Courville, 2016, sections 9.1 to 9.5",
    claims=(),
    refuted=tuple(_false(named, *said) for named, said in zip(_NAMES, _STATEMENTS, strict=True)),
)

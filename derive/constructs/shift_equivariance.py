r"""A convolution on a ring commutes with shifts, and so does a function of each entry.

The ring has N places, and an index is taken modulo N: $y_n = \sum_{u=0}^{k-1} w_u\, x_{(n+u) \bmod N}$. Let
$x'_n = x_{(n-s) \bmod N}$ be the input turned by s places, and $y'$ its output. Then $y'_n = y_{(n-s) \bmod N}$. It
holds for every integer s, and for kernels longer than the ring.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.2 (equivariance); Bronstein, Bruna, Cohen,
Velickovic, Geometric Deep Learning, 2021, arXiv:2104.13478, section 4.2 (circulant matrices).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Expr, Max, Mod

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, eq, integer
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import Conversion, at_part, by, derived, then
from derive.rules.entries import at_place

_N, _s = declare("N", "size", "places on the ring"), declare("s", "integer", "shift")
_k, _n = declare("k", "size", "length of the kernel"), declare("n", "integer", "place")
N, s, k, n = (d.symbol for d in (_N, _s, _k, _n))
u = integer("u")


def ring(name: str) -> Array:
    """An array on the ring."""
    return array(name, (0, N - 1), outside="wraps")


def modulo(index: Expr) -> Expr:
    """The index modulo N, as it is written."""
    return Mod(index, N, evaluate=False)


x, y, h = (ring(name) for name in "xyh")
x_s, y_s, h_s = (ring(name + "'") for name in "xyh")
w = array("w", (0, k - 1))
BACK = modulo(n - s)
TURNED, PLACE = Definition(x_s, (n,), x[BACK]), (between(0, n, N - 1),)


def convolved(out: Array, into: Array, kernel: Array) -> Definition:
    """One array correlated with a kernel on the ring."""
    return Definition(out, (n,), IndexSum(kernel[u] * into[modulo(n + u)], u, *kernel.axes[0]))


def rectified(out: Array, into: Array) -> Definition:
    """The positive part of each entry."""
    return Definition(out, (n,), Max(0, into[n], evaluate=False))


LAYERS = (TURNED, convolved(y, x, w), convolved(y_s, x_s, w))
LAYER = Context((_N, _k, _s, _n), PLACE, LAYERS, (x, w))
POINTWISE = Context((_N, _s, _n), PLACE, (TURNED, rectified(h, x), rectified(h_s, x_s)), (x,))


def inserted(out: Array, index: Expr) -> Conversion:
    """An entry as what it is by definition."""
    return at_part(out[index], by(definition, reason=("definition of ", out)))


def folded(out: Array, index: Expr) -> Conversion:
    """What an entry is by definition as that entry."""
    return by(fold_definition, out[index], reason=("definition of ", out))


def shifted_inside(into: Array) -> Conversion:
    """From ((n + u) mod N - s) mod N to ((n - s) mod N + u) mod N."""
    return at_part(into[modulo(modulo(n + u) - s)], at_place(modulo(BACK + u)))


def convolution() -> Derivation:
    """y'_n = y_{(n - s) mod N}."""
    moves = then(inserted(y_s, n), inserted(x_s, modulo(n + u)), shifted_inside(x), folded(y, BACK))
    return derived("shift_equivariance.convolution", LAYER, y_s[n], moves)


def pointwise() -> Derivation:
    """h'_n = h_{(n - s) mod N}."""
    moves = then(inserted(h_s, n), inserted(x_s, n), folded(h, BACK))
    return derived("shift_equivariance.pointwise", POINTWISE, h_s[n], moves)


Signal = Callable[[int], Fraction]


def around(N: int, k: int, x: Signal, w: Signal) -> list[Fraction]:
    """Every output of the layer, in loops that go around the ring."""
    outputs = []
    for place in range(N):
        value = Fraction(0)
        for tap in range(k):
            value += w(tap) * x((place + tap) % N)
        outputs.append(value)
    return outputs


def turn(N: int, s: int, x: Signal) -> Signal:
    """The entries moved on by s places, one by one."""
    moved = {}
    for place in range(N):
        moved[(place + s) % N] = x(place)
    return lambda place: moved[place]


def convolution_oracle(N: int, k: int, s: int, n: int, x: Signal, w: Signal) -> Fraction:
    """The layer on the turned input."""
    return around(N, k, turn(N, s, x), w)[n]


def pointwise_oracle(N: int, s: int, n: int, x: Signal) -> Fraction:
    """The positive part of what is there after the turn."""
    there = turn(N, s, x)(n)
    return there if there > 0 else Fraction(0)


_GIVEN: Text = ("Let ", eq(x_s[n], x[BACK]), ", the input turned by ", s, " places. Find ")
_LAYER: Text = (*_GIVEN, "the output ", y_s[n], " from that of the input itself.")
_RELU: Text = (*_GIVEN, "the positive part ", h_s[n], " from that of the input itself.")
CONSTRUCT = Construct(
    name="shift_equivariance",
    title="Convolution on a ring and shifts",
    about=("A kernel slides over a ring with ", N, " places: beyond the end it comes back at the start."),
    conventions=("correlation: the kernel is not turned", "indices from 0, taken modulo N"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.2; arXiv:2104.13478, section 4.2",
    claims=(
        Claim("convolution", "Convolution of a shifted input", _LAYER, LAYER, y_s[n], convolution, convolution_oracle),
        Claim("pointwise", "ReLU of a shifted input", _RELU, POINTWISE, h_s[n], pointwise, pointwise_oracle),
    ),
)

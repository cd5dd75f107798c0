r"""Parameters of layers: a weight for each filter, channel and place of the kernel, and a bias for each filter.

A convolution layer with g groups takes C = g c channels to F = g f: group r takes its own c channels to its own f
filters, so a filter has $K_h K_w\,C/g$ weights and the layer $F(K_h K_w\,C/g + b)$ parameters, with b = 1 if there are
biases and b = 0 if there are none. A dense layer has a filter for each output and a weight for each input,
$n_o (n_i + b)$; a batch normalisation has a scale and a shift for each channel.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5 and section 9.1, (9.4); Krizhevsky, Sutskever,
Hinton, 2012, section 3.5 (groups); Ioffe, Szegedy, 2015, arXiv:1502.03167, algorithm 2.
"""

from __future__ import annotations

from sympy import Basic, Expr, Integer, Symbol

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, between, declare, eq, integer
from derive.rules.algebra import definition, use_equation
from derive.rules.combine import Conversion, by, derived, everywhere, one_line, repeat, then, up_to
from derive.rules.sums import sum_of_constant

_g, _c, _f = (declare(s, "size", of) for s, of in (("g", "groups"), ("c", "channels of a group"), ("f", "its filters")))
_C, _F = declare("C", "size", "channels"), declare("F", "size", "filters")
_H, _W = declare("K_h", "size", "height of the kernel"), declare("K_w", "size", "width of the kernel")
_b = declare("b", "integer", "1 with biases, 0 without")
_in, _out = declare("n_i", "size", "inputs"), declare("n_o", "size", "outputs")
g, c, f, C, F, K_h, K_w, b, n_i, n_o = (d.symbol for d in (_g, _c, _f, _C, _F, _H, _W, _b, _in, _out))
P = array("P")
i, j, k, r, s = (integer(name) for name in "ijkrs")
BIAS = between(0, b, 1)


def one_each(*ranges: tuple[Symbol, Expr]) -> Expr:
    """1 for each choice of indices from 1 to their ends: a sum over all of them."""
    count: Expr = Integer(1)
    for index, end in reversed(ranges):
        count = IndexSum(count, index, 1, end)
    return count


def counted(*reason: Basic | str) -> Conversion:
    """What is defined as a sum of ones, and how many these are."""
    told = by(definition, reason=("one for each ", *reason))
    return then(told, one_line(repeat(everywhere(by(sum_of_constant))), ("count",)))


CONVOLUTION = IndexSum(IndexSum(one_each((k, c), (i, K_h), (j, K_w)) + b, s, 1, f), r, 1, g)
SEPARABLE = IndexSum(one_each((i, K_h), (j, K_w)) + b, k, 1, C) + IndexSum(one_each((k, C)) + b, s, 1, F)
DENSE, NORM = IndexSum(one_each((i, n_i)) + b, s, 1, n_o), IndexSum(Integer(1) + Integer(1), k, 1, C)
_KERNEL, _GROUPS = (_H, _W, _b), (eq(C, g * c), eq(F, g * f))
GROUPED = Context((_C, _F, _g, _c, _f, *_KERNEL), (*_GROUPS, BIAS), (Definition(P, (), CONVOLUTION),))
SEPARATED = Context((_C, _F, *_KERNEL), (BIAS,), (Definition(P, (), SEPARABLE),))
FULL = Context((_in, _out, _b), (BIAS,), (Definition(P, (), DENSE),))
NORMALISED = Context((_C,), (), (Definition(P, (), NORM),))


def convolution() -> Derivation:
    """F (K_h K_w C / g + b)."""
    inserted = then(by(use_equation, F, g * f), by(use_equation, C, g * c))
    back = one_line(up_to(F * (K_h * K_w * C / g + b), inserted), (*_GROUPS[:1], " and ", *_GROUPS[1:]))
    moves = then(counted("weight and each bias"), back)
    return derived("layer_parameters.convolution", GROUPED, P[()], moves)


def _plainly(name: str, context: Context) -> Derivation:
    return derived(f"layer_parameters.{name}", context, P[()], counted("weight and each bias"))


def separable() -> Derivation:
    """C (K_h K_w + b) + F (C + b)."""
    return _plainly("separable", SEPARATED)


def dense() -> Derivation:
    """n_o (n_i + b)."""
    return _plainly("dense", FULL)


def batch_norm() -> Derivation:
    """2 C."""
    return derived("layer_parameters.batch_norm", NORMALISED, P[()], counted("scale and each shift"))


def weights_of(C: int, F: int, g: int, K_h: int, K_w: int, b: int) -> int:
    """The weights of a layer written into lists, filter by filter; each filter sees the channels of its group."""
    found: list[tuple[int, int, int]] = []
    for group in [[channel for channel in range(C) if channel * g // C == number] for number in range(g)]:
        for _ in range(F // g):
            found += [(channel, u, v) for channel in group for u in range(K_h) for v in range(K_w)]
            found += [(-1, 0, 0)] * b  # no channel's
    return len(found)


def convolution_oracle(C: int, F: int, g: int, c: int, f: int, K_h: int, K_w: int, b: int) -> int:
    """All of them; c and f are what is left for a group."""
    assert (c, f) == (C // g, F // g)
    return weights_of(C, F, g, K_h, K_w, b)


def separable_oracle(C: int, F: int, K_h: int, K_w: int, b: int) -> int:
    """A layer with a group for each channel, and one with a kernel of one place."""
    return weights_of(C, C, C, K_h, K_w, b) + weights_of(C, F, 1, 1, 1, b)


def dense_oracle(n_i: int, n_o: int, b: int) -> int:
    """A matrix and perhaps a vector, written down."""
    return sum(len([0] * n_i) + len([0] * b) for _ in range(n_o))


def batch_norm_oracle(C: int) -> int:
    """Two numbers a channel."""
    return len([part for _ in range(C) for part in ("scale", "shift")])


_COUNT = (". Count the parameters ", P[()], ".")
_ASKED: Text = ("The channels and the ", F, " filters are divided into ", g, " groups", *_COUNT)
_DENSE: Text = (n_i, " inputs and ", n_o, " outputs", *_COUNT)
_SEPARATE: Text = ("A filter for each of ", C, " channels, then ", F, " filters with one place each", *_COUNT)
CONSTRUCT = Construct(
    name="layer_parameters",
    title="Parameters of layers",
    about=("A kernel has ", K_h, " by ", K_w, " places in each channel."),
    conventions=("b = 1: with biases, b = 0: without", "a weight is counted once, however many places share it"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5; Krizhevsky et al., 2012, section 3.5",
    claims=(
        Claim("convolution", "Convolution layer", _ASKED, GROUPED, P[()], convolution, convolution_oracle),
        Claim("separable", "Depthwise separable layer", _SEPARATE, SEPARATED, P[()], separable, separable_oracle),
        Claim("dense", "Dense layer", _DENSE, FULL, P[()], dense, dense_oracle),
        Claim("batch_norm", "Batch normalisation", ("A scale and a shift for each of ", C, " channels", *_COUNT),
              NORMALISED, P[()], batch_norm, batch_norm_oracle),
    ),
)  # fmt: skip

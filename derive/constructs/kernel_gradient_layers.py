r"""The variance of a weight's gradient with stride, channels, and several examples; of a bias.

With stride s the sum has $m = \lfloor (n-k)/s \rfloor + 1$ terms, $dw_h = \sum_{i=1}^m x_{s(i-1)+h}\,dy_i$. The weight
from input channel c to output channel o meets these two channels alone, so the number of channels changes nothing. Over
a batch of B examples sums have B times the variance of one example, means 1/B of it. A bias b has the gradient
$\sum_{i,j} dy_{ij}$, whose $m^2$ terms have the variance $\sigma_g^2$ each.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section
4.2.1; Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, section 3.3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, floor

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Variance, array, between, chance, declare, ge, integer, le
from derive.rules.algebra import definition
from derive.rules.combine import Conversion, attempt, by, derived, everywhere, one_line, then
from derive.rules.expectations import into_factors, stated
from derive.rules.independence import variance_of_sum
from derive.rules.moments import expectation_of_multiple, variance
from derive.rules.sums import sum_of_constant

_n, _k, _s = (declare(name, "size", what) for name, what in (("n", "input"), ("k", "kernel"), ("s", "stride")))
_C, _F = declare("C", "size", "input channels"), declare("F", "size", "output channels")
_B, _m = declare("B", "size", "examples"), declare("m", "size", "rows and columns of the output")
_h, _c, _o = (declare(name, "integer", what) for name, what in (
    ("h", "the weight"), ("c", "its input channel"), ("o", "its output channel")))  # fmt: skip
_sx, _sg = declare("sigma_x", "real", "deviation of the input"), declare("sigma_g", "real", "of the gradient")
n, k, s, C, F, B, h, c, o, sx, sg, m = (
    d.symbol for d in (_n, _k, _s, _C, _F, _B, _h, _c, _o, _sx, _sg, _m)
)  # fmt: skip
b, i, j, p, q, r = (integer(letter) for letter in "bijpqr")
short, strided = n - k + 1, floor((n - k) / s, evaluate=False) + 1
_WHERE = (le(k, n), between(1, h, k), ge(sx, 0), ge(sg, 0))


def random_layer(given: tuple[Any, ...], where: tuple[Any, ...], x: Any, dy: Any, *definitions: Any) -> Context:
    """Input and gradient with independent entries and mean 0."""
    said = tuple(chance(a, 0, v**2, entries="independent") for a, v in ((x, sx), (dy, sg)))
    return Context((*given, _sx, _sg), (*_WHERE, *where), definitions, (x, dy), said)


x1, g1, w1 = array("x", (1, n)), array("dy", (1, strided)), array("dw", (1, k))
STRIDED = random_layer(
    (_n, _k, _s, _h), (), x1, g1, Definition(w1, (p,), IndexSum(x1[s * (i - 1) + p] * g1[i], i, 1, strided))
)
x2, g2, w2 = array("x", (1, C), (1, n)), array("dy", (1, F), (1, short)), array("dw", (1, F), (1, C), (1, k))
CHANNELS = random_layer(
    (_n, _k, _C, _F, _h, _c, _o), (between(1, c, C), between(1, o, F)), x2, g2,
    Definition(w2, (q, r, p), IndexSum(x2[r, i + p - 1] * g2[q, i], i, 1, short)))  # fmt: skip
x3, g3, total, mean = (
    array("x", (1, B), (1, n)),
    array("dy", (1, B), (1, short)),
    array("dw", (1, k)),
    array("dv", (1, k)),
)
OVER = IndexSum(IndexSum(x3[b, i + p - 1] * g3[b, i], i, 1, short), b, 1, B)
BATCH = random_layer((_n, _k, _B, _h), (), x3, g3, Definition(total, (p,), OVER), Definition(mean, (p,), OVER / B))
gb, db = array("dy", (1, m), (1, m)), array("db")
BIAS = Context((_m, _sg), (ge(sg, 0),), (Definition(db, (), IndexSum(IndexSum(gb[i, j], j, 1, m), i, 1, m)),), (gb,),
               (chance(gb, 0, sg**2, entries="uncorrelated"),))  # fmt: skip
divided = by(expectation_of_multiple, reason=("the divisor comes out squared",))
counted = one_line(everywhere(by(sum_of_constant)), ("all terms are alike",))


def variance_of(name: str, context: Context, weight: Expr, *first: Conversion) -> Derivation:
    """As many times the variance of one term as there are terms."""
    apart: Conversion = by(variance_of_sum, reason=("no entry stands in two terms: their variances add up",))
    moves = then(
        everywhere(by(definition)), *first, everywhere(apart), attempt(everywhere(by(variance))),
        attempt(into_factors(("input and gradient are independent",))), stated(), counted,
    )  # fmt: skip
    return derived(f"kernel_gradient_layers.{name}", context, Variance(weight), moves)


def bias() -> Derivation:
    """Uncorrelated terms."""
    apart = by(variance_of_sum, reason=("uncorrelated terms: their variances add up",))
    moves = then(everywhere(by(definition)), apart, stated(), counted)
    return derived("kernel_gradient_layers.bias", BIAS, Variance(db[()]), moves)


Term = Callable[..., Any]
Mean = Callable[[Term], Any]


def of_sum(terms: list[Term], average: Mean) -> Any:
    """The covariances of all pairs of terms, each over all outcomes."""
    means = [average(term) for term in terms]
    found: Any = 0
    for one, first in zip(terms, means, strict=True):
        for other, second in zip(terms, means, strict=True):
            found += average(lambda *a, one=one, other=other: one(*a) * other(*a)) - first * second
    return found


def strided_oracle(n: int, k: int, s: int, h: int, sigma_x: Fraction, sigma_g: Fraction, average: Mean) -> Any:
    """Window by window, as long as one fits."""
    starts = [start for start in range(0, n - k + 1) if start % s == 0]
    return of_sum([lambda x, dy, at=at, i=i: x(at + h) * dy(i + 1) for i, at in enumerate(starts)], average)


def channels_oracle(
    n: int, k: int, C: int, F: int, h: int, c: int, o: int, sigma_x: Fraction, sigma_g: Fraction, average: Mean
) -> Any:
    """Window by window."""
    return of_sum([lambda x, dy, i=i: x(c, i + h) * dy(o, i + 1) for i in range(n - k + 1)], average)


def batch_terms(n: int, k: int, B: int, h: int) -> list[Term]:
    """Example by example and window by window."""
    places = [(e, i) for e in range(1, B + 1) for i in range(n - k + 1)]
    return [lambda x, dy, e=e, i=i: x(e, i + h) * dy(e, i + 1) for e, i in places]


def batch_oracle(n: int, k: int, B: int, h: int, sigma_x: Fraction, sigma_g: Fraction, average: Mean) -> Any:
    """The sum over all examples."""
    return of_sum(batch_terms(n, k, B, h), average)


def mean_oracle(n: int, k: int, B: int, h: int, sigma_x: Fraction, sigma_g: Fraction, average: Mean) -> Any:
    """Each term divided by the number of examples."""
    share = Fraction(1, B)
    return of_sum([lambda *a, t=t: share * t(*a) for t in batch_terms(n, k, B, h)], average)


def bias_oracle(m: int, sigma_g: Fraction, average: Mean) -> Any:
    """The square of the sum, over all outcomes; the mean of the sum is 0."""
    places = [(i, j) for i in range(1, m + 1) for j in range(1, m + 1)]
    return average(lambda dy: sum(dy(*place) for place in places) ** 2)


_ASK: Text = ("Find the variance of ",)
CONSTRUCT = Construct(
    name="kernel_gradient_layers",
    title="Gradients of kernels: stride, channels, batches, bias",
    about=("A convolution layer without padding has random input and gradient.",),
    conventions=("entries are numbered from 1", "a convolution layer does not turn its kernel"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Grimmett, Stirzaker, 3rd ed., section 3.3",
    claims=(
        Claim("strided", "Stride", ("The stride is ", s, ". ", *_ASK, w1[h], "."), STRIDED, Variance(w1[h]),
              lambda: variance_of("strided", STRIDED, w1[h]), strided_oracle),
        Claim("channels", "Channels", ("There are ", C, " input and ", F, " output channels. ", *_ASK, w2[o, c, h],
              "."), CHANNELS, Variance(w2[o, c, h]), lambda: variance_of("channels", CHANNELS, w2[o, c, h]),
              channels_oracle),
        Claim("batch_sum", "Sum over a batch", ("The loss is added up over ", B, " examples. ", *_ASK, total[h], "."),
              BATCH, Variance(total[h]), lambda: variance_of("batch_sum", BATCH, total[h]), batch_oracle),
        Claim("batch_mean", "Mean over a batch", ("The loss is averaged over ", B, " examples. ", *_ASK, mean[h], "."),
              BATCH, Variance(mean[h]), lambda: variance_of("batch_mean", BATCH, mean[h], divided), mean_oracle),
        Claim("bias", "A bias", ("A bias is added to each of ", m**2, " outputs. ", *_ASK, "its gradient."), BIAS,
              Variance(db[()]), bias, bias_oracle),
    ),
)  # fmt: skip

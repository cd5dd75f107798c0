r"""Mean square behind a convolution layer with random weights: the fan-in is K C.

A filter with K places in each of C channels makes $y_p = c \sum_{q=1}^C \sum_{u=1}^K W_{qu}\, x_{q,\,p+u-1}$. With
uncorrelated weights of mean 0 and variance $\sigma^2$ that are independent of the input, each of the $K C$ terms counts
for itself, however the inputs depend on each other (windows overlap): $E y_p^2 = c^2 K C \sigma^2 r^2$. So
$c\,\sigma = 1/\sqrt{K C}$ keeps the mean square. On an image the window has $K^2$ places and the fan-in is $K^2 C$.

Source: He, Zhang, Ren, Sun, Delving deep into rectifiers, ICCV 2015, section 2.2, equations (5) to (10), with $n = k^2
c$ connections.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import Mean, crossed, opened
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, Expectation, IndexSum, array, between, chance, declare, ge, gt, integer
from derive.rules.combine import attempt, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.expectations import stated
from derive.rules.lemmas import use_lemma
from derive.rules.sums import sum_of_constant

_N, _K = declare("N", "size", "places"), declare("K", "size", "places of the filter")
_C = declare("C", "size", "channels")
_p, _c = declare("p", "integer", "a place"), declare("c", "real", "scale")
_s, _r = declare("sigma", "real", "deviation of a weight"), declare("r", "real", "root mean square of an input")
N, K, C, p, c, sigma, r = (d.symbol for d in (_N, _K, _C, _p, _c, _s, _r))
q, u, a, b = (integer(letter) for letter in "quab")
W, x, y = array("W", (1, C), (1, K)), array("x", (1, C), (1, N + K - 1)), array("y", (1, N))


def filtered(scale: Any) -> Definition:
    """What the layer makes."""
    return Definition(y, (p,), scale * IndexSum(IndexSum(W[q, u] * x[q, p + u - 1], u, 1, K), q, 1, C))


CHANCES = (chance(W, mean=0, variance=sigma**2, entries="uncorrelated", parameters=(a, b)),
            chance(x, second=r**2, parameters=(a, b)))  # fmt: skip
PLAIN = Context((_N, _K, _C, _p, _c, _s, _r), (between(1, p, N), ge(sigma, 0)), (filtered(c),), (W, x), CHANCES)
KEPT = Context((_N, _K, _C, _p, _s, _r), (between(1, p, N), gt(sigma, 0)), (filtered(1 / (sigma * sqrt(K * C))),),
               (W, x), CHANCES)  # fmt: skip
SQUARE = Expectation(y[p] ** 2)


def square() -> Derivation:
    """c^2 K C sigma^2 r^2."""
    weighted = stated(("the weights have mean 0 and one variance",))
    alike = one_line(attempt(everywhere(by(sum_of_constant))), (K * C, " terms, all alike"))
    moves = then(opened, crossed, weighted, undelta, stated(("the mean square that is given",)), alike)
    return derived("convolution_fan.square", PLAIN, SQUARE, moves)


def kept() -> Derivation:
    """r^2."""
    lemma, scale = square(), 1 / (sigma * sqrt(K * C))
    moves = use_lemma(lemma, {c: scale}, ("the mean square found before, with the scale ", scale))
    return derived("convolution_fan.kept", KEPT, SQUARE, moves, (lemma,))


def square_oracle(N: int, K: int, C: int, p: int, c: Fraction, sigma: Fraction, r: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    places = [(channel, place) for channel in range(1, C + 1) for place in range(1, K + 1)]
    return c**2 * average(lambda W, x: sum(W(h, v) * x(h, p + v - 1) for h, v in places) ** 2)


def kept_oracle(N: int, K: int, C: int, p: int, sigma: Fraction, r: Fraction, average: Mean) -> Any:
    """The square of the scale is a fraction."""
    return square_oracle(N, K, C, p, Fraction(1), sigma, r, average) / (K * C * sigma**2)


CONSTRUCT = Construct(
    name="convolution_fan",
    title="Mean squares through a convolution layer",
    about=("A filter with ", K, " places in each of ", C, " channels has random weights."),
    conventions=("indices from 1, stride 1, no padding", "the filter is not turned"),
    source="He, Zhang, Ren, Sun, ICCV 2015, section 2.2, equations (5) to (10)",
    claims=(
        Claim("square", "Mean square of an output", ("Find ", SQUARE, "."), PLAIN, SQUARE, square, square_oracle),
        Claim("kept", "The scale that keeps it", ("The scale is ", 1 / (sigma * sqrt(K * C)), ". Find ", SQUARE, "."),
              KEPT, SQUARE, kept, kept_oracle),
    ),
)  # fmt: skip

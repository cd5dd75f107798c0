r"""The layer after a ReLU that normal numbers go through.

Weights with mean 0 see the mean square of what passes, so $E y^2 = \frac12 c^2 d_i \sigma^2$ and $c = \sqrt{2/d_i}$
keeps $\sigma^2$ (He's factor 2). Weights with a mean $\mu$ see the mean as well, which is not 0 behind a ReLU:
$E y = c\, d_i\, \mu\, \sigma/\sqrt{2\pi}$ (`relu_normal.mean`).

Source: He, Zhang, Ren, Sun, Delving deep into rectifiers, ICCV 2015, section 2.2, equations (7) to (10).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import Mean, _c, _in, apart, both, c, counted, crossed, d_i, i, opened, row
from derive.constructs.relu_derivative import positive_part
from derive.constructs.relu_moments import _s, k, sigma, z
from derive.constructs.relu_normal import _LAW, mean, square
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Declaration, Definition, Expectation, IndexSum, array, chance, declare, ge
from derive.rules.combine import at_part, derived, then
from derive.rules.deltas import undelta
from derive.rules.expectations import linear, stated
from derive.rules.lemmas import use_lemma

_mu = declare("mu", "real", "mean of a weight")
mu = _mu.symbol
w, y = array("w", (1, d_i)), array("y")


def after_relu(scale: Expr, mean: Expr | int, *given: Declaration) -> Context:
    """One output, y = c (w, max(0, z)), of uncorrelated weights with variance 1."""
    output = Definition(y, (), scale * IndexSum(w[i] * positive_part(z[i]), i, 1, d_i))
    weights = chance(w, mean=mean, variance=1, entries="uncorrelated", parameters=(row,))
    return Context((_in, _s, *given), (ge(sigma, 0),), (output,), (w, z), (weights, _LAW))


SHIFTED, CENTRED, KEPT = after_relu(c, mu, _c, _mu), after_relu(c, 0, _c), after_relu(sqrt(2 / d_i), 0)


def mean_behind() -> Derivation:
    """c d_i mu sigma/sqrt(2 pi)."""
    lemma = mean()
    passed = use_lemma(lemma, {k: i}, ("the mean of what passes",))
    means = then(stated(("the mean of the weights",)), at_part(Expectation(positive_part(z[i])), passed))
    moves = then(opened, linear(), apart, means, counted(d_i))
    return derived("relu_normal_layer.mean", SHIFTED, Expectation(y[()]), moves, (lemma,))


def square_behind() -> Derivation:
    """c^2 d_i sigma^2/2."""
    lemma = square()
    passed = use_lemma(lemma, {k: i}, ("half of the mean square passes a ReLU",))
    half = at_part(Expectation(positive_part(z[i]) ** 2), passed)
    moves = then(opened, crossed, stated(both), undelta, half, counted(d_i))
    return derived("relu_normal_layer.square", CENTRED, Expectation(y[()] ** 2), moves, (lemma,))


def kept() -> Derivation:
    """sigma^2."""
    lemma, scale = square_behind(), sqrt(2 / d_i)
    moves = use_lemma(lemma, {c: scale}, ("the mean square found before, with the scale ", scale))
    return derived("relu_normal_layer.kept", KEPT, Expectation(y[()] ** 2), moves, (lemma,))


def mean_oracle(d_i: int, sigma: Fraction, c: Fraction, mu: Fraction, average: Mean) -> Any:
    """Positive entries alone."""
    return c * average(lambda w, z: sum(w(i) * z(i) for i in range(1, d_i + 1) if z(i) > 0))


def square_oracle(d_i: int, sigma: Fraction, c: Fraction, average: Mean) -> Any:
    """Positive entries alone."""
    return c**2 * average(lambda w, z: sum(w(i) * z(i) for i in range(1, d_i + 1) if z(i) > 0) ** 2)


def kept_oracle(d_i: int, sigma: Fraction, average: Mean) -> Any:
    """The square of the scale is a fraction."""
    return Fraction(2, d_i) * square_oracle(d_i, sigma, Fraction(1), average)


_Y, _SQUARE = Expectation(y[()]), Expectation(y[()] ** 2)
_NEXT: Text = ("An output of the next layer is ", y, ". ")
CONSTRUCT = Construct(
    name="relu_normal_layer",
    title="The layer after a ReLU, for normal numbers",
    about=("What passes a ReLU is multiplied by random weights; what comes in is normal with mean 0.",),
    conventions=("the ReLU is max(0, z)",),
    source="He, Zhang, Ren, Sun, ICCV 2015, section 2.2",
    claims=(
        Claim("square", "Mean square of an output", (*_NEXT, "The weights have mean 0. Find its mean square."), CENTRED,
              _SQUARE, square_behind, square_oracle),
        Claim("kept", "He's factor 2", (*_NEXT, "Is the mean square kept?"), KEPT, _SQUARE, kept, kept_oracle),
        Claim("mean", "Weights with a mean", (*_NEXT, "The weights have the mean ", mu, ". Find its mean."), SHIFTED,
              _Y, mean_behind, mean_oracle),
    ),
)  # fmt: skip

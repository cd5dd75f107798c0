r"""The layer after a ReLU, and the scale that keeps the mean square there.

Half of the mean square passes a ReLU if the law of what comes in is symmetric about 0 (`relu_moments.square`); the
weights that follow see that mean square alone, so $E y^2 = \frac12 c^2 d_i \sigma^2$ and $c = \sqrt{2/d_i}$ keeps it.
If the weights are symmetric as well, so is y, and the same holds for the layer after that.

Source: He, Zhang, Ren, Sun, Delving deep into rectifiers, ICCV 2015, section 2.2, equations (7) to (10).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import Mean, _c, _in, both, c, counted, crossed, d_i, i, opened, row
from derive.constructs.relu_derivative import positive_part
from derive.constructs.relu_moments import _LAW, _s, k, sigma, square, z
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Declaration, Definition, Expectation, IndexSum, array, chance, ge
from derive.rules.combine import at_part, derived, then
from derive.rules.deltas import undelta
from derive.rules.expectations import stated
from derive.rules.lemmas import use_lemma

w, y = array("w", (1, d_i)), array("y")


def after_relu(scale: Expr, *given: Declaration) -> Context:
    """One output, y = c (w, max(0, z))."""
    output = Definition(y, (), scale * IndexSum(w[i] * positive_part(z[i]), i, 1, d_i))
    weights = chance(w, mean=0, variance=1, entries="uncorrelated", parameters=(row,))
    return Context((_in, _s, *given), (ge(sigma, 0),), (output,), (w, z), (weights, _LAW))


SCALED, KEPT = after_relu(c, _c), after_relu(sqrt(2 / d_i))


def layer() -> Derivation:
    """c^2 d_i sigma^2/2."""
    lemma = square()
    passed = use_lemma(lemma, {k: i}, ("half of the mean square passes a ReLU",))
    half = at_part(Expectation(positive_part(z[i]) ** 2), passed)
    moves = then(opened, crossed, stated(both), undelta, half, counted(d_i))
    return derived("relu_layer.layer", SCALED, Expectation(y[()] ** 2), moves, (lemma,))


def kept() -> Derivation:
    """sigma^2."""
    lemma, scale = layer(), sqrt(2 / d_i)
    moves = use_lemma(lemma, {c: scale}, ("the mean square found before, with the scale ", scale))
    return derived("relu_layer.kept", KEPT, Expectation(y[()] ** 2), moves, (lemma,))


def layer_oracle(d_i: int, sigma: Fraction, c: Fraction, average: Mean) -> Any:
    """Positive entries alone."""
    return c**2 * average(lambda w, z: sum(w(i) * z(i) for i in range(1, d_i + 1) if z(i) > 0) ** 2)


def kept_oracle(d_i: int, sigma: Fraction, average: Mean) -> Any:
    """The square of the scale is a fraction."""
    return Fraction(2, d_i) * layer_oracle(d_i, sigma, Fraction(1), average)


_Y = Expectation(y[()] ** 2)
_NEXT: Text = ("An output of the next layer is ", y, ". ")
CONSTRUCT = Construct(
    name="relu_layer",
    title="The layer after a ReLU",
    about=("What passes a ReLU is multiplied by random weights; what comes in has a law that is symmetric about 0.",),
    conventions=("the ReLU is max(0, z)",),
    source="He, Zhang, Ren, Sun, ICCV 2015, section 2.2",
    claims=(
        Claim("layer", "The layer after a ReLU", (*_NEXT, "Find its mean square."), SCALED, _Y, layer, layer_oracle),
        Claim("kept", "The scale after a ReLU", (*_NEXT, "Is the mean square kept?"), KEPT, _Y, kept, kept_oracle),
    ),
)  # fmt: skip

r"""Scales of initial weights: what Glorot's compromise keeps on the way forward and on the way back.

Weights of variance v multiply the mean square by $d_i v$ forward and by $d_o v$ backward. So $v = 1/d_i$ (fan-in)
keeps the one and $v = 1/d_o$ (fan-out) the other, both only if $d_i = d_o$. Glorot's $v = 2/(d_i + d_o)$ is the
**harmonic** mean of these two. It misses 1 by as much upwards in one direction as downwards in the other: the factors
are $1 \pm \frac{d_i - d_o}{d_i + d_o}$, and their product is at most 1. Behind a ReLU, which passes half of the mean
square, the variance is $2/d_i$ (`relu_layer.kept`). A filter of $K \times K$ places in C channels has the fan-in $K^2
C$.

Source: Glorot, Bengio, AISTATS 2010, section 4.2.1, equations (10) to (12) and (16); He, Zhang, Ren, Sun, Delving deep
into rectifiers, ICCV 2015, section 2.2, equations (10), (14).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import BACK, PLAIN, Mean, _in, _out, backward, c, d_i, d_o, dx, j, k, square, y
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, Expectation, array
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, by, derived, everywhere, one_line, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_most

f, b, v = array("f"), array("b"), array("v")
GLOROT = 2 / (d_i + d_o)
FANS = Context((_in, _out), (), (Definition(f, (), 1 / d_i), Definition(b, (), 1 / d_o)))
SCALE = Context((_in, _out), (), (Definition(v, (), GLOROT),))
FORWARD, BACKWARD = (
    replace(one, declarations=tuple(d for d in one.declarations if d.symbol != c)).substituted({c: sqrt(GLOROT)})
    for one in (PLAIN, BACK)
)
HARMONIC, PRODUCT = 2 / (1 / f[()] + 1 / b[()]), d_i * v[()] * (d_o * v[()])
inserted = one_line(everywhere(by(definition)), ("insert the definitions",))


def tidy(end: Expr) -> Conversion:
    """Algebra at the end."""
    return by(algebra, end, reason=("tidy up",))


def of_scale(name: str, context: Context, left: Expr, end: Expr) -> Derivation:
    """By inserting what is given."""
    return derived(f"initial_scales.{name}", context, left, then(inserted, tidy(end)))


def one_way(name: str, context: Context, left: Expr, lemma: Derivation) -> Derivation:
    """The mean square of a layer with this scale."""
    scale = sqrt(GLOROT)
    moves = use_lemma(lemma, {c: scale}, ("the mean square found for any scale, with the scale ", scale))
    return derived(f"initial_scales.{name}", context, left, moves, (lemma,))


def bound() -> Derivation:
    """At most 1."""
    lemma = of_scale("product", SCALE, PRODUCT, LEFT_OVER)
    above = by(at_most, Integer(1), reason=("a square is not negative",))
    moves = then(use_lemma(lemma, {}, ("the product found before",)), above)
    return derived("initial_scales.bound", SCALE, PRODUCT, moves, (lemma,))


LEFT_OVER = 1 - ((d_i - d_o) / (d_i + d_o)) ** 2


def forward_oracle(d_i: int, d_o: int, j: int, r_x: Fraction, average: Mean) -> Any:
    """Along one row, with the square of the scale."""
    return Fraction(2, d_i + d_o) * average(lambda W, x: sum(W(j, i) * x(i) for i in range(1, d_i + 1)) ** 2)


def backward_oracle(d_i: int, d_o: int, k: int, r_g: Fraction, average: Mean) -> Any:
    """Down one column, with the square of the scale."""
    return Fraction(2, d_i + d_o) * average(lambda W, g: sum(W(j, k) * g(j) for j in range(1, d_o + 1)) ** 2)


def harmonic_oracle(d_i: int, d_o: int) -> Any:
    """2 over the sum of the inverses."""
    return 2 / sum(1 / Fraction(1, size) for size in (d_i, d_o))


def factor(d_i: int, d_o: int, size: int) -> Fraction:
    """What a sum over so many weights does to the mean square, term by term."""
    return sum((Fraction(2, d_i + d_o) for _ in range(size)), Fraction(0))


def gain_oracle(d_i: int, d_o: int) -> Any:
    """Forward, less 1."""
    return factor(d_i, d_o, d_i) - 1


def product_oracle(d_i: int, d_o: int) -> Any:
    """Forward and backward."""
    return factor(d_i, d_o, d_i) * factor(d_i, d_o, d_o)


GAIN, _WAY = d_i * v[()] - 1, ("The weights have the scale ", sqrt(GLOROT), ". Find the mean square ")
_Y, _DX = Expectation(y[j] ** 2), Expectation(dx[k] ** 2)
CONSTRUCT = Construct(
    name="initial_scales",
    title="Scales of initial weights",
    about=("A dense layer has random weights. Their variance is to keep the mean square in both directions.",),
    conventions=("fan-in is the number of inputs, fan-out that of outputs",),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1, equations (10) to (12) and (16)",
    claims=(
        Claim("harmonic", "A mean of both", ("Find the harmonic mean of the variances that keep one direction each.",),
              FANS, HARMONIC, lambda: of_scale("harmonic", FANS, HARMONIC, GLOROT), harmonic_oracle),
        Claim("forward", "Forward", (*_WAY, "of an output."), FORWARD, _Y,
              lambda: one_way("forward", FORWARD, _Y, square()), forward_oracle),
        Claim("backward", "Backward", (*_WAY, "of a gradient at the input."), BACKWARD, _DX,
              lambda: one_way("backward", BACKWARD, _DX, backward()), backward_oracle),
        Claim("gain", "How far from 1", ("How far is the factor of the way forward from 1?",), SCALE, GAIN,
              lambda: of_scale("gain", SCALE, GAIN, (d_i - d_o) / (d_i + d_o)), gain_oracle),
        Claim("product", "There and back", ("Multiply the factors of both directions.",), SCALE, PRODUCT,
              lambda: of_scale("product", SCALE, PRODUCT, LEFT_OVER), product_oracle),
        Claim("bound", "There and back, at most", ("Bound the product of both factors.",), SCALE, PRODUCT, bound,
              product_oracle),
    ),
)  # fmt: skip

r"""Mean and mean square of a dense layer with random weights, and the scale that keeps them.

A layer $y_j = c \sum_i W_{ji} x_i$ has random weights with mean 0 and variance 1 that are independent of the input. In
the square of the sum $E[W_{ji} W_{jk}] = [i = k]$ leaves the terms with one weight twice, and so
$E y_j^2 = c^2 \sum_i E x_i^2$: **the mean squares of the inputs alone count**. The inputs may depend on each other in
any way, and of the weights it is enough that they are uncorrelated. Where all inputs have one mean square,
$c = 1/\sqrt{d_i}$ keeps it, and no other size of c does. The gradient goes back through $W^\top$, where a sum has $d_o$
terms.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section
4.2.1, equations (5) to (12); He, Zhang, Ren, Sun, Delving deep into rectifiers, ICCV 2015, section 2.2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, sqrt

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Expectation, IndexSum, array, between, declare, integer
from derive.language.chance import Chance, chance
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, at_part, attempt, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.expectations import into_factors, linear, pairs, stated, uncorrelated
from derive.rules.lemmas import use_lemma
from derive.rules.sums import sum_of_constant, sum_of_zeros

_in, _out = declare("d_i", "size", "inputs"), declare("d_o", "size", "outputs")
_j, _k = declare("j", "integer", "an output"), declare("k", "integer", "an input")
_c = declare("c", "real", "scale")
_rx = declare("r_x", "real", "root mean square of an input")
_rg = declare("r_g", "real", "root mean square of a gradient")
d_i, d_o, c, rx, rg, j, k = (d.symbol for d in (_in, _out, _c, _rx, _rg, _j, _k))
i, p, row, column = (integer(letter) for letter in ("i", "p", "r", "s"))
W, x, g = array("W", (1, d_o), (1, d_i)), array("x", (1, d_i)), array("g", (1, d_o))
y, dx = array("y", (1, d_o)), array("dx", (1, d_i))


def layer(scale: Expr) -> Definition:
    """y = c W x."""
    return Definition(y, (p,), scale * IndexSum(W[p, i] * x[i], i, 1, d_i))


def weights(mean: Expr | int, variance: Expr | int) -> Chance:
    """Uncorrelated weights."""
    return chance(W, mean=mean, variance=variance, entries="uncorrelated", parameters=(row, column))


_UNIT, _INPUT = weights(0, 1), chance(x, second=rx**2, parameters=(row,))
_BACK = Definition(dx, (p,), c * IndexSum(W[j, p] * g[j], j, 1, d_o))
_PLACE = (between(1, j, d_o),)
PLAIN = Context((_in, _out, _j, _c, _rx), _PLACE, (layer(c),), (W, x), (_UNIT, _INPUT))
KEPT = Context((_in, _out, _j, _rx), _PLACE, (layer(1 / sqrt(d_i)),), (W, x), (_UNIT, _INPUT))
_GRADIENT = chance(g, second=rg**2, parameters=(row,))
BACK = Context((_in, _out, _k, _c, _rg), (between(1, k, d_i),), (_BACK,), (W, g), (_UNIT, _GRADIENT))
centred: Text = ("the weights have mean 0",)
apart = into_factors(("the weights are independent of what they multiply",))
both: Text = ("the weights have mean 0 and variance 1",)
opened = everywhere(by(definition, reason=("insert the definition",)))
crossed = then(pairs(), linear(), apart, uncorrelated(("the weights are uncorrelated",)))


def counted(size: Expr) -> Conversion:
    """Terms that are all alike, if there are any."""
    return one_line(attempt(everywhere(by(sum_of_constant))), (size, " terms, all alike"))


def squared(size: Expr) -> Conversion:
    """E(y^2) = c^2 size E(x^2)."""
    weighted = stated(both)
    return then(opened, crossed, weighted, undelta, stated(("the mean square that is given",)), counted(size))


def mean() -> Derivation:
    """0."""
    moves = then(opened, linear(), apart, stated(centred), everywhere(by(sum_of_zeros)))
    return derived("layer_moments.mean", PLAIN, Expectation(y[j]), moves)


def square() -> Derivation:
    """c^2 d_i r_x^2."""
    return derived("layer_moments.square", PLAIN, Expectation(y[j] ** 2), squared(d_i))


def kept() -> Derivation:
    """r_x^2."""
    lemma, scale = square(), 1 / sqrt(d_i)
    moves = use_lemma(lemma, {c: scale}, ("the mean square found before, with the scale ", scale))
    return derived("layer_moments.kept", KEPT, Expectation(y[j] ** 2), moves, (lemma,))


def change() -> Derivation:
    """(c^2 d_i - 1) r_x^2."""
    lemma = square()
    known = at_part(lemma.left, use_lemma(lemma, {}, ("the mean square found before",)))
    moves = then(known, by(algebra, (c**2 * d_i - 1) * rx**2, reason=("take out ", rx**2)))
    return derived("layer_moments.change", PLAIN, Expectation(y[j] ** 2) - rx**2, moves, (lemma,))


def backward() -> Derivation:
    """c^2 d_o r_g^2."""
    return derived("layer_moments.backward", BACK, Expectation(dx[k] ** 2), squared(d_o))


Mean = Callable[[Callable[..., Any]], Any]


def mean_oracle(d_i: int, d_o: int, j: int, c: Fraction, r_x: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(lambda W, x: c * sum(W(j, i) * x(i) for i in range(1, d_i + 1)))


def square_oracle(d_i: int, d_o: int, j: int, c: Fraction, r_x: Fraction, average: Mean) -> Any:
    """Over all outcomes."""
    return average(lambda W, x: (c * sum(W(j, i) * x(i) for i in range(1, d_i + 1))) ** 2)


def kept_oracle(d_i: int, d_o: int, j: int, r_x: Fraction, average: Mean) -> Any:
    """The square of the scale is a fraction."""
    return square_oracle(d_i, d_o, j, Fraction(1), r_x, average) / d_i


def change_oracle(d_i: int, d_o: int, j: int, c: Fraction, r_x: Fraction, average: Mean) -> Any:
    """Mean square after the layer less that before it."""
    return square_oracle(d_i, d_o, j, c, r_x, average) - average(lambda W, x: x(1) ** 2)


def backward_oracle(d_i: int, d_o: int, k: int, c: Fraction, r_g: Fraction, average: Mean) -> Any:
    """Down one column of the weights."""
    return average(lambda W, g: (c * sum(W(j, k) * g(j) for j in range(1, d_o + 1))) ** 2)


_Y, _SQUARE, _DX = Expectation(y[j]), Expectation(y[j] ** 2), Expectation(dx[k] ** 2)
CONSTRUCT = Construct(
    name="layer_moments",
    title="Mean squares through a dense layer",
    about=("A dense layer has random weights, independent of its input, and a scale in front.",),
    conventions=("a weight has the number of its output first", "mean squares, not variances, are kept"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; He, Zhang, Ren, Sun, ICCV 2015, section 2.2",
    claims=(
        Claim("mean", "Mean of an output", ("Find ", _Y, "."), PLAIN, _Y, mean, mean_oracle),
        Claim("square", "Mean square of an output", ("Find ", _SQUARE, "."), PLAIN, _SQUARE, square, square_oracle),
        Claim("change", "What the scale does", ("How much larger is the mean square of an output?",), PLAIN,
              _SQUARE - rx**2, change, change_oracle),
        Claim("kept", "The scale that keeps it", ("Is the mean square kept?",), KEPT, _SQUARE, kept, kept_oracle),
        Claim("backward", "The way back", ("The gradient ", g, " goes back through the same weights. Find ", _DX, "."),
              BACK, _DX, backward, backward_oracle),
    ),
)  # fmt: skip

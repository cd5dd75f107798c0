r"""Initial weights of wide layers: hidden ones by their outputs, those of the last layer by the spectral condition.

Weights with mean 0, variance 1 and the scale c in front have $c^2 d_o d_i$ as the mean of the square of their Frobenius
norm. With $1/d_i$ in place of c it is $d_o/d_i$, the square of what the condition asks of the spectral norm, which is
not larger; where $d_o$ is fixed both are of one order, so that the weights of the last layer are of the size $n^{-1}$.
In hidden layers $c = 1/\sqrt{d_i}$ keeps the mean square of outputs (`layer_moments.kept`), the size is $n^{-1/2}$; the
same in the last layer is too much by a factor $\sqrt n$. That the spectral norm of a random square matrix is of the
order $c\sqrt n$ is left to the source.

Source: Yang, Simon, Bernstein, A spectral condition for feature learning, 2023, arXiv:2310.17813, condition 1 and
section 3; Yang and others, Tensor Programs V, arXiv:2203.03466, table 3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, sqrt

from derive.constructs.construct import Claim, Construct, Growth, Refuted
from derive.constructs.layer_moments import PLAIN, W, _c, _in, _out, c, d_i, d_o, i, j, rx, y
from derive.constructs.layer_moments import both as unit
from derive.kernel.derivation import Derivation
from derive.language import Context, Expectation, IndexSum, declare, eq, integer
from derive.rules.combine import by, derived, everywhere, one_line, then
from derive.rules.expectations import linear, stated
from derive.rules.growth import C, Comparison, n_0
from derive.rules.lemmas import use_lemma
from derive.rules.sums import sum_of_constant

_n, _k = declare("n", "size", "width"), declare("k", "size", "a fixed size or ratio")
n, k, q = _n.symbol, _k.symbol, integer("q")
WIDTH = Context((_n, _k))
WEIGHTS = Context((_in, _out, _c), (), (), (W,), PLAIN.chances[:1])
BY_OUTPUTS = PLAIN.with_hypotheses(eq(c**2 * d_o, 1))


def squares(scale: Expr) -> Expr:
    """The mean of the squared Frobenius norm."""
    return Expectation(IndexSum(IndexSum((scale * W[q, i]) ** 2, i, 1, d_i), q, 1, d_o))


def frobenius() -> Derivation:
    """c^2 d_o d_i."""
    moves = then(linear(), stated(unit), one_line(everywhere(by(sum_of_constant)), ("count the weights",)))
    return derived("width_starts.frobenius", WEIGHTS, squares(c), moves)


def last() -> Derivation:
    """c^2 d_o/d_i."""
    lemma, scale = frobenius(), c / d_i
    moves = use_lemma(lemma, {c: scale}, ("the mean found for any scale, with the scale ", scale))
    return derived("width_starts.last", WEIGHTS, squares(scale), moves, (lemma,))


def frobenius_oracle(d_i: int, d_o: int, c: Fraction, average: Callable[..., Any]) -> Any:
    """All weights, over all outcomes."""
    return average(lambda W: sum((c * W(a, b)) ** 2 for a in range(1, d_o + 1) for b in range(1, d_i + 1)))


def last_oracle(d_i: int, d_o: int, c: Fraction, average: Callable[..., Any]) -> Any:
    """With the scale c/d_i."""
    return frobenius_oracle(d_i, d_o, c / d_i, average)


def variances(inputs: int) -> int:
    """The mean square of an output for inputs that are ones: the variances 1 added up."""
    return sum(1 for _ in range(inputs))


def hidden_oracle(n: int, k: int) -> Fraction:
    """One over the mean square with the scale 1."""
    return Fraction(1, variances(k * n))


def too_large_oracle(n: int, k: int) -> Fraction:
    """Over k/n, with the scale that a hidden layer has."""
    whole = sum(Fraction(1, n) for _ in range(k) for _ in range(n))
    return whole / Fraction(k, n)


GROWTH = (
    Growth("hidden", "Size of the weights, hidden layers", ("The square of the scale is ", 1 / (k * n),
           ". How does it grow with the width ", n, "?"),
           Comparison(WIDTH, 1 / (k * n), "Theta", 1 / n, (n,), 1 / k, 1 / k), hidden_oracle),
    Growth("too_large", "The last layer with the scale of the others", ("With the scale ", 1 / sqrt(n), " and ", k,
           " outputs the mean is ", k, ". Over ", k / n, " it is ", n, ". Does it stay bounded?"),
           Comparison(WIDTH, n, "not O", Integer(1), (n,), along=((n, C + n_0),)), too_large_oracle,
           ("The exponent of the last layer is -1 and not -1/2.",)),
)  # fmt: skip
CONSTRUCT = Construct(
    name="width_starts",
    title="Initial weights of wide layers",
    about=("Weights with mean 0 and variance 1 have a scale in front.",),
    conventions=("the spectral condition with the constant 1", "k is fixed: a size, or the ratio of two widths"),
    source="Yang, Simon, Bernstein 2023, arXiv:2310.17813, condition 1, section 3; arXiv:2203.03466, table 3",
    claims=(
        Claim("frobenius", "All weights", ("The scale is ", c, ". Find the mean of the square of the Frobenius norm."),
              WEIGHTS, squares(c), frobenius, frobenius_oracle),
        Claim("last", "The last layer", ("The scale is ", c / d_i, ". For which ", c, " is the mean ", d_o / d_i, "?"),
              WEIGHTS, squares(c / d_i), last, last_oracle),
    ),
    refuted=(
        Refuted("start_by_outputs", "The outputs in place of the inputs", ("Weights with the scale ", c, ", where ",
                eq(c**2, 1 / d_o), ", keep the mean square",), BY_OUTPUTS, Expectation(y[j] ** 2), "=", rx**2,
                ("A sum has as many terms as there are inputs.",), "layer_moments.kept"),
    ),
    growth=GROWTH,
)  # fmt: skip

r"""Average pooling of an image with $K \times K$ windows: overlapping ones, and blocks side by side.

$Y_{ij} = \frac{1}{K^2} \sum_{u=1}^K \sum_{v=1}^K X_{S(i-1)+u,\, S(j-1)+v}$ for $P \times Q$ windows with stride S. The
rows of windows that hold row p of the image run from $\lceil (p-K)/S \rceil + 1$ to $\lfloor (p-1)/S \rfloor + 1$,
within 1..P, and so do the columns. With S = K these are blocks, and each input has the gradient of its block, divided
by $K^2$; what is in no block (a dropped border) has the gradient 0.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Dumoulin, Visin, A guide to convolution
arithmetic for deep learning, 2016, arXiv:1603.07285, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

from sympy import Expr

from derive.constructs.average_pooling import in_front
from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Condition,
    Context,
    Definition,
    IndexSum,
    Indicator,
    all_of,
    array,
    between,
    declare,
    integer,
    le,
)
from derive.language.numbers import slope
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import Conversion, at, by, derived, everywhere, one_line, then
from derive.rules.lemmas import use_lemma
from derive.rules.sums import single_term
from derive.rules.windows import to_window

_H, _W = declare("H", "size", "rows of the image"), declare("W", "size", "columns of the image")
_P, _Q = declare("P", "size", "rows of windows"), declare("Q", "size", "columns of windows")
_K, _S = declare("K", "size", "width of a window"), declare("S", "size", "stride")
_p, _q = declare("p", "integer", "row"), declare("q", "integer", "column")
H, W, P, Q, K, S, p, q = (d.symbol for d in (_H, _W, _P, _Q, _K, _S, _p, _q))
i, j, u, v = (integer(name) for name in "ijuv")
x, g, y = (array(a, (1, r), (1, s), outside="zero") for a, r, s in (("X", H, W), ("G", P, Q), ("Y", P, Q)))
dx = array("dX", (1, H), (1, W))
BLOCK = (le(p, K * P), le(q, K * Q))


def _pooled(step: Expr, *known: Condition) -> Context:
    window = IndexSum(IndexSum(x[step * (i - 1) + u, step * (j - 1) + v], v, 1, K), u, 1, K)
    definitions = (Definition(y, (i, j), window / K**2), gradient(dx, g, y, x[p, q], (i, j)))
    symbols = (_H, _W, _P, _Q, _K, *((_S,) if step == S else ()), _p, _q)
    return Context(symbols, (between(1, p, H), between(1, q, W), *known), definitions, (x, g))


OVERLAPPING, BLOCKS = _pooled(S), _pooled(K, *BLOCK)
_ranged = one_line(then(at((0,), to_window), to_window, in_front))


def _held(name: str, step: Expr, moves: Conversion, *known: Condition) -> Derivation:
    """The sum over all windows, each with the indicator that it holds p, q, as a sum over a range."""
    inside = all_of(*(between(1, place - step * (index - 1), K) for place, index in ((p, i), (q, j))))
    total = IndexSum(IndexSum(g[i, j] * Indicator(inside) / K**2, j, 1, Q), i, 1, P)
    symbols = (_P, _Q, _K, *((_S,) if step == S else ()), _p, _q)
    context = Context(symbols, (le(1, p), le(1, q), *known), arrays=(g,))
    return derived(f"average_pooling_image.{name}", context, total, moves)


def overlapping() -> Derivation:
    """dX_pq = the sum over the windows that hold p, q, divided by K^2."""
    lemma = _held("windows", S, _ranged)
    reason: Text = ("row ", p, " is in the windows with ", between(1, p - S * (i - 1), K), ", column ", q, " likewise")
    moves = backpropagated(use_lemma(lemma, {}, reason))
    return derived("average_pooling_image.overlapping", OVERLAPPING, dx[p, q], moves, (lemma,))


def blocks() -> Derivation:
    """dX_pq = the gradient of the block with p, q, divided by K^2."""
    lemma = _held("block", K, then(_ranged, everywhere(by(single_term))), *BLOCK)
    moves = backpropagated(use_lemma(lemma, {}, ("only one block holds ", p, ", ", q)))
    return derived("average_pooling_image.blocks", BLOCKS, dx[p, q], moves, (lemma,))


Matrix = Callable[[int, int], Fraction]


def _change(P: int, Q: int, K: int, S: int, at: tuple[int, int], X: Matrix, G: Matrix) -> Any:
    """How the weighted means of all windows, added up in loops, change with one input."""

    def loss(value: Any) -> Any:
        total: Any = 0
        for row, column in product(range(P), range(Q)):
            for down, right in product(range(K), range(K)):
                place = (S * row + down + 1, S * column + right + 1)
                total += G(row + 1, column + 1) * (value if place == at else X(*place)) / K**2
        return total

    return slope(loss, X(*at))


def overlapping_oracle(H: int, W: int, P: int, Q: int, K: int, S: int, p: int, q: int, X: Matrix, G: Matrix) -> Any:
    """For windows that begin S places apart."""
    return _change(P, Q, K, S, (p, q), X, G)


def blocks_oracle(H: int, W: int, P: int, Q: int, K: int, p: int, q: int, X: Matrix, G: Matrix) -> Any:
    """For windows side by side."""
    return _change(P, Q, K, K, (p, q), X, G)


_GIVEN: Text = (
    *("Let ", g[i, j], " be the gradient of a loss with respect to ", y[i, j], ". "),
    *("Find that with respect to ", x[p, q]),
)
_BLOCK: Text = (*_GIVEN, ", which is in a block.")
CONSTRUCT = Construct(
    name="average_pooling_image",
    title="Average pooling of an image",
    about=("Each of ", P, " times ", Q, " outputs is the mean of ", K**2, " pixels."),
    conventions=(
        "indices from 1",
        "the input is 0 outside its range and a mean counts these zeros",
        "gradients are laid out like their variable",
    ),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3; Dumoulin, Visin, arXiv:1603.07285",
    claims=(
        Claim(
            "overlapping",
            "Gradient of the input",
            (*_GIVEN, "."),
            OVERLAPPING,
            dx[p, q],
            overlapping,
            overlapping_oracle,
        ),
        Claim("blocks", "Blocks side by side", _BLOCK, BLOCKS, dx[p, q], blocks, blocks_oracle),
    ),
)

r"""Stacked average pooling: L layers of blocks of K entries take the mean of $K^L$ entries.

$m_{0,i} = x_i$, and $m_{l,i}$ is the mean of the K entries $m_{l-1,\,K(i-1)+k}$. By induction on the number of layers
$m_{L,i}$ is the mean of $x_{K^L(i-1)+j}$ for $1 \le j \le K^L$, and its derivative with respect to each of these is
$K^{-L}$: for L layers of $2 \times 2$ blocks, K = 4, it is $4^{-L}$.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3 (pooling), section 9.2 (several layers).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.stacked_pooling import (
    _K,
    _L,
    Entries,
    K,
    L,
    _i,
    flat,
    i,
    j,
    k,
    l,
    layers,
    passed,
    stacked,
    width,
    x,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, IndexSum, Partial, array, between, declare, eq
from derive.language.numbers import moved, slope
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.lemmas import use_lemma
from derive.rules.sums import constant_out_of_sum

_q = declare("q", "integer", "an entry of the block")
q = _q.symbol
m = array("m", (0, oo), (-oo, oo))
MEANS = layers(m, IndexSum(m[l - 1, K * (i - 1) + k], k, 1, K) / K)
AVERAGE = Context((_K, _L, _i), (), (MEANS,), (x,))
AVERAGED = Context((_K, _L, _i, _q), (between(1, q, width(L)),), (MEANS,), (x,))
ENTRY = x[width(L) * (i - 1) + q]
SHARE = Partial(m[L, i], ENTRY)


def mean(depth: Expr) -> Expr:
    """The mean of the block."""
    return IndexSum(x[width(depth) * (i - 1) + j], j, 1, width(depth)) / width(depth)


def means() -> Derivation:
    """m_Li = the mean of the K^L entries of its block."""
    in_front = one_line(everywhere(by(constant_out_of_sum)))
    return stacked("stacked_averages.means", AVERAGE, m, mean, then(in_front, everywhere(flat)))


def share() -> Derivation:
    """K^-L for each entry of the block."""
    lemma = means()
    known = at_part(m[L, i], use_lemma(lemma, {}, (eq(lemma.left, lemma.right),)))
    return derived("stacked_averages.share", AVERAGED, SHARE, then(known, differentiated(), undelta), (lemma,))


def means_oracle(K: int, L: int, i: int, x: Entries) -> Any:
    """Means, layer by layer."""
    return passed(L, K, i, x, lambda entries: sum(entries) / Fraction(len(entries)))


def share_oracle(K: int, L: int, i: int, q: int, x: Entries) -> Any:
    """How the mean changes with one entry."""
    p = K**L * (i - 1) + q
    return slope(lambda value: means_oracle(K, L, i, moved(x, (p,), value)), x(p))


_MEANS: Text = ("Find ", m[L, i], " from the input alone.")
_SHARED: Text = ("Differentiate ", m[L, i], " with respect to ", ENTRY, ", an entry of its block.")
CONSTRUCT = Construct(
    name="stacked_averages",
    title="Stacked average pooling",
    about=("Each of ", L, " layers takes the mean of blocks of ", K, " entries of the layer before it."),
    conventions=("indices from 1", "blocks lie side by side"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3",
    claims=(
        Claim("means", "Any number of layers", _MEANS, AVERAGE, m[L, i], means, means_oracle),
        Claim("share", "The share of an entry", _SHARED, AVERAGED, SHARE, share, share_oracle),
    ),
)

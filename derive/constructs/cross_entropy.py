r"""Cross-entropy of a softmax, by its scores: $\ell = -\sum_k y_k \log p_k$ has the gradient $p_j \sum_k y_k - y_j$.

For a distribution y that is $p_j - y_j$. The Hessian is $(\sum_k y_k)(\mathrm{Diag}(p) - p p^\top)$.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3, (6.30) and (6.31).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, log

from derive.constructs.construct import Claim, Construct
from derive.constructs.log_softmax import known_logs, log_of, log_softmax, slope_of
from derive.constructs.softmax import K, i, j, k, p, softmax, z
from derive.constructs.softmax_jacobian import MATRIX, entry, known_entries
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, Partial, array, between, declare, ne
from derive.language.forms import of
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Moves, at, at_part, by, derived, one_line, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import spread_in_one
from derive.rules.forms import recognised
from derive.rules.lemmas import use_lemma

_K = declare("K", "size", "number of classes")
_i, _j = (declare(s, "integer", "a class") for s in "ij")
y, t, ell = array("y", (1, K)), array("t", (1, K)), array("ell")
_WEIGHTED = Definition(ell, (), -IndexSum(y[k] * log(p[k]), k, 1, K))
_SHARE = Definition(y, (i,), t[i] / IndexSum(t[k], k, 1, K))
CLASSES = (between(1, i, K), between(1, j, K))
ANY = Context((_K, _j), (between(1, j, K),), (softmax(p, z), _WEIGHTED), (z, y))
BOTH = Context((_K, _i, _j), CLASSES, (softmax(p, z), _WEIGHTED), (z, y))
_NOT_ZERO = ne(IndexSum(t[k], k, 1, K), 0)
SHARES = Context((_K, _j), (between(1, j, K), _NOT_ZERO), (softmax(p, z), _SHARE, _WEIGHTED), (z, t))


def _loss(context: Context, e: Expr) -> Moves:
    """The loss by its definition."""
    return at_part(ell[()], by(definition, reason=("definition of ", ell)))(context, e)


def gradient() -> Derivation:
    """The gradient for any weights y."""
    lemma = log_softmax()
    moves = then(_loss, differentiated(known_logs(lemma)), spread_in_one, undelta)
    return derived("cross_entropy.gradient", ANY, Partial(ell[()], z[j]), moves, (lemma,))


def distribution() -> Derivation:
    """The gradient for weights that add up to 1."""
    lemma = log_softmax()
    whole = IndexSum(y[k], k, 1, K)
    one = then(at_part(y[k], by(definition)), spread_in_one, by(algebra, Integer(1)))
    moves = then(
        *(_loss, differentiated(known_logs(lemma)), spread_in_one, undelta),
        one_line(at_part(whole, one), ("the ", y, " add up to 1")),
    )
    return derived("cross_entropy.distribution", SHARES, Partial(ell[()], z[j]), moves, (lemma,))


def hessian() -> Derivation:
    """The second derivatives."""
    slopes, jacobian = gradient(), entry()
    form = of("scaled", IndexSum(y[k], k, 1, K), MATRIX)[i, j]
    inner = at((0,), use_lemma(slopes, {j: i}, ("the gradient found before",)))
    moves = then(inner, differentiated(known_entries(jacobian)), recognised(form))
    left = Partial(Partial(ell[()], z[i]), z[j])
    return derived("cross_entropy.hessian", BOTH, left, moves, (slopes, jacobian))


def _loss_of(K: int, y: Any, z: Any) -> Any:
    total: Any = 0
    for place in range(1, K + 1):
        total -= y(place) * log_of(place, K, z)
    return total


def gradient_oracle(K: int, j: int, z: Any, y: Any) -> Any:
    """The loss, summed in a loop, differentiated number by number."""
    return slope_of(lambda scores: _loss_of(K, y, scores), j, z)


def distribution_oracle(K: int, j: int, z: Any, t: Any) -> Any:
    """The same with weights divided by their sum."""
    whole = sum((t(place) for place in range(1, K + 1)), Fraction(0))
    return gradient_oracle(K, j, z, lambda place: t(place) / whole)


def hessian_oracle(K: int, i: int, j: int, z: Any, y: Any) -> Any:
    """The gradient, differentiated again."""
    return slope_of(lambda scores: slope_of(lambda inner: _loss_of(K, y, inner), i, scores), j, z)


CONSTRUCT = Construct(
    name="cross_entropy",
    title="Cross-entropy of a softmax",
    about=(
        "Let ",
        p[i],
        " be the softmax of ",
        K,
        " scores ",
        z[i],
        ", and ",
        ell[()],
        " the cross-entropy of ",
        p[i],
        " with ",
        y[i],
        ".",
    ),
    conventions=("natural logarithms", "classes are numbered from 1"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3",
    claims=(
        Claim(
            "gradient",
            "Gradient, whatever the weights add up to",
            ("Find the gradient with respect to the scores, for any numbers ", y[j], "."),
            ANY,
            Partial(ell[()], z[j]),
            gradient,
            gradient_oracle,
        ),
        Claim(
            "distribution",
            "Gradient, for weights that add up to 1",
            ("Let the ", y[i], " be divided by their sum, so that they add up to 1. Find the gradient."),
            SHARES,
            Partial(ell[()], z[j]),
            distribution,
            distribution_oracle,
        ),
        Claim(
            "hessian",
            "Hessian",
            ("Find the second derivatives.",),
            BOTH,
            Partial(Partial(ell[()], z[i]), z[j]),
            hessian,
            hessian_oracle,
        ),
    ),
)

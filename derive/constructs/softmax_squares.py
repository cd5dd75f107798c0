r"""What the Jacobian J of the softmax does: $v^\top J v$ is a sum of squares, and J v = 0 only for constant v.

So J is positive semidefinite, and its null space is the line of the constant vectors: its rank is K - 1. J is the
covariance matrix of the indicators of a class that is drawn with the probabilities p.

Source: Boyd, Vandenberghe, Convex Optimization, 2004, section 3.1.5, page 74 (the Hessian of log-sum-exp).
"""

from __future__ import annotations

from typing import Any

from sympy import Rational, exp

from derive.constructs.construct import Claim, Construct
from derive.constructs.softmax import K, i, j, k, p, probability, softmax, z
from derive.constructs.softmax_jacobian import MATRIX, PAIR, entry, known_entries, moved, ones, total
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, Indicator, Partial, array, between, declare, eq, integer, ne
from derive.language.forms import of
from derive.rules.algebra import algebra
from derive.rules.combine import by, derived, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import spread_in_one, up_to_alike
from derive.rules.folding import in_terms_of
from derive.rules.forms import recognised

_K, _i, _j = (
    declare(s.name, sort, w)
    for s, sort, w in ((K, "size", "number of classes"), (i, "integer", "a class"), (j, "integer", "a class"))
)
m, v = integer("m"), array("v", (1, K))
ROW = Context((_K, _i), (between(1, i, K),), (softmax(p, z),), (z, v))
WHOLE = Context((_K,), (), (softmax(p, z),), (z, v))
_t = declare("tau", "real", "temperature")
tau = _t.symbol
_WARM = Definition(p, (i,), exp(z[i] / tau) / IndexSum(exp(z[k] / tau), k, 1, K))
TEMPERED = Context((_K, _i, _j, _t), (between(1, i, K), between(1, j, K), ne(tau, 0)), (_WARM,), (z,))
PRODUCT = IndexSum(Partial(p[i], z[k]) * v[k], k, 1, K)
QUADRATIC = IndexSum(IndexSum(v[k] * Partial(p[k], z[m]) * v[m], m, 1, K), k, 1, K)
COVARIANCE = IndexSum(p[k] * (Indicator(eq(k, i)) - p[i]) * (Indicator(eq(k, j)) - p[j]), k, 1, K)


def tempered() -> Derivation:
    """The same with a temperature."""
    form = of("scaled", 1 / tau, MATRIX)[i, j]
    moves = then(differentiated(), undelta, in_terms_of(p), recognised(form))
    return derived("softmax_squares.tempered", TEMPERED, Partial(p[i], z[j]), moves)


def product() -> Derivation:
    """(J v)_i in terms of the mean of v."""
    jacobian = entry()
    mean = IndexSum(p[k] * v[k], k, 1, K)
    moves = then(
        known_entries(jacobian), spread_in_one, undelta, by(algebra, p[i] * (v[i] - mean), reason=("take out ", p[i]))
    )
    return derived("softmax_squares.product", ROW, PRODUCT, moves, (jacobian,))


def quadratic() -> Derivation:
    """v J v as a sum of squares."""
    jacobian, whole = entry(), total()
    squares = Rational(1, 2) * IndexSum(IndexSum(p[k] * p[m] * (v[k] - v[m]) ** 2, m, 1, K), k, 1, K)
    down = then(spread_in_one, ones(whole))
    moves = then(known_entries(jacobian), spread_in_one, undelta, up_to_alike(squares, down))
    return derived("softmax_squares.quadratic", WHOLE, QUADRATIC, moves, (jacobian, whole))


def covariance() -> Derivation:
    """The covariance of the indicators of two classes."""
    whole = total()
    moves = then(spread_in_one, undelta, ones(whole), recognised(MATRIX[i, j]))
    return derived("softmax_squares.covariance", PAIR, COVARIANCE, moves, (whole,))


def tempered_oracle(K: int, i: int, j: int, tau: Any, z: Any) -> Any:
    """One derivative, all scores divided by the temperature."""
    return moved(i, j, K, z, tau)


def product_oracle(K: int, i: int, z: Any, v: Any) -> Any:
    """A row of derivatives times v."""
    return sum(moved(i, t, K, z) * v(t) for t in range(1, K + 1))


def quadratic_oracle(K: int, z: Any, v: Any) -> Any:
    """v times every derivative times v."""
    classes = range(1, K + 1)
    return sum(v(s) * moved(s, t, K, z) * v(t) for s in classes for t in classes)


def covariance_oracle(K: int, i: int, j: int, z: Any) -> Any:
    """The mean of the product of both deviations, over all classes that may be drawn."""
    found: Any = 0
    for drawn in range(1, K + 1):
        found += (
            probability(drawn, K, z) * ((drawn == i) - probability(i, K, z)) * ((drawn == j) - probability(j, K, z))
        )
    return found


CONSTRUCT = Construct(
    name="softmax_squares",
    title="The Jacobian of the softmax as a matrix",
    about=("Let ", p[i], " be the softmax of ", K, " scores ", z[i], ", and ", v[i], " any numbers."),
    conventions=("row i of the Jacobian belongs to the output, column j to the score", "classes are numbered from 1"),
    source="Boyd, Vandenberghe, Convex Optimization, 2004, section 3.1.5",
    claims=(
        Claim(
            "product",
            "The null space: the rank is one less than the number of classes",
            (
                "Multiply the Jacobian by a vector. All probabilities are positive, so the product is 0 only if every ",
                *(v[i], " is equal to the mean: the null space has dimension 1 and the rank is ", K - 1, "."),
            ),
            ROW,
            PRODUCT,
            product,
            product_oracle,
        ),
        Claim(
            "quadratic",
            "Positive semidefinite: a sum of squares",
            ("Write the quadratic form of the Jacobian as a sum of squares with positive weights.",),
            WHOLE,
            QUADRATIC,
            quadratic,
            quadratic_oracle,
        ),
        Claim(
            "covariance",
            "The covariance of a class drawn at random",
            (
                *("A class is drawn with the probabilities ", p[k], ". Find the covariance of the indicators of "),
                *("the classes ", i, " and ", j, "."),
            ),
            PAIR,
            COVARIANCE,
            covariance,
            covariance_oracle,
        ),
        Claim(
            "tempered",
            "With a temperature",
            (
                "Divide all scores by ",
                tau,
                " first. Find the Jacobian.",
            ),
            TEMPERED,
            Partial(p[i], z[j]),
            tempered,
            tempered_oracle,
        ),
    ),
)

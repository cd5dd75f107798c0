r"""Variance of a sum of terms of which a random mask drops some.

The terms are fixed, and the mask alone is random: $s = \sum_i w_i y_i$ with $y_i = b_i x_i/p$. The entries of the
mask are independent, so the variances $\frac{1 - p}{p} w_i^2 x_i^2$ add up. They would not if one mask were used for
all terms.

Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, Dropout, JMLR 15, 2014, sections 4 and 9.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.constructs.dropout_moments import (
    _BITS,
    _KEPT,
    _PLACE,
    LOST,
    MASKED,
    Mean,
    _k,
    _n,
    _p,
    b,
    k,
    masked,
    n,
    opened,
    p,
    tidy,
    x,
    y,
)
from derive.constructs.dropout_moments import (
    bits as masks,
)
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, Variance, array, integer
from derive.rules.combine import by, derived, everywhere, then
from derive.rules.expectations import stated
from derive.rules.independence import variance_of_sum
from derive.rules.moments import expectation_of_multiple, variance
from derive.rules.sums import constant_out_of_sum

i, w, s = integer("i"), array("w", (1, n)), array("s")
TOTAL = Definition(s, (), IndexSum(w[i] * y[i], i, 1, n))
FIXED = Context((_n, _k, _p), (*_KEPT, _PLACE), (MASKED,), (b, x), (_BITS,))
SUM = Context((_n, _p), _KEPT, (MASKED, TOTAL), (b, x, w), (_BITS,))


def fixed() -> Derivation:
    """(1 - p)/p x^2."""
    given = stated(("the mask is 1 with the probability ", p))
    out = by(expectation_of_multiple, reason=("what is not random comes out squared",))
    moves = then(opened, out, everywhere(by(variance)), masks, given, tidy(LOST * x[k] ** 2))
    return derived("dropout_sums.fixed", FIXED, Variance(y[k]), moves)


def total() -> Derivation:
    """(1 - p)/p sum(w^2 x^2)."""
    given = stated(("the mask is 1 with the probability ", p))
    out = everywhere(by(expectation_of_multiple, reason=("what is not random comes out squared",)))
    front = by(constant_out_of_sum, reason=("what does not depend on ", i, " in front"))
    apart = by(variance_of_sum, reason=("the masks are independent: the variances add up",))
    moves = then(
        opened,
        apart,
        out,
        everywhere(by(variance)),
        masks,
        given,
        front,
        tidy(LOST * IndexSum(w[i] ** 2 * x[i] ** 2, i, 1, n)),
    )
    return derived("dropout_sums.total", SUM, Variance(s[()]), moves)


def fixed_oracle(n: int, k: int, p: Fraction, x: Callable[..., Any], average: Mean) -> Any:
    """Over the mask alone."""
    centre = average(lambda b: masked(k, p)(b, x))
    return average(lambda b: (masked(k, p)(b, x) - centre) ** 2)


def total_oracle(n: int, p: Fraction, x: Callable[..., Any], w: Callable[..., Any], average: Mean) -> Any:
    """Over all masks."""

    def of(b: Callable[..., Any]) -> Any:
        return sum(w(place) * masked(place, p)(b, x) for place in range(1, n + 1))

    centre = average(of)
    return average(lambda b: (of(b) - centre) ** 2)


CONSTRUCT = Construct(
    name="dropout_sums",
    title="Sums that a random mask thins out",
    about=("Each term is kept with the probability ", p, ", independently of all others, and divided by it."),
    conventions=("the terms are fixed, the mask is random",),
    source="Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, JMLR 15, 2014, sections 4 and 9",
    claims=(
        Claim("fixed", "One entry", ("Find the variance of one entry.",), FIXED, Variance(y[k]), fixed, fixed_oracle),
        Claim("total", "The sum", ("Find the variance of the sum.",), SUM, Variance(s[()]), total, total_oracle),
    ),
)

r"""The variance of a weight's gradient where neighbouring entries are correlated: stationary input and gradient.

$dw_h = \sum_{i=1}^m x_{i+h-1}\, dy_i$ with $m = n - k + 1$. Let x and dy be stationary, with mean 0, and independent of
each other, $r_x(t) = E\,x_0 x_t$ and $r_g(t) = E\,dy_0\,dy_t$. In $E\,dw_h^2 = \sum_{i,j} r_x(j-i)\,r_g(j-i)$ the
difference t = j - i occurs for $m - |t|$ pairs, so the variance is $\sum_{|t|<m} (m - |t|)\,r_x(t)\,r_g(t)$. If one of
the two is uncorrelated only t = 0 is left, which is $m\,r_x(0)\,r_g(0)$.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, sections 8.2 and 9.1 (stationary processes
and their autocovariance); Glorot, Bengio, AISTATS 2010, section 4.2.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Abs, Expr, Max, Min, oo

from derive.constructs.construct import Claim, Construct, Refuted
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, Entry, IndexSum, array, between, declare, integer, le, subterms
from derive.language.chance import Expectation, Variance, chance
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import Conversion, Moves, at, at_part, by, derived, everywhere, one_line, then
from derive.rules.distributions import stationary
from derive.rules.expectations import into_factors, linear, pairs, stated
from derive.rules.integers import by_integers
from derive.rules.moments import variance
from derive.rules.sums import exchange_sums, shift_index, sum_of_constant, sum_of_zeros

_n, _k = declare("n", "size", "entries of the input"), declare("k", "size", "entries of the kernel")
_h = declare("h", "integer", "the weight")
n, k, h = (d.symbol for d in (_n, _k, _h))
i, j, p, t = (integer(letter) for letter in "ijpt")
m = n - k + 1
x, dy, dw = array("x", (-oo, oo)), array("dy", (-oo, oo)), array("dw", (1, k))
rx, rg = array("r_x", (-oo, oo)), array("r_g", (-oo, oo))
LAYER = Definition(dw, (p,), IndexSum(x[i + p - 1] * dy[i], i, 1, m))
ALIKE = tuple(Definition(r, (t,), Expectation(a[0] * a[t])) for r, a in ((rx, x), (rg, dy)))
STATIONARY = Context((_n, _k, _h), (le(k, n), between(1, h, k)), (LAYER, *ALIKE), (x, dy), (
    chance(x, 0, entries="stationary"), chance(dy, 0, entries="stationary")))  # fmt: skip


def moved(context: Context, e: Expr) -> Moves:
    """E a[p] a[q] = E a[0] a[q - p] = r(q - p)."""
    if not isinstance(e, Expectation):
        raise RuleDoesNotApply("{} is not an expectation", e)
    found = sorted((s for s in subterms(e.body) if isinstance(s, Entry)), key=lambda s: "'" in str(s))
    if len(found) != 2:
        raise RuleDoesNotApply("{} is not of two entries", e)
    first, second = found
    corner = first.array[0]
    r = rx if first.array == x else rg
    return then(by(stationary, first, corner), by(fold_definition, r[second.indices[0] - first.indices[0]]))(context, e)


def by_difference(context: Context, e: Expr) -> Moves:
    """sum over i, j of f(j - i) as a sum over t of (m - |t|) f(t)."""
    often = Min(m, m - t) - Max(1, 1 - t) + 1
    return then(
        at((0,), by(shift_index, t, i, reason=("let t be the difference",))),
        by(exchange_sums, 1 - m, m - 1, Max(1, 1 - t), Min(m, m - t)),
        one_line(at((0,), then(by(sum_of_constant), at_part(often, by_integers(m - Abs(t))))),
                 ("so many pairs have the difference ", t)),
    )(context, e)  # fmt: skip


def second_moment() -> tuple[Conversion, ...]:
    """Var dw_h as a sum over pairs."""
    zero = then(everywhere(by(definition)), linear(), into_factors(), stated(), everywhere(by(sum_of_zeros)))
    return (
        by(variance), at_part(Expectation(dw[h]), one_line(zero, ("each product has mean 0",))),
        at_part(dw[h], by(definition, reason=("definition of ", dw))), pairs(), linear(),
        into_factors(("input and gradient are independent",)),
        one_line(everywhere(moved), ("both are stationary: only the difference counts",)),
    )  # fmt: skip


def correlated() -> Derivation:
    """The sum over all differences."""
    name = "kernel_gradient_stationary.variance"
    return derived(name, STATIONARY, Variance(dw[h]), then(*second_moment(), by_difference))


def oracle(n: int, k: int, h: int, average: Callable[[Callable[..., Any]], Any]) -> Any:
    """Mean square of the distance from the mean, over all outcomes."""

    def weight(x: Callable[[int], Any], dy: Callable[[int], Any]) -> Any:
        return sum(x(start + h) * dy(start + 1) for start in range(n - k + 1))

    centre = average(weight)
    return average(lambda x, dy: (weight(x, dy) - centre) ** 2)


_ASK = ("Input and gradient are stationary, with mean 0. Find the variance of ", dw[h], ".")
_PROVED = "kernel_gradient_stationary.variance"
CONSTRUCT = Construct(
    name="kernel_gradient_stationary",
    title="Gradient of a kernel, with correlated entries",
    about=("A convolution layer with one axis and stride 1 has random input and gradient.",),
    conventions=("entries are numbered from 1", "a convolution layer does not turn its kernel"),
    source="Grimmett, Stirzaker, 3rd ed., sections 8.2 and 9.1; Glorot, Bengio, AISTATS 2010, section 4.2.1",
    claims=(Claim("variance", "Stationary input and gradient", _ASK, STATIONARY, Variance(dw[h]), correlated, oracle),),
    refuted=(
        Refuted("diagonal", "As if uncorrelated", ("Mean 0 and equal variances are enough",), STATIONARY,
                Variance(dw[h]), "=", m * rx[0] * rg[0], ("Pairs of unlike terms are correlated.",), _PROVED),
        Refuted("all_alike", "Every difference as often", ("Every difference occurs m times",), STATIONARY,
                Variance(dw[h]), "=", m * IndexSum(rx[t] * rg[t], t, 1 - m, m - 1),
                ("A difference t occurs for ", m - Abs(t), " pairs.",), _PROVED),
        Refuted("one_side", "Later entries alone", ("Each pair is counted once",), STATIONARY, Variance(dw[h]), "=",
                IndexSum((m - t) * rx[t] * rg[t], t, 0, m - 1), ("Differences below 0 count as well.",), _PROVED),
    ),
)  # fmt: skip

"""Moments against plain enumeration: three values with their probabilities, all outcomes, sizes up to 3.

Nothing here uses the joint laws of the package: the outcomes of independent numbers with three values are written out,
and formulas for dependent ones are checked for every joint law on a small grid of probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

import pytest

from derive.constructs.registry import claim
from derive.language import Context
from derive.language.points import evaluate

F = Fraction
THREE = [
    ((F(-1), F(1, 3)), (F(0), F(1, 2)), (F(2), F(1, 6))),
    ((F(1), F(1, 4)), (F(2), F(1, 2)), (F(5), F(1, 4))),
    ((F(-2), F(1, 8)), (F(0), F(3, 4)), (F(2), F(1, 8))),
]
"""Laws as (value, probability)."""


def outcomes(laws: list[tuple[tuple[Fraction, Fraction], ...]]) -> Iterator[tuple[tuple[Fraction, ...], Fraction]]:
    """All values of independent numbers with these laws, and their probabilities."""
    for chosen in product(*laws):
        yield tuple(v for v, _ in chosen), prod((w for _, w in chosen), start=F(1))


def mean(laws: list[Any], function: Callable[..., Fraction]) -> Fraction:
    """Over all outcomes."""
    return sum((weight * function(*values) for values, weight in outcomes(laws)), F(0))


def moments_of(law: Any) -> tuple[Fraction, Fraction]:
    """Mean and variance of one number."""
    centre = mean([law], lambda v: v)
    return centre, mean([law], lambda v: (v - centre) ** 2)


def value(path: str, **numbers: Any) -> Fraction:
    """What the claim says at these numbers."""
    found = claim(path)[1]
    context: Context = found.context
    right = found.derive().right
    point = {s: numbers[s.name] for s in right.free_symbols}
    made = evaluate(right, point, context)
    assert isinstance(made, Fraction)
    return made


@pytest.mark.parametrize("of_x", THREE)
@pytest.mark.parametrize("of_g", THREE)
@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 1), (2, 2), (3, 3)])
def test_gradient_of_a_kernel(of_x: Any, of_g: Any, n: int, k: int) -> None:
    """One weight of an n x n layer: windows of entries that are independent, mean and variance written out."""
    m = n - k + 1
    laws = [of_x] * m * m + [of_g] * m * m  # only the entries under the weight matter

    def weight(*values: Fraction) -> Fraction:
        return sum((values[p] * values[m * m + p] for p in range(m * m)), F(0))

    if 3 ** len(laws) > 10_000:
        pytest.fail("too many outcomes are asked for")
    centre = mean(laws, weight)
    spread = mean(laws, lambda *v: (weight(*v) - centre) ** 2)
    (mx, vx), (mg, vg) = moments_of(of_x), moments_of(of_g)
    # The formula speaks of variances as squares; it is evaluated at its square roots only through them.
    formula = m**2 * (vx * vg + mg**2 * vx + mx**2 * vg)
    assert spread == formula and centre == m**2 * mx * mg
    roots = {F(1): F(1)}
    if vx in roots and vg in roots:
        numbers = {"n": n, "k": k, "h": 1, "v": 1, "sigma_x": roots[vx], "sigma_g": roots[vg], "mu_x": mx, "mu_g": mg}
        assert value("kernel_gradient_moments.variance_with_means", **numbers) == spread
        assert value("kernel_gradient_moments.mean_with_means", **numbers) == centre


JOINT = [F(0), F(1, 4), F(1, 2), F(1)]


def joint_laws() -> Iterator[list[tuple[tuple[Fraction, Fraction], Fraction]]]:
    """Joint laws of two numbers with the values -1, 0, 2: some dependent, some not."""
    places = list(product((F(-1), F(0), F(2)), repeat=2))
    for weights in product(JOINT, repeat=4):
        if sum(weights) == 1:
            for start in range(len(places) - 3):
                yield list(zip(places[start : start + 4], weights, strict=True))


def test_dependent_numbers() -> None:
    """Var(x + y) = Var x + Var y + 2 Cov for every joint law; without the covariance it is wrong for most."""
    looked, wrong = 0, 0
    for law in joint_laws():

        ex, ey = sum((w * a for (a, _), w in law), F(0)), sum((w * b for (_, b), w in law), F(0))
        vx, vy = (sum((w * (v[side] - (ex, ey)[side]) ** 2 for v, w in law), F(0)) for side in (0, 1))
        cov = sum((w * a * b for (a, b), w in law), F(0)) - ex * ey
        both = sum((w * (a + b - ex - ey) ** 2 for (a, b), w in law), F(0))
        assert both == vx + vy + 2 * cov
        looked, wrong = looked + 1, wrong + (both != vx + vy)
    assert looked > 50 and wrong > looked / 3

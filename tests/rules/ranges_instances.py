"""Instances of the laws of ranges: largest values, products, nested ranges, bounds; each with a slip.

The entries of w vary freely. Where a law asks something of all of them, a hypothesis says it of all in the range.
"""

from __future__ import annotations

from sympy import Expr, Integer, Rational

from derive.language import ForAll, IndexProduct, Indicator, Largest, Partial, between, eq, ge, gt, integer, le, lt
from derive.language.terms import attained_once
from derive.rules import powers, ranges
from tests.rules.instances import Instance, L, a, b, given, i, k, m, n, total, w

j, l = integer("j"), integer("l")  # noqa: E741


def most(body: Expr, low: object, high: object, index: object = i) -> Largest:
    """max(body, index=low..high)"""
    return Largest(body, index, low, high)


def every(body: Expr, low: object, high: object, index: object = i) -> IndexProduct:
    """prod(body, index=low..high)"""
    return IndexProduct(body, index, low, high)


ALL = most(w[i], 1, 3)
AT_LEAST_0 = ForAll(ge(w[i], 0), i, 1, 3)
LARGEST = [
    Instance(
        ranges.partial_of_largest,
        given(attained_once(ALL)),
        Partial(ALL, w[m]),
        (),
        total(Indicator(eq(w[i], most(w[j], 1, 3, j))) * Partial(w[i], w[m]), 1, 3).xreplace({j: integer("i'")}),
        total(Partial(w[i], w[m]), 1, 3),
        (Partial(w[i], w[m]), ()),
    ),
    Instance(
        ranges.at_most_largest,
        given(between(1, n, 3)),
        2 * w[n],
        (most(2 * w[i], 1, 3), n),
        most(2 * w[i], 1, 3),
        most(w[i], 1, 3) - 6,
        (w[n], (most(2 * w[i], 1, 3), n)),
    ),
    Instance(ranges.largest_at_most_sum, given(AT_LEAST_0), ALL, (), total(w[i], 1, 3), w[1], (w[n], ())),
    Instance(
        ranges.sum_at_most_largest, given(), total(w[i], 1, L), (), L * most(w[i], 1, L), most(w[i], 1, L), (w[n], ())
    ),
    Instance(
        ranges.power_into_largest,
        given(AT_LEAST_0, ge(n, 1)),
        ALL**n,
        (),
        most(w[i] ** n, 1, 3),
        most(w[i] ** (n + 1), 1, 3),
        (ALL**i, ()),
    ),
    Instance(
        ranges.constant_out_of_largest,
        given(ge(a, 0)),
        most(a * w[i], 1, 3),
        (),
        a * ALL,
        ALL,
        (ALL, ()),
    ),
    Instance(
        ranges.constant_term_out_of_largest,
        given(),
        most(a + w[i], 1, 3),
        (),
        a + ALL,
        ALL,
        (ALL, ()),
    ),
    Instance(ranges.single_largest, given(eq(m, n)), most(i * w[i], m, n), (), m * w[m], m * w[m + 1], (w[n], ())),
    Instance(
        ranges.largest_is,
        given(between(1, n, 3), ForAll(le(w[i], w[n]), i, 1, 3)),
        ALL,
        (n,),
        w[n],
        w[1],
        (w[n], (n,)),
    ),
]
NESTED = [
    Instance(
        ranges.flatten_ranges,
        given(ge(m, 0)),
        total(total(w[m * (l - 1) + k + n], 1, m, k), 1, L, l),
        (j, w[j + n]),
        total(w[j + n], 1, m * L, j),
        total(w[j + n], 1, m + L, j),
        (total(w[k], 1, m, k), (j, w[j])),
    ),
    Instance(
        ranges.flatten_ranges,
        given(ge(m, 1)),
        most(most(w[m * (l - 1) + k], 1, m, k), 1, L, l),
        (j, w[j]),
        most(w[j], 1, m * L, j),
        most(w[j], 1, L, j),
        (most(most(w[l + k], 1, m, k), 2, L, l), (j, w[j])),
    ),
    Instance(
        ranges.flatten_ranges,
        given(ge(m, 1)),
        every(every(w[m * (l - 1) + k], 1, m, k), 1, L, l),
        (j, w[j]),
        every(w[j], 1, m * L, j),
        every(w[j], 1, L, j),
        (every(total(w[l + k], 1, m, k), 1, L, l), (j, w[j])),
    ),
]
OTHERS = [
    Instance(ranges.at_most, given(le(n, L)), n**2 + n, (n**2 + L,), n**2 + L, n**2 + L - 20),
    Instance(ranges.at_least, given(ge(n, L)), n + a, (L + a,), L + a, L + a + 20),
    Instance(ranges.less_than, given(lt(n, L)), n + a, (L + a,), L + a, L + a - 20),
    Instance(ranges.more_than, given(gt(n, 0)), n + a, (a,), a, a + 20),
    Instance(
        ranges.split_last_factor,
        given(),
        every(i + a, 1, L),
        (),
        every(i + a, 1, L - 1) * (L + a),
        every(i + a, 1, L - 1) * L,
        (n, ()),
    ),
    Instance(
        ranges.split_factors,
        given(between(0, n, L)),
        every(i + a, 1, L),
        (n,),
        every(i + a, 1, n) * every(i + a, n + 1, L),
        every(i + a, 1, n) * every(i + a, n, L),
        (n, (n,)),
    ),
    Instance(
        ranges.product_of_constant,
        given(le(m, n + 1)),
        every(a + b, m, n),
        (),
        (a + b) ** (n - m + 1),
        (a + b) ** (n - m),
        (every(i + a, m, n), ()),
    ),
    Instance(ranges.empty_product, given(le(n, 0)), every(i + a, 1, n), (), Integer(1), Integer(0), (n, ())),
    Instance(ranges.single_factor, given(eq(m, n)), every(i + a, m, n), (), m + a, Integer(1), (n, ())),
]
EXCHANGED = [
    Instance(
        ranges.exchange_ranges,
        given(ge(m, 1)),
        most(most(w[l + 2 * k], 1, m, k), 1, L, l),
        (),
        most(most(w[l + 2 * k], 1, L, l), 1, m, k),
        most(most(w[l + k], 1, L, l), 1, m, k),
        (most(most(w[l + k], 1, l, k), 1, L, l), ()),
    ),
    Instance(
        ranges.exchange_ranges,
        given(),
        every(every(w[l + 2 * k], 1, m, k), 0, L, l),
        (),
        every(every(w[l + 2 * k], 0, L, l), 1, m, k),
        every(every(w[l + 2 * k], 0, L, l), 1, m - 1, k),
        (total(total(w[l + k], 1, m, k), 1, L, l), ()),
    ),
]
POWERS = [
    Instance(
        powers.power_of_product,
        given(ge(a, 0), ge(b, 0)),
        (a * b) ** Rational(1, 3),
        (),
        a ** Rational(1, 3) * b ** Rational(1, 3),
        a ** Rational(1, 3) * b,
        (a ** Rational(1, 2), ()),
    ),
    Instance(
        powers.power_of_power,
        given(ge(a, 0), ge(n, 1)),
        (a**n) ** Rational(1, 3),
        (),
        a ** (n / 3),
        a ** (n + Rational(1, 3)),
        (a ** Rational(1, 2), ()),
    ),
    Instance(powers.bernoulli, given(ge(a, 0), ge(n, 1)), a**n, (), 1 + n * (a - 1), 1 + n * a, (2**a, ())),
]
INSTANCES = [*LARGEST, *NESTED, *OTHERS, *EXCHANGED, *POWERS]

"""Instances of the laws of derivatives and indicators, each with the slip that a student would make.

In all of them the entries of w vary one by one; derivatives are taken by w[m].
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Abs, Add, Expr, Integer, LambertW, Max, Mod, Mul, cos, erf, exp, floor, log, oo, pi, sin, sqrt

from derive.language import (
    OTHERWISE,
    TRUE,
    Cases,
    Context,
    Entry,
    IndexProduct,
    Indicator,
    Partial,
    all_of,
    array,
    between,
    declare,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    ne,
)
from derive.language.forms import of
from derive.language.maps import Applied, Image
from derive.rules import algebra, calculus, entries, indicators, inverses, numbers, sums
from derive.rules.numbers import by_numbers
from tests.rules.instances import Instance, L, a, b, given, i, k, m, n, total, w, x

v = array("v", (0, 3))
MAPPED = Image("f", ((1, 2),), v)


A = array("A", (1, 2), (1, 2))
DET, q = Entry(of("determinant", A)), integer("p")
REGULAR = replace(given(between(1, n, 2), between(1, m, 2), ne(DET, 0)), arrays=(w, A))


def d(term: Expr) -> Partial:
    """The derivative by w[m]."""
    return Partial(term, w[m])


DERIVATIVES = [
    Instance(calculus.partial_of_entry, given(), d(w[n]), (), Indicator(eq(n, m)), Integer(1), (d(x[n]), ())),
    Instance(calculus.partial_of_constant, given(), d(a * x[0]), (), Integer(0), a, (d(a * w[n]), ())),
    Instance(
        calculus.partial_of_terms,
        given(),
        d(a * w[n] + w[m] ** 2),
        (),
        d(a * w[n]) + d(w[m] ** 2),
        d(a * w[n] + w[m]),
        (d(w[n]), ()),
    ),
    Instance(
        calculus.partial_of_sum,
        given(),
        d(total(w[i] ** 2 * (i + 1), 0, L)),
        (),
        total(d(w[i] ** 2 * (i + 1)), 0, L),
        total(d(w[i] ** 2 * (i + 1)), 0, L - 1),
        (d(total(w[i] * x[i], 0, oo)), ()),
    ),
    Instance(
        calculus.partial_of_multiple,
        given(),
        d(a * w[n] * w[m]),
        (),
        a * d(w[n] * w[m]),
        d(w[n] * w[m]),
        (d(w[n] * w[m]), ()),
    ),
    Instance(
        calculus.partial_of_product,
        given(),
        d(w[n] * w[m]),
        (),
        w[m] * d(w[n]) + w[n] * d(w[m]),
        d(w[n]) * d(w[m]),
        (d(w[n]), ()),
    ),
    Instance(
        calculus.partial_of_quotient,
        given(),
        d(w[n] / (1 + w[m] ** 2)),
        (),
        ((1 + w[m] ** 2) * d(w[n]) - w[n] * d(1 + w[m] ** 2)) / (1 + w[m] ** 2) ** 2,
        (w[n] * d(1 + w[m] ** 2) - (1 + w[m] ** 2) * d(w[n])) / (1 + w[m] ** 2) ** 2,
        (d(w[n] * w[m]), ()),
    ),
    Instance(
        calculus.partial_of_power,
        given(),
        d(w[n] ** 3),
        (),
        3 * w[n] ** 2 * d(w[n]),
        w[n] ** 2 * d(w[n]),
        (d(2 ** w[n]), ()),
    ),
    Instance(
        calculus.partial_of_function,
        given(),
        d(exp(a * w[n])),
        (),
        exp(a * w[n]) * d(a * w[n]),
        exp(a * w[n]),
        (d(floor(w[n])), ()),
    ),
    Instance(
        calculus.partial_of_function,
        given(gt(w[n], 0)),
        d(log(w[n])),
        (),
        d(w[n]) / w[n],
        d(w[n]) / w[m],
        (d(w[n] ** 2), ()),
    ),
    Instance(
        calculus.partial_of_function, given(), d(sin(n * w[0])), (), cos(n * w[0]) * d(n * w[0]), cos(n * w[0]), None
    ),
    Instance(
        calculus.partial_of_power,
        given(gt(w[n], 0)),
        d(sqrt(w[n])),
        (),
        d(w[n]) / (2 * sqrt(w[n])),
        d(w[n]) * sqrt(w[n]) / 2,
        (d(a ** w[n]), ()),
    ),
    Instance(
        calculus.partial_of_exponential,
        given(gt(w[n], 0)),
        d(w[n] ** w[m]),
        (),
        w[n] ** w[m] * d(w[m] * log(w[n])),
        w[m] * w[n] ** (w[m] - 1) * d(w[n]),
        (d(w[n] ** a), ()),
    ),
    Instance(
        calculus.partial_of_function,
        given(),
        d(erf(w[n])),
        (),
        2 * exp(-(w[n] ** 2)) / sqrt(pi) * d(w[n]),
        2 * exp(-w[n]) / sqrt(pi) * d(w[n]),
        (d(sqrt(w[n])), ()),
    ),
    Instance(
        calculus.partial_of_function,
        given(ge(w[n], 0)),
        d(LambertW(w[n])),
        (),
        exp(-LambertW(w[n])) / (1 + LambertW(w[n])) * d(w[n]),
        1 / (1 + LambertW(w[n])) * d(w[n]),
        (d(Abs(w[n])), ()),
    ),
    Instance(
        calculus.partial_of_applied,
        given(),
        d(Applied("f", 0, a * w[n])),
        (),
        Applied("f", 1, a * w[n]) * d(a * w[n]),
        Applied("f", 1, w[n]) * d(a * w[n]),
        (d(exp(w[n])), ()),
    ),
    Instance(
        calculus.partial_of_image,
        replace(given(between(0, m, 3)), arrays=(w, v)),
        Partial(MAPPED[2], v[m]),
        (),
        total(MAPPED.derivative[2, k] * Partial(v[k], v[m]), 0, 3, k),
        total(MAPPED.derivative[2, k] * Partial(v[k], v[m]), 1, 3, k),
        (d(w[n]), ()),
    ),
    Instance(
        algebra.logarithm_of_lambert,
        given(gt(a, 0)),
        log(LambertW(a)),
        (),
        log(a) - LambertW(a),
        log(a) + LambertW(a),
        (log(a), ()),
    ),
    Instance(algebra.odd_function, given(), erf(-a, evaluate=False), (), -erf(a), erf(a), (erf(a), ())),
    Instance(
        inverses.inverse_product,
        REGULAR,
        total(A[n, k] * of("inverse", A)[k, m], 1, 2, k),
        (),
        Indicator(eq(n, m)),
        Integer(1),
        (total(A[k, n] * of("inverse", A)[k, m], 1, 2, k), ()),
    ),
    Instance(
        inverses.inverse_product,
        REGULAR,
        total(of("inverse", A)[n, k] * A[k, m], 1, 2, k),
        (),
        Indicator(eq(n, m)),
        A[n, m],
        (total(A[n, k] * A[k, m], 1, 2, k), ()),
    ),
    Instance(
        inverses.partial_of_determinant,
        REGULAR,
        Partial(DET, A[n, m]),
        (),
        DET * total(total(of("inverse", A)[q, k] * Partial(A[k, q], A[n, m]), 1, 2, q), 1, 2, k),
        DET * total(total(of("inverse", A)[k, q] * Partial(A[k, q], A[n, m]), 1, 2, q), 1, 2, k),
        (Partial(Entry(of("trace", A)), A[n, m]), ()),
    ),
    Instance(
        calculus.partial_of_extreme,
        given(ne(w[m], 1)),
        d(Max(w[m], 1)),
        (),
        Indicator(gt(w[m], 1)) * d(w[m]) + Indicator(gt(1, w[m])) * d(Integer(1)),
        d(w[m]),
        (d(Max(w[n], a, b)), ()),
    ),
    Instance(
        calculus.partial_of_absolute_value,
        given(ne(w[m], 1)),
        d(Abs(w[m] - 1)),
        (),
        (Indicator(gt(w[m] - 1, 0)) - Indicator(lt(w[m] - 1, 0))) * d(w[m] - 1),
        d(w[m] - 1),
        (d(w[m]), ()),
    ),
    Instance(
        calculus.partial_of_cases,
        given(),
        d(Cases((w[n] ** 2, ge(n, 0)), (a * w[n], OTHERWISE))),
        (),
        Cases((d(w[n] ** 2), ge(n, 0)), (d(a * w[n]), OTHERWISE)),
        Cases((d(w[n] ** 2), gt(n, 0)), (d(a * w[n]), OTHERWISE)),
        (d(Cases((w[n], gt(w[n], 0)), (0, OTHERWISE))), ()),
    ),
]

RING = array("r", (0, L - 1), outside="wraps")
PLACES = [
    Instance(
        entries.same_place,
        replace(given(), arrays=(w, RING)),
        RING[Mod(n, L, evaluate=False)],
        (0, n + L, -floor(n / L, evaluate=False) - 1),
        RING[n + L],
        RING[n + L - 1],
        (w[n], (0, n + L, Integer(-1))),
    ),
    Instance(
        entries.same_remainder,
        given(),
        Mod(n, L, evaluate=False),
        (n - 2 * L, Integer(2)),
        Mod(n - 2 * L, L, evaluate=False),
        Mod(n + 1, L, evaluate=False),
        (n, (n, Integer(0))),
    ),
]

INDICATORS = [
    Instance(
        indicators.only_term,
        given(),
        total(w[i] * (i + 2) * Indicator(eq(i, n)), 1, L),
        (n,),
        w[n] * (n + 2) * Indicator(eq(n, n)) * Indicator(between(1, n, L)),
        w[n] * (n + 2) * Indicator(eq(n, n)),
        (total(w[i] * Indicator(eq(i, n)), 0, L), (i,)),
    ),
    Instance(
        indicators.only_case,
        given(),
        total((i + 2) * Indicator(eq(i + 1, n)), 0, L),
        (n - 1,),
        Cases(((n + 1) * Indicator(eq(n, n)), between(0, n - 1, L)), (0, OTHERWISE)),
        (n + 1) * Indicator(eq(n, n)),
        (n, (n,)),
    ),
    Instance(
        indicators.indicator_holds, given(ge(n, 0)), Indicator(ge(n, 0)), (), Integer(1), Integer(0), (Integer(1), ())
    ),
    Instance(
        indicators.indicator_fails, given(lt(n, 0)), Indicator(ge(n, 0)), (), Integer(0), Integer(1), (Integer(0), ())
    ),
    Instance(
        indicators.restate_indicator,
        given(),
        Indicator(ge(n, 1)),
        (gt(n, 0),),
        Indicator(gt(n, 0)),
        Indicator(ge(n, 0)),
        (n, (gt(n, 0),)),
    ),
    Instance(
        indicators.join_indicators,
        given(),
        (n + 1) * Indicator(ge(n, 0)) * Indicator(le(n, m)),
        (),
        (n + 1) * Indicator(all_of(le(n, m), ge(n, 0))),
        (n + 1) * Indicator(ge(n, 0)),
        (n * Indicator(ge(n, 0)), ()),
    ),
    Instance(
        indicators.relax_indicator,
        given(),
        x[n] * Indicator(between(0, n, m)),
        (le(n, m),),
        x[n] * Indicator(le(n, m)),
        x[n] * Indicator(lt(n, m)),
        (x[n], (TRUE,)),
    ),
    Instance(
        indicators.under_indicator,
        given(),
        (n + a) * Indicator(eq(n, m)),
        (m + a,),
        (m + a) * Indicator(eq(n, m)),
        (m - a) * Indicator(eq(n, m)),
        (Indicator(eq(n, m)), (m,)),
    ),
    Instance(
        indicators.indicator_as_cases,
        given(),
        (n + 1) * Indicator(ge(n, 0)),
        (),
        Cases((n + 1, ge(n, 0)), (0, OTHERWISE)),
        Cases((n + 1, gt(n, 0)), (0, OTHERWISE)),
        (Indicator(ge(n, 0)), ()),
    ),
    Instance(
        indicators.cases_as_indicators,
        given(),
        Cases((n + 1, ge(n, 0)), (a, OTHERWISE)),
        (),
        (n + 1) * Indicator(ge(n, 0)) + a * Indicator(lt(n, 0)),
        (n + 1) * Indicator(ge(n, 0)) + a,
        (Cases((n, ge(n, 0)), (a, lt(n, 0))), ()),
    ),
]

RANGES = [
    Instance(
        sums.change_range,
        given(),
        total(x[i] * w[i], 0, L - 1),
        (Integer(-2), L + 2),
        total(x[i] * w[i], -2, L + 2),
        total(x[i] * w[i], 1, L + 2),
        (total(x[i] * w[i], 0, oo), (Integer(0), L)),
    ),
    Instance(
        sums.sum_of_zeros,
        given(),
        total(Integer(0), 0, L),
        (),
        Integer(0),
        L + 1,
        (total(i, 0, L), ()),
    ),
]

GIVEN = array("given", (1, 3))
NUMBERS = Context(
    (declare("n", "integer"), declare("a", "real")),
    (),
    (by_numbers(GIVEN, {(1,): Integer(4), (2,): Integer(-5), (3,): Integer(2)}),),
    (w,),
)
"""An array that is given by its numbers."""

WRITTEN_OUT = [
    Instance(
        numbers.write_out_sum,
        given(),
        total((i + a) * w[i + n] * Indicator(ne(i, 2)), 1, 3),
        (),
        Add((1 + a) * w[n + 1], (3 + a) * w[n + 3], evaluate=False),
        (1 + a) * w[n + 1] + (2 + a) * w[n + 2] + (3 + a) * w[n + 3],
        (total(w[i], 1, L), ()),
    ),
    Instance(
        numbers.write_out_product,
        given(),
        IndexProduct(a + w[i + n], i, 1, 3),
        (),
        (a + w[n + 1]) * (a + w[n + 2]) * (a + w[n + 3]),
        (a + w[n + 1]) * (a + w[n + 2]),
        (IndexProduct(w[i], i, 1, L), ()),
    ),
    Instance(
        numbers.insert_numbers,
        NUMBERS,
        GIVEN[1] * (a + 1) + GIVEN[2] * w[n],
        (),
        Add(Mul(a + 1, 4, evaluate=False), Mul(-5, w[n], evaluate=False), evaluate=False),
        4 * (a + 1) + 5 * w[n],
        (w[n] + a, ()),
    ),
]

INSTANCES = [*DERIVATIVES, *PLACES, *INDICATORS, *RANGES, *WRITTEN_OUT]

"""Instances of the laws of positive factors; each with a slip."""

from __future__ import annotations

from sympy import Abs, Max, Rational

from derive.language import OTHERWISE, Cases, Indicator, Largest, eq, ge, gt, le
from derive.rules import scaling
from tests.rules.instances import Instance, L, a, b, given, i, m, n, total, w

INSTANCES = [
    Instance(
        scaling.factor_out_of_absolute_value,
        given(ge(a, 0)),
        Abs(a * w[n], evaluate=False),
        (a,),
        a * Abs(w[n]),
        Abs(w[n]),
        (Abs(w[n]), (a,)),
    ),
    Instance(
        scaling.factor_out_of_power,
        given(gt(a, 0), ge(b, 0)),
        (a**n * b) ** Rational(1, 3),
        (a, n),
        a ** (n / 3) * b ** Rational(1, 3),
        a**n * b ** Rational(1, 3),
        (b ** Rational(1, 3), (a, n)),
    ),
    Instance(
        scaling.factor_out_of_extreme,
        given(ge(a, 0)),
        Max(a * m, a * n, evaluate=False),
        (a,),
        a * Max(m, n),
        Max(m, n),
        (Max(a * m, n), (a,)),
    ),
    Instance(
        scaling.factor_out_of_largest,
        given(ge(a, 0)),
        Largest(a * w[i], i, 1, L),
        (a,),
        a * Largest(w[i], i, 1, L),
        Largest(w[i], i, 1, L),
        (Largest(w[i], i, 1, L), (a,)),
    ),
    Instance(
        scaling.factor_out_of_cases,
        given(),
        Cases((a * m, gt(n, 0)), (0, eq(n, 0)), (a * n, OTHERWISE)),
        (a,),
        a * Cases((m, gt(n, 0)), (0, eq(n, 0)), (n, OTHERWISE)),
        Cases((m, gt(n, 0)), (0, eq(n, 0)), (n, OTHERWISE)),
        (Cases((m, gt(n, 0)), (a, OTHERWISE)), (a,)),
    ),
    Instance(
        scaling.factor_out_of_conditions,
        given(gt(a, 0)),
        Cases((m, gt(a * n, 0)), (n, OTHERWISE)),
        (a, Cases((m, gt(n, 0)), (n, OTHERWISE))),
        Cases((m, gt(n, 0)), (n, OTHERWISE)),
        Cases((m, ge(n, 0)), (n, OTHERWISE)),
        (Cases((m, gt(a * n, 0)), (n, OTHERWISE)), (a, Cases((n, gt(n, 0)), (n, OTHERWISE)))),
    ),
    Instance(
        scaling.factor_out_of_conditions,
        given(gt(a, 0)),
        Indicator(gt(total(a * w[i], 1, L), a * b)),
        (a, Indicator(gt(total(w[i], 1, L), b))),
        Indicator(gt(total(w[i], 1, L), b)),
        Indicator(le(total(w[i], 1, L), b)),
        (Indicator(gt(a * n, 0)), (a, Indicator(ge(n, 0)))),
    ),
]

"""Instances of the laws of integrals; each with a slip."""

from __future__ import annotations

from sympy import Expr, Integer

from derive.language import OTHERWISE, Cases, Integral, eq, ge, gt, le, lt, real
from derive.rules import integrals
from tests.rules.instances import Instance, L, a, b, given, i, m, n, total, w

t, u = real("t"), real("u")


def over(body: Expr, low: object, high: object) -> Integral:
    """int(body, t=low..high)"""
    return Integral(body, t, low, high)


ORDERED = given(le(a, b))
STEP = Cases((1, gt(t, 0)), (n, eq(t, 0)), (0, lt(t, 0)))
INSTANCES = [
    Instance(
        integrals.integral_of_terms,
        ORDERED,
        over(t**2 + a, a, b),
        (),
        over(t**2, a, b) + over(a, a, b),
        over(t**2, a, b) + a,
        (over(t**2, a, b), ()),
    ),
    Instance(
        integrals.constant_out_of_integral,
        ORDERED,
        over(a * w[n] * t, a, b),
        (),
        a * w[n] * over(t, a, b),
        a * over(t, a, b),
        (over(t, a, b), ()),
    ),
    Instance(integrals.integral_of_constant, ORDERED, over(n, a, b), (), n * (b - a), n * (b + a), (over(t, a, b), ())),
    Instance(
        integrals.split_integral,
        given(le(a, 0), ge(b, 0)),
        over(STEP, a, b),
        (Integer(0),),
        over(STEP, a, 0) + over(STEP, 0, b),
        over(STEP, a, 0) - over(STEP, 0, b),
        (over(t, a, b), (t,)),
    ),
    Instance(
        integrals.same_inside,
        given(gt(b, 0)),
        over(STEP, 0, b),
        (Integer(1),),
        over(Integer(1), 0, b),
        over(Integer(2), 0, b),
        (total(w[i], 0, L), (t,)),
    ),
    Instance(
        integrals.by_antiderivative,
        ORDERED,
        over(t**2, a, b),
        (t**3 / 3,),
        b**3 / 3 - a**3 / 3,
        b**3 / 3 + a**3 / 3,
        (over(t, a, b), (Cases((t, gt(t, 0)), (0, OTHERWISE)),)),
    ),
    Instance(integrals.integral_over_point, given(eq(a, b)), over(t + 1, a, b), (), Integer(0), b + 4, (w[m], ())),
]
"""One instance for each law of integrals."""


"""Instances of the laws of floors and ceilings, each with a slip: floor for ceiling, a divisor of the wrong floor."""

from __future__ import annotations

from sympy import Integer, Mod

from derive.language import between, ge, le
from derive.rules import integers
from derive.rules.integers import quotient
from tests.rules.instances import Instance, L, given, m, n

MANY = given(ge(m, 1))
INSTANCES = [
    Instance(
        integers.integer_arithmetic,
        given(le(L, n), le(2, m)),
        quotient(n - L, m) + 1,
        (quotient(n - L + 1, m, upwards=True),),
        quotient(n - L + 1, m, upwards=True),
        quotient(n - L, m, upwards=True),
        (n / 2, (n,)),
    ),
    Instance(
        integers.floor_is,
        given(between(0, n, L - 1)),
        quotient(n, L),
        (Integer(0),),
        Integer(0),
        Integer(1),
        (n, (n,)),
    ),
    Instance(
        integers.ceiling_is,
        given(between(1, n, L)),
        quotient(n, L, upwards=True),
        (Integer(1),),
        Integer(1),
        quotient(n, L),
        (quotient(n, L), (n,)),
    ),
    Instance(
        integers.floor_of_floor,
        MANY,
        quotient(quotient(n, L) + 1, m),
        (),
        quotient(n + L, L * m),
        quotient(n + L, m),
        (quotient(n, L), ()),
    ),
    Instance(
        integers.integer_through_floor,
        MANY,
        quotient(n + L * m, m),
        (L,),
        quotient(n, m) + L,
        quotient(n, m) + m,
        (quotient(n, m), (n / 2,)),
    ),
    Instance(
        integers.floor_as_ceiling,
        MANY,
        quotient(n, m),
        (),
        quotient(n - m + 1, m, upwards=True),
        quotient(n, m, upwards=True),
        (n, ()),
    ),
    Instance(
        integers.ceiling_as_floor,
        MANY,
        quotient(n, m, upwards=True),
        (),
        quotient(n + m - 1, m),
        quotient(n + m, m),
        (quotient(n, m), ()),
    ),
    Instance(
        integers.remainder,
        MANY,
        n - m * quotient(n, m),
        (n, m),
        Mod(n, m),
        Mod(n, m) + 1,
        (n - m * quotient(n, L), (n, m)),
    ),
]

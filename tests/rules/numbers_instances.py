"""Instances of the laws of numbers, each with the slip that a student would make.

The entries of v are 3, -2, 1/2 at 1, 2, 3, and 0 elsewhere; those of w are free.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Add, Integer, Mul, Pow, Rational

from derive.language import Context, Indicator, array, le
from derive.rules import numbers
from tests.rules.instances import Instance, given, i, k, n, total, w

v = array("v", (1, 3), outside="zero")
NUMBERS = {(1,): Integer(3), (2,): Integer(-2), (3,): Rational(1, 2)}
half = Rational(1, 2)


def with_numbers() -> Context:
    """The context of the other instances, in which v is given as well."""
    plain = given()
    return replace(plain, definitions=(*plain.definitions, numbers.by_numbers(v, NUMBERS)))


def product(*factors: object) -> Mul:
    """A product as it is written."""
    return Mul(*factors, evaluate=False)


WRITTEN_OUT = [
    Instance(
        numbers.write_out_sum,
        given(),
        total(i * w[i], 1, 3),
        (),
        Add(w[1], 2 * w[2], 3 * w[3], evaluate=False),
        Add(w[1], 2 * w[2], evaluate=False),
        (total(w[i], 0, n), ()),
    ),
    Instance(
        numbers.write_out_sum,
        with_numbers(),
        total(total(w[i + k] * v[4 - i] * Indicator(le(k, 0)), 0, 1, k), 2, 5),
        (),
        Add(w[2] * v[2], w[3] * v[1], evaluate=False),
        Add(w[2] * v[1], w[3] * v[2], evaluate=False),
        (total(w[i], 1, numbers.MOST_TERMS + 1), ()),
    ),
]
INSERTED = [
    Instance(
        numbers.insert_numbers,
        with_numbers(),
        Add(w[1] * v[1], v[2] * v[3], evaluate=False),
        (),
        Add(product(Integer(3), w[1]), product(Integer(-2), half), evaluate=False),
        Add(product(Integer(3), w[1]), product(Integer(2), half), evaluate=False),
        (w[1] * v[n], ()),
    ),
    Instance(
        numbers.insert_numbers,
        with_numbers(),
        Add(-v[1] * v[2], -(v[3] ** 2), -v[1], evaluate=False),
        (),
        Add(product(-1, product(3, -2)), product(-1, Pow(half, 2, evaluate=False)), Integer(-3), evaluate=False),
        Add(product(-1, product(3, -2)), Pow(half, 2, evaluate=False), Integer(-3), evaluate=False),
        (total(v[i], 1, 3), ()),
    ),
]
INSTANCES = [*WRITTEN_OUT, *INSERTED]

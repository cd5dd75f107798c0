"""Instances of the laws of norms, with small matrices whose entries vary freely; each with a slip."""

from __future__ import annotations

from typing import Any

from sympy import Abs, Expr, Integer, sqrt

from derive.language import Context, Definition, ForAll, Indicator, Largest, array, declare, eq, ge, gt, integer, le, ne
from derive.language.forms import of
from derive.language.orthonormal import orthonormal_columns
from derive.rules import indicators, norms, powers
from tests.rules.instances import Instance, total

_D = [declare("m", "size"), declare("n", "size"), declare("R", "size"), declare("a", "real"), declare("b", "real")]
m, n, R, a, b = (d.symbol for d in _D)
i, j, l, t, h = (integer(name) for name in "ijlth")  # noqa: E741
x, y, s = array("x", (1, n)), array("y", (1, m)), array("s", (1, R))
A, B, E = (array(name, (1, m), (1, n)) for name in "ABE")
U, V = array("U", (1, m), (1, R)), array("V", (1, n), (1, R))
OUTER = Definition(B, (j, i), y[j] * x[i])
MADE = Definition(E, (i, j), total(U[i, l] * s[l] * V[j, l], 1, R, l))
FREE = Context(tuple(_D), (), (OUTER,), (A, x, y))
SIGNED = Context(tuple(_D), (ForAll(ge(x[t], 0), t, 1, n),), (), (x, y))
ORTHONORMAL = (le(R, m), le(R, n), orthonormal_columns(U), orthonormal_columns(V), ForAll(ge(s[t], 0), t, 1, R))
DECOMPOSED = Context(tuple(_D), ORTHONORMAL, (MADE,), (U, V, s))
_PLACES = declare("h", "integer"), declare("t", "integer")
COLUMNS = Context((_D[0], _D[2], *_PLACES), (le(R, m), orthonormal_columns(U)), (), (U,))
v = of("leading_direction", A)


def image(matrix: Any, vector: Any) -> Expr:
    """|A x|^2"""
    return total(total(matrix[j, i] * vector[i], 1, n) ** 2, 1, m, j)


WHOLE = total(x[i] * (x[i] + 1), 1, n)
INSIDE = COLUMNS.with_hypotheses(ge(h, 1), ge(R, h), ge(t, 1), ge(R, t))
LENGTHS = Context((_D[1], _PLACES[1]), (ge(t, 1), ge(n, t)), (), (x,))
INSTANCES = [
    Instance(
        norms.cauchy_schwarz,
        FREE,
        WHOLE**2,
        (x[i], x[i] + 1),
        total(x[i] ** 2, 1, n) * total((x[i] + 1) ** 2, 1, n),
        total(x[i] ** 2, 1, n) * total(x[i] ** 2, 1, n),
        (WHOLE**3, (x[i], x[i] + 1)),
    ),
    Instance(
        norms.cauchy_schwarz,
        FREE,
        Abs(WHOLE),
        (x[i], x[i] + 1),
        sqrt(total(x[i] ** 2, 1, n)) * sqrt(total((x[i] + 1) ** 2, 1, n)),
        total(x[i] ** 2, 1, n),
        (Abs(x[1]), (x[i], x[i] + 1)),
    ),
    Instance(
        norms.minkowski,
        FREE,
        sqrt(total((x[i] + 1) ** 2, 1, n)),
        (x[i], Integer(1)),
        sqrt(total(x[i] ** 2, 1, n)) + sqrt(total(Integer(1), 1, n)),
        sqrt(total(x[i] ** 2, 1, n)),
        (total((x[i] + 1) ** 2, 1, n), (x[i], Integer(1))),
    ),
    Instance(
        norms.absolute_value_of_sum,
        FREE,
        Abs(total(x[i] + 1, 1, n)),
        (),
        total(Abs(x[i] + 1), 1, n),
        total(x[i] + 1, 1, n),
        (total(x[i], 1, n), ()),
    ),
    Instance(
        norms.at_most_length,
        LENGTHS,
        Abs(x[t]),
        (total(x[i] ** 2, 1, n), t),
        sqrt(total(x[i] ** 2, 1, n)),
        sqrt(total(x[i] ** 2, 1, n)) / 2,
        (x[t] + 1, (total(x[i] ** 2, 1, n), t)),
    ),
    Instance(
        norms.hoelder_largest,
        SIGNED,
        total(x[i] ** 2, 1, n),
        (x[i], x[i]),
        Largest(x[i], i, 1, n) * total(x[i], 1, n),
        Largest(x[i], i, 1, n) ** 2 / 2,
        (x[1], (x[i], x[i])),
    ),
    Instance(
        norms.at_most_sum,
        SIGNED,
        x[1],
        (total(x[i], 1, n), Integer(1)),
        total(x[i], 1, n),
        x[1] / 2,
        (x[2], (total(x[i], 1, n), Integer(1))),
    ),
    Instance(
        norms.spectral_bound,
        FREE,
        image(A, x),
        (),
        norms.spectral(A) ** 2 * total(x[i] ** 2, 1, n),
        norms.spectral(A) * total(x[i] ** 2, 1, n) / 9,
        (total(total(A[j, i] * A[j, i], 1, n) ** 2, 1, m, j), ()),
    ),
    Instance(
        norms.spectral_attained,
        FREE,
        image(A, v),
        (),
        norms.spectral(A) ** 2,
        norms.spectral(A),
        (image(A, x), ()),
    ),
    Instance(norms.leading_is_unit, FREE, total(v[i] ** 2, 1, n), (), Integer(1), n, (total(x[i] ** 2, 1, n), ())),
    Instance(
        norms.spectral_of_outer,
        FREE,
        norms.spectral(B),
        (y[j], j, x[i], i),
        sqrt(total(y[j] ** 2, 1, m, j)) * sqrt(total(x[i] ** 2, 1, n)),
        total(y[j] ** 2, 1, m, j) * total(x[i] ** 2, 1, n),
        (norms.nuclear(B), (y[j], j, x[i], i)),
    ),
    Instance(
        norms.spectral_by_values,
        DECOMPOSED,
        norms.spectral(E),
        (U[i, l], s[l], V[j, l]),
        Largest(s[l], l, 1, R),
        total(s[l], 1, R, l),
        (norms.spectral(E), (U[i, l], s[l], U[j, l])),
    ),
    Instance(
        norms.nuclear_by_values,
        DECOMPOSED,
        norms.nuclear(E),
        (U[i, l], s[l], V[j, l]),
        total(s[l], 1, R, l),
        Largest(s[l], l, 1, R),
        (norms.spectral(E), (U[i, l], s[l], V[j, l])),
    ),
    Instance(
        norms.orthonormal,
        INSIDE,
        total(U[i, h] * U[i, t], 1, m),
        (),
        Indicator(eq(h, t)),
        Integer(1),
        (total(U[i, h] * U[h, i], 1, m), ()),
    ),
    Instance(
        norms.sign_of_product,
        FREE,
        norms.signum(a * b),
        (a, b),
        norms.signum(a) * norms.signum(b),
        norms.signum(a) + norms.signum(b),
        (norms.signum(a), (a, b)),
    ),
    Instance(
        norms.sign_squared, FREE, norms.signum(a) ** 2, (a,), Indicator(ne(a, 0)), Integer(1), (norms.signum(a), (a,))
    ),
    Instance(
        indicators.scale_indicator,
        Context(tuple(_D), (gt(a, 0),)),
        Indicator(le(b, 1)),
        (a,),
        Indicator(le(a * b, a)),
        Indicator(le(a * b, 1)),
        (a, (a,)),
    ),
    Instance(
        indicators.shift_indicator,
        FREE,
        Indicator(eq(a, 1)),
        (b,),
        Indicator(eq(a + b, b + 1)),
        Indicator(eq(a + b, 1)),
        (a, (a,)),
    ),
    Instance(
        indicators.squares_are_zero,
        FREE,
        Indicator(eq(total(total((a * j * i + b) ** 2, 1, n), 1, m, j), 0)),
        (),
        Indicator(ForAll(ForAll(eq(a * j * i + b, 0), i, 1, n), j, 1, m)),
        Indicator(ForAll(ForAll(eq(a * j * i + b, 0), i, 2, n), j, 1, m)),
        (Indicator(eq(total(a * i, 1, n), 0)), ()),
    ),
    Instance(
        powers.real_bernoulli,
        Context(tuple(_D), (ge(a, 0), ge(b, 1))),
        a**b,
        (),
        1 + b * (a - 1),
        1 + b * a,
        (b, ()),
    ),
]

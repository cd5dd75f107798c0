"""The example of these tests: a pulse of L ones through the filter a**n, its closed form, and wrong ones."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

from sympy import Expr, Integer, oo

from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    IndexSum,
    between,
    declare,
    eq,
    integer,
    le,
    lt,
    ne,
    signal,
)

DECLARED = (declare("n", "integer"), declare("L", "size"), declare("a", "real"))
n, L, a = (d.symbol for d in DECLARED)
i = integer("i")
x, h, y = signal("x", 0, L - 1), signal("h", 0), signal("y")
CONTEXT = Context(
    DECLARED,
    definitions=(
        Definition(x, (n,), Integer(1)),
        Definition(h, (n,), a**n),
        Definition(y, (n,), IndexSum(x[i] * h[n - i], i, -oo, oo)),
    ),
)


def oracle(n: int, L: int, a: Fraction) -> Fraction:
    """The convolution sum, term by term."""
    total = a * 0
    for k in range(L):
        if n - k >= 0:
            total += a ** (n - k)
    return total


CLAIM = SimpleNamespace(context=CONTEXT, left=y[n], oracle=oracle, parameters=("n", "L", "a"), free_arrays=())


def geometric(top: Expr, one: Expr) -> Cases:
    """top/(1 - a), and its value at a = 1."""
    return Cases((top / (1 - a), ne(a, 1)), (one, eq(a, 1)))


RISE = geometric(1 - a ** (n + 1), n + 1)
TAIL = geometric(a ** (n - L + 1) * (1 - a**L), L)
RIGHT = Cases((0, lt(n, 0)), (RISE, between(0, n, L - 1)), (TAIL, OTHERWISE))

WRONG = {
    "tail for all n": TAIL,
    "tail for all n >= 0": Cases((0, lt(n, 0)), (TAIL, OTHERWISE)),
    "rise at n = L + 1": Cases((0, lt(n, 0)), (RISE, between(0, n, L + 1)), (TAIL, OTHERWISE)),
    "limit off by one": Cases((0, lt(n, 0)), (geometric(1 - a**n, n), between(0, n, L - 1)), (TAIL, OTHERWISE)),
    "sign": Cases(
        (0, lt(n, 0)),
        (RISE, between(0, n, L - 1)),
        (geometric(a ** (n - L + 1) * (1 + a**L), L), OTHERWISE),
    ),
    "no case a = 1": Cases((0, lt(n, 0)), ((1 - a ** (n + 1)) / (1 - a), between(0, n, L - 1)), (TAIL, OTHERWISE)),
    "wrong value at a = 1": Cases(
        (0, lt(n, 0)), (RISE, between(0, n, L - 1)), (geometric(a ** (n - L + 1) * (1 - a**L), L - 1), OTHERWISE)
    ),
    "not 0 before the pulse": Cases((RISE, le(n, L - 1)), (TAIL, OTHERWISE)),
    "no last case": Cases((0, lt(n, 0)), (RISE, between(0, n, L - 1))),
}

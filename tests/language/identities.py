"""True and false identities with symbolic exponents, by hand; shared by the tests and the benchmark."""

from __future__ import annotations

from sympy import Expr, Integer, Rational, exp

from derive.language import integer, real

a, b, r = real("a"), real("b"), real("r")
n, m, L = integer("n"), integer("m"), integer("L")
HALF = Rational(1, 2)

TRUE_ONES: list[tuple[Expr, Expr]] = [
    (a ** (n - L + 1) * (1 - a**L) / (1 - a), (a ** (n + 1) - a ** (n - L + 1)) / (a - 1)),
    ((1 - a ** (n + 2)) / (1 - a), (1 - a ** (n + 1)) / (1 - a) + a ** (n + 1)),
    ((a ** (n + 1) - b ** (n + 1)) / (a - b), a**n + b * (a**n - b**n) / (a - b)),
    (4**n - 1, (2**n - 1) * (2**n + 1)),
    ((1 - HALF ** (n + 1)) / (1 - HALF), 2 - 2 ** (-n)),
    ((-1) ** (2 * n + 1) * a**n, -(a**n)),
    ((a * b) ** n * a, a ** (n + 1) * b**n),
    (a ** (2 * n) - b ** (2 * n), (a**n - b**n) * (a**n + b**n)),
    (
        a * (1 - (n + 1) * a**n + n * a ** (n + 1)) / (1 - a) ** 2 + (n + 1) * a ** (n + 1),
        a * (1 - (n + 2) * a ** (n + 1) + (n + 1) * a ** (n + 2)) / (1 - a) ** 2,
    ),
    ((1 - r) ** (n + 1) + r * (1 - r) ** n, (1 - r) ** n),
    (exp(a + b) - exp(a), exp(a) * (exp(b) - 1)),
    (6**n * a ** (n + m) / (3**n * a**m), (2 * a) ** n),
]

FALSE_ONES: list[tuple[Expr, Expr]] = [
    (a ** (n - L + 1) * (1 - a**L) / (1 - a), (a ** (n + 1) - a ** (n - L)) / (a - 1)),
    ((1 - a ** (n + 2)) / (1 - a), (1 - a ** (n + 1)) / (1 - a) + a**n),
    ((a ** (n + 1) - b ** (n + 1)) / (a - b), a**n + a * (a**n - b**n) / (a - b)),
    (4**n - 1, (2**n - 1) * (2**n - 1)),
    ((1 - HALF**n) / (1 - HALF), 2 - 2 ** (-n)),
    ((-1) ** (n + 1) * a**n, -(a**n)),
    ((a * b) ** n * a, a**n * b ** (n + 1)),
    (a ** (2 * n) - b ** (2 * n), (a**n - b**n) ** 2),
    (a * (1 - (n + 1) * a**n + n * a ** (n + 1)) / (1 - a) ** 2, a * (1 - (n + 1) * a**n + n * a ** (n + 1)) / (1 - a)),
    ((1 - r) ** (n + 1) + r * (1 - r) ** n, (1 + r) ** n),
    (exp(a + b) - exp(a), exp(a) * exp(b) - 1),
    (6**n * a ** (n + m) / (3**n * a**m), 2 * a**n + Integer(0)),
]

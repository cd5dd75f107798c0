"""Instances of the laws of the spectral norm of matrices that are made of others; each with a slip."""

from __future__ import annotations

from sympy import Abs, Integer

from derive.language import Context, Definition, array, declare, integer, le
from derive.language.forms import of
from derive.language.orthonormal import orthonormal_columns
from derive.rules import spectral
from derive.rules.norms import spectral as norm
from tests.rules.instances import Instance, total

_D = [declare("m", "size"), declare("n", "size"), declare("R", "size"), declare("a", "real")]
m, n, R, a = (d.symbol for d in _D)
i, j, k = (integer(name) for name in "ijk")
A, C = (array(name, (1, m), (1, n)) for name in "AC")
B = array("B", (1, n), (1, R))
U, V = array("U", (1, R), (1, m)), array("V", (1, R), (1, n))
Q = array("Q", (1, m), (1, m))
S, T = array("S", (1, m), (1, n)), array("T", (1, n), (1, m))
P, G, W, H = (array(name, *axes) for name, axes in (
    ("P", ((1, m), (1, R))), ("G", ((1, n), (1, n))), ("W", ((1, R), (1, n))), ("H", ((1, m), (1, R))),
))  # fmt: skip
X = array("X", (1, m), (1, n))
TRANSPOSE = of("transpose", A)
_MADE = (
    Definition(S, (i, j), 2 * A[i, j] - a * C[i, j]),
    Definition(T, (i, j), a * A[j, i]),
    Definition(P, (i, j), total(A[i, k] * B[k, j], 1, n, k)),
    Definition(G, (i, j), total(A[k, i] * A[k, j], 1, m, k)),
)
FREE = Context(tuple(_D), (), _MADE, (A, B, C))
_TALL = (le(m, R), le(n, R), orthonormal_columns(U), orthonormal_columns(V))
_ROTATED = (
    Definition(W, (i, j), total(U[i, k] * A[k, j], 1, m, k)),
    Definition(H, (i, j), total(A[i, k] * V[j, k], 1, n, k)),
)
ROTATED = Context(tuple(_D), _TALL, _ROTATED, (A, U, V))
SQUARE = Context(
    tuple(_D), (orthonormal_columns(Q),), (Definition(X, (i, j), total(Q[k, i] * A[k, j], 1, m, k)),), (A, Q)
)
INSTANCES = [
    Instance(
        spectral.spectral_of_combination,
        FREE,
        norm(S),
        (2 * A[i, j] - a * C[i, j], i, j),
        2 * norm(A) + Abs(a) * norm(C),
        norm(A) + Abs(a) * norm(C) / 2,
        (norm(S), (2 * A[i, j] - i * C[i, j], i, j)),
    ),
    Instance(
        spectral.spectral_of_combination,
        FREE,
        norm(T),
        (a * A[j, i], i, j),
        Abs(a) * norm(A),
        a * norm(A),
        (norm(T), (a * A[i, j], i, j)),
    ),
    Instance(
        spectral.spectral_of_product,
        FREE,
        norm(P),
        (A[i, k] * B[k, j], i, j),
        norm(A) * norm(B),
        norm(A),
        (norm(P), (A[i, k] * B[j, k], i, j)),
    ),
    Instance(
        spectral.spectral_of_square,
        FREE,
        norm(G),
        (A[k, i] * A[k, j], i, j),
        norm(A) ** 2,
        norm(A),
        (norm(G), (A[i, k] * A[k, j], i, j)),
    ),
    Instance(
        spectral.spectral_of_rotated,
        ROTATED,
        norm(W),
        (U[i, k], A[k, j], i, j),
        norm(A),
        norm(A) + 1,
        (norm(W), (A[k, j], U[i, j], i, j)),
    ),
    Instance(
        spectral.spectral_of_rotated,
        ROTATED,
        norm(H),
        (V[j, k], A[i, k], i, j),
        norm(A),
        norm(A) * 2,
        (Integer(1), (V[j, k], A[i, k], i, j)),
    ),
    Instance(
        spectral.spectral_of_rotated,
        SQUARE,
        norm(X),
        (Q[k, i], A[k, j], i, j),
        norm(A),
        norm(A) ** 2,
        (norm(X), (Q[i, i], A[k, j], i, j)),
    ),
]

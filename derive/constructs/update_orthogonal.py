r"""Muon and the scale of the gradient: a Newton-Schulz step does not feel it, if the matrix is normalised first.

Muon replaces a gradient matrix G by an approximation of its polar factor: with the Frobenius norm, $X = G/|G|_F$, and
then polynomials $X \mapsto aX + b\,XX^\top X$. X has the degree 0, so everything made of it has.
Without the normalisation $\tfrac12(3G - GG^\top G)$ has no degree at all: its terms have the degrees 1 and 3.

Source: Jordan and others, Muon: an optimizer for hidden layers in neural networks, 2024 (Newton-Schulz iteration after
division by the norm); Higham, Functions of Matrices, 2008, section 8.3, (8.20).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, sqrt

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, gt, integer
from derive.language.numbers import power
from derive.rules.degrees import twin, with_twins
from derive.rules.homogeneity import homogeneous

_m, _n, _i, _j = declare("m", "size", "rows"), declare("n", "size", "columns"), *(declare(x, "integer") for x in "ij")
_s, _a, _b = declare("s", "real", "factor"), declare("a", "real"), declare("b", "real")
m, n, i, j, s, a, b = (d.symbol for d in (_m, _n, _i, _j, _s, _a, _b))
k, t = integer("k"), integer("t")
G, X, Y = (array(name, (1, m), (1, n)) for name in "GXY")
SQUARES = IndexSum(IndexSum(G[k, t] ** 2, t, 1, n), k, 1, m)
INSIDE = (between(1, i, m), between(1, j, n), gt(s, 0))


def polynomial(of: Array) -> Expr:
    """a X + b X X' X, entry by entry."""
    return a * of[i, j] + b * IndexSum(IndexSum(of[i, t] * of[k, t], t, 1, n) * of[k, j], k, 1, m)


NORMAL = Definition(X, (i, j), G[i, j] / sqrt(SQUARES))
FIRST = Definition(Y, (i, j), polynomial(X))
_MUON = Context((_m, _n, _i, _j, _s, _a, _b), (*INSIDE, gt(SQUARES, 0)), (NORMAL, FIRST), (G,))
_RAW = Context((_m, _n, _i, _j, _s, _a, _b), INSIDE, (Definition(Y, (i, j), polynomial(G)),), (G,))
MUON = with_twins(_MUON, {G: lambda *_: s})
NORMALISED = with_twins(Context(_MUON.declarations[:5], _MUON.hypotheses, (NORMAL,), (G,)), {G: lambda *_: s})
RAW = with_twins(_RAW, {G: lambda *_: s}, {G: lambda *_: s**2})


def normalised() -> Derivation:
    """Degree 0."""
    return homogeneous("update_orthogonal.normalised", NORMALISED, X[i, j], s, (G,))


def one_step() -> Derivation:
    """Degree 0."""
    return homogeneous("update_orthogonal.one_step", MUON, Y[i, j], s, (G,))


def normal(m: int, n: int, s: Any, G: Any) -> list[list[Any]]:
    """The multiple of the matrix, divided by its Frobenius norm."""
    rows = [[s * G(row, column) for column in range(1, n + 1)] for row in range(1, m + 1)]
    scale = power(sum(entry * entry for row in rows for entry in row), Fraction(-1, 2))
    return [[scale * entry for entry in row] for row in rows]


def stepped(rows: list[list[Any]], a: Any, b: Any) -> list[list[Any]]:
    """A polynomial step, with the Gram matrix of the rows."""
    gram = [[sum(x * y for x, y in zip(one, other, strict=True)) for other in rows] for one in rows]
    return [
        [a * row[c] + b * sum(gram[r][q] * rows[q][c] for q in range(len(rows))) for c in range(len(row))]
        for r, row in enumerate(rows)
    ]


def normalised_oracle(m: int, n: int, i: int, j: int, s: Any, G: Any) -> Any:
    """Of length 1."""
    return normal(m, n, s, G)[i - 1][j - 1]


def one_step_oracle(m: int, n: int, i: int, j: int, s: Any, a: Any, b: Any, G: Any) -> Any:
    """A step from there."""
    return stepped(normal(m, n, s, G), a, b)[i - 1][j - 1]


_ALL: Text = ("All entries of ", G, " are multiplied by ", s, ". What becomes of ")
p = integer("p")
_SAID: Text = ("A step without normalisation has some degree ", p, ", so that ", twin(Y), " is ", s**p, " times ", Y)
_SAID = (*_SAID, " and ", twin(Y, 2), " is ", s ** (2 * p), " times ", Y)
UNSCALED = Refuted(
    name="unscaled",
    title="Newton-Schulz without normalisation",
    statement=_SAID,
    context=RAW,
    left=twin(Y, 2)[i, j] * Y[i, j],
    relation="=",
    right=twin(Y)[i, j] ** 2,
    missing=("Its terms have the degrees 1 and 3.",),
    instead="update_orthogonal.one_step",
)
CONSTRUCT = Construct(
    name="update_orthogonal",
    title="Muon and the scale of the gradient",
    about=("A gradient matrix ", G, " is divided by its Frobenius norm, and a polynomial step follows."),
    conventions=("the update is told without the rate and its sign",),
    source="Jordan and others, Muon, 2024; Higham, Functions of Matrices, 2008, section 8.3, (8.20)",
    claims=(
        Claim("one_step", "After a step", (*_ALL, Y[i, j], "?"), MUON, twin(Y)[i, j], one_step, one_step_oracle),
        Claim("normalised", "The matrix of length 1", (*_ALL, X[i, j], "?"), NORMALISED, twin(X)[i, j], normalised,
              normalised_oracle),
    ),
    refuted=(UNSCALED,),
)  # fmt: skip

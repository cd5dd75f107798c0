r"""The orthogonal factor $U V^\top$ of a gradient: its singular values are 1, so its spectral norm is 1.

Of a compact singular value decomposition $G = U \operatorname{Diag}(s) V^\top$ of rank $R \ge 1$ keep
$M = U V^\top$. Since the columns of U are orthonormal, $M^\top M = V V^\top$, and since those of V are, this is a
projector: its square is itself. So $\lVert M \rVert_2 = 1$ and $\lVert M \rVert_F = \sqrt R$.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, theorem 7.3.2, section 7.4.7; Jordan, Jin, Boza, You, Cesista,
Newhouse, Bernstein, Muon: an optimizer for hidden layers in neural networks, 2024 (orthogonalised updates).
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.matrix_norms import SIZES, Matrix, d_i, d_o, i, j, squares_of
from derive.constructs.rank_norms import _R as rank
from derive.constructs.rank_norms import R, U, V, composed, l, m, over
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, between, declare, integer, le
from derive.language.orthonormal import orthonormal_columns
from derive.language.stretching import stretch
from derive.rules.algebra import algebra, fold_definition
from derive.rules.bracketing import rebracketed
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.deltas import undelta
from derive.rules.norms import orthonormal, spectral, spectral_by_values
from derive.rules.ranges import largest_is
from derive.rules.sums import sum_of_constant
from derive.rules.windows import insert_definitions

_a, _b = declare("a", "integer", "a column"), declare("b", "integer", "a column")
a, b = _a.symbol, _b.symbol
t, h = integer("t"), integer("h")
M, P = array("M", (1, d_o), (1, d_i)), array("P", (1, d_i), (1, d_i))
PRODUCT = Definition(M, (j, i), over(U[j, l] * V[i, l]))
ORTHONORMAL = le(R, d_o), le(R, d_i), orthonormal_columns(U), orthonormal_columns(V)
INSIDE = between(1, a, d_i), between(1, b, d_i)
ANY = Context((*SIZES, rank), ORTHONORMAL, (PRODUCT,), (U, V))
PLACE = Context((*SIZES, rank, _a, _b), (*INSIDE, *ORTHONORMAL), (PRODUCT,), (U, V))
PROJECTOR = Context((*SIZES[1:], rank, _a, _b), (*INSIDE, le(R, d_i), ORTHONORMAL[-1]),
                    (Definition(P, (i, t), over(V[i, l] * V[t, l])),), (V,))  # fmt: skip
GRAM, SQUARE = IndexSum(M[j, a] * M[j, b], j, 1, d_o), IndexSum(P[a, t] * P[t, b], t, 1, d_i)
ALL = IndexSum(IndexSum(M[j, i] ** 2, i, 1, d_i), j, 1, d_o)
inserted = one_line(insert_definitions, ("definition of ", M))
only_equal = one_line(undelta, ("only equal columns are left",))


def gram() -> Derivation:
    """(M'M)_ab = (V V')_ab."""
    inner = IndexSum(U[j, l] * U[j, m], j, 1, d_o)
    moves = then(
        inserted,
        rebracketed(over(over(V[a, l] * V[b, m] * inner, m))),
        at_part(inner, by(orthonormal)),
        only_equal,
    )
    return derived("orthogonalised.gram", PLACE, GRAM, moves)


def projector() -> Derivation:
    """(P P)_ab = P_ab."""
    inner = IndexSum(V[t, l] * V[t, m], t, 1, d_i)
    moves = then(
        one_line(insert_definitions, ("definition of ", P)),
        rebracketed(over(over(V[a, l] * V[b, m] * inner, m))),
        at_part(inner, by(orthonormal)),
        only_equal,
        by(fold_definition, P[a, b], reason=("definition of ", P)),
    )
    return derived("orthogonalised.projector", PROJECTOR, SQUARE, moves)


def norm() -> Derivation:
    """|M|_2 = 1."""
    one = by(largest_is, Integer(1), reason=("all singular values are 1",))
    moves = then(by(spectral_by_values, U[j, l], Integer(1), V[i, l]), one)
    return derived("orthogonalised.norm", ANY, spectral(M), moves)


def frobenius() -> Derivation:
    """|M|_F^2 = R."""
    one, other = (over(U[j, h] * V[i, h], h) for h in (l, m))
    inner = IndexSum(U[j, l] * U[j, m], j, 1, d_o) * IndexSum(V[i, l] * V[i, m], i, 1, d_i)
    moves = then(
        inserted,
        at_part(one**2, by(algebra, one * other, reason=("a square",))),
        rebracketed(over(over(inner, m))),
        everywhere(by(orthonormal)),
        only_equal,
        by(sum_of_constant),
    )
    return derived("orthogonalised.frobenius", ANY, ALL, moves)


def turned(d_o: int, d_i: int, R: int, U: Matrix, V: Matrix) -> list[list[Any]]:
    """U V', added up."""
    return composed(d_o, d_i, R, U, lambda h: 1, V)


def gram_oracle(d_o: int, d_i: int, R: int, a: int, b: int, U: Matrix, V: Matrix) -> Any:
    """The inner product of two columns."""
    return sum(row[a - 1] * row[b - 1] for row in turned(d_o, d_i, R, U, V))


def projector_oracle(d_i: int, R: int, a: int, b: int, V: Matrix) -> Any:
    """The product of two of its rows."""
    whole = turned(d_i, d_i, R, V, V)
    return sum(whole[a - 1][k] * whole[k][b - 1] for k in range(d_i))


def norm_oracle(d_o: int, d_i: int, R: int, U: Matrix, V: Matrix) -> Any:
    """The largest stretch."""
    return stretch(turned(d_o, d_i, R, U, V))


def frobenius_oracle(d_o: int, d_i: int, R: int, U: Matrix, V: Matrix) -> Any:
    """All squares added up."""
    return squares_of(turned(d_o, d_i, R, U, V))


_GRAM: Text = ("Find the inner product of two columns of ", M, ".")
CONSTRUCT = Construct(
    name="orthogonalised",
    title="The orthogonal factor of a gradient",
    about=("The columns of ", U, " are orthonormal, and so are those of ", V, "; there are ", R, " of each."),
    conventions=("indices from 1",),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., theorem 7.3.2; Jordan et al., Muon, 2024",
    claims=(
        Claim("gram", "Inner products of columns", _GRAM, PLACE, GRAM, gram, gram_oracle),
        Claim("projector", "A projector", ("Find the square of ", P, "."),
              PROJECTOR, SQUARE, projector, projector_oracle),
        Claim("norm", "Its spectral norm", ("Find ", spectral(M), "."), ANY, spectral(M), norm, norm_oracle),
        Claim("frobenius", "Its Frobenius norm", ("Find ", ALL, "."), ANY, ALL, frobenius, frobenius_oracle),
    ),
)  # fmt: skip

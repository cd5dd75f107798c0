r"""Norms of a matrix of rank R by its singular values: $\lVert A \rVert_2 \le \lVert A \rVert_F \le \lVert A \rVert_*$.

In a compact singular value decomposition $A_{ji} = \sum_l U_{jl} s_l V_{il}$ the columns of U and those of V are
orthonormal and all $s_l > 0$. Then $\lVert A \rVert_2 = \max_l s_l$, $\lVert A \rVert_F^2 = \sum_l s_l^2$ and
$\lVert A \rVert_* = \sum_l s_l$, so that with $\sqrt R$ the inequalities turn round:
$\lVert A \rVert_F \le \sqrt R\,\lVert A \rVert_2$ and $\lVert A \rVert_* \le \sqrt R\,\lVert A \rVert_F$. The squares of
$\lVert A \rVert_F$ and $\lVert A \rVert_2$ differ by what all singular values but the largest add: they are equal for
R = 1 alone.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, theorems 2.6.3 and 7.3.2, section 7.4.7, example 5.6.6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.matrix_norms import FROBENIUS, NORM, SIZES, SQUARES, A, d_i, d_o, i, j, squares_of
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, ForAll, IndexSum, Largest, array, declare, eq, gt, integer, le
from derive.language.numbers import sqrt as root
from derive.language.orthonormal import orthonormal_columns
from derive.rules.algebra import algebra
from derive.rules.bracketing import rebracketed
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.norms import cauchy_schwarz, hoelder_largest, nuclear, nuclear_by_values, orthonormal, spectral_by_values
from derive.rules.ranges import largest_at_most_sum, power_into_largest, sum_at_most_largest, largest_is
from derive.rules.sums import rename_index, split_range
from derive.rules.windows import insert_definitions

_R = declare("R", "size", "rank")
R = _R.symbol
l, m = integer("l"), integer("m")  # noqa: E741
U, V, s = array("U", (1, d_o), (1, R)), array("V", (1, d_i), (1, R)), array("s", (1, R))
MADE = Definition(A, (j, i), IndexSum(U[j, l] * s[l] * V[i, l], l, 1, R))
POSITIVE = ForAll(gt(s[l], 0), l, 1, R)
COMPACT = Context((*SIZES, _R), (le(R, d_o), le(R, d_i), orthonormal_columns(U), orthonormal_columns(V), POSITIVE),
                  (MADE,), (U, V, s))  # fmt: skip


def over(body: Any, index: Any = l) -> IndexSum:
    """The sum over all singular values."""
    return IndexSum(body, index, 1, R)


TOP, VALUES, NUCLEAR = Largest(s[l], l, 1, R), over(s[l] ** 2), nuclear(A)
by_values = by(spectral_by_values, U[j, l], s[l], V[i, l])
by_all_values = by(nuclear_by_values, U[j, l], s[l], V[i, l])


def frobenius() -> Derivation:
    """|A|_F^2 = sum of s_l^2."""
    one, other = (over(U[j, h] * s[h] * V[i, h], h) for h in (l, m))
    inner = IndexSum(U[j, l] * U[j, m], j, 1, d_o) * IndexSum(V[i, l] * V[i, m], i, 1, d_i)
    moves = then(
        one_line(insert_definitions, ("definition of ", A)),
        at_part(one**2, by(algebra, one * other)),
        rebracketed(over(over(s[l] * s[m] * inner, m))),
        everywhere(by(orthonormal)),
        one_line(undelta, ("only equal columns are left",)),
    )
    return derived("rank_norms.frobenius", COMPACT, SQUARES, moves)

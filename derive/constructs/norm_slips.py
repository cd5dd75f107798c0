r"""Statements about norms that are easily believed and false: an inequality turned round, a bound taken for a value.

What is true instead: $\max_k |x_k| \le |x|_2 \le |x|_1 \le \sqrt n\,|x|_2 \le n \max_k |x_k|$ for vectors,
$\lVert A \rVert_2 \le \lVert A \rVert_F \le \lVert A \rVert_*$ for matrices, each with equality in special cases only.
A norm of a sum is at most the sum of the norms, and not the sum; of a product at most the product.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, sections 5.1, 5.4 and 5.6.
"""

from __future__ import annotations

from sympy import Expr, sqrt

from derive.constructs.construct import Construct, Refuted
from derive.constructs.matrix_norms import FROBENIUS, MATRIX, NORM, SIZES, A, columns, d_i, d_o, i, stretched, x
from derive.constructs.vector_norms import ANY, LENGTH, MEAN, RMS, SQUARES, TOP, TOTAL
from derive.language import Context, array
from derive.language.forms import of
from derive.rules.norms import nuclear, spectral

B, C = array("B", (1, d_o), (1, d_i)), array("C", (1, d_i), (1, d_o))
PAIR, TURNED = Context(SIZES, (), (), (A, B)), Context(SIZES, (), (), (A, C))
WITH_INPUT = Context(SIZES, (), (), (A, x))
NUCLEAR, LENGTH_OF_X = nuclear(A), sqrt(columns(x[i] ** 2))


def _vector(name: str, title: str, said: str, left: Expr, relation: str, right: Expr, why: str, by: str) -> Refuted:
    return Refuted(name, title, (said,), ANY, left, relation, right, (why,), f"vector_norms.{by}")


def _matrix(name: str, said: str, where: Context, left: Expr, relation: str, right: Expr, why: str, by: str) -> Refuted:
    return Refuted(name, said, (said,), where, left, relation, right, (why,), by)


CONSTRUCT = Construct(
    name="norm_slips",
    title="What is easily believed of norms",
    about=("Statements that look right and are false, each with the smallest numbers that show it.",),
    conventions=("indices from 1", "the entries are real numbers"),
    source="Horn, Johnson, Matrix Analysis, 2nd ed., sections 5.1, 5.4 and 5.6",
    claims=(),
    refuted=(
        _vector("sum_at_most_length", "The sum and the length, turned round",
                "The sum of the absolute values is at most the length", TOTAL, "<=", LENGTH,
                "It is the length that is at most the sum; the root of the number of entries is lost.", "total"),
        _vector("length_at_most_largest", "The length and the largest entry, turned round",
                "The length is at most the largest entry", LENGTH, "<=", TOP,
                "All entries add to the length, and only one of them is the largest.", "back"),
        _vector("mean_is_mean_square", "Mean and root mean square",
                "The root mean square is the mean of the absolute values", RMS, "=", MEAN,
                "That is so where all absolute values are equal; else large entries count more.", "mean"),
        _vector("square_at_most_sum", "The square for the length",
                "The squares add up to at most the sum of the absolute values", SQUARES, "<=", TOTAL,
                "The root is missing: a square of a large number is larger than the number.", "length"),
        _matrix("frobenius_at_most_spectral", "The Frobenius norm is at most the spectral norm", MATRIX, FROBENIUS,
                "<=", NORM, "It is the other way round, and with the root of the rank as a factor.",
                "rank_bounds.rank_spectral"),
        _matrix("spectral_is_frobenius", "The spectral norm is the Frobenius norm", MATRIX, NORM, "=", FROBENIUS,
                "That is so for rank one alone; else the other singular values are missing.", "rank_norms.unequal"),
        _matrix("nuclear_at_most_frobenius", "The nuclear norm is at most the Frobenius norm", MATRIX, NUCLEAR, "<=",
                FROBENIUS, "The root of the rank is missing.", "rank_bounds.rank_nuclear"),
        _matrix("squared_spectral", "The spectral norm is at most the sum of all squares", MATRIX, NORM, "<=",
                FROBENIUS**2, "The root is missing: squares of small numbers are smaller than the numbers.",
                "matrix_norms.spectral_at_most_frobenius"),
        _matrix("norm_of_sum", "The norm of a sum is the sum of the norms", PAIR, spectral(of("sum", A, B)), "=",
                NORM + spectral(B), "It is at most the sum: what one matrix adds the other may take away.", ""),
        _matrix("norm_of_product", "The norm of a product is the product of the norms", TURNED,
                spectral(of("product", A, C)), "=", NORM * spectral(C),
                "It is at most the product: the second matrix need not stretch most where the first one does.", ""),
        _matrix("every_input", "Every input is stretched by the spectral norm", WITH_INPUT, stretched(x), "=",
                NORM**2 * LENGTH_OF_X**2, "It is a bound; some input attains it, and others are stretched less.",
                "operator_norms.bound"),
    ),
)  # fmt: skip

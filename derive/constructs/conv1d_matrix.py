r"""Convolution as a linear map: its Toeplitz matrix, the sum of its entries, and the map that undoes nothing but pairs.

The full convolution with w is the product with the matrix $T_{ij} = w_{i-j+1}$, constant along its diagonals. The sum
of its entries is the product of the sums, as for two polynomials at 1. The adjoint of the valid correlation with w is
the full convolution with w, $\langle x \star w, g\rangle = \langle x, g \mathbin{\tilde*} w\rangle$ for all x and g:
this is why back-propagation turns one into the other.

Source: Golub, Van Loan, Matrix Computations, 4th ed., section 4.7 (Toeplitz matrices); Goodfellow, Bengio, Courville,
Deep Learning, 2016, section 9.1 (convolution as a Toeplitz matrix).
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.convolution_1d import (
    FULL,
    PLACE,
    TURNED,
    K,
    N,
    Signal,
    ell,
    full_oracle,
    i,
    in_indices,
    j,
    k,
    n,
    w,
    x,
)
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, array, eq, le
from derive.language.forms import of
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import at, at_part, by, derived, one_line, quietly, then, up_to
from derive.rules.sums import change_range, constant_out_of_sum, rename_index, reverse_index, shift_index
from derive.rules.windows import exchanged

ONE = Integer(1)
T = array("T", (1, n + k - 1), (1, n), outside="zero")
g = array("g", (1, n - k + 1), outside="zero")
full, valid, back = of("full_convolution", x, w), of("correlation", x, w), of("full_convolution", g, w)
SIZES = Context((N, K), (), (), (x, w))
TOEPLITZ = Context((N, K, PLACE), FULL.hypotheses, (Definition(T, (i, j), w[i - j + 1]),), (x, w))
PAIRED = Context((N, K), (le(k, n),), (), (x, w, g))
whole = IndexSum(full[i], i, 1, n + k - 1)
pairing = of("inner", valid, g)[()]


def toeplitz() -> Derivation:
    """The full convolution as the product with the Toeplitz matrix."""
    moves = then(
        in_indices(full),
        by(reverse_index, ell, i + 1, reason=("with ", eq(ell, i - j + 1))),
        by(change_range, ONE, n, reason=(x, " and ", w, " are 0 outside their ranges")),
        at_part(w[i - ell + 1], by(fold_definition, T[i, ell], reason=("definition of ", T))),
        by(fold_definition, of("product", T, x)[i], reason=("definition of the matrix product",)),
    )
    return derived("conv1d_matrix.toeplitz", TOEPLITZ, full[i], moves)


def total() -> Derivation:
    """The sum of all entries: sum over both, first over the entries."""
    inner = IndexSum(x[i - j + 1], i, 1, n + k - 1)
    shifted = then(
        by(shift_index, ell, j - 1, reason=("with ", eq(ell, i - j + 1))),
        by(change_range, ONE, n, reason=(x, " is 0 outside its range")),
    )
    moves = then(
        at((0,), in_indices(full)),
        exchanged,
        at((0,), by(constant_out_of_sum, reason=(w[j], " does not depend on ", i))),
        at_part(inner, shifted),
        by(constant_out_of_sum, reason=("the inner sum does not depend on ", j)),
    )
    return derived("conv1d_matrix.total", SIZES, whole, moves)


def adjoint() -> Derivation:
    """The pairing of x * w with g is that of x with the full convolution of g with w."""
    pairs = IndexSum(IndexSum(g[i] * w[j] * x[i + j - 1], j, 1, k), i, 1, n - k + 1)
    back_sum = IndexSum(g[ell - j + 1] * w[j], j, 1, k)
    shifted = then(
        by(shift_index, ell, 1 - j, reason=("with ", eq(ell, i + j - 1))),
        by(change_range, ONE, n, reason=(g, " is 0 outside its range")),
    )
    moves = then(
        one_line(then(by(definition, reason=("definition of the inner product",)), quietly(by(rename_index, i)))),
        at_part(valid[i], in_indices(valid)),
        up_to(pairs, at_part(pairs.body, by(constant_out_of_sum, reason=(g[i], " goes into the inner sum")))),
        exchanged,
        at((0,), shifted),
        exchanged,
        at((0,), by(constant_out_of_sum, reason=(x[ell], " does not depend on ", j))),
        at_part(back_sum, by(fold_definition, back[ell], reason=("definition of the full convolution",))),
        by(fold_definition, of("inner", x, back)[()], reason=("definition of the inner product",)),
    )
    return derived("conv1d_matrix.adjoint", PAIRED, pairing, moves)


def total_oracle(n: int, k: int, x: Signal, w: Signal) -> Any:
    """The coefficients of a product of two polynomials, worked out and added."""
    coefficients: list[Any] = [0] * (n + k - 1)
    for power in range(n):
        for other in range(k):
            coefficients[power + other] += x(power + 1) * w(other + 1)
    return sum(coefficients)


def adjoint_oracle(n: int, k: int, x: Signal, w: Signal, g: Signal) -> Any:
    """The kernel laid on at every place, the result weighted by g and added."""
    value: Any = 0
    for first in range(1, n - k + 2):
        for number in range(k):
            value += g(first) * x(first + number) * w(number + 1)
    return value


CONSTRUCT = Construct(
    name="conv1d_matrix",
    title="Convolution as a linear map",
    about=("A signal ", x, " has ", n, " entries, a kernel ", w, " has ", k, "; both are 0 elsewhere."),
    conventions=(*TURNED, "indices from 1"),
    source="Golub, Van Loan, Matrix Computations, 4th ed., section 4.7",
    claims=(
        Claim(
            name="toeplitz",
            title="The Toeplitz matrix of a convolution",
            question=("Write the full convolution of ", x, " with ", w, " as a product with a matrix."),
            context=TOEPLITZ,
            left=full[i],
            derive=toeplitz,
            oracle=full_oracle,
        ),
        Claim(
            name="total",
            title="The sum of all entries",
            question=("Add all entries of the full convolution of ", x, " with ", w, "."),
            context=SIZES,
            left=whole,
            derive=total,
            oracle=total_oracle,
        ),
        Claim(
            name="adjoint",
            title="Valid correlation and full convolution are adjoint",
            question=("Bring the kernel to the other side: write the inner product with ", x, " on the left."),
            context=PAIRED,
            left=pairing,
            derive=adjoint,
            oracle=adjoint_oracle,
        ),
    ),
)

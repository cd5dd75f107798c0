r"""The matrix of a convolution and its transpose, the transposed convolution, which carries gradients back.

A convolution with stride s, dilation delta and padding p is $y = A x$, where $A_{in}$ is the weight by which $x_n$ is
multiplied in $y_i$: $w_l$ with $\delta(l-1) = n - 1 + p - s(i-1)$, if there is one. Its transpose satisfies
$\langle g, A x \rangle = \langle A^\top g, x \rangle$ for all g and x, with no word on derivatives; so a program for
gradients can be tested by it ("the dot-product test").

Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, section 4;
Claerbout, Earth Soundings Analysis: Processing versus Inversion, 1992, chapter 5 (the dot-product test).
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, Mod, floor

from derive.constructs.construct import Claim, Construct
from derive.constructs.strided_convolution import (
    FORWARD,
    FREE,
    GIVEN,
    INPUT,
    OUTPUT,
    PLACE,
    SIZES,
    N,
    Signal,
    delta,
    dx,
    g,
    i,
    input_oracle,
    l,
    m,
    n,
    output,
    output_oracle,
    p,
    s,
    w,
    x,
    y,
)
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, Indicator, array, eq, integer
from derive.language.forms import of
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import backpropagated
from derive.rules.combine import at, at_part, by, derived, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.forms import by_indices, recognised
from derive.rules.lemmas import use_lemma
from derive.rules.sums import constant_out_of_sum
from derive.rules.windows import exchanged

A = array("A", (1, m), (1, N), outside="zero")
_LEFT = n + p - s * (i - 1) - 1
_MEETS = Indicator(eq(Mod(_LEFT, delta, evaluate=False), Integer(0)))
_WEIGHT = w[floor(_LEFT / delta, evaluate=False) + 1] * _MEETS
_MATRIX = Definition(A, (i, n), _WEIGHT)
TRANSPOSED = of("product", of("transpose", A), g)
EVERY = Context(OUTPUT.declarations, OUTPUT.hypotheses, (FORWARD, _MATRIX), (x, w))
ADJOINT = Context(SIZES, (), (FORWARD, _MATRIX), FREE)
GRADIENT = Context(INPUT.declarations, INPUT.hypotheses, (*INPUT.definitions, _MATRIX), FREE)
_FOLDED = by(fold_definition, A[i, n], reason=("definition of ", A))


def matrix() -> Derivation:
    """y = A x, by writing x at the place of a weight as a sum over all its entries."""
    every_input = IndexSum(x[n] * w[l] * Indicator(eq(PLACE, n)), n, 1, N)
    moves = then(
        by(definition, reason=("definition of ", y)),
        one_line(
            at_part(x[PLACE] * w[l], up_to(every_input, undelta)),
            ("only ", eq(n, PLACE), " counts, and ", x, " is 0 outside its range"),
        ),
        one_line(then(exchanged, at((0,), by(constant_out_of_sum, reason=(x[n], " does not depend on ", l))))),
        undelta,
        at_part(_WEIGHT, _FOLDED),
        recognised(of("product", A, x)[i]),
    )
    return derived("convolution_adjoint.matrix", EVERY, y[i], moves)


def adjoint() -> Derivation:
    """The inner product of g and A x is that of A^T g and x."""
    product, lemma, k = of("product", A, x)[i], matrix(), integer("k")
    pairs = IndexSum(IndexSum(g[i] * A[i, k] * x[k], k, 1, N), i, 1, m)
    moves = then(
        at_part(y[i], use_lemma(lemma, {})),
        one_line(then(at_part(product, by_indices), up_to(pairs, at((0,), by(constant_out_of_sum)))), ("in indices",)),
        one_line(then(exchanged, at((0,), by(constant_out_of_sum, reason=(x[k], " does not depend on ", i))))),
        at_part(IndexSum(g[i] * A[i, k], i, 1, m), recognised(TRANSPOSED[k])),
    )
    return derived("convolution_adjoint.adjoint", ADJOINT, IndexSum(g[i] * y[i], i, 1, m), moves, (lemma,))


def gradient() -> Derivation:
    """The gradient at the output is carried back by A^T."""
    moves = backpropagated(at_part(_WEIGHT, _FOLDED), form=TRANSPOSED[n])
    return derived("convolution_adjoint.gradient", GRADIENT, dx[n], moves)


def adjoint_oracle(N: int, K: int, m: int, s: int, delta: int, p: int, x: Signal, w: Signal, g: Signal) -> Any:
    """The outputs, made in loops, each times its number."""
    total: Any = 0
    for place in range(1, m + 1):
        total += g(place) * output(place, K, s, delta, p, x, w)
    return total


CONSTRUCT = Construct(
    name="convolution_adjoint",
    title="Transposed convolution",
    about=("A convolution with stride ", s, ", dilation ", delta, " and padding ", p, " is linear in its input."),
    conventions=("correlation: the kernel is not turned", "indices from 1", "the input is 0 in the padding"),
    source="Dumoulin, Visin, A guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, section 4",
    claims=(
        Claim(
            "matrix",
            "A convolution is a matrix",
            ("Write ", y[i], " as an entry of ", of("product", A, x), ", with the matrix ", A, " of the convolution."),
            EVERY,
            y[i],
            matrix,
            output_oracle,
        ),
        Claim(
            "adjoint",
            "The adjoint of a convolution",
            ("Let ", g[i], " be any numbers. Write their inner product with the outputs as one with the inputs."),
            ADJOINT,
            IndexSum(g[i] * y[i], i, 1, m),
            adjoint,
            adjoint_oracle,
        ),
        Claim(
            "gradient",
            "Gradients are carried back by the transpose",
            (*GIVEN, x[n], ", by that matrix."),
            GRADIENT,
            dx[n],
            gradient,
            input_oracle,
        ),
    ),
)

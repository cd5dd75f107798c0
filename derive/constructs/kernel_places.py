r"""Kernels with any number of axes: how many places they have, and the parameters of a layer of them.

Of a kernel with a axes each place becomes a row of $K_{a+1}$ places when an axis is added, so that
$T_{a+1} = K_{a+1} T_a$ with $T_0 = 1$. By induction $T_A = \prod_{a=1}^A K_a$. A filter has a weight for each place and
each of C channels, and b biases; F filters together have $F (C \prod_a K_a + b)$ parameters.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.1 (more than one axis) and 9.5, (9.7).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_parameters import _C, _F, BIAS, C, F, _b, b
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    IndexProduct,
    IndexSum,
    array,
    declare,
    eq,
    integer,
)
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, by_induction, derived, everywhere, one_line, repeat, then, up_to
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import empty_product, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import sum_of_constant

_A = declare("A", "size", "axes of the kernel")
A, a, k, s = _A.symbol, *(integer(name) for name in "aks")
K, T, P = array("K", (1, oo), outside="zero"), array("T", (0, oo)), array("P")
AXES = Definition(T, (a,), Cases((Integer(1), eq(a, 0)), (K[a] * T[a - 1], OTHERWISE)))
FILTERS = Definition(P, (), IndexSum(IndexSum(T[A], k, 1, C) + b, s, 1, F))
PLACES = Context((_A,), (), (AXES,), (K,))
LAYER = Context((_A, _C, _F, _b), (BIAS,), (AXES, FILTERS), (K,))


def product_of(axes: Expr) -> IndexProduct:
    """K_1 ... K_axes."""
    return IndexProduct(K[a], a, 1, axes)


def places() -> Derivation:
    """K_1 ... K_A, by induction on the number of axes."""
    first = up_to(product_of(Integer(0)), by(empty_product, reason=("a product of no factors",)))
    longer = up_to(product_of(A + 1), by(split_last_factor, reason=("one factor more",)))
    moves = by_induction(
        A,
        0,
        product_of(A),
        base=then(unrolled(T[0]), first),
        step=lambda known: then(unrolled(T[A + 1]), at_part(T[A], known), longer),
    )
    return derived("kernel_places.places", PLACES, T[A], moves)


def parameters() -> Derivation:
    """F (C K_1 ... K_A + b)."""
    lemma = places()
    told = by(definition, reason=("for each filter ", T[A], " weights in each channel, and ", b, " biases"))
    count = one_line(repeat(everywhere(by(sum_of_constant))), ("count",))
    known = at_part(T[A], use_lemma(lemma, {}, (eq(lemma.left, lemma.right),)))
    return derived("kernel_places.parameters", LAYER, P[()], then(told, count, known), (lemma,))


def places_oracle(A: int, K: Any) -> Any:
    """Axis by axis."""
    number = K(1)
    for axis in range(2, A + 1):
        number = number * K(axis)
    return number


def parameters_oracle(A: int, C: int, F: int, b: int, K: Any) -> Any:
    """Filter by filter, channel by channel."""
    number = K(1) * 0
    for _ in range(F):
        for _ in range(C):
            number += places_oracle(A, K)
        number += b
    return number


_AXES: Text = ("An axis with ", K[a], " places gives ", eq(T[a], K[a] * T[a - 1]), ". Find ", T[A], ".")
_FILTERS: Text = ("A layer has ", F, " filters for ", C, " channels, with ", b, " biases each. Find ", P[()], ".")
CONSTRUCT = Construct(
    name="kernel_places",
    title="Kernels with any number of axes",
    about=("Along its axis number ", a, " a kernel has ", K[a], " places; it has ", A, " axes."),
    conventions=("a kernel without axes has one place", "b = 1: with biases, b = 0: without"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.1 and 9.5, (9.7)",
    claims=(
        Claim("places", "Places of a kernel", _AXES, PLACES, T[A], places, places_oracle),
        Claim("parameters", "Parameters of a layer", _FILTERS, LAYER, P[()], parameters, parameters_oracle),
    ),
)

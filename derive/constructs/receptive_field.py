r"""The receptive field of a stack of layers with any kernels, strides, dilations and padding, in one direction.

Layer l = 1, 2, ... has the kernel $K_l$, the stride $S_l$, the dilation $D_l$ and $P_l$ places of padding in front. Two
neighbours in layer l stand $J_l$ places of the input apart (the *jump*): $J_0 = 1$, $J_l = J_{l-1} S_l$. A kernel spans
$D_l (K_l - 1)$ steps of the layer before it, so an output sees $R_0 = 1$, $R_l = R_{l-1} + D_l (K_l - 1)\,J_{l-1}$
inputs. The first of those of output 0 is $o_0 = 0$, $o_l = o_{l-1} - P_l J_{l-1}$, and the middle of them
$c_0 = 0$, $c_l = c_{l-1} + (D_l (K_l - 1)/2 - P_l)\,J_{l-1}$. The stride of a layer is no factor of its own term. The
sums hold for all numbers; `receptive_places` gets the same from the places that a layer reads.

Source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019, (1) to (7);
Dumoulin, Visin, A guide to convolution arithmetic for deep learning, arXiv:1603.07285, section 5.1 (dilation).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, array, declare, eq, integer
from derive.language.terms import OTHERWISE, Cases, IndexProduct, IndexSum
from derive.rules.combine import at_part, by, by_induction, derived, then, up_to
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import empty_product, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import empty_sum, split_last

_L = declare("L", "natural", "layers")
L = _L.symbol
l, t = integer("l"), integer("t")  # noqa: E741
K, S, D, P = (array(name, (1, oo)) for name in "KSDP")
J, R, o, c = (array(name, (0, oo)) for name in "JRoc")
SPAN = D[l] * (K[l] - 1)


def recursion(out: Array, start: int, step: Expr) -> Definition:
    """What a number of the input is, and that of a layer after it."""
    return Definition(out, (l,), Cases((Integer(start), eq(l, 0)), (step, OTHERWISE)))


JUMP = recursion(J, 1, J[l - 1] * S[l])
SIZE = recursion(R, 1, R[l - 1] + SPAN * J[l - 1])
START = recursion(o, 0, o[l - 1] - P[l] * J[l - 1])
CENTRE = recursion(c, 0, c[l - 1] + (SPAN / 2 - P[l]) * J[l - 1])
OF_JUMP = Context((_L,), (), (JUMP,), (S,))
OF_SIZE, OF_START = Context((_L,), (), (JUMP, SIZE), (K, S, D)), Context((_L,), (), (JUMP, START), (S, P))
OF_CENTRE = Context((_L,), (), (JUMP, CENTRE), (K, S, D, P))


def strides(last: Any, first: Any = 1) -> IndexProduct:
    """The product of the strides of the layers from the first to the last."""
    return IndexProduct(S[t], t, first, last)


def jump() -> Derivation:
    """J_L is the product of all strides."""
    moves = by_induction(
        L,
        0,
        strides(L),
        base=then(unrolled(J[0]), up_to(strides(0), by(empty_product, reason=("a product of no factors",)))),
        step=lambda known: then(
            unrolled(J[L + 1]),
            at_part(J[L], known),
            up_to(strides(L + 1), by(split_last_factor, reason=("the last factor joins the product",))),
        ),
    )
    return derived("receptive_field.jump", OF_JUMP, J[L], moves)


def total(term: Expr, depth: Any) -> IndexSum:
    """The terms of the layers down to a depth, each times the strides of the layers before it."""
    return IndexSum(term * strides(l - 1), l, 1, depth)


def _added_up(name: str, context: Context, out: Array, start: int, sign: int, term: Expr) -> Derivation:
    """A number that changes with each layer by a term times the jump of the layer before, by induction on the depth."""
    jumps = jump()
    none, later = by(empty_sum, reason=("a sum of no terms",)), by(split_last, reason=("the last term joins the sum",))
    moves = by_induction(
        L,
        0,
        start + sign * total(term, L),
        base=then(unrolled(out[0]), up_to(start + sign * total(term, 0), at_part(total(term, 0), none))),
        step=lambda known: then(
            unrolled(out[L + 1]),
            at_part(out[L], known),
            at_part(J[L], use_lemma(jumps, {}, ("the jump is the product of the strides",))),
            up_to(start + sign * total(term, L + 1), at_part(total(term, L + 1), later)),
        ),
    )
    return derived(f"receptive_field.{name}", context, out[L], moves, (jumps,))


def size() -> Derivation:
    """R_L = 1 + the sum of D_l (K_l - 1) times the strides before layer l."""
    return _added_up("size", OF_SIZE, R, 1, 1, SPAN)


def offset() -> Derivation:
    """o_L = minus the sum of P_l times the strides before layer l."""
    return _added_up("offset", OF_START, o, 0, -1, P[l])


def centre() -> Derivation:
    """c_L = the sum of D_l (K_l - 1)/2 - P_l times the strides before layer l."""
    return _added_up("centre", OF_CENTRE, c, 0, 1, SPAN / 2 - P[l])


def walked(L: int, stride: Any, step: Any) -> tuple[Any, Any]:
    """The jump after L layers, and what was added on the way, each time in jumps of the layer before."""
    apart, added = 1, 0
    for layer in range(1, L + 1):
        added, apart = added + step(layer) * apart, apart * stride(layer)
    return apart, added


def jump_oracle(L: int, S: Any) -> Any:
    """The strides multiplied one by one."""
    return walked(L, S, lambda layer: 0)[0]


def size_oracle(L: int, K: Any, S: Any, D: Any) -> Any:
    """One input, and for each layer the steps that its kernel spans."""
    return 1 + walked(L, S, lambda layer: D(layer) * (K(layer) - 1))[1]


def offset_oracle(L: int, S: Any, P: Any) -> Any:
    """Back by the padding of each layer."""
    return walked(L, S, lambda layer: -P(layer))[1]


def centre_oracle(L: int, K: Any, S: Any, D: Any, P: Any) -> Any:
    """The middle between the first and the last place, found apart from each other."""
    return offset_oracle(L, S, P) + Fraction(1, 2) * (size_oracle(L, K, S, D) - 1)


_JUMP: Text = ("How many places of the input are between neighbours in layer ", L, "?")
_SIZE: Text = ("How many places of the input does an output of layer ", L, " see, from its first to its last?")
_START: Text = ("Which place of the input, ", o[L], ", is the first that output 0 of layer ", L, " sees?")
_CENTRE: Text = ("Where, at ", c[L], ", is the middle of what output 0 of layer ", L, " sees?")
CONSTRUCT = Construct(
    name="receptive_field",
    title="Receptive field of a stack of layers",
    about=("Layer ", l, " has kernel ", K[l], ", stride ", S[l], ", dilation ", D[l], " and padding ", P[l], "."),
    conventions=("layers from 1, layer 0 is the input", "places and outputs from 0", "padding is that in front"),
    source="Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019",
    claims=(
        Claim("jump", "The jump", _JUMP, OF_JUMP, J[L], jump, jump_oracle),
        Claim("size", "The field", _SIZE, OF_SIZE, R[L], size, size_oracle),
        Claim("offset", "Where it begins", _START, OF_START, o[L], offset, offset_oracle),
        Claim("centre", "Its middle", _CENTRE, OF_CENTRE, c[L], centre, centre_oracle),
    ),
)

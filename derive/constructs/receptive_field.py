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

from derive.constructs.construct import Claim, Construct
from derive.constructs.stacks import (
    JUMP,
    OF_CENTRE,
    OF_JUMP,
    OF_SIZE,
    OF_START,
    SIZE,
    SPAN,
    D,
    J,
    K,
    L,
    P,
    R,
    S,
    added_up,
    c,
    jump,
    l,
    o,
    walked,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, as_expr, declare
from derive.rules.closed_forms import closed_form
from derive.rules.combine import by, derived, everywhere, one_line, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import product_of_constant
from derive.rules.windows import insert_definitions

_WIDTH, _STEP = declare("K", "size", "kernel"), declare("S", "size", "stride")
WIDTH, STEP = _WIDTH.symbol, _STEP.symbol
_ALIKE = {old: array(name, *old.axes) for old, name in ((K, "k"), (S, "s"), (D, "d"))}
_NUMBERS = zip(_ALIKE.values(), (WIDTH, STEP, 1), strict=True)
_GIVEN = tuple(Definition(one, (l,), as_expr(value)) for one, value in _NUMBERS)
STACK = Context((*OF_JUMP.declarations, _WIDTH, _STEP), (), (*_GIVEN, *(d.substituted(_ALIKE) for d in (JUMP, SIZE))))


def size() -> Derivation:
    """R_L = 1 + the sum of D_l (K_l - 1) times the strides before layer l."""
    return added_up("size", OF_SIZE, R, 1, 1, SPAN)


def offset() -> Derivation:
    """o_L = minus the sum of P_l times the strides before layer l."""
    return added_up("offset", OF_START, o, 0, -1, P[l])


def centre() -> Derivation:
    """c_L = the sum of D_l (K_l - 1)/2 - P_l times the strides before layer l."""
    return added_up("centre", OF_CENTRE, c, 0, 1, SPAN / 2 - P[l])


def stack() -> Derivation:
    """R_L = 1 + (K - 1) (1 - S^L)/(1 - S) for layers that are all alike, or 1 + L (K - 1) for S = 1."""
    known = size()
    alike = everywhere(by(product_of_constant, reason=("equal factors",)))
    moves = then(
        use_lemma(known, _ALIKE, ("known of any stack",)), one_line(then(insert_definitions, alike)), closed_form(l)
    )
    return derived("receptive_field.stack", STACK, R[L], moves, (known,))


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


def stack_oracle(L: int, K: int, S: int) -> Any:
    """The same kernel and stride in each layer."""
    return 1 + walked(L, lambda layer: S, lambda layer: K - 1)[1]


_JUMP: Text = ("How many places of the input are between neighbours in layer ", L, "?")
_SIZE: Text = ("How many places of the input does an output of layer ", L, " see, from its first to its last?")
_START: Text = ("Which place of the input, ", o[L], ", is the first that output 0 of layer ", L, " sees?")
_CENTRE: Text = ("Where, at ", c[L], ", is the middle of what output 0 of layer ", L, " sees?")
_STACK: Text = ("All ", L, " layers have kernel ", WIDTH, " and stride ", STEP, ". Find the field ", R[L], ".")
CONSTRUCT = Construct(
    name="receptive_field",
    title="Receptive field of a stack of layers",
    about=("Layer ", l, " has kernel ", K[l], ", stride ", S[l], ", dilation ", D[l], " and padding ", P[l], "."),
    conventions=("layers from 1, layer 0 is the input", "places and outputs from 0", "padding is that in front"),
    source="Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019",
    claims=(
        Claim("jump", "The jump", _JUMP, OF_JUMP, J[L], jump, jump_oracle),
        Claim("size", "The field", _SIZE, OF_SIZE, R[L], size, size_oracle),
        Claim("stack", "Layers that are all alike", _STACK, STACK, R[L], stack, stack_oracle),
        Claim("offset", "Where it begins", _START, OF_START, o[L], offset, offset_oracle),
        Claim("centre", "Its middle", _CENTRE, OF_CENTRE, c[L], centre, centre_oracle),
    ),
)

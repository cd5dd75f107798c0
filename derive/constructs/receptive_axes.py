r"""Receptive fields in several dimensions: each axis by itself, and the number of places is the product over the axes.

On axis a = 1, ..., d layer l has kernel $K_{l,a}$, stride $S_{l,a}$ and dilation $D_{l,a}$; which places of an axis an
output sees does not depend on the other axes. So $J_{L,a} = \prod_t S_{t,a}$ and
$R_{L,a} = 1 + \sum_l D_{l,a}(K_{l,a} - 1)\prod_{t<l} S_{t,a}$, each by induction on the depth for all axes at once, and
the box from the first to the last place on each axis has $V_L = \prod_a R_{L,a}$ places: for an image, height times
width, as `receptive_boxes` works out.

Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning, arXiv:1603.07285, chapter 2 (axes do not
interact); Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.stacks import L, l, t, walked
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, array, between, declare, eq
from derive.language.terms import OTHERWISE, Cases, IndexProduct, IndexSum
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, by_induction, derived, then, up_to
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import empty_product, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import empty_sum, split_last

_L, _d, _a = declare("L", "natural", "layers"), declare("d", "size", "axes"), declare("a", "integer", "an axis")
d, a = _d.symbol, _a.symbol
K, S, D = (array(name, (1, oo), (1, d)) for name in "KSD")
J, R, V = array("J", (0, oo), (1, d)), array("R", (0, oo), (1, d)), array("V", (0, oo))
SPAN = D[l, a] * (K[l, a] - 1)


def recursion(out: Array, step: Expr) -> Definition:
    """1 for the input, and that of a layer after it."""
    return Definition(out, (l, a), Cases((Integer(1), eq(l, 0)), (step, OTHERWISE)))


JUMP, SIZE = recursion(J, J[l - 1, a] * S[l, a]), recursion(R, R[l - 1, a] + SPAN * J[l - 1, a])
VOLUME = Definition(V, (l,), IndexProduct(R[l, a], a, 1, d))
_AXIS = between(1, a, d)
OF_JUMP = Context((_L, _d, _a), (_AXIS,), (JUMP,), (S,))
OF_SIZE = Context((_L, _d, _a), (_AXIS,), (JUMP, SIZE), (K, S, D))
OF_VOLUME = Context((_L, _d), (), (JUMP, SIZE, VOLUME), (K, S, D))


def strides(last: Any) -> IndexProduct:
    """The product of the strides up to a layer, in direction a."""
    return IndexProduct(S[t, a], t, 1, last)


def total(depth: Any) -> IndexSum:
    """What the layers add up to a depth."""
    return IndexSum(SPAN * strides(l - 1), l, 1, depth)


def jump() -> Derivation:
    """J_{L,a} is the product of the strides in direction a."""
    none, more = by(empty_product, reason=("no factors",)), by(split_last_factor, reason=("one factor more",))
    moves = by_induction(
        L,
        0,
        strides(L),
        base=then(unrolled(J[0, a]), up_to(strides(0), none)),
        step=lambda known: then(unrolled(J[L + 1, a]), at_part(J[L, a], known), up_to(strides(L + 1), more)),
        over=(a,),
    )
    return derived("receptive_axes.jump", OF_JUMP, J[L, a], moves)


def size() -> Derivation:
    """R_{L,a} = 1 + the sum of D_{l,a} (K_{l,a} - 1) times the strides before, in direction a."""
    jumps = jump()
    none, more = by(empty_sum, reason=("no terms",)), by(split_last, reason=("one term more",))
    moves = by_induction(
        L,
        0,
        1 + total(L),
        base=then(unrolled(R[0, a]), up_to(1 + total(0), at_part(total(0), none))),
        step=lambda known: then(
            unrolled(R[L + 1, a]),
            at_part(R[L, a], known),
            at_part(J[L, a], use_lemma(jumps, {}, ("the jump is the product of the strides",))),
            up_to(1 + total(L + 1), at_part(total(L + 1), more)),
        ),
        over=(a,),
    )
    return derived("receptive_axes.size", OF_SIZE, R[L, a], moves, (jumps,))


def volume() -> Derivation:
    """V_L = the product of 1 + the sum over all axes."""
    sizes = size()
    sides = at_part(R[L, a], use_lemma(sizes, {}, ("each axis by itself",)))
    moves = then(by(definition, reason=("the sides multiplied",)), sides)
    return derived("receptive_axes.volume", OF_VOLUME, V[L], moves, (sizes,))


def along(axis: int, given: Any) -> Any:
    """What is given for a layer on one axis."""
    return lambda layer: given(layer, axis)


def jump_oracle(L: int, d: int, a: int, S: Any) -> Any:
    """The strides on one axis, multiplied one by one."""
    return walked(L, along(a, S), lambda layer: 0)[0]


def size_oracle(L: int, d: int, a: int, K: Any, S: Any, D: Any) -> Any:
    """The steps on one axis, layer by layer."""
    return 1 + walked(L, along(a, S), lambda layer: D(layer, a) * (K(layer, a) - 1))[1]


def volume_oracle(L: int, d: int, K: Any, S: Any, D: Any) -> Any:
    """Side after side."""
    places = 1
    for axis in range(1, d + 1):
        places *= size_oracle(L, d, axis, K, S, D)
    return places


_JUMP: Text = ("How many places are between neighbours of layer ", L, " in direction ", a, "?")
_SIZE: Text = ("How many places does an output of layer ", L, " see in direction ", a, "?")
_VOLUME: Text = ("How many places, ", V[L], ", has the box that an output of layer ", L, " sees?")
CONSTRUCT = Construct(
    name="receptive_axes",
    title="Receptive fields in several dimensions",
    about=("On axis ", a, " layer ", l, " has kernel ", K[l, a], ", stride ", S[l, a], " and dilation ", D[l, a], "."),
    conventions=("layers from 1, layer 0 is the input", "axes from 1", "counted from the first to the last place"),
    source="Dumoulin, Visin, arXiv:1603.07285, chapter 2",
    claims=(
        Claim("volume", "The box", _VOLUME, OF_VOLUME, V[L], volume, volume_oracle),
        Claim("size", "One axis", _SIZE, OF_SIZE, R[L, a], size, size_oracle),
        Claim("jump", "The jump", _JUMP, OF_JUMP, J[L, a], jump, jump_oracle),
    ),
)

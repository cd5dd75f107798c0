r"""What constructs about stacks of layers share: the recurrences of jump, field, start and centre, and their sums.

Layer l = 1, 2, ... has the kernel $K_l$, the stride $S_l$, the dilation $D_l$ and $P_l$ places of padding in front; see
`receptive_field`, which says what the recurrences mean.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, oo

from derive.kernel.derivation import Derivation
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


def added_up(name: str, context: Context, out: Array, start: int, sign: int, term: Expr) -> Derivation:
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


def walked(L: int, stride: Any, step: Any) -> tuple[Any, Any]:
    """The jump after L layers, and what was added on the way, each time in jumps of the layer before."""
    apart, added = 1, 0
    for layer in range(1, L + 1):
        added, apart = added + step(layer) * apart, apart * stride(layer)
    return apart, added

r"""What the first place of a receptive field weighs: there is one path to it, by the first weight of each layer.

L layers of width K and stride 1, $y_{0,i} = x_i$ and $y_{l,i} = \sum_{k=0}^{K-1} w_{l,k}\,y_{l-1,i+k}$. Of the K
outputs that output i of the next layer reads only the first sees $x_i$; for all others that place is before their
field, where `receptive_weights` shows that nothing counts. So $\partial y_{L,i}/\partial x_i = \prod_{l=1}^L w_{l,0}$
by induction on the depth: where no first weight is 0 the place is seen, and the field begins there and not later. To
places in the middle there are many paths.

Source: Luo, Li, Urtasun, Zemel, Understanding the effective receptive field in deep convolutional neural networks,
NeurIPS 2016, arXiv:1701.04128, section 2.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.receptive_weights import (
    LAYER,
    NETWORK,
    K,
    L,
    i,
    j,
    k,
    l,
    nothing_before,
    opened,
    output,
    w,
    x,
    y,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, eq, lt
from derive.language.numbers import moved, slope
from derive.language.terms import IndexProduct, IndexSum, Indicator, Partial
from derive.rules.combine import at, at_part, by, by_induction, derived, one_line, quietly, then, up_to
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.indicators import indicator_holds
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import empty_product, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import single_term, split_range, sum_of_zeros

ONE = Context(NETWORK.declarations[:3], (), (LAYER,), (w, x))


def first() -> Derivation:
    """dy_{L,i}/dx_i is the product of the first weights."""
    outside = nothing_before()
    later = Partial(y[L, i + k], x[i])
    total, weights = IndexSum(w[L + 1, k] * later, k, 0, K - 1), IndexProduct(w[l, 0], l, 1, L)
    alone, others = (IndexSum(total.body, k, *ends) for ends in ((0, 0), (1, K - 1)))
    unseen = then(
        up_to(later * Indicator(lt(i, i + k)), at_part(Indicator(lt(i, i + k)), by(indicator_holds))),
        use_lemma(outside, {i: i + k, j: i}),
    )
    zeros = then(at((0,), at_part(later, unseen)), by(sum_of_zeros))
    none = by(empty_product, reason=("a product of no factors",))
    joined = by(split_last_factor, reason=("the last factor joins the product",))
    moves = by_induction(
        L,
        0,
        weights,
        then(at((0,), unrolled(y[0, i])), differentiated(), undelta, up_to(IndexProduct(w[l, 0], l, 1, 0), none)),
        lambda known: then(
            opened(x[i]),
            at_part(total, by(split_range, Integer(0), reason=("the first weight by itself",))),
            at_part(others, one_line(zeros, ("entry ", i, " is before what the other weights see"))),
            at_part(alone, quietly(by(single_term))),
            at_part(Partial(y[L, i], x[i]), known),
            up_to(IndexProduct(w[l, 0], l, 1, L + 1), joined),
        ),
    )
    return derived("receptive_ends.first", ONE, Partial(y[L, i], x[i]), moves, (outside,))


def first_oracle(L: int, K: int, i: int, w: Any, x: Any) -> Any:
    """How the output changes with the first entry of its field."""
    return slope(lambda value: output(L, K, i, w, moved(x, (i,), value)), x(i))


_FIRST: Text = ("How does ", y[L, i], " change with the first entry of its field, ", x[i], "?")
CONSTRUCT = Construct(
    name="receptive_ends",
    title="The first place of a receptive field",
    about=("Each of ", L, " layers weighs ", K, " neighbours: ", eq(y[l, i], LAYER.body.clauses[1][0]), "."),
    conventions=("layers from 1, layer 0 is the input", "weights from 0"),
    source="Luo, Li, Urtasun, Zemel, NeurIPS 2016, arXiv:1701.04128, section 2",
    claims=(Claim("first", "The first place", _FIRST, ONE, Partial(y[L, i], x[i]), first, first_oracle),),
)

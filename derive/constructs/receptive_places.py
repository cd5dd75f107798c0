r"""Which places an output sees, from the places that each layer reads of the one before it.

Output i of layer l reads the places $S_l i - P_l + D_l k$ of layer l - 1, $0 \le k < K_l$. Strides are positive, so the
first place that is seen is reached by the first place each time, and the last by the last. Let $f_{n,s}$ be the first
place of layer s that output i of layer s + n sees: $f_{0,s} = i$, and else the first place seen in layer s + 1 is read
once more, $f_{n,s} = S_{s+1} f_{n-1,s+1} - P_{s+1}$. For the last place
$g_{n,s} = S_{s+1}\, g_{n-1,s+1} - P_{s+1} + D_{s+1}(K_{s+1} - 1)$. By induction on the number of layers, for all s,
both are i times the strides plus what the layers add, each times the strides between. `receptive_reach` goes to the
input.

Source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019, (3) to (7).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.stacks import OF_JUMP, SPAN, D, K, L, P, S, l, strides
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, array, between, declare, eq, integer
from derive.language.terms import OTHERWISE, Cases, IndexProduct, IndexSum
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, then
from derive.rules.ranges import empty_product, single_factor, split_factors
from derive.rules.recursions import unrolled, upwards
from derive.rules.sums import empty_sum, factor_out, single_term, split_range

_L, _i, _s = OF_JUMP.declarations[0], declare("i", "integer", "an output"), declare("s", "natural", "a layer")
i, s, n = _i.symbol, _s.symbol, integer("n")
f, g = (array(name, (0, oo), (0, oo)) for name in "fg")
BACK, ON = -P[l], SPAN - P[l]


def places(out: Array, added: Expr) -> Definition:
    """The output itself, and the place in the layer after s, read once more."""
    read = S[s + 1] * out[n - 1, s + 1] + added.xreplace({l: s + 1})
    return Definition(out, (n, s), Cases((i, eq(n, 0)), (read, OTHERWISE)))


FIRST, LAST = places(f, BACK), places(g, ON)
OF_FIRST, OF_LAST = Context((_L, _i, _s), (), (FIRST,), (S, P)), Context((_L, _i, _s), (), (LAST,), (K, S, D, P))


def read(added: Expr, depth: Any, start: Any = s) -> IndexSum:
    """What the layers after one add to the place there, each times the strides between."""
    return IndexSum(added * strides(l - 1, start + 1), l, start + 1, start + depth)


def first_apart(product: IndexProduct) -> Conversion:
    """The stride of layer s + 1 before the others."""
    return at_part(product, then(by(split_factors, s + 1), at_part(strides(s + 1, s + 1), by(single_factor))))


def _unfolded(name: str, context: Context, out: Array, added: Expr) -> Derivation:
    """A place after L layers, by induction on L, from whichever layer s one goes down to."""
    later, below, whole = read(added, L + 1), read(added, L, s + 1), strides(s + L + 1, s + 1)
    newest, others = (IndexSum(later.body, l, *ends) for ends in ((s + 1, s + 1), (s + 2, s + L + 1)))
    start, none = i * strides(s, s + 1) + read(added, 0), by(empty_product)
    nothing = then(at_part(read(added, 0), by(empty_sum)), at_part(strides(s, s + 1), none))
    apart = then(
        first_apart(whole),
        at_part(later, by(split_range, s + 1)),
        at_part(newest, then(by(single_term), at_part(strides(s, s + 1), none))),
        at_part(others, then(first_apart(strides(l - 1, s + 1)), by(factor_out, S[s + 1], below.body))),
    )
    spread = i * S[s + 1] * strides(s + L + 1, s + 2) + S[s + 1] * below + added.xreplace({l: s + 1})
    moves = by_induction(
        L,
        0,
        i * strides(s + L, s + 1) + read(added, L),
        base=then(unrolled(out[0, s]), upwards(start, nothing, ("a product and a sum of nothing",))),
        step=lambda known: then(
            unrolled(out[L + 1, s]),
            at_part(out[L, s + 1], known),
            by(algebra, spread, reason=("multiply out",)),
            upwards(i * whole + later, apart, ("layer ", s + 1, " joins the product and the sum")),
        ),
        over=(s,),
    )
    return derived(f"receptive_places.{name}", context, out[L, s], moves)


def first() -> Derivation:
    """f_{L,s} = i times the strides, minus the paddings times the strides before them."""
    return _unfolded("first", OF_FIRST, f, BACK)


def last() -> Derivation:
    """g_{L,s} likewise, with what the kernels span."""
    return _unfolded("last", OF_LAST, g, ON)


def seen_by(L: int, i: int, s: int, low: Any, high: Any, stride: Any) -> tuple[Any, Any]:
    """The first and last place of layer s that output i of layer s + L sees, going down layer by layer."""
    ends = [i, i]
    for layer in range(s + L, s, -1):
        ends = [stride(layer) * ends[0] + low(layer), stride(layer) * ends[1] + high(layer)]
    return ends[0], ends[1]


def first_oracle(L: int, i: int, s: int, S: Any, P: Any) -> Any:
    """The first of them."""
    return seen_by(L, i, s, lambda layer: -P(layer), lambda layer: 0, S)[0]


def last_oracle(L: int, i: int, s: int, K: Any, S: Any, D: Any, P: Any) -> Any:
    """The last of them, behind all that the kernel of each layer spans."""
    return seen_by(L, i, s, lambda layer: 0, lambda layer: D(layer) * (K(layer) - 1) - P(layer), S)[1]


_FIRST: Text = (
    "Which place ",
    f[L, s],
    " of layer ",
    s,
    " is the first that output ",
    i,
    " of layer ",
    s + L,
    " sees?",
)
_LAST: Text = ("Which place ", g[L, s], " of layer ", s, " does output ", i, " of layer ", s + L, " see last?")
CONSTRUCT = Construct(
    name="receptive_places",
    title="Which places an output sees",
    about=(
        "Output ",
        i,
        " of layer ",
        l,
        " reads ",
        S[l] * i - P[l] + D[l] * n,
        " with ",
        between(0, n, K[l] - 1),
        ".",
    ),
    conventions=("layers from 1, layer 0 is the input", "places and outputs from 0", "strides are positive"),
    source="Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, 2019, (3) to (7)",
    claims=(
        Claim("first", "The first place", _FIRST, OF_FIRST, f[L, s], first, first_oracle),
        Claim("last", "The last place", _LAST, OF_LAST, g[L, s], last, last_oracle),
    ),
)

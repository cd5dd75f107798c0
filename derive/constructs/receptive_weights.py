r"""What lies outside a receptive field counts for nothing: derivatives of a deep output by entries beside its field.

L layers of width K and stride 1 with any weights, $y_{0,i} = x_i$ and
$y_{l,i} = \sum_{k=0}^{K-1} w_{l,k}\,y_{l-1,i+k}$. The field of output i has $1 + L(K - 1)$ places, from i to
$i + L(K - 1)$: the derivative by an entry before i or behind $i + L(K - 1)$ is 0, whatever the weights are. Both by
induction on the depth, for all outputs at once: what is before the field of output i is before that of i + k as well.
`receptive_ends` shows that the first place is seen, so no smaller range would do.

Source: Luo, Li, Urtasun, Zemel, Understanding the effective receptive field in deep convolutional neural networks,
NeurIPS 2016, arXiv:1701.04128, section 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Condition, Context, Definition, all_of, array, declare, eq, gt, integer, lt, signal
from derive.language.numbers import moved, slope
from derive.language.terms import OTHERWISE, Cases, IndexSum, Indicator, Partial
from derive.rules.combine import Conversion, at, at_part, by, by_induction, derived, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated, inwards
from derive.rules.indicators import join_indicators, restate_indicator
from derive.rules.recursions import unrolled
from derive.rules.sums import factor_out, sum_of_zeros

_L, _K = declare("L", "natural", "layers"), declare("K", "size", "width of a kernel")
_i, _j = declare("i", "integer", "an output"), declare("j", "integer", "an entry of the input")
L, K, i, j = (one.symbol for one in (_L, _K, _i, _j))
l, k = integer("l"), integer("k")  # noqa: E741
x, w = signal("x"), array("w", (1, oo), (0, K - 1))
y = array("y", (0, oo), (-oo, oo))
LAYER = Definition(y, (l, i), Cases((x[i], eq(l, 0)), (IndexSum(w[l, k] * y[l - 1, i + k], k, 0, K - 1), OTHERWISE)))
NETWORK = Context((_L, _K, _i, _j), (), (LAYER,), (w, x))
Place = Callable[[Expr, Expr], Condition]


def before(depth: Expr, output: Expr) -> Condition:
    """That entry j stands before the field."""
    return lt(j, output)


def behind(depth: Expr, output: Expr) -> Condition:
    """That it stands behind the field."""
    return gt(j, output + depth * (K - 1))


def derivative(depth: Expr, output: Expr, place: Place) -> Expr:
    """How the output changes with entry j, if that stands there."""
    return Partial(y[depth, output], x[j]) * Indicator(place(depth, output))


SLOPES = Partial(y[L, i + k], x[j])
_INNER: Text = ("differentiate under the sum; ", w, " does not depend on ", x)


def opened(by_entry: Expr) -> Conversion:
    """The derivative of the newest layer as a sum over its kernel."""
    newest = Partial(y[L + 1, i], by_entry)
    inside = one_line(then(inwards, at((0,), inwards)), _INNER)
    return at_part(newest, then(at((0,), unrolled(y[L + 1, i])), inside))


def _nothing(name: str, place: Place) -> Derivation:
    """0, by induction on L, for all outputs."""
    here, there = Indicator(place(L + 1, i)), Indicator(place(L, i + k))
    body = w[L + 1, k] * SLOPES
    both = then(
        at_part(here, by(restate_indicator, all_of(here.condition, there.condition))),
        up_to(body * here * there, by(join_indicators)),
    )
    apart = one_line(both, ("then ", there.condition, " as well"))
    base = then(at_part(Partial(y[0, i], x[j]), then(at((0,), unrolled(y[0, i])), differentiated())), undelta)
    moves = by_induction(
        L,
        0,
        Integer(0),
        base,
        lambda known: then(
            opened(x[j]),
            up_to(IndexSum(body * here, k, 0, K - 1), by(factor_out, here, body, reason=("into the sum",))),
            at((0,), then(apart, at_part(SLOPES * there, known))),
            by(sum_of_zeros),
        ),
        over=(i,),
    )
    return derived(f"receptive_weights.{name}", NETWORK, derivative(L, i, place), moves)


def nothing_before() -> Derivation:
    """0 for j < i."""
    return _nothing("nothing_before", before)


def nothing_behind() -> Derivation:
    """0 for j > i + L (K - 1)."""
    return _nothing("nothing_behind", behind)


def output(L: int, K: int, i: int, w: Any, x: Any) -> Any:
    """The network, layer by layer, on the entries that could have a part in it."""
    values = {place: x(place) for place in range(i, i + L * (K - 1) + 1)}
    for layer in range(1, L + 1):
        following = {}
        for place in range(i, i + (L - layer) * (K - 1) + 1):
            total: Any = 0
            for offset in range(K):
                total += w(layer, offset) * values[place + offset]
            following[place] = total
        values = following
    return values[i]


def before_oracle(L: int, K: int, i: int, j: int, w: Any, x: Any) -> Any:
    """How the output changes with an entry before the field."""
    return slope(lambda value: output(L, K, i, w, moved(x, (j,), value)), x(j)) if j < i else 0


def behind_oracle(L: int, K: int, i: int, j: int, w: Any, x: Any) -> Any:
    """And with an entry behind it."""
    return slope(lambda value: output(L, K, i, w, moved(x, (j,), value)), x(j)) if j > i + L * (K - 1) else 0


_BEFORE: Text = ("Show that ", y[L, i], " does not depend on entries before ", x[i], ".")
_BEHIND: Text = ("Show that ", y[L, i], " does not depend on entries behind ", x[i + L * (K - 1)], ".")
_LEFT = derivative(L, i, before), derivative(L, i, behind)
CONSTRUCT = Construct(
    name="receptive_weights",
    title="Outside of a receptive field",
    about=("Each of ", L, " layers weighs ", K, " neighbours: ", eq(y[l, i], LAYER.body.clauses[1][0]), "."),
    conventions=("layers from 1, layer 0 is the input", "weights from 0"),
    source="Luo, Li, Urtasun, Zemel, NeurIPS 2016, arXiv:1701.04128, section 2",
    claims=(
        Claim("nothing_before", "Before the field", _BEFORE, NETWORK, _LEFT[0], nothing_before, before_oracle),
        Claim("nothing_behind", "Behind the field", _BEHIND, NETWORK, _LEFT[1], nothing_behind, behind_oracle),
    ),
)

r"""Stacked max pooling: L layers of blocks of K entries are one layer of blocks of $K^L$ entries.

$y_{0,i} = x_i$, and $y_{l,i}$ is the largest of the K entries $y_{l-1,\,K(i-1)+k}$. By induction on the number of
layers $y_{L,i}$ is the largest of $x_{K^L(i-1)+j}$ for $1 \le j \le K^L$. So the gradient goes to the largest entry of
the whole block, the composed arg-max; with one block left, to the largest of all. Of N entries only the first
$K^L \lfloor N/K^L \rfloor$ stand in whole blocks, and what is behind them has no part in any output.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3 (pooling), section 9.2 (several layers).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.errors import Unevaluable
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Context,
    Definition,
    IndexProduct,
    Largest,
    array,
    declare,
    eq,
    integer,
    signal,
)
from derive.rules.algebra import definition
from derive.rules.cases import select_case
from derive.rules.combine import (
    Conversion,
    at_part,
    by,
    by_induction,
    derived,
    one_line,
    quietly,
    then,
    up_to,
)
from derive.rules.ranges import empty_product, flatten_ranges, single_largest, split_last_factor
from derive.rules.sums import rename_index, single_term

_K, _L = declare("K", "size", "entries of a block"), declare("L", "natural", "number of layers")
_i = declare("i", "integer", "a block")
K, L, i = (d.symbol for d in (_K, _L, _i))
l, k, j, n, t = (integer(name) for name in "lkjnt")  # noqa: E741
x = signal("x")
y = array("y", (0, oo), (-oo, oo))


def width(layers: Expr) -> IndexProduct:
    """K to the number of layers, as a product of that many factors."""
    return IndexProduct(K, t, 1, layers)


def layers(out: Array, joined: Expr) -> Definition:
    """Layer 0 is the input, each layer after it is made of blocks of the one before."""
    return Definition(out, (l, i), Cases((x[i], eq(l, 0)), (joined, OTHERWISE)))


def largest(depth: Expr) -> Expr:
    """The largest entry of the block."""
    return Largest(x[width(depth) * (i - 1) + j], j, 1, width(depth))


MAXIMA = layers(y, Largest(y[l - 1, K * (i - 1) + k], k, 1, K))
LARGEST = Context((_K, _L, _i), (), (MAXIMA,), (x,))


def case(number: int, reason: Text) -> Conversion:
    """A layer by its definition, with the case for the input or for a layer after it."""
    return one_line(then(by(definition), by(select_case, number)), reason)


def written(whole: Expr, depth: Expr, law: Conversion, last: Conversion, reason: Text) -> Conversion:
    """Up to the line about a block, whose width is worked out by the law wherever it stands."""
    places = range(whole.count(width(depth)))
    return one_line(up_to(whole, then(*(at_part(width(depth), law) for _ in places), last)), reason)


def stacked(name: str, context: Context, out: Array, whole: Callable[[Expr], Expr], join: Conversion) -> Derivation:
    """An entry of layer L as a term of its block, by induction on L for all blocks."""
    one, more = Integer(0), L + 1
    alone = by(single_largest) if whole(L).has(Largest) else by(single_term)
    first = written(whole(one), one, by(empty_product), alone, ("a block of one entry",))
    grown = written(whole(more), more, by(split_last_factor), lambda *_: (), (eq(width(more), K * width(L)),))
    moves = by_induction(
        L,
        0,
        whole(L),
        base=then(case(0, ("layer 0 is the input",)), first),
        step=lambda hypothesis: then(
            case(1, ("definition of the layer ", more)), at_part(out[L, K * (i - 1) + k], hypothesis), join, grown
        ),
        over=(i,),
    )
    return derived(name, context, out[L, i], moves)


flat = then(
    by(flatten_ranges, n, x[K * width(L) * (i - 1) + n], reason=("blocks of blocks",)), quietly(by(rename_index, j))
)


def maxima() -> Derivation:
    """y_Li = the largest of the K^L entries of its block."""
    return stacked("stacked_pooling.maxima", LARGEST, y, largest, flat)


Entries = Callable[[int], Any]


def passed(L: int, K: int, i: int, x: Entries, joined: Callable[[list[Any]], Any]) -> Any:
    """An entry of layer L, by going back through all layers; where there are not too many entries."""
    if K**L > 3000:
        raise Unevaluable(f"blocks of {K**L} entries")
    if L == 0:
        return x(i)
    below = []
    for place in range(K * (i - 1) + 1, K * i + 1):
        below.append(passed(L - 1, K, place, x, joined))
    return joined(below)


def maxima_oracle(K: int, L: int, i: int, x: Entries) -> Any:
    """Largest entries, layer by layer."""
    return passed(L, K, i, x, max)


_BLOCKS: Text = ("Find ", y[L, i], " from the input alone.")
CONSTRUCT = Construct(
    name="stacked_pooling",
    title="Stacked max pooling",
    about=("Each of ", L, " layers takes the largest entry of blocks of ", K, " entries of the layer before it."),
    conventions=("indices from 1", "blocks lie side by side"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3",
    claims=(Claim("maxima", "Any number of layers", _BLOCKS, LARGEST, y[L, i], maxima, maxima_oracle),),
)

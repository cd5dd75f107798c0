r"""A gradient through T layers of rank one: a product of overlaps, which may grow, stay or be 0.

Layer t (counted from the output) sends $g_{t-1}$ back as $g_{t,j} = c_t\,(u_t \cdot g_{t-1})\, v_{t,j}$, and $g_0 = p$.
So $g_T = \bigl(\prod_{t=1}^T c_t\bigr)\,(u_1 \cdot p)\,\prod_{t=2}^T (u_t \cdot v_{t-1})\; v_T$: what counts between
two layers is how their vectors overlap. The worst case is `rank_one_worst`. With u alternating and all v equal to 1,
for an even n, two layers lose the gradient, whatever it is.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section
4.2.1; Saxe, McClelland, Ganguli, Exact solutions to the nonlinear dynamics of learning, arXiv:1312.6120, section 3.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    IndexProduct,
    IndexSum,
    array,
    between,
    declare,
    eq,
    integer,
)  # fmt: skip
from derive.rules.closed_forms import closed_form
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, everywhere, one_line, then
from derive.rules.expand import up_to_alike
from derive.rules.ranges import empty_product, single_factor, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import constant_out_of_sum, sum_of_zeros

_n, _T, _S = declare("n", "size", "entries"), declare("T", "size", "layers"), declare("T", "natural", "layers")
_m, _a, _c = declare("m", "size", "half of them"), declare("a", "real"), declare("c", "real", "factor of each layer")
_j = declare("j", "integer", "an entry")
n, T, m, a, c, j = (d.symbol for d in (_n, _T, _m, _a, _c, _j))
k, l, t = integer("k"), integer("l"), integer("t")  # noqa: E741
u, v, g = (array(name, (low, oo), (1, n)) for name, low in (("u", 1), ("v", 1), ("g", 0)))
f, p, w = array("f", (1, oo)), array("p", (1, n)), array("w", (1, n))


def back(first: Expr, out: Expr, into: Any, size: Expr = n) -> Definition:
    """What each layer sends back."""
    step = f[t] * out * IndexSum(into * g[t - 1, l], l, 1, size)
    return Definition(g, (t, j), Cases((first, eq(t, 0)), (step, OTHERWISE)))


def factors(last: Any, extra: Any = 1) -> IndexProduct:
    """The factors of the layers."""
    return IndexProduct(f[t] * extra, t, 1, last)


def overlaps(last: Any) -> IndexProduct:
    """How the vectors of neighbours overlap."""
    return IndexProduct(IndexSum(u[t, k] * v[t - 1, k], k, 1, n), t, 2, last)


INSIDE = (between(1, j, n),)
ANY = Context((_n, _T, _j), INSIDE, (back(p[j], v[t, j], u[t, l]),), (u, v, f, p))
MINUS, h, e = Integer(-1), array("g", (0, oo), (1, 2 * m)), array("p", (1, 2 * m))
_LOSING = Cases((e[j], eq(t, 0)), (c * IndexSum(MINUS**l * h[t - 1, l], l, 1, 2 * m), OTHERWISE))
LOST = Context((_m, _S, _c, _j), (between(1, j, 2 * m),), (Definition(h, (t, j), _LOSING),), (e,))
FIRST = IndexSum(u[1, k] * p[k], k, 1, n)


def through() -> Derivation:
    """g_T as a product of overlaps."""

    def whole(last: Any) -> Expr:
        return factors(last) * FIRST * overlaps(last) * v[last, j]

    none = then(at_part(factors(1), by(single_factor)), at_part(overlaps(1), by(empty_product)))
    alone = up_to_alike(whole(Integer(1)), none, ("one factor, and none",))
    base = then(unrolled(g[1, j]), unrolled(g[0, l]), alone)

    def step(known: Conversion) -> Conversion:
        split = then(*(at_part(x, by(split_last_factor)) for x in (factors(T + 1), overlaps(T + 1))))
        down = up_to_alike(whole(T + 1), split, ("one factor more of each",))
        return then(unrolled(g[T + 1, j]), at_part(g[T, l], known), everywhere(by(constant_out_of_sum)), down)

    moves = by_induction(T, 1, whole(T), base, step, over=(j,))
    return derived("rank_one_depth.through", ANY, g[T, j], moves)


def lost() -> Derivation:
    """Nothing is left after two layers."""
    signs = IndexSum(MINUS**l, l, 1, 2 * m)
    base = then(
        unrolled(h[2, j]),
        unrolled(h[1, l]),
        everywhere(by(constant_out_of_sum)),
        at_part(signs, one_line(closed_form(k), ("there are as many 1 as -1",))),
    )

    def step(known: Conversion) -> Conversion:
        nothing = at_part(IndexSum(Integer(0), l, 1, 2 * m), by(sum_of_zeros))
        return then(unrolled(h[T + 3, j]), at_part(h[T + 2, l], known), nothing)

    moves = by_induction(T, 0, Integer(0), base, step, over=(j,))
    return derived("rank_one_depth.lost", LOST, h[T + 2, j], moves)


def sent_back(n: int, T: int, factor: Any, u: Any, v: Any, first: Any) -> list[Any]:
    """From layer to layer, weight by weight."""
    here = [first(place) for place in range(1, n + 1)]
    for layer in range(1, T + 1):
        rows = range(1, n + 1)
        here = [sum(factor(layer) * u(layer, r) * v(layer, q) * here[r - 1] for r in rows) for q in range(1, n + 1)]
    return here


def through_oracle(n: int, T: int, j: int, u: Any, v: Any, f: Any, p: Any) -> Any:
    """One entry of what comes back."""
    return sent_back(n, T, f, u, v, p)[j - 1]


def lost_oracle(m: int, T: int, c: Any, j: int, p: Any) -> Any:
    """Two layers more."""
    return sent_back(2 * m, T + 2, lambda layer: c, lambda layer, r: (-1) ** r, lambda layer, q: 1, p)[j - 1]


_LOST: Text = (
    "All entries of ",
    v,
    " are 1, those of ",
    u,
    " -1 and 1 in turn. What is left behind two layers or more?",
)
CONSTRUCT = Construct(
    name="rank_one_depth",
    title="A gradient through layers of rank one",
    about=("Layer ", t, ", counted from the output, multiplies by ", f[t], " and by ", u[t, l] * v[t, j], "."),
    conventions=("layers are counted from the output", "each layer has n inputs and n outputs"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Saxe, McClelland, Ganguli, arXiv:1312.6120, section 3",
    claims=(
        Claim("through", "Through T layers", ("Find ", g[T, j], " for ", eq(g[0, j], p[j]), "."), ANY, g[T, j], through,
              through_oracle),
        Claim("lost", "It is lost", _LOST, LOST, h[T + 2, j], lost, lost_oracle),
    ),
)  # fmt: skip

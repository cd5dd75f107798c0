r"""Mean squares through T layers with weights of their own: the product of what each layer does.

Layer t makes $h_{t,j} = f_t \sum_i W_{t,j,i}\, h_{t-1,i}$ of n numbers each, with independent weights of mean 0 and
variance $\sigma^2$, which are independent of the input $h_0 = x$. What the layers before have made depends on their
own weights alone, so the new weights are independent of it, and each layer multiplies the mean square by
$f_t^2\, n\, \sigma^2$: $E h_{T,j}^2 = r^2 \prod_{t=1}^T f_t^2\, n\, \sigma^2$.

Source: Glorot, Bengio, AISTATS 2010, section 4.2.1, equations (5) to (8); He, Zhang, Ren, Sun, ICCV 2015, section 2.2,
equation (9).
"""

from __future__ import annotations

from itertools import product as product_of
from typing import Any

from sympy import oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import Mean
from derive.kernel.derivation import Derivation
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    Expectation,
    IndexProduct,
    IndexSum,
    array,
    between,
    declare,
    eq,
    ge,
    integer,
)  # fmt: skip
from derive.language.chance import Chance, chance
from derive.rules.combine import (
    Conversion,
    at_part,
    by,
    by_induction,
    derived,
    everywhere,
    one_line,
    then,
    up_to,
)
from derive.rules.deltas import undelta
from derive.rules.expectations import linear, pairs, stated, uncorrelated
from derive.rules.histories import apart_from_past
from derive.rules.ranges import empty_product, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import sum_of_constant

_n, _T = declare("n", "size", "entries of each layer"), declare("T", "natural", "layers")
_j, _r = declare("j", "integer", "an output"), declare("r", "real", "root mean square of an input")
_s = declare("sigma", "real", "deviation of a weight")
n, T, j, r, sigma = (d.symbol for d in (_n, _T, _j, _r, _s))
i, t, p, q, u = (integer(letter) for letter in ("i", "t", "p", "q", "u"))
W, x = array("W", (1, oo), (1, n), (1, n)), array("x", (1, n))
h, f = array("h", (0, oo), (1, n)), array("f", (1, oo))


def layers(scale: Any) -> Definition:
    """What each layer makes of the one before."""
    made = scale * IndexSum(W[t, j, i] * h[t - 1, i], i, 1, n)
    return Definition(h, (t, j), Cases((x[j], eq(t, 0)), (made, OTHERWISE)))


def stated_with(deviation: Any) -> tuple[Chance, Chance]:
    """Independent weights with mean 0; any input with one mean square."""
    weights = chance(W, mean=0, variance=deviation**2, entries="independent", parameters=(p, q, u))
    return weights, chance(x, second=r**2, parameters=(p,))


_PLACE = (between(1, j, n),)
ANY = Context((_n, _T, _s, _r, _j), (*_PLACE, ge(sigma, 0)), (layers(f[t]),), (W, x, f), stated_with(sigma))
SQUARE = Expectation(h[T, j] ** 2)


def product(last: Any) -> IndexProduct:
    """What so many layers do."""
    return IndexProduct(f[t] ** 2 * n * sigma**2, t, 1, last)


def square() -> Derivation:
    """r^2 times the product of f_t^2 n sigma^2."""
    none = one_line(at_part(product(0), by(empty_product)), ("no factors",))
    base = then(unrolled(h[0, j]), stated(("the mean square of the input",)), up_to(r**2 * product(0), none))

    def step(known: Conversion) -> Conversion:
        apart = one_line(everywhere(apart_from_past(W)), ("the new weights are independent of what was before",))
        crossed = then(pairs(), linear(), apart, uncorrelated(("the weights are uncorrelated",)))
        weighted = stated(("the weights have mean 0 and one variance",))
        alike = one_line(everywhere(by(sum_of_constant)), (n, " terms, all alike"))
        split = one_line(at_part(product(T + 1), by(split_last_factor)), ("one factor more",))
        before = at_part(Expectation(h[T, i] ** 2), known)
        up = up_to(r**2 * product(T + 1), split)
        return then(unrolled(h[T + 1, j]), crossed, weighted, undelta, before, alike, up)

    moves = by_induction(T, 0, r**2 * product(T), base, step, over=(j,))
    return derived("layer_moments_depth.square", ANY, SQUARE, moves)


def square_oracle(n: int, T: int, sigma: Any, r: Any, j: int, f: Any, average: Mean) -> Any:
    """The means of all products of two entries, layer by layer: all outcomes of each pair of weights."""
    rows = range(1, n + 1)
    found = {(a, b): average(lambda W, x, a=a, b=b: x(a) * x(b)) for a in rows for b in rows}
    for layer in range(1, T + 1):
        new: dict[tuple[int, int], Any] = dict.fromkeys(found, 0)
        for (a, b), (k, m) in product_of(found, found):
            weight = average(lambda W, x, t=layer, a=a, b=b, k=k, m=m: W(t, a, k) * W(t, b, m))
            new[a, b] += f(layer) ** 2 * weight * found[k, m]
        found = new
    return found[j, j]


CONSTRUCT = Construct(
    name="layer_moments_depth",
    title="Mean squares through T layers",
    about=("Layer ", t, " makes ", eq(h[t, j], f[t] * IndexSum(W[t, j, i] * h[t - 1, i], i, 1, n)), " of ",
           eq(h[0, j], x[j]), ", with weights of its own."),
    conventions=("each layer has n inputs and n outputs", "layer 0 is the input", "mean squares, not variances"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; He, Zhang, Ren, Sun, ICCV 2015, section 2.2, equation (9)",
    claims=(
        Claim("square", "Through T layers", ("Find ", SQUARE, "."), ANY, SQUARE, square, square_oracle),
    ),
)  # fmt: skip

r"""Back-propagation through time as a product over steps: an Elman network, $h_t = \tanh(W h_{t-1} + U x_t + b)$.

Shapes: W: (n, n), U: (n, m), b: (n), x: (steps, m), h: (steps, n); $h_0 = p$ is the state at the start. With
$d_t = 1 - h_t^2$ the Jacobian of step t is $J_t = \mathrm{Diag}(d_t)\, W$, and that of steps s+1 to t together is the
product $P_{t,s} = J_t\,J_{t-1} \cdots J_{s+1}$ (the unit matrix for s = t), with $P_{t,s} = J_t P_{t-1,s}$. Then
$\partial h_t/\partial p = P_{t,0}$: that is the derivative by any earlier state too, as one may count from there. A
weight is used at each step: $\partial h_{t,k}/\partial W_{r,q} = \sum_{s=1}^t P_{t,s,k,r}\, d_{s,r}\, h_{s-1,q}$.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 10.2.2; Pascanu, Mikolov, Bengio,
On the difficulty of training recurrent neural networks, 2013, arXiv:1211.5063, (3) to (5).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, oo, tanh

from derive.constructs.construct import Claim, Construct
from derive.constructs.elman_rnn import summed
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, between, declare, eq, gt, integer
from derive.language.numbers import moved, slope
from derive.language.numbers import tanh as squashed
from derive.language.terms import OTHERWISE, Cases, IndexSum, Indicator, Partial
from derive.rules.algebra import algebra
from derive.rules.bracketing import rebracketed
from derive.rules.combine import Conversion, at, at_part, by, by_induction, derived, everywhere, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import up_to_alike
from derive.rules.indicators import under_indicator
from derive.rules.recursions import rolled, unrolled, upwards
from derive.rules.sums import empty_sum, factor_out, split_last, sum_of_terms

_n, _m = declare("n", "size", "entries of a state"), declare("m", "size", "entries of an input")
_t, _k = declare("t", "natural", "steps"), declare("k", "integer", "entry of the state")
_r, _q = declare("r", "integer", "row"), declare("q", "integer", "column")
n, m, t, k, r, q = (d.symbol for d in (_n, _m, _t, _k, _r, _q))
i, j, l, s = integer("i"), integer("j"), integer("l"), integer("s")  # noqa: E741
W, U, b, p = array("W", (1, n), (1, n)), array("U", (1, n), (1, m)), array("b", (1, n)), array("p", (1, n))
x = array("x", (1, oo), (1, m), outside="zero")
h, d = array("h", (0, oo), (1, n)), array("d", (1, oo), (1, n))
J, P = array("J", (1, oo), (1, n), (1, n)), array("P", (0, oo), (0, oo), (1, n), (1, n))
_SUM = IndexSum(W[i, j] * h[t - 1, j], j, 1, n) + IndexSum(U[i, l] * x[t, l], l, 1, m) + b[i]
NETWORK = Definition(h, (t, i), Cases((p[i], eq(t, 0)), (tanh(_SUM), OTHERWISE)))
SLOPE, STEP = Definition(d, (t, i), 1 - h[t, i] ** 2), Definition(J, (t, i, j), d[t, i] * W[i, j])
_ONE_MORE = IndexSum(J[t, i, l] * P[t - 1, s, l, j], l, 1, n)
_PRODUCT = Cases((Indicator(eq(i, j)), eq(t, s)), (_ONE_MORE, gt(t, s)), (Integer(0), OTHERWISE))
PRODUCT = Definition(P, (t, s, i, j), _PRODUCT)
FREE, GIVEN = (W, U, b, p, x), (NETWORK, SLOPE, STEP, PRODUCT)
STATE = Context((_n, _m, _t, _k, _q), tuple(between(1, s, n) for s in (k, q)), GIVEN, FREE)
WEIGHT = Context((_n, _m, _t, _k, _r, _q), tuple(between(1, s, n) for s in (k, r, q)), GIVEN, FREE)


def _next(known: Conversion, line: Expr) -> Conversion:
    """The derivative of h at t + 1 by that at t, with the slope d for what it is by definition."""
    by_rules = then(differentiated(known), everywhere(by(sum_of_terms, reason=("sum term by term",))), undelta)
    named = up_to_alike(line, unrolled(d[t + 1, k], h[t + 1, k]))
    why: Text = ("chain rule, with the definition of ", d)
    return then(at((0,), unrolled(h[t + 1, k])), one_line(then(by_rules, named), why))


def _one_factor_more(before: Any) -> Conversion:
    """J times the product so far, with J as what it is and its slope in front of the sum."""
    inside = by(factor_out, d[t + 1, k], W[k, l] * before, reason=("the slope in front of the sum",))
    return then(unrolled(J[t + 1, k, l]), at_part(IndexSum(W[k, l] * d[t + 1, k] * before, l, 1, n), inside))


_START = then(at((0,), unrolled(h[0, k])), differentiated())


def state_products() -> Derivation:
    """dh_t/dp = P_{t,0}."""
    later, line = P[t + 1, 0, k, q], d[t + 1, k] * IndexSum(W[k, j] * P[t, 0, j, q], j, 1, n)
    back = then(unrolled(later), _one_factor_more(P[t, 0, l, q]), rebracketed(line))
    moves = by_induction(
        t,
        0,
        P[t, 0, k, q],
        base=then(_START, rolled(P[0, 0, k, q], P[0, 0, k, q])),
        step=lambda known: then(_next(known, line), upwards(later, back, ("definition of ", J, " and of ", P))),
        over=(k,),
    )
    return derived("recurrent_products.state_products", STATE, Partial(h[t, k], p[q]), moves)


def through_time(steps: Any, row: Any = k) -> IndexSum:
    """What the uses of W[r, q] at all steps give together."""
    return IndexSum(P[steps, s, row, r] * d[s, r] * h[s - 1, q], s, 1, steps)


def weight_products() -> Derivation:
    """dh_t/dW as a sum over the steps at which W is used."""
    before = IndexSum(W[k, j] * through_time(t, j), j, 1, n)
    parts = d[t + 1, k] * before, d[t + 1, k] * Indicator(eq(k, r)) * h[t, q]
    earlier = IndexSum(P[t + 1, s, k, r] * d[s, r] * h[s - 1, q], s, 1, t)
    longer = then(unrolled(P[t + 1, s, k, r]), _one_factor_more(P[t, s, l, r]))
    all_but_last = then(at_part(earlier, at((0,), longer)), _at_sum(rebracketed(parts[0])))
    newest = then(unrolled(P[t + 1, t + 1, k, r]), _at_delta(by(under_indicator, d[t + 1, k] * h[t, q])))
    back = then(by(split_last, reason=("the last term joins the sum",)), newest, all_but_last)
    moves = by_induction(
        t,
        0,
        through_time(t),
        base=then(_START, up_to(through_time(Integer(0)), by(empty_sum, reason=("a sum of no terms",)))),
        step=lambda known: then(
            _next(known, d[t + 1, k] * (before + Indicator(eq(k, r)) * h[t, q])),
            by(algebra, parts[0] + parts[1], reason=("multiply out",)),
            upwards(through_time(t + 1), back, ("exchange the sums; definition of ", J, " and of ", P)),
        ),
        over=(k,),
    )
    return derived("recurrent_products.weight_products", WEIGHT, Partial(h[t, k], W[r, q]), moves)


def _at_sum(conversion: Conversion) -> Conversion:
    return lambda c, e: at_part(next(a for a in e.args if isinstance(a, IndexSum)), conversion)(c, e)


def _at_delta(conversion: Conversion) -> Conversion:
    return lambda c, e: at_part(next(a for a in e.args if a.atoms(Indicator) and not a.has(IndexSum)), conversion)(c, e)


def states(n: int, m: int, t: int, W: Any, U: Any, b: Any, p: Any, x: Any) -> list[Any]:
    """The last state, in loops over the steps and the entries."""
    state = [p(place) for place in range(1, n + 1)]
    for step in range(1, t + 1):
        old = dict(enumerate(state, start=1))
        now = {place: x(step, place) for place in range(1, m + 1)}
        state = [squashed(summed(place, n, m, W, U, b, old.get, now.get)) for place in range(1, n + 1)]
    return state


def state_oracle(n: int, m: int, t: int, k: int, q: int, W: Any, U: Any, b: Any, p: Any, x: Any) -> Any:
    """How the last state changes with the first."""
    return slope(lambda value: states(n, m, t, W, U, b, moved(p, (q,), value), x)[k - 1], p(q))


def weight_oracle(n: int, m: int, t: int, k: int, r: int, q: int, W: Any, U: Any, b: Any, p: Any, x: Any) -> Any:
    """How the last state changes with a weight, which is the same one at every step."""
    return slope(lambda value: states(n, m, t, moved(W, (r, q), value), U, b, p, x)[k - 1], W(r, q))


_STATE: Text = ("Find the derivative of ", h[t, k], " with respect to ", p[q], ", the state ", t, " steps before.")
_WEIGHT: Text = ("Find the derivative of ", h[t, k], " with respect to ", W[r, q], ", which every step uses.")
_LEFT = Partial(h[t, k], p[q]), Partial(h[t, k], W[r, q])
CONSTRUCT = Construct(
    name="recurrent_products",
    title="Back-propagation through time as a product over steps",
    about=("An Elman network makes ", t, " steps from the state ", p, "; all steps have the same weights."),
    conventions=("indices from 1, the first state is that of step 0", "the last step is the leftmost factor"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 10.2.2; arXiv:1211.5063",
    claims=(
        Claim("state_products", "From state to state", _STATE, STATE, _LEFT[0], state_products, state_oracle),
        Claim("weight_products", "Recurrent weights", _WEIGHT, WEIGHT, _LEFT[1], weight_products, weight_oracle),
    ),
)

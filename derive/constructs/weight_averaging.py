r"""Exponential moving average of the weights of SGD: a convolution with a geometric response.

From $\bar w[0] = w_0$ the average follows $\bar w[t] = (1-\gamma)\,\bar w[t-1] + \gamma\, w[t]$: the first-order
recursion with a = 1 - gamma, whose input is $w_0$ at 0 and $\gamma\, w[t]$ after. So it is a weighted sum of all
weights so far. The coefficients add up to 1, and from constant weights c the start is forgotten like $(1-\gamma)^T$
(the bias that Adam divides out).

Source: Polyak, Juditsky, Acceleration of stochastic approximation by averaging, SIAM J. Control Optim. 30 (1992);
Kingma, Ba, Adam, arXiv:1412.6980, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Integer

from derive.constructs import recursion
from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import OTHERWISE, Cases, Context, Definition, IndexSum, declare, eq, integer, signal
from derive.rules.algebra import definition
from derive.rules.cases import regroup_cases, select_case
from derive.rules.closed_forms import closed_form
from derive.rules.combine import at_part, by, derived, quietly, then
from derive.rules.lemmas import use_lemma
from derive.rules.sums import constant_out_of_sum, single_term, split_range
from derive.rules.windows import insert_definitions

_T = declare("T", "natural", "number of steps")
_gamma, _w_0 = declare("gamma", "real", "weight of the newest"), declare("w_0", "real", "starting weights")
_c = declare("c", "real", "constant weights")
T, gamma, w_0, c = _T.symbol, _gamma.symbol, _w_0.symbol, _c.symbol
t, k = integer("t"), integer("k")
w, e, w_bar = signal("w"), signal("e", 0), signal("w_bar", 0)

_INPUT = Definition(e, (t,), Cases((w_0, eq(t, 0)), (gamma * w[t], OTHERWISE)))
_AVERAGE = Definition(w_bar, (t,), (1 - gamma) * w_bar[t - 1] + e[t])
CONTEXT = Context((_T, _gamma, _w_0), definitions=(_INPUT, _AVERAGE), arrays=(w,))
WEIGHTS = Context((_T, _gamma))
CONSTANT = Context((_T, _gamma, _w_0, _c), definitions=(Definition(w, (t,), c), _INPUT, _AVERAGE))


def closed() -> Derivation:
    """The average as a sum over all weights, by the recursion's solution."""
    solved = recursion.solution()
    start = IndexSum((1 - gamma) ** (T - k) * e[k], k, 0, 0)
    rest = IndexSum((1 - gamma) ** (T - k) * e[k], k, 1, T)
    moves = then(
        use_lemma(
            solved,
            {recursion.n: T, recursion.a: 1 - gamma, recursion.y: w_bar, recursion.x: e},
            ("first-order recursion",),
        ),
        by(split_range, Integer(0), reason=("the start by itself",)),
        at_part(start, quietly(by(single_term))),
        at_part(e[0], then(quietly(by(definition)), by(select_case, 0, reason=(eq(e[0], w_0),)))),
        at_part(rest, insert_definitions),
        at_part(
            IndexSum(gamma * (1 - gamma) ** (T - k) * w[k], k, 1, T),
            by(constant_out_of_sum, reason=("take ", gamma, " out of the sum")),
        ),
    )
    return derived("weight_averaging.closed", CONTEXT, w_bar[T], moves, (solved,))


def coefficients() -> Derivation:
    """The coefficients of the starting weights and of all later ones add up to 1."""
    left = (1 - gamma) ** T + gamma * IndexSum((1 - gamma) ** (T - k), k, 1, T)
    moves = then(closed_form(k), by(regroup_cases, Integer(1), reason=("it is the same in both cases",)))
    return derived("weight_averaging.coefficients", WEIGHTS, left, moves)


def constant() -> Derivation:
    """The average of constant weights: the start is forgotten geometrically."""
    general = closed()
    target = (1 - gamma) ** T * w_0 + (1 - (1 - gamma) ** T) * c
    moves = then(
        use_lemma(general, {}, ("the average as a sum over all weights",)),
        at_part(w[k], by(definition, reason=(eq(w[k], c),))),
        closed_form(k),
        by(regroup_cases, target, reason=("both cases in one formula",)),
    )
    return derived("weight_averaging.constant", CONSTANT, w_bar[T], moves, (general,))


def oracle(T: int, gamma: Fraction, w_0: Fraction, w: Callable[[int], Fraction]) -> Fraction:
    """The recursion, step by step."""
    average = w_0 + gamma * 0
    for step in range(1, T + 1):
        average = (1 - gamma) * average + gamma * w(step)
    return average


def coefficients_oracle(T: int, gamma: Fraction) -> Fraction:
    """What becomes of weights that are 1 all the time."""
    average = Fraction(1) if isinstance(gamma, (int, Fraction)) else 1.0
    for _ in range(T):
        average = (1 - gamma) * average + gamma
    return average


def constant_oracle(T: int, gamma: Fraction, w_0: Fraction, c: Fraction) -> Fraction:
    """The recursion, step by step, with the same weights in each step."""
    average = w_0 + gamma * c * 0
    for _ in range(T):
        average = (1 - gamma) * average + gamma * c
    return average


CONSTRUCT = Construct(
    name="weight_averaging",
    title="Exponential moving average of the weights of SGD",
    about=("The average of the weights ", w[t], " moves by the fraction ", gamma, " towards the newest weights."),
    conventions=("the average starts at the starting weights", "0 to the power 0 is 1"),
    source="Kingma, Ba, Adam, arXiv:1412.6980, section 3; Polyak, Juditsky, SIAM J. Control Optim. 30 (1992)",
    claims=(
        Claim(
            name="closed",
            title="The average as a sum over all weights",
            question=("Write ", w_bar[T], " as a sum over the weights so far."),
            context=CONTEXT,
            left=w_bar[T],
            derive=closed,
            oracle=oracle,
        ),
        Claim(
            name="coefficients",
            title="The coefficients add up to 1",
            question=("What do the coefficients of ", w_0, " and of all ", w[k], " add up to?"),
            context=WEIGHTS,
            left=(1 - gamma) ** T + gamma * IndexSum((1 - gamma) ** (T - k), k, 1, T),
            derive=coefficients,
            oracle=coefficients_oracle,
        ),
        Claim(
            name="constant",
            title="How the start is forgotten",
            question=("From the first step on the weights are ", c, ". Find ", w_bar[T], "."),
            context=CONSTANT,
            left=w_bar[T],
            derive=constant,
            oracle=constant_oracle,
        ),
    ),
)

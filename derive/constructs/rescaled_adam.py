r"""A step of Adam without memory in two parametrisations: multiplier, rate and guard all move by one factor.

With the multiplier $\alpha/s$ and weights that are s times as large a layer puts out the same, and the slope of its
loss is divided by s. Divided by its size and a guard $\varepsilon/s$ it is what it was; so with the rate $s\,\eta$ the
step is s times as large, like the weights. With $s = n^\theta$ the exponents of multiplier, start and rate move to
$a + \theta$, $b - \theta$ and $c - \theta$: by 1 from table 3 of Tensor Programs V, (0, 1, 1) for an output layer, to
its table 8, (1, 0, 0). A guard that is left as it was breaks that.

Source: Yang and others, Tensor Programs V, arXiv:2203.03466, tables 3 and 8, appendix B; Kingma, Ba, arXiv:1412.6980.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.rescaled_training import INSIDE, _alpha, _eta, _i, _n, _s, alpha, eta, i, k, n, s
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, declare, eq, gt
from derive.language.maps import Applied
from derive.language.numbers import slope
from derive.rules.algebra import algebra, definition
from derive.rules.combine import by, derived, everywhere, one_line, then
from derive.rules.scaling import factor_out_of_absolute_value

_eps = declare("epsilon", "real", "guard")
eps = _eps.symbol
x_1, w_1, v_1 = (array(name, (1, n)) for name in "xwv")
ADAM = Context(
    (_n, _i, _s, _alpha, _eta, _eps), (*INSIDE, gt(eps, 0)), (Definition(v_1, (i,), s * w_1[i]),), (x_1, w_1)
)


def one_step(of: Array, multiplier: Expr, guard: Expr) -> Expr:
    """The slope of the loss by weight i, divided by its size and the guard."""
    gradient = multiplier * x_1[i] * Applied("f", 1, IndexSum(multiplier * of[k] * x_1[k], k, 1, n))
    return gradient / (Abs(gradient) + guard)


CHANGE = s * eta * one_step(v_1, alpha / s, eps / s)


def adam() -> Derivation:
    """A step of Adam is s times as large as well."""
    moves = then(
        one_line(everywhere(by(definition)), (eq(v_1[k], s * w_1[k]),)),
        everywhere(by(factor_out_of_absolute_value, 1 / s, reason=(gt(s, 0),))),
        by(algebra, s * eta * one_step(w_1, alpha, eps), reason=("multiply above and below by ", s)),
    )
    return derived("rescaled_adam.adam", ADAM, CHANGE, moves)


def adam_oracle(n: int, i: int, s: Any, alpha: Any, eta: Any, epsilon: Any, x: Any, w: Any, f: Any) -> Any:
    """From the loss itself, at weights that are s times as large."""

    def loss(value: Any) -> Any:
        weights = [value if place == i else s * w(place) for place in range(1, n + 1)]
        return f(sum(alpha / s * weight * x(place) for place, weight in enumerate(weights, start=1)))

    found = slope(loss, s * w(i))
    return s * eta * found / ((found if found > 0 else -found) + epsilon / s)


_ADAM: Text = (
    "The weights are ", eq(v_1[k], s * w_1[k]), ", the multiplier is ", alpha / s, ", the rate ", s * eta,
    " and the guard ", eps / s, ". Compare the step with that of ", w_1, ".",
)  # fmt: skip
_NUMBERS = Context((_s, _eta, _eps, declare("g", "real", "slope")), (gt(s, 0), gt(eps, 0)))
_g = _NUMBERS.symbols[3]
GUARD = Refuted(
    name="guard_kept",
    title="The guard is left as it was",
    statement=("For a slope that is divided by ", s, " only the rate has to be ", s * eta),
    context=_NUMBERS,
    left=s * eta * (_g / s) / (Abs(_g / s) + eps),
    relation="=",
    right=s * eta * _g / (Abs(_g) + eps),
    missing=("The guard has the unit of the slope and is divided by the same number.",),
    instead="rescaled_adam.adam",
)
CONSTRUCT = Construct(
    name="rescaled_adam",
    title="A step of Adam in two parametrisations",
    about=("A layer puts out the sum of all ", alpha * w_1[k] * x_1[k], "."),
    conventions=("f is any smooth loss of the output", "Adam without memory: a slope divided by its size and a guard"),
    source="Yang and others, Tensor Programs V, arXiv:2203.03466, tables 3 and 8, appendix B",
    claims=(Claim("adam", "A step of Adam", _ADAM, ADAM, CHANGE, adam, adam_oracle),),
    refuted=(GUARD,),
)

r"""One network in two parametrisations: a factor moved from the multiplier into the weights, and what the rate must do.

A layer has weights $w_i$ that are trained and a multiplier $\alpha$ in front; its output $\sum_k \alpha w_k x_k$ goes
into any smooth loss f. With the multiplier $\alpha/s$, weights that begin s times as large and the rate $s^2\eta$,
gradient descent keeps the weights s times as large at every step, on any data, and the outputs stay the same. For a
rule that divides the gradient by its size and a guard (Adam without memory) the rate is $s\,\eta$ and the guard
$\varepsilon/s$ (`rescaled_adam`). With $s = n^\theta$ this takes multiplier $n^{-a}$, initial size $n^{-b}$ and rate
$n^{-c}$ to $a + \theta$, $b - \theta$ and $c - 2\theta$ (Adam: $c - \theta$).

Source: Yang, Hu, Tensor Programs IV, arXiv:2011.14522, section 3 (symmetries of abc-parametrisations); Yang and
others, Tensor Programs V, arXiv:2203.03466, appendix B.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from sympy import Expr, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Array, Cases, Context, Definition, IndexSum, array, between, declare, gt, integer
from derive.language.conditions import eq
from derive.language.maps import Applied
from derive.language.numbers import slope
from derive.rules.combine import Conversion, at_part, by_induction, derived, everywhere, then
from derive.rules.expand import up_to_alike
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import unrolled

_n, _T, _i = declare("n", "size", "inputs"), declare("T", "natural", "steps"), declare("i", "integer", "an input")
_s, _alpha = declare("s", "real", "factor"), declare("alpha", "real", "multiplier")
_eta = declare("eta", "real", "rate")
n, T, i, s, alpha, eta = (d.symbol for d in (_n, _T, _i, _s, _alpha, _eta))
t, k = integer("t"), integer("k")
x, p = array("x", (1, oo), (1, n)), array("p", (1, n))
w, v = (array(name, (0, oo), (1, n)) for name in "wv")


def output(of: Array, multiplier: Expr, step: Expr, data: Expr) -> IndexSum:
    """What the layer puts out after so many steps, for the data of a step."""
    return IndexSum(multiplier * of[step, k] * x[data, k], k, 1, n)


def slope_at(of: Array, multiplier: Expr) -> Expr:
    """The derivative of the loss of step t by weight i."""
    return multiplier * x[t, i] * Applied("f", 1, output(of, multiplier, t - 1, t))


def trained(of: Array, start: Expr, change: Expr) -> Definition:
    """The weights, step by step."""
    return Definition(of, (t, i), Cases((start, eq(t, 0)), (of[t - 1, i] - change, OTHERWISE)))


INSIDE = (between(1, i, n), gt(s, 0))
DESCENT = Context((_n, _T, _i, _s, _alpha, _eta), INSIDE, (
    trained(w, p[i], eta * slope_at(w, alpha)),
    trained(v, s * p[i], s**2 * eta * slope_at(v, alpha / s)),
), (x, p))  # fmt: skip
SAME = replace(DESCENT, declarations=(_n, _T, _s, _alpha, _eta), hypotheses=INSIDE[1:])


def multiple(name: str, context: Context, factor: Expr) -> Derivation:
    """v_T = s w_T, for all weights at once."""

    def step(known: Conversion) -> Conversion:
        here = then(everywhere(at_part(v[T, i], known)), everywhere(at_part(v[T, k], known)))
        back = up_to_alike(factor * w[T + 1, i], unrolled(w[T + 1, i]), ("definition of ", w))
        return then(unrolled(v[T + 1, i]), here, back)

    base = then(unrolled(v[0, i]), up_to_alike(factor * w[0, i], unrolled(w[0, i]), ("definition of ", w)))
    moves = by_induction(T, 0, factor * w[T, i], base, step, over=(i,))
    return derived(name, context, v[T, i], moves)


def descent() -> Derivation:
    """The weights stay s times as large."""
    return multiple("rescaled_training.descent", DESCENT, s)


def outputs() -> Derivation:
    """Both put out the same."""
    known = descent()
    each = at_part(v[T, k], use_lemma(known, {i: k}, (eq(v[T, i], known.right),)))
    return derived("rescaled_training.outputs", SAME, output(v, alpha / s, T, T + 1), each, (known,))


def walked(n: int, T: int, size: Any, multiplier: Any, rate: Any, x: Any, p: Any, f: Any) -> list[Any]:
    """The weights after T steps, from the loss of each step itself."""
    here = [size * p(place) for place in range(1, n + 1)]

    def loss(step: int, at: int, value: Any) -> Any:
        weights = [value if place == at else here[place] for place in range(n)]
        return f(sum(multiplier * weights[place] * x(step, place + 1) for place in range(n)))

    for step in range(1, T + 1):
        slopes = [slope(partial(loss, step, place), here[place]) for place in range(n)]
        here = [old - rate * found for old, found in zip(here, slopes, strict=True)]
    return here


def descent_oracle(n: int, T: int, i: int, s: Any, alpha: Any, eta: Any, x: Any, p: Any, f: Any) -> Any:
    """With the multiplier alpha/s."""
    return walked(n, T, s, alpha / s, s * s * eta, x, p, f)[i - 1]


def outputs_oracle(n: int, T: int, s: Any, alpha: Any, eta: Any, x: Any, p: Any, f: Any) -> Any:
    """The sum over all inputs of the next step."""
    here = walked(n, T, s, alpha / s, s * s * eta, x, p, f)
    return sum(alpha / s * here[place - 1] * x(T + 1, place) for place in range(1, n + 1))


_WALK: Text = (
    "Multipliers are ", alpha, " and ", alpha / s, ", starts ", p[i], " and ", s * p[i], ", rates ", eta, " and ",
    s**2 * eta, ". Compare the ",
)  # fmt: skip
_LEFT = output(v, alpha / s, T, T + 1)
CONSTRUCT = Construct(
    name="rescaled_training",
    title="One network in two parametrisations",
    about=("A layer of weights is trained with two multipliers: ", w, " with one, ", v, " with the other."),
    conventions=("f is any smooth loss of the output", "data of their own at each step"),
    source="Yang, Hu, Feature learning in infinite-width neural networks, arXiv:2011.14522, section 3",
    claims=(
        Claim("descent", "Gradient descent", (*_WALK, "weights."), DESCENT, v[T, i], descent, descent_oracle),
        Claim("outputs", "What they put out", (*_WALK, "outputs."), SAME, _LEFT, outputs, outputs_oracle),
    ),
)  # fmt: skip

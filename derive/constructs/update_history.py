r"""Update rules with a history of gradients: degree 0 if the factor is common to the whole history, and only then.

Here $g_t$ is the gradient of step t. A momentum $m_t = \beta m_{t-1} + (1-\beta)\, g_t$ has the degree 1 in the whole
history, by induction. Adam without a guard, $u = \sum_t a_t g_t / \sqrt{\sum_t b_t g_t^2}$ entry by entry with any
weights (those of its two averages, their bias corrections included; for $b_t = 1$ AdaGrad), has the degree 0. A factor
of the last gradient alone goes into both sums, where the old gradients keep their size: no degree fits that. A Newton
step has the degree 0 for a loss that is multiplied by s, since gradient and curvature are.

Source: Kingma, Ba, Adam, arXiv:1412.6980, algorithm 1 and section 2.1; Duchi, Hazan, Singer, Adaptive subgradient
methods, JMLR 12 (2011), section 1.1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import oo, sqrt

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    ForAll,
    IndexSum,
    array,
    between,
    declare,
    eq,
    gt,
    integer,
    ne,
)  # fmt: skip
from derive.language.numbers import power
from derive.rules.degrees import twin, with_twins
from derive.rules.homogeneity import homogeneous

_n, _i, _T = declare("n", "size", "entries"), declare("i", "integer", "an entry"), declare("T", "size", "steps")
_s, _eta, _beta = declare("s", "real", "factor"), declare("eta", "real", "rate"), declare("beta", "real", "memory")
n, i, T, s, eta, beta = (d.symbol for d in (_n, _i, _T, _s, _eta, _beta))
t, k = integer("t"), integer("k")
g, m = array("g", (1, oo), (1, n)), array("m", (0, oo), (1, n))
a, b = array("a", (1, oo)), array("b", (1, oo))
u, d, h, v = (array(name, (1, n)) for name in "udhv")
INSIDE = (between(1, i, n), gt(s, 0))
SECOND = IndexSum(b[t] * g[t, i] ** 2, t, 1, T)
SECONDS = ForAll(gt(IndexSum(b[t] * g[t, k] ** 2, t, 1, T), 0), k, 1, n)
_HEAVY = (
    Definition(m, (t, i), Cases((0, eq(t, 0)), (beta * m[t - 1, i] + (1 - beta) * g[t, i], OTHERWISE))),
    Definition(u, (i,), -eta * m[T, i]),
)
_ADAM = (Definition(u, (i,), -eta * IndexSum(a[t] * g[t, i], t, 1, T) / sqrt(SECOND)),)
_NEWTON = (Definition(v, (i,), 1 / h[i]), Definition(u, (i,), -eta * d[i] * v[i]))
ALL = {g: lambda *_: s}
LAST = {g: lambda step, _: Cases((s, eq(step, T)), (1, OTHERWISE))}
PLAIN_HEAVY = Context((_n, _i, _T, _s, _eta, _beta), INSIDE, _HEAVY, (g,))
PLAIN_ADAM = Context((_n, _i, _T, _s, _eta), (*INSIDE, SECONDS), _ADAM, (g, a, b))
_KEPT = Context((_n, _i, declare("T", "natural", "steps"), _s, _beta), INSIDE, _HEAVY[:1], (g,))
MEMORY = with_twins(_KEPT, ALL)
_SUMMED = IndexSum(g[t, i] ** 2, t, 1, T)
_SUMS = ForAll(gt(IndexSum(g[t, k] ** 2, t, 1, T), 0), k, 1, n)
PLAIN_ADAGRAD = Context((_n, _i, _T, _s), (*INSIDE, _SUMS), (Definition(u, (i,), g[T, i] / sqrt(_SUMMED)),), (g,))
HEAVY, ADAM = with_twins(PLAIN_HEAVY, ALL), with_twins(PLAIN_ADAM, ALL)
_CURVED = Context((_n, _i, _s, _eta), (*INSIDE, ForAll(ne(h[k], 0), k, 1, n)), _NEWTON, (d, h))
NEWTON = with_twins(_CURVED, dict.fromkeys((d, h), lambda *_: s))
MADE = twin(u)[i]


def memory() -> Derivation:
    """Degree 1, by induction on the steps."""
    return homogeneous("update_history.memory", MEMORY, m[T, i], s, (g,))


def momentum() -> Derivation:
    """Degree 1."""
    return homogeneous("update_history.momentum", HEAVY, u[i], s, (g,))


def adam() -> Derivation:
    """Degree 0."""
    return homogeneous("update_history.adam", ADAM, u[i], s, (g,))


def newton() -> Derivation:
    """Degree 0 in gradient and curvature together."""
    return homogeneous("update_history.newton", NEWTON, u[i], s, (d, h))


def memory_oracle(n: int, i: int, T: int, s: Any, beta: Any, g: Any) -> Any:
    """Step by step."""
    kept = 0 * s * beta
    for step in range(1, T + 1):
        kept = beta * kept + (1 - beta) * (s * g(step, i))
    return kept


def momentum_oracle(n: int, i: int, T: int, s: Any, eta: Any, beta: Any, g: Any) -> Any:
    """Against what is kept of the gradients."""
    return -eta * memory_oracle(n, i, T, s, beta, g)


def adam_oracle(n: int, i: int, T: int, s: Any, eta: Any, g: Any, a: Any, b: Any) -> Any:
    """Both weighted sums, step by step."""
    first, second = 0 * s, 0 * s
    for step in range(1, T + 1):
        entry = s * g(step, i)
        first, second = first + a(step) * entry, second + b(step) * entry * entry
    return -eta * first * power(second, Fraction(-1, 2))


def newton_oracle(n: int, i: int, s: Any, eta: Any, d: Any, h: Any) -> Any:
    """The slope divided by the curvature, direction by direction."""
    return [-eta * (s * d(place)) / (s * h(place)) for place in range(1, n + 1)][i - 1]


_ALL: Text = ("All gradients are multiplied by ", s, ".", " What is the new update ", MADE, "?")
_LAST: Text = (" if the last gradient ", g[T, i], " alone is multiplied by ", s)
MOMENTUM_LAST = Refuted(
    name="momentum_last",
    title="A factor of the last gradient",
    statement=("An update with momentum is multiplied by ", s, *_LAST),
    context=with_twins(PLAIN_HEAVY, LAST),
    left=MADE,
    relation="=",
    right=s * u[i],
    missing=("The momentum keeps what it has of the gradients before.",),
    instead="update_history.momentum",
)
ADAGRAD_LAST = Refuted(
    name="adagrad_last",
    title="AdaGrad and a factor of the last gradient",
    statement=("A step of AdaGrad stays the same", *_LAST),
    context=with_twins(PLAIN_ADAGRAD, LAST),
    left=MADE,
    relation="=",
    right=u[i],
    missing=("The sum holds the gradients from before, which keep their size.",),
    instead="update_history.adam",
)
CONSTRUCT = Construct(
    name="update_history",
    title="Update rules with a history, and the scale of the gradient",
    about=("Gradients are multiplied by the same number ", gt(s, 0), "."),
    conventions=("the update is what is added to the weights", "Adam without its guard against division by 0"),
    source="Kingma, Ba, Adam, arXiv:1412.6980, algorithm 1, section 2.1; Duchi, Hazan, Singer, JMLR 12 (2011)",
    claims=(
        Claim("memory", "What a momentum keeps", (*_ALL[:3], " What is ", twin(m)[T, i], "?"), MEMORY,
              twin(m)[T, i], memory, memory_oracle),
        Claim("momentum", "Momentum", _ALL, HEAVY, MADE, momentum, momentum_oracle),
        Claim("adam", "Adam", ("Let ", a, " and ", b, " be the weights of its two averages. ", *_ALL), ADAM, MADE, adam,
              adam_oracle),
        Claim("newton", "A Newton step", ("The loss is multiplied by ", s, ", and so are its slopes ", d, " and its "
              "curvatures ", h, ". What is the new update ", MADE, "?"), NEWTON, MADE, newton, newton_oracle),
    ),
    refuted=(MOMENTUM_LAST, ADAGRAD_LAST),
)  # fmt: skip

r"""A chain of N layers: its Jacobian is the product of those of the layers, from the one end or from the other.

Layer k makes $x_{k,i} = f\big(\sum_j W_{k,i,j}\, x_{k-1,j}\big)$ from the entries before, $x_0 = p$, where f is any
smooth function. Its Jacobian is $J_{k,i,j} = f'(a_{k,i})\, W_{k,i,j}$ with $a_k = W_k x_{k-1}$. Forward accumulation
over N layers from layer s on is $F_{0,s} = I$, $F_{N,s} = J_{s+N} F_{N-1,s}$, a layer more each time at the end.
Reverse accumulation is $R_{0,s} = I$, $R_{N,s} = R_{N-1,s+1} J_{s+1}$, a layer more at the beginning: row i of it is
$v_N = e_i$, $v_{k-1} = J_k^\top v_k$. Both are $\partial x_N/\partial p$, for every N.

Source: Griewank, Walther, Evaluating Derivatives, 2nd ed., 2008, sections 3.1 and 3.2; Baydin, Pearlmutter, Radul,
Siskind, Automatic differentiation in machine learning, 2018, arXiv:1502.05767, sections 3.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, between, declare, eq, integer
from derive.language.maps import Applied
from derive.language.numbers import moved, slope
from derive.language.terms import OTHERWISE, Cases, IndexSum, Indicator, Partial
from derive.rules.bracketing import rebracketed
from derive.rules.combine import Conversion, at, at_part, by, by_induction, derived, one_line, then, up_to
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import rolled, unrolled
from derive.rules.sums import factor_out

_n, _N = declare("n", "size", "entries of each layer"), declare("N", "natural", "layers")
_s, _i = declare("s", "natural", "layer after which the product begins"), declare("i", "integer", "output")
_q = declare("q", "integer", "input")
n, N, s, i, q = (d.symbol for d in (_n, _N, _s, _i, _q))
j, l, k = integer("j"), integer("l"), integer("k")  # noqa: E741
p, W = array("p", (1, n)), array("W", (1, oo), (1, n), (1, n), outside="zero")
x, a = array("x", (0, oo), (1, n)), array("a", (1, oo), (1, n))
J = array("J", (1, oo), (1, n), (1, n))
F, R = (array(name, (0, oo), (0, oo), (1, n), (1, n)) for name in "FR")


def _summed(layer: Any, row: Any) -> IndexSum:
    return IndexSum(W[layer, row, j] * x[layer - 1, j], j, 1, n)


def _slope(layer: Any, row: Any) -> Expr:
    return Applied("f", 1, a[layer, row])


LAYERS = Definition(x, (k, i), Cases((p[i], eq(k, 0)), (Applied("f", 0, _summed(k, i)), OTHERWISE)))
SUMS, STEP = Definition(a, (k, i), _summed(k, i)), Definition(J, (k, i, j), _slope(k, i) * W[k, i, j])
_AT_END = IndexSum(J[s + k, i, l] * F[k - 1, s, l, j], l, 1, n)
_AT_START = IndexSum(R[k - 1, s + 1, i, l] * J[s + 1, l, j], l, 1, n)
FORWARD = Definition(F, (k, s, i, j), Cases((Indicator(eq(i, j)), eq(k, 0)), (_AT_END, OTHERWISE)))
REVERSE = Definition(R, (k, s, i, j), Cases((Indicator(eq(i, j)), eq(k, 0)), (_AT_START, OTHERWISE)))
GIVEN, FREE = (LAYERS, SUMS, STEP, FORWARD, REVERSE), (p, W)
_PLACES = (between(1, i, n), between(1, q, n))
CHAIN = Context((_n, _N, _i, _q), _PLACES, GIVEN, FREE)
BETWEEN = Context((_n, _N, _s, _i, _q), _PLACES, GIVEN, FREE)


def forward() -> Derivation:
    """dx_N/dp = F_{N,0}."""
    later, before = F[N + 1, 0, i, q], IndexSum(W[N + 1, i, l] * F[N, 0, l, q], l, 1, n)
    line = _slope(N + 1, i) * IndexSum(W[N + 1, i, j] * F[N, 0, j, q], j, 1, n)
    inside = by(factor_out, _slope(N + 1, i), before.body, reason=("the slope in front of the sum",))
    back = then(unrolled(later, J[N + 1, i, l]), inside, rebracketed(line), unrolled(a[N + 1, i]))
    base = then(at((0,), unrolled(x[0, i])), differentiated(), rolled(F[0, 0, i, q], F[0, 0, i, q]))

    def step(known: Conversion) -> Conversion:
        named = one_line(up_to(later, back), ("definition of ", J, " and of ", F))
        return then(at((0,), unrolled(x[N + 1, i])), differentiated(known), named)

    moves = by_induction(N, 0, F[N, 0, i, q], base, step, over=(i,))
    return derived("deep_chain.forward", CHAIN, Partial(x[N, i], p[q]), moves)


def _first_off() -> Derivation:
    """F_{N+1,s} = F_{N,s+1} J_{s+1}: the first layer split off, where the definition splits off the last."""
    goal, later, nothing = (IndexSum(F[k, s + 1, i, j] * J[s + 1, j, q], j, 1, n) for k in (N, N + 1, 0))
    inner = J[N + s + 2, i, l] * IndexSum(F[N, s + 1, l, j] * J[s + 1, j, q], j, 1, n)
    one = then(unrolled(F[1, s, i, q]), at_part(F[0, s, l, q], unrolled(F[0, s, l, q])), undelta)
    none = then(unrolled(F[0, s + 1, i, j]), undelta)

    def step(known: Conversion) -> Conversion:
        back = then(unrolled(F[N + 1, s + 1, i, j]), rebracketed(IndexSum(inner, l, 1, n)))
        return then(unrolled(F[N + 2, s, i, q]), at_part(F[N + 1, s, l, q], known), up_to(later, back))

    moves = by_induction(N, 0, goal, then(one, up_to(nothing, none)), step, over=(i,))
    return derived("deep_chain.first_off", BETWEEN, F[N + 1, s, i, q], moves)


def brackets() -> Derivation:
    """F_{N,s} = R_{N,s}."""
    lemma = _first_off()
    split = use_lemma(lemma, {}, ("the first layer split off",))
    back = then(unrolled(R[N + 1, s, i, q]), rebracketed(IndexSum(R[N, s + 1, i, j] * J[s + 1, j, q], j, 1, n)))

    def step(known: Conversion) -> Conversion:
        return then(split, at_part(F[N, s + 1, i, j], known), up_to(R[N + 1, s, i, q], back))

    base = then(unrolled(F[0, s, i, q]), rolled(R[0, s, i, q], R[0, s, i, q]))
    moves = by_induction(N, 0, R[N, s, i, q], base, step, over=(s, q))
    return derived("deep_chain.brackets", BETWEEN, F[N, s, i, q], moves, (lemma,))


def reverse() -> Derivation:
    """dx_N/dp = R_{N,0}."""
    lemmas = forward(), brackets()
    other = use_lemma(lemmas[1], {s: Integer(0)}, ("the same product from the other end",))
    moves = then(use_lemma(lemmas[0], {}, ("forward accumulation",)), other)
    return derived("deep_chain.reverse", CHAIN, Partial(x[N, i], p[q]), moves, lemmas)


def last_layer(n: int, N: int, p: Any, W: Any, f: Callable[[Any], Any]) -> list[Any]:
    """The entries after the last layer, layer by layer."""
    entries = [p(place) for place in range(1, n + 1)]
    for layer in range(1, N + 1):
        entries = [f(sum(W(layer, row, c + 1) * entries[c] for c in range(n))) for row in range(1, n + 1)]
    return entries


def jacobian_oracle(n: int, N: int, i: int, q: int, p: Any, W: Any, f: Callable[[Any], Any]) -> Any:
    """How one entry of the last layer changes with one of the input."""
    return slope(lambda value: last_layer(n, N, moved(p, (q,), value), W, f)[i - 1], p(q))


def product_oracle(n: int, N: int, s: int, i: int, q: int, p: Any, W: Any, f: Callable[[Any], Any]) -> Any:
    """How one entry after s + N layers changes with one after s layers."""
    middle = last_layer(n, s, p, W, f)
    rest = lambda layer, row, column: W(layer + s, row, column)  # noqa: E731
    free = lambda place: middle[place - 1]  # noqa: E731
    return slope(lambda value: last_layer(n, N, moved(free, (q,), value), rest, f)[i - 1], free(q))


_FIND: Text = ("Find the derivative of ", x[N, i], " with respect to ", p[q])
_FORWARD: Text = (*_FIND, ", going through the layers from the first to the last.")
_REVERSE: Text = (*_FIND, ", going through the layers from the last to the first.")
_BOTH: Text = ("Show that the product of the Jacobians does not depend on the end from which it is worked out.",)
CONSTRUCT = Construct(
    name="deep_chain",
    title="The chain rule over N layers",
    about=("A chain of ", N, " layers with weights ", W, " and any smooth function of each entry."),
    conventions=("indices from 1, layer 0 is the input", "the last layer is the leftmost factor"),
    source="Griewank, Walther, Evaluating Derivatives, 2nd ed., 2008, sections 3.1 and 3.2; arXiv:1502.05767",
    claims=(
        Claim("forward", "Forward accumulation", _FORWARD, CHAIN, Partial(x[N, i], p[q]), forward, jacobian_oracle),
        Claim("brackets", "From either end", _BOTH, BETWEEN, F[N, s, i, q], brackets, product_oracle),
        Claim("reverse", "Reverse accumulation", _REVERSE, CHAIN, Partial(x[N, i], p[q]), reverse, jacobian_oracle),
    ),
)

r"""When a layer of rank one stretches a gradient by as much as it can: just if the gradient is parallel to u.

By Lagrange's identity $|u|^2 |g|^2 - (u \cdot g)^2$ is half the sum of all $(u_k g_m - u_m g_k)^2$, and a sum of
squares is 0 only where each of them is. So $(u \cdot g)^2 = |u|^2 |g|^2$ if and only if $u_k g_m = u_m g_k$ for all k
and m: u and g are parallel (one of them may be 0). For the layer $x \mapsto c\,uv^\top x$ with $c \ne 0$ and $v \ne 0$
the same condition says when $|q|^2 = c^2 |u|^2 |v|^2 |g|^2$.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 2.4, theorem 7 and (2.4.3) (Lagrange's identity).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.rank_one_backward import LENGTH, UG, G, Q, U, V, W, c, d_o, g, j, k, length_oracle, q, u, v
from derive.constructs.rank_one_bound import GAP, VECTORS, gap, lagrange, m
from derive.kernel.derivation import Derivation, Text
from derive.language import ForAll, Indicator, eq, gt, ne
from derive.rules.combine import Conversion, at, by, derived, then
from derive.rules.indicators import restate_indicator, scale_indicator, shift_indicator, squares_are_zero
from derive.rules.lemmas import use_lemma

STRETCHING = LENGTH.with_hypotheses(ne(c, 0), gt(V, 0))
MOST = c**2 * U * V * G
PARALLEL = ForAll(ForAll(eq(u[k] * g[m], u[m] * g[k]), m, 1, d_o), k, 1, d_o)


def when_all_vanish(bound: Expr, factor: Expr) -> Conversion:
    """The bound less half a sum of squares, times a factor, is the bound: where all that is squared is 0."""
    return then(
        by(shift_indicator, factor * GAP - bound, reason=("the same added on both sides",)),
        by(scale_indicator, 2 / factor, reason=("divided by a positive number",)),
        by(squares_are_zero),
        by(restate_indicator, PARALLEL, reason=("a difference that is 0",)),
    )


def vectors() -> Derivation:
    """(u . g)^2 = |u|^2 |g|^2 if and only if u_k g_m = u_m g_k for all k, m."""
    lemma = lagrange()
    known = at((0, 1), use_lemma(lemma, {}, ("Lagrange's identity",)))
    moves = then(known, when_all_vanish(U * G, Integer(1)))
    return derived("rank_one_equal.vectors", VECTORS, Indicator(eq(UG**2, U * G)), moves, (lemma,))


def layer() -> Derivation:
    """|q|^2 = c^2 |u|^2 |v|^2 |g|^2 if and only if the same holds."""
    lemma = gap()
    known = at((0, 1), use_lemma(lemma, {}, ("its length, by Lagrange's identity",)))
    moves = then(known, when_all_vanish(MOST, c**2 * V))
    return derived("rank_one_equal.layer", STRETCHING, Indicator(eq(Q, MOST)), moves, (lemma,))


def lengths(d_o: int, u: Any, g: Any) -> tuple[Any, Any]:
    """Both squared lengths."""
    places = range(1, d_o + 1)
    return sum(u(place) ** 2 for place in places), sum(g(place) ** 2 for place in places)


def vectors_oracle(d_o: int, u: Any, g: Any) -> int:
    """The square of the sum of products, and the product of the sums of squares."""
    whole: Any = 0
    for place in range(1, d_o + 1):
        whole += u(place) * g(place)
    one, other = lengths(d_o, u, g)
    return int(whole * whole == one * other)


def layer_oracle(d_o: int, d_i: int, c: Any, u: Any, v: Any, g: Any) -> int:
    """The length of what is sent back, weight by weight, and the product of the lengths."""
    one, other = lengths(d_o, u, g)
    return int(length_oracle(d_o, d_i, c, u, v, g) == c**2 * one * other * sum(v(t) ** 2 for t in range(1, d_i + 1)))


_WHEN: Text = (
    *("The gradient at the outputs is ", g, ", that at the inputs is ", q, ". Let ", ne(c, 0), " and ", gt(V, 0)),
    ". When is the bound attained?",
)
CONSTRUCT = Construct(
    name="rank_one_equal",
    title="When a layer of rank one stretches a gradient most",
    about=("A layer multiplies by ", c, " times the matrix ", eq(W[k, j], u[k] * v[j]), "."),
    conventions=("lengths are Euclidean and told by their squares",),
    source="Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 2.4, theorem 7 and (2.4.3)",
    claims=(
        Claim("layer", "When the bound is attained", _WHEN, STRETCHING, Indicator(eq(Q, MOST)), layer, layer_oracle),
        Claim("vectors", "When two vectors are parallel", ("When is ", eq(UG**2, U * G), "?"), VECTORS,
              Indicator(eq(UG**2, U * G)), vectors, vectors_oracle),
    ),
)  # fmt: skip

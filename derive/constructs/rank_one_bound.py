r"""The most that a layer of rank one can stretch a gradient, and when it does: Lagrange's identity.

With $|u|^2 |g|^2 - (u \cdot g)^2 = \tfrac12 \sum_{k,m} (u_k g_m - u_m g_k)^2$ the squared length
$c^2 |v|^2 (u \cdot g)^2$ of what the layer $x \mapsto c\,uv^\top x$ sends back is at most $c^2 |u|^2 |v|^2 |g|^2$. The
difference says when it is as much: c and v being other than 0, only if $u_k g_m = u_m g_k$ for all k and m, so that g
is parallel to u or u = 0.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 2.4, theorem 7 and (2.4.3) (Lagrange's identity).
"""

from __future__ import annotations

from typing import Any

from sympy import Rational

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.rank_one_backward import (
    LENGTH,
    UG,
    G,
    Q,
    U,
    V,
    W,
    _do,
    c,
    g,
    j,
    k,
    length,
    length_oracle,
    q,
    total,
    u,
    v,
)  # fmt: skip
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, eq, integer
from derive.rules.algebra import algebra
from derive.rules.combine import at_part, by, derived, then
from derive.rules.expand import spread_in_one, up_to_alike
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_most

m = integer("m")
GAP = Rational(1, 2) * total(total((u[k] * g[m] - u[m] * g[k]) ** 2, m))
VECTORS = Context((_do,), (), (), (u, g))


def lagrange() -> Derivation:
    """(u . g)^2 = |u|^2 |g|^2 - half the sum of (u_k g_m - u_m g_k)^2."""
    moves = up_to_alike(U * G - GAP, spread_in_one, ("multiply out the squares from below",))
    return derived("rank_one_bound.lagrange", VECTORS, UG**2, moves)


def gap() -> Derivation:
    """|q|^2 as the bound without a sum of squares."""
    lemmas = length(), lagrange()
    moves = then(
        use_lemma(lemmas[0], {}, ("its length",)),
        at_part(UG**2, use_lemma(lemmas[1], {}, ("Lagrange's identity",))),
        by(algebra, c**2 * U * V * G - c**2 * V * GAP, reason=("multiply out",)),
    )
    return derived("rank_one_bound.gap", LENGTH, Q, moves, lemmas)


def bound() -> Derivation:
    """|q|^2 <= c^2 |u|^2 |v|^2 |g|^2."""
    known = gap()
    least = by(at_most, c**2 * U * V * G, reason=("a sum of squares is not negative",))
    return derived(
        "rank_one_bound.bound", LENGTH, Q, then(use_lemma(known, {}, ("Lagrange's identity",)), least), (known,)
    )


def lagrange_oracle(d_o: int, u: Any, g: Any) -> Any:
    """The square of the sum of products."""
    whole = sum(u(place) * g(place) for place in range(1, d_o + 1))
    return whole * whole


_LAYER: Text = ("The gradient at the outputs is ", g, ", that at the inputs is ", q, ". ")
ATTAINED = Refuted(
    name="attained",
    title="A bound is no equality",
    statement=("A layer of rank one stretches each gradient by its norm",),
    context=LENGTH,
    left=Q,
    relation="=",
    right=c**2 * U * V * G,
    missing=("It does so for a gradient parallel to ", u, "; one that is orthogonal to it is lost."),
    instead="rank_one_bound.gap",
)
CONSTRUCT = Construct(
    name="rank_one_bound",
    title="The most that a layer of rank one stretches a gradient",
    about=("A layer multiplies by ", c, " times the matrix ", eq(W[k, j], u[k] * v[j]), "."),
    conventions=("lengths are Euclidean and told by their squares",),
    source="Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 2.4, theorem 7 and (2.4.3)",
    claims=(
        Claim("lagrange", "Lagrange's identity", ("Compare ", UG**2, " with the product of the squared lengths."),
              VECTORS, UG**2, lagrange, lagrange_oracle),
        Claim("bound", "The worst case", (*_LAYER, "How long is ", q, " at most?"), LENGTH, Q, bound, length_oracle),
        Claim("gap", "When it is attained", (*_LAYER, "By how much is the bound missed?"), LENGTH, Q, gap,
              length_oracle),
    ),
    refuted=(ATTAINED,),
)  # fmt: skip

r"""The worst case of a gradient through layers of rank one: all of them alike, and the gradient along them.

With $u_t = v_t = w$ and $g_0 = a w$ layer t sends back $g_{t,j} = c_t\,(w \cdot g_{t-1})\, w_j$, so
$g_{T,j} = a\, w_j \prod_t c_t |w|^2$. For entries $\pm 1$ (here in turn) $|w|^2 = n$: with $c_t = 1/\sqrt n$, which
keeps the variance of what goes forward through independent weights, each layer stretches this gradient by $\sqrt n$;
with $c_t = 1/n$ it is kept.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section
4.2.1; Yang, Simon, Bernstein, A spectral condition for feature learning, arXiv:2310.17813, section 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.rank_one_depth import _S, INSIDE, T, _j, _n, back, f, factors, g, j, k, l, n, sent_back, t
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, declare, eq
from derive.language.numbers import power
from derive.rules.algebra import definition
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, everywhere, one_line, then, up_to
from derive.rules.expand import up_to_alike
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import empty_product, product_of_constant, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import constant_out_of_sum, factor_out, sum_of_constant

_a = declare("a", "real")
a, w = _a.symbol, array("w", (1, n))
SQUARES = IndexSum(w[k] ** 2, k, 1, n)
BACK = back(a * w[j], w[j], w[l])
ONE = Context((_n, _S, _a, _j), INSIDE, (BACK,), (w, f))
TURNS = Definition(w, (j,), Integer(-1) ** j)
STRETCHED, KEPT = (
    Context((_n, _S, _a, _j), INSIDE, (Definition(f, (t,), rate), TURNS, BACK)) for rate in (1 / sqrt(n), 1 / n)
)


def aligned() -> Derivation:
    """g_T = a w_j times the product of f_t |w|^2."""

    def whole(last: Any) -> Expr:
        return a * w[j] * factors(last, SQUARES)

    none = one_line(up_to(whole(Integer(0)), at_part(factors(0, SQUARES), by(empty_product))), ("no factors",))
    base = then(unrolled(g[0, j]), none)

    def step(known: Conversion) -> Conversion:
        out = everywhere(by(constant_out_of_sum, reason=("take the constant factors out",)))
        split = at_part(factors(T + 1, SQUARES), by(split_last_factor))
        down = up_to_alike(whole(T + 1), split, ("one factor more",))
        return then(unrolled(g[T + 1, j]), at_part(g[T, l], known), out, down)

    moves = by_induction(T, 0, whole(T), base, step, over=(j,))
    return derived("rank_one_worst.aligned", ONE, g[T, j], moves)


def _with_factor(name: str, context: Context) -> Derivation:
    """Entries 1 and -1 in turn, and one factor for all layers."""
    known = aligned()
    squares = everywhere(then(by(factor_out, Integer(1), Integer(1)), by(sum_of_constant)))
    inserted = one_line(everywhere(by(definition)), ("insert the factors and entries",))
    counted = one_line(
        then(squares, everywhere(by(product_of_constant))), ("n squares, each 1; all factors are equal",)
    )
    moves = then(use_lemma(known, {}, ("the worst case",)), inserted, counted)
    return derived(f"rank_one_worst.{name}", context, g[T, j], moves, (known,))


def stretched() -> Derivation:
    """g_T = a w_j n^(T/2) for the factor 1/sqrt(n)."""
    return _with_factor("stretched", STRETCHED)


def kept() -> Derivation:
    """g_T = a w_j for the factor 1/n."""
    return _with_factor("kept", KEPT)


def aligned_oracle(n: int, T: int, a: Any, j: int, w: Any, f: Any) -> Any:
    """All layers alike."""
    return sent_back(n, T, f, lambda layer, r: w(r), lambda layer, q: w(q), lambda r: a * w(r))[j - 1]


def in_turn(place: int) -> int:
    """1 and -1, beginning with -1."""
    return 1 - 2 * (place % 2)


def stretched_oracle(n: int, T: int, a: Any, j: int) -> Any:
    """With one over the root of n."""
    return aligned_oracle(n, T, a, j, in_turn, lambda layer: power(n, Fraction(-1, 2)))


def kept_oracle(n: int, T: int, a: Any, j: int) -> Any:
    """With one over n."""
    return aligned_oracle(n, T, a, j, in_turn, lambda layer: Fraction(1, n))


_ALIKE: Text = ("Entries are 1 and -1 in turn, ", eq(w[j], Integer(-1) ** j), ", and ", eq(g[0, j], a * w[j]), ". ")
_ALONG: Text = ("Let ", eq(g[0, j], a * w[j]), ". Find ", g[T, j], ".")
CONSTRUCT = Construct(
    name="rank_one_worst",
    title="The worst case through layers of rank one",
    about=("Each layer, counted from the output, multiplies by ", f[t], " and by ", w[l] * w[j], "."),
    conventions=("layers are counted from the output", "each layer has n inputs and n outputs"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Yang, Simon, Bernstein, arXiv:2310.17813, section 1",
    claims=(
        Claim("aligned", "All layers alike", _ALONG, ONE, g[T, j], aligned, aligned_oracle),
        Claim("stretched", "It grows", (*_ALIKE, "All factors are ", 1 / sqrt(n), ". Find ", g[T, j], "."), STRETCHED,
              g[T, j], stretched, stretched_oracle),
        Claim("kept", "What keeps it", (*_ALIKE, "All factors are ", 1 / n, ". Find ", g[T, j], "."), KEPT, g[T, j],
              kept, kept_oracle),
    ),
)  # fmt: skip

r"""What layers behind a pooling gain: the field with a pooling and without it, and their ratio for many layers.

Without the pooling the field of L + M convolutions of width K is $R'_{L+M} = 1 + (L + M)(K - 1)$, by
$R'_l = R'_{l-1} + K - 1$. With it each of the M layers behind adds $(S_p - 1)(K - 1)$ more than it would: the gain is
$(K_p - 1) + M(K - 1)(S_p - 1)$. For $K \ge 2$ the ratio $R/R'$ is within a constant over M of $S_p$, so it tends to
$S_p$ for more and more layers behind the pooling; and it exceeds 1 by at most a constant over L, so it tends to 1 for
more and more layers before it: poolings pay early.

Source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019, (1) and (2);
Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.receptive_pooling import STACK, K, Kp, M, Sp, convolved, seen, size
from derive.constructs.stacks import L, R, l
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, eq, ge
from derive.language.terms import OTHERWISE, Cases
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_least, at_most
from derive.rules.recursions import unrolled

Q = array("R'", (0, oo))
CONVOLUTIONS = Definition(Q, (l,), Cases((Integer(1), eq(l, 0)), (Q[l - 1] + K - 1, OTHERWISE)))
_L, _M, _K = STACK.declarations[:3]
WITHOUT = Context((_L, _K), (), (CONVOLUTIONS,))
BOTH = Context(STACK.declarations, (), (*STACK.definitions, CONVOLUTIONS))
AFTER, BEFORE = (Context(STACK.declarations, (ge(K, 2), ge(some, 1)), STACK.definitions) for some in (M, L))
WHOLE = 1 + (L + M) * (K - 1)
GAIN, RATIO = R[L + M + 1] - Q[L + M], R[L + M + 1] / WHOLE


def without() -> Derivation:
    """R'_L = 1 + L (K - 1)."""
    more = by(algebra, 1 + (L + 1) * (K - 1), reason=("one more of them",))
    moves = by_induction(
        L, 0, 1 + L * (K - 1), unrolled(Q[0]), lambda known: then(unrolled(Q[L + 1]), at_part(Q[L], known), more)
    )
    return derived("receptive_pooling_gain.without", WITHOUT, Q[L], moves)


def later() -> Derivation:
    """R_{L+M+2} - R_{L+M+1} = (K - 1) S_p."""
    known = size()
    both = [at_part(R[L + M + 1 + n], use_lemma(known, {M: M + n}, ("found before",))) for n in (1, 0)]
    moves = then(*both, by(algebra, (K - 1) * Sp, reason=("subtract",)))
    return derived("receptive_pooling_gain.later", STACK, R[L + M + 2] - R[L + M + 1], moves, (known,))


def gain() -> Derivation:
    """R - R' = K_p - 1 + M (K - 1) (S_p - 1)."""
    one, other = size(), without()
    moves = then(
        at_part(R[L + M + 1], use_lemma(one, {}, ("the field with the pooling",))),
        at_part(Q[L + M], use_lemma(other, {L: L + M}, ("the field without it",))),
        by(algebra, Kp - 1 + M * (K - 1) * (Sp - 1), reason=("subtract",)),
    )
    return derived("receptive_pooling_gain.gain", BOTH, GAIN, moves, (one, other))


def _over(name: str, context: Context, limit: Expr, rest: Expr, bound: Conversion) -> Derivation:
    """The ratio as its limit and a rest over the field without a pooling, and a bound for that."""
    one, rest = size(), rest / WHOLE
    moves = then(
        at_part(R[L + M + 1], use_lemma(one, {}, ("the field with the pooling",))),
        by(algebra, limit + rest, reason=("divide",)),
        at_part(rest, bound),
    )
    return derived(f"receptive_pooling_gain.{name}", context, RATIO, moves, (one,))


BEHIND = Kp - Sp - L * (K - 1) * (Sp - 1)
AHEAD = Kp - 1 + M * (K - 1) * (Sp - 1)
_FAR: Text = ("the field without the pooling is at least ", M, "; leave terms out")


def after_upper() -> Derivation:
    """R/R' <= S_p + K_p/M."""
    return _over("after_upper", AFTER, Sp, BEHIND, by(at_most, Kp / M, reason=_FAR))


def after_lower() -> Derivation:
    """R/R' >= S_p - S_p (1 + L (K - 1))/M."""
    return _over("after_lower", AFTER, Sp, BEHIND, by(at_least, -Sp * (1 + L * (K - 1)) / M, reason=_FAR))


def before_upper() -> Derivation:
    """R/R' <= 1 + (K_p - 1 + M (K - 1) (S_p - 1))/L."""
    far: Text = ("the field without the pooling is at least ", L)
    return _over("before_upper", BEFORE, Integer(1), AHEAD, by(at_most, AHEAD / L, reason=far))


def before_lower() -> Derivation:
    """R/R' >= 1."""
    return _over(
        "before_lower", BEFORE, Integer(1), AHEAD, by(at_least, Integer(0), reason=("no size is less than 1",))
    )


def without_oracle(L: int, K: int) -> int:
    """Convolutions alone."""
    return convolved(L, K)


def later_oracle(L: int, M: int, K: int, K_p: int, S_p: int) -> int:
    """With one layer more and without it."""
    return seen(L, M + 1, K, K_p, S_p) - seen(L, M, K, K_p, S_p)


def gain_oracle(L: int, M: int, K: int, K_p: int, S_p: int) -> int:
    """The one field less the other."""
    return seen(L, M, K, K_p, S_p) - convolved(L + M, K)


def ratio_oracle(L: int, M: int, K: int, K_p: int, S_p: int) -> Fraction:
    """The one field over the other."""
    return Fraction(seen(L, M, K, K_p, S_p), convolved(L + M, K))


_WITHOUT: Text = (L, " convolutions of width ", K, " follow one another. Find the field ", Q[L], ".")
_LATER: Text = ("What does a layer behind the pooling and ", M, " others add, ", R[L + M + 2] - R[L + M + 1], "?")
_GAIN: Text = ("How much larger is the field with the pooling, ", GAIN, "?")
_AFTER: Text = ("Let ", M, " grow: bound the ratio of the fields with and without the pooling from ")
_BEFORE: Text = ("Let ", L, " grow: bound the ratio of the fields with and without the pooling from ")
CONSTRUCT = Construct(
    name="receptive_pooling_gain",
    title="What a pooling layer gains",
    about=(
        "A pooling of width ",
        Kp,
        " and stride ",
        Sp,
        " between ",
        L,
        " and ",
        M,
        " convolutions of width ",
        K,
        ".",
    ),
    conventions=("layers from 1, layer 0 is the input", "convolutions have stride 1", "fields on one axis"),
    source="Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, 2019, (1) and (2)",
    claims=(
        Claim("gain", "The gain", _GAIN, BOTH, GAIN, gain, gain_oracle),
        Claim("without", "Without a pooling", _WITHOUT, WITHOUT, Q[L], without, without_oracle),
        Claim("later", "A later layer", _LATER, STACK, R[L + M + 2] - R[L + M + 1], later, later_oracle),
        Claim("after_upper", "Many layers behind", (*_AFTER, "above."), AFTER, RATIO, after_upper, ratio_oracle),
        Claim("after_lower", "And from below", (*_AFTER, "below."), AFTER, RATIO, after_lower, ratio_oracle),
        Claim("before_upper", "Many layers before", (*_BEFORE, "above."), BEFORE, RATIO, before_upper, ratio_oracle),
        Claim("before_lower", "And from below", (*_BEFORE, "below."), BEFORE, RATIO, before_lower, ratio_oracle),
    ),
)

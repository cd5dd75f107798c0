r"""The soft threshold $S(y) = \mathrm{sign}(y)\max(0, |y| - T)$: piece by piece, by two ReLUs, and told apart.

It is $y - T$ above T, 0 from -T to T and $y + T$ below; also $\max(0, y - T) + \min(0, y + T)$. The threshold with
powers p and q (`soft_threshold`) is another function: it differs by $(y - T)^p - (y - T)$ above and by
$(y + T)^q - (y + T)$ below, which is 0 for p = q = 1.

Source: Donoho, Johnstone, Ideal spatial adaptation by wavelet shrinkage, Biometrika 81, 1994, section 2 (soft
threshold); Parikh, Boyd, Proximal Algorithms, 2014, section 6.5.2 (by two positive parts).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, Expr

from derive.constructs.construct import Claim, Construct
from derive.constructs.relu_derivative import extremes_decided, negative_part, positive_part
from derive.constructs.soft_threshold import POWERS, THRESHOLD, T, p, pieces, q
from derive.constructs.soft_threshold import value as threshold_of
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Indicator, array, declare, eq, ge, gt, lt
from derive.rules.algebra import definition
from derive.rules.cases import regroup_cases
from derive.rules.combine import (
    Conversion,
    Moves,
    at_part,
    attempt,
    by,
    by_cases,
    changing,
    derived,
    everywhere,
    one_line,
    then,
)
from derive.rules.indicators import indicator_fails, indicator_holds
from derive.rules.lemmas import use_lemma
from derive.rules.pieces import settled
from derive.rules.regroup import one_case

_y = declare("y", "real")
y = _y.symbol
f, S = array("f"), array("S")
SIGN = Indicator(gt(y, 0)) - Indicator(lt(y, 0))
SOFT = Definition(S, (), SIGN * positive_part(Abs(y) - T))
POWERED = Definition(f, (), pieces(y, (y - T) ** p, (y + T) ** q))
ALONE = Context((THRESHOLD, _y), (ge(T, 0),), (SOFT,))
BOTH = Context((THRESHOLD, _y, *POWERS), (ge(T, 0),), (POWERED, SOFT))


def indicators_known(context: Context, term: Expr) -> Moves:
    """Every indicator as 1 or 0, where it is known which.

    Fails: of one of them it is not known.
    """

    def known(inner: Context, part: Expr) -> Moves:
        for law in (indicator_holds, indicator_fails):
            step = law(inner, part)
            if all(inner.entails(c) is True for c in step.conditions):
                return (step,)
        raise RuleDoesNotApply("whether {} is 1 is not known", part)

    return everywhere(known)(context, term)


def _on_pieces(inner: Conversion) -> Conversion:
    """Above T, between and below."""
    return by_cases([(where, inner) for _, where in pieces(y, y, y).clauses], ("by the piece on which ", y, " lies"))


def by_pieces() -> Derivation:
    """y - T, 0 or y + T."""
    signs = attempt(changing(one_line(indicators_known, ("by the sign of ", y))))
    bars = attempt(changing(one_line(settled)))
    start = by(definition, reason=("definition of ", S))
    return derived(
        "soft_shrinkage.by_pieces", ALONE, S[()], then(start, _on_pieces(then(bars, extremes_decided, signs)))
    )


def by_relus() -> Derivation:
    """max(0, y - T) + min(0, y + T)."""
    lemma = by_pieces()
    told = by(regroup_cases, positive_part(y - T) + negative_part(y + T), reason=("it is the same in every case",))
    moves = then(use_lemma(lemma, {}, ("the pieces found before",)), told)
    return derived("soft_shrinkage.by_relus", ALONE, S[()], moves, (lemma,))


def apart() -> Derivation:
    """What the powers change."""
    lemma = by_pieces()
    both = then(at_part(f[()], by(definition)), at_part(S[()], use_lemma(lemma, {})), everywhere(one_case))
    inner = one_line(both, ("both on this piece",))
    return derived("soft_shrinkage.apart", BOTH, f[()] - S[()], _on_pieces(inner), (lemma,))


def shrunk(T: Fraction, y: Fraction) -> Any:
    """One unit after the other is taken off until T is reached, the last one in part; never more than there is."""
    left, rest = abs(y), T
    for _ in range(int(T) + 1):
        part = min(Fraction(1), left, rest)
        left, rest = left - part, rest - part
    return left if y > 0 else -left


def apart_oracle(T: Fraction, y: Fraction, p: int, q: int) -> Any:
    """The threshold with powers, less the soft one."""
    return threshold_of(y, T, p, q) - shrunk(T, y)


_PIECES: Text = ("Find ", eq(S[()], SOFT.body), " piece by piece.")
_RELUS: Text = ("Write ", eq(S[()], SOFT.body), " with the larger and the smaller of two numbers.")
_APART: Text = ("Find how far ", eq(f[()], POWERED.body), " is from the soft threshold ", eq(S[()], SOFT.body), ".")
CONSTRUCT = Construct(
    name="soft_shrinkage",
    title="The soft threshold",
    about=("A real number ", y, " is moved towards 0 by ", T, ", and not beyond 0."),
    conventions=("T is at least 0", "the sign of 0 is 0"),
    source="Donoho, Johnstone, Biometrika 81, 1994, section 2; Parikh, Boyd, Proximal Algorithms, 2014, section 6.5.2",
    claims=(
        Claim("by_pieces", "Piece by piece", _PIECES, ALONE, S[()], by_pieces, shrunk),
        Claim("by_relus", "By two ReLUs", _RELUS, ALONE, S[()], by_relus, shrunk),
        Claim("apart", "Not the threshold with powers", _APART, BOTH, f[()] - S[()], apart, apart_oracle),
    ),
)

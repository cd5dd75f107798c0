r"""The entries that no window of a pooling layer sees, and how many windows lie over an entry.

Without padding, m windows of K entries stand on $0, \dots, W - 1$. The last ends at $(m-1)S + K - 1$: behind it
$(W - K) \bmod S$ entries are left over; if S > K, another $S - K$ lie between one window and the next. So every entry
is seen if and only if S divides W - K, and $S \le K$ or there is one window alone (W = K).

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 3.4 (remainders); Dumoulin, Visin, 2016,
arXiv:1603.07285, section 3.
"""

from __future__ import annotations

from sympy import Integer, Max, Min, Mod

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_sizes import LAYER, K, S, W, m, t
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Context,
    Definition,
    IndexSum,
    Indicator,
    all_of,
    any_of,
    between,
    declare,
    eq,
    gt,
    integer,
    le,
)
from derive.rules.algebra import algebra, definition
from derive.rules.combine import at, at_part, by, by_cases, derived, quietly, then
from derive.rules.counts import counted
from derive.rules.indicators import restate_indicator
from derive.rules.integers import quotient, remainder
from derive.rules.sums import empty_sum, sum_of_constant, sum_of_zeros

_W, _K, _S = LAYER[:3]
x = integer("x")
WINDOWS = quotient(W - K, S) + 1
_PLAIN, _FITS = (_W, _K, _S), (le(K, W),)
_BEHIND = IndexSum(Integer(1), x, (WINDOWS - 1) * S + K, W - 1)
_GAPS = IndexSum(IndexSum(Integer(1), x, t * S + K, (t + 1) * S - 1), t, 0, WINDOWS - 2)
UNSEEN = Context(_PLAIN, _FITS, (Definition(m, (), _BEHIND + _GAPS),))
"""m is the number of entries behind the last window and between two windows."""
LEFT, GAPS = Mod(W - K, S), quotient(W - K, S)
_x = declare("x", "integer", "an entry")
_OVER = IndexSum(Indicator(between(t * S, x, t * S + K - 1)), t, 0, WINDOWS - 1)
OVER = Context((*_PLAIN, _x), (*_FITS, between(0, x, W - 1)), (Definition(m, (), _OVER),))
FIRST = Max(quotient(x - K + 1, S, upwards=True), 0, evaluate=False)
LAST = Min(quotient(x, S), quotient(W - K, S), evaluate=False)
ALL_SEEN = Indicator(eq(LEFT + Max(S - K, 0, evaluate=False) * GAPS, 0))
COVERED = all_of(eq(LEFT, 0), any_of(le(S, K), eq(W, K)))


def unseen() -> Derivation:
    """(W - K) mod S, and (S - K) floor((W - K)/S) more where S > K."""
    one = by(sum_of_constant)
    number = by(sum_of_constant, reason=("as many as from the first to the last",))
    behind = at_part(_BEHIND, then(number, by(remainder, W - K, S)))
    gap = then(quietly(one), by(algebra, S - K, reason=("the same gap each time",)))
    wide = at_part(_GAPS, then(at((0,), gap), one))
    close = at_part(_GAPS, then(at((0,), by(empty_sum)), by(sum_of_zeros)))
    moves = then(
        by(definition, reason=("behind the last window, and between two",)),
        behind,
        by_cases(((le(K, S), wide), (gt(K, S), close))),
    )
    return derived("pooling_sizes.unseen", UNSEEN, m[()], moves)


def over() -> Derivation:
    """From the first window that reaches x to the last that begins before it."""
    moves = counted(FIRST, LAST, None, ("1 for each window over ", x), "the windows that begin and end around ", x)
    return derived("pooling_sizes.over", OVER, m[()], moves)


def covered() -> Derivation:
    """Nothing is left over if and only if S divides W - K, and S <= K or there is one window alone."""
    moves = by(restate_indicator, COVERED, reason=("no term is negative, so both are 0",))
    return derived("pooling_sizes.covered", Context(_PLAIN, _FITS), ALL_SEEN, moves)


def seen_by(W: int, K: int, S: int) -> list[int]:
    """For each entry, how many windows lie over it."""
    counts = [0] * W
    for begin in range(0, W, S):
        if begin + K <= W:
            for place in range(begin, begin + K):
                counts[place] += 1
    return counts


def unseen_oracle(W: int, K: int, S: int) -> int:
    """Entries with no window over them."""
    return seen_by(W, K, S).count(0)


def over_oracle(W: int, K: int, S: int, x: int) -> int:
    """Windows over one entry."""
    return seen_by(W, K, S)[x]


def covered_oracle(W: int, K: int, S: int) -> int:
    """1 if no entry is left out."""
    return int(0 not in seen_by(W, K, S))


_HOW_MANY: Text = (" How many of them, ", m[()], ", lie over the entry ", x, "?")
_WINDOWS: Text = ("Windows of ", K, " entries begin at 0, ", S, ", ", 2 * S, " and so on, within ", W, " entries.")
CONSTRUCT = Construct(
    name="pooling_sizes",
    title="Pooling: entries that are not seen",
    about=("A window of ", K, " entries moves by ", S, " over ", W, " entries, numbered from 0."),
    conventions=("placements begin at multiples of the stride, from 0", "pooling without padding, unless it is said"),
    source="Dumoulin, Visin, 2016, arXiv:1603.07285, section 3; Concrete Mathematics, section 3.4",
    claims=(
        Claim(
            "unseen",
            "Entries that no window sees",
            (*_WINDOWS, " How many entries, ", m[()], ", stand behind the last window or between two of them?"),
            UNSEEN,
            m[()],
            unseen,
            unseen_oracle,
        ),
        Claim("over", "Windows over an entry", (*_WINDOWS, *_HOW_MANY), OVER, m[()], over, over_oracle),
        Claim(
            "covered",
            "When every entry is seen",
            (*_WINDOWS, " When is none left out?"),
            Context(_PLAIN, _FITS),
            ALL_SEEN,
            covered,
            covered_oracle,
        ),
    ),
)

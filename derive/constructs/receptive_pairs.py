r"""Which neighbours a layer with a stride sees together: windows of K tokens that begin at every S-th token.

Window n reads the tokens $Sn, \dots, Sn + K - 1$. Both tokens p and p + 1 are in it where $Sn \le p$ and
$p + 1 \le Sn + K - 1$, so the windows that see the pair number
$\lfloor p/S \rfloor - \lceil (p + 2 - K)/S \rceil + 1$. For K > S that is at least 1, whatever p is: the windows
overlap. For K = S they lie side by side, and a pair across the border is in none; in a stride-2 layer with windows of
two tokens every second pair is never seen together in that layer, only by layers above it.

Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning, arXiv:1603.07285, section 2.3 (strides);
Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 3.2, (3.12) (integers in an interval).
"""

from __future__ import annotations

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Condition, Context, all_of, declare, ge, gt, integer, le
from derive.language.terms import IndexSum, Indicator
from derive.rules.combine import at, by, derived, then
from derive.rules.indicators import indicator_holds
from derive.rules.integers import quotient
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_least
from derive.rules.sums import restrict_to_support, sum_of_constant

_K, _S = declare("K", "size", "tokens in a window"), declare("S", "size", "stride")
_p = declare("p", "integer", "a token")
K, S, p = (one.symbol for one in (_K, _S, _p))
n = integer("n")
LAST, FIRST = quotient(p, S), quotient(p + 2 - K, S, upwards=True)
ANY, OVERLAPPING = Context((_K, _S, _p)), Context((_K, _S, _p), (gt(K, S),))


def both(width: Expr, stride: Expr) -> Condition:
    """That a window reads the token p and the one after it."""
    return all_of(le(stride * n, p), le(p + 1, stride * n + width - 1))


def together(width: Expr, stride: Expr) -> IndexSum:
    """The number of windows that read both."""
    return IndexSum(Indicator(both(width, stride)), n, -oo, oo)


SEEN = together(K, S)


def windows() -> Derivation:
    """floor(p/S) - ceil((p + 2 - K)/S) + 1."""
    moves = then(
        by(restrict_to_support, FIRST, LAST, reason=("solve both conditions for ", n)),
        at((0,), by(indicator_holds, reason=("all of these windows read both",))),
        by(sum_of_constant),
    )
    return derived("receptive_pairs.windows", ANY, SEEN, moves)


def overlap() -> Derivation:
    """At least one window for K > S."""
    known = windows()
    least = by(at_least, Integer(1), reason=("the windows overlap: ", gt(K, S)))
    moves = then(use_lemma(known, {}, ("the number found before",)), least)
    return derived("receptive_pairs.overlap", OVERLAPPING, SEEN, moves, (known,))


def windows_oracle(K: int, S: int, p: int) -> int:
    """Windows are tried one after the other, as far as they could reach."""
    count = 0
    for window in range(-abs(p) - K - 1, abs(p) + 2):
        tokens = range(S * window, S * window + K)
        count += p in tokens and p + 1 in tokens
    return count


_WINDOWS: Text = ("How many windows read both the tokens ", p, " and ", p + 1, "?")
_OVERLAP: Text = ("Let the windows be wider than the stride, ", gt(K, S), ". Is each pair of neighbours seen together?")
PAIRS = Refuted(
    name="pairs_with_stride",
    title="Each pair is seen together",
    statement=("With windows of two tokens or more each pair of neighbours is in some window",),
    context=Context((_K, _S, _p), (ge(K, 2),)),
    left=SEEN,
    relation=">=",
    right=Integer(1),
    missing=("The windows lie side by side: a pair that the border divides is in none of them.",),
    instead="receptive_pairs.overlap",
)
CONSTRUCT = Construct(
    name="receptive_pairs",
    title="Neighbours that a layer sees together",
    about=("Windows are ", K, " tokens wide and move by ", S, ": window ", n, " begins with token ", S * n, "."),
    conventions=("tokens and windows are counted from 0, in both directions",),
    source="Dumoulin, Visin, arXiv:1603.07285, section 2.3; Concrete Mathematics, 2nd ed., section 3.2, (3.12)",
    claims=(
        Claim("windows", "Windows with both", _WINDOWS, ANY, SEEN, windows, windows_oracle),
        Claim("overlap", "Windows that overlap", _OVERLAP, OVERLAPPING, SEEN, overlap, windows_oracle),
    ),
    refuted=(PAIRS,),
)

r"""Sizes the other way round: which inputs lead to a given number of outputs, and which paddings keep the size.

$\lfloor (W + 2P - D(K-1) - 1)/S \rfloor + 1 = n$ holds if and only if $W + 2P - D(K-1) - 1$ lies between $S(n-1)$ and
$Sn - 1$: S inputs W for each n, and with W = n the paddings that keep the size. At stride 1 that is one number,
$2P = D(K-1)$, so a window that spans an even number of places has none that is the same at both ends.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 3.1, (3.5); Dumoulin, Visin, 2016,
arXiv:1603.07285, relationships 3 and 15.
"""

from __future__ import annotations

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_sizes import _ASKED, LAST, LAYER, OUTPUTS, SPAN, D, K, P, S, W, output_oracle
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Indicator, between, declare, eq
from derive.language.terms import expanded
from derive.rules.combine import by, derived, then
from derive.rules.indicators import restate_indicator

_W, _K, _, _P, _D = LAYER
NUMBER = declare("n", "size", "number of outputs")
n = NUMBER.symbol
INVERSE = Context((*LAYER, NUMBER))
GIVES = Indicator(eq(OUTPUTS, n))
KEPT = Indicator(eq(OUTPUTS, W))
LEAST = (S - 1) * (W - 1) + D * (K - 1)
"""The least sum of paddings on both sides that keeps the size."""
SIZE = Context(LAYER)
AT_1 = Context((_W, _K, _P, _D))
_KEPT_1 = Indicator(eq(W + 2 * P - D * (K - 1), W))


def inputs() -> Derivation:
    """S(n - 1) + D(K - 1) + 1 - 2P <= W <= Sn + D(K - 1) - 2P."""
    rounded = between(S * (n - 1), LAST, S * n - 1)
    solved = between(S * (n - 1) + SPAN - 2 * P, W, S * n + D * (K - 1) - 2 * P)
    floors = by(restate_indicator, rounded, reason=_floor(n - 1))
    moves = then(floors, by(restate_indicator, solved, reason=("solved for ", W)))
    return derived("inverse_sizes.inputs", INVERSE, GIVES, moves)


def kept() -> Derivation:
    """(S - 1)(W - 1) + D(K - 1) <= 2P <= (S - 1)(W - 1) + D(K - 1) + S - 1."""
    rounded = between(S * (W - 1), LAST, S * W - 1)
    floors = by(restate_indicator, rounded, reason=_floor(W - 1))
    moves = then(floors, by(restate_indicator, between(LEAST, 2 * P, LEAST + S - 1), reason=("solved for ", 2 * P)))
    return derived("inverse_sizes.kept", SIZE, KEPT, moves)


def kept_stride_1() -> Derivation:
    """2P = D(K - 1)."""
    moves = by(restate_indicator, eq(2 * P, D * (K - 1)), reason=("take ", W - D * (K - 1), " away on both sides"))
    return derived("inverse_sizes.kept_stride_1", AT_1, _KEPT_1, moves)


def _floor(whole: Expr) -> Text:
    """Where a quotient by S has that floor."""
    return ("the floor is ", whole, " from ", S * whole, " to ", expanded(S * whole + S - 1))


def inputs_oracle(W: int, K: int, S: int, P: int, D: int, n: int) -> int:
    """1 if there are that many placements."""
    return int(output_oracle(W, K, S, P, D) == n)


def kept_oracle(W: int, K: int, S: int, P: int, D: int) -> int:
    """1 if there are as many placements as entries."""
    return int(output_oracle(W, K, S, P, D) == W)


def kept_stride_1_oracle(W: int, K: int, P: int, D: int) -> int:
    """The same at stride 1."""
    return kept_oracle(W, K, 1, P, D)


CONSTRUCT = Construct(
    name="inverse_sizes",
    title="Sizes the other way round",
    about=(*_ASKED, " each end."),
    conventions=("placements begin at multiples of the stride, from 0", "padding: P zeros at each end"),
    source="Concrete Mathematics, section 3.1, (3.5); Dumoulin, Visin, 2016, arXiv:1603.07285, relationships 3 and 15",
    claims=(
        Claim(
            "inputs",
            "Which inputs give this output",
            ("For which ", W, " are there ", n, " outputs?"),
            INVERSE,
            GIVES,
            inputs,
            inputs_oracle,
        ),
        Claim(
            "kept",
            "Which paddings keep the size",
            ("For which ", P, " are there as many outputs as inputs?"),
            SIZE,
            KEPT,
            kept,
            kept_oracle,
        ),
        Claim(
            "kept_stride_1",
            "Which paddings keep the size at stride 1",
            ("At stride 1, when are there as many outputs as inputs?",),
            AT_1,
            _KEPT_1,
            kept_stride_1,
            kept_stride_1_oracle,
        ),
    ),
)

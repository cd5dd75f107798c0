r"""The smallest depth whose receptive field covers an image.

L convolutions of width K and stride 1 see $1 + L(K - 1)$ places on an axis, which `receptive_equal_layers.plain` shows.
For $K \ge 2$ an axis of N places is covered exactly from $L = \lceil (N - 1)/(K - 1) \rceil$ on: one layer less is too
few. Both axes of an image are covered from the larger of both depths on, that of the longer side. Behind a pooling of
stride $S_p$ each layer sees $S_p$ times as far: with $L$ layers before it and M behind, M must be at least
$\lceil (N - K_p - L(K - 1)) / ((K - 1) S_p) \rceil$. A kernel of width 1 never covers more than one place.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 3.1, (3.5) to (3.7) (what a ceiling is);
Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019, (1) and (2).
"""

from __future__ import annotations

from sympy import Max

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.receptive_pooling import STACK, K, Kp, M, Sp, convolved, seen
from derive.constructs.stacks import L
from derive.kernel.derivation import Derivation, Text
from derive.language import Condition, Context, all_of, declare, ge
from derive.language.terms import Indicator
from derive.rules.combine import by, derived, then
from derive.rules.indicators import restate_indicator
from derive.rules.integers import quotient

_L, _M, _K, _Kp, _Sp = STACK.declarations
_N, _H, _W = declare("N", "size", "places"), declare("H", "size", "rows"), declare("W", "size", "columns")
N, H, W = (one.symbol for one in (_N, _H, _W))
AXIS, IMAGE = Context((_L, _K, _N), (ge(K, 2),)), Context((_L, _K, _H, _W), (ge(K, 2),))
BEHIND = Context((_L, _M, _K, _Kp, _Sp, _N), (ge(K, 2),))
FIELD, LONGER = 1 + L * (K - 1), Kp + L * (K - 1) + M * (K - 1) * Sp
COVERED = Indicator(ge(FIELD, N))
BOTH, LATER = Indicator(all_of(ge(FIELD, H), ge(FIELD, W))), Indicator(ge(LONGER, N))
DEPTHS = tuple(quotient(side - 1, K - 1, upwards=True) for side in (N, H, W))
DEPTH_BEHIND = quotient(N - Kp - L * (K - 1), (K - 1) * Sp, upwards=True)


def _solved(name: str, context: Context, left: Indicator, *lines: tuple[Condition, Text]) -> Derivation:
    """The condition solved for the depth, each line in both directions."""
    moves = then(*(by(restate_indicator, condition, reason=reason) for condition, reason in lines))
    return derived(f"receptive_depth.{name}", context, left, moves)


_WHOLE: Text = ("an integer is at least a quotient from its ceiling on",)


def axis() -> Derivation:
    """1 + L (K - 1) >= N exactly for L >= ceil((N - 1)/(K - 1))."""
    divided = ge(L, (N - 1) / (K - 1)), ("subtract 1, divide by ", K - 1)
    return _solved("axis", AXIS, COVERED, divided, (ge(L, DEPTHS[0]), _WHOLE))


def image() -> Derivation:
    """Both sides, exactly for L >= the larger of both depths."""
    each = all_of(*(ge(L, depth) for depth in DEPTHS[1:])), ("each side by itself",)
    return _solved("image", IMAGE, BOTH, each, (ge(L, Max(*DEPTHS[1:])), ("the larger depth of both",)))


def behind() -> Derivation:
    """Behind a pooling, exactly for M >= ceil((N - K_p - L (K - 1))/((K - 1) S_p))."""
    divided = ge(M, (N - Kp - L * (K - 1)) / ((K - 1) * Sp)), ("subtract, divide by ", (K - 1) * Sp)
    return _solved("behind", BEHIND, LATER, divided, (ge(M, DEPTH_BEHIND), _WHOLE))


def first_depth(sides: tuple[int, ...], kernel: int) -> int:
    """Layers are added until all sides are covered."""
    depth = 0
    while any(convolved(depth, kernel) < side for side in sides):
        depth += 1
    return depth


def axis_oracle(L: int, K: int, N: int) -> int:
    """Whether as many layers are enough."""
    return int(first_depth((N,), K) <= L)


def image_oracle(L: int, K: int, H: int, W: int) -> int:
    """Whether they are enough for both sides."""
    return int(first_depth((H, W), K) <= L)


def behind_oracle(L: int, M: int, K: int, K_p: int, S_p: int, N: int) -> int:
    """Whether the whole stack sees from the first place to the last."""
    return int(seen(L, M, K, K_p, S_p) >= N)


_AXIS: Text = ("From which depth on does a stack of convolutions of width ", K, " see all ", N, " places of an axis?")
_IMAGE: Text = ("From which depth on does it see an image of ", H, " rows and ", W, " columns?")
_BEHIND: Text = ("Behind the pooling stand ", M, " convolutions. How many are needed for ", N, " places?")
TILED = Refuted(
    name="windows_side_by_side",
    title="Windows side by side",
    statement=("As many layers as kernels fit into the axis are enough to see all of it",),
    context=Context((_K, _N), (ge(K, 2),)),
    left=1 + quotient(N, K, upwards=True) * (K - 1),
    relation=">=",
    right=N,
    missing=("Neighbouring windows overlap, and a layer adds one place less than its kernel is wide.",),
    instead="receptive_depth.axis",
)
FLOOR = Refuted(
    name="rounded_down",
    title="Rounded down",
    statement=(
        "The quotient ",
        (N - 1) / (K - 1),
        " may be rounded down",
    ),
    context=Context((_K, _N), (ge(K, 2),)),
    left=1 + quotient(N - 1, K - 1) * (K - 1),
    relation=">=",
    right=N,
    missing=("What is left over is seen by one layer more.",),
    instead="receptive_depth.axis",
)
CONSTRUCT = Construct(
    name="receptive_depth",
    title="The depth that covers an image",
    about=("Convolutions of width ", K, " and stride 1 follow one another."),
    conventions=("covered: seen from the first place to the last",),
    source="Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 3.1, (3.5) to (3.7)",
    claims=(
        Claim("axis", "One axis", _AXIS, AXIS, COVERED, axis, axis_oracle),
        Claim("image", "An image", _IMAGE, IMAGE, BOTH, image, image_oracle),
        Claim("behind", "Behind a pooling", _BEHIND, BEHIND, LATER, behind, behind_oracle),
    ),
    refuted=(TILED, FLOOR),
)

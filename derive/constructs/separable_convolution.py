r"""A convolution layer in two steps, a filter for each channel and then F filters of one place: what it saves.

The full layer takes $o_h o_w F C K_h K_w$ multiply-adds. The first step has one filter of $K_h K_w$ weights for each of
C channels, the second one weight for each channel and filter: together $o_h o_w C (K_h K_w + F)$. The quotient is
$1/F + 1/(K_h K_w)$ for all sizes, so that two steps cost less just where $F + K_h K_w < F K_h K_w$.

Source: Howard et al., MobileNets, 2017, arXiv:1704.04861, section 3.1, (2) to (5); Sifre, Mallat, 2014.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.layer_operations import _OH, _OW, PLACES, M, N, o_h, o_w
from derive.constructs.layer_parameters import _C, _F, _H, _W, C, F, K_h, K_w, counted, i, j, k, one_each, s
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition
from derive.rules.algebra import algebra
from derive.rules.combine import at_part, by, derived, then
from derive.rules.lemmas import use_lemma

_SIZES, _KERNEL = (_OH, _OW, _C, _F, _H, _W), ((i, K_h), (j, K_w))
ONE = Definition(M, (), one_each(*PLACES, (s, F), (k, C), *_KERNEL))
TWO = Definition(N, (), one_each(*PLACES, (k, C), *_KERNEL) + one_each(*PLACES, (s, F), (k, C)))
FULL, STEPS, BOTH = (Context(_SIZES, (), given) for given in ((ONE,), (TWO,), (ONE, TWO)))


def full() -> Derivation:
    """o_h o_w F C K_h K_w."""
    told = counted("output and each weight of its filter")
    return derived("separable_convolution.full", FULL, M[()], told)


def separable() -> Derivation:
    """o_h o_w C (K_h K_w + F)."""
    told = counted("output and each weight of its filter")
    total = by(algebra, o_h * o_w * C * (K_h * K_w + F), reason=("take the common factors out",))
    return derived("separable_convolution.separable", STEPS, N[()], then(told, total))


def quotient() -> Derivation:
    """1/F + 1/(K_h K_w)."""
    lemmas = full(), separable()
    known = (
        at_part(part, use_lemma(one, {}, ("the count of ", part)))
        for part, one in ((M[()], lemmas[0]), (N[()], lemmas[1]))
    )
    moves = then(*known, by(algebra, 1 / F + 1 / (K_h * K_w), reason=("cancel",)))
    return derived("separable_convolution.quotient", BOTH, N[()] / M[()], moves, lemmas)


def layer(o_h: int, o_w: int, C: int, F: int, K_h: int, K_w: int, alone: bool = False) -> int:
    """The products of a layer in plain loops; with a filter for each channel alone or for all of them."""
    number = 0
    for _, r, channel in product(range(o_h * o_w), range(F), range(C)):
        number += len([(u, v) for u in range(K_h) for v in range(K_w)]) if r == channel or not alone else 0
    return number


def full_oracle(o_h: int, o_w: int, C: int, F: int, K_h: int, K_w: int) -> int:
    """Each filter sees all channels."""
    return layer(o_h, o_w, C, F, K_h, K_w)


def separable_oracle(o_h: int, o_w: int, C: int, F: int, K_h: int, K_w: int) -> int:
    """As many filters as channels, each for its own, then kernels of one place."""
    return layer(o_h, o_w, C, C, K_h, K_w, True) + layer(o_h, o_w, C, F, 1, 1)


def quotient_oracle(o_h: int, o_w: int, C: int, F: int, K_h: int, K_w: int) -> Fraction:
    """The one by the other."""
    return Fraction(separable_oracle(o_h, o_w, C, F, K_h, K_w), layer(o_h, o_w, C, F, K_h, K_w))


_COUNT: Text = ("Count the multiply-adds ", M[()], " of the layer.")
_STEPS: Text = ("First a filter for each channel, then filters of one place. Count the multiply-adds ", N[()], ".")
CHANNELS = Refuted(
    name="by_channels",
    title="The saving by the channels",
    statement=(
        "Two steps take the share ",
        1 / C + 1 / (K_h * K_w),
        " of the multiply-adds",
    ),
    context=BOTH,
    left=N[()] / M[()],
    relation="=",
    right=1 / C + 1 / (K_h * K_w),
    missing=("The first step is done once and not for each filter: it is the number of filters that it saves.",),
    instead="separable_convolution.quotient",
)
ONE_SIDE = Refuted(
    name="one_side",
    title="The saving by a side of the kernel",
    statement=(
        "Two steps take the share ",
        1 / F + 1 / K_h,
        " of the multiply-adds",
    ),
    context=BOTH,
    left=N[()] / M[()],
    relation="=",
    right=1 / F + 1 / K_h,
    missing=(
        "The second step has one place for all ",
        K_h * K_w,
        " of the kernel.",
    ),
    instead="separable_convolution.quotient",
)
CONSTRUCT = Construct(
    name="separable_convolution",
    title="Depthwise separable convolution: operations",
    about=("A layer takes ", C, " channels to ", F, ", with ", K_h, " by ", K_w, " places in a kernel and ", o_h,
           " by ", o_w, " outputs of each filter."),
    conventions=("the cost of a layer is its number of multiply-adds, without biases",),
    source="Howard et al., MobileNets, 2017, arXiv:1704.04861, section 3.1, (2) to (5)",
    claims=(
        Claim("full", "The full layer", _COUNT, FULL, M[()], full, full_oracle),
        Claim("separable", "Two steps", _STEPS, STEPS, N[()], separable, separable_oracle),
        Claim("quotient", "What is left", ("What share of the multiply-adds is left?",), BOTH, N[()] / M[()], quotient,
              quotient_oracle),
    ),
    refuted=(CHANNELS, ONE_SIDE),
)  # fmt: skip

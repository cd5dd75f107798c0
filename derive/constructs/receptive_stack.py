r"""The receptive field of N layers that are given one by one: kernels, strides, dilations and padding as lists.

Layer $l \le N$ has kernel $K_l$, stride $S_l$, dilation $D_l$ and $P_l$ places of padding in front. Behind the last one
nothing changes any more: a layer of width 1 with stride 1 passes on what it reads. So the results for stacks without
end hold for $L = N$: $J_N = \prod_{t=1}^N S_t$, $R_N = 1 + \sum_{l=1}^N D_l(K_l - 1)\prod_{t<l} S_t$, and the first
place that output 0 sees is $o_N = -\sum_{l=1}^N P_l \prod_{t<l} S_t$.

Source: Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019, (1) to (7).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr

from derive.constructs import receptive_field as field
from derive.constructs import stacks
from derive.constructs.construct import Claim, Construct
from derive.constructs.stacks import J, R, l, o
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, array, as_expr, declare, le
from derive.language.terms import OTHERWISE, Cases
from derive.rules.combine import derived, then
from derive.rules.lemmas import use_lemma
from derive.rules.windows import insert_definitions

_N = declare("N", "size", "layers")
N = _N.symbol
K, S, D, P = (array(name, (1, N)) for name in "KSDP")
k, s, d, p = (array(name, *stacks.K.axes) for name in "ksdp")
NAMED = {stacks.K: k, stacks.S: s, stacks.D: d, stacks.P: p}


def continued(out: Array, given: Array, beyond: int) -> Definition:
    """The numbers of the list, and behind them what changes nothing."""
    return Definition(out, (l,), Cases((given[l], le(l, N)), (as_expr(beyond), OTHERWISE)))


_KERNELS, _STRIDES, _DILATIONS, _PADDING = (
    continued(k, K, 1),
    continued(s, S, 1),
    continued(d, D, 1),
    continued(p, P, 0),
)
_JUMP, _SIZE, _START = (found.substituted(NAMED) for found in (stacks.JUMP, stacks.SIZE, stacks.START))
OF_JUMP = Context((_N,), (), (_STRIDES, _JUMP), (S,))
OF_SIZE = Context((_N,), (), (_KERNELS, _STRIDES, _DILATIONS, _JUMP, _SIZE), (K, S, D))
OF_START = Context((_N,), (), (_STRIDES, continued(p, P, 0), _JUMP, _START), (S, P))


def _listed(name: str, context: Context, out: Expr, lemma: Derivation) -> Derivation:
    """What holds for any stack, with the numbers of the lists."""
    named = {old: new for old, new in NAMED.items() if old in lemma.context.arrays}
    moves = then(use_lemma(lemma, {**named, stacks.L: N}, ("known of any stack",)), insert_definitions)
    return derived(f"receptive_stack.{name}", context, out, moves, (lemma,))


def jump() -> Derivation:
    """J_N is the product of the strides."""
    return _listed("jump", OF_JUMP, J[N], stacks.jump())


def size() -> Derivation:
    """R_N = 1 + the sum of D_l (K_l - 1) times the strides before."""
    return _listed("size", OF_SIZE, R[N], field.size())


def offset() -> Derivation:
    """o_N = minus the sum of P_l times the strides before."""
    return _listed("offset", OF_START, o[N], field.offset())


def ends(N: int, stride: Any, low: Any, high: Any, output: int = 0) -> tuple[Any, Any]:
    """The first and last place of the input that an output sees, from the last layer down to the first."""
    first = last = output
    for layer in range(N, 0, -1):
        first, last = stride(layer) * first + low(layer), stride(layer) * last + high(layer)
    return first, last


def jump_oracle(N: int, S: Any) -> Any:
    """How far apart outputs 0 and 1 are."""
    here, there = (ends(N, S, lambda layer: 0, lambda layer: 0, output)[0] for output in (0, 1))
    return there - here


def size_oracle(N: int, K: Any, S: Any, D: Any) -> Any:
    """From the first to the last place."""
    first, last = ends(N, S, lambda layer: 0, lambda layer: D(layer) * (K(layer) - 1))
    return last - first + 1


def offset_oracle(N: int, S: Any, P: Any) -> Any:
    """The first place, which is negative where padding is seen."""
    return ends(N, S, lambda layer: -P(layer), lambda layer: 0)[0]


_SIZE_OF: Text = ("How many places of the input does an output of the last layer see, ", R[N], "?")
_JUMP_OF: Text = ("How many places of the input are between neighbouring outputs, ", J[N], "?")
_START_OF: Text = ("Which place of the input, ", o[N], ", is the first that output 0 sees?")
CONSTRUCT = Construct(
    name="receptive_stack",
    title="Receptive field of a stack that is given",
    about=("Of each of ", N, " layers the kernel ", K[l], ", stride ", S[l], ", dilation ", D[l], " are given."),
    conventions=("layers from 1, layer 0 is the input", "places and outputs from 0", "padding is that in front"),
    source="Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019",
    claims=(
        Claim("size", "The field", _SIZE_OF, OF_SIZE, R[N], size, size_oracle),
        Claim("jump", "The jump", _JUMP_OF, OF_JUMP, J[N], jump, jump_oracle),
        Claim("offset", "Where it begins", _START_OF, OF_START, o[N], offset, offset_oracle),
    ),
)

r"""The receptive field of layers that are all alike: $1 + L(K - 1)$ without strides, and geometric sums with them.

With $K_l = K$, $S_l = S$, $D_l = D$ the jump is $S^L$ and the field $1 + D(K - 1)\sum_{l=1}^L S^{l-1}$: each layer adds
S times what the one before it added. For S = 1 that is $1 + L\,D(K - 1)$, and for D = 1 as well
$1 + L(K - 1) = K + (L - 1)(K - 1)$, so two layers of width 3 see as far as one of width 5. Dilations that double,
$D_l = 2^{l-1}$, reach $1 + (K - 1)(2^L - 1)$ without any stride: $2^L$ for K = 2, and every place up to there is seen.

Source: Simonyan, Zisserman, Very deep convolutional networks, arXiv:1409.1556, section 2.3 (two layers of 3, one of 5);
van den Oord and others, WaveNet, arXiv:1609.03499, section 2.1 (dilations that double).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.constructs import receptive_field as field
from derive.constructs import stacks
from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.stacks import J, L, R, l, t
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, as_expr, declare, eq
from derive.rules.algebra import algebra, definition
from derive.rules.closed_forms import closed_form
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, one_line, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import product_of_constant
from derive.rules.windows import insert_definitions

_L = stacks.OF_JUMP.declarations[0]
_K, _S, _D = declare("K", "size", "kernel"), declare("S", "size", "stride"), declare("D", "size", "dilation")
_N = declare("N", "size", "layers, at least one")
K, S, D, N = _K.symbol, _S.symbol, _D.symbol, _N.symbol
k, s, d = (array(name, *stacks.K.axes) for name in "ksd")
NAMED = {stacks.K: k, stacks.S: s, stacks.D: d}
RECURSIONS = tuple(found.substituted(NAMED) for found in (stacks.JUMP, stacks.SIZE))


def alike(kernel: Any, stride: Any, dilation: Any) -> tuple[Definition, ...]:
    """All layers with these numbers, and the recurrences."""
    given = zip((k, s, d), (kernel, stride, dilation), strict=True)
    return (*(Definition(one, (l,), as_expr(value)) for one, value in given), *RECURSIONS)


PLAIN = Context((_L, _K), (), alike(K, 1, 1))
EQUAL = Context((_L, _K, _S, _D), (), alike(K, S, D))
POWER = Context((_L, _S), (), (Definition(s, (l,), S), RECURSIONS[0]))
DOUBLING = Context((_L, _K), (), alike(K, 1, 2 ** (l - 1)))


def _inserted(name: str, context: Context, lemma: Derivation, last: Conversion = lambda *_: ()) -> Derivation:
    """The field or the jump with the numbers that all layers have."""
    named = {old: new for old, new in NAMED.items() if old in lemma.context.arrays}
    given = insert_definitions if lemma.left == R[L] else at_part(s[t], by(definition, reason=("insert ", eq(s[t], S))))
    moves = then(
        use_lemma(lemma, named, ("known of any stack",)),
        one_line(then(given, everywhere(by(product_of_constant, reason=("equal factors",))))),
        last,
    )
    return derived(f"receptive_equal_layers.{name}", context, lemma.left, moves, (lemma,))


def plain() -> Derivation:
    """R_L = 1 + L (K - 1)."""
    return _inserted("plain", PLAIN, field.size(), closed_form(l))


def from_one() -> Derivation:
    """R_L = K + (L - 1) (K - 1)."""
    known = plain()
    split = by(algebra, K + (L - 1) * (K - 1), reason=("the first layer gives ", K, ", each one after it ", K - 1))
    moves = then(use_lemma(known, {}, ("found before",)), split)
    return derived("receptive_equal_layers.from_one", PLAIN, R[L], moves, (known,))


def strided() -> Derivation:
    """R_L = 1 + D (K - 1) (1 - S^L)/(1 - S), or 1 + D L (K - 1) for S = 1."""
    return _inserted("strided", EQUAL, field.size(), closed_form(l))


def doubling() -> Derivation:
    """R_L = 1 + (K - 1) (2^L - 1)."""
    return _inserted("doubling", DOUBLING, field.size(), closed_form(l))


def power() -> Derivation:
    """J_L = S^L."""
    return _inserted("power", POWER, stacks.jump())


def grown(L: int, kernel: int, stride: int, dilation: Callable[[int], int]) -> tuple[int, int]:
    """The jump and the field, layer by layer: both ends of a kernel, and what each of them sees."""
    apart, seen = 1, 1
    for layer in range(1, L + 1):
        for _ in range(kernel - 1):
            seen += dilation(layer) * apart
        apart *= stride
    return apart, seen


def plain_oracle(L: int, K: int) -> int:
    """Stride 1, no dilation."""
    return grown(L, K, 1, lambda layer: 1)[1]


def strided_oracle(L: int, K: int, S: int, D: int) -> int:
    """The same numbers in each layer."""
    return grown(L, K, S, lambda layer: D)[1]


def doubling_oracle(L: int, K: int) -> int:
    """Dilations 1, 2, 4, and so on."""
    return grown(L, K, 1, lambda layer: 2 ** (layer - 1))[1]


def power_oracle(L: int, S: int) -> int:
    """Strides alone."""
    return grown(L, 1, S, lambda layer: 1)[0]


SIDE_BY_SIDE = Refuted(
    name="kernels_side_by_side",
    title="Kernels side by side",
    statement=(N, " layers of width ", K, " see ", N * K, " places"),
    context=Context((_K, _N), (), PLAIN.definitions),
    left=R[N],
    relation="=",
    right=N * K,
    missing=("The kernels overlap: from the second layer on each adds one place less than it is wide.",),
    instead="receptive_equal_layers.plain",
)
_PLAIN: Text = ("Each of ", L, " layers has a kernel of width ", K, " and stride 1. Find the field ", R[L], ".")
_FROM: Text = ("Count from the first layer: write ", R[L], " with the width ", K, " that one layer sees.")
_STRIDED: Text = ("Each of ", L, " layers has kernel ", K, ", stride ", S, " and dilation ", D, ". Find ", R[L], ".")
_DOUBLING: Text = ("Layer ", l, " has dilation ", 2 ** (l - 1), " and stride 1. Find the field ", R[L], ".")
_POWER: Text = ("Each of ", L, " layers has stride ", S, ". How many places of the input are between neighbours?")
CONSTRUCT = Construct(
    name="receptive_equal_layers",
    title="Receptive field of equal layers",
    about=("All ", L, " layers have the same kernel: ", eq(k[l], K), "."),
    conventions=("layers from 1, layer 0 is the input", "a field is counted from its first to its last place"),
    source="Simonyan, Zisserman, arXiv:1409.1556, section 2.3; van den Oord and others, arXiv:1609.03499, section 2.1",
    claims=(
        Claim("plain", "Stride 1", _PLAIN, PLAIN, R[L], plain, plain_oracle),
        Claim("from_one", "From the first layer", _FROM, PLAIN, R[L], from_one, plain_oracle),
        Claim("strided", "Any stride", _STRIDED, EQUAL, R[L], strided, strided_oracle),
        Claim("doubling", "Dilations that double", _DOUBLING, DOUBLING, R[L], doubling, doubling_oracle),
        Claim("power", "The jump", _POWER, POWER, J[L], power, power_oracle),
    ),
    refuted=(SIDE_BY_SIDE,),
)

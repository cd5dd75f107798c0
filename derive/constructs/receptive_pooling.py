r"""Pooling between convolutions: what it adds to the receptive field by itself, and what the layers after it gain.

L convolutions of width K and stride 1, a pooling of width $K_p$ and stride $S_p$, then M more convolutions. The stride
of a layer never changes its own field, so the pooling adds $K_p - 1$ and no more: for $K_p = 2$ one place on each axis.
It multiplies the jump of the layers after it, each of which adds $(K - 1) S_p$ in place of $K - 1$:
$R = 1 + L(K - 1) + (K_p - 1) + M(K - 1) S_p$. The field doubles with the pooling only if $L(K - 1) = K_p - 2$: for
$K_p = 2$ only where each entry has seen one place so far, as in the input.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3 (pooling) and figure 9.4 (fields of deep units);
Araujo, Norris, Sim, Computing receptive fields of convolutional neural networks, Distill, 2019, (1) and (2).
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer

from derive.constructs import receptive_field as field
from derive.constructs import stacks
from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.receptive_equal_layers import NAMED, RECURSIONS, d, k, s
from derive.constructs.stacks import J, L, R, l, t
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, declare, eq
from derive.language.terms import OTHERWISE, Cases, IndexProduct, IndexSum
from derive.rules.combine import at_part, attempt, by, derived, everywhere, one_line, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import product_of_constant, split_factors, split_last_factor
from derive.rules.recursions import unrolled
from derive.rules.sums import split_last, split_range, sum_of_constant
from derive.rules.windows import insert_definitions

_L, _M = declare("L", "natural", "convolutions before"), declare("M", "natural", "convolutions after")
_K, _Kp, _Sp = declare("K", "size", "kernel"), declare("K_p", "size", "pooling"), declare("S_p", "size", "its stride")
M, K, Kp, Sp = (one.symbol for one in (_M, _K, _Kp, _Sp))


def pooled(width: Any, step: Any) -> tuple[Definition, ...]:
    """Convolutions, a pooling behind the first L of them, and the recurrences."""
    kernel = Definition(k, (l,), Cases((width, eq(l, L + 1)), (K, OTHERWISE)))
    stride = Definition(s, (l,), Cases((step, eq(l, L + 1)), (Integer(1), OTHERWISE)))
    return kernel, stride, Definition(d, (l,), Integer(1)), *RECURSIONS


STACK = Context((_L, _M, _K, _Kp, _Sp), (), pooled(Kp, Sp))
BEGIN = Context((_L, _K, _Kp, _Sp), (), pooled(Kp, Sp))
HALVED = Context((_L, _K), (), pooled(Integer(2), Integer(2)))
_GIVEN: Text = ("kernels and strides as they are given",)
inserted = one_line(then(insert_definitions, attempt(everywhere(by(product_of_constant)))), _GIVEN)
counted = everywhere(by(sum_of_constant))


def term(first: Any, last: Any) -> IndexSum:
    """What these layers add to the field."""
    return IndexSum(d[l] * (k[l] - 1) * strides(l - 1), l, first, last)


def strides(last: Any) -> IndexProduct:
    """The product of the strides up to this layer."""
    return IndexProduct(s[t], t, 1, last)


def size() -> Derivation:
    """R = K_p + L (K - 1) + M (K - 1) S_p."""
    lemma, later = field.size(), term(L + 2, L + M + 1)
    apart = then(at_part(term(1, L + M + 1), by(split_range, L + 1)), at_part(term(1, L + 1), by(split_last)))
    around = then(by(split_factors, L + 1), at_part(strides(L + 1), by(split_last_factor)))
    moves = then(
        use_lemma(lemma, {**NAMED, stacks.L: L + M + 1}, ("known of any stack",)),
        one_line(apart, ("the pooling, the layers before and the layers after",)),
        one_line(at_part(later, at_part(strides(l - 1), around)), ("the pooling among the strides",)),
        inserted,
        counted,
    )
    return derived("receptive_pooling.size", STACK, R[L + M + 1], moves, (lemma,))


def own(name: str = "own", left: Expr = R[L + 1] - R[L]) -> Derivation:
    """R_{L+1} - R_L = K_p - 1."""
    jumps, sizes = stacks.jump(), field.size()
    apart = at_part(J[L], use_lemma(jumps, {stacks.S: s}, ("the jump is the product of the strides",)))
    moves = then(at_part(R[L + 1], unrolled(R[L + 1])), apart, inserted)
    if left != R[L + 1] - R[L]:
        moves = then(moves, at_part(R[L], use_lemma(sizes, NAMED, ("known of any stack",))), inserted, counted)
    return derived(f"receptive_pooling.{name}", BEGIN, left, moves, (jumps, sizes))


def doubling() -> Derivation:
    """R_{L+1} - 2 R_L = K_p - 2 - L (K - 1)."""
    return own("doubling", R[L + 1] - 2 * R[L])


def seen(L: int, M: int, K: int, width: int, step: int) -> int:
    """From the first to the last place that one output needs, going down through the layers one by one."""
    low = high = 0
    for layer in range(L + M + 1, 0, -1):
        kernel, stride = (width, step) if layer == L + 1 else (K, 1)
        low, high = stride * low, stride * high + kernel - 1
    return high - low + 1


def convolved(L: int, K: int) -> int:
    """The same without a pooling."""
    return seen(0, L, K, 1, 1)


def size_oracle(L: int, M: int, K: int, K_p: int, S_p: int) -> int:
    """All layers."""
    return seen(L, M, K, K_p, S_p)


def own_oracle(L: int, K: int, K_p: int, S_p: int) -> int:
    """With the pooling and without it."""
    return seen(L, 0, K, K_p, S_p) - convolved(L, K)


def doubling_oracle(L: int, K: int, K_p: int, S_p: int) -> int:
    """With the pooling, against twice the field without it."""
    return seen(L, 0, K, K_p, S_p) - 2 * convolved(L, K)


_SIZE: Text = ("Behind the pooling stand ", M, " more convolutions. Find ", R[L + M + 1], ".")
_OWN: Text = ("What does the pooling add to the field, ", R[L + 1] - R[L], "?")
_DOUBLING: Text = ("Does the field double? Compare ", R[L + 1], " with ", 2 * R[L], ".")
TWICE = Refuted(
    name="pooling_doubles",
    title="Pooling doubles the field",
    statement=("A pooling of width 2 and stride 2 doubles the receptive field",),
    context=HALVED,
    left=R[L + 1],
    relation="=",
    right=2 * R[L],
    missing=("It adds one place. What doubles is the jump, and with it what each later layer adds.",),
    instead="receptive_pooling.doubling",
)
STEPS = Refuted(
    name="stride_of_the_pooling",
    title="The stride within its own field",
    statement=("What a pooling adds to the field is its width less one, times its own stride",),
    context=BEGIN,
    left=R[L + 1] - R[L],
    relation="=",
    right=(Kp - 1) * Sp,
    missing=("The stride moves the window as a whole; only layers behind it see places that are further apart.",),
    instead="receptive_pooling.own",
)
CONSTRUCT = Construct(
    name="receptive_pooling",
    title="Receptive field with a pooling layer",
    about=("Behind ", L, " convolutions of width ", K, " stands a pooling of width ", Kp, " and stride ", Sp, "."),
    conventions=("layers from 1, layer 0 is the input", "convolutions have stride 1", "fields on one axis"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.3",
    claims=(
        Claim("size", "The whole stack", _SIZE, STACK, R[L + M + 1], size, size_oracle),
        Claim("own", "The pooling by itself", _OWN, BEGIN, R[L + 1] - R[L], own, own_oracle),
        Claim("doubling", "Twice the field", _DOUBLING, BEGIN, R[L + 1] - 2 * R[L], doubling, doubling_oracle),
    ),
    refuted=(TWICE, STEPS),
)

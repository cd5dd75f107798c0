r"""Fewer places against more channels: what a layer costs when the resolution falls and the channels grow.

A layer on $h \times w$ places with C channels and F filters of $K_h K_w$ places takes $hwFCK_hK_w$ multiply-adds. After
pooling by S in both directions there are $\lfloor h/S \rfloor \lfloor w/S \rfloor$ places; with a times the channels
and b times the filters the quotient is $ab \lfloor h/S \rfloor \lfloor w/S \rfloor/(hw)$, which is $ab/S^2$ where S
divides both sides and never more. For S = 2: half of the cost if one channel count doubles, the same if both do.

Source: Simonyan, Zisserman, 2015, arXiv:1409.1556, section 2.1; He et al., 2016, arXiv:1512.03385, section 3.3.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.layer_parameters import _C, _F, _H, _W, C, F, K_h, K_w, counted, i, j, k, one_each, s
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, declare, eq, integer, le
from derive.rules.algebra import use_equation
from derive.rules.combine import at_part, by, derived, one_line, then
from derive.rules.integers import floor_is, quotient
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_most

_h, _w = declare("h", "size", "height before"), declare("w", "size", "width before")
_S = declare("S", "size", "factor by which the resolution falls")
_a, _b = declare("a", "size", "factor of the channels"), declare("b", "size", "factor of the filters")
_r, _t = declare("r", "size", "height after"), declare("t", "size", "width after")
h, w, S, a, b, r, t = (d.symbol for d in (_h, _w, _S, _a, _b, _r, _t))
A, B = array("A"), array("B")
p, q = integer("p"), integer("q")
_KERNEL, HIGH, WIDE = ((i, K_h), (j, K_w)), quotient(h, S), quotient(w, S)
BEFORE = Definition(A, (), one_each((p, h), (q, w), (s, F), (k, C), *_KERNEL))
AFTER = Definition(B, (), one_each((p, HIGH), (q, WIDE), (s, b * F), (k, a * C), *_KERNEL))
_LAYER, _MORE = (_h, _w, _C, _F, _H, _W), (_S, _a, _b)
FIRST, SECOND = Context(_LAYER, (), (BEFORE,)), Context((*_LAYER, *_MORE), (), (AFTER,))
BOTH = Context((*_LAYER, *_MORE), (), (BEFORE, AFTER))
WHOLE = Context((*_LAYER, *_MORE, _r, _t), (eq(h, S * r), eq(w, S * t)), (BEFORE, AFTER))


def before() -> Derivation:
    """h w F C K_h K_w."""
    return derived("layer_scaling.before", FIRST, A[()], counted("place and each weight"))


def after() -> Derivation:
    """floor(h/S) floor(w/S) a b F C K_h K_w."""
    return derived("layer_scaling.after", SECOND, B[()], counted("place and each weight"))


def scaled() -> Derivation:
    """a b floor(h/S) floor(w/S)/(h w)."""
    lemmas = before(), after()
    known = (at_part(one.left, use_lemma(one, {}, ("the count of ", one.left))) for one in lemmas)
    return derived("layer_scaling.scaled", BOTH, B[()] / A[()], then(*known), lemmas)


def divisible() -> Derivation:
    """a b/S**2."""
    lemma = scaled()
    known = use_lemma(lemma, {}, ("the quotient found before",))
    whole = then(*(at_part(side, by(floor_is, end)) for side, end in ((HIGH, r), (WIDE, t))))
    told = (eq(h, S * r), " and ", eq(w, S * t))
    inserted = one_line(then(whole, by(use_equation, h, S * r), by(use_equation, w, S * t)), told)
    return derived("layer_scaling.divisible", WHOLE, B[()] / A[()], then(known, inserted), (lemma,))


def bound() -> Derivation:
    """At most a b/S**2."""
    lemma = scaled()
    known = use_lemma(lemma, {}, ("the quotient found before",))
    above = by(at_most, a * b / S**2, reason=(le(HIGH, h / S), " and ", le(WIDE, w / S)))
    return derived("layer_scaling.bound", BOTH, B[()] / A[()], then(known, above), (lemma,))


def products(h: int, w: int, C: int, F: int, K_h: int, K_w: int) -> int:
    """The products of a layer, place by place."""
    return len([0 for _ in product(range(h), range(w), range(C), range(F)) for _ in product(range(K_h), range(K_w))])


def before_oracle(h: int, w: int, C: int, F: int, K_h: int, K_w: int) -> int:
    """All places."""
    return products(h, w, C, F, K_h, K_w)


def after_oracle(h: int, w: int, C: int, F: int, K_h: int, K_w: int, S: int, a: int, b: int) -> int:
    """The places that pooling leaves: whole blocks of S by S."""
    high, wide = (len(range(S, side + 1, S)) for side in (h, w))
    return products(high, wide, a * C, b * F, K_h, K_w)


def scaled_oracle(h: int, w: int, C: int, F: int, K_h: int, K_w: int, S: int, a: int, b: int) -> Fraction:
    """The one by the other."""
    return Fraction(after_oracle(h, w, C, F, K_h, K_w, S, a, b), products(h, w, C, F, K_h, K_w))


def divisible_oracle(
    h: int, w: int, C: int, F: int, K_h: int, K_w: int, S: int, a: int, b: int, r: int, t: int
) -> Fraction:
    """The same; r and t are what pooling leaves."""
    return Fraction(products(r, t, a * C, b * F, K_h, K_w), products(h, w, C, F, K_h, K_w)) * (S > 0)


_POOLED: Text = ("Before a layer its input is pooled by ", S, " in both directions; it then has ", a, " times the "
                 "channels and ", b, " times the filters. ")  # fmt: skip
ODD = Refuted(
    name="odd_sides",
    title="The places that pooling leaves",
    statement=("Pooling by ", S, " leaves one place of ", S**2),
    context=Context((_h, _w, _S)),
    left=HIGH * WIDE,
    relation="=",
    right=h * w / S**2,
    missing=(
        "Where ",
        S,
        " does not divide a side, what is left over is dropped.",
    ),
    instead="layer_scaling.bound",
)
CONSTRUCT = Construct(
    name="layer_scaling",
    title="Resolution against channels",
    about=("A layer has ", C, " channels, ", F, " filters of ", K_h, " by ", K_w, " places, and an output for each of ",
           h, " by ", w, " places of its input."),
    conventions=("the cost of a layer is its number of multiply-adds, without biases",
                 "a layer keeps the size of its input, pooling leaves whole blocks alone"),
    source="Simonyan, Zisserman, 2015, arXiv:1409.1556, section 2.1; He et al., 2016, arXiv:1512.03385, section 3.3",
    claims=(
        Claim("before", "Before pooling", ("Count the multiply-adds ", A[()], "."), FIRST, A[()], before,
              before_oracle),
        Claim("after", "After pooling", (*_POOLED, "Count the multiply-adds ", B[()], "."), SECOND, B[()], after,
              after_oracle),
        Claim("scaled", "The quotient", (*_POOLED, "What share of the cost is left?"), BOTH, B[()] / A[()], scaled,
              scaled_oracle),
        Claim("divisible", "Sides that are divided", (*_POOLED, "What share is left if ", S, " divides both sides?"),
              WHOLE, B[()] / A[()], divisible, divisible_oracle),
        Claim("bound", "A bound", (*_POOLED, "How much is left at most?"), BOTH, B[()] / A[()], bound, scaled_oracle),
    ),
    refuted=(ODD,),
)  # fmt: skip

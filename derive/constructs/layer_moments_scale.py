r"""One scale for T layers with weights of their own: the mean square grows or vanishes geometrically, or it is kept.

Each layer multiplies the mean square by $c^2 n \sigma^2$ (`layer_moments_depth.square`), so T of them by
$(c^2 n \sigma^2)^T$. It is kept through any number of layers for $c\,\sigma = 1/\sqrt n$, and for no other size of it.

Source: Glorot, Bengio, AISTATS 2010, section 4.2.1, equations (5) to (8); He, Zhang, Ren, Sun, ICCV 2015, section 2.2,
equation (9).
"""

from __future__ import annotations

from typing import Any

from sympy import sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_moments import Mean
from derive.constructs.layer_moments_depth import (
    _PLACE,
    _T,
    SQUARE,
    W,
    _j,
    _n,
    _r,
    _s,
    f,
    h,
    i,
    j,
    layers,
    n,
    sigma,
    square,
    square_oracle,
    stated_with,
    t,
    x,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, declare, eq, ge, gt
from derive.rules.algebra import definition
from derive.rules.combine import by, derived, everywhere, one_line, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import product_of_constant

_c = declare("c", "real", "scale of each layer")
c = _c.symbol
SAME = Context((_n, _T, _s, _c, _r, _j), (*_PLACE, ge(sigma, 0)), (Definition(f, (t,), c), layers(f[t])), (W, x),
               stated_with(sigma))  # fmt: skip
KEPT = Context((_n, _T, _s, _r, _j), (*_PLACE, gt(sigma, 0)),
               (Definition(f, (t,), 1 / (sigma * sqrt(n))), layers(f[t])), (W, x), stated_with(sigma))  # fmt: skip


def with_scale(name: str, context: Context, why: Text) -> Derivation:
    """One scale for all layers."""
    lemma = square()
    inserted = one_line(everywhere(by(definition)), ("insert the scale",))
    counted = everywhere(by(product_of_constant, reason=why))
    moves = then(use_lemma(lemma, {}, ("the product of what the layers do",)), inserted, counted)
    return derived(f"layer_moments_scale.{name}", context, SQUARE, moves, (lemma,))


def same() -> Derivation:
    """(c^2 n sigma^2)^T r^2."""
    return with_scale("same", SAME, ("all factors are equal",))


def kept() -> Derivation:
    """r^2."""
    return with_scale("kept", KEPT, ("all factors are 1",))


def same_oracle(n: int, T: int, sigma: Any, c: Any, r: Any, j: int, average: Mean) -> Any:
    """With one scale for all layers."""
    return square_oracle(n, T, sigma, r, j, lambda layer: c, average)


def kept_oracle(n: int, T: int, sigma: Any, r: Any, j: int, average: Mean) -> Any:
    """The square of the scale is a fraction."""
    return square_oracle(n, T, sigma, r, j, lambda layer: 1, average) / (n * sigma**2) ** T


CONSTRUCT = Construct(
    name="layer_moments_scale",
    title="One scale for T layers",
    about=("Layer ", t, " makes ", eq(h[t, j], f[t] * IndexSum(W[t, j, i] * h[t - 1, i], i, 1, n)), " of ",
           eq(h[0, j], x[j]), ", with weights of its own."),
    conventions=("each layer has n inputs and n outputs", "layer 0 is the input", "mean squares, not variances"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; He, Zhang, Ren, Sun, ICCV 2015, section 2.2, equation (9)",
    claims=(
        Claim("same", "One scale for all layers", ("All scales are ", c, ". Find ", SQUARE, "."), SAME, SQUARE, same,
              same_oracle),
        Claim("kept", "The scale that keeps it", ("All scales are ", 1 / (sigma * sqrt(n)), ". Find ", SQUARE, "."),
              KEPT, SQUARE, kept, kept_oracle),
    ),
)  # fmt: skip

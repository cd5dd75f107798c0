r"""Convolution of an image with padding and stride: which entries of the full convolution are left.

With p zeros around an n x n image the outputs for a k x k kernel are entries of the full convolution, from row and
column k - p on; with p = k - 1 they are all of it. Stride s keeps every s-th row and column of these, m of each.

Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, section 2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.constructs.convolution_image import Image, h, i, j, k, n, over_kernel, r, sizes, square, w, x
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Definition, between, declare, lt
from derive.language.forms import of
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import by, derived, then
from derive.rules.forms import recognised

_m, _s = declare("m", "size", "side of the output"), declare("s", "size", "stride")
_p = declare("p", "natural", "padding")
m, s, p = _m.symbol, _s.symbol, _p.symbol
side = n + 2 * p - k + 1
around, apart, z = square("y", side), square("y", m), square("z", s * (m - 1) + 1)


def _laid(output: Array, stride: Any) -> Definition:
    """The turned kernel on the padded image, in steps of the stride."""
    places = (stride * (i - 1) + k - p - h + 1, stride * (j - 1) + k - p - r + 1)
    return Definition(output, (i, j), over_kernel(x[places] * w[h, r]))


_INSIDE = (lt(p, k), between(1, i, side), between(1, j, side))
PADDED = Context((*sizes, _p), _INSIDE, (_laid(around, 1),), (x, w))
_STEPS = (between(1, i, m), between(1, j, m))
STRIDED = Context((*sizes, _m, _s, _p), _STEPS, (_laid(apart, s), _laid(z, 1)), (x, w))


def padded() -> Derivation:
    """With padding: entries of the full convolution."""
    whole = of("full_convolution", x, w)[i + k - p - 1, j + k - p - 1]
    moves = then(by(definition, reason=("definition of ", around)), recognised(whole))
    return derived("convolution_padding.padded", PADDED, around[i, j], moves)


def strided() -> Derivation:
    """With a stride: every s-th output."""
    moves = then(
        by(definition, reason=("definition of ", apart)),
        by(fold_definition, z[s * (i - 1) + 1, s * (j - 1) + 1], reason=("definition of ", z)),
    )
    return derived("convolution_padding.strided", STRIDED, apart[i, j], moves)


def _on_padded(n: int, k: int, p: int, top: int, left: int, x: Image, w: Image) -> Fraction:
    """The turned kernel laid on the padded image, whose pixel (1, 1) stands at place (p, p) counted from 0."""
    image = {(p + row - 1, p + column - 1): x(row, column) for row in range(1, n + 1) for column in range(1, n + 1)}
    value = Fraction(0)
    for down in range(k):
        for right in range(k):
            value += image.get((top + down, left + right), Fraction(0)) * w(k - down, k - right)
    return value


def padded_oracle(n: int, k: int, p: int, i: int, j: int, x: Image, w: Image) -> Fraction:
    """The kernel laid at row i and column j of the padded image."""
    return _on_padded(n, k, p, i - 1, j - 1, x, w)


def strided_oracle(n: int, k: int, m: int, s: int, p: int, i: int, j: int, x: Image, w: Image) -> Fraction:
    """The same, s rows and columns from one output to the next."""
    return _on_padded(n, k, p, s * (i - 1), s * (j - 1), x, w)


CONSTRUCT = Construct(
    name="convolution_padding",
    title="Convolution of an image with padding and stride",
    about=("A ", k, " by ", k, " kernel ", w, " slides over an ", n, " by ", n, " image ", x, "."),
    conventions=("convolution: the kernel is turned round", "indices from 1"),
    source="Dumoulin, Visin, A guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, section 2",
    claims=(
        Claim(
            "padded",
            "Padding",
            ("The image gets ", p, " zeros on each side. Find the convolution ", around[i, j], "."),
            PADDED,
            around[i, j],
            padded,
            padded_oracle,
        ),
        Claim(
            "strided",
            "Stride",
            ("Express the outputs ", apart[i, j], " of stride ", s, " by those of stride 1, ", z[i, j], "."),
            STRIDED,
            apart[i, j],
            strided,
            strided_oracle,
        ),
    ),
)

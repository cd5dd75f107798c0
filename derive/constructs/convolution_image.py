r"""Convolution of an image: sliding a kernel as it is or turned round.

An n x n image x is 0 beside its pixels; the kernel w is k x k. Indices run from 1. Correlation lays the kernel on the
image as it is, $\sum_{h,r} x_{i+h-1,\,j+r-1} w_{hr}$; convolution turns it by 180 degrees first.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.1, (9.4) to (9.6).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer, le
from derive.language.forms import of
from derive.rules.algebra import definition
from derive.rules.combine import by, derived, then
from derive.rules.forms import recognised

_n, _k = declare("n", "size", "side of the image"), declare("k", "size", "side of the kernel")
_i, _j = declare("i", "integer", "row"), declare("j", "integer", "column")
sizes = (_n, _k, _i, _j)
n, k, i, j = (d.symbol for d in sizes)
h, r = integer("h"), integer("r")
side = n - k + 1


def square(name: str, size: Any) -> Array:
    """Rows and columns 1 to the size, 0 elsewhere."""
    return array(name, (1, size), (1, size), outside="zero")


def over_kernel(body: Expr) -> Expr:
    """The sum over all rows h and columns r of the kernel."""
    return IndexSum(IndexSum(body, r, 1, k), h, 1, k)


x, w, y = square("x", n), square("w", k), square("y", side)
SLID = Definition(y, (i, j), over_kernel(x[i + h - 1, j + r - 1] * w[h, r]))
TURNED = Definition(y, (i, j), over_kernel(x[i + h - 1, j + r - 1] * w[k + 1 - h, k + 1 - r]))
_INSIDE = (le(k, n), between(1, i, side), between(1, j, side))
CORRELATED = Context(sizes, _INSIDE, (SLID,), (x, w))
CONVOLVED = Context(sizes, _INSIDE, (TURNED,), (x, w))


def correlation() -> Derivation:
    """The kernel slid as it is."""
    moves = then(by(definition, reason=("definition of ", y)), recognised(of("correlation", x, w)[i, j]))
    return derived("convolution_image.correlation", CORRELATED, y[i, j], moves)


def convolution() -> Derivation:
    """The kernel turned, then slid."""
    moves = then(by(definition, reason=("definition of ", y)), recognised(of("convolution", x, w)[i, j]))
    return derived("convolution_image.convolution", CONVOLVED, y[i, j], moves)


Image = Callable[[int, int], Fraction]


def correlation_oracle(n: int, k: int, i: int, j: int, x: Image, w: Image) -> Fraction:
    """The kernel laid on the pixels from row i and column j on, multiplied and added."""
    value = Fraction(0)
    for down in range(k):
        for right in range(k):
            value += x(i + down, j + right) * w(1 + down, 1 + right)
    return value


def convolution_oracle(n: int, k: int, i: int, j: int, x: Image, w: Image) -> Fraction:
    """The same with the rows of the kernel from below and its columns from the right."""
    rows = [[w(row, column) for column in range(k, 0, -1)] for row in range(k, 0, -1)]
    value = Fraction(0)
    for down, row in enumerate(rows):
        for right, weight in enumerate(row):
            value += x(i + down, j + right) * weight
    return value


CONSTRUCT = Construct(
    name="convolution_image",
    title="Convolution of an image",
    about=("A ", k, " by ", k, " kernel ", w, " slides over an ", n, " by ", n, " image ", x, "."),
    conventions=("correlation: the kernel is not turned", "convolution: the kernel is turned round", "indices from 1"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.1",
    claims=(
        Claim(
            "correlation",
            "Sliding the kernel as it is",
            ("Find the outputs ", y[i, j], " where the kernel fits into the image."),
            CORRELATED,
            y[i, j],
            correlation,
            correlation_oracle,
        ),
        Claim(
            "convolution",
            "Sliding the turned kernel",
            ("The kernel is turned by 180 degrees before it slides. Find the outputs ", y[i, j], "."),
            CONVOLVED,
            y[i, j],
            convolution,
            convolution_oracle,
        ),
    ),
)

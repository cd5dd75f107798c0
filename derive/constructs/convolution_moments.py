r"""Convolution of an image whose pixels are an affine function of row and column: only moments of the kernel matter.

Where $x_{ij} = \alpha i + \beta j + \gamma$, the valid convolution with a k x k kernel w is affine in row and column,
with the moments $S_{ab} = \sum_{h,r} h^a r^b w_{hr}$ of the kernel. If $S_{00} = 0$ it is constant: a kernel that adds
up to 0 sees the slope alone.

Source: Gonzalez, Woods, Digital Image Processing, 4th ed., 2018, section 3.6 (kernels that add up to 0).
"""

from __future__ import annotations

from fractions import Fraction

from derive.constructs.construct import Claim, Construct
from derive.constructs.convolution_image import Image, h, i, j, k, n, over_kernel, r, sizes, w, y
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, array, between, declare, integer, le
from derive.rules.algebra import definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.expand import spread, up_to_alike

_alpha, _beta = declare("alpha", "real", "rise from row to row"), declare("beta", "real", "rise from column to column")
_gamma = declare("gamma", "real", "offset")
alpha, beta, gamma = _alpha.symbol, _beta.symbol, _gamma.symbol
a, b = integer("a"), integer("b")
x, S = array("x", (1, n), (1, n), outside="zero"), array("S", (0, 1), (0, 1))
AFFINE = Definition(x, (i, j), alpha * i + beta * j + gamma)
LAID = Definition(y, (i, j), over_kernel(x[i + k - h, j + k - r] * w[h, r]))
MOMENTS = Definition(S, (a, b), over_kernel(h**a * r**b * w[h, r]))
_INSIDE = (le(k, n), between(1, i, n - k + 1), between(1, j, n - k + 1))
SLOPED = Context((*sizes, _alpha, _beta, _gamma), _INSIDE, (AFFINE, LAID, MOMENTS), (w,))


def affine() -> Derivation:
    """On an affine image the convolution is affine, with the moments of the kernel."""
    target = (alpha * (i + k) + beta * (j + k) + gamma) * S[0, 0] - alpha * S[1, 0] - beta * S[0, 1]
    pixel = x[i + k - h, j + k - r]
    moves = then(
        by(definition, reason=("definition of ", y)),
        at_part(pixel, by(definition, reason=("definition of ", x))),
        one_line(spread, ("multiply out, sum term by term, constants in front",)),
        up_to_alike(target, then(everywhere(by(definition)), spread), ("definition of ", S)),
    )
    return derived("convolution_moments.affine", SLOPED, y[i, j], moves)


def affine_oracle(
    n: int, k: int, i: int, j: int, alpha: Fraction, beta: Fraction, gamma: Fraction, w: Image
) -> Fraction:
    """The turned kernel laid on the pixels, each worked out from its row and column."""
    value = alpha * 0
    for row in range(i, i + k):
        for column in range(j, j + k):
            value += (alpha * row + beta * column + gamma) * w(k - (row - i), k - (column - j))
    return value


CONSTRUCT = Construct(
    name="convolution_moments",
    title="Convolution of an affine image",
    about=("A ", k, " by ", k, " kernel ", w, " slides over an ", n, " by ", n, " image ", x, "."),
    conventions=("convolution: the kernel is turned round", "indices from 1"),
    source="Gonzalez, Woods, Digital Image Processing, 4th ed., 2018, section 3.6",
    claims=(
        Claim(
            "affine",
            "An affine image",
            ("The pixels are ", AFFINE.body, ". Find the convolution ", y[i, j], "."),
            SLOPED,
            y[i, j],
            affine,
            affine_oracle,
        ),
    ),
)

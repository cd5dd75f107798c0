r"""How large the gradient of a weight of a kernel is: standard deviation, and how it grows with the image.

For an n x n image and a k x k kernel $dw_{hl}$ has variance $m^2\sigma_x^2\sigma_g^2$ with $m = n - k + 1$, so the
standard deviation is $m\,\sigma_x\sigma_g$: the root of the number $m^2$ of terms, times that of one term. For a fixed
kernel it is $\Theta(n)$, and not $\Theta(n^2)$ as for terms that all have the same sign. It stays $\Theta(1)$ if the
deviation of the upstream gradient falls like 1/n, as it does for a loss that is a sum over $m^2$ outputs divided by m.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section
4.2.1; Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 9.2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Integer, sqrt

from derive.constructs.construct import Claim, Construct, Growth
from derive.constructs.kernel_gradient_moments import CENTRED, Mean, dw, h, k, m, n, sg, sx, v, variance_centred, weight
from derive.kernel.derivation import Derivation
from derive.language import Context, Variance, declare, gt, le
from derive.language.numbers import sqrt as root
from derive.rules.algebra import absolute_value
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.growth import Comparison, epsilon, n_0
from derive.rules.lemmas import use_lemma

_n, _k = declare("n", "size", "rows of the input"), declare("k", "size", "rows of the kernel")
_sx, _sg = declare("sigma_x", "real", "deviation of the input"), declare("sigma_g", "real", "of the gradient")
SIZES = Context((_n, _k, _sx, _sg), (gt(sx, 0), gt(sg, 0), le(k, n)))
FALLING = Context((_n, _k, _sx), (gt(sx, 0), le(k, n)))


def deviation() -> Derivation:
    """m sigma_x sigma_g."""
    known = variance_centred()
    positive = one_line(everywhere(by(absolute_value, 1)), ("none of them is negative",))
    moves = then(at_part(Variance(dw[h, v]), use_lemma(known, {})), positive)
    return derived("kernel_gradient_scale.deviation", CENTRED, sqrt(Variance(dw[h, v])), moves, (known,))


def deviation_oracle(n: int, k: int, h: int, v: int, sigma_x: Fraction, sigma_g: Fraction, average: Mean) -> Any:
    """The root of the mean square, over all outcomes; the mean is 0."""
    one = weight(n, k, h, v)
    return root(average(lambda x, dy: one(x, dy) ** 2))


def size_oracle(n: int, k: int, sigma_x: Fraction, sigma_g: Fraction) -> Any:
    """The root of a sum over all windows."""
    total: Any = 0
    for _ in range(n - k + 1):
        for _ in range(n - k + 1):
            total += sigma_x**2 * sigma_g**2
    return root(total)


def falling_oracle(n: int, k: int, sigma_x: Fraction) -> Any:
    """The same with a deviation 1/n of the gradient."""
    return size_oracle(n, k, sigma_x, Fraction(1, n))


_LATE = ((n, 2 * k),)
_one = sx * sg
CONSTRUCT = Construct(
    name="kernel_gradient_scale",
    title="How large the gradient of a kernel is",
    about=("A convolution layer with a square input and kernel and stride 1 has random input and gradient.",),
    conventions=("rows and columns are numbered from 1", "the size k of the kernel is fixed where n grows"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Concrete Mathematics, 2nd ed., section 9.2",
    claims=(
        Claim("deviation", "Standard deviation", ("Find the standard deviation of ", dw[h, v], "."), CENTRED,
              sqrt(Variance(dw[h, v])), deviation, deviation_oracle),
    ),
    growth=(
        Growth("growth", "For large images", ("The standard deviation is ", m * _one, ". How does it grow with n?"),
               Comparison(SIZES, m * _one, "Theta", n, (n,), _one, _one / 2, beyond=_LATE, along=((n, n_0 + 2 * k),)),
               size_oracle),
        Growth("not_as_terms", "Not like the number of terms", ("It is a sum of ", m**2, " terms. Compare it with ",
               n**2, "."), Comparison(SIZES, m * _one, "o", n**2, (n,), beyond=((n, _one / epsilon),),
                                along=((n, n_0 + k),)), size_oracle),
        Growth("kept", "A gradient that falls", ("Let the deviation of the gradient be 1/n. How does ", m * sx / n,
               " grow?"),
               Comparison(FALLING, m * sx / n, "Theta", Integer(1), (n,), sx, sx / 2, beyond=_LATE,
                          along=((n, n_0 + 2 * k),)), falling_oracle),
    ),
)  # fmt: skip

r"""The largest stretch of a small matrix by brute force: what oracles compare the spectral norm with.

$p(t) = \det(t I - A^\top A)$ has no roots but real ones, so t is larger than all of them just where p and all its
derivatives are positive at t; the least such t among the multiples of a small number is found in whole numbers. From
above Newton's method comes near it without passing the largest root, and halving would find it as well. The largest
$|A x|$ over vectors of length 1 is its root. Nothing of `singular.py` is used here.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, theorem 4.2.2 (Rayleigh), problem 2.4.P9 (Newton's identities);
Marden, Geometry of Polynomials, 1966, section 2 (derivatives of a polynomial with real roots).
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

from flint import fmpz_mat, fmpz_poly

from derive.language.balls import widened
from derive.language.numbers import sqrt

_SCALE, _SCALE_FOR_FLOATS, _BITS = 2**320, 2**80, 220
_STEPS = 100
"""Of Newton's method at most; what it leaves is halved."""


def stretch(rows: list[list[Any]]) -> Any:
    """The largest |A x| over vectors of length 1, known to 220 bits; of floats, a float.

    Example:
        >>> stretch([[3, 0], [0, -4]]), stretch([[1.0, 1.0], [0.0, 1.0]])
        (4.00000000000..., 1.618033988749895)
    """
    exact = [[number if type(number) is int else Fraction(number) for number in row] for row in rows]
    bottom = lcm(*(number.denominator for row in exact for number in row))
    whole = fmpz_mat([[number.numerator * (bottom // number.denominator) for number in row] for row in exact])
    gram = whole * whole.transpose() if whole.nrows() <= whole.ncols() else whole.transpose() * whole
    trace = _trace(gram)
    if trace == 0:
        return rows[0][0] * 0
    is_float = isinstance(rows[0][0], float)
    scale = _SCALE_FOR_FLOATS if is_float else _SCALE
    square = Fraction(_least_above(_polynomial(gram), bottom**2, trace, scale), scale)
    return float(square) ** 0.5 if is_float else widened(sqrt(square), _BITS)


def _trace(square: fmpz_mat) -> int:
    return sum(int(square[place, place]) for place in range(square.nrows()))


def _polynomial(gram: fmpz_mat) -> list[int]:
    """det(t - gram), its highest power first (Faddeev, Leverrier)."""
    size = gram.nrows()
    one = fmpz_mat([[int(a == b) for b in range(size)] for a in range(size)])
    weights, power = [1], gram * 0
    for step in range(1, size + 1):
        power = gram * (power + one * weights[-1])
        weights.append(-_trace(power) // step)  # no remainder: the weights are whole
    return weights


def _least_above(weights: list[int], bottom: int, trace: int, scale: int) -> int:
    """The least whole t for which t/scale is larger than all roots divided by the bottom."""
    degree = len(weights) - 1
    scaled = [weight * scale**place * bottom ** (degree - place) for place, weight in enumerate(weights)]
    low, high = 0, trace * scale // bottom + 1
    simple = fmpz_poly(weights[::-1])
    simple = simple // simple.gcd(simple.derivative())  # each root once, so that Newton's method is fast
    last = simple.degree()
    simple = fmpz_poly([int(simple[k]) * scale ** (last - k) * bottom**k for k in range(last + 1)])
    slope = simple.derivative()
    for _ in range(_STEPS):
        step = int(simple(high)) // int(slope(high))
        if step <= 0:
            break
        high -= step
    for guess in (high, high + 1):  # the last step may end on a root
        if _is_above(scaled, guess) and not _is_above(scaled, guess - 1):
            return guess
    high = trace * scale // bottom + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _is_above(scaled, middle) else (middle, high)
    return high


def _is_above(weights: list[int], t: int) -> bool:
    """Whether the polynomial and all its derivatives are positive at t: by dividing by x - t again and again."""
    work = list(weights)
    while len(work) > 1:
        for place in range(1, len(work)):
            work[place] += t * work[place - 1]
        if work.pop() <= 0:
            return False
    return True

r"""The largest stretch of a small matrix by brute force: what oracles compare the spectral norm with.

$p(t) = \det(t I - A^\top A)$ has no roots but real ones, so t is larger than all of them just where p and all its
derivatives are positive at t; the least such t is found by halving, in whole numbers. The largest $|A x|$ over vectors
of length 1 is its root. Nothing of `singular.py` is used here.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, theorem 4.2.2 (Rayleigh), problem 2.4.P9 (Newton's identities);
Marden, Geometry of Polynomials, 1966, section 2 (derivatives of a polynomial with real roots).
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

from derive.language.balls import widened
from derive.language.numbers import sqrt

_SCALE, _SCALE_FOR_FLOATS, _BITS = 2**320, 2**80, 220


def stretch(rows: list[list[Any]]) -> Any:
    """The largest |A x| over vectors of length 1, known to 220 bits; of floats, a float.

    Example:
        >>> stretch([[3, 0], [0, -4]]), stretch([[1.0, 1.0], [0.0, 1.0]])
        (4.00000000000..., 1.618033988749895)
    """
    exact = [[Fraction(number) for number in row] for row in rows]
    columns = [list(column) for column in zip(*exact, strict=True)]
    fewer = min(exact, columns, key=len)  # the transpose stretches by as much
    gram = [[_inner(one, other) for other in fewer] for one in fewer]
    trace = sum((row[place] for place, row in enumerate(gram)), Fraction(0))
    if trace == 0:
        return rows[0][0] * 0
    is_float = isinstance(rows[0][0], float)
    scale = _SCALE_FOR_FLOATS if is_float else _SCALE
    weights = _polynomial(gram, scale)
    low, high = 0, int(trace * scale) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _is_above(weights, middle) else (middle, high)
    square = Fraction(high, scale)
    return float(square) ** 0.5 if is_float else widened(sqrt(square), _BITS)


def _inner(one: list[Fraction], other: list[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def _polynomial(gram: list[list[Fraction]], scale: int) -> list[int]:
    """det(t - gram) with whole weights, the highest power first, for t times the scale (Faddeev, Leverrier)."""
    size = len(gram)
    weights, power = [Fraction(1)], [[Fraction(0)] * size for _ in range(size)]
    for step in range(1, size + 1):
        shifted = [[power[a][b] + (weights[-1] if a == b else 0) for b in range(size)] for a in range(size)]
        power = [[_inner(row, [other[b] for other in shifted]) for b in range(size)] for row in gram]
        weights.append(-sum((power[a][a] for a in range(size)), Fraction(0)) / step)
    common = lcm(*(weight.denominator for weight in weights))
    return [int(weight * common) * scale**place for place, weight in enumerate(weights)]


def _is_above(weights: list[int], t: int) -> bool:
    """Whether the polynomial and all its derivatives are positive at t: by dividing by x - t again and again."""
    work = list(weights)
    while len(work) > 1:
        for place in range(1, len(work)):
            work[place] += t * work[place - 1]
        if work.pop() <= 0:
            return False
    return True

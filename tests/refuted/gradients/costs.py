"""Wrong counts of multiplications: a size is lost or stands for another one, a product is counted once too often."""

from __future__ import annotations

from sympy import Expr

from derive.constructs.accumulation_costs import SIGN
from derive.constructs.composed_maps import ell, m, n, o

_FORWARD, _BACKWARD = "accumulation_costs.forward", "accumulation_costs.backward"
_DIFFERENCE, _ALL = "accumulation_costs.difference", ell * m * n * o
WRONG: list[tuple[str, str, Expr]] = [
    (_FORWARD, "the other order", o * m * n + o * m * ell),
    (_FORWARD, "one product alone", n * m * ell),
    (_FORWARD, "all sizes at once", _ALL),
    (_FORWARD, "entries for multiplications", n * ell + o * ell),
    (_FORWARD, "m for n", n * m * ell + o * m * ell),
    (_FORWARD, "additions as well", 2 * (n * m * ell + o * n * ell)),
    (_FORWARD, "additions instead", n * (m - 1) * ell + o * (n - 1) * ell),
    (_FORWARD, "a product too many", n * m * ell + o * n * ell + o * m * ell),
    (_BACKWARD, "the other order", n * m * ell + o * n * ell),
    (_BACKWARD, "one product alone", o * n * m),
    (_BACKWARD, "entries for multiplications", o * m + o * ell),
    (_BACKWARD, "n for m", o * n * m + o * n * ell),
    (_BACKWARD, "additions instead", o * (n - 1) * m + o * (m - 1) * ell),
    (_DIFFERENCE, "turned round", -_ALL * SIGN),
    (_DIFFERENCE, "not multiplied", SIGN),
    (_DIFFERENCE, "sizes for their inverses", _ALL * (o + m - ell - n)),
    (_DIFFERENCE, "pairs mixed", _ALL * (1 / o + 1 / n - 1 / ell - 1 / m)),
    (_DIFFERENCE, "ends alone", _ALL * (1 / o - 1 / ell)),
]

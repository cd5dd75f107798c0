"""Wrong derivatives of a function of one number: a factor of the chain rule is lost, or a rule is misremembered."""

from __future__ import annotations

from sympy import Expr, cos, sin, sqrt

from derive.constructs.root_and_sine import RATE, c, x, y

_INNER, _OUTER, _EDGE = "root_and_sine.inner", "root_and_sine.derivative", "root_and_sine.edge"
_x, _y = x[()], y[()]
WRONG: list[tuple[str, str, Expr]] = [
    (_INNER, "the logarithm's inner derivative lost", 3 * _x**2 + 1 / (1 + _x**3)),
    (_INNER, "the cube alone", 3 * _x**2),
    (_INNER, "the logarithm alone", 3 * _x**2 / (1 + _x**3)),
    (_INNER, "the constant kept", RATE + c),
    (_INNER, "not over one denominator", 3 * _x**2 * (_x**3 + 1) / (1 + _x**3)),
    (_INNER, "power rule without its factor", _x**2 * (_x**3 + 2) / (1 + _x**3)),
    (_INNER, "the argument for its derivative", (2 + _x**3) / (1 + _x**3)),
    (_INNER, "minus", -RATE),
    (_OUTER, "the inner derivative lost", 1 / (2 * sqrt(_y)) + cos(_y)),
    (_OUTER, "the root alone", RATE / (2 * sqrt(_y))),
    (_OUTER, "the sine alone", cos(_y) * RATE),
    (_OUTER, "minus the cosine", (1 / (2 * sqrt(_y)) - cos(_y)) * RATE),
    (_OUTER, "one half lost", (1 / sqrt(_y) + cos(_y)) * RATE),
    (_OUTER, "the root above", (sqrt(_y) / 2 + cos(_y)) * RATE),
    (_OUTER, "taken at x", (1 / (2 * sqrt(_y)) + cos(_x)) * RATE),
    (_OUTER, "the sine kept", (1 / (2 * sqrt(_y)) + sin(_y)) * RATE),
    (_EDGE, "twice the constant", 2 * c),
    (_EDGE, "the constant", c),
]

"""Wrong gradients: each module has a list WRONG of (claim, slip, wrong right side)."""

from __future__ import annotations

from sympy import Expr

from derive.language import IndexSum


def sums(body: Expr, *levels: tuple[object, ...]) -> Expr:
    """Sums over the levels (index, low, high), the first outermost."""
    for index, low, high in reversed(levels):
        body = IndexSum(body, index, low, high)
    return body

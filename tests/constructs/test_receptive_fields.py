"""Bounds on what a pooling gains: the ones that are proved hold, sharper ones do not; numbers by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Expr, Integer, Rational

from derive import show
from derive.constructs.receptive_pooling import K, Kp, M, Sp
from derive.constructs.registry import claim
from derive.constructs.stacks import L
from derive.language.points import evaluate
from derive.numeric.spotcheck import spot_check

TOO_SHARP: list[tuple[str, str, str, Expr]] = [
    ("after_upper", "<=", "the limit is a bound", Sp),
    ("after_upper", "<=", "the square of the number of layers", Sp + Kp / M**2),
    ("after_upper", "<=", "layers before for layers behind", Sp + Kp / (L + M) ** 2),
    ("after_lower", ">=", "the limit is a bound", Sp),
    ("after_lower", ">=", "layers before cost nothing", Sp - Sp / M),
    ("before_upper", "<=", "the limit is a bound", Integer(1)),
    ("before_upper", "<=", "the pooling by itself", 1 + (Kp - 1) / L),
    ("before_upper", "<=", "a gain that does not shrink", 1 + (Kp - 1 + M * (K - 1) * (Sp - 1)) / (L + M) ** 2),
    ("before_lower", ">=", "more than nothing", 1 + Rational(1, 100)),
    ("before_lower", ">=", "the stride", Sp),
]


@pytest.mark.parametrize(
    ("name", "relation", "slip", "bound"), TOO_SHARP, ids=[f"{n}: {s}" for n, _, s, _ in TOO_SHARP]
)
def test_sharper_bounds_are_refuted(name: str, relation: str, slip: str, bound: Expr) -> None:
    """At a point at which both sides are told, while the bound that is proved holds there and everywhere else."""
    one = claim(f"receptive_pooling_gain.{name}")[1]
    proved = one.derive()
    assert proved.relation == relation
    found = spot_check(one, bound, 60, 5, backends=(), relation=relation)
    assert found.mismatch is not None
    point = {s: Fraction(dict(found.mismatch.point)[s.name]) for s in one.context.symbols}
    ratio, most = Fraction(found.mismatch.expected), evaluate(proved.right, point)
    assert ratio <= most if relation == "<=" else ratio >= most


BY_HAND = [
    ("receptive_equal_layers.plain", {"L": 3, "K": 3}, 7),
    ("receptive_equal_layers.doubling", {"L": 4, "K": 2}, 16),
    ("receptive_pooling.size", {"L": 2, "M": 0, "K": 3, "K_p": 2, "S_p": 2}, 6),
    ("receptive_pooling.size", {"L": 2, "M": 2, "K": 3, "K_p": 2, "S_p": 2}, 14),
    ("receptive_pooling.size", {"L": 0, "M": 0, "K": 3, "K_p": 2, "S_p": 2}, 2),
    ("receptive_boxes.image", {"L": 3, "K_h": 3, "K_w": 3}, 49),
    ("receptive_boxes.cube", {"L": 2, "d": 3, "k": 3}, 125),
    ("receptive_depth.axis", {"L": 13, "K": 3, "N": 28}, 0),
    ("receptive_depth.axis", {"L": 14, "K": 3, "N": 28}, 1),
    ("receptive_depth.image", {"L": 14, "K": 3, "H": 20, "W": 28}, 1),
]


@pytest.mark.parametrize(("path", "values", "expected"), BY_HAND)
def test_numbers_by_hand(path: str, values: dict[str, int], expected: int) -> None:
    """Numbers of problem sheets and of papers: three layers of 3 x 3 see 7 x 7 pixels."""
    one = claim(path)[1]
    point = {s: Fraction(values[s.name]) for s in one.context.symbols}
    assert evaluate(one.derive().right, point) == expected == one.oracle(**values)


def test_a_given_stack_is_written_out() -> None:
    """The sum over the layers and the products of the strides, with the numbers of the lists."""
    answer = show("receptive_stack.size", K=[3, 2, 3], S=[1, 2, 1], D=[1, 1, 2], write_out={})
    text = str(answer)
    assert "1 + (3 - 1)\u00b71 + (2 - 1)\u00b71\u00b71 + (3 - 1)\u00b72\u00b71\u00b72" in text and "R_3 = 12" in text

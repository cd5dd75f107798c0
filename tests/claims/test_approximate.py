"""Values that are told by some digits: rounded, cut off with dots, and neither."""

from __future__ import annotations

import pytest

from derive.claims.judging import judge
from derive.claims.stated import Claim


@pytest.mark.parametrize(
    ("left", "relation", "right", "verdict"),
    [
        (r"\sqrt{3}", "approx", "1.7321", "proved"),
        (r"\sqrt{3}", "approx", "1.7322", "refuted"),
        (r"\sqrt{3}", "approx", "1.7319", "refuted"),
        (r"\sqrt{3}", "approx", "1.7320", "undecided"),  # cut off, which is said
        (r"\frac{2}{3}", "approx", "0.66", "undecided"),
        (r"\frac12", "approx", "0.49", "refuted"),  # the next digit is no digit of it
        (r"-\frac{2}{3}", "approx", "-0.66", "undecided"),
        (r"-\frac{2}{3}", "approx", "-0.68", "refuted"),
        (r"\sqrt{2}", "=", r"1.4142\ldots", "proved"),
        (r"\sqrt{2}", "=", r"1.4143\ldots", "refuted"),
        (r"\sqrt{2}", "=", r"1.4141\dots", "refuted"),
        (r"\sqrt{3}", "=", r"1.7320...", "proved"),
        (r"\sqrt{3}", "=", r"1.7321...", "refuted"),  # rounded, and then no dots follow
        (r"1.4142\ldots", "=", r"\sqrt{2}", "proved"),
        (r"-\sqrt{2}", "=", r"-1.4142\ldots", "proved"),
        (r"-\sqrt{2}", "=", r"-1.4143\ldots", "refuted"),
        (r"\frac{2}{3}", "approx", r"0.666\ldots", "proved"),
        (r"\frac{2}{3}", "approx", r"0.667\ldots", "refuted"),
        ("0.5", "=", r"0.49\ldots", "refuted"),
        ("0.5", "=", r"0.50\ldots", "proved"),
        (r"\sqrt{2}", "<", r"1.4142\ldots", "undecided"),
        (r"1.4142\ldots", "=", r"1.4142\ldots", "undecided"),
    ],
)
def test_digits(left: str, relation: str, right: str, verdict: str) -> None:
    """Dots after digits say that they go on so; without dots the last digit is rounded, and what is cut off is told."""
    found = judge(Claim("digits", left=(left,), right=(right,), relation=relation), 5, explain=False)
    assert found.verdict == verdict, found
    if relation == "approx" and verdict == "undecided":
        assert "cut off, not rounded" in found.by

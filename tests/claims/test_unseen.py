"""What points cannot show is not called sampled, and what they can is."""

from __future__ import annotations

import pytest

from derive.claims.judging import judge
from tests.claims.test_referee import claim


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (("x:real; y:real", r"[3x > 5y + \frac17] = [3x \ge 5y + \frac17]"), "refuted"),  # where the sides meet
        (("x:real", r"[x^2 > 2] = [x^2 \ge 2]"), "undecided"),
        (("n:integer; m:integer", r"7n = 11m \implies n = 0"), "refuted"),
        (("a:real", "(a^2-2)^2 > 0"), "undecided"),
        (("a:real", r"a^2 \ne 2"), "undecided"),
        (("x:real", r"e^{-x^2} > 0"), "proved"),
        (("n:size; A:matrix[n,n]; x:vector[n]", r"A x = 0 \implies x = 0"), "refuted"),
        (("n:size; x:array[n] of nonnegative", r"\sum_i x_i \le 15 \max_i x_i"), "refuted"),
        (("n:size; X:random array[n], signs", r"\operatorname{Var}(\sum_i X_i) = n"), "refuted"),
        (("L:integer; A:size", r"2L \bmod 2A = 2(L \bmod A)"), "proved"),
        (("n:size; A:matrix[n,n]; x:vector[n]; y:vector[n]", r"x \odot A y = \operatorname{diag}(x) A y"), "proved"),
        (("n:integer", r"(-1)^{\lfloor n/2 \rfloor} = (-1)^{n(n-1)/2}"), "sampled"),
        (("x:real", r"\frac{d}{dx} |x| = \operatorname{sign}(x)"), "refuted"),
        (("x:real", r"\frac{d}{dx} x|x| = 2|x|"), "sampled"),
    ],
    ids=lambda part: part[1] if isinstance(part, tuple) else part,
)
def test_what_points_show(row: tuple[str, ...], verdict: str) -> None:
    """Each has the verdict that was worked out by hand."""
    assert judge(claim(row), 6, explain=False).verdict == verdict


def test_a_statement_is_judged_in_its_time() -> None:
    """Places are chosen within the time, also where hypotheses contradict each other."""
    row = ("n:size; A:matrix[n,n]", r"A A^\top = I", r"A^\top A = I", r"\det A = 2")
    found = judge(claim(row), 2, explain=False)
    assert found.verdict == "undecided" and found.seconds < 20

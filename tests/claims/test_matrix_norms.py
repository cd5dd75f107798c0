"""What holds of norms of sums, products, transposes and rotated matrices is proved; what is near it is refuted."""

from __future__ import annotations

import pytest

from derive.claims.judging import judge
from tests.claims.test_referee import claim

D = (
    "n:size; m:size; p:size; A:matrix[m,n]; B:matrix[n,p]; C:matrix[m,n]; c:real; U:matrix[m,m]; V:matrix[n,p]; "
    "G:matrix[m,p]"
)
ROTATION, TALL = r"U^\top U = I", r"V^\top V = I"

TRUE = (
    (r"\|A^\top\|_2 = \|A\|_2",),
    (r"\|-A\|_2 = \|A\|_2",),
    (r"\|cA\|_2 = |c|\,\|A\|_2",),
    (r"\|A+C\|_2 \le \|A\|_2 + \|C\|_2",),
    (r"\|A-2C\|_2 \le \|A\|_2 + 2\|C\|_2",),
    (r"\|AB\|_2 \le \|A\|_2 \|B\|_2",),
    (r"\|AB\|_F \le \|A\|_2 \|B\|_F",),
    (r"\|B^\top A^\top\|_2 \le \|A\|_2 \|B\|_2",),
    (r"\|C A^\top A\|_2 \le \|A\|_2^2 \|C\|_2",),
    (r"\|A^\top A\|_2 = \|A\|_2^2",),
    (r"\|A A^\top\|_2 = \|A\|_2^2",),
    (r"\|UA\|_2 = \|A\|_2", ROTATION),
    (r"\|U^\top A\|_2 = \|A\|_2", ROTATION),
    (r"\|A^\top U\|_2 = \|A\|_2", ROTATION),
    (r"\|V G^\top\|_2 = \|G\|_2", TALL),
)
FALSE = (
    (r"\|cA\|_2 = c\,\|A\|_2",),
    (r"\|A+C\|_2 = \|A\|_2 + \|C\|_2",),
    (r"\|A-2C\|_2 \le \|A\|_2 - 2\|C\|_2",),
    (r"\|AB\|_2 = \|A\|_2 \|B\|_2",),
    (r"\|AB\|_2 \ge \|A\|_2 \|B\|_2",),
    (r"\|AB\|_F \le \|A\|_2 \|B\|_2",),
    (r"\|A^\top A\|_2 = \|A\|_2",),
    (r"\|A^\top C\|_2 = \|A\|_2 \|C\|_2",),
    (r"\|UA\|_2 = \|A\|_2",),
    (r"\|AV\|_2 = \|A\|_2", TALL),
)


@pytest.mark.parametrize("row", TRUE, ids=lambda row: row[0])
def test_what_holds_is_proved(row):
    """By a law, for all sizes."""
    found = judge(claim((D, *row)), explain=False)
    assert found.verdict == "proved", found


@pytest.mark.parametrize("row", FALSE, ids=lambda row: row[0])
def test_what_is_near_it_is_refuted(row):
    """With matrices for which it fails."""
    found = judge(claim((D, *row)), explain=False)
    assert found.verdict == "refuted", found

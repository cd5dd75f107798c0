"""A statement that could be looked at in a few places only, for want of time, is not called sampled."""

from __future__ import annotations

import time

import pytest

from derive.claims.deciding import decide
from derive.claims.judging import judge
from derive.claims.stated import Claim

MUON = Claim(
    "muon",
    symbols=(
        ("d_o", "size"), ("d_i", "size"), ("R", "size"), ("c", "real"), ("theta", "real"), ("U", "array[d_o, R]"),
        ("V", "array[d_i, R]"), ("A", "matrix[d_o, d_i]"),
    ),
    where=(
        "c \\ne 0", "\\theta \\ge 0", "R \\le d_o", "R \\le d_i",
        "\\forall 1 \\le p \\le R, 1 \\le q \\le R: \\sum_{k=1}^{d_o} U_{kp} U_{kq} = [p = q]",
        "\\forall 1 \\le p \\le R, 1 \\le q \\le R: \\sum_{k=1}^{d_i} V_{kp} V_{kq} = [p = q]",
    ),
    let=("A_{ji} = \\sum_{l=1}^{R} \\frac{\\theta \\sqrt{d_o}}{\\sqrt{d_i} |c|} U_{jl} V_{il}",),
    left=("\\| A \\|_2",),
    right=("\\frac{\\theta \\sqrt{d_i} \\sqrt{d_o}}{|c|}",),
)  # fmt: skip
"""Right for d_i = 1 alone, and the smallest points, which are looked at first, have d_i = 1."""


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.5, 1.0, 10.0])
def test_few_points_are_no_sample(seconds):
    """However little time there is, a false statement is refuted or undecided."""
    assert judge(MUON, seconds, explain=False).verdict in ("refuted", "undecided")


def test_a_look_that_is_cut_short_says_so(monkeypatch):
    """When the clock runs out after two points, the answer is undecided and names the time."""
    from derive.claims import deciding
    from derive.claims.statements import Statement
    from derive.language import Context, declare

    x = declare("x", "real")

    def two(statement, places, until, seen=None):
        seen = seen or deciding.Looked()
        seen.held, seen.cut = 2, True
        return seen

    monkeypatch.setattr(deciding, "look", two)
    start = time.monotonic()
    found = decide(Statement(Context((x,)), x.symbol, "=", 2 * x.symbol), 2)
    assert (found.verdict, found.by) == ("undecided", ("time: only 2 points could be looked at",))
    assert time.monotonic() - start < 10


def test_a_look_that_finds_no_place_in_time_is_cut_short():
    """Places that end since time is up are not all that there are; those that end by themselves are."""
    from derive.claims.clock import now
    from derive.claims.refuting import look
    from derive.claims.statements import Statement
    from derive.language import Context, declare

    x = declare("x", "real")
    statement = Statement(Context((x,)), x.symbol, "=", x.symbol)
    assert look(statement, iter(()), now() - 1).cut
    assert not look(statement, iter(()), now() + 60).cut

"""The order of terms from one line of a chain to the next."""

from __future__ import annotations

from types import ModuleType

import pytest
from sympy import Add, Expr

from derive.errors import RenderError
from derive.language import IndexSum, integer, real, signal
from derive.render import html, latex, markdown, text
from derive.render.document import Aligned, Line
from derive.render.lines import as_written, in_place, usual

a, b, k, n = real("a"), real("b"), integer("k"), integer("n")
X, Y = signal("x"), signal("y")
SUM, LONGER = IndexSum(k, k, 0, n), IndexSum(k, k, 0, n + 1)
SHOWN = [
    ((a * Y[n], X[n + 1]), a * SUM + X[n + 1], False, (a * SUM, X[n + 1])),
    ((SUM, X[n + 1]), LONGER, False, (LONGER,)),
    ((LONGER,), SUM + n + 1, True, (SUM, n + 1)),
    ((SUM, n + 1), n * (n + 1) / 2 + n + 1, False, (n * (n + 1) / 2, n + 1)),
    ((b, LONGER, -a), b + SUM + n + 1 - a, True, (b, SUM, n + 1, -a)),
    ((SUM, n + 1), n + 1, False, (n, 1)),
    ((SUM, a), a - b, False, (a, -b)),
    ((SUM, a), a + b + n, False, (b, n, a)),
    ((Y[n],), X[n + 1] + a * Y[n - 1], False, (a * Y[n - 1], X[n + 1])),
    ((a, b), a + b + n, False, (a, b, n)),
    ((SUM,), n - a, False, (n, -a)),
]


@pytest.mark.parametrize(("before", "after", "sum_first", "written"), SHOWN)
def test_what_is_left_alone_keeps_its_place(
    before: tuple[Expr, ...], after: Expr, sum_first: bool, written: tuple[Expr, ...]
) -> None:
    """A replaced term stands where the old one stood; brackets stay until something in them changes."""
    assert in_place(before, after, sum_first) == written
    assert Add(*written) == after


def test_the_usual_order_is_that_of_a_line_alone() -> None:
    """A line that begins a chain is written as if nothing stood above it."""
    for _, after, _, _ in SHOWN:
        assert in_place((Y[2],), after) == usual(after)


@pytest.mark.parametrize(
    ("writer", "kept", "moved"),
    [
        (latex, r"{=\sum_{k=0}^nk+(n+1)}", r"{=n+1+\sum_{k=0}^nk}"),
        (markdown, r"=\sum_{k=0}^nk+(n+1)$", r"=n+1+\sum_{k=0}^nk$"),
        (html, '(</mo><mi>n</mi><mo>+</mo><mn>1</mn><mo stretchy="false">)</mo></math>', "<mi>k</mi></math>"),
        (text, "= Σ_{k=0..n} k + (n + 1)\n", "= n + 1 + Σ_{k=0..n} k\n"),
    ],
)
def test_a_line_is_written_in_the_order_that_it_asks_for(writer: ModuleType, kept: str, moved: str) -> None:
    """In each format, a sum among the summands in brackets; without the wish the usual order holds."""
    shown = writer.blocks((Aligned((Line("=", SUM + n + 1, (), a, (SUM, n + 1)),)),))
    usually = writer.blocks((Aligned((Line("=", SUM + n + 1, (), a),)),))
    assert kept in shown and kept not in usually
    assert moved in usually and moved not in shown


@pytest.mark.parametrize("writer", [latex, html, markdown, text])
def test_summands_that_are_not_the_term_are_refused(writer: ModuleType) -> None:
    """Another order never says another thing."""
    line = Line("=", SUM + n + 1, (), a, (SUM, n))
    with pytest.raises(RenderError, match="add up"):
        writer.blocks((Aligned((line,)),))
    with pytest.raises(RenderError, match="add up"):
        as_written(n, (n, a))

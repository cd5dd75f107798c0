"""HTML on narrow pages: nothing of a left side is cut, equivalences may break, signs stay with their formula."""

from __future__ import annotations

import re

from sympy import Integer

from derive.language import eq, integer, le
from derive.render import html, pages
from derive.render.document import Aligned, Equation, Latex, Line, Paragraph, Result

n, k = integer("n"), integer("k")


def chain_class(left: object) -> str:
    """The class of a chain that begins with that left side."""
    found = re.search(r'<div class="chain([^"]*)">', html.blocks((Aligned((Line("=", Integer(0), (), left),)),)))  # type: ignore[arg-type]
    assert found
    return found[1]


def test_long_left_sides_get_a_line_of_their_own() -> None:
    """A short one stands beside the chain; a longer one does not on a narrow page, a very long one on none."""
    long = (n + k + 1) * (n + k + 2) * (n + k + 3)
    assert [chain_class(left) for left in (n, long, long**2 + long + n**3 * k)] == ["", " narrow", " apart"]
    assert html.blocks((Aligned((Line("<=>", long**2 + long * (n + k + 4), (), long),)),)).count("chain apart") == 1
    style = (pages.template_folder() / "html" / "style.css").read_text()
    assert ".apart > .left" in style and ".narrow > .left" in style[style.index("@media screen") :]


def test_an_equivalence_may_break_at_its_sign() -> None:
    """The answer is two formulas with a place to break between them; an equality is one."""
    page = html.blocks((Result(eq(n, 1), "<=>", le(n, 1), ()),))
    assert page.count("<math") == 2 and "&#8203;" in page and "white-space: normal" in page
    assert html.blocks((Result(n, "=", k, ()),)).count("<math") == 1


def test_closing_signs_stay_with_their_formula() -> None:
    """A full stop, a comma or a bracket is never alone at the beginning of a line; a word may be."""
    page = html.blocks((Paragraph(("Find ", Latex("J_L"), ". Is ", n, "), or ", Equation(n, "=", k), " so?")),))
    kept = re.findall(r'<span class="kept"><math>.*?</math>([^<]*)</span>', page)
    assert kept == [".", "),"] and ">. " not in page and "</math> so?" in page

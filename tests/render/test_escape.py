"""Words reach each format as words."""

from __future__ import annotations

import html.parser
import string

import pytest

from derive.errors import CannotPrint
from derive.render import escape


def test_latex_escapes_each_character_once() -> None:
    """No character of the table is escaped again by a later one."""
    assert escape.latex(r"\{}") == r"\textbackslash{}\{\}"
    assert escape.latex("a~b^c") == r"a\textasciitilde{}b\textasciicircum{}c"
    assert escape.latex('50% of $5 & #1_a <"q">') == (
        r"50\% of \$5 \& \#1\_a \textless{}\textquotedbl{}q\textquotedbl{}\textgreater{}"
    )
    assert escape.latex("σ ≤ ∞") == r"\ensuremath{\sigma} \ensuremath{\le} \ensuremath{\infty}"


def test_no_ascii_character_is_left_active_in_latex() -> None:
    """What is special to TeX comes out as a command or with a backslash before it."""
    for sign in string.printable.strip():
        written = escape.latex(sign)
        assert (written == sign) == (sign not in "\\{}$%&#_^~<>|\"`"), sign


def test_html_text_and_attributes_read_back_as_they_were() -> None:
    """A parser gets every printable character back, between tags and inside an attribute."""
    got: list[str] = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            got.append(str(dict(attrs)["title"]))

        def handle_data(self, data: str) -> None:
            got.append(data)

    text = " " + string.printable.strip()
    Reader().feed(f'<p title="{escape.html(text)}">{escape.html(text)}</p>')
    assert got == [text, text]


def test_markdown_shows_its_own_marks() -> None:
    """Marks that would start emphasis, code, links, tables or mathematics are escaped."""
    assert escape.markdown("*a* _b_ `c` [d](e) | $f$ <g> ~h~ #i \\") == (
        r"\*a\* \_b\_ \`c\` \[d\](e) \| \$f\$ &lt;g&gt; \~h\~ \#i \\"
    )


@pytest.mark.parametrize("write", [escape.latex, escape.html, escape.markdown, escape.terminal])
@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x07", "\x9b", "\x7f"])
def test_control_characters_are_refused(write: object, sign: str) -> None:
    """They can move a terminal's cursor and end a TeX file."""
    with pytest.raises(CannotPrint, match=f"{ord(sign):04X}"):
        write(f"a{sign}b")  # type: ignore[operator]


def test_a_letter_that_the_sheet_has_no_font_for_is_named() -> None:
    """LaTeX would stop at it with a message about inputenc."""
    with pytest.raises(CannotPrint, match="U\\+6F22"):
        escape.latex("漢")

"""Templates of the user: a block or a file of theirs wins, everything else stays ours; saved files are built again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from derive.cli_build import watch
from derive.errors import BadInput, RenderError, SheetError
from derive.render import html, latex, markdown
from derive.sheets.build import build
from derive.sheets.own_templates import checked_templates, templates_hash

SHEET = """title = "A sheet"
[[problem]]
title = "A problem"
[[problem.part]]
claim = "time_shift.response"
"""


@pytest.fixture
def own(tmp_path):
    """Writes files of a folder of templates."""

    def write(**files: str):
        folder = tmp_path / "own"
        for name, text in files.items():
            form, _, file = name.partition("__")
            path = folder / form / file.replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write


def test_a_block_of_theirs_wins_and_the_rest_is_ours(own, pulse):
    """The heading alone is another one, in each format; all after it is the same, byte for byte."""
    folder = own(
        latex__sheet_tex='<% extends "ours/sheet.tex" %><% block heading %>\nSCHOOL << document.name >><% endblock %>',
        html__sheet_html='{% extends "ours/sheet.html" %}{% block heading %}<h1>SCHOOL</h1>\n{% endblock %}',
        markdown__sheet_md='{% extends "ours/sheet.md" %}{% block heading %}\n# SCHOOL\n\n{% endblock %}',
    )
    begins = {latex: r"\addvspace{8pt}\textbf{Problem", html: '<section class="problem">', markdown: "## "}
    for room, start in begins.items():
        plain, theirs = room.write(pulse), room.write(pulse, folder)
        assert "SCHOOL" in theirs and "SCHOOL" not in plain
        assert theirs[theirs.index(start) :] == plain[plain.index(start) :] and theirs != plain


def test_macros_and_styles_come_after_ours(own, pulse):
    """A macro of the teacher can change one of ours; colours of the page too."""
    folder = own(latex__macros_tex="\\renewcommand{\\answer}[1]{MINE}\n", html__style_css="h1 { color: navy }\n")
    tex, page = latex.write(pulse, folder), html.write(pulse, folder)
    assert tex.index(r"\newcommand{\answer}") < tex.index(r"\renewcommand{\answer}[1]{MINE}") < tex.index("{document}")
    assert page.index("--ink") < page.index("color: navy") < page.index("</style>")
    assert markdown.write(pulse, folder) == markdown.write(pulse)


def test_a_file_of_theirs_wins(own, pulse):
    """Blocks of theirs are taken by our sheet as well."""
    each, runin = "{% macro each(blocks) %}EACH{% endmacro %}", "{% macro runin(blocks) %}RUN{% endmacro %}"
    folder = own(markdown__blocks_md=each + runin)
    assert markdown.write(pulse, folder).count("EACH") >= 4


def test_a_title_that_is_a_question_gets_no_full_stop(pulse):
    """`Why?` stays as it is; other titles end with a full stop."""
    (problem,) = pulse.problems
    asked = replace(problem, title="Why?", parts=(replace(problem.parts[0], title="How much!"), problem.parts[1]))
    page = latex.write(replace(pulse, problems=(asked,)))
    assert " Why?}" in page and "How much!}" in page and "A pulse of seven samples.}" in page


def test_mistakes_in_templates_are_told(own, pulse, tmp_path):
    """A folder that is not there or overrides nothing, a misspelt file, a name that nobody gave, a broken block."""
    with pytest.raises(BadInput, match="there is no folder"):
        checked_templates(tmp_path / "nowhere")
    (tmp_path / "odd" / "latx").mkdir(parents=True)
    with pytest.raises(BadInput, match=r"has none of latex, html, markdown.*latx, and did you mean 'latex'\?"):
        checked_templates(tmp_path / "odd")
    (tmp_path / "odd" / "html").mkdir()
    (tmp_path / "odd" / "html" / "shet.html").write_text("")
    with pytest.raises(BadInput, match=r"shet\.html has the name of no template; did you mean 'sheet\.html'\?"):
        checked_templates(tmp_path / "odd")
    with pytest.raises(RenderError, match=r"template .*sheet\.html, line 1: .*titel"):
        html.write(pulse, own(html__sheet_html="{{ document.titel }}"))
    with pytest.raises(RenderError, match=r"template .*sheet\.md, line 1: "):
        markdown.write(pulse, own(markdown__sheet_md="{% block %}"))


def test_another_template_of_theirs_makes_the_pages_anew(own, tmp_path):
    """The folder is part of the name under which pages are known."""
    sheet, out, cache = tmp_path / "one.toml", tmp_path / "out", tmp_path / "kept"
    sheet.write_text(SHEET, encoding="utf-8")
    build([sheet], out, ("html",), cache=cache)
    plain = (out / "one.html").read_text()
    folder = own(html__style_css="h1 { color: navy }\n")
    said = templates_hash(folder)
    for colour in ("navy", "teal"):
        folder = own(html__style_css=f"h1 {{ color: {colour} }}\n")
        assert len(build([sheet], out, ("html",), cache=cache, templates=folder).files) == 1
        assert f"color: {colour}" in (out / "one.html").read_text()
        assert build([sheet], out, ("html",), cache=cache, templates=folder).files == ()
    assert templates_hash(folder) != said
    build([sheet], out, ("html",), cache=cache)
    assert (out / "one.html").read_text() == plain


def test_watching_builds_again_and_waits_on_mistakes(capsys):
    """Made once for each change; a mistake is told and does not end it; Ctrl-C does."""
    made: list[int] = []
    states = iter([1, 1, 1, 2, 2, 2, 3, 3])

    def make() -> None:
        made.append(len(made))
        if len(made) == 2:
            raise SheetError("a part has no key 'clam'", "s.toml", 4)

    def stamps() -> int:
        try:
            return next(states)
        except StopIteration:
            raise KeyboardInterrupt from None

    assert watch(make, stamps, pause=0) == 0
    assert made == [0, 1, 2] or made == [0, 1]
    assert "s.toml, line 4: a part has no key 'clam'" in capsys.readouterr().err


def test_derive_build_watch_as_a_user_runs_it(tmp_path):
    """Saved, it is built; saved with a mistake, that is told; mended, it is built again; Ctrl-C ends it with 0."""
    sheet, page = tmp_path / "one.toml", tmp_path / "out" / "one.md"
    sheet.write_text(SHEET, encoding="utf-8")
    command = [sys.executable, "-m", "derive", "build", str(sheet), "-o", str(tmp_path / "out"), "--format", "md"]
    with (tmp_path / "said").open("w") as said:
        running = subprocess.Popen([*command, "--cache", str(tmp_path / "kept"), "--watch"], stderr=said)
        try:
            wait_for(lambda: page.exists() and "waiting" in (tmp_path / "said").read_text())
            sheet.write_text(SHEET.replace("claim", "clam"), encoding="utf-8")
            wait_for(lambda: "line 5: a part has no key 'clam'" in (tmp_path / "said").read_text())
            assert "A problem" in page.read_text()
            sheet.write_text(SHEET.replace("A problem", "Another one"), encoding="utf-8")
            wait_for(lambda: "Another one" in page.read_text())
            os.kill(running.pid, signal.SIGINT)
            assert running.wait(20) == 0
        finally:
            running.kill()


def wait_for(condition) -> None:
    """Until it holds, a minute at most."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)

"""A program as a part of a sheet: read from the file, printed in every format, hostile text escaped."""

from __future__ import annotations

import re
import shutil

import pytest

from derive.claims.programs.reading import read
from derive.errors import BadInput, CannotPrint, SheetError
from derive.render import html, latex, markdown, text
from derive.render.document import Listing
from derive.sheets.build import build
from derive.sheets.compose import compose
from derive.sheets.programs import blocks, compared_with, document
from derive.sheets.reader import read_sheet

HEAD = 'title = "A sheet"\n[[problem]]\ntitle = "A problem"\n[[problem.part]]\n'
STEP = """program = '''
def step(w, g, eta):
    loss = np.sum(w * g)
    w = w - eta * g
    print("loss", loss)
    return w
'''
shapes = { w = "(n)", g = "(n)", eta = "()" }
"""
REVERSE = """program = '''
def reverse(x):
    u1 = f(x)
    u2 = g(u1)
    y = h(u2)
    J = J_h(u2) @ J_g(u1)
    J = J @ J_f(x)
    return y, J
'''
shapes = { x = "(ell)", f = "(ell) -> (m)", g = "(m) -> (n)", h = "(n) -> (o)" }
claim  = "composed_maps.jacobian"
"""


@pytest.fixture
def sheet(tmp_path):
    """Writes a sheet file and reads it."""

    def made(*parts: str):
        path = tmp_path / "sheet.toml"
        path.write_text(HEAD + "[[problem.part]]\n".join(parts), encoding="utf-8")
        return read_sheet(path)

    return made


def test_a_part_with_a_program(sheet):
    """Its listing in the question, formulas and findings below, its check at the foot."""
    page = compose(sheet(STEP))
    (part,) = page.problems[0].parts
    assert part.title == "step"
    assert isinstance(part.question[-1], Listing)
    assert len(part.question[-1].lines) == 5
    said = text.write(page)
    assert "1  def step(w, g, eta):" in said
    assert "w' = w - η g" in said
    assert "Stale value. loss is worked out on line 2 from w, which gets a new value on line 3; line 4" in said
    assert page.checks[0].known == "read"
    assert dict(page.checks[0].counts)["runs"] == 12


def test_programs_and_claims_on_one_page(sheet):
    """Both have their rows in the table of checks, and what is said below speaks of both."""
    page = compose(sheet(STEP, 'claim = "time_shift.response"\n', REVERSE))
    assert [note.known for note in page.checks] == ["read", "proved", "read"]
    assert any("run line by line" in str(words) for words in page.remarks)
    for write in (text.write, latex.write, markdown.write, html.write):
        assert "reverse" in write(page)
    said = re.sub(r"\s+", " ", text.write(page))
    assert "are each called exactly once" in said
    assert "for all sizes they are the same where both have a value" in said


def test_a_claim_that_is_not_the_result(sheet):
    """A factor too much: the page says where they differ."""
    page = compose(sheet(REVERSE.replace("J = J @", "J = 2 * J @")))
    assert "they differ; one is " in text.write(page)


@pytest.mark.parametrize(
    ("part", "line", "piece"),
    [
        (STEP.replace("np.sum(w * g)", "np.summ(w)"), 7, "line 2, column 12: only functions of np"),
        (STEP.replace("eta * g", "eta @ g"), 8, "joins vectors"),
        (STEP.replace('g = "(n)", ', ""), 12, "shape of the parameter g"),
        (STEP.replace("shapes", "shape"), 12, "no key 'shape'; did you mean 'shapes'"),
        (STEP.replace('"(n)"', "3"), 12, "must be a shape in quotes"),
        (STEP + 'input = "z"\n', 12, "no parameter 'z'"),
        (STEP + 'claim = "no claim"\n', 13, "construct.claim"),
        (STEP + 'claim = "composed_maps.jacobian"\n', 13, "indices"),
        (STEP + 'plot = { kind = "stem", n = "0..3" }\n', 13, "no key 'plot'"),
        ("program = 3\nshapes = {}\n", 5, "text in quotes"),
    ],
)
def test_mistakes_name_the_line_of_the_file(sheet, part, line, piece):
    """The line of the program counts from where it stands in the file."""
    with pytest.raises(SheetError, match=re.escape(piece)) as caught:
        compose(sheet(part))
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


HOSTILE = r"""def f(x):
    # \end{document} $ % ^^5c & </pre></code><script>alert(1)</script> ``` ~~~ {{ x }} {% x %} << x >> <% x %>
    print("\\input{/etc/passwd}</code>```--,,''`", x)
    y = x  # ]]> &amp; \begin{verbatim} \codeline{}{}{}

    return 2 * y
"""


def test_hostile_listings_are_escaped(tmp_path):
    """In no format does the text of a program become anything but text."""
    page = document(read(HOSTILE, {"x": "(n)"}), "hostile")
    tex, web, md = latex.write(page), html.write(page), markdown.write(page)
    assert "<script" not in web
    assert web.count("</pre>") == 1
    assert r"\end{document}" not in tex.replace(" ", "").split(r"\begin{document}")[1][:-20]
    assert r"\input" not in tex
    assert r"\begin{verbatim}" not in tex
    fences = [line for line in md.split("\n") if re.fullmatch("`+", line)]
    assert len(fences) == 2
    assert len(fences[0]) >= 4
    assert "````" in md
    assert [line for line in text.write(page).split("\n") if "print(" in line]
    if shutil.which("pdflatex"):
        program = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
        sheet = f'{HEAD}program = """\n{program}"""\nshapes = {{ x = "(n)" }}\n'
        (tmp_path / "hostile.toml").write_text(sheet, encoding="utf-8")
        report = build([tmp_path / "hostile.toml"], tmp_path / "out", ["pdf"])
        assert report.files[0].stat().st_size > 1_000


def test_listings_refuse_what_no_format_can_show():
    """A control character in a listing made by hand."""
    for write in (html.blocks, latex.blocks, markdown.blocks, text.blocks):
        with pytest.raises(CannotPrint):
            write((Listing(("a\x1b[2J",)),))


def test_empty_lines_stay():
    """Lines keep their numbers in every format."""
    made = (Listing(("def f(x):", "", "    return x")),)
    for write in (html.blocks, latex.blocks, markdown.blocks, text.blocks):
        written = write(made)
        assert "3" in written
        assert "2" in written


def test_calls_are_counted_as_they_are():
    """A map that is called twice, and a Jacobian that is never."""
    found = read("def r(x):\n    return f(x) + f(x)", {"x": "(n)", "f": "(n) -> (m)"})
    said = text.blocks(blocks(found))
    assert "Calls in a run: f twice, J_f never." in said


def test_what_an_inverse_needs_is_said():
    """The determinants that must not be 0."""
    found = read("def r(M, x):\n    K = inv(M)\n    L = inv(K)\n    return L @ x", {"M": "(n, n)", "x": "(n)"})
    said = text.blocks(blocks(found))
    assert "This is for det(M) ≠ 0 and det(K) ≠ 0, without which there is no inverse." in said


def test_the_claim_compared_with_is_called_by_its_part_where_it_is_known():
    """A reader of a page knows the part, and one of a program alone knows the name of the claim."""
    found = read(
        "def r(x):\n    u = f(x)\n    v = g(u)\n    return J_h(v) @ (J_g(u) @ J_f(x))",
        {"x": "(ell)", "f": "(ell) -> (m)", "g": "(m) -> (n)", "h": "(n) -> (o)"},
    )
    words, verdict = compared_with(found, "composed_maps.jacobian", "part 3.1")
    assert verdict.kind == "proved" and " is compared with the result of part 3.1, " in words
    assert " is compared with the claim composed_maps.jacobian, " in compared_with(found, "composed_maps.jacobian")[0]


def test_a_claim_about_other_arrays_is_refused():
    """The claim speaks of arrays that the program does not have."""
    found = read("def r(a):\n    return a * a", {"a": "()"})
    with pytest.raises(BadInput, match="indices"):
        compared_with(found, "composed_maps.jacobian")

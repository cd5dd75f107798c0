"""Prose and the mathematics in it."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import BadInput
from derive.render import latex
from derive.render.document import Code, Document, Emph, Latex, Paragraph, Problem, Strong
from derive.render.pdf import compile_pdf, find_engine
from derive.sheets.mathematics import COMMANDS, ENVIRONMENTS, check_formula
from derive.sheets.prose import ProseError, paragraphs, prose

READ = {
    "": (),
    "plain": ("plain",),
    "two\n  lines": ("two lines",),
    r"costs \$5, \*really\*, C:\\x": (r"costs $5, *really*, C:\x",),
    "$x$": (Latex("x"),),
    "a $x$ b $y$": ("a ", Latex("x"), " b ", Latex("y")),
    "$x\n + y$": (Latex("x + y"),),
    r"$\$5$": (Latex(r"\$5"),),
    "an *old* word": ("an ", Emph("old"), " word"),
    "a **bold** word": ("a ", Strong("bold"), " word"),
    "*the $L$ ones*": (Emph("the "), Latex("L"), Emph(" ones")),
    "2 * 3 * 4": ("2 * 3 * 4",),
    "a*": ("a*",),
    "*a": ("*a",),
    "** *": ("** *",),
    r"*a\*b*": (Emph("a*b"),),
    "$x$*y*": (Latex("x"), Emph("y")),
    "$a*b$ and $c*d$": (Latex("a*b"), " and ", Latex("c*d")),
    "50 % of #1 & {x}_~^": ("50 % of #1 & {x}_~^",),
    "a line `relu(h)`, `x_1 *  \\n* $`": ("a line ", Code("relu(h)"), ", ", Code(r"x_1 * \n* $")),
    r"a \` alone": ("a ` alone",),
    "*so `f` is*": (Emph("so "), Code("f"), Emph(" is")),
    "naïve – “word”": ("naïve – “word”",),
}

REFUSED = {
    "$x": "the $ before 'x' has no partner",
    "x$": "the $ before the end has no partner",
    "$$x$$": "$$ is not used here",
    "$ $": "nothing between two $",
    r"\alpha": r"\alpha stands outside of mathematics",
    "x\\": "\\ stands outside of mathematics",
    "a\x00b": "control character '\\x00'",
    "a\x7fb": "control character '\\x7f'",
    "$α$": "'α' cannot stand in the formula",
    "a `b": "the ` before 'b' has no partner",
    "a `\x07`": "control character '\\x07'",
    "$x % y$": "% must be written \\%",
    "$x # y$": "# must be written \\#",
    "$x & y$": "& stands outside of an environment",
    r"$x \\ y$": "\\\\ stands outside of an environment",
    "$x^a^b$": "has a mistake at column 4: Duplicate subscript or superscript.",
    r"$\frac{1}$": "has a mistake at column 9: Expected argument",
    r"$\left( x$": "\\left is not closed",
    r"$x \right)$": "\\right closes nothing",
    r"$\left( { \right) }$": "\\right closes nothing while { is open",
    r"$\begin{cases} x$": r"\begin{cases} is not closed",
    r"$\begin{cases} x \end{matrix}$": r"\end{matrix} closes nothing while \begin{cases} is open",
    r"$\begin{filecontents} x \end{filecontents}$": r"\begin{filecontents} is not allowed; there are",
    r"$\begin {cases}$": r"\begin{} is not allowed",
    "$" + "x" * 1001 + "$": "1001 characters is too long",
    "x" * 20_001: "20001 characters is too long",
}

# Ways to make TeX read, write, run or redefine something.
DANGEROUS = [
    "input", "include", "openin", "openout", "write", "write18", "immediate", "read", "readline", "closein",
    "closeout", "catcode", "def", "edef", "gdef", "xdef", "let", "futurelet", "csname", "endcsname", "directlua",
    "latelua", "luaexec", "newcommand", "renewcommand", "providecommand", "newread", "newwrite", "special",
    "expandafter", "scantokens", "loop", "repeat", "every", "everymath", "everyeof", "afterassignment", "output",
    "outputmode", "pdfliteral", "pdffiledump", "pdfobj", "usepackage", "documentclass", "includegraphics",
    "InputIfFileExists", "IfFileExists", "lstinputlisting", "verbatiminput", "makeatletter", "uppercase",
    "lowercase", "char", "the", "string", "meaning", "jobname", "number", "romannumeral", "detokenize", "noexpand",
    "typeout", "message", "errmessage", "show", "batchmode", "endinput", "stop", "relax", "href", "url", "rule",
    "hspace", "raise", "hbox", "mbox", "font", "mathchardef", "delimiter", "radical", "vcenter", "halign", "global",
    "long", "outer", "if", "ifx", "fi", "@input", "@@input", "par", "vadjust", "insert", "shipout", "dump",
    "patterns", "DeclareMathOperator", "RequirePackage",
]  # fmt: skip


def test_prose_is_read():
    """Words, formulas and emphasis arrive as pieces, escapes resolved, white space single."""
    for text, words in READ.items():
        assert prose(text) == words, text
    assert len(READ) == 23


def test_mistakes_in_prose_are_sentences():
    """What cannot be set is refused with what was wrong and what would be right."""
    for text, sentence in REFUSED.items():
        with pytest.raises(ProseError) as caught:
            prose(text)
        assert sentence in str(caught.value), (text[:40], str(caught.value))
        assert len(str(caught.value)) < 250
    assert len(REFUSED) == 26


def test_no_command_that_programs_tex_gets_through():
    r"""No primitive that reads, writes, runs or defines is let through, under no spelling of it."""
    assert not set(DANGEROUS) & COMMANDS
    spelled = [f"\\{name}" for name in DANGEROUS]
    spelled += [f"\\{name}{{x}}" for name in DANGEROUS]
    spelled += [f"x_{{\\text{{\\{name} x}}}}" for name in DANGEROUS]
    other = ["^^5cinput{x}", "x^^M", "\\^^69nput{x}"]
    other += ["\\begin{document}", "\\end{document}", "\\\ninput", "\\\x0cinput"]
    spelled += other
    for source in spelled:
        with pytest.raises(BadInput):
            check_formula(source)
    assert len(spelled) == 3 * len(DANGEROUS) + 7
    assert len(DANGEROUS) > 90


def uses() -> dict[str, str]:
    """Each allowed command and environment in a formula as short as it can be."""
    two = ("frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom", "overset", "underset", "stackrel")
    templates = {
        **dict.fromkeys(two, "\\{}{{a}}{{b}}"),
        **dict.fromkeys(("limits", "nolimits"), "\\sum\\{}_a"),
        **dict.fromkeys(("left", "right"), "\\left( x \\right)"),
        "middle": "\\left( x \\middle| y \\right)",
        "hline": "\\begin{{array}}{{l}} \\{} a \\end{{array}}",
        "begin": "\\{}{{matrix}} a \\end{{matrix}}",
        "end": "\\begin{{matrix}} a \\{}{{matrix}}",
        **dict.fromkeys((c for c in COMMANDS if c.lower().startswith("big") and len(c) <= 5), "\\{}("),
    }
    made = {name: templates.get(name, "a \\{} {{b}}").format(name) for name in sorted(COMMANDS)}
    for name in sorted(ENVIRONMENTS):
        columns = "{ll}" if name == "array" else ""
        made[f"environment {name}"] = f"\\begin{{{name}}}{columns} a \\\\ b \\end{{{name}}}"
    return made


def test_every_command_allowed_can_be_shown_by_html():
    """Each command of the list is one that the HTML page has a sign for."""
    for source in uses().values():
        check_formula(source)
    assert len(uses()) == len(COMMANDS) + len(ENVIRONMENTS) > 300


@pytest.mark.tex
@pytest.mark.skipif(find_engine() is None and "CI" not in os.environ, reason="no TeX engine on this machine")
def test_every_command_allowed_can_be_set_by_tex():
    """Each command of the list is defined in our LaTeX pages: all of them in one PDF."""
    said = tuple(Paragraph((f"{name}: ", Latex(source))) for name, source in uses().items())
    page = Document("all", "All", "", "", (), said, (Problem(1, "None", (), ()),), (), ())
    assert compile_pdf(latex.write(page), {}, "all").startswith(b"%PDF")
    assert len(said) > 300


def test_paragraphs_are_separated_by_empty_lines():
    """Empty lines separate; a mistake knows how many lines down it is."""
    assert paragraphs("one\ntwo\n\n \nthree $x$\n") == (("one two",), ("three ", Latex("x")))
    assert paragraphs(" \n\n ") == ()
    with pytest.raises(ProseError) as caught:
        paragraphs("one\n\ntwo\nthree $x")
    assert caught.value.lines == 3


@given(st.text(alphabet="ab $*\\{}^_\n", max_size=40))
def test_any_text_is_read_or_refused(text):
    """Whatever is written, the answer is words or a ProseError; words never have a formula with open braces."""
    try:
        words = prose(text)
    except ProseError:
        return
    for piece in words:
        if isinstance(piece, Latex):
            bare = re.sub(r"\\.", "", piece.source)
            assert bare.count("{") == bare.count("}")

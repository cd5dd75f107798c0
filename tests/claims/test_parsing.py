"""Formulas in LaTeX become trees; what cannot be read is refused with its place; nothing else ever happens."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.claims import commands as known
from derive.claims.parsing import parse, parse_line
from derive.claims.scanning import MAX_DIGITS, MAX_ENTRIES, MAX_LENGTH, MAX_NESTING, MAX_TOKENS
from derive.claims.syntax import Group, Name, Node, Number, Product, Sum, below
from derive.claims.writing import latex
from derive.errors import BadInput, FormulaError
from tests.claims.formulas import TREES, UNREADABLE
from tests.claims.shapes import shape
from tests.fuzz.budget import SHARE

ROOT = Path(__file__).parents[2]

# Of claims.md: every formula in its examples and text.
OF_CLAIM_FILES = r"""
n \ge L
h(m) = \begin{cases} a^m & m \ge 0 \\ 0 & \text{otherwise} \end{cases}
\sum_{k=0}^{L-1} h(n-k)
a^{n-L+1} \frac{1-a^L}{1-a}
K + (L-1)(K-1)
\operatorname{Var}\left(\sum_{i=1}^{n} x_i\right)
\sum_{i=1}^{n} \operatorname{Var}(x_i)
\le n \sigma^2
\left\lfloor \frac{28-3+2}{1} \right\rfloor + 1
\approx 1.4142
d_{\mathrm{out}}
\mathbf 1
\delta_{i,j}
m = n-k+1
h[m] = 2
y_{p,q} = 1
R_0 = 1
R_{l+1} = R_l + K - 1
\sum_{1 \le i,j \le n} a_{ij}
\sum_{i \ne j} a_{ij}
\sum_{i \in S} i
0^0 = 1
n \to \infty
\|A\|_2
z_i \ne 0 \ \forall i
\min_{1 \le i \le N} x_i \ge 0
W^\top = W
\det M \ne 0
U^\top U = I
\left|\{ t \in \mathbb{Z} : \dots \}\right|
\#\{\dots\}
s \mid n
\|A\|_{p \to q}
\nabla_X f
\frac{\partial f}{\partial X}
\frac{\partial f}{\partial X_{ij}}
\left.\frac{d}{dt} f(X + tD)\right|_{t=0}
\frac{d}{dx} x^2
\frac{d}{2}
S^\top = S
M = L-K+1
\mathbb E[X \mid Y]
(A^\top B)_{ij}
p_i = e^{z_i} / \sum_k e^{z_k}
\{1, 2\}
[0, 1)
(1, 2)
\mathrm{i}
\forall i: x_i \ge 0
a \ne 1
f(n) = \Theta(n^2)
a \odot b \otimes c
a \bmod b
a > 0 \land b > 0 \lor c > 0
\operatorname{erf}(x)
"""


def outcome(text: str) -> Node | FormulaError:
    """The tree of a line, or the error."""
    try:
        return parse_line(text)[1]
    except FormulaError as wrong:
        return wrong


def same_after_writing(text: str) -> None:
    """A line is read, written, and read as the same."""
    relation, tree = parse_line(text)
    written = latex(tree)
    assert parse_line(written)[1] == tree, (text, written)
    again = parse_line(f"{relation} {written}")
    assert again == (relation, tree) if relation else True


@pytest.mark.parametrize(("text", "expected"), TREES)
def test_trees(text: str, expected: str) -> None:
    """A formula has the tree that it shows, and its LaTeX reads as the same tree."""
    tree = parse(text)
    assert shape(tree) == expected
    assert parse(latex(tree)) == tree
    assert all(0 <= node.start <= node.end <= len(text) for node in below(tree))


@pytest.mark.parametrize("text", [line for line in OF_CLAIM_FILES.splitlines() if line])
def test_formulas_of_claim_files(text: str) -> None:
    """What the specification shows is read and written."""
    same_after_writing(text)


def formulas_of_sheets() -> list[str]:
    """Formulas between dollars in the sheets."""

    def texts(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        return [t for p in parts for t in texts(p)]

    files = sorted((ROOT / "templates" / "sheets").glob("*.toml"))
    written = [t for f in files for t in texts(tomllib.loads(f.read_text("utf-8")))]
    numbers = re.compile("<<[^<>]*>>")  # of a variant
    return sorted({numbers.sub("7", m) for t in written for m in re.findall(r"\$([^$]+)\$", t)})


def argument_at(text: str, place: int) -> tuple[str, int]:
    """The text in the braces that open at a place, and where they end."""
    depth = 0
    for at in range(place, len(text)):
        if text[at] in "{}" and text[at - 1] != "\\":
            depth += 1 if text[at] == "{" else -1
            if depth == 0:
                return text[place + 1 : at], at + 1
    raise AssertionError(text[place : place + 40])


def formulas_of_outputs() -> list[str]:
    """The rows of chains and the answers in what the sheets build to, without the marks where a line may end."""
    found = set()
    for file in sorted((ROOT / "outputs").glob("*.tex")):
        text = file.read_text("utf-8").split("\\begin{document}")[1].replace("\\mayend", "")
        for match in re.finditer(r"\\(row|one|rigid)\{", text):
            place = match.end() - 1
            for _ in range(2 if match[1] == "row" else 1):
                formula, place = argument_at(text, place)
                found.add(formula.strip())
        found |= {m.strip() for m in re.findall(r"(?<!\\)\$((?:[^$\\]|\\.)+)\$", text)}
    return sorted(found - {""})


REFUSED = (
    "a condition after the formula", "a wide space", "'\\mathbin'", "the words", "the braces after '\\frac' are empty",
)  # fmt: skip


@pytest.mark.parametrize("source", [formulas_of_sheets, formulas_of_outputs])
def test_formulas_of_this_project(source) -> None:
    """What we print ourselves is read and written; the few that are refused are no formulas or have a known reason."""
    formulas = source()
    formulas = formulas[:: 1 + len(formulas) // 1200]
    read, refused = 0, []
    for text in formulas:
        try:
            same_after_writing(text)
            read += 1
        except FormulaError as wrong:
            refused.append((text, wrong.message))
    assert read > 100
    odd = [r for r in refused if not r[1].startswith(REFUSED) and "\\text" not in r[0]]
    assert len(odd) <= len(formulas) // 100, odd


@pytest.mark.parametrize(("text", "column", "message"), UNREADABLE)
def test_unreadable(text: str, column: int, message: str) -> None:
    """What cannot be read is refused with what is wrong and where."""
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column, caught.value.message) == (1, column, message)
    shown = str(caught.value).split("\n")
    assert shown[1][4:] == text and shown[2].index("^") - 4 == column - 1


def test_an_error_names_line_what_was_expected_and_the_nearest_command() -> None:
    """All that a reader needs is in the error."""
    with pytest.raises(FormulaError) as caught:
        parse("a +\n  \\alhpa\n + b")
    wrong = caught.value
    assert isinstance(wrong, BadInput)
    assert (wrong.line, wrong.column, wrong.offset, wrong.nearest, wrong.text) == (2, 3, 6, "\\alpha", "  \\alhpa")
    with pytest.raises(FormulaError) as caught:
        parse("x = (a + b")
    assert caught.value.expected == "')'"
    assert str(caught.value).endswith("x = (a + b\n        ^")
    with pytest.raises(FormulaError, match="line 1, column 4: there is no formula"):
        parse("   ")


def test_a_line_may_begin_with_its_relation() -> None:
    """Of a worked chain; a formula may not."""
    assert parse_line(r"\le n \sigma^2")[0] == "\\le"
    assert parse_line(r"&= n")[0] == "="
    assert parse_line(r"{}= n")[0] == "="
    assert parse_line(r"\Leftrightarrow s^2 < 3")[0] == "\\iff"
    assert parse_line("n + 1") == (None, parse("n + 1"))
    with pytest.raises(FormulaError, match="nothing stands before '='"):
        parse("= n")


def test_case_and_spacing() -> None:
    """Letters of either case differ; spacing does not matter."""
    assert parse("N") != parse("n")
    assert parse(r"\Sigma") != parse(r"\sigma")
    assert parse(r"a\,b\;\!\quad + ~ c") == parse("ab+c")
    assert parse(r"\left(a\right)") == parse(r"\bigl(a\Bigr)") == parse("(a)") == Group("(", Name("a"))


def test_trees_made_by_programs_get_brackets() -> None:
    """A sum that was put into a product is written in brackets."""
    tree = Product((Sum(("+", "-"), (Name("a"), Name("b"))), Name("c")), ("",))
    assert latex(tree) == "(a - b) c"
    assert latex(Product((Number("2"), Number("3")), ("",))) == "2 \\cdot 3"


ATTACKS = {
    "braces": "{" * 19_000,
    "nested braces": "{" * 5_000 + "x" + "}" * 5_000,
    "brackets": "(" * 9_999 + ")" * 9_999,
    "left": "\\left(" * 1_500 + "x" + "\\right)" * 1_400,
    "fractions": "\\frac{1}{1+" * 1_000 + "x" + "}" * 1_000,
    "roots": "\\sqrt" * 3_900 + "2",
    "degrees": "\\sqrt[" * 3_000,
    "hats": "\\hat" * 4_000 + "x",
    "powers": "x^{" * 3_000 + "x" + "}" * 3_000,
    "bare powers": "x^\\frac" * 2_000,
    "negations": "\\lnot" * 3_900 + " x",
    "bars": "|" * 20_000,
    "double bars": "\\|" * 9_000,
    "bars and letters": "|x" * 2_400,
    "sums": "\\sum" * 4_900 + " x",
    "sums with signs": "\\sum-" * 3_900 + "x",
    "products with signs": "a\\cdot-" * 1_200 + "x",
    "quantifiers": "\\forall i:" * 1_900 + "x",
    "cases in cases": "\\begin{cases}" * 1_500,
    "dollars": "$" * 19_999,
    "displays": "\\[" * 9_000,
    "environments": "\\begin{aligned}" * 1_300,
    "texts": "\\text{$" * 2_500,
    "wide spaces": "\\qquad(x)" * 2_000,
    "braces around products": "{xx}" * 1_200,
    "unclosed words": "\\mathrm{a" * 2_000,
    "unclosed labels": "\\label" * 3_000,
    "megabytes": "x" * 5_000_000,
    "megabytes of nesting": "(" * 5_000_000,
    "digits": "9" * 15_000,
    "tokens": "x+" * 6_000 + "x",
    "entries": "\\begin{matrix}" + "1&" * 1_500 + "1\\end{matrix}",
    "roots of unicode": "√(" * 5_000,
    "primes": "x" + "'" * 19_000,
    "dots": "." * 20_000,
    "input": "\\input{/etc/passwd}",
    "include": "\\include{secret}",
    "openin": "\\openin1=/etc/passwd",
    "write18": "\\write18{touch x}",
    "immediate": "\\immediate\\write18{id}",
    "def": "\\def\\a{\\a\\a}\\a",
    "newcommand": "\\newcommand{\\x}{\\x\\x}\\x",
    "let": "\\let\\frac=\\sqrt",
    "catcode": "\\catcode`\\%=12",
    "csname": "\\csname input\\endcsname",
    "loop": "\\loop\\iftrue\\repeat",
    "usepackage": "\\usepackage{shellesc}",
    "directlua": "\\directlua{os.execute('id')}",
    "null": "x\0y",
    "escape": "x\x1b[2Jy",
    "surrogate": "x\ud800y",
    "right to left": "x\u202ey",
    "wide digits": "１２",
    "backslash null": "\\\0",
    "comment": "x % y",
    "verbatim": "\\verb|x|",
    "href": "\\href{javascript:alert(1)}{x}",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_refused_or_trees(name: str) -> None:
    """Deep, long and hostile texts are refused, or read as a tree that can be compared and written, in little time."""
    begun = time.process_time()
    tree = outcome(ATTACKS[name])
    if isinstance(tree, FormulaError):
        assert tree.message and len(str(tree)) < 600
    else:
        again = outcome(latex(tree))
        assert repr(tree) and (again == tree or (isinstance(again, FormulaError) and "at most" in again.message))
    assert time.process_time() - begun < 3


@pytest.mark.parametrize("name", [n for n in ATTACKS if ATTACKS[n].startswith("\\") and len(ATTACKS[n]) < 60])
def test_commands_of_tex_are_unknown(name: str) -> None:
    """No command that does something is known."""
    with pytest.raises(FormulaError, match="is not a command that formulas may use"):
        parse(ATTACKS[name])


@pytest.mark.parametrize("text", ["__import__('os')", "\\operatorname{__import__}(x)", "lambda x: x", "os.system"])
def test_words_of_programs_are_letters(text: str) -> None:
    """They are names like any others, or not read."""
    tree = outcome(text)
    assert isinstance(tree, FormulaError) or all(isinstance(n, Node) for n in below(tree))


def test_limits() -> None:
    """What is just within a limit is read; one more is refused, and the limit named."""
    within_and_beyond = [
        ("9" * MAX_DIGITS, "9" * (MAX_DIGITS + 1)),
        ("(" * MAX_NESTING + "x" + ")" * MAX_NESTING, "(" * (MAX_NESTING + 1) + "x" + ")" * (MAX_NESTING + 1)),
        ("x" * MAX_TOKENS, "x" * (MAX_TOKENS + 1)),
        (" " * (MAX_LENGTH - 1) + "x", " " * MAX_LENGTH + "x"),
        (
            f"\\begin{{matrix}}{'1&' * (MAX_ENTRIES - 1)}1\\end{{matrix}}",
            f"\\begin{{matrix}}{'1&' * MAX_ENTRIES}1\\end{{matrix}}",
        ),
    ]
    for within, beyond in within_and_beyond:
        assert isinstance(parse(within), Node)
        with pytest.raises(FormulaError, match=r"at most|nested more than"):
            parse(beyond)


PIECES = [
    *("x", "n", "i", "2", "1.5", "+", "-", "=", "<", "(", ")", "[", "]", "{", "}", "^", "_", "|", "'", "!", ",", ":"),
    "&",
    *("\\\\", "*", "/", " ", "$", ".", "{}", "√", "≤", "²", "\\{", "\\}", "\\|", "_{i}", "^{2}", "{a}", "(x)", "|x|"),
    *("\\begin{cases}", "\\end{cases}", "\\begin{pmatrix}", "\\end{pmatrix}", "\\text{if }", "\\text{ab}", "\\left."),
    *("\\left(", "\\right)", "\\left|", "\\right|", "\\sqrt[3]", "\\operatorname*{arg\\,max}", "\\quad", "\\bigl|"),
    *("\\" + name + " " for name in known.KNOWN),
]


@settings(max_examples=1500 // SHARE, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_text_is_a_tree_or_an_error_with_a_place(pieces: list[str]) -> None:
    """Never anything but a tree that is written and read as itself, or an error within the text."""
    text = "".join(pieces)
    tree = outcome(text)
    if isinstance(tree, FormulaError):
        assert 0 <= tree.offset <= len(text)
    else:
        assert parse_line(latex(tree))[1] == tree, latex(tree)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_characters_are_a_tree_or_an_error(text: str) -> None:
    """Of all of Unicode."""
    tree = outcome(text)
    assert isinstance(tree, Node) or 0 <= tree.offset <= len(text)

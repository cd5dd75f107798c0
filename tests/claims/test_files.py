"""Claim files: what they say, and every mistake as a sentence with its line."""

from __future__ import annotations

import io
import sys
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.claims import files
from derive.claims.calling import claim_in
from derive.claims.files import claim_from, claims_in, read_claims
from derive.claims.findings import as_data
from derive.claims.stated import RELATIONS, Claim, Malformed, Place, claim_of
from derive.errors import ClaimError

GOOD = r"""# One of everything.
layout = "numerator"
conventions = { convolution = "flip", multiply_add = 2 }

[symbols]
n = "integer"
"a" = "real != 0"

[[claim]]
id = "tail"
where = ['n \ge L']
let = [
  'h(m) = a^m',   # a comment
  '''g'(m) = 1''',
]
left = '\sum_{k=0}^{L-1} h(n-k)'
right = '''
a^n'''
symbols = { L = "integer >= 1", a = "real > 0" }

[[claim]]
asked = "receptive_field.stack"
given = { layers = "L", stride = 1, x = [[1, "1/2"], [3, 4]] }
answer = 'K'
form = "closed"
layout = "denominator"

[[claim]]
id = "chain"
chain = ['a', '\le b', '= c']
conventions = { convolution = "no flip" }

[[claim]]
id = "tail"
left = ['1', '2']
right = ['1', '\approx 2']
relation = '\leq'
"""


def test_everything_is_where_it_was_written():
    """Values, the shared ones overridden, and the place of each text."""
    tail, asked, chain, last = claims_in(GOOD, "x.toml")
    assert tail.symbols == (("n", "integer"), ("a", "real > 0"), ("L", "integer >= 1"))
    assert tail.let == ("h(m) = a^m", "g'(m) = 1") and tail.right == ("a^n",) and tail.layout == "numerator"
    assert tail.conventions == (("convolution", "flip"), ("multiply_add", "2"))
    assert [tail.place("let", i) for i in (0, 1)] == [Place("let", 0, 13, 4), Place("let", 1, 14, 6)]
    assert tail.place("left") == Place("left", 0, 16, 9) and tail.place("right") == Place("right", 0, 18, 1)
    assert tail.place("symbols.n") == Place("symbols.n", 0, 6, 6)
    assert tail.place("symbols.a") == Place("symbols.a", 0, 19, 38)
    assert tail.place("chain") == Place("chain", 0, 0)
    assert asked.id == "claim 2" and asked.answer == "K" and asked.form == "closed" and asked.layout == "denominator"
    assert asked.given == (("layers", "L"), ("stride", "1"), ("x", (("1", "1/2"), ("3", "4"))))
    assert chain.chain == ("a", r"\le b", "= c") and dict(chain.conventions)["convolution"] == "no flip"
    assert last.relation == "<=" and last.left == ("1", "2") and last.id == "tail"
    assert last.notes == ("the claim on line 9 has this id too",) and tail.notes == ()
    assert [claim.number for claim in (tail, asked, chain, last)] == [1, 2, 3, 4]
    assert all(claim_of(as_data(claim)) == claim for claim in (tail, asked, chain, last))


def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path):
    """Windows files have the same claims at the same places."""
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert [as_data(c) | {"file": ""} for c in read_claims(str(path))] == [as_data(c) for c in claims_in(GOOD)]


ONE = "[[claim]]\nleft = '1'\nright = '1'\n"


@pytest.mark.parametrize(
    ("text", "line", "piece"),
    [
        ("", None, "no claim; begin one with [[claim]]"),
        ("[claim]\nleft = '1'", 1, "with two brackets"),
        ("claim = [1]", 1, "list of tables"),
        ("[[claims]]\nleft = '1'", 1, "did you mean 'claim'?"),
        ("titel = 'x'\n" + ONE, 1, "a claim file has no key 'titel'; there are symbols"),
        ("\nlayout = 'numerater'\n" + ONE, 2, "did you mean 'numerator'?"),
        ("[symbols]\nn = 3\n" + ONE, 2, "n in symbols must be a text in quotes, not a number"),
        ("[symbols]\nn = ''\n" + ONE, 2, "n in symbols is empty"),
        ("symbols = 'n'\n" + ONE, 1, "symbols must be a table"),
        ("[symbols]\n'' = 'integer'\n" + ONE, 2, "which no symbol can have"),
        ("[[claim]]\nleft = 'a\nright = 'b'", 2, "this is not TOML at column"),
        ("[[claim]]\nleft = '1", 2, "not TOML at the end of the file"),
        ("[[claim]]\nleft = '1'\nleft = '2'", 3, "not TOML"),
        ("a = " + "[" * 5000, None, "nests brackets too deeply"),
        ("[symbols]\n" + "\n".join(f"a{i} = 'real'" for i in range(400)) + "\n" + ONE, 1, "at most 300"),
    ],
)
def test_a_file_that_cannot_be_used(text, line, piece):
    """One sentence with the line."""
    with pytest.raises(ClaimError) as found:
        claims_in(text, "x.toml")
    assert piece in str(found.value) and found.value.line == line
    assert str(found.value).startswith("x.toml" if line is None else f"x.toml, line {line}: ")
    assert "\n" not in str(found.value)


@pytest.mark.parametrize(
    ("claim", "line", "piece"),
    [
        ("left = '1'\nrihgt = '1'", 8, "a claim has no key 'rihgt'; did you mean 'right'?"),
        ("left = '1'", 6, "the claim has left but no right"),
        ("right = '1'", 6, "the claim has right but no left"),
        ("asked = 'a.b'", 6, "the claim has asked but no answer"),
        ("answer = 'a'", 6, "the claim has answer but no asked"),
        ("id = 'x'", 6, "needs left and right, or chain, or asked and answer"),
        ("left = '1'\nright = '1'\nchain = ['1', '2']", 9, "a claim has left or chain, not both"),
        ("left = 1\nright = '1'", 7, "left must be a text in quotes or a list of texts, not a number"),
        ("left = ['1',\n\n2]\nright = '1'", 7, "entry 2 of left must be a text in quotes, not a number"),
        ("left = []\nright = '1'", 7, "left is an empty list"),
        ("left = ['1', '2']\nright = '1'", 8, "left has 2 formulas and right 1"),
        ("left = ' '\nright = '1'", 7, "left is empty"),
        ("left = '1'\nright = '1'\nrelation = 'thetta'", 9, "did you mean 'Theta'?"),
        ("left = '1'\nright = '1'\nlayout = 'rows'", 9, "layout cannot be 'rows'; there are numerator, denominator"),
        ("left = '1'\nright = '1'\nsymbols = 'n'", 9, "symbols must be a table"),
        ("left = '1'\nright = '1'\nsymbols = { n = true }", 9, "n in symbols must be a text in quotes, not true or f"),
        ("left = '1'\nright = '1'\ngiven = { n = 1 }", 9, "given says the parameters of what is asked"),
        ("asked = 'a'\nanswer = '1'\ngiven = { n = 0.5 }", 9, 'not exact; write it in quotes, such as "1/2"'),
        ("asked = 'a'\nanswer = '1'\ngiven = { n = [[[[[1]]]]] }", 9, "n in given must be a text in quotes, not a l"),
        ("asked = 'os.system(1)'\nanswer = '1'", 7, "asked must be construct.claim"),
        ("left = '1'\nright = '1'\nid = 7", 9, "id must be a text in quotes, not a number"),
        ("left = '1'\nright = '1'\nid = ''", 9, "id is empty"),
        ("left = '1'\nright = '" + "1" * 20_001 + "'", 8, "right has 20,001 characters; at most 20,000"),
        ("left = '1'\nright = '1'\nwhere = [" + "'a'," * 301 + "]", 9, "where has 301 entries; at most 300"),
        ("left = '1'\nright = '1'\nwhere = 2026-01-01", 9, "not a date or time"),
    ],
)
def test_a_claim_that_is_malformed_costs_only_itself(claim, line, piece):
    """It is told with its line, and the claims around it are read."""
    before, wrong, after = claims_in(f"\n{ONE}\n[[claim]]\n{claim}\n{ONE}", "x.toml")
    assert isinstance(before, Claim) and isinstance(after, Claim)
    assert isinstance(wrong, Malformed)
    assert piece in wrong.message and "\n" not in wrong.message
    assert wrong.line == line and wrong.number == 2


@pytest.mark.parametrize(
    ("content", "piece"),
    [
        (None, "cannot be read: No such file"),
        (b"\xff\xfe[\x00", "byte 0xff is not UTF-8"),
        (b"#" * (files.LARGEST_FILE + 1), "larger than 5,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, content, piece):
    """Missing, not text, too large."""
    path = tmp_path / "x.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ClaimError, match=piece):
        read_claims(str(path))


def test_odd_names_of_files_are_refused_and_a_folder_too(tmp_path):
    """A folder, and a name with a null byte."""
    for name in (str(tmp_path), "a\0b"):
        with pytest.raises(ClaimError, match="cannot be read"):
            read_claims(name)


def test_the_standard_input(monkeypatch):
    """Is named by a dash."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ONE.encode())))
    (claim,) = read_claims("-")
    assert claim.file == "-" and claim.left == ("1",)


def test_too_many_claims(monkeypatch):
    """A file has a largest number of claims."""
    monkeypatch.setattr(files, "MOST_CLAIMS", 3)
    assert len(claims_in(ONE * 3)) == 3
    with pytest.raises(ClaimError, match="4 claims; at most 3"):
        claims_in(ONE * 4)


def test_time_grows_with_the_length_alone():
    """Four times the claims take about four times as long, and not sixteen."""
    times = []
    for count in (1000, 4000):
        start = time.process_time()
        assert len(claims_in(ONE * count)) == count
        times.append(time.process_time() - start)
    assert times[1] < 9 * times[0]


@given(st.text(alphabet="[]{}='\"claimleftright.,#\n\\ 1", max_size=200))
def test_any_text_is_claims_or_one_sentence(text):
    """Never anything but claims or ClaimError."""
    with suppress(ClaimError):
        assert claims_in(text)


def test_relations_have_one_name_each():
    """All those of claim files are there."""
    wanted = ["=", r"\ne", "<", r"\le", ">", r"\ge", r"\approx", "implies", "iff", "O", "o", "Theta", r"\sim"]
    assert [claim_from({"left": "1", "relation": r, "right": "2"}).relation for r in wanted] == [
        "=", "!=", "<", "<=", ">", ">=", "approx", "implies", "iff", "O", "o", "Theta", "~",
    ]  # fmt: skip
    assert set(RELATIONS.values()) <= set(RELATIONS)


@pytest.mark.parametrize(
    ("formula", "left", "relation", "right"),
    [
        (r"\sum_{k=1}^{n} k = \frac{n(n+1)}{2}", r"\sum_{k=1}^{n} k", "=", r"\frac{n(n+1)}{2}"),
        (r"P(X = 1) \leq 1", "P(X = 1)", "<=", "1"),
        (r"\left\{ k : k < n \right\} = S", r"\left\{ k : k < n \right\}", "=", "S"),
        (r"\begin{cases} 1 & a = 1 \\ 0 & b \end{cases} = [a=1]", None, "=", "[a=1]"),
        (r"a \le b \implies a + c \le b + c", r"a \le b", "implies", r"a + c \le b + c"),
        (r"x \in [0, 1) \iff 0 \le x < 1", r"x \in [0, 1)", "iff", r"0 \le x < 1"),
        ("a >= b", "a", ">=", "b"),
        (r"\neg a = \lefteqn b", r"\neg a", "=", r"\lefteqn b"),
        (r"f \ne g", "f", "!=", "g"),
    ],
)
def test_a_line_is_split_at_its_relation(formula, left, relation, right):
    """Outside all brackets, and implications last."""
    claim = claim_in(formula)
    assert (claim.relation, claim.right) == (relation, (right,))
    assert left is None or claim.left == (left,)


def test_a_line_without_a_relation():
    """Is refused; one with several is a chain."""
    with pytest.raises(ClaimError, match="has no relation"):
        claim_in("f(a=b)")
    assert claim_in(r"a < b \le c").chain == ("a", "< b", r"\le c")

"""Slips and multiple choice: every wrong answer is certainly wrong, and exactly one option is right."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from sympy import Expr, Max

from derive.errors import BadInput, SheetError
from derive.language import Context, declare
from derive.language.points import evaluate, holds
from derive.numeric.refuting import confirm
from derive.render.document import Equation, Options, Paragraph
from derive.sheets.answers import answer
from derive.sheets.choices import choice
from derive.sheets.compose import compose
from derive.sheets.reader import read_sheet
from derive.sheets.slips import changes, slips_in
from derive.sheets.variants import filled

pytestmark = pytest.mark.xdist_group("choices")

CLAIMS = ("filtered_pulse.response", "conv1d_lengths.full_length", "conv1d_lengths.valid_length")
VALUED = (("conv1d_lengths.full_length", {"n": 9}), ("conv1d_lengths.valid_length", {"n": 9, "k": 4}))


@dataclass(frozen=True)
class Claimed:
    """That a wrong answer is the right one: what a witness must refute."""

    context: Context
    left: Expr
    relation: str
    right: Expr


@pytest.mark.parametrize("path", CLAIMS)
def test_every_witness_of_a_slip_is_evaluated_anew(path):
    """Hypotheses hold at the point, both sides have the values that are told, and these are not the same."""
    checked = answer(path, {})
    context, right = checked.general.context, checked.general.right
    slips = slips_in(context, right)
    assert len(slips) >= 2 and len({slip.term for slip in slips} | {right}) == len(slips) + 1
    for slip in slips:
        witness = slip.witness
        point: dict[Any, Any] = dict(witness.point)
        assert all(holds(fact, point, witness.arrays) for fact in context.facts)
        wrong, good = (evaluate(term, point, witness.arrays) for term in (slip.term, right))
        assert (wrong, good) == (witness.left, witness.right) and wrong != good
        confirm(Claimed(context, slip.term, "=", right), witness)


def test_a_harmless_change_is_no_slip():
    """Exchanging the sizes of a sum or a product is tried and found to change nothing."""
    n, m = declare("n", "size"), declare("m", "size")
    context = Context((n, m))
    for right in (n.symbol + m.symbol, n.symbol * m.symbol, Max(n.symbol, m.symbol)):
        slips = slips_in(context, right, 20)
        assert [kind for kind, _, _ in changes(2 * n.symbol - m.symbol, context.symbols) if kind == "exchanged sizes"]
        assert slips and "exchanged sizes" not in {slip.kind for slip in slips}
    clamped = Max(n.symbol, 1)  # for sizes this is n, so that leaving the maximum out would do no harm
    assert slips_in(context, clamped, 20) and all(s.term != n.symbol for s in slips_in(context, clamped, 20))


def test_a_harmful_change_is_one():
    """Exchanging sizes in a difference matters, and the smallest point says so."""
    n, m = declare("n", "size"), declare("m", "size")
    (slip,) = [s for s in slips_in(Context((n, m)), 2 * n.symbol - m.symbol, 20) if s.kind == "exchanged sizes"]
    assert set(slip.witness.point) == {n.symbol, m.symbol} and slip.witness.left != slip.witness.right
    assert slip.witness.left == 2 * slip.witness.point[m.symbol] - slip.witness.point[n.symbol]


@pytest.mark.parametrize(("path", "values"), VALUED)
def test_options_are_distinct_and_one_is_right(path, values):
    """No two options have the same value at all allowed points, one is the result, the others have their slips."""
    checked = answer(path, {name: Fraction(value) for name, value in values.items()})
    found = choice(checked, 4, "a seed")
    assert len(found.terms) == 4 and found.slips.count(None) == 1
    assert found.terms[found.right] == checked.derivation.right
    free = sorted(set().union(*(term.free_symbols for term in found.terms)), key=str)
    points = [dict.fromkeys(free, Fraction(number)) for number in range(1, 40)]
    rows = {tuple(evaluate(term, point, {}) for point in points) for term in found.terms}
    assert len(rows) == 4
    again = choice(checked, 4, "a seed")
    assert again == found
    orders = {choice(checked, 4, f"seed {number}").right for number in range(8)}
    assert len(orders) > 1


def test_too_few_slips_are_refused():
    """Where a result has not so many slips, the options are not filled up with something else."""
    checked = answer("time_shift.response", {})
    with pytest.raises(BadInput, match=r"there (are|is) \d+ slips? that matter"):
        choice(checked, 8, "s")


SHEET = """title = "S"
[[problem]]
title = "P"
[[problem.part]]
claim = "CLAIM"
set = { n = 9 }
choices = COUNT
"""


def test_options_stand_in_the_question_and_the_letter_in_the_solution(tmp_path):
    """The question ends with the options, the solution begins with the letter of the right one and names the slips."""
    path = tmp_path / "s.toml"
    path.write_text(SHEET.replace("CLAIM", "conv1d_lengths.full_length").replace("COUNT", "4"), encoding="utf-8")
    (part,) = compose(read_sheet(path)).problems[0].parts
    options, said = part.question[-1], part.solution[0]
    assert isinstance(options, Options) and isinstance(said, Paragraph) and len(options.items) == 4
    right = "ABCD".index(said.words[0].text[0])  # type: ignore[union-attr]
    (equation,) = options.items[right]
    result = answer("conv1d_lengths.full_length", {"n": Fraction(9)}).derivation.right
    assert isinstance(equation, Equation) and equation.right == result
    letters = {word.strip("; ")[0] for word in said.words[2:] if isinstance(word, str) and ": " in word}
    assert letters == set("ABCD") - {"ABCD"[right]}


@pytest.mark.parametrize(
    ("claim", "count", "line", "sentence"),
    [
        ("conv1d_lengths.full_length", "1", 7, "choices must be from 2 to 8 answers, not 1"),
        ("conv1d_lengths.full_length", "9", 7, "choices must be from 2 to 8 answers, not 9"),
        ("conv1d_lengths.full_length", '"four"', 7, "choices must be a number of answers, not text"),
        ("conv1d_lengths.full_length", "8", 7, "slips that matter here, too few for 8 options"),
    ],
)
def test_mistakes_are_told_with_file_and_line(tmp_path, claim, count, line, sentence):
    """A number of options that cannot be had is one sentence at the line of `choices`."""
    path = tmp_path / "s.toml"
    path.write_text(SHEET.replace("CLAIM", claim).replace("COUNT", count), encoding="utf-8")
    with pytest.raises(SheetError) as refused:
        compose(read_sheet(path))
    assert sentence in str(refused.value) and f"s.toml, line {line}:" in str(refused.value)


def test_numbers_are_filled_in_as_they_are_written():
    """A fraction in words is set as a formula, in a value as text; a list as a matrix or a list."""
    numbers = {"a": Fraction(-1, 2), "M": ((Fraction(1), Fraction(2)),)}
    made = filled({"text": "$<<a>>$ $<<M>>$", "set": {"a": "<<a>>", "M": "<<M>>"}}, numbers)
    assert made["text"] == r"$-\tfrac12$ $\begin{bmatrix} 1 & 2 \end{bmatrix}$"
    assert made["set"] == {"a": "-1/2", "M": [["1", "2"]]}

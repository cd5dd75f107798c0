"""Results at arrays given by their numbers: shapes, all entries, one written out; against printed tables."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Rational

from derive.errors import BadInput, OracleDisagrees
from derive.kernel.checker import check
from derive.sheets import entries as module
from derive.sheets.answers import Checked, answer
from derive.sheets.notes import check_note, check_remarks, noted
from derive.sheets.result import show

A = [[4, 5, 2, 2, 1], [3, 3, 2, 2, 4], [4, 3, 4, 1, 1], [5, 1, 4, 1, 2], [5, 1, 3, 1, 4]]
B = [[4, 3, 3], [5, 5, 5], [2, 4, 3]]
RAMP = [[5 * row + column + 1 for column in range(5)] for row in range(5)]
EDGES = [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]
ONES = [[1] * 3] * 3


def table(checked: Checked) -> list[list[object]]:
    """The entries as nested lists."""
    assert checked.entries is not None
    return [list(row) for row in checked.entries.rows()]


@pytest.mark.parametrize(
    ("claim", "values", "rows"),
    [
        ("image.correlation", {"x": A, "w": B}, [[109, 92, 72], [108, 85, 74], [110, 74, 79]]),
        ("image.convolution", {"x": A, "w": B}, [[113, 87, 75], [114, 80, 75], [112, 73, 81]]),
        ("moments.affine", {"alpha": 5, "beta": 1, "gamma": -5, "n": 5, "w": EDGES}, [[-40] * 3] * 3),
        (
            "padding.padded",
            {"x": RAMP, "w": EDGES, "p": 1},
            [[-19, -28, -32, -36, -29], *[[-30, -40, -40, -40, -30]] * 3, [49, 68, 72, 76, 59]],
        ),
        (
            "padding.strided",
            {"x": RAMP, "w": EDGES, "p": 1, "s": 2, "m": 3},
            [[-19, -32, -29], [-30, -40, -30], [49, 72, 59]],
        ),
    ],
)
def test_printed_tables_of_images(claim: str, values: dict[str, object], rows: list[list[int]]) -> None:
    """The numbers of the homework, which the program did not make."""
    checked = show(f"convolution_{claim}", values).checked
    assert table(checked) == rows
    assert len(checked.entries.values) == len(rows) * len(rows[0])


def test_the_input_gradient_of_the_homework() -> None:
    """The printed table for an upstream gradient of ones, one entry written out in checked steps, all counted."""
    checked = show("convolution_layer.input_gradient", {"w": B, "g": ONES}, {"h": 3, "r": 3}, n=5).checked
    assert table(checked) == [
        [4, 7, 10, 6, 3], [9, 17, 25, 16, 8], [11, 23, 34, 23, 11], [7, 16, 24, 17, 8], [2, 6, 9, 7, 3],
    ]  # fmt: skip
    assert sum(checked.entries.values.values()) == 9 * sum(map(sum, B))
    written = checked.written
    assert written is not None
    assert written.general.left == checked.derivation.left.func(
        written.general.left.array, *(number for _, number in written.place)
    )
    assert written.general.right == written.derivation.left
    assert written.derivation.right == 34
    assert [m.rule for m in written.derivation.chain.moves] == [
        "definition", "write_out_sum", "insert_numbers", "algebra",
    ]  # fmt: skip
    assert check(written.derivation).verdict.kind == "proved" and check(written.general).verdict.kind == "proved"
    said = "".join(str(word) for word in check_note("", checked).words)
    assert "Each of the 25 numbers evaluated exactly" in said and "one entry written out in 4 steps" in said
    said = check_remarks([("(a)", noted(checked))] * 2)
    remarks = ["".join(str(getattr(w, "text", w)) for w in words) for words in said]
    assert any(r.startswith("Numbers.") and "(a), (a) (25)" in r and "(4 steps)" in r for r in remarks)


def test_a_row_and_a_single_number() -> None:
    """A result with one index is a row, one without any is a number; fractions stay fractions."""
    checked = show("convolution_1d.commutes", {"x": [5, 6, 7, 8], "w": [3, 0, 1]}).checked
    assert table(checked) == [[15, 18, 26, 30, 7, 8]]
    assert checked.values == (("n", Fraction(4)), ("k", Fraction(3)))
    single = show("convolution_layer.bias_gradient", {"g": [[1, "1/2"], [-3, 4]], "n": 3}, {}).checked
    assert table(single) == [[Rational(5, 2)]] and single.written.derivation.right == Rational(5, 2)
    one = show("convolution_1d.commutes", {"x": [5, 6], "w": [3, 1]}, {}, i=2).checked
    assert table(one) == [[23]] and one.derivation.left.indices == (2,)


def test_sizes_are_read_off_the_shapes() -> None:
    """Also where the size of an array is a sum of sizes, once the others are known, in whichever order they come."""
    for values in ({"x": A, "g": ONES}, {"g": ONES, "x": A}):
        checked = show("convolution_layer.weight_gradient", values).checked
        assert dict(checked.values) == {"n": 5, "k": 3}
        assert table(checked) == [[30, 24, 19], [29, 21, 21], [30, 19, 21]]


@pytest.mark.parametrize(
    ("claim", "values", "sentence"),
    [
        ("convolution_layer.weight_gradient", {"x": A}, "the result depends on g, not given here"),
        ("convolution_layer.weight_gradient", {"x": A, "k": 3}, "the result depends on g, not given here"),
        ("convolution_layer.weight_gradient", {"x": A, "g": ONES, "k": 2}, "g has 4 by 4 entries for k = 2, n = 5"),
        ("convolution_layer.weight_gradient", {"x": [row[:4] for row in A], "g": ONES}, "x has 5 by 5 entries"),
        ("convolution_layer.weight_gradient", {"x": [1, 2], "g": ONES}, "x has 2 axes: give it as a list of rows"),
        ("convolution_layer.weight_gradient", {"y": ONES}, "y is defined in convolution_layer.weight_gradient"),
        ("convolution_layer.weight_gradient", {"v": ONES}, "has no array 'v'; numbers can be given for x, w, b, g"),
        ("convolution_layer.weight_gradient", {"n": [1]}, "n is a number in"),
        ("convolution_layer.weight_gradient", {"x": 3}, "x is an array in"),
        ("convolution_layer.weight_gradient", {"g": ONES, "x": A, "n": 4}, "has 4 by 4 entries for n = 4"),
        ("convolution_layer.weight_gradient", {"b": [[1]], "x": A, "g": ONES}, "b has no axes: give it as one number"),
        ("convolution_moments.affine", {"w": EDGES, "n": 5}, "without numbers for alpha, beta, gamma"),
        ("convolution_1d.commutes", {"x": [1], "w": [1], "n": 0}, "x has 0 entries for n = 0"),
        ("time_shift.response", {"x": [1, 2]}, "x has no first or no last entry"),
    ],
)
def test_what_does_not_fit_is_one_sentence(claim: str, values: dict[str, object], sentence: str) -> None:
    """Which array or size, what it has and what it should have."""
    with pytest.raises(BadInput) as refused:
        show(claim, values)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"i": 4, "j": 1}, "there is no entry at i = 4, j = 1"),
        ({"i": 1}, "write_out wants i = ..., j = ..."),
        ({"h": 1, "r": 1}, "write_out wants i = ..., j = ..."),
    ],
)
def test_an_entry_that_is_not_there(place: dict[str, int], sentence: str) -> None:
    """It is said which indices there are."""
    with pytest.raises(BadInput, match="write_out") as refused:
        show("convolution_image.correlation", {"x": A, "w": B}, place)
    assert sentence in str(refused.value)


def test_write_out_wants_arrays_and_few_terms() -> None:
    """Without arrays there is nothing to insert; a sum of more than 60 terms is not written out."""
    with pytest.raises(BadInput, match="set them"):
        show("convolution_image.correlation", {}, {"i": 1, "j": 1})
    with pytest.raises(BadInput, match="more than 60 terms"):
        show("convolution_image.correlation", {"x": [[1] * 8] * 8, "w": [[1] * 8] * 8}, {"i": 1, "j": 1})


def test_a_number_that_the_definition_does_not_give_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry is compared with the oracle, also those in a corner."""
    from derive.constructs import convolution_image

    honest = convolution_image.CONSTRUCT
    calls = []

    def forged(n, k, i, j, x, w):
        calls.append((i, j))
        return convolution_image.correlation_oracle(n, k, i, j, x, w) + (x(5, 5) == 4 and (i, j) == (3, 3))

    claim = replace(honest.claims[0], oracle=forged)
    monkeypatch.setattr(convolution_image, "CONSTRUCT", replace(honest, claims=(claim,)))
    monkeypatch.setattr("derive.sheets.answers._numbers", lambda claim, derivation: None)
    with pytest.raises(OracleDisagrees, match="gives 80 and not 79 at i = 3, j = 3"):
        show("convolution_image.correlation", {"x": A, "w": B})
    assert len(calls) == 9


def test_the_oracle_sees_random_numbers_for_what_the_result_does_not_depend_on() -> None:
    """The gradient with respect to the image does not depend on the image: its oracle gets one all the same."""
    checked = answer("convolution_layer.input_gradient", {"w": module_numbers(B), "g": module_numbers(ONES)})
    assert checked.entries is not None and len(checked.entries.values) == 25


def module_numbers(rows: list[list[int]]) -> object:
    """The numbers of an array from nested lists."""
    from derive.sheets.values import as_numbers

    return as_numbers([[Fraction(v) for v in row] for row in rows])


def test_most_entries() -> None:
    """No page shows a matrix of thousands of numbers."""
    with pytest.raises(BadInput, match=f"from 1 to {module.MOST_ENTRIES} can be shown"):
        show("convolution_1d.commutes", {"x": [1] * 301, "w": [2] * 200})


def test_numbers_that_are_not_rational() -> None:
    """Their first digits are shown, all of them right, and the page says to how many they were compared."""
    answer = show("rms_norm.input_gradient", {"x": [[1, 2]], "w": [1, 1], "g": [[1, 0]], "epsilon": 1})
    (one, other), *none = answer.checked.entries.rows()
    # By hand: 1/sqrt(7/2)*(1 - 1/7) = 0.4581621 and -1/sqrt(7/2)*2/7 = -0.1527207.
    assert not none and (str(one), str(other)) == ("0.458162...", "-0.152720...")
    text = answer.text()
    assert "dx = [ 0.458162…  -0.152720… ]" in text
    assert "to 60 digits, of which the first are shown" in " ".join(text.split())
    assert answer.html().count("0.458162") == answer.tex().count(r"0.458162\ldots") == 1
    plain = show("rms_norm.input_gradient", {"x": [[2, 2]], "w": [1, 1], "g": [[1, 0]], "epsilon": 5})
    assert all(isinstance(v, Rational) for row in plain.checked.entries.rows() for v in row)
    with pytest.raises(BadInput, match="not rational"):
        show("rms_norm.weight_gradient", {"x": [[1, 2]], "g": [[1, 0]], "epsilon": 1}, {"r": 1})


def test_a_derivative_of_one_number() -> None:
    """The problem's numbers, from ball arithmetic; outside the domain the hypothesis is named."""
    answer = show("root_and_sine.derivative", {"c": 2, "x": Fraction(1432, 1000)})
    assert [str(v) for v in answer.checked.entries.values.values()] == ["9.248472249..."]
    with pytest.raises(BadInput, match=r"the numbers given break the hypothesis x\[\]\*\*3 \+ 1 > 0"):
        show("root_and_sine.derivative", {"c": 2, "x": -1})

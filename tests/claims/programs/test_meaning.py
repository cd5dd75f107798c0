"""What a program computes is what a run of it computes, and shapes are checked line by line."""

from __future__ import annotations

import random
import re
import time
from dataclasses import replace

import numpy as np
import pytest

from derive.claims.programs import reading
from derive.claims.programs.meaning import meaning
from derive.claims.programs.normal import shown_equal
from derive.claims.programs.reading import compare, read
from derive.claims.programs.running import inverse, run
from derive.claims.programs.source import read_program
from derive.claims.programs.unfolding import expanded_forms, formula, leftover, unfolded
from derive.errors import BadInput, OracleDisagrees, ProgramError, Undefined
from derive.language import Definition, Entry
from derive.language.context import check_context
from derive.numeric.compile import Grid, compile_numpy
from tests.claims.programs.examples import SHAPES, Chance
from tests.fuzz.budget import SHARE

STEP = """def step(W, x, y, eta):
    e = W @ x - y
    loss = 0.5 * np.sum(e**2)
    W = W - eta * np.outer(e, x)
    return W, loss
"""
_W, _X, _Y = ((1, 2, 3), (4, 5, 6)), (1, -1, 2), (3, 1)
STEP_SHAPES = {"W": "(n, m)", "x": "(m,)", "y": "(n,)", "eta": "()"}


def test_programs_by_chance_mean_what_they_do():
    """Every value of forty programs (here of a third) agrees with a run, at every point that is looked at."""
    looked = numbers = refused = 0
    for seed in range(40 // SHARE):
        text = Chance(seed).program(6)
        try:
            found = read(text, SHAPES)
        except ProgramError as error:
            assert "in place" in error.message or "degree" in error.message, (text, str(error))  # noqa: PT017
            refused += 1
            continue
        looked += found.points
        numbers += found.values
        check_context(found.meaning.context)
    assert refused <= 10 / SHARE
    assert looked >= 250 / SHARE
    assert numbers > 5_000 / SHARE


def test_programs_with_names_and_signs_exchanged():
    """Programs by chance, changed in one or two places, are refused or agree with a run; nothing else happens."""
    chance = random.Random(7)
    kinds = (["A", "B", "Q", "C", "x", "y", "a", "b"], ["+", "-", "*", "/", "@", "**"],
             ["relu", "exp", "tanh", "sigmoid", "sqrt", "log", "inv"])  # fmt: skip
    looked = refused = 0
    for seed in range(150):
        pieces = re.split(r"(\b\w+\b|[-+*/@]+)", Chance(seed % 50).program(4))
        for _ in range(40 // SHARE):
            place = chance.randrange(20, len(pieces))
            kind = next((k for k in kinds if pieces[place] in k), None)
            if kind is not None:
                pieces[place] = chance.choice(kind)
                break
        try:
            looked += read("".join(pieces), SHAPES, "x").points
        except BadInput as error:
            assert isinstance(error, ProgramError) or "none of the points" in str(error)  # noqa: PT017
            refused += 1
    assert 10 <= refused <= 75
    assert looked >= 700


def test_a_run_does_what_numpy_does():
    """The interpreter against NumPy itself, which runs the same text."""
    text = STEP.replace("0.5", "2").replace("return W, loss", "return W, loss, W.T @ e, np.mean(W), x @ W.T")
    given = {"W": _W, "x": _X, "y": _Y, "eta": 2}
    found = run(read_program(text, STEP_SHAPES), given).results
    W, x, y = (np.array(given[name], dtype=float) for name in "Wxy")
    e = W @ x - y
    loss = 2 * np.sum(e**2)
    W = W - 2 * np.outer(e, x)
    for mine, theirs in zip(found, (W, loss, W.T @ e, np.mean(W), x @ W.T), strict=True):
        assert np.array_equal(np.array(mine, dtype=float), theirs)
    rows = ((2, 1, 0), (1, 3, 1), (0, 1, 4))
    assert np.allclose(np.array(inverse(rows), dtype=float), np.linalg.inv(np.array(rows)))
    with pytest.raises(Undefined):
        inverse(((1, 2), (2, 4)))


def test_a_wrong_meaning_is_noticed():
    """Each definition in turn is changed, and the comparison with a run sees it."""
    known = meaning(read_program(STEP, STEP_SHAPES))
    compare(known)
    definitions = known.context.definitions
    assert len(definitions) == 3
    for place, d in enumerate(definitions):
        wrong = Definition(d.array, d.parameters, d.body + 1)
        context = replace(known.context, definitions=(*definitions[:place], wrong, *definitions[place + 1 :]))
        with pytest.raises(OracleDisagrees):
            compare(replace(known, context=context))


def test_a_program_without_values_is_refused(monkeypatch):
    """Looking at no point is no comparison."""
    with pytest.raises(BadInput, match="none of the points"):
        read("def f(a):\n    b = log(-a**2 - 1)\n    return b", {"a": "()"})
    monkeypatch.setattr(reading, "LARGEST_SIZE", 0)
    with pytest.raises(BadInput, match="none of the points"):
        read(STEP, STEP_SHAPES)


def test_names_get_versions():
    """A name that is assigned again is another array; the old one keeps its definition."""
    known = meaning(read_program(STEP, STEP_SHAPES))
    assert [v.key for v in known.values] == ["W", "x", "y", "eta", "e", "loss", "W'"]
    assert [v.key for v in known.results] == ["W'", "loss"]
    left, right = formula(known.value("W'"))
    assert (str(left), str(right)) == ("W'", "difference(W, scaled(eta, outer(e, x)))")
    assert str(formula(known.value("loss"))[1]) == "sum(e[k]**2, k=1..n)/2"
    written = unfolded(known, known.value("loss").at())
    assert not leftover(known, written)
    assert leftover(known, known.value("loss").at())


def test_a_value_written_out_compiles():
    """The numeric backends take what a program computes."""
    known = meaning(read_program(STEP, STEP_SHAPES))
    context = known.context
    n, m, eta = context.symbols
    W, x, y = context.arrays
    given = (2, 3, 0.5, *(Grid(np.array(v, dtype=float), (1,) * np.ndim(v)) for v in (_W, _X, _Y)))
    for value, expected in (("loss", 0.5 * ((1 - 2 + 6 - 3) ** 2 + (4 - 5 + 12 - 1) ** 2)), ("W'", 1 - 0.5 * 2 * 1)):
        known_value = known.value(value)
        indices = (1,) * len(known_value.sizes)
        for term in (known_value.at(*indices), unfolded(known, known_value.at(*indices))):
            compiled = compile_numpy(term, context, [n, m, eta, W, x, y])
            assert float(compiled(*given)) == expected


def test_forms_are_what_they_are_by_definition():
    """The whole-array notation of each value is its definition in indices."""
    known = meaning(read_program(STEP, STEP_SHAPES))
    looked = 0
    for value in known.values:
        if value.definition is not None and value.whole is not None:
            entry = expanded_forms(Entry(value.whole, *value.definition.parameters))
            assert shown_equal(entry, expanded_forms(value.definition.body))
            assert not shown_equal(entry + 1, expanded_forms(value.definition.body))
            looked += 1
    assert looked == 2


def test_tuples_are_assigned_at_once():
    """A swap is a swap."""
    swap = read_program("def f(a, b):\n    a, b = b, a\n    return a, b", {"a": "()", "b": "()"})
    assert run(swap, {"a": 1, "b": 2}).results == (2, 1)
    assert read("def f(a, b):\n    a, b = b, a\n    return a - 2*b", {"a": "()", "b": "()"}).points > 5


def test_names_of_the_page_do_not_clash():
    """A program may use the names that results are called by, and those of indices."""
    text = "def f(i, j, k, result):\n    relu(k)\n    logged = i @ (j @ k)\n    return logged * result + (i @ j) @ k"
    found = read(text, {"i": "(n, m)", "j": "(m, l)", "k": "(l)", "result": "()"})
    assert found.points > 5


@pytest.mark.parametrize(
    ("line", "column", "piece"),
    [
        ("z = W @ y", 9, "m is not n"),
        ("z = W + x", 9, "must be the same"),
        ("z = x + y", 9, "must be the same"),
        ("z = eta @ x", 9, "join"),
        ("z = inv(W)", 9, "square"),
        ("z = inv(W @ W.T + 1)", 9, "with a name"),
        ("z = sum(W)", 9, "np.sum"),
        ("z = mean(eta)", 9, "array"),
        ("z = np.outer(W, x)", 9, "two vectors"),
        ("z = 1 / 0", 9, "divides by 0"),
        ("z = (x - x) ** -1", None, "divides by 0"),
        ("z = f(W)", 11, "takes the shape"),
        ("z = f(y)", 11, "takes the shape"),
        ("z = f(2 * x)", None, None),
        ("z = f(relu(x))", 11, "with a name"),
        ("z = x ** 20 * x ** 20 * x ** 20 * x ** 20 * x ** 20 * x ** 20 * x ** 20 * x ** 20 * x ** 20 * x ** 20 * x", 9,
         "degree"),
        ("W -= eta * x", 5, "must be the same"),
        ("eta += x", 5, "cannot become"),
    ],
)  # fmt: skip
def test_shapes_and_values_that_do_not_fit_are_refused(line, column, piece):
    """With the place, what was found and what was expected."""
    text = f"def step(W, x, y, eta):\n    {line}\n    return x"
    shapes = {**STEP_SHAPES, "f": "(m) -> (n)"}
    if piece is None:
        read(text, shapes)
        return
    with pytest.raises(ProgramError, match=piece) as caught:
        meaning(read_program(text, shapes))
    assert caught.value.line == 2
    assert column is None or caught.value.column == column


@pytest.mark.parametrize("copy", ["v = w", "v = w.T", "v, u = w, 1", "u = w\n    v = u", "v = np.transpose(w)"])
def test_an_array_with_two_names_is_not_changed_in_place(copy):
    """In NumPy both names would change; written out, there is no doubt."""
    text = f"def f(w, a):\n    {copy}\n    w -= a\n    return v, w"
    for shape in ("(n)", "(n, n)"):
        with pytest.raises(ProgramError, match="changes with it"):
            meaning(read_program(text, {"w": shape, "a": "()"}))
        read(text.replace("w -= a", "w = w - a"), {"w": shape, "a": "()"})
        read(text.replace(copy, "v = 1 * w"), {"w": shape, "a": "()"})


def test_large_powers_cannot_hang():
    """Squaring again and again is refused by its degree, before anything is worked out."""
    text = "def f(a):\n" + "    a = a * a\n" * 25 + "    return a"
    for start in ("a = a", "a = 2", "a = 0.5", "a = -3"):
        with pytest.raises(ProgramError, match="degree"):
            meaning(read_program(text.replace("a = a", start, 1), {"a": "()"}))
    with pytest.raises(ProgramError, match="degree"):
        meaning(read_program("def f(a):\n    return (((((2 ** 20) ** 20) ** 20) ** 20) ** 20) ** 20", {"a": "()"}))
    hot = "def f(x):\n" + "    x = exp(x) / np.sum(exp(x))\n" * 20 + "    return x"
    start_of = time.perf_counter()
    with pytest.raises(ProgramError, match="degree"):
        read(hot, {"x": "(n)"})
    assert time.perf_counter() - start_of < 20

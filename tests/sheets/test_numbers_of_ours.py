"""The numbers that our own sheets vary: what their words say of them is worked out a second time, with loops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from derive.sheets.reader import read_sheet
from derive.sheets.specs import FormulaSpec, PartSpec, ProblemSpec
from derive.sheets.variants import filled

SHEETS = Path(__file__).parents[2] / "templates" / "sheets"
OURS = ("hw4", "conv", "ift", "mid", "gallery")
VARIANTS = range(25)
"""The usual numbers, and these variants; gallery has no words about its numbers."""


def numbers_in(text: str) -> list[int]:
    """All integers of a text."""
    return [int(found) for found in re.findall(r"-?\d+", text.replace(r"\,", ""))]


def problems(name: str) -> Iterator[tuple[dict[str, ProblemSpec], dict[str, dict[str, np.ndarray]]]]:
    """The problems of each variant by number, and what was drawn for them as arrays."""
    for variant in VARIANTS:
        found = {p.number: p for p in read_sheet(SHEETS / f"{name}.toml", variant).problems}
        drawn = {n: {k: np.array(v, dtype=object) for k, v in p.drawn} for n, p in found.items()}
        yield found, drawn


def part(problem: ProblemSpec, title: str) -> PartSpec:
    """The part of this title."""
    (found,) = [p for p in problem.parts if p.title == title]
    return found


def formulas(spec: PartSpec) -> list[FormulaSpec]:
    """All formulas of a part and its pieces."""
    return [*spec.formulas, *(f for piece in spec.pieces for f in piece.formulas)]


def set_as_formula(number: Fraction) -> str:
    """A number as words have it."""
    return filled({"text": "<<x>>"}, {"x": number})["text"]


def correlated(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """The kernel laid on the image wherever it fits, as it is."""
    rows, columns = (a - b + 1 for a, b in zip(x.shape, w.shape, strict=True))
    places = [[(x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum() for j in range(columns)] for i in range(rows)]
    return np.array(places, dtype=object)


@pytest.mark.parametrize("name", OURS)
def test_the_class_has_different_numbers(name):
    """Of 40 variants no two have the same ones, and the words of each are filled in."""
    said = [read_sheet(SHEETS / f"{name}.toml", variant) for variant in range(1, 41)]
    assert len({repr([p.drawn for p in sheet.problems]) for sheet in said}) == 40
    assert all("<<" not in repr(sheet) for sheet in said)
    varied = [p for p in said[0].problems if p.drawn]
    assert len(varied) >= 2
    for place, problem in enumerate(said[0].problems):
        assert not problem.drawn or len({repr(sheet.problems[place].drawn) for sheet in said}) >= 15, problem.title


def test_conv():
    """Sizes, outputs, gradients and pooled windows are those of the drawn images and kernels."""
    for found, drawn in problems("conv"):
        one, two = found["1.1"], found["1.2"]
        size = int(drawn["1.1"]["n"] - drawn["1.1"]["k"] + 1)
        assert numbers_in(part(one, "The size of an output").brief) == [size, size]
        image, kernel = drawn["1.1"]["A"], drawn["1.1"]["B"]
        assert numbers_in(part(one, "Forwards").brief) == list(correlated(image, kernel).flat)
        back = correlated(np.pad(np.ones((3, 3), dtype=int), 2), kernel[::-1, ::-1])
        assert numbers_in(part(one, "The gradient of the image").brief) == list(back.flat)
        (middle, whole) = [f.claim for f in formulas(part(one, "The gradient of the image"))][1:]
        assert numbers_in(middle.left[0]) == list(kernel.flat) and numbers_in(middle.right[0]) == [back[2, 2]]
        assert numbers_in(whole.chain[0]) == list(back.sum(axis=1)) and numbers_in(whole.chain[2]) == [back.sum()]
        pixels = drawn["1.2"]["X"]
        largest = [pixels[i : i + 2, j : j + 2].max() for i in (0, 1) for j in (0, 1)]
        assert numbers_in(part(two, "Max pooling with numbers").brief) == largest


def test_ift():
    """Convolutions, shapes and counts are those of the drawn signals and layers."""
    for found, drawn in problems("ift"):
        x, w = drawn["4"]["x"], drawn["4"]["w"]
        full = list(np.convolve(x.astype(int), w.astype(int)))
        assert [numbers_in(p.brief) for p in found["4"].parts] == [full, full[2:4], full[1:5]]
        side, kernel, first, last = (int(drawn["5"][name]) for name in "NKFG")
        padding = numbers_in(found["5"].text)[6]
        outer = len([p for p in range(-padding, side + padding) if p + kernel <= side + padding][::2])
        inner = outer // 2
        shapes = [side, side, 3, outer, outer, first, inner, inner, first, inner, inner, last]
        brief = found["5"].parts[0].brief.replace("65 536", "65536")
        assert numbers_in(brief) == [*shapes, inner * inner * last]
        assert numbers_in(found["5"].parts[1].brief) == [9, first, last, 9 * first * last]


def test_mid():
    """The change of variables, the parameters and the size of the output follow from what was drawn."""
    for found, drawn in problems("mid"):
        m, u, v = (int(drawn["2"][name]) for name in "muv")
        matrix, inverse = np.array([[1, m], [0, 1]]), np.array([[1, -m], [0, 1]])
        x = inverse @ [u, -v]
        f, slope = np.array([(u - 1) ** 2, (-v + 1) ** 3]), np.diag([2 * (u - 1), 3 * (1 - v) ** 2])
        g, jacobian = inverse @ f, inverse @ slope @ matrix
        one, two = formulas(part(found["2"], "The gradient in the input"))
        assert [numbers_in(text) for text in one.claim.right] == [[u, -v], list(g), list(jacobian.flat)]
        assert numbers_in(two.claim.right[0]) == list(2 * (np.eye(2, dtype=int) - jacobian).T @ (x - g))
        said = part(found["2"], "The gradient in the input").pieces[1].formulas[1].text
        assert numbers_in(said) == [*(x - g), (x - g) @ (x - g)]
        one, two = formulas(part(found["2"], "The gradient in the matrix"))
        vector = 2 * inverse.T @ (g - x)
        assert numbers_in(one.claim.right[0]) == list(vector)
        assert numbers_in(two.claim.right[0]) == list((np.outer(slope @ vector, x) - np.outer(vector, g)).flat)
        widths = [784, *(int(drawn["3"][name]) for name in "pqr"), 10]
        parameters = sum((a + 1) * b for a, b in pairwise(widths))
        brief = found["3"].parts[0].brief.replace("25 982", "25982")
        assert numbers_in(brief)[0] == parameters
        width, filters, kernel, stride, zeros = (int(drawn["4"][name]) for name in "WFKSP")
        places = len(range(0, width + 2 * zeros - kernel + 1, stride))
        assert numbers_in(found["4"].parts[0].brief) == [filters, places, places, filters * places**2]


def test_hw4():
    """Convolved images, windows that fit, and the small network are those of what was drawn."""
    image = np.arange(1, 26).reshape(5, 5)
    for variant, (found, drawn) in enumerate(problems("hw4")):
        length, ratio = int(drawn["3"]["L"]), drawn["3"]["a"].item()
        said = part(found["3"], "A pulse through an exponential filter").brief.split("With numbers: ")[1]
        top, rest = said.split(", then ")
        pulse = [sum((ratio**k for k in range(n + 1) if n - k < length), Fraction(0)) for n in range(13)]
        if variant:
            last = numbers_in(top)[-1]
            assert last == length - 1
            assert said.startswith(f"${set_as_formula(1 / (1 - ratio))} ") and f"({set_as_formula(ratio)})" in said
            assert rest.startswith(f"${set_as_formula(pulse[last])} ") and f"{{n-{last}}}" in rest
            assert all(pulse[n] == pulse[last] * ratio ** (n - last) for n in range(last, 13))
            assert all(pulse[n] == (1 - ratio ** (n + 1)) / (1 - ratio) for n in range(last + 1))
        q = int(drawn["3"]["q"])
        turned = np.array([[1, q, 1], [0, 0, 0], [-1, -q, -1]])
        inner, padded = correlated(image, turned), correlated(np.pad(image, 1), turned)
        assert set(inner.flat) == {numbers_in(part(found["3"], "An image").brief)[-1]}
        brief = part(found["3"], "Padding and stride").brief
        rows = [numbers_in(row) for row in re.findall(r"\$\(([^)]*)\)\$", brief)]
        assert rows == [list(padded[0]), list(padded[1]), list(padded[4]), *(list(row[::2]) for row in padded[::2])]
        assert all(list(padded[row]) == rows[1] for row in (1, 2, 3))
        pooling = part(found["4"], "A pooling layer")
        width, kernel, stride = numbers_in(pooling.text.split("what happens for")[1])
        starts = range(0, width - kernel + 1, stride)
        unseen = set(range(width)) - {start + k for start in starts for k in range(kernel)}
        if variant:
            said = numbers_in(pooling.brief.split("; ")[1])
            assert said == [width, kernel, stride, len(starts), len(unseen)]
            assert numbers_in(pooling.pieces[0].text)[-4:] == [len(starts), starts[-1] + kernel - 1, 0, width - 1]
        else:
            assert numbers_in(pooling.brief)[-3:] == sorted(unseen)
        side, filters, outputs = (int(drawn["4"][name]) for name in "NFC")
        counts = [9 * filters + filters, 0, 9 * filters * filters + filters, 0, 0]
        flat = (side // 4) ** 2 * filters
        said = numbers_in(part(found["4"], "A small network").brief.split("; ")[0])
        assert said == [*counts, (flat + 1) * outputs]
        assert numbers_in(part(found["4"], "A small network").brief)[-2:] == [flat, outputs]

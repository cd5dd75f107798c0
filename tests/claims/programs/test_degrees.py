"""Update rules written as programs: their degrees, in what is multiplied."""

from __future__ import annotations

import pytest

from derive.claims.programs.degrees import ProgramDegree, degrees_of_program
from derive.claims.programs.meaning import meaning
from derive.claims.programs.reading import read
from derive.claims.programs.source import read_program
from derive.errors import BadInput

SHAPES = {"g": "(n)", "m": "(n)", "v": "(n)", "w": "(n)", "G": "(p, q)", "e": "()", "b": "()", "c": "()"}
ADAM = "m = b * m + (1 - b) * g\nv = c * v + (1 - c) * g**2\n"


def decided(body: str, parameters: str, asked: int | None = None, most: int = 2_000, **times: int) -> ProgramDegree:
    """The last result of a program."""
    names = parameters.split()
    text = f"def f({', '.join(names)}):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    made = meaning(read_program(text, {name: SHAPES[name] for name in names}))
    return degrees_of_program(made, times, asked, most)[-1]


@pytest.mark.share(3)
@pytest.mark.parametrize(
    ("body", "parameters", "times", "degree"),
    [
        ("return -b * g", "g b", {"g": 1}, 1),
        ("return np.sign(g)", "g", {"g": 1}, 0),
        ("m = b * m + (1 - b) * g\nreturn np.sign(m)", "g m b", {"g": 1, "m": 1}, 0),
        ("return g / np.sqrt(np.sum(g**2))", "g", {"g": 1}, 0),
        ("return g / np.sqrt(np.mean(g**2))", "g", {"g": 1}, 0),
        (ADAM + "return m / np.sqrt(v)", "g m v b c", {"g": 1, "m": 1, "v": 2}, 0),
        (ADAM + "return m / (np.sqrt(v) + e)", "g m v b c e", {"g": 1, "m": 1, "v": 2, "e": 1}, 0),
        ("v = v + g**2\nreturn g / np.sqrt(v)", "g v", {"g": 1, "v": 2}, 0),
        ("X = G / np.sqrt(np.sum(G**2))\nreturn 1.5 * X - 0.5 * X @ X.T @ X", "G", {"G": 1}, 0),
        ("return g / abs(v)", "g v", {"g": 1, "v": 1}, 0),
    ],
)
def test_proved(body: str, parameters: str, times: dict[str, int], degree: int) -> None:
    """The degree, with the hypotheses that the rule needs."""
    found = decided(body, parameters, **times)
    assert (found.decision.verdict.kind, found.decision.degree) == ("proved", degree), found.decision.verdict.why
    assert bool(found.wanted) == ("/" in body)


@pytest.mark.share(3)
@pytest.mark.parametrize(
    ("body", "parameters", "times"),
    [
        (ADAM + "return m / (np.sqrt(v) + e)", "g m v b c e", {"g": 1, "m": 1, "v": 2}),
        (ADAM + "return m / np.sqrt(v)", "g m v b c", {"g": 1}),
        (ADAM + "return m / np.sqrt(v)", "g m v b c", {"g": 1, "m": 1, "v": 1}),
        ("return g + b * w", "g w b", {"g": 1}),
        ("v = v + g**2\nreturn g / np.sqrt(v)", "g v", {"g": 1}),
        ("return 1.5 * G - 0.5 * G @ G.T @ G", "G", {"G": 1}),
        ("return tanh(g)", "g", {"g": 1}),
        ("return g - relu(g - 1)", "g", {"g": 1}),
    ],
)
def test_refuted(body: str, parameters: str, times: dict[str, int]) -> None:
    """What has a scale of its own, or forgets to multiply what it remembers."""
    assert decided(body, parameters, **times).decision.verdict.kind == "refuted"


def test_degree_that_is_asked_for() -> None:
    """Descent is not of degree 0; signs are."""
    assert decided("return -b * g", "g b", 0, g=1).decision.verdict.kind == "refuted"
    assert decided("return np.sign(g)", "g", 0, g=1).decision.verdict.kind == "proved"


def test_signs_and_sizes_are_run_as_they_are_meant() -> None:
    """`sign` and `abs` mean what the interpreter does, at every point looked at."""
    found = read("def f(x, y):\n    return np.sign(x) * abs(y) + abs(-2) * sign(3 * x)", {"x": "(n)", "y": "(n)"})
    assert found.points >= 6 and found.values >= 12


@pytest.mark.parametrize(
    ("body", "times", "said"),
    [("return 2 * g", {"h": 1}, "no parameter 'h'"), ("return g", {"g": 1}, "nothing that it works out")],
)
def test_bad_questions(body: str, times: dict[str, int], said: str) -> None:
    """What cannot be asked is refused in a sentence."""
    with pytest.raises(BadInput, match=said):
        decided(body, "g", **times)

"""Accumulation programs call each map and each Jacobian once, and are right; programs that do not are refused."""

from __future__ import annotations

import pytest

from derive.claims.programs.accumulation import MODES, MOST_MAPS, accumulation, count_calls, shapes
from derive.claims.programs.deciding import computes, same_programs
from derive.claims.programs.meaning import meaning
from derive.claims.programs.running import run
from derive.claims.programs.source import read_program
from derive.constructs import composed_maps
from derive.errors import BadInput, OracleDisagrees


def chain(count: int, mode: str):
    """The program for so many maps."""
    return read_program(accumulation(count, mode), shapes(count))


@pytest.mark.share(4)
@pytest.mark.parametrize("count", range(1, MOST_MAPS + 1))
def test_each_is_called_once_and_the_value_is_right(count):
    """In both modes, at points with several sizes; and both return the same, for all sizes."""
    for mode in MODES:
        found = count_calls(chain(count, mode))
        assert len(found.calls) == 2 * count
        assert {number for _, number in found.calls} == {1}
        assert found.points == 6
        assert found.values >= 30
    verdicts = same_programs(*(meaning(chain(count, mode)) for mode in MODES))
    assert [v.kind for v in verdicts] == ["proved", "proved"]


@pytest.mark.parametrize("mode", MODES)
def test_the_meaning_is_the_proved_product(mode):
    """The result is J_h J_g J_f, as derived in another place."""
    claim = composed_maps.jacobian()
    known = meaning(chain(3, mode))
    assert computes(known, known.results[1], claim.right, (composed_maps.i, composed_maps.j)).kind == "proved"
    transposed = computes(known, known.results[1], 2 * claim.right, (composed_maps.i, composed_maps.j))
    assert transposed.kind == "refuted"


WRONG = [
    ("u1 = f(x)", "u1 = f(x)\n    z = f(x)", "calls f 2 times"),
    ("J = J_g(u1) @ J", "J = J_g(f(x)) @ J", "calls f 2 times"),
    ("J = J_h(u2) @ J", "J = J_h(u2) @ J_g(u1) @ J_f(x)", "calls J_f 2 times"),
    ("J = J_h(u2) @ J", "J = J", "calls J_h 0 times"),
    ("y = h(u2)", "y = 1 * u2", "calls h 0 times"),
    ("J = J_h(u2) @ J", "J = 2 * (J_h(u2) @ J)", "not the chain's value"),
    ("y = h(u2)", "y = -h(u2)", "not the chain's value"),
    ("J_h(u2)", "J_h(2 * u2)", "not the chain's value"),
    ("J_g(u1)", "J_g(-u1)", "not the chain's value"),
]


@pytest.mark.parametrize(("old", "new", "piece"), WRONG, ids=range(len(WRONG)))
def test_wrong_programs_are_refused(old, new, piece):
    """Something called twice or never, a factor at another place, another value."""
    text = accumulation(3, "forward")
    assert old in text
    with pytest.raises(OracleDisagrees, match=piece):
        count_calls(read_program(text.replace(old, new), shapes(3)))


def test_other_programs_do_not_accumulate():
    """Without maps, or with another result."""
    with pytest.raises(BadInput, match="does not accumulate"):
        count_calls(read_program("def f(x):\n    return x", {"x": "(n)"}))
    with pytest.raises(BadInput, match="does not accumulate"):
        count_calls(read_program("def r(x):\n    return f(x)", {"x": "(n)", "f": "(n) -> (m)"}))
    for count, mode in ((0, "forward"), (MOST_MAPS + 1, "forward"), (2, "sideways")):
        with pytest.raises(BadInput):
            accumulation(count, mode)


def test_maps_must_be_given():
    """A run without the function of a map is refused."""
    with pytest.raises(BadInput, match="calls f1"):
        run(chain(2, "forward"), {"x": (1, 2)})
    with pytest.raises(BadInput, match="no value"):
        run(chain(2, "forward"), {})

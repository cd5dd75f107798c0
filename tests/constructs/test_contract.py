"""What every construct must keep: derived, checked, compared with its oracle, told, named, sourced.

A claim that a sheet asks about is derived, checked and compared with its oracle once more when the sheet is built
again (`make same`), whose foot tells verdict and points and is compared byte for byte. `make whole` therefore looks
here at the claims that no sheet asks about, and at every fourth construct from end to end; `make test` looks at every
sixteenth construct, `make soundness` at all.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

import derive.constructs as package
from derive.constructs.construct import Claim, Construct
from derive.constructs.registry import claim, constructs, names
from derive.errors import BadInput
from derive.kernel.checker import Memory, check
from derive.language import Compare, Entry, Indicator, Integral, Partial, subterms
from derive.language.chance import Moment, moments_in
from derive.language.forms import Form
from derive.language.maps import functions_in
from derive.numeric.code import ANY_MAP, NO_LOOPS, NOT_IN_FLOATS
from derive.numeric.montecarlo import estimated
from derive.numeric.report import has_powers_of_e
from derive.numeric.spotcheck import spot_check
from derive.sheets.answers import DEFINITION_NOT_COMPILED
from derive.sheets.narrate import narrate
from tests.derivations import derived, together
from tests.fuzz import budget
from tests.fuzz.budget import FACTOR

ROOT = Path(__file__).parents[2]
CLAIMS = [(c, claim_) for c in constructs() for claim_ in c.claims]
MEMORY: Memory = {}
"""Questions that were answered for one claim are not asked again for the next."""
_NO_CODE = (ANY_MAP, NO_LOOPS)
_NOT_COMPILED = "the result cannot be compiled"
"""Of recursions in the first of several axes some are not: those within others, and with another index without end."""
_TOO_LARGE = "the result has no exact value that can be computed"
_UNTOLD = "the definition cannot be compiled, compared with the oracle alone: the definition of"
_TOO_MANY = "the oracle has no value that it can compute"
_ABOUT_ENTRIES = ("the arrays drawn do not meet a hypothesis", "the oracle divides by 0")
IDS = [f"{c.name}.{claim_.name}" for c, claim_ in CLAIMS]
EACH = 1 if FACTOR > 1 else 4 if budget.WHOLE else 16
WHOLE = {c.name for c in [c for c in constructs() if c.claims or EACH == 1][::EACH]}
"""The constructs of which everything is looked at here."""
BY_NUMBA = set(sorted(WHOLE)[:: 1 if budget.WHOLE else 12])
"""Of these also compiled by Numba, which takes longest."""


def asked_on_sheets() -> set[str]:
    """The claims that sheets ask about for all sizes: a page says of each that it is proved, and at how many points."""
    found = set()
    for sheet in sorted((ROOT / "templates" / "sheets").glob("*.toml")):
        for problem in tomllib.loads(sheet.read_text(encoding="utf-8"))["problem"]:
            shown = [one for part in problem["part"] for one in (part, *part.get("piece", []))]
            found |= {one["claim"] for one in shown if "claim" in one and "set" not in one and "program" not in one}
    return found & set(IDS)


ON_SHEETS = asked_on_sheets()


def alone_or_whole(claims: list[tuple[Construct, Claim]]) -> list[object]:
    """Those on no sheet and those of the constructs that are looked at as a whole; a construct stays in one process.

    In `make test` only the latter.
    """
    return [
        pytest.param(c, one, id=name, marks=together(c.name))
        for c, one, name in ((c, one, f"{c.name}.{one.name}") for c, one in claims)
        if c.name in WHOLE or (budget.WHOLE and name not in ON_SHEETS)
    ]


IN_TURN = alone_or_whole(CLAIMS)
COMPARED = alone_or_whole(
    [(c, one) for place, (c, one) in enumerate(CLAIMS) if FACTOR > 1 or place % 2 == 0 or one is c.claims[0]]
)
"""The first claim of each construct and every other one; `make soundness` and `derive list` compare all."""


def test_enough_is_looked_at() -> None:
    """All of some constructs, and in `make whole` every claim here or on a sheet, here at least half of them."""
    here = {param.id for param in IN_TURN}
    assert len(here) == len(IN_TURN) and len(ON_SHEETS) >= 250
    assert len(WHOLE) >= len(constructs()) / 20 and len(COMPARED) >= len(IN_TURN) / 2
    if budget.WHOLE:
        assert here | ON_SHEETS == set(IDS) and len(here) >= len(IDS) / 2


def test_constructs_are_found_by_walking() -> None:
    """Every file of the package but the three that are not constructs is one, named like its file."""
    folder = Path(inspect.getfile(package)).parent
    files = {p.stem for p in folder.glob("*.py")} - {"__init__", "construct", "registry", "stacks"}
    assert set(names()) == files
    assert [c.name for c in constructs()] == names()
    assert len(CLAIMS) >= 3


@pytest.mark.parametrize("construct", constructs(), ids=lambda c: c.name)
def test_construct_says_what_it_is(construct: Construct) -> None:
    """Title, sentence, conventions and source are there; the module tells the mathematics; the file is short."""
    module = import_module(f"{package.__name__}.{construct.name}")
    assert module.__doc__ and "Source:" in module.__doc__
    assert construct.title and construct.about and construct.conventions and construct.source
    assert len(inspect.getsource(module).splitlines()) <= 160
    answered = (*construct.claims, *construct.refuted, *construct.growth)
    assert answered and len({one.name for one in answered}) == len(answered)


def definitions_with_moments(claim_: Claim) -> bool:
    """Whether a number is defined as an expectation: it has no code."""
    return any(moments_in(d.body) for d in claim_.context.definitions)


def functions_of(claim_: Claim) -> tuple[str, ...]:
    """The functions of which only that they are smooth is known; the oracle gets them by name."""
    return functions_in(claim_.left, *(d.body for d in claim_.context.definitions))


@pytest.mark.parametrize(("construct", "claim_"), IN_TURN)
def test_claim_is_proved(construct: Construct, claim_: Claim) -> None:
    """The derivation answers the question of the claim and is accepted; every step was compared at points."""
    derivation = derived(f"{construct.name}.{claim_.name}")
    assert derivation.name == f"{construct.name}.{claim_.name}"
    assert derivation.left == claim_.left and derivation.context == claim_.context
    report = check(derivation, MEMORY, explain=False)
    assert report.verdict.kind == "proved"
    assert report.steps >= 1 and report.points + report.close >= 4 * report.steps


@pytest.mark.parametrize(("construct", "claim_"), COMPARED)
def test_claim_agrees_with_its_oracle(construct: Construct, claim_: Claim) -> None:
    """Exactly, or with roots to 60 digits, at boundary, degenerate and random points; compiled by NumPy.

    The first claim of a construct that is looked at as a whole is compiled by Numba as well. Nothing is skipped. Where
    arrays are drawn, each point in floating point is a call of its own, and there are fewer: they compare compilers,
    the exact points compare formulas. `make soundness` looks at ten times as many points, and compiles all.
    """
    terms = (claim_.left, *(d.body for d in claim_.context.definitions))
    derivative = any(isinstance(t, Partial) for term in terms for t in subterms(term))
    random = bool(claim_.context.random)
    many_axes = any(len(array.axes) > 1 for array in claim_.free_arrays)
    plain = 200 // budget.SHARE
    count = FACTOR * (40 if has_powers_of_e(claim_) or random else 60 if derivative or many_axes else plain)
    compiled = FACTOR > 1 or (claim_ is construct.claims[0] and construct.name in BY_NUMBA)
    both = ("numpy", "numba") if compiled else ("numpy",)
    recursive = any(d.is_recursive for d in claim_.context.definitions)
    floats = FACTOR * ((4 if recursive else 12) if claim_.free_arrays else 40)
    made = derived(f"{construct.name}.{claim_.name}")
    found = spot_check(claim_, made.right, count, 3, floats, both, made.relation)
    assert found.mismatch is None
    opaque = any(isinstance(t, Form) and not t.definition for term in (*terms, made.right) for t in subterms(term))
    allowed: tuple[str, ...] = tuple(f"the result cannot be compiled: {why}" for why in _NO_CODE) if opaque else ()
    equality = isinstance(claim_.left, Indicator) and isinstance(claim_.left.condition, Compare)
    equality = equality and claim_.left.condition.op == "=" and claim_.left.has(Entry)
    allowed += (f"the result cannot be compiled: {NOT_IN_FLOATS}",) if equality else ()
    allowed += (*_ABOUT_ENTRIES,) if any(h.has(Entry) for h in claim_.context.hypotheses) else ()
    if derivative or any(isinstance(t, Integral) for term in terms for t in subterms(term)):
        allowed += (DEFINITION_NOT_COMPILED,)
    if random:
        allowed += (DEFINITION_NOT_COMPILED, _TOO_MANY)
        allowed += (_NOT_COMPILED,) if moments_in(made.right) or definitions_with_moments(claim_) else ()
    deep = any(d.is_recursive and len(d.array.axes) > 1 for d in claim_.context.definitions)
    allowed += (_NOT_COMPILED, _UNTOLD, _TOO_LARGE, _TOO_MANY, "the value is too large for float64") if deep else ()
    assert [why for why, _ in found.skipped if not why.startswith(allowed)] == []
    left_out = sum(number for why, number in found.skipped if why.startswith((*_ABOUT_ENTRIES, _TOO_LARGE, _TOO_MANY)))
    alone = len(claim_.parameters) <= 1  # then there are few points, and all small ones are looked at
    looked_at = found.exact_points + found.close_points
    assert looked_at + left_out >= (12 if alone else count) and left_out <= looked_at / (2 if random else 4)
    assert alone or found.degenerate_points > 0
    if opaque or equality or ((deep or random) and any(why.startswith(_NOT_COMPILED) for why, _ in found.skipped)):
        assert found.float_points == 0  # exact points alone
        return
    assert found.float_points > 0
    assert found.worst_error < 1e-9 and found.backends == both


RANDOM = [(c, claim_) for c, claim_ in CLAIMS if claim_.context.random]


@pytest.mark.parametrize(("construct", "claim_"), alone_or_whole(RANDOM))
def test_claim_agrees_with_random_draws(construct: Construct, claim_: Claim) -> None:
    """A moment that is derived without others in it is estimated by 2,000 draws, within four standard errors."""
    made = derived(f"{construct.name}.{claim_.name}")
    drawn = estimated(made.context, made.left, made.right, 1)
    endless = any(end.is_infinite for a in made.context.random for axis in a.axes for end in axis)
    if not isinstance(made.left, Moment) or moments_in(made.right) or endless:
        assert drawn is None
        return
    assert drawn is not None and drawn.agrees, drawn


@pytest.mark.parametrize(("construct", "claim_"), CLAIMS, ids=IDS)
def test_oracle_is_its_own(construct: Construct, claim_: Claim) -> None:
    """The oracle takes the claim's parameters and loops, and no line of it stands in the derivation."""
    source = inspect.getsource(claim_.oracle)
    expected = {*claim_.parameters, *(a.name for a in claim_.free_arrays), *functions_of(claim_)}
    expected |= {"average"} if claim_.context.random else set()
    assert set(inspect.signature(claim_.oracle).parameters) == expected
    module = inspect.getmodule(claim_.oracle)
    beside = dict(inspect.getmembers(module, inspect.isfunction))
    seen, waiting = set(), [claim_.oracle.__name__]
    while waiting:
        text = inspect.getsource(beside[waiting.pop()])
        new = {name for name in beside if re.search(rf"\b{name}\b", text)} - seen
        seen, waiting = seen | new, [*waiting, *new]
    assert any("for " in inspect.getsource(beside[name]) for name in seen)
    lines = {line.strip() for line in source.splitlines()[1:] if len(line.strip()) > 12}
    assert not lines & {line.strip() for line in inspect.getsource(claim_.derive).splitlines()}


@pytest.mark.parametrize(("construct", "claim_"), IN_TURN)
def test_claim_is_told(construct: Construct, claim_: Claim) -> None:
    """Every printed line has its reason."""
    from derive.render.document import Aligned, Result

    lines = 0

    def visit(blocks: tuple[object, ...]) -> None:
        nonlocal lines
        for block in blocks:
            if isinstance(block, Aligned):
                for line in block.lines:
                    assert line.reason, line
                    lines += 1
            for inner in (block, *getattr(block, "stages", ())):
                visit(getattr(inner, "blocks", ()))

    blocks = narrate(derived(f"{construct.name}.{claim_.name}"))
    visit(blocks)
    assert lines >= 1 and isinstance(blocks[-1], Result)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"n": 9, "L": 7, "a": Fraction(1, 2)}, Fraction(127, 512)),
        ({"n": 6, "L": 7, "a": Fraction(1, 2)}, Fraction(127, 64)),
        ({"n": 3, "L": 7, "a": Fraction(1)}, 4),
        ({"n": 0, "L": 1, "a": Fraction(0)}, 1),
        ({"n": -1, "L": 1, "a": Fraction(0)}, 0),
    ],
)
def test_oracle_of_the_pulse_by_hand(values: dict[str, Fraction], expected: Fraction) -> None:
    """The brute force itself, against numbers of the problem sheet."""
    assert claim("filtered_pulse.response")[1].oracle(**values) == expected


@pytest.mark.parametrize(
    ("path", "hint"),
    [("filtered_pulsee", "'filtered_pulse'"), ("filtered_pulse.respons", "'response'"), ("zzz", "there are")],
)
def test_unknown_names(path: str, hint: str) -> None:
    """A misspelt name is answered with the nearest right one."""
    with pytest.raises(BadInput, match=hint):
        claim(path)

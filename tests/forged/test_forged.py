"""Every forged derivation is refused; one test a derivation, so that they can run side by side.

`make soundness` looks at all forgeries, `make test` at some of every fifth derivation, all kinds among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from math import ceil

import pytest
from sympy import Integer, Rational

from derive.constructs.registry import constructs
from derive.errors import StepRejected
from derive.kernel.checker import CheckReport, Memory, check
from derive.kernel.derivation import Chain, Derivation, Induction, Split, Step
from derive.language import comparing
from derive.language.comparing import compared
from derive.language.drawing import small_points
from derive.rules.lemmas import specialised
from tests.derivations import derived, together
from tests.forged.mutants import Mutant, mutants
from tests.fuzz.budget import FACTOR, WHOLE

LEAST, LEAST_CHOSEN = 12_000, 1_000
"""How many forgeries there are in all, and how many of them are looked at, at least; both grow with the project."""
MOST = 10 if WHOLE else 5
"""How many forgeries of one derivation are looked at, besides one of each kind in its turn."""
FREED = "may be any integer"
LEAST_A_STEP = 10
"""How many ways there are to forge one step, at least: five edits of its data, five other names for its law."""
SPECIAL = {"L": Integer(7), "a": Rational(1, 2)}

KINDS = (
    *("dropped", "swapped", "duplicated", "plus 1", "sign", "upper limit off by one", "lower limit off by one"),
    *("index captured", "a case plus 1", "a case lost", "condition 1 lost", "called algebra", "called no_such_rule"),
    *("relation <=", "relation ->", "place lost", "direction turned", "case 1 lost", "case for all", "case 1 with"),
    *("result plus 1", "start plus 1", "started 1 later", "started 1 earlier", "base lost", "step lost"),
    *("base replaced", "step replaced", "result replaced", "question replaced", "goal relation", "all steps lost"),
    *("lemma", "undefined"),
)
"""Words of the edits, each of which must have been made somewhere."""


def names() -> list[str]:
    """All claims, and those about the filtered pulse once more with values set."""
    found = []
    for construct in constructs():
        for one in construct.claims:
            path = f"{construct.name}.{one.name}"
            found.append(path)
            if construct.name == "filtered_pulse":
                found.append(f"{path} with values")
    return found


def derivation(name: str) -> Derivation:
    """The derivation of that name."""
    path, _, with_values = name.partition(" ")
    made = derived(path)
    if not with_values:
        return made
    symbols = {s.name: s for s in made.context.symbols}
    return specialised(made, {symbols[s]: value for s, value in SPECIAL.items()})


def steps_in(chain: Chain) -> Iterator[Step]:
    """The steps of the chain, those in cases and inductions included."""
    for move in chain.moves:
        if isinstance(move, Step):
            yield move
        elif isinstance(move, Split):
            for branch in move.branches:
                yield from steps_in(branch.chain)
        elif isinstance(move, Induction):
            yield from (*steps_in(move.base), *steps_in(move.step))


def kinds_for(name: str) -> tuple[str, ...]:
    """The kinds that are looked at of this derivation: each third takes its turn, in `make test` each sixth."""
    every = 1 if FACTOR > 1 else 3 if WHOLE else 6
    return KINDS[sum(map(ord, name)) % every :: every]


def chosen(made: list[Mutant], name: str) -> list[Mutant]:
    """The forgeries to be looked at: all, or one of each kind whose turn it is and every third, say, of the others.

    Which ones differs from derivation to derivation.
    """
    if FACTOR > 1:
        return made
    seed, stride = sum(map(ord, name)), ceil(len(made) / MOST)
    places = set(range(seed % stride, len(made), stride))
    for kind in kinds_for(name):
        of_kind = [place for place, mutant in enumerate(made) if kind in mutant.edit]
        places.update(of_kind[seed % len(of_kind) :][:1] if of_kind else ())
    return [made[place] for place in sorted(places)]


def is_refused(forged: Derivation, memory: Memory) -> bool:
    """Whether the checker refuses the derivation, naming a place."""
    try:
        check(forged, memory, explain=False)
    except StepRejected as refused:
        return bool(refused.place)
    return False


def is_true(mutant: Mutant) -> bool:
    """Whether both sides agree at small exact points, where at least some have values."""
    made = mutant.derivation
    points = list(islice(small_points(made.context, made.context.symbols), 60))
    looked = [c.agrees for c in compared(made.context, made.left, made.relation, made.right, points, Counter())]
    return len(looked) >= 5 and all(looked)


def in_turn() -> list[str]:
    """All derivations, or every eightieth, those about the pulse, and those by induction."""
    always = ("filtered_pulse", "recursion", "binomial_sums")
    return names() if WHOLE else [n for place, n in enumerate(names()) if place % 80 == 40 or n.startswith(always)]


@pytest.mark.parametrize("name", [pytest.param(n, marks=together(n.split(".")[0])) for n in in_turn()])
def test_all_forgeries_are_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The true derivation is accepted; each edit of it is refused with a place, and none makes the checker stumble."""
    monkeypatch.setattr(comparing, "WITNESSES", 10)  # how a refusal is illustrated is not the matter here
    true = derivation(name)
    memory: Memory = {}
    report = check(true, memory)
    assert report.verdict.kind == "proved"
    made = list(mutants(true, report))
    looked_at = chosen(made, name)
    assert len(looked_at) >= min(len(made), MOST // 2)
    assert all(any(k in m.edit for m in looked_at) for k in kinds_for(name) if any(k in m.edit for m in made))
    believed = [mutant for mutant in looked_at if not is_refused(mutant.derivation, memory)]
    # A size may be any integer where another fact says enough of it, as 1 <= q <= d + k - 1 does: then it is true.
    accepted = [m.edit for m in believed if not (m.edit.endswith(FREED) and is_true(m))]
    steps = list(steps_in(true.chain))
    # The zero test shows a line from the whole line before as well as from a part of it: no forgery, but another proof.
    other_proofs = [edit for edit in accepted if edit.endswith("place lost")]
    assert accepted == other_proofs
    assert len(other_proofs) <= sum(step.rule == "algebra" and step.path != () for step in steps)
    assert len(made) >= LEAST_A_STEP * len(steps)
    freed = sum(mutant.edit.endswith(FREED) for mutant in made)
    assert freed == sum(d.fact in report.uses for d in true.context.declarations)
    lost = sum(mutant.edit == "hypothesis lost" for mutant in made)
    assert lost == sum(h in report.uses for h in true.context.hypotheses)


@pytest.mark.whole
def test_no_kind_of_forgery_is_lost() -> None:
    """Over these derivations every kind of edit is looked at, and there are as many edits as there have to be.

    They are counted here without being checked, and without those that only the checker's report gives.
    """
    total = 0
    edits: list[str] = []
    for name in in_turn():
        made = list(mutants(derivation(name), CheckReport(name)))
        total += len(made)
        edits += [mutant.edit for mutant in chosen(made, name)]
    print(f"{total} forgeries, {len(edits)} looked at")
    assert total >= LEAST and len(edits) >= LEAST_CHOSEN
    assert [kind for kind in KINDS if not any(kind in edit for edit in edits)] == []

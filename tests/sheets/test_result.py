"""Five lines of Python: a claim shown, in every format, with its check."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sympy import Rational

import derive
from derive.constructs.registry import constructs
from derive.errors import BadInput, OracleDisagrees
from derive.kernel.derivation import Induction, Step
from derive.kernel.law import LAWS
from derive.numeric.report import has_powers_of_e
from derive.sheets.narrate import BACKWARDS
from derive.sheets.result import Answer, show
from tests.fuzz.budget import FACTOR, WHOLE


def test_every_way_to_give_a_value() -> None:
    """Text, integers, fractions and SymPy rationals are the same value."""
    answers = [
        show("filtered_pulse", n=9, L=7, a=a).checked.derivation.right
        for a in ("1/2", "0.5", Fraction(1, 2), Rational(1, 2))
    ]
    assert answers == [Rational(127, 512)] * 4


@pytest.mark.parametrize("value", [0.5, True, None, "1/0", "__import__('os')", "1e9", "9" * 5000])
def test_inexact_or_foreign_values(value: object) -> None:
    """A float is refused rather than rounded, text is never run."""
    with pytest.raises(BadInput):
        show("filtered_pulse", {"a": value})


def test_values_where_a_given_signal_begins_or_ends() -> None:
    """The ends of the signals that are drawn at random take values too, one or all, also such that all are empty.

    They were drawn with the range of the general claim, where the symbol that was set had no value. `make test`
    looks at every 20th construct, `make whole` at every fifth, `make soundness` at all.
    """
    looked, refused = 0, 0
    for turn, construct in enumerate(constructs()[:: 1 if FACTOR > 1 else 5 if WHOLE else 20]):
        for claim in construct.claims[:1]:
            ends = sorted({s.name for array in claim.free_arrays for s in array.free_symbols})
            all_ends, last = {end: 2 - place for place, end in enumerate(ends)}, dict.fromkeys(ends[-1:], 2)
            for values in (last if turn % 2 else all_ends,):
                if ends:
                    try:
                        spot = show(f"{construct.name}.{claim.name}", values).checked.numbers
                    except BadInput:  # the hypotheses do not allow these sizes together
                        refused += 1
                        continue
                    assert spot.mismatch is None and spot.exact_points + spot.close_points >= 1
                    looked += 1
    assert looked >= (6 if WHOLE else 2)
    assert refused <= looked


def _points(data: dict[str, Any]) -> int:
    """Points of the oracle, exact ones and those to many digits."""
    points: int = data["checked"]["oracle_points"] + data["checked"]["oracle_close_points"]
    return points


def test_every_format_of_every_construct() -> None:
    """The first claim of every fourth prints in all formats; the JSON parses and says how it was checked.

    `make test` looks at every 32nd.
    """
    looked = 0
    chosen = [construct for construct in constructs() if construct.claims][:: 4 if WHOLE else 32]
    for construct in chosen:
        for claim in construct.claims[:1]:
            answer = show(f"{construct.name}.{claim.name}")
            assert "How this was checked" in answer.text()
            assert answer.tex().rstrip().endswith("\\end{document}")
            assert answer.html().lstrip().lower().startswith("<!doctype html>")
            assert "$$" in answer.markdown()
            data = json.loads(answer.json())
            # A claim about one small integer has few points to be compared at, one whose points are slow has fewer.
            is_slow = any(len(a.axes) > 1 for a in claim.free_arrays) or has_powers_of_e(claim)
            least = 12 if len(claim.parameters) <= 1 else 40 if is_slow or claim.context.random else 150
            assert data["verdict"]["kind"] == "proved" and _points(data) >= least, claim.name
            assert answer._repr_latex_().startswith("$") and str(answer) == answer.text()
            looked += 1
    assert looked == len(chosen) >= (18 if WHOLE else 5)


def test_the_json_gives_the_reasons_of_the_page() -> None:
    """A law read from right to left and a lemma have there the words that they have on a page."""
    answer = show("recursion.solution")
    (proof,) = answer.checked.derivation.chain.moves
    assert isinstance(proof, Induction)
    steps = [step for step in proof.step.moves if isinstance(step, Step)]
    plain_ones = tuple(
        replace(step, reason=(LAWS[step.rule].title,)) if step.rule in LAWS else step for step in steps
    )
    untold = replace(proof, step=replace(proof.step, moves=plain_ones))
    derivation = replace(answer.checked.derivation, chain=replace(answer.checked.derivation.chain, moves=(untold,)))
    data = json.loads(Answer(replace(answer.checked, derivation=derivation)).json())
    reasons = [step["reason"] for step in data["steps"][0]["induction"]["step"]]
    assert reasons == [
        LAWS["definition"].title, "by the hypothesis", BACKWARDS["factor_out"], BACKWARDS["split_last"],
    ]
    used = json.loads(show("recursion.convolved").json())["steps"][-1]["reason"]
    assert used == "by the result y[n] = Σ_{k=0..n} a^(n-k)·x[k]"


def test_lazy_names() -> None:
    """`derive.show` is there without an import of its own, and a wrong name is an AttributeError."""
    assert derive.show is show
    assert "show" in dir(derive)
    with pytest.raises(AttributeError):
        derive.shw  # noqa: B018


def test_a_wrong_oracle_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """If what is proved is not what was meant, nothing is shown."""
    from derive.constructs import filtered_pulse

    honest = filtered_pulse.CONSTRUCT
    forged = replace(honest.claims[0], oracle=lambda n, L, a: filtered_pulse.oracle(n, L + 1, a))
    monkeypatch.setattr(filtered_pulse, "CONSTRUCT", replace(honest, claims=(forged,)))
    with pytest.raises(OracleDisagrees, match="not the thing meant"):
        show("filtered_pulse.response")

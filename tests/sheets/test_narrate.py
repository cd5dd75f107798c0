"""Derivations told: inductions as a textbook has them, laws read backwards, terms that keep their place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Expr, Integer, Symbol

from derive.constructs.recursion import CONTEXT, a, k, n, solution, x, y
from derive.kernel.checker import check
from derive.kernel.derivation import Branch, Chain, Derivation, Induction, Split, Step, Text
from derive.kernel.law import LAWS
from derive.language import Context, IndexSum, array, declare, ge, integer, lt, signal
from derive.language.context import Definition
from derive.render.document import Aligned, Block, CaseBlock, InductionBlock, Paragraph, Result, Stage
from derive.render.text import blocks as as_text
from derive.rules.algebra import algebra
from derive.rules.combine import Moves, at_part, by, by_induction, chain, then, up_to
from derive.rules.sums import empty_sum, factor_out, split_last
from derive.sheets import narrate as module
from derive.sheets.answers import check_note, definitions
from derive.sheets.narrate import BACKWARDS, EITHER_WAY, narrate
from derive.sheets.result import show

_m = declare("m", "natural")
m = _m.symbol
TOTAL = IndexSum(k, k, 1, m)
CLOSED = m * (m + 1) / 2


def gauss() -> Derivation:
    """1 + 2 + ... + m = m(m + 1)/2, without words of its own."""
    context = Context((_m,))

    def step(hypothesis: object) -> object:
        goal = by(algebra, (m + 1) * (m + 2) / 2)
        return then(by(split_last), at_part(TOTAL, hypothesis), goal)  # type: ignore[arg-type]

    moves = by_induction(m, 0, CLOSED, base=by(empty_sum), step=step)  # type: ignore[arg-type]
    proof = chain(context, TOTAL, moves)
    return Derivation("gauss", context, TOTAL, proof.end, proof)


def told(left: Expr, *moves: Step | Split | Induction) -> tuple[Block, ...]:
    """Moves told that nobody has checked."""
    proof = Chain(moves[0].before, moves)
    return narrate(Derivation("some", Context(), left, proof.end, proof))


def lines(blocks: tuple[Block, ...]) -> list[str]:
    """The page for the terminal, line by line, without empty ones."""
    return [" ".join(line.split()) for line in as_text(blocks).splitlines() if line.strip()]


def test_an_induction_reads_as_in_a_textbook() -> None:
    """The statement, base, hypothesis, step with a reason beside each line, the closing words, the result."""
    shown = lines(narrate(solution()))
    shown[2] = shown[2].partition(" [")[0]  # the words for the first line are the construct's own
    assert shown == [
        "We show by induction on n that y[n] = Σ_{k=0..n} a^(n-k)·x[k] for all n ≥ 0.",
        "Base (n = 0).",
        "y[0] = a·y[-1] + x[0]",
        "= x[0] [the filter is at rest before 0]",
        "= Σ_{k=0..0} a^(-k)·x[k] [a sum of one term]",
        "Hypothesis. Suppose y[n] = Σ_{k=0..n} a^(n-k)·x[k] for some n ≥ 0.",
        "Step (n → n + 1).",
        "y[n+1] = a·y[n] + x[n+1] [the recursion at n + 1]",
        "= a·Σ_{k=0..n} a^(n-k)·x[k] + x[n+1]",
        "[by the hypothesis]",
        "= Σ_{k=0..n} a^(n-k+1)·x[k] + x[n+1]",
        "[the factor goes into the sum]",
        "= Σ_{k=0..n+1} a^(n-k+1)·x[k] [the last term joins the sum]",
        "This is the claim for n + 1; by induction it holds for all n ≥ 0. ■",
        "| y[n] = Σ_{k=0..n} a^(n-k)·x[k]",
    ]


def test_the_blocks_of_an_induction() -> None:
    """A paragraph, so that it follows a heading on the same line; the three stages; the result."""
    statement, proof, result = narrate(gauss())
    assert isinstance(statement, Paragraph) and isinstance(proof, InductionBlock) and isinstance(result, Result)
    assert [stage.heading for stage in proof.stages] == ["Base", "Hypothesis", "Step"]
    assert [[type(b) for b in stage.blocks] for stage in proof.stages] == [[Aligned, Paragraph], [], [Aligned]]


def test_the_last_term_stays_together_and_in_its_place() -> None:
    """Split off from the sum it stands after it, in brackets, until something in it changes."""
    assert check(gauss()).verdict.kind == "proved"
    shown = lines(narrate(gauss()))
    assert "Σ_{k=1..m+1} k = Σ_{k=1..m} k + (m + 1) [split off the last term]" in shown
    assert "= m·(m + 1)/2 + (m + 1) [by the hypothesis]" in shown
    assert "= (m + 1)·(m + 2)/2 [algebra]" in shown


def test_a_number_at_the_base_is_said_to_be_the_right_side() -> None:
    """The right side vanished as 0 was inserted: the page says what the number is."""
    shown = lines(narrate(gauss()))
    assert shown[1:4] == ["Base (m = 0).", "Σ_{k=1..0} k = 0 [the sum is empty]", "This is m·(m + 1)/2 for m = 0."]


def test_a_base_without_steps_says_so() -> None:
    """Where both sides are the same term there is no line to show."""
    (induction,) = gauss().chain.moves
    assert isinstance(induction, Induction)
    bare = replace(induction, base=Chain(Integer(0)))
    assert "Base (m = 0). Both sides are 0." in lines(told(TOTAL, bare))


def test_lines_after_an_induction_begin_with_what_it_has_shown() -> None:
    """The chain goes on from the right side of the claim, with the term in question at the left."""
    (induction,) = gauss().chain.moves
    assert isinstance(induction, Induction)
    before = Step(2 * TOTAL - TOTAL, TOTAL, "algebra", reason=("cancel",))
    after = Step(CLOSED, 3 * CLOSED, "algebra", reason=("go on",))
    blocks = told(y[0], replace(before, before=y[0]), induction, after)
    assert [type(b) for b in blocks] == [Aligned, Paragraph, InductionBlock, Aligned, Result]
    last = blocks[3]
    assert isinstance(last, Aligned)
    assert [(line.left, line.term, line.reason) for line in last.lines] == [
        (y[0], CLOSED, ("as just shown",)),
        (None, 3 * CLOSED, ("go on",)),
    ]


def test_an_induction_within_a_case() -> None:
    """It follows the condition on the same line; a reason for the whole comes first."""
    (induction,) = gauss().chain.moves
    assert isinstance(induction, Induction)
    named = replace(induction, reason=("a sum of ", m, " terms"))
    zero = Step(TOTAL, Integer(0), "empty_sum", reason=("the sum is empty",))
    split = Split(TOTAL, (Branch(ge(m, 0), Chain(TOTAL, (named,))), Branch(lt(m, 0), Chain(TOTAL, (zero,)))))
    blocks = told(TOTAL, split)
    assert [type(b) for b in blocks] == [CaseBlock, CaseBlock, Result]
    assert lines(blocks)[:2] == [
        "Case m ≥ 0. A sum of m terms.",
        "We show by induction on m that Σ_{k=1..m} k = m·(m + 1)/2 for all m ≥ 0.",
    ]


def backwards(reason: Text = ()) -> Moves:
    """The last term joins a sum, and a factor goes into it."""
    later, rest = IndexSum(a * x[k], k, 0, n + 1), IndexSum(x[k], k, 0, n)
    down = then(
        by(split_last, reason=reason), at_part(IndexSum(a * x[k], k, 0, n), by(factor_out, a, rest.body, reason=reason))
    )
    return up_to(later, down)(CONTEXT, a * rest + a * x[n + 1])


def test_a_law_read_backwards_is_told_so() -> None:
    """Each step has the words of the other direction, and only where it has no words of its own."""
    text = " ".join(lines(told(y[0], *backwards())))
    assert "[take the factor into the sum]" in text and "[the last term joins the sum]" in text
    assert "split off" not in text and "take a common factor out" not in text
    assert " ".join(lines(told(y[0], *backwards(("my words",))))).count("[my words]") == 2


def test_a_law_without_words_for_the_other_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its title, and that it is read from right to left."""
    monkeypatch.setattr(module, "BACKWARDS", {})
    assert "[split off the last term, read from right to left]" in " ".join(lines(told(y[0], *backwards())))


def test_a_law_forwards_keeps_its_title() -> None:
    """Words of the other direction are for steps that go backwards."""
    step = by(split_last)(CONTEXT, IndexSum(x[k], k, 0, n))[0]
    assert isinstance(step, Step)
    assert "split off the last term" in " ".join(lines(told(y[0], step)))


def test_the_words_for_the_other_direction_are_about_laws() -> None:
    """A law that was renamed would lose its words without a sound."""
    assert len(BACKWARDS) >= 10 and len(EITHER_WAY) >= 5
    assert set(BACKWARDS) | EITHER_WAY <= set(LAWS)
    assert not set(BACKWARDS) & EITHER_WAY
    assert all(words != LAWS[name].title for name, words in BACKWARDS.items())


def test_a_lemma_that_is_not_on_the_page_says_what_it_states() -> None:
    """By its name with its statement; on a sheet where it has a letter, by that alone."""
    convolved = show("recursion.convolved").checked.derivation
    alone = " ".join(lines(narrate(convolved)))
    assert "by recursion.solution, y[n] = Σ_{k=0..n} a^(n-k)·x[k]]" in alone
    known = " ".join(lines(narrate(convolved, names={"recursion.solution": "part (a)"})))
    assert "by part (a)]" in known and "recursion.solution" not in known


@pytest.mark.parametrize(
    ("path", "scope", "converging"),
    [
        ("recursion.solution", ("all signals ", x), False),
        ("recursion.convolved", ("all signals ", x), True),
        ("time_shift.response", (" and ", signal("h")), True),
        ("filtered_pulse.response", (), False),
    ],
)
def test_convergence_is_asked_for_where_a_sum_is_infinite(
    path: str, scope: tuple[object, ...], converging: bool
) -> None:
    """A claim about finite sums holds for all signals; signals are named in mathematics."""
    words = check_note("", show(path).checked).words
    assert ("converge" in "".join(w for w in words if isinstance(w, str))) == converging
    if scope:
        place = words.index(scope[1])
        assert str(words[place - 1]).endswith(str(scope[0]))


def test_definitions_are_given_in_words() -> None:
    """`for n >= 0 and 0 elsewhere` where that is what the array is; nothing is said of an array that has no outside."""
    inside = array("w", (0, n))
    i = integer("i")
    context = Context(CONTEXT.declarations, definitions=(*CONTEXT.definitions, Definition(inside, (i,), a**i)))
    words = lines((Paragraph(definitions(context)),))
    assert words == ["y[n] = a·y[n-1] + x[n] for n ≥ 0 and 0 elsewhere; w_i = a^i for 0 ≤ i ≤ n"]


def test_the_base_is_about_the_lowest_value() -> None:
    """Also where it is not 0, and where the variable has a letter of its own."""
    t = declare("t", "integer").symbol
    assert isinstance(t, Symbol)
    low = Induction(IndexSum(k, k, 1, t), t * (t + 1) / 2, t, Integer(1), Chain(Integer(1)), Chain(Integer(3)))
    (_, proof, _) = told(low.before, low)
    assert isinstance(proof, InductionBlock)
    base = proof.stages[0]
    assert isinstance(base, Stage)
    shown = lines((proof,))
    assert shown[0] == "Base (t = 1). Both sides are 1."
    assert shown[1] == "Hypothesis. Suppose Σ_{k=1..t} k = t·(t + 1)/2 for some t ≥ 1."

"""Derivations told: inductions as a textbook has them, laws read backwards, terms that keep their place."""

from __future__ import annotations

import inspect
from dataclasses import replace

import pytest
from sympy import Expr, Integer, Max, Symbol

from derive.constructs.recursion import CONTEXT, a, k, n, solution, x, y
from derive.kernel.checker import check
from derive.kernel.derivation import Branch, Chain, Derivation, Induction, Split, Step, Text, Verdict
from derive.kernel.law import LAWS
from derive.language import Context, IndexSum, declare, eq, ge, gt, le, lt, signal
from derive.numeric import spotcheck
from derive.render.document import (
    Aligned,
    Block,
    CaseBlock,
    Equation,
    InductionBlock,
    Latex,
    Line,
    Paragraph,
    Result,
    Stage,
)
from derive.render.pages import COLUMNS
from derive.render.text import blocks as as_text
from derive.rules.algebra import algebra, largest, use_equation
from derive.rules.combine import (
    Moves,
    at_part,
    by,
    by_cases,
    by_induction,
    chain,
    derived,
    everywhere,
    one_line,
    then,
    up_to,
)
from derive.rules.ranges import at_most
from derive.rules.sums import empty_sum, factor_out, split_last, sum_of_constant
from derive.sheets import narrate as module
from derive.sheets import notes
from derive.sheets.answers import DEFINITION_NOT_COMPILED, Checked
from derive.sheets.narrate import BACKWARDS, EITHER_WAY, ONE_BY_ONE, arrays_named, mentions, narrate
from derive.sheets.notes import check_note, check_remarks
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
        "| y[n] = Σ_{k=0..n} a^(n-k)·x[k] (n ≥ 0)",
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
    assert set(BACKWARDS) | EITHER_WAY | ONE_BY_ONE <= set(LAWS)
    assert not set(BACKWARDS) & EITHER_WAY
    assert all(words != LAWS[name].title for name, words in BACKWARDS.items())


def test_a_lemma_that_is_not_on_the_page_says_what_it_states() -> None:
    """Its statement; on a sheet where it has a letter, by that alone."""
    convolved = show("recursion.convolved").checked.derivation
    alone = " ".join(lines(narrate(convolved)))
    assert "by the result y[n] = Σ_{k=0..n} a^(n-k)·x[k]]" in alone
    known = " ".join(lines(narrate(convolved, names={"recursion.solution": "part (a)"})))
    assert "by part (a)]" in known and "recursion.solution" not in known


def test_a_lemma_names_all_that_it_replaces() -> None:
    """Symbols and arrays, where the letters differ; an array of the same letter needs no word."""
    averaged = show("weight_averaging.closed").checked.derivation
    text = " ".join(lines(narrate(averaged, names={"recursion.solution": "part (a)"})))
    assert "by part (a) with T for n, 1 - γ for a, w\u0304 for y and e for x]" in text
    delayed = show("filtered_pulse.delayed").checked.derivation
    known = {"time_shift.response": "part (c)", "filtered_pulse.response": "(a)"}
    text = " ".join(lines(narrate(delayed, names=known)))
    assert "[by part (c)]" in text and "By (a) with n - N for n; " in text


def test_lines_with_the_same_words_are_one() -> None:
    """Two sums counted in one line; the full telling shows each; another law or direction is a line of its own."""
    two = IndexSum(Integer(1), k, 1, m) + IndexSum(a, k, 1, m)
    counted = everywhere(by(sum_of_constant))(Context((_m, declare("a", "real"))), two)
    steps = [move for move in counted if isinstance(move, Step)]
    assert len(steps) == 2
    (shown, _) = told(y[0], *steps)
    assert isinstance(shown, Aligned)
    assert [(line.left, line.term, line.reason) for line in shown.lines] == [(y[0], m + a * m, ("count the terms",))]
    proof = Chain(two, tuple(steps))
    (full, _) = narrate(Derivation("some", Context(), y[0], proof.end, proof), "full")
    assert isinstance(full, Aligned) and len(full.lines) == 2
    for change in (
        {"rule": "algebra"}, {"reason": ("b",)}, {"relation": "<="},
        {"backwards": True, "reason": ("count the terms",)},
    ):
        (apart, _) = told(y[0], steps[0], replace(steps[1], **change))
        assert isinstance(apart, Aligned) and len(apart.lines) == 2, change
    named = [replace(step, rule="definition") for step in steps]
    (apart, _) = told(y[0], *named)
    assert isinstance(apart, Aligned) and len(apart.lines) == 2


def split_and(*after: Step) -> tuple[Block, ...]:
    """Two cases with the same value, told with what comes after them."""
    zero, same = Step(TOTAL, a, "algebra", reason=("why",)), Step(TOTAL, a, "algebra", reason=("so",))
    cases = (Branch(ge(m, 1), Chain(TOTAL, (zero,))), Branch(lt(m, 1), Chain(TOTAL, (same,))))
    split = Split(TOTAL, cases)
    return told(TOTAL, split, *(replace(step, before=split.after) if step is after[0] else step for step in after))


def test_what_brings_cases_together_is_a_sentence() -> None:
    """It is no line of the last case; where the result follows at once the frame alone shows it."""
    together = Step(TOTAL, a, "regroup_cases", reason=("it is the same in both cases",))
    blocks = split_and(together)
    assert [type(b) for b in blocks] == [CaseBlock, CaseBlock, Paragraph, Result]
    assert lines(blocks)[-2:] == ["It is the same in both cases.", "| Σ_{k=1..m} k = a"]
    blocks = split_and(together, Step(a, a + 1, "algebra", reason=("go on",)))
    assert [type(b) for b in blocks] == [CaseBlock, CaseBlock, Paragraph, Aligned, Result]
    assert lines(blocks)[-4:-1] == ["It is the same in both cases:", "Σ_{k=1..m} k = a", "= a + 1 [go on]"]


def test_the_arrays_that_blocks_name() -> None:
    """In terms, reasons and sentences, at any depth."""
    inner = CaseBlock(ge(n, 0), (Aligned((Line("=", x[n], ("with ", Equation(y[0], "=", a)), a),)),))
    stage = Stage("Base", (), ("by ", signal("h")), (inner,))
    blocks = (InductionBlock((stage,), ("so ", signal("v")[n])), Paragraph(("words", a, Latex("u[n]"))))
    assert {array.name for array in arrays_named(blocks)} == {"x", "y", "h", "v"}


@pytest.mark.parametrize(
    ("source", "name", "named"),
    [
        ("x[n] = a^n", "x", True), (r"y = x \ast h", "h", True), (r"\bar w[0]", "w_bar", True),
        (r"\bar{w}_0", "w_bar", False), (r"\bar w[0]", "w", False), ("x_2[n]", "x", False), ("x_{2}[n]", "x_2", True),
        ("x'", "x", False), (r"y_\mathrm{out}[n]", "y_out", True), (r"\max(a, b)", "x", False), ("", "x", False),
        (r"d\hat{x}[n] = g", "dx_hat", True), (r"\hat x[n] = g", "dx_hat", False),
        (r"a\,y[n-1]", "y", True), (r"\bar w[t] + \gamma\,w[t]", "w", True),
    ],
)
def test_an_array_is_found_in_the_authors_formula(source: str, name: str, named: bool) -> None:
    """By its letter with its mark and subscript, however it is spaced and braced."""
    assert mentions(("words ", Latex(source)), signal(name)) == named
    assert mentions((f"in words {name}",), signal(name)) is False
    assert mentions(("a term ", signal(name, 0)[n]), signal(name)) is True


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


def noted() -> list[tuple[str, Checked]]:
    """Four results of unlike kinds."""
    paths = ("finite_sums.squares", "recursion.solution", "recursion.convolved", "exponentials.response")
    left_out: tuple[tuple[tuple[str, int], ...], ...] = (
        (), ((f"{DEFINITION_NOT_COMPILED}: why", 1),), (("the result cannot be compiled: why", 200),), (),
    )
    found = []
    for letter, path, skipped in zip("abcd", paths, left_out, strict=True):
        checked = show(path).checked
        found.append((f"1({letter})", replace(checked, numbers=replace(checked.numbers, skipped=skipped))))
    return found


def remarks_of(answers: list[tuple[str, Checked]]) -> tuple:
    """The remarks below these results."""
    return check_remarks([(label, notes.noted(checked)) for label, checked in answers])


def test_remarks_say_what_differs() -> None:
    """What the columns mean, for which values each result is proved, and what was not compared; nothing twice."""
    answers = noted()
    remarks = remarks_of([*answers, ("2(a)", answers[0][1])])
    meaning, proved, skipped = (" ".join(lines((Paragraph(words),))) for words in remarks)
    for words in ("every condition was discharged", "cover everything", "base and its step"):
        assert words in meaning
    assert proved == (
        "Proved. 1(a), 2(a) for all integers n ≥ 0; 1(b) for all integers n ≥ 0, all real a and all signals x; "
        "1(c) for all integers n ≥ 0, all real a and all signals x for which the sums converge absolutely; "
        "1(d) for all integers n, all real a, b."
    )
    assert skipped == (
        "Not compared. The definition, since it cannot be compiled (the compiled result agrees with direct "
        "summation): 1(b); points, since the result cannot be compiled: 1(c) (200)."
    )
    assert DEFINITION_NOT_COMPILED in inspect.getsource(spotcheck)
    (plain, _) = remarks_of(answers[:1])
    assert "cover" not in str(plain) and "induction" not in str(plain)


def test_a_note_counts_what_was_looked_at() -> None:
    """All counts of the table, and what the sentences say."""
    for label, checked in noted():
        note = check_note(label, checked)
        counts = dict(note.counts)
        assert set(counts) == {column.count for column in COLUMNS if not column.count.startswith("run")}
        assert note.known == "proved" and counts["step_points"] > 0 and counts["points"] > 0
        assert (note.error is None) == (counts["compiled"] == 0)
        said = " ".join(lines((Paragraph(note.words),)))
        assert f"{counts['steps']} step" in said and f"at {counts['points']} points" in said
        assert ("induction with base and step" in said) == (counts["inductions"] > 0)
    assert "1 step, each law" in str(check_note("", noted()[0][1]).words)


def test_points_of_steps_that_were_not_compared_are_said() -> None:
    """An infinite sum of outputs has no value that can be computed: the note does not claim those points."""
    answer = show("superposition.total").checked
    assert sum(answer.report.skipped.values()) > 0
    assert "points of steps, where a side has no value" in str(check_note("", answer).words)
    assert "Points of steps, where a side has no value" in str(remarks_of([("1(a)", answer)]))


def test_a_result_on_authority_is_not_called_proved() -> None:
    """Its kind stands in the table, its source below; nothing is said to be proved."""
    answer = show("finite_sums.squares").checked
    report = replace(answer.report, verdict=Verdict("cited", ("some_law",), "Knuth, section 2.3"))
    cited = replace(answer, report=report)
    assert check_note("1(a)", cited).known == "cited"
    for said in (str(remarks_of([("1(a)", cited)])), str(check_note("1(a)", cited).words)):
        assert "Knuth, section 2.3" in said and "proved" not in said.lower()


def test_a_bound_that_is_not_shown_is_not_told_as_an_equality() -> None:
    """A line that stands for two steps has the relation of both; so has the first line of each case after a bound."""
    a, b = declare("a", "real"), declare("b", "real")
    context = Context((a, b), (le(a.symbol, b.symbol),))
    positive = Max(0, b.symbol, evaluate=False)
    sides = [(gt(b.symbol, 0), by(largest, b.symbol)), (le(b.symbol, 0), by(largest, Integer(0)))]
    bounded = by(at_most, positive)

    def relations(blocks: tuple[Block, ...]) -> list[str]:
        found: list[str] = []
        for block in blocks:
            found += [line.relation for line in block.lines] if isinstance(block, Aligned) else []
            found += relations(block.blocks) if isinstance(block, CaseBlock) else []
            found += [block.relation] if isinstance(block, Result) else []
        return found

    by_sides = derived("cases", context, a.symbol, then(bounded, by_cases(sides)))
    assert check(by_sides).verdict.kind == "proved"
    assert relations(narrate(by_sides)) == ["<=", "<=", "<=", "<="]
    moved = by(use_equation, b.symbol, a.symbol)
    known = context.with_hypotheses(ge(a.symbol, b.symbol), eq(b.symbol, a.symbol))
    hidden = derived("hidden", known, a.symbol, one_line(then(bounded, moved)))
    assert check(hidden).verdict.kind == "proved"
    assert relations(narrate(hidden)) == ["<=", "<="]
    after = derived("after", context, a.symbol, then(by(at_most, b.symbol), by(at_most, b.symbol + 1)))
    assert relations(narrate(after)) == ["<=", "<=", "<="]

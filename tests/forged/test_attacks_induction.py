"""Attacks on inductions, on laws read backwards, recursions, lemmas and what SymPy works out on its own.

As in test_attacks.py every derivation is made by hand to be accepted although it is false (or says something where
there is nothing to be said). Those of `ATTACKS` are refused; those of `DEFECTS` were proved when they were written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sympy import Abs, Add, Dummy, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol, floor, oo, pi, sign, sin

from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Branch, Chain, Derivation, Induction, Move, Path, Split, Step
from derive.kernel.law import law_named
from derive.kernel.places import look, put
from derive.language import (
    FALSE,
    OTHERWISE,
    Array,
    Cases,
    Condition,
    Context,
    Definition,
    Entry,
    IndexSum,
    any_of,
    array,
    as_expr,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    ne,
    real,
    signal,
    substitute,
)
from derive.language.counting import Binomial
from derive.language.points import evaluate
from tests.forged.test_attacks import Forger, R, a, b, ctx, h, i, j, k, m, n, q, x

N, t = integer("N"), integer("t")
w, z = real("w"), real("z")
y = signal("y", 0)
REFUSED = (StepRejected, IllFormed)


class Prover(Forger):
    """A forger that can also read laws backwards, use the hypothesis of an induction, and write any line at all."""

    moves: list[Any]

    def write(self, rule: str, after: Expr, *arguments: Any, path: Path = (), needs: tuple[Condition, ...] = ()) -> Any:
        """A step that is no law's."""
        self.moves.append(Step(self.here, after, rule, arguments, needs, path))
        self.here = after
        return self

    def up(self, line: Expr, rule: str, *arguments: Any, path: Path = ()) -> Prover:
        """To the line from which the law leads here (or would lead, if it gave this line)."""
        target, around = look(line, path)
        made = law_named(rule).applied(self.context.with_hypotheses(*around), target, arguments)
        self.moves.append(Step(self.here, line, rule, arguments, made.conditions, path, backwards=True))
        self.here = line
        return self

    def known(self, after: Expr, path: Path = ()) -> Prover:
        """By the hypothesis of the induction, what stands at the path is `after`."""
        return self.write("hypothesis", put(self.here, path, after), path=path)

    def place(self, kind: type) -> Path:
        """Where the first argument of that kind stands."""
        return place_of(self.here, lambda part: isinstance(part, kind))

    def chain(self) -> Chain:
        """What was written so far."""
        return Chain(self.start, tuple(self.moves))


def place_of(term: Expr, wanted: Callable[[Any], bool] | Expr) -> Path:
    """Where the first argument stands that is wanted, or is this one."""
    return (
        next(p for p, part in enumerate(term.args) if (part == wanted if isinstance(wanted, Expr) else wanted(part))),
    )


def from_moves(context: Context, *moves: Move, lemmas: tuple[Derivation, ...] = ()) -> Derivation:
    """The derivation that consists of these moves."""
    return Derivation("forged", context, moves[0].before, moves[-1].after, Chain(moves[0].before, moves), "=", lemmas)


def induced(
    context: Context,
    before: Expr,
    after: Expr,
    variable: Symbol,
    low: Any,
    base: Callable[[Prover], Any],
    step: Callable[[Prover], Any],
) -> Derivation:
    """By induction; base and step are written from the terms at `low` and at `variable + 1`."""
    parts = []
    for value, write in ((low, base), (variable + 1, step)):
        line = Prover(context, substitute(before, {variable: value}))
        write(line)
        parts.append(line.chain())
    return from_moves(context, Induction(before, after, variable, low, *parts))


def not_at(*points: Any, here: Symbol = n) -> Expr:
    """2 sqrt 2, but sqrt 2 at these points."""
    return Cases((R, any_of(*(eq(here, point) for point in points))), (2 * R, OTHERWISE))


def otherwise(line: Prover) -> Any:
    """The last case, whatever the condition (a case that is false between numbers is gone already)."""
    return line.by("select_case", len(line.here.args) - 1)


def everywhere_but(context: Context, point: Any, low: Any = 0, variable: Symbol = n) -> Derivation:
    """That n is not the point where an exception is made, by induction from `low`."""
    return induced(context, not_at(point, here=variable), 2 * R, variable, as_expr(low), otherwise, otherwise)


ATTACKS: dict[str, Callable[[], Derivation]] = {}
DEFECTS: dict[str, tuple[Callable[[], Derivation], str]] = {}
OPEN: dict[str, tuple[Callable[[], Derivation], str]] = {}


def attack(make: Callable[[], Derivation]) -> Callable[[], Derivation]:
    """Register an attack; its docstring says what it would prove."""
    assert make.__name__ not in ATTACKS
    ATTACKS[make.__name__] = make
    return make


def defect(why: str) -> Callable[[Callable[[], Derivation]], Callable[[], Derivation]]:
    """Register a false statement that was once proved, with the reason."""

    def register(make: Callable[[], Derivation]) -> Callable[[], Derivation]:
        DEFECTS[make.__name__] = (make, why)
        return make

    return register


def still_open(why: str) -> Callable[[Callable[[], Derivation]], Callable[[], Derivation]]:
    """Register a false statement that is proved, with the reason."""

    def register(make: Callable[[], Derivation]) -> Callable[[], Derivation]:
        OPEN[make.__name__] = (make, why)
        return make

    return register


# Inductions: what is known of the variable.


@attack
def a_fact_about_the_variable() -> Derivation:
    """f(5) = g(5), where n = 5 helps the step from 5 to 6 and nobody goes from 4 to 5."""
    return everywhere_but(ctx("n:integer", where=(eq(n, 5),)), 5)


@attack
def a_fact_in_a_disjunction() -> Derivation:
    """The same with n = 5 as the only alternative that can hold."""
    return everywhere_but(ctx("n:integer", "q:integer", where=(any_of(eq(n, 5), lt(q, q)),)), 5)


@attack
def a_fact_through_another_symbol() -> Derivation:
    """The same with n = m and m = 5."""
    return everywhere_but(ctx("n:integer", "m:integer", where=(eq(n, m), eq(m, 5))), 5)


@attack
def a_fact_of_the_sort() -> Derivation:
    """f(1) = g(1) for a size n, the induction starting at -2, where the sort says n >= 1 all the way."""
    return everywhere_but(ctx("n:size"), 1, -2)


@attack
def a_fact_of_the_case() -> Derivation:
    """f(5) = g(5) within the case n = 5 of a split."""
    context = ctx("n:natural")
    inner = everywhere_but(context, 5).chain
    rest = Prover(context, inner.start).by("select_case", 1)
    return from_moves(context, Split(inner.start, (Branch(eq(n, 5), inner), Branch(ne(n, 5), rest.chain()))))


@attack
def a_start_that_is_not_reached() -> Derivation:
    """f(-3) = g(-3) by an induction from 0."""
    return everywhere_but(ctx("n:integer"), -3)


@attack
def a_start_that_the_variable_sets() -> Derivation:
    """An induction on n from n."""
    return everywhere_but(ctx("n:integer", where=(eq(n, 5),)), 5, n)


@attack
def a_start_between_the_integers() -> Derivation:
    """f(0) = g(0) by an induction from -1/2, whose first step goes to 1/2."""
    return everywhere_but(ctx("n:natural"), 0, Rational(-1, 2))


@attack
def a_start_with_a_symbol() -> Derivation:
    """f(m) = g(m) by an induction from m."""
    return everywhere_but(ctx("n:integer", "m:integer", where=(ge(n, m),)), m, m)


@attack
def an_induction_on_a_real() -> Derivation:
    """Every real number is an integer: from a to a + 1."""
    start = Cases((2 * R, eq(floor(a), a)), (R, OTHERWISE))
    first, known = (lambda line: line.by("select_case", 0)), (lambda line: line.known(2 * R))
    return induced(ctx("a:real", where=(ge(a, 0),)), start, 2 * R, a, Integer(0), first, known)


@attack
def an_induction_on_an_index() -> Derivation:
    """An induction on a letter that is not declared."""
    return everywhere_but(ctx("n:natural"), 5, variable=k)


# Inductions: what the hypothesis says.


@attack
def the_hypothesis_in_the_base() -> Derivation:
    """The base by the hypothesis, after which the step is easy."""
    return induced(ctx("n:natural"), not_at(0), 2 * R, n, Integer(0), lambda line: line.known(2 * R), otherwise)


@attack
def the_hypothesis_one_too_far() -> Derivation:
    """The step by the hypothesis at n + 1."""
    return induced(ctx("n:natural"), not_at(5), 2 * R, n, Integer(0), otherwise, lambda line: line.known(2 * R))


@attack
def the_hypothesis_at_another_symbol() -> Derivation:
    """m plays the part of n: the hypothesis at m, which is n + 1."""
    context = ctx("n:natural", "m:natural", where=(eq(m, n + 1),))
    step = lambda line: line.up(not_at(5, here=m), "use_equation", m, n + 1).known(2 * R)  # noqa: E731
    return induced(context, not_at(5), 2 * R, n, Integer(0), otherwise, step)


@attack
def the_hypothesis_backwards_in_the_base() -> Derivation:
    """From the claim up to the question."""
    context = ctx("n:natural")
    up = Step(2 * R, not_at(0, here=Integer(0)), "hypothesis", backwards=True)
    step = Prover(context, 2 * R).up(not_at(0, here=n + 1), "select_case", 1)
    return from_moves(context, Induction(2 * R, not_at(0), n, Integer(0), Chain(2 * R, (up,)), step.chain()))


@attack
def the_hypothesis_without_an_induction() -> Derivation:
    """There is none."""
    return Prover(ctx("n:natural"), not_at(5)).known(2 * R).done()


@attack
def the_hypothesis_with_a_value() -> Derivation:
    """The hypothesis at n = 5, as if it were a lemma."""
    step = lambda line: line.write("hypothesis", 2 * R, (n, n + 1))  # noqa: E731
    return induced(ctx("n:natural"), not_at(5), 2 * R, n, Integer(0), otherwise, step)


@attack
def the_hypothesis_after_the_induction() -> Derivation:
    """What was assumed in the step, used when the induction is over."""
    context = ctx("n:natural")
    good = induced(context, not_at(-1), 2 * R, n, Integer(0), otherwise, lambda line: line.by("select_case", 1))
    after = Step(2 * R, not_at(-1), "hypothesis", backwards=True)
    return from_moves(context, *good.chain.moves, after)


@attack
def the_outer_hypothesis_for_another_m() -> Derivation:
    """m is never n + 1 where it is not 1: in the step an induction on m, with the hypothesis about the outer m."""
    context = ctx("n:natural", "m:natural", where=(ne(m, 1),))
    before = not_at(-1, here=n - m)
    later = substitute(before, {n: n + 1})
    base = Prover(context, substitute(later, {m: Integer(0)})).by("select_case", 1)
    # From (n + 1, m + 1) the difference is that of (n, m), so that the line looks like the outer hypothesis.
    step = Prover(context, substitute(later, {m: m + 1})).known(2 * R)
    assert step.start == before
    inner = Induction(later, 2 * R, m, Integer(0), base.chain(), step.chain())
    start = Prover(context, substitute(before, {n: Integer(0)})).by("select_case", 1)
    return from_moves(context, Induction(before, 2 * R, n, Integer(0), start.chain(), Chain(later, (inner,))))


# Inductions: what else depends on the variable.


@attack
def a_definition_that_moves_along() -> Derivation:
    """x[0] = 2 sqrt 2 although x[k] is sqrt 2 where k + 5 = n: the definition at n is not the one at n + 1."""
    body = Cases((R, eq(k + 5, n)), (2 * R, OTHERWISE))
    context = ctx("n:natural", defs=(Definition(x, (k,), body),))
    by_definition = lambda line: line.by("definition").by("select_case", 1)  # noqa: E731
    return induced(context, x[0], 2 * R, n, Integer(0), by_definition, by_definition)


@attack
def a_definition_that_moves_along_in_its_arrays() -> Derivation:
    """The same through an array that is defined by another one."""
    body = Cases((R, eq(k + 5, n)), (2 * R, OTHERWISE))
    context = ctx("n:natural", defs=(Definition(x, (k,), body), Definition(h, (k,), x[k])))
    same = lambda line: line.known(2 * R)  # noqa: E731
    return induced(context, h[0], 2 * R, n, Integer(0), same, same)


@attack
def a_range_that_moves_along() -> Derivation:
    """c[n] = 0 for an array of n + 1 numbers, as the next one says."""
    row = array("c", (0, n), outside="zero")
    nothing = lambda line: line.by("zero_outside")  # noqa: E731
    return induced(ctx("n:natural", arrays=(row,)), row[n + 1], Integer(0), n, Integer(0), nothing, nothing)


@attack
def an_index_named_like_the_variable() -> Derivation:
    """The sum over n from 0 to m has nothing to do with n."""
    total = IndexSum(R * n, n, 0, m)
    return induced(
        ctx("n:natural", "m:natural"), total, R * m, n, Integer(0), lambda line: line, lambda line: line.known(R * m)
    )


@attack
def a_question_without_an_answer_before() -> Derivation:
    """n/n = 1 for a size n, by an induction that passes through 0."""
    start = Mul(n, Pow(n, -1, evaluate=False), R, evaluate=False)
    one = lambda line: line.by("algebra", R)  # noqa: E731
    at_zero = lambda line: line.write("algebra", R, R)  # noqa: E731
    return induced(ctx("n:size"), start, R, n, Integer(0), at_zero, one)


@attack
def an_answer_that_is_none_on_the_way() -> Derivation:
    """An answer that has no value at n = 3, where the context forbids it and the induction passes through."""
    after = Cases((R / (n - 3), eq(n, 3)), (2 * R, OTHERWISE))
    up = lambda at, number: lambda line: line.up(substitute(after, {n: at}), "select_case", number)  # noqa: E731
    context = ctx("n:natural", where=(ne(n, 3),))
    return induced(context, 2 * R, after, n, Integer(0), up(Integer(0), 0), up(n + 1, 1))


# Inductions: what they are made of.


@attack
def a_base_that_is_empty() -> Derivation:
    """No base at all."""
    return induced(ctx("n:natural"), not_at(0), 2 * R, n, Integer(0), lambda line: line, otherwise)


@attack
def a_step_that_is_empty() -> Derivation:
    """No step at all."""
    return induced(ctx("n:natural"), not_at(1), 2 * R, n, Integer(0), otherwise, lambda line: line)


@attack
def a_step_from_n_to_n() -> Derivation:
    """The step leads from the question at n, which is the hypothesis itself."""
    context = ctx("n:natural")
    move = everywhere_but(context, 1).chain.moves[0]
    return from_moves(context, replace(move, step=Prover(context, not_at(1)).known(2 * R).chain()))


@attack
def a_step_that_leaves_a_case_out() -> Derivation:
    """The step by cases that leave out n = 4."""
    context = ctx("n:natural")
    start = not_at(5, here=n + 1)
    parts = [Branch(c, Prover(context, start).by("select_case", 1).chain()) for c in (lt(n, 4), gt(n, 4))]
    split = Split(start, tuple(parts))
    after = Prover(context, split.after).by("regroup_cases", Cases((2 * R, OTHERWISE))).by("select_case", 0)
    move = everywhere_but(context, 5).chain.moves[0]
    return from_moves(context, replace(move, step=Chain(start, (split, *after.moves))))


# Laws read backwards.


@attack
def a_sum_out_of_nothing() -> Derivation:
    """0 is a sum that may have terms."""
    return Prover(ctx("n:natural"), Integer(0)).up(IndexSum(R, k, 0, n), "empty_sum").done()


@attack
def one_term_becomes_many() -> Derivation:
    """A number is the sum of n + 1 like it."""
    return Prover(ctx("n:natural"), R).up(IndexSum(R, k, 0, n), "single_term").done()


@attack
def nothing_is_a_power_of_nothing() -> Derivation:
    """0 = 0**n, which is 1 at n = 0."""
    line = R * Pow(0, n)
    return Prover(ctx("n:natural"), Integer(0)).up(line, "power_of_zero", path=place_of(line, Pow(0, n))).done()


@attack
def an_entry_out_of_nothing() -> Derivation:
    """0 is an entry that may lie in the range."""
    return Prover(ctx("n:integer", arrays=(h,)), Integer(0)).up(h[n], "zero_outside").done()


@attack
def a_definition_before_its_range() -> Derivation:
    """What h[-1] would be by definition is h[-1], which is 0."""
    context = ctx("n:integer", defs=(Definition(h, (k,), R + k),))
    return Prover(context, R + n).up(h[n], "definition").done()


@attack
def a_wider_window() -> Derivation:
    """More terms, which are not 0."""
    wide = IndexSum(R, k, -1, n)
    return Prover(ctx("n:natural"), IndexSum(R, k, 0, n)).up(wide, "restrict_to_support", Integer(0), n).done()


@attack
def a_factor_into_a_sum_without_end() -> Derivation:
    """0 times a sum that may diverge."""
    total = IndexSum(x[k], k, -oo, oo)
    made = IndexSum(a * x[k], k, -oo, oo)
    return Prover(ctx("a:real", arrays=(x,)), a * total).up(made, "constant_out_of_sum").done()


@attack
def a_case_nobody_chose() -> Derivation:
    """A number becomes cases of which it is one."""
    return Prover(ctx("n:integer"), R).up(Cases((R, eq(n, 0)), (2 * R, OTHERWISE)), "select_case", 0).done()


@attack
def cases_out_of_cases() -> Derivation:
    """Cases that agree at n = 0 only, read from right to left."""
    one, other = Cases((R, eq(n, 0)), (2 * R, OTHERWISE)), Cases((R, le(n, 0)), (2 * R, OTHERWISE))
    return Prover(ctx("n:integer"), one).up(other, "regroup_cases", one).done()


@attack
def an_equation_of_another_place() -> Derivation:
    """n = 0 holds in the first case; the second one is written with it."""
    start = Cases((R, eq(n, 0)), (Integer(0), OTHERWISE))
    after = Cases((R, eq(n, 0)), (R * n, OTHERWISE))
    return Prover(ctx("n:integer"), start).up(after, "use_equation", n, Integer(0), path=(1, 0)).done()


@attack
def a_quotient_out_of_one() -> Derivation:
    """1 = n/n, also at n = 0."""
    line = Mul(n, Pow(n, -1, evaluate=False), evaluate=False)
    return Prover(ctx("n:integer"), Integer(1)).up(line, "algebra", Integer(1)).done()


@attack
def a_pole_becomes_a_sum() -> Derivation:
    """The closed form of a geometric sum is one, also at ratio 1."""
    closed = (1 - a ** (n + 1)) / (1 - a)
    return Prover(ctx("a:real", "n:natural"), closed).up(IndexSum(a**k, k, 0, n), "geometric_sum").done()


@attack
def a_choice_out_of_nothing() -> Derivation:
    """0 is a binomial coefficient that may be something."""
    return Prover(ctx("n:integer", "k:integer"), Integer(0)).up(Binomial(n, k), "outside_binomial").done()


@attack
def a_lemma_backwards() -> Derivation:
    """A lemma for a >= 0 gives |a| from a anywhere."""
    line = R * Abs(a)
    forger = Forger(ctx("a:real", where=(ge(a, 0),)), line)
    lemma = forger.by("absolute_value", 1, path=place_of(line, Abs(a))).done("L")
    made = Step(lemma.right, lemma.left, "lemma", ("L",), (ge(a, 0),), backwards=True)
    return from_moves(ctx("a:real"), made, lemmas=(lemma,))


@attack
def backwards_under_forgotten_limits() -> Derivation:
    """|k| from k within a sum that begins below 0."""
    line = IndexSum(R * Abs(k), k, -n, n)
    place = (0, *place_of(line.body, Abs(k)))
    return Prover(ctx("n:natural"), IndexSum(R * k, k, -n, n)).up(line, "absolute_value", 1, path=place).done()


# Recursions.


def recursive(body: Expr, own: Array = y, *more: Definition) -> Derivation:
    """A line about an array that is defined in a circle."""
    context = ctx("m:natural", defs=(*more, Definition(own, (n, k)[: len(own.axes)], body)))
    return Prover(context, own[(m,) * len(own.axes)]).by("definition").done()


RING, SHORT, SQUARE = (
    array("y", (0, 5), outside="wraps"),
    signal("y", 0, 5),
    array("y", (0, oo), (0, oo), outside="zero"),
)


RECURSIONS = {
    "upwards": lambda: recursive(y[n + 1] + 1),
    "at_itself_in_a_case": lambda: recursive(Cases((Integer(0), eq(n, 0)), (y[n] + R, OTHERWISE))),
    "through_its_own_value": lambda: recursive(1 + y[floor(y[n - 1])]),
    "through_its_own_value_below": lambda: recursive(1 + y[Max(floor(y[n - 1]), n - 1)]),
    "in_the_condition": lambda: recursive(Cases((Integer(0), gt(y[n], 0)), (Integer(1), OTHERWISE))),
    "a_sum_up_to_itself": lambda: recursive(R + IndexSum(y[k], k, 0, n)),
    "in_the_limit_of_a_sum": lambda: recursive(R + IndexSum(R, k, 0, floor(SHORT[n])), SHORT),
    "without_a_beginning": lambda: recursive(x[n - 1] + 1, x),
    "where_it_is_an_error": lambda: recursive(R + y[n - 1], array("y", (0, oo))),
    "around": lambda: recursive(R + RING[n - 1], RING),
    "down_in_the_other_axis": lambda: recursive(R + SQUARE[n, k - 1], SQUARE),
    "down_in_the_other_axis_and_up": lambda: recursive(R + SQUARE[n + 1, k - 1], SQUARE),
    "through_another": lambda: recursive(R + h[n], y, Definition(h, (n,), y[n])),
    "a_wrong_guard": lambda: recursive(Cases((y[n - 1], ge(n, 0)), (y[n + 1], OTHERWISE)) + y[Abs(n - 3)]),
}


# Lemmas.


@attack
def a_lemma_about_another_definition() -> Derivation:
    """What holds for x[k] = k + 1 is said of z[k] = k + 2."""
    lemma = Forger(ctx(defs=(Definition(x, (k,), R + k),)), x[0]).by("definition").done("L")
    other = signal("z")
    context = ctx(defs=(Definition(other, (k,), R + 2 * k + 1),))
    step = Step(other[0], R, "lemma", ("L", (x, other)), ())
    return from_moves(context, step, lemmas=(lemma,))


@attack
def a_lemma_about_any_array() -> Derivation:
    """x[-1] = 0 for a sequence from 0 on, said of a sequence over all integers."""
    line = R * h[-1]
    lemma = Forger(ctx(arrays=(h,)), line).by("zero_outside", path=place_of(line, h[-1])).done("L")
    step = Step(R * x[-1], Integer(0), "lemma", ("L", (h, x)), ())
    return from_moves(ctx(arrays=(x,)), step, lemmas=(lemma,))


@attack
def a_parameter_caught_by_a_value() -> Derivation:
    """x[k] = k + n at n = k is not x[k] = 2 k."""
    lemma = Forger(ctx("n:integer", defs=(Definition(x, (k,), R * (k + n)),)), x[1]).by("definition").done("L")
    context = ctx("k:integer", defs=(Definition(x, (k,), 2 * R * k),))
    step = Step(x[1], R * (1 + k), "lemma", ("L", (n, k)), ())
    return from_moves(context, step, lemmas=(lemma,))


@attack
def a_lemma_at_an_undefined_value() -> Derivation:
    """A lemma about every real, at 1/n."""
    lemma = Forger(ctx("a:real"), a - a + R).by("regroup_cases", Cases((R, ge(a, 0)), (R, OTHERWISE))).done("L")
    step = Step(R, substitute(lemma.right, {a: 1 / n}), "lemma", ("L", (a, 1 / n)), (ne(n, 0),))
    return from_moves(ctx("n:integer"), step, lemmas=(lemma,))


@attack
def a_lemma_at_an_imaginary_number() -> Derivation:
    """sign |a**2| = sign a**2 for real a, said of an imaginary one."""
    p = Symbol("p", imaginary=True)
    forger = Prover(ctx("a:real"), R * sign(Abs(a**2, evaluate=False), evaluate=False))
    lemma = forger.by("absolute_value", 1, path=(*forger.place(sign), 0)).done("L")
    return Forger(ctx(), substitute(lemma.left, {a: p}), lemma).by("lemma", "L", (a, p)).done()


# Sums, binomial coefficients, quotients.


@attack
def a_triangle_becomes_a_square() -> Derivation:
    """The pairs i <= j <= n are taken for all pairs up to n."""
    start = IndexSum(IndexSum(R * i * j, j, i, n), i, 0, n)
    return Forger(ctx("n:natural"), start).by("exchange_sums", Integer(0), n, Integer(0), n).done()


@attack
def a_triangle_of_strict_pairs() -> Derivation:
    """The diagonal is lost."""
    start = IndexSum(IndexSum(R * i * j, j, i, n), i, 0, n)
    return Forger(ctx("n:natural"), start).by("exchange_sums", Integer(0), n, Integer(0), j - 1).done()


@attack
def terms_that_are_split_in_the_middle() -> Derivation:
    """1/k = 1 + (1/k - 1), also for k = 0, where there is only a Cases to save it."""
    body = Cases((R, eq(k, 0)), (R / k, OTHERWISE))
    return Forger(ctx("n:natural"), IndexSum(body, k, 0, n)).by("split_summand", R, R / k - R).done()


@attack
def telescoping_across_a_pole() -> Derivation:
    """1/(k (k+1)) telescopes from -2 to 1, poles or not."""
    start = IndexSum(R * Cases((1 / (k * (k + 1)), ne(k * (k + 1), 0)), (Integer(0), OTHERWISE)), k, -2, 1)
    return Forger(ctx(), start).by("telescope", -R / k).done()


@attack
def pascal_at_zero() -> Derivation:
    """C(n, k) = C(n-1, k) + C(n-1, k-1) by falling arguments, for n >= 0 as well."""
    context = ctx("n:natural", "k:integer")
    right = R * Binomial(n - 1, k) + R * Binomial(n - 1, k - 1)
    return Forger(context, R * Binomial(n, k)).by("algebra", right).done()


@attack
def symmetry_for_every_integer() -> Derivation:
    """C(n, k) = C(n, n - k), which fails for n < 0."""
    context = ctx("n:integer", "k:integer")
    return Forger(context, R * Binomial(n, k)).by("algebra", R * Binomial(n, n - k)).done()


@attack
def absorption_at_zero() -> Derivation:
    """C(n, k) = n/k C(n-1, k-1) where k may be 0 and n may be 0."""
    context = ctx("n:natural", "k:natural")
    return Forger(context, R * Binomial(n, k)).by("algebra", R * n * Binomial(n - 1, k - 1) / k).done()


@attack
def a_negative_divisor() -> Derivation:
    """n >= m gives n/m >= 1, whatever the sign of m."""
    context = ctx("n:integer", "m:integer", where=(ge(n, m), ne(m, 0)))
    return Forger(context, Cases((R, ge(n / m, 1)), (2 * R, OTHERWISE))).by("select_case", 0).done()


@attack
def a_divisor_that_may_be_nothing() -> Derivation:
    """m (n/m) = n in a case of which the condition has no value at m = 0."""
    term = Mul(m, Add(n / m, 1), evaluate=False)
    after = Cases((R, eq(term, n + m)), (R, OTHERWISE))
    return Forger(ctx("n:integer", "m:integer"), R).by("regroup_cases", after).done()


@attack
def the_greatest_of_two_equals() -> Derivation:
    """max(n, m) = n where n >= m - 1."""
    return Forger(ctx("n:integer", "m:integer", where=(ge(n, m - 1),)), Max(n, m)).by("largest", n).done()


@attack
def the_least_of_nested_ones() -> Derivation:
    """min(n, m, 0) = n where n <= m."""
    return Forger(ctx("n:integer", "m:integer", where=(le(n, m),)), Min(n, m, 0)).by("smallest", n).done()


@attack
def the_support_of_a_sum_with_an_outer_index() -> Derivation:
    """The terms of h[k - j] summed over j from 0 to n are 0 for k > n: they are not."""
    body = IndexSum(h[k - j], j, 0, n)
    context = ctx("n:natural", arrays=(h,))
    return Forger(context, IndexSum(R * body, k, 0, 9)).by("restrict_to_support", Integer(0), Min(n, 9)).done()


@attack
def a_branch_that_cannot_be() -> Derivation:
    """sqrt 2 = 3 sqrt 2: what is shown in a branch that contradicts itself, used outside of it."""
    context = ctx("n:natural")
    inside = Prover(context, R).by("regroup_cases", Cases((3 * R, OTHERWISE))).by("select_case", 0)
    split = Split(R, (Branch(lt(n, 0), inside.chain()), Branch(ge(n, 0), Chain(R))))
    last = Prover(context, split.after).by("select_case", 0)
    return from_moves(context, split, *last.moves)


@attack
def no_branches() -> Derivation:
    """Cases of which there are none."""
    split = Split(R, ())
    step = Step(R, 2 * R, "regroup_cases", (2 * R,), (FALSE,))
    return Derivation("forged", ctx(), R, 2 * R, Chain(R, (split, step)))


@attack
def a_sine_of_what_looks_like_an_integer() -> Derivation:
    """sin(pi a) = 0, where a = n (2m + 2)/6 is thought to be an integer."""
    third = n * (2 * m + 2) / 6
    context = ctx("a:real", "n:integer", "m:integer", where=(eq(a, third),))
    return from_moves(context, Step(R * sin(pi * a), Integer(0), "use_equation", (a, third), (eq(a, third),)))


@attack
def an_end_that_is_infinite_in_one_direction() -> Derivation:
    """A sum from 0 to infinity times 2n + 1, which is a sum over nothing for n < 0."""
    body = Cases((R, eq(k, 0)), (Integer(0), OTHERWISE))
    start = IndexSum(body, k, 0, oo * (2 * n + 1))
    return Forger(ctx("n:integer"), start).by("restrict_to_support", Integer(0), Integer(0)).by("single_term").done()


# What was once proved although it is false.


@defect("lemma._stands_for lets a defined array over all integers stand for one that is 0 outside a range")
def a_definition_beyond_the_range() -> Derivation:
    """h[-5] = sqrt 2 for a sequence from 0 on, by a lemma about x[k] = sqrt 2 over all integers."""
    lemma = Forger(ctx(defs=(Definition(x, (k,), R),)), x[-5]).by("definition").done("L")
    return Forger(ctx(defs=(Definition(h, (k,), R),)), h[-5], lemma).by("lemma", "L", (x, h)).done()


@defect("Definition.substituted renames a parameter to a name that its second pass replaces")
def a_parameter_renamed_into_a_value() -> Derivation:
    """x[0] = sqrt 2 k although x[j] = sqrt 2 (5 + k), by a lemma about x[k] = sqrt 2 (k + n)."""
    prime = integer("k'")
    context = ctx("n:integer", "k':integer", defs=(Definition(x, (k,), R * (k + n)),))
    lemma = Forger(context, x[0]).by("definition").done("L")
    here = ctx("k:integer", defs=(Definition(x, (j,), R * (5 + k)),))
    return Forger(here, x[0], lemma).by("lemma", "L", (n, k), (prime, Integer(5))).done()


@defect("apply_lemma does not ask that the lemma's hypotheses have a value at the values")
def a_hypothesis_without_a_value() -> Derivation:
    """m is not 0, by a lemma for t (1/t + 1) = w != 0 at t = 0 and w = 1."""
    u = real("t")
    context = ctx("t:real", "w:real", where=(eq(u * (1 / u + 1), w), ne(w, 0)))
    lemma = Forger(context, Cases((R, eq(u, 0)), (2 * R, OTHERWISE))).by("select_case", 1).done("L")
    start = substitute(lemma.left, {u: m})
    return Forger(ctx("m:natural"), start, lemma).by("lemma", "L", (u, m), (w, m + 1)).done()


@defect("lemma._stands_for puts symbols, but not arrays, into the range of an array")
def a_range_that_mentions_an_array() -> Derivation:
    """z[floor(w[0]) + 1] = 0 for z from 0 to floor(x[0]), by a lemma about y from 0 to floor(x[0])."""
    end, v = floor(x[0]), signal("w")
    one, other = Array("y", ((0, end),), "zero"), Array("z", ((0, end),), "zero")
    forger = Prover(ctx(arrays=(x, one)), R * one[end + 1])
    lemma = forger.by("zero_outside", path=forger.place(Entry)).done("L")
    start = substitute(lemma.left, {x: v, one: other})
    return Forger(ctx(arrays=(x, v, other)), start, lemma).by("lemma", "L", (x, v), (one, other)).done()


@defect("apply_lemma takes symbols that are not ours for values; obligations says nothing of a symbol")
def a_symbol_of_another_make() -> Derivation:
    """0 = 2, by a lemma for 3 n = 5, which is said to be so of the letter that bound indices get in comparisons."""
    dummy = Dummy("bound0", integer=True, dummy_index=10_000_000)
    ours, squares = IndexSum(i * n, i, 1, 2), IndexSum(i * i, i, 1, 2)
    context = ctx("n:integer", "a:real", where=(eq(a, ours + R), eq(a, squares + R)))
    rest = lambda term: R + Mod(term, 3, evaluate=False)  # noqa: E731
    line = Prover(context, R).by("regroup_cases", Cases((rest(3 * n), OTHERWISE))).by("select_case", 0)
    place = (*line.place(Mod), 0)
    first = IndexSum(i * n, i, 1, 1) + 2 * n
    line.up(rest(first), "single_term", path=(*place, *place_of(first, IndexSum(i * n, i, 1, 1))))
    line.up(rest(ours), "split_last", path=place).up(rest(a - R), "use_equation", a, ours + R, path=place)
    line.by("use_equation", a, squares + R, path=place).by("split_last", path=place)
    line.by("single_term", path=(*place, *place_of(look(line.here, place)[0], IndexSum(i * i, i, 1, 1))))
    return Forger(ctx(), R, line.done("L")).by("lemma", "L", (n, dummy), (a, squares + R)).done()


@defect("check_context does not run check_indices on definitions, so obligations and _goes_down ask about another N")
def a_circle_behind_a_shadow() -> Derivation:
    """0 = 1: y[n] = y[n] + 1, where the index N of a sum is a symbol known to be negative."""
    context = ctx("N:integer", where=(le(N, -5),), defs=(Definition(y, (n,), 1 + IndexSum(y[N] + n - N, N, n, n)),))
    line = Prover(context, R).by("algebra", Add(R, y[-N], -y[-N], evaluate=False))
    line.by("definition", path=place_of(line.here, y[-N]))
    return line.by("single_term", path=line.place(IndexSum)).done()


@defect("check_context does not run check_indices on definitions, so an index may bring assumptions of its own")
def an_index_of_another_make_in_a_definition() -> Derivation:
    """y[0] = 0 and y[0] = 1, where y[n] is the sum of 0**(p + n) for p from 0 to 0 and p says that it is positive."""
    p, own = Symbol("p", integer=True, positive=True), integer("p")
    context = ctx(defs=(Definition(y, (n,), IndexSum(Pow(0, p + n), p, 0, 0)),))
    line = Prover(context, R + IndexSum(Integer(0), i, 0, 0))
    line.by("fold_definition", y[0], path=line.place(IndexSum))
    made = R + IndexSum(y[own], own, 0, 0)
    line.up(made, "single_term", path=place_of(made, IndexSum(y[own], own, 0, 0)))
    place = line.place(IndexSum)
    return (
        line.by("definition", path=(*place, 0)).by("single_term", path=(*place, 0)).by("single_term", path=place).done()
    )


@defect("symbols in arguments of laws are not asked whether they are ours, and may go from the line as SymPy builds it")
def an_index_of_another_make_in_an_argument() -> Derivation:
    """0 = 1: the sum over k of T(k + 1) - T(k), where T(3) = 1 is built as 0 because an index says it is positive."""
    p = Symbol("p", integer=True, positive=True)
    terms = IndexSum(Pow(0, i + 2 - k), i, 0, 0) - IndexSum(Pow(0, i + 3 - k), i, 0, 0)
    return (
        Forger(ctx(), R + IndexSum(R * terms, k, 0, 2))
        .by("telescope", R * IndexSum(Pow(0, p + 3 - k), p, 0, 0), path=(1,))
        .done()
    )


@defect("the zero test folds signs (s**2 = 1) into bases: (s - 1)**(n + 1) (s + 1) is 0 in the ring, and not at n = -1")
def a_base_made_of_signs() -> Derivation:
    """((-1)**k - 1)**(n + 1) ((-1)**k + 1) = 0, which is 2 for n = -1 and even k."""
    context = ctx("n:integer", "k:integer", where=(ge(n, -1),))
    start = R * Pow((-1) ** k - 1, n + 1) * ((-1) ** k + 1)
    return Forger(context, start).by("algebra", Integer(0)).done()


THIRD = (2 * m + 2) ** 2 / 3
"""SymPy 1.14 takes this for positive (an even number over an odd one is no integer to it, so not 0): 0 at m = -1."""


@defect("SymPy puts 0 for 0**t as it is rebuilt, where it takes the exponent for positive")
def a_power_of_nothing_that_looks_positive() -> Derivation:
    """0**t = 0 for t = (2m + 2)**2/3, also at m = -1."""
    context = ctx("t:natural", "m:integer", where=(eq(t, THIRD),))
    return from_moves(context, Step(R * Pow(0, t), Integer(0), "use_equation", (t, THIRD), (eq(t, THIRD),)))


@defect("SymPy puts 1 for sign(b)**2 as the power is rebuilt, where it takes b for not 0")
def a_sign_squared() -> Derivation:
    """sign(b)**2 = 1 for b = (2m + 2)(4k + 4)/3, also at m = -1."""
    value = (2 * m + 2) * (4 * k + 4) / 3
    context = ctx("b:real", "k:integer", "m:integer", where=(eq(b, value),))
    return from_moves(context, Step(R * sign(b) ** 2, R, "use_equation", (b, value), (eq(b, value),)))


@defect("`expanded` lets SymPy work out functions again in exponents")
def a_sign_in_an_exponent() -> Derivation:
    """2**sign(...) = 2, also where what the sign is taken of is 0."""
    inside = Max(2 * m, 2 * k) ** 2 * Rational(2, 3) + (n**2 + m**2) * k**2
    context = ctx("n:integer", "m:integer", "k:integer")
    return Forger(context, R * 2 ** sign(inside, evaluate=False)).by("algebra", 2 * R).done()


@defect("nothing asks whether a sum without end that a step brings in converges")
def a_sum_without_a_value() -> Derivation:
    """0 = the sum of 2**k over all integers k: S - S, shifted, is 2 S - S."""
    total = IndexSum(2**k, k, -oo, oo)
    line = Prover(ctx(), Integer(0)).by("algebra", Add(total, -total, evaluate=False))
    place = place_of(line.here, total)
    line.by("shift_index", j, Integer(1), path=place)
    place = line.place(IndexSum)
    line.by("algebra", Mul(2, 2**j, evaluate=False), path=(*place, 0)).by("constant_out_of_sum", path=place)
    return line.by("algebra", total).done()


# What is proved although it is false.


@still_open("SymPy puts 0 for a power of 0 again as it builds the product around it: Mul.flatten, not only rebuild")
def a_power_of_nothing_in_a_product() -> Derivation:
    """0**t = 0 for t = (2m + 2)**2/3, also at m = -1, where the line between is 0 times sqrt 2."""
    context = ctx("t:natural", "m:integer", where=(eq(t, THIRD),))
    return Forger(context, R * Pow(0, t)).by("use_equation", t, THIRD).by("algebra", Integer(0)).done()


ENDLESS = IndexSum(2**k, k, -oo, oo)


def doubled(line: Prover, place: Path) -> Prover:
    """The line in which ENDLESS at the place, shifted by one, is twice ENDLESS."""
    line.by("shift_index", j, Integer(1), path=place)
    shifted = IndexSum(2 ** (j + 1), j, -oo, oo)
    place = (*place[:-1], *place_of(look(line.here, place[:-1])[0], shifted))
    return line.by("algebra", Mul(2, 2**j, evaluate=False), path=(*place, 0)).by("constant_out_of_sum", path=place)


@still_open("brings_endless_sum trusts use_equation, whose value may bring S - S")
def a_sum_without_a_value_in_an_equation() -> Derivation:
    """n = n + S, where n = n + S - S and S = 2 S is the sum of 2**k over all integers k."""
    line = Prover(ctx("n:integer"), R * n).by("use_equation", n, Add(n, ENDLESS, -ENDLESS, evaluate=False))
    place = line.place(Add)
    inner = look(line.here, place)[0]
    return doubled(line, (*place, *place_of(inner, ENDLESS))).by("algebra", R * (n + ENDLESS)).done()


@still_open("brings_endless_sum trusts lemmas, whose values may be sums without end")
def a_sum_without_a_value_in_a_lemma() -> Derivation:
    """1 = (S + 1) - S for the same S."""
    lemma = Forger(ctx("a:real"), R).by("algebra", R * (a + 1) - R * a).done("L")
    return Forger(ctx(), R, lemma).by("lemma", "L", (a, ENDLESS)).done()


@still_open("nothing asks for sums without end in the claim of an induction, where a factor 0 hides them in the base")
def a_sum_without_a_value_in_an_induction() -> Derivation:
    """0 = n S for the same S."""
    after = R + n * ENDLESS

    def step(line: Prover) -> None:
        line.known(after).by("algebra", Add(after, ENDLESS, -ENDLESS, evaluate=False))
        doubled(line, place_of(line.here, ENDLESS)).by("algebra", R + (n + 1) * ENDLESS)

    return induced(ctx("n:natural"), R, after, n, Integer(0), lambda line: line, step)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused(name: str) -> None:
    """Refused by the checker or as no term at all."""
    with pytest.raises(REFUSED):
        check(ATTACKS[name]())


@pytest.mark.parametrize("name", RECURSIONS)
def test_a_recursion_in_a_circle_is_refused(name: str) -> None:
    """A definition that uses itself where nothing says that it comes to an end."""
    with pytest.raises(REFUSED):
        check(RECURSIONS[name]())


@pytest.mark.parametrize("name", DEFECTS)
def test_defect(name: str) -> None:
    """A false statement that was once proved is refused."""
    with pytest.raises((*REFUSED, RuleDoesNotApply)):
        check(DEFECTS[name][0]())


@pytest.mark.parametrize("name", OPEN)
def test_still_open(name: str) -> None:
    """A false statement that was proved when the others were already refused."""
    with pytest.raises((*REFUSED, RuleDoesNotApply)):
        check(OPEN[name][0]())


def test_a_parameter_named_like_a_symbol() -> None:
    """x[5] = y[0] = n, where x[n] is defined with a parameter that is called n as well."""
    context = ctx("n:integer", defs=(Definition(y, (j,), j + n), Definition(x, (n,), y[0])))
    assert evaluate(x[5], {n: 100}, context) == 100


def test_how_many() -> None:
    """No attack is lost."""
    assert len(ATTACKS) + len(RECURSIONS) >= 78


def test_the_prover_can_tell_the_truth() -> None:
    """The same tools prove what is true, so that the refusals are not for their clumsiness."""
    context = ctx("n:natural", "m:natural")
    proved = [
        everywhere_but(context, -1),
        everywhere_but(ctx("n:integer", "m:integer", where=(ge(n, m), ge(m, 6))), 5, m),
        Prover(context, Integer(0)).up(IndexSum(R, k, 1, 0), "empty_sum").done(),
        Prover(context, 2 * R).up(not_at(-1), "select_case", 1).done(),
        recursive(Cases((R, eq(n, 0)), (2 * y[n - 1], OTHERWISE))),
        recursive(R + IndexSum(y[k], k, 0, n - 1)),
    ]
    for derivation in proved:
        assert check(derivation).verdict.kind == "proved"

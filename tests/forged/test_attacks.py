"""Derivations made by hand to be accepted although they are false; each was accepted once, or could have been.

Every attack replays true laws on cunning data and claims what they seem to give. Irrational numbers keep the exact
points from helping: the refusal must come from the laws, the conditions or the context.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sympy import Abs, Add, Dummy, Expr, Float, Integer, Max, Mod, Mul, Pow, Rational, Symbol, floor, oo, pi

import derive.rules.algebra
import derive.rules.cases
import derive.rules.sums  # noqa: F401  (registers the laws)
from derive.errors import IllFormed, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Chain, Derivation, Path, Step
from derive.kernel.law import law_named
from derive.kernel.lemma import apply_lemma
from derive.kernel.places import look, put
from derive.language import (
    OTHERWISE,
    TRUE,
    Array,
    Cases,
    Condition,
    Context,
    Definition,
    IndexSum,
    declare,
    eq,
    ge,
    integer,
    le,
    lt,
    ne,
    real,
    signal,
    substitute,
)
from derive.language.context import Declaration

R = IndexSum(1, integer("many"), 1, 10**9)
n, m, k, i, j, q = (integer(s) for s in "nmkijq")
a, b, s, y_ = real("a"), real("b"), real("s"), real("y")
x, h = signal("x"), signal("h", 0)


def ctx(
    *sorts: str, where: tuple[Condition, ...] = (), defs: tuple[Definition, ...] = (), arrays: tuple[Array, ...] = ()
) -> Context:
    """Context from `name:sort` texts."""
    declared = tuple(declare(*text.split(":")) for text in sorts)
    return Context(declared, where, defs, arrays)


class Forger:
    """Makes a chain by replaying laws, without asking whether their conditions hold."""

    def __init__(self, context: Context, start: Expr, *lemmas: Derivation) -> None:
        self.context, self.start, self.here, self.lemmas = context, start, start, lemmas
        self.moves: list[Step] = []

    def by(self, rule: str, *arguments: Any, path: Path = ()) -> Forger:
        """One more step."""
        target, around = look(self.here, path)
        local = self.context.with_hypotheses(*around)
        if rule == "lemma":
            made = apply_lemma(self.lemmas, local, target, arguments)
        else:
            made = law_named(rule).applied(local, target, arguments)
        after = put(self.here, path, made.after)
        self.moves.append(Step(self.here, after, rule, arguments, made.conditions, path, made.relation))
        self.here = after
        return self

    def done(self, name: str = "forged") -> Derivation:
        """The derivation."""
        return Derivation(
            name, self.context, self.start, self.here, Chain(self.start, tuple(self.moves)), "=", self.lemmas
        )


def at_part(forger: Forger, kind: type, rule: str, *arguments: Any) -> Forger:
    """The rule at the first argument of that kind."""
    place = next(number for number, part in enumerate(forger.here.args) if isinstance(part, kind))
    return forger.by(rule, *arguments, path=(place,))


ATTACKS: dict[str, Callable[[], Derivation]] = {}


def attack(make: Callable[[], Derivation]) -> Callable[[], Derivation]:
    """Register an attack; its docstring says what it would prove."""
    ATTACKS[make.__name__] = make
    return make


@attack
def second_otherwise() -> Derivation:
    """sqrt 2 = 3 sqrt 2: two cases for everything, the second one chosen."""
    return Forger(ctx(), R).by("regroup_cases", Cases((R, TRUE), (3 * R, TRUE))).by("select_case", 1).done()


@attack
def empty_range_hides_a_quotient() -> Derivation:
    """The sum over nothing is sqrt 2 at n = 0: the factor 1/n is cancelled by the number of terms."""
    return Forger(ctx("n:natural"), IndexSum(R / n, k, 1, n)).by("sum_of_constant").done()


@attack
def empty_range_hides_a_quotient_when_telescoping() -> Derivation:
    """The same by telescoping."""
    return Forger(ctx("n:natural"), IndexSum(R / n, k, 1, n)).by("telescope", R * (k - 1) / n).done()


@attack
def empty_range_hides_a_quotient_beyond_small_points() -> Derivation:
    """0 = 1 at n = 7, with a rational goal and no small point to see it."""
    context = ctx("n:integer", where=(ge(n, 7),))
    return Forger(context, IndexSum(1 / (n - 7), k, 8, n)).by("sum_of_constant").done()


@attack
def a_condition_rewritten_under_itself() -> Derivation:
    """The case n = 0 becomes 0 = 0, so it is chosen for every n."""
    start = Cases((R, eq(n, 0)), (2 * R, OTHERWISE))
    return Forger(ctx("n:integer"), start).by("use_equation", n, Integer(0), path=(0, 1, 1)).by("select_case", 0).done()


@attack
def a_lemma_at_infinity() -> Derivation:
    """sqrt 2 = 2 sqrt 2: 2**-a is not 0 for a real a, and 0 at infinity."""
    start = Cases((R, eq(2 ** (-a), 0)), (2 * R, OTHERWISE))
    lemma = Forger(ctx("a:real"), start).by("select_case", 1).done("L")
    there = substitute(lemma.left, {a: oo})
    return Forger(ctx(), R, lemma).by("regroup_cases", there).by("lemma", "L", (a, oo)).done()


@attack
def a_sign_with_half_an_exponent() -> Derivation:
    """(-1)**max(n, m) = 1: the exponent is written as half of twice itself."""
    term = (-1) ** (Max(2 * n, 2 * m) / 2)
    return Forger(ctx("n:integer", "m:integer"), R * term).by("algebra", R).done()


@attack
def division_between_integers() -> Derivation:
    """floor(n/m)/2 is never 1/2, if it is divided like integers."""
    start = Cases((R, eq(floor(n / m) / 2, Rational(1, 2))), (2 * R, OTHERWISE))
    return Forger(ctx("n:integer", "m:size"), start).by("select_case", 1).done()


@attack
def a_definition_that_says_nothing_at_0() -> Derivation:
    """n x[n] = 1 also at n = 0, where x[0] = 1/0."""
    forger = Forger(ctx("n:integer", defs=(Definition(x, (n,), 1 / n),)), n * x[n])
    return forger.by("definition", path=(forger.here.args.index(x[n]),)).done()


@attack
def a_circular_definition() -> Derivation:
    """x[n] = x[n] + 1."""
    return Forger(ctx("n:integer", defs=(Definition(x, (n,), x[n] + 1),)), x[n]).by("definition").done()


@attack
def a_definition_caught_by_an_index() -> Derivation:
    """x[0] is k, whatever k is where it stands."""
    context = ctx("n:natural", defs=(Definition(x, (i,), k),))
    forger = Forger(context, IndexSum(j, j, 0, n)).by("rename_index", k).by("fold_definition", x[0], path=(0,))
    return forger.by("sum_of_constant").done()


@attack
def a_hypothesis_about_a_bound_index() -> Derivation:
    """k = 0 for the k of a sum."""
    context = ctx("n:natural", where=(eq(k, 0),))
    return Forger(context, IndexSum(R * k, k, 0, n)).by("use_equation", k, Integer(0), path=(0,)).done()


@attack
def an_index_that_is_positive() -> Derivation:
    """|k| = k for k from -n to n, because the new index says it is positive."""
    p = Symbol("p", integer=True, positive=True)
    forger = Forger(ctx("n:natural"), IndexSum(R * Abs(k), k, -n, n))
    return forger.by("rename_index", p).by("rename_index", k).done()


@attack
def an_index_that_is_even() -> Derivation:
    """(-1)**k = 1 for all k."""
    forger = Forger(ctx("n:natural"), IndexSum(R * (-1) ** k, k, 0, n))
    return forger.by("rename_index", Symbol("e", even=True)).by("sum_of_constant").done()


@attack
def a_symbol_with_assumptions() -> Derivation:
    """A "real" that SymPy takes for an integer."""
    r = Symbol("r", integer=True)
    context = Context((Declaration(r, "real"),))
    return Forger(context, Cases((Integer(1), ne(2 * r, 1)), (Integer(2), OTHERWISE))).by("select_case", 0).done()


@attack
def a_dummy_like_ours() -> Derivation:
    """The name that bound indices get in comparisons, used as a free symbol."""
    dummy = Dummy("bound0", integer=True, dummy_index=10_000_000)
    context = Context((Declaration(dummy, "integer"), declare("n", "natural")))
    return Forger(context, IndexSum(R * (k + dummy), k, 0, n)).by("algebra", IndexSum(2 * R * k, k, 0, n)).done()


@attack
def half_a_limit() -> Derivation:
    """A range that begins at 1/2 counts half a term."""
    forger = Forger(ctx("n:size"), IndexSum(R, k, 1, n)).by("restrict_to_support", Rational(1, 2), n)
    return forger.by("sum_of_constant").done()


@attack
def a_real_limit() -> Derivation:
    """The sum of 1 from 0 to a is a + 1, for a real a."""
    return Forger(ctx("a:real", where=(ge(a, 0),)), IndexSum(Integer(1), k, 0, a)).by("sum_of_constant").done()


@attack
def half_an_index() -> Derivation:
    """x[n/2] = n/2 by the definition x[k] = k."""
    return Forger(ctx("n:integer", defs=(Definition(x, (k,), k),)), x[n / 2]).by("definition").done()


@attack
def a_range_from_0_to_minus_infinity() -> Derivation:
    """A sum over all times is a sum over nothing."""
    forger = Forger(ctx(arrays=(h,)), IndexSum(R * h[k], k, 0, oo)).by("restrict_to_support", Integer(0), -oo)
    return forger.by("empty_sum").done()


@attack
def two_divergent_sums() -> Derivation:
    """1 = 0, by joining and shifting sums that have no value."""
    ones = lambda low, high: IndexSum(R, k, low, high)  # noqa: E731
    start = ones(n, m - 1) + ones(m, oo)
    return Forger(ctx("n:integer", "m:integer", where=(le(n - 1, m - 1),)), start).by("join_ranges").done()


@attack
def infinite_hypothesis() -> Derivation:
    """0 <= infinity as a hypothesis."""
    return Forger(ctx(where=(le(0, oo),)), R).by("algebra", R).done()


@attack
def arrays_of_one_name() -> Derivation:
    """Two arrays x, told apart by ranges that are equal for n = m."""
    one, other = Array("x", ((0, n),), "zero"), Array("x", ((0, m),), "zero")
    context = ctx("n:natural", "m:natural", where=(eq(n, m),), arrays=(one, other))
    return Forger(context, one[0]).by("use_equation", n, m).done()


@attack
def inside_the_array() -> Derivation:
    """A path into the range of an array."""
    array = Array("x", ((0, Mul(n, n + 1)),), "zero")
    context = ctx("n:natural", arrays=(array,))
    return Forger(context, array[0]).by("algebra", n**2 + n, path=(0, 1, 0, 1)).done()


@attack
def two_definitions() -> Derivation:
    """x[0] is sqrt 2 and 3 sqrt 2."""
    context = ctx(defs=(Definition(x, (i,), R), Definition(x, (i,), 3 * R)))
    lemma = Forger(ctx(defs=(Definition(x, (i,), 3 * R),)), x[0]).by("definition").done("L")
    return Forger(context, R, lemma).by("fold_definition", x[0]).by("lemma", "L").done()


@attack
def wrapping_and_support() -> Derivation:
    """An array that wraps around is taken for 0 beyond its first turn."""
    ring = Array("c", ((0, n - 1),), "wraps")
    context = ctx("n:size", defs=(Definition(ring, (i,), Cases((R, eq(i, 0)), (Integer(0), OTHERWISE))),))
    forger = Forger(context, IndexSum(ring[k], k, 0, 2 * n - 1)).by("restrict_to_support", Integer(0), Integer(0))
    return forger.by("single_term").by("definition").by("select_case", 0).done()


@attack
def an_empty_ring() -> Derivation:
    """An entry of an array that wraps around but has none."""
    ring = Array("c", ((0, n - 1),), "wraps")
    return Forger(ctx("n:natural", arrays=(ring,)), (n + 1) * ring[0]).by("algebra", n * ring[0] + ring[0]).done()


@attack
def a_float() -> Derivation:
    """x + 1e-30 = 1 at x = 1."""
    return Forger(ctx("a:real", where=(eq(a, 1),)), a + Float("1e-30")).by("use_equation", a, Integer(1)).done()


@attack
def an_undefined_hypothesis() -> Derivation:
    """s = 1/y and y = 0 give s y = 1 and s y = 0."""
    context = ctx("s:real", "y:real", where=(eq(s, 1 / y_), eq(y_, 0)))
    return Forger(context, s * y_).by("use_equation", s, 1 / y_).done()


@attack
def an_undefined_range() -> Derivation:
    """An array from 0 to 1/a."""
    array = Array("z", ((0, 1 / a),), "zero")
    start = Add(array[0], array[0], evaluate=False)
    return Forger(ctx("a:real", arrays=(array,)), start).by("algebra", 2 * array[0]).done()


@attack
def a_cancelled_quotient() -> Derivation:
    """sqrt 2 / sqrt 2 with 1/n in between, cancelled by the factor n beside it."""
    start = Mul(n, Pow(n, -1, evaluate=False), evaluate=False)
    return Forger(ctx("n:integer"), start).by("algebra", Integer(1)).done()


@attack
def a_lost_hypothesis_of_a_lemma() -> Derivation:
    """A lemma for a != 1, used at a = 1."""
    context = ctx("a:real", "n:natural", where=(ne(a, 1),))
    lemma = Forger(context, IndexSum(a**k, k, 0, n)).by("geometric_sum").done("L")
    return Forger(ctx("n:natural"), IndexSum(Integer(1), k, 0, n), lemma).by("lemma", "L", (a, Integer(1))).done()


@attack
def a_lemma_for_integers_at_a_half() -> Derivation:
    """A lemma about integers, used at 1/2."""
    start = Cases((R, ne(2 * n, 1)), (2 * R, OTHERWISE))
    lemma = Forger(ctx("n:integer"), start).by("select_case", 0).done("L")
    there = substitute(lemma.left, {n: Rational(1, 2)})
    return Forger(ctx(), there, lemma).by("lemma", "L", (n, Rational(1, 2))).done()


@attack
def an_even_factor_over_six() -> Derivation:
    """floor(t/6) = t/6, where SymPy takes n (2m + 2)/6 for an integer and drops the floor."""
    t = integer("t")
    context = ctx("n:integer", "m:integer", "t:integer", where=(eq(t, n * (2 * m + 2)),))
    forger = Forger(context, R * floor(t / 6)).by("use_equation", t, n * (2 * m + 2))
    return forger.by("algebra", R * n * (2 * m + 2) / 6).done()


@attack
def a_limit_that_sympy_takes_for_an_integer() -> Derivation:
    """A sum that begins at n (2m + 2)/6."""
    context = ctx("n:integer", "m:integer", "N:size", where=(eq(n, 1), eq(m, 0)))
    forger = Forger(context, IndexSum(R, k, 1, integer("N")))
    return forger.by("restrict_to_support", n * (2 * m + 2) / 6, integer("N")).by("sum_of_constant").done()


@attack
def a_third_for_an_integer() -> Derivation:
    """A lemma about integers at n (2m + 2)/6."""
    start = Cases((R, eq(3 * q, 1)), (2 * R, OTHERWISE))
    lemma = Forger(ctx("q:integer"), start).by("select_case", 1).done("L")
    third = n * (2 * m + 2) / 6
    there = substitute(lemma.left, {q: third})
    return Forger(ctx("n:integer", "m:integer"), there, lemma).by("lemma", "L", (q, third)).done()


@attack
def a_remainder_of_a_remainder() -> Derivation:
    """2 (2 mod 3) mod 3 = 4: SymPy drops the outer remainder as it builds."""
    context = ctx("n:integer", "t:integer", where=(eq(integer("t"), Mod(n, 3)),))
    forger = Forger(context, R * Mod(2 * integer("t"), 3)).by("use_equation", integer("t"), Mod(n, 3))
    return forger.by("algebra", R * 2 * Mod(n, 3)).done()


@attack
def not_a_term() -> Derivation:
    """A Python number where a term should be."""
    step = Step(Integer(1), 1, "algebra", (Integer(1),))
    return Derivation("forged", ctx(), Integer(1), 1, Chain(Integer(1), (step,)))


@attack
def values_that_are_not_pairs() -> Derivation:
    """A lemma with values of the wrong shape."""
    lemma = Forger(ctx("a:real"), a + a).by("algebra", 2 * a).done("L")
    step = Step(a + a, 2 * a, "lemma", ("L", "a", {}), ())
    return Derivation("forged", ctx("a:real"), a + a, 2 * a, Chain(a + a, (step,)), "=", (lemma, lemma))


@attack
def the_goal_under_irrational_lines() -> Derivation:
    """Lines that no exact point can read, between ends that it can: 1 = 3 at the goal."""
    one = Mul(pi, Pow(pi, -1, evaluate=False), evaluate=False)
    step = Step(Integer(1), one, "algebra", (one,))
    return Derivation("forged", ctx(), Integer(1), Integer(3), Chain(Integer(1), (step,)))


@attack
def contradiction_far_away() -> Derivation:
    """Hypotheses about q that cannot hold, beside a question about n."""
    return Forger(ctx("n:integer", "q:integer", where=(lt(q, 0), ge(q, 1))), n + R).by("algebra", R + n).done()


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused(name: str) -> None:
    """Refused while it is made (the law does not speak of it) or by the checker, never accepted."""
    with pytest.raises((StepRejected, RuleDoesNotApply, IllFormed)):
        check(ATTACKS[name]())


def test_how_many() -> None:
    """No attack is lost."""
    assert len(ATTACKS) >= 41


def test_the_forger_can_tell_the_truth() -> None:
    """The same tools prove what is true, so that the refusals are not for their clumsiness."""
    context = ctx("n:size")
    proved = [
        Forger(context, IndexSum(R / n, k, 1, n)).by("sum_of_constant").done(),
        Forger(context, IndexSum(R * k, k, 0, n)).by("shift_index", j, Integer(2)).done(),
        Forger(ctx("n:integer", where=(ge(n, 1000),)), Max(n, 7)).by("largest", n).done(),
    ]
    for derivation in proved:
        assert check(derivation).verdict.kind == "proved"
    assert check(proved[2]).points >= 4


def test_substitution_at_once() -> None:
    """The fresh name of a bound index is not taken for one that is to be replaced."""
    prime = integer("k'")
    found = substitute(IndexSum(n + k, k, 0, m), {n: k, prime: Integer(5)})
    assert found == IndexSum(k + prime, prime, 0, m)

"""Statements of all kinds are decided: true ones proved, false ones refuted, and none of the false ones accepted."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest
from sympy import Abs, Expr, Integer, Pow, Rational, Symbol, ceiling, exp, floor, log, sqrt

from derive.claims.deciding import decide
from derive.claims.judging import judge
from derive.claims.lemmas import by_library
from derive.claims.library import Known, Library
from derive.claims.proofs import proved
from derive.claims.searching import Search
from derive.claims.stated import Claim
from derive.claims.statements import Answer, Statement
from derive.kernel.derivation import Derivation
from derive.language import (
    Context,
    Entry,
    ForAll,
    IndexSum,
    Partial,
    Variance,
    all_of,
    any_of,
    array,
    between,
    chance,
    declare,
    eq,
    ge,
    gt,
    implies,
    integer,
    le,
    ne,
    real,
)
from derive.language.counting import Binomial
from derive.language.forms import of
from derive.rules.closed_forms import closed_form
from derive.rules.combine import derived
from tests.claims.statements_true import TRUE_ONES, mutants
from tests.fuzz.budget import WHOLE

a, b = real("a"), real("b")
i, j, k, m, n, L, S, N = (integer(name) for name in "ijkmnLSN")
_a, _b, _L, _n, _S, _N = (
    declare(letter, sort)
    for letter, sort in (("a", "real"), ("b", "real"), ("L", "size"), ("n", "natural"), ("S", "size"), ("N", "size"))
)
x = array("x", (1, L))
NOT_PROVED: set[str] = set()
"""True, and beyond what is found."""
MUTANTS = 3
"""Of each true statement."""


@pytest.mark.share(4)
@pytest.mark.parametrize("name", TRUE_ONES)
def test_a_true_statement_is_never_refuted_and_nearly_always_proved(name: str) -> None:
    """What is said of it is right; a proof is missing only where the list says so."""
    answer = decide(TRUE_ONES[name], 20)
    assert answer.verdict == ("sampled" if name in NOT_PROVED else "proved")
    assert answer.looked > 0 and answer.by and answer.witness is None


def test_nine_of_ten_are_proved_and_half_of_them_fast() -> None:
    """The list is long enough, and few of it are left open."""
    assert len(TRUE_ONES) >= 100 and len(NOT_PROVED) < len(TRUE_ONES) / 10


def _false_ones() -> list[tuple[str, Statement]]:
    return [(name, false) for name, true in TRUE_ONES.items() for false in islice(mutants(true), MUTANTS)]


def test_no_mutant_is_accepted() -> None:
    """A changed sign, limit, index, factor or relation is refuted at an exact point, and never proved or sampled."""
    seen = Counter(decide(false, 5).verdict for _, false in _false_ones()[:: 1 if WHOLE else 4])
    assert sum(seen.values()) >= (230 if WHOLE else 57)
    assert set(seen) == {"refuted"}


def test_no_false_statement_has_a_proof() -> None:
    """Also where no point is looked at first, no proof of a mutant is found."""
    tried = 0
    for _, false in _false_ones()[:: 7 if WHOLE else 35]:
        if false.relation in ("O", "o", "Theta", "~"):
            continue
        assert proved(false, time.monotonic() + 1) is None
        tried += 1
    assert tried >= (30 if WHOLE else 6)


def _answer(context: Context, left: object, relation: str, right: object, **more: object) -> Answer:
    return decide(Statement(context, left, relation, right, **more), 10)  # type: ignore[arg-type]


def _witness(answer: Answer) -> dict[str, object]:
    assert answer.verdict == "refuted" and answer.witness is not None
    return {**dict(answer.witness.values), "left": answer.witness.left, "right": answer.witness.right}


def test_products_of_matrices_do_not_commute() -> None:
    """AB = BA fails for 2 by 2 matrices with few entries that are not 0, and holds for N = 1."""
    A, B = (array(name, (1, N), (1, N)) for name in "AB")
    indices = (declare("i", "integer"), declare("j", "integer"))
    context = Context((_N, *indices), (between(1, i, N), between(1, j, N)), arrays=(A, B))
    one, other = (of("product", *pair) for pair in ((A, B), (B, A)))
    found = _witness(_answer(context, Entry(one, i, j), "=", Entry(other, i, j)))
    assert found["N"] == "2" and found["left"] != found["right"]
    single = context.with_hypotheses(eq(N, 1))
    assert _answer(single, Entry(one, i, j), "=", Entry(other, i, j)).verdict in ("proved", "exact")


def test_a_division_by_zero_that_is_allowed_refutes_and_names_the_hypothesis() -> None:
    """The geometric sum without a != 1, also where both sides have no value there."""
    context = Context((_a, _L))
    total = IndexSum(a**k, k, 0, L - 1)
    for left in (total, (1 - a**L) / (1 - a)):
        answer = _answer(context, left, "=", (1 - a**L) / (1 - a))
        assert answer.verdict == "refuted" and answer.missing == ne(1 - a, 0)
        assert answer.witness is not None and answer.witness.right == "undefined"
        assert ("a", "1") in answer.witness.values
    assert _answer(context.with_hypotheses(ne(a, 1)), total, "=", (1 - a**L) / (1 - a)).verdict == "proved"


def test_hypotheses_that_are_needed_and_those_that_are_not() -> None:
    """a != 1 is used, b > 0 is not."""
    given = (("a \\ne 1", ne(a, 1)), ("b > 0", gt(b, 0)))
    context = Context((_a, _b, _L), tuple(c for _, c in given))
    answer = _answer(context, IndexSum(a**k, k, 0, L - 1), "=", (1 - a**L) / (1 - a), given=given)
    assert (answer.used, answer.unused) == (("a \\ne 1",), ("b > 0",))


def test_smallest_witnesses() -> None:
    """Sizes as small as they can be, and plain numbers."""
    one = Context((_L,), arrays=(x,))
    squared = _witness(_answer(one, IndexSum(x[k], k, 1, L) ** 2, "=", IndexSum(x[k] ** 2, k, 1, L)))
    assert squared == {"L": "2", "x": ["1", "1"], "left": "4", "right": "2"}
    longer = _witness(_answer(Context((_n,)), IndexSum(k, k, 0, n), "=", n**2))
    assert longer == {"n": "2", "left": "3", "right": "4"}
    root = _witness(_answer(Context((_a,)), sqrt(a**2), "=", a))
    assert root == {"a": "-1", "left": "1", "right": "-1"}
    assert _answer(Context((_a,)), sqrt(a**2), "=", Abs(a)).verdict == "proved"


def test_floors_and_ceilings_for_both_signs() -> None:
    """ceil(m/S) = floor((m - 1)/S) + 1 for positive S, and not for negative ones."""
    M, s = declare("m", "integer"), declare("s", "integer")
    top, below = M.symbol, s.symbol
    sides = ceiling(top / below, evaluate=False), floor((top - 1) / below, evaluate=False) + 1
    assert _answer(Context((M, s), (gt(below, 0),)), sides[0], "=", sides[1]).verdict == "proved"
    found = _witness(_answer(Context((M, s), (ne(below, 0),)), sides[0], "=", sides[1]))
    assert str(found["s"]).startswith("-")
    undefined = _answer(Context((M, s), (ge(below, 0),)), sides[0], "=", sides[1])
    assert undefined.missing is not None and _witness(undefined)["s"] == "0"


def test_variances_add_up_only_without_correlation() -> None:
    """Refuted at a joint law in which the terms are correlated; proved where they are uncorrelated."""
    sigma = real("sigma")
    X = array("X", (1, L))
    for entries, verdict in (("any", "refuted"), ("uncorrelated", "proved"), ("independent", "proved")):
        law = chance(X, mean=0, variance=sigma**2, entries=entries)
        context = Context((_L, declare("sigma", "real")), (ge(sigma, 0),), arrays=(X,), chances=(law,))
        assert _answer(context, Variance(IndexSum(X[k], k, 1, L)), "=", L * sigma**2).verdict == verdict


def test_empty_sums_and_zero_to_the_power_zero() -> None:
    """They are 0 and 1."""
    assert _answer(Context((_n,)), IndexSum(k, k, n + 1, n), "=", Integer(0)).verdict == "proved"
    assert _answer(Context((_n,), (eq(n, 0),)), Pow(Integer(0), n, evaluate=False), "=", Integer(1)).verdict == "proved"


@pytest.mark.slow
def test_a_statement_that_is_only_looked_at_is_sampled() -> None:
    """It is true (Franel's numbers, said in two ways), and nothing here proves it."""
    one = IndexSum(Binomial(n, k) ** 3, k, 0, n)
    other = IndexSum(Binomial(n, k) ** 2 * Binomial(2 * k, n), k, 0, n)
    answer = decide(Statement(Context((_n,)), one, "=", other), 10)
    assert answer.verdict == "sampled" and answer.looked >= 10


def test_contradictory_hypotheses_prove_nothing() -> None:
    """Where no point meets the hypotheses a statement is undecided."""
    context = Context((_a,), (gt(a, 1), ge(0, a)))
    answer = _answer(context, a, "=", a + 1)
    assert answer.by == ("the hypotheses contradict each other, so nothing is said",)
    assert answer.verdict == "undecided" and answer.looked == 0


def test_what_is_beyond_all_laws_is_the_same_polynomial_at_small_sizes() -> None:
    """Sums that no law here brings together are compared written out."""
    y = array("y", (1, L))
    context = Context((_L,), arrays=(x, y))
    squares = IndexSum(IndexSum((x[i] * y[j] - x[j] * y[i]) ** 2, j, 1, L), i, 1, L) / 2
    sides = IndexSum(x[k] ** 2, k, 1, L) * IndexSum(y[k] ** 2, k, 1, L) - IndexSum(x[k] * y[k], k, 1, L) ** 2
    assert _answer(context, squares, "=", sides).verdict in ("proved", "exact")
    assert _answer(context, squares, "=", sides + x[1]).verdict == "refuted"


def test_a_proved_claim_is_a_lemma_at_other_letters() -> None:
    """Also at its own letters; where its hypotheses are missing, or with another right side, it is of no use."""
    c, t, p = real("c"), integer("t"), integer("p")
    context = Context((declare("c", "real"), declare("p", "natural")), (ne(c, 1),))
    claim: Derivation = derived("powers", context, IndexSum(c**t, t, 0, p), closed_form(k))
    here = Context((_a, _n), (ne(a, 1),))
    statement = Statement(here, IndexSum(a**k, k, 0, n), "=", (1 - a ** (n + 1)) / (1 - a))
    library = Library((Known("powers", context, claim.left, lambda: claim),))

    def by_lemma(there: Context, left: Expr, right: Expr) -> bool:
        found = by_library(Search(time.monotonic() + 10), there, left, "=", right, library)
        return found is not None and "a proved claim" in found.by

    assert by_lemma(here, statement.left, statement.right)
    assert by_lemma(context, claim.left, claim.right)
    assert not by_lemma(here, statement.left, (1 - a**n) / (1 - a))
    assert not by_lemma(Context((_a, _n)), statement.left, statement.right)
    assert decide(statement, 10, library).verdict == "proved"
    assert library.asked == 1
    wrong = decide(replace(statement, right=(1 - a**n) / (1 - a)), 10, library)
    assert wrong.verdict == "refuted"
    unknown = decide(replace(statement, context=Context((_a, _n))), 10, library)
    assert unknown.verdict == "refuted" and unknown.missing is not None


@pytest.mark.parametrize(
    "fact",
    [
        ForAll(gt(x[k], 0), k, 1, L),
        ForAll(eq(x[k] ** 2, 1), k, 1, L),
        ForAll(any_of(eq(x[k], 0), eq(x[k], 1)), k, 1, L),
        ForAll(ne(x[k], 0), k, 1, L),
        ForAll(ForAll(implies(ne(i, j), ne(x[i], x[j])), i, 1, L), j, 1, L),
        eq(IndexSum(x[k], k, 1, L), 1),
        all_of(eq(IndexSum(x[k], k, 1, L), 1), ForAll(gt(x[k], 0), k, 1, L)),
        ForAll(le(x[k], x[k + 1]), k, 1, L - 1),
        ge(IndexSum(x[k], k, 1, L), 5),
    ],
)
def test_arrays_meet_what_is_said_of_their_entries(fact: object) -> None:
    """Points are found, and a witness is one that the hypothesis allows."""
    context = Context((_L,), (fact,), arrays=(x,))  # type: ignore[arg-type]
    total = IndexSum(x[k], k, 1, L)
    assert _answer(context, 2 * total, "=", IndexSum(2 * x[k], k, 1, L)).looked >= 5
    false = _answer(context, total, "=", total + L - 2)
    assert false.verdict == "refuted" and false.witness is not None and dict(false.witness.values)["L"] in ("1", "3")


def test_symbols_that_an_equation_gives_are_worked_out() -> None:
    """M = 3*L - S is drawn by its equation, not by luck."""
    M = declare("m", "integer")
    context = Context((_L, _S, M), (eq(M.symbol, 30 * L - 7 * S),))
    assert _answer(context, M.symbol + 7 * S, "=", 30 * L).verdict == "proved"
    assert _answer(context, M.symbol + 7 * S, "=", 31 * L).verdict == "refuted"


def test_a_derivative_at_a_kink_refutes() -> None:
    """|x_i| has no slope at 0."""
    context = Context((_L, declare("i", "integer")), (between(1, i, L),), arrays=(x,))
    answer = _answer(context, Partial(Abs(x[i]), x[i]) * x[i], "=", Abs(x[i]))
    assert answer.verdict == "refuted" and answer.witness is not None and answer.witness.left == "undefined"


def test_ratio_and_difference_of_the_sides_are_told_where_they_are_simple() -> None:
    """Half of it, or one more."""
    double = _answer(Context((_n,)), IndexSum(k, k, 0, n), "=", n * (n + 1))
    assert double.verdict == "refuted" and double.ratio == Rational(1, 2)
    more = _answer(Context((_n,)), IndexSum(k, k, 0, n), "=", n * (n + 1) / 2 + 1)
    assert more.difference == -1


def test_numbers_to_the_digits_that_are_written() -> None:
    """Proved with bounds of the error, or refuted."""
    half = Rational(1, 20000)
    assert _answer(Context(), sqrt(2), "approx", Rational(14142, 10000), digits=half).verdict == "proved"
    assert _answer(Context(), sqrt(2), "approx", Rational(14143, 10000), digits=half).verdict == "refuted"
    assert _answer(Context(), log(2) + exp(1), "<", Integer(4)).verdict == "proved"


def test_what_has_no_value_anywhere_is_undecided_or_refuted() -> None:
    """A symbol that means nothing is never accepted."""
    answer = _answer(Context((_a,)), a, "=", a + Symbol("unknown") * 0 + real("c"))
    assert answer.verdict == "undecided" and answer.looked == 0


def test_half_of_the_statements_take_less_than_a_fifth_of_a_second() -> None:
    """Warm, on a machine that does other things as well."""
    taken = []
    for statement in list(TRUE_ONES.values())[::5]:
        start = time.perf_counter()
        decide(statement, 10)
        taken.append(time.perf_counter() - start)
    assert sorted(taken)[len(taken) // 2] < 0.4


def test_time_is_kept() -> None:
    """After the deadline nothing new is begun."""
    start = time.monotonic()
    decide(TRUE_ONES["softmax, slope"], 0.2)
    assert time.monotonic() - start < 6


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (r"\sqrt{\log(2) + 3}", "1.92", "proved"),
        (r"1/\sqrt{\log(2) + 3}", "0.52", "proved"),
        (r"\sqrt{\log(2) + 3}", "1.93", "refuted"),
        (r"\sqrt{\log(2) - 3}", "1.92", "refuted"),
    ],
)
def test_a_root_of_a_known_number_is_decided(left, right, verdict):
    """Whether the number under the root is positive is asked of the number; before, nobody knew."""
    assert judge(Claim("c", left=(left,), right=(right,), relation="approx"), 60.0).verdict == verdict

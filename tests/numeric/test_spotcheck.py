"""Right results pass with counts; every wrong twin is caught at a small exact point."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from sympy import Integer, Max, exp, log, oo

from derive.errors import BadInput, NoPointFound, Undefined
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    IndexSum,
    Indicator,
    Partial,
    array,
    between,
    declare,
    eq,
    ge,
    gt,
    integer,
    lt,
    ne,
    numbers,
    signal,
)
from derive.language.points import evaluate
from derive.numeric.report import SpotCheck
from derive.numeric.spotcheck import TOLERANCE, spot_check
from tests.numeric.pulse import CLAIM, CONTEXT, RIGHT, WRONG, L, a, n, oracle, y


def changed(**values: object) -> SimpleNamespace:
    """The claim about the pulse with other parts."""
    return SimpleNamespace(**{**vars(CLAIM), **values})


def test_right_closed_form_passes() -> None:
    """The right closed form agrees everywhere; points of all layers were compared and none was skipped."""
    found = spot_check(CLAIM, RIGHT, count=40, seed=0)
    assert found.agrees
    assert found.skipped == ()
    assert found.exact_points >= 100
    assert found.boundary_points >= 25
    assert found.degenerate_points >= 40
    assert found.float_points == 200
    assert found.backends == ("numpy",)
    assert found.worst_error < 1e-13
    assert found.tolerance == TOLERANCE


def test_numba_on_request() -> None:
    """Each backend compares all its points, and the report names both."""
    found = spot_check(CLAIM, RIGHT, count=10, seed=2, float_count=50, backends=("numpy", "numba"))
    assert found.agrees
    assert found.backends == ("numpy", "numba")
    assert found.float_points == 100


@pytest.mark.parametrize("seed", range(4))
def test_same_seed_same_report(seed: int) -> None:
    """A spot check can be repeated to the last digit."""
    wrong = WRONG["sign"]
    assert spot_check(CLAIM, RIGHT, seed=seed) == spot_check(CLAIM, RIGHT, seed=seed)
    assert spot_check(CLAIM, wrong, seed=seed) == spot_check(CLAIM, wrong, seed=seed)


WITNESSES = {
    "tail for all n": "at n=-1, L=1, a=2: claimed 1/2, expected 0 (exact)",
    "tail for all n >= 0": "at n=0, L=2, a=2: claimed 3/2, expected 1 (exact)",
    "rise at n = L + 1": "at n=1, L=1, a=2: claimed 3, expected 2 (exact)",
    "limit off by one": "at n=0, L=1, a=2: claimed 0, expected 1 (exact)",
    "sign": "at n=1, L=1, a=2: claimed -6, expected 2 (exact)",
    "no case a = 1": "at n=0, L=1, a=1: claimed undefined, expected 1 (exact)",
    "wrong value at a = 1": "at n=1, L=1, a=1: claimed 0, expected 1 (exact)",
    "not 0 before the pulse": "at n=-2, L=1, a=2: claimed -1/2, expected 0 (exact)",
    "no last case": "at n=1, L=1, a=2: claimed undefined, expected 2 (exact)",
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", WRONG)
def test_wrong_twins_are_caught(name: str, seed: int) -> None:
    """Every wrong twin is refuted, whatever the seed, by a point that a reader checks by hand."""
    found = spot_check(CLAIM, WRONG[name], count=5, seed=seed)
    mismatch = found.mismatch
    assert mismatch is not None
    assert not found.agrees
    assert mismatch.kind == "exact"
    assert set(WITNESSES) == set(WRONG)
    point = {s: Fraction(dict(mismatch.point)[s.name]) for s in (n, L, a)}
    assert str(oracle(int(point[n]), int(point[L]), point[a])) == mismatch.expected
    try:
        assert str(evaluate(WRONG[name], point)) == mismatch.claimed
    except Undefined:
        assert mismatch.claimed == "undefined"
    if seed == 0:
        assert str(mismatch) == WITNESSES[name]
    assert point[L] <= 2


def test_without_random_points_boundaries_alone_catch() -> None:
    """The boundaries of the definition suffice where the result has lost the case."""
    assert spot_check(CLAIM, WRONG["tail for all n >= 0"], count=0).mismatch is not None


def test_hypotheses_are_respected() -> None:
    """A closed form that is right for a = 1 alone passes under a = 1, and not without."""
    at_one = Cases((0, lt(n, 0)), (n + 1, lt(n, L)), (L, OTHERWISE))
    only = changed(context=CONTEXT.with_hypotheses(eq(a, 1)))
    found = spot_check(only, at_one)
    assert found.agrees
    assert found.exact_points >= 30
    assert not spot_check(CLAIM, at_one).agrees


u, v = signal("u"), signal("v", 0)
k = integer("k")
_N = declare("N", "integer")
FREE = SimpleNamespace(
    context=Context((declare("n", "integer"), _N), arrays=(u, v)),
    left=IndexSum(u[k - _N.symbol] * v[n - k], k, -oo, oo),
    oracle=lambda n, N, u, v: sum((u(j - N) * v(n - j) for j in range(-80, 81)), Fraction(0)),
    parameters=("n", "N"),
    free_arrays=(u, v),
)


def test_free_signals() -> None:
    """A law about arbitrary signals is compared with signals drawn at random, also compiled."""
    N = _N.symbol
    found = spot_check(FREE, IndexSum(u[k] * v[n - N - k], k, -oo, oo), count=30, backends=("numpy", "numba"))
    assert found.agrees
    assert found.exact_points >= 30
    assert found.float_points == 400
    assert found.skipped == ()


def test_witness_with_signals_is_small() -> None:
    """A wrong law about signals is refuted by a few entries, most of them 1."""
    N = _N.symbol
    wrong = spot_check(FREE, IndexSum(u[k] * v[n + N - k], k, -oo, oo)).mismatch
    assert wrong is not None
    shown = dict(wrong.point)
    assert abs(int(shown["N"])) <= 1
    assert shown["u"].count("=") == 1
    assert shown["v"].count("=") == 1
    assert {wrong.claimed, wrong.expected} == {"0", "1"}


def test_witness_is_not_missed_where_the_signals_drawn_vanish() -> None:
    """Smaller points are tried with full signals: the one found does not depend on which entries chance made 0."""
    N = _N.symbol
    for seed in range(5):
        wrong = spot_check(FREE, IndexSum(u[k] * v[n - k], k, -oo, oo), count=5, seed=seed).mismatch
        assert wrong is not None and dict(wrong.point)["n"] == "0" and dict(wrong.point)["N"] == "1", seed
        wrong = spot_check(FREE, IndexSum(u[k] * v[N - n - k], k, -oo, oo), count=5, seed=seed).mismatch
        assert wrong is not None and dict(wrong.point)["n"] == "1" and dict(wrong.point)["N"] == "0", seed


def test_witness_may_have_one_size_greater() -> None:
    """L = 3, M = 1 is smaller than L = 5, M = 2 and found from there, and so from any point that fails."""
    sizes = Context((declare("L", "size"), declare("M", "size"), declare("n", "natural")))
    one = SimpleNamespace(context=sizes, left=n, oracle=lambda L, M, n: 0, parameters=("L", "M", "n"), free_arrays=())
    M = sizes.symbols[1]
    for seed in range(5):
        wrong = spot_check(one, Cases((1, ne(L, M)), (0, OTHERWISE)), count=5, seed=seed).mismatch
        assert wrong is not None and dict(wrong.point) == {"L": "1", "M": "2", "n": "0"}
        wrong = spot_check(one, Cases((1, gt(L, 2 * M)), (0, OTHERWISE)), count=5, seed=seed).mismatch
        assert wrong is not None and dict(wrong.point) == {"L": "3", "M": "1", "n": "0"}


def test_finite_array_and_hypothesis_about_its_entries() -> None:
    """Arrays that break a hypothesis about entries are drawn again; where none meets it, the point is counted."""
    p = array("p", (0, L - 1))
    size = declare("L", "size")
    claim = SimpleNamespace(
        context=Context((size,), (ge(p[0], 1),), arrays=(p,)),
        left=IndexSum(p[k], k, 0, L - 1),
        oracle=lambda L, p: sum((p(j) for j in range(L)), Fraction(0)),
        parameters=("L",),
        free_arrays=(p,),
    )
    found = spot_check(claim, p[0] + IndexSum(p[k], k, 1, L - 1), count=8)
    assert found.agrees
    assert not found.skipped and found.exact_points >= 8
    wrong = spot_check(claim, IndexSum(p[k], k, 1, L - 1), count=8).mismatch
    assert wrong is not None
    assert wrong.point == (("L", "1"), ("p", "[0]=1"))
    claim.context = Context((size,), (ge(p[0], 10**6),), arrays=(p,))
    with pytest.raises(NoPointFound, match=r"compared nothing: the arrays drawn do not meet a hypothesis .* \(\d+\)"):
        spot_check(claim, p[0] + IndexSum(p[k], k, 1, L - 1), count=8)


def test_points_where_the_oracle_is_undefined_are_skipped_and_counted() -> None:
    """1/0 in the oracle is no disagreement, and is counted with its reason."""
    claim = SimpleNamespace(
        context=Context((declare("a", "real"),)),
        left=1 / a,
        oracle=lambda a: 1 / a,
        parameters=("a",),
        free_arrays=(),
    )
    found = spot_check(claim, a**-1, count=10)
    assert found.agrees
    assert dict(found.skipped)["the oracle divides by 0"] >= 1


def test_comparing_nothing_is_an_error() -> None:
    """A check that looked at nothing has failed."""

    def never(**_: object) -> Fraction:
        raise Undefined("never defined")

    with pytest.raises(NoPointFound, match=r"compared nothing: the oracle is undefined"):
        spot_check(changed(oracle=never), RIGHT)
    with pytest.raises(NoPointFound, match="no point satisfies"):
        spot_check(changed(context=CONTEXT.with_hypotheses(eq(a, 1), eq(a, 2))), RIGHT)


def test_floats_alone_where_nothing_is_rational() -> None:
    """An exponential has no exact value: its points are skipped with the reason, and compared in float64."""
    claim = changed(left=exp(a), oracle=lambda a: math.exp(a), parameters=("a",))
    found = spot_check(claim, exp(a / 2) ** 2)
    assert found.agrees
    assert found.exact_points == 0
    assert found.float_points > 50
    assert dict(found.skipped)["the oracle gives no exact value"] >= 10
    wrong = spot_check(claim, exp(a / 2)).mismatch
    assert wrong is not None
    assert wrong.kind == "numpy, result"


def test_definition_that_is_not_the_oracle() -> None:
    """A definition that disagrees with the oracle is found, although the result agrees with it."""
    other = replace(
        CONTEXT,
        definitions=(*CONTEXT.definitions[:2], Definition(y, (n,), Integer(2) * CONTEXT.definitions[2].body)),
    )
    wrong = spot_check(changed(context=other), RIGHT).mismatch
    assert wrong is not None
    assert wrong.kind == "numpy, definition"


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: spot_check(CLAIM, RIGHT, backends=("torch",)), "'torch' is not a backend"),
        (lambda: spot_check(changed(parameters=("n", "L", "q")), RIGHT), "parameters q are not declared"),
        (lambda: spot_check(CLAIM, RIGHT + integer("w")), "the result speaks of w"),
    ],
)
def test_bad_questions(call: Callable[[], SpotCheck], why: str) -> None:
    """What is wrong with the question is said before anything is compared."""
    with pytest.raises(BadInput, match=why):
        call()


SIZE = declare("N", "size")
_z, _j, _i = array("z", (1, SIZE.symbol)), integer("j"), integer("i")
_p = array("p", (1, SIZE.symbol))
SOFTMAX = Context(
    (SIZE, declare("i", "integer"), declare("j", "integer")),
    (between(1, _i, SIZE.symbol), between(1, _j, SIZE.symbol)),
    (Definition(_p, (k,), exp(_z[k]) / IndexSum(exp(_z[integer("l")]), integer("l"), 1, SIZE.symbol)),),
    (_z,),
)


def softmax_slope(N: int, i: int, j: int, z: Callable[[int], Any]) -> Any:
    """The derivative of entry i of the softmax when entry j varies."""

    def share(varying: Any) -> Any:
        entries = [varying if q == j else z(q) for q in range(1, N + 1)]
        return numbers.exp(entries[i - 1]) / sum(numbers.exp(entry) for entry in entries)

    return numbers.slope(share, z(j))


JACOBIAN = SimpleNamespace(
    context=SOFTMAX, left=Partial(_p[_i], _z[_j]), oracle=softmax_slope, parameters=("N", "i", "j"), free_arrays=(_z,)
)


def test_derivative_is_checked_exactly_and_in_floats() -> None:
    """The Jacobian of softmax: numbers of the field of powers of e, and floats of the result against the oracle."""
    found = spot_check(JACOBIAN, _p[_i] * (Indicator(eq(_i, _j)) - _p[_j]), count=15, float_count=40)
    assert found.agrees
    assert found.exact_points >= 25 and found.boundary_points >= 15
    assert found.float_points == 40 and found.worst_error < 1e-12
    assert [reason for reason, _ in found.skipped] == [
        "the definition cannot be compiled, compared with the oracle alone: loops cannot follow a partial derivative"
    ]


def test_mismatch_between_powers_of_e_can_be_read() -> None:
    """A wrong Jacobian is refuted at the smallest size, with both values as formulas."""
    wrong = spot_check(JACOBIAN, _p[_i] * Indicator(eq(_i, _j)) - _p[_j] ** 2, count=5).mismatch
    assert wrong is not None
    shown = "claimed -e**2/(1 + 2*e + e**2), expected -e/(1 + 2*e + e**2) (exact)"
    assert str(wrong) == f"at N=2, i=2, j=1, z=[1]=1: {shown}"
    missed = spot_check(JACOBIAN, -_p[_i] * _p[_j], count=5).mismatch
    assert missed is not None and dict(missed.point)["N"] == "1"
    assert (missed.claimed, missed.expected) == ("-1", "0")


def test_oracle_with_values_that_are_not_exact() -> None:
    """A logarithm of an integer is compared to many digits, and counted apart."""
    N = SIZE.symbol
    entropy = SimpleNamespace(
        context=Context((SIZE,)),
        left=log(N),
        oracle=lambda N: -sum(Fraction(1, N) * numbers.log(Fraction(1, N)) for _ in range(N)),
        parameters=("N",),
        free_arrays=(),
    )
    found = spot_check(entropy, log(N), count=10)
    assert found.agrees and found.float_points >= 5 and found.worst_error < 1e-14
    assert found.exact_points == 1 and found.close_points >= 5 and not found.skipped  # log(1) = 0 is known exactly
    wrong = spot_check(entropy, log(N + 1), count=10).mismatch
    assert wrong is not None and wrong.kind == "exact" and wrong.point == (("N", "1"),)
    near = spot_check(entropy, log(N) + (N - 1) / 10**40, count=10).mismatch
    assert near is not None and near.point == (("N", "2"),)


def test_edges_of_derivatives_are_skipped() -> None:
    """At a kink neither the oracle nor the result is asked for a slope that does not exist."""
    x = array("x", (1, 1))
    claim = SimpleNamespace(
        context=Context(arrays=(x,)),
        left=Partial(Max(0, x[1]), x[1]),
        oracle=lambda x: numbers.slope(lambda t: max(0, t), x(1)),
        parameters=(),
        free_arrays=(x,),
    )
    found = spot_check(claim, Indicator(gt(x[1], 0)), count=3)
    assert found.agrees and found.exact_points >= 1


def test_arrays_with_many_axes() -> None:
    """Sums over four axes; points whose arrays would not fit in memory are skipped and counted."""
    N = SIZE.symbol
    x = array("x", *((1, 2 * N),) * 4, outside="zero")
    l, m = integer("l"), integer("m")  # noqa: E741
    total = IndexSum(IndexSum(IndexSum(x[k, l, m, 1], k, 1, N), l, 1, N), m, 1, N)
    claim = SimpleNamespace(
        context=Context((SIZE, declare("n", "integer")), arrays=(x,)),
        left=total,
        oracle=lambda N, n, x: sum(x(p, q, r, 1) for p, q, r in product(range(1, N + 1), repeat=3)),
        parameters=("N", "n"),
        free_arrays=(x,),
    )
    swapped = IndexSum(IndexSum(IndexSum(x[k, l, m, 1], l, 1, N), m, 1, N), k, 1, N)
    found = spot_check(claim, swapped, count=6, float_count=20, backends=("numpy", "numba"))
    assert found.agrees and found.exact_points >= 3 and found.float_points >= 10
    assert dict(found.skipped)["an array would have too many entries"] >= 3
    wrong = spot_check(claim, swapped + x[N, 1, 1, 2], count=6).mismatch
    assert wrong is not None and dict(wrong.point)["N"] == "1"
    assert dict(wrong.point)["x"] == "[1, 1, 1, 2]=1"

"""Contexts answer with a proof, a counterexample, or not at all."""

from __future__ import annotations

import time

import pytest
from sympy import Expr, Max, Min, Mod, floor

from derive.errors import IllFormed, NotAffine
from derive.language import (
    Condition,
    Context,
    Definition,
    all_of,
    any_of,
    between,
    declare,
    eq,
    ge,
    gt,
    implies,
    integer,
    le,
    lt,
    ne,
    negate,
    signal,
    support,
)
from derive.language.domains import Domain, index_ranges, is_empty, is_subset, where_inhabited
from derive.language.integers import simplified, solved_for
from derive.language.points import holds

D = {
    name: declare(name, sort)
    for name, sort in {"n": "integer", "L": "size", "S": "size", "a": "real", "b": "real"}.items()
}
n, L, S, a, b = (D[name].symbol for name in "nLSab")
i = integer("i")
CONTEXT = Context(tuple(D.values()))


@pytest.mark.parametrize(
    ("given", "wanted", "answer", "by"),
    [
        ([], ge(L, 1), True, "hypothesis"),
        ([], ge(L, 0), True, "isl"),
        ([], ge(n, 0), False, "isl"),
        ([ge(n, L)], ge(n - L + 1, 1), True, "isl"),
        ([], le(Min(n, L - 1), n), True, "isl"),
        ([], ge(Max(n, L), L + 1), False, "isl"),
        ([], eq(floor((2 * n + 1) / 2), n), True, "isl"),
        ([], any_of(lt(n, 0), between(0, n, L - 1), ge(n, L)), True, "isl"),
        ([], any_of(lt(n, 0), between(0, n, L - 2), ge(n, L)), False, "isl"),
        ([ne(a, 1)], ne(1 - a, 0), True, "z3"),
        ([], ne(1 - a, 0), False, "z3"),
        ([gt(a, 0), gt(b, a)], gt(a * b, 0), True, "z3"),
        ([], ge(L * S, 1), True, "z3"),
        ([ge(n, 0)], le(S * floor(n / S), n), True, "z3"),
        ([], ge(n**L, n), None, "z3 found no proof within its limit"),
        ([], eq(a**n, a**n + 0), True, "z3"),
    ],
)
def test_entails(given: list[Condition], wanted: Condition, answer: bool | None, by: str) -> None:
    """Affine questions go to isl, the rest to z3; what is undecided is said to be."""
    context = CONTEXT.with_hypotheses(*given)
    decision = context.decide(wanted)
    assert (decision.value, decision.by) == (answer, by)
    if answer is False:
        point = dict(decision.point)
        assert not holds(wanted, point)
        assert all(holds(f, point) for f in context.facts if f.free_symbols <= point.keys())


def test_a_hard_question_ends() -> None:
    """A question beyond z3 comes back undecided after its limit, well under ten seconds."""
    sizes = Context(tuple(declare(s, "size") for s in "pqr"))
    p, q, r = sizes.symbols
    before = time.perf_counter()
    assert sizes.entails(ne(p**3 + q**3, r**3)) is not False
    assert time.perf_counter() - before < 10


def test_a_fact_that_is_of_no_use() -> None:
    """What follows from some hypotheses follows from more, also where z3 loses its way among products."""
    d = [declare(name, "size") for name in "MSN"] + [D["n"]]
    m, s, size, _ = (one.symbol for one in d)
    remainder = Mod(s * n + 1, size, evaluate=False)
    for context in (Context(tuple(d)), Context(tuple(d), (eq(size, s * m),))):
        assert context.entails(all_of(le(0, remainder), le(remainder, size - 1))) is True
        assert context.entails(le(remainder, size - 2)) is not True


def test_needed_hypotheses() -> None:
    """Of the hypotheses given, those that the conclusion needs are named, and no others."""
    context = CONTEXT.with_hypotheses(ge(n, L), le(n, 100), ne(a, 1))
    assert context.needed_for(ge(n, 0)) == (ge(L, 1), ge(n, L))
    assert context.needed_for(ne(1 - a, 0)) == (ne(a, 1),)


@pytest.mark.parametrize(
    ("hypotheses", "consistent"),
    [
        ((), True),
        ((lt(n, 0), ge(n, 1)), False),
        ((eq(a, 1), ne(a, 1)), False),
        ((lt(L, 1),), False),
        ((gt(a * b, 0),), True),
    ],
)
def test_consistency(hypotheses: tuple[Condition, ...], consistent: bool) -> None:
    """Contradictory hypotheses are noticed, whatever they are about."""
    assert CONTEXT.with_hypotheses(*hypotheses).is_consistent() is consistent


def test_declared_once() -> None:
    """A name has one meaning in a context."""
    with pytest.raises(IllFormed, match="twice"):
        Context((declare("n", "size"), declare("n", "real")))
    with pytest.raises(IllFormed):
        declare("n", "sizes")


def test_window_of_the_pulse() -> None:
    """The three cases of the pulse and the limits in them come out of the supports alone."""
    x, h = signal("x", 0, L - 1), signal("h", 0)
    context = Context((D["n"], D["L"], D["a"]), definitions=(Definition(h, (n,), a**n),))
    alive = all_of(support(context, x[i] * h[n - i]), ge(L, 1))
    found = {
        (str(solved_for(simplified(where, ge(L, 1), [n, L]), n)), low, high)
        for where, low, high in index_ranges(Domain((i,), alive, (n, L)))
    }
    assert found == {("0 <= n and n <= L - 1", 0, n), ("n >= L", 0, L - 1)}


def test_domains() -> None:
    """Empty, contained, inhabited; several indices; what is not affine is said to be."""
    triangle = Domain((n, i), all_of(between(0, n, L), between(0, i, n)), (L,))
    square = Domain((n, i), all_of(between(0, n, L), between(0, i, L)), (L,))
    assert is_subset(triangle, square)
    assert not is_subset(square, triangle)
    assert not is_empty(triangle)
    assert is_empty(Domain((n,), all_of(gt(2 * n, 2 * L), lt(2 * n, 2 * L + 2)), (L,)))
    assert CONTEXT.entails(where_inhabited(triangle)) is True
    assert CONTEXT.entails(where_inhabited(Domain((i,), between(3, i, L), (L,)))) is False
    with pytest.raises(NotAffine):
        index_ranges(triangle)
    with pytest.raises(NotAffine):
        is_empty(Domain((i,), between(0, S * i, L), (L, S)))
    with pytest.raises(NotAffine, match="no end"):
        index_ranges(Domain((i,), ge(i, n), (n,)))


def test_support_by_structure() -> None:
    """A product is confined by each factor, a sum by none alone, a zero nowhere."""
    x, y = signal("x", 0, L - 1), signal("y", 2, 5)
    assert support(CONTEXT, x[i] * y[n - i]) == all_of(between(0, i, L - 1), between(2, n - i, 5))
    assert support(CONTEXT, x[i] + y[i]) == any_of(between(0, i, L - 1), between(2, i, 5))
    assert support(CONTEXT, x[i] * 0) == any_of()
    assert support(CONTEXT, x[i] + 1) == all_of()


@pytest.mark.parametrize(
    "condition", [lt(n, 0), between(0, n, L), any_of(eq(n, 1), ne(L, 2)), implies(gt(n, 0), lt(n, L))]
)
def test_negation(condition: Condition) -> None:
    """A condition or its negation holds, never both, at every point of a grid."""
    looked = 0
    for here in range(-3, 5):
        for size in range(1, 5):
            point: dict[Expr, int] = {n: here, L: size}
            assert holds(condition, point) is not holds(negate(condition), point)
            looked += 1
    assert looked == 32

"""What a term depends on, where it is smooth, and what is known around a point."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Abs, Expr, Integer, Max, Min, Mod, Rational, cos, exp, floor, log, oo, pi, sin, sqrt, tanh

from derive.errors import IllFormed
from derive.language import (
    OTHERWISE,
    TRUE,
    Array,
    Cases,
    Compare,
    Condition,
    Context,
    Definition,
    Entry,
    IndexSum,
    Indicator,
    Partial,
    all_of,
    any_of,
    array,
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
)
from derive.language.context import check_context
from derive.language.forms import of
from derive.language.maps import Applied, Image
from derive.language.smoothness import check_partials, nearby, smooth, sources
from derive.language.wellformed import obligations

_N, _A = declare("n", "integer"), declare("a", "real")
n, a = _N.symbol, _A.symbol
i, j, k = integer("i"), integer("j"), integer("k")
x, z, y, v, t = (array(s, (1, 3)) for s in "xzyvt")
past = signal("past", 0)
DEFINED = (
    Definition(y, (i,), 2 * x[i]),
    Definition(v, (i,), IndexSum(y[k] * z[k], k, 1, i)),
    Definition(t, (i,), Partial(v[i], x[i])),
    Definition(past, (i,), past[i - 1] + z[1]),
)
C = Context((_N, _A), (), DEFINED, (x, z))


SOURCES: dict[str, tuple[Expr, set[Array]]] = {
    "number": (Integer(3), set()),
    "symbol": (a + n, set()),
    "entry": (x[1], {x}),
    "two arrays": (x[1] * z[n], {x, z}),
    "definition": (y[2], {x}),
    "definition of a definition": (v[2], {x, z}),
    "derivative in a definition": (t[1], {x, z}),
    "recursion": (past[n], {z}),
    "bound entry": (IndexSum(x[k], k, 1, 3), {x}),
    "limit": (IndexSum(Integer(1), k, 1, floor(y[1])), {x}),
    "index": (z[floor(x[1])], {x, z}),
    "condition": (Cases((1, gt(x[1], 0)), (2, OTHERWISE)), {x}),
    "indicator": (Indicator(eq(v[1], 0)), {x, z}),
    "derivative": (Partial(a * x[1], z[1]), {x, z}),
    "form": (Entry(of("inner", y, z)), {x, z}),
    "form of a form": (of("product", of("outer", z, z), y)[1], {x, z}),
    "number of a form": (of("scaled", x[1], z)[2], {x, z}),
    "size of a form": (of("identity", floor(x[1]))[1, 1], {x}),
    "range": (array("r", (1, floor(x[1])), outside="zero")[1], {x}),
}


@pytest.mark.parametrize("name", SOURCES)
def test_sources(name: str) -> None:
    """All arrays without a definition that the value depends on, and no others (a range counts its own array)."""
    term, expected = SOURCES[name]
    found = sources(C, term)
    assert expected <= found
    assert {s.name for s in found - expected} <= {"r"}


def asked(term: Expr, by: Entry = x[1]) -> Condition:
    """All that must hold for the term to be smooth, in one condition."""
    return all_of(*(c if known == TRUE else implies(known, c) for known, c in smooth(C, term, by)))


SMOOTH: dict[str, tuple[Expr, Condition]] = {
    "what does not depend": (Abs(z[1]) + sqrt(z[2]), TRUE),
    "entry": (x[n], TRUE),
    "polynomial": (x[1] ** 3 - a * x[2] * z[1], TRUE),
    "functions": (exp(x[1]) * sin(x[2]) + cos(x[1]) * tanh(x[2]), TRUE),
    "logarithm": (log(x[1]), TRUE),
    "quotient": (1 / x[1], TRUE),
    "power with a symbol": (x[1] ** n, TRUE),
    "number to a moving power": (2 ** x[1] + exp(x[1]) + pi ** x[1], TRUE),
    "definition": (y[1] * v[2], TRUE),
    "sum": (IndexSum(x[k] ** 2, k, 1, n), TRUE),
    "root": (sqrt(x[1]), gt(x[1], 0)),
    "half a power": (x[1] ** Rational(3, 2), gt(x[1], 0)),
    "real power": (x[1] ** a, gt(x[1], 0)),
    "symbol to a moving power": (a ** x[1], gt(a, 0)),
    "absolute value": (Abs(x[1]), ne(x[1], 0)),
    "larger one": (Max(x[1], z[1]), ne(x[1], z[1])),
    "smaller one": (Min(x[1], 2), ne(2, x[1])),
    "indicator": (Indicator(ge(x[1], z[1])), ne(x[1], z[1])),
    "indicator of what stays": (Indicator(ge(z[1], 0)) * x[1], TRUE),
    "in a sum": (
        IndexSum(Abs(x[k]), k, 1, n),
        any_of(gt(1, k), gt(k, n), ne(k, 1), ne(x[k], 0)),
    ),
    "cases": (Cases((x[1], gt(z[1], 0)), (Abs(x[1]), OTHERWISE)), any_of(gt(z[1], 0), ne(x[1], 0))),
    "cases that change sides": (Cases((x[1], gt(x[1], 0)), (0, OTHERWISE)), ne(x[1], 0)),
    "derivative": (Partial(Abs(x[1]), x[1]), ne(x[1], 0)),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth(name: str) -> None:
    """What is asked, and nothing more."""
    term, expected = SMOOTH[name]
    assert asked(term) == expected or asked(term) == any_of(*_turned(expected))


def _turned(condition: Condition) -> tuple[Condition, ...]:
    """The same with the sides of a comparison exchanged: SymPy orders the arguments of max and min."""
    return (Compare(condition.op, condition.right, condition.left),) if isinstance(condition, Compare) else ()


def test_what_is_asked_of_three() -> None:
    """The larger of three has a kink wherever two of them meet."""
    found = list(smooth(C, Max(x[1], x[2], x[3]), x[1]))
    assert len(found) == 3 and all(known == TRUE for known, _ in found)


def test_only_what_varies_is_asked_about() -> None:
    """The same kink counts for x and not for z."""
    term = Abs(x[1]) * z[1] * Indicator(gt(x[2], 0))
    assert [c for known, c in smooth(C, term, x[1]) if known == TRUE] == [ne(x[1], 0)]
    assert not list(smooth(C, term, z[1]))


NOT_KNOWN: dict[str, Expr] = {
    "floor": floor(x[1]),
    "remainder": Mod(x[1], 3),
    "endless sum": IndexSum(x[1] ** k, k, 0, oo),
    "moving limit": IndexSum(Integer(1), k, 0, floor(x[1])),
    "moving index": z[floor(x[1])],
    "moving index of a definition": y[floor(x[1])],
    "floor in a condition": Indicator(gt(floor(x[1]), 0)),
    "floor under a root": sqrt(floor(x[1])),
}


@pytest.mark.parametrize("name", NOT_KNOWN)
def test_not_known(name: str) -> None:
    """Where it cannot be seen that there is no kink, the term is refused."""
    with pytest.raises(IllFormed, match=r"not known|moves with"):
        list(smooth(C, NOT_KNOWN[name], x[1]))


def test_obligations_of_a_derivative() -> None:
    """Its term has a value and no kink, and there is such an entry."""
    found = obligations(Partial(Abs(x[n]) / z[1], x[n]), C)
    assert set(found) == {between(1, n, 3), between(1, Integer(1), 3), ne(z[1], 0), ne(x[n], 0)}
    with pytest.raises(IllFormed, match="asked of a context"):
        obligations(Partial(x[1], x[1]))
    with pytest.raises(IllFormed, match="need not be an integer"):
        obligations(Partial(x[1], x[a]), C)


def test_second_derivatives_ask_around_the_point() -> None:
    """Both derivatives need that there is no kink."""
    found = obligations(Partial(Partial(Abs(x[1]) * z[1], z[1]), x[1]), C)
    assert ne(x[1], 0) in found
    assert ne(x[1], 0) not in obligations(Partial(Abs(x[1]) * z[1], z[1]), C)


AROUND: dict[str, tuple[Condition, bool]] = {
    "about symbols": (eq(a, n), True),
    "about symbols, not strict": (ge(n, 0), True),
    "strict": (gt(x[1], 0), True),
    "strict between two": (lt(x[1], z[n]), True),
    "different": (ne(x[1], z[1]), True),
    "continuous": (gt(exp(x[1]) + Abs(z[1]) * Max(x[1], z[2]), a), True),
    "a sum": (gt(IndexSum(x[k] ** 2, k, 1, n), 0), True),
    "a quotient": (lt(1 / x[1], 1), True),
    "equal": (eq(x[1], 0), False),
    "not strict": (ge(x[1], 0), False),
    "symbol and entry": (eq(a, x[1]), False),
    "one of two": (any_of(gt(x[1], 0), eq(x[1], 0)), False),
    "not all": (negate(all_of(gt(x[1], 0), gt(x[2], 0))), False),
    "a defined entry": (gt(y[1], 0), True),
    "an entry of a form": (gt(of("hadamard", x, x)[1], 0), True),
    "a floor": (gt(floor(x[1]), 0), False),
    "an indicator": (gt(Indicator(eq(x[1], 0)), 0), False),
    "cases": (gt(Cases((1, eq(x[1], 0)), (0, OTHERWISE)), 0), False),
    "a derivative": (gt(Partial(x[1] ** 2, x[1]), 0), False),
    "a moving index": (gt(z[floor(x[1])], 0), False),
    "a moving limit": (gt(IndexSum(Integer(1), k, 1, floor(x[1])), 0), False),
    "a real power": (gt(x[1] ** a, 0), False),
    "an endless sum": (gt(IndexSum(x[1] ** k, k, 0, oo), 0), False),
}


@pytest.mark.parametrize("name", AROUND)
def test_nearby(name: str) -> None:
    """Facts that hold at all points around are kept, others dropped; the rest of the context stays."""
    fact, kept = AROUND[name]
    before = Context((_N, _A), (fact,), DEFINED, (x, z))
    after = nearby(before)
    assert after.hypotheses == ((fact,) if kept else ())
    assert (after.declarations, after.definitions, after.arrays) == (before.declarations, DEFINED, (x, z))


def test_nearby_takes_conjunctions_apart() -> None:
    """What is strict in a conjunction is kept."""
    before = Context((_N, _A), (all_of(gt(x[1], 0), ge(x[2], 0)), all_of(ge(n, 1), le(n, 3))), (), (x, z))
    assert nearby(before).hypotheses == (gt(x[1], 0), ge(n, 1), le(n, 3))


def test_facts_of_sorts_stay() -> None:
    """A size is at least 1 around the point too."""
    before = Context((declare("L", "size"),), (eq(x[1], 0),), (), (x,))
    assert nearby(before).entails(ge(integer("L"), 1)) is True
    assert nearby(before).entails(eq(x[1], 0)) is not True


def test_by_what_varies_freely() -> None:
    """Derivatives are taken by entries of arrays without a definition, wherever they stand."""
    check_partials(C, Partial(v[1], x[2]) + IndexSum(Partial(v[k], z[k]), k, 1, 3))
    for part in (Partial(x[1], y[1]), Partial(x[1], of("flip", x)[1]), Partial(x[1], array("q", (1, 3))[1])):
        for term in (part, part * z[1], IndexSum(part, k, 1, 2), Indicator(gt(part, 0)), Partial(part, x[1])):
            with pytest.raises(IllFormed, match="is not free to vary"):
                check_partials(C, term)
    hidden = of("scaled", Partial(x[1], y[1]), z)[1]
    with pytest.raises(IllFormed, match="is not free to vary"):
        check_partials(C, hidden)


def test_contexts_are_looked_through() -> None:
    """Hypotheses and definitions with a derivative by what does not vary are refused with the context."""
    wrong = Partial(x[1], y[1])
    with pytest.raises(IllFormed, match="is not free to vary"):
        check_context(Context((_A,), (eq(a, wrong),), DEFINED[:1], (x,)))
    with pytest.raises(IllFormed, match="is not free to vary"):
        check_context(Context((_A,), (), (DEFINED[0], Definition(v, (i,), wrong)), (x,)))
    kinked = Definition(v, (i,), Partial(Abs(x[i]), x[i]))
    (found,) = [c for c in check_context(Context((), (), (kinked,), (x,))) if "!= 0" in str(c)]
    assert isinstance(found, Condition)
    with pytest.raises(IllFormed, match="uses itself in a derivative or in whole-array notation"):
        check_context(Context((), (), (Definition(past, (i,), past[i - 1] + Partial(z[1], z[1])),), (z,)))


def test_indices_of_definitions_are_kept_apart() -> None:
    """The kink of the definition is asked about for all its indices, also within a sum over an index of that name."""
    total = Definition(v, (i,), IndexSum(Abs(x[k]), k, 1, 1))
    there = Context((), (eq(x[1], 0),), (total,), (x,))
    (inside,) = [c for c in obligations(IndexSum(Partial(v[1], x[1]), k, 2, 2), there) if "!= 0" in str(c)]
    assert there.entails(inside) is not True


def test_indices_of_forms_are_kept_apart() -> None:
    """The kink in a form is asked about for all its indices, whatever is known of a symbol of that name."""
    el = declare("l", "integer")
    there = Context((el,), (eq(el.symbol, 0),), (Definition(y, (i,), Abs(x[i])),), (x,))
    (inside,) = [c for c in obligations(Partial(Entry(of("inner", y, y)), x[1]), there) if "!= 0" in str(c)]
    assert there.entails(inside) is not True


def test_a_range_that_moves() -> None:
    """An array whose range ends at floor(x1) is refused: it would not be a smooth function of x1."""
    ranged = array("r", (1, floor(x[1])), outside="zero")
    with pytest.raises(IllFormed, match="moves with entries"):
        check_context(Context((), (), (), (x, ranged)))


def test_symbols_are_fixed() -> None:
    """A symbol never moves, whatever hypotheses tie it to entries."""
    assert sources(Context((_A,), (eq(a, x[1]),), (), (x,)), a) == set()


def test_what_jumps_is_not_known_around() -> None:
    """An entry that is defined by a jump, and what a form, a map or an inverse makes of such entries."""
    jumps, square = array("u", (1, 3)), array("M", (1, 3), (1, 3))
    j = integer("j")
    given = (Definition(jumps, (i,), Indicator(gt(x[i], 0))), Definition(square, (i, j), jumps[i] + x[j]))
    context = Context(definitions=given, arrays=(x, z))
    image = Image("f", ((1, 3),), jumps)
    kept = (ne(Image("f", ((1, 3),), x)[1], 0), gt(Applied("f", 0, z[2]), 0))
    lost = (
        gt(jumps[1], 0),
        gt(of("hadamard", x, jumps)[1], 0),
        ne(image[1], 0),
        ne(Entry(of("determinant", square)), 0),
        gt(of("inverse", square)[1, 2], 0),
        gt(Applied("f", 0, jumps[2]), 0),
    )
    assert nearby(replace(context, hypotheses=(*kept, *lost))).hypotheses == kept

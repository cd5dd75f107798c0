"""Compiled terms against exact values, and what they refuse."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import product
from math import fsum, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, E, Integer, Max, Min, Mod, Rational, ceiling, exp, floor, log, oo, sign, tanh

from derive.errors import BadInput, Undefined, Unevaluable
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    IndexSum,
    Indicator,
    Partial,
    all_of,
    any_of,
    array,
    declare,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    ne,
    negate,
    real,
    signal,
)
from derive.language.counting import Binomial
from derive.language.forms import of
from derive.language.points import Samples, evaluate
from derive.numeric.compile import COMPILERS, Grid, as_grid, compile_numba, compile_numpy, compile_stacked, for_size
from derive.numeric.inlining import edges_of
from tests.numeric.pulse import CONTEXT, RIGHT, L, a, h, i, n, oracle, x, y

BOTH = pytest.mark.parametrize("backend", ["numpy", "numba"])
k, m, b = integer("k"), integer("m"), real("b")


def exact_or_nan(term, point, context=None, arrays=None) -> float:
    """The exact value, rounded once; NaN where there is none."""
    try:
        return float(evaluate(term, point, context, arrays))
    except Undefined:
        return float("nan")


@BOTH
@pytest.mark.parametrize("term", [y[n], RIGHT], ids=["definition", "closed form"])
def test_pulse_agrees_with_the_oracle(backend: str, term) -> None:
    """Definition and closed form give the oracle's value at every time, length and ratio, 0**0 = 1 included."""
    times, lengths, ratios = np.arange(-3, 16), (1, 2, 7), (0, 1, -1, 2, Fraction(1, 2))
    function = COMPILERS[backend](term, CONTEXT, [n, L, a])
    compared = 0
    for length, ratio in product(lengths, ratios):
        found = function(times, length, ratio)
        for time, value in zip(times, found, strict=True):
            assert value == pytest.approx(float(oracle(int(time), length, Fraction(ratio))), rel=1e-12, abs=1e-12)
            compared += 1
    assert compared == 285


@BOTH
def test_arguments_broadcast(backend: str) -> None:
    """Arrays of different shapes give their common shape, also when the points fill several blocks."""
    function = COMPILERS[backend](y[n], CONTEXT, [n, L, a])
    times, lengths = np.arange(-2, 9).reshape(-1, 1), np.arange(1, 4)
    grid = function(times, lengths, 0.5)
    assert grid.shape == (11, 3)
    assert grid[4, 2] == float(oracle(2, 3, Fraction(1, 2)))
    many = function(np.arange(70_001) % 11 - 2, 3, 0.5)
    assert many.shape == (70_001,)
    assert (many == grid[np.arange(70_001) % 11, 2]).all()
    assert float(function(2, 3, 0.5)) == grid[4, 2]
    assert function(np.array([], dtype=int), 3, 0.5).shape == (0,)


TERMS = {
    "floor": floor(m / Integer(3)) + ceiling(m / Integer(4)),
    "remainder": Mod(m, 3) - Mod(n, 5),
    "remainder by a symbol": Mod(n, m),
    "least and greatest": Max(n, m, 1) - Min(n, 2 * m),
    "signs": Abs(n) + sign(m) * 3,
    "quotient": (n + Rational(1, 3)) / (m - 1) / n,
    "negative power": 3 * n**-3 + (n + m) ** 5,
    "power": b ** (n - m),
    "zero to the zero": (b - b * 1) ** n + b**m,
    "empty sum": IndexSum(k**2, k, m, n),
    "sum of sums": IndexSum(IndexSum(k * i, i, 0, k), k, m, n),
    "sum with cases inside": IndexSum(Cases((k, gt(k, n)), (1 / (k - 3), ne(k, 3)), (7, OTHERWISE)), k, m, 6),
    "sum with the outer name again": IndexSum(k * IndexSum(k**2, k, 0, 3), k, m, n),
    "power carried down": IndexSum(k * b ** (n - k), k, m, 6),
    "power carried up": IndexSum(k * b ** (k - n), k, m, 6),
    "powers carried both ways": IndexSum(b**k * (b + 2) ** (n - k), k, 0, m),
    "power carried in large strides": IndexSum(b ** (3 * k - 2 * n), k, m, n),
    "power carried under a condition": IndexSum(Cases((b ** (n - k), le(k, n)), (0, OTHERWISE)), k, m, 6),
    "power carried through an inner loop": IndexSum(b**k * IndexSum(b**k + b ** (n - k), k, 0, 3), k, m, n)
    + IndexSum(IndexSum(b ** (k - i), i, 0, k), k, m, n),
    "base that a condition guards": IndexSum(Cases(((1 / n) ** k, ne(n, 0)), (k, OTHERWISE)), k, 0, 4),
    "sum with a fraction as limit": IndexSum(k, k, 0, n / 2),
    "no case applies": Cases((1, gt(n, m)), (2, lt(n, m))),
    "undefined question": Cases((1, gt(1 / n, 0)), (2, OTHERWISE)),
    "guarded question": Cases((1, all_of(ne(n, 0), gt(1 / n, 0))), (2, OTHERWISE)),
    "indicator": Indicator(lt(n, m)) + 2 * Indicator(all_of(ge(n, 1), le(m, 2))) - n * Indicator(negate(eq(n, m))),
    "indicator of what may be undefined": Indicator(gt(1 / n, 0)) + Indicator(any_of(eq(n, 0), gt(1 / n, 0))),
    "indicator in a sum": IndexSum(k * Indicator(eq(k, n)) + Indicator(gt(k, m)), k, m - 1, 6),
    "indicator bounds an endless sum": IndexSum(k * Indicator(all_of(le(n, k), le(k, m))), k, -oo, oo),
    "exponentials": exp(n) / (1 + exp(m)) + log(exp(m) * exp(n) ** 2) + tanh(n) * E,
    "binomials": Binomial(n, m) + Binomial(m - 3, n + 2),
    "either question": Cases((1, any_of(eq(n, 0), gt(1 / n, 0))), (2, OTHERWISE)),
    "unguarded question": Cases((1, all_of(gt(1 / n, 0), ne(n, 0))), (2, OTHERWISE)),
    "undefined second question": Cases((1, gt(m, 0)), (2, ge(1 / n, 0)), (3, OTHERWISE)),
    "negation": Cases((1, negate(any_of(lt(n, m), eq(n, 2)))), (2, OTHERWISE)),
    "undefined factor": 0 * m + (n - n) + Cases((0, eq(m, m))) * (1 / n),
}


@BOTH
@pytest.mark.share(4)
@pytest.mark.parametrize("name", TERMS)
def test_heads_agree_with_exact_values(backend: str, name: str) -> None:
    """Every head means what it means in exact arithmetic; undefined is NaN, and nothing warns."""
    term = TERMS[name]
    symbols = [n, m, b]
    points = list(product(range(-4, 5), range(-4, 5), (0, -1, Fraction(3, 2))))
    columns = [np.array([float(p[j]) for p in points]) for j in range(3)]
    found = COMPILERS[backend](term, Context(), symbols)(*columns)
    for point, value in zip(points, found, strict=True):
        expected = exact_or_nan(term, dict(zip(symbols, point, strict=True)))
        assert value == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True), point


@BOTH
@pytest.mark.parametrize(
    ("term", "ratio", "time", "summand", "indices"),
    [
        (IndexSum(3 ** (k - 700), k, 0, 700), 1, 0, lambda b, n, k: 3.0 ** (k - 700), range(701)),
        (IndexSum(b ** (n - k), k, 0, n), 1 / 3, 900, lambda b, n, k: b ** (n - k), range(901)),
        (IndexSum(b**k, k, 0, n), 1.0001, 6_000, lambda b, n, k: b**k, range(6_001)),
        (IndexSum(b**k * (1 - b) ** (n - k), k, 0, n), 0.3, 400, lambda b, n, k: b**k * (1 - b) ** (n - k), range(401)),
        (IndexSum((-b) ** (n - k), k, -80, n), 1.7, 70, lambda b, n, k: (-b) ** (n - k), range(-80, 71)),
    ],
    ids=["from nothing", "down to nothing", "long", "both ways", "signs"],
)
def test_powers_carried_far(backend: str, term, ratio, time, summand, indices) -> None:
    """A power that a loop carries along neither drifts nor is lost, however long the loop is."""
    found = float(COMPILERS[backend](term, Context(), [b, n])(ratio, time))
    assert found == pytest.approx(fsum(summand(ratio, time, index) for index in indices), rel=2e-13)


@BOTH
def test_free_array_in_an_infinite_sum(backend: str) -> None:
    """A signal given on a window is 0 beside it, which makes its convolution finite."""
    u = signal("u")
    term = IndexSum(u[k] * h[n - k], k, -oo, oo)
    samples = Samples({(-1,): Fraction(1), (1,): Fraction(-3)})
    function = COMPILERS[backend](term, CONTEXT, [n, a, u])
    found = function(np.arange(-4, 6), 2, as_grid(samples))
    for time, value in zip(range(-4, 6), found, strict=True):
        assert value == float(evaluate(term, {n: time, a: 2}, CONTEXT, {u: samples}))
    assert (function(np.arange(3), 2, as_grid(Samples({}))) == 0).all()


@BOTH
@pytest.mark.parametrize("outside", ["zero", "wraps", "error"])
def test_out_of_range_conventions(backend: str, outside: str) -> None:
    """An index outside the range gives 0, the wrapped entry or NaN, as the array says; matrices too."""
    w = array("w", (0, 2), (1, 2), outside=outside)
    values = {(p, q): Fraction(10 * p + q) for p in range(3) for q in (1, 2)}
    function = COMPILERS[backend](w[n, m], Context(), [n, m, w])
    for p, q in product(range(-4, 7), range(-2, 5)):
        found = float(function(p, q, as_grid(Samples(values), axes=2)))
        expected = exact_or_nan(w[n, m], {n: p, m: q}, None, {w: Samples(values)})
        assert found == expected or (isnan(found) and isnan(expected)), (p, q)


@BOTH
def test_definition_is_not_asked_outside_its_range(backend: str) -> None:
    """Outside its range an array is 0, whatever its definition would say there; inside, 1/0 stays undefined."""
    v = signal("v", 1, 5)
    context = Context(definitions=(Definition(v, (n,), 1 / (n * (n - 3))),))
    found = COMPILERS[backend](v[n], context, [n])(np.array([0, 1, 3, 6]))
    assert found[[0, 1, 3]].tolist() == [0, -0.5, 0]
    assert isnan(found[2])


@BOTH
def test_definition_is_not_cancelled_against_its_neighbours(backend: str) -> None:
    """`n * v[n]` with `v[n] = 1/n` is undefined at 0, although SymPy would cancel it to 1."""
    v = signal("v")
    context = Context(definitions=(Definition(v, (n,), 1 / n),))
    found = COMPILERS[backend](n * v[n], context, [n])(np.array([0, 2]))
    assert isnan(found[0])
    assert found[1] == 1


@BOTH
def test_symbolic_stride_bounds_an_infinite_sum(backend: str) -> None:
    """The limits of a strided sum are found where the hypotheses say that the stride is positive."""
    stride = declare("s", "size")
    s = stride.symbol
    term = IndexSum(x[s * k + n], k, -oo, oo)
    context = Context((*CONTEXT.declarations, stride), definitions=CONTEXT.definitions)
    function = COMPILERS[backend](term, context, [n, L, s])
    for time, length, step in product(range(-7, 8), (1, 2, 5), (1, 2, 3)):
        expected = sum(1 for j in range(-40, 40) if 0 <= step * j + time < length)
        assert float(function(time, length, step)) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-30, 30),
    st.integers(1, 12),
    st.fractions(-2, 2, max_denominator=16),
)
def test_numpy_definition_equals_closed_form(time: int, length: int, ratio: Fraction) -> None:
    """Loop and closed form agree with the oracle at points chosen by hypothesis."""
    expected = float(oracle(time, length, ratio))
    for term in (y[n], RIGHT):
        found = float(_FUNCTIONS[term](time, length, ratio))
        # 1 - a loses the digits that a near 1 has in common with it.
        assert found == pytest.approx(expected, rel=1e-11, abs=1e-11)


_FUNCTIONS = {term: compile_numpy(term, CONTEXT, [n, L, a]) for term in (y[n], RIGHT)}


@BOTH
@pytest.mark.parametrize(
    ("value", "why"),
    [
        (10**40, "2\\*\\*53"),
        (2**53 + 1, "2\\*\\*53"),
        (np.array([0, -(2**60)]), "2\\*\\*53"),
        (1e17, "2\\*\\*53"),
        (Fraction(1, 2), "is an integer"),
        (0.5, "is an integer"),
        (float("nan"), "not finite"),
        (float("inf"), "not finite"),
        ("7", "must be numbers"),
        (1j, "must be numbers"),
    ],
)
def test_values_that_are_refused(backend: str, value, why: str) -> None:
    """Integers that float64 cannot hold, and what is no integer, are refused instead of rounded."""
    function = COMPILERS[backend](n + 1, Context(), [n])
    with pytest.raises(Unevaluable, match=why):
        function(value)


@BOTH
def test_closed_form_does_not_overflow_like_integers(backend: str) -> None:
    """2**100 is 2**100 and not 0, as compiled integers would have it; beyond float64 it is infinite, never wrong."""
    function = COMPILERS[backend](2**n, Context(), [n])
    assert float(function(100)) == 2.0**100
    assert float(function(5000)) == float("inf")


_s = integer("s")
_y, _v, _f, _p = signal("y", 0), signal("v", _s), signal("f", 0, 9), signal("p", 0)
RECURSIONS = Context(
    definitions=(
        Definition(_y, (n,), b * _y[n - 1] + n),
        Definition(_v, (n,), _v[n - 1] + 2 * _v[n - 2] + _y[n - _s] + 1),
        Definition(_f, (n,), Cases((1, lt(n, 2)), (_f[n - 1] + _f[n - 2], OTHERWISE))),
        Definition(_p, (n,), 1 + IndexSum(_p[k], k, 0, n - 1)),
    )
)


@BOTH
@pytest.mark.parametrize(
    "term",
    [
        _y[n],
        _y[n + 2] - b * _y[n - 1] / 3,
        _v[n],
        _f[n],
        _p[n],
        IndexSum(_y[k] * _f[n - k], k, -oo, oo),
        _y[n] * _y[m],
        _y[n / 2],
        Cases((_y[n - 3], gt(n, 2)), (_y[-n], OTHERWISE)),
    ],
    ids=str,
)
def test_recursions_are_filled_upwards(backend: str, term) -> None:
    """A definition that uses itself is worked out from its least index on, and is 0 before it."""
    symbols = [n, m, b, _s]
    points = [(time, 4 - time, ratio, start) for time in range(-4, 13) for ratio in (0, 1, Fraction(-1, 2))
              for start in (-2, 0, 3)]  # fmt: skip
    columns = [np.array([float(p[j]) for p in points]) for j in range(4)]
    found = COMPILERS[backend](term, RECURSIONS, symbols)(*columns)
    for point, value in zip(points, found, strict=True):
        expected = exact_or_nan(term, dict(zip(symbols, point, strict=True)), RECURSIONS)
        assert value == pytest.approx(expected, rel=1e-12, abs=1e-12, nan_ok=True), point


@BOTH
def test_recursion_with_an_input(backend: str) -> None:
    """A filter at rest before 0 with a signal as its input, also at one index for all points and in several blocks."""
    u, z = signal("u", 0), signal("z", 0)
    context = Context(definitions=(Definition(z, (n,), b * z[n - 1] + u[n]),), arrays=(u,))
    samples = Samples({(0,): Fraction(1), (3,): Fraction(-2)})
    function = COMPILERS[backend](z[n], context, [n, b, u])
    times = np.arange(40_000) % 30 - 5
    found = function(times, 0.5, as_grid(samples))
    for time in range(-5, 25):
        expected = float(evaluate(z[n], {n: time, b: Fraction(1, 2)}, context, {u: samples}))
        assert (found[times == time] == expected).all()
    assert function(7, np.array([0.5, 2.0]), as_grid(samples)).tolist() == [0.5**7 - 2 * 0.5**4, 2.0**7 - 2 * 2.0**4]


@BOTH
def test_recursions_with_several_axes(backend: str) -> None:
    """A table over the first axis and those that run; the others are those of the entry that is asked for."""
    i, j, size = integer("i"), integer("j"), integer("size")
    w = array("w", (1, size), (1, size))
    power = array("P", (0, oo), (-oo, oo), (1, size), (1, size))
    total = IndexSum(w[i, k] * power[n - 1, m, k, j], k, 1, size)
    body = Cases((Indicator(eq(i, j)), eq(n, m)), (total, gt(n, m)), (0, OTHERWISE))
    context = Context(definitions=(Definition(power, (n, m, i, j), body),), arrays=(w,))
    matrix = np.array([[0.5, 2.0, 0.0], [-1.0, 0.25, 3.0], [1.0, 0.0, 1.0]])
    samples = Samples({(a + 1, b + 1): Fraction(matrix[a, b]) for a in range(3) for b in range(3)})
    function = COMPILERS[backend](power[n, m, i, j], context, [n, m, i, j, size, w])
    for time, start, row, column in product(range(-1, 5), range(3), (1, 3), (0, 2)):
        found = float(function(time, start, row, column, 3, as_grid(samples, 2)))
        if time < 0 or column < 1:
            assert isnan(found)  # out of range
            continue
        expected = np.linalg.matrix_power(matrix, time - start)[row - 1, column - 1] if time >= start else 0
        assert found == pytest.approx(expected)
        point = {n: time, m: start, i: row, j: column, size: 3}
        assert found == pytest.approx(float(evaluate(power[n, m, i, j], point, context, {w: samples})))
    endless = Definition(power, (n, m, i, j), power[n - 1, m - 1, i, j])
    with pytest.raises(Unevaluable, match="uses P itself"):
        COMPILERS[backend](power[n, m, i, j], Context(definitions=(endless,)), [n, m, i, j, size])


@BOTH
def test_recursion_that_does_not_go_down(backend: str) -> None:
    """What is used before it is known is undefined, never 0."""
    context = Context(definitions=(Definition(_y, (n,), Cases((_y[n + 1], lt(n, 2)), (5, OTHERWISE))),))
    found = COMPILERS[backend](_y[n], context, [n])(np.arange(-1, 4))
    assert found[[0, 3, 4]].tolist() == [0, 5, 5]
    assert isnan(found[1]) and isnan(found[2])


def test_long_recursions() -> None:
    """A table of a hundred thousand rows is filled; one that no memory holds is refused."""
    context = Context(definitions=(Definition(_y, (n,), _y[n - 1] + n),))
    for compiler in COMPILERS.values():
        assert float(compiler(_y[n], context, [n])(100_000)) == 100_000 * 100_001 / 2
        with pytest.raises(Unevaluable, match=r"steps|table"):
            compiler(_y[n], context, [n])(10**12)
    with pytest.raises(Unevaluable, match="a table of 2000000001 rows for each of 2 points"):
        compile_numpy(_y[n], context, [n])(np.array([0, 2 * 10**9]))


def test_endless_loops_are_refused() -> None:
    """A sum of more terms than anybody waits for is refused with its length."""
    term = IndexSum(k, k, 1, n)
    with pytest.raises(Unevaluable, match="10000000 steps"):
        compile_numpy(term, Context(), [n])(10**12)
    for parallel in (False, True):
        with pytest.raises(Unevaluable, match="10000000 steps"):
            compile_numba(term, Context(), [n], parallel)(np.array([3, 10**12]))


def test_terms_that_cannot_be_compiled() -> None:
    """What is missing is named: an argument, an end of a sum, a definition that is not circular."""
    with pytest.raises(Unevaluable, match="a is not among the arguments"):
        compile_numpy(a * n, Context(), [n])
    u = signal("u")
    with pytest.raises(Unevaluable, match="array u is not among"):
        compile_numpy(u[n], Context(), [n])
    with pytest.raises(Unevaluable, match="nothing in its body bounds k above"):
        compile_numpy(IndexSum(h[k], k, -oo, oo), CONTEXT, [a])
    circular = Context(definitions=(Definition(u, (n,), u[n - 1] + 1),))
    with pytest.raises(Unevaluable, match="uses u itself"):
        compile_numpy(u[n], circular, [n])
    with pytest.raises(BadInput, match="2 arguments are taken, not 1"):
        compile_numpy(a * n, Context(), [n, a])(3)
    with pytest.raises(BadInput, match="Grid with 1 axes"):
        compile_numpy(u[n], Context(), [n, u])(3, np.zeros(4))


def test_parallel_kernel() -> None:
    """All cores give the same numbers."""
    times = np.arange(-5, 3000) % 23
    one = compile_numba(y[n], CONTEXT, [n, L, a])(times, 4, 0.5)
    assert (compile_numba(y[n], CONTEXT, [n, L, a], parallel=True)(times, 4, 0.5) == one).all()


def test_numba_is_imported_when_asked_for() -> None:
    """Numba costs 0.4 s to import; a spot check in NumPy does not pay for it."""
    program = "import sys, derive.numeric.spotcheck; raise SystemExit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_choice_of_backend() -> None:
    """Compiling is won back above one to two million points; later without loops, or with one ratio for all points."""
    assert [for_size(p) for p in (1, 1_000_000, 2_000_000)] == ["numpy", "numpy", "numba"]
    assert [for_size(p, loops=False) for p in (5_000_000, 20_000_000)] == ["numpy", "numba"]
    assert [for_size(p, alike=True) for p in (10_000_000, 30_000_000)] == ["numpy", "numba"]
    assert [for_size(p, loops=False, alike=True) for p in (20_000_000, 80_000_000)] == ["numpy", "numba"]


def test_windows_of_a_grid() -> None:
    """The last index follows from the first and the shape."""
    assert Grid(np.zeros((2, 3)), (-1, 4)).last == (0, 6)


def random_samples(*lengths: int, seed: int = 0) -> Samples:
    """Entries from index 1 on for an array of these lengths."""
    places = list(product(*(range(1, length + 1) for length in lengths)))
    return Samples({place: Fraction((7 * q + seed) % 11 - 5, 1 + q % 2) for q, place in enumerate(places)})


@BOTH
def test_arrays_with_two_three_and_four_axes(backend: str) -> None:
    """A strided convolution layer over a batch: four axes each, against the exact value; zero outside or an error."""
    B, C, F, S = integer("B"), integer("C"), integer("F"), integer("S")
    c, u, v, f = integer("c"), integer("u"), integer("v"), integer("f")
    X = array("X", (1, B), (1, C), (1, S), (1, S), outside="zero")
    W = array("W", (1, F), (1, C), (1, 2), (1, 3))
    bias, gain = array("bias", (1, F)), array("gain", (1, F), (1, S), (1, S))
    window = X[1, c, 2 * n + u - 2, m + v - 2] * W[f, c, u, v]
    total = IndexSum(IndexSum(IndexSum(window, v, 1, 3), u, 1, 2), c, 1, C)
    term = (total + bias[f]) * gain[f, n, m]
    sizes = {B: 1, C: 2, F: 2, S: 4}
    given = {
        X: random_samples(1, 2, 4, 4),
        W: random_samples(2, 2, 2, 3, seed=3),
        bias: random_samples(2),
        gain: random_samples(2, 4, 4, seed=5),
    }
    function = COMPILERS[backend](term, Context(), [f, n, m, *sizes, *given])
    compared = 0
    for at in product((1, 2), range(0, 6), range(0, 6)):
        point = {**dict(zip((f, n, m), at, strict=True)), **sizes}
        grids = [as_grid(samples, len(base.axes)) for base, samples in given.items()]
        expected = exact_or_nan(term, point, None, given)
        found = float(function(*at, *sizes.values(), *grids))
        assert found == pytest.approx(expected, rel=1e-12, nan_ok=True), at
        compared += not isnan(expected)
    assert compared == 32


@BOTH
def test_forms_are_compiled_by_their_definitions(backend: str) -> None:
    """A form of arrays that are only known on a window keeps its indices, also where its range ends."""
    x, w = array("x", (1, n), outside="zero"), array("w", (1, k))
    A, D = array("A", (1, 2), (1, n)), array("D", (1, n), (1, 2))
    given = {x: random_samples(5), w: random_samples(2), A: random_samples(2, 5), D: random_samples(5, 2, seed=2)}
    grids = [as_grid(samples, len(base.axes)) for base, samples in given.items()]
    product_of = of("product", A, D)
    y = signal("y")
    context = Context(definitions=(Definition(y, (i,), of("full_convolution", x, w)[i + 1] ** 2),))
    terms = [
        of("full_convolution", x, w)[m],
        of("convolution", x, w)[m],
        of("correlation", x, of("flip", w))[m],
        of("full_correlation", of("scaled", m, x), w)[m],
        product_of[1, m] + of("transpose", product_of)[2, 1],
        of("trace", product_of)[()] * of("squared_norm", x)[()] + of("diagonal", x)[m, 2],
        IndexSum(of("full_convolution", x, w)[i], i, -oo, oo),
        y[m] + IndexSum(y[i] * Indicator(le(i, m)), i, -oo, oo),
    ]
    compared = 0
    for term in terms:
        function = COMPILERS[backend](term, context, [m, n, k, *given])
        for place in range(-1, 9):
            point = {m: place, n: 5, k: 2}
            expected = exact_or_nan(term, point, context, given)
            found = float(function(place, 5, 2, *grids))
            assert found == pytest.approx(expected, rel=1e-12, nan_ok=True), (term, place)
            compared += not isnan(expected)
    assert compared >= 60


@BOTH
def test_array_without_axes(backend: str) -> None:
    """A single number that is given as an array."""
    c = array("c")
    function = COMPILERS[backend](c[()] * n, Context(), [n, c])
    assert function(np.array([1, 3]), as_grid(Samples({(): Fraction(1, 2)}), 0)).tolist() == [0.5, 1.5]


@BOTH
def test_derivatives_are_not_compiled(backend: str) -> None:
    """Loops have no dual numbers: a derivative is refused by name, also inside a definition."""
    x = array("x", (1, n))
    y = signal("y")
    context = Context(definitions=(Definition(y, (i,), Partial(x[1] ** 2, x[i])),))
    for term in (Partial(x[1] ** 2, x[1]), y[2]):
        with pytest.raises(Unevaluable, match="partial derivative"):
            COMPILERS[backend](term, context, [n, x])


def test_edges_under_a_derivative() -> None:
    """A derivative may change its form where an entry meets the one that varies."""
    x, p = array("x", (1, n)), array("p", (1, n))
    context = Context(definitions=(Definition(p, (i,), exp(x[i]) / IndexSum(exp(x[k]), k, 1, n)),))
    assert eq(m, integer("j")) in edges_of(Partial(p[m], x[integer("j")]), context)


@BOTH
def test_binomials_of_any_size_come_to_an_end(backend: str) -> None:
    """Huge arguments take no time: values by the formula for negative arguments, infinite beyond a double."""
    function = COMPILERS[backend](Binomial(n, m), Context(), [n, m])
    assert [float(function(-1, 10**15 + odd)) for odd in (0, 1)] == [1, -1]
    assert float(function(-2, 10**12 + 1)) == -(10**12 + 2)
    assert float(function(-3, 10**6)) == (10**6 + 1) * (10**6 + 2) / 2
    assert float(function(10**15, 10**15 - 1)) == 10**15
    assert float(function(10**15, 5 * 10**14)) == float("inf")
    assert float(function(-(10**15), 10**14 + 1)) == float("-inf")
    assert float(function(3, 10**15)) == float(function(-(10**15), -1)) == 0
    for upper, lower in product(range(-7, 8), range(-2, 9)):
        assert float(function(upper, lower)) == evaluate(Binomial(n, m), {n: upper, m: lower}), (upper, lower)


@pytest.mark.parametrize("pairs", [1, 3, 1 << 13])
def test_pairs_are_added_up_whatever_their_number(pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums, sums of sums with ends of their own, and no points at all: the same by one index at a time and by many."""
    monkeypatch.setattr("derive.numeric.by_numpy.PAIRS", pairs)
    j = integer("j")
    term = IndexSum(k * IndexSum(j + n, j, k, m), k, -1, n)
    points = [(p, q) for p in (-3, -1, 0, 4) for q in (-2, 0, 5)]
    columns = [np.array([float(point[axis]) for point in points]) for axis in (0, 1)]
    made = [make(term, Context(), [n, m]) for make in (compile_numpy, compile_stacked)]
    meant = [float(evaluate(term, {n: Fraction(p), m: Fraction(q)})) for p, q in points]
    assert all(found(*columns).tolist() == meant for found in made)
    assert made[1](np.array([]), np.array([])).size == 0
    assert compile_stacked(IndexSum(k, k, 1, 3), Context(), [n])(np.array([])).size == 0

"""Equal programs are proved equal, unequal ones refuted, and the rest is undecided."""

from __future__ import annotations

import pytest
from sympy import Max

from derive.claims.programs.deciding import computes, same_programs
from derive.claims.programs.meaning import meaning
from derive.claims.programs.normal import MOST_MONOMIALS, TooLong, normal, shown_equal
from derive.claims.programs.source import read_program
from derive.errors import BadInput
from derive.language import IndexSum, array, integer
from derive.language.points import evaluate

SHAPES = {"A": "(n, m)", "B": "(m, n)", "Q": "(n, n)", "x": "(m)", "y": "(n)", "a": "()"}


def made(text: str):
    """The meaning of a function with these lines."""
    inner = "\n".join(f"    {line}" for line in text.split("; "))
    return meaning(read_program(f"def f(A, B, Q, x, y, a):\n{inner}", SHAPES))


def kind(one: str, other: str) -> str:
    """What is found of two results."""
    (verdict,) = same_programs(made(one), made(other))
    return verdict.kind


EQUAL = [
    ("return Q @ (A @ x)", "C = Q @ A; return C @ x"),
    ("return (A @ B).T", "return B.T @ A.T"),
    ("return y @ (A @ x)", "return (A.T @ y) @ x"),
    ("return np.sum(np.outer(y, x))", "return np.sum(y) * np.sum(x)"),
    ("c = mean(y); return mean((y - c) ** 2)", "return mean(y ** 2) - mean(y) ** 2"),
    ("e = A @ x - y; return e @ e", "return x @ (A.T @ A) @ x - 2 * (y @ (A @ x)) + y @ y"),
    ("return np.sum(A)", "return np.sum(A.T)"),
    ("K = inv(Q); return K @ y", "return np.linalg.inv(Q) @ y"),
    ("Z = Q.T; K = inv(Z); return K", "return inv(Q.T)"),
    ("return exp(A @ x) / np.sum(exp(A @ x))", "e = exp(A @ x); return e / np.sum(e)"),
    ("return relu(2 * y)", "return relu(y + y)"),
    ("return (a + 1) ** 3", "return a ** 3 + 3 * a ** 2 + 3 * a + 1"),
    ("return 0.1 + 0.2", "return 0.3"),
    ("return sigmoid(y)", "return 1 / (1 + exp(-y))"),
    ("return sin(2 * y) + cos(y)", "return cos(y) + sin(y + y)"),
    ("x = 2 * x; x = x / 2; return A @ x", "return A @ x"),
]


@pytest.mark.parametrize(("one", "other"), EQUAL, ids=range(len(EQUAL)))
def test_equal_programs_are_proved_equal(one, other):
    """For all sizes; and each with one entry more is refuted."""
    assert kind(one, other) == "proved"
    assert kind(one, other.replace("return ", "return 1.001 * (") + ")") == "refuted"


UNEQUAL = [
    ("return Q @ Q.T", "return Q.T @ Q"),
    ("return mean(y ** 2)", "return mean(y) ** 2"),
    ("return np.sum(y) * np.sum(y)", "return np.sum(y * y)"),
    ("return relu(y) + relu(-y)", "return y"),
    ("return inv(Q)", "return Q.T"),
    ("return exp(y) * exp(y)", "return exp(y ** 2)"),
    ("return (A @ B) @ y", "return y @ (A @ B)"),
    ("return sqrt(y ** 2)", "return y"),
]


@pytest.mark.parametrize(("one", "other"), UNEQUAL, ids=range(len(UNEQUAL)))
def test_unequal_programs_are_refuted(one, other):
    """With sizes, numbers, and both values."""
    (verdict,) = same_programs(made(one), made(other))
    assert verdict.kind == "refuted"
    assert {"n", "first", "second"} <= set(verdict.witness)


def test_what_no_law_shows_is_undecided():
    """True, and not within the laws."""
    assert kind("return tanh(y)", "return 2 * sigmoid(2 * y) - 1") == "undecided"
    assert kind("return relu(y) - relu(-y)", "return y") == "undecided"
    assert kind("return inv(Q) @ Q", "K = inv(Q); return K @ Q") == "proved"


def test_values_that_keep_a_name_are_not_taken_for_each_other():
    """Two programs have a value of one name whose inverse is taken: it is not the same array."""
    one = "K = relu(Q); L = inv(K); return L"
    other = "K = relu(Q.T); L = inv(K); return L"
    assert kind(one, other) in ("refuted", "undecided")
    assert kind(one, one) == "undecided"


def test_programs_that_cannot_be_compared_are_refused():
    """Other parameters, other results."""
    with pytest.raises(BadInput, match="same parameters"):
        same_programs(made("return y"), meaning(read_program("def f(y):\n    return y", {"y": "(n)"})))
    for one, other in (("return y", "return x"), ("return y", "return y, y"), ("print(y)", "print(y)")):
        with pytest.raises(BadInput, match="return"):
            same_programs(made(one), made(other))


def test_a_program_and_a_formula():
    """At the indices of the result; right, wrong, and about something else."""
    known = made("h = relu(A @ x); return h")
    A, x = (known.value(name).array for name in "Ax")
    i, k, m, n = (integer(name) for name in "ikmn")
    right = Max(0, IndexSum(A[i, k] * x[k], k, 1, m), evaluate=False)
    wrong = IndexSum(A[i, k] * x[k], k, 1, m)
    assert computes(known, known.results[0], right, (i,)).kind == "proved"
    assert computes(known, known.results[0], wrong, (i,)).kind == "refuted"
    with pytest.raises(BadInput, match="1 indices, and 0"):
        computes(known, known.results[0], right)
    with pytest.raises(BadInput, match="speaks of z"):
        computes(known, known.results[0], right * integer("z"), (i,))
    with pytest.raises(BadInput, match="speaks of c"):
        computes(known, known.results[0], right * array("c", (1, n))[i], (i,))


def test_the_normal_form_keeps_the_value():
    """At exact points, also where names are bound twice and sums run to an index."""
    i, k, p, n, m = (integer(name) for name in "ikpnm")
    x, A = array("x", (1, n)), array("A", (1, n), (1, n))
    inner = IndexSum(A[k, p] * x[p], p, 1, n)
    terms = [
        IndexSum(x[k] * inner, k, 1, n) ** 2,
        IndexSum(IndexSum(x[k], k, 1, n) * x[k], k, 1, n),
        IndexSum(IndexSum(x[p], p, 1, k) * x[k], k, 1, n),
        IndexSum(IndexSum(p * x[k], p, 1, k), k, 1, n) * n,
        IndexSum(Max(0, inner, evaluate=False) * IndexSum(x[k], k, 1, n), k, 1, n) / (1 + IndexSum(x[k], k, 1, n) ** 2),
        IndexSum(IndexSum(n * x[k], p, 1, n), k, 1, n) + IndexSum(IndexSum(IndexSum(1, i, 1, k), k, 1, n), p, 1, m),
    ]
    looked = 0
    for term in terms:
        for size in (1, 2, 3):
            given = {x: lambda q: 2 * q - 3, A: lambda r, q: r * r - q + 2}
            point = {n: size, m: 2, p: 2, k: 1}
            assert evaluate(term, point, None, given) == evaluate(normal(term), point, None, given), term
            assert not shown_equal(term, term + 1)
            looked += 1
    assert looked == 18


def test_sums_to_an_index_are_not_exchanged():
    """Half of a square is not the other half, and not the square."""
    k, p, n = (integer(name) for name in "kpn")
    x, y = array("x", (1, n)), array("y", (1, n))
    triangle = IndexSum(IndexSum(x[p] * y[k], p, 1, k), k, 1, n)
    other = IndexSum(IndexSum(x[k] * y[p], p, 1, k), k, 1, n)
    square = IndexSum(IndexSum(x[p] * y[k], p, 1, n), k, 1, n)
    assert not shown_equal(triangle, other)
    assert not shown_equal(triangle, square)
    assert shown_equal(square, IndexSum(x[k], k, 1, n) * IndexSum(y[k], k, 1, n))


def test_long_terms_are_given_up():
    """No term takes more than a moment."""
    k, n = integer("k"), integer("n")
    names = [array(f"x{p}", (1, n)) for p in range(8)]
    term = 1
    for x in names:
        term = term * (x[k] + IndexSum(x[k], k, 1, n) + 1)
    with pytest.raises(TooLong):
        normal(term)
    assert not shown_equal(term, term + 1)
    assert MOST_MONOMIALS < 3**8

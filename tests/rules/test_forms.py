"""Lines recognised as whole-array notation: every one that is the form, at every size, and none that is not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest
from sympy import Expr

from derive.errors import RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Step
from derive.language import (
    Condition,
    Context,
    Entry,
    IndexSum,
    Indicator,
    array,
    between,
    declare,
    eq,
    integer,
    le,
    subterms,
)
from derive.language.forms import Form, bases, of
from derive.language.points import evaluate
from derive.rules.combine import derived
from derive.rules.forms import by_indices, recognised

_D = (declare("n", "size"), declare("k", "size"), declare("a", "integer"), declare("b", "integer"))
n, k, a, b = (d.symbol for d in _D)
p, q, u, v = (integer(s) for s in "pquv")
m = n - k + 1
x, w, g = (array(s, (1, e), outside="zero") for s, e in (("x", n), ("w", k), ("g", m)))
X, W, G = (array(s, (1, e), (1, e), outside="zero") for s, e in (("X", n), ("W", k), ("G", m)))
x0, w0 = array("x0", (0, n - 1), outside="zero"), array("w0", (0, k - 1), outside="zero")
A, B, C = array("A", (1, n), (1, k)), array("B", (1, k), (1, n)), array("C", (1, n), (1, n))
r, s = array("r", (1, n)), array("s", (1, n))
ARRAYS = (x, w, g, X, W, G, x0, w0, A, B, C, r, s)


def numbers(name: str) -> Callable[..., Fraction]:
    """A number for each index or pair of indices, different for neighbours, for pairs turned round, and by name."""

    def number(*indices: int) -> Fraction:
        first, second = (*indices, 3)[:2]
        return Fraction(first * first * 5 + first * second * 3 - 7 * second + ord(name[0]), 2)

    return number


VALUES = {array: numbers(array.name) for array in ARRAYS}


def context(*facts: Condition) -> Context:
    """An image of size n, a kernel of size k <= n, and a place (a, b)."""
    return Context(_D, (le(k, n), *facts), (), ARRAYS)


def total(body: Expr, *levels: tuple[Expr, Expr | int, Expr | int]) -> Expr:
    """Sums over the levels, the first one outermost."""
    for index, low, high in reversed(levels):
        body = IndexSum(body, index, low, high)
    return body


VALID, FULL = between(1, a, m), between(1, a, n)
SQUARE = (between(1, a, n), between(1, b, n))
_P, _Q = (p, 1, k), (q, 1, k)

RECOGNISED: dict[str, tuple[Entry, Expr, tuple[Condition, ...]]] = {
    "correlation": (of("correlation", x, w)[a], total(x[a + p - 1] * w[p], _P), (VALID,)),
    "correlation, indexed by the image": (
        of("correlation", x, w)[a],
        total(x[p] * w[p - a + 1], (p, a, a + k - 1)),
        (VALID,),
    ),
    "correlation over the whole image": (of("correlation", x, w)[a], total(x[p] * w[p - a + 1], (p, 1, n)), (VALID,)),
    "correlation turned round twice": (
        of("correlation", x, w)[a],
        total(x[a + k - p] * w[k - p + 1], _P),
        (VALID,),
    ),
    "correlation from 0": (
        of("correlation", x0, w0)[a],
        total(x0[a + p] * w0[p], (p, 0, k - 1)),
        (between(0, a, n - k),),
    ),
    "gradient of a kernel": (of("correlation", x, g)[a], total(g[p] * x[p + a - 1], (p, 1, m)), (between(1, a, k),)),
    "convolution": (of("convolution", x, w)[a], total(x[a + k - p] * w[p], _P), (VALID,)),
    "convolution, the image in order": (
        of("convolution", x, w)[a],
        total(x[a + p - 1] * w[k - p + 1], _P),
        (VALID,),
    ),
    "full convolution": (
        of("full_convolution", g, w)[a],
        total(g[p] * w[a - p + 1], (p, 1, m)),
        (FULL,),
    ),
    "full convolution over the kernel": (of("full_convolution", g, w)[a], total(w[p] * g[a - p + 1], _P), (FULL,)),
    "full convolution from 0": (
        of("full_convolution", x0, w0)[a],
        total(x0[a - p] * w0[p], (p, 0, k - 1)),
        (between(0, a, n + k - 2),),
    ),
    "full correlation": (of("full_correlation", g, w)[a], total(g[a + p - k] * w[p], _P), (FULL,)),
    "correlation of images": (
        of("correlation", X, W)[a, b],
        total(X[a + p - 1, b + q - 1] * W[p, q], _P, _Q),
        (VALID, between(1, b, m)),
    ),
    "correlation of images, sums exchanged": (
        of("correlation", X, W)[a, b],
        total(X[a + p - 1, b + q - 1] * W[p, q], _Q, _P),
        (VALID, between(1, b, m)),
    ),
    "convolution of images": (
        of("convolution", X, W)[a, b],
        total(X[a + k - p, b + k - q] * W[p, q], _P, _Q),
        (VALID, between(1, b, m)),
    ),
    "full convolution of images": (
        of("full_convolution", G, W)[a, b],
        total(G[p, q] * W[a - p + 1, b - q + 1], (p, 1, m), (q, 1, m)),
        SQUARE,
    ),
    "full convolution of images, sums exchanged": (
        of("full_convolution", G, W)[a, b],
        total(G[p, q] * W[a - p + 1, b - q + 1], (q, 1, m), (p, 1, m)),
        SQUARE,
    ),
    "gradient of a kernel of an image": (
        of("correlation", X, G)[a, b],
        total(G[p, q] * X[p + a - 1, q + b - 1], (p, 1, m), (q, 1, m)),
        (between(1, a, k), between(1, b, k)),
    ),
    "product": (of("product", A, B)[a, b], total(A[a, p] * B[p, b], _P), SQUARE),
    "product of a transpose": (
        of("product", of("transpose", A), C)[a, b],
        total(A[p, a] * C[p, b], (p, 1, n)),
        (between(1, a, k), between(1, b, n)),
    ),
    "matrix and vector": (of("product", C, r)[a], total(C[a, p] * r[p], (p, 1, n)), (FULL,)),
    "vector and matrix": (of("product", r, C)[a], total(C[p, a] * r[p], (p, 1, n)), (FULL,)),
    "outer product": (of("outer", r, s)[a, b], r[a] * s[b], SQUARE),
    "transpose": (of("transpose", A)[a, b], A[b, a], (between(1, a, k), between(1, b, n))),
    "diagonal minus outer": (
        of("difference", of("diagonal", r), of("outer", r, r))[a, b],
        r[a] * (Indicator(eq(a, b)) - r[b]),
        SQUARE,
    ),
    "hadamard": (of("hadamard", r, s)[a], s[a] * r[a], (FULL,)),
    "sum": (of("sum", r, s)[a], s[a] + r[a], (FULL,)),
    "scaled": (of("scaled", n, r)[a], n * r[a], (FULL,)),
    "flip": (of("flip", r)[a], r[n + 1 - a], (FULL,)),
    "identity": (of("identity", n)[a, b], Indicator(eq(a, b)), SQUARE),
    "trace": (Entry(of("trace", C)), total(C[p, p], (p, 1, n)), ()),
    "trace of a product": (
        Entry(of("trace", of("product", A, B))),
        total(A[p, q] * B[q, p], (p, 1, n), _Q),
        (),
    ),
    "inner product": (Entry(of("inner", r, s)), total(r[p] * s[p], (p, 1, n)), ()),
    "inner product backwards": (Entry(of("inner", r, s)), total(r[n + 1 - p] * s[n + 1 - p], (p, 1, n)), ()),
    "inner product of matrices": (
        Entry(of("inner", C, C)),
        total(C[p, q] ** 2, (q, 1, n), (p, 1, n)),
        (),
    ),
    "squared norm": (Entry(of("squared_norm", r)), total(r[p] ** 2, (p, 1, n)), ()),
}


@pytest.mark.parametrize(
    "name",
    RECOGNISED,
)
def test_recognised(name: str) -> None:
    """Proved for all sizes, and the same numbers by brute force at the small ones."""
    entry, line, facts = RECOGNISED[name]
    there = context(*facts)
    made = derived("test", there, line, recognised(entry))
    assert made.right == entry
    report = check(made)
    assert report.verdict.kind == "proved"
    assert report.steps == len(made.chain.moves) >= 1
    assert report.points >= report.steps
    looked = 0
    for values in product((1, 2, 3), (1, 2, 3), range(4), range(4)):
        point = dict(zip((n, k, a, b), values, strict=True))
        if all(evaluate(Indicator(c), point) for c in there.facts):
            sides = [evaluate(side, point, there, VALUES) for side in (line, entry)]
            assert sides[0] == sides[1]
            looked += 1
    assert looked >= 12
    told = [move for move in made.chain.moves if isinstance(move, Step) and move.grain == "lecture"]
    assert 1 <= len(told) <= 4


def test_no_form_is_left_out() -> None:
    """Every form is recognised somewhere above, but those of which the difference is a part."""
    from derive.language.forms import FORMS

    used = {t.operation for entry, _, _ in RECOGNISED.values() for t in subterms(entry) if isinstance(t, Form)}
    of_laws = {"inverse", "determinant", "rank", "spectral_norm", "nuclear_norm", "leading_direction"}  # not of indices
    assert set(FORMS) - used == {"ones", *of_laws}


NOT: dict[str, tuple[str, Expr]] = {
    "not turned": ("convolution", total(x[a + p - 1] * w[p], _P)),
    "turned": ("correlation", total(x[a + k - p] * w[p], _P)),
    "off by one": ("correlation", total(x[a + p] * w[p], _P)),
    "off by one the other way": ("correlation", total(x[a + p - 2] * w[p], _P)),
    "kernel off by one": ("correlation", total(x[a + p - 1] * w[p - 1], _P)),
    "a term lost": ("correlation", total(x[a + p - 1] * w[p], (p, 1, k - 1))),
    "the first term lost": ("correlation", total(x[a + p - 1] * w[p], (p, 2, k))),
    "twice": ("correlation", 2 * total(x[a + p - 1] * w[p], _P)),
    "twice inside": ("correlation", total(2 * x[a + p - 1] * w[p], _P)),
    "squared": ("correlation", total(x[a + p - 1] ** 2 * w[p], _P)),
    "operands swapped": ("product", total(B[a, p] * A[p, b], (p, 1, n))),
    "transposed": ("product", total(A[b, p] * B[p, a], _P)),
    "one factor transposed": ("matrix", total(C[p, a] * r[p], (p, 1, n))),
    "one index free": ("matrix", total(C[a, b] * r[p], (p, 1, n))),
    "outer turned round": ("outer", r[b] * s[a]),
    "outer of the same": ("outer", r[a] * r[b]),
    "not transposed": ("transpose", A[a, b]),
    "diagonal alone": ("softmax", r[a] * Indicator(eq(a, b))),
    "sign of the outer product": ("softmax", r[a] * (Indicator(eq(a, b)) + r[b])),
    "delta lost": ("softmax", r[a] * (1 - r[b])),
    "wrong factor": ("softmax", r[b] * Indicator(eq(a, b)) - r[a] ** 2),
    "sum for difference": ("sum", r[a] - s[a]),
    "trace of the transpose's neighbour": ("trace", total(C[p, n + 1 - p], (p, 1, n))),
    "all entries for the trace": ("trace", total(C[p, q], (p, 1, n), (q, 1, n))),
    "inner product turned once": ("inner", total(r[p] * s[n + 1 - p], (p, 1, n))),
    "inner product with itself": ("inner", total(r[p] ** 2, (p, 1, n))),
    "norm not squared": ("squared_norm", total(r[p], (p, 1, n))),
    "axes exchanged": ("image", total(X[a + q - 1, b + p - 1] * W[p, q], _P, _Q)),
    "turned on one axis": ("image", total(X[a + k - p, b + q - 1] * W[p, q], _P, _Q)),
    "off by one on one axis": ("image", total(X[a + p - 1, b + q] * W[p, q], _P, _Q)),
    "the kernel transposed": ("image", total(X[a + p - 1, b + q - 1] * W[q, p], _P, _Q)),
    "full for valid": ("correlation", total(x[a + p - k] * w[p], _P)),
    "valid for full": ("full", total(g[a + p - 1] * w[p], _P)),
    "full and not turned": ("full", total(g[p] * w[p - a + 1], (p, 1, m))),
    "full with a range lost": ("full", total(g[p] * w[a - p + 1], (p, 1, a - 1))),
}
ENTRIES: dict[str, tuple[Entry, tuple[Condition, ...]]] = {
    "convolution": (of("convolution", x, w)[a], (VALID,)),
    "correlation": (of("correlation", x, w)[a], (VALID,)),
    "product": (of("product", A, B)[a, b], SQUARE),
    "matrix": (of("product", C, r)[a], SQUARE),
    "outer": (of("outer", r, s)[a, b], SQUARE),
    "transpose": (of("transpose", A)[a, b], (between(1, a, k), between(1, b, k))),
    "softmax": (of("difference", of("diagonal", r), of("outer", r, r))[a, b], SQUARE),
    "sum": (of("sum", r, s)[a], (FULL,)),
    "trace": (Entry(of("trace", C)), ()),
    "inner": (Entry(of("inner", r, s)), ()),
    "squared_norm": (Entry(of("squared_norm", r)), ()),
    "image": (of("correlation", X, W)[a, b], (VALID, between(1, b, m))),
    "full": (of("full_convolution", g, w)[a], (FULL,)),
}


@pytest.mark.parametrize("name", NOT)
def test_not_that_form(name: str) -> None:
    """A line that is not the form is refused, by the engine or else by the checker."""
    which, line = NOT[name]
    entry, facts = ENTRIES[which]
    with pytest.raises((RuleDoesNotApply, StepRejected)):
        check(derived("test", context(*facts), line, recognised(entry)))


def test_not_that_form_is_seen_in_numbers() -> None:
    """Each of these lines differs from the form at a small size, so that none was refused although it is right."""
    for name, (which, line) in NOT.items():
        entry, facts = ENTRIES[which]
        there, differs = context(*facts), 0
        for values in product((2, 3), (1, 2), (1, 2, 3), (1, 2)):
            point = dict(zip((n, k, a, b), values, strict=True))
            if point[n] < point[k] or (point[n] != point[k] and which == "product"):
                continue
            if all(evaluate(Indicator(c), point) for c in there.facts):
                sides = [evaluate(side, point, there, VALUES) for side in (line, entry)]
                differs += sides[0] != sides[1]
        assert differs, name


def test_by_indices() -> None:
    """A form within a form is opened down to the arrays, one step for each entry."""
    form = of("product", of("transpose", A), of("scaled", n, C))
    there = context(between(1, a, k), between(1, b, n))
    made = derived("test", there, form[a, b], by_indices)
    assert check(made).verdict.kind == "proved"
    assert len(made.chain.moves) == 3
    assert not any(isinstance(t, Form) for t in subterms(made.right))
    assert set(bases(form)) == {A, C}
    with pytest.raises(RuleDoesNotApply):
        by_indices(there, A[a, b])

"""Closed forms of sums: found by any means, proved by the kernel, equal to the sum term by term, right in the limit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Basic, Expr, Integer, cancel

from derive.constructs.registry import constructs
from derive.errors import DeriveError, RuleDoesNotApply, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Derivation
from derive.language import Cases, Compare, Context, IndexSum, declare, integer, substitute
from derive.language.counting import Binomial, Factorial
from derive.language.points import evaluate
from derive.rules.closed_forms import closed_form
from derive.rules.combine import by, derived
from derive.rules.sums import telescope
from derive.rules.telescoping import antidifference
from tests.derivations import derived as known
from tests.fuzz.budget import FACTOR, WHOLE

_D = {
    s: declare(s, sort) for s, sort in {"n": "natural", "m": "natural", "a": "real", "b": "real", "r": "real"}.items()
}
n, m, a, b, r = (_D[s].symbol for s in "nmabr")
j, k = integer("j"), integer("k")
CONTEXT = Context(tuple(_D.values()))
C = Binomial

SUMS: list[tuple[Expr, Expr, Expr]] = [
    (Integer(1), 0, n),
    (k, 0, n),
    (k, m, n + m),
    (k**2, 1, n),
    (k**5 - 3 * k, 0, n),
    (m * k**2 + 3, 0, n),
    (r**k, 0, n),
    (r ** (2 * k), 0, n),
    (r ** (n - k), 0, n),
    (a * r ** (k + 2), 1, n),
    (k * r**k, 0, n),
    (k**2 * r**k, 0, n),
    (k * a ** (n - k), 0, n),
    (k * Integer(2) ** k, 0, n),
    ((-1) ** k * k**2, 0, n),
    (a**k * b ** (n - k), 0, n),
    (k * a**k * b ** (n - k), 0, n),
    ((a * b) ** k, 0, n),
    (a**k + b**k, 0, n),
    ((a**k + 2) * (k + 1), 0, n),
    ((1 - a) ** k, 0, n),
    (1 / (k * (k + 1)), 1, n),
    (1 / (k * (k + 2)), 1, n),
    (1 / (k * (k + 1) * (k + 2)), 1, n),
    (1 / (4 * k**2 - 1), 1, n),
    (k * Factorial(k), 0, n),
    (C(k, m), 0, n),
    (C(m + k, k), 0, n),
    ((-1) ** k * C(n + 1, k), 0, m),
    (IndexSum(j, j, 0, k), 0, n),
    (IndexSum(r**j, j, 0, k), 0, n),
    (IndexSum(j * k, j, 0, k), 0, n),
]


@pytest.mark.parametrize(("body", "low", "high"), SUMS, ids=lambda x: str(x))
def test_closed_form(body: Expr, low: Expr, high: Expr) -> None:
    """Proved for all sizes and ratios, without a sum in the result, and equal to the sum at every small point."""
    total = IndexSum(body, k, low, high)
    made = derived("test", CONTEXT, total, closed_form(integer("i")))
    assert not made.right.has(IndexSum)
    assert check(made).verdict.kind == "proved"
    looked = 0
    for point in points(total):
        assert evaluate(made.right, point) == evaluate(total, point)
        looked += 1
    assert looked >= 4


def points(total: Expr) -> list[dict[object, object]]:
    """Small sizes, and ratios among which are 0, 1, -1 and equal ones."""
    found: list[dict[object, object]] = [{}]
    ratios = (Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2))
    for symbol in sorted(total.free_symbols, key=str):
        values = range(4) if symbol.is_integer else ratios
        found = [{**point, symbol: value} for point in found for value in values]
    return found


@pytest.mark.parametrize("body", [1 / (k + 1), C(n, k), r ** (k**2), Factorial(k)], ids=str)
def test_no_closed_form_is_made_up(body: Expr) -> None:
    """Sums without one are left alone, with a sentence."""
    with pytest.raises(RuleDoesNotApply, match=r"found|finished"):
        derived("test", CONTEXT, IndexSum(body, k, 0, n), closed_form(integer("i")))


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (k, k * (k + 1) / 2),
        (k**2, k * (k - 1) * (2 * k + 1) / 6),
        (r**k, r**k / (r - 1)),
        (1 / ((k + 1) * (k + 2)), -1 / k),
        (1 / ((k + 1) * (k + 2)), 1 / (k + 1)),
        ((-1) ** k * C(n + 1, k), (-1) ** k * C(n, k - 1)),
        (k * Factorial(k), Factorial(k - 1) * k),
        (k * Factorial(k), Factorial(k + 1)),
        (C(k, m), C(k - 1, m + 1)),
        (Integer(0), k),
    ],
    ids=str,
)
def test_wrong_certificates_are_refused(body: Expr, wrong: Expr) -> None:
    """A certificate that does not give the term, or has no value at an end, is refused however it was found."""
    with pytest.raises(StepRejected):
        check(derived("test", CONTEXT, IndexSum(body, k, 0, n), by(telescope, wrong)))


def test_a_certificate_with_a_pole_in_the_range_is_refused() -> None:
    """T = -1/k for 1/(k(k + 1)) has no value at k = 0, so the sum from 0 (which has none either) is not telescoped."""
    body = 1 / (k * (k + 1))
    assert antidifference(IndexSum(body, k, 1, n)) == -1 / k
    with pytest.raises(StepRejected):
        check(derived("test", CONTEXT, IndexSum(body, k, 0, n), by(telescope, -1 / k)))
    with pytest.raises(DeriveError):
        check(derived("test", CONTEXT, IndexSum(1 / (k * (k - 1)), k, 1, n), closed_form(j)))


JUMPS = ("step_limit",)
"""The step function is 1/2 at 0 and has no limit there, so the error of a sigmoid jumps as well."""


BRANCHED = ("exponentials", "filtered_pulse", "finite_sums", "receptive_equal_layers", "windowed_filters")
"""Constructs that have results with a degenerate branch."""


def branches(term: Expr) -> list[tuple[Expr, Compare, Expr]]:
    """(generic value, degenerate equation, degenerate value) of the cases of a result, case by case within."""
    found = []
    if isinstance(term, Cases):
        for value, condition in term.clauses:
            for other, equation in term.clauses:
                if (
                    isinstance(equation, Compare)
                    and equation.op == "="
                    and condition == Compare("!=", *equation.args[1:])
                ):
                    found.append((value, equation, other))
    return found


def at_sizes(derivation: Derivation, ratio: Basic) -> list[dict[object, Expr]]:
    """Small values of all integers that the hypotheses allow, but for the ratio, which may be an integer itself."""
    symbols = [s for s in derivation.context.symbols if s.is_integer and s != ratio]
    least = {d.symbol: {"size": 1, "natural": 0}.get(d.sort, -2) for d in derivation.context.declarations}
    grid: list[dict[object, Expr]] = [{}]
    for symbol in symbols:
        grid = [{**g, symbol: Integer(v)} for g in grid for v in range(least[symbol], least[symbol] + 5)]
    return grid


def test_degenerate_branches_are_the_limits_of_the_others() -> None:
    """At fixed sizes the generic branch, cancelled, has at the degenerate ratio the value of the other branch.

    Most constructs have no such branches, which is seen once they are derived: `make test` looks for others among every
    25th construct, `make whole` every fifth, `make soundness` among all.
    """
    looked: dict[str, int] = {}
    for turn, construct in enumerate(constructs()):
        its_turn = FACTOR > 1 or turn % (5 if WHOLE else 25) == 0 or construct.name in BRANCHED
        if construct.name in JUMPS or not its_turn:
            continue
        for claim in construct.claims:
            derivation = known(f"{construct.name}.{claim.name}")
            for generic, equation, degenerate in branches(derivation.right):
                for sizes in at_sizes(derivation, equation.left):
                    one = chosen(generic, sizes)
                    other = chosen(degenerate, sizes)
                    limit = substitute(cancel(one), {equation.left: equation.right})
                    assert cancel(limit - substitute(other, {equation.left: equation.right})) == 0
                    looked[derivation.name] = looked.get(derivation.name, 0) + 1
    assert len(looked) >= 8 and sum(looked.values()) >= 400, looked
    assert {name.split(".")[0] for name in looked} >= set(BRANCHED)


def chosen(term: Expr, sizes: dict[object, Expr]) -> Expr:
    """The value at the sizes, without cases."""
    if isinstance(term, Cases):
        for value, condition in term.clauses:
            there = substitute(condition, sizes)
            if not there.free_symbols and holds(there):
                return chosen(value, sizes)
        raise AssertionError(f"no case of {term} applies at {sizes}")
    return substitute(term, sizes)


def holds(condition: Expr) -> bool:
    """Whether a condition between numbers holds."""
    from derive.language.points import holds as holds_at

    return holds_at(condition, {})

"""Windows, cases and limits computed from supports: signals other than the pulse, without a line of new engine."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Expr, Integer, Rational, oo

from derive.kernel.checker import check
from derive.kernel.derivation import Derivation
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Context,
    Definition,
    IndexSum,
    between,
    declare,
    integer,
    signal,
)
from derive.language.points import evaluate
from derive.rules.algebra import definition
from derive.rules.closed_forms import closed_form
from derive.rules.combine import by, chain, then
from derive.rules.regroup import collect_cases
from derive.rules.windows import insert_definitions, over_window, to_window

D = {s: declare(s, t) for s, t in {"n": "integer", "L": "size", "M": "size", "s": "integer", "a": "real"}.items()}
n, L, M, s, a = (D[x].symbol for x in "nLMsa")
i, k = integer("i"), integer("k")
y = signal("y")


def convolved(first: Definition, second: Definition, symbols: str) -> Derivation:
    """The convolution of two defined signals in closed form, by the tactics that the pulse uses."""
    total = Definition(y, (n,), IndexSum(first.array[i] * second.array[n - i], i, -oo, oo))
    context = Context(tuple(D[x] for x in symbols), definitions=(first, second, total))
    moves = then(
        by(definition),
        to_window,
        insert_definitions,
        over_window(n, closed_form(k)),
        collect_cases,
    )
    proof = chain(context, y[n], moves)
    return Derivation("test", context, y[n], proof.end, proof)


def box(name: str, low: Expr, high: Expr) -> Definition:
    """1 on low..high."""
    return Definition(signal(name, low, high), (n,), Integer(1))


STEP = Definition(signal("u", 0), (n,), Integer(1))
DECAY = Definition(signal("h", 0), (n,), a**n)
BY_CASES = Definition(signal("x"), (n,), Cases((Integer(1), between(0, n, L - 1)), (Integer(0), OTHERWISE)))
LEFT_SIDED = Definition(signal("g", -oo, 0), (n,), a ** (-n))


@pytest.mark.share(3)
@pytest.mark.parametrize(
    ("first", "second", "symbols", "branches"),
    [
        (box("x", 0, L - 1), DECAY, "nLa", 3),
        (BY_CASES, DECAY, "nLa", 3),
        (box("x", s, s + L - 1), DECAY, "nLsa", 3),
        (box("x", 0, L - 1), box("z", 0, M - 1), "nLM", 6),  # two empty ones, and each limit one of two
        (STEP, Definition(signal("v", 0), (n,), Integer(1)), "n", 2),
        (box("x", 0, L - 1), STEP, "nL", 3),
        (box("x", 0, L - 1), LEFT_SIDED, "nLa", 3),
        (box("x", -L, L), DECAY, "nLa", 3),
    ],
    ids=[
        "pulse",
        "pulse by cases",
        "pulse from s",
        "trapezoid",
        "step * step",
        "pulse * step",
        "left-sided",
        "symmetric",
    ],
)
def test_cases_are_computed(first: Definition, second: Definition, symbols: str, branches: int) -> None:
    """Proved, with the expected number of cases, and equal to the sum term by term on a grid of all small sizes."""
    derivation = convolved(first, second, symbols)
    report = check(derivation)
    assert report.verdict.kind == "proved"
    split = next(m for m in derivation.chain.moves if hasattr(m, "branches"))
    assert len(split.branches) == branches
    looked = 0
    for time in range(-6, 9):
        for size in (1, 2, 4):
            for other in (1, 3):
                for ratio in (Fraction(0), Fraction(1), Fraction(-2), Fraction(1, 3)):
                    point = {n: time, L: size, M: other, s: other - 4, a: ratio}
                    expected = Fraction(0)
                    for place in range(-30, 31):
                        expected += evaluate(first.array[place] * second.array[time - place], point, derivation.context)
                    assert evaluate(derivation.right, point, derivation.context) == expected
                    looked += 1
    assert looked == 15 * 3 * 2 * 4


def test_wrapped_arrays_have_no_window() -> None:
    """An array that wraps around is nowhere zero for its index, so no window is made up."""
    from derive.errors import RuleDoesNotApply

    ring = Array("c", ((0, L - 1),), "wraps")
    context = Context((D["n"], D["L"]), arrays=(ring,))
    with pytest.raises(RuleDoesNotApply, match="do not bound"):
        to_window(context, IndexSum(ring[i], i, -oo, oo))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("n=-1", "0"),
        ("n=0", "1"),
        ("L=1", "{{0 if n < 0; 1 if n = 0; a**n if n >= 1} if a != 1; {0 if n < 0; 1 if n = 0; 1 if n >= 1} if a = 1}"),
        ("a=0", "{0 if n < 0; 1 if 0 <= n and n <= L - 1; 0 if n >= L}"),
        ("a=1", "{0 if n < 0; n + 1 if 0 <= n and n <= L - 1; L if n >= L}"),
        ("n=9 L=7 a=1/2", "127/512"),
        ("L=7 a=1/2", "{0 if n < 0; 2 - 1/2**n if 0 <= n and n <= 6; 127/2**n if n >= 7}"),
        ("n=-1 a=0", "0"),
        (
            "L=2",
            "{{0 if n < 0; (1 - a**(n + 1))/(1 - a) if 0 <= n and n <= 1; a**n + a**(n - 1) if n >= 2} "
            "if a != 1; {0 if n < 0; n + 1 if 0 <= n and n <= 1; 2 if n >= 2} if a = 1}",
        ),
        ("L=1 n=0", "1"),
        ("L=7 n=9", "{a**3*(1 - a**7)/(1 - a) if a != 1; 7 if a = 1}"),
        ("L=7 a=2", "{0 if n < 0; 2**(n + 1) - 1 if 0 <= n and n <= 6; 127*2**(n - 6) if n >= 7}"),
    ],
)
def test_values_inserted_into_the_pulse(values: str, expected: str) -> None:
    """Cases decided, left out and worked out; each result written down by hand and proved."""
    from derive.constructs.filtered_pulse import response
    from derive.rules.lemmas import specialised

    general = response()
    by_name = {symbol.name: symbol for symbol in general.context.symbols}
    settings = dict(text.split("=") for text in values.split())
    made = specialised(general, {by_name[name]: Rational(value) for name, value in settings.items()})
    assert check(made).verdict.kind == "proved"
    assert str(made.right) == expected

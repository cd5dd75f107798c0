"""Statements that constructs record as false: each is refuted at the smallest point, and nothing true is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from types import SimpleNamespace
from typing import Any

import pytest
from sympy import Integer, Symbol, log, oo, sqrt

from derive.constructs import registry
from derive.constructs.construct import Construct, Refuted
from derive.constructs.registry import claim, constructs
from derive.errors import NotRefuted, OracleDisagrees, Undefined, Unevaluable
from derive.kernel.checker import check
from derive.language import Array, Context, IndexSum, array, declare, eq, gt, integer
from derive.language.points import Samples, evaluate, holds
from derive.numeric.compile import COMPILERS, as_grid
from derive.numeric.refuting import Witness, confirm, fails, refutation
from derive.sheets.refutations import Disproved, disproved
from tests.derivations import derived, together
from tests.fuzz.budget import FACTOR, SHARE, WHOLE

RECORDS = [(c, record) for c in constructs() for record in c.refuted]
LOOKED_AT = RECORDS if WHOLE else RECORDS[4::8]
IN_TURN = [pytest.param(c, r, id=f"{c.name}.{r.name}", marks=together(c.name)) for c, r in LOOKED_AT]
a, b = (declare(name, "real") for name in "ab")
A, B = a.symbol, b.symbol


def statement(context: Context, left: Any, relation: str, right: Any) -> Any:
    """A statement that nobody recorded."""
    return SimpleNamespace(context=context, left=left, relation=relation, right=right)


@cache
def found_false(path: str) -> Disproved:
    """The witness of `construct.record`, looked for once; three tests look at it."""
    return disproved(path)


def test_there_are_enough() -> None:
    """A check that looked at nothing has failed."""
    assert len(RECORDS) >= 15


@pytest.mark.parametrize(("construct", "record"), IN_TURN)
def test_statement_is_false_and_says_why(construct: Construct, record: Refuted) -> None:
    """The witness meets every hypothesis, both sides were evaluated there, and the page says what is wrong."""
    found = found_false(f"{construct.name}.{record.name}")
    assert found.found.verdict.kind == "refuted" and found.found.verdict.witness is found.witness
    at = found.witness
    assert (
        set(at.point) == set(record.context.symbols)
        and set(at.arrays) == set(record.context.arrays) - record.context.random
    )
    assert all(holds(fact, at.point, record.context, at.arrays) for fact in record.context.facts)
    told = found.data()["witness"]
    point = {s: Fraction(told["values"][s.name]) for s in record.context.symbols}
    arrays = {x: Samples({place(k): Fraction(v) for k, v in told["arrays"][x.name].items()}) for x in at.arrays}
    left, right = (evaluate(side, point, record.context, arrays, at.variant) for side in (record.left, record.right))
    assert (str(left), str(right)) == (str(at.left), str(at.right))
    assert fails(left, record.relation, right)
    assert record.title and record.statement and str(record.missing[-1]).endswith(".")


def place(text: str) -> tuple[int, ...]:
    """The indices of an entry from their text."""
    return tuple(map(int, text.split(", "))) if text else ()


@pytest.mark.parametrize(("construct", "record"), IN_TURN)
def test_what_holds_instead_is_proved(construct: Construct, record: Refuted) -> None:
    """The repaired twin is a claim of a construct, and the checker accepts it."""
    if record.instead:
        assert check(derived(record.instead), explain=False).verdict.kind == "proved"


def test_enough_have_a_repaired_twin() -> None:
    """Otherwise the test above looks at nothing."""
    assert sum(bool(record.instead) for _, record in RECORDS) >= 6


def smaller_points(record: Refuted, at: Witness) -> Iterator[tuple[dict[Symbol, Fraction], dict[Array, Samples]]]:
    """Points with less sizes, or the same sizes and fewer numbers that are not 0, with numbers 1 and -1."""
    sizes = [d.symbol for d in record.context.declarations if d.sort == "size"]
    whole = [d.symbol for d in record.context.declarations if d.symbol.is_integer and d.sort != "size"]
    reals = [d.symbol for d in record.context.declarations if not d.symbol.is_integer]
    most = [int(at.point[s]) for s in sizes]
    used = sum(bool(v) for numbers in at.arrays.values() for v in numbers.values.values())
    used += sum(bool(at.point[s]) for s in reals)
    for chosen in product(range(1, sum(most) + 1), repeat=len(sizes)):
        rank = (sum(chosen), list(chosen))
        if rank > (sum(most), most):
            continue
        count = used - 1 if rank == (sum(most), most) else 2
        for others in product(range(-2, 3), repeat=len(whole)):
            point = {s: Fraction(v) for s, v in zip([*sizes, *whole], [*chosen, *others], strict=True)}
            free: list[Any] = [*reals, *(entry for array in record.context.arrays for entry in entries(array, point))]
            for number in range(min(count, 2, len(free)) + 1):
                for places in combinations(free, number):
                    for values in product((Fraction(1), Fraction(-1)), repeat=number):
                        taken = dict(zip(places, values, strict=True))
                        arrays: dict[Array, dict[Any, Fraction]] = {array: {} for array in record.context.arrays}
                        for entry, value in taken.items():
                            if isinstance(entry, tuple):
                                arrays[entry[0]][entry[1]] = value
                        real = {s: taken.get(s, Fraction(0)) for s in reals}
                        yield {**point, **real}, {array: Samples(found) for array, found in arrays.items()}


def entries(array: Array, point: dict[Symbol, Fraction]) -> Iterator[tuple[Array, tuple[int, ...]]]:
    """Its entries, of an endless one those near 0."""
    axes = []
    for low, high in array.axes:
        first = -1 if low.is_infinite else int(evaluate(low, point))
        axes.append(range(first, (2 if high.is_infinite else int(evaluate(high, point))) + 1))
    yield from ((array, k) for k in product(*axes))


NO_SMALLER_POINT = (
    *("log_of_sum", "sigmoid_near_step", "two_zeros", "all_codes", "all_but_one", "zero_again", "next_power"),
    *("no_kept_exponent", "nan_as_value", "usual_bias", "smallest_exponent", "normal_bias"),
)
"""Refuted at the least numbers that the hypotheses allow."""


@pytest.mark.parametrize(("construct", "record"), IN_TURN)
def test_no_smaller_point_refutes_it(construct: Construct, record: Refuted) -> None:
    """At smaller points that are allowed, and where both sides have values, the statement holds.

    At the first 500 of them, smallest first; in `make soundness` at 3,000.
    """
    at = found_false(f"{construct.name}.{record.name}").witness
    looked = 0
    for point, arrays in smaller_points(record, at):
        try:
            if not all(holds(fact, point, record.context, arrays) for fact in record.context.facts):
                continue
            left, right = (evaluate(side, point, record.context, arrays) for side in (record.left, record.right))
            is_false = fails(left, record.relation, right)
        except (Undefined, Unevaluable):
            continue
        assert not is_false, (point, arrays)
        looked += 1
        if looked == (3_000 if FACTOR > 1 else 500 // SHARE):
            return
    assert looked or record.name in NO_SMALLER_POINT


BY_HAND = {
    "shift_failures.padding": ({"N": 2, "s": 1}, "2/3", "1/3"),
    "shift_failures.stride": ({"M": 1, "S": 2, "N": 2, "k": 1, "s": 1, "n": 0}, "0", "1"),
    "shift_failures.border": ({"N": 2, "k": 2, "s": 1, "n": 1}, "0", "1"),
    "shift_failures.average": ({"M": 2, "n": 0}, "0", "1/2"),
    "common_slips.matrices_commute": ({"n": 2, "i": 1, "j": 1}, "1", "0"),
    "common_slips.relu_of_sum": ({"a": 1, "b": -1}, "0", "1"),
    "common_slips.square_of_sum": ({"a": 1, "b": 1}, "4", "2"),
}


@pytest.mark.parametrize("path", BY_HAND)
def test_witness_by_hand(path: str) -> None:
    """The witnesses that a teacher would give."""
    point, left, right = BY_HAND[path]
    told = disproved(path).data()["witness"]
    assert {name: int(value) for name, value in told["values"].items()} == point
    assert (told["left"], told["right"]) == (left, right)


TRUE = ("step_limit.one_over_k", "convolution_laws.commutative", "shift_equivariance.convolution", "softmax.shift")


@pytest.mark.share(4)
@pytest.mark.parametrize("path", TRUE)
def test_what_is_proved_is_not_refuted(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A true statement in such a record is refused with one sentence, and nothing is printed."""
    owner, true = claim(path)
    record = Refuted("no", "No", ("It is so",), true.context, true.left, "=", true.derive().right, ("Nothing.",))
    found = refutation(record)
    assert (found.verdict.kind, found.witness) == ("undecided", None) and found.tried >= 1
    monkeypatch.setattr(registry, "construct", lambda name: replace(owner, refuted=(record,)))
    with pytest.raises(NotRefuted, match=r"\.no is not printed as false: it holds at .* looked at, so it may be true"):
        disproved(f"{owner.name}.no")


def test_nothing_that_has_a_value() -> None:
    """Where neither side can be evaluated nothing is known, and this is said."""
    k = integer("k")
    for left in (IndexSum(1 / k**2, k, 1, oo), log(-1 - A**2)):
        found = refutation(statement(Context((a,)), left, "=", Integer(1)))
        assert (found.verdict.kind, found.tried) == ("undecided", 0)
        assert found.verdict.why == "neither side has a value at any point looked at"
        assert sum(found.skipped.values()) >= 1


def test_hypotheses_that_leave_no_point() -> None:
    """No point is none that refutes."""
    assert refutation(statement(Context((a,), (gt(A, 0), gt(-A, 0))), A, "=", 2 * A)).verdict.kind == "undecided"


@pytest.mark.parametrize(
    ("relation", "right", "is_false"),
    [
        *(("<=", A, False), ("<", A, True), (">=", A, False), (">", A, True), ("=", A, False), ("=", -A, True)),
        *(("<=", A**2, True), (">=", A**2, True), ("<=", A**2 + 1, False), (">", A**2, True), ("<", A + 1, False)),
    ],
)
def test_every_relation(relation: str, right: Any, is_false: bool) -> None:
    """With and without equality: a statement is refuted just where it is false."""
    found = refutation(statement(Context((a,)), A, relation, right))
    assert found.verdict.kind == ("refuted" if is_false else "undecided")


@pytest.mark.parametrize(
    ("left", "relation", "right"),
    [
        (sqrt(A) * sqrt(B), "=", sqrt(A * B)),
        (log(A) + log(B), "=", log(A * B)),
        (log(A) + log(B), "<=", log(A * B)),
        (sqrt(A + 1) ** 2, ">=", A + 1),
    ],
)
def test_enclosures_that_overlap_refute_nothing(left: Any, relation: str, right: Any) -> None:
    """Roots and logarithms are known within bounds alone; these are true, also where equality is the edge."""
    positive = Context((a, b), (gt(A, 0), gt(B, 0)))
    assert refutation(statement(positive, left, relation, right)).verdict.kind == "undecided"


def test_a_side_without_a_value_refutes_nothing() -> None:
    """A quotient at 0 has no value, so that point is none against 1/a * a = 1."""
    found = refutation(statement(Context((a,)), A * (1 / (A + B - B)), "=", Integer(1)))
    assert found.verdict.kind == "undecided"


def test_sizes_before_numbers() -> None:
    """The least sizes come first, although fewer numbers would do at larger ones; then as many zeros as can be."""
    n, i = declare("n", "size"), integer("i")
    x = array("x", (1, n.symbol))
    total = IndexSum(x[i], i, 1, n.symbol)
    found = refutation(statement(Context((n,), (), (), (x,)), total**2, "=", IndexSum(x[i] ** 2, i, 1, n.symbol)))
    assert found.witness is not None
    assert found.witness.point[n.symbol] == 2
    assert found.witness.arrays[x].values == {(1,): 1, (2,): 1}


def test_numbers_that_are_not_plain() -> None:
    """Where plain numbers do not refute it others do, made plainer one by one."""
    n = declare("n", "size")
    x = array("x", (1, n.symbol))
    product_of_all = x[1] * x[2] * x[3] * x[4] * x[5]
    five = statement(Context((n,), (eq(n.symbol, 5),), (), (x,)), product_of_all, "=", Integer(0))
    found = refutation(five)
    assert found.witness is not None and found.witness.left == 1


def test_a_forged_witness() -> None:
    """Other values, a hypothesis broken, an entry outside the range: what does not refute is not believed."""
    found = disproved("shift_failures.padding")
    at, record = found.witness, found.record
    confirm(record, at)
    N, s = record.context.symbols
    x, w = record.context.arrays
    forged = [
        replace(at, point={**at.point, s: Fraction(2)}),
        replace(at, point={**at.point, N: Fraction(0)}),
        replace(at, arrays={x: at.arrays[x], w: Samples({})}),
        replace(at, arrays={x: at.arrays[x], w: Samples({(0,): Fraction(1), (7,): Fraction(1)})}),
    ]
    for one in forged:
        with pytest.raises((OracleDisagrees, Undefined, Unevaluable)):
            confirm(record, one)


def code(record: Refuted, side: Any) -> Any:
    """A side as compiled with NumPy; None where it cannot be."""
    if record.context.random:  # moments have no code
        return None
    try:
        return COMPILERS["numpy"](side, record.context, (*record.context.symbols, *record.context.arrays))
    except Unevaluable:
        return None


@pytest.mark.parametrize(("construct", "record"), IN_TURN)
def test_witness_compiled(construct: Construct, record: Refuted) -> None:
    """The two sides have the values of the exact evaluation when they are compiled, wherever they can be."""
    at = found_false(f"{construct.name}.{record.name}").witness
    grids = []
    for one in () if record.context.random else record.context.arrays:
        whole = {place: at.arrays[one](*place) for _, place in entries(one, dict(at.point))}
        grids.append(as_grid(Samples({**whole, **at.arrays[one].values}), len(one.axes)))
    for side, exact in ((record.left, at.left), (record.right, at.right)):
        function = code(record, side)
        if function is not None:
            assert float(function(*(float(at.point[s]) for s in record.context.symbols), *grids)) == pytest.approx(
                float(exact)
            )


def test_enough_witnesses_are_compiled() -> None:
    """Otherwise the test above looks at nothing."""
    assert sum(code(record, side) is not None for _, record in RECORDS for side in (record.left, record.right)) >= 24

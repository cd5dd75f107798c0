"""Whether what is stated of random arrays can be, and whether a hypothesis keeps away from single outcomes."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Symbol

from derive.errors import IllFormed
from derive.language.arrays import Array
from derive.language.chance import ENTRIES, LAWS, Chance, Stated, arrays_outside, moments_in
from derive.language.conditions import Condition, between, ge, implies, le
from derive.language.context import Context
from derive.language.symbols import integer, is_integer
from derive.language.wellformed import check_indices, obligations

_VALUES = {"bits": 1, "uniform": 2}
"""How many values a law is given by."""


def check_chances(context: Context, declared: set[Symbol]) -> list[Condition]:
    """What is stated of random arrays can be, and no hypothesis speaks of an outcome."""
    for number, record in enumerate(context.chances):
        if record.array not in context.arrays or record.array in {c.array for c in context.chances[:number]}:
            raise IllFormed(f"{record.array} is no array without a definition, or is said twice to be random")
        check_chance(record, declared)
        alone = [c for c in context.chances if c.family == record.family] == [record]
        if not alone and (record.entries not in ("any", "uncorrelated") or record.law not in ("any", "symmetric")):
            raise IllFormed(f"nothing more is stated of {record.array} than of the others of its group")
    for hypothesis in context.hypotheses:
        check_certain(context, hypothesis)
        if moments_in(hypothesis):  # it could contradict what is stated, and no point would tell
            raise IllFormed(f"{hypothesis} speaks of a moment: what is known of those is stated of the arrays")
    return [c for record in context.chances for c in possible(record)]


def check_certain(context: Context, condition: Condition) -> None:
    """Refuse a hypothesis or case that speaks of one outcome, or states what only a record can.

    Raises:
        IllFormed: with the condition.
    """
    if condition.has(Stated):
        raise IllFormed(f"{condition} is stated of a random array, and is no hypothesis")
    if context.random_in(condition):
        raise IllFormed(f"{condition} speaks of random entries: it holds in some outcomes, not in others")


def check_chance(record: Chance, declared: set[Symbol]) -> None:
    """Refuse a record that cannot be, or that speaks of what is not declared.

    Raises:
        IllFormed: with what is wrong.
    """
    name = record.array.name
    if record.entries not in ENTRIES or record.law not in LAWS:
        raise IllFormed(f"of {name} it is stated that its entries are {record.entries!r}, its law {record.law!r}")
    if len(record.values) != _VALUES.get(record.law, 0):
        raise IllFormed(f"the law {record.law!r} of {name} is not given by {len(record.values)} values")
    single = not record.array.axes
    if record.law not in ("any", "symmetric") and not (record.entries == "independent" or single):
        raise IllFormed(f"the law {record.law!r} of {name} is known for independent entries alone")
    given = (record.mean, record.variance, record.second)
    if record.law in ("signs", "bits", "uniform") and any(v is not None for v in given):
        raise IllFormed(f"the moments of {name} follow from its law and are not stated besides")
    if record.law in ("symmetric", "normal") and record.mean != 0:
        raise IllFormed(f"{name} has a symmetric law about 0, so its mean is stated to be 0")
    if record.law == "normal" and record.variance is None:
        raise IllFormed(f"a normal law of {name} is that of a variance")
    if record.second is not None and (record.variance is not None or record.mean is not None):
        raise IllFormed(f"of {name} either mean and variance or the mean square is stated")
    if record.entries == "stationary" and any(value is not None and _moves(record, value) for value in given):
        raise IllFormed(f"{name} is stationary, and its moments depend on the place")
    if record.identical and any(value is not None and _moves(record, value) for value in given):
        raise IllFormed(f"the entries of {name} are distributed alike, and their moments are not")
    if len(set(record.parameters)) != len(record.array.axes) or not _are_letters(record.parameters, declared):
        raise IllFormed(f"the indices of what is stated of {name} are letters of their own, one for each axis")
    if record.array.outside == "wraps" and record.entries != "any":
        raise IllFormed(f"{name} wraps around: different indices may mean the same entry")
    for value in (*(v for v in given if v is not None), *record.values):
        fixed = set() if value in record.values else set(record.parameters)
        if not value.free_symbols <= declared | fixed:
            raise IllFormed(f"what is stated of {name} mentions symbols that are not declared")
        if any(isinstance(t, Array) for t in arrays_outside(value)) or moments_in(value):
            raise IllFormed(f"what is stated of {name} mentions arrays")
        check_indices(value, {s.name for s in (*declared, *record.parameters)})
    if record.law == "uniform" and not all(map(is_integer, record.values)):
        raise IllFormed(f"a uniform law of {name} is one of integers, and {record.values} need not be")


def _are_letters(parameters: tuple[Symbol, ...], declared: set[Symbol]) -> bool:
    names = {s.name for s in declared}
    return all(p == integer(p.name) and p.name not in names for p in parameters)


def _moves(record: Chance, value: Expr) -> bool:
    return bool(value.free_symbols & set(record.parameters))


def possible(record: Chance) -> Iterator[Condition]:
    """The conditions under which there is such an array: all is defined, no variance negative, a probability is one."""
    within = record.array.in_range(*record.parameters)
    for value in (record.mean, record.variance, record.second, *record.values):
        if value is not None:
            yield from (implies(within, c) for c in obligations(value))
    for value in (record.variance, record.second):
        if value is not None:
            yield implies(within, ge(value, 0))
    if record.law == "bits":
        yield between(0, record.values[0], 1)
    if record.law == "uniform":
        yield le(*record.values)

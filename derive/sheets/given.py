"""What is given, in words: the symbols and what is asked of them, and the arrays, with a formula or without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Integer, Number, Rational, oo

from derive.kernel.derivation import Derivation
from derive.language import (
    OTHERWISE,
    TRUE,
    Array,
    Cases,
    Compare,
    Condition,
    Context,
    Declaration,
    Definition,
    Entry,
    between,
    eq,
    fresh,
    ge,
    le,
    real,
)
from derive.language.chance import Stated
from derive.language.maps import functions_in
from derive.render.document import Equation, Inline, Words

_OUTSIDE: dict[str, Words] = {
    "zero": (" and ", Integer(0), " elsewhere"),
    "wraps": (", indices wrapped around",),
    "error": (),
}


def arrays(context: Context) -> Iterator[Words]:
    """What each array is: its definition, or `x[i] any numbers for i >= 0 and 0 elsewhere`."""
    for definition in context.definitions:
        yield _defined(definition)
    for array in context.arrays:
        names = {s.name for s in context.symbols}
        indices = []
        for _ in array.axes:
            indices.append(fresh("i", names))
            names.add(indices[-1].name)
        entry = Entry(array, *indices)
        kind = " random" if array in context.random else " any numbers"
        yield (entry, kind, *_range(entry, entry.in_range))
    yield from random_arrays(context)


def random_arrays(context: Context) -> Iterator[Words]:
    """What is stated of each random array, and which are independent of each other: a sentence each, without a dot."""
    families: dict[str, list[Array]] = {}
    for record in context.chances:
        entry = Entry(record.array, *record.parameters)
        families.setdefault(record.family, []).append(record.array)
        said: list[Words] = []
        for statement in record.stated:
            if statement.is_value:
                named = {"mean": "mean ", "variance": "variance ", "second moment": "mean square "}[statement.what]
                said.append((named, statement.args[3]))
            elif (statement.what, record.entries) == ("uncorrelated entries", "independent") or (
                (statement.what, record.law) == ("symmetric", "normal")
            ):  # that follows from what else is said
                continue
            else:
                said.append(_how(statement))
        if record.entries == "any" and record.array.axes:
            said.append(("dependent on each other in any way",))
        words = [word for number, part in enumerate(said) for word in ((", ", *part) if number else part)]
        yield (entry, *_range(entry, entry.in_range), ": random, ", *words) if words else (entry, ": random")
    if len(families) > 1:
        groups = [_listed(members) for members in families.values()]
        words = [word for number, part in enumerate(groups) for word in ((", ", *part) if number else part)]
        yield (*words, ": independent of each other")


def _how(statement: Stated) -> Words:
    what, parts = statement.what, statement.args[1:]
    if what == "bits":
        return ("1 with probability ", parts[1], " and else 0")
    if what == "signs":
        return ("1 or -1 with probability ", Rational(1, 2), " each")
    if what == "uniform":
        return ("any integer from ", parts[1], " to ", parts[2], " with the same probability")
    if what == "symmetric":
        return ("symmetric about 0",)
    return ("identically distributed" if what.startswith("identical") else what.split(" ")[0],)


def _listed(arrays: list[Array]) -> Words:
    words = tuple(word for number, a in enumerate(arrays) for word in ((" and ", a) if number else (a,)))
    return words if len(arrays) == 1 else ("(", *words, ")")


def domain(context: Context) -> Words:
    """`all integers n, all integers L, M >= 1, all real a, b with a != b`: the symbols and what is asked of them."""
    sorts: dict[str, list[Declaration]] = {}
    for declaration in context.declarations:
        sorts.setdefault(declaration.sort, []).append(declaration)
    words: list[object] = []
    for sort, declared in sorts.items():
        words.append((", " if words else "") + ("all real " if sort == "real" else "all integers "))
        for number, d in enumerate(declared, start=1):
            whole = number == len(declared) and d.fact != TRUE
            words += [", " if number > 1 else "", d.fact if whole else d.symbol]
    for number, hypothesis in enumerate(context.hypotheses):
        words += [", " if number else " with ", hypothesis]
    return tuple(w for w in words if w != "")


def smooth_functions(derivation: Derivation) -> Words:
    """`all smooth f, g and h`; nothing where the statement speaks of none."""
    said = (derivation.left, derivation.right, *(d.body for d in derivation.context.definitions))
    names = [real(name) for name in functions_in(*said)]
    if not names:
        return ()
    joined = [part for number, name in enumerate(names) for part in (_between(number, len(names)), name)]
    return ("all smooth ", *(w for w in joined if w != ""))


def _between(number: int, size: int) -> str:
    return "" if number == 0 else " and " if number == size - 1 else ", "


def definitions(context: Context) -> Words:
    """The arrays that are given by a formula: `x[n] = 1 for 0 <= n <= L - 1 and 0 elsewhere`."""
    return defined(context.definitions)


def defined(given: Iterable[Definition], apart: str = "; ") -> Words:
    """What each array is, in a row: `e[0] = w_0, e[t] = 2*w[t] for t >= 1 and 0 elsewhere; h[n] = 1`."""
    words: list[Inline] = []
    for definition in given:
        words += [apart if words else "", *_defined(definition)]
    return tuple(w for w in words if w != "")


def _defined(definition: Definition) -> Words:
    words: list[Inline] = []
    for equation, where in is_defined_by(definition):
        words += [*([", "] if words else []), equation, *where]
    return tuple(words)


def is_defined_by(definition: Definition) -> tuple[tuple[Equation, Words], ...]:
    """The equations of a definition, each with where it holds: `e[0] = w_0` and `e[t] = 2*w[t]`, ` for t >= 1`."""
    entry = Entry(definition.array, *definition.parameters)
    start = _start(definition)
    if start is None:
        return ((Equation(entry, "=", definition.body), _range(entry, entry.in_range)),)
    value, where = definition.body.clauses[-1][0], _after_start(definition)
    return ((start, ()), (Equation(entry, "=", value), _range(entry, where)))


def _range(entry: Entry, where: Condition) -> Words:
    """` for n >= 0 and 0 elsewhere`, ` for 1 <= i, j <= n and 0 elsewhere`; nothing where the indices may be any."""
    if where == TRUE:
        return ()
    axes = set(entry.array.axes)
    (low, high), *others = axes
    if len(entry.indices) > 1 and not (others or low.is_infinite or high.is_infinite):
        first, *middle, last = entry.indices
        between_them = tuple(word for index in middle for word in (index, ", "))
        return (" for ", le(low, first), ", ", *between_them, le(last, high), *_OUTSIDE[entry.array.outside])
    return (" for ", _bound_last(where), *_OUTSIDE[entry.array.outside])


def _start(definition: Definition) -> Equation | None:
    """`e[0] = w_0`, for an array that has a value of its own at the least index and one formula after it.

    Where nobody knows that the range holds the least index, this would say too much; and the index may not stand in
    the value, where it would be any.
    """
    array, body = definition.array, definition.body
    if not isinstance(body, Cases) or len(array.axes) != 1 or len(body.clauses) != 2:
        return None
    (value, condition), (_, rest) = body.clauses
    (index,), (low, high) = definition.parameters, array.axes[0]
    if low.is_infinite or condition != eq(index, low) or rest != OTHERWISE or index in value.free_symbols:
        return None
    if high != oo and not (isinstance(high - low, Integer) and high - low >= 0):
        return None
    return Equation(Entry(array, low), "=", value)


def _after_start(definition: Definition) -> Condition:
    """Where the formula holds that comes after the value of its own at the least index."""
    (index,), (low, high) = definition.parameters, definition.array.axes[0]
    return ge(index, low + 1) if high.is_infinite else between(low + 1, index, high)


def _bound_last(condition: Condition) -> Condition:
    """`n >= 0` rather than `0 <= n`."""
    if isinstance(condition, Compare) and condition.op == "<=" and isinstance(condition.left, Number):
        return Compare(">=", condition.right, condition.left)
    return condition

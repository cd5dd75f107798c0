r"""Random arrays, and what is said of them: expectations, variances, covariances, independence.

A context may say of some of its arrays that their entries are random (`Chance`). `Expectation(f)` is the mean of f over
all outcomes of all random arrays, so it depends on none of them; `Variance(f)` is $E f^2 - (E f)^2$ and
`Covariance(f, g)` is $E fg - E f\, E g$. Outside of these heads an entry of a random array is its value in one outcome:
a line holds for every outcome. **All moments that are written are taken to exist.**

What is stated of a random array is data: its mean, variance or second moment, whether its entries are independent, or
uncorrelated, or the array is stationary, and its law. Arrays of different groups are independent of each other, as
families; nothing is known of arrays of one group. A step that uses such a statement names it as its condition, a
`Stated`, and it holds where the context states it: there is no other way to show it.

Source: Grimmett, Stirzaker, Probability and Random Processes, 3rd ed., 2001, sections 3.2, 3.3, 3.6, 8.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from sympy import Basic, Expr, Symbol, Tuple
from sympy.core.symbol import Str

from derive.errors import IllFormed
from derive.language.arrays import Array
from derive.language.conditions import Condition, as_expr
from derive.language.forms import Form
from derive.language.symbols import fresh, integer
from derive.language.terms import substitute

ENTRIES = ("any", "independent", "uncorrelated", "stationary")
LAWS = ("any", "symmetric", "normal", "signs", "bits", "uniform")
"""Symmetric about 0; each 1 or -1 with probability 1/2; 1 with probability p, else 0; any integer from a to b alike."""


class Moment(Expr):
    """A head that depends on no outcome."""

    is_commutative = True
    is_extended_real = True
    averages = True
    """What is put in for a symbol must be the same in all outcomes (`derive.language.terms.substitute`)."""
    many = 1

    def __new__(cls, *terms: Any) -> Self:
        if len(terms) != cls.many:
            raise IllFormed(f"{cls.__name__.lower()} is of {cls.many} terms, not of {len(terms)}")
        made: Self = Expr.__new__(cls, *(as_expr(t) for t in terms))
        return made

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({', '.join(printer.doprint(a) for a in self.args)})"


class Expectation(Moment):
    """The mean over all outcomes."""

    @property
    def body(self) -> Expr:
        """What is averaged."""
        return self.args[0]


class Variance(Moment):
    """The mean square of the distance from the mean."""

    @property
    def body(self) -> Expr:
        """What varies."""
        return self.args[0]


class Covariance(Moment):
    """The mean of the product less the product of the means."""

    many = 2


class Stated(Condition):
    """What a context states of random arrays: `Stated(what, array, ...)`; made by the functions below."""

    def __new__(cls, what: str | Str, *parts: Any) -> Stated:
        made: Stated = Basic.__new__(cls, what if isinstance(what, Str) else Str(what), *parts)
        return made

    @property
    def what(self) -> str:
        """Which statement it is."""
        return str(self.args[0].name)

    @property
    def free_symbols(self) -> set[Basic]:
        """Symbols that are not indices of its own."""
        found: set[Basic] = set()
        for part in self.args[1:]:
            found |= part.free_symbols
        return found - set(self.args[2].args if self.is_value else ())

    @property
    def is_value(self) -> bool:
        """Whether it says what a moment of each entry is: then its parts are the array, indices and the value."""
        return self.what in ("mean", "variance", "second moment")

    def _sympystr(self, printer: Any) -> str:
        return f"{self.what}: {', '.join(printer.doprint(a) for a in self.args[1:])}"


_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("mean", "variance", "second moment"), (Array, Tuple, Expr)),
    "independent": (Tuple, Tuple),
    **dict.fromkeys((f"{how} entries" for how in ("independent", "uncorrelated", "identical")), (Array,)),
    **dict.fromkeys(("stationary", "symmetric", "normal", "signs"), (Array,)),
    "bits": (Array, Expr),
    "uniform": (Array, Expr, Expr),
}


def stated(what: str, *parts: Basic) -> Stated:
    """A statement of a known kind.

    Raises:
        IllFormed: there is no such kind, or it is not made of such parts.
    """
    kinds = _KINDS.get(what, ())
    if len(kinds) != len(parts) or not all(map(isinstance, parts, kinds)):
        raise IllFormed(f"nothing that is stated of random arrays is called {what!r} and made of these parts")
    return Stated(what, *parts)


def independent(first: Iterable[Array], second: Iterable[Array]) -> Stated:
    """That the first arrays are, all together, independent of the second; the same as that of the second and first."""
    sides = sorted((sorted(set(side), key=str) for side in (first, second)), key=str)
    return Stated("independent", *(Tuple(*side) for side in sides))


def entries_are(how: str, array: Array) -> Stated:
    """That the entries of the array are 'independent' or 'uncorrelated', or 'identical', or the array 'stationary'."""
    return Stated(how if how == "stationary" else f"{how} entries", array)


@dataclass(frozen=True)
class Chance:
    """What is stated of one random array.

    Attributes:
        array: A declared array without a definition.
        parameters: Indices that the mean and so on may depend on, one for each axis.
        mean: Of each entry, if it is stated.
        variance: Of each entry, if it is stated.
        second: The mean square of each entry, if that is stated instead.
        entries: One of ENTRIES; independent ones are so all together.
        law: One of LAWS; but for 'any' and 'symmetric' the entries are independent.
        values: Of 'bits' the probability of 1, of 'uniform' the least and the greatest value.
        identical: Whether all entries have the same distribution.
        group: Arrays of different groups are independent; '' is a group of its own.
    """

    array: Array
    parameters: tuple[Symbol, ...] = ()
    mean: Expr | None = None
    variance: Expr | None = None
    second: Expr | None = None
    entries: str = "any"
    law: str = "any"
    values: tuple[Expr, ...] = ()
    identical: bool = False
    group: str = ""

    @property
    def family(self) -> str:
        """The group, or the array's own, whatever groups are called."""
        return f"group {self.group}" if self.group else f"array {self.array.name}"

    @property
    def stated(self) -> tuple[Stated, ...]:
        """All that is stated but for independence of other arrays."""
        named = {"mean": self.mean, "variance": self.variance, "second moment": self.second}
        found = [Stated(w, self.array, Tuple(*self.parameters), v) for w, v in named.items() if v is not None]
        if self.entries != "any":
            found.append(entries_are(self.entries, self.array))
        if self.entries == "independent" and len(self.array.axes):
            found.append(entries_are("uncorrelated", self.array))
        if self.identical:
            found.append(entries_are("identical", self.array))
        if self.law != "any":
            found.append(Stated(self.law, self.array, *self.values))
        if self.law == "normal":  # with mean 0, and its entries are independent
            found.append(Stated("symmetric", self.array))
        return tuple(found)

    def at(self, value: Expr, indices: Iterable[Expr]) -> Expr:
        """A value that may depend on the place, there."""
        found: Expr = substitute(value, dict(zip(self.parameters, indices, strict=True)))
        return found

    def substituted(self, values: Any) -> Chance:
        """The record with free symbols replaced."""
        inside: dict[Basic, Any] = {old: new for old, new in values.items() if old not in self.parameters}
        incoming = {s.name for new in inside.values() for s in getattr(new, "free_symbols", ())}
        taken = incoming | {p.name for p in self.parameters}
        renamed = {p: fresh(p.name, taken) for p in self.parameters if p.name in incoming}
        inside |= renamed
        moved = tuple(substitute(v, inside) for v in self.values)
        mean, variance, second = (
            None if v is None else substitute(v, inside) for v in (self.mean, self.variance, self.second)
        )
        array = substitute(self.array, inside)
        letters = tuple(renamed.get(p, p) for p in self.parameters)
        return replace(
            self, array=array, parameters=letters, mean=mean, variance=variance, second=second, values=moved
        )


def chance(
    array: Array,
    mean: Any = None,
    variance: Any = None,
    second: Any = None,
    entries: str = "any",
    law: str = "any",
    values: tuple[Any, ...] = (),
    identical: bool = False,
    group: str = "",
    parameters: tuple[Symbol, ...] | None = None,
) -> Chance:
    """A `Chance`, with the letters i, j, ... for the indices.

    Example:
        >>> from derive.language import array, integer
        >>> x = array("x", (1, integer("n")))
        >>> [s.what for s in chance(x, mean=0, variance=1, entries="independent").stated]
        ['mean', 'variance', 'independent entries', 'uncorrelated entries']
    """
    letters = tuple(integer(letter) for letter in "ijrstuvz"[: len(array.axes)])
    one, two, three = (None if v is None else as_expr(v) for v in (mean, variance, second))
    where = letters if parameters is None else parameters
    made = tuple(as_expr(v) for v in values)
    return Chance(array, where, one, two, three, entries, law, made, identical, group)


def is_stated(chances: tuple[Chance, ...], condition: Condition) -> bool:
    """Whether the records say just this."""
    if not isinstance(condition, Stated):
        return False
    if condition.what != "independent":
        return any(condition in c.stated for c in chances)
    families = {c.array: c.family for c in chances}
    first, second = (set(side.args) for side in condition.args[1:])
    if not (first and second and first | second <= families.keys()):
        return False
    return not {families[a] for a in first} & {families[a] for a in second}


def random_in(
    chances: tuple[Chance, ...], definition_of: Callable[[Array], Any], term: Basic, seen: set[Array] | None = None
) -> set[Array]:
    """The random arrays that the value of the term depends on, through all definitions; of a moment there are none."""
    known = {c.array for c in chances}
    if not known:
        return set()
    seen = set() if seen is None else seen
    found: set[Array] = set()
    for array in arrays_outside(term):
        if array in known:
            found.add(array)
        elif array not in seen:
            seen.add(array)
            definition = definition_of(array)
            if definition is not None:
                found |= random_in(chances, definition_of, definition.body, seen)
            elif isinstance(array, Form):
                for operand in array.operands:
                    found |= random_in(chances, definition_of, operand, seen)
    return found


def arrays_outside(term: Basic) -> Iterator[Array]:
    """The arrays in the term that do not stand in a moment."""
    if isinstance(term, Moment):
        return
    if isinstance(term, Array):
        yield term
    for part in term.args:
        yield from arrays_outside(part)


def moments_in(term: Basic) -> bool:
    """Whether a moment stands in the term."""
    return isinstance(term, Moment) or any(moments_in(part) for part in term.args)

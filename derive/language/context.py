"""Contexts: declared symbols, definitions and hypotheses, and the questions that they answer.

`entails(condition)` is True when the condition holds at every point that the hypotheses allow, False when some
allowed point breaks it, None when neither could be shown. It never guesses: affine questions over the integers go to
isl, everything else to z3 with a limit on its work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from sympy import Basic, Expr, Symbol, cos, erf, exp, log, oo, sin, tanh

from derive.errors import IllFormed, NotAffine
from derive.language.arrays import Array, Entry
from derive.language.chance import Chance, Stated, is_stated, random_in
from derive.language.conditions import TRUE, Condition, all_of, ge, implies, lt, negate, parts_of
from derive.language.deciding import Decision, affine, connected, decided, no_point
from derive.language.forms import Form
from derive.language.symbols import fresh, integer, is_integer, real
from derive.language.terms import (
    ForAll,
    IndexSum,
    Partial,
    names_in,
    renamed_apart,
    same_up_to_renaming,
    substitute,
    subterms,
)

SORTS: dict[str, str] = {
    "integer": "any integer",
    "natural": "an integer >= 0",
    "size": "an integer >= 1",
    "real": "any real number",
}


@dataclass(frozen=True)
class Declaration:
    """A symbol with its sort (one of SORTS) and what it means in words."""

    symbol: Symbol
    sort: str
    meaning: str = ""

    @cached_property
    def fact(self) -> Condition:
        """What the sort alone says about the symbol."""
        least = {"size": 1, "natural": 0}.get(self.sort)
        return TRUE if least is None else ge(self.symbol, least)


def declare(name: str, sort: str, meaning: str = "") -> Declaration:
    """Make a symbol of the given sort.

    Example:
        >>> str(declare("L", "size").fact)
        'L >= 1'
    """
    if sort not in SORTS:
        raise IllFormed(f"{sort!r} is not a sort; there are {', '.join(SORTS)}")
    return Declaration(real(name) if sort == "real" else integer(name), sort, meaning)


@dataclass(frozen=True)
class Definition:
    """What the entries of an array are: `array[parameters] = body` for all indices in the array's range.

    The body may mention the array itself at smaller values of the first index, where that has a least value and the
    array is 0 before it, or is not asked for: a recursion.
    """

    array: Array
    parameters: tuple[Symbol, ...]
    body: Expr

    @property
    def is_recursive(self) -> bool:
        """Whether the body mentions the array itself."""
        return self.array in arrays_in(self.body)

    def at(self, indices: Iterable[Expr], taken: set[str] | frozenset[str] = frozenset()) -> Expr:
        """The body with the indices inserted, its bound indices named apart; says nothing outside the range.

        Args:
            indices: One for each axis.
            taken: Names that mean something around the entry.
        """
        places = dict(zip(self.parameters, indices, strict=True))
        result: Expr = substitute(renamed_apart(self.body, names_in(*places.values()) | taken), places)
        return result

    def says_the_same(self, other: Definition) -> bool:
        """Whether both define one array alike, whatever their parameters are called."""
        taken = names_in(self.body, other.body) | {p.name for d in (self, other) for p in d.parameters}
        places = []
        for parameter in self.parameters:
            places.append(fresh(parameter.name, taken))
            taken.add(places[-1].name)
        alike = self.array == other.array and len(self.parameters) == len(other.parameters)
        return alike and same_up_to_renaming(self.at(places), other.at(places))

    def substituted(self, values: Mapping[Basic, Any]) -> Definition:
        """The definition with free symbols or arrays replaced; its parameters are renamed out of the way."""
        inside = {old: new for old, new in values.items() if old not in self.parameters}
        incoming = {s.name for new in inside.values() for s in getattr(new, "free_symbols", ())}
        taken = incoming | names_in(self.body, *values) | {p.name for p in self.parameters}
        renamed = {}
        for parameter in self.parameters:
            if parameter.name in incoming:
                renamed[parameter] = fresh(parameter.name, taken)
                taken.add(renamed[parameter].name)
        parameters = tuple(renamed.get(p, p) for p in self.parameters)
        body = substitute(self.body, {**inside, **renamed})
        return Definition(substitute(self.array, inside), parameters, body)


@dataclass(frozen=True)
class Context:
    """Symbols, definitions and hypotheses that a derivation stands on."""

    declarations: tuple[Declaration, ...] = ()
    hypotheses: tuple[Condition, ...] = ()
    definitions: tuple[Definition, ...] = ()
    arrays: tuple[Array, ...] = ()
    chances: tuple[Chance, ...] = ()

    def __post_init__(self) -> None:
        names = [d.symbol.name for d in self.declarations]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise IllFormed(f"{name} is declared twice")

    def __hash__(self) -> int:
        """Worked out once: contexts are the keys under which nearly everything is kept."""
        if "_hash" not in self.__dict__:
            self.__dict__["_hash"] = hash(tuple(getattr(self, f.name) for f in fields(self)))
        return int(self.__dict__["_hash"])

    def __getstate__(self) -> dict[str, Any]:
        """Without the hash, which another process works out for itself."""
        return {name: value for name, value in self.__dict__.items() if name != "_hash"}

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The declared symbols in their order."""
        return tuple(d.symbol for d in self.declarations)

    @cached_property
    def facts(self) -> tuple[Condition, ...]:
        """What the sorts and the hypotheses say, sorts first."""
        stated = [d.fact for d in self.declarations if d.fact != TRUE]
        for hypothesis in self.hypotheses:
            stated.extend(parts_of(hypothesis))
        return tuple(stated)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that mean something here: of symbols, and of indices that hypotheses speak of."""
        return frozenset(s.name for part in (*self.symbols, *self.hypotheses) for s in part.free_symbols)

    @cached_property
    def is_iterated(self) -> bool:
        """Whether functions with values that are not rational are applied again and again, step after step.

        Exact numbers grow with every step then, and are of no use: points are worked out in balls.
        """
        return any(d.is_recursive and d.body.has(exp, log, sin, cos, tanh, erf) for d in self.definitions)

    @cached_property
    def random(self) -> frozenset[Array]:
        """The arrays whose entries are random."""
        return frozenset(c.array for c in self.chances)

    def chance_of(self, array: Array) -> Chance | None:
        """What is stated of a random array; None for one that is not."""
        return next((c for c in self.chances if c.array == array), None)

    def random_in(self, term: Basic) -> set[Array]:
        """The random arrays that the value of the term depends on, through all definitions; of a moment none."""
        return random_in(self.chances, self.definition_of, term) if self.chances else set()

    def with_hypotheses(self, *conditions: Condition) -> Context:
        """The context in which the conditions hold as well."""
        new = tuple(c for c in conditions if c != TRUE and c not in self.hypotheses)
        return replace(self, hypotheses=self.hypotheses + new) if new else self

    def with_declarations(self, *declarations: Declaration) -> Context:
        """The context with more symbols."""
        return replace(self, declarations=self.declarations + declarations)

    def definition_of(self, array: Array) -> Definition | None:
        """The definition of the array, if it has one; a form has its own."""
        if isinstance(array, Form):
            return array.definition
        return next((d for d in self.definitions if d.array == array), None)

    def entails(self, condition: Condition) -> bool | None:
        """Whether the condition holds wherever the hypotheses do.

        Example:
            >>> c = Context((declare("L", "size"), declare("n", "integer")))
            >>> L, n = c.symbols
            >>> c.entails(ge(L, 0)), c.entails(ge(n, 0)), c.entails(ge(n**L, n))
            (True, False, None)
        """
        return self.decide(condition).value

    def decide(self, condition: Condition, steps: int | None = None) -> Decision:
        """As `entails`, with who answered and a point that breaks the condition; within so many steps of z3."""
        facts = self.facts
        if all(part in facts or is_stated(self.chances, part) for part in parts_of(condition)):
            return Decision(True, "hypothesis")
        if condition.has(Stated):
            return Decision(None, "it is not stated")
        return decided(connected(facts, condition.free_symbols), condition, steps)

    def is_consistent(self) -> bool | None:
        """Whether some point satisfies all hypotheses."""
        contradiction = no_point(all_of(*self.facts)).value  # "for all" is a mere letter there, so a yes stands
        return None if contradiction is None else not contradiction

    def needed_for(self, condition: Condition) -> tuple[Condition, ...]:
        """A small set of facts, dropped one by one from the last, that still gives the condition."""
        from derive.language.solver import FEW_STEPS, enough

        if isinstance(condition, Stated):
            return (condition,)
        kept = [f for f in connected(self.facts, condition.free_symbols) if not f.has(ForAll)]
        refuted = negate(condition)
        simple, goal = affine(kept), affine(parts_of(refuted))
        if goal and no_point(all_of(*simple, *goal)).value:
            kept, refuted = simple, all_of(*goal)
        else:
            try:
                return enough(tuple(kept), refuted)
            except NotAffine:
                return tuple(kept)
        waiting = [kept]
        while waiting:  # halves of the list, the later one first: what is not needed mostly goes together
            block = waiting.pop()
            fewer = [f for f in kept if all(f is not gone for gone in block)]
            nearest = connected(tuple(fewer), condition.free_symbols)
            if block and no_point(all_of(*nearest, refuted), FEW_STEPS).value is True:
                kept = fewer
            elif len(block) > 1:
                waiting += [block[: len(block) // 2], block[len(block) // 2 :]]
        return tuple(kept)

    def substituted(self, values: Mapping[Basic, Any]) -> Context:
        """The context with symbols replaced by values; replaced symbols are no longer declared.

        The facts that the replaced symbols carried by their sort become hypotheses about the values.
        """
        gone = [d for d in self.declarations if d.symbol in values]
        carried = [substitute(d.fact, values) for d in gone if d.fact != TRUE]
        kept = [substitute(h, values) for h in self.hypotheses]
        return Context(
            declarations=tuple(d for d in self.declarations if d.symbol not in values),
            hypotheses=tuple(dict.fromkeys([*carried, *kept])),
            definitions=tuple(d.substituted(values) for d in self.definitions),
            arrays=tuple(substitute(a, values) for a in self.arrays),
            chances=tuple(c.substituted(values) for c in self.chances),
        )


def without(context: Context, symbol: Symbol) -> Context:
    """The context in which the symbol may be any integer: all facts about it are dropped.

    Raises:
        IllFormed: it is not a declared integer, or a definition, the range of an array or its law depends on it.
    """
    check_not_defined_by(context, symbol)
    freed = tuple(replace(d, sort="integer") if d.symbol == symbol else d for d in context.declarations)
    kept = tuple(p for h in context.hypotheses for p in parts_of(h) if symbol not in p.free_symbols)
    return replace(context, declarations=freed, hypotheses=kept)


def check_not_defined_by(context: Context, symbol: Symbol) -> None:
    """Refuse a symbol that is no declared integer, or on which a definition, the range of an array or its law depends.

    Raises:
        IllFormed: with the symbol named.
    """
    declared = [d for d in context.declarations if d.symbol == symbol]
    if not declared or declared[0].sort == "real":
        raise IllFormed(f"{symbol} is not a declared integer")
    arrays = [*context.arrays, *(d.array for d in context.definitions)]
    bodies = {s for d in context.definitions for s in d.body.free_symbols - set(d.parameters)}
    laws = {s for c in context.chances for statement in c.stated for s in statement.free_symbols}
    if symbol in bodies | laws or any(symbol in a.free_symbols for a in arrays):
        raise IllFormed(f"a definition, the range of an array or what is stated of one depends on {symbol}")


def check_context(context: Context) -> tuple[Condition, ...]:
    """Refuse a context that means something else than it seems to; return when its definitions say something.

    Symbols are those that their sort makes (a symbol that brings assumptions of its own would be an unseen
    hypothesis). Names of arrays are unique. A definition mentions declared things and arrays defined before it, so that
    none goes in a circle.

    Returns:
        The conditions under which hypotheses and ranges have a meaning, and for each definition those under which its
        body has a value at every index of its range (the index stands free in them under a fresh name).

    Raises:
        IllFormed: with the symbol, array or definition named.
    """
    from derive.language.records import check_chances
    from derive.language.smoothness import check_partials
    from derive.language.wellformed import check_indices, meaningful, obligations

    for d in context.declarations:
        expected = real(d.symbol.name) if d.sort == "real" else integer(d.symbol.name)
        if d.sort not in SORTS or d.symbol != expected:
            raise IllFormed(f"{d.symbol} is not the symbol that the sort {d.sort!r} makes")
    declared = set(context.symbols)
    known: dict[str, Array] = {}
    wanted: list[Condition] = []
    for hypothesis in context.hypotheses:
        if not hypothesis.free_symbols <= declared:
            raise IllFormed(f"the hypothesis {hypothesis} speaks of symbols that are not declared")
        check_partials(context, hypothesis)
        check_indices(hypothesis, {s.name for s in declared})
        wanted += meaningful(hypothesis, context)
    for array in context.arrays:
        wanted += _new_array(array, known, declared)
    wanted += check_chances(context, declared)
    for definition in context.definitions:
        for used in arrays_in(definition.body) - {definition.array}:
            if known.get(used.name) != used:
                raise IllFormed(f"the definition of {definition.array} mentions {used}, which is not defined before it")
        wanted += _new_array(definition.array, known, declared)
        strangers = definition.body.free_symbols - declared - set(definition.parameters)
        numbers = {len(definition.parameters), len(set(definition.parameters)), len(definition.array.axes)}
        if strangers or len(numbers) != 1:
            raise IllFormed(f"the definition of {definition.array} does not say what its entries are")
        check_partials(context, definition.body)
        check_indices(definition.body, {s.name for s in (*declared, *definition.parameters)})
        taken = {s.name for s in declared} | names_in(definition.body)
        indices = []
        for parameter in definition.parameters:
            indices.append(fresh(parameter.name + "'", taken))
            taken.add(indices[-1].name)
        within = definition.array.in_range(*indices)
        wanted += [implies(within, c) for c in obligations(definition.at(indices), context)]
        if definition.is_recursive:
            wanted += [implies(within, c) for c in _goes_down(definition, indices)]
    return tuple(wanted)


def _goes_down(definition: Definition, indices: list[Symbol]) -> list[Condition]:
    """That a recursion comes to an end: each use is at a smaller first index, and that has a least value.

    An entry is worked out from entries with a smaller first index, those from ones with a still smaller one; before
    the least one the array is 0, or (where it is an error outside its range) `obligations` asks each use to be in
    range, so that the definition has to say itself where it begins. The other indices may go anywhere.
    """
    from derive.language.wellformed import entries_of

    array = definition.array
    if not array.axes or array.outside == "wraps" or array.axes[0][0] == -oo:
        raise IllFormed(f"the definition of {array} uses itself, and nothing says where it begins")
    if any(isinstance(t, (Partial, Form)) for t in subterms(definition.body)):
        raise IllFormed(f"the definition of {array} uses itself in a derivative or in whole-array notation")
    if len(array.axes) > 1 and any(total.is_endless for total in sums_in(definition.body)):
        raise IllFormed(f"the definition of {array} uses itself and has a sum without end")
    uses = entries_of(array, definition.at(indices))
    return [implies(known, lt(entry.indices[0], indices[0])) for known, entry in uses]


def _new_array(array: Array, known: dict[str, Array], declared: set[Symbol]) -> list[Condition]:
    from derive.language.wellformed import obligations

    if array.name in known or isinstance(array, Form):
        raise IllFormed(f"the array {array} is declared twice")
    if not array.free_symbols <= declared:
        raise IllFormed(f"the range of the array {array} mentions symbols that are not declared")
    known[array.name] = array
    ends = [end for axis in array.axes for end in axis if end not in (oo, -oo)]
    if any(end.has(Entry) for end in ends):
        raise IllFormed(f"the range of the array {array} moves with entries of arrays")
    if not all(is_integer(end) for end in ends):
        raise IllFormed(f"the range of the array {array} need not begin and end at integers")
    return [condition for end in ends for condition in obligations(end)]


def arrays_in(term: Basic) -> set[Array]:
    """The arrays whose entries occur in the term; of a form those that it is made of."""
    return {t for t in subterms(term) if isinstance(t, Array) and not isinstance(t, Form)}


def sums_in(term: Basic) -> list[IndexSum]:
    """The index sums in the term, outermost first."""
    return [t for t in subterms(term) if isinstance(t, IndexSum)]

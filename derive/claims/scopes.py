"""From declarations to the names of a claim: symbols, arrays with their ranges, random arrays with what is stated."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Expr, Rational, floor, oo

from derive.claims import wholes
from derive.claims.declared import Declared, Stated, declaration
from derive.claims.names import key_of, keys_in, name_key, symbol_name
from derive.claims.plain_terms import plain_term
from derive.claims.reading import Reader
from derive.claims.reading_derivatives import fixed_after, primed, varied
from derive.claims.surroundings import Scope, Unread, Unsupported
from derive.claims.syntax import Name, Node, Relation, Scripted, below
from derive.claims.wholes import Whole
from derive.errors import BadInput
from derive.language import (
    Array,
    Compare,
    Condition,
    Covariance,
    Declaration,
    Entry,
    Expectation,
    any_of,
    chance,
    declare,
    eq,
    ge,
    gt,
    implies,
    le,
    lt,
    ne,
)  # fmt: skip
from derive.language import ForAll as ForEvery
from derive.language.chance import Chance
from derive.language.symbols import fresh

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*'*")

KIND_OF = {"vector": "column", "matrix": "matrix", "array": "array"}


@dataclass
class Declarations:
    """All that the declarations of a claim say.

    Attributes:
        scope: What the names mean.
        symbols: The engine's declarations.
        facts: What is said of each symbol or array beyond its sort.
        arrays: Free arrays.
        chances: What is stated of random ones.
        indices: Keys of letters declared as an index.
        shown: For each symbol or array of the engine, the key that the author gave.
    """

    scope: Scope = field(default_factory=Scope)
    symbols: list[Declaration] = field(default_factory=list)
    facts: list[tuple[Basic, Condition]] = field(default_factory=list)
    arrays: list[Array] = field(default_factory=list)
    chances: list[Chance] = field(default_factory=list)
    indices: list[str] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)


def declared(symbols: Sequence[tuple[str, str]], nodes: Sequence[Node], parse: Callable[[str], Node]) -> Declarations:
    """The scope that declarations make: of what the formulas mention, and what that is declared with.

    Args:
        symbols: (key, declaration) pairs; a later one for the same key overrides.
        nodes: All formulas of the claim.
        parse: Reads LaTeX.

    Raises:
        BadInput: a declaration is not understood.
    """
    said = {key_of(key): declaration(key_of(key), text) for key, text in symbols}
    for key in {key for node in nodes for key in fixed_after(node)} - said.keys():
        said[key] = declaration(key, "real")  # |_{t=0} binds t
    latest = _mentioned(said, nodes)
    if "" in latest:
        raise BadInput("a declared name is empty")
    made, moving = Declarations(), {key for node in nodes for key in varied(node)} | primed(nodes, said.keys())
    numbers = [d for d in latest.values() if d.kind in ("integer", "real") and d.random is None]
    for d in numbers:
        _number(made, d, d.key in moving)
    reader = Reader(made.scope)

    def term(text: str) -> Expr:
        try:
            return reader.number(plain_term(text, parse))
        except Unread as error:
            raise BadInput(f"in the declarations: {error}") from None

    for d in numbers:
        value = made.scope.names[d.key]
        for sign, bound in d.bounds:
            fact = Compare(sign, value, term(bound))
            if not any(s.symbol == value and s.fact == fact for s in made.symbols):
                made.facts.append((value.array if isinstance(value, Entry) else value, fact))
    for d in latest.values():
        if d.kind in KIND_OF:
            _array(made, d, term, {symbol_name(key, set()) for key in latest})
    for d in latest.values():
        if d.kind == "index":
            _index(made, d)
    random = [d for d in latest.values() if d.random is not None]
    made.scope.conditioned = _conditioned(random, nodes)
    for d in random:
        if d.kind == "real":
            array = Array(_named(made, d.key), (), "error")
            made.arrays.append(array)
            made.scope.names[d.key] = Entry(array)
    random = [d for d in random if d.key not in made.scope.conditioned]
    _random(made, random, term)
    for d in random:
        _moments(made, d, term)
    return made


def _mentioned(latest: dict[str, Declared], nodes: Sequence[Node]) -> dict[str, Declared]:
    """The declarations that the formulas need; unused symbols are harmless."""
    wanted = [key for node in nodes for key in keys_in(node)]
    found: set[str] = set()
    while wanted:
        key = wanted.pop()
        if key in found or key not in latest:
            continue
        found.add(key)
        d = latest[key]
        texts = [*(bound for _, bound in d.bounds), *d.sizes, d.origin, d.over[0]]
        if d.random is not None:
            said = d.random
            texts += [t for t in (said.mean, said.variance, said.second, said.third) if t is not None]
            texts += [*said.values, *(text for pair in said.covariances for text in pair)]
        wanted += [key_of(word) for text in texts for word in _WORD.findall(text)]
    return {key: d for key, d in latest.items() if key in found or key == ""}


def _named(made: Declarations, key: str) -> str:
    name = symbol_name(key, made.scope.taken)
    made.scope.taken.add(name)
    made.shown[name] = key
    return name


def _number(made: Declarations, d: Declared, moves: bool) -> None:
    name = _named(made, d.key)
    if moves:
        if d.kind == "integer":
            raise BadInput(f"something is differentiated by {d.key}, which is declared as an integer")
        array = Array(name, (), "error")
        made.arrays.append(array)
        made.scope.names[d.key] = Entry(array)
        return
    sort = d.kind
    if d.kind == "integer" and (">=", "1") in d.bounds:
        sort = "size"
    elif d.kind == "integer" and (">=", "0") in d.bounds:
        sort = "natural"
    made.symbols.append(declare(name, sort))
    made.scope.names[d.key] = made.symbols[-1].symbol


def _array(made: Declarations, d: Declared, term: Callable[[str], Expr], later: set[str]) -> None:
    """An array and what is said of its entries, with letters that mean nothing else: `later` are declared after it."""
    origins = d.origin.strip("()").split(",") if d.origin.startswith("(") else [d.origin] * len(d.sizes)
    if len(origins) != len(d.sizes):
        raise BadInput(f"{d.key} is declared with {len(d.sizes)} sizes and {len(origins)} first indices")
    lows = [-oo if s.strip() in ("-oo", "-infty") else term(s.strip()) for s in origins]
    sizes = [oo if s in ("oo", "infty") else term(s) for s in d.sizes]
    axes = tuple((low, oo if n is oo else low + n - 1) for low, n in zip(lows, sizes, strict=True))
    if any(low is -oo and high is not oo for low, high in axes):
        raise BadInput(f"{d.key} is declared without a first index; its size is then oo")
    known = [made_of.symbol for made_of in made.symbols if made_of.sort in ("size", "natural")]
    wanted = []
    for n in sizes:
        if isinstance(n, Rational) and (n < 0 or n.q != 1):
            raise BadInput(f"{d.key} is declared with the size {n}")
        if n is not oo and not isinstance(n, Rational) and n not in known:
            wanted.append(ge(n, 0))
    array = Array(_named(made, d.key), axes, d.outside)
    made.arrays.append(array)
    made.scope.names[d.key] = wholes.of_array(array, KIND_OF[d.kind])
    made.facts += [(array, fact) for fact in wanted]
    made.facts += [(array, _of_entries(made, array, word, later)) for word in d.of]


def _of_entries(made: Declarations, array: Array, word: str, later: set[str]) -> Condition:
    taken = made.scope.taken | later
    letters = []
    for letter, _ in zip("ijlmrs", array.axes, strict=False):
        letters.append(fresh(letter, taken))
        taken.add(letters[-1].name)
    if any(end in (oo, -oo) for axis in array.axes for end in axis):
        raise BadInput(f"what holds for all entries of {array.name} cannot be said of an array without end")
    x = Entry(array, *letters)
    if word == "distinct":
        if len(letters) != 1:
            raise BadInput(f"the entries of {array.name} are declared distinct, and it has more than one axis")
        other = fresh("j", taken)
        body: Condition = ForEvery(implies(ne(letters[0], other), ne(x, Entry(array, other))), other, *array.axes[0])
    else:
        body = {
            "nonnegative": ge(x, 0), "positive": gt(x, 0), "negative": lt(x, 0), "nonzero": ne(x, 0),
            "integers": eq(floor(x, evaluate=False), x), "signs": any_of(eq(x, 1), eq(x, -1)),
            "bits": any_of(eq(x, 0), eq(x, 1)),
        }[word]  # fmt: skip
    for letter, axis in reversed(list(zip(letters, array.axes, strict=True))):
        body = ForEvery(body, letter, *axis)
    return body


def _index(made: Declarations, d: Declared) -> None:
    key, axis = key_of(d.over[0]), d.over[1]
    whole = made.scope.names.get(key)
    if not isinstance(whole, Whole) or not 1 <= axis <= len(whole.axes):
        raise BadInput(f"{d.key} is declared as an index of {d.over[0]}, which is no array with {axis} axes")
    low, high = whole.axes[axis - 1]
    symbol = declare(_named(made, d.key), "integer")
    made.symbols.append(symbol)
    made.scope.names[d.key] = symbol.symbol
    made.scope.ranges[d.key] = (low, high)
    made.indices.append(d.key)
    if low is not -oo:
        made.facts.append((symbol.symbol, le(low, symbol.symbol)))
    if high is not oo:
        made.facts.append((symbol.symbol, le(symbol.symbol, high)))


def _random(made: Declarations, random: Sequence[Declared], term: Callable[[str], Expr]) -> None:
    """Records of what is stated; arrays that are not stated to be independent of each other are one group."""
    arrays: dict[str, Any] = {}
    for d in random:
        value = made.scope.names[d.key]
        arrays[d.key] = value.array if isinstance(value, Entry) else value.base
    free: dict[str, set[str]] = {key: set() for key in arrays}
    for d in random:
        assert d.random is not None
        for other in d.random.independent_of:
            if key_of(other) in arrays:
                free[d.key].add(key_of(other))
                free[key_of(other)].add(d.key)
    groups = _groups(free)
    for d in random:
        assert d.random is not None
        taken = {*made.scope.names, *(symbol.symbol.name for symbol in made.symbols)}
        made.chances.append(_record(d, d.random, arrays[d.key], groups[d.key], term, taken))


def _conditioned(random: Sequence[Declared], nodes: Sequence[Node]) -> set[str]:
    r"""The random things that moments are conditional on, `\mathbb E[f \mid Y]`: they may have any value.

    An equation of such moments holds almost surely if it does for each value. With a stated law some values are not
    taken, and if something else is not independent of Y, its law given Y is not known: neither is supported.
    """
    known = {d.key: d for d in random}
    bars = [n for node in nodes for n in below(node) if isinstance(n, Relation) and n.relations == ("\\mid",)]
    rights = [part for bar in bars for part in below(bar.sides[1]) if isinstance(part, (Name, Scripted))]
    found = {key for key in map(name_key, rights) if key in known}
    for key in found:
        said = known[key].random
        if said is not None and (said.law != "any" or said.third is not None or said.covariances):
            raise Unsupported(None, f"a moment that is conditional on {key}, whose law is stated, is not supported")
        for d in random:
            ties = {key_of(k) for k in (d.random.independent_of if d.random else ())}
            back = {key_of(k) for k in (said.independent_of if said else ())}
            if d.key not in found and key not in ties and d.key not in back:
                raise Unsupported(None, f"{d.key} is not stated to be independent of {key}, on which a moment depends")
    return found


def _moments(made: Declarations, d: Declared, term: Callable[[str], Expr]) -> None:
    """Third moments and covariances of random numbers, as hypotheses about them."""
    assert d.random is not None
    if d.random.third is None and not d.random.covariances:
        return
    value = made.scope.names[d.key]
    if not isinstance(value, Entry):
        raise Unsupported(None, "third moments and covariances are declared of random real numbers; say it in where")
    if d.random.third is not None:
        made.facts.append((value.array, eq(Expectation(value**3), term(d.random.third))))
    for key, text in d.random.covariances:
        other = made.scope.names.get(key_of(key))
        if not isinstance(other, Entry) or not any(c.array == other.array for c in made.chances):
            raise BadInput(f"{d.key} is declared with a covariance with {key}, which is no random real number")
        both = term(text)
        made.facts.append((value.array, eq(Covariance(value, other), both)))
        product = both + Expectation(value) * Expectation(other)
        made.facts.append((value.array, eq(Expectation(value * other), product)))


def _groups(free: dict[str, set[str]]) -> dict[str, str]:
    """A group for each: joined are those that are not stated to be independent."""
    group = {key: key for key in free}
    for one in free:
        for other in free:
            if other not in free[one] and group[one] != group[other]:
                old = group[other]
                group = {k: group[one] if g == old else g for k, g in group.items()}
    for one, others in free.items():
        if any(group[one] == group[other] for other in others):
            raise Unsupported(
                None, f"that {one} is independent of some random arrays and not of others is not supported"
            )
    shared = list(group.values())
    return {key: name if shared.count(name) > 1 else "" for key, name in group.items()}


def _record(
    d: Declared, said: Stated, array: Array, group: str, term: Callable[[str], Expr], taken: set[str]
) -> Chance:
    """What is stated of one array, with letters for its indices that mean nothing else in the claim."""
    if said.law == "between":
        raise Unsupported(None, "a uniform law between two real numbers is not supported")
    values = tuple(term(v) for v in said.values)
    mean, variance, second = (None if v is None else term(v) for v in (said.mean, said.variance, said.second))
    law, entries = said.law, said.entries
    if law in ("normal", "signs", "bits") and not array.axes:
        entries = "independent"
    if law in ("signs", "bits") and (mean, variance, second) != (None, None, None):
        raise BadInput(f"the law of {d.key} says its mean and variance already")
    if law == "normal" and entries != "independent":
        raise Unsupported(None, "a normal law whose entries are not independent is not supported")
    letters = tuple(fresh(letter, taken) for letter in "ijrstuvz"[: len(array.axes)])
    return chance(array, mean, variance, second, entries, law, values, said.identical, group, letters)

"""Claims that are true: what every construct has proved, as somebody else might have written it in a claim file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol, oo

from derive.claims.stated import Claim
from derive.constructs.registry import claim as construct_claim
from derive.constructs.registry import constructs
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Definition, Entry, Partial, subterms
from derive.language.chance import Chance
from derive.language.forms import Form
from derive.language.maps import Applied, Image
from tests.claims.printing import STYLES, Printer, Style, Unsayable

SORTS = {"size": "size", "natural": "integer >= 0", "integer": "integer", "real": "real"}


@dataclass(frozen=True)
class Proved:
    """What a construct has proved, or what is made of it."""

    name: str
    context: Context
    left: Expr
    relation: str
    right: Expr


def proved(names: Iterable[str]) -> Iterator[Proved]:
    """These claims of constructs, derived."""
    for name in names:
        made: Derivation = construct_claim(name)[1].derive()
        yield Proved(name, made.context, made.left, made.relation, made.right)


def written(fact: Proved, style: Style) -> Claim:
    """The fact as a claim in this style.

    Raises:
        Unsayable: claim files have no words for something in it.
    """
    context = fact.context
    printer = Printer(style, names_of(context))
    printer.words = {d.array.name for d in context.definitions if not d.array.axes}
    for term in (fact.left, fact.right, *(d.body for d in context.definitions), *context.hypotheses):
        if any(isinstance(t, (Applied, Image)) for t in subterms(term)):
            raise Unsayable("a function of which only smoothness is known")
    symbols = dict(_declared(context, fact, printer))
    as_is = Printer(replace(style, turn="as is"), printer.taken, words=printer.words)
    let = tuple(text for d in context.definitions for text in _defined(d, as_is))
    where = tuple(printer.condition(h) for h in context.hypotheses)
    left, right = printer.term(fact.left), printer.term(fact.right)
    return Claim(
        f"{fact.name} ({style.name})", symbols=tuple(symbols.items()), where=where, let=let, left=(left,),
        right=(right,), relation=fact.relation,
    )  # fmt: skip


def names_of(context: Context) -> set[str]:
    """All names that mean something in the claim."""
    arrays = (*context.arrays, *(d.array for d in context.definitions))
    return {s.name for s in context.symbols} | {a.name for a in arrays}


def _declared(context: Context, fact: Proved, printer: Printer) -> Iterator[tuple[str, str]]:
    for d in context.declarations:
        yield d.symbol.name, SORTS[d.sort]
    moving = {t.by.array for t in _terms(fact) if isinstance(t, Partial)}
    for array in context.arrays:
        record = context.chance_of(array)
        text = _array(array, printer, in_forms(fact))
        if record is not None:
            text = f"random {text}" + _stated(record, context, printer)
        elif not array.axes and array not in moving:
            text = "real"
        yield array.name, text
    for d in context.definitions:
        if d.array.axes:
            yield d.array.name, _array(d.array, printer, in_forms(fact))


def _terms(fact: Proved) -> Iterator[object]:
    for term in (fact.left, fact.right, *(d.body for d in fact.context.definitions), *fact.context.hypotheses):
        yield from subterms(term)


def in_forms(fact: Proved) -> set[Array]:
    """The arrays that stand in matrix notation."""
    return {o for t in _terms(fact) if isinstance(t, Form) for o in t.operands if isinstance(o, Array)}


def _array(array: Array, printer: Printer, matrices: set[Array]) -> str:
    if not array.axes:
        return "real"
    lows = [low for low, _ in array.axes]
    sizes = []
    for low, high in array.axes:
        sizes.append("oo" if high is oo else plain(high - low + 1, printer))
    kind = "array" if array not in matrices or len(lows) > 2 else "vector" if len(lows) == 1 else "matrix"
    text = f"{kind}[{', '.join(sizes)}]"
    if set(lows) != {Integer(1)}:
        said = ["-oo" if low is -oo else plain(low, printer) for low in lows]
        if any(not re.fullmatch(r"-?[A-Za-z0-9_]+", s) for s in said):
            raise Unsayable(f"an array that begins at {lows}")
        text += f" from {said[0]}" if len(set(said)) == 1 else f" from ({', '.join(said)})"
    outside = {"zero": "zero outside", "wraps": "wraps"}.get(array.outside, "")
    return f"{text}, {outside}" if outside else text


def plain(e: Expr, printer: Printer) -> str:
    """A term in a declaration."""
    simple = all(isinstance(t, (Add, Mul, Pow, Symbol, Rational)) for t in subterms(e))
    return str(e).replace("**", "^") if simple else printer.term(e)


def _stated(record: Chance, context: Context, printer: Printer) -> str:
    letters = set(record.parameters)
    said = []
    for word, value in (("mean", record.mean), ("variance", record.variance), ("second moment", record.second)):
        if value is not None:
            if value.free_symbols & letters or value.has(Entry):
                raise Unsayable(f"a {word} that depends on the place")
            said.append(f"{word} {plain(value, printer)}")
    if record.law == "uniform":
        raise Unsayable("integers that are all alike likely")
    if record.law == "bits":
        said.append(f"Bernoulli({plain(record.values[0], printer)})")
    elif record.law != "any":
        said.append(record.law)
    if record.entries != "any" and record.array.axes:
        said.append("stationary" if record.entries == "stationary" else f"{record.entries} entries")
    if record.identical:
        said.append("identically distributed")
    for other in context.chances:
        if other.array != record.array and other.family != record.family:
            said.append(f"independent of {other.array.name}")
    return "".join(f", {part}" for part in said)


def _defined(d: Definition, printer: Printer) -> Iterator[str]:
    letters = {}
    for p in d.parameters:
        if p.name in printer.taken or p.name in printer.bound.values():
            letters[p] = printer.letter(p)
            printer.bound = {**printer.bound, p: letters[p]}
        else:
            printer.bound = {**printer.bound, p: p.name}
    try:
        entry = Entry(d.array, *d.parameters)
        yield f"{printer.term(entry)} = {printer.term(d.body)}"
    finally:
        printer.bound = {s: t for s, t in printer.bound.items() if s not in d.parameters}


def corpus(facts: list[Proved], each: int = len(STYLES)) -> tuple[list[tuple[Proved, Claim]], dict[str, str]]:
    """Every fact in so many styles, in turn, in which it looks different, and why the others cannot be said."""
    claims, silent = [], {}
    for number, fact in enumerate(facts):
        seen = set()
        for style in [STYLES[(number + k) % len(STYLES)] for k in range(each)]:
            try:
                claim = written(fact, style)
            except Unsayable as why:
                silent[fact.name] = str(why)
                continue
            text = (claim.left, claim.right, claim.let)
            if text not in seen:
                seen.add(text)
                claims.append((fact, claim))
    return claims, silent


def names() -> list[str]:
    """All claims of all constructs."""
    return [f"{construct.name}.{claim.name}" for construct in constructs() for claim in construct.claims]

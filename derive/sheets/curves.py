"""Curves of a real variable, drawn from proved results: exact values, pieces as pieces, no line across a jump.

Where conditions of the term change is found exactly: its comparisons, absolute values, largest and least values are
cut at the roots of their differences, which must be polynomials of degree 1 or have no root. Between the cuts the form
is settled, so that the one-sided values at a cut are those of the forms beside it. A place at which no value is
claimed stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

from sympy import Abs, Add, Basic, Expr, Integer, Max, Min, Mul, Poly, Pow, Rational, Symbol, cos, erf, exp, sin, tanh

from derive.constructs.registry import claim as find_claim
from derive.errors import BadInput, Undefined, Unevaluable
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Derivation
from derive.language import (
    Cases,
    Compare,
    Condition,
    Context,
    Declaration,
    Entry,
    Indicator,
    between,
    ne,
    real,
    rebuild,
    substitute,
    subterms,
)
from derive.language.discharge import discharge
from derive.language.points import evaluate, holds
from derive.render.document import Code, Curve, CurvePlot, Emph, Latex, Strong, Words
from derive.render.text import plain
from derive.rules.lemmas import check_values
from derive.sheets.answers import Checked
from derive.sheets.prose import prose
from derive.sheets.specs import CurveSpec

POINTS = 96
"""Over the whole range, of a curve that is not straight."""
_DIGITS = 9
_SMOOTH = (Add, Mul, Pow, exp, sin, cos, tanh, erf, Symbol, Rational)
Stretch = tuple[Fraction, Fraction, Expr]


@dataclass(frozen=True)
class Drawn:
    """A term of one variable, with what is known of it."""

    term: Expr
    variable: Symbol
    context: Context


def along(term: Expr, derivation: Derivation, name: str, values: dict[str, Fraction]) -> Drawn:
    """The term as a function of one symbol, or of the entry of an array with that name.

    Raises:
        BadInput: there is no such symbol or entry, or the term depends on something else.
    """
    context = derivation.context
    inserted = _defined(term, context)
    variable = real(name)
    inside: dict[Basic, Any] = {}
    for symbol in context.symbols:
        if symbol.name in values:
            inside[symbol] = Rational(values[symbol.name].numerator, values[symbol.name].denominator)
    if variable not in context.symbols:
        entries = {t for t in subterms(inserted) if isinstance(t, Entry) and t.array.name == name}
        if len(entries) != 1:
            raise BadInput(f"{derivation.name} has no real number {name} to draw a curve over")
        inside[entries.pop()] = variable
        context = Context((*context.declarations, Declaration(variable, "real")), context.hypotheses)
    result = substitute(inserted, inside)
    others = sorted(str(s) for s in result.free_symbols - {variable})
    if others or result.has(Entry):
        raise BadInput(f"a curve of {derivation.name} needs numbers for {', '.join(others) or 'its entries'}")
    known = tuple(substitute(h, inside) for h in context.hypotheses)
    kept = tuple(d for d in context.declarations if d.symbol not in inside)
    return Drawn(result, variable, Context(kept, tuple(h for h in known if not h.has(Entry))))


def _defined(term: Any, context: Context) -> Any:
    """Entries of arrays that are defined, as their definitions say."""
    if isinstance(term, Entry):
        definition = context.definition_of(term.array)
        if definition is not None and definition.is_recursive:
            raise BadInput(f"{term} is defined by a recursion, which is not drawn as a curve")
        return term if definition is None else _defined(definition.at(term.indices, context.names), context)
    if not any(isinstance(t, Entry) for t in subterms(term)):
        return term
    return rebuild(term, [_defined(part, context) for part in term.args])


def stretches(drawn: Drawn, low: Fraction, high: Fraction) -> list[Stretch]:
    """The open intervals between the cuts, each with the term in the form that it has there.

    Raises:
        BadInput: where a form changes is not seen exactly.
    """
    term, x = drawn.term, drawn.variable
    cuts = {root for d in _differences(term) for root in _roots(d, x) if low < root < high}
    cuts |= {root for h in drawn.context.hypotheses for root in _edges_of(h, x) if low < root < high}
    ends = [low, *sorted(cuts), high]
    found: list[Stretch] = []
    for start, end in pairwise(ends):
        settled = _settled(term, x, (start + end) / 2)
        if settled is None or not _claimed(drawn, (start + end) / 2):
            continue
        if settled == term:
            _check_smooth(settled, x, start, end)
            found.append((start, end, settled))
        else:
            found += stretches(Drawn(settled, x, drawn.context), start, end)
    return found


def _differences(term: Basic) -> Iterator[Expr]:
    """Terms whose roots are where the form changes, or where there is no value."""
    for part in subterms(term):
        if isinstance(part, Compare):
            yield part.left - part.right
        elif isinstance(part, Abs):
            yield part.args[0]
        elif isinstance(part, (Max, Min)):
            yield from (a - b for a, b in combinations(part.args, 2))
        elif isinstance(part, Pow) and part.exp.is_Rational and part.exp < 0:
            yield part.base


def _edges_of(hypothesis: Condition, x: Symbol) -> Iterator[Fraction]:
    for part in subterms(hypothesis):
        if isinstance(part, Compare) and (part.left - part.right).free_symbols == {x}:
            yield from _roots(part.left - part.right, x)


def _roots(difference: Expr, x: Symbol) -> list[Fraction]:
    """The root of a difference of degree 1; none of what is not of this kind, which is looked at again later."""
    if x not in difference.free_symbols or not difference.is_polynomial(x):
        return []
    parts = Poly(difference, x).all_coeffs()
    if len(parts) != 2 or not all(p.is_Rational for p in parts):
        return []
    root = -parts[1] / parts[0]
    return [Fraction(int(root.p), int(root.q))]


def _settled(term: Any, x: Symbol, place: Fraction) -> Any:
    """The term with all choices made that are the same all over an interval without cuts; None if no case applies."""
    if isinstance(term, Cases):
        for value, condition in term.clauses:
            if not all(_straight(d, x) for d in _differences(condition)):
                return term
            if holds(condition, {x: place}):
                return _settled(value, x, place)
        return None
    if isinstance(term, Indicator):
        if not all(_straight(d, x) for d in _differences(term)):
            return term
        return Integer(holds(term.condition, {x: place}))
    if not term.args:
        return term
    parts = [_settled(part, x, place) for part in term.args]
    if any(part is None for part in parts):
        return None
    # Only by what was cut: what has just become straight inside has its own cuts, which come next.
    if isinstance(term, Abs) and _straight(term.args[0], x):
        return parts[0] if evaluate(parts[0], {x: place}) >= 0 else -parts[0]
    if isinstance(term, (Max, Min)) and all(_straight(a - b, x) for a, b in combinations(term.args, 2)):
        chosen = max if isinstance(term, Max) else min
        return chosen(parts, key=lambda part: evaluate(part, {x: place}))
    return rebuild(term, parts)


def _straight(difference: Expr, x: Symbol) -> bool:
    """Whether its roots are seen: it is of degree 1 at most, with rational numbers."""
    if not difference.is_polynomial(x):
        return False
    parts = Poly(difference, x).all_coeffs()
    return len(parts) <= 2 and all(p.is_Rational for p in parts)


def _check_smooth(term: Expr, x: Symbol, low: Fraction, high: Fraction) -> None:
    """Refuse what may have a jump or a pole between the ends."""
    there = Context((Declaration(x, "real"),), (between(_number(low), x, _number(high)), ne(x, low), ne(x, high)))
    for part in subterms(term):
        if not isinstance(part, _SMOOTH) and not (part.is_number and not part.args):
            raise BadInput(f"a curve of {part} is not drawn: where it jumps is not seen")
        if isinstance(part, Pow) and not (part.exp.is_Integer and part.exp >= 0) and x in part.free_symbols:
            wanted = ne(part.base, 0) if part.exp.is_Integer else None
            seen = part.base.is_number or (wanted is not None and discharge(there, wanted).shown)
            if not seen:
                raise BadInput(f"a curve of {part} is not drawn: whether it has a value everywhere is not seen")


def _claimed(drawn: Drawn, place: Fraction) -> bool:
    """Whether some values of all other symbols meet the hypotheses there."""
    return drawn.context.substituted({drawn.variable: _number(place)}).is_consistent() is not False


def curve(drawn: Drawn, low: Fraction, high: Fraction, label: Words) -> Curve:
    """The lines and dots of one curve."""
    x = drawn.variable
    found = stretches(drawn, low, high)
    lines: list[list[tuple[Fraction, Fraction]]] = []
    beside: dict[Fraction, list[Any]] = {}
    for start, end, settled in found:
        steps = 1 if _straight(settled, x) else max(8, int(POINTS * (end - start) / (high - low)))
        line = []
        for step in range(steps + 1):
            place = start + (end - start) * step / steps
            value = _value(settled, x, place)
            if step in (0, steps) and value is not None:
                beside.setdefault(place, []).append(value)
            if value is not None:
                line.append((place, _rounded(value)))
        lines.append(line)
    dots: list[tuple[Fraction, Fraction]] = []
    rings: list[tuple[Fraction, Fraction]] = []
    joined: set[Fraction] = set()
    for place, limits in sorted(beside.items()):
        value = _value(drawn.term, x, place) if _claimed(drawn, place) else None
        inner = low < place < high
        if value is not None and all(limit == value for limit in limits) and (len(limits) == 2 or not inner):
            joined.add(place)
            continue
        rings += [(place, _rounded(limit)) for limit in dict.fromkeys(limits) if value is None or limit != value]
        if value is not None:
            dots.append((place, _rounded(value)))
    return Curve(label, tuple(_strokes(lines, joined)), tuple(dots), tuple(rings))


def _strokes(
    lines: Sequence[Sequence[tuple[Fraction, Fraction]]], joined: set[Fraction]
) -> list[tuple[tuple[Fraction, Fraction], ...]]:
    """Lines that meet at a place where there is no jump, as one."""
    made: list[tuple[tuple[Fraction, Fraction], ...]] = []
    for line in lines:
        if made and line and made[-1][-1] == line[0] and line[0][0] in joined:
            made[-1] = (*made[-1], *line[1:])
        elif line:
            made.append(tuple(line))
    return made


def _value(term: Expr, x: Symbol, place: Fraction) -> Any:
    try:
        return evaluate(term, {x: place})
    except Undefined:
        return None
    except Unevaluable as problem:
        raise BadInput(f"there is no value to draw at {x} = {place}: {problem}") from None


def _rounded(value: Any) -> Fraction:
    """Exact, or to some digits."""
    return value if isinstance(value, Fraction) else Fraction(str(round(float(value), _DIGITS)))


def _number(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def plot(
    name: str, curves: Sequence[Curve], variable: Symbol, low: Fraction, high: Fraction, caption: Words
) -> CurvePlot:
    """Curves in one figure, told in words for those who cannot see it."""
    told = []
    for number, made in enumerate(curves, start=1):
        heights = [y for stroke in made.strokes for _, y in stroke] + [y for _, y in made.dots]
        if not heights:
            raise BadInput(f"there is nothing to draw for {variable} from {low} to {high}")
        places = sorted({p for p, _ in (*made.dots, *made.rings)})
        jumps = f", with open ends or jumps at {', '.join(map(str, places))}" if places else ""
        words = "".join(map(_told, made.label))
        least, most = (f"{float(v):.4g}" for v in (min(heights), max(heights)))
        told.append(f"{words or f'curve {number}'}: values between {least} and {most}{jumps}")
    alt = f"Over {variable} from {low} to {high}. {'. '.join(told)}."
    return CurvePlot(name, tuple(curves), variable, low, high, caption, alt)


def _told(piece: Any) -> str:
    """A piece of a label in words."""
    if isinstance(piece, str):
        return piece
    if isinstance(piece, (Strong, Emph, Code)):
        return piece.text
    return piece.source if isinstance(piece, Latex) else plain(piece)


def figure(name: str, spec: CurveSpec, checked: Checked, memory: Memory) -> CurvePlot:
    """The figure that a part asks for; claims of other parts are derived and checked here as well.

    Raises:
        BadInput: a term cannot be drawn over this variable; with the reason.
    """
    low, high = Fraction(spec.low), Fraction(spec.high)
    made = []
    for line in spec.lines:
        derivation = checked.general
        values = {n: v for n, v in checked.values if not line.claim}
        if line.claim:
            derivation = find_claim(line.claim)[1].derive()
            check(derivation, memory)
        if derivation.relation != "=":
            raise BadInput(f"{derivation.name} is a bound, and no value to draw")
        values.update(line.values)
        check_names(derivation, values)
        term = derivation.right
        if line.array:
            term = _body(derivation, line.array)
        drawn = along(term, derivation, line.variable or spec.variable, values)
        made.append(curve(drawn, low, high, prose(line.label) if line.label else ()))
    return plot(name, made, real(spec.variable), low, high, prose(spec.caption) if spec.caption else ())


def check_names(derivation: Derivation, values: dict[str, Fraction]) -> None:
    """Refuse values of symbols that the claim has not, or that its hypotheses do not allow."""
    by_name = {s.name: s for s in derivation.context.symbols}
    strange = [n for n in values if n not in by_name]
    if strange:
        raise BadInput(f"{derivation.name} has no symbol {strange[0]!r}; there are {', '.join(by_name)}")
    check_values(derivation.context, {by_name[n]: _number(v) for n, v in values.items()})


def _body(derivation: Derivation, name: str) -> Expr:
    for definition in derivation.context.definitions:
        if definition.array.name == name:
            return definition.body
    known = ", ".join(d.array.name for d in derivation.context.definitions) or "none"
    raise BadInput(f"{derivation.name} defines no array {name!r}; it defines {known}")

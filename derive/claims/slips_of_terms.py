"""Slips of calculating: signs, factors, powers and terms, functions, means and moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.claims.changes import NO_VALUES, Repair, Setting, put
from derive.claims.names import name_key
from derive.claims.retouching import (
    ONE,
    TWO,
    Spot,
    bracketed,
    is_derivative,
    negated,
    number,
    over,
    plain,
    squared,
    times,
    with_term,
    without_item,
)  # fmt: skip
from derive.claims.syntax import (
    Big,
    CaseRows,
    Factorial,
    Fraction,
    Group,
    Listing,
    Name,
    Node,
    Number,
    Product,
    Root,
    Scripted,
    Sum,
    below,
)
from derive.claims.writing import latex


def signs(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """The sign of a term, of an exponent, of a factor."""
    node = spot.node
    if isinstance(node, Sum):
        for k, (sign, term) in enumerate(zip(node.signs, node.terms, strict=True)):
            new = "-" if sign == "+" else "+"
            if sign not in "+-":
                continue
            inside = spot.role == "index" or "index" in spot.inside
            turned = with_term(node, k, (new, term))
            if term == ONE and len(node.terms) > 1:
                yield put(spot, turned, "off by one", 20)
                continue
            said = f"the sign of {latex(term)} should be {new}"
            yield put(spot, turned, "flip" if inside else "sign", 20, said)
    what = {"exponent": "the exponent", "side": "the result", "argument": "the argument"}.get(spot.role)
    turned_already = isinstance(node, Sum) and len(node.terms) == 1
    if what is not None and not turned_already and not isinstance(node, NO_VALUES):
        rank = 25 if spot.role == "argument" else 19
        yield put(spot, negated(node), "sign", rank, f"the sign of {what} is wrong")


def factors(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """A factor that is missing or too much: 2, 1/N, a size; also a root, a square, a factorial."""
    node, role = spot.node, spot.role
    if isinstance(node, Product) and len(node.items) > 1:
        for k, item in enumerate(node.items):
            rest = without_item(node, k)
            ends = rest.items[-1] if isinstance(rest, Product) else rest
            if rest is not None and not isinstance(ends, Big) and not isinstance(item, Big) and not is_derivative(item):
                yield put(spot, rest, "factor", 27, f"the factor {latex(item)} is one too many")
    if isinstance(node, Fraction) and not is_derivative(node):
        yield put(spot, node.top, "factor", 28, f"the denominator {latex(node.bottom)} is one too many")
    plus = {"side": 0, "term": 6, "case": 6, "exponent": 5, "top": 9, "bottom": 8, "root": 8, "limit": 9, "index": 9}
    more = plus.get(role, 10 if role in ("upper limit", "argument", "factor") else None)
    if more is None or isinstance(node, NO_VALUES):
        return
    if role == "term" and isinstance(node, Number):
        more += 4
    if role not in ("factor", "top"):
        yield put(spot, times(node, TWO), "factor", 25 + more, _missing(spot, TWO, False))
        yield put(spot, over(node, TWO), "factor", 25 + more, _missing(spot, TWO, True))
    used = {name_key(n) for n in (*below(node), *below(setting.other)) if isinstance(n, (Name, Scripted))}
    for key, name in setting.names.items():
        if setting.sorts[key] not in ("integer", "real") or role in ("factor", "top", "index") or key in setting.bound:
            continue
        far = 0 if key in used else 4
        yield put(spot, times(node, name), "factor", 29 + more + far, _missing(spot, name, False))
        yield put(spot, over(node, name), "factor", 29 + more + far, _missing(spot, name, True))


def _missing(spot: Spot, factor: Node, divides: bool) -> str:
    where = "" if spot.role == "side" else f" in the {spot.role} {latex(plain(spot.node))}"
    shown = Fraction(ONE, factor) if divides else factor
    return f"the factor {latex(shown)} is missing{where}"


def powers(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """Squares, roots and factorials that are missing or too much; a number that is doubled or halved."""
    node, role = spot.node, spot.role
    if isinstance(node, Scripted) and isinstance(node.sup, Number) and name_key(node) not in setting.sorts:
        bare = replace(node, sup=None) if node.sub else node.base
        yield put(spot, bare, "exponent", 24, f"the exponent of {latex(node)} is one too many")
    if isinstance(node, Root):
        yield put(spot, bracketed(node.of), "root", 22, f"the root around {latex(node.of)} is one too many")
    if isinstance(node, Factorial):
        yield put(spot, node.of, "factorial", 28, f"the factorial of {latex(node.of)} is one too many")
    if isinstance(node, Number) and node.text.isdigit() and role not in ("base", "bound letter", "called"):
        value = int(node.text)
        halves = [value // 2] if value % 2 == 0 else []
        for new in (*halves, 2 * value, 3 * value, value**2):
            if new != value and new < 10**6:
                yield put(spot, number(new), "factor", 31)
    atom = isinstance(node, (Name, Group)) or (isinstance(node, Scripted) and node.sup is None)
    valued = role in ("factor", "term", "bottom", "top", "side", "case", "argument", "root")
    if valued and not isinstance(node, (*NO_VALUES, Big)):
        scalar = not setting.is_matrix(node)
        whole = role in ("side", "bottom") and isinstance(node, (Sum, Fraction, Product))
        if scalar and (atom or whole) and role != "root":
            rank = 26 if role == "bottom" else 30
            yield put(spot, squared(node), "exponent", rank, f"{latex(node)} should be squared")
        if scalar and (atom or role in ("side", "bottom", "top")) and not isinstance(node, Number):
            yield put(spot, Root(plain(node)), "root", 33, f"the root of {latex(plain(node))} is missing")
        if setting.sort(plain(node)) == "integer" or _is_shifted_integer(plain(node), setting):
            yield put(spot, Factorial(bracketed(node)), "factorial", 35, f"{latex(node)} should have a factorial")


def _is_shifted_integer(node: Node, setting: Setting) -> bool:
    return isinstance(node, Sum) and all(isinstance(t, Number) or setting.sort(t) == "integer" for t in node.terms)


def terms(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """A term or a case too much, a missing max(0, .)."""
    node = spot.node
    if isinstance(node, Sum) and len(node.terms) > 1:
        for k, term in enumerate(node.terms):
            squares = {name for pair in setting.squares for name in pair}
            moment = isinstance(term, Scripted) and name_key(replace(term, sup=None)) in squares
            kind = "moment" if moment else "off by one" if term == ONE else "term"
            yield put(spot, with_term(node, k, None), kind, 28, f"the term {latex(term)} is one too many")
    if isinstance(node, CaseRows):
        for k in range(len(node.rows)):
            if len(node.rows) > 1:
                rows = (*node.rows[:k], *node.rows[k + 1 :])
                yield put(spot, replace(node, rows=rows), "case", 26, f"the case {k + 1} is one too many")
        values = [row[0] for row in node.rows]
        if len(values) == 2:
            rows = tuple((v, c) for v, (_, c) in zip(values[::-1], node.rows, strict=True))
            yield put(spot, replace(node, rows=rows), "case", 22, "the values of the two cases are exchanged")
    if isinstance(node, Product) and len(node.items) == 2 and isinstance(node.items[0], Big):
        inside = node.items[1]
        if isinstance(inside, Group) and isinstance(inside.body, Listing) and node.items[0].sub is None:
            for part in inside.body.parts:
                if len(inside.body.parts) == 2 and not isinstance(part, Number):
                    yield put(spot, bracketed(part), "case", 24, f"it is {latex(part)} throughout")
    valued = spot.role in ("side", "term", "upper limit", "argument", "case")
    if valued and not isinstance(node, (*NO_VALUES, Number, Big)):
        for low in ("0", "1"):
            new = Product((Big("\\max"), Group("(", Listing((Number(low), plain(node))))), ("",))
            far = 0 if spot.role == "side" else 8
            said = f"it is never less than {low}: the maximum is missing"
            yield put(spot, new, "case", (23 if low == "0" else 30) + far, said)


_FUNCTIONS = {"sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "max": "min", "min": "max"}


def functions(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """The base of a logarithm; sine for cosine; a variance for a mean square."""
    node = spot.node
    base = node.base if isinstance(node, Scripted) else node
    if spot.role == "called" and isinstance(base, Name):
        if base.text in ("log", "ln", "lg"):
            natural, two = Name("ln", "operatorname"), Scripted(Name("log", "operatorname"), sub=TWO)
            for new in (two, natural, Scripted(Name("log", "operatorname"), sub=Number("10"))):
                yield put(spot, new, "log base", 20, f"the logarithm should be {latex(new)}, not {latex(node)}")
        if base.text in _FUNCTIONS:
            other = replace(base, text=_FUNCTIONS[base.text])
            new = replace(node, base=other) if isinstance(node, Scripted) else other
            yield put(spot, new, "function", 22, f"it is {latex(new)}, not {latex(node)}")
    if isinstance(node, Product) and len(node.items) == 2:
        yield from _moments(spot, node)
    for mean, deviation in setting.squares:
        if isinstance(node, Scripted) and node.sup == TWO and name_key(replace(node, sup=None)) == deviation:
            square = Sum(("+", "+"), (node, Scripted(setting.names[mean], sup=TWO)))
            said = f"the mean square is wanted, not the variance: {latex(square)}, not {latex(node)}"
            yield put(spot, Group("(", square), "moment", 20, said)
    if isinstance(node, Fraction):
        yield from means(spot, node)
    if isinstance(node, Product) and isinstance(node.items[0], Fraction):
        yield from means(spot, node)


def _moments(spot: Spot, node: Product) -> Iterator[Repair]:
    name, inside = node.items
    if not (isinstance(name, Name) and isinstance(inside, Group)):
        return
    if name.text == "Var":
        square = Group("[", squared(inside.body), "]")
        new = Product((Name("E", "mathbb"), square), ("",))
        yield put(spot, new, "moment", 20, "the mean square is wanted, not the variance")
    if name.text == "E" and isinstance(inside.body, Scripted) and inside.body.sup == TWO:
        body = inside.body.base if inside.body.sub is None else replace(inside.body, sup=None)
        new = Product((Name("Var", "operatorname"), Group("(", plain(body))), ("",))
        yield put(spot, new, "moment", 20, "the variance is wanted, not the mean square")


def means(spot: Spot, node: Fraction | Product) -> Iterator[Repair]:
    """The arithmetic mean for the harmonic and the geometric one, and back."""
    if isinstance(node, Fraction) and isinstance(node.top, Sum) and node.bottom == number(len(node.top.terms)):
        count, summed = node.bottom, node.top
        inverse = replace(summed, terms=tuple(Fraction(ONE, t) for t in summed.terms))
        yield put(spot, Fraction(count, inverse), "mean", 21, "the harmonic mean is wanted, not the arithmetic one")
        if len(summed.terms) == 2:
            new: Node = Root(Product(tuple(bracketed(t) for t in summed.terms), ("",)))
            yield put(spot, new, "mean", 22, "the geometric mean is wanted, not the arithmetic one")
    if isinstance(node, Fraction) and isinstance(node.bottom, Sum) and node.top == number(len(node.bottom.terms)):
        upright = tuple(t.bottom for t in node.bottom.terms if isinstance(t, Fraction) and t.top == ONE)
        new = Fraction(Sum(node.bottom.signs[: len(upright)], upright), node.top)
        if len(upright) == len(node.bottom.terms):
            yield put(spot, new, "mean", 21, "the arithmetic mean is wanted, not the harmonic one")
    if isinstance(node, Product) and len(node.items) > 2 and isinstance(node.items[1], Big):
        first, big, *rest = node.items
        summing = isinstance(big, Big) and big.operator == "\\sum"
        if isinstance(first, Fraction) and first.top == ONE and summing:
            inner = rest[0] if len(rest) == 1 else Product(tuple(rest), node.operators[2:])
            new = Fraction(first.bottom, Product((big, Fraction(ONE, inner)), ("",)))
            yield put(spot, new, "mean", 21, "the harmonic mean is wanted, not the arithmetic one")

r"""The library of slips: every small change of a formula that undoes a known kind of mistake, the likeliest first.

A change is made in the tree that the author wrote. Nothing here knows whether a changed formula is right: that is for
points to refute and for the deciders to prove (`derive.claims.explaining`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

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
    shifted,
    spots,
    squared,
    tidy,
    times,
    with_term,
    without_item,
)
from derive.claims.syntax import (
    Big,
    CaseRows,
    Choose,
    Empty,
    Factorial,
    Fraction,
    Group,
    Listing,
    Logic,
    Name,
    Node,
    Number,
    Product,
    Relation,
    Root,
    Scripted,
    Sum,
    below,
)
from derive.claims.writing import latex

MOST = 700
"""Changes of one side."""


@dataclass(frozen=True)
class Repair:
    """A changed formula: the kind of slip that it undoes, in one sentence, and how likely that is (small is likely)."""

    node: Node
    kind: str
    said: str
    rank: int


@dataclass(frozen=True)
class Setting:
    """What the rules know of a claim.

    Attributes:
        sorts: {key: 'integer', 'real', 'array of 1', ...} of declared names and bound letters.
        names: A tree for each key.
        sizes: For arrays of one axis, the tree that the first and the last index add up to.
        squares: (key of the mean, of the root of the variance) of random things.
        other: The other side.
        transpose: The mark that the author writes.
        bound: Keys that are bound letters and nothing else.
    """

    sorts: dict[str, str]
    names: dict[str, Node]
    sizes: dict[str, Node]
    squares: tuple[tuple[str, str], ...]
    other: Node
    transpose: Node = Name("top")
    bound: frozenset[str] = frozenset()

    def sort(self, node: Node) -> str:
        """The sort of a name; '' of anything else."""
        key = name_key(node) if isinstance(node, (Name, Scripted)) else None
        return self.sorts.get(key, "") if key is not None else ""

    def is_matrix(self, node: Node) -> bool:
        """Whether a matrix or vector is in it, not one of its entries."""
        node = plain(node)
        if isinstance(node, Scripted):
            if name_key(node) in self.sorts:
                return self.sort(node).startswith("array")
            return node.sub is None and self.is_matrix(node.base)
        if isinstance(node, (Product, Sum)):
            return any(self.is_matrix(n) for n in (node.items if isinstance(node, Product) else node.terms))
        return self.sort(node).startswith("array")


Rule = Callable[[Spot, Setting], Iterator[Repair]]


def repairs(side: Node, setting: Setting) -> list[Repair]:
    """All changes of a side, the likeliest first, each formula once.

    Example:
        >>> n = Name("n")
        >>> setting = Setting({"n": "integer"}, {"n": n}, {}, (), n)
        >>> found = repairs(Scripted(TWO, sup=n), setting)
        >>> found[0].kind, found[0].said
        ('off by one', 'the exponent should be n + 1, not n')
    """
    best: dict[Node, Repair] = {}
    for spot in spots(side):
        for rule in RULES:
            for raw in rule(spot, setting):
                found = replace(raw, node=tidy(raw.node, side))
                if found.node != side and (found.node not in best or found.rank < best[found.node].rank):
                    best[found.node] = found
    for found in whole_side(side, setting):
        best.setdefault(found.node, found)
    return sorted(best.values(), key=lambda r: r.rank)[:MOST]


def _should(spot: Spot, new: Node) -> str:
    what = spot.role
    if what in ("side", "base", "case"):
        return f"it should be {latex(new)}, not {latex(spot.node)}"
    words = {
        "top": "numerator", "bottom": "denominator", "root": "radicand",
        "range": "limit",
"rounded": "number that is rounded",
    }
    return f"the {words.get(what, what)} should be {latex(plain(new))}, not {latex(plain(spot.node))}"


def _put(spot: Spot, new: Node, kind: str, rank: int, said: str = "") -> Repair:
    return Repair(spot.put(new), kind, said or _should(spot, new), rank)


_SHIFTED = {
    "upper limit": 10, "lower limit": 10, "limit": 11, "index": 12, "exponent": 13, "condition": 16, "term": 19,
    "factor": 15, "argument": 17, "top": 18, "bottom": 18, "side": 21, "case": 21, "root": 20, "entry": 20, "base": 26,
    "rounded": 17,
}  # fmt: skip


def off_by_one(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """n for n - 1, in a limit, an index, an exponent, a factor."""
    node, rank = spot.node, _SHIFTED.get(spot.role)
    if rank is None or isinstance(node, (Relation, Listing, Logic, CaseRows, Empty)):
        return
    numeric = isinstance(node, Number) and node.text.isdigit()
    if spot.role in ("factor", "base", "argument", "condition", "limit", "bottom", "root", "entry"):
        inner = plain(node)
        if spot.role in ("factor", "base") and numeric:
            rank = 34
        if not (numeric or isinstance(inner, Sum) or setting.sort(inner) == "integer" or _rounds(inner)):
            return
        if spot.role == "base" and not isinstance(node, (Name, Scripted, Number, Sum)):
            return
        rank = 18 if spot.role == "base" and isinstance(node, Sum) else rank
    if spot.role == "index" and not (numeric or isinstance(node, (Sum, Product)) or setting.sort(node) == "integer"):
        return
    if spot.role == "term" and not _rounds(node):
        return  # the sum around it is shifted
    if spot.role == "factor" and "term" in spot.inside and not isinstance(node, Group):
        rank = 22
    if _rounds(node):
        rank = 14
    kind = "floor" if _rounds(node) or "rounded" in (*spot.inside, spot.role) or _has_rounded_term(node) else ""
    for by in (1, -1):
        new = shifted(node, by)
        yield _put(spot, new if spot.role not in ("factor", "base") else bracketed(new), kind or "off by one", rank)


def _rounds(node: Node) -> bool:
    return isinstance(node, Group) and node.opening in ("\\lfloor", "\\lceil")


def _has_rounded_term(node: Node) -> bool:
    return isinstance(node, Sum) and any(_rounds(t) for t in node.terms)


def both_limits(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """0 to n - 1 for 1 to n; sum for product; min for max."""
    node = spot.node
    if not isinstance(node, Big):
        return
    if isinstance(node.sub, Relation) and node.sub.relations == ("=",) and node.sup is not None:
        for by in (1, -1):
            low, high = shifted(node.sub.sides[1], by), shifted(node.sup, by)
            new = replace(node, sub=replace(node.sub, sides=(node.sub.sides[0], low)), sup=high)
            said = f"{latex(node.sub.sides[0])} should run from {latex(low)} to {latex(high)}"
            yield _put(spot, new, "origin", 16, said)
    swaps = {"\\max": ("\\min", 14), "\\min": ("\\max", 14), "\\sum": ("\\prod", 22), "\\prod": ("\\sum", 22)}
    if node.operator in swaps:
        other, rank = swaps[node.operator]
        kind = "extremum" if rank == 14 else "sum and product"
        words = {"\\max": "maximum", "\\min": "minimum", "\\sum": "sum", "\\prod": "product"}
        said = f"it is a {words[other]}, not a {words[node.operator]}"
        yield _put(spot, replace(node, operator=other), kind, rank, said)


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
                yield _put(spot, turned, "off by one", 20)
                continue
            said = f"the sign of {latex(term)} should be {new}"
            yield _put(spot, turned, "flip" if inside else "sign", 20, said)
    if spot.role in ("exponent", "side", "argument") and not (isinstance(node, Sum) and len(node.terms) == 1):
        if not isinstance(node, (Relation, Listing, Logic, Empty, CaseRows)):
            what = {"exponent": "the exponent", "side": "the result"}.get(spot.role, "the argument")
            rank = 25 if spot.role == "argument" else 19
            yield _put(spot, negated(node), "sign", rank, f"the sign of {what} is wrong")


def transposes(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """A transpose that is missing or too much; an inverse."""
    node = spot.node
    if spot.role in ("exponent", "index", "called"):
        return
    if isinstance(node, Scripted) and node.sup is not None and node.sub is None:
        from derive.claims.retouching import is_mark

        if is_mark(node.sup):
            bare = node.base
            yield _put(spot, bare, "transpose", 17, f"{latex(bare)} should not be transposed")
        return
    if spot.role == "base" or not setting.is_matrix(node) or isinstance(node, Sum):
        return
    if isinstance(node, (Name, Scripted)) or (isinstance(node, Product) and spot.role in ("side", "term")):
        rank = 18 if isinstance(node, (Name, Scripted)) else 24
        new = Scripted(bracketed(node), sup=setting.transpose)
        yield _put(spot, new, "transpose", rank, f"{latex(node)} should be transposed")


def orders(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """W_{ji} for W_{ij}, BA for AB."""
    node = spot.node
    if isinstance(node, Scripted) and node.sub is not None:
        sub = node.sub
        parts = sub.parts if isinstance(sub, Listing) else sub.items if isinstance(sub, Product) else ()
        if len(parts) == 2 and not (isinstance(sub, Product) and any(sub.operators)) and parts[0] != parts[1]:
            turned = replace(sub, **{"parts" if isinstance(sub, Listing) else "items": parts[::-1]})
            new = replace(node, sub=turned)
            yield _put(spot, new, "swapped indices", 17, f"the indices should stand as in {latex(new)}")
    if isinstance(node, Product):
        items = node.items
        found = [k for k, item in enumerate(items) if setting.is_matrix(item)]
        if len(found) > 2:
            new = _placed(node, found, found[::-1])
            yield _put(spot, new, "swapped factors", 19, f"the factors should stand as in {latex(new)}")
        for one, other in zip(found, found[1:], strict=False):
            new = _placed(node, [one, other], [other, one])
            yield _put(spot, new, "swapped factors", 18, f"the factors should stand as in {latex(new)}")
    if isinstance(node, Fraction) and not is_derivative(node):
        yield _put(spot, Fraction(node.bottom, node.top), "upside down", 31, "the fraction is upside down")
    if isinstance(node, Choose):
        yield _put(spot, Choose(node.bottom, node.top), "upside down", 34, "the binomial is upside down")


def _placed(node: Product, places: list[int], sources: list[int]) -> Product:
    items = list(node.items)
    for place, source in zip(places, sources, strict=True):
        items[place] = node.items[source]
    return replace(node, items=tuple(items))


def rounding(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """Floor for ceiling, where the 1 is added, rounding too early."""
    node = spot.node
    if _rounds(node) and isinstance(node, Group):
        up = node.opening == "\\lfloor"
        other = Group("\\lceil" if up else "\\lfloor", node.body, ("\\rceil" if up else "\\rfloor") if node.closing else "")
        yield _put(spot, other, "floor", 12, f"it is rounded {'up' if up else 'down'}, not {'down' if up else 'up'}")
        yield _put(spot, bracketed(node.body), "rounding", 22, "nothing is rounded here")
    if isinstance(node, Sum) and len(node.terms) == 2 and all(_rounds(t) for t in node.terms):
        first = node.terms[0]
        assert isinstance(first, Group)
        whole = replace(first, body=Sum(node.signs, tuple(bracketed(t.body) for t in node.terms if isinstance(t, Group))))
        yield _put(spot, whole, "rounding", 14, "the sum is rounded, not each of its terms")
    if isinstance(node, Sum):
        yield from _inwards(spot, node)
    if isinstance(node, Product):
        for k, item in enumerate(node.items):
            rest = without_item(node, k)
            if _rounds(item) and isinstance(item, Group) and rest is not None:
                new = replace(item, body=times(item.body, rest))
                yield _put(spot, new, "rounding", 14, "it is rounded at the end, not before the product")
    if isinstance(node, Fraction) and _rounds(node.top) and isinstance(node.top, Group):
        new = replace(node.top, body=over(node.top.body, node.bottom))
        yield _put(spot, new, "rounding", 14, "it is rounded at the end, not before the quotient")
    if isinstance(node, Fraction) and not is_derivative(node) and spot.role in ("side", "term", "factor", "case"):
        for name, closing, word in (("\\lfloor", "\\rfloor", "down"), ("\\lceil", "\\rceil", "up")):
            yield _put(spot, Group(name, node, closing), "rounding", 21, f"{latex(node)} should be rounded {word}")


def _inwards(spot: Spot, node: Sum) -> Iterator[Repair]:
    """floor(a/b) + 1 for floor((a + 1)/b), and back."""
    for k, term in enumerate(node.terms):
        if not (_rounds(term) and isinstance(term, Group) and isinstance(term.body, Fraction)) or node.signs[k] != "+":
            continue
        for by in (1, -1):
            inner = replace(term, body=replace(term.body, top=shifted(term.body.top, by)))
            changed = with_term(node, k, ("+", inner))
            new = shifted(changed, -by)
            word = "inside" if by > 0 else "outside"
            yield _put(spot, new, "floor", 13, f"the 1 is added {word} the rounding")


def relations_inside(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """< for <= in a limit, a case or a condition."""
    node = spot.node
    twins = {"<": "\\le", "\\le": "<", ">": "\\ge", "\\ge": ">", "\\leq": "<", "\\geq": ">"}
    if isinstance(node, Relation):
        for k, relation in enumerate(node.relations):
            if relation in twins:
                new = twins[relation]
                signs = (*node.relations[:k], new, *node.relations[k + 1 :])
                changed = replace(node, relations=signs)
                yield _put(spot, changed, "strict", 15, f"it should be {latex(changed)}, not {latex(node)}")
    if isinstance(node, Logic) and node.operator in ("\\land", "\\lor"):
        new = "\\lor" if node.operator == "\\land" else "\\land"
        yield _put(spot, replace(node, operator=new), "case", 22, "'and' and 'or' are mixed up")


def names(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """Another declared size, another index, another letter of the same sort."""
    sort = setting.sort(spot.node)
    if not sort or spot.role in ("bound letter", "called"):
        return
    key = name_key(spot.node)
    for other, node in setting.names.items():
        if other != key and setting.sorts[other] == sort:
            index = spot.role == "index" or "index" in spot.inside
            kind, rank = ("index", 23) if index else ("size" if sort == "integer" else "name", 29)
            yield _put(spot, node, kind, rank)


def factors(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """A factor that is missing or too much: 2, 1/N, a size; also a root, a square, a factorial."""
    node, role = spot.node, spot.role
    if isinstance(node, Product) and len(node.items) > 1:
        for k, item in enumerate(node.items):
            rest = without_item(node, k)
            ends = rest.items[-1] if isinstance(rest, Product) else rest
            if rest is not None and not isinstance(ends, Big) and not isinstance(item, Big) and not is_derivative(item):
                yield _put(spot, rest, "factor", 27, f"the factor {latex(item)} is one too many")
    if isinstance(node, Fraction) and not is_derivative(node):
        yield _put(spot, node.top, "factor", 28, f"the denominator {latex(node.bottom)} is one too many")
    plus = {"side": 0, "term": 6, "case": 6, "exponent": 5, "top": 9, "bottom": 8, "root": 8, "limit": 9, "index": 9}
    more = plus.get(role, 10 if role in ("upper limit", "argument", "factor") else None)
    if more is None or isinstance(node, (Relation, Listing, Logic, Empty, CaseRows)):
        return
    if role == "term" and isinstance(node, Number):
        more += 4
    if role not in ("factor", "top"):
        yield _put(spot, times(node, TWO), "factor", 25 + more, _missing(spot, TWO, False))
        yield _put(spot, over(node, TWO), "factor", 25 + more, _missing(spot, TWO, True))
    used = {name_key(n) for n in (*below(node), *below(setting.other)) if isinstance(n, (Name, Scripted))}
    for key, name in setting.names.items():
        if setting.sorts[key] not in ("integer", "real") or role in ("factor", "top", "index") or key in setting.bound:
            continue
        far = 0 if key in used else 4
        yield _put(spot, times(node, name), "factor", 29 + more + far, _missing(spot, name, False))
        yield _put(spot, over(node, name), "factor", 29 + more + far, _missing(spot, name, True))


def _missing(spot: Spot, factor: Node, divides: bool) -> str:
    where = "" if spot.role == "side" else f" in the {spot.role} {latex(plain(spot.node))}"
    shown = Fraction(ONE, factor) if divides else factor
    return f"the factor {latex(shown)} is missing{where}"


def powers(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """Squares, roots and factorials that are missing or too much; a number that is doubled or halved."""
    node, role = spot.node, spot.role
    if isinstance(node, Scripted) and node.sup is not None and name_key(node) not in setting.sorts:
        if isinstance(node.sup, Number):
            yield _put(spot, replace(node, sup=None) if node.sub else node.base, "exponent", 24, f"{latex(node)} has one exponent too many")
    if isinstance(node, Root):
        yield _put(spot, bracketed(node.of), "root", 22, f"the root around {latex(node.of)} is one too many")
    if isinstance(node, Factorial):
        yield _put(spot, node.of, "factorial", 28, f"the factorial of {latex(node.of)} is one too many")
    if isinstance(node, Number) and node.text.isdigit() and role not in ("base", "bound letter", "called"):
        value = int(node.text)
        halves = [value // 2] if value % 2 == 0 else []
        for new in (*halves, 2 * value, 3 * value, value**2):
            if new != value and new < 10**6:
                yield _put(spot, number(new), "factor", 31)
    atom = isinstance(node, (Name, Group)) or (isinstance(node, Scripted) and node.sup is None)
    if role in ("factor", "term", "bottom", "top", "side", "case", "argument", "root") and not isinstance(
        node, (Relation, Listing, Logic, Empty, CaseRows, Big)
    ):
        scalar = not setting.is_matrix(node)
        whole = role in ("side", "bottom") and isinstance(node, (Sum, Fraction, Product))
        if scalar and (atom or whole) and role != "root":
            rank = 26 if role == "bottom" else 30
            yield _put(spot, squared(node), "exponent", rank, f"{latex(node)} should be squared")
        if scalar and (atom or role in ("side", "bottom", "top")) and not isinstance(node, Number):
            yield _put(spot, Root(plain(node)), "root", 33, f"the root of {latex(plain(node))} is missing")
        if setting.sort(plain(node)) == "integer" or _is_shifted_integer(plain(node), setting):
            yield _put(spot, Factorial(bracketed(node)), "factorial", 35, f"{latex(node)} should have a factorial")


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
            yield _put(spot, with_term(node, k, None), kind, 28, f"the term {latex(term)} is one too many")
    if isinstance(node, CaseRows):
        for k in range(len(node.rows)):
            if len(node.rows) > 1:
                rows = (*node.rows[:k], *node.rows[k + 1 :])
                yield _put(spot, replace(node, rows=rows), "case", 26, f"the case {k + 1} is one too many")
        values = [row[0] for row in node.rows]
        if len(values) == 2:
            rows = tuple((v, c) for v, (_, c) in zip(values[::-1], node.rows, strict=True))
            yield _put(spot, replace(node, rows=rows), "case", 22, "the values of the two cases are exchanged")
    if isinstance(node, Product) and len(node.items) == 2 and isinstance(node.items[0], Big):
        inside = node.items[1]
        if isinstance(inside, Group) and isinstance(inside.body, Listing) and node.items[0].sub is None:
            for part in inside.body.parts:
                if len(inside.body.parts) == 2 and not isinstance(part, Number):
                    yield _put(spot, bracketed(part), "case", 24, f"it is {latex(part)} throughout")
    if spot.role in ("side", "term", "upper limit", "argument", "case") and not isinstance(
        node, (Relation, Listing, Logic, Empty, CaseRows, Number, Big)
    ):
        for low in ("0", "1"):
            new = Product((Big("\\max"), Group("(", Listing((Number(low), plain(node))))), ("",))
            far = 0 if spot.role == "side" else 8
            yield _put(spot, new, "case", (23 if low == "0" else 30) + far, f"it is never less than {low}: the maximum is missing")


_FUNCTIONS = {"sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "max": "min", "min": "max"}


def functions(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """The base of a logarithm; sine for cosine; a variance for a mean square."""
    node = spot.node
    base = node.base if isinstance(node, Scripted) else node
    if spot.role == "called" and isinstance(base, Name):
        if base.text in ("log", "ln", "lg"):
            natural, two = Name("ln", "operatorname"), Scripted(Name("log", "operatorname"), sub=TWO)
            for new in (two, natural, Scripted(Name("log", "operatorname"), sub=Number("10"))):
                yield _put(spot, new, "log base", 20, f"the logarithm should be {latex(new)}, not {latex(node)}")
        if base.text in _FUNCTIONS:
            other = replace(base, text=_FUNCTIONS[base.text])
            new = replace(node, base=other) if isinstance(node, Scripted) else other
            yield _put(spot, new, "function", 22, f"it is {latex(new)}, not {latex(node)}")
    if isinstance(node, Product) and len(node.items) == 2:
        yield from _moments(spot, node)
    for mean, deviation in setting.squares:
        if isinstance(node, Scripted) and node.sup == TWO and name_key(replace(node, sup=None)) == deviation:
            new = Group("(", Sum(("+", "+"), (node, Scripted(setting.names[mean], sup=TWO))))
            said = f"the mean square is wanted, not the variance: {latex(new.body)}, not {latex(node)}"
            yield _put(spot, new, "moment", 20, said)
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
        yield _put(spot, Product((Name("E", "mathbb"), square), ("",)), "moment", 20, "the mean square is wanted, not the variance")
    if name.text == "E" and isinstance(inside.body, Scripted) and inside.body.sup == TWO:
        body = inside.body.base if inside.body.sub is None else replace(inside.body, sup=None)
        new = Product((Name("Var", "operatorname"), Group("(", plain(body))), ("",))
        yield _put(spot, new, "moment", 20, "the variance is wanted, not the mean square")


def means(spot: Spot, node: Fraction | Product) -> Iterator[Repair]:
    """The arithmetic mean for the harmonic and the geometric one, and back."""
    if isinstance(node, Fraction) and isinstance(node.top, Sum) and node.bottom == number(len(node.top.terms)):
        count, summed = node.bottom, node.top
        inverse = replace(summed, terms=tuple(Fraction(ONE, t) for t in summed.terms))
        yield _put(spot, Fraction(count, inverse), "mean", 21, "the harmonic mean is wanted, not the arithmetic one")
        if len(summed.terms) == 2:
            new = Root(Product(tuple(bracketed(t) for t in summed.terms), ("",)))
            yield _put(spot, new, "mean", 22, "the geometric mean is wanted, not the arithmetic one")
    if isinstance(node, Fraction) and isinstance(node.bottom, Sum) and node.top == number(len(node.bottom.terms)):
        if all(isinstance(t, Fraction) and t.top == ONE for t in node.bottom.terms):
            upright = tuple(t.bottom for t in node.bottom.terms if isinstance(t, Fraction))
            new = Fraction(Sum(node.bottom.signs, upright), node.top)
            yield _put(spot, new, "mean", 21, "the arithmetic mean is wanted, not the harmonic one")
    if isinstance(node, Product) and len(node.items) > 2 and isinstance(node.items[1], Big):
        first, big, *rest = node.items
        if isinstance(first, Fraction) and first.top == ONE and big.operator == "\\sum":
            inner = rest[0] if len(rest) == 1 else Product(tuple(rest), node.operators[2:])
            new = Fraction(first.bottom, Product((big, Fraction(ONE, inner)), ("",)))
            yield _put(spot, new, "mean", 21, "the harmonic mean is wanted, not the arithmetic one")


def flips(spot: Spot, setting: Setting) -> Iterator[Repair]:
    """An index that runs the other way; convolution for correlation."""
    node = spot.node
    if isinstance(node, Scripted) and node.sub is not None and name_key(node.base) in setting.sizes:
        new = _turned(setting.sizes[str(name_key(node.base))], node.sub)
        yield _put(spot, replace(node, sub=new), "flip", 24, f"the index runs the other way: {latex(new)}")
    if isinstance(node, Product):
        for k, item in enumerate(node.items[1:], 1):
            key = name_key(node.items[k - 1]) if isinstance(node.items[k - 1], (Name, Scripted)) else None
            if isinstance(item, Group) and item.opening == "[" and key in setting.sizes:
                new = _turned(setting.sizes[str(key)], item.body)
                items = (*node.items[:k], replace(item, body=new), *node.items[k + 1 :])
                yield _put(spot, replace(node, items=items), "flip", 24, f"the index runs the other way: {latex(new)}")
        for k, operator in enumerate(node.operators):
            other = {"*": "\\star", "\\star": "*"}.get(operator)
            if other:
                operators = (*node.operators[:k], other, *node.operators[k + 1 :])
                said = "it is a correlation, not a convolution" if operator == "*" else "it is a convolution, not a correlation"
                yield _put(spot, replace(node, operators=operators), "flip", 14, said)


def _turned(ends: Node, index: Node) -> Node:
    pairs = [("+", ends)] if not isinstance(ends, Sum) else list(zip(ends.signs, ends.terms, strict=True))
    if isinstance(index, Sum):
        pairs += [("-" if s == "+" else "+", t) for s, t in zip(index.signs, index.terms, strict=True)]
    else:
        pairs.append(("-", index))
    return Sum(tuple(s for s, _ in pairs), tuple(t for _, t in pairs))


def whole_side(side: Node, setting: Setting) -> Iterator[Repair]:
    """Changes of the whole side: one name for another throughout, all indices of an array moved, exchanged letters."""
    keys = dict.fromkeys(k for n in below(side) if isinstance(n, (Name, Scripted)) and (k := name_key(n)) in setting.sorts)
    for key in keys:
        for other, node in setting.names.items():
            if other != key and setting.sorts[other] == setting.sorts[key]:
                kind = "size" if setting.sorts[key] == "integer" else "name"
                changed = renamed(side, {str(key): node})
                yield Repair(changed, kind, f"it should be {latex(node)}, not {latex(setting.names[str(key)])}", 30)
                if other in keys:
                    turned = renamed(side, {str(key): node, other: setting.names[str(key)]})
                    yield Repair(turned, kind, f"{latex(node)} and {latex(setting.names[str(key)])} are exchanged", 31)


def renamed(node: Node, to: dict[str, Node]) -> Node:
    """The tree with other names throughout."""
    for spot in spots(node):
        if isinstance(spot.node, (Name, Scripted)) and name_key(spot.node) in to and spot.role != "called":
            return _renamed(node, to)
    return node


def _renamed(node: Node, to: dict[str, Node]) -> Node:
    from dataclasses import fields

    if isinstance(node, (Name, Scripted)) and (key := name_key(node)) in to:
        return to[str(key)]
    changes = {f.name: _inner(getattr(node, f.name), to) for f in fields(node) if f.name not in ("start", "end")}
    return replace(node, **changes)


def _inner(value: object, to: dict[str, Node]) -> object:
    if isinstance(value, Node):
        return _renamed(value, to)
    return tuple(_inner(v, to) for v in value) if isinstance(value, tuple) else value


RULES: tuple[Rule, ...] = (
    off_by_one, both_limits, signs, transposes, orders, rounding, relations_inside, names, factors, powers, terms,
    functions, flips,
)  # fmt: skip

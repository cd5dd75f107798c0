r"""Derivatives: \frac{\partial f}{\partial x_j}, \frac{d}{dx}, \nabla_X f, and \left.\frac{d}{dt} ...\right|_{t=0}.

What is differentiated by varies freely, whatever the hypotheses say of it: they restrict the point. A number that
something is differentiated by is an array without axes in the engine, so that it can vary.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import TypeGuard

from sympy import Symbol

from derive.claims import wholes
from derive.claims.arithmetic import Arithmetic as Reader
from derive.claims.names import name_key
from derive.claims.surroundings import Function, Unread, Unsupported, Value
from derive.claims.syntax import Chain, Fraction, Group, Name, Node, Number, Product, Relation, Scripted, below
from derive.claims.wholes import Whole
from derive.language import Array, Entry, Partial


def _is_sign(node: Node) -> bool:
    base = node.base if isinstance(node, Scripted) and node.sub is None else node
    return isinstance(base, Name) and (base.text == "partial" or (base.text == "d" and base.style in ("", "mathrm")))


def _items(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Product):
        return node.items if all(o == "" for o in node.operators) else (node,)
    return (node,)


def parts(node: Fraction) -> tuple[Node | None, list[tuple[Node, int]], bool] | None:
    """What is differentiated (None if it follows), by what and how often, whether by d; None for a quotient."""
    top, bottom = _items(node.top), _items(node.bottom)
    if not top or not bottom or not _is_sign(top[0]) or not _is_sign(bottom[0]):
        return None
    word = top[0].base if isinstance(top[0], Scripted) else top[0]
    assert isinstance(word, Name)
    variables: list[tuple[Node, int]] = []
    place = 0
    while place < len(bottom):
        if not _is_sign(bottom[place]) or place + 1 >= len(bottom):
            return None
        end = place + 1
        while end < len(bottom) and not _is_sign(bottom[end]):
            end += 1
        group = bottom[place + 1 : end]
        if not group:
            return None
        last, times = group[-1], 1
        if isinstance(last, Scripted) and isinstance(last.sup, Number) and last.sup.text.isdigit():
            times = int(last.sup.text)
            last = (
                last.base
                if last.sub is None and not last.primes
                else Scripted(last.base, last.sub, None, last.primes, start=last.start, end=last.end)
            )
        items = (*group[:-1], last)
        variable = (
            items[0]
            if len(items) == 1
            else Product(items, ("",) * (len(items) - 1), start=items[0].start, end=items[-1].end)
        )
        variables.append((variable, times))
        place = end
    order = sum(times for _, times in variables)
    written = top[0].sup if isinstance(top[0], Scripted) else None
    if order > 1 and not (isinstance(written, Number) and written.text == str(order)):
        return None
    if order > 4:
        return None
    rest = top[1:]
    inside: Node | None = None
    if rest:
        inside = (
            rest[0] if len(rest) == 1 else Product(rest, ("",) * (len(rest) - 1), start=rest[0].start, end=rest[-1].end)
        )
    return inside, variables, word.text == "d"


def varied(node: Node) -> Iterator[str]:
    """The keys of what something in a formula is differentiated by."""
    for part in below(node):
        if isinstance(part, Fraction) and (found := parts(part)) is not None:
            for variable, _ in found[1]:
                yield from _keys(variable)
        if (
            isinstance(part, Scripted)
            and isinstance(part.base, Name)
            and part.base.text == "nabla"
            and part.sub is not None
        ):
            yield from _keys(part.sub)


def fixed_after(node: Node) -> Iterator[str]:
    """The keys of what stands after a bar with its value, |_{t=0}."""
    for part in below(node):
        bar = isinstance(part, Scripted) and isinstance(part.base, Group) and part.base.opening == "eval"
        if bar and isinstance(part, Scripted) and isinstance(part.sub, Relation) and part.sub.relations == ("=",):
            key = name_key(part.sub.sides[0])
            if key is not None:
                yield key


def primed(nodes: Sequence[Node], said: Collection[str]) -> set[str]:
    """The keys of what functions of the claim are differentiated by: of f'(x) the x, if f' is not declared."""
    defined = set()
    for node in nodes:
        left = node.sides[0] if isinstance(node, Relation) else node.first if isinstance(node, Chain) else None
        if isinstance(left, Product) and len(left.items) == 2 and _is_argument(left.items[1]):
            defined.add(name_key(left.items[0]))
    found = set()
    for product in (p for node in nodes for p in below(node) if isinstance(p, Product)):
        for one, other in pairwise(product.items):
            bare = one.base if isinstance(one, Scripted) and one.primes and one.sub is None is one.sup else None
            known = bare is not None and name_key(bare) in defined and name_key(one) not in said
            if known and _is_argument(other):
                found |= {key for key in (name_key(other.body),) if key is not None}
    return found


def _is_argument(node: Node) -> TypeGuard[Group]:
    return isinstance(node, Group) and node.opening == "("


def derivative_of(reader: Reader, function: Function, value: Value, at: Value, times: int, node: Node) -> Value:
    """f'(x) for a function that the claim defines and a declared number x, where f(x) is the value."""
    if len(function.letters) != 1 or not isinstance(at, Entry) or at.indices:
        raise Unsupported(node, f"the derivative of {function.name} is taken at a declared real number: f'(x)")
    for _ in range(times):
        value = Partial(reader.as_number(value, node), at)
    return value


def _keys(node: Node) -> Iterator[str]:
    if isinstance(node, Product):
        words = [i.text if isinstance(i, Name) else None for i in node.items]
        if all(words):
            yield "".join(str(w) for w in words)
        first = node.items[-1]
        if isinstance(first, Scripted) and isinstance(first.base, Name) and all(words[:-1]):
            yield "".join(str(w) for w in words[:-1]) + first.base.text
        return
    key = name_key(node)
    if key is not None:
        yield key
    if isinstance(node, Scripted):
        yield from _keys(node.base)


def _differentiates(reader: Reader, node: Fraction) -> tuple[Node | None, list[tuple[Node, int]]] | None:
    """The parts of a derivative; None for a quotient such as d/2 with a declared d."""
    found = parts(node)
    if found is None:
        return None
    inside, variables, plain = found
    if plain:
        keys = {key for variable, _ in variables for key in _keys(variable)}
        whole = name_key(node.bottom) or ""
        joined = "".join(i.text if isinstance(i, Name) else "?" for i in _items(node.bottom))
        if reader.known(whole) or reader.known(joined) or not any(reader.known(k) for k in keys):
            return None
    return inside, variables


def as_derivative(reader: Reader, node: Fraction) -> Value | None:
    """The derivative that a fraction is, if it is one with its function in it."""
    found = _differentiates(reader, node)
    if found is None:
        return None
    inside, variables = found
    if inside is None:
        raise Unread(node, "it is not said what is differentiated")
    return differentiated(reader, reader.value(inside), variables, node)


def operator_of(reader: Reader, node: Fraction) -> Callable[[Node], Value] | None:
    r"""What \frac{d}{dx} does to what follows it; None if the fraction is no such operator."""
    found = _differentiates(reader, node)
    if found is None or found[0] is not None:
        return None
    return lambda rest: differentiated(reader, reader.value(rest), found[1], node)


def differentiated(reader: Reader, value: Value, variables: list[tuple[Node, int]], node: Node) -> Value:
    """The derivative by these, the last one first."""
    for variable, times in reversed(variables):
        for _ in range(times):
            value = _once(reader, value, reader.value(variable), variable)
    return value


def _once(reader: Reader, value: Value, by: Value, node: Node) -> Value:
    if isinstance(by, Entry):
        if isinstance(value, Whole) and wholes.as_number(value) is None:
            return wholes.mapped(value, lambda x: Partial(x, by))
        return Partial(reader.as_number(value, node), by)
    if isinstance(by, Whole):
        if by.base is None or any(d.array == by.base for d in reader.scope.defined):
            raise Unsupported(node, "a derivative is by a declared array")
        layout = reader.scope.conventions.get("layout", "")
        if isinstance(value, Whole) and wholes.as_number(value) is None:
            return _jacobian(value, by, layout, node)
        body, array = reader.as_number(value, node), by.base
        made = Whole(by.axes, lambda at: Partial(body, Entry(array, *at)), by.kind)
        return wholes.transposed(made) if layout == "numerator" and by.kind in ("column", "matrix") else made
    if isinstance(by, Symbol):
        raise Unread(node, f"{by} is bound here, and a derivative is by what is declared")
    raise Unread(node, "a derivative is by a declared number, an array or one of its entries")


def _jacobian(value: Whole, by: Whole, layout: str, node: Node) -> Whole:
    array = by.base
    assert array is not None
    if len(value.axes) != 1 or len(by.axes) != 1:
        raise Unsupported(node, "a derivative of an array by a matrix is written entry by entry")
    rows, columns = value.axes[0], by.axes[0]
    if layout == "denominator":
        return Whole((columns, rows), lambda at: Partial(value.at([at[1]]), Entry(array, at[0])), "matrix")
    return Whole((rows, columns), lambda at: Partial(value.at([at[0]]), Entry(array, at[1])), "matrix")


def nabla(reader: Reader, node: Node, rest: Node) -> Value:
    r"""The gradient \nabla_X f: of the shape of X unless the layout says otherwise."""
    if not isinstance(node, Scripted) or node.sub is None or node.sup is not None:
        raise Unread(node, "a gradient says by what it is: \\nabla_x f")
    return differentiated(reader, reader.value(rest), [(node.sub, 1)], node)


def evaluated(reader: Reader, node: Scripted) -> Value:
    r"""`\left. ... \right|_{t=0}`: the value where t, which something inside is differentiated by, is that number."""
    assert isinstance(node.base, Group)
    where = node.sub
    if not isinstance(where, Relation) or where.relations != ("=",):
        raise Unread(node, "after the bar stands a letter and its value: |_{t=0}")
    key = name_key(where.sides[0])
    if key is None or not reader.known(key):
        raise Unread(where, "the letter after the bar is not declared")
    by, number = reader.scope.names.get(key), reader.number(where.sides[1])
    if not isinstance(by, Entry) or not isinstance(by.array, Array) or by.indices:
        raise Unsupported(node, f"{key} is not differentiated by")
    fixed = reader.scope.conventions.setdefault(f"point {by.array.name}", str(number))
    if fixed != str(number):
        raise Unsupported(node, f"{key} takes two values")
    reader.scope.names.setdefault(f"= {key}", []).append((by, number))
    outside = reader.fixed
    reader.fixed = (*outside, key)
    try:
        value = reader.value(node.base.body)
    finally:
        reader.fixed = outside
    return value if node.sup is None else reader.power(value, node.sup, node)

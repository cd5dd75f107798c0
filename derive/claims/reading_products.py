r"""Things side by side: products, calls, entries in square brackets, and how far sums reach.

Items are joined from left to right. Letters that together are a declared name are that name. A sum, product or largest
value takes all that follows it in its product. A named function takes the brackets that follow, or else what follows up
to the next sign or function. Nothing binds as tightly as scripts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Expr, Integer, Mod

from derive.claims import wholes
from derive.claims.arithmetic import fitted, times
from derive.claims.names import LONGEST_NAME, name_key
from derive.claims.reading import Reader
from derive.claims.surroundings import Function, Unread, Unsupported, Value
from derive.claims.syntax import Big, Dots, Fraction, Group, Listing, Name, Node, Product, Scripted
from derive.claims.wholes import IllFittingShapes, Ones, Unit, Whole
from derive.language import Condition, Indicator, ne
from derive.language.symbols import real


def product(reader: Reader, items: tuple[Node, ...], operators: tuple[str, ...], node: Node) -> Value:
    """The value of items with operators between them."""
    if any(isinstance(item, Dots) for item in items):
        from derive.claims.reading_dots import in_product

        return in_product(reader, items, operators, node)
    result: Value = None
    place, operator = 0, ""
    while place < len(items):
        value, after = factor(reader, items, operators, place)
        end = run(operators, place)
        if operator == "/" and after < min(end, len(items)) and not isinstance(items[after], Big):
            said = (
                "the slash divides by the next factor alone",
                "the slash divides by all that stands side by side after it",
            )
            if reader.choose(items[place], *said):
                value, after = product(reader, items[place:end], operators[place : end - 1], node), end
        elif operator == "\\bmod":
            value, after = _after_mod(reader, value, items, operators, after, node)
        elif operator in ("\\odot", "\\otimes"):
            value, after = _after_entrywise(reader, (result, operator, value), items, operators, after, node)
        result = value if result is None else joined(reader, result, operator, value, node)
        operator = operators[after - 1] if after <= len(operators) else ""
        place = after
    return result


def _after_mod(
    reader: Reader, value: Value, items: tuple[Node, ...], operators: tuple[str, ...], after: int, node: Node
) -> tuple[Value, int]:
    r"""What the remainder is by: in `n \bmod ab` all that stands side by side; before brackets both are read."""
    end = run(operators, after - 1)
    if end <= after or end > len(items) or any(isinstance(item, Big) for item in items[after:end]):
        return value, after
    said = "the remainder is by all that stands side by side after it", "the remainder is by the next factor alone"
    if any(_opens(item, "(", "[", "\\{") for item in items[after:end]) and reader.choose(items[after], *said):
        return value, after
    while after < end:
        more, after = factor(reader, items, operators, after)
        value = joined(reader, value, "", more, node)
    return value, after


def _after_entrywise(
    reader: Reader,
    so_far: tuple[Value, str, Value],
    items: tuple[Node, ...],
    operators: tuple[str, ...],
    after: int,
    node: Node,
) -> tuple[Value, int]:
    r"""What the operator is before: in `x \odot A y` and `A \otimes B C` a product of matrices binds tighter.

    If that has no meaning, as in `A \odot B x`, what follows is the next factor alone; if both have, and are not the
    same, both are read.
    """
    result, operator, first = so_far
    whole, end, needs = first, after, len(reader.needs)
    factors: list[tuple[str, Value]] = []
    try:
        while end < len(items) and operators[end - 1] in ("", "\\cdot", "\\times"):
            sign = operators[end - 1]
            value, end = factor(reader, items, operators, end)
            factors.append((sign, value))
            whole = joined(reader, whole, sign, value, node)
        joined(reader, result, operator, whole, node)
    except IllFittingShapes:
        del reader.needs[needs:]
        return first, after
    if sum(isinstance(v, Whole) for v in (first, *(v for _, v in factors))) < 2 or operator == "\\otimes":
        return whole, end
    noted = len(reader.needs)
    try:
        left = joined(reader, result, operator, first, node)
        for sign, value in factors:
            left = joined(reader, left, sign, value, node)
    except IllFittingShapes:
        return whole, end
    finally:
        del reader.needs[noted:]
    said = "a product binds tighter than \\odot", "\\odot and products are worked out from left to right"
    if reader.choose(items[after - 1], *said) == 0:
        return whole, end
    del reader.needs[needs:]
    return first, after


def run(operators: tuple[str, ...], place: int) -> int:
    """Where the items that stand side by side from this place on end."""
    while place < len(operators) and operators[place] == "":
        place += 1
    return place + 1


def joined(reader: Reader, result: Value, operator: str, value: Value, node: Node) -> Value:
    """What has been read so far, and the next value."""
    if operator == "/" or operator == "\\div":
        return reader.divided(result, reader.as_number(value, node))
    if operator == "\\bmod":
        above, below = reader.as_number(result, node), reader.as_number(value, node)
        reader.need(ne(below, 0), f"a remainder by {below} is taken")
        return Mod(above, below, evaluate=isinstance(above, Integer) and isinstance(below, Integer))
    return multiplied(reader, result, value, operator, node)


def remainder_in_sum(reader: Any, term: Product, total: Value, sign: str) -> Value:
    r"""`a + b \bmod n` with what stands before it: the remainder of b alone, or of the whole sum; both are read."""
    said = "the remainder is of the last term alone", "the remainder is of the whole sum"
    whole = reader.choose(term, *said) == 1
    last = reader.value(side_by_side(term.items[:-1], term.operators[:-1], term) if whole else term)
    signed = times(Integer(-1), last) if sign == "-" else last
    result = signed if total is None else reader.added(total, signed)
    return joined(reader, result, "\\bmod", reader.value(term.items[-1]), term) if whole else result


def multiplied(reader: Reader, one: Value, other: Value, operator: str, node: Node) -> Value:
    """Two values with one of the multiplying operators between them."""
    if isinstance(one, Condition) or isinstance(other, Condition):
        raise Unread(node, "a condition stands in a product; its indicator is written [condition]")
    if operator == "\\odot":
        one, other = _fitting(one, other)
        if isinstance(one, Whole) and isinstance(other, Whole):
            return wholes.entrywise(one, other, lambda a, b: a * b, "hadamard", "two factors of an entrywise product")
        raise IllFittingShapes("an entrywise product is of two arrays")
    if operator == "\\otimes":
        if isinstance(one, Whole) and isinstance(other, Whole) and len(one.axes) == 1 == len(other.axes):
            columns = one.kind == "column" == other.kind
            if columns and reader.choose(node, *wholes.TENSOR_READINGS) == 1:
                return wholes.stacked(wholes.product(other, wholes.transposed(one), reader.scope.taken))
            return wholes.product(
                replace(one, kind="column"), replace(other, kind="row", base=None), reader.scope.taken
            )
        if all(isinstance(v, Whole) and len(v.axes) == 2 and v.kind == "matrix" for v in (one, other)):
            assert isinstance(one, Whole) and isinstance(other, Whole)
            return wholes.kronecker(one, other)
        raise Unsupported(node, "\\otimes is of two vectors, or of two matrices whose sizes are said")
    if operator in ("*", "\\star") and isinstance(one, Whole) and isinstance(other, Whole):
        from derive.claims.reading_slides import slid

        return slid(reader, one, other, operator, node)
    if operator == "\\circ":
        raise Unsupported(node, "\\circ is not supported")
    numbers = [v for v in (one, other) if isinstance(v, Expr)]
    if len(numbers) == 2:
        return times(one, other)
    if isinstance(one, Expr):
        return times(one, other)
    if isinstance(other, Expr):
        return times(other, one)
    if isinstance(one, Unit) or isinstance(other, Unit):
        unit, rest = (one, other) if isinstance(one, Unit) else (other, one)
        if isinstance(rest, Whole) and isinstance(unit, Unit):
            return times(unit.factor, rest)
        return times(unit.factor, rest)
    if isinstance(one, Ones) or isinstance(other, Ones):
        return _with_ones(reader, one, other, node)
    if isinstance(one, Whole) and isinstance(other, Whole):
        if operator == "\\cdot" and one.kind == other.kind == "column":
            return wholes.product(wholes.transposed(one), other, reader.scope.taken)
        if operator == "\\cdot" and one.kind == other.kind == "array" and len(one.axes) == 1:
            return wholes.product(replace(one, kind="row"), replace(other, kind="column"), reader.scope.taken)
        return wholes.product(one, other, reader.scope.taken)
    raise Unread(node, "a set or a tuple stands in a product")


def _fitting(one: Value, other: Value) -> tuple[Value, Value]:
    if isinstance(one, (Unit, Ones)) and isinstance(other, Whole):
        return fitted(one, other), other
    if isinstance(other, (Unit, Ones)) and isinstance(one, Whole):
        return one, fitted(other, one)
    return one, other


def _with_ones(reader: Reader, one: Value, other: Value, node: Node) -> Value:
    """A row of ones times an array, an array times a column of ones."""
    if isinstance(one, Ones) and isinstance(other, Whole):
        if one.row:
            return wholes.product(wholes.ones(other.axes[0], one), other, reader.scope.taken)
        if other.kind == "row" or (len(other.axes) == 2 and wholes.size(other.axes[0]) == 1):
            raise Unsupported(node, "how many ones there are is not said")
    if isinstance(other, Ones) and isinstance(one, Whole):
        if not other.row and (one.kind == "row" or len(one.axes) == 2):
            return wholes.product(one, wholes.ones(one.axes[-1], other), reader.scope.taken)
        if other.row:
            raise Unsupported(node, "how many ones there are is not said")
    raise IllFittingShapes(f"{wholes.shape_said(one)} times {wholes.shape_said(other)}: the shapes do not fit")


def factor(reader: Reader, items: tuple[Node, ...], operators: tuple[str, ...], place: int) -> tuple[Value, int]:
    """The value of the next factor, and where the next one begins."""
    from derive.claims.reading_functions import FUNCTIONS, applied, function_of
    from derive.claims.reading_groups import counted
    from derive.claims.reading_ranges import big

    item = items[place]
    if isinstance(item, Big):
        return big(reader, item, items[place + 1 :], operators[place + 1 :])
    if isinstance(item, Fraction):
        from derive.claims.reading_derivatives import operator_of

        derivative = operator_of(reader, item)
        if derivative is not None:
            return derivative(side_by_side(items[place + 1 :], operators[place + 1 :], item)), len(items)
    named = _merged(reader, items, operators, place)
    if named is not None:
        name, end = named
        value, end = _called(reader, name, items, operators, end)
        return _indexed(reader, value, items, operators, end)
    primed = _primed(reader, items, operators, place)
    if primed is not None:
        return primed, place + 2
    function = function_of(reader, item)
    if function is not None and function in FUNCTIONS:
        return applied(reader, function, items, operators, place)
    base = item.base if isinstance(item, Scripted) else item
    if isinstance(base, Name) and base.text == "nabla":
        from derive.claims.reading_derivatives import nabla

        rest = side_by_side(items[place + 1 :], operators[place + 1 :], item)
        return nabla(reader, item, rest), len(items)
    follows = place + 1 < len(items) and operators[place] == ""
    if isinstance(item, Name) and item.text == "#" and follows and _opens(items[place + 1], "\\{"):
        bracket, power = _bracket(items[place + 1])
        value = counted(reader, bracket)
        return (value if power is None else reader.power(value, power, bracket)), place + 2
    ones = isinstance(item, Name) and item.text == "1" and bool(item.style)
    if ones and follows and _opens(items[place + 1], "[", "(", "\\{"):
        bracket, power = _bracket(items[place + 1])
        value = Indicator(reader.condition(bracket.body))
        return (value if power is None else reader.power(value, power, bracket)), place + 2
    return _indexed(reader, reader.value(item), items, operators, place + 1)


def _primed(reader: Reader, items: tuple[Node, ...], operators: tuple[str, ...], place: int) -> Value | None:
    """f'(x) with a function f that the claim defines; None if this is something else."""
    item = items[place]
    follows = place + 1 < len(items) and operators[place] == "" and _opens(items[place + 1], "(")
    if not (follows and isinstance(item, Scripted) and item.primes and item.sub is None and item.sup is None):
        return None
    key = name_key(item.base)
    function = reader.look_up(str(key)) if reader.known(key) and not reader.known(name_key(item)) else None
    if not isinstance(function, Function):
        return None
    from derive.claims.reading_derivatives import derivative_of

    bracket, power = _bracket(items[place + 1])
    argument = reader.value(bracket.body)
    before = len(reader.needs)
    general = reader.call(function, [reader.new_symbol("x", real)], item)
    del reader.needs[before:]
    if isinstance(argument, Expr) and isinstance(general, Expr) and general.has(argument):
        said = str(argument).removesuffix("[]")
        raise Unsupported(item, f"{key} speaks of {said} also apart from what it is of: a fraction says what varies")
    value = derivative_of(reader, function, reader.call(function, [argument], item), argument, item.primes, item)
    return value if power is None else reader.power(value, power, bracket)


def _indexed(
    reader: Reader, value: Value, items: tuple[Node, ...], operators: tuple[str, ...], place: int
) -> tuple[Value, int]:
    """Square brackets after an array are its index."""
    while isinstance(value, Whole) and place < len(items) and operators[place - 1] == "" and _opens(items[place], "["):
        bracket, power = _bracket(items[place])
        value = reader.at_index(value, bracket.body, bracket)
        if power is not None:
            value = reader.power(value, power, bracket)
        place += 1
    return value, place


def _opens(node: Node, *kinds: str) -> bool:
    inside = node.base if isinstance(node, Scripted) else node
    return isinstance(inside, Group) and inside.opening in kinds


def _bracket(node: Node) -> tuple[Group, Node | None]:
    """A group, and the power that stands on it."""
    if isinstance(node, Scripted):
        assert isinstance(node.base, Group)
        if node.sub is not None or node.primes:
            raise Unread(node, "a subscript after an index is not understood")
        return node.base, node.sup
    assert isinstance(node, Group)
    return node, None


def _merged(reader: Reader, items: tuple[Node, ...], operators: tuple[str, ...], place: int) -> tuple[Node, int] | None:
    """The longest run of letters that together are a declared name, as one node; None if a single one is longest."""
    if not isinstance(items[place], Name):
        first = items[place]
        if isinstance(first, Scripted) and reader.known(name_key(first)):
            return first, place + 1
        if not (isinstance(first, Scripted) and isinstance(first.base, Name)):
            return None
    best: tuple[Node, int] | None = None
    word = ""
    for end in range(place, min(len(items), place + LONGEST_NAME)):
        item = items[end]
        if end > place and operators[end - 1] != "":
            break
        if isinstance(item, Name) and not item.style:
            word += item.text
            if reader.known(word):
                best = (replace(item, text=word, start=items[place].start), end + 1)
            continue
        if isinstance(item, Name) and end == place:
            key = name_key(item)
            if key is not None and reader.known(key):
                best = (item, end + 1)
            break
        if isinstance(item, Scripted) and isinstance(item.base, Name) and not item.base.style:
            whole = replace(item.base, text=word + item.base.text, start=items[place].start)
            named = replace(item, base=whole, start=items[place].start)
            if _any_known(reader, named):
                best = (named, end + 1)
        break
    return best


def _any_known(reader: Reader, node: Scripted) -> bool:
    parts = [node, replace(node, sup=None), replace(node, sub=None), replace(node, sub=None, sup=None)]
    bare = replace(node, sub=None, sup=None, primes=0)
    return any(reader.known(name_key(part)) for part in parts) or (
        not node.primes and reader.known(name_key(bare.base))
    )


def _called(
    reader: Reader, name: Node, items: tuple[Node, ...], operators: tuple[str, ...], place: int
) -> tuple[Value, int]:
    """A named thing with what follows it: a function with its arguments, an array with its index."""
    bare, sup = name, None
    key = name_key(name)
    if not reader.known(key) and isinstance(name, Scripted) and name.sup is not None:
        bare, sup = replace(name, sup=None), name.sup
        if isinstance(bare, Scripted) and bare.sub is None and not bare.primes:
            bare = bare.base
        key = name_key(bare)
    found = reader.look_up(str(key)) if reader.known(key) else None
    follows = place < len(items) and operators[place - 1] == "" and _opens(items[place], "(", "[")
    if isinstance(found, Function) and follows:
        bracket, power = _bracket(items[place])
        parts = bracket.body.parts if isinstance(bracket.body, Listing) else (bracket.body,)
        value = reader.call(found, [reader.value(p) for p in parts], name)
        for exponent in (sup, power):
            value = value if exponent is None else reader.power(value, exponent, name)
        return value, place + 1
    if isinstance(found, Whole) and follows and sup is None:
        square = _opens(items[place], "[")
        bracket, power = _bracket(items[place])
        if square or (found.kind == "array" and len(found.axes) > 0):
            value = reader.at_index(found, bracket.body, bracket)
            return (value if power is None else reader.power(value, power, name)), place + 1
    return reader.value(name), place


def side_by_side(items: tuple[Node, ...], operators: tuple[str, ...], node: Node) -> Node:
    """Items as one node."""
    if not items:
        raise Unread(node, "something is wanted after this")
    if len(items) == 1:
        return items[0]
    return Product(items, operators[: len(items) - 1], start=items[0].start, end=items[-1].end)


def arguments_of(group: Group) -> tuple[Node, ...]:
    """What stands in brackets, with commas between."""
    return group.body.parts if isinstance(group.body, Listing) else (group.body,)

r"""`\lim_{n \to \infty} f = L` as a statement about growth: $|f - L| = o(1)$, with all other letters fixed.

Only a limit that is a whole side, equal to what does not depend on the letter, is read; n runs over the integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Abs, Integer, Symbol, oo

from derive.claims.claimed import Pair
from derive.claims.defining import of_text
from derive.claims.names import name_key
from derive.claims.reading_products import side_by_side
from derive.claims.statements import Statement
from derive.claims.surroundings import Unsupported
from derive.claims.syntax import Big, Node, Product, Relation
from derive.language import declare
from derive.language.discharge import discharge

if TYPE_CHECKING:
    from derive.claims.stating import _Stage


def limit_in(sides: Sequence[Node], relations: Sequence[str]) -> int | None:
    """Which of the two sides of an equation is a limit; None if none is."""
    if len(sides) != 2 or tuple(relations) != ("=",):
        return None
    return next((k for k, side in enumerate(sides) if _parts(side) is not None), None)


def _parts(side: Node) -> tuple[str, Node, Node] | None:
    """The letter, what it tends to, and what the limit is of."""
    first = side.items[0] if isinstance(side, Product) else None
    if not isinstance(first, Big) or first.operator != "\\lim" or not isinstance(first.sub, Relation):
        return None
    key = name_key(first.sub.sides[0])
    if first.sub.relations != ("\\to",) or key is None or not isinstance(side, Product):
        return None
    return key, first.sub.sides[1], side_by_side(side.items[1:], side.operators[1:], side)


def pair_of(stage: _Stage, number: int) -> Pair:
    """The statement that a limit makes.

    Raises:
        Unsupported: the letter is no integer, tends to a number, or what the limit is of may have no value.
    """
    from derive.claims.definedness import within

    side, other = stage.parsed.sides[number], stage.parsed.sides[1 - number]
    found = _parts(side)
    assert found is not None
    key, end, body = found
    reader = stage.reader
    with of_text("side", number):
        if reader.value(end) is not oo:
            raise Unsupported(side, "\\lim is supported for an integer that tends to infinity")
        letter = stage.made.scope.names.get(key)
        if letter is None:
            stage.made.symbols.append(declare(reader.new_symbol(key).name, "size"))
            letter = stage.made.symbols[-1].symbol
            stage.made.scope.names[key] = letter
            stage.made.scope.taken.add(letter.name)
            stage.made.shown[letter.name] = key
        if not isinstance(letter, Symbol) or not letter.is_integer:
            raise Unsupported(side, f"\\lim is supported for an integer that tends to infinity, and {key} is none")
        value = reader.number(body)
    with of_text("side", 1 - number):
        bound = reader.number(other)
    if letter in bound.free_symbols or value in (oo, -oo) or bound in (oo, -oo):
        raise Unsupported(other, f"a limit is compared with a number that does not depend on {key}")
    context = stage.context(value, bound, letter)
    for need in reader.needs:
        around = within(context, need)
        if letter in need.condition.free_symbols and not discharge(around, need.condition).shown:
            raise Unsupported(side, f"\\lim of what may have no value for some {key} is not supported: {need.said}")
    statement = Statement(
        context, Abs(value - bound, evaluate=False), "o", Integer(1), (), (letter,), None, tuple(stage.given)
    )
    return Pair(statement, tuple(reader.needs))

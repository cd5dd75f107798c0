r"""What `let` defines: values, functions, the entries of families and arrays, recursions.

A function or family is a macro: its letters stand for what it is called with. A declared array that is defined gets a
definition of the engine, and so does a recursion, a sequence from its first index on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sympy import Expr, Integer, Symbol, oo

from derive.claims import wholes
from derive.claims.arithmetic import fitted, table
from derive.claims.names import keys_in, name_key, split_indices, symbol_name
from derive.claims.reading import Reader
from derive.claims.scopes import Declarations
from derive.claims.surroundings import Cost, Function, Several, Unread, Value
from derive.claims.syntax import Chain, Group, Listing, Name, Node, Number, Product, Relation, Scripted, Sum
from derive.claims.wholes import IllFittingShapes, Ones, Unit, Whole
from derive.errors import BadInput
from derive.language import OTHERWISE, Array, Cases, Condition, Definition, all_of, eq, ge, le
from derive.language.symbols import fresh
from derive.language.terms import renamed_apart


@contextmanager
def of_text(field: str, number: int) -> Iterator[None]:
    """Errors within are of this text of the claim."""
    try:
        yield
    except Unread as error:
        if getattr(error, "field", None) is None:
            error.field = (field, number)
        raise


def inside(letter: Symbol, axis: tuple[Expr, Expr]) -> list[Condition]:
    """That a letter lies in the range of an axis."""
    low, high = axis
    return ([] if low is -oo else [le(low, letter)]) + ([] if high is oo else [le(letter, high)])


def _count(sub: Node) -> int:
    return len(sub.items) if isinstance(sub, Product) else 1


class Definitions:
    """The names of a claim, as its definitions are read."""

    def __init__(self, made: Declarations, reader: Reader, let: Sequence[Node]) -> None:
        self.made, self.reader, self.let = made, reader, let
        self.definitions: list[Definition] = []
        self.single: set[str | None] = set()

    def define(self) -> None:
        """Everything that `let` says, in order."""
        with of_text("let", 0):
            pieces = [self._defining(node) for node in self.let]
        self.single = self._named_by_letters(left for left, _ in pieces)
        starts: dict[str, list[tuple[Node, Node]]] = {}
        for left, right in pieces:
            found = self._family(left)
            if found is not None:
                starts.setdefault(found[0], []).append((found[1], right))
        recursions = {key for key, uses in starts.items() if self._recurs(key, uses)}
        when = {key: self._when(key, pieces) for key in recursions}
        for number, (left, right) in enumerate(pieces):
            found = self._family(left)
            with of_text("let", number):
                if found is None or found[0] not in recursions:
                    self._definition(left, right)
                elif number == when[found[0]]:
                    self._recursion(found[0], starts[found[0]], left)

    def _when(self, key: str, pieces: list[tuple[Node, Node]]) -> int:
        """Where a recursion is read: at its last line, which may use what was defined since its first.

        At its first one if another definition in between speaks of it.
        """
        mine = [k for k, (left, _) in enumerate(pieces) if (self._family(left) or ("",))[0] == key]
        between = (pieces[k] for k in range(mine[0], mine[-1]) if k not in mine)
        spoken = any(key in keys_in(part) for piece in between for part in piece)
        return mine[0] if spoken else mine[-1]

    def _defining(self, node: Node) -> tuple[Node, Node]:
        if isinstance(node, Chain) and len(node.lines) == 1 and node.lines[0][0] in ("=", ":="):
            return node.first, node.lines[0][1]
        if isinstance(node, Relation) and node.relations in (("=",), (":=",)):
            return node.sides[0], node.sides[1]
        raise Unread(node, "a definition is written: name = value")

    def _family(self, left: Node) -> tuple[str, Node] | None:
        """The key and the subscript of something with one index, or with brackets after it."""
        left = self._glued(left)
        if name_key(left) in self.single:
            return None
        if isinstance(left, Scripted) and left.sub is not None and left.sup is None:
            key = name_key(replace(left, sub=None)) if left.primes else name_key(left.base)
            return None if key is None else (key, left.sub)
        if isinstance(left, Product) and len(left.items) == 2 and isinstance(left.items[1], Group):
            key = name_key(left.items[0])
            return None if key is None else (key, left.items[1].body)
        return None

    def _named_by_letters(self, lefts: Iterable[Node]) -> set[str | None]:
        """Names such as o_h and o_w: of a family all members are defined at once, by one letter."""
        with_letters: dict[str | None, set[str]] = {}
        for left in lefts:
            if isinstance(left, Scripted) and isinstance(left.sub, Name) and left.sup is None:
                with_letters.setdefault(name_key(replace(left, sub=None)), set()).add(str(name_key(left)))
        several = {base: keys for base, keys in with_letters.items() if len(keys) > 1}
        return {key for base, keys in several.items() if not self.reader.known(base) for key in keys}

    def _glued(self, left: Node) -> Node:
        """Letters side by side that are together a declared name, with what follows them: dy_{i,j}."""
        if not isinstance(left, Product) or any(left.operators):
            return left
        for end in range(2, len(left.items) + 1):
            *letters, last = left.items[:end]
            base = last.base if isinstance(last, Scripted) else last
            if not all(isinstance(part, Name) and not part.style for part in (*letters, base)):
                return left
            word = "".join(part.text for part in (*letters, base) if isinstance(part, Name))
            if isinstance(self.made.scope.names.get(word), Whole):
                name: Node = Name(word, start=left.start, end=base.end)
                name = replace(last, base=name) if isinstance(last, Scripted) else name
                rest = left.items[end:]
                return Product((name, *rest), ("",) * len(rest), start=left.start, end=left.end) if rest else name
        return left

    def _recurs(self, key: str, uses: list[tuple[Node, Node]]) -> bool:
        """Whether the definitions of a family use the family itself, or it is defined at a number and at a letter."""
        if len(uses) < 2 or self.reader.known(key):
            return False
        numbers = [sub for sub, _ in uses if isinstance(sub, Number)]
        return bool(numbers) and len(numbers) == len(uses) - 1

    def _recursion(self, key: str, uses: list[tuple[Node, Node]], node: Node) -> None:
        """R_0 = 1, R_{l+1} = R_l + K - 1: a sequence from its first index on."""
        starts = {int(sub.text): right for sub, right in uses if isinstance(sub, Number) and sub.text.isdigit()}
        (sub, step), *more = [(sub, right) for sub, right in uses if not isinstance(sub, Number)]
        letter, ahead = self._shifted(sub)
        low = min(starts)
        if more or sorted(starts) != list(range(low, low + len(starts))):
            raise Unread(node, f"the recursion of {key} is not understood")
        name = symbol_name(key, self.made.scope.taken)
        self.made.scope.taken.add(name)
        self.made.shown[name] = key
        array = Array(name, ((Integer(low), oo),), "error")
        self.made.scope.names[key] = wholes.of_array(array)
        index = fresh(letter, self.made.scope.taken)
        values = []
        before = len(self.reader.needs)
        for place, right in sorted(starts.items()):
            with self.reader.under(eq(index, place)):
                values.append((self.reader.number(right), eq(index, place)))
        last = max(starts)
        with self.reader.binding(letter, index - ahead, ge(index, last + 1)):
            values.append((self.reader.number(step), OTHERWISE))
        self._costs(array, before, (index,), Integer(low))
        self.definitions.append(Definition(array, (index,), renamed_apart(Cases(*values), {index.name})))

    def _shifted(self, sub: Node) -> tuple[str, int]:
        """The letter and the number added to it in an index."""
        if isinstance(sub, Sum) and len(sub.terms) == 2 and isinstance(sub.terms[1], Number):
            key, sign = name_key(sub.terms[0]), sub.signs[1]
            if key is not None:
                return key, int(sub.terms[1].text) * (1 if sign == "+" else -1)
        key = name_key(sub)
        if key is None:
            raise Unread(sub, "an index of a definition is a letter, or a letter and a number added to it")
        return key, 0

    def _definition(self, left: Node, right: Node) -> None:
        scope, reader = self.made.scope, self.reader
        left = self._glued(left)
        key = name_key(left)
        whole = scope.names.get(key) if key is not None else None
        if isinstance(whole, Whole):
            before = len(reader.needs)
            value = reader.value(right)
            self._whole(whole, value, left, before)
            return
        found = self._family(left)
        if found is not None and isinstance(scope.names.get(found[0]), Whole):
            self._entries(scope.names[found[0]], found[1], right, left)
            return
        if found is not None:
            letters = self._letters(found[1])
            if letters is not None:
                self._new(found[0], left)
                scope.names[found[0]] = Function(letters, right, found[0])
                return
        if key is None:
            raise Unread(left, "this is not a name that can be defined")
        self._new(key, left)
        before = len(reader.needs)
        value = reader.value(right)
        scope.names[key] = value
        self._costs(key, before)

    def _costs(self, key: object, before: int, letters: Sequence[Symbol] = (), low: Expr | None = None) -> None:
        """What was noted since then is needed wherever the name is used."""
        noted = tuple(self.reader.needs[before:])
        del self.reader.needs[before:]
        if noted:
            old = self.made.scope.costs.get(key)
            self.made.scope.costs[key] = Cost(noted + (old.needs if old else ()), tuple(letters), low)

    def _new(self, key: str, node: Node) -> None:
        if key in self.made.scope.names:
            raise Unread(node, f"{key} is declared or defined already")

    def _letters(self, sub: Node) -> tuple[str, ...] | None:
        """Letters that are bound by a definition; None if one of them means something already, or is none."""
        parts = sub.parts if isinstance(sub, Listing) else split_indices(sub, _count(sub)) or (sub,)
        keys = [name_key(p) if isinstance(p, (Name, Scripted)) else None for p in parts]
        if any(k is None for k in keys) or len(set(keys)) != len(keys):
            return None
        return tuple(str(k) for k in keys)

    def _whole(self, whole: Whole, value: Value, node: Node, before: int) -> None:
        """A declared array, defined at once."""
        if isinstance(value, (Unit, Ones)):
            value = fitted(value, whole)
        if isinstance(value, Several):
            value = table([[self.reader.as_number(part, node)] for part in value.parts])
        if not isinstance(value, Whole):
            raise IllFittingShapes(f"an array is defined by {wholes.shape_said(value)}")
        _, value = self.reader.part_that_fits(whole, value)
        value = wholes.narrow(value, whole)
        if len(value.axes) == 1 and len(whole.axes) == 2 and wholes.size(whole.axes[1]) == 1 and value.kind != "row":
            column = value
            value = Whole((*value.axes, whole.axes[1]), lambda at: column.at([at[0]]), "matrix")
        wholes.entrywise(whole, value, lambda a, b: a - b, None, "an array and its definition")
        if len(whole.axes) != len(value.axes):
            raise IllFittingShapes(f"{wholes.shape_said(whole)} is defined by {wholes.shape_said(value)}")
        letters = self._fresh(whole)
        there = [i + (b[0] - a[0]) for i, a, b in zip(letters, whole.axes, value.axes, strict=True)]
        body = value.at(there)
        self._costs(whole.base, before, letters)
        self._defined(whole, letters, body)

    def _entries(self, whole: Whole, sub: Node, right: Node, node: Node) -> None:
        """A declared array, defined entry by entry."""
        parts = split_indices(sub, len(whole.axes))
        keys = [name_key(p) if isinstance(p, (Name, Scripted)) else None for p in parts or ()]
        if parts is None or any(k is None for k in keys) or len(set(keys)) < len(keys):
            raise Unread(node, "entries are defined with a letter of its own for each index: y_{p,q} = ...")
        letters = self._fresh(whole)
        old, before = dict(self.reader.bound), len(self.reader.needs)
        within = [part for r, axis in zip(letters, whole.axes, strict=True) for part in inside(r, axis)]
        try:
            for key, letter in zip(keys, letters, strict=True):
                self.reader.bound = {**self.reader.bound, str(key): letter}
            with self.reader.under(all_of(*within)):
                body = self.reader.number(right)
        finally:
            self.reader.bound = old
        self._costs(whole.base, before, letters)
        self._defined(whole, letters, body)

    def _fresh(self, whole: Whole) -> list[Symbol]:
        taken, letters = set(self.made.scope.taken), []
        for letter, _ in zip("ijlmrs", whole.axes, strict=False):
            letters.append(fresh(letter, taken))
            taken.add(letters[-1].name)
        return letters

    def _defined(self, whole: Whole, letters: Sequence[Symbol], body: Expr) -> None:
        assert whole.base is not None
        if whole.base not in self.made.arrays:
            raise BadInput(f"{whole.base.name} is defined twice")
        self.made.arrays.remove(whole.base)
        # What a name stands for that `let` has given may bring such indices of its own.
        apart = renamed_apart(body, {letter.name for letter in letters})
        self.definitions.append(Definition(whole.base, tuple(letters), apart))

"""Graphs as figures: maps applied one after another, a program's values, a network's layers, with the shapes between.

A node stands behind all that it needs. An arrow that passes other nodes gets a place of its own among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sympy import Add, Basic

from derive.claims.programs.reading import Reading
from derive.errors import BadInput
from derive.language import Array, Definition, Entry, Partial, integer
from derive.language.maps import Image
from derive.networks.layers import Item, Residual
from derive.networks.table import Row
from derive.render.document import Code, Emph, Inline, Latex, Strong, Words
from derive.render.drawings import GraphPlot, Node
from derive.render.text import plain
from derive.sheets.answers import Checked
from derive.sheets.networks import Asked

MOST_NODES = 24


class Graph:
    """A graph that is being put together; a class to hold its nodes and arrows by their names."""

    def __init__(self) -> None:
        self.nodes: dict[str, tuple[Words, bool]] = {}
        self.arrows: list[tuple[str, str, Words]] = []

    def node(self, name: str, label: Words, boxed: bool = True) -> str:
        """A node, once; returns its name."""
        self.nodes.setdefault(name, (label, boxed))
        return name

    def arrow(self, start: str, end: str, words: Words) -> None:
        """An arrow between two nodes."""
        if (start, end, words) not in self.arrows:
            self.arrows.append((start, end, words))

    def laid_out(self) -> tuple[tuple[Node, ...], tuple[tuple[tuple[int, ...], Words], ...]]:
        """Each node behind those that it needs, beside one another where they are equally far.

        Raises:
            BadInput: there are too many nodes, or none.
        """
        if not 2 <= len(self.nodes) <= MOST_NODES:
            raise BadInput(f"a graph has from 2 to {MOST_NODES} nodes, not {len(self.nodes)}")
        levels = self._levels()
        rows: list[list[tuple[str, ...]]] = [[] for _ in range(max(levels.values()) + 1)]
        for name, level in levels.items():
            rows[level].append((name,))
        paths = []
        for number, (start, end, _) in enumerate(self.arrows):
            between = [(str(number), str(level)) for level in range(levels[start] + 1, levels[end])]
            for level, passing in enumerate(between, start=levels[start] + 1):
                rows[level].append(passing)
            paths.append(((start,), *between, (end,)))
        lanes = _lanes(rows, paths)
        places = {key: number for number, key in enumerate(k for row in rows for k in row)}
        nodes = []
        for level, row in enumerate(rows):
            for key in row:
                label, boxed = self.nodes[key[0]] if len(key) == 1 else ((), False)
                nodes.append(Node(label, level, lanes[key], boxed))
        edges = tuple(
            (tuple(places[key] for key in path), words)
            for path, (_, _, words) in zip(paths, self.arrows, strict=True)
        )
        return tuple(nodes), edges

    def _levels(self) -> dict[str, int]:
        levels: dict[str, int] = {}

        def level(name: str) -> int:
            if name not in levels:
                levels[name] = max((level(a) + 1 for a, b, _ in self.arrows if b == name), default=0)
            return levels[name]

        for name in self.nodes:
            level(name)
        for name in self.nodes:  # what nothing comes before stands right in front of what needs it
            after = [levels[b] for a, b, _ in self.arrows if a == name]
            if after and not any(b == name for _, b, _ in self.arrows):
                levels[name] = min(after) - 1
        return {name: levels[name] for name in self.nodes}

    def plot(self, name: str, caption: Words) -> GraphPlot:
        """The figure."""
        nodes, edges = self.laid_out()
        alt = f"A graph of boxes and arrows, with the shapes in brackets: {self.told()}."
        return GraphPlot(name, nodes, edges, caption, alt)

    def told(self) -> str:
        """The arrows in words."""
        said = []
        for start, end, words in self.arrows:
            shape = in_words(words)
            ends = (in_words(self.nodes[name][0]) or "the output" for name in (start, end))
            said.append(" to ".join(ends) + (f" ({shape})" if shape else ""))
        return "; ".join(said)


def _lanes(rows: Sequence[list[tuple[str, ...]]], paths: Sequence[tuple[tuple[str, ...], ...]]) -> dict[Any, Fraction]:
    """Where nodes stand beside one another: near the middle of what comes before them, in the order of that."""
    lanes: dict[tuple[str, ...], Fraction] = {}
    before: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for path in paths:
        for one, other in pairwise(path):
            before.setdefault(other, []).append(one)
    for row in rows:
        wished: dict[tuple[str, ...], Fraction] = {}
        for key in row:
            known = [lanes[k] for k in before.get(key, ()) if k in lanes]
            wished[key] = sum(known, Fraction(0)) / len(known) if known else Fraction(len(wished))
        row.sort(key=lambda k: wished[k])
        free = [wished[key] for key in row]
        for place in range(1, len(row)):
            free[place] = max(free[place], free[place - 1] + 1)
        middle = (sum(free, Fraction(0)) - sum(wished.values(), Fraction(0))) / len(row)
        lanes.update({key: at - middle for key, at in zip(row, free, strict=True)})
    return lanes


def in_words(words: Words) -> str:
    r"""Words as text alone.

    Example:
        >>> in_words(("a", Latex(r"\times"), "b"))
        'a by b'
    """
    made = []
    for piece in words:
        if isinstance(piece, (Strong, Emph, Code)):
            made.append(piece.text)
        elif isinstance(piece, Latex):
            made.append(" by " if piece.source == r"\times" else piece.source)
        else:
            made.append(piece if isinstance(piece, str) else plain(piece))
    return "".join(made)


def shape(sizes: Sequence[Any]) -> Words:
    """`n × m`, and `1` for a single number."""
    words: list[Inline] = []
    for size in sizes or (1,):
        if words:
            words.append(Latex(r"\times"))
        if isinstance(size, Add) and len(sizes) > 1:
            words += ["(", size, ")"]
        else:
            words.append(size if isinstance(size, Basic) and not size.is_number else Latex(str(size)))
    return tuple(words)


def of_claim(name: str, checked: Checked, caption: Words) -> GraphPlot:
    """The maps of a claim about a composition, from its variable to its values.

    Raises:
        BadInput: it is about none.
    """
    context, left = checked.derivation.context, checked.derivation.left
    defined = {d.array: d for d in context.definitions}
    entries = [p.args[0] for p in left.atoms(Partial)] or [left]
    last = next((e.array for e in entries if isinstance(e, Entry)), None)
    graph = Graph()
    if last is None or not _add(graph, last, defined) or not any(isinstance(a, Image) for a in _behind(last, defined)):
        raise BadInput(f"{checked.path} is about no maps that are applied one after another")
    graph.arrow(_name(last), graph.node("output", (), False), _of(last))
    said = caption or ("The maps, with the number of values that goes from each to the next.",)
    return graph.plot(name, said)


def _name(array: Array) -> str:
    return str(array.name)


def _of(array: Array) -> Words:
    axes = array.own if isinstance(array, Image) else array.axes
    return shape([high - low + 1 for low, high in axes])


def _needs(array: Array, defined: dict[Array, Definition]) -> list[Array]:
    if isinstance(array, Image):
        return list(array.operands)
    if array in defined:
        return list(dict.fromkeys(e.array for e in sorted(defined[array].body.atoms(Entry), key=str)))
    return []


def _behind(array: Array, defined: dict[Array, Definition]) -> Iterator[Array]:
    yield array
    for needed in _needs(array, defined):
        yield from _behind(needed, defined)


def _add(graph: Graph, array: Array, defined: dict[Array, Definition]) -> bool:
    """Add what an array is made of, and itself; whether it is made of anything."""
    needed = _needs(array, defined)
    if isinstance(array, Image):
        label: Words = (Array(array.map, (), "error"),)
    else:
        adds = array in defined and isinstance(defined[array].body, Add)
        label = (Latex("+"),) if adds else (array,)
    for one in needed:
        _add(graph, one, defined)
    graph.node(_name(array), label, bool(needed))
    for one in needed:
        graph.arrow(_name(one), _name(array), _of(one))
    return bool(needed)


def of_program(name: str, reading: Reading, caption: Words) -> GraphPlot:
    """The values of a program, each with those that it is worked out from."""
    graph = Graph()
    by_key = {value.key: value for value in reading.meaning.values}
    for value in by_key.values():
        label = value.array if value.array is not None else value.at()
        graph.node(value.key, (label,), value.definition is not None)
    for value in by_key.values():
        for key in value.uses:
            graph.arrow(key, value.key, shape(by_key[key].sizes))
    said = caption or ("What is worked out from what (boxes), with the shapes of the values at the arrows.",)
    return graph.plot(name, said)


def of_network(name: str, made: Asked, caption: Words) -> GraphPlot:
    """The layers of a network; shapes that are left blank in its table are not shown here either."""
    graph, rows = Graph(), enumerate(made.table.rows)
    network = made.table.network
    sizes: Sequence[Any] = [integer(s) if isinstance(s, str) else s for s in network.input]
    start = graph.node("input", ("input",), False)

    def through(items: Sequence[Item], at: str, words: Words) -> tuple[str, Words]:
        for item in items:
            if isinstance(item, Residual):
                ends = [through(branch, at, words) for branch in (item.main, item.shortcut)]
            else:
                ends = [(at, words)]
            number, row = next(rows)
            at = graph.node(f"row {number}", (Latex("+"),) if isinstance(item, Residual) else (row.name,))
            for end, told in ends:
                graph.arrow(end, at, told)
            words = _after(made, number, row)
        return at, words

    at, words = through(network.items, start, shape(sizes))
    graph.arrow(at, graph.node("output", (), False), words)
    said = caption or ("The layers, with the shapes of what goes from each to the next.",)
    return graph.plot(name, said)


def _after(made: Asked, number: int, row: Row) -> Words:
    return () if made.hides(number, "output") else shape(row.output)

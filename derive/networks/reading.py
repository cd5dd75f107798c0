"""The short text of a network, read by a grammar of its own and never run.

::

    network    =  size ("x" size)*  ("->" item)*        the input, its channels last: 28x28x1, 100x3, NxNxC, 784
    item       =  layer  |  number "*" "[" items "]"  |  "RES" "[" items ("|" items)? "]"
    items      =  item ("->" item)*
    layer      =  KIND kernel? ("-" size)? ("/" option)*        CONV3-10, CONV3x5-F/s2, POOL2, FC-3
    size       =  a number, or a capital letter that stands for any size
    option     =  s2 stride, p1 zeros on each side, same, valid, d2 dilation, g2 groups, bias, nobias

`CONV` and `DWCONV` keep the size where the stride is 1 (`same`: D(K - 1) zeros in all, half of them before, rounded
down); `POOL` and `AVGPOOL` have no zeros and the stride of their window. `RES[a | b]` adds what two branches make of
one input, `RES[a]` adds the input itself; `3*[a]` is a -> a -> a.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from derive.errors import NetworkError
from derive.networks.layers import (
    ALIASES,
    DEEPEST,
    KINDS,
    LARGEST,
    LONGEST,
    MOST_LAYERS,
    Item,
    Layer,
    Network,
    Residual,
    Size,
    layers_in,
)

_WORD = re.compile(r"(?:[A-Za-z0-9_./]|-(?!>))+")
_LAYER = re.compile(r"([A-Za-z]+)([0-9]+(?:x[0-9]+)*)?(?:-([A-Za-z0-9]+))?((?:/[A-Za-z]+(?:[0-9]+(?:x[0-9]+)*)?)*)\Z")
_OPTION = re.compile(r"([A-Za-z]+?)((?:[0-9]+(?:x[0-9]+)*)?)\Z")
_SIZE = re.compile(r"[0-9]+\Z|[A-Z]\Z")
_NUMBERED = ("s", "p", "d", "g")
HALF = "-> or the end"


def read_network(text: str) -> Network:
    """The network that a text describes.

    Raises:
        NetworkError: one sentence with the column, and the nearest right name where there is one.

    Example:
        >>> network = read_network("28x28x1 -> CONV3-10 -> POOL2 -> FLATTEN -> FC-3")
        >>> network.input, [layer.written for layer in network.items]
        ((28, 28, 1), ['CONV3-10', 'POOL2', 'FLATTEN', 'FC-3'])
    """
    if len(text) > LONGEST:
        raise NetworkError(f"the text has {len(text):,} characters; at most {LONGEST:,} are read")
    return _Reader(text).network()


def number(text: str) -> int | None:
    """The number that the digits make, or None if there are too many of them."""
    return int(text) if len(text) <= 10 and int(text) <= LARGEST else None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0

    def error(self, message: str, place: int | None = None) -> NetworkError:
        return NetworkError(message, self.text, (self.place if place is None else place) + 1)

    def skip(self) -> None:
        while self.place < len(self.text) and self.text[self.place] in " \t\r\n":
            self.place += 1

    def takes(self, *signs: str) -> bool:
        """Whether one of the signs stands here; it is passed over."""
        self.skip()
        for sign in signs:
            if self.text.startswith(sign, self.place):
                self.place += len(sign)
                return True
        return False

    def word(self, wanted: str) -> str:
        self.skip()
        found = _WORD.match(self.text, self.place)
        if not found:
            rest = self.text[self.place : self.place + 1]
            raise self.error(f"here should stand {wanted}, not {rest!r}" if rest else f"the text ends before {wanted}")
        self.place = found.end()
        return found[0]

    def network(self) -> Network:
        self.skip()
        start = self.place
        word = self.word("the input, such as 28x28x1")
        sizes = word.split("x")
        if not all(map(_SIZE.match, sizes)):
            raise self.error(f"{_short(word)} is no input: write sizes with an x between them, such as 28x28x1", start)
        if len(sizes) > 4:
            raise self.error("an input has at most three axes and channels, such as 8x28x28x1", start)
        found = tuple(self.size(size, start) for size in sizes)
        items: list[Item] = []
        while self.takes("->", "→"):
            items += self.item(0, MOST_LAYERS - layers_in(tuple(items)))
        self.skip()
        if self.place == len(self.text) and not items:
            raise self.error("a network has at least one layer: write -> and a layer, such as -> CONV3-10")
        if self.place < len(self.text):
            raise self.error(f"here should stand {HALF}, not {self.text[self.place]!r}")
        return Network(found, tuple(items))

    def size(self, text: str, place: int, least: int = 1) -> Size:
        if not text.isdigit():
            return text
        return self.number(text, place, least)

    def number(self, text: str, place: int, least: int = 1) -> int:
        found = number(text)
        if found is None:
            raise self.error(f"{_short(text)} is larger than {LARGEST:,}, which no size is", place)
        if found < least:
            raise self.error(f"{text} should be at least {least}", place)
        return found

    def sequence(self, depth: int, room: int, ends: str) -> tuple[Item, ...]:
        """Items with arrows between them, up to one of the ends."""
        items: list[Item] = []
        while True:
            items += self.item(depth, room - layers_in(tuple(items)))
            if not self.takes("->", "→"):
                break
        self.skip()
        if self.text[self.place : self.place + 1] not in ends or self.place == len(self.text):
            raise self.error(f"here should stand -> or {' or '.join(ends)}")
        return tuple(items)

    def item(self, depth: int, room: int) -> Sequence[Item]:
        """A layer, a residual block, or what a repetition makes."""
        self.skip()
        start = self.place
        word = self.word("a layer, such as CONV3-10")
        if word.isdigit() and self.takes("*"):
            times = self.number(word, start)
            self.opened(depth, start)
            inside = self.sequence(depth + 1, room, "]")
            self.takes("]")
            if times * max(1, layers_in(inside)) > room:
                raise self.error(f"with this there are more than {MOST_LAYERS} layers", start)
            return inside * times
        if word.upper() == "RES":
            self.opened(depth, start)
            main = self.sequence(depth + 1, room, "|]")
            shortcut: tuple[Item, ...] = ()
            if self.takes("|"):
                shortcut = self.sequence(depth + 1, room - layers_in(main), "]")
            self.takes("]")
            return (Residual(main, shortcut, start + 1),)
        if room <= 0:
            raise self.error(f"there are more than {MOST_LAYERS} layers", start)
        return (self.layer(word, start),)

    def opened(self, depth: int, start: int) -> None:
        if not self.takes("["):
            raise self.error("here should stand [")
        if depth >= DEEPEST:
            raise self.error(f"brackets are nested at most {DEEPEST} deep", start)

    def layer(self, word: str, start: int) -> Layer:
        found = _LAYER.match(word)
        if not found:
            near = nearest_kind(re.split(r"[^A-Za-z]", word)[0])
            raise self.error(f"{_short(word)} is no layer, such as CONV3-10 or POOL2/s2{near}", start)
        letters, kernel, filters, options = found.groups()
        name = kind_named(letters)
        if name is None:
            raise self.error(f"there is no layer {_short(letters)}{nearest_kind(letters)}", start)
        kind = KINDS[name]
        sizes = tuple(self.number(k, start + found.start(2)) for k in kernel.split("x")) if kernel else ()
        if (kind.kernel == "needed") != bool(sizes):
            what = f"{name} has no window" if sizes else f"{name} needs the width of its window, such as {name}3"
            raise self.error(what, start)
        if (kind.filters == "needed") != bool(filters):
            example = f"{name}{'3' if kind.kernel else ''}-10"
            raise self.error(
                f"{name} needs a number of {'filters' if kind.kernel else 'outputs'}, such as {example}"
                if not filters else f"{name} has no filters: it gives as many channels as it takes", start,
            )  # fmt: skip
        count: Size | None = None
        if filters:
            if not _SIZE.match(filters):
                raise self.error(f"{_short(filters)} is no number and no capital letter", start + found.start(3))
            count = self.size(filters, start + found.start(3))
        return self.with_options(Layer(name, sizes, filters=count, column=start + 1), options, start + found.start(4))

    def with_options(self, layer: Layer, options: str, place: int) -> Layer:
        """The layer with what stands behind its slashes, and what goes without saying."""
        known = KINDS[layer.kind].options
        given: dict[str, tuple[int, ...]] = {}
        for option in options.split("/")[1:]:
            found = _OPTION.match(option)
            letters, digits = (found[1].lower(), found[2]) if found else (option, "")
            if letters not in known or (letters in _NUMBERED) != bool(digits):
                shown = ", ".join(f"/{k}{'2' * (k in _NUMBERED)}" for k in known)
                what = f"it takes {shown}" if shown else "it takes none"
                raise self.error(f"{layer.kind} has no option /{option[:20]}; {what}", place)
            if letters in given:
                raise self.error(f"/{letters} is there twice", place)
            given[letters] = tuple(self.number(n, place + 1, int(letters != "p")) for n in digits.split("x") if n)
            place += len(option) + 1
        if len(given.keys() & {"p", "same", "valid"}) > 1 or len(given.keys() & {"bias", "nobias"}) > 1:
            raise self.error(f"two options of {layer.kind} contradict each other", layer.column - 1)
        if len(given.get("g", (1,))) != 1:
            raise self.error("a number of groups is one number", layer.column - 1)
        return completed(layer, given)


def completed(layer: Layer, given: dict[str, tuple[int, ...]]) -> Layer:
    """The layer with these options, and the usual ones in place of those that are not given."""
    is_pooling = layer.kind in ("POOL", "AVGPOOL")
    padding: str | tuple[int, ...] = given.get("p", (0,) if is_pooling or "valid" in given else "same")
    if "same" in given:
        padding = "same"
    if layer.kind in ("CONV", "DWCONV") and padding == "same" and set(layer.kernel) == {1}:
        padding = (0,)
    return Layer(
        layer.kind,
        layer.kernel,
        given.get("s", layer.kernel if is_pooling else (1,)) if layer.kernel else (),
        padding if layer.kernel else (0,),
        given.get("d", (1,)),
        given.get("g", (1,))[0],
        layer.filters,
        "nobias" not in given,
        layer.column,
    )


def kind_named(letters: str) -> str | None:
    """The kind of that name in capital or small letters, or under another usual name."""
    name = ALIASES.get(letters.upper(), letters.upper())
    return name if name in KINDS else None


def nearest_kind(letters: str) -> str:
    """`; did you mean CONV?`, or all that there are."""
    close = difflib.get_close_matches(letters.upper()[:40], [*KINDS, *ALIASES, "RES"], n=1)
    return f"; did you mean {close[0]}?" if close else f"; there are {', '.join(KINDS)}, RES"


def _short(word: str) -> str:
    return repr(word if len(word) <= 30 else f"{word[:27]}...")

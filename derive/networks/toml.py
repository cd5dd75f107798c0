"""A network as a TOML file: the same layers as in the short text, one table each."""

from __future__ import annotations

import tomllib
from typing import Any

from derive.errors import NetworkError, nearest
from derive.networks.layers import DEEPEST, KINDS, LARGEST, MOST_LAYERS, Item, Layer, Network, Residual, Size, layers_in
from derive.networks.reading import completed, kind_named, nearest_kind, read_network

_LETTERS = {"stride": "s", "padding": "p", "dilation": "d", "groups": "g"}
_AXES = ("depth", "height", "width", "length", "channels", "features")
_INPUTS = (
    ("height", "width", "channels"), ("length", "channels"), ("features",), ("depth", "height", "width", "channels"),
)  # fmt: skip


def read_file(text: str, name: str = "") -> Network:
    r"""The network that a file describes.

    Args:
        text: The content of the file.
        name: The file as the user named it, for sentences.

    Raises:
        NetworkError: one sentence with the table and key, and the nearest right name.

    Example:
        >>> made = read_file('[input]\nsize = "28x28x1"\n[[layer]]\nkind = "conv"\nkernel = 3\nfilters = 10\n')
        >>> made == read_network("28x28x1 -> CONV3-10")
        True
    """
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise NetworkError(f"{name}: brackets are nested too deeply") from None
    except ValueError as error:
        raise NetworkError(f"{name} is not TOML: {error}") from None
    try:
        if "network" in data:
            _only(data, ("network",), "the file")
            return read_network(_text(data, "network", "the file"))
        _only(data, ("input", "layer"), "the file")
        sizes = _input(_table(data.get("input"), "[input]"))
        items = _items(data.get("layer"), "[[layer]]", 0)
    except NetworkError as error:
        raise error if not name or error.column else NetworkError(f"{name}: {error.message}") from None
    return Network(sizes, items)


def _only(table: dict[str, Any], known: tuple[str, ...], what: str) -> None:
    for key in table:
        if key not in known:
            raise NetworkError(f"{what} has no key {key[:40]!r}; {nearest(key, known)}")


def _table(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NetworkError(f"the file needs the table {what}" if value is None else f"{what} must be a table")
    return value


def _text(table: dict[str, Any], key: str, what: str) -> str:
    value = table[key]
    if not isinstance(value, str):
        raise NetworkError(f"{key} of {what} must be text in quotes")
    return value


def _size(value: Any, what: str) -> Size:
    if isinstance(value, str):
        if len(value) != 1 or not ("A" <= value <= "Z"):
            raise NetworkError(f"{what} must be a number or a capital letter in quotes, not {value[:20]!r}")
        return value
    return _number(value, what, 1)


def _number(value: Any, what: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
        shown = repr(value)[:20] if isinstance(value, (bool, int, float, str)) else "that"
        raise NetworkError(f"{what} must be a whole number from {least} to {LARGEST:,}, not {shown}")
    return value


def _input(table: dict[str, Any]) -> tuple[Size, ...]:
    _only(table, ("size", *_AXES), "[input]")
    if "size" in table:
        _only(table, ("size",), "[input] with a size")
        size = table["size"]
        if isinstance(size, str):
            size = [int(s) if s.isascii() and s.isdigit() and len(s) <= 10 else s for s in size.split("x")]
        if not isinstance(size, list) or not 1 <= len(size) <= 4:
            raise NetworkError("size of [input] must be one to four sizes, the channels last, such as [28, 28, 1]")
        return tuple(_size(s, "each size of [input]") for s in size)
    for names in _INPUTS:
        if set(names) == set(table):
            return tuple(_size(table[name], f"{name} of [input]") for name in names)
    raise NetworkError("[input] needs height, width and channels, or length and channels, or features, or size")


def _items(value: Any, what: str, depth: int) -> tuple[Item, ...]:
    if not isinstance(value, list) or not value:
        raise NetworkError(f"there is no {what}" if not value else f"{what} must be a list of tables")
    if depth > DEEPEST:
        raise NetworkError(f"layers are nested at most {DEEPEST} deep")
    items: list[Item] = []
    for number, table in enumerate(value, start=1):
        items += _item(_table(table, f"{what} number {number}"), f"{what} number {number}", depth)
        if layers_in(tuple(items)) > MOST_LAYERS:
            raise NetworkError(f"there are more than {MOST_LAYERS} layers")
    return tuple(items)


def _item(table: dict[str, Any], what: str, depth: int) -> tuple[Item, ...]:
    if "kind" not in table:
        raise NetworkError(f"{what} needs the key 'kind'")
    kind = _text(table, "kind", what)
    if kind.lower() in ("residual", "res"):
        _only(table, ("kind", "main", "shortcut"), what)
        main = _items(table.get("main"), f"main of {what}", depth + 1)
        shortcut = _items(table["shortcut"], f"shortcut of {what}", depth + 1) if "shortcut" in table else ()
        return (Residual(main, shortcut),)
    if kind.lower() == "repeat":
        _only(table, ("kind", "times", "layers"), what)
        inside = _items(table.get("layers"), f"layers of {what}", depth + 1)
        times = _number(table.get("times"), f"times of {what}", 1)
        if times * layers_in(inside) > MOST_LAYERS:
            raise NetworkError(f"with {what} there are more than {MOST_LAYERS} layers")
        return inside * times
    name = kind_named(kind)
    if name is None:
        raise NetworkError(f"{what}: there is no layer {kind[:30]!r}{nearest_kind(kind)}")
    return (_layer(name, table, what),)


def _layer(name: str, table: dict[str, Any], what: str) -> Layer:
    kind = KINDS[name]
    count = "outputs" if name == "FC" else "filters"
    words = tuple(word for word, letter in _LETTERS.items() if letter in kind.options)
    words += ("bias",) if "bias" in kind.options else ()
    keys = ("kind", *(("kernel",) if kind.kernel else ()), *((count,) if kind.filters else ()), *words)
    _only(table, keys, f"{what} ({name})")
    for key in ("kernel", count):
        if key in keys and key not in table:
            raise NetworkError(f"{what} ({name}) needs the key {key!r}")
    given: dict[str, tuple[int, ...]] = {}
    for word, letter in _LETTERS.items():
        if word in table and table[word] in ("same", "valid") and word == "padding":
            given[table[word]] = ()
        elif word in table:
            given[letter] = _numbers(table[word], f"{word} of {what}", int(word != "padding"))
    if len(given.get("g", (1,))) != 1:
        raise NetworkError(f"groups of {what} must be one number")
    if "bias" in table:
        if not isinstance(table["bias"], bool):
            raise NetworkError(f"bias of {what} must be true or false")
        given["bias" if table["bias"] else "nobias"] = ()
    kernel = _numbers(table["kernel"], f"kernel of {what}", 1) if "kernel" in keys else ()
    filters = _size(table[count], f"{count} of {what}") if count in keys else None
    return completed(Layer(name, kernel, filters=filters), given)


def _numbers(value: Any, what: str, least: int) -> tuple[int, ...]:
    """One number, or one for each axis."""
    values = value if isinstance(value, list) else [value]
    if not 1 <= len(values) <= 3:
        raise NetworkError(f"{what} must be one number, or a list of one for each axis")
    return tuple(_number(v, what, least) for v in values)

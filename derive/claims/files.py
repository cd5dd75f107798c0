"""Claim files: formulas that somebody states, as frozen data.

A claim file is TOML: symbols shared by the file, conventions, and one table `[[claim]]` for each claim. Here it is only
asked whether everything has the right key and the right kind; formulas and declarations are texts, read later. What is
wrong with the file as a whole is an error; what is wrong with one claim is that claim's, and the others go on.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from derive.claims.stated import RELATIONS, Claim, Malformed, Place
from derive.claims.toml_lines import KeyPath, key_and_text_places, line_of
from derive.errors import ClaimError, nearest

__all__ = ["Claim", "Malformed", "claim_from", "claims_in", "read_claims"]

LARGEST_FILE = 5_000_000
MOST_CLAIMS = 20_000
MOST_SYMBOLS = 300
LONGEST_TEXT = 20_000
LONGEST_ID = 300
MOST_TEXTS = 300
DEEPEST = 4

LAYOUTS = ("numerator", "denominator")
_FILE_KEYS = ("symbols", "conventions", "layout", "claim")
_CLAIM_KEYS = (
    "id", "where", "let", "left", "right", "relation", "chain", "asked", "given", "answer", "symbols", "form", "layout",
    "conventions",
)  # fmt: skip
_ASKED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?\Z")
_KINDS = {str: "a text", bool: "true or false", int: "a number", float: "a number", dict: "a table", list: "a list"}


def read_claims(path: str) -> tuple[Claim | Malformed, ...]:
    """The claims of a file; `-` reads the standard input.

    Raises:
        ClaimError: the file cannot be read or is no claim file; one sentence with the file and the line.
    """
    file = path
    try:
        if path == "-":
            raw = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with Path(path).open("rb") as stream:
                raw = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise ClaimError(f"the file cannot be read: {getattr(error, 'strerror', None) or error}", file) from None
    if len(raw) > LARGEST_FILE:
        raise ClaimError(f"the file is larger than {LARGEST_FILE:,} bytes; split it into several", file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ClaimError(f"byte {raw[error.start]:#04x} is not UTF-8; save the file as UTF-8", file, line) from None
    return claims_in(text, file)


def claims_in(text: str, file: str = "") -> tuple[Claim | Malformed, ...]:
    r"""The claims of the text of a file.

    Raises:
        ClaimError: the text is no claim file.

    Example:
        >>> claim, wrong = claims_in("[[claim]]\nleft='1'\nright='1'\n[[claim]]\nleft='1'\nrihgt='2'")
        >>> claim.left, claim.place("right")
        (('1',), Place(field='right', number=0, line=3, column=8))
        >>> wrong.line, wrong.message
        (6, "a claim has no key 'rihgt'; did you mean 'right'?")
    """
    whole = _parsed(text.replace("\r\n", "\n"), file)
    whole.only("a claim file", _FILE_KEYS)
    shared = _shared(whole)
    tables = whole.data.get("claim", [])
    if isinstance(tables, dict):
        raise whole.error("write [[claim]] with two brackets, since there may be several", "claim")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise whole.error("claim must be a list of tables that begin with [[claim]]", "claim")
    if not tables:
        raise whole.error("the file has no claim; begin one with [[claim]]")
    if len(tables) > MOST_CLAIMS:
        raise whole.error(f"the file has {len(tables):,} claims; at most {MOST_CLAIMS:,} are allowed in one")
    seen: dict[str, int] = {}
    found = []
    for number, data in enumerate(tables, start=1):
        table = _Table(data, ("claim", number - 1), whole.source)
        made = _one(table, shared, number)
        line = table.line_of() or 1
        if made.id in seen:
            made = replace(made, notes=(f"the claim on line {seen[made.id]} has this id too",))
        seen.setdefault(made.id, line)
        found.append(made)
    return tuple(found)


def claim_from(data: Mapping[str, Any]) -> Claim:
    r"""A claim from the keys that a table [[claim]] has, outside any file.

    Raises:
        ClaimError: a key is wrong, or a value is of the wrong kind.

    Example:
        >>> claim_from({"left": "1 + 1", "relation": r"\le", "right": "2"}).relation
        '<='
    """
    table = _Table(dict(data), (), _Source("", {}, {}))
    made = _one(table, Claim(""), 1)
    if isinstance(made, Malformed):
        raise ClaimError(made.message)
    return made


@dataclass(frozen=True)
class _Source:
    file: str
    lines: Mapping[KeyPath, int]
    texts: Mapping[KeyPath, tuple[int, int]]


class _Table:
    """A table of the file that says where its keys stand."""

    def __init__(self, data: dict[str, Any], path: KeyPath, source: _Source) -> None:
        self.data, self.path, self.source = data, path, source

    def line_of(self, *keys: str | int) -> int | None:
        return line_of(self.source.lines, self.path + keys)

    def error(self, message: str, *keys: str | int) -> ClaimError:
        return ClaimError(message, self.source.file, self.line_of(*keys))

    def only(self, what: str, known: Iterable[str]) -> None:
        for key in self.data:
            if key not in (known := tuple(known)):
                raise self.error(f"{what} has no key {_cut(key)!r}; {nearest(key, known)}", key)

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str:
        return self._text(self.data[key], key, (key,), longest) if key in self.data else ""

    def _text(self, value: Any, name: str, keys: KeyPath, longest: int = LONGEST_TEXT) -> str:
        if not isinstance(value, str):
            raise self.error(f"{name} must be a text in quotes, not {_kind(value)}", *keys)
        if len(value) > longest:
            raise self.error(f"{name} has {len(value):,} characters; at most {longest:,} are allowed", *keys)
        if not value.strip():
            raise self.error(f"{name} is empty", *keys)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a text alone is a list of one."""
        value = self.data.get(key, [])
        if isinstance(value, str):
            return (self.text(key),)
        if not isinstance(value, list):
            raise self.error(f"{key} must be a text in quotes or a list of texts, not {_kind(value)}", key)
        if key in self.data and not value and key not in ("where", "let"):
            raise self.error(f"{key} is an empty list", key)
        if len(value) > MOST_TEXTS:
            raise self.error(f"{key} has {len(value):,} entries; at most {MOST_TEXTS} are allowed", key)
        return tuple(self._text(v, f"entry {i + 1} of {key}", (key, i)) for i, v in enumerate(value))

    def pairs(self, key: str) -> tuple[tuple[str, Any], ...]:
        """The names of a table with what they are set to."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.error(f"{key} must be a table such as {{ n = ... }}, not {_kind(value)}", key)
        if len(value) > MOST_SYMBOLS:
            raise self.error(f"{key} has {len(value):,} names; at most {MOST_SYMBOLS} are allowed", key)
        for name in value:
            if not name.strip() or len(name) > LONGEST_ID:
                raise self.error(f"{key} has the name {_cut(name)!r}, which no symbol can have", key, name)
        return tuple(value.items())

    def named_texts(self, key: str) -> tuple[tuple[str, str], ...]:
        return tuple((n, self._text(v, f"{n} in {key}", (key, n))) for n, v in self.pairs(key))

    def settings(self, key: str) -> tuple[tuple[str, Any], ...]:
        """As `named_texts`, also of whole numbers, and of lists of these where `key` is `given`."""
        depth = 0 if key == "given" else DEEPEST
        return tuple((n, self._setting(v, f"{n} in {key}", (key, n), depth)) for n, v in self.pairs(key))

    def _setting(self, value: Any, name: str, keys: KeyPath, depth: int) -> Any:
        if isinstance(value, float):
            raise self.error(f'{name} is a binary number and not exact; write it in quotes, such as "1/2"', *keys)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, list) and depth < DEEPEST:
            return tuple(self._setting(v, name, keys, depth + 1) for v in value)
        return self._text(value, name, keys)

    def one_of(self, key: str, known: Iterable[str]) -> str:
        value = self.text(key)
        if key in self.data and value not in (known := tuple(known)):
            raise self.error(f"{key} cannot be {_cut(value)!r}; {nearest(value, known)}", key)
        return value

    def places(self) -> tuple[Place, ...]:
        """Where the texts of this table stand."""
        found = []
        for key, value in self.data.items():
            inner: list[tuple[str, int, KeyPath]]
            inner = [(f"{key}.{n}", 0, (key, n)) for n in value] if isinstance(value, dict) else []
            if isinstance(value, list):
                inner = [(key, i, (key, i)) for i in range(len(value))]
            for name, number, keys in inner or [(key, 0, (key,))]:
                line, column = self.source.texts.get(self.path + keys, (self.line_of(*keys) or 0, 0))
                found.append(Place(name, number, line, column))
        return tuple(found)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a date or time")


def _parsed(text: str, file: str) -> _Table:
    try:
        data = tomllib.loads(text)
        lines, texts = key_and_text_places(text)
    except RecursionError:
        raise ClaimError("the file nests brackets too deeply", file) from None
    except ValueError as error:
        found = re.search(r" \(at line (\d+), column (\d+)\)\Z", str(error))
        why = str(error)[: found.start()] if found else str(error)
        line = int(found.group(1)) if found else None
        column = f" at column {found.group(2)}" if found else ""
        if "(at end of document)" in why:
            why, line = why.replace(" (at end of document)", ""), text.count("\n") + 1
            column = " at the end of the file"
        raise ClaimError(f"this is not TOML{column}: {why[:1].lower()}{why[1:]}", file, line) from None
    return _Table(data, (), _Source(file, lines, texts))


def _shared(whole: _Table) -> Claim:
    """What the file says for all its claims, as a claim with nothing else."""
    top = {key: value for key, value in whole.data.items() if key != "claim"}
    return Claim(
        id="",
        file=whole.source.file,
        symbols=whole.named_texts("symbols"),
        conventions=whole.settings("conventions"),
        layout=whole.one_of("layout", LAYOUTS),
        lines=_Table(top, (), whole.source).places(),
    )


def _one(table: _Table, shared: Claim, number: int) -> Claim | Malformed:
    identity = table.data.get("id")
    named = isinstance(identity, str) and identity.strip() and len(identity) <= LONGEST_ID
    shown = str(identity) if named else f"claim {number}"
    try:
        return _claim(table, shared, shown, number)
    except ClaimError as error:
        return Malformed(shown, shared.file, number, error.line or 0, error.message)


def _claim(table: _Table, shared: Claim, shown: str, number: int) -> Claim:
    table.only("a claim", _CLAIM_KEYS)
    table.text("id", LONGEST_ID)
    _sides(table)
    asked = table.text("asked")
    if asked and not _ASKED.match(asked):
        raise table.error(f"asked must be construct.claim, such as receptive_field.stack, not {_cut(asked)!r}", "asked")
    return Claim(
        id=shown,
        file=shared.file,
        symbols=tuple((dict(shared.symbols) | dict(table.named_texts("symbols"))).items()),
        where=table.texts("where"),
        let=table.texts("let"),
        left=table.texts("left"),
        right=table.texts("right"),
        relation=RELATIONS[table.one_of("relation", RELATIONS) or "="],
        chain=table.texts("chain"),
        asked=asked,
        given=table.settings("given"),
        answer=table.text("answer"),
        form=table.text("form"),
        layout=table.one_of("layout", LAYOUTS) or shared.layout,
        conventions=tuple((dict(shared.conventions) | dict(table.settings("conventions"))).items()),
        lines=_over(table.places(), shared.lines),
        number=number,
    )


def _over(own: tuple[Place, ...], shared: tuple[Place, ...]) -> tuple[Place, ...]:
    named = {place.field for place in own}
    return (*own, *(place for place in shared if place.field not in named))


def _sides(table: _Table) -> None:
    """Two sides, a chain or an answer, one of these and the whole of it."""
    ways = (("left", "right"), ("chain",), ("asked", "answer"))
    begun = [way for way in ways if any(key in table.data for key in way)]
    if not begun:
        raise table.error("a claim needs left and right, or chain, or asked and answer")
    if len(begun) > 1:
        first, second = (next(key for key in way if key in table.data) for way in begun[:2])
        raise table.error(f"a claim has {first} or {second}, not both", second)
    for key in begun[0]:
        if key not in table.data:
            raise table.error(f"the claim has {' and '.join(k for k in begun[0] if k != key)} but no {key}")
    if "given" in table.data and begun[0][0] != "asked":
        raise table.error("given says the parameters of what is asked, and nothing is", "given")
    if begun[0][0] == "left":
        left, right = table.texts("left"), table.texts("right")
        if len(left) != len(right):
            why = f"left has {len(left)} formulas and right {len(right)}; they are compared in pairs"
            raise table.error(why, "right")

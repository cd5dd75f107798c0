"""Certificates: derivations as JSON, exactly, to be kept, sent, and checked again by somebody else.

A certificate holds the fields of a `Derivation` (derivation.py) and its `Context` under their names, terms in the
notation of notation.py; a field that has its default is left out. A move says what it is (`"move": "step"`). An
argument of a law is a term, `["int", 1]`, `["name", "a lemma"]`, `["array", "x"]` or `["pair", old, new]`; a reason is
made of words and `["term", ...]`.

The text is not trusted, and reading it says nothing about whether the derivation holds: that is for the checker.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, get_args, get_origin, get_type_hints

from sympy import Basic, Expr, Symbol

from derive.errors import BadCertificate
from derive.kernel.derivation import Derivation, Induction, Move, Split, Step
from derive.kernel.notation import DEEPEST, TermReader, TermWriter, short
from derive.language import Array, Condition

FORMAT = 1
LONGEST = 10_000_000
"""Characters of a file."""
MOST_DIGITS = 1_000
LIBRARIES = ("derive", "sympy", "python-flint", "islpy", "z3-solver")
MOVES: dict[str, type] = {"step": Step, "split": Split, "induction": Induction}

_KINDS: dict[Any, str] = {
    Expr: "term", Expr | None: "term", Condition: "condition", Symbol: "symbol", Array: "array", Move: "move",
    Any: "argument", str: "words", bool: "flag", str | Basic: "text", int | tuple[int, ...]: "number",
}  # fmt: skip
"""By which method a field of each type is written and read."""


@dataclass(frozen=True)
class Certificate:
    """A derivation as it was read, and the versions (library, version) that it was made with."""

    derivation: Derivation
    made_with: tuple[tuple[str, str], ...]


def dumps(derivation: Derivation) -> str:
    """The certificate of a derivation: the same text on every machine that has the same versions.

    Raises:
        BadCertificate: it holds something that a certificate has no notation for; the place is named.

    Example:
        >>> from derive.kernel.derivation import Chain
        >>> from derive.language import Context, declare
        >>> c = Context((declare("n", "integer"),))
        >>> d = Derivation("nothing", c, c.symbols[0], c.symbols[0], Chain(c.symbols[0]))
        >>> loads(dumps(d)) == d
        True
    """
    writer = _Writer()
    body = writer.value(Derivation, derivation, "")
    top = {"certificate": FORMAT, "made_with": dict(versions()), "arrays": writer.table, **body}
    text = _laid_out(top) + "\n"
    if loads(text) != derivation:
        raise BadCertificate(f"{derivation.name} would be read back as another derivation")
    return text


def loads(text: str) -> Derivation:
    """The derivation of a certificate, unchecked.

    Raises:
        BadCertificate: with the place and what is wrong there.
    """
    return read(text).derivation


def read(text: str) -> Certificate:
    """A certificate, unchecked.

    Raises:
        BadCertificate: as `loads`.
    """
    if len(text) > LONGEST:
        raise BadCertificate(f"the file is too long: a certificate has at most {LONGEST} characters")
    try:
        data = json.loads(
            text, parse_int=_integer, parse_float=_Wrong, parse_constant=_Wrong, object_pairs_hook=_distinct
        )
        return _Reader().certificate(data)
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise BadCertificate(f"{place}: this is not JSON: {problem.msg}") from None
    except RecursionError:
        raise BadCertificate(f"the lists are nested more than {DEEPEST} deep") from None


def versions() -> tuple[tuple[str, str], ...]:
    """The libraries that a check depends on, with their versions here."""
    found = []
    for name in LIBRARIES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, "unknown"))
    return tuple(found)


@dataclass(frozen=True)
class _Wrong:
    """What JSON allows and a certificate does not; refused at the place where it stands."""

    text: str

    def __str__(self) -> str:
        return self.text


def _integer(digits: str) -> int | _Wrong:
    return int(digits) if len(digits) <= MOST_DIGITS else _Wrong(f"a number of {len(digits)} digits")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Wrong:
    twice = [key for key, number in Counter(key for key, _ in pairs).items() if number > 1]
    return _Wrong(f"an object with the key {short(twice[0])} twice") if twice else dict(pairs)


def _laid_out(data: Any, indent: str = "") -> str:
    """JSON with a line for each field, so that another term is another line."""
    inner = indent + " "
    if isinstance(data, dict) and data:
        lines = [f"{inner}{json.dumps(key)}: {_laid_out(value, inner)}" for key, value in data.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(data, list) and any(isinstance(item, dict) for item in data):
        return "[\n" + ",\n".join(inner + _laid_out(item, inner) for item in data) + f"\n{indent}]"
    return json.dumps(data, ensure_ascii=False)


@cache
def _fields(record: type) -> dict[str, tuple[Any, Any]]:
    """{name: (kind, default)}; a kind is a method's name, a record, or a tuple that says "many of these"."""

    def kind(hint: Any) -> Any:
        if get_origin(hint) is tuple:
            return (kind(get_args(hint)[0]),)
        return hint if is_dataclass(hint) else _KINDS[hint]

    hints = get_type_hints(record)
    return {f.name: (kind(hints[f.name]), f.default) for f in fields(record)}


class _Writer(TermWriter):
    def value(self, kind: Any, value: Any, place: str) -> Any:
        if isinstance(kind, tuple):
            return [self.value(kind[0], item, f"{place}[{i}]") for i, item in enumerate(value)]
        if isinstance(kind, str):
            return getattr(self, kind)(value, place)
        dot = f"{place}." if place else ""
        shown = {n: k for n, (k, default) in _fields(kind).items() if getattr(value, n) != default}
        return {n: self.value(k, getattr(value, n), dot + n) for n, k in shown.items()}

    def words(self, value: Any, place: str) -> Any:
        return value

    flag = words

    def number(self, value: Any, place: str) -> Any:
        return list(value) if isinstance(value, tuple) else value

    def move(self, value: Any, place: str) -> Any:
        name = next(n for n, kind in MOVES.items() if isinstance(value, kind))
        return {"move": name, **self.value(MOVES[name], value, place)}

    def text(self, value: Any, place: str) -> Any:
        return value if isinstance(value, str) else ["term", self.thing(value, place)]

    def argument(self, value: Any, place: str) -> Any:
        if isinstance(value, tuple):
            return ["pair", *(self.thing(v, place) for v in value)]
        if isinstance(value, (str, int)):
            return ["name" if isinstance(value, str) else "int", value]
        return self.thing(value, place)


class _Reader(TermReader):
    def certificate(self, data: Any) -> Certificate:
        top = dict(self._object(data, "the file"))
        number, made_with, arrays = (top.pop(key, None) for key in ("certificate", "made_with", "arrays"))
        if type(number) is not int or number != FORMAT:
            raise BadCertificate(f"certificate: the format is {short(number)}, and only {FORMAT} is known here")
        libraries = self._object(made_with, "made_with").items()
        named = tuple((self.words(k, "made_with"), self.words(v, "made_with")) for k, v in libraries)
        for label, found in self._object(arrays, "arrays").items():
            place = f"arrays.{self.words(label, 'arrays')}"
            kinds = {"form": {"form", "operands"}, "map": {"map", "axes", "order", "operands"}}
            kind = next((key for key in kinds if key in self._object(found, place)), "name")
            self._keys(found, kinds.get(kind, {"name", "axes", "outside"}), set(), place)
            self.new_array(label, found, place)
        return Certificate(self.value(Derivation, top, ""), named)

    def value(self, kind: Any, data: Any, place: str) -> Any:
        if isinstance(kind, tuple):
            return tuple(self.value(kind[0], item, f"{place}[{i}]") for i, item in enumerate(self.items(data, place)))
        if isinstance(kind, str):
            return getattr(self, kind)(data, place)
        known = _fields(kind)
        self._keys(data, set(known), {n for n, (_, default) in known.items() if default is not MISSING}, place)
        self.deeper(place)
        dot = f"{place}." if place else ""
        found = {name: self.value(known[name][0], part, dot + name) for name, part in data.items()}
        self.depth -= 1
        return self.made(place, kind, **found)

    def flag(self, data: Any, place: str) -> bool:
        if not isinstance(data, bool):
            raise BadCertificate(f"{place}: true or false is wanted, not {short(data)}")
        return data

    def number(self, data: Any, place: str) -> Any:
        if isinstance(data, list):
            return tuple(self._int(item, place) for item in data)
        return self._int(data, place)

    def move(self, data: Any, place: str) -> Any:
        rest = dict(self._object(data, place))
        name = rest.pop("move", None)
        if not isinstance(name, str) or name not in MOVES:
            raise BadCertificate(f"{place}.move: one of {', '.join(MOVES)} is wanted, not {short(name)}")
        return self.value(MOVES[name], rest, place)

    def text(self, data: Any, place: str) -> Any:
        if isinstance(data, list) and len(data) == 2 and data[0] == "term":
            return self.thing(data[1], f"{place}[1]")
        return self.words(data, place)

    def argument(self, data: Any, place: str) -> Any:
        if not isinstance(data, list) or not data or data[0] not in ("name", "int", "pair"):
            return self.thing(data, place)
        if data[0] == "pair":
            old, new = self.items(data, place, (3, 3))[1:]
            return (self.thing(old, f"{place}[1]"), self.thing(new, f"{place}[2]"))
        found = self.items(data, place, (2, 2))[1]
        return self.words(found, place) if data[0] == "name" else self._int(found, place)

    def _int(self, data: Any, place: str) -> int:
        if type(data) is not int:
            raise BadCertificate(f"{place}: a whole number is wanted, not {short(data)}")
        return data

    def _object(self, data: Any, place: str) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise BadCertificate(f"{place}: an object is wanted, not {short(data)}")
        return data

    def _keys(self, data: Any, known: set[str], optional: set[str], place: str) -> None:
        found = set(self._object(data, place))
        where = f"{place}: " if place else ""
        for key in sorted(found - known):
            raise BadCertificate(f"{where}there is no key {short(key)} here; there are {', '.join(sorted(known))}")
        for key in sorted(known - found - optional):
            raise BadCertificate(f"{where}the key {key!r} is missing")

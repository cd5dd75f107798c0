"""Declared shapes: `(n, m)` of a matrix, `(m)` or `(m,)` of a vector, `()` of a number, `(l) -> (m)` of a map."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from derive.errors import BadInput, IllFormed, ProgramError
from derive.language.programs import Function, Parameter, Shape
from derive.language.symbols import integer

_FORM = "write '(n, m)' for a matrix, '(n)' for a vector, '()' for a number, '(l) -> (m)' for a map"
_LARGEST, _LONGEST = 4, 100


def declared(names: Iterable[str], shapes: Mapping[str, str]) -> tuple[tuple[Parameter, ...], tuple[Function, ...]]:
    """The parameters of these names with their shapes, and the maps among what is declared.

    Raises:
        ProgramError: a shape cannot be read, one is missing, or one belongs to nothing.
    """
    found: dict[str, Shape] = {}
    functions = []
    for name, text in shapes.items():
        try:
            integer(name)
        except IllFormed:
            raise ProgramError(f"{name!r} is no name that a shape can be declared for") from None
        if "->" in text:
            takes, _, gives = text.partition("->")
            ends = (shape_of(name, takes), shape_of(name, gives))
            if any(len(end) != 1 for end in ends):
                raise ProgramError(f"the map {name} takes a vector and gives a vector, such as '(l) -> (m)'")
            functions.append(Function(name, ends[0][0], ends[1][0]))
        else:
            found[name] = shape_of(name, text)
    parameters = []
    for name in names:
        if name in {f.name for f in functions}:
            raise ProgramError(f"{name} is a parameter and is declared as a map; leave it out of the parameters")
        if name not in found:
            raise ProgramError(f"the shape of the parameter {name} is not declared; {_FORM}")
        parameters.append(Parameter(name, found.pop(name)))
    if found:
        raise ProgramError(f"a shape is declared for {next(iter(found))}, which is no parameter")
    return tuple(parameters), tuple(functions)


def shape_of(name: str, text: str) -> Shape:
    """The shape that a text says.

    Raises:
        ProgramError: it says none.

    Example:
        >>> shape_of("W", "(n, 3)"), shape_of("x", "(m,)"), shape_of("eta", "()")
        (('n', 3), ('m',), ())
    """
    said = re.fullmatch(r"\s*\(([A-Za-z0-9_, ]*)\)\s*", text) if len(text) <= _LONGEST else None
    if said is None:
        raise ProgramError(f"{text[:_LONGEST]!r} is no shape for {name}; {_FORM}")
    pieces = [piece.strip() for piece in said[1].split(",")]
    if pieces[-1] == "":
        pieces.pop()
    if len(pieces) > 2:
        raise ProgramError(f"{name} has {len(pieces)} axes; at most 2 are read")
    return tuple(_size(name, piece) for piece in pieces)


def _size(name: str, text: str) -> str | int:
    if text.isdigit() and len(text) == 1 and 1 <= int(text) <= _LARGEST:
        return int(text)
    try:
        return str(integer(text).name)
    except IllFormed:
        why = f"{text!r} is no size for {name}; a size is a letter, or a number from 1 to {_LARGEST}"
        raise ProgramError(why) from None


def assignments(given: Iterable[str]) -> dict[str, str]:
    """`W=(n,m)` of the command line, as a table.

    Raises:
        BadInput: one has no `=`, or a name is there twice.

    Example:
        >>> assignments(["W=(n,m)", "f=(l)->(m)"])
        {'W': '(n,m)', 'f': '(l)->(m)'}
    """
    found: dict[str, str] = {}
    for text in given:
        name, sign, shape = text.partition("=")
        if not sign:
            raise BadInput(f"{text[:_LONGEST]!r} declares no shape; write W=(n,m)")
        if name.strip() in found:
            raise BadInput(f"a shape for {name.strip()} is declared twice")
        found[name.strip()] = shape.strip()
    return found

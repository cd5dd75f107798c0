"""Constructs are found by walking the package: every module with a `CONSTRUCT`."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from derive.errors import BadInput, nearest

if TYPE_CHECKING:
    from derive.constructs.construct import Claim, Construct, Growth, Refuted

_PACKAGE = "derive.constructs"
_NOT_CONSTRUCTS = ("construct", "registry", "stacks")


def names() -> list[str]:
    """Names of all constructs, sorted, without importing them."""
    import derive.constructs as package

    return sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name not in _NOT_CONSTRUCTS)


def construct(name: str) -> Construct:
    """The construct of that name.

    Raises:
        BadInput: there is none; the message names the nearest.
    """
    imported = name not in _NOT_CONSTRUCTS and f"{_PACKAGE}.{name}" in sys.modules
    if not imported and name not in names():
        hint = nearest(name, names())
        raise BadInput(f"there is no construct {name!r}; {hint}{'' if '?' in hint else ': see derive list --names'}")
    return _of_module(name)


def _of_module(name: str) -> Construct:
    found: Construct = import_module(f"{_PACKAGE}.{name}").CONSTRUCT
    return found


def constructs() -> tuple[Construct, ...]:
    """All constructs, by name; the folder is searched once."""
    return tuple(_of_module(name) for name in names())


def claim(path: str) -> tuple[Construct, Claim]:
    """The claim named `construct.claim`; a construct's name alone means its first claim.

    Raises:
        BadInput: there is none; the message names the nearest.
    """
    head, _, tail = path.partition(".")
    owner = construct(head)
    if not tail and owner.claims:
        return owner, owner.claims[0]
    if refuted(path) is not None:
        raise BadInput(f"{path} is a false statement and no claim: it is shown with its witness")
    if growth(path) is not None:
        raise BadInput(f"{path} is a statement about growth and no claim: it is shown with its constants or points")
    known = [c.name for c in owner.claims]
    if tail not in known:
        others = [*(r.name for r in owner.refuted), *(g.name for g in owner.growth)]
        raise BadInput(f"{head} has no claim {tail!r}; {nearest(tail, [*known, *others])}")
    return owner, owner.claim(tail)


def refuted(path: str) -> tuple[Construct, Refuted] | None:
    """The false statement named `construct.name`, or None if that is something else.

    Raises:
        BadInput: there is no such construct.
    """
    head, _, tail = path.partition(".")
    owner = construct(head)
    if not tail and not owner.claims and owner.refuted:
        return owner, owner.refuted[0]
    found = next((r for r in owner.refuted if r.name == tail), None)
    return None if found is None else (owner, found)


def growth(path: str) -> tuple[Construct, Growth] | None:
    """The statement about growth named `construct.name`, or None if that is something else.

    Raises:
        BadInput: there is no such construct.
    """
    head, _, tail = path.partition(".")
    owner = construct(head)
    if not tail and not owner.claims and not owner.refuted and owner.growth:
        return owner, owner.growth[0]
    found = next((g for g in owner.growth if g.name == tail), None)
    return None if found is None else (owner, found)

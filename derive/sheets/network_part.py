"""The keys of a part that is the table of a network."""

from __future__ import annotations

from typing import Any, Protocol

from derive.errors import SheetError
from derive.sheets.specs import NetworkSpec

NETWORK_KEYS = ("columns", "blank", "operations", "bias_counted", "bytes", "compact", "formulas")


class Table(Protocol):
    """A table of a sheet file."""

    data: dict[str, Any]

    def has(self, key: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        """The value of a key, of that kind."""

    def error(self, message: str, *keys: str | int) -> SheetError:
        """A sentence with the line."""


def network_spec(table: Table) -> NetworkSpec:
    """What is asked for.

    Raises:
        SheetError: a value is of the wrong kind; with the line.
    """
    given: dict[str, Any] = {"text": str(table.has("network", str, "text in quotes"))}
    for key in ("columns", "blank"):
        if key in table.data:
            names = table.has(key, list, "a list of names")
            if not all(isinstance(name, str) for name in names):
                raise table.error(f"{key} must be a list of names in quotes", key)
            given[key] = tuple(names)
    for key, most in (("operations", 2), ("bytes", 16)):
        if key in table.data:
            given[key] = table.has(key, int, f"a number from 1 to {most}")
            if not 1 <= given[key] <= most:
                raise table.error(f"{key} must be a number from 1 to {most}, not {given[key]}", key)
    for key in ("bias_counted", "compact", "formulas"):
        if key in table.data:
            given[key] = table.has(key, bool, "true or false")
    return NetworkSpec(**given)

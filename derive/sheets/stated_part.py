"""Formulas of a sheet's author: read as claim files are, so that they are judged like anybody else's answer."""

from __future__ import annotations

from typing import Any

from derive.claims.files import claim_from
from derive.errors import BadInput, ClaimError
from derive.sheets.mathematics import check_formula
from derive.sheets.specs import FormulaSpec
from derive.sheets.tables import Table

CLAIM_KEYS = ("left", "right", "relation", "chain", "where", "let", "symbols", "form", "layout", "conventions")
"""Keys of a claim file that a formula of a sheet may have."""
_LATEX = ("left", "right", "chain", "where", "let")


def symbols_of(table: Table) -> tuple[tuple[str, str], ...]:
    """The declarations that the formulas of a problem share."""
    if "symbols" not in table.data:
        return ()
    symbols = table.table("symbols")
    return tuple((name, str(symbols.has(name, str, 'a text such as "integer >= 1"'))) for name in symbols.data)


def formulas_of(table: Table, symbols: tuple[tuple[str, str], ...] = ()) -> tuple[FormulaSpec, ...]:
    """The formulas of a part.

    Args:
        table: The part.
        symbols: Declarations that come before those of the formula.

    Raises:
        SheetError: a key or a value is wrong, or LaTeX that no page can show.
    """
    if isinstance(table.data.get("formula"), dict):
        return (_formula(table.table("formula"), symbols),)
    return tuple(_formula(one, symbols) for one in table.tables("formula", "[[problem.part.formula]]"))


def _formula(table: Table, symbols: tuple[tuple[str, str], ...]) -> FormulaSpec:
    table.only("a formula", (), ("text", *CLAIM_KEYS))
    for key in _LATEX:
        value = table.data.get(key, [])
        for source in value if isinstance(value, list) else [value]:
            _check(table, key, source)
    told: dict[str, Any] = {key: value for key, value in table.data.items() if key != "text"}
    own = told.get("symbols", {})
    if symbols and isinstance(own, dict):
        told["symbols"] = {**dict(symbols), **own}
    try:
        claim = claim_from(told)
    except ClaimError as error:
        raise table.error(f"a formula: {error}") from None
    if not (claim.left or claim.chain):
        raise table.error("a formula needs left and right, or a chain")
    return FormulaSpec(claim, table.prose("text"), table.line)


def _check(table: Table, key: str, source: Any) -> None:
    if not isinstance(source, str):
        raise table.error(f"{key} must be LaTeX in quotes", key)
    try:
        check_formula(source)
    except BadInput as error:
        raise table.error(f"{key}: {error}", key) from None

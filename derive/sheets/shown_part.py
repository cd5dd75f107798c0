"""What a part of a sheet file shows of its result: a table of values, plots, curves, a matrix."""

from __future__ import annotations

from derive.errors import BadInput
from derive.sheets.specs import CurveSpec, LineSpec, MatrixSpec, PlotSpec, TableSpec
from derive.sheets.tables import CLAIM, Table, range_of, symbol_of, values_of
from derive.sheets.values import symbol_name

PLOT_KINDS = ("stem", "overlap")


def table_of(table: Table) -> TableSpec:
    """A table of values."""
    variable, low, high = range_of(table, "a table", ("fold",))
    fold = table.has("fold", int, "a number of column groups") if "fold" in table.data else 1
    if not 1 <= fold <= 6:
        raise table.error(f"fold must be from 1 to 6 column groups, not {fold}", "fold")
    return TableSpec(variable, low, high, fold)


def matrix_of(table: Table) -> MatrixSpec:
    """What is shown as a matrix."""
    table.only("a matrix", *((("array",), ()) if "array" in table.data else (("rows",), ("columns", "array"))))
    names = {key: table.text(key) for key in table.data}
    for key, name in names.items():
        try:
            symbol_name(name)
        except BadInput as error:
            raise table.error(f"{key}: {error}", key) from None
    return MatrixSpec(**names)


def plots_of(table: Table) -> tuple[PlotSpec, ...]:
    """The plots of a part."""
    if "plot" not in table.data:
        return ()
    value = table.data["plot"]
    if isinstance(value, dict):
        return (_plot(table.table("plot")),)
    return tuple(_plot(p) for p in table.tables("plot", "[[problem.part.plot]]"))


def _plot(table: Table) -> PlotSpec:
    if "kind" not in table.data:
        raise table.error(f"a plot needs the key 'kind', one of {', '.join(PLOT_KINDS)}")
    kind = table.one_of("kind", PLOT_KINDS)
    variable, low, high = range_of(table, "a plot", ("kind", "caption", "set"))
    if kind == "stem" and "set" in table.data:
        raise table.error("a stem plot shows the values of its part; write set in the part", "set")
    values = values_of(table.table("set")) if "set" in table.data else ()
    return PlotSpec(kind, variable, low, high, table.prose("caption"), values)


def curve_of(table: Table) -> CurveSpec:
    """A figure of curves: of the part's result, or of each of its lines."""
    variable, low, high = range_of(table, "a figure of curves", ("caption", "lines", "set"))
    if low >= high:
        raise table.error(f"{variable}: a curve needs a range such as -2..2", variable)
    if "lines" in table.data and "set" in table.data:
        raise table.error("where there are lines, each has its own set", "set")
    lines = tuple(_line(line) for line in table.tables("lines", "lines = [{...}]")) or (_line(table, ("set",)),)
    return CurveSpec(variable, low, high, lines, table.prose("caption"))


def _line(table: Table, keys: tuple[str, ...] = ("claim", "array", "set", "label", "over")) -> LineSpec:
    if len(keys) > 1:
        table.only("a line", (), keys)
    claim = table.text("claim")
    if claim and not CLAIM.match(claim):
        raise table.error(f"claim must be construct.claim, such as soft_shrinkage.by_pieces, not {claim!r}", "claim")
    values = values_of(table.table("set")) if "set" in table.data else ()
    names = [symbol_of(table, table.text(key)) if table.text(key) else "" for key in ("array", "over")]
    return LineSpec(claim, names[0], values, table.prose("label"), names[1])

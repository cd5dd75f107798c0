"""The keys of a part that is about number formats."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Protocol

from derive.errors import BadInput, SheetError
from derive.formats.formats import MOST_BITS, read_format
from derive.sheets.specs import FormatSpec
from derive.sheets.values import exact_value, integer_range

FORMAT_KEYS = ("sigma", "fan_in", "figure", "powers", "saturate", "values")
FIGURES = ("rounded", "zeros", "entropy", "variance")
MOST_SCALES = 40
MOST_FORMATS = 12
LARGEST_FAN_IN = 10**18


class Table(Protocol):
    """A table of a sheet file."""

    data: dict[str, Any]

    def has(self, key: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        """The value of a key, of that kind."""

    def error(self, message: str, *keys: str | int) -> SheetError:
        """A sentence with the line."""


def format_spec(table: Table) -> FormatSpec:
    """What is asked for.

    Raises:
        SheetError: a value is of the wrong kind; with the line.
    """
    given: dict[str, Any] = {"formats": _list(table, "format", lambda name: read_format(str(name)), str)}
    if "sigma" in table.data and "fan_in" in table.data:
        raise table.error("give sigma or fan_in, not both: a fan-in of n is the scale 1/sqrt(n)", "fan_in")
    if "sigma" in table.data:
        given["sigma"] = _list(table, "sigma", lambda text: scale(str(text)), (str, int))
    if "fan_in" in table.data:
        given["fan_in"] = _list(table, "fan_in", lambda text: fan_in(str(text)), (int, str))
    if "figure" in table.data:
        given["figures"] = _list(table, "figure", lambda name: _figure(str(name)), str)
    if "powers" in table.data:
        try:
            given["powers"] = integer_range(str(table.has("powers", str, 'a range such as "0..24"')))
        except BadInput as error:
            raise table.error(f"powers: {error}", "powers") from None
        if not 0 <= given["powers"][0] < given["powers"][1] <= MOST_BITS:
            raise table.error(f'powers must be a range within 0..{MOST_BITS}, such as "0..24"', "powers")
    for key in ("saturate", "values"):
        if key in table.data:
            given[key] = table.has(key, bool, "true or false")
    if "rounded" in given.get("figures", ()) and not (given.get("sigma") or given.get("fan_in")):
        raise table.error('the figure "rounded" needs sigma or fan_in', "figure")
    spec = FormatSpec(**given)
    if "variance" in spec.figures and not spec.saturate:
        raise table.error("without saturation there is no variance to be drawn", "figure")
    return spec


def _list(table: Table, key: str, read: Callable[[Any], Any], kind: type | tuple[type, ...]) -> tuple[Any, ...]:
    """One value, or a list of them."""
    several = table.has(key, (list, *(kind if isinstance(kind, tuple) else (kind,))), "a text or a list of texts")
    found = several if isinstance(several, list) else [several]
    for value in found:
        if not isinstance(value, kind) or isinstance(value, bool):
            raise table.error(f"{key} must be a text, or a list of texts", key)
    try:
        made = tuple(map(read, found))
    except BadInput as error:
        raise table.error(f"{key}: {error}", key) from None
    if not made or len(set(made)) < len(made):
        raise table.error(f"{key} names {'nothing' if not made else 'something twice'}", key)
    most = MOST_FORMATS if key == "format" else MOST_SCALES
    if len(made) > most:
        raise table.error(f"{key} has more than {most} entries", key)
    return made


def _figure(name: str) -> str:
    if name not in FIGURES:
        raise BadInput(f"there is no figure {name[:30]!r}; there are {', '.join(FIGURES)}")
    return name


def scale(text: str) -> Fraction:
    """A positive scale, exact; `2^-6` is read as well.

    Raises:
        BadInput: it is none.

    Example:
        >>> str(scale("2^-6")), str(scale("0.02"))
        ('1/64', '1/50')
    """
    base, power, exponent = text.strip().partition("^")
    if power:
        small = exponent.lstrip("-")
        if base.strip() != "2" or not (small.isascii() and small.isdigit() and len(small) <= 4):
            raise BadInput(f"{text[:30]!r} is no scale; write 1/64, 0.02 or 2^-6")
        found = Fraction(2) ** int(exponent)
    else:
        found = exact_value(text)
    if found <= 0:
        raise BadInput(f"a scale is positive, which {text.strip()[:30]} is not")
    if not Fraction(1, 2**1024) <= found <= 2**1024:
        raise BadInput("a scale must be between 2^-1024 and 2^1024")
    return found


def fan_in(text: str) -> int:
    """A number of inputs; `2^20` is read as well.

    Raises:
        BadInput: it is none.

    Example:
        >>> fan_in("4096"), fan_in("2^20")
        (4096, 1048576)
    """
    base, power, exponent = text.strip().replace("_", "").partition("^")
    small = (exponent if power else base).strip()
    good = small.isascii() and small.isdigit() and len(small) <= 19 and (not power or base.strip() == "2")
    if not good or (power and int(small) > 59):
        raise BadInput(f"{text[:30]!r} is no fan-in; write a whole number from 1 to 10^18, such as 4096 or 2^12")
    found = 2 ** int(small) if power else int(small)
    if not 1 <= found <= LARGEST_FAN_IN:
        raise BadInput(f"a fan-in is a whole number from 1 to 10^18, which {text.strip()[:30]} is not")
    return found

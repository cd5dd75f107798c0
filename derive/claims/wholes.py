r"""Whole arrays as values: vectors, matrices and arrays with an entry at each index, and what is made of them.

A product of matrices is its sum over the inner index, in the order in which it is written. A vector is a column; a
transposed one is a row, and a row times a column is a number. Shapes that do not fit are an `IllFittingShapes`.

Where a value can be told in the engine's whole-array notation it keeps that as well (`base`), so that laws of inverses,
determinants and spectral norms can speak of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Integer, Mod, floor

from derive.errors import BadInput, IllFormed
from derive.language import Array, Entry, IndexSum, Indicator, eq
from derive.language.forms import of
from derive.language.symbols import fresh
from derive.language.terms import names_in

Axes = tuple[tuple[Expr, Expr], ...]
At = Callable[[Sequence[Expr]], Expr]

KINDS = ("array", "column", "row", "matrix", "tuple")
ONE = Integer(1)
TENSOR_READINGS = "\\otimes of two vectors is their outer product", "it is their Kronecker product, one long vector"
SHORT = 6
"""So long may an axis be along which a sum is written out, of what was written out itself."""


class IllFittingShapes(BadInput):
    """Two values whose shapes do not fit: what is claimed of them is ill-formed."""


@dataclass(frozen=True)
class Whole:
    """An array as a value.

    Attributes:
        axes: Its range on each axis.
        at: Its entries.
        kind: One of KINDS; a tuple is a row of numbers that may stand for a column, as its transpose does.
        base: What it is in the engine's whole-array notation.
        outside: What it is outside its range: error, zero, wraps.
        elsewhere: Of a sliding product, its parts of other sizes.
        began: Of a sliding product, the first indices of its factors, where its own may be counted from them too.
    """

    axes: Axes
    at: At
    kind: str = "array"
    base: Array | None = None
    outside: str = "error"
    elsewhere: tuple[Whole, ...] = ()
    began: tuple[Expr, ...] = ()

    @property
    def is_square(self) -> bool:
        """Whether it is a matrix with as many rows as columns."""
        return len(self.axes) == 2 and size(self.axes[0]) == size(self.axes[1])


@dataclass(frozen=True)
class Unit:
    """A multiple of the identity matrix of whatever size is wanted."""

    factor: Expr = ONE


@dataclass(frozen=True)
class Ones:
    """A column (or row) of ones of whatever length is wanted."""

    row: bool = False
    factor: Expr = ONE


def size(axis: tuple[Expr, Expr]) -> Expr:
    """How many indices an axis has.

    Example:
        >>> from derive.language import integer
        >>> n = integer("n")
        >>> size((Integer(0), n - 1))
        n
    """
    return axis[1] - axis[0] + 1


def shape_said(value: object) -> str:
    """The shape in words."""
    if isinstance(value, Whole):
        sizes = " x ".join(str(size(a)) for a in value.axes)
        return {"column": f"a vector of length {sizes}", "row": f"a row of length {sizes}"}.get(value.kind, f"{sizes}")
    if isinstance(value, Unit):
        return "an identity matrix"
    return "a vector of ones" if isinstance(value, Ones) else "a number"


def of_array(array: Array, kind: str = "array") -> Whole:
    """A declared array as a value."""
    return Whole(array.axes, lambda at: Entry(array, *at), kind, array, array.outside)


def as_number(value: Whole) -> Expr | None:
    """A value with one entry as a number; None if it has more, or may have."""
    if all(size(axis) == 1 for axis in value.axes):
        return value.at([low for low, _ in value.axes])
    return None


def _same_range(one: tuple[Expr, Expr], other: tuple[Expr, Expr], said: str) -> None:
    if size(one) != size(other) and (size(one) - size(other)).expand() != 0:
        raise IllFittingShapes(f"{said}: {size(one)} is not {size(other)}")


def _shifted(index: Expr, old: tuple[Expr, Expr], new: tuple[Expr, Expr]) -> Expr:
    return index + (old[0] - new[0])


def entrywise(one: Whole, other: Whole, operation: Callable[[Expr, Expr], Expr], form: str | None, said: str) -> Whole:
    """Entry by entry, counted from the first index of each; a matrix with one column is a column."""
    one, other = narrow(one, other), narrow(other, one)
    if len(one.axes) != len(other.axes):
        raise IllFittingShapes(f"{said} are of different shapes: {shape_said(one)} and {shape_said(other)}")
    if {one.kind, other.kind} == {"row", "column"}:
        raise IllFittingShapes(f"{said} are a row and a column")
    for a, b in zip(one.axes, other.axes, strict=True):
        _same_range(a, b, f"{said} are of different sizes")

    def at(indices: Sequence[Expr]) -> Expr:
        places = [_shifted(i, b, a) for i, a, b in zip(indices, one.axes, other.axes, strict=True)]
        return operation(one.at(indices), other.at(places))

    return Whole(one.axes, at, one.kind, _form(form, one, other), began=one.began)


def narrow(value: Whole, beside: Whole) -> Whole:
    """The value; a matrix with one column, or one row, beside what has one axis has one axis as well."""
    if len(value.axes) != 2 or len(beside.axes) != 1:
        return value
    rows, columns = value.axes
    if size(columns) == 1 and beside.kind != "row":
        return Whole((rows,), lambda at: value.at([at[0], columns[0]]), "column", outside=value.outside)
    if size(rows) == 1 and beside.kind not in ("column", "array"):
        return Whole((columns,), lambda at: value.at([rows[0], at[0]]), "row", outside=value.outside)
    return value


def _form(name: str | None, *parts: Whole | Expr) -> Array | None:
    operands = [p.base if isinstance(p, Whole) else p for p in parts]
    if name is None or any(o is None for o in operands):
        return None
    try:
        return of(name, *operands)
    except IllFormed:
        return None


def mapped(value: Whole, function: Callable[[Expr], Expr]) -> Whole:
    """The function of each entry."""
    return Whole(value.axes, lambda at: function(value.at(at)), value.kind, began=value.began)


def scaled(factor: Expr, value: Whole) -> Whole:
    """A number times an array."""
    if factor == 1:
        return value
    parts = tuple(scaled(factor, part) for part in value.elsewhere)
    form = _form("scaled", factor, value)
    return Whole(value.axes, lambda at: factor * value.at(at), value.kind, form, value.outside, parts, value.began)


def transposed(value: Whole) -> Whole:
    """Rows as columns."""
    if len(value.axes) == 1:
        turned = "column" if value.kind in ("row", "tuple") else "row"
        return Whole(value.axes, value.at, turned, value.base)
    if len(value.axes) != 2:
        raise IllFittingShapes(f"an array with {len(value.axes)} axes has no transpose")
    return Whole(value.axes[::-1], lambda at: value.at([at[1], at[0]]), "matrix", _form("transpose", value))


def product(one: Whole, other: Whole, taken: set[str]) -> Whole | Expr:
    """The product of matrices, in this order; of a row and a column it is a number."""
    if "array" in (one.kind, other.kind) and 2 in (len(one.axes), len(other.axes)):
        for value in (one, other):
            if value.kind == "array" and len(value.axes) == 2:
                raise IllFittingShapes("an array with two axes stands in a product of matrices: declare it as a matrix")
    if len(one.axes) > 2 or len(other.axes) > 2:
        raise IllFittingShapes("arrays with more than two axes have no matrix product")
    if len(one.axes) == 1 and one.kind != "row":  # a column times a row, or times a matrix with one row
        return _outer(one, other)
    inner = one.axes[-1]
    if other.kind == "row":
        raise IllFittingShapes(f"{shape_said(one)} times {shape_said(other)}: the shapes do not fit")
    _same_range(inner, other.axes[0], f"{shape_said(one)} times {shape_said(other)}")
    k = fresh("k", taken | names_in(*(end for axis in (*one.axes, *other.axes) for end in axis)))
    taken.add(k.name)
    there = _shifted(k, other.axes[0], inner)
    left, right = len(one.axes) - 1, len(other.axes) - 1

    def at(indices: Sequence[Expr]) -> Expr:
        letter = fresh("k", taken | names_in(*indices)) if k.name in names_in(*indices) else k
        place = there.xreplace({k: letter}) if letter != k else there
        mine, theirs = [*indices[:left], letter], [place, *indices[left:]]
        few = _few(inner) if one.base is None or other.base is None else []
        if few:  # what is written out in full stays so
            pairs = ((k, place.xreplace({letter: k})) for k in few)
            return Add(*(one.at([*mine[:-1], k]) * other.at([there_, *theirs[1:]]) for k, there_ in pairs))
        return IndexSum(one.at(mine) * other.at(theirs), letter, *inner)

    if left == 0 and right == 0:
        return at([])
    axes = (*one.axes[:left], *other.axes[1:])
    kind = "matrix" if len(axes) == 2 else "column" if left else "row"
    same_origins = inner == other.axes[0]
    return Whole(axes, at, kind, _form("product", one, other) if same_origins else None)


def _few(axis: tuple[Expr, Expr]) -> list[Expr]:
    """The indices of a short axis between numbers."""
    low, high = axis
    if isinstance(low, Integer) and isinstance(high, Integer) and int(high) - int(low) < SHORT:
        return [Integer(k) for k in range(int(low), int(high) + 1)]
    return []


def _outer(one: Whole, other: Whole) -> Whole | Expr:
    if len(other.axes) == 1 and other.kind == "row":
        return Whole(
            (*one.axes, *other.axes),
            lambda at: one.at([at[0]]) * other.at([at[1]]),
            "matrix",
            _form("outer", one, other),
        )
    if len(other.axes) == 2 and size(other.axes[0]) == 1:
        low = other.axes[0][0]
        return Whole((*one.axes, other.axes[1]), lambda at: one.at([at[0]]) * other.at([low, at[1]]), "matrix")
    raise IllFittingShapes(f"{shape_said(one)} times {shape_said(other)}: the shapes do not fit")


def kronecker(one: Whole, other: Whole) -> Whole:
    """The Kronecker product: blocks that are the second matrix times the entries of the first, indices from 1.

    Example:
        >>> from sympy import symbols
        >>> from derive.language import array
        >>> one, other = (of_array(array(name, (1, 2), (1, 2)), "matrix") for name in "AB")
        >>> kronecker(one, other).at([Integer(3), Integer(2)])
        A[2, 1]*B[1, 2]
    """
    sizes = [size(axis) for axis in other.axes]
    axes = tuple((ONE, size(a) * n) for a, n in zip(one.axes, sizes, strict=True))

    def at(indices: Sequence[Expr]) -> Expr:
        block = [quotient(i - 1, n) + a[0] for i, n, a in zip(indices, sizes, one.axes, strict=True)]
        place = [remainder(i - 1, n) + b[0] for i, n, b in zip(indices, sizes, other.axes, strict=True)]
        return one.at(block) * other.at(place)

    return Whole(axes, at, "matrix")


def stacked(value: Whole | Expr) -> Whole:
    """The columns of a matrix below one another, indices from 1; a column is that itself."""
    if not isinstance(value, Whole):
        raise IllFittingShapes("the columns of a number")
    if len(value.axes) == 1:
        return Whole(value.axes, value.at, "column", value.base)
    if len(value.axes) != 2:
        raise IllFittingShapes(f"the columns of {shape_said(value)}")
    rows, columns = value.axes
    height = size(rows)

    def at(indices: Sequence[Expr]) -> Expr:
        place = indices[0] - 1
        return value.at([remainder(place, height) + rows[0], quotient(place, height) + columns[0]])

    return Whole(((ONE, height * size(columns)),), at, "column")


def quotient(above: Expr, below: Expr) -> Expr:
    """How often a size fits into an integer."""
    if below == 1:
        return above
    return floor(above / below, evaluate=isinstance(above, Integer) and isinstance(below, Integer))


def remainder(above: Expr, below: Expr) -> Expr:
    """What a size leaves of an integer."""
    if below == 1:
        return Integer(0)
    return Mod(above, below, evaluate=isinstance(above, Integer) and isinstance(below, Integer))


def trace(value: Whole, taken: set[str]) -> Expr:
    """The sum of the diagonal."""
    if not value.is_square:
        raise IllFittingShapes(f"the trace is of a square matrix, and this one is {shape_said(value)}")
    k = fresh("k", taken)
    taken.add(k.name)
    (low, high), second = value.axes
    few = _few(value.axes[0]) if value.base is None else []
    if few:
        return Add(*(value.at([j, _shifted(j, second, (low, high))]) for j in few))
    return IndexSum(value.at([k, _shifted(k, second, (low, high))]), k, low, high)


def identity(n: Expr, factor: Expr = ONE, low: Expr = ONE) -> Whole:
    """A multiple of the identity matrix."""
    axis = (low, low + n - 1)
    base = of("identity", n) if low == 1 and factor == 1 else None
    return Whole((axis, axis), lambda at: factor * Indicator(eq(at[0], at[1])), "matrix", base)


def like(value: Unit, other: Whole) -> Whole:
    """The identity of the size of a square matrix."""
    if not other.is_square:
        raise IllFittingShapes(f"an identity matrix beside a matrix that is {shape_said(other)}")
    return identity(size(other.axes[0]), value.factor, other.axes[0][0])


def ones(axis: tuple[Expr, Expr], value: Ones) -> Whole:
    """Ones on this axis."""
    base = of("ones", axis[1]) if axis[0] == 1 and value.factor == 1 else None
    return Whole((axis,), lambda at: value.factor, "row" if value.row else "column", base)


def diagonal(value: Whole) -> Whole:
    """The matrix with these numbers on its diagonal; of a matrix its diagonal."""
    if len(value.axes) == 1:
        axis = value.axes[0]
        form = _form("diagonal", value)
        return Whole((axis, axis), lambda at: Indicator(eq(at[0], at[1])) * value.at([at[0]]), "matrix", form)
    if not value.is_square:
        raise IllFittingShapes(f"the diagonal of {shape_said(value)}")
    first, second = value.axes
    return Whole((first,), lambda at: value.at([at[0], _shifted(at[0], second, first)]), "column")


def summed(value: Whole, body: Callable[[Expr], Expr], taken: set[str]) -> Expr:
    """The sum over all entries of a function of the entry."""
    letters = []
    for axis, letter in zip(value.axes, "ijlmrs", strict=False):
        index = fresh(letter, taken)
        taken.add(index.name)
        letters.append((index, axis))
    total = body(value.at([index for index, _ in letters]))
    for index, (low, high) in reversed(letters):
        total = IndexSum(total, index, low, high)
    return total

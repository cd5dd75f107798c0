r"""Whole-array notation: forms such as $A B$, $\mathrm{Diag}(p)$, $X \star W$, each tied to its definition in indices.

A `Form` is an array made of arrays; `Entry(form, i, j)` is one of its numbers, and `form.definition` says which, in
indices. So matrix notation is a view: a line may pass from indices to a form and back by the definition, and the
checker sees no more than that.

Conventions. A form has the index origin of its (first) operand, so with indices from 1 the correlation is
`sum(x[i + j - 1] * w[j])`, with indices from 0 `sum(x[i + j] * w[j])`. It is 0 outside its range if its first operand
is, else an error. Convolution turns the kernel, correlation does not.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.1, (9.3) to (9.6) for correlation and convolution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr, Integer
from sympy.core.symbol import Str

from derive.errors import IllFormed
from derive.language.arrays import Array, Entry, check_ends
from derive.language.conditions import as_expr, eq
from derive.language.symbols import fresh
from derive.language.terms import IndexSum, Indicator, names_in

if TYPE_CHECKING:
    from derive.language.context import Definition

Axes = tuple[tuple[Expr, Expr], ...]
Indices = Sequence[Expr]


class Form(Array):
    """An array in whole-array notation.

    Args:
        operation: One of FORMS.
        operands: Arrays, forms, or (for `scaled`) a number first.

    Raises:
        IllFormed: there is no such operation, or the shapes of the operands do not fit.
    """

    __slots__ = ("_axes",)
    _axes: Axes

    def __new__(cls, operation: str | Str, *operands: Any) -> Form:
        label = operation if isinstance(operation, Str) else Str(operation)
        if label.name not in FORMS:
            raise IllFormed(f"{label.name!r} is not a form; there are {', '.join(sorted(FORMS))}")
        parts = [o if isinstance(o, Array) else as_expr(o) for o in operands]
        made: Form = Basic.__new__(cls, label, *parts)
        made._axes = made._shape()
        return made

    def _sympystr(self, printer: Any) -> str:
        return self.name

    @property
    def operation(self) -> str:
        """The name in FORMS."""
        return str(self.args[0].name)

    @property
    def operands(self) -> tuple[Any, ...]:
        """What it is made of."""
        return tuple(self.args[1:])

    @property
    def name(self) -> str:
        """A name for messages."""
        return f"{self.operation}({', '.join(str(o) for o in self.operands)})"

    @property
    def axes(self) -> Axes:
        """(low, high) of each axis."""
        return self._axes

    def _shape(self) -> Axes:
        shape, _ = FORMS[self.operation]
        try:
            found = shape(*self.operands)
        except (TypeError, ValueError, IndexError, AttributeError):
            said = ", ".join(str(o) for o in self.operands)
            raise IllFormed(f"the shapes of {said} do not fit for the form {self.operation}") from None
        check_ends(found)
        return found

    @property
    def outside(self) -> str:
        """Zero outside its range if its first operand is; an inverse is an error there."""
        if FORMS[self.operation][1] is None:
            return "error"
        arrays = [o for o in self.operands if isinstance(o, Array)]
        return "zero" if arrays and arrays[0].outside == "zero" else "error"

    @property
    def definition(self) -> Definition | None:
        """What its entries are, in indices; None for what only laws speak of: inverses, determinants, ranks, norms."""
        from derive.language.context import Definition

        taken = names_in(self)
        indices: list[Any] = []
        for letter, _ in zip("ijlmnrst", self.axes, strict=False):
            indices.append(fresh(letter, taken))
            taken.add(indices[-1].name)
        _, entry = FORMS[self.operation]
        if entry is None:
            return None
        return Definition(self, tuple(indices), entry(indices, taken, *self.operands))


def entry_of(operand: Array, *indices: Any) -> Expr:
    """One number of an array or form."""
    return Entry(operand, *indices)


def _bound(operand: Array, taken: set[str], letters: str = "luvrst") -> tuple[list[Any], Callable[[Expr], Expr]]:
    """Fresh indices that run over all axes of the operand, and the sum over them."""
    indices: list[Any] = []
    for letter, _ in zip(letters, operand.axes, strict=False):
        indices.append(fresh(letter, taken))
        taken.add(indices[-1].name)

    def total(body: Expr) -> Expr:
        for index, (low, high) in reversed(list(zip(indices, operand.axes, strict=True))):
            body = IndexSum(body, index, low, high)
        return body

    return indices, total


def _same_axes(a: Array, b: Array) -> Axes:
    if a.axes != b.axes:
        raise ValueError
    return a.axes


def _valid(x: Array, w: Array) -> Axes:
    pairs = zip(x.axes, w.axes, strict=True)
    return tuple((low, high - (top - bottom)) for (low, high), (bottom, top) in pairs)


def _full(x: Array, w: Array) -> Axes:
    pairs = zip(x.axes, w.axes, strict=True)
    return tuple((low, high + (top - bottom)) for (low, high), (bottom, top) in pairs)


def _slid(place: Callable[[Expr, Expr, Expr, Expr], Expr]) -> Callable[..., Expr]:
    """sum(x[place(i, j, bottom, top)] * w[j]) over all j in the kernel, on every axis."""

    def entry(indices: Indices, taken: set[str], x: Array, w: Array) -> Expr:
        bound, total = _bound(w, taken)
        places = [place(i, j, *ends) for i, j, ends in zip(indices, bound, w.axes, strict=True)]
        return total(Entry(x, *places) * Entry(w, *bound))

    return entry


def _flipped(indices: Indices, taken: set[str], w: Array) -> Expr:
    return Entry(w, *(low + high - i for i, (low, high) in zip(indices, w.axes, strict=True)))


def _matrix(a: Array) -> Axes:
    if len(a.axes) != 2:
        raise ValueError
    return a.axes


def _square(a: Array) -> Axes:
    if len(a.axes) != 2 or a.axes[0] != a.axes[1]:
        raise ValueError
    return ()


def _transposed(a: Array) -> Axes:
    return _matrix(a)[::-1]


def _product_axes(a: Array, b: Array) -> Axes:
    if a.axes[-1] != b.axes[0] or not 1 <= len(a.axes) <= 2 or not 1 <= len(b.axes) <= 2:
        raise ValueError
    return (*a.axes[:-1], *b.axes[1:])


def _product(indices: Indices, taken: set[str], a: Array, b: Array) -> Expr:
    k = fresh("k", taken)
    split = len(a.axes) - 1
    return IndexSum(Entry(a, *indices[:split], k) * Entry(b, k, *indices[split:]), k, *b.axes[0])


def _outer(u: Array, v: Array) -> Axes:
    (rows,), (columns,) = u.axes, v.axes
    return (rows, columns)


def _diagonal(p: Array) -> Axes:
    (axis,) = p.axes
    return (axis, axis)


def _scaled(c: Expr, a: Array) -> Axes:
    if isinstance(c, Array):
        raise ValueError
    return a.axes


def _traced(indices: Indices, taken: set[str], a: Array) -> Expr:
    k = fresh("k", taken)
    return IndexSum(Entry(a, k, k), k, *a.axes[0])


def _inner(indices: Indices, taken: set[str], a: Array, b: Array) -> Expr:
    bound, total = _bound(a, taken)
    return total(Entry(a, *bound) * Entry(b, *bound))


def _unit(indices: Indices, taken: set[str], *_: Any) -> Expr:
    return Indicator(eq(indices[0], indices[1]))


def _ones_axes(size: Expr) -> Axes:
    if isinstance(size, Array):
        raise ValueError
    return ((Integer(1), size),)


def _invertible(a: Array) -> Axes:
    _square(a)
    return a.axes


FORMS: dict[str, tuple[Callable[..., Axes], Callable[..., Expr] | None]] = {
    "correlation": (_valid, _slid(lambda i, j, low, high: i + j - low)),
    "convolution": (_valid, _slid(lambda i, j, low, high: i + high - j)),
    "full_correlation": (_full, _slid(lambda i, j, low, high: i + j - high)),
    "full_convolution": (_full, _slid(lambda i, j, low, high: i + low - j)),
    "flip": (lambda w: w.axes, _flipped),
    "transpose": (_transposed, lambda at, taken, a: Entry(a, at[1], at[0])),
    "product": (_product_axes, _product),
    "outer": (_outer, lambda at, taken, u, v: Entry(u, at[0]) * Entry(v, at[1])),
    "diagonal": (_diagonal, lambda at, taken, p: Indicator(eq(at[0], at[1])) * Entry(p, at[0])),
    "hadamard": (_same_axes, lambda at, taken, a, b: Entry(a, *at) * Entry(b, *at)),
    "sum": (_same_axes, lambda at, taken, a, b: Entry(a, *at) + Entry(b, *at)),
    "difference": (_same_axes, lambda at, taken, a, b: Entry(a, *at) - Entry(b, *at)),
    "scaled": (_scaled, lambda at, taken, c, a: c * Entry(a, *at)),
    "identity": (lambda n: (*_ones_axes(n), *_ones_axes(n)), _unit),
    "ones": (_ones_axes, lambda at, taken, n: Integer(1)),
    "trace": (_square, _traced),
    "inner": (lambda a, b: _same_axes(a, b)[:0], _inner),
    "squared_norm": (lambda a: (), lambda at, taken, a: _inner(at, taken, a, a)),
    "inverse": (_invertible, None),
    "determinant": (_square, None),
    "rank": (lambda a: _matrix(a)[:0], None),
    "spectral_norm": (lambda a: _matrix(a)[:0], None),
    "nuclear_norm": (lambda a: _matrix(a)[:0], None),
    "leading_direction": (lambda a: _matrix(a)[1:], None),
}
"""{operation: (the axes, one entry in indices)}; the entry gets its indices, names in use, and the operands.

There is no entry in indices for an inverse and a determinant, nor for norms made of singular values: the largest one,
the sum of them. A leading direction is a vector of length 1 that the matrix stretches by the largest one.
"""

NEVER_NEGATIVE = ("spectral_norm", "nuclear_norm", "squared_norm", "rank")
"""Forms that are numbers and never negative."""


def of(operation: str, *operands: Any) -> Form:
    """The form.

    Example:
        >>> from derive.language import array, integer
        >>> n, k = integer("n"), integer("k")
        >>> x, w = array("x", (1, n), outside="zero"), array("w", (1, k))
        >>> of("full_convolution", x, w).definition.body
        sum(w[l]*x[i - l + 1], l=1..k)
    """
    return Form(operation, *operands)


def bases(array: Array) -> tuple[Array, ...]:
    """The arrays that an array or form is made of, forms taken apart."""
    if not isinstance(array, Form):
        return (array,)
    return tuple(dict.fromkeys(b for o in array.operands if isinstance(o, Array) for b in bases(o)))

r"""Functions of which only that they are smooth is known, of a number, $f(t)$, or of an array, $f(x)$.

`Applied("f", 0, t)` is f at a number, `Applied("f", r, t)` its r-th derivative there. `Image("g", axes, x)` is the
array with these axes that the map g makes of the array x; with an order r it has r more groups of axes, those of x,
and its entries are the r-th partial derivatives of the entries of g(x): of order 1 it is the Jacobian of g at x, an
output and then a variable. Nothing else is known of such a function, so what is proved holds for each one that has
continuous derivatives of all orders everywhere.

At exact points, and compiled, a function is a polynomial of its own (`instance`), the same every time: laws do not see
it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr, Integer, Rational, Tuple
from sympy.core.symbol import Str

from derive.errors import IllFormed
from derive.language.arrays import Array, Entry
from derive.language.conditions import as_expr
from derive.language.forms import Form
from derive.language.symbols import fresh, integer
from derive.language.terms import IndexSum, names_in, subterms

if TYPE_CHECKING:
    from derive.language.context import Definition

HIGHEST_ORDER = 20


def _order(order: Any) -> Integer:
    found = as_expr(order)
    if not isinstance(found, Integer) or not 0 <= found <= HIGHEST_ORDER:
        raise IllFormed(f"a derivative has an order from 0 to {HIGHEST_ORDER}, not {order}")
    return found


def _label(name: str | Str) -> Str:
    return name if isinstance(name, Str) else Str(integer(name).name)


class Applied(Expr):
    """A smooth function at a number, or one of its derivatives.

    Example:
        >>> from derive.language import real
        >>> Applied("f", 1, real("t"))
        f'(t)
    """

    is_commutative = True
    is_extended_real = True

    def __new__(cls, name: str | Str, order: Any, inside: Any) -> Applied:
        made: Applied = Expr.__new__(cls, _label(name), _order(order), as_expr(inside))
        return made

    @property
    def name(self) -> str:
        """The name of the function."""
        return str(self.args[0].name)

    @property
    def order(self) -> int:
        """How often it is differentiated."""
        return int(self.args[1])

    @property
    def inside(self) -> Expr:
        """Where."""
        return self.args[2]

    def _sympystr(self, printer: Any) -> str:
        return f"{self.name}{chr(39) * self.order}({printer.doprint(self.inside)})"

    @property
    def instance(self) -> Expr:
        """Its value where the function is the polynomial that stands for it at points."""
        found: Expr = Integer(0)
        for power, weight in enumerate(_weights(self.name)):
            times = Integer(1)
            for step in range(self.order):
                times *= power - step
            if times:
                found += weight * times * self.inside ** (power - self.order)
        return found


class Image(Form):
    """The array that a smooth map makes of another one, or the derivatives of its entries.

    Args:
        name: Of the map.
        own: (low, high) of each axis of its values.
        operand: What it is taken of.
        order: 0 for the values; each one more adds the axes of the operand.

    Example:
        >>> from derive.language import array, integer
        >>> x = array("x", (1, integer("l")))
        >>> Image("f", ((1, integer("m")),), x, 1)[1, 2]
        J_f(x)[1, 2]
    """

    __slots__ = ()

    def __new__(cls, name: str | Str, own: Any, operand: Any, order: Any = 0) -> Image:
        if not isinstance(operand, Array):
            raise IllFormed(f"the map {name} is taken of an array, not of {operand}")
        pairs = Tuple(*(Tuple(as_expr(low), as_expr(high)) for low, high in own))
        made: Image = Basic.__new__(cls, _label(name), pairs, operand, _order(order))
        values = tuple((p.args[0], p.args[1]) for p in pairs.args)
        made._axes = values + operand.axes * made.order
        if any(end.is_infinite for axis in made._axes for end in axis):
            raise IllFormed(f"{name} is a map of finitely many numbers to finitely many")
        return made

    @property
    def operation(self) -> str:
        """Not one of FORMS."""
        return "image"

    @property
    def operands(self) -> tuple[Any, ...]:
        """What the map is taken of."""
        return (self.args[2],)

    @property
    def order(self) -> int:
        """How often it is differentiated."""
        return int(self.args[3])

    @property
    def map(self) -> str:
        """The name of the map."""
        return str(self.args[0].name)

    @property
    def own(self) -> tuple[tuple[Expr, Expr], ...]:
        """(low, high) of each axis of the values."""
        return tuple((p.args[0], p.args[1]) for p in self.args[1].args)

    @property
    def name(self) -> str:
        """A name for messages."""
        return f"{('', 'J_', 'H_')[self.order] if self.order < 3 else f'D{self.order}_'}{self.map}({self.operands[0]})"

    @property
    def outside(self) -> str:
        """An error, always."""
        return "error"

    @property
    def definition(self) -> None:
        """There is none: only that it is smooth is known of the map."""

    @property
    def derivative(self) -> Image:
        """All partial derivatives of its entries by entries of the operand."""
        return Image(self.args[0], self.own, self.operands[0], self.order + 1)

    @property
    def instance(self) -> Definition:
        """Its entries where the map is the polynomial that stands for it at points."""
        from derive.language.context import Definition

        taken = names_in(self)
        indices = []
        for place, _ in enumerate(self.axes):
            indices.append(fresh("abcdefghij"[place % 10], taken))
            taken.add(indices[-1].name)
        entries, places = indices[: len(self.own)], indices[len(self.own) :]
        width = len(self.operands[0].axes)
        groups = [places[width * k : width * (k + 1)] for k in range(self.order)]
        row, (seed, other) = _number(entries), _seeds(self.map)

        def linear(column: Expr) -> Expr:
            return Rational(1, 3) * (seed * row + 2 * column + other * row * column - 3)

        def square(column: Expr) -> Expr:
            return Rational(1, 4) * (other + row - seed * column)

        bound = []
        for _ in self.operands[0].axes:
            bound.append(fresh("k", taken))
            taken.add(bound[-1].name)

        def total(weight: Callable[[Expr], Expr]) -> Expr:
            body: Expr = weight(_number(bound)) * Entry(self.operands[0], *bound)
            for index, (low, high) in reversed(list(zip(bound, self.operands[0].axes, strict=True))):
                body = IndexSum(body, index, low, high)
            return body

        body: Expr = Integer(0)
        if self.order == 0:
            body = total(linear) + total(square) ** 2
        elif self.order == 1:
            body = linear(_number(groups[0])) + 2 * square(_number(groups[0])) * total(square)
        elif self.order == 2:
            body = 2 * square(_number(groups[0])) * square(_number(groups[1]))
        return Definition(self, tuple(indices), body)


def any_entry(operand: Array, taken: Any) -> Entry:
    """An entry of the array at indices that mean nothing yet.

    Args:
        operand: The array.
        taken: Names in use.
    """
    used, indices = set(taken), []
    for _ in operand.axes:
        letter = next((letter for letter in "kpqrs" if letter not in used), "k")
        indices.append(fresh(letter, used))
        used.add(indices[-1].name)
    return Entry(operand, *indices)


def _number(indices: list[Any]) -> Expr:
    """One number for the indices: the first, three times the second, and so on."""
    return sum((3**place * index for place, index in enumerate(indices)), Integer(0)) if indices else Integer(1)


def _seeds(name: str) -> tuple[int, int]:
    total = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    return 1 + total % 7, 1 + total % 5


def _weights(name: str) -> tuple[Rational, ...]:
    """Of a polynomial of degree 4, one for each function."""
    total = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    return tuple(Rational((total * (p + 2) + 7 * p) % 11 - 5, p + 1) or Integer(6) for p in range(5))


def functions_in(*terms: Basic) -> tuple[str, ...]:
    """The names of the smooth functions and maps in the terms, in alphabetical order."""
    found = (t.name if isinstance(t, Applied) else t.map for e in terms for t in subterms(e) if _is_one(t))
    return tuple(sorted(set(found)))


def _is_one(term: Basic) -> bool:
    return isinstance(term, (Applied, Image))


def as_function(name: str) -> Callable[[Any], Any]:
    """The polynomial that stands for a function of a number, for any kind of number.

    Example:
        >>> from derive.language import real
        >>> as_function("f")(2) == Applied("f", 0, 2).instance
        True
    """
    weights = [Fraction(int(w.p), int(w.q)) for w in _weights(name)]

    def function(number: Any) -> Any:
        result: Any = 0
        for weight in reversed(weights):
            result = result * number + weight
        return result

    return function


def as_map(name: str) -> Callable[[Any, dict[tuple[int, ...], Any]], Any]:
    """The polynomial map: (indices of the value, {indices: number}) to a number."""
    seed, other = _seeds(name)

    def number(indices: tuple[int, ...]) -> int:
        return sum(3**place * index for place, index in enumerate(indices)) if indices else 1

    def value(indices: tuple[int, ...], inputs: dict[tuple[int, ...], Any]) -> Any:
        row = number(indices)
        straight: Any = 0
        bent: Any = 0
        for column, x in inputs.items():
            k = number(column)
            straight = straight + Fraction(seed * row + 2 * k + other * row * k - 3, 3) * x
            bent = bent + Fraction(other + row - seed * k, 4) * x
        return straight + bent * bent

    return value


def stands_for(name: str) -> Callable[..., Any]:
    """What an oracle gets for a function: of a number the polynomial; of indices and numbers by index, the map."""
    scalar, mapped = as_function(name), as_map(name)
    return lambda *arguments: scalar(*arguments) if len(arguments) == 1 else mapped(*arguments)

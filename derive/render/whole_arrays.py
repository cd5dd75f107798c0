r"""Arrays in whole-array notation: $A\,B$, $\operatorname{Diag}(p)$, $X\star W$, with parentheses where needed.

Signs of one rank are joined from the left without parentheses only where that is how they were made: `A B C` is
`(A B) C`, and `A (B C)` keeps its parentheses, so that each form has a text of its own. Products with a sign of their
own (entry by entry, correlation, convolution) bind no more and no less than a plain product, so parentheses stand
between the two. A vector in front of a product is a row: `u' A`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import Expr

from derive.errors import CannotPrint
from derive.language import Array
from derive.language.forms import Form
from derive.language.maps import Image
from derive.render.order import is_taken

# How a text is made up, from what binds most to what binds least.
ATOM, POWER, PRODUCT, SIGNED, SUM = range(5)


@dataclass(frozen=True)
class Pen:
    """How a format writes arrays.

    Attributes:
        name: Writes the name of an array.
        factor: Writes a number in front of an array, in parentheses where it needs them.
        number: Writes a number that stands alone.
        infix: Signs between two arrays.
        call: Words in front of an array in parentheses.
        fences: What stands around the arrays of `inner` and of norms.
        thin: Between factors.
        comma: Between two arrays in a pair.
        transposed: Puts the mark of the transpose behind a text.
        ones: The array of ones.
        unit: Writes the identity, from its size.
        grouped: Puts parentheses around a text.
        inverted: Puts the mark of the inverse behind a text, or that of its transpose.
        map: Writes the sign of a map, of its Jacobian, of its Hessians.
    """

    name: Callable[[Array], str]
    factor: Callable[[Expr], str]
    number: Callable[[Expr], str]
    infix: Mapping[str, str]
    call: Mapping[str, str]
    fences: Mapping[str, tuple[str, str]]
    thin: str
    comma: str
    transposed: Callable[[str], str]
    ones: str
    unit: Callable[[str], str]
    grouped: Callable[[str], str]
    inverted: Callable[[str, bool], str]
    map: Callable[[Image], str]


@dataclass(frozen=True)
class Written:
    """A text and what it is made up of: ATOM, POWER, PRODUCT, SIGNED or SUM."""

    text: str
    rank: int


def write(array: Array, pen: Pen) -> Written:
    """An array or form.

    Raises:
        CannotPrint: there is no notation for the form, or for a name or number in it.
    """
    if not isinstance(array, Form):
        return Written(pen.name(array), ATOM)
    if isinstance(array, Image):
        rank = ATOM if array.order < 3 else POWER
        return Written(pen.map(array) + pen.grouped(write(array.operands[0], pen).text), rank)
    operation, operands = array.operation, array.operands
    if operation in ("sum", "difference"):
        left = write(operands[0], pen).text
        return Written(left + pen.infix[operation] + _within(operands[1], pen, SIGNED), SUM)
    if operation in pen.infix:
        same = isinstance(operands[0], Form) and operands[0].operation == operation == "hadamard"
        left = _within(operands[0], pen, SIGNED if same else POWER)
        return Written(left + pen.infix[operation] + _within(operands[1], pen, POWER), SIGNED)
    if operation == "product":
        before, after = operands
        row = len(before.axes) == 1
        left = _row(before, pen) if row else _left_factor(before, pen)
        return Written(left + pen.thin + _within(after, pen, POWER), PRODUCT)
    if operation == "outer":
        return Written(_left_factor(operands[0], pen) + pen.thin + _transposed(operands[1], pen), PRODUCT)
    if operation == "scaled":
        number, scaled = operands
        negative = is_taken(number)
        factor = "" if number == -1 else pen.factor(-number if negative else number) + pen.thin
        text = factor + _within(scaled, pen, PRODUCT)
        return Written("-" + text, SUM) if negative else Written(text, PRODUCT)
    if operation == "transpose":
        return Written(_transposed(operands[0], pen), POWER)
    if operation == "inverse":
        return Written(pen.inverted(_within(operands[0], pen, ATOM), False), POWER)
    if operation in pen.call:
        return Written(f"{pen.call[operation]}{pen.grouped(write(operands[0], pen).text)}", ATOM)
    if operation in pen.fences:
        opening, closing = pen.fences[operation]
        inside = pen.comma.join(write(o, pen).text for o in operands)
        return Written(opening + inside + closing, POWER if operation == "squared_norm" else ATOM)
    if operation == "identity":
        return Written(pen.unit(pen.number(operands[0])), ATOM)
    if operation == "ones":
        return Written(pen.ones, ATOM)
    raise CannotPrint(f"there is no notation for the form {operation}")


def _within(array: Array, pen: Pen, rank: int) -> str:
    """The array, in parentheses where it is made up of what binds less than that."""
    found = write(array, pen)
    return found.text if found.rank <= rank else pen.grouped(found.text)


def _left_factor(array: Array, pen: Pen) -> str:
    """A number times an array is in parentheses there: `2 A B` is twice the product."""
    found = write(array, pen)
    is_scaled = isinstance(array, Form) and array.operation == "scaled"
    return pen.grouped(found.text) if is_scaled or found.rank > PRODUCT else found.text


def _row(array: Array, pen: Pen) -> str:
    """A vector as a row; what a row times a matrix makes is one already: `u' A B`."""
    made = isinstance(array, Form) and array.operation == "product" and len(array.operands[0].axes) == 1
    return write(array, pen).text if made else _transposed(array, pen)


def _transposed(array: Array, pen: Pen) -> str:
    if isinstance(array, Form) and array.operation == "inverse":
        return pen.inverted(_within(array.operands[0], pen, ATOM), True)
    return pen.transposed(_within(array, pen, ATOM))

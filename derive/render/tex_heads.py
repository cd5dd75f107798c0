r"""Arrays, entries, indicators and derivatives in LaTeX: parts of the printer of `tex`, handed to each.

The choice between notations is made in `kinds` and `whole_arrays`, shared with the plain printer.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

from sympy import Add, Basic, Expr

from derive.language import (
    Array,
    Cases,
    Condition,
    Entry,
    ForAll,
    IndexProduct,
    Indicator,
    Integral,
    Largest,
    Partial,
    Ranged,
)
from derive.language.chance import Expectation, Moment, Stated, Variance
from derive.language.forms import Form
from derive.language.maps import Applied, Image
from derive.render import kinds, names, whole_arrays
from derive.render.document import Landau
from derive.render.tex_pieces import is_tall, join, name, parenthesised, script
from derive.render.whole_arrays import ATOM, SUM, Pen, Written

_CALLS = {
    "flip": r"\operatorname{flip}", "diagonal": r"\operatorname{Diag}", "trace": r"\operatorname{tr}",
    "determinant": r"\det", "rank": r"\operatorname{rank}", "leading_direction": r"\hat v",
}  # fmt: skip
_FENCES = {
    "inner": (r"\langle ", r"\rangle"), "squared_norm": (r"\lVert ", r"\rVert^2"),
    "spectral_norm": (r"\lVert ", r"\rVert_2"), "nuclear_norm": (r"\lVert ", r"\rVert_\ast"),
}  # fmt: skip


class Printer(Protocol):
    """What of the printer is used here; its `dialect` says how formats differ."""

    @property
    def dialect(self) -> Any: ...
    @property
    def small(self) -> bool: ...
    def any(self, term: Basic) -> str: ...
    def smaller(self, term: Expr) -> str: ...
    def factor(self, factor: Expr) -> str: ...
    def condition(self, condition: Condition) -> str: ...
    def fraction(self, over: str, under: str, *, over_wide: bool = False, under_wide: bool = False) -> str: ...


def array(printer: Printer, term: Array) -> Written:
    """The name of an array, or a form in whole-array notation."""
    star = printer.dialect.star
    infix = {
        "sum": "+", "difference": "-", "hadamard": r"\odot ", "correlation": r"\star ", "convolution": star,
        "full_correlation": r"\mathbin{\tilde\star}", "full_convolution": rf"\mathbin{{\tilde{{{star.strip()}}}}}",
    }  # fmt: skip
    thin = printer.dialect.thin
    return whole_arrays.write(term, Pen(
        name=lambda a: name(a.name, of_array=True), factor=partial(_number, printer), number=printer.smaller,
        infix=infix, call=_CALLS, fences=_FENCES, thin=thin, comma=f",{thin}", transposed=_transposed,
        ones=r"\mathbf 1",
        unit=lambda size: f"I_{script(size)}", grouped=partial(_grouped, printer), map=_map,
        inverted=lambda text, turned: text + (r"^{-\top}" if turned else "^{-1}"),
    ))  # fmt: skip


def ranged(printer: Printer, term: Ranged) -> str:
    """A sum, a product, the largest value, with their range below."""
    body = printer.any(term.args[0])
    if isinstance(term.args[0], (Add, Cases)) or body.startswith("-"):
        body = parenthesised(body)
    if isinstance(term, Largest):
        return join(rf"\max_{{{printer.condition(term.range_condition)}}}", body)
    low, high = (printer.smaller(limit) for limit in (term.low, term.high))
    if isinstance(term, Integral):
        return join(rf"\int_{script(low)}^{script(high)}", body) + f"{printer.dialect.thin}d{printer.any(term.index)}"
    sign = r"\prod" if isinstance(term, IndexProduct) else r"\sum"
    return join(rf"{sign}_{{{join(printer.any(term.index), '=', low)}}}^{script(high)}", body)


def _map(image: Image) -> str:
    """`f`, `J_f`, `H_f`, `D^3 f`"""
    sign = name(image.map)
    if image.order == 0:
        return sign
    return f"{'JH'[image.order - 1]}_{script(sign)}" if image.order < 3 else rf"D^{{{image.order}}}{sign}"


def applied(printer: Printer, term: Applied) -> str:
    """`f(t)`, `f'(t)`, `f^{(4)}(t)`"""
    marks = "'" * term.order if term.order <= 3 else f"^{{({term.order})}}"
    return name(term.name) + marks + parenthesised(printer.any(term.inside))


def landau(printer: Printer, term: Landau) -> str:
    r"""`O(n)`, `\Theta(n^2)`"""
    sign = {"Omega": r"\Omega", "Theta": r"\Theta"}.get(term.kind, term.kind)
    return sign + parenthesised(printer.any(term.term))


def _transposed(text: str) -> str:
    return (f"{{{text}}}" if "'" in text else text) + r"^{\top}"


def _number(printer: Printer, number: Expr) -> str:
    """A number in front of an array; 1/d and the like are fractions."""
    return printer.any(number) if kinds.is_divisor(number) else printer.factor(number)


def _grouped(printer: Printer, inside: str, size: str = "big") -> str:
    """The text in parentheses, larger ones if it has some itself or where a size is asked for."""
    by_hand = printer.dialect.sized and not is_tall(inside) and (size == "Big" or "(" in inside)
    return rf"\{size}l({inside}\{size}r)" if by_hand else parenthesised(inside)


def entry(printer: Printer, term: Entry) -> str:
    """`x[n]`, `w_{ij}`, or an entry of a form such as `(A B)_{ij}`; without indices the form alone."""
    found = array(printer, term.array)
    if not term.indices:
        return parenthesised(found.text) if found.rank == SUM else found.text
    is_form, bracket = isinstance(term.array, Form), names.is_sequence(term.array)
    if is_form and (found.rank != ATOM or "_" in found.text):
        base = _grouped(printer, found.text)
    else:
        base = f"({found.text})" if "_" in found.text and not bracket else found.text
    if bracket:
        return f"{base}[{printer.smaller(term.indices[0])}]"
    return f"{base}_{script(_indices(printer, term.indices))}"


def _indices(printer: Printer, indices: tuple[Expr, ...]) -> str:
    written = [printer.smaller(i) for i in indices]
    return join(*written) if all(map(kinds.is_single, indices)) else ",".join(written)


def is_closed(printer: Printer, term: Entry) -> bool:
    """Whether an entry can be a factor, or the base of a power, without parentheses."""
    return bool(term.indices) or array(printer, term.array).rank in (ATOM, SUM)


def indicator(printer: Printer, term: Indicator) -> str:
    r"""Kronecker deltas, or the condition in brackets.

    Example:
        >>> from derive.language import between, eq, integer
        >>> from derive.render.tex import latex
        >>> i, j, k = (integer(letter) for letter in "ijk")
        >>> print(latex(Indicator(eq(i, j))), latex(Indicator(between(0, j - i, k))))
        \delta_{ij} \mathbf 1[0\le j-i\le k]
    """
    pairs = kinds.deltas(term)
    if pairs:
        return "".join(rf"\delta_{{{_indices(printer, pair)}}}" for pair in pairs)
    inside = printer.condition(term.condition)
    return r"\mathbf 1" + (rf"\left[{inside}\right]" if is_tall(inside) else f"[{inside}]")


def moment(printer: Printer, term: Moment) -> str:
    r"""`\mathbb E[x_i]`, `\operatorname{Var}(x_i)`, `\operatorname{Cov}(x_i,y_j)`"""
    inside = f",{printer.dialect.thin}".join(map(printer.any, term.args))
    if isinstance(term, Expectation):
        return r"\mathbb E" + (rf"\left[{inside}\right]" if is_tall(inside) else f"[{inside}]")
    return rf"\operatorname{{{'Var' if isinstance(term, Variance) else 'Cov'}}}" + parenthesised(inside)


def general(printer: Printer, condition: ForAll | Stated) -> str:
    r"""`x_i\ge0\text{ for }1\le i\le n`, `\text{independent entries of }x`"""
    if isinstance(condition, ForAll):
        return r"\text{ for }".join(printer.condition(part) for part in kinds.quantified(condition))
    pieces = kinds.stated_words(condition)
    return "".join(rf"\text{{{piece}}}" if isinstance(piece, str) else printer.any(piece) for piece in pieces)


def derivative(printer: Printer, term: Partial) -> str:
    r"""One fraction, or an operator in front of brackets, of a sum or of a fraction.

    Example:
        >>> from derive.language import array, integer
        >>> from derive.render.tex import latex
        >>> i, j, n = (integer(letter) for letter in "ijn")
        >>> y, x = array("y", (1, n)), array("x", (1, n))
        >>> print(latex(Partial(y[i], x[j])))
        \frac{\partial y_i}{\partial x_j}
    """
    found = kinds.differentiated(term)
    top = r"\partial" if found.order == 1 else rf"\partial^{script(str(found.order))}"
    below = printer.dialect.thin.join(
        join(r"\partial", printer.factor(by)) + (f"^{script(str(count))}" if count > 1 else "")
        for by, count in found.by
    )
    wide = len(found.by) > 1
    if kinds.stands_on_top(found.term):
        return printer.fraction(join(top, printer.factor(found.term)), below, under_wide=wide)
    operator, inside = printer.fraction(top, below, under_wide=wide), printer.any(found.term)
    if kinds.is_open(term):
        return operator + inside
    return operator + _grouped(printer, inside, "Big")

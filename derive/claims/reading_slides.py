r"""Sliding products of arrays: convolution (`*`), with or without the flip, and correlation (`\star`).

Convolution is $(x * w)_i = \sum_j x_{i-j} w_j$; without the flip, and as correlation, it is $\sum_j x_{i+j} w_j$. The
sum runs over the range of the second factor, the kernel.

Where the first factor is 0 outside its range (or wraps), all indices have a value. Where it is an error outside, the
product has the *valid* places, at which the kernel lies inside; a result that is declared as large as the *full* one
means that, with the sum over those indices that both have. Which part is meant is said by the size of what the product
is compared with, added to, or defined to be; a size that is none of these is not guessed at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sympy import Expr, Max, Min, Symbol, oo

from derive.claims import wholes
from derive.claims.surroundings import Surroundings, Unsupported
from derive.claims.syntax import Name, Node
from derive.claims.wholes import Axes, IllFittingShapes, Whole, size
from derive.language import IndexSum
from derive.language.symbols import fresh
from derive.language.terms import names_in

Ends = tuple[Expr, Expr]


def slid(reader: Surroundings, one: Whole, other: Whole, operator: str, node: Node) -> Whole:
    r"""Convolution (`*`) or correlation (`\star`) of two arrays, with its parts of other sizes.

    Raises:
        Unsupported: the convention is not known, or it is not said what is outside a range that has no end.
    """
    conventions = reader.scope.conventions
    name, usual = ("convolution", "flip") if operator == "*" else ("correlation", "no flip")
    said = conventions.get(name, usual)
    if said not in ("flip", "no flip") or (operator == "\\star" and said == "flip"):
        raise Unsupported(node, f"the convention {name} = {said!r} is not supported")
    flips = operator == "*" and said == "flip"
    if len(one.axes) != len(other.axes):
        raise IllFittingShapes(f"{wholes.shape_said(one)} {operator} {wholes.shape_said(other)}")
    if one.outside == "error" and other.outside == "zero" and flips:
        one, other = other, one  # with the flip the order does not matter
    letters = []
    for letter, _ in zip("lmrs", other.axes, strict=False):
        letters.append(reader.new_symbol(letter))
        reader.scope.taken.add(letters[-1].name)
    kernel = tuple((letter, *axis) for letter, axis in zip(letters, other.axes, strict=True))
    sums = _sums(one, other, flips, kernel)
    pairs = list(zip(one.axes, other.axes, strict=True))
    full = tuple(_full(a, b, flips) for a, b in pairs)
    if one.outside == "wraps":
        return Whole(one.axes, sums(lambda i, k, a, b: b), one.kind, None, "wraps")
    endless = any(end in (oo, -oo) for pair in pairs for axis in pair for end in axis)
    if endless and one.outside != "zero":
        raise Unsupported(node, f"{operator} of arrays without an end that are an error outside their range")
    valid = tuple(_valid(a, b, flips) for a, b in pairs)
    if one.outside == "zero":
        at = sums(lambda i, k, a, b: b)
        same = () if endless else (Whole(valid, at, one.kind),)
        return Whole(full, at, one.kind, None, "zero", same)

    def inside(i: Expr, k: Symbol, a: Ends, b: Ends) -> Ends:
        low, high = (i - a[1], i - a[0]) if flips else (a[0] - i, a[1] - i)
        return Max(b[0], low, evaluate=False), Min(b[1], high, evaluate=False)

    made = Whole(full, sums(inside), one.kind)
    began = tuple(a[0] for a, _ in pairs) if all(a[0] == b[0] for a, b in pairs) else ()
    return Whole(valid, sums(lambda i, k, a, b: b), one.kind, None, "error", (made,), began)


def _sums(
    one: Whole, other: Whole, flips: bool, kernel: Sequence[tuple[Symbol, Expr, Expr]]
) -> Callable[[Callable[[Expr, Symbol, Ends, Ends], Ends]], Callable[[Sequence[Expr]], Expr]]:
    """What makes the entries, from what says the range of each sum."""

    def with_limits(limits: Callable[[Expr, Symbol, Ends, Ends], Ends]) -> Callable[[Sequence[Expr]], Expr]:
        def at(indices: Sequence[Expr]) -> Expr:
            used = names_in(*indices)
            own = [fresh(k.name, used | {k.name for k, *_ in kernel}) if k.name in used else k for k, *_ in kernel]
            places = [i - k if flips else i + k for i, k in zip(indices, own, strict=True)]
            body = one.at(places) * other.at(own)
            for i, k, a, b in reversed(list(zip(indices, own, one.axes, other.axes, strict=True))):
                body = IndexSum(body, k, *limits(i, k, a, b))
            return body

        return at

    return with_limits


def _full(a: Ends, b: Ends, flips: bool) -> Ends:
    """The indices at which some term of the sum has both factors inside."""
    if flips:
        return -oo if -oo in (a[0], b[0]) else a[0] + b[0], oo if oo in (a[1], b[1]) else a[1] + b[1]
    return -oo if a[0] == -oo or b[1] == oo else a[0] - b[1], oo if a[1] == oo or b[0] == -oo else a[1] - b[0]


def _valid(a: Ends, b: Ends, flips: bool) -> Ends:
    """The indices at which all terms have both factors inside."""
    return (a[0] + b[1], a[1] + b[0]) if flips else (a[0] - b[0], a[1] - b[1])


def with_index(reader: Surroundings, value: Whole, node: Node) -> Whole:
    r"""A sliding product whose index is said: where its first index differs from that of its factors, both are read.

    $(x * w)_i$ of arrays that begin at 1 may be $\sum_j x_{i+j} w_j$, or counted from its first valid place.
    """
    lows = tuple(low for low, _ in value.axes)
    if not value.began or lows == value.began:
        return replace(value, began=())
    said = (
        f"the first entry of the product has the index {', '.join(map(str, value.began))}",
        "the index of the product is that of its sum",
    )
    return replace(value, began=()) if reader.choose(node, *said) else moved(value, value.began)


def moved(value: Whole, lows: Sequence[Expr]) -> Whole:
    """The same entries, counted from other first indices."""
    by = [old - new for (old, _), new in zip(value.axes, lows, strict=True)]
    axes: Axes = tuple((low - d, high - d) for (low, high), d in zip(value.axes, by, strict=True))
    return Whole(axes, lambda at: value.at([i + d for i, d in zip(at, by, strict=True)]), value.kind)


def fitting(reader: Surroundings, one: Whole, other: Whole, node: Node | None) -> tuple[Whole, Whole]:
    """Both, with the part of a sliding product that has the size of the other.

    Raises:
        Unsupported: there is a sliding product, and the other has the size of none of its parts.
    """
    if one.elsewhere or one.outside == "wraps":
        return _part(reader, one, other, node), other
    if other.elsewhere or other.outside == "wraps":
        return one, _part(reader, other, one, node)
    return one, other


def _part(reader: Surroundings, product: Whole, other: Whole, node: Node | None) -> Whole:
    if len(product.axes) != len(other.axes) or _same_size(product, other):
        return product
    fits = [part for part in product.elsewhere if _same_size(part, other)]
    whole_line = product.outside == "zero"
    if whole_line and all(part.axes == other.axes for part in fits):
        if fits or all(low == 0 for low, _ in other.axes) or other.outside == "zero":
            return Whole(other.axes, product.at, product.kind)
    elif whole_line:
        said = "the places at which the kernel lies inside are meant", "the same indices are meant"
        if reader.choose(node or Name("product"), *said) == 0:
            return fits[0]
        return Whole(other.axes, product.at, product.kind)
    elif fits:
        return fits[0]
    sizes = " or ".join(wholes.shape_said(part) for part in (product, *product.elsewhere))
    raise Unsupported(node, f"a sliding product of size {sizes} stands beside {wholes.shape_said(other)}: which part?")


def _same_size(one: Whole, other: Whole) -> bool:
    return all((size(a) - size(b)).expand() == 0 for a, b in zip(one.axes, other.axes, strict=True))

r"""Is a result an affine function of an input, $A x + b$ with $A$ and $b$ free of $x$? And what is the matrix?

The result is multiplied out (`derive.claims.programs.normal`). If in each summand at most one factor is an entry of
the input, and no other factor depends on it, then the result is a sum of terms that are linear in the input or free
of it: it is affine. That is enough and not necessary, so no answer here means nothing. The matrix is read off the
whole-array notation and then checked: the result minus the matrix times the input is free of the input.
"""

from __future__ import annotations

from sympy import Basic, Expr, Symbol

from derive.claims.programs.normal import TooLong, monomials, normal
from derive.claims.programs.unfolding import expanded_forms, leftover, unfolded, whole_in_parameters
from derive.claims.programs.values import Meaning, Value
from derive.errors import BadInput
from derive.language import Array, Entry, IndexSum
from derive.language.forms import Form, of
from derive.language.symbols import fresh
from derive.language.terms import names_in, subterms


def depends(term: Basic, given: Basic) -> bool:
    """Whether an input, an array or a symbol, occurs in a term."""
    return any(part == given for part in subterms(term))


def affine(meaning: Meaning, value: Value, about: str) -> tuple[Array | None, bool] | None:
    """The matrix of the map (None if it cannot be told) and whether the value is free of the input; None if not shown.

    Raises:
        BadInput: there is no such parameter.
    """
    names = [p.name for p in meaning.program.parameters]
    if about not in names:
        raise BadInput(f"the program has no parameter {about!r}; there are {', '.join(names)}")
    source = meaning.value(about)
    given: Basic = source.array if source.array is not None else source.at()
    indices: list[Symbol] = list(value.definition.parameters) if value.definition is not None else []
    if value.definition is None:
        return None  # the input itself, or another parameter, is handed back
    written = unfolded(meaning, value.at(*indices))
    if written is None or leftover(meaning, written):
        return None  # in what is left of a value, the input would not be seen
    written = expanded_forms(written)
    try:
        parts = monomials(written)
        if not all(_at_most_linear(m.factors, given) for m in parts):
            return None
        free = not depends(normal(written), given)
        matrix = None if free else _matrix(meaning, value, source, written, indices)
    except TooLong:
        return None
    return matrix, free


def _at_most_linear(factors: tuple[Expr, ...], given: Basic) -> bool:
    moving = [f for f in factors if depends(f, given)]
    if not moving:
        return True
    (first, *others) = moving
    plain = first == given or (isinstance(first, Entry) and first.array == given)
    return not others and plain and not any(depends(i, given) for i in getattr(first, "indices", ()))


def _matrix(meaning: Meaning, value: Value, source: Value, written: Expr, indices: list[Symbol]) -> Array | None:
    if value.whole is None or source.array is None or len(source.sizes) != 1 or len(value.sizes) != 1:
        return None
    found = linear_part(whole_in_parameters(meaning, value.whole), source.array)
    if not isinstance(found, Array):
        return None
    k = fresh("k", names_in(written) | {i.name for i in indices})
    product = IndexSum(Entry(found, *indices, k) * Entry(source.array, k), k, 1, source.sizes[0])
    rest = normal(written - expanded_forms(product))
    return None if depends(rest, source.array) else found


def linear_part(form: Array, given: Array) -> Array | str | None:
    """The matrix that a vector in whole-array notation has in front of the input.

    Returns:
        'identity' where the vector is the input itself, None where it is free of it or no matrix is found.

    Example:
        >>> from derive.language import array, integer
        >>> n, m = integer("n"), integer("m")
        >>> x, W, b = array("x", (1, m)), array("W", (1, n), (1, m)), array("b", (1, n))
        >>> linear_part(of("sum", of("product", W, x), b), x)
        W
    """
    if form == given:
        return "identity"
    if not isinstance(form, Form) or not depends(form, given):
        return None
    operands = form.operands
    if form.operation == "product":
        left, right = operands
        if depends(left, given) and depends(right, given):
            return None
        if depends(right, given):
            inner = linear_part(right, given)
            return left if inner == "identity" else of("product", left, inner) if isinstance(inner, Array) else None
        inner = linear_part(left, given)
        is_turned = isinstance(right, Form) and right.operation == "transpose"
        turned = right.operands[0] if is_turned else of("transpose", right)
        return turned if inner == "identity" else of("product", turned, inner) if isinstance(inner, Array) else None
    if form.operation in ("sum", "difference"):
        first, second = (linear_part(o, given) for o in operands)
        if isinstance(first, Array) and isinstance(second, Array):
            return of(form.operation, first, second)
        if isinstance(first, Array) and not depends(operands[1], given):
            return first
        if isinstance(second, Array) and not depends(operands[0], given):
            return second if form.operation == "sum" else of("scaled", -1, second)
        if first == "identity" and not depends(operands[1], given):
            return "identity"
        return None
    if form.operation == "scaled" and not depends(operands[0], given):
        inner = linear_part(operands[1], given)
        return of("scaled", operands[0], inner) if isinstance(inner, Array) else None
    return None

"""What is said below a result: the same for all entries at once, and the shapes of its factors."""

from __future__ import annotations

from sympy import Expr

from derive.kernel.derivation import Derivation
from derive.language import Array, Entry, Partial
from derive.language.forms import Form
from derive.language.maps import Image
from derive.language.terms import expanded
from derive.render.document import Block, Equation, Inline, Paragraph


def at_once(derivation: Derivation) -> tuple[Block, ...]:
    """`For all entries at once: dX = X * G`, where both sides are entries at the same indices, and one is of a form."""
    left, right = derivation.left, derivation.right
    if not (isinstance(right, Entry) and isinstance(right.array, Form)):
        return ()
    indices = (*_indices(left.term), *left.by.indices) if isinstance(left, Partial) else _indices(left)
    same = bool(indices) and right.indices == indices and len(set(indices)) == len(indices)
    same = same and set(indices) <= set(derivation.context.symbols)
    if isinstance(left, Partial) and same:
        kind = "vector" if len(indices) == 1 else "matrix"
        said = Paragraph((f"For all entries at once: the {kind} of these derivatives is ", right.array, "."))
        return (said, *shapes(right.array))
    if not isinstance(left, Entry):
        return shapes(right.array)
    if not same:
        return ()
    return (Paragraph(("For all entries at once: ", Equation(left.array, derivation.relation, right.array), ".")),)


def _indices(term: Expr) -> tuple[Expr, ...]:
    return term.indices if isinstance(term, Entry) else ()


def shapes(form: Form) -> tuple[Block, ...]:
    """`Shapes: J_h(g(x)) is o by n, J_g(x) is n by m.`, where there are several Jacobians."""
    found = [factor for factor in factors(form) if isinstance(factor, Image) and factor.order == 1]
    if len(found) < 2 or any(len(factor.axes) != 2 for factor in found):
        return ()
    words: list[Inline] = ["Shapes: "]
    for number, factor in enumerate(found):
        rows, columns = (expanded(high - low + 1) for low, high in factor.axes)
        words += [", " if number else "", factor, " is ", rows, " by ", columns]
    return (Paragraph((*(w for w in words if w != ""), ".")),)


def factors(form: Array) -> tuple[Array, ...]:
    """What a product of matrices is made of, from the left, sums within it taken apart as well."""
    if isinstance(form, Form) and form.operation in ("product", "sum"):
        return tuple(dict.fromkeys(f for operand in form.operands for f in factors(operand)))
    return (form,)

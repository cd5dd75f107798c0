r"""Layouts of derivatives: which index is the row.

In *numerator* layout $\partial y / \partial x$ has a row for each $y_i$ and a column for each $x_j$, and the gradient
of a scalar with respect to a matrix is laid out like the transposed matrix; in *denominator* layout rows and columns
change places, and a gradient is laid out like its variable. Each is the transpose of the other.

Source: Magnus, Neudecker, Matrix Differential Calculus, 2019, section 9.3; Petersen, Pedersen, The Matrix Cookbook,
2012, section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Integer, Mul, Symbol

from derive.errors import BadInput, RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, Entry, IndexSum, Partial
from derive.language.forms import Form, of
from derive.rules.algebra import definition
from derive.rules.combine import Conversion, Moves, attempt, by, derived, one_line, then, up_to
from derive.rules.lemmas import use_lemma

LAYOUTS = ("numerator", "denominator")
_OTHERS = ("gradients are laid out", "row ")
"""How a convention begins that another layout contradicts."""
CALLED: dict[str, tuple[str, str]] = {
    "numerator": ("numerator layout: a row for each output, a column for each variable", "numerator layout"),
    "denominator": ("denominator layout: gradients are laid out like their variable", "denominator layout"),
}
"""The convention as a page says it, and its name."""


def laid_out(general: Derivation, layout: str) -> Derivation:
    """The derivative that was derived, as an entry of the matrix of all derivatives in a layout.

    Args:
        general: Its left side is the derivative of an entry by an entry, or an entry of a gradient (an array that is
            defined by derivatives, at the indices of its variable).
        layout: 'numerator' or 'denominator'.

    Returns:
        A derivation of the entry at (row, column), by the general one as a lemma; where the result is an entry of a
        matrix whose rows and columns change places, it is one of the transposed matrix. A gradient in denominator
        layout has the layout of its variable already and is given back as it is.

    Raises:
        BadInput: no such layout; the left side is no derivative; an index stands twice, or is no symbol.
    """
    if layout not in LAYOUTS:
        raise BadInput(f"{layout!r} is not a layout; there are {' and '.join(LAYOUTS)}")
    left, context = general.left, general.context
    if isinstance(left, Partial) and isinstance(left.term, Entry):
        outputs, variables = left.term, left.by
    elif isinstance(left, Entry) and _is_gradient(context, left):
        if layout == "denominator":
            return general
        outputs, variables = None, left
    else:
        raise BadInput(f"{general.name} has no layout: {left} is not a derivative")
    parts = [variables] if outputs is None else [outputs, variables]
    parts = parts if layout == "numerator" else parts[::-1]
    pairs = [pair for part in parts for pair in zip(part.indices, part.array.axes, strict=True)]
    if layout == "numerator" and (outputs is None or not outputs.indices):
        pairs.reverse()  # of one number, a gradient turned round
    indices = tuple(index for index, _ in pairs)
    free = {s for _, ends in pairs for end in ends for s in end.free_symbols}
    if not all(isinstance(i, Symbol) for i in indices) or len(set(indices)) < len(indices) or free & set(indices):
        raise BadInput(f"{general.name} has no layout: {left} is not at one index for each axis")
    matrix = Array(_unused(context), tuple(ends for _, ends in pairs), "error")
    there = replace(context, definitions=(*context.definitions, Definition(matrix, indices, left)))
    reason: Text = (CALLED[layout][1],)
    moves = then(by(definition, reason=reason), use_lemma(general, {}), attempt(_transposed(indices)))
    made = derived(f"{general.name}({layout} layout)", there, matrix[indices], moves, (general,))
    return replace(made, relation=general.relation)


def in_layout(conventions: Sequence[str], layout: str) -> tuple[str, ...]:
    """The conventions with that of the layout in place of another one.

    Example:
        >>> in_layout(("indices from 1", "gradients are laid out like their variable"), "numerator")
        ('indices from 1', 'numerator layout: a row for each output, a column for each variable')
    """
    return (*(c for c in conventions if not c.startswith(_OTHERS)), CALLED[layout][0])


def _is_gradient(context: Context, left: Entry) -> bool:
    """Whether the array is defined by the chain rule: sums of products with a derivative by its own entry."""
    found = context.definition_of(left.array)
    body: Expr = Integer(0) if found is None else found.body
    while isinstance(body, IndexSum):
        body = body.body
    return found is not None and any(
        isinstance(t, Partial) and t.by.indices == found.parameters for t in Mul.make_args(body)
    )


def _unused(context: Context) -> str:
    """J, or with primes."""
    names = {a.name for a in context.arrays} | {d.array.name for d in context.definitions}
    names |= {s.name for s in context.symbols}
    name = "J"
    while name in names:
        name += "'"
    return name


def _transposed(indices: tuple[Expr, ...]) -> Conversion:
    """An entry of a form at (column, row) as that of the transposed form."""

    def run(context: Context, e: Expr) -> Moves:
        if not (isinstance(e, Entry) and isinstance(e.array, Form) and e.indices == indices[::-1] != indices):
            raise RuleDoesNotApply("{} is no entry of a form at {}", e, indices[::-1])
        moves = up_to(of("transpose", e.array)[indices], by(definition))(context, e)
        return one_line(lambda *_: moves, ("definition of the transpose",))(context, e)

    return run

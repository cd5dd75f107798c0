"""Numbers at a point that are made of a whole matrix: determinants, inverses, ranks, norms without a formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from derive.errors import Unevaluable
from derive.language import matrices, singular
from derive.language.chancy import Chancy, NeedsOutcomes
from derive.language.forms import Form
from derive.language.numbers import Number

_MADE: Mapping[str, Callable[[matrices.Rows], Any]] = {
    "determinant": matrices.determinant, "inverse": matrices.inverse, "rank": matrices.rank,
    "spectral_norm": singular.spectral_norm, "nuclear_norm": singular.nuclear_norm,
    "leading_direction": singular.leading_direction,
}  # fmt: skip


def of_form(evaluator: Any, base: Form, place: tuple[int, ...], at: dict[Any, Number]) -> Number:
    """A number made of a whole matrix, or one entry of what is made of it; each matrix is worked out once.

    Raises:
        Unevaluable: the matrix is too large.
    """
    (operand,) = base.operands
    spans = [range(int(low), int(high) + 1) for low, high in evaluator.ranges(evaluator.known(operand), at)]
    key = (base, *(at.get(s) for s in evaluator.known(base).symbols))
    if key not in evaluator.matrices:
        if max(map(len, spans)) > matrices.LARGEST:
            raise Unevaluable(f"a matrix has more than {matrices.LARGEST} rows or columns")
        rows = [[evaluator.entry(operand, [i, j], at) for j in spans[1]] for i in spans[0]]
        if any(isinstance(number, Chancy) for row in rows for number in row):
            raise NeedsOutcomes(f"{base} is made of random numbers")
        evaluator.matrices[key] = _MADE[base.operation](rows)
    found = evaluator.matrices[key]
    for index, span in zip(place, spans[-len(place) :], strict=False):
        found = found[index - span.start]
    number: Number = found
    return number

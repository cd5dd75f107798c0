"""Which laws of bounds may be used on the parts of a term.

Each is told with whether another law may follow: those that lead from one kind of term to another are no end in
themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Abs, Add, Expr, Integer, Mul, Pow, S, Symbol, exp, log

from derive.claims.spectral_ways import bounds
from derive.errors import RuleDoesNotApply
from derive.kernel.law import Law
from derive.language import Context, Entry, IndexSum, Largest, fresh, subterms
from derive.language.forms import Form, of
from derive.language.terms import names_in
from derive.rules.combine import Conversion, Moves, at, at_part, by, then, up_to
from derive.rules.logarithms import exponential_above_tangent, logarithm_below_tangent
from derive.rules.norms import (
    absolute_value_of_sum,
    cauchy_schwarz,
    hoelder_largest,
    leading_is_unit,
    minkowski,
    spectral_attained,
    spectral_bound,
)
from derive.rules.powers import bernoulli, real_bernoulli
from derive.rules.ranges import at_most, largest_at_most_sum, sum_at_most_largest
from derive.rules.ranks import rank_of_axis, rank_of_outer, rank_of_product, rank_of_sum
from derive.rules.windows import exchanged

Way = tuple[Expr, Conversion, bool]
_OF_RANKS: tuple[tuple[Law, tuple[Integer, ...]], ...] = (
    (rank_of_product, (Integer(1),)), (rank_of_product, (Integer(2),)), (rank_of_sum, ()), (rank_of_outer, ()),
    (rank_of_axis, (Integer(1),)), (rank_of_axis, (Integer(2),)),
)  # fmt: skip
_MOST_FACTORS = 5


def laws(context: Context, e: Expr, relation: str) -> Iterator[Way]:
    """Parts of the term with a law for each, and whether another law may follow.

    Args:
        context: What defines the matrices of which norms are taken.
        e: The term.
        relation: '<=' or '>=', which it should have to the bound.

    Example:
        >>> from derive.language import IndexSum, integer, real
        >>> k, n = integer("k"), integer("n")
        >>> len(list(laws(Context(), IndexSum(real("a")**k, k, 0, n), "<=")))
        6
    """
    for part in subterms(e):
        if not isinstance(part, Expr):
            continue
        if isinstance(part, (Pow, IndexSum, Abs)):
            yield from _of_sums(part)
        if isinstance(part, Abs) and isinstance(part.args[0], Add):
            yield part, by(at_most, Add(*(Abs(term) for term in part.args[0].args))), True
        if isinstance(part, Largest):
            yield part, by(largest_at_most_sum), True
            if not isinstance(part.body, Abs):
                yield part, then(at((0,), by(at_most, Abs(part.body))), by(largest_at_most_sum)), False
        if isinstance(part, Entry) and _is_spectral(part):
            for way in bounds(context, part):
                yield part, way, True
            yield part, _by_all_entries, True
        if isinstance(part, Entry) and isinstance(part.array, Form) and part.array.operation == "rank":
            yield from ((part, by(law, *given), True) for law, given in _OF_RANKS)
        if isinstance(part, Pow) and part.exp == S.Half:
            for first, second in _terms(part.base):
                yield part, by(minkowski, first, second), False
        if isinstance(part, Pow):
            yield part, by(bernoulli), False
            yield part, by(real_bernoulli), False
        if isinstance(part, exp):
            yield part, by(exponential_above_tangent), False
        if isinstance(part, log):
            yield part, by(logarithm_below_tangent), False


def _of_sums(part: Expr) -> Iterator[Way]:
    square = isinstance(part, Pow) and part.exp == 2
    total = part.base if square else part.args[0] if isinstance(part, Abs) else part
    if isinstance(part, (IndexSum, Pow)):
        yield part, by(spectral_bound), False
    if isinstance(part, IndexSum) and isinstance(part.body, IndexSum):
        yield part, then(exchanged, at((0,), by(spectral_bound))), False
    if isinstance(total, IndexSum) and not total.is_endless:
        for first, second in _factors(total.body):
            yield part, by(cauchy_schwarz, first, second), square
        if isinstance(part, Abs):
            yield part, by(absolute_value_of_sum), True
    if isinstance(part, IndexSum) and not part.is_endless:
        for first, second in _factors(part.body):
            if first != 1 and second != 1:
                yield part, by(hoelder_largest, first, second), True
        yield part, by(sum_at_most_largest), False


def _factors(body: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The ways to write the body as two factors: one against the others, a square as twice its root, 1 in front."""
    factors = Mul.make_args(body)
    for place, one in enumerate(factors if 1 < len(factors) <= _MOST_FACTORS else ()):
        rest = Mul(*(f for k, f in enumerate(factors) if k != place))
        yield one, rest
        if len(factors) > 2:
            yield rest, one
    if isinstance(body, Pow) and body.exp == 2:
        yield Abs(body.base), Abs(body.base)
    if isinstance(body, Abs) and isinstance(body.args[0], Mul):
        for one in body.args[0].args[:_MOST_FACTORS]:
            yield Abs(one), Abs(body.args[0] / one)
    yield body, Integer(1)


def _terms(total: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The ways to write the root of what is summed as one term and the others."""
    while isinstance(total, IndexSum):
        total = total.body
    if isinstance(total, Pow) and total.exp == 2 and isinstance(total.base, Add):
        for one in total.base.args[:4]:
            yield one, total.base - one


def _is_spectral(part: Entry) -> bool:
    return isinstance(part.array, Form) and part.array.operation == "spectral_norm"


def _by_all_entries(context: Context, e: Expr) -> Moves:
    """|A|_2 <= sqrt(sum of all squares): it is attained by a vector of length 1, then Cauchy-Schwarz in each row."""
    if not (isinstance(e, Entry) and isinstance(e.array, Form)):
        raise RuleDoesNotApply("{} is no norm", e)
    (matrix,) = e.array.operands
    taken = names_in(e) | context.names
    j: Symbol = fresh("j", taken)
    i: Symbol = fresh("i", taken | {j.name})
    rows, columns = matrix.axes
    vector = of("leading_direction", matrix)
    inner = IndexSum(Entry(matrix, j, i) * vector[i], i, *columns)
    stretched = IndexSum(inner**2, j, *rows) ** (Integer(1) / 2)
    length = IndexSum(vector[i] ** 2, i, *columns)
    return then(
        up_to(stretched, by(spectral_attained)),
        at_part(inner**2, by(cauchy_schwarz, Entry(matrix, j, i), vector[i])),
        at_part(length, by(leading_is_unit)),
    )(context, e)

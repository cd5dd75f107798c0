"""Conversions that bring a side of an equation to plainer form: definitions, choices, sums, derivatives, moments.

Each does what it can everywhere in the line and leaves it alone where it cannot; all is made of laws, and checked.
"""

from __future__ import annotations

from sympy import Abs, Expr, Max, Min, Mul, Pow, Symbol

from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.derivation import Step
from derive.language import (
    Cases,
    Context,
    Entry,
    IndexProduct,
    IndexSum,
    Indicator,
    Largest,
    Partial,
    eq,
    fresh,
    lt,
    subterms,
)
from derive.language.chance import Covariance, Expectation, Moment, Variance
from derive.language.discharge import discharge
from derive.language.forms import Form
from derive.language.terms import names_in
from derive.rules.algebra import absolute_value, definition, largest, smallest, zero_outside
from derive.rules.bracketing import flat
from derive.rules.closed_forms import closed_form
from derive.rules.combine import Conversion, Moves, at, by, first_of, places, standing_at, then
from derive.rules.deltas import settled as indicator_settled
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.distributions import normal_absolute_mean, normal_fourth_moment, two_values
from derive.rules.expand import spread
from derive.rules.expectations import (
    factored,
    if_stated,
    linear,
    multiplied_body,
    pairs,
    stated,
    uncorrelated,
)
from derive.rules.independence import independent_covariance, variance_of_sum
from derive.rules.moments import (
    covariance,
    covariance_with_itself,
    expectation_of_multiple,
    stated_variance,
    variance,
    variance_of_shifted,
)
from derive.rules.numbers import write_out_product, write_out_sum
from derive.rules.ranges import (
    empty_product,
    product_of_constant,
    single_factor,
    single_largest,
)
from derive.rules.regroup import one_case
from derive.rules.sums import empty_sum, single_term, sum_of_constant, sum_of_zeros
from derive.rules.time_limit import in_time
from derive.rules.windows import exchanged, to_window

STUMBLES = (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What SymPy or a law may raise on terms that nobody has foreseen; the conversion does not apply then."""
_WRITTEN_OUT = 12


def safely(conversion: Conversion) -> Conversion:
    """The conversion, or nothing where it cannot be used."""

    def run(context: Context, e: Expr) -> Moves:
        in_time()
        try:
            return conversion(context, e)
        except (DeriveError, *STUMBLES):
            return ()

    return run


def known(conversion: Conversion) -> Conversion:
    """The conversion where all that its steps ask for is known."""

    def run(context: Context, e: Expr) -> Moves:
        moves = conversion(context, e)
        for move in moves:
            if isinstance(move, Step) and not all(discharge(context, c).shown for c in move.conditions):
                raise RuleDoesNotApply("what {} needs is not known", move.rule)
        return moves

    return run


def among(kinds: type | tuple[type, ...], conversion: Conversion, most: int = 100) -> Conversion:
    """The conversion at every place that holds one of these heads, again until it applies nowhere.

    As `everywhere`, and faster, since what is known at a place is worked out only where the head fits.
    """

    def run(context: Context, e: Expr) -> Moves:
        moves: Moves = ()
        failed: set[object] = set()
        for _ in range(most):
            here = moves[-1].after if moves else e
            new = _once(context, here, kinds, conversion, failed)
            if not new:
                return moves
            moves += new
        raise RuleDoesNotApply("still not finished after {} rounds", most)

    return run


def _once(
    context: Context, e: Expr, kinds: type | tuple[type, ...], conversion: Conversion, failed: set[object]
) -> Moves:
    for path, part in places(e):
        if not isinstance(part, kinds):
            continue
        in_time()
        try:
            key = (part, standing_at(context, e, path)[1].hypotheses)
            if key in failed:
                continue
            failed.add(key)
            moves = at(path, conversion)(context, e)
        except RuleDoesNotApply:
            continue
        if moves:
            failed.discard(key)
            return moves
    return ()


def unfolded(context: Context, e: Expr) -> Moves:
    """Every entry as what it is by definition, recursions aside."""

    def one(inner: Context, part: Expr) -> Moves:
        if not isinstance(part, Entry):
            raise RuleDoesNotApply("{} is no entry", part)
        found = context.definition_of(part.array)
        if found is None or (not isinstance(part.array, Form) and found.is_recursive):
            raise RuleDoesNotApply("{} has no definition to be inserted", part)
        return by(definition, grain="full")(inner, part)

    if not any(isinstance(t, Entry) for t in subterms(e)):
        return ()
    return among(Entry, one)(context, e)


def _extreme(context: Context, e: Expr) -> Moves:
    if not isinstance(e, (Min, Max)):
        raise RuleDoesNotApply("{} is no least or greatest", e)
    law = smallest if isinstance(e, Min) else largest
    for choice in e.args:
        step = law(context, e, choice)
        if all(context.entails(c) is True for c in step.conditions):
            return (step,)
    raise RuleDoesNotApply("which part of {} it is is not known", e)


def _without_bars(context: Context, e: Expr) -> Moves:
    if not isinstance(e, Abs):
        raise RuleDoesNotApply("{} is not an absolute value", e)
    for sign in (1, -1):
        step = absolute_value(context, e, sign)
        if all(discharge(context, c).shown for c in step.conditions):
            return (step,)
    raise RuleDoesNotApply("the sign of {} is not known", e)


def _range_settled(context: Context, e: Expr) -> Moves:
    if isinstance(e, IndexSum) and not e.is_endless:
        if context.entails(lt(e.high, e.low)) is True:
            return by(empty_sum)(context, e)
        if e.body == 0:
            return by(sum_of_zeros)(context, e)
        if e.high == e.low or context.entails(eq(e.low, e.high)) is True:
            return by(single_term)(context, e)
    if isinstance(e, IndexProduct) and not e.is_endless:
        if context.entails(lt(e.high, e.low)) is True:
            return by(empty_product)(context, e)
        if e.high == e.low:
            return by(single_factor)(context, e)
        if e.index not in e.body.free_symbols:
            return known(by(product_of_constant))(context, e)
    if isinstance(e, Largest) and e.high == e.low:
        return by(single_largest)(context, e)
    raise RuleDoesNotApply("{} is not a plain range", e)


def _outside(context: Context, e: Expr) -> Moves:
    if not isinstance(e, Entry) or e.array.outside != "zero":
        raise RuleDoesNotApply("{} is not zero anywhere", e)
    return known(by(zero_outside))(context, e)


def settled(context: Context, e: Expr) -> Moves:
    """All choices made that are known here: cases, signs, extremes, indicators, empty ranges."""
    return safely(
        among(
            (Cases, Abs, Min, Max, Indicator, IndexSum, IndexProduct, Largest, Entry),
            first_of(one_case, _without_bars, _extreme, indicator_settled, _range_settled, _outside),
        )
    )(context, e)


def written_out(context: Context, e: Expr) -> Moves:
    """Sums and products between numbers written out."""

    def one(inner: Context, part: Expr) -> Moves:
        ends = (part.low, part.high)
        if all(end.is_Integer for end in ends) and int(part.high) - int(part.low) < _WRITTEN_OUT:
            return by(write_out_sum if isinstance(part, IndexSum) else write_out_product)(inner, part)
        raise RuleDoesNotApply("{} does not run between numbers", part)

    if not any(isinstance(t, (IndexSum, IndexProduct)) for t in subterms(e)):
        return ()
    return among((IndexSum, IndexProduct), one)(context, e)


def spread_out(context: Context, e: Expr) -> Moves:
    """Sums term by term with their constants in front; sums of a constant counted."""
    if not any(isinstance(t, IndexSum) for t in subterms(e)):
        return ()
    return then(safely(spread), safely(counted))(context, e)


def counted(context: Context, e: Expr) -> Moves:
    """Sums of a constant as multiples of it."""
    return among(IndexSum, known(by(sum_of_constant)))(context, e)


def squared(context: Context, e: Expr) -> Moves:
    """Squares of sums as sums over pairs, products of sums as sums of sums."""
    found = [t for t in subterms(e) if isinstance(t, Pow) and isinstance(t.base, IndexSum)]
    squares = safely(pairs())(context, e) if found else ()
    return squares + safely(flat)(context, squares[-1].after if squares else e)


def picked(context: Context, e: Expr) -> Moves:
    """Deltas worked against their sums."""
    if not any(isinstance(t, Indicator) for t in subterms(e)):
        return ()
    return safely(undelta)(context, e)


def slopes(context: Context, e: Expr) -> Moves:
    """Derivatives worked out, then their deltas."""
    if not any(isinstance(t, Partial) for t in subterms(e)):
        return ()
    return then(safely(differentiated()), picked)(context, e)


def windowed(context: Context, e: Expr) -> Moves:
    """Sums only over the indices where their terms may differ from 0."""

    def one(inner: Context, part: Expr) -> Moves:
        if not isinstance(part, IndexSum):
            raise RuleDoesNotApply("{} is not a sum", part)
        moves = to_window(inner, part)
        if not moves or (moves[-1].after.low, moves[-1].after.high) == (part.low, part.high):
            raise RuleDoesNotApply("{} runs over its window", part)
        return moves

    return safely(among(IndexSum, one, most=12))(context, e)


def moments(context: Context, e: Expr) -> Moves:
    """Variances and covariances as expectations; those taken inwards, factored, and inserted where they are stated."""
    if not any(isinstance(t, Moment) for t in subterms(e)):
        return ()
    return then(
        safely(unfolded),
        *_of_moments(if_stated(by(variance_of_sum)), _plainer_variance, if_stated(by(stated_variance))),
    )(context, e)  # fmt: skip


def _of_moments(*first: Conversion) -> tuple[Conversion, ...]:
    return (
        safely(among(Variance, _plainer_variance)),
        *(safely(among(Variance, one)) for one in first),
        safely(among(Covariance, by(covariance_with_itself))),
        safely(among(Covariance, if_stated(by(independent_covariance)))),
        safely(among(Variance, by(variance))),
        safely(among(Covariance, by(covariance))),
        safely(pairs()),
        safely(among((Expectation, Variance), _flat_body)),
        safely(among(Expectation, multiplied_body)),
        safely(linear()),
        safely(among(Expectation, factored)),
        safely(among(Expectation, _by_its_law)),
        safely(linear()),
        safely(uncorrelated()),
        safely(among(Variance, _of_two_values)),
        safely(among(Expectation, _by_its_law)),
        safely(linear()),
        safely(stated()),
        settled,
        picked,
        spread_out,
    )


def plain_moments(context: Context, e: Expr) -> Moves:
    """As `moments`, with every variance as what it is by definition."""
    if not any(isinstance(t, Moment) for t in subterms(e)):
        return ()
    return then(safely(unfolded), *_of_moments())(context, e)


def _by_its_law(context: Context, e: Expr) -> Moves:
    """The mean of a function of one number whose law is stated: over two values, of a normal number."""
    laws = {c.array: c.law for c in context.chances}
    found = {t for t in subterms(e) if isinstance(t, Entry) and laws.get(t.array) in ("bits", "signs")}
    values = [known(by(two_values, entry)) for entry in found if len(found) == 1 and e.args[0] != entry]
    return first_of(known(by(normal_fourth_moment)), known(by(normal_absolute_mean)), *values)(context, e)


def _of_two_values(context: Context, e: Expr) -> Moves:
    """The variance of a number with two values by its definition: it is not stated by itself."""
    laws = {c.array: c.law for c in context.chances}
    entry = e.args[0] if isinstance(e, Variance) else None
    if not isinstance(entry, Entry) or laws.get(entry.array) not in ("bits", "signs"):
        raise RuleDoesNotApply("{} is not the variance of a number with two values", e)
    return by(variance)(context, e)


def _plainer_variance(context: Context, e: Expr) -> Moves:
    """A variance without constants that are added or multiplied."""
    if not isinstance(e, Variance):
        raise RuleDoesNotApply("{} is no variance", e)
    return first_of(by(expectation_of_multiple), by(variance_of_shifted))(context, e)


def _flat_body(context: Context, e: Expr) -> Moves:
    """A product with sums in an expectation as sums of products."""
    if not (isinstance(e, (Expectation, Variance)) and isinstance(e.args[0], Mul)):
        raise RuleDoesNotApply("{} is no moment of a product", e)
    moves = at((0,), flat)(context, e)
    if not moves:
        raise RuleDoesNotApply("nothing happens")
    return moves


def closed(context: Context, e: Expr) -> Moves:
    """Every sum in closed form; inner sums first."""
    if not any(isinstance(t, IndexSum) for t in subterms(e)):
        return ()
    return closed_form(index_for(context, e))(context, e)


def swapped(context: Context, e: Expr) -> Moves:
    """Sums of sums in the other order, where the inner terms do not depend on the outer index."""

    def one(inner: Context, part: Expr) -> Moves:
        nested = isinstance(part, IndexSum) and isinstance(part.body, IndexSum)
        if nested and part.index not in part.body.body.free_symbols and part.index in part.body.free_symbols:
            return exchanged(inner, part)
        raise RuleDoesNotApply("the sums of {} stay in their order", part)

    return among(IndexSum, one, most=4)(context, e)


def started(context: Context, e: Expr) -> Moves:
    """Entries of recursions as what they are by definition, where that mentions no entry, or the index is a number."""

    def one(inner: Context, part: Expr) -> Moves:
        found = inner.definition_of(part.array) if isinstance(part, Entry) else None
        if found is None or isinstance(part.array, Form) or not found.is_recursive:
            raise RuleDoesNotApply("{} is no entry of a recursion", part)
        moves = by(definition)(inner, part)
        if isinstance(moves[-1].after, Cases):
            moves += one_case(inner, moves[-1].after)
        if all(index.is_Integer for index in part.indices):
            return moves
        if any(isinstance(t, Entry) and t.array == part.array for t in subterms(moves[-1].after)):
            raise RuleDoesNotApply("{} goes on", part)
        return moves

    if not any(isinstance(t, Entry) for t in subterms(e)):
        return ()
    return among(Entry, one, most=_WRITTEN_OUT)(context, e)


def index_for(context: Context, *terms: Expr) -> Symbol:
    """An index whose name means nothing here."""
    taken = set(context.names) | names_in(*terms)
    letter = next((x for x in "kjimlrs" if x not in taken), "k")
    return fresh(letter, taken)

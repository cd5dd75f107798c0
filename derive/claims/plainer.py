"""More conversions to plainer form: what is known of entries, matrices, logarithms, integrals, differences.

As those in `normalising`, each does what it can everywhere in the line and leaves it alone where it cannot.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Integer, Mul, Pow, Symbol, exp, log

from derive.claims.normalising import among, known, picked, safely, settled, slopes, spread_out, unfolded
from derive.claims.searching import by_discharge
from derive.claims.spectral_ways import equalities
from derive.errors import RuleDoesNotApply
from derive.language import Compare, Condition, Context, Entry, ForAll, IndexSum, Largest, eq, substitute, subterms
from derive.language.discharge import discharge
from derive.language.forms import Form
from derive.language.terms import Integral, expanded
from derive.language.zero import same
from derive.rules.algebra import power_of_zero
from derive.rules.combine import Moves, at, by, first_of, place_of, then
from derive.rules.determinants import (
    determinant_of_inverse,
    determinant_of_product,
    determinant_of_transpose,
    determinant_written_out,
    inverse_of_inverse,
    inverse_of_product,
    inverse_of_transpose,
)
from derive.rules.integrals import (
    by_antiderivative,
    constant_out_of_integral,
    derivative,
    integral_of_constant,
    integral_of_terms,
)
from derive.rules.inverses import inverse_product
from derive.rules.logarithms import (
    exponential_of_logarithm,
    exponential_of_sum,
    logarithm_of_exponential,
    logarithm_of_power,
    logarithm_of_product,
    logarithm_of_range,
)
from derive.rules.norms import orthonormal
from derive.rules.powers import power_of_power, power_of_product
from derive.rules.ranges import constant_out_of_largest, constant_term_out_of_largest
from derive.rules.ranks import rank_of_gram, rank_of_identity, rank_of_multiple, rank_of_transpose
from derive.rules.sums import exchange_sums, split_range, sum_of_terms, telescope
from derive.rules.windows import exchanged

_INVERSES = first_of(by(inverse_of_product), by(inverse_of_transpose), by(inverse_of_inverse))
_DETERMINANTS = first_of(by(determinant_of_product), by(determinant_of_transpose), by(determinant_of_inverse))


_RANKS = first_of(by(rank_of_transpose), by(rank_of_multiple), by(rank_of_gram), by(rank_of_identity))


def of_matrices(context: Context, e: Expr) -> Moves:
    """Inverses and determinants of products, transposes and inverses taken apart; products with inverses as deltas."""
    if _made_of(e, ("rank",)):
        return among(Entry, known(_RANKS))(context, e)
    if not _made_of(e, ("inverse", "determinant")):
        return ()
    return then(
        safely(among(Entry, known(first_of(_INVERSES, _DETERMINANTS)))),
        safely(among(IndexSum, known(by(inverse_product)))),
        picked,
    )(context, e)


def norms_of_products(context: Context, e: Expr) -> Moves:
    """Spectral norms of matrices that are made of others, as far as they are equal to something plainer."""
    if not _made_of(e, ("spectral_norm",)):
        return ()
    return among(Entry, lambda inner, part: first_of(*map(known, equalities(inner, part)))(inner, part))(context, e)


def rows_written_out(context: Context, e: Expr) -> Moves:
    """Determinants of small matrices written out."""
    if not _made_of(e, ("determinant",)):
        return ()
    return among(Entry, by(determinant_written_out))(context, e)


def _made_of(e: Expr, operations: tuple[str, ...]) -> bool:
    forms = (t.array for t in subterms(e) if isinstance(t, Entry))
    return any(isinstance(form, Form) and form.operation in operations for form in forms)


def logarithms(context: Context, e: Expr) -> Moves:
    """Logarithms of products and powers taken apart; those of exponentials, and exponentials of them, undone."""
    if not e.has(log) and not any(isinstance(t.args[0], IndexSum) for t in e.atoms(exp)):
        return ()
    undone = first_of(by(logarithm_of_exponential), by(exponential_of_logarithm))
    apart = first_of(by(logarithm_of_product), by(logarithm_of_power), by(logarithm_of_range), by(exponential_of_sum))
    return among((log, exp), known(first_of(undone, apart)))(context, e)


def largest_apart(context: Context, e: Expr) -> Moves:
    """What does not depend on the index taken out of the largest of a range."""
    if not e.has(Largest):
        return ()
    return among(Largest, known(first_of(by(constant_term_out_of_largest), by(constant_out_of_largest))))(context, e)


def entered(context: Context, e: Expr) -> Moves:
    """Entries as what hypotheses say they are: a number or plainer term, or the entry with its indices in order."""
    said = [equation for fact in context.facts for equation in _equations(fact)]
    if not said or not any(isinstance(t, Entry) for t in subterms(e)):
        return ()

    def one(inner: Context, part: Expr) -> Moves:
        if isinstance(part, Entry):
            for value in _values(said, part, set(context.symbols)):
                if discharge(inner, eq(part, value)).shown:
                    return by_discharge(inner, part, value)
        raise RuleDoesNotApply("nothing is known of {}", part)

    return then(safely(among(Entry, one)), safely(among(IndexSum, known(by(orthonormal)))))(context, e)


def _equations(fact: Condition) -> Iterator[tuple[Entry, Expr, tuple[Symbol, ...]]]:
    """Of `for all indices: x[...] = v` the entry, v, and the indices."""
    bound: tuple[Symbol, ...] = ()
    while isinstance(fact, ForAll):
        bound, fact = (*bound, fact.index), fact.body
    if isinstance(fact, Compare) and fact.op == "=":
        for one, other in ((fact.left, fact.right), (fact.right, fact.left)):
            if isinstance(one, Entry) and all(i in one.free_symbols for i in bound):
                yield one, other, bound


def _values(said: list[tuple[Entry, Expr, tuple[Symbol, ...]]], part: Entry, declared: set[Symbol]) -> Iterator[Expr]:
    for pattern, value, bound in said:
        if pattern.array != part.array:
            continue
        places = dict(zip(pattern.indices, part.indices, strict=True))
        if not all(i in places for i in bound) or any(i not in bound and i != j for i, j in places.items()):
            continue
        there = substitute(value, {i: places[i] for i in bound})
        if isinstance(there, Entry) and there.array == part.array:
            if _order(there, declared) < _order(part, declared):
                yield there
        elif not any(isinstance(t, Entry) and t.array == part.array for t in subterms(there)):
            yield there


def _order(entry: Entry, declared: set[Symbol]) -> list[tuple[bool, str]]:
    """Declared indices before bound ones, each by their names."""
    return [(not i.free_symbols <= declared, str(i)) for i in entry.indices]


def at_the_point(context: Context, e: Expr) -> Moves:
    """Derivatives worked out, then what is known of entries at the point inserted."""
    if not any(True for fact in context.facts for _ in _equations(fact)):
        return ()
    found = then(safely(unfolded), slopes)(context, e)
    if not found:
        return ()
    return found + then(settled, picked, entered, settled, spread_out)(context, found[-1].after)


def halved(context: Context, e: Expr) -> Moves:
    """Sums over all pairs of indices of one range as those of unlike indices, twice, and those of like ones."""
    pairs = [t for t in subterms(e) if isinstance(t, IndexSum) and _is_square(t)]

    def one(inner: Context, part: Expr) -> Moves:
        if part not in pairs or not isinstance(part, IndexSum):
            raise RuleDoesNotApply("{} is no sum over all pairs", part)
        i = part.index
        moves = at((0,), known(by(split_range, i)))(inner, part)
        moves += at((0, *_where(moves[-1].after.body, part.body.low)), known(by(split_range, i - 1)))(
            inner, moves[-1].after
        )
        moves += by(sum_of_terms)(inner, moves[-1].after)
        below = [t for t in subterms(moves[-1].after) if isinstance(t, IndexSum) and isinstance(t.body, IndexSum)]
        for total in below:
            if total.body.high == total.index - 1:
                turned = by(exchange_sums, total.low, total.high, total.body.index + 1, total.high)
                moves += at(place_of(moves[-1].after, total), turned)(inner, moves[-1].after)
        return moves + settled(inner, moves[-1].after)

    return among(IndexSum, one)(context, e) if pairs else ()


def _is_square(total: IndexSum) -> bool:
    inner = total.body
    return isinstance(inner, IndexSum) and not total.is_endless and (inner.low, inner.high) == (total.low, total.high)


def _where(terms: Expr, low: Expr) -> tuple[int, ...]:
    """The place of the part that begins where the whole did."""
    for place, term in enumerate(terms.args):
        if isinstance(term, IndexSum) and term.low == low:
            return (place,)
    raise RuleDoesNotApply("no part of {} begins at {}", terms, low)


def turned_over(context: Context, e: Expr) -> Moves:
    """The outermost sum of sums with its order exchanged."""
    tried = False

    def one(inner: Context, part: Expr) -> Moves:
        nonlocal tried
        if tried or not (isinstance(part, IndexSum) and isinstance(part.body, IndexSum)):
            raise RuleDoesNotApply("{} stays in its order", part)
        moves = exchanged(inner, part)
        tried = True
        return moves

    if not any(isinstance(t, IndexSum) and isinstance(t.body, IndexSum) for t in subterms(e)):
        return ()
    return among(IndexSum, one)(context, e)


def powers_of_few_values(context: Context, e: Expr) -> Moves:
    """Powers of entries that are 0 or 1, or 1 or -1, by what is said of them: s^2 = 1, b^2 = b."""

    def one(inner: Context, part: Expr) -> Moves:
        power = isinstance(part, Pow) and isinstance(part.base, Entry) and isinstance(part.exp, Integer)
        if not power or not isinstance(part, Pow) or part.exp <= 1:
            raise RuleDoesNotApply("{} is no power of an entry", part)
        for value in (part.base, Integer(1), Integer(0)) if part.exp % 2 == 0 else (part.base,):
            if discharge(inner, eq(part, value)).shown:
                return by_discharge(inner, part, value)
        raise RuleDoesNotApply("{} has more than two values", part)

    if not any(isinstance(fact, ForAll) for fact in context.facts):
        return ()
    return safely(among(Pow, one))(context, e)


def roots(context: Context, e: Expr) -> Moves:
    """Powers with exponents that are no integers taken apart: of products, and of powers."""
    return among(Pow, known(_root))(context, e)


def _root(context: Context, e: Expr) -> Moves:
    if not isinstance(e, Pow) or e.exp.is_integer:
        raise RuleDoesNotApply("{} is no root", e)
    return first_of(by(power_of_power), by(power_of_product))(context, e)


def integrated(context: Context, e: Expr) -> Moves:
    """Integrals by antiderivatives of their terms."""
    if not any(isinstance(t, Integral) for t in subterms(e)):
        return ()
    one = first_of(
        known(by(integral_of_constant)), _by_antiderivative,
        known(by(constant_out_of_integral)), known(by(integral_of_terms)),
    )  # fmt: skip
    return then(among(Integral, one), safely(among(Pow, known(by(power_of_zero)))))(context, e)


def _by_antiderivative(context: Context, e: Expr) -> Moves:
    if not isinstance(e, Integral):
        raise RuleDoesNotApply("{} is no integral", e)
    terms = [_antiderivative(term, e.index) for term in Add.make_args(expanded(e.body))]
    return known(by(by_antiderivative, Add(*terms)))(context, e)


def _antiderivative(term: Expr, t: Symbol) -> Expr:
    """F with F' = c*t**r or c*exp(a*t + b), c, r and a free of t.

    Raises:
        RuleDoesNotApply: the term is neither.
    """
    constant, rest = term.as_independent(t, as_Add=False)
    base, exponent = rest.as_base_exp()
    if rest == 1:
        return constant * t
    if base == t and t not in exponent.free_symbols:
        return constant * (log(t) if exponent == -1 else Pow(t, exponent + 1) / (exponent + 1))
    if isinstance(rest, exp):
        slope = derivative(rest.args[0], t)
        if t not in slope.free_symbols and slope != 0:
            return constant * rest / slope
    raise RuleDoesNotApply("no antiderivative of {} is known", term)


def differences(context: Context, e: Expr) -> Moves:
    """Sums of f(k + 1) - f(k), or turned round, as the difference of two values."""

    def one(inner: Context, part: Expr) -> Moves:
        if isinstance(part, IndexSum) and not part.is_endless:
            for value in _differing(part):
                return known(by(telescope, value))(inner, part)
        raise RuleDoesNotApply("{} is no sum of differences", part)

    if not any(isinstance(t, IndexSum) and isinstance(t.body, Add) for t in subterms(e)):
        return ()
    return among(IndexSum, one)(context, e)


def _differing(total: IndexSum) -> Iterator[Expr]:
    """T with T(k + 1) - T(k) = f(k), among the terms of f."""
    k = total.index
    for term in Add.make_args(total.body):
        for shift in (Integer(0), Integer(-1)):
            for sign in (1, -1):
                value = Mul(sign, substitute(term, {k: k + shift}))
                if same(substitute(value, {k: k + 1}) - value, total.body):
                    yield value

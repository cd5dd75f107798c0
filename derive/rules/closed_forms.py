"""Closed forms of sums: a term is recognised, brought to the shape of a law, and the law applied.

A constant is counted, one power is the geometric sum, everything else telescopes (`derive.rules.telescoping`) or is
summed term by term. Degenerate ratios are cases: where the ratio of the powers may be 1, both branches are worked out.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Expr, Integer, Mul, Poly, PolynomialError, Pow, Symbol, factor_list

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Step, Text
from derive.language import (
    Condition,
    Context,
    IndexSum,
    all_of,
    eq,
    fresh,
    le,
    ne,
    negate,
    signal,
    substitute,
    subterms,
)
from derive.language.counting import Binomial, Factorial, counts_in
from derive.language.discharge import discharge
from derive.language.symbols import is_integer
from derive.language.terms import expanded, names_in
from derive.language.wellformed import obligations
from derive.language.zero import same_when
from derive.rules.algebra import algebra, normal_form, outside_binomial, use_equation
from derive.rules.combine import Conversion, Moves, at_part, attempt, by, by_cases, everywhere, first_of, then
from derive.rules.sums import (
    constant_out_of_sum,
    factor_out,
    geometric_sum,
    reverse_index,
    shift_index,
    sum_of_constant,
    sum_of_terms,
    telescope,
)
from derive.rules.telescoping import Shape, antidifference, shape_of

_MOST_ROUNDS = 20


def closed_form(new: Symbol) -> Conversion:
    """Every sum of the line in closed form, inner sums first; `new` names the index where a new one is needed.

    Where a ratio may be 1 the line is split into cases.

    Fails: a sum has no closed form that is found here.
    """

    def run(context: Context, e: Expr) -> Moves:
        here = e
        moves: Moves = ()
        for _ in range(_MOST_ROUNDS):
            total = _innermost(here)
            if total is None:
                return moves + attempt(tidied)(context, here)
            ways = _degenerate(context, total)
            if ways:
                return moves + _branches(ways, run)(context, here)
            moves += at_part(total, _one_sum(new))(context, here)
            here = moves[-1].after
            if isinstance(moves[-1], Step) and moves[-1].rule == "telescope":
                value = telescope.applied(context, total, moves[-1].arguments).after
                plainer = _as_one_quotient(shape_of(total.body, total.index))
                moves += attempt(at_part(value, plainer))(context, here)
                here = moves[-1].after
        raise RuleDoesNotApply("still not finished after {} rounds", _MOST_ROUNDS)

    return run


def _innermost(e: Expr) -> IndexSum | None:
    """A sum in the line whose body has no sums."""
    for term in subterms(e):
        if isinstance(term, IndexSum) and not any(isinstance(t, IndexSum) for t in subterms(term.body)):
            return term
    return None


def _one_sum(new: Symbol) -> Conversion:
    """One step, or a few that belong together, towards the closed form of the sum."""
    return first_of(by(sum_of_constant), geometric(new), _constant_out, _plainer, telescoped, _term_by_term)


def _constant_out(context: Context, e: Expr) -> Moves:
    """A constant in front of a sum that telescopes; its value is worth a line of its own."""
    return by(constant_out_of_sum, grain="full")(context, e)


def _term_by_term(context: Context, e: Expr) -> Moves:
    """The sum split into the sums of its terms, multiplied out first if need be."""
    if not isinstance(e, IndexSum):
        raise RuleDoesNotApply("{} is not a sum", e)
    body = expanded(e.body)
    if not isinstance(body, Add):
        raise RuleDoesNotApply("no closed form of {} is found", e)
    moves: Moves = ()
    if body != e.body:
        moves = at_part(e.body, by(algebra, body, reason=("multiply out",)))(context, e)
    return moves + by(sum_of_terms)(context, moves[-1].after if moves else e)


def _plainer(context: Context, e: Expr) -> Moves:
    """The summand in a form in which powers of ratio 1 have cancelled."""
    if not isinstance(e, IndexSum):
        raise RuleDoesNotApply("{} is not a sum", e)
    shape, body = shape_of(e.body, e.index), normal_form(e.body)
    cancelled = shape is not None and shape.powers and shape.gap[0] == 0
    if body == e.body or not (cancelled or e.index not in body.free_symbols):
        raise RuleDoesNotApply("the terms of {} do not become plainer", e)
    why = "the powers belong together" if e.index in body.free_symbols else "all terms are equal"
    return at_part(e.body, by(algebra, body, reason=(why,)))(context, e)


def telescoped(context: Context, e: Expr) -> Moves:
    """The sum as a difference of two values of T, where T(k + 1) - T(k) is its term.

    Fails: e is not a sum; no T is found.
    """
    if not isinstance(e, IndexSum):
        raise RuleDoesNotApply("{} is not a sum", e)
    found = antidifference(e)
    if found is None:
        raise RuleDoesNotApply("no T with T({} + 1) - T({}) = {} is found", e.index, e.index, e.body)
    name = signal("T")[e.index]
    difference = signal("T")[e.index + 1] - name
    why: Text = ("the sum telescopes: with ", eq(name, found), " its terms are ", difference)
    return by(telescope, found, reason=why)(context, e)


def _as_one_quotient(shape: Shape | None) -> Conversion:
    """The value written over the power of the gap that stands in T; a polynomial factorised."""

    def run(context: Context, e: Expr) -> Moves:
        if shape is None or not shape.powers:
            return _told(context, e, _factorised(e))
        if shape.gap[0].is_number:
            return ()
        over = shape.gap[0] ** len(shape.coefficients)
        return _told(context, e, gathered(normal_form(e * over), context) / over)

    return run


def gathered(e: Expr, context: Context | None = None) -> Expr:
    """Terms with the same powers under one coefficient, and in front the lowest power that all of them share.

    Example:
        >>> from derive.language import declare
        >>> context = Context((declare("n", "natural"), declare("r", "real")))
        >>> n, r = context.symbols
        >>> gathered(r - n*r**(n + 1) - r**(n + 1) + n*r**(n + 2), context)
        r*(n*r**(n + 1) - r**n*(n + 1) + 1)
    """
    terms: dict[tuple[tuple[Expr, Expr], ...], Expr] = {}
    for term in Add.make_args(e):
        powers: dict[Expr, Expr] = {}
        rest = Integer(1)
        for factor in Mul.make_args(term):
            base, exponent = factor.as_base_exp()
            if base.is_number or (base.is_Symbol and base.is_integer) or not is_integer(exponent):
                rest *= factor
            else:
                powers[base] = powers.get(base, Integer(0)) + exponent
        key = tuple(sorted(powers.items(), key=str))
        terms[key] = terms.get(key, Integer(0)) + rest
    shared = {}
    for base in {b for key in terms for b, _ in key}:
        exponents = [dict(key).get(base, Integer(0)) for key in terms]
        least = _least(exponents, context or Context())
        if least != 0:
            shared[base] = least
    made = []
    for key, coefficient in terms.items():
        left_over = [Pow(b, expanded(x - shared.get(b, 0))) for b, x in key]
        left_over += [Pow(b, -x) for b, x in shared.items() if b not in dict(key)]
        plain = coefficient.factor()
        signed = (Integer(-1), -plain) if plain.could_extract_minus_sign() else (plain,)
        made.append(Mul(*signed, *left_over))
    return Mul(*(b**x for b, x in shared.items()), Add(*made))


def _least(exponents: list[Expr], context: Context) -> Expr:
    """The exponent that no other one falls below, else 0."""
    for one in exponents:
        if all(other == one or context.entails(le(one, other)) is True for other in exponents):
            return one
    return Integer(0)


def _factorised(e: Expr) -> Expr:
    """A rational function in factors; anything else as it is."""
    try:
        return e.factor() if not counts_in(e) and all(p.exp.is_Integer for p in e.atoms(Pow)) else e
    except PolynomialError:
        return e


def _told(context: Context, e: Expr, after: Expr) -> Moves:
    """`e = after`, if that is shown and defined here and says something new."""
    if after == e:
        return ()
    conditions = same_when(e, after)
    if conditions is None or not all(discharge(context, c).shown for c in (*conditions, *obligations(after, context))):
        return ()
    return by(algebra, after, reason=("work out",))(context, e)


def tidied(context: Context, e: Expr) -> Moves:
    """Binomial coefficients at the ends of their range as the 0 or 1 that they are; one sign instead of two."""
    return then(everywhere(_plain_count), everywhere(_one_sign))(context, e)


def _one_sign(context: Context, e: Expr) -> Moves:
    """-(-1)**(m + 1) as (-1)**m."""
    coefficient, factors = e.as_coeff_mul()
    powers = [f for f in factors if isinstance(f, Pow) and f.base == -1]
    if len(powers) != 1 or not coefficient.is_negative:
        raise RuleDoesNotApply("{} does not have two signs", e)
    shorter = min((expanded(powers[0].exp + d) for d in (1, -1)), key=lambda x: x.count_ops())
    after = Mul(-coefficient, Pow(-1, shorter), *(f for f in factors if f != powers[0]))
    return by(algebra, after, reason=("two signs in one",))(context, e)


def _plain_count(context: Context, e: Expr) -> Moves:
    if isinstance(e, Binomial):
        outside = outside_binomial(context, e, reason=(eq(e, 0),))
        if all(discharge(context, c).shown for c in outside.conditions):
            return (outside,)
    if isinstance(e, (Binomial, Factorial)):
        for value in (Integer(0), Integer(1)):
            conditions = same_when(e, value)
            if conditions is not None and all(discharge(context, c).shown for c in conditions):
                return by(algebra, value, reason=(eq(e, value),))(context, e)
    raise RuleDoesNotApply("{} is not a binomial coefficient or factorial that is 0 or 1", e)


@dataclass(frozen=True)
class Degenerate:
    """`condition`, under which a ratio is 1, as `symbol = value`."""

    condition: Condition
    symbol: Symbol
    value: Expr


def _degenerate(context: Context, total: IndexSum) -> list[Degenerate]:
    """The ways in which the ratio of the sum's powers may be 1, as far as they are not ruled out."""
    shape = shape_of(total.body, total.index)
    gap = shape.gap[0] if shape is not None and shape.powers else Integer(0)
    if gap.is_number or discharge(context, ne(gap, 0)).shown:
        return []
    ways = [_solved(factor) for factor, _ in factor_list(gap)[1] if not discharge(context, ne(factor, 0)).shown]
    return [] if any(context.entails(way.condition) is True for way in ways) else ways


def _solved(gap: Expr) -> Degenerate:
    """`gap = 0` solved for the first symbol in alphabetical order that makes this possible, real numbers first.

    Raises:
        RuleDoesNotApply: no symbol of the gap stands alone.
    """
    for symbol in sorted(gap.free_symbols, key=lambda s: (bool(s.is_integer), str(s))):
        try:
            polynomial = Poly(gap, symbol)
        except PolynomialError:
            continue
        whole = polynomial.LC() in (1, -1) and is_integer(polynomial.nth(0))  # an integer has an integer as value
        if polynomial.degree() == 1 and (whole or not symbol.is_integer):
            value = (-polynomial.nth(0) / polynomial.LC()).cancel()
            plain = polynomial.LC().is_Rational
            left, right = (symbol, value) if plain else (symbol * polynomial.LC(), -polynomial.nth(0))
            if not plain and right.could_extract_minus_sign():
                left, right = -left, -right
            return Degenerate(eq(left, right), symbol, value)
    raise RuleDoesNotApply("whether {} is 0 is not known, and it cannot be solved for a symbol", gap)


def _branches(ways: list[Degenerate], run: Conversion) -> Conversion:
    """The line where the ratio is not 1, and where it is."""

    def inserted(way: Degenerate) -> Conversion:
        def put(context: Context, e: Expr) -> Moves:
            after = substitute(e, {way.symbol: way.value})
            alike = any(isinstance(t, IndexSum) and t.body == 1 for t in subterms(after))
            words: Text = ("insert ", eq(way.symbol, way.value), *((": every term is 1",) if alike else ()))
            return by(use_equation, way.symbol, way.value, reason=words)(context, e)

        return then(put, run)

    generic = all_of(*(negate(way.condition) for way in ways))
    return by_cases([(generic, run), *((way.condition, inserted(way)) for way in ways)])


def geometric(new: Symbol) -> Conversion:
    """sum(c*r**(+-k + d), k=a..b) in closed form, r != 1.

    Fails: the summand is not a constant times one power with exponent +-k + d.
    """

    def run(context: Context, e: Expr) -> Moves:
        if not isinstance(e, IndexSum):
            raise RuleDoesNotApply("{} is not a sum", e)
        power = _power_in(e)
        slope = power.exp.expand().coeff(e.index)
        moves: Moves = ()
        if slope == -1:
            # The exponent itself becomes the index, so that the powers ascend.
            offset = (power.exp + e.index).expand()
            index = _free_name(new, e)
            why: Text = ("reverse the order: ", eq(index, offset - e.index))
            moves = by(reverse_index, index, offset, reason=why)(context, e)
        here = moves[-1].after if moves else e
        if here.low != 0:
            why = ("shift the index by ", here.low)
            moves += by(shift_index, _other_name(here.index, new, e), here.low, reason=why, grain="full")(context, here)
            here = moves[-1].after
        pulled = _pull_out(context, here)
        moves += pulled
        here = moves[-1].after if moves else e
        total = next(t for t in (here, *Mul.make_args(here)) if isinstance(t, IndexSum))
        ratio = total.body.as_base_exp()[0]
        return moves + at_part(total, by(geometric_sum, reason=("geometric sum, ", ne(ratio, 1))))(context, here)

    return run


def _power_in(total: IndexSum) -> Pow:
    powers = [f for f in Mul.make_args(total.body) if total.index in f.free_symbols]
    if len(powers) == 1 and isinstance(powers[0], Pow):
        base, exponent = powers[0].args
        slope = exponent.expand().coeff(total.index)
        flat = total.index not in (exponent - slope * total.index).expand().free_symbols
        if total.index not in base.free_symbols and slope in (1, -1) and flat:
            return powers[0]
    raise RuleDoesNotApply("the terms of {} are not a constant times one power", total)


def _free_name(new: Symbol, total: IndexSum) -> Symbol:
    """An index that does not occur in the sum: the one asked for, or another usual letter."""
    taken = names_in(total)
    name = next((letter for letter in (new.name, *"kjim") if letter not in taken), new.name)
    return fresh(name, taken)


def _other_name(old: Symbol, new: Symbol, total: IndexSum) -> Symbol:
    return old if old.name == new.name or old.name in "kjim" else _free_name(new, total)


def _pull_out(context: Context, total: IndexSum) -> Moves:
    """r**(k + d) -> r**d * r**k inside the sum, then everything free of the index in front of it."""
    power = _power_in(total)
    extra = (power.exp - total.index).expand()
    if extra != 0:
        constant = Mul(*(f for f in Mul.make_args(total.body) if f != power)) * power.base**extra
        rest = IndexSum(power.base**total.index, total.index, total.low, total.high)
        why: Text = ("take ", constant, " out of the sum")
        return by(factor_out, constant, rest.body, reason=why)(context, total)
    if total.body != power:
        return by(constant_out_of_sum)(context, total)
    return ()

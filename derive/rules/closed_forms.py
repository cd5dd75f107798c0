"""Closed forms of sums: a term is recognised, brought to the shape of a law, and the law applied.

Degenerate ratios are cases: where the ratio of a geometric sum may be 1, both branches are worked out.
"""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Pow, Symbol

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Text
from derive.language import Context, IndexSum, eq, integer, ne
from derive.language.terms import names_in
from derive.rules.algebra import use_equation
from derive.rules.combine import Conversion, Moves, at, at_part, by, by_cases, first_of, then
from derive.rules.sums import (
    constant_out_of_sum,
    factor_out,
    geometric_sum,
    reverse_index,
    shift_index,
    sum_of_constant,
)


def closed_form(new: Symbol) -> Conversion:
    """The sum in closed form, by the first way that applies; `new` names the index where a new one is needed."""
    return first_of(by(sum_of_constant), geometric(new))


def geometric(new: Symbol) -> Conversion:
    """sum(c*r**(+-k + d), k=a..b) in closed form, with the case r = 1 where it is possible.

    Fails: the summand is not a constant times one power with exponent +-k + d.
    """

    def run(context: Context, e: Expr) -> Moves:
        if not isinstance(e, IndexSum):
            raise RuleDoesNotApply(f"{e} is not a sum")
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
        return moves + _by_ratio(context, here)

    return run


def _power_in(total: IndexSum) -> Pow:
    powers = [f for f in Mul.make_args(total.body) if total.index in f.free_symbols]
    if len(powers) == 1 and isinstance(powers[0], Pow):
        base, exponent = powers[0].args
        slope = exponent.expand().coeff(total.index)
        flat = total.index not in (exponent - slope * total.index).expand().free_symbols
        if total.index not in base.free_symbols and slope in (1, -1) and flat:
            return powers[0]
    raise RuleDoesNotApply(f"the terms of {total} are not a constant times one power")


def _free_name(new: Symbol, total: IndexSum) -> Symbol:
    taken = names_in(total) - {total.index.name}
    name = new.name
    while name in taken:
        name += "'"
    return integer(name)


def _other_name(old: Symbol, new: Symbol, total: IndexSum) -> Symbol:
    return old if old.name == new.name else _free_name(new, total)


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


def _by_ratio(context: Context, e: Expr) -> Moves:
    """The geometric sum in e: where the ratio is not 1, where it is 1."""
    total = next(t for t in (e, *Mul.make_args(e), *Add.make_args(e)) if isinstance(t, IndexSum))
    ratio = total.body.as_base_exp()[0]
    generic = at_part(total, by(geometric_sum, reason=("geometric sum, ", ne(ratio, 1))))
    if context.entails(ne(ratio, 1)) is True:
        return generic(context, e)
    if not isinstance(ratio, Symbol):
        raise RuleDoesNotApply(f"whether the ratio {ratio} is 1 is not known, and it is not a symbol")
    one = Integer(1)
    why: Text = ("insert ", eq(ratio, one), ": every term is 1")
    counted = then(by(use_equation, ratio, one, reason=why), first_of(at((), by(sum_of_constant)), _count_in))
    if context.entails(eq(ratio, one)) is True:
        return counted(context, e)
    return by_cases([(ne(ratio, 1), generic), (eq(ratio, one), counted)])(context, e)


def _count_in(context: Context, e: Expr) -> Moves:
    """The sum of a constant somewhere in e."""
    total = next((t for t in Mul.make_args(e) if isinstance(t, IndexSum)), None)
    if total is None:
        raise RuleDoesNotApply(f"there is no sum in {e}")
    return at_part(total, by(sum_of_constant))(context, e)

"""Exponentials taken out of sums and logarithms: log(sum(exp(z[j] + c))) = c + log(sum(exp(z[j]))).

Of all terms below a logarithm each letter keeps the least exponent that one of them has, 0 where one has none: so
log(1 + exp(-x)) and log(1 + exp(x)) - x have one form.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Integer, Mul, Number, exp, log, tanh

from derive.claims.normalising import among, known, picked, safely, spread_out, unfolded
from derive.claims.plainer import logarithms
from derive.errors import RuleDoesNotApply
from derive.language import Context, IndexSum
from derive.rules.algebra import algebra
from derive.rules.combine import Moves, at, by, then
from derive.rules.logarithms import hyperbolic_tangent
from derive.rules.sums import factor_out


def taken_out(context: Context, e: Expr) -> Moves:
    """Exponentials that are free of the index out of sums, and the least ones out of what stands in a logarithm."""
    if not e.has(exp):
        return ()
    return then(safely(among(IndexSum, known(_out_of_sum))), safely(among(log, _out_of_logarithm)))(context, e)


def apart(context: Context, e: Expr) -> Moves:
    """Logarithms taken apart as far as they go; nothing where there are none."""
    if not (e.has(log) and e.has(exp)):
        return ()
    return then(_taken_apart, safely(spread_out))(context, e)


def hyperbolic(context: Context, e: Expr) -> Moves:
    """Hyperbolic tangents by exponentials."""
    return among(tanh, by(hyperbolic_tangent))(context, e) if e.has(tanh) else ()


def defined_apart(context: Context, e: Expr) -> Moves:
    """The same once definitions are inserted, also where there are no logarithms."""
    opened = safely(unfolded)(context, e)
    here = opened[-1].after if opened else e
    if not here.has(exp):
        return ()
    return opened + then(_taken_apart, safely(spread_out), safely(picked))(context, here)


def _taken_apart(context: Context, e: Expr) -> Moves:
    """Twice, since a logarithm of a quotient has one of its denominator only then."""
    each = taken_out, safely(logarithms)
    return then(*each, *each)(context, e) if e.has(log) else taken_out(context, e)


def _out_of_sum(context: Context, e: Expr) -> Moves:
    """exp(u + v) with u free of the index: exp(u) in front of the sum."""
    if not isinstance(e, IndexSum) or e.is_endless:
        raise RuleDoesNotApply("{} is no sum", e)
    factors = list(Mul.make_args(e.body))
    for place, factor in enumerate(factors):
        if isinstance(factor, exp):
            terms = Add.make_args(factor.args[0].expand())
            free = [t for t in terms if e.index not in t.free_symbols]
            if free:
                factors[place] = exp(Add(*(t for t in terms if t not in free)))
                return by(factor_out, exp(Add(*free)), Mul(*factors))(context, e)
    raise RuleDoesNotApply("no factor of {} is free of its index", e)


def _out_of_logarithm(context: Context, e: Expr) -> Moves:
    """The least exponents out of the terms: log(1 + exp(-x)) as log(exp(-x)*(exp(x) + 1))."""
    terms = Add.make_args(e.args[0])
    exponents = [dict(_exponent(t)) for t in terms]
    letters = dict.fromkeys(letter for found in exponents for letter in found)
    least = {x: min((found.get(x, Integer(0)) for found in exponents), key=lambda q: q) for x in letters}
    out = Add(*(q * x for x, q in least.items()))
    if len(terms) < 2 or out == 0:
        raise RuleDoesNotApply("nothing is to be taken out of {}", e)
    rest = Add(*(Mul(t, exp(-out)) for t in terms))
    return at((0,), by(algebra, Mul(exp(out), rest)))(context, e)


def _exponent(term: Expr) -> Iterator[tuple[Expr, Number]]:
    """Of the exponentials that are factors of the term, what each letter is multiplied by."""
    for factor in Mul.make_args(term):
        if isinstance(factor, exp):
            for part in Add.make_args(factor.args[0].expand()):
                number, letter = part.as_coeff_Mul()
                if number.is_Rational and letter != 1:
                    yield letter, number

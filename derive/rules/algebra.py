"""Laws of algebra: rewriting by the exact zero test, equations, least and greatest, definitions.

Also the normal forms that these laws are used with: found here, checked by the law.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import (
    Abs,
    Add,
    E,
    Expr,
    Integer,
    LambertW,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Symbol,
    erf,
    log,
    multiplicity,
    sin,
    tanh,
)

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    TRUE,
    Context,
    Entry,
    all_of,
    any_of,
    eq,
    ge,
    gt,
    le,
    lt,
    negate,
    rebuild,
    same_up_to_renaming,
    substitute,
)
from derive.language.counting import Binomial
from derive.language.quotients import Quotients
from derive.language.wellformed import obligations
from derive.language.zero import Walk, same_when


@primitive("algebra")
def algebra(context: Context, e: Expr, after: Expr) -> Rewrite:
    """e -> after        [both are the same quotient of polynomials over the same generators; upper arguments >= 0]

    The condition on upper arguments is only there where binomial coefficients had to be compared.
    Fails: the exact zero test does not show it.
    Source: the theorem in derive/language/zero.py.
    """
    conditions = same_when(e, after)
    if conditions is None:
        raise RuleDoesNotApply("the zero test does not show that {} = {}", e, after)
    return rewrite(after, conditions)


@primitive("insert the equation")
def use_equation(context: Context, e: Expr, symbol: Symbol, value: Expr) -> Rewrite:
    """e(s) -> e(v)        [s = v]

    Fails: the symbol does not occur.
    """
    if symbol not in e.free_symbols:
        raise RuleDoesNotApply("{} does not occur in {}", symbol, e)
    return rewrite(substitute(e, {symbol: value}), [eq(symbol, value), *obligations(value, context)])


@primitive("absolute value")
def absolute_value(context: Context, e: Expr, sign: int) -> Rewrite:
    """|u| -> u        [u >= 0], or |u| -> -u        [u <= 0]

    Arguments: 1 or -1.
    Fails: e is not an absolute value; the sign is another number.
    """
    inside = need(Abs, e, "absolute_value").args[0]
    if sign not in (1, -1):
        raise RuleDoesNotApply("{} is not a sign", sign)
    return rewrite(sign * inside, [ge(inside, 0) if sign == 1 else le(inside, 0)])


@primitive("powers of 0")
def power_of_zero(context: Context, e: Expr) -> Rewrite:
    """0**n -> 0        [n >= 1]

    Fails: e is not a power of 0.
    """
    power = need(Pow, e, "power_of_zero")
    if power.base != 0:
        raise RuleDoesNotApply("{} is not a power of 0", e)
    return rewrite(Integer(0), [le(1, power.exp)])


@primitive("the smallest of them")
def smallest(context: Context, e: Expr, choice: Expr) -> Rewrite:
    """min(x1, ..., xn) -> xi        [xi <= xj for all j]

    Fails: e is not a minimum with this argument.
    """
    others = _others(need(Min, e, "smallest"), choice)
    return rewrite(choice, [le(choice, other) for other in others])


@primitive("the largest of them")
def largest(context: Context, e: Expr, choice: Expr) -> Rewrite:
    """max(x1, ..., xn) -> xi        [xj <= xi for all j]

    Fails: e is not a maximum with this argument.
    """
    others = _others(need(Max, e, "largest"), choice)
    return rewrite(choice, [le(other, choice) for other in others])


@primitive("add it to each of them")
def added_to_each(context: Context, e: Expr, extreme: Expr) -> Rewrite:
    """min(x1, ..., xn) + c -> min(x1 + c, ..., xn + c)        [c has a value]; likewise for the maximum

    Argument: which minimum or maximum of the sum.
    Fails: e is not a sum with this term; the term is no minimum or maximum.
    """
    if not isinstance(extreme, (Min, Max)) or extreme not in need(Add, e, "added_to_each").args:
        raise RuleDoesNotApply("{} is not a minimum or maximum in the sum {}", extreme, e)
    rest = e - extreme
    return rewrite(rebuild(extreme, [part + rest for part in extreme.args]), obligations(rest, context))


@primitive("the smallest or largest of all of them")
def within_extreme(context: Context, e: Expr) -> Rewrite:
    """min(min(x1, ..., xn), y, ...) -> min(x1, ..., xn, y, ...); likewise for the maximum

    Fails: e is no minimum or maximum; none of its arguments is the same.
    """
    if not isinstance(e, (Min, Max)) or not any(isinstance(part, e.func) for part in e.args):
        raise RuleDoesNotApply("within_extreme: there is no minimum or maximum within {}", e)
    parts = [x for part in e.args for x in (part.args if isinstance(part, e.func) else (part,))]
    return rewrite(rebuild(e, parts))


def _others(e: Expr, choice: Expr) -> list[Expr]:
    if choice not in e.args:
        raise RuleDoesNotApply("{} is not an argument of {}", choice, e)
    return [a for a in e.args if a != choice]


@primitive("no such choice")
def outside_binomial(context: Context, e: Expr) -> Rewrite:
    """C(n, k) -> 0        [k < 0 or 0 <= n < k]

    Fails: e is not a binomial coefficient.
    Source: Concrete Mathematics, section 5.1, (5.1).
    """
    n, k = need(Binomial, e, "outside_binomial").args
    return rewrite(Integer(0), [any_of(lt(k, 0), all_of(le(0, n), lt(n, k)))])


@primitive("definition")
def definition(context: Context, e: Expr) -> Rewrite:
    """x[i] -> body(i)        [x[n] = body(n) by definition, i in the range of x]

    Fails: e is not an entry; its array has no definition here.
    """
    entry = need(Entry, e, "definition")
    found = context.definition_of(entry.array)
    if found is None:
        raise RuleDoesNotApply("{} has no definition here", entry.array)
    body = found.at(entry.indices, context.names)
    return rewrite(body, [entry.in_range] if entry.in_range != TRUE else [])


@primitive("by definition")
def fold_definition(context: Context, e: Expr, entry: Expr) -> Rewrite:
    """body(i) -> x[i]        [x[n] = body(n) by definition, i in the range of x]

    Fails: e is not the body of the entry's definition at its indices, up to the names of bound indices.
    """
    target = need(Entry, entry, "fold_definition")
    found = context.definition_of(target.array)
    if found is None or not same_up_to_renaming(e, found.at(target.indices)):
        raise RuleDoesNotApply("{} is not what {} is by definition", e, target)
    return rewrite(target, [target.in_range] if target.in_range != TRUE else [])


@primitive("definition of Lambert's function")
def logarithm_of_lambert(context: Context, e: Expr) -> Rewrite:
    """log(W(x)) -> log(x) - W(x)        [x > 0]

    Fails: e is not such a logarithm.
    Source: Corless and others, On the Lambert W function, 1996, section 2, (1.5): W(x)*exp(W(x)) = x.
    """
    inside = need(log, e, "logarithm_of_lambert").args[0]
    argument = need(LambertW, inside, "logarithm_of_lambert").args[0]
    return rewrite(log(argument) - inside, [gt(argument, 0), *obligations(argument, context)])


@primitive("an odd function")
def odd_function(context: Context, e: Expr) -> Rewrite:
    """f(-u) -> -f(u)        [f is one of sin, tanh, erf]

    Fails: e is none of these functions; the sign of its argument is not told from it (then SymPy keeps e as it is).
    Source: Abramowitz, Stegun, Handbook of Mathematical Functions, 4.3.13, 4.5.21 and 7.1.9.
    """
    if not isinstance(e, (sin, tanh, erf)):
        raise RuleDoesNotApply("{} is no function that is known to be odd", e)
    after = -e.func(-e.args[0])
    if after == e:
        raise RuleDoesNotApply("{} is written without a sign already", e)
    return rewrite(after, [])


@primitive("zero outside its range")
def zero_outside(context: Context, e: Expr) -> Rewrite:
    """x[i] -> 0        [i outside the range of x, which is zero there]

    Fails: e is not an entry of an array that is zero outside its range.
    """
    entry = need(Entry, e, "zero_outside")
    if entry.array.outside != "zero":
        raise RuleDoesNotApply("{} is not zero outside its range", entry.array)
    return rewrite(Integer(0), [negate(entry.in_range)])


def normal_form(e: Expr) -> Expr:
    """The term as one quotient over its generators, divided out where the denominator is a single product.

    The result is found here and proved by the law `algebra`.

    Example:
        >>> from derive.language import integer
        >>> n = integer("n")
        >>> normal_form((1 - Rational(1, 2)**(n + 1)) / (1 - Rational(1, 2)))
        2 - 1/2**n
    """
    walk = Walk()
    node = walk.node(e)
    quotients = Quotients(walk.generators, (node,))
    top, bottom = quotients.pair(node)
    if top == 0:
        return Integer(0)
    common = top.gcd(bottom)
    top, bottom = top // common, bottom // common
    below = bottom.to_dict()
    if len(below) == 1:
        ((under, scale),) = below.items()
        terms = []
        for powers, weight in top.to_dict().items():
            left_over = tuple(int(p) - int(u) for p, u in zip(powers, under, strict=True))
            terms.append(_term(quotients, left_over, Rational(int(weight), int(scale))))
        return Add(*terms)
    if int(next(iter(sorted(below.items())))[1]) < 0 and all(int(w) <= 0 for w in below.values()):
        top, bottom = -top, -bottom
    return _polynomial(quotients, top) / _polynomial(quotients, bottom)


def _polynomial(quotients: Quotients, polynomial: Any) -> Expr:
    return Add(*(_term(quotients, p, Integer(int(weight))) for p, weight in polynomial.to_dict().items()))


def _term(quotients: Quotients, powers: tuple[int, ...], number: Rational) -> Expr:
    factors: list[Expr] = []
    exponents: dict[Expr, Expr] = {}
    for key, power in zip(quotients.keys, powers, strict=False):
        if not power:
            continue
        made = _generator(quotients, key, int(power))
        base, exponent = made.as_base_exp()
        if isinstance(base, Integer) and base > 1:
            # 32 * 2**(-n) is told as 2**(5 - n)
            times = multiplicity(base, number)
            number, exponent = number / base**times, exponent + times
        if base == -1:
            factors.append(made)
        else:
            # One power for each base: a**n * a**4 / a**(2*s) has no value for a = 0, where a**(n + 4 - 2*s) may have.
            exponents[base] = exponents.get(base, Integer(0)) + exponent
    return Mul(number, *factors, *(Pow(base, exponent) for base, exponent in exponents.items()))


def _generator(quotients: Quotients, key: Any, power: int) -> Expr:
    if not isinstance(key, tuple):
        return Pow(key, power)
    base, monomial = key
    if base == "sign":
        return Pow(Integer(-1), monomial * power)
    unit: Fraction = quotients.generators.units[key]
    return Pow(E if base == E else base, Rational(unit.numerator, unit.denominator) * monomial * power)

r"""Laws of integrals over a finite range of real numbers.

An integral does not see what its integrand is at single places. So an integrand may be told another way where it is
another one at the ends (`same_inside`), and an antiderivative need only have the integrand as its derivative between
them (`by_antiderivative`), if it is continuous on the whole range.

Source: Rudin, Principles of Mathematical Analysis, 3rd ed., theorems 6.12 (linearity, splitting) and 6.21 (fundamental
theorem).
"""

from __future__ import annotations

from sympy import Add, E, Expr, Mul, Pow, S, Symbol, cos, erf, exp, log, pi, sin, sqrt, tanh

from derive.errors import IllFormed, RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Condition, Context, all_of, between, eq, implies, le, lt, substitute
from derive.language.terms import Integral, names_in
from derive.language.wellformed import obligations
from derive.rules.cases import leaves


@primitive("integrate term by term")
def integral_of_terms(context: Context, e: Expr) -> Rewrite:
    """int(f + g, t=a..b) -> int(f, t=a..b) + int(g, t=a..b)        [f and g are integrable]

    Fails: e is not the integral of a sum of terms.
    Source: Principles of Mathematical Analysis, theorem 6.12 (a).
    """
    whole = need(Integral, e, "integral_of_terms")
    parts = [whole.over(term) for term in need(Add, whole.body, "integral_of_terms").args]
    return _made(context, Add(*parts))


@primitive("the constant factor out of the integral")
def constant_out_of_integral(context: Context, e: Expr) -> Rewrite:
    """int(c*f, t=a..b) -> c*int(f, t=a..b)        [c is free of t and has a value]

    Fails: e is not an integral; no factor is free of its variable.
    Source: Principles of Mathematical Analysis, theorem 6.12 (a).
    """
    whole = need(Integral, e, "constant_out_of_integral")
    constant, rest = whole.body.as_independent(whole.index, as_Add=False)
    if constant == 1:
        raise RuleDoesNotApply("constant_out_of_integral: no factor of {} is free of {}", e, whole.index)
    return _made(context, Mul(constant, whole.over(rest)))


@primitive("the integral of a constant")
def integral_of_constant(context: Context, e: Expr) -> Rewrite:
    """int(c, t=a..b) -> c*(b - a)        [c is free of t, a <= b]

    Fails: e is not an integral; the integrand depends on its variable.
    Source: Principles of Mathematical Analysis, definition 6.1.
    """
    whole = need(Integral, e, "integral_of_constant")
    if whole.index in whole.body.free_symbols:
        raise RuleDoesNotApply("integral_of_constant: {} depends on {}", whole.body, whole.index)
    return _made(context, whole.body * (whole.high - whole.low), le(whole.low, whole.high))


@primitive("split the range")
def split_integral(context: Context, e: Expr, place: Expr) -> Rewrite:
    """int(f, t=a..b) -> int(f, t=a..c) + int(f, t=c..b)        [a <= c <= b]

    Argument: c.
    Fails: e is not an integral; c mentions its variable.
    Source: Principles of Mathematical Analysis, theorem 6.12 (c).
    """
    whole = need(Integral, e, "split_integral")
    if whole.index.name in names_in(place):
        raise RuleDoesNotApply("split_integral: {} mentions the variable {}", place, whole.index)
    first = Integral(whole.body, whole.index, whole.low, place)
    second = Integral(whole.body, whole.index, place, whole.high)
    return _made(context, first + second, between(whole.low, place, whole.high))


@primitive("it is the same but at single places")
def same_inside(context: Context, e: Expr, body: Expr) -> Rewrite:
    """int(f, t=a..b) -> int(g, t=a..b)        [f = g for a < t < b]

    Argument: g. Where f or g is cases, each two of their values are compared where both apply.
    Fails: e is not an integral.
    Source: Principles of Mathematical Analysis, theorem 6.12 and 6.6: finitely many values do not matter.
    """
    whole = need(Integral, e, "same_inside")
    inside = all_of(lt(whole.low, whole.index), lt(whole.index, whole.high))
    alike = [
        implies(all_of(inside, here, there), eq(value, other))
        for value, here in leaves(whole.body)
        for other, there in leaves(body)
        if value != other
    ]
    return _made(context, whole.over(body), le(whole.low, whole.high), *alike)


@primitive("by an antiderivative")
def by_antiderivative(context: Context, e: Expr, antiderivative: Expr) -> Rewrite:
    """int(f(t), t=a..b) -> F(b) - F(a)        [a <= b, F'(t) = f(t) for a < t < b, F continuous for a <= t <= b]

    Argument: F(t), made of sums, products, powers with constant exponents, exp, log, sin, cos, tanh and erf, so that it
    is continuous and differentiable where it and its derivative have values.
    Fails: e is not an integral; F is made of something else.
    Source: Principles of Mathematical Analysis, theorem 6.21 (fundamental theorem of calculus).
    """
    whole = need(Integral, e, "by_antiderivative")
    t = whole.index
    slope = derivative(antiderivative, t)
    inside = all_of(lt(whole.low, t), lt(t, whole.high))
    there = [implies(whole.range_condition, c) for c in obligations(antiderivative, context)]
    defined = [implies(inside, c) for c in obligations(slope, context)]
    alike = implies(inside, eq(whole.body, slope))
    ends = [substitute(antiderivative, {t: end}) for end in (whole.high, whole.low)]
    return _made(context, ends[0] - ends[1], le(whole.low, whole.high), *there, *defined, alike)


@primitive("the range is one place")
def integral_over_point(context: Context, e: Expr) -> Rewrite:
    """int(f, t=a..b) -> 0        [a = b]

    Fails: e is not an integral.
    Source: Principles of Mathematical Analysis, definition 6.1.
    """
    whole = need(Integral, e, "integral_over_point")
    return rewrite(S.Zero, [eq(whole.low, whole.high)])


_SLOPES = {
    exp: exp,
    log: lambda u: 1 / u,
    sin: cos,
    cos: lambda u: -sin(u),
    tanh: lambda u: 1 - tanh(u) ** 2,
    erf: lambda u: 2 * exp(-(u**2)) / sqrt(pi),
}


def derivative(term: Expr, t: Symbol) -> Expr:
    """The derivative in a real variable, by the rules for sums, products, powers and functions.

    Raises:
        RuleDoesNotApply: the term has a head that is not differentiated here.

    Example:
        >>> from derive.language import real
        >>> t = real("t")
        >>> derivative(t**3 / 3 + exp(-t), t)
        t**2 - exp(-t)
    """
    if t not in term.free_symbols:
        return S.Zero
    if term == t:
        return S.One
    if isinstance(term, Add):
        return Add(*(derivative(part, t) for part in term.args))
    if isinstance(term, Mul):
        parts = term.args
        return Add(*(Mul(*parts[:k], derivative(part, t), *parts[k + 1 :]) for k, part in enumerate(parts)))
    if isinstance(term, Pow) and t not in term.exp.free_symbols:
        return term.exp * Pow(term.base, term.exp - 1) * derivative(term.base, t)
    if isinstance(term, Pow) and term.base == E:
        return term * derivative(term.exp, t)
    if type(term) in _SLOPES:
        return _SLOPES[type(term)](term.args[0]) * derivative(term.args[0], t)
    raise RuleDoesNotApply("by_antiderivative: {} is not differentiated here", term)


def _made(context: Context, after: Expr, *conditions: Condition) -> Rewrite:
    """The new term; that it has a value is among the conditions, since that of the old one says less."""
    try:
        return rewrite(after, list(dict.fromkeys([*conditions, *obligations(after, context)])))
    except IllFormed as problem:
        raise RuleDoesNotApply("{}", problem) from None

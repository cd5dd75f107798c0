r"""Laws of partial derivatives, one head at a time.

`Partial(f, x[j])` varies one entry of x alone. Each law takes the derivative one head further in, until an entry of x
itself is met; `partial_of_entry` is where the Kronecker deltas come from. That the derivatives on the right exist is
asked of each of them (`obligations`): the derivative of a sum may exist where those of its terms do not.

Source: Magnus, Neudecker, Matrix Differential Calculus, 3rd ed., chapter 5 (rules), chapter 8 (entries).
"""

from __future__ import annotations

from sympy import Abs, Add, E, Expr, LambertW, Max, Min, Mul, Pow, S, cos, erf, exp, fraction, log, pi, sin, sqrt, tanh

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    Cases,
    Condition,
    Context,
    Entry,
    IndexSum,
    Indicator,
    Partial,
    all_of,
    eq,
    gt,
    implies,
    lt,
    ne,
)
from derive.language.maps import Applied, Image, any_entry
from derive.language.smoothness import sources, touched
from derive.language.terms import names_in
from derive.language.wellformed import obligations


@primitive("the entries vary one by one")
def partial_of_entry(context: Context, e: Expr) -> Rewrite:
    """d(x[i])/dx[j] -> [i = j]        [x varies freely, and j is in its range]

    On several axes all indices must be equal.
    Fails: e is not such a derivative; x wraps around.
    """
    of, by = _parts(e, "partial_of_entry")
    if not isinstance(of, Entry) or of.array != by.array or by.array not in context.arrays:
        raise RuleDoesNotApply("partial_of_entry: {} is not an entry of an array {} that varies freely", of, by.array)
    if by.array.outside == "wraps":
        raise RuleDoesNotApply("partial_of_entry: {} wraps around, and then several indices are one entry", by.array)
    same = all_of(*(eq(i, j) for i, j in zip(of.indices, by.indices, strict=True) if i != j))
    conditions = [by.in_range, *obligations(of, context)]
    return rewrite(Indicator(same) if same != all_of() else S.One, [c for c in conditions if c != all_of()])


@primitive("the derivative of a constant is 0")
def partial_of_constant(context: Context, e: Expr) -> Rewrite:
    """d(c)/dx[j] -> 0        [c, with all its definitions, has no entry of x]

    Fails: e is not a derivative; an entry of x is in its term.
    """
    of, by = _parts(e, "partial_of_constant")
    _check_fixed(context, of, by, "partial_of_constant")
    return rewrite(S.Zero, obligations(e, context))


@primitive("differentiate term by term")
def partial_of_terms(context: Context, e: Expr) -> Rewrite:
    """d(f + g)/dx[j] -> d(f)/dx[j] + d(g)/dx[j]

    Fails: e is not the derivative of a sum of terms.
    Source: Matrix Differential Calculus, section 5.11.
    """
    of, by = _parts(e, "partial_of_terms")
    return _made(context, Add(*(Partial(t, by) for t in need(Add, of, "partial_of_terms").args)))


@primitive("differentiate under the sum")
def partial_of_sum(context: Context, e: Expr) -> Rewrite:
    """d(sum(f, k=a..b))/dx[j] -> sum(d(f)/dx[j], k=a..b)        [a..b is finite and free of x; k not in j]

    Fails: e is not the derivative of such a sum.
    Source: Matrix Differential Calculus, section 5.11.
    """
    of, by = _parts(e, "partial_of_sum")
    total = need(IndexSum, of, "partial_of_sum")
    if total.is_endless:
        raise RuleDoesNotApply("partial_of_sum: {} has no end", total)
    if total.index.name in {s.name for s in by.free_symbols}:
        raise RuleDoesNotApply("partial_of_sum: the index {} stands in {}; rename it first", total.index, by)
    for end in (total.low, total.high):
        _check_fixed(context, end, by, "partial_of_sum")
    return _made(context, IndexSum(Partial(total.body, by), total.index, total.low, total.high))


@primitive("the constant factor stays")
def partial_of_multiple(context: Context, e: Expr) -> Rewrite:
    """d(c*f)/dx[j] -> c*d(f)/dx[j]        [c has no entry of x]

    Fails: e is not the derivative of a product with a factor that has no entry of x.
    """
    of, by = _parts(e, "partial_of_multiple")
    factors = need(Mul, of, "partial_of_multiple").args
    fixed = [f for f in factors if by.array not in sources(context, f)]
    moving = [f for f in factors if by.array in sources(context, f)]
    if not fixed or not moving:
        raise RuleDoesNotApply("partial_of_multiple: no factor of {} is constant beside one that is not", of)
    conditions = [c for f in fixed for c in obligations(f, context)]
    return _made(context, Mul(*fixed, Partial(Mul(*moving), by)), conditions)


@primitive("product rule")
def partial_of_product(context: Context, e: Expr) -> Rewrite:
    """d(f*g)/dx[j] -> g*d(f)/dx[j] + f*d(g)/dx[j]

    Fails: e is not the derivative of a product.
    Source: Matrix Differential Calculus, section 5.11.
    """
    of, by = _parts(e, "partial_of_product")
    factors = need(Mul, of, "partial_of_product").args
    conditions = [c for f in factors for c in obligations(f, context)]
    terms = [Mul(*factors[:k], *factors[k + 1 :], Partial(f, by)) for k, f in enumerate(factors)]
    return _made(context, Add(*terms), conditions)


@primitive("quotient rule")
def partial_of_quotient(context: Context, e: Expr) -> Rewrite:
    """d(f/g)/dx[j] -> (g*d(f)/dx[j] - f*d(g)/dx[j])/g**2        [g != 0]

    Fails: e is not the derivative of a quotient.
    """
    of, by = _parts(e, "partial_of_quotient")
    top, bottom = fraction(of)
    if bottom == 1 or top / bottom != of:
        raise RuleDoesNotApply("partial_of_quotient: {} is not a quotient", of)
    after = (bottom * Partial(top, by) - top * Partial(bottom, by)) / bottom**2
    return _made(context, after, [ne(bottom, 0), *obligations(top, context), *obligations(bottom, context)])


@primitive("power rule")
def partial_of_power(context: Context, e: Expr) -> Rewrite:
    """d(f**r)/dx[j] -> r*f**(r - 1)*d(f)/dx[j]        [r has no entry of x; r = 0 or f**(r - 1) has a value]

    Fails: e is not the derivative of a power, or its exponent moves.
    """
    of, by = _parts(e, "partial_of_power")
    power = need(Pow, of, "partial_of_power")
    _check_fixed(context, power.exp, by, "partial_of_power")
    below = Pow(power.base, power.exp - 1)
    conditions = [*obligations(below, context), *obligations(power.base, context), *obligations(power.exp, context)]
    return _made(context, power.exp * below * Partial(power.base, by), conditions)


_SLOPES = {
    exp: lambda u: exp(u),
    log: lambda u: 1 / u,
    sin: lambda u: cos(u),
    cos: lambda u: -sin(u),
    tanh: lambda u: 1 - tanh(u) ** 2,
    erf: lambda u: 2 * exp(-(u**2)) / sqrt(pi),
    LambertW: lambda u: exp(-LambertW(u)) / (1 + LambertW(u)),
}


@primitive("the exponent moves")
def partial_of_exponential(context: Context, e: Expr) -> Rewrite:
    """d(f**g)/dx[j] -> f**g*d(g*log(f))/dx[j]        [f > 0]

    Fails: e is not the derivative of a power whose exponent moves.
    """
    of, by = _parts(e, "partial_of_exponential")
    power = need(Pow, of, "partial_of_exponential")
    if by.array not in sources(context, power.exp) or power.base == E:
        raise RuleDoesNotApply("partial_of_exponential: the exponent of {} does not move", power)
    inside = power.exp * log(power.base)
    return _made(context, power * Partial(inside, by), [gt(power.base, 0), *obligations(of, context)])


@primitive("chain rule")
def partial_of_function(context: Context, e: Expr) -> Rewrite:
    """d(f(u))/dx[j] -> f'(u)*d(u)/dx[j]        [f is one of exp, log, sin, cos, tanh, erf, W]

    Fails: e is not the derivative of such a function.
    Source: Matrix Differential Calculus, section 5.12 (Cauchy's rule).
    """
    of, by = _parts(e, "partial_of_function")
    if type(of) not in _SLOPES:
        raise RuleDoesNotApply("partial_of_function: no derivative of {} is known by that law", of.func.__name__)
    inside = of.args[0]
    slope = _SLOPES[type(of)](inside)
    return _made(context, slope * Partial(inside, by), [*obligations(slope, context), *obligations(of, context)])


@primitive("chain rule")
def partial_of_applied(context: Context, e: Expr) -> Rewrite:
    """d(f(u))/dx[j] -> f'(u)*d(u)/dx[j]        [f is any smooth function of a number, or a derivative of one]

    Fails: e is not the derivative of such a function.
    Source: Matrix Differential Calculus, section 5.12 (Cauchy's rule).
    """
    of, by = _parts(e, "partial_of_applied")
    function = need(Applied, of, "partial_of_applied")
    slope = Applied(function.name, function.order + 1, function.inside)
    return _made(context, slope * Partial(function.inside, by), list(obligations(of, context)))


@primitive("chain rule")
def partial_of_image(context: Context, e: Expr) -> Rewrite:
    """d(f(u)[i])/dx[j] -> sum(J_f(u)[i, k]*d(u[k])/dx[j], k=a..b)        [f is any smooth map, a..b the range of u]

    Fails: e is not the derivative of an entry of such a map or of its derivatives.
    Source: Matrix Differential Calculus, section 5.12, theorem 12 (chain rule for Jacobians).
    """
    of, by = _parts(e, "partial_of_image")
    entry = need(Entry, of, "partial_of_image")
    image = need(Image, entry.array, "partial_of_image")
    for index in entry.indices:
        _check_fixed(context, index, by, "partial_of_image")
    inner = any_entry(image.operands[0], names_in(e) | context.names)
    after: Expr = Entry(image.derivative, *entry.indices, *inner.indices) * Partial(inner, by)
    for index, (low, high) in reversed(list(zip(inner.indices, inner.array.axes, strict=True))):
        after = IndexSum(after, index, low, high)
    return _made(context, after, list(obligations(of, context)))


@primitive("differentiate the larger or smaller one")
def partial_of_extreme(context: Context, e: Expr) -> Rewrite:
    """d(max(f, g))/dx[j] -> [f > g]*d(f)/dx[j] + [f < g]*d(g)/dx[j]        [f != g where one has x[j]]

    For min the other way round.
    Fails: e is not the derivative of the larger or smaller of two terms.
    """
    of, by = _parts(e, "partial_of_extreme")
    if not isinstance(of, (Max, Min)) or len(of.args) != 2:
        raise RuleDoesNotApply("partial_of_extreme: {} is not the larger or smaller of two terms", of)
    one, other = of.args
    chosen = gt if isinstance(of, Max) else lt
    after = Indicator(chosen(one, other)) * Partial(one, by) + Indicator(chosen(other, one)) * Partial(other, by)
    return _made(context, after, [implies(touched(context, of, by), ne(one, other))])


@primitive("differentiate the absolute value")
def partial_of_absolute_value(context: Context, e: Expr) -> Rewrite:
    """d(|f|)/dx[j] -> ([f > 0] - [f < 0])*d(f)/dx[j]        [f != 0 where it has x[j]]

    Fails: e is not the derivative of an absolute value.
    """
    of, by = _parts(e, "partial_of_absolute_value")
    inside = need(Abs, of, "partial_of_absolute_value").args[0]
    sign = Indicator(gt(inside, 0)) - Indicator(lt(inside, 0))
    return _made(context, sign * Partial(inside, by), [implies(touched(context, inside, by), ne(inside, 0))])


@primitive("differentiate case by case")
def partial_of_cases(context: Context, e: Expr) -> Rewrite:
    """d({f if c; g otherwise})/dx[j] -> {d(f)/dx[j] if c; d(g)/dx[j] otherwise}        [no c has an entry of x]

    Fails: e is not the derivative of such cases.
    """
    of, by = _parts(e, "partial_of_cases")
    clauses = need(Cases, of, "partial_of_cases").clauses
    for _, condition in clauses:
        if by.array in sources(context, condition):
            raise RuleDoesNotApply("partial_of_cases: whether {} depends on {}", condition, by.array)
    return _made(context, Cases(*((Partial(value, by), condition) for value, condition in clauses)))


def _parts(e: Expr, rule: str) -> tuple[Expr, Entry]:
    partial = need(Partial, e, rule)
    return partial.term, partial.by


def _check_fixed(context: Context, term: Expr, by: Entry, rule: str) -> None:
    if by.array in sources(context, term):
        raise RuleDoesNotApply("{}: {} depends on entries of {}", rule, term, by.array)


def _made(context: Context, after: Expr, conditions: list[Condition] | None = None) -> Rewrite:
    """The new term, with the conditions under which it has a value, each once."""
    asked = [*(conditions or ()), *obligations(after, context)]
    return rewrite(after, list(dict.fromkeys(asked)))

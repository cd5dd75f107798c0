r"""Laws of positive factors: out of absolute values, powers, largest values and cases.

For c > 0: $|cf| = c|f|$, $(cf)^r = c^r f^r$ wherever one of them has a value, $\max(cf, cg) = c\max(f, g)$. A factor
that all values of cases have in common stands in front of them, whatever its sign.

Source: Hardy, A Course of Pure Mathematics, 10th ed., section 214 (powers); Hardy, Littlewood, Polya, Inequalities,
2nd ed., section 1.1 (homogeneous functions).
"""

from __future__ import annotations

from sympy import Abs, Expr, Max, Min, Mul, Pow

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    AllOf,
    AnyOf,
    Cases,
    Compare,
    Condition,
    Context,
    IndexSum,
    Indicator,
    Largest,
    Negation,
    any_of,
    eq,
    ge,
    gt,
    negate,
    rebuild,
)  # fmt: skip
from derive.language.terms import names_in
from derive.language.wellformed import meaningful, obligations


@primitive("the factor out of the absolute value")
def factor_out_of_absolute_value(context: Context, e: Expr, factor: Expr) -> Rewrite:
    """|c*f| -> c*|f|        [c >= 0]

    Argument: c.
    Fails: e is not the absolute value of a product with this factor.
    """
    inside = need(Abs, e, "factor_out_of_absolute_value").args[0]
    rest = _without(inside, factor, "factor_out_of_absolute_value")
    after = factor * rebuild(e, [rest])
    return rewrite(after, [ge(factor, 0), *obligations(factor, context), *obligations(rest, context)])


@primitive("the power of each factor")
def factor_out_of_power(context: Context, e: Expr, base: Expr, power: Expr) -> Rewrite:
    """(c**q*f)**r -> c**(q*r)*f**r        [c > 0]

    Arguments: c, q.
    Fails: e is not a power of a product with this factor.
    Source: A Course of Pure Mathematics, section 214.
    """
    whole = need(Pow, e, "factor_out_of_power")
    rest = _without(whole.base, Pow(base, power), "factor_out_of_power")
    after = Pow(base, power * whole.exp) * Pow(rest, whole.exp)
    inside = [c for part in (base, power, whole.exp, Pow(rest, whole.exp)) for c in obligations(part, context)]
    return rewrite(after, [gt(base, 0), *inside])


@primitive("the factor out of the largest or smallest")
def factor_out_of_extreme(context: Context, e: Expr, factor: Expr) -> Rewrite:
    """max(c*f1, ..., c*fn) -> c*max(f1, ..., fn)        [c >= 0]; likewise for the minimum

    One of them may be 0 as well. Argument: c.
    Fails: e is no minimum or maximum; one of its arguments is not 0 and has not this factor.
    """
    if not isinstance(e, (Max, Min)):
        raise RuleDoesNotApply("factor_out_of_extreme speaks of minima and maxima, not of {}", e)
    rest = [part if part == 0 else _without(part, factor, "factor_out_of_extreme") for part in e.args]
    inside = [c for part in (factor, *rest) for c in obligations(part, context)]
    return rewrite(Mul(factor, rebuild(e, rest), evaluate=False), [ge(factor, 0), *inside])


@primitive("the factor out of the largest")
def factor_out_of_largest(context: Context, e: Expr, factor: Expr) -> Rewrite:
    """max(c*f(k), k=a..b) -> c*max(f(k), k=a..b)        [c >= 0, free of k]

    Argument: c.
    Fails: e is not the largest of a range; its body has not this factor; c mentions the index.
    """
    largest = need(Largest, e, "factor_out_of_largest")
    if largest.index.name in names_in(factor):
        raise RuleDoesNotApply("factor_out_of_largest: {} mentions the index {}", factor, largest.index)
    rest = _without(largest.body, factor, "factor_out_of_largest")
    return rewrite(factor * largest.over(rest), [ge(factor, 0), *obligations(factor, context)])


@primitive("the factor out of all cases")
def factor_out_of_cases(context: Context, e: Expr, factor: Expr) -> Rewrite:
    """{c*f1 if a1; ...; c*fn if an} -> c*{f1 if a1; ...; fn if an}        [c has a value]

    A value may be 0 as well. Argument: c.
    Fails: e is not cases; one of their values is not 0 and has not this factor.
    """
    cases = need(Cases, e, "factor_out_of_cases")
    rest = [(v if v == 0 else _without(v, factor, "factor_out_of_cases"), c) for v, c in cases.clauses]
    return rewrite(factor * Cases(*rest), obligations(factor, context))


@primitive("the same conditions")
def factor_out_of_conditions(context: Context, e: Expr, factor: Expr, after: Expr) -> Rewrite:
    """{f if a; ...} -> {f if b; ...}        [c > 0; the sides of each comparison in a are c times those of one in b]

    The same for indicators. Arguments: c, the cases or indicator after.
    Fails: e and the term after differ in more than the sides of comparisons.
    """
    if isinstance(e, Cases) and isinstance(after, Cases) and [v for v, _ in e.clauses] == [v for v, _ in after.clauses]:
        pairs = [(old, new) for (_, old), (_, new) in zip(e.clauses, after.clauses, strict=True)]
    elif isinstance(e, Indicator) and isinstance(after, Indicator):
        pairs = [(e.condition, after.condition)]
    else:
        raise RuleDoesNotApply("factor_out_of_conditions: {} and {} differ in more than conditions", e, after)
    alike = [_multiple(old, factor, new) for pair in pairs for old, new in _sides(*pair) if (old, new) != (0, 0)]
    defined = [c for _, new in pairs for c in meaningful(new, context)]
    return rewrite(after, [gt(factor, 0), *alike, *defined])


def _sides(old: Condition, new: Condition) -> list[tuple[Expr, Expr]]:
    """The sides of the comparisons in two conditions that are built alike."""
    if isinstance(old, Compare) and isinstance(new, Compare) and old.op == new.op:
        return [(old.left, new.left), (old.right, new.right)]
    joined = isinstance(old, (AllOf, AnyOf, Negation)) and type(old) is type(new)
    if not joined or len(old.args) != len(new.args):
        raise RuleDoesNotApply("factor_out_of_conditions: {} is not built like {}", new, old)
    return [sides for pair in zip(old.args, new.args, strict=True) for sides in _sides(*pair)]


def _multiple(old: Expr, factor: Expr, new: Expr) -> Condition:
    """That a term is the multiple of another; of sums and largest values over one range, that their bodies are."""
    ranges: list[Condition] = []
    while isinstance(old, (IndexSum, Largest)) and type(old) is type(new) and old.args[1:] == new.args[1:]:
        if old.is_endless or old.index in factor.free_symbols:
            break
        ranges.append(negate(old.range_condition))
        old, new = old.body, new.args[0]
    return any_of(*ranges, eq(old, factor * new))


def _without(product: Expr, factor: Expr, rule: str) -> Expr:
    """The product without one of its factors."""
    rest = product / factor
    wanted, found = set(Mul.make_args(product)), set(Mul.make_args(factor))
    if found <= wanted and Mul(factor, rest) == product:
        return rest
    raise RuleDoesNotApply("{}: {} is not a factor of {}", rule, factor, product)

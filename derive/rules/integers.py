r"""Laws of floors and ceilings, and integer arithmetic that a decision procedure settles.

For integers a, q and b > 0: $q \le \lfloor a/b \rfloor$ iff $qb \le a$. Everything else follows from this: that floors
nest, that integers move through them, and that a floor is a ceiling of something a little larger.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 3.1, (3.5) to (3.7), and section 3.2, (3.11),
exercise 3.12.
"""

from __future__ import annotations

from sympy import Add, Basic, Expr, Mod, Mul, Pow, ceiling, floor, fraction, together

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Condition, Context, between, eq, ge, gt
from derive.language.symbols import is_integer
from derive.language.terms import expanded
from derive.language.wellformed import obligations
from derive.rules.combine import Conversion, by


@primitive("integer arithmetic")
def integer_arithmetic(context: Context, e: Expr, after: Expr) -> Rewrite:
    """e -> e'        [e = e', for all integers that the hypotheses allow; e' has a value]

    The condition says it all; it is asked of isl or, where floors have symbolic divisors, of z3.
    Fails: one of both is no integer.
    """
    if not (is_integer(e) and is_integer(after)):
        raise RuleDoesNotApply("integer_arithmetic speaks of integers, and {} or {} may be none", e, after)
    return rewrite(after, [eq(e, after), *obligations(after, context)])


@primitive("the floor lies between")
def floor_is(context: Context, e: Expr, whole: Expr) -> Rewrite:
    """floor(a/b) -> q        [q*b <= a <= q*b + b - 1, b > 0]

    Argument: q.
    Fails: e is not the floor of a quotient of integers; q is no integer.
    Source: Concrete Mathematics, (3.5).
    """
    above, below, needed = _quotient(floor, e, "floor_is")
    if not is_integer(whole):
        raise RuleDoesNotApply("floor_is: {} need not be an integer", whole)
    inside = between(expanded(whole * below), above, expanded(whole * below + below - 1))
    return rewrite(whole, [inside, *needed, *obligations(whole, context)])


@primitive("the ceiling lies between")
def ceiling_is(context: Context, e: Expr, whole: Expr) -> Rewrite:
    """ceiling(a/b) -> q        [q*b - b + 1 <= a <= q*b, b > 0]

    Argument: q.
    Fails: e is not the ceiling of a quotient of integers; q is no integer.
    Source: Concrete Mathematics, (3.5).
    """
    above, below, needed = _quotient(ceiling, e, "ceiling_is")
    if not is_integer(whole):
        raise RuleDoesNotApply("ceiling_is: {} need not be an integer", whole)
    inside = between(expanded(whole * below - below + 1), above, expanded(whole * below))
    return rewrite(whole, [inside, *needed, *obligations(whole, context)])


@primitive("a floor within a floor")
def floor_of_floor(context: Context, e: Expr) -> Rewrite:
    """floor((floor(a/b) + c)/d) -> floor((a + b*c)/(b*d))        [b > 0, d > 0]

    Fails: e is not the floor of a quotient, or no floor of a quotient of integers stands as a term above it.
    Source: Concrete Mathematics, (3.11).
    """
    above, below, needed = _quotient(floor, e, "floor_of_floor")
    inner = next((t for t in above.as_ordered_terms() if isinstance(t, floor)), None)
    if inner is None:
        raise RuleDoesNotApply("floor_of_floor: no floor stands as a term in {}", above)
    top, bottom, more = _quotient(floor, inner, "floor_of_floor")
    joined = floor(expanded(top + bottom * (above - inner)) / (bottom * below), evaluate=False)
    return rewrite(joined, [*more, *needed])


@primitive("an integer through the floor")
def integer_through_floor(context: Context, e: Expr, whole: Expr) -> Rewrite:
    """floor(a/b) -> floor((a - q*b)/b) + q        [b > 0]; likewise for the ceiling

    Argument: q.
    Fails: e is not the floor or ceiling of a quotient of integers; q is no integer.
    Source: Concrete Mathematics, (3.6).
    """
    rounded = floor if isinstance(e, floor) else ceiling
    above, below, needed = _quotient(rounded, e, "integer_through_floor")
    if not is_integer(whole):
        raise RuleDoesNotApply("integer_through_floor: {} need not be an integer", whole)
    rest = rounded(expanded(above - whole * below) / below, evaluate=False)
    return rewrite(rest + whole, [*needed, *obligations(whole, context)])


@primitive("a floor as a ceiling")
def floor_as_ceiling(context: Context, e: Expr) -> Rewrite:
    """floor(a/b) -> ceiling((a - b + 1)/b)        [b > 0]

    Fails: e is not the floor of a quotient of integers.
    Source: Concrete Mathematics, exercise 3.12.
    """
    above, below, needed = _quotient(floor, e, "floor_as_ceiling")
    return rewrite(ceiling(expanded(above - below + 1) / below, evaluate=False), needed)


@primitive("a ceiling as a floor")
def ceiling_as_floor(context: Context, e: Expr) -> Rewrite:
    """ceiling(a/b) -> floor((a + b - 1)/b)        [b > 0]

    Fails: e is not the ceiling of a quotient of integers.
    Source: Concrete Mathematics, exercise 3.12.
    """
    above, below, needed = _quotient(ceiling, e, "ceiling_as_floor")
    return rewrite(floor(expanded(above + below - 1) / below, evaluate=False), needed)


@primitive("what the division leaves")
def remainder(context: Context, e: Expr, above: Expr, below: Expr) -> Rewrite:
    """a - b*floor(a/b) -> a mod b        [b > 0]

    Arguments: a, b.
    Fails: e is not that difference; a or b is no integer.
    Source: Concrete Mathematics, (3.21).
    """
    whole = floor(above / below, evaluate=False)
    if not (is_integer(above) and is_integer(below)) or expanded(e - above + below * whole) != 0:
        raise RuleDoesNotApply("remainder: {} is not {} - {}", e, above, below * whole)
    return rewrite(Mod(above, below, evaluate=False), [gt(below, 0)])


def _quotient(rounded: type, e: Expr, rule: str) -> tuple[Expr, Expr, list[Condition]]:
    """(a, b) of floor(a/b), and the conditions under which both are integers."""
    above, below = fraction(together(need(rounded, e, rule).args[0]))
    conditions = [whole_when(part) for part in (above, below)]
    if None in conditions:
        raise RuleDoesNotApply("{}: {} is not a quotient of integers", rule, e)
    needed = [gt(below, 0), *(c for found in conditions for c in found or ())]
    return expanded(above), below, needed


def whole_when(term: Expr) -> tuple[Condition, ...] | None:
    """The conditions under which the term is plainly an integer: a power of one has no negative exponent.

    Example:
        >>> from derive.language import integer
        >>> n, k = integer("n"), integer("k")
        >>> whole_when(n * 2**k + 1), whole_when(n / 2)
        ((k >= 0,), None)
    """
    if is_integer(term):
        return ()
    if isinstance(term, (Add, Mul)):
        parts = [whole_when(part) for part in term.args]
        return None if None in parts else tuple(dict.fromkeys(c for part in parts for c in part or ()))
    if isinstance(term, Pow) and is_integer(term.base) and is_integer(term.exp):
        return (ge(term.exp, 0),)
    return None


def by_integers(after: Expr, *reason: str | Basic) -> Conversion:
    """The term becomes an integer expression that is equal to it wherever the hypotheses hold."""
    return by(integer_arithmetic, after, reason=reason or ("integer arithmetic",))


def quotient(above: Expr, below: Expr, upwards: bool = False) -> Expr:
    """floor(a/b), or the ceiling, left as it is written.

    Example:
        >>> from derive.language import integer
        >>> quotient(integer("W") - 1, integer("S"))
        floor((W - 1)/S)
    """
    rounded = ceiling if upwards else floor
    return rounded(above / below, evaluate=False)


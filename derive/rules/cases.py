"""Laws of cases: choosing one, and saying the same cases another way."""

from __future__ import annotations

from sympy import Expr

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import TRUE, Cases, Condition, Context, all_of, any_of, eq, implies, negate


@primitive("the case that applies")
def select_case(context: Context, e: Expr, number: int) -> Rewrite:
    """{x1 if c1; ...; xn if cn} -> xi        [ci, and none of c1 ... c(i-1)]

    Fails: e is not cases, or has no case of that number (from 0).
    """
    clauses = need(Cases, e, "select_case").clauses
    if not (isinstance(number, int) and 0 <= number < len(clauses)):
        raise RuleDoesNotApply("select_case: {} has no case number {}", e, number)
    value, condition = clauses[number]
    earlier = [negate(c) for _, c in clauses[:number]]
    return rewrite(value, [c for c in (condition, *earlier) if c != TRUE])


@primitive("the same cases, collected")
def regroup_cases(context: Context, e: Expr, after: Expr) -> Rewrite:
    """cases -> cases        [both cover everything; wherever two of their values meet, they are equal]

    Cases within cases count as one list of cases. Both sides must be cases.
    Fails: neither side is cases.
    """
    if not (isinstance(e, Cases) or isinstance(after, Cases)):
        raise RuleDoesNotApply("regroup_cases: there are no cases")
    left, right = leaves(e), leaves(after)
    conditions: list[Condition] = [any_of(*(c for _, c in left)), any_of(*(c for _, c in right))]
    for value, here in left:
        for other, there in right:
            if value != other:
                conditions.append(implies(all_of(here, there), eq(value, other)))
    return rewrite(after, [c for c in conditions if c != TRUE])


def leaves(e: Expr) -> list[tuple[Expr, Condition]]:
    """The values in cases within cases, each with the conditions on the way to it."""
    if not isinstance(e, Cases):
        return [(e, all_of())]
    found = []
    earlier: list[Condition] = []
    for value, condition in e.clauses:
        for inner, inside in leaves(value):
            found.append((inner, all_of(*earlier, condition, inside)))
        earlier.append(negate(condition))
    return found

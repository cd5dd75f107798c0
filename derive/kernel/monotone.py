"""A relation at a place within a term: what it says of the whole term, and under which conditions.

A term grows with a summand, with a factor whose cofactor is not negative, with the base of a power whose exponent is
positive and whose bases are not negative, with what stands in a finite sum, in a largest or least value, in an
expectation, in exp, in log. A negative number as a factor turns the relation round. Nothing else is taken for monotone.
"""

from __future__ import annotations

from sympy import Add, Expr, Max, Min, Mul, Pow, Rational, exp, log

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Path
from derive.kernel.places import put
from derive.language import Condition, IndexSum, Largest, ge, gt, implies
from derive.language.chance import Expectation
from derive.language.conditions import MIRROR


def through(term: Expr, path: Path, relation: str, new: Expr) -> tuple[str, tuple[Condition, ...]]:
    """The relation between the term and the term with `new` at the path, if it holds at the path.

    Returns:
        The relation, and conditions; the indices of sums that the path goes into stand free in them, after "if they
        are in range".

    Raises:
        RuleDoesNotApply: the term is not known to be monotone in what stands there.

    Example:
        >>> from derive.language import real
        >>> a, b, c = real("a"), real("b"), real("c")
        >>> through(1 - a * b, (1, 1), "<=", c)
        ('>=', (b >= 0,))
    """
    if not path or relation == "=":
        return relation, ()
    if relation not in ("<=", ">="):
        raise RuleDoesNotApply("{} is not carried through {}", relation, term)
    number, rest = path[0], path[1:]
    chosen = number if isinstance(number, tuple) else (number,)
    part = term.func(*(term.args[i] for i in chosen)) if isinstance(number, tuple) else term.args[number]
    inner, conditions = through(part, rest, relation, new)
    if isinstance(term, (Add, Max, Min, exp, log, Expectation)):
        return inner, conditions
    if isinstance(term, Mul):
        others = Mul(*(a for i, a in enumerate(term.args) if i not in chosen))
        number_before, cofactor = others.as_coeff_Mul()
        if not isinstance(number_before, Rational):
            raise RuleDoesNotApply("the sign of {} is not seen", others)
        turned = MIRROR[inner] if number_before < 0 else inner
        return turned, conditions if cofactor == 1 else (*conditions, ge(cofactor, 0))
    if isinstance(term, (IndexSum, Largest)) and number == 0 and not term.is_endless:
        return inner, tuple(implies(term.range_condition, c) for c in conditions)
    if isinstance(term, Pow) and number == 0:
        smaller = term.base if inner == "<=" else put(term.base, rest, new)
        return inner, (*conditions, ge(smaller, 0), gt(term.exp, 0))
    raise RuleDoesNotApply("nothing is known of how {} grows", term)

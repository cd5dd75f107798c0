"""Signs that can be seen: terms that are positive, or not negative, by the way they are built.

`exp` is positive, so is a sum of positive terms over a range that is not empty; a square is not negative. What has to
hold for that is returned as a condition, to be shown by whoever asks; what is asked of all terms of a sum says "for
all", since its index would meet others of its name outside.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Abs, Add, Expr, Integer, LambertW, Max, Mul, Pow, Rational, Symbol, exp
from sympy.core.numbers import Exp1, NumberSymbol

from derive.language.arrays import Entry
from derive.language.chance import Expectation, Variance
from derive.language.conditions import FALSE, TRUE, Condition, all_of, any_of, ge, gt, le, ne
from derive.language.counting import Factorial
from derive.language.forms import NEVER_NEGATIVE, Form
from derive.language.symbols import is_integer
from derive.language.terms import ForAll, IndexProduct, IndexSum, Indicator, Largest


def positive_when(term: Expr) -> Condition:
    """A condition under which the term is positive, as far as it can be seen; FALSE where nothing is seen.

    Example:
        >>> from derive.language import array, integer
        >>> k, K = integer("k"), integer("K")
        >>> positive_when(IndexSum(exp(array("z", (1, K))[k]), k, 1, K))
        1 <= K
    """
    if isinstance(term, Rational):
        return TRUE if term > 0 else FALSE
    if isinstance(term, (exp, Exp1, NumberSymbol, Factorial)):
        return TRUE
    if isinstance(term, (Symbol, Entry)):
        return gt(term, 0)
    if isinstance(term, Abs):
        return ne(term.args[0], 0)
    if isinstance(term, Mul):
        least = _least(term)
        return _of_all(least, positive_when) if least else all_of(*(positive_when(f) for f in term.args))
    if isinstance(term, Add):
        return _of_sum(term)
    if isinstance(term, Pow):
        if is_integer(term.exp / 2):
            return any_of(positive_when(term.base), positive_when(-term.base))
        return positive_when(term.base)
    if isinstance(term, (IndexSum, IndexProduct, Largest)) and not term.is_endless:
        multiple = _multiple(term)
        body = positive_when(term.body)
        if body == FALSE:
            return multiple
        within = ForAll(body, *term.args[1:]) if body != TRUE else TRUE
        if isinstance(term, IndexProduct):
            return within
        return any_of(all_of(le(term.low, term.high), within), multiple)
    if isinstance(term, Indicator):
        return term.condition
    if isinstance(term, LambertW):
        return gt(term.args[0], 0)
    if isinstance(term, Max):
        return any_of(*(positive_when(part) for part in term.args))
    return FALSE


def _multiple(term: IndexSum | IndexProduct | Largest) -> Condition:
    """A positive multiple of a positive sum or largest value is positive, whatever the signs in it are."""
    if isinstance(term, IndexProduct):
        return FALSE
    constant, rest = _constant_apart(term)
    return FALSE if constant == 1 else all_of(positive_when(constant), gt(rest, 0))


def _constant_apart(term: IndexSum | Largest) -> tuple[Expr, Expr]:
    """The factors that are free of the index, out of the sums within as well, and what is left of the term."""
    parts: list[Expr] = []
    for part in Mul.make_args(term.body):
        if isinstance(term, IndexSum) and isinstance(part, IndexSum) and not part.is_endless:
            parts += _constant_apart(part)  # a negative factor does not go out of a largest value
        elif isinstance(part, Abs) and isinstance(part.args[0], Mul):
            parts += (Abs(factor, evaluate=False) for factor in part.args[0].args)
        else:
            parts.append(part)
    constant, rest = Mul(*parts).as_independent(term.index, as_Add=False)
    if term.index in constant.free_symbols:
        return Integer(1), term
    return constant, term.over(rest)


def _of_sum(term: Add) -> Condition:
    """All summands not negative, one of them positive."""
    if len(term.args) == 2 and term.args[0] == 1 and isinstance(term.args[1], LambertW):
        return gt(term.args[1].args[0], -exp(-1))
    signs = [positive_when(part) for part in term.args]
    weak = [not_negative_when(part) for part in term.args]
    return any_of(*(all_of(sign, *weak[:place], *weak[place + 1 :]) for place, sign in enumerate(signs)))


def not_negative_when(term: Expr) -> Condition:
    """A condition under which the term is at least 0, as far as it can be seen; FALSE where nothing is seen.

    Example:
        >>> from derive.language import array
        >>> x = array("x", (1, 3))
        >>> not_negative_when(x[1] ** 2 + 2 * x[2] ** 2) == TRUE
        True
        >>> not_negative_when(Variance(x[1])) == TRUE, not_negative_when(Expectation(x[1])) == TRUE
        (True, False)
    """
    if isinstance(term, Rational):
        return TRUE if term >= 0 else FALSE
    if isinstance(term, (Abs, Indicator, Variance)):
        return TRUE
    if isinstance(term, Entry) and isinstance(term.array, Form) and term.array.operation in NEVER_NEGATIVE:
        return TRUE
    if isinstance(term, Expectation):  # of what is not negative in any outcome
        return TRUE if not_negative_when(term.body) == TRUE else FALSE
    if isinstance(term, (Symbol, Entry)):
        return ge(term, 0)
    if isinstance(term, (Mul, Add)):
        least = _least(term)
        return _of_all(least, not_negative_when) if least else all_of(*(not_negative_when(p) for p in term.args))
    if isinstance(term, Pow):
        if is_integer(term.exp / 2):
            return TRUE
        if not is_integer(term.exp):
            return not_negative_when(term.base)  # a root has a value nowhere else
        return positive_when(term.base) if term.exp.is_negative else _base(term)
    if isinstance(term, (IndexSum, IndexProduct, Largest)) and not term.is_endless:
        body = not_negative_when(term.body)
        within = ForAll(body, *term.args[1:]) if body not in (TRUE, FALSE) else body
        return all_of(le(term.low, term.high), within) if isinstance(term, Largest) else within
    if isinstance(term, LambertW):
        return ge(term.args[0], 0)
    if isinstance(term, Max):
        return any_of(*(not_negative_when(part) for part in term.args))
    return positive_when(term)


def _least(term: Expr) -> Largest | None:
    """`-c*max(f)`, c > 0, is the least of the `-c*f`: their range, written as of a largest."""
    number, rest = term.as_coeff_Mul()
    return rest.over(number * rest.body) if isinstance(rest, Largest) and number.is_negative else None


def _of_all(least: Largest, when: Callable[[Expr], Condition]) -> Condition:
    body = when(least.body)
    if body == FALSE:
        return FALSE
    return all_of(le(least.low, least.high), TRUE if body == TRUE else ForAll(body, *least.args[1:]))


def _base(term: Pow) -> Condition:
    """A power with an integer exponent, of what is not negative."""
    return not_negative_when(term.base)

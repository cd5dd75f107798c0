"""Terms made ready to be worked out at many points: one function for each head, made once and used at each of them.

`prepared(term)(evaluator, at)` is the value of the term where the symbols have the values `at`; what it means is said
in `points.py`. The heads that are met most are here; an evaluator knows all others. Sums and products of rational
numbers are carried as one numerator and one denominator and cancelled once, at the end. A sum within sums that does
not speak of all their indices is worked out once for each choice of the others.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import gcd, inf
from typing import Any

from sympy import Add, E, Expr, Mul, Pow, Rational, Symbol

from derive.errors import Undefined, Unevaluable
from derive.language import AllOf, AnyOf, Cases, Compare, Condition, Entry, IndexProduct, IndexSum, Indicator, Largest
from derive.language.chancy import Chancy, NeedsOutcomes
from derive.language.numbers import Number, as_whole, exp, power, primal
from derive.language.reach import reach
from derive.language.symbols import in_letters

LONGEST_SUM = 20_000
MOST_TERMS = 100_000
LARGEST_POWER = 20_000

At = dict[Symbol, Number]
Work = Callable[[Any, At], Number]
"""What works a term out, given an evaluator and the values of the symbols."""
Holds = Callable[[Any, At], bool]
Around = tuple[Symbol, ...]
"""Indices of the sums that a term stands in."""

RELATIONS: Mapping[str, Callable[[Number, Number], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@lru_cache(1 << 15)
def prepared(term: Any, around: Around = ()) -> Work:
    """What works the term out.

    Args:
        term: Any term.
        around: Indices of the sums that it stands in; for its speed alone.

    Example:
        >>> from derive.language import integer
        >>> from derive.language.points import Evaluator
        >>> k, n = integer("k"), integer("n")
        >>> prepared(IndexSum(k**2, k, 1, n))(Evaluator(None, {}, {}), {n: 3})
        14
    """
    for head in type(term).__mro__:
        if head in _HEADS:
            return _HEADS[head](term, around)
    return _other(term)


def prepared_again(term: Any) -> Work:
    """As `prepared`, found by the place of the term in memory: quicker than among terms that are compared."""
    found = _BY_PLACE.get(id(term))
    if found is None:
        if len(_BY_PLACE) >= _MOST_KEPT:
            _BY_PLACE.clear()
        found = _BY_PLACE[id(term)] = prepared(term), term  # as long as it is here no other term has its place
    return found[0]


_MOST_KEPT = 1 << 14
_BY_PLACE: dict[int, tuple[Work, Any]] = {}


@lru_cache(1 << 13)
def condition(stated: Condition, around: Around = ()) -> Holds:
    """What tells whether the condition holds, as `prepared` does for terms."""
    if isinstance(stated, Compare):
        left, right = prepared(stated.left, around), prepared(stated.right, around)
        related = RELATIONS[stated.op]
        return lambda ev, at: bool(related(left(ev, at), right(ev, at)))
    if isinstance(stated, (AllOf, AnyOf)):
        parts = tuple(condition(c, around) for c in stated.args)
        every = isinstance(stated, AllOf)

        def together(ev: Any, at: At) -> bool:
            for part in parts:
                if part(ev, at) is not every:
                    return not every
            return every

        return together
    return lambda ev, at: bool(ev.truth_of_other(stated, at))


def _other(term: Any) -> Work:
    return lambda ev, at: ev.other(term, at)


def _symbol(term: Symbol, around: Around) -> Work:
    def run(ev: Any, at: At) -> Number:
        try:
            return at[term]
        except KeyError:
            raise Unevaluable(f"{term} has no value") from None

    return run


def _number(term: Rational, around: Around) -> Work:
    value = int(term.p) if term.q == 1 else Fraction(int(term.p), int(term.q))
    return lambda ev, at: value


def _add(term: Add, around: Around) -> Work:
    parts = tuple(prepared(part, around) for part in term.args)

    def run(ev: Any, at: At) -> Number:
        top, bottom, whole = 0, 1, True
        total: Number = None
        for part in parts:
            value = part(ev, at)
            kind = type(value)
            if total is not None:
                total = total + value
            elif kind is int:
                top += value * bottom
            elif kind is Fraction:
                whole = False
                more, below = value.as_integer_ratio()
                if below == bottom:
                    top += more
                else:
                    common = gcd(below, bottom)
                    top = top * (below // common) + more * (bottom // common)
                    bottom *= below // common
            else:
                total = (top if whole else Fraction(top, bottom)) + value
        if total is not None:
            return total
        return top if whole else Fraction(top, bottom)

    return run


def _mul(term: Mul, around: Around) -> Work:
    # A factor 0 does not excuse an undefined one: all factors are looked at.
    parts = tuple(prepared(part, around) for part in term.args)

    def run(ev: Any, at: At) -> Number:
        top, bottom, whole = 1, 1, True
        result: Number = None
        for part in parts:
            value = part(ev, at)
            kind = type(value)
            if result is not None:
                result = result * value
            elif kind is int:
                top *= value
            elif kind is Fraction:
                whole = False
                more, below = value.as_integer_ratio()
                top *= more
                bottom *= below
            else:
                result = (top if whole else Fraction(top, bottom)) * value
        if result is not None:
            return result
        return top if whole else Fraction(top, bottom)

    return run


def _pow(term: Pow, around: Around) -> Work:
    of_base, of_exponent, is_e = prepared(term.base, around), prepared(term.exp, around), term.base is E

    def run(ev: Any, at: At) -> Number:
        base, exponent = of_base(ev, at), of_exponent(ev, at)
        if isinstance(exponent, Chancy) or (isinstance(base, Chancy) and as_whole(exponent) is None):
            raise NeedsOutcomes(f"{term} is random")
        if is_e:
            return exp(exponent)
        rest: Any = primal(base)
        if isinstance(exponent, (int, Fraction)) and isinstance(rest, (int, Fraction)) and rest not in (0, 1, -1):
            size = max(abs(rest.numerator).bit_length(), rest.denominator.bit_length())
            if abs(Fraction(exponent)) * size > LARGEST_POWER:
                raise Unevaluable(f"{term} is too large to be worked out")
        return power(base, exponent)

    return run


def _limit(end: Expr, around: Around) -> Work:
    if end.is_infinite:
        infinite = inf if end.is_extended_positive else -inf
        return lambda ev, at: infinite
    work = prepared(end, around)

    def run(ev: Any, at: At) -> Number:
        value = work(ev, at)
        return value if type(value) is int else ev.as_integer(value, "the limit", end)

    return run


def _index_sum(term: IndexSum, around: Around) -> Work:
    of_low, of_high = _limit(term.low, around), _limit(term.high, around)
    index, body = term.index, term.body
    work = prepared(body, (*around, index))

    def run(ev: Any, at: At) -> Number:
        low, high = of_low(ev, at), of_high(ev, at)
        if low == -inf or high == inf:
            least, most = reach(ev, body, index, at)
            low, high = max(low, least), min(high, most)
        if low > high:
            return 0
        if low == -inf or high == inf:
            raise Unevaluable(f"infinitely many terms of {term} may differ from 0")
        if high - low > LONGEST_SUM:
            raise Unevaluable(f"{term} has more than {LONGEST_SUM} terms here")
        ev.spend(int(high) - int(low) + 1)
        top, bottom, whole = 0, 1, True
        total: Number = None
        inner = dict(at)
        for k in range(int(low), int(high) + 1):
            inner[index] = k
            value = work(ev, inner)
            kind = type(value)
            if total is not None:
                total = total + value
            elif kind is int:
                top += value * bottom
            elif kind is Fraction:
                whole = False
                more, below = value.as_integer_ratio()
                if below == bottom:
                    top += more
                else:
                    common = gcd(below, bottom)
                    top = top * (below // common) + more * (bottom // common)
                    bottom *= below // common
            else:
                total = (top if whole else Fraction(top, bottom)) + value
        if total is not None:
            return total
        return top if whole else Fraction(top, bottom)

    free = tuple(sorted(term.free_symbols, key=in_letters))
    # The next line of a chain has most sums of the last one.
    return run if around and all(s in free for s in around) else _kept(run, free)


def _kept(run: Work, free: tuple[Symbol, ...]) -> Work:
    """The same, worked out once for each choice of what it depends on; it costs its terms each time it is asked for."""
    mark = object()

    def asked(ev: Any, at: At) -> Number:
        key = (mark, *[at.get(s) for s in free])
        found = ev.entries.get(key)
        if found is None:
            left, apart = ev.terms_left, ev.spent_once
            value = run(ev, at)
            # What was worked out for good meanwhile, entries of definitions, would not have been paid for again.
            ev.entries[key] = value, left - ev.terms_left - (ev.spent_once - apart)
            return value
        ev.spend(found[1])
        return found[0]

    return asked


def _over(term: IndexProduct | Largest, around: Around) -> Work:
    """The product of all values, or the largest of them; often it stands in a sum over what it does not depend on."""
    work = prepared(term.body, (*around, term.index))
    free = tuple(sorted(term.free_symbols, key=in_letters))
    mark, largest = object(), isinstance(term, Largest)

    def run(ev: Any, at: At) -> Number:
        result: Number = None if largest else 1
        for inner in ev.each(term, at):
            value = work(ev, inner)
            if largest:
                result = value if result is None or value > result else result
            else:
                result = result * value
                if isinstance(result, (int, Fraction)) and result.numerator.bit_length() > LARGEST_POWER:
                    raise Unevaluable(f"{term} is too large to be worked out")
        if result is None:
            raise Undefined(f"{term} is the largest of nothing")
        return result

    def once(ev: Any, at: At) -> Number:
        key = (mark, *[at.get(s) for s in free])
        found = ev.entries.get(key)
        if found is None:
            left, apart = ev.terms_left, ev.spent_once
            ev.entries[key] = found = run(ev, at)
            ev.spent_once = apart + left - ev.terms_left
        return found

    return once


def _entry(term: Entry, around: Around) -> Work:
    array = term.args[0]
    indices = tuple((prepared(index, around), index) for index in term.args[1:])

    def run(ev: Any, at: At) -> Number:
        place = []
        for work, index in indices:
            value = work(ev, at)
            place.append(value if type(value) is int else ev.as_integer(value, "the index", index))
        return ev.entry(array, place, at)

    return run


def _cases(term: Cases, around: Around) -> Work:
    clauses = tuple((prepared(value, around), condition(stated, around)) for value, stated in term.clauses)

    def run(ev: Any, at: At) -> Number:
        for value, stated in clauses:
            if stated(ev, at):
                return value(ev, at)
        raise Undefined(f"no case of {term} applies")

    return run


def _indicator(term: Indicator, around: Around) -> Work:
    stated = condition(term.condition, around)
    return lambda ev, at: 1 if stated(ev, at) else 0


_HEADS: dict[type, Callable[[Any, Around], Work]] = {
    Symbol: _symbol,
    Rational: _number,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    IndexSum: _index_sum,
    IndexProduct: _over,
    Largest: _over,
    Entry: _entry,
    Cases: _cases,
    Indicator: _indicator,
}
"""The heads that are met most."""

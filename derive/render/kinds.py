"""Kinds of terms that printers tell apart: deltas, derivatives that are written as one fraction, powers of numbers.

An indicator is written as Kronecker deltas where its condition says that short index terms are equal, `delta_{ij}`,
and as a bracket elsewhere, `1[0 <= n - i <= k]`. A derivative of an entry, of a power or function of one, or of a
symbol, is one fraction; of anything else it is an operator in front of brackets, a sum or a fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sympy import Abs, Add, Basic, Expr, Integer, Mul, Number, Pow, Rational, Symbol, exp, ilcm, sign
from sympy.core.function import Function

from derive.language import (
    OTHERWISE,
    Cases,
    Compare,
    Condition,
    Entry,
    ForAll,
    IndexProduct,
    Indicator,
    Integral,
    Partial,
    Ranged,
    all_of,
    eq,
    parts_of,
    subterms,
)
from derive.language.chance import Expectation, Stated, Variance
from derive.language.counting import Binomial
from derive.language.symbols import is_integer
from derive.render import names

_LONGEST = 4
"""Terms that a sum among the indices of a delta may have."""


@dataclass(frozen=True)
class Differentiated:
    """A derivative taken apart: what is differentiated, and by what, each with how often; the last derivative first."""

    term: Expr
    by: tuple[tuple[Entry, int], ...]

    @property
    def order(self) -> int:
        """How often in all."""
        return sum(count for _, count in self.by)


def is_numeric_power(factor: Basic) -> bool:
    """A power such as 2^-n, whose base is a number and whose exponent is not, or 10^-16 left unevaluated.

    Example:
        >>> is_numeric_power(2 ** -Symbol("n")), is_numeric_power(Symbol("a") ** 2)
        (True, False)
    """
    if not (isinstance(factor, Pow) and isinstance(factor.base, Number)):
        return False
    return not isinstance(factor.exp, Number) or (isinstance(factor.base, Integer) and isinstance(factor.exp, Integer))


def is_divisor(term: Basic) -> bool:
    """Whether the term is one over something: `1/d`, `1/sqrt(d)`."""
    return isinstance(term, Pow) and isinstance(term.exp, Rational) and bool(term.exp < 0)


def is_arithmetic(term: Basic) -> bool:
    """Whether the term is a sum or product of numbers that is left as it was written, `4*5 + 3*(-1)`.

    Example:
        >>> four, five = Integer(4), Integer(5)
        >>> is_arithmetic(Mul(four, five, evaluate=False)), is_arithmetic(four * Symbol("n")), is_arithmetic(four)
        (True, False, False)
    """
    return isinstance(term, (Add, Mul)) and all(_is_number_work(part) for part in subterms(term))


def worked_terms(term: Expr) -> tuple[tuple[bool, tuple[Expr, ...]], ...]:
    """The terms of a sum of numbers as they were written: (whether it is subtracted, its factors).

    Example:
        >>> four, five = Integer(4), Integer(5)
        >>> worked_terms(Add(Mul(four, five, evaluate=False), -five, evaluate=False))
        ((False, (4, 5)), (True, (5,)))
    """
    found = []
    for part in term.args if isinstance(term, Add) else (term,):
        factors: tuple[Expr, ...] = part.args if isinstance(part, Mul) else (part,)
        taken = len(factors) == 2 and factors[0] == -1 and isinstance(factors[1], Mul)
        if taken:
            factors = factors[1].args
        elif len(factors) == 1 and isinstance(part, Rational) and part < 0:
            taken, factors = True, (-part,)
        found.append((taken, factors))
    return tuple(found)


def _is_number_work(part: Basic) -> bool:
    return isinstance(part, (Add, Mul, Rational)) or (isinstance(part, Pow) and isinstance(part.exp, Integer))


def is_sign(factor: Basic) -> bool:
    """A power of -1 with letters in the exponent.

    Example:
        >>> n = Symbol("n")
        >>> is_sign((-1) ** n), is_sign((-2) ** n)
        (True, False)
    """
    return is_numeric_power(factor) and factor.base == -1


def has_letter_exponent(factor: Basic) -> bool:
    """Whether the factor is a power with letters in its exponent."""
    return isinstance(factor, exp) or (isinstance(factor, Pow) and not isinstance(factor.exp, Number))


def base_of(factor: Basic) -> Basic:
    """The base of a power; anything else is its own base."""
    return factor.base if isinstance(factor, Pow) else factor


def is_single(term: Basic) -> bool:
    """Whether the term is one letter or one digit, so that it may stand beside another without a comma.

    Example:
        >>> is_single(Symbol("i'")), is_single(Integer(3)), is_single(Integer(12)), is_single(Symbol("i") + 1)
        (True, True, False, False)
    """
    if isinstance(term, Symbol):
        found = names.parse(term.name)
        return found is not None and not found.subscripts and (len(found.base) == 1 or found.base in names.GREEK)
    return isinstance(term, Integer) and 0 <= term <= 9


def deltas(indicator: Indicator) -> tuple[tuple[Expr, Expr], ...]:
    """The indices of the Kronecker deltas whose product the indicator is, or nothing.

    Example:
        >>> from derive.language import all_of, eq, integer, le
        >>> i, j = integer("i"), integer("j")
        >>> deltas(Indicator(all_of(eq(i, j), eq(j + 1, 2)))), deltas(Indicator(le(i, j)))
        (((i, j), (j + 1, 2)), ())
    """
    found = []
    for part in parts_of(indicator.condition):
        if not (isinstance(part, Compare) and part.op == "=" and _is_short(part.left) and _is_short(part.right)):
            return ()
        found.append((part.left, part.right))
    return tuple(found)


def is_delta(factor: Basic) -> bool:
    """Whether the factor is written as Kronecker deltas."""
    return isinstance(factor, Indicator) and bool(deltas(factor))


def _is_short(place: Expr) -> bool:
    inside = all(isinstance(part, (Symbol, Integer, Add, Mul)) for part in subterms(place))
    return inside and is_integer(place) and len(Add.make_args(place)) <= _LONGEST


def differentiated(partial: Partial) -> Differentiated:
    """The derivative with those inside it.

    Example:
        >>> from derive.language import array, integer
        >>> i, j, n = integer("i"), integer("j"), integer("n")
        >>> p, z = array("p", (1, n)), array("z", (1, n))
        >>> differentiated(Partial(Partial(p[i], z[j]), z[i])).by
        ((z[i], 1), (z[j], 1))
    """
    by: list[tuple[Entry, int]] = []
    term: Expr = partial
    while isinstance(term, Partial):
        if by and by[-1][0] == term.by:
            by[-1] = (term.by, by[-1][1] + 1)
        else:
            by.append((term.by, 1))
        term = term.term
    return Differentiated(term, tuple(by))


def stands_on_top(term: Expr) -> bool:
    """Whether the derivative of the term is one fraction, with the term in it.

    Example:
        >>> from derive.language import array, integer
        >>> x = array("x", (1, 3))
        >>> stands_on_top(exp(x[1])), stands_on_top(x[1] ** 2), stands_on_top(x[1] * x[2])
        (True, True, False)
    """
    if isinstance(term, Function) and len(term.args) == 1:
        return isinstance(term.args[0], (Symbol, Entry))
    if isinstance(term, Pow) and isinstance(term.exp, Integer) and term.exp > 0:
        return isinstance(term.base, (Symbol, Entry))
    return isinstance(term, (Symbol, Entry))


def quantified(condition: Condition) -> tuple[Condition, Condition]:
    """What holds at all indices, and the ranges of these together."""
    ranges = []
    while isinstance(condition, ForAll):
        ranges.append(condition.range_condition)
        condition = condition.body
    return condition, all_of(*ranges)


def stated_words(condition: Stated) -> tuple[str | Basic, ...]:
    """What is stated of random arrays, as words and terms.

    Example:
        >>> from derive.language import array, integer
        >>> from derive.language.chance import entries_are
        >>> stated_words(entries_are("independent", array("x", (1, integer("n")))))
        ('independent entries of ', x)
    """
    what, parts = condition.what, condition.args[1:]
    if condition.is_value:
        entry = Entry(parts[0], *parts[1].args)
        moments = {"mean": Expectation(entry), "variance": Variance(entry)}
        return (eq(moments.get(what, Expectation(entry**2)), parts[2]),)
    if what == "independent":
        return (*_row(parts[0].args), " independent of ", *_row(parts[1].args))
    if what == "bits":
        return (parts[0], " is 1 with probability ", parts[1], ", else 0")
    if what == "signs":
        return (parts[0], " is 1 or -1, both alike")
    if what == "uniform":
        return (parts[0], " is any integer from ", parts[1], " to ", parts[2], " alike")
    if what.endswith("entries"):
        how = "identically distributed" if what.startswith("identical") else what.split(" ")[0]
        return (f"{how} entries of ", parts[0])
    return (parts[0], {"symmetric": " symmetric about 0"}.get(what, f" {what}"))


def _row(parts: Sequence[Basic]) -> tuple[str | Basic, ...]:
    return tuple(word for number, part in enumerate(parts) for word in ((", ", part) if number else (part,)))


def signed(term: Basic) -> Basic:
    """The sign of a real number, which is 0 at 0, where the term says it with indicators or in three cases.

    Example:
        >>> from derive.language import OTHERWISE, gt, lt, real
        >>> c = real("c")
        >>> signed(Indicator(gt(c, 0)) - Indicator(lt(c, 0)))
        sign(c)
        >>> signed(Cases((1, gt(c, 0)), (0, eq(c, 0)), (-1, OTHERWISE))), signed(Indicator(gt(c, 0)) - 1)
        (sign(c), [c > 0] - 1)
    """
    found: Basic | None = None
    if isinstance(term, Add) and len(term.args) == 2:
        one = next((part for part in term.args if isinstance(part, Indicator)), None)
        other = next((-part for part in term.args if isinstance(-part, Indicator)), None)
        if one is not None and other is not None:
            found = _of_signs(one.condition, other.condition)
            turned = _of_signs(other.condition, one.condition)
            if turned is not None:
                return -sign(turned, evaluate=False)
    elif isinstance(term, Cases) and [value for value, _ in term.clauses] == [1, 0, -1]:
        above, level, rest = (condition for _, condition in term.clauses)
        inside = _compared_with_0(above, ">")
        if inside is not None and rest == OTHERWISE and level in (eq(inside, 0), eq(-inside, 0)):
            found = inside
    return term if found is None else sign(found, evaluate=False)


def _of_signs(above: Condition, below: Condition) -> Basic | None:
    """What the one says is positive and the other negative."""
    inside = _compared_with_0(above, ">")
    return inside if inside is not None and inside == _compared_with_0(below, "<") else None


def _compared_with_0(condition: Condition, op: str) -> Basic | None:
    """What is above 0, or for `<` below it."""
    turned = {">": "<", "<": ">"}
    if isinstance(condition, Compare) and condition.op == op and condition.right == 0:
        return condition.left
    if isinstance(condition, Compare) and condition.op == turned[op] and condition.left == 0:
        return condition.right
    return None


def with_powers(term: Basic) -> Basic:
    """The term with a product of equal factors, over 1..n, written as a power; it is one for every n >= 0.

    Example:
        >>> from derive.language import integer
        >>> K, L, t = integer("K"), integer("L"), integer("t")
        >>> with_powers(2 * IndexProduct(K, t, 1, L))
        2*K**L
    """
    if isinstance(term, IndexProduct) and term.low == 1 and term.body != 1 and term.index not in term.body.free_symbols:
        return Pow(term.body, term.high)
    if isinstance(term, (Mul, Pow)) and any(isinstance(part, (IndexProduct, Pow)) for part in term.args):
        return term.func(*map(with_powers, term.args)) if term.has(IndexProduct) else term
    return term


def is_open(factor: Basic) -> bool:
    """Whether the factor is a derivative of something that stands behind its operator without brackets."""
    if not isinstance(factor, Partial):
        return False
    term = differentiated(factor).term
    return isinstance(term, Ranged) or (not stands_on_top(term) and _is_fraction(term))


def ends_in_sum(term: Expr) -> bool:
    """Whether an index sum stands at the end of the term and seems to swallow what follows."""
    for factor in Mul.make_args(term):
        inside = differentiated(factor).term if isinstance(factor, Partial) else factor
        if isinstance(inside, Ranged):
            return True
    return False


def _is_fraction(term: Expr) -> bool:
    """Whether the term is written as one fraction with nothing before or behind it."""
    factors = Mul.make_args(term)
    under = [f for f in factors if isinstance(f, Pow) and isinstance(f.exp, Rational) and f.exp < 0]
    over = [f for f in factors if f not in under]
    if not under or any(isinstance(f, Number) and f < 0 for f in over):
        return False
    if any(isinstance(base_of(f), (Ranged, Cases, Partial, Indicator, Binomial)) for f in over):
        return False
    return not (any(has_letter_exponent(f) for f in over) and any(isinstance(base_of(f), Add) for f in over))


def _integral(term: Expr) -> Integral | None:
    return next((f for f in Mul.make_args(term) if isinstance(f, Integral)), None)


def joining(terms: list[tuple[bool, Expr]]) -> list[tuple[bool, Expr]]:
    """Two integrals of which one begins where the other ends, in that order."""
    for first, second in combinations(range(len(terms)), 2):
        one, other = (_integral(terms[number][1]) for number in (first, second))
        if one is not None and other is not None and other.high == one.low != other.low:
            terms[first], terms[second] = terms[second], terms[first]
    return terms


def inside_fences(term: Expr) -> Expr:
    """What stands between the bars of a floor, ceiling or absolute value: what divides is below one line.

    Example:
        >>> from sympy import Symbol, floor
        >>> W, S, L = Symbol("W"), Symbol("S"), Symbol("L")
        >>> inside_fences(floor(W * S ** (-L))).args
        (W, 1/(S**L))
        >>> inside_fences(floor(W / 4 + S / 2)).args
        (1/4, 2*S + W)
    """
    inside: Expr = term.args[0]
    if isinstance(term, Abs):
        return inside
    if isinstance(inside, Add):
        below = ilcm(*(part.as_coeff_Mul()[0].q for part in inside.args if part.as_coeff_Mul()[0].is_Rational), 1)
        return inside if below == 1 else Mul(Rational(1, below), Add(*(p * below for p in inside.args)), evaluate=False)
    if not isinstance(inside, Mul):
        return inside
    divided = [f.is_Pow and not f.exp.is_Number and f.exp.could_extract_minus_sign() for f in inside.args]
    if not any(divided):
        return inside
    factors = (
        Pow(Pow(f.base, -f.exp), -1, evaluate=False) if d else f for f, d in zip(inside.args, divided, strict=True)
    )
    return Mul(*factors, evaluate=False)

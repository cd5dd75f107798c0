"""In which order a person writes the terms of a sum and the factors of a product.

SymPy keeps arguments sorted for its own use, so `n - L + 1` comes back as `-L + n + 1`. The rules here are the same
for every format:

- **Sums.** Positive terms come first, then the negative ones, the number last: `n - L + 1`. If no term but the number
  is positive, the number leads: `1 - a`, `2 - 2^-n`. Within a sign the degree falls, then letters rise, small letters
  before capitals; a letter alone comes before a multiple, `W + 2P - K`. Where all that is positive falls off, as in
  `1 + e^-x`, the number leads too. A polynomial in one letter that begins with a positive term keeps its falling
  powers: `a^3 - a^2 + a - 1`. An index sum comes after what is not one, `1 + sum(...)`, since it seems to swallow
  what follows.
- **Products.** Number, constants, letters in alphabetical order, powers with letters in the exponent, entries (those
  with a plain index first), functions, sums in parentheses, index sums and cases. Negative numbers as exponents make a
  denominator; `2^-n` stays. In front of a fraction of sums a power stands free: `a^(n-L+1) (1 - a^L)/(1 - a)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add, Basic, Expr, Integer, Max, Min, Mul, Number, Pow, Rational, S, Symbol, exp

from derive.language import Array, Cases, Entry, IndexSum, subterms

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Product:
    """`-? front * over/under * after`: a product as it is written.

    Attributes:
        negative: Whether a minus stands before it.
        front: Factors before the fraction, or all factors if nothing is divided.
        over: Numerator, not read when `under` is empty.
        under: Denominator.
        after: Index sums and cases, which come last.
    """

    negative: bool
    front: tuple[Expr, ...]
    over: tuple[Expr, ...]
    under: tuple[Expr, ...]
    after: tuple[Expr, ...]


def is_constant(term: Basic) -> bool:
    """Whether neither a symbol nor an array occurs in the term."""
    return not any(isinstance(part, (Symbol, Array)) for part in subterms(term))


def is_numeric_power(factor: Basic) -> bool:
    """A power such as 2^-n, whose base is a number and whose exponent is not, or 10^-16 left unevaluated.

    Example:
        >>> is_numeric_power(2 ** -Symbol("n")), is_numeric_power(Symbol("a") ** 2)
        (True, False)
    """
    if not (isinstance(factor, Pow) and isinstance(factor.base, Number)):
        return False
    return not isinstance(factor.exp, Number) or (isinstance(factor.base, Integer) and isinstance(factor.exp, Integer))


def _has_letter_exponent(factor: Basic) -> bool:
    return isinstance(factor, exp) or (isinstance(factor, Pow) and not isinstance(factor.exp, Number))


def _base(factor: Basic) -> Basic:
    return factor.base if isinstance(factor, Pow) else factor


def _letters(name: str) -> Key:
    return (name[:1].isupper(), name.casefold(), name)


def product(term: Expr) -> Product:
    """The product as a person writes it.

    Example:
        >>> a, n = Symbol("a"), Symbol("n")
        >>> found = product(n * a**n / 2)
        >>> found.over, found.under
        ((n, a**n), (2,))
    """
    coefficient, rest = term.as_coeff_mul() if isinstance(term, Mul) else (S.One, (term,))
    if not isinstance(coefficient, Rational):
        coefficient, rest = S.One, (coefficient, *rest)
    over: list[Expr] = []
    under: list[Expr] = []
    after: list[Expr] = []
    negative = bool(coefficient < 0)
    for factor in _flat(rest):
        if isinstance(factor, Add) and all(taken for taken, _ in sum_terms(factor)):
            factor, negative = -factor, not negative
        if isinstance(factor, (IndexSum, Cases)):
            after.append(factor)
        elif is_numeric_power(factor):
            over.append(factor)
        elif isinstance(factor, Pow) and isinstance(factor.exp, Rational) and factor.exp < 0:
            under.append(Pow(factor.base, -factor.exp))
        else:
            over.append(factor)
    over.sort(key=factor_key)
    under.sort(key=factor_key)
    after.sort(key=factor_key)
    front: list[Expr] = []
    if any(isinstance(_base(f), Add) for f in over) and any(isinstance(_base(f), Add) for f in under):
        front = [f for f in over if _has_letter_exponent(f)]
        over = [f for f in over if not _has_letter_exponent(f)]
    elif over and not under and coefficient.q != 1 and all(is_numeric_power(f) for f in over):
        after, over = over + after, []
    if coefficient.q != 1:
        under.insert(0, Integer(coefficient.q))
    if abs(coefficient.p) != 1 or not (front or over or (after and not under)):
        over.insert(0, Integer(abs(coefficient.p)))
    if not under:
        front, over = front + over, []
    return Product(negative, tuple(front), tuple(over), tuple(under), tuple(after))


def _flat(factors: Iterable[Expr]) -> Iterator[Expr]:
    """The factors with products among them taken apart (SymPy keeps those that were made with evaluate=False)."""
    for factor in factors:
        if isinstance(factor, Mul):
            yield from _flat(factor.args)
        else:
            yield factor


def factor_key(factor: Expr) -> Key:
    """Where a factor stands among its fellows."""
    base = _base(factor)
    plain = not _has_letter_exponent(factor)
    if isinstance(factor, Number):
        return (0,)
    if is_constant(factor):
        return (3 if is_numeric_power(factor) else 1, 0, str(factor))
    if isinstance(base, Symbol) and plain:
        return (2, base.name.casefold(), base.name)
    if is_numeric_power(factor):
        return (3, 0, str(factor))
    if isinstance(base, Symbol) or isinstance(factor, exp):
        return (3, 1, str(base).casefold(), str(factor))
    if isinstance(base, Entry):
        shifted = sum(0 if isinstance(i, (Symbol, Number)) else 1 for i in base.indices)
        return (4, any(_is_turned(i) for i in base.indices), shifted, base.array.name.casefold(), str(factor))
    if isinstance(base, Add):
        return (6, len(base.args), str(factor))
    if isinstance(base, (IndexSum, Cases)):
        return (7, isinstance(base, Cases), str(factor))
    return (5, str(factor))


def _is_turned(place: Expr) -> bool:
    """Whether an index letter (i to m) is subtracted in the place: `x[i-N]` is told before `h[n-i]`."""
    return any(
        number.is_negative and isinstance(rest, Symbol) and rest.name[0] in "ijklm"
        for number, rest in (part.as_coeff_Mul() for part in Add.make_args(place))
    )


def sum_terms(total: Expr) -> tuple[tuple[bool, Expr], ...]:
    """The terms of a sum in their order, each as (whether it is subtracted, its absolute form).

    Example:
        >>> L, n = Symbol("L"), Symbol("n")
        >>> sum_terms(n - L + 1)
        ((False, n), (True, L), (False, 1))
    """
    terms = []
    for term in Add.make_args(total):
        negative = bool(term.as_coeff_Mul()[0] < 0) if term.as_coeff_Mul()[0].is_real else False
        terms.append((negative, -term if negative else term))
    moving = sorted((t for t in terms if not is_constant(t[1])), key=lambda t: term_key(t[1]))
    fixed = [t for t in terms if is_constant(t[1])]
    fixed.sort(key=lambda t: (t[0], not isinstance(t[1], Rational), str(t[1])))
    if _is_polynomial(moving) and moving and not moving[0][0]:
        return tuple(moving + fixed)
    added = [t for t in moving if not t[0]]
    taken = [t for t in moving if t[0]]
    sums = [t for t in added if _ends_in_sum(t[1])]
    plain = [t for t in added if not _ends_in_sum(t[1])]
    head = [t for t in fixed if not t[0]]
    tail = [t for t in fixed if t[0]]
    if all(_degree(t[1])[0] < 0 for t in added):
        return tuple(head + added + taken + tail)
    if sums:
        return tuple(plain + head + sums + taken + tail)
    return tuple(plain + taken + head + tail)


def shared_denominator(total: Expr) -> int:
    """The denominator that the number before every term has, else 1; SymPy splits `(n + 1)/2` into two halves.

    Example:
        >>> n = Symbol("n")
        >>> shared_denominator((n + 1) / 2), shared_denominator(n / 2 + 1)
        (2, 1)
    """
    numbers = [term.as_coeff_Mul()[0] for term in Add.make_args(total)]
    denominators = {number.q if isinstance(number, Rational) else 1 for number in numbers}
    return int(denominators.pop()) if len(denominators) == 1 else 1


def _ends_in_sum(term: Expr) -> bool:
    return any(isinstance(f, IndexSum) for f in Mul.make_args(term))


def _is_polynomial(terms: list[tuple[bool, Expr]]) -> bool:
    """Whether all terms are a number times a power of one and the same symbol."""
    letters = set()
    for _, term in terms:
        rest = term.as_coeff_Mul()[1]
        if not (isinstance(_base(rest), Symbol) and not _has_letter_exponent(rest)):
            return False
        letters.add(_base(rest))
    return len(letters) == 1


def _degree(term: Expr) -> tuple[int, Rational, Rational]:
    """How high the term ranks: powers with letters in the exponent, the number in those exponents, plain degree."""
    towers, offset, degree = 0, S.Zero, S.Zero
    for factor in Mul.make_args(term):
        if is_constant(factor):
            continue
        if _has_letter_exponent(factor):
            exponent = factor.exp
            negative = exponent.as_coeff_Mul()[0] < 0
            towers += -1 if negative else 1
            number = exponent.as_coeff_Add()[0]
            offset += number if isinstance(number, Rational) else S.Zero
        elif isinstance(factor, Pow) and isinstance(factor.exp, Rational):
            degree += factor.exp
        else:
            degree += 1
    return towers, offset, degree


def term_key(term: Expr) -> Key:
    """Where a term stands among those of its sign."""
    towers, offset, degree = _degree(term)
    scaled = degree == 1 and not towers and abs(term.as_coeff_Mul()[0]) != 1
    names: list[Key] = []
    for factor in sorted(Mul.make_args(term.as_coeff_Mul()[1]), key=factor_key):
        base = _base(factor)
        power = factor.exp if isinstance(factor, Pow) and isinstance(factor.exp, Rational) else S.One
        if isinstance(base, Symbol):
            names.append((0, scaled, _letters(base.name), -power))
        else:
            names.append((1, scaled, (False, str(base), ""), -power))
    return (_ends_in_sum(term), -towers, -offset, -degree, tuple(names), str(term))


def extreme_arguments(term: Min | Max) -> tuple[Expr, ...]:
    """The arguments of a minimum or maximum: numbers, then letters, then the rest.

    Example:
        >>> L, n = Symbol("L"), Symbol("n")
        >>> extreme_arguments(Min(L - 1, n))
        (n, L - 1)
    """
    def key(argument: Expr) -> Key:
        if is_constant(argument):
            return (0, str(argument))
        if isinstance(argument, Symbol):
            return (1, _letters(argument.name))
        return (2, len(str(argument)), str(argument))

    return tuple(sorted(term.args, key=key))

"""In which order a person writes the terms of a sum and the factors of a product.

SymPy keeps arguments sorted for its own use, so `n - L + 1` comes back as `-L + n + 1`. The rules here are the same
for every format:

- **Sums.** Positive terms come first, then the negative ones, the number last: `n - L + 1`. If no term but the number
  is positive, the number leads: `1 - a`, `2 - 2^-n`. Within a sign the degree falls, then letters rise, small letters
  before capitals; a letter alone comes before a multiple, `W + 2P - K`. Where all that is positive falls off, as in
  `1 + e^-x`, the number leads too. A polynomial in one letter that begins with a positive term keeps its falling
  powers: `a^3 - a^2 + a - 1`. An index sum comes after what is not one, `1 + sum(...)`, since it seems to swallow
  what follows. Of two integrals that join, the one on the left is first. From line to line of a chain a summand keeps
  its place: see `lines`.
- **Products.** Number, constants, sign `(-1)^k`, letters in alphabetical order, polynomials in parentheses, powers of
  numbers, factorials and binomials, powers with letters in the exponent, differences of such powers, entries (those
  with a plain index first), functions, other sums in parentheses, derivatives, indicators, index sums and cases. In a
  term of a sum Kronecker deltas come first, and that term first of its sign: `delta_ij p_i - p_i p_j`. Negative numbers
  as exponents make a denominator; `2^-n` stays. In front of a fraction of sums a power stands free:
  `a^(n-L+1) (1 - a^L)/(1 - a)`; binomials, derivatives, indicators and index sums stand behind it. Powers of numbers
  with opposite exponents are one power: `(-1/2)^n`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Add, Basic, Expr, Integer, Max, Min, Mul, Number, Pow, Rational, S, Symbol, exp

from derive.language import Array, Cases, Entry, Indicator, Partial, Ranged, subterms
from derive.language.counting import Binomial, Factorial
from derive.render.kinds import (
    base_of,
    ends_in_sum,
    has_letter_exponent,
    is_delta,
    is_numeric_power,
    is_open,
    is_sign,
    joining,
)

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Product:
    """`-? front * over/under * after`: a product as it is written.

    Attributes:
        negative: Whether a minus stands before it.
        front: Factors before the fraction, or all factors if nothing is divided.
        over: Numerator, not read when `under` is empty.
        under: Denominator.
        after: What stands behind the fraction, index sums and cases last.
    """

    negative: bool
    front: tuple[Expr, ...]
    over: tuple[Expr, ...]
    under: tuple[Expr, ...]
    after: tuple[Expr, ...]


def is_constant(term: Basic) -> bool:
    """Whether neither a symbol nor an array occurs in the term."""
    return not any(isinstance(part, (Symbol, Array)) for part in subterms(term))


def _letters(name: str) -> Key:
    return (name[:1].isupper(), name.casefold(), name)


def product(term: Expr, delta_first: bool = False) -> Product:
    """The product as a person writes it.

    Args:
        term: A product; anything else is a product of one factor.
        delta_first: Whether Kronecker deltas come first, as they do in a term of a sum.

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
    for factor in _merged(_flat(rest)):
        shared = shared_factor(factor)
        if shared != 1:
            coefficient, factor = coefficient * shared, Add(*(part / shared for part in factor.args))
        if isinstance(factor, Add) and all(taken for taken, _ in sum_terms(factor)):
            factor, negative = -factor, not negative
        if isinstance(factor, (Ranged, Cases)) or is_open(factor):
            after.append(factor)
        elif is_numeric_power(factor):
            over.append(factor)
        elif isinstance(factor, Pow) and isinstance(factor.exp, Rational) and factor.exp < 0:
            under.append(Pow(factor.base, -factor.exp))
        else:
            over.append(factor)
    if negative:
        turned = next((f for f in over if _reads_better_turned(f)), None)
        if turned is not None:
            over[over.index(turned)], negative = -turned, False
    over.sort(key=lambda f: (not (delta_first and is_delta(f)), factor_key(f)))
    under.sort(key=factor_key)
    after.sort(key=factor_key)
    divided = bool(under) or coefficient.q != 1
    leading = [f for f in over if delta_first and is_delta(f)] if divided else []
    if len(leading) == len(over):
        leading = []
    over = over[len(leading) :]
    front: list[Expr] = []
    if any(isinstance(base_of(f), Add) for f in over) and any(isinstance(base_of(f), Add) for f in under):
        front = [f for f in over if has_letter_exponent(f)]
        over = [f for f in over if not has_letter_exponent(f)]
        front, over = (front, over) if over or abs(coefficient.p) != 1 else ([], front)  # a numerator is not empty
    elif over and not under and coefficient.q != 1 and all(is_numeric_power(f) and not is_sign(f) for f in over):
        after, over = over + after, []
    tall = [_is_tall(f) or (len(over) > 1 and _has_derivatives(f)) for f in over]
    if divided and any(tall) and not all(map(is_delta, over)):
        first = tall.index(True)
        after, over = over[first:] + after, over[:first]
    if coefficient.q != 1:
        under.insert(0, Integer(coefficient.q))
    if abs(coefficient.p) != 1 or not (front or over or (after and not under)):
        over.insert(0, Integer(abs(coefficient.p)))
    if not under:
        front, over = front + over, []
    return Product(negative, (*leading, *front), tuple(over), tuple(under), tuple(after))


def _flat(factors: Iterable[Expr]) -> Iterator[Expr]:
    """The factors with products among them taken apart (SymPy keeps those that were made with evaluate=False)."""
    for factor in factors:
        if isinstance(factor, Mul):
            yield from _flat(factor.args)
        else:
            yield factor


def _merged(factors: Iterable[Expr]) -> list[Expr]:
    """Powers of numbers with opposite exponents joined, 3^n 2^-n to (3/2)^n, and a sign with another power.

    SymPy takes them apart. They are equal for every exponent, since no more than one of the bases is negative.
    """
    merged: list[Expr] = []
    for factor in sorted(factors, key=lambda f: not is_sign(f)):
        for place, other in enumerate(merged):
            base = _common_base(other, factor)
            if base is not None:
                merged[place] = Pow(base, other.exp, evaluate=False)
                break
        else:
            merged.append(factor)
    return merged


def _common_base(first: Expr, second: Expr) -> Rational | None:
    """The number b with `first * second = b**e`, e being the exponent of `first`, where there is one."""
    for power in (first, second):
        if not (is_numeric_power(power) and power.exp.free_symbols):
            return None
    if second.base <= 0 or first.base in (0, second.base):
        return None
    if first.exp == -second.exp:
        return first.base / second.base
    return first.base * second.base if is_sign(first) and first.exp == second.exp else None


def _is_tall(factor: Expr) -> bool:
    """Whether a factor stands behind a fraction rather than in it: a binomial, a sum with an index sum or fraction."""
    base = base_of(factor)
    if isinstance(base, Add):
        return any(ends_in_sum(term) or product(term).under for term in base.args if not is_constant(term))
    return isinstance(base, (Binomial, Partial, Indicator))


def _has_derivatives(factor: Expr) -> bool:
    """Whether it is a sum with derivatives among its factors: beside others it stands behind the fraction."""
    terms = Add.make_args(factor) if isinstance(factor, Add) else ()
    return any(isinstance(f, Partial) for term in terms for f in Mul.make_args(term))


def _reads_better_turned(factor: Expr) -> bool:
    """Whether minus the factor is a power of a number minus a number: -(1 - 2^L) is 2^L - 1."""
    if not isinstance(factor, Add):
        return False
    terms = sum_terms(factor)
    moving = [taken for taken, term in terms if is_numeric_power(term) and not _falls(term)]
    fixed = [taken for taken, term in terms if isinstance(term, Rational)]
    return moving == [True] and fixed == [False] and len(terms) == 2


def _falls(power: Expr) -> bool:
    """Whether a power of a number does not grow with its exponent: 2^-n, (-1)^n, (3/4)^n."""
    return bool((abs(power.base) < 1) != (power.exp.as_coeff_Mul()[0] < 0)) or abs(power.base) == 1


def factor_key(factor: Expr) -> Key:
    """Where a factor stands among its fellows."""
    base = base_of(factor)
    plain = not has_letter_exponent(factor)
    if isinstance(factor, Number):
        return (0,)
    if is_constant(factor):
        return (5 if is_numeric_power(factor) else 1, 0, str(factor))
    if is_sign(factor):
        return (2, str(factor))
    if isinstance(base, Symbol) and plain:
        return (3, base.name.casefold(), base.name)
    if isinstance(base, Add) and plain and _is_simple(base):
        return (4, *_sum_key(base), str(factor))
    if is_numeric_power(factor):
        return (5, 1, str(factor))
    if isinstance(base, (Factorial, Binomial)) and plain:
        return (6, isinstance(base, Binomial), len(str(base)), str(factor))
    if isinstance(base, Symbol) or (isinstance(factor, exp) and not factor.has(Entry)):
        power = factor.exp if isinstance(factor, Pow) else S.One
        return (7, 0, str(base).casefold(), len(str(power)), str(factor))
    if isinstance(base, Add) and _is_simple(base, towers=True):
        return (7, 1, *_sum_key(base), str(factor))
    if isinstance(base, Entry):
        shifted = sum(0 if isinstance(i, (Symbol, Number)) else 1 for i in base.indices)
        return (8, any(_is_turned(i) for i in base.indices), shifted, base.array.name.casefold(), str(factor))
    if isinstance(base, Add):
        return (10, *_sum_key(base), str(factor))
    if isinstance(base, (Partial, Indicator)):
        return (11, isinstance(base, Indicator), not is_delta(base), str(factor))
    if isinstance(base, (Ranged, Cases)):
        return (12, isinstance(base, Cases), str(factor))
    return (9, str(factor))


def _is_simple(term: Expr, towers: bool = False) -> bool:
    """Whether the term is made of numbers and letters by sums, products and powers, with `towers` any powers."""
    return all(
        isinstance(part, (Add, Mul, Number, Symbol))
        or (isinstance(part, Pow) and (towers or isinstance(part.exp, Number)))
        for part in subterms(term)
    )


def _sum_key(total: Add) -> Key:
    """Short sums first, then small coefficients: k(k + 1)(2k + 1)."""
    numbers = [abs(term.as_coeff_Mul()[0]) for term in total.args if not is_constant(term)]
    return (len(total.args), max(numbers, default=S.Zero))


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
        negative = is_taken(term)
        terms.append((negative, -term if negative else term))
    moving = joining(sorted((t for t in terms if not is_constant(t[1])), key=lambda t: term_key(t[1])))
    fixed = [t for t in terms if is_constant(t[1])]
    fixed.sort(key=lambda t: (t[0], not isinstance(t[1], Rational), str(t[1])))
    if _is_polynomial(moving) and moving and not moving[0][0]:
        return tuple(moving + fixed)
    added = [t for t in moving if not t[0]]
    taken = [t for t in moving if t[0]]
    sums = [t for t in added if ends_in_sum(t[1])]
    plain = [t for t in added if not ends_in_sum(t[1])]
    head = [t for t in fixed if not t[0]]
    tail = [t for t in fixed if t[0]]
    if all(_degree(t[1])[0] < 0 for t in added):
        return tuple(head + added + taken + tail)
    if sums:
        return tuple(plain + head + sums + taken + tail)
    return tuple(plain + taken + head + tail)


def is_taken(term: Expr) -> bool:
    """Whether a minus stands before the term; SymPy may have hidden it in a factor, as in (-n - 1) x.

    Example:
        >>> n, x = Symbol("n"), Symbol("x")
        >>> is_taken(-2 * n), is_taken(1 - n), is_taken((-n - 1) * x)
        (True, False, True)
    """
    if isinstance(term, Mul):
        return product(term).negative
    number = term.as_coeff_Mul()[0]
    return bool(number.is_real and number < 0)


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


def shared_factor(total: Expr) -> int:
    """The number before every term of a sum of entries, else 1; SymPy has multiplied it in.

    Example:
        >>> from derive.language import signal
        >>> t, y = signal("t"), signal("y")
        >>> shared_factor(2 * (y[1] - t[1])), shared_factor(2 * y[1] - t[1]), shared_factor(2 * y[1])
        (2, 1, 1)
    """
    pairs = [term.as_coeff_Mul() for term in Add.make_args(total)]
    numbers = {abs(number) for number, _ in pairs}
    fits = len(pairs) > 1 and len(numbers) == 1 and all(isinstance(entry, Entry) for _, entry in pairs)
    (number, *_) = numbers
    return int(number) if fits and isinstance(number, Integer) else 1


def _is_polynomial(terms: list[tuple[bool, Expr]]) -> bool:
    """Whether all terms are a number times a power of one and the same symbol."""
    letters = set()
    for _, term in terms:
        rest = term.as_coeff_Mul()[1]
        if not (isinstance(base_of(rest), Symbol) and not has_letter_exponent(rest)):
            return False
        letters.add(base_of(rest))
    return len(letters) == 1


def _degree(term: Expr) -> tuple[int, Rational, Rational]:
    """How high the term ranks: powers with letters in the exponent, the number in those exponents, plain degree."""
    towers, offset, degree = 0, S.Zero, S.Zero
    factors = [f for f in _merged(Mul.make_args(term)) if not is_constant(f)]
    for factor in factors:
        if is_sign(factor) and len(factors) > 1:
            continue
        if has_letter_exponent(factor):
            exponent = factor.exp
            falls = _falls(factor) if is_numeric_power(factor) else exponent.as_coeff_Mul()[0] < 0
            towers += -1 if falls else 1
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
        base = base_of(factor)
        power = factor.exp if isinstance(factor, Pow) and isinstance(factor.exp, Rational) else S.One
        if isinstance(base, Symbol):
            names.append((0, scaled, _letters(base.name), -power))
        else:
            names.append((1, scaled, (False, str(base), ""), -power))
    has_delta = any(map(is_delta, Mul.make_args(term)))
    return (ends_in_sum(term), not has_delta, -towers, -offset, -degree, tuple(names), str(term))


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

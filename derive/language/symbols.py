"""The only maker of symbols: one name and sort, one set of assumptions.

A symbol knows no more than its number system (integer, real). What else is known about it, that a size is at least
1 or that a ratio is not 1, is a hypothesis of a `Context`, so that a sheet can say where it was used and a checker
can see it missing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from sympy import Abs, Add, Basic, Integer, Max, Min, Mod, Mul, Poly, Pow, Symbol, ceiling, floor, sign

from derive.errors import IllFormed

_MOST_REMAINDERS = 4_096
"""Tuples of remainders that are tried to see that a polynomial is whole-valued."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*'*\Z")


@lru_cache(1 << 14)
def in_letters(term: Basic) -> str:
    """The term as text, kept: by it terms are put in an order that is the same in every run.

    Example:
        >>> sorted((integer("n") + 1, integer("k")), key=in_letters)
        [k, n + 1]
    """
    return str(term)


def _checked(name: str) -> str:
    if not _NAME.match(name):
        raise IllFormed(
            f"{name!r} is not a symbol's name: a letter, then letters or digits, then _subscripts, then primes"
        )
    return name


def integer(name: str) -> Symbol:
    """An integer: an index, a time, a size before its hypotheses.

    Example:
        >>> integer("n").is_integer
        True
    """
    return Symbol(_checked(name), integer=True)


def real(name: str) -> Symbol:
    """A real number.

    Example:
        >>> real("a").is_nonzero is None
        True
    """
    return Symbol(_checked(name), real=True)


def fresh(name: str, taken: set[str]) -> Symbol:
    """An integer symbol named like `name`, primed until it is not among `taken`.

    Example:
        >>> fresh("k", {"k", "k'"}).name
        "k''"
    """
    while name in taken:
        name += "'"
    return integer(name)


def fresh_like(symbol: Symbol, taken: set[str]) -> Symbol:
    """A symbol of the same sort, primed until its name is not among `taken`.

    Example:
        >>> fresh_like(real("t"), {"t"}) == real("t'")
        True
    """
    found = fresh(symbol.name, taken)
    return found if symbol.is_integer else real(found.name)


def is_integer(term: Basic) -> bool:
    """Whether the term is plainly an integer wherever it has a value: built from integers by steps that keep them.

    SymPy's own answer is not asked: it takes `n*(2*m + 2)/6` for an integer (1.14; an even factor is thought to
    cancel every even denominator).

    Example:
        >>> n, m = integer("n"), integer("m")
        >>> is_integer(n * (2 * m + 2)), is_integer(n * (2 * m + 2) / 6), is_integer(floor(n / 6) - m**2)
        (True, False, True)
    """
    if isinstance(term, (Integer, floor, ceiling)) or getattr(type(term), "is_whole", False):
        return True
    if isinstance(term, Symbol):
        return bool(term.is_integer)
    if isinstance(term, (Add, Mul, Min, Max, Abs, sign)):
        return all(is_integer(part) for part in term.args)
    if isinstance(term, Pow):
        return isinstance(term.exp, Integer) and term.exp >= 0 and is_integer(term.base)
    if isinstance(term, Mod):
        return all(is_integer(part) for part in term.args)
    return getattr(type(term), "keeps_integers", False) and is_integer(term.args[0])


def is_whole_valued(term: Basic) -> bool:
    """Whether the term is an integer wherever it has a value, also as n*(n - 1)/2 is.

    A polynomial in integers with coefficients over q is one if q divides its numerator at all remainders modulo q.

    Example:
        >>> n, m = integer("n"), integer("m")
        >>> is_whole_valued(n * (n - 1) / 2), is_whole_valued(n**2 / 2), is_whole_valued(n * (2 * m + 2) / 6)
        (True, False, False)
        >>> is_whole_valued((n**3 - n) / 6 + m)
        True
    """
    if is_integer(term):
        return True
    if getattr(type(term), "may_be_endless", False):  # a sum
        return not getattr(term, "is_endless", True) and is_whole_valued(term.args[0])
    letters = sorted(term.free_symbols, key=in_letters)
    if not isinstance(term, (Add, Mul)) or not letters or not all(is_integer(s) for s in letters):
        return False
    if not term.is_polynomial(*letters):
        return False
    found = Poly(term, *letters)
    if not (found.domain.is_ZZ or found.domain.is_QQ):  # a coefficient such as pi
        return False
    below, whole = found.clear_denoms(convert=True)
    if int(below) ** len(letters) > _MOST_REMAINDERS:
        return False
    return all(int(whole.eval(at)) % int(below) == 0 for at in product(range(int(below)), repeat=len(letters)))

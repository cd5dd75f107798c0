"""Polynomials that are not negative beyond the least values of their symbols.

With each symbol s written as (least value) + t, t >= 0, a polynomial without a negative coefficient is not negative. It
is a sufficient test, fast, and enough where costs are compared: all sizes are at least 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from sympy import Add, Expr, Integer, Mul, Poly, PolynomialError, Pow, Rational, Symbol, fraction, together

from derive.language.conditions import Compare, Condition
from derive.language.symbols import in_letters
from derive.language.terms import expanded, subterms

_MOST_TERMS = 400


def least_values(facts: Iterable[Condition]) -> dict[Symbol, tuple[Rational, Condition]]:
    """{symbol: (a number that it is at least, the fact that says so)}.

    Example:
        >>> from derive.language import ge, integer, lt
        >>> n, m = integer("n"), integer("m")
        >>> {str(s): value for s, (value, _) in least_values((ge(n, 2), lt(3, m))).items()}
        {'n': 2, 'm': 4}
    """
    found: dict[Symbol, tuple[Rational, Condition]] = {}
    for fact in facts:
        if not isinstance(fact, Compare):
            continue
        for symbol, bound, signs in (
            (fact.left, fact.right, (">", ">=", "=")),
            (fact.right, fact.left, ("<", "<=", "=")),
        ):
            if not (isinstance(symbol, Symbol) and isinstance(bound, Rational) and fact.op in signs):
                continue
            value = bound + 1 if fact.op in "<>" and symbol.is_integer and bound.is_Integer else bound
            if symbol not in found or value > found[symbol][0]:
                found[symbol] = (value, fact)
    return found


def cleared(condition: Condition, least: dict[Symbol, tuple[Rational, Condition]]) -> Condition:
    """An inequality between quotients, multiplied by their denominators where these are seen to be positive.

    Example:
        >>> from derive.language import ge, integer, le
        >>> n, m = integer("n"), integer("m")
        >>> cleared(le(1 / n, 1 / m), least_values((ge(n, 1), ge(m, 1))))
        m - n <= 0
    """
    if not isinstance(condition, Compare) or not any(_divides(side) for side in (condition.left, condition.right)):
        return condition
    top, bottom = fraction(together(condition.left - condition.right))
    if bottom == 1 or not stays_above(bottom, least, strictly=True):
        return condition
    return Compare(condition.op, expanded(top), 0)


def _divides(term: Expr) -> bool:
    return any(power.exp.is_Integer and power.exp < 0 for power in term.atoms(Pow))


def stays_above(term: Expr, least: dict[Symbol, tuple[Rational, Condition]], strictly: bool = False) -> bool:
    """Whether the polynomial is seen to be at least 0 (more than 0) wherever its symbols have these least values.

    Example:
        >>> from derive.language import ge, integer
        >>> n, m = integer("n"), integer("m")
        >>> least = least_values((ge(n, 1), ge(m, 1)))
        >>> stays_above(2 * n * m - n - m, least), stays_above(n * m - n - m, least)
        (True, False)
    """
    symbols = sorted(term.free_symbols, key=in_letters)
    if not symbols or not all(s in least for s in symbols):
        return False
    if not all(isinstance(part, (Add, Mul, Pow, Symbol, Rational)) for part in subterms(term)):
        return False  # `Poly` expands what stands within functions too, and SymPy works some of these out wrongly
    try:
        polynomial = Poly(term, *symbols)
        if len(polynomial.terms()) > _MOST_TERMS or not all(c.is_Rational for c in polynomial.coeffs()):
            return False
        moved = polynomial.as_expr().xreplace({s: s + least[s][0] for s in symbols})
        polynomial = Poly(moved, *symbols)
    except PolynomialError:
        return False
    constant = polynomial.coeff_monomial(Integer(1))
    return all(Fraction(int(c.p), int(c.q)) >= 0 for c in polynomial.coeffs()) and (not strictly or constant > 0)

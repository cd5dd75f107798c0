"""What stands between two factors in LaTeX: a dot, a thin space, or nothing."""

from __future__ import annotations

import sympy
from sympy import Basic, Expr, Number, Symbol, exp

from derive.language import Entry, Indicator, Partial
from derive.language.counting import Factorial
from derive.render import kinds, names


def between(last: Expr, before: str, factor: Expr, written: str, thin: str) -> str:
    r"""What keeps a factor apart from the one before it.

    Args:
        last: The factor before.
        before: The text that ends with it.
        factor: The factor.
        written: Its text.
        thin: A thin space.

    Example:
        >>> a, n = Symbol("a"), Symbol("n")
        >>> between(sympy.Integer(3), "3", 2**n, "2^n", "~"), between(n, "n", 2**n, "2^n", "~")
        ('\\cdot ', '~')
    """
    if _needs_dot(last, factor, written):
        return r"\cdot "
    if isinstance(last, Entry) and not names.is_sequence(last.array) and is_bracketed(written):
        return ""  # p_i(1 - p_i), but x[n] (1 - a)
    apart = _is_spaced(last, before) or _is_spaced(factor, written) or _is_close(last, factor, written)
    return thin if apart else ""


def is_bracketed(written: str) -> bool:
    """Whether the text begins with a parenthesis."""
    return written.startswith(("(", r"\left("))


def _needs_dot(last: Expr, factor: Expr, written: str) -> bool:
    """Whether a dot keeps two factors apart: a number from a number, and k from n! (where 2n! could be (2n)!)."""
    if isinstance(factor, (Factorial, sympy.factorial)):
        return isinstance(last, (Symbol, Number))
    if is_bracketed(written):
        return False
    if kinds.is_numeric_power(factor):
        return isinstance(last, Number) or (kinds.is_numeric_power(last) and not kinds.is_sign(last))
    return written[0].isdigit()


def _is_close(last: Expr, factor: Expr, written: str) -> bool:
    """Whether a thin space keeps a power of a number, or a factorial, from the factor beside it."""
    if isinstance(last, (Factorial, sympy.factorial)) or isinstance(factor, (Factorial, sympy.factorial)):
        return True
    if not kinds.is_numeric_power(factor) or isinstance(last, Number):
        return False
    return not (kinds.is_sign(factor) or (kinds.is_sign(last) and is_bracketed(written)))


def _is_spaced(factor: Basic, written: str) -> bool:
    """Whether a factor wants a thin space beside it: entries, derivatives, indicators, and names that are words."""
    base = kinds.base_of(factor)
    if isinstance(base, Number):
        return False
    if isinstance(base, Indicator):
        return not kinds.is_delta(base)
    if isinstance(base, (Entry, Partial, sympy.Derivative)) or (isinstance(base, exp) and base.has(Entry)):
        return True
    return r"\mathrm{" in written.split("_")[0]

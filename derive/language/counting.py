r"""Factorials and binomial coefficients, inert, and how they hang together.

`Binomial(n, k)` is $n(n-1)\cdots(n-k+1)/k!$ for k >= 0 and 0 for k < 0, n and k integers (Concrete Mathematics, (5.1)).
`Factorial(n)` has a value for n >= 0. SymPy's own heads are not used: they evaluate themselves as they are built, by
other conventions for negative arguments.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., sections 5.1 and 5.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import comb, factorial
from typing import Any

from sympy import Add, Basic, Dummy, Expr, Integer, Mul, Pow, Rational

from derive.errors import Undefined, Unevaluable
from derive.language.conditions import Condition, as_expr, ge
from derive.language.terms import expanded, subterms

_WIDEST = 40
"""Shifts between two arguments that are written out as products; wider ones are left alone."""

_LARGEST = 2_000


class Factorial(Expr):
    """n!, for integers n >= 0."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, n: Any) -> Factorial:
        made: Factorial = Expr.__new__(cls, as_expr(n))
        return made

    def _sympystr(self, printer: Any) -> str:
        return f"factorial({printer.doprint(self.args[0])})"


class Binomial(Expr):
    """The binomial coefficient "n choose k", 0 for k < 0."""

    is_commutative = True
    is_extended_real = True

    def __new__(cls, n: Any, k: Any) -> Binomial:
        made: Binomial = Expr.__new__(cls, as_expr(n), as_expr(k))
        return made

    def _sympystr(self, printer: Any) -> str:
        return f"binomial({printer.doprint(self.args[0])}, {printer.doprint(self.args[1])})"


def counted(term: Expr, arguments: list[int]) -> int:
    """The value of a factorial or binomial coefficient at these arguments.

    Raises:
        Undefined: it is the factorial of a negative number.
        Unevaluable: it is too large.
    """
    first, rest = arguments[0], arguments[1:]
    if isinstance(term, Factorial) and first < 0:
        raise Undefined(f"{term} speaks of {first}")
    if max(map(abs, arguments)) > _LARGEST:
        raise Unevaluable(f"{term} is too large to be worked out")
    if not rest:
        return factorial(first)
    if first < 0 <= rest[0]:
        return (-1) ** rest[0] * comb(rest[0] - first - 1, rest[0])
    return comb(first, rest[0]) if rest[0] >= 0 else 0


def in_common(terms: tuple[Expr, ...]) -> tuple[tuple[Expr, ...], tuple[Condition, ...]]:
    r"""The terms with factorials and binomials over common generators, and the conditions under which they are equal.

    $\binom NK = N!\,G(K)\,G(N-K)$ for $N \ge 0$, where $G(m) = 1/m!$, and $G(m) = 0$ for $m < 0$. For all integers m
    $G(m) = (m+1)\,G(m+1)$; $(m+1)! = (m+1)\,m!$ for $m \ge 0$. So the factorials whose arguments differ by integers are
    multiples of the one with the least argument, which is 1/G there; where there are only G's, they are multiples of
    the one with the greatest.

    Example:
        >>> from derive.language import integer
        >>> n, k = integer("n"), integer("k")
        >>> _, conditions = in_common((Binomial(n, k), Binomial(n - 1, k)))
        >>> conditions
        (n - 1 >= 0,)
    """
    rising: dict[Expr, list[int]] = {}
    falling: dict[Expr, list[int]] = {}
    asked: dict[Expr, None] = {}
    for found in (t for term in terms for t in _arithmetic(term)):
        if isinstance(found, Factorial):
            base, shift = _split(found.args[0])
            rising.setdefault(base, []).append(shift)
        else:
            for role, argument in _arguments(found):
                base, shift = _split(argument)
                (rising if role == "upper" else falling).setdefault(base, []).append(shift)
                if role == "upper":
                    asked[base] = None
    if any(max(s) - min(s) > _WIDEST or (base == 0 and max(s) > 1_000) for base, s in _merged(rising, falling)):
        return terms, ()
    reference = {base: min(shifts) for base, shifts in rising.items()}
    reference |= {base: max(shifts) for base, shifts in falling.items() if base not in rising}
    generators = {base: Dummy("f") for base in reference}
    frame = (reference, generators, set(rising))
    conditions = tuple(ge(base + reference[base], 0) for base in asked if base != 0 or reference[base] < 0)
    return tuple(_written(term, frame) for term in terms), conditions


def _merged(rising: Mapping[Expr, list[int]], falling: Mapping[Expr, list[int]]) -> list[tuple[Expr, list[int]]]:
    return [(base, [*rising.get(base, ()), *falling.get(base, ())]) for base in {**rising, **falling}]


def _arithmetic(term: Basic) -> list[Basic]:
    """The factorials and binomials that are reached through sums, products and integer powers alone."""
    if isinstance(term, (Factorial, Binomial)):
        return [term]
    if isinstance(term, (Add, Mul)):
        return [found for part in term.args for found in _arithmetic(part)]
    if isinstance(term, Pow) and term.exp.is_Integer:
        return _arithmetic(term.base)
    return []


def _arguments(term: Basic) -> tuple[tuple[str, Expr], ...]:
    n, k = term.args
    return ("upper", n), ("lower", k), ("lower", n - k)


def _split(argument: Expr) -> tuple[Expr, int]:
    """The argument as a term without constant and an integer; a constant that is no integer stays."""
    constant, rest = expanded(argument).as_coeff_Add()
    whole = int(constant // 1) if isinstance(constant, Rational) else 0
    return rest + (constant - whole), whole


Frame = tuple[dict[Expr, int], dict[Expr, Dummy], set[Expr]]


def _written(term: Expr, frame: Frame) -> Expr:
    if isinstance(term, Factorial):
        return _factorial(term.args[0], frame)
    if isinstance(term, Binomial):
        (_, n), *lower = _arguments(term)
        return Mul(_factorial(n, frame), *(_reciprocal(m, frame) for _, m in lower))
    if isinstance(term, (Add, Mul)):
        return term.func(*(_written(part, frame) for part in term.args))
    if isinstance(term, Pow) and term.exp.is_Integer:
        return Pow(_written(term.base, frame), term.exp)
    return term


def _factorial(argument: Expr, frame: Frame) -> Expr:
    reference, generators, _ = frame
    base, shift = _split(argument)
    if base == 0 and shift >= 0:
        return Integer(factorial(shift))
    return Mul(generators[base], *(base + i for i in range(reference[base] + 1, shift + 1)))


def _reciprocal(argument: Expr, frame: Frame) -> Expr:
    reference, generators, rising = frame
    base, shift = _split(argument)
    if base == 0:
        return Rational(1, factorial(shift)) if shift >= 0 else Integer(0)
    start = reference[base]
    generator = 1 / generators[base] if base in rising else generators[base]
    if shift <= start:
        return Mul(generator, *(base + i for i in range(shift + 1, start + 1)))
    return Mul(generator, *(1 / (base + i) for i in range(start + 1, shift + 1)))


def counts_in(*terms: Basic) -> bool:
    """Whether a factorial or binomial occurs."""
    return any(isinstance(t, (Factorial, Binomial)) for term in terms for t in subterms(term))

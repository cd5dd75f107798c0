r"""Finding T with t(k) = T(k + 1) - T(k), so that a sum of t(k) is a difference of two values of T.

Three ways, tried in this order. A polynomial times powers, $p(k) \prod_j r_j^{s_j k + d_j}$: with U the product of the
$r_j^{s_j}$ of positive slope and V that of $r_j^{-s_j}$ of negative slope, $T(k) = q(k)\,V \prod_j r_j^{s_j k + d_j}$
where $U q(k+1) - V q(k) = p(k)$ is solved from the highest coefficient down, if U != V. A polynomial alone: the same
with U = V = 1, one degree higher. Everything else whose ratio t(k+1)/t(k) is rational: Gosper's algorithm.

What is found here is found by any means; the law `telescope` checks it.

Source: R. W. Gosper, Decision procedure for indefinite hypergeometric summation, PNAS 75 (1978), 40-42; Graham, Knuth,
Patashnik, Concrete Mathematics, 2nd ed., section 5.7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import (
    Add,
    Dummy,
    Expr,
    Integer,
    Mul,
    Poly,
    PolynomialError,
    Pow,
    Symbol,
    binomial,
    fraction,
    linsolve,
    together,
)
from sympy.concrete.gosper import gosper_normal

from derive.language import IndexSum, substitute
from derive.language.counting import Binomial, counts_in, in_common
from derive.language.terms import expanded
from derive.language.zero import same_when
from derive.rules.algebra import normal_form

_MOST_UNKNOWNS = 12


@dataclass(frozen=True)
class Shape:
    """A summand as constant * polynomial * powers.

    Attributes:
        constant: The factors that are free of the index.
        coefficients: Of the polynomial, from degree 0 up.
        powers: (base, slope, rest) for base**(slope*k + rest).
    """

    constant: Expr
    coefficients: tuple[Expr, ...]
    powers: tuple[tuple[Expr, int, Expr], ...]

    @property
    def rising(self) -> Expr:
        """U, the product of base**slope over the positive slopes."""
        return Mul(*(base**slope for base, slope, _ in self.powers if slope > 0))

    @property
    def falling(self) -> Expr:
        """V, the product of base**(-slope) over the negative slopes."""
        return Mul(*(base ** (-slope) for base, slope, _ in self.powers if slope < 0))

    @property
    def gap(self) -> tuple[Expr, int]:
        """(D, sign) with U - V = sign*D, written as a teacher would: 1 - r, a - b."""
        up, down = self.rising, self.falling
        return (down - up, -1) if down == 1 else (up - down, 1)


def shape_of(body: Expr, k: Symbol) -> Shape | None:
    """The summand as constant * polynomial * powers, or None if it is not that."""
    constant: list[Expr] = []
    polynomial: list[Expr] = []
    powers = []
    for factor in Mul.make_args(body):
        if k not in factor.free_symbols:
            constant.append(factor)
        elif isinstance(factor, Pow) and k not in factor.base.free_symbols:
            exponent = expanded(factor.exp)
            slope = exponent.coeff(k)
            rest = expanded(exponent - slope * k)
            if not slope.is_Integer or k in rest.free_symbols:
                return None
            powers.append((factor.base, int(slope), rest))
        else:
            polynomial.append(factor)
    try:
        found = Poly(Mul(*polynomial), k)
    except PolynomialError:
        return None
    if any(k in c.free_symbols for c in found.all_coeffs()):
        return None
    return Shape(Mul(*constant), tuple(reversed(found.all_coeffs())), tuple(powers))


def antidifference(total: IndexSum) -> Expr | None:
    """T with body(k) = T(k + 1) - T(k), in the index of the sum, or None if none is found.

    For a polynomial times powers the answer supposes that the ratio of the powers is not 1.

    Example:
        >>> from derive.language import integer
        >>> k, n = integer("k"), integer("n")
        >>> antidifference(IndexSum(1/(k*(k + 1)), k, 1, n))
        -1/k
    """
    k = total.index
    shape = shape_of(total.body, k)
    if shape is not None and shape.powers:
        return None if shape.gap[0] == 0 else with_powers(shape, k)
    if shape is not None:
        return shape.constant * _polynomial(shape.coefficients, k)
    found = gosper(total.body, k)
    return None if found is None else without_poles(found, k)


def with_powers(shape: Shape, k: Symbol) -> Expr:
    """T for a polynomial times powers whose ratio is not 1."""
    gap, sign = shape.gap
    degree = len(shape.coefficients) - 1
    solved: dict[int, Expr] = {}
    for j in range(degree, -1, -1):
        rest = sum((binomial(m, j) * solved[m] * gap ** (m - j - 1) for m in solved), Integer(0))
        solved[j] = expanded(sign * (shape.coefficients[j] * gap ** (degree - j) - shape.rising * rest))
    top = Add(*(c * gap**j * k**j for j, c in solved.items()))
    powers = Mul(*(base ** (slope * k + rest + max(-slope, 0)) for base, slope, rest in shape.powers))
    return shape.constant * powers * top / gap ** (degree + 1)


def _polynomial(coefficients: tuple[Expr, ...], k: Symbol) -> Expr:
    """T(k + 1) - T(k) = p(k), with T(0) = 0: from the highest coefficient down."""
    degree = len(coefficients) - 1
    solved: dict[int, Expr] = {}
    for j in range(degree, -1, -1):
        rest = sum((binomial(m, j) * solved[m] for m in solved if m > j + 1), Integer(0))
        solved[j + 1] = (coefficients[j] - rest) / (j + 1)
    return Add(*(c * k**j for j, c in solved.items())).factor()


def ratio(body: Expr, k: Symbol) -> Expr | None:
    """body(k + 1)/body(k) if it is a rational function of k, else None."""
    later = substitute(body, {k: k + 1})
    if counts_in(body):
        (later, body), _ = in_common((later, body))
    found = normal_form(later / body)
    top, bottom = fraction(together(found))
    return found if top.is_polynomial(k) and bottom.is_polynomial(k) else None


def gosper(body: Expr, k: Symbol) -> Expr | None:
    """T by Gosper's algorithm, a rational multiple of the body; None if there is none or the body is not for it."""
    found = ratio(body, k)
    if found is None:
        return None
    a, b, c = (Poly(p, k) for p in gosper_normal(*fraction(together(found)), k, polys=False))
    x = solved_for_polynomial(a, b, c, k)
    if x is None:
        return None
    before = substitute(b.as_expr(), {k: k - 1})
    multiple = (before * x / c.as_expr()).factor()
    rational = body.is_rational_function(k) and not counts_in(body)
    return (multiple * body).factor() if rational else multiple * body


def solved_for_polynomial(a: Poly, b: Poly, c: Poly, k: Symbol, free: tuple[Symbol, ...] = ()) -> Any:
    """x with a(k) x(k+1) - b(k-1) x(k) = c(k), or None; with `free` unknowns in c, (x, {unknown: value})."""
    before = b.compose(Poly(k - 1, k))
    n, m = a.degree(), before.degree()
    if n != m or a.LC() != before.LC():
        bounds = [c.degree() - max(n, m)]
    elif n == 0:
        bounds = [c.degree() + 1]
    else:
        second = (before.nth(n - 1) - a.nth(n - 1)) / a.LC()
        bounds = [c.degree() - n + 1, *([int(second)] if second.is_Integer else [])]
    degree = max(d for d in bounds)
    if degree < 0 or degree > _MOST_UNKNOWNS:
        return None
    unknowns = [Dummy(f"x{i}") for i in range(degree + 1)]
    x = Poly(Add(*(u * k**i for i, u in enumerate(unknowns))), k)
    equations = (a * x.compose(Poly(k + 1, k)) - before * x - c).all_coeffs()
    everything = [*unknowns, *free]
    solutions = list(linsolve(equations, everything))
    if not solutions:
        return None
    left = [u for u in everything if u in set().union(*(v.free_symbols for v in solutions[0]))]
    values = [v.subs(dict.fromkeys(left, 0)) if not free else v for v in solutions[0]]
    polynomial = Add(*(v * k**i for i, v in enumerate(values[: degree + 1])))
    return (polynomial, dict(zip(free, values[degree + 1 :], strict=True))) if free else polynomial


def without_poles(term: Expr, k: Symbol) -> Expr:
    """The term with linear factors taken into binomial coefficients: C(n, k)/(k + 1) is C(n + 1, k + 1)/(n + 1).

    The same term is returned where that does not apply.
    """
    here = term
    for _ in range(_MOST_UNKNOWNS):
        after = _absorbed(here, k)
        if after is None:
            break
        here = after
    return here if here == term or same_when(term, here) is not None else term


def _absorbed(term: Expr, k: Symbol) -> Expr | None:
    counts, powers, plain = _sorted_out(term, k)
    top, bottom = (expanded(p) for p in fraction(together(plain)))
    for number, (n, m) in enumerate(count.args for count in counts):
        others = Mul(*counts[:number], *counts[number + 1 :], *powers)
        for factor, divisor, made in ((n - m, m + 1, Binomial(n, m + 1)), (m, n - m + 1, Binomial(n, m - 1))):
            if _divides(factor, top, k) and (bottom / divisor).cancel().is_polynomial():
                return (plain * divisor / factor).factor() * made * others
        for divisor, made in ((m + 1, Binomial(n + 1, m + 1)), (n - m + 1, Binomial(n + 1, m))):
            if _divides(divisor, bottom, k):
                return (plain * divisor / (n + 1)).factor() * made * others
        for factor, made in ((m, Binomial(n - 1, m - 1)), (n - m, Binomial(n - 1, m))):
            if _divides(factor, top, k):
                return (plain * n / factor).factor() * made * others
    return None


def _sorted_out(term: Expr, k: Symbol) -> tuple[list[Expr], list[Expr], Expr]:
    """The factors: binomials with the index (a square twice), symbolic powers and factorials, all others."""
    counts: list[Expr] = []
    powers: list[Expr] = []
    plain: list[Expr] = []
    for factor in Mul.make_args(term):
        base, times = factor.as_base_exp()
        if isinstance(base, Binomial) and k in base.free_symbols and times.is_Integer and times > 0:
            counts += [base] * int(times)
        elif not times.is_Integer or counts_in(factor):
            powers.append(factor)
        else:
            plain.append(factor)
    return counts, powers, Mul(*plain)


def _divides(divisor: Expr, polynomial: Expr, k: Symbol) -> bool:
    try:
        return Poly(polynomial, k).rem(Poly(divisor, k)).is_zero and Poly(divisor, k).degree() == 1
    except PolynomialError:
        return False

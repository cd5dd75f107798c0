r"""Means over normal numbers of what is a polynomial on each of finitely many cells: $\max(0, z)$, $|z|$, $[z > 1]$.

A comparison of $c + a z$ with a number cuts the line of z at one point. So a calculation that compares normal numbers
with others alone, one at a time, is a polynomial on each of finitely many boxes, and the mean over a box is made of the
moments of each normal number between two ends. With the density $\phi$ and the distribution function $\Phi$ of a
normal number of mean 0 and variance 1 these are, by integration by parts,
$m_0 = \Phi(b) - \Phi(a)$, $m_1 = \phi(a) - \phi(b)$, $m_k = (k-1)\, m_{k-2} + a^{k-1} \phi(a) - b^{k-1} \phi(b)$.
Both are enclosed by balls. A cut has probability 0, so which side it counts to makes no difference.

Source: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions, volume 1, 2nd ed., 1994, section 13.10.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from derive.errors import Unevaluable
from derive.language.chancy import Atom, Chancy, Monomial
from derive.language.exponential import inverse
from derive.language.numbers import Number, erf, exp, pi, sqrt

MOST_CELLS = 300
"""In all outcomes of the other random numbers together; each is a calculation of its own."""

End = Number | None
"""None where there is no end."""


class OnCell(Chancy):
    """A polynomial in normal numbers that may be compared: the line of the one that it depends on is cut there."""

    def __init__(self, terms: Mapping[Monomial, Number], cells: Cells) -> None:
        super().__init__(terms)
        self.cells = cells

    def _like(self, terms: Mapping[Monomial, Number]) -> Chancy:
        return OnCell(terms, self.cells)

    def _against(self, other: Any) -> Any:
        apart = self - other
        if not isinstance(apart, Chancy):
            return (apart > 0) - (apart < 0)
        atoms = {atom for monomial in apart.terms for atom, _ in monomial}
        if len(atoms) > 1 or any(order > 1 for monomial in apart.terms for _, order in monomial):
            raise Unevaluable("normal numbers are compared with each other, or their powers")
        (atom,) = atoms
        rise = apart.terms[((atom, 1),)]
        above = self.cells.is_above(atom, -apart.terms.get((), 0) * inverse(rise))
        return 1 if above == (rise > 0) else -1

    __hash__ = object.__hash__


class Cells:
    """The cells of a calculation, found as it compares: the lower side of each cut first, then the upper one."""

    def __init__(self) -> None:
        self.between: dict[Atom, tuple[End, End]] = {}
        self.cuts: list[tuple[Atom, Number, tuple[End, End], bool]] = []
        self.left = MOST_CELLS

    def number(self, atom: Atom) -> OnCell:
        """A normal number."""
        return OnCell({((atom, 1),): 1}, self)

    def is_above(self, atom: Atom, point: Number) -> bool:
        """Whether the normal number is greater than the point in this cell; cut there if it may be both."""
        low, high = here = self.between.get(atom, (None, None))
        if low is not None and point <= low:
            return True
        if high is not None and point >= high:
            return False
        self.between[atom] = low, point
        self.cuts.append((atom, point, here, False))
        return False

    def next(self) -> bool:
        """Go on to the next cell; whether there is one."""
        while self.cuts:
            atom, point, before, done = self.cuts.pop()
            if not done:
                self.between[atom] = point, before[1]
                self.cuts.append((atom, point, before, True))
                return True
            self.between[atom] = before
        return False

    def mean(self, run: Callable[[], Number]) -> Number:
        """The mean of what `run` makes of the normal numbers.

        Raises:
            Unevaluable: there are too many cells, or what is compared is not linear in one normal number.

        Example:
            >>> cells = Cells()
            >>> z = cells.number(Atom(("z", (), "")))
            >>> cells.mean(lambda: max(0, z) ** 2), cells.mean(lambda: abs(z))
            (Fraction(1, 2), 0.797884560803...)
        """
        total: Number = 0
        while True:
            self.left -= 1
            if self.left < 0:
                raise Unevaluable(f"there are more than {MOST_CELLS} cells here")
            total = total + self.over(run())
            if not self.next():
                self.between.clear()
                return total

    def over(self, value: Number) -> Number:
        """The integral over this cell."""
        if not self.between and not isinstance(value, Chancy):
            return value
        total: Number = 0
        terms = value.terms if isinstance(value, Chancy) else {(): value}
        for monomial, weight in terms.items():
            orders = {**dict.fromkeys(self.between, 0), **dict(monomial)}
            for atom, order in orders.items():
                weight = weight * part(order, *self.between.get(atom, (None, None)))
            total = total + weight
        return total


def part(order: int, low: End, high: End) -> Number:
    """The mean of the power of a normal number, counted between two ends alone.

    Example:
        >>> part(4, None, None), part(2, 0, None), part(1, 0, None), part(0, -1, 1)
        (3, Fraction(1, 2), 0.398942280401..., 0.682689492137...)
    """
    if low is None and high is None:
        return Atom(()).moment(order)
    if order == 0:
        return _below(high) - _below(low, 0)
    if order == 1:
        return _edge(low, 0) - _edge(high, 0)
    return (order - 1) * part(order - 2, low, high) + _edge(low, order - 1) - _edge(high, order - 1)


def _below(point: End, endless: int = 1) -> Number:
    """The probability of what is less; where there is no end it is 1 above and 0 below."""
    if point is None:
        return endless
    if isinstance(point, (int, Fraction)) and point == 0:
        return Fraction(1, 2)
    return Fraction(1, 2) + erf(point * inverse(sqrt(2))) * Fraction(1, 2)


def _edge(point: End, order: int) -> Number:
    """A power times the density, 0 where there is no end."""
    if point is None:
        return 0
    if isinstance(point, (int, Fraction)) and point == 0 and order:
        return 0
    return point**order * exp(-point * point * Fraction(1, 2)) * inverse(sqrt(2 * pi()))

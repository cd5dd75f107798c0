r"""Sums of binomial coefficients: by Gosper's certificate where the terms telescope, by Zeilberger's recurrence else.

An alternating row and a column have terms that are differences. The sum over a whole row does not telescope, but its
terms satisfy a recurrence in n whose inhomogeneous part does; induction on n then proves the value.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., (5.10), (5.12), (5.16), (5.18), (5.23); Petkovsek,
Wilf, Zeilberger, A = B, chapters 5 and 6.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, IndexSum, declare, integer, real
from derive.language.counting import Binomial
from derive.rules.closed_forms import closed_form
from derive.rules.combine import derived
from derive.rules.recurrences import by_recurrence

n, m, r = integer("n"), integer("m"), real("r")
j, k = integer("j"), integer("k")


def _claim(
    name: str, title: str, left: Expr, oracle: Callable[..., Any], value: Expr | None = None, sizes: str = ""
) -> Claim:
    sorts = {n: "size" if "n" in sizes else "natural", m: "size" if "m" in sizes else "natural", r: "real"}
    context = Context(tuple(declare(s.name, sort) for s, sort in sorts.items() if s in left.free_symbols))
    conversion = closed_form(j) if value is None else by_recurrence(n, 1 if "n" in sizes else 0, value, j)

    def derive() -> Derivation:
        return derived(f"binomial_sums.{name}", context, left, conversion)

    question: Text = ("Find ", left, " in closed form.")
    return Claim(name, title, question, context, left, derive, oracle)


def row(n: int) -> list[int]:
    """Row n of Pascal's triangle, by additions alone."""
    entries = [1]
    for _ in range(n):
        entries = [1, *(entries[place] + entries[place + 1] for place in range(len(entries) - 1)), 1]
    return entries


def alternating(n: int, m: int) -> int:
    """The first m + 1 entries of a row with alternating signs."""
    value = 0
    for place in range(m + 1):
        value += (-1) ** place * (row(n)[place] if place <= n else 0)
    return value


def column(n: int, m: int) -> int:
    """Entry m of the rows up to n."""
    value = 0
    for place in range(n + 1):
        value += row(place)[m] if m <= place else 0
    return value


def whole_row(n: int) -> int:
    """All entries of a row."""
    return sum(entry for entry in row(n))


def theorem(n: int, r: Fraction) -> Fraction:
    """The entries of a row times powers of r."""
    value = r * 0
    for place, entry in enumerate(row(n)):
        value += entry * r**place
    return value


def mean(n: int) -> int:
    """The entries of a row times their places."""
    return sum(place * entry for place, entry in enumerate(row(n)))


def squares(n: int) -> int:
    """The squares of the entries of a row."""
    return sum(entry * entry for entry in row(n))


def vandermonde(n: int, m: int) -> int:
    """The products of the entries of two rows."""
    return sum(first * second for first, second in zip(row(n), row(m), strict=False))


_C = Binomial(n, k)

CONSTRUCT = Construct(
    name="binomial_sums",
    title="Sums of binomial coefficients",
    about=("Sums over ", k, " of binomial coefficients and what is multiplied to them."),
    conventions=("a binomial coefficient with negative lower index is 0", "an empty sum is 0", "0 to the power 0 is 1"),
    source="Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., sections 5.1 and 5.2",
    claims=(
        _claim(
            "alternating", "Part of a row, signs alternating", IndexSum((-1) ** k * _C, k, 0, m), alternating, sizes="n"
        ),
        _claim("column", "A column", IndexSum(Binomial(k, m), k, 0, n), column),
        _claim("row", "A row", IndexSum(_C, k, 0, n), whole_row, Integer(2) ** n),
        _claim("theorem", "The binomial theorem", IndexSum(_C * r**k, k, 0, n), theorem, (1 + r) ** n),
        _claim("mean", "A row weighted with its places", IndexSum(k * _C, k, 0, n), mean, n * 2 ** (n - 1), "n"),
        _claim("squares", "The squares of a row", IndexSum(_C**2, k, 0, n), squares, Binomial(2 * n, n)),
        _claim("vandermonde", "Two rows", IndexSum(_C * Binomial(m, k), k, 0, n), vandermonde, Binomial(n + m, n), "m"),
    ),
)

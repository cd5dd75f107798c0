r"""Operations on single entries in a Newton-Schulz step: their share of the time, and the better order with them.

With $d_o$ rows and $d_i$ columns the products of $(WW^\top) W$ take $2c\,d_o^2 d_i$. Let an operation on one entry take
e, one for each entry of $WW^\top$ and two for each entry of W: $e d_o^2 + 2e\,d_o d_i$ more. As a share of the products
that is $e/(2c\,d_i) + e/(c\,d_o)$. The first part belongs to the $d_o^2$ entries of $WW^\top$: it vanishes just where
the number of columns grows, and stays the same if only the rows do. In the other order $d_o$ and $d_i$ change places,
and the difference $(d_o - d_i)(2c\,d_o d_i + e (d_o + d_i))$ has the sign of $d_o - d_i$ as before.

Source: Higham, Functions of Matrices, 2008, section 8.3, (8.20), and appendix B, table B.2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.newton_schulz import SIZES, d_i, d_o, i, j
from derive.constructs.newton_schulz_costs import LEFT, RIGHT, L, R, _c, c, left_first, timed
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, declare, eq, gt
from derive.rules.algebra import algebra, definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, repeat, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_least
from derive.rules.sums import sum_of_constant

_e = declare("e", "real", "time of an operation on one entry")
e = _e.symbol
E, S = array("E"), array("S")


def entries(rows: Expr, columns: Expr) -> Expr:
    """One operation on each entry of a matrix."""
    return IndexSum(IndexSum(e, j, 1, columns), i, 1, rows)


ALONG = Definition(E, (), entries(d_o, d_o) + 2 * entries(d_o, d_i))
SHORTER = Definition(S, (), entries(d_i, d_i) + 2 * entries(d_o, d_i))
_GIVEN = (gt(c, 0), gt(e, 0))
CONTEXT = Context((*SIZES, _c, _e), _GIVEN, (LEFT, ALONG))
BOTH = Context((*SIZES, _c, _e), _GIVEN, (LEFT, RIGHT, ALONG, SHORTER))
GRAM = Context((*SIZES, _c, _e), _GIVEN)
OF_GRAM = e * d_o**2 / (2 * c * d_o**2 * d_i)


def elements() -> Derivation:
    """e d_o**2 + 2 e d_o d_i."""
    told = by(definition, reason=("one for each entry of the Gram matrix, two for each entry of W",))
    count = one_line(repeat(everywhere(by(sum_of_constant))), ("count",))
    return derived("newton_schulz_share.elements", CONTEXT, E[()], then(told, count))


def share() -> Derivation:
    """e/(2 c d_i) + e/(c d_o)."""
    lemmas = elements(), left_first()
    known = (at_part(one.left, use_lemma(one, {}, (eq(one.left, one.right),))) for one in lemmas)
    total = by(algebra, e / (2 * c * d_i) + e / (c * d_o), reason=("divide term by term",))
    return derived("newton_schulz_share.share", CONTEXT, E[()] / L[()], then(*known, total), lemmas)


def remains() -> Derivation:
    """At least e/(2 c d_i), for all numbers of rows."""
    lemma = share()
    known = use_lemma(lemma, {}, ("the share found before",))
    least = at_part(e / (c * d_o), by(at_least, Integer(0), reason=(gt(e / (c * d_o), 0),)))
    return derived("newton_schulz_share.remains", CONTEXT, E[()] / L[()], then(known, least), (lemma,))


def difference() -> Derivation:
    """(d_o - d_i) (2 c d_o d_i + e (d_o + d_i))."""
    count = one_line(repeat(everywhere(by(sum_of_constant))), ("count",))
    inserted = one_line(repeat(everywhere(by(definition))), ("products and operations on entries",))
    total = by(algebra, (d_o - d_i) * (2 * c * d_o * d_i + e * (d_o + d_i)), reason=("factor",))
    left = L[()] + E[()] - R[()] - S[()]
    return derived("newton_schulz_share.difference", BOTH, left, then(inserted, count, total))


def on_entries(e: Any, *shapes: tuple[int, int]) -> Any:
    """e for each entry of some matrices, added one by one."""
    return sum((e for rows, columns in shapes for _ in range(rows) for _ in range(columns)), start=e * 0)


def elements_oracle(d_o: int, d_i: int, c: Any, e: Any) -> Any:
    """The Gram matrix, and W twice."""
    return on_entries(e, (d_o, d_o), (d_o, d_i), (d_o, d_i)) + c * 0


def share_oracle(d_o: int, d_i: int, c: Any, e: Any) -> Any:
    """By the time of both products."""
    return Fraction(1) * elements_oracle(d_o, d_i, c, e) / timed(c, (d_o, d_i, d_o), (d_o, d_o, d_i))


def difference_oracle(d_o: int, d_i: int, c: Any, e: Any) -> Any:
    """Everything in the one order, less everything in the other."""
    one = timed(c, (d_o, d_i, d_o), (d_o, d_o, d_i)) + on_entries(e, (d_o, d_o), (d_o, d_i), (d_o, d_i))
    return one - timed(c, (d_i, d_o, d_i), (d_o, d_i, d_i)) - on_entries(e, (d_i, d_i), (d_o, d_i), (d_o, d_i))


ROWS = Refuted(
    name="vanishes_with_rows",
    title="Many rows",
    statement=(
        "The share of the ",
        d_o**2,
        " entries of the Gram matrix falls like ",
        1 / d_o,
    ),
    context=GRAM,
    left=OF_GRAM,
    relation="<=",
    right=e / (2 * c * d_o),
    missing=("It is ", e / (2 * c * d_i), " for any number of rows: it falls only as the columns grow in number."),
    instead="newton_schulz_share.remains",
)
_SHARE: Text = ("The products take ", L[()], ", the operations on entries ", E[()], ". ")
CONSTRUCT = Construct(
    name="newton_schulz_share",
    title="Operations on entries in a Newton-Schulz step",
    about=("W has ", d_o, " rows and ", d_i, " columns; a multiply-add takes the time ", c,
           " and an operation on one entry ", e, "."),
    conventions=("one operation for each entry of the Gram matrix, two for each entry of W",),
    source="Higham, Functions of Matrices, 2008, section 8.3, (8.20), and table B.2",
    claims=(
        Claim("elements", "Operations on entries", ("Find the time ", E[()], " of the operations on entries."), CONTEXT,
              E[()], elements, elements_oracle),
        Claim("share", "Their share", (*_SHARE, "Find their quotient."), CONTEXT, E[()] / L[()], share, share_oracle),
        Claim("remains", "What remains with many rows", (*_SHARE, "How small can their quotient be?"), CONTEXT,
              E[()] / L[()], remains, share_oracle),
        Claim("difference", "The better order with them", ("In the other order the products take ", R[()],
              " and the operations on entries ", S[()], ". Find the difference of both times."), BOTH,
              L[()] + E[()] - R[()] - S[()], difference, difference_oracle),
    ),
    refuted=(ROWS,),
)  # fmt: skip

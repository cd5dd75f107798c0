r"""Horner's rule for a polynomial of a matrix, such as the Gram matrix in $W \sum_k c_k (W^\top W)^k$.

With $H_0 = a_0 I$ and $H_q = a_q I + G H_{q-1}$ it is $H_q = \sum_{k=0}^q a_{q-k} G^k$, by induction on q: the first
coefficient is that of the highest power. What it costs is `gram_polynomial_costs`.

Source: Higham, Functions of Matrices, 2008, section 4.2 (Horner's method for a polynomial of a matrix).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    IndexSum,
    Indicator,
    array,
    between,
    declare,
    eq,
    integer,
)
from derive.rules.bracketing import rebracketed
from derive.rules.combine import Moves, at_part, by, by_induction, derived, then
from derive.rules.recursions import unrolled, upwards
from derive.rules.sums import rename_index, shift_index, single_term, split_range

_d, _q = declare("d", "size", "rows and columns of G"), declare("q", "natural", "degree in G")
_r, _s = declare("r", "integer", "a row"), declare("s", "integer", "a column")
d, q, r, s = (x.symbol for x in (_d, _q, _r, _s))
i, j, k, l, n = (integer(name) for name in "ijkln")  # noqa: E741
a = array("a", (0, oo), outside="zero")
G = array("G", (1, d), (1, d))
H, P = (array(name, (0, oo), (1, d), (1, d)) for name in "HP")
UNIT = Indicator(eq(i, j))
_NEXT, _HIGHER = (IndexSum(G[i, l] * made[n - 1, l, j], l, 1, d) for made in (H, P))
HORNER = Definition(H, (n, i, j), Cases((a[0] * UNIT, eq(n, 0)), (a[n] * UNIT + _NEXT, OTHERWISE)))
POWERS = Definition(P, (n, i, j), Cases((UNIT, eq(n, 0)), (_HIGHER, OTHERWISE)))
CONTEXT = Context((_d, _q, _r, _s), (between(1, r, d), between(1, s, d)), (HORNER, POWERS), (G, a))


def total(degree: Any) -> IndexSum:
    """The sum of a_{degree-k} G**k at r, s."""
    return IndexSum(a[degree - k] * P[k, r, s], k, 0, degree)


def _longer(context: Context, e: Expr) -> Moves:
    """The sum up to q + 1 as its first term and what G makes of the others."""
    first, rest = IndexSum(total(q + 1).body, k, 0, 0), IndexSum(total(q + 1).body, k, 1, q + 1)
    alone = at_part(first, then(by(single_term), unrolled(P[0, r, s])))
    others = at_part(rest, then(by(shift_index, n, Integer(1)), by(rename_index, k)))
    last = unrolled(P[k + 1, r, s])
    return then(by(split_range, Integer(0)), alone, others, last)(context, e)


def polynomial() -> Derivation:
    """sum of a_{q-k} G**k."""
    inner = IndexSum(a[q - k] * IndexSum(G[r, l] * P[k, l, s], l, 1, d), k, 0, q)
    known_there = IndexSum(G[r, l] * total(q).xreplace({r: l}), l, 1, d)
    first = then(by(single_term), unrolled(P[0, r, s]))
    below: Text = ("split off ", eq(k, 0), "; definition of ", P)
    moves = by_induction(
        q,
        0,
        total(q),
        base=then(unrolled(H[0, r, s]), upwards(total(Integer(0)), first, ("definition of ", P))),
        step=lambda known: then(
            unrolled(H[q + 1, r, s]),
            at_part(H[q, l, s], known),
            at_part(known_there, rebracketed(inner)),
            upwards(total(q + 1), _longer, below),
        ),
        over=(r,),
    )
    return derived("gram_polynomial.polynomial", CONTEXT, H[q, r, s], moves)


def polynomial_oracle(d: int, q: int, r: int, s: int, G: Any, a: Any) -> Any:
    """Powers of the matrix, each worked out from the one before, weighted and added."""
    sides = range(1, d + 1)
    power = {(x, y): Fraction(int(x == y)) for x in sides for y in sides}
    value = a(q) * power[r, s]
    for degree in range(1, q + 1):
        power = {(x, y): sum(power[x, z] * G(z, y) for z in sides) for x in sides for y in sides}
        value = value + a(q - degree) * power[r, s]
    return value


_ASKED: Text = ("Horner's rule makes ", H, " with the coefficients ", a, ". Write ", H[q, r, s], " with the powers ", P,
                " of ", G, ".")  # fmt: skip
CONSTRUCT = Construct(
    name="gram_polynomial",
    title="Horner's rule for a polynomial of a matrix",
    about=("A matrix ", G, " has ", d, " rows and columns; ", P, " are its powers."),
    conventions=("indices from 1", "the power 0 is the unit matrix", "the highest power has the first coefficient"),
    source="Higham, Functions of Matrices, 2008, section 4.2",
    claims=(
        Claim("polynomial", "Horner's rule", _ASKED, CONTEXT, H[q, r, s], polynomial, polynomial_oracle),
    ),
)  # fmt: skip

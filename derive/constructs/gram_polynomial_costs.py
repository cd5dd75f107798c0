r"""The time of an odd polynomial of a matrix by Horner's rule on its Gram matrix.

W has D rows and d columns, and $W \sum_{k=0}^q a_{q-k} G^k$ is wanted for $G = W^\top W$ and $q \ge 1$. G takes
the time $cDd^2$. The first step of Horner's rule, $a_1 I + a_0 G$, has no product of matrices; each of the q - 1 others
takes $cd^3$, by induction $(q-1)\,cd^3$ together; the product with W takes $cDd^2$. In all $c\,(2Dd^2 + (q-1) d^3)$,
where $d = \min(d_o, d_i)$ if the smaller Gram matrix is taken. For q = 1 it is a Newton-Schulz step.
A Gram matrix is symmetric; of its entries d (d + 1)/2 are different, which take $\tfrac12 cDd(d+1)$.

Source: Higham, Functions of Matrices, 2008, section 4.2 (Horner's method for a polynomial of a matrix), table B.2.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, oo

from derive.constructs.construct import Claim, Construct
from derive.constructs.newton_schulz_costs import _c, c, time, timed
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Context, Definition, IndexSum, array, declare, eq, ge, gt, integer
from derive.rules.algebra import algebra, definition
from derive.rules.closed_forms import closed_form
from derive.rules.combine import at_part, by, by_induction, derived, everywhere, one_line, repeat, then
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import unrolled
from derive.rules.sums import sum_of_constant

_D, _d = declare("D", "size", "rows of W"), declare("d", "size", "columns of W, and of G")
_q = declare("q", "integer", "degree in G")
D, d, q = _D.symbol, _d.symbol, _q.symbol
i, j, k, n = (integer(name) for name in "ijkn")
t, Z, Y = array("t", (1, oo)), array("Z"), array("Y")
STEPS = Definition(t, (n,), Cases((Integer(0), eq(n, 1)), (t[n - 1] + time(d, d, d), OTHERWISE)))
WHOLE = Definition(Z, (), time(d, D, d) + t[q] + time(D, d, d))
UPPER = Definition(Y, (), IndexSum(IndexSum(IndexSum(c, k, 1, D), j, i, d), i, 1, d))
HALF = Context((_D, _d, _c), (gt(c, 0),), (UPPER,))
SOME = (ge(q, 1), gt(c, 0))
HORNER, ALL = Context((_d, _q, _c), SOME, (STEPS,)), Context((_D, _d, _q, _c), SOME, (STEPS, WHOLE))
COUNT = one_line(repeat(everywhere(by(sum_of_constant))), ("count",))


def steps() -> Derivation:
    """(q - 1) c d**3."""
    added = by(algebra, q * c * d**3, reason=("one more",))
    moves = by_induction(
        q,
        1,
        (q - 1) * c * d**3,
        base=unrolled(t[1]),
        step=lambda known: then(unrolled(t[q + 1]), COUNT, at_part(t[q], known), added),
    )
    return derived("gram_polynomial_costs.steps", HORNER, t[q], moves)


def whole() -> Derivation:
    """c (2 D d**2 + (q - 1) d**3)."""
    lemma = steps()
    told = by(definition, reason=("the Gram matrix, Horner's rule, the product with W",))
    known = at_part(t[q], use_lemma(lemma, {}, (eq(lemma.left, lemma.right),)))
    total = by(algebra, c * (2 * D * d**2 + (q - 1) * d**3), reason=("take the time out",))
    return derived("gram_polynomial_costs.whole", ALL, Z[()], then(told, COUNT, known, total), (lemma,))


def symmetric() -> Derivation:
    """c D d (d + 1)/2."""
    told = by(definition, reason=(D, " multiply-adds for each entry on the diagonal or to its right"))
    return derived("gram_polynomial_costs.symmetric", HALF, Y[()], then(told, closed_form(n)))


def symmetric_oracle(D: int, d: int, c: Any) -> Any:
    """Entry by entry; those that are there already are left out."""
    known: set[tuple[int, int]] = set()
    total = c * 0
    for row in range(d):
        for column in range(d):
            total = total + (timed(c, (1, D, 1)) if (column, row) not in known else c * 0)
            known.add((row, column))
    return total


def steps_oracle(d: int, q: int, c: Any) -> Any:
    """Each step but the first multiplies two square matrices."""
    return sum((timed(c, (d, d, d)) for _ in range(q - 1)), start=c * 0)


def whole_oracle(D: int, d: int, q: int, c: Any) -> Any:
    """All products, one after the other."""
    return timed(c, (d, D, d), *((d, d, d) for _ in range(q - 1)), (D, d, d))


_STEPS: Text = ("The first step of Horner's rule is free, each other one a product of two ", d, " by ", d,
                " matrices. Find the time ", t[q], ".")  # fmt: skip
_WHOLE: Text = ("Find the time ", Z[()], " for the Gram matrix of a matrix W with ", D, " rows and ", d,
                " columns, Horner's rule, and the product with W.")  # fmt: skip
_HALF: Text = ("A Gram matrix is symmetric: only the entries on the diagonal and to its right are worked out, each a "
               "sum of ", D, " products. Find the time ", Y[()], ".")  # fmt: skip
CONSTRUCT = Construct(
    name="gram_polynomial_costs",
    title="The time of an odd polynomial of a matrix",
    about=(
        "A product of a matrix with n rows and m columns and one with m rows and p columns takes the time c n m p.",
    ),
    conventions=("a multiply-add takes the time c",),
    source="Higham, Functions of Matrices, 2008, section 4.2 and table B.2",
    claims=(
        Claim("steps", "Horner's rule", _STEPS, HORNER, t[q], steps, steps_oracle),
        Claim("whole", "All products", _WHOLE, ALL, Z[()], whole, whole_oracle),
        Claim("symmetric", "Half of a Gram matrix", _HALF, HALF, Y[()], symmetric, symmetric_oracle),
    ),
)

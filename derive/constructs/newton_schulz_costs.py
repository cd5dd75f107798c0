r"""The time of a Newton-Schulz step by either bracketing.

A product of an $n \times m$ and an $m \times p$ matrix takes the time cnmp. For W with $d_o$ rows and $d_i$ columns
$(WW^\top) W$ takes $2c\,d_o^2 d_i$ and $W (W^\top W)$ takes $2c\,d_o d_i^2$. The quotient is $d_o/d_i$ for all sizes,
and the better order takes $2c\,d_o d_i \min(d_o, d_i)$. That both are the same step is `newton_schulz.same`.

Source: Higham, Functions of Matrices, 2008, section 8.3, (8.20), and appendix B, table B.2 (flops of products).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Min

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.newton_schulz import GRAM, SIZES, W, d_i, d_o, i, j, k
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, declare, eq, ge, gt, lt
from derive.language.forms import of
from derive.rules.algebra import definition, smallest
from derive.rules.combine import Conversion, at_part, by, by_cases, derived, everywhere, one_line, repeat, then
from derive.rules.lemmas import use_lemma
from derive.rules.sums import sum_of_constant

_c = declare("c", "real", "time of a multiply-add")
c = _c.symbol
L, R = array("L"), array("R")


def time(n: Expr, m: Expr, p: Expr) -> Expr:
    """Of a product of an n by m and an m by p matrix: c for each row, column and place between."""
    return IndexSum(IndexSum(IndexSum(c, k, 1, m), j, 1, p), i, 1, n)


LEFT = Definition(L, (), time(d_o, d_i, d_o) + time(d_o, d_o, d_i))
RIGHT = Definition(R, (), time(d_i, d_o, d_i) + time(d_o, d_i, d_i))
FIRST, SECOND, BOTH = (Context((*SIZES, _c), (gt(c, 0),), given) for given in ((LEFT,), (RIGHT,), (LEFT, RIGHT)))


def _timed(name: str, context: Context, left: Expr) -> Derivation:
    told = by(definition, reason=("both products: ", c, " for each row, column and place between"))
    count = one_line(repeat(everywhere(by(sum_of_constant))), ("count",))
    return derived(f"newton_schulz_costs.{name}", context, left, then(told, count))


def left_first() -> Derivation:
    """2 c d_o**2 d_i."""
    return _timed("left_first", FIRST, L[()])


def right_first() -> Derivation:
    """2 c d_o d_i**2."""
    return _timed("right_first", SECOND, R[()])


def _known(*lemmas: Derivation) -> Conversion:
    return then(*(at_part(one.left, use_lemma(one, {}, (eq(one.left, one.right),))) for one in lemmas))


def quotient() -> Derivation:
    """d_o/d_i."""
    lemmas = left_first(), right_first()
    return derived("newton_schulz_costs.quotient", BOTH, L[()] / R[()], _known(*lemmas), lemmas)


def better() -> Derivation:
    """2 c d_o d_i min(d_o, d_i)."""
    lemmas = left_first(), right_first()
    one, other = (lemma.right for lemma in lemmas)
    pick = by_cases(((lt(d_i, d_o), by(smallest, other)), (ge(d_i, d_o), by(smallest, one))))
    return derived("newton_schulz_costs.better", BOTH, Min(L[()], R[()]), then(_known(*lemmas), pick), lemmas)


def timed(c: Any, *shapes: tuple[int, int, int]) -> Any:
    """c for each multiply-add of some products, added one by one."""
    return sum((c for n, m, p in shapes for _ in range(n) for _ in range(m) for _ in range(p)), start=c * 0)


def left_first_oracle(d_o: int, d_i: int, c: Any) -> Any:
    """W with its transpose, then what came out with W."""
    return timed(c, (d_o, d_i, d_o), (d_o, d_o, d_i))


def right_first_oracle(d_o: int, d_i: int, c: Any) -> Any:
    """The transpose with W, then W with what came out."""
    return timed(c, (d_i, d_o, d_i), (d_o, d_i, d_i))


def quotient_oracle(d_o: int, d_i: int, c: Any) -> Any:
    """The one by the other."""
    return Fraction(1) * left_first_oracle(d_o, d_i, c) / right_first_oracle(d_o, d_i, c)


def better_oracle(d_o: int, d_i: int, c: Any) -> Any:
    """Both timed, the smaller taken."""
    return min(left_first_oracle(d_o, d_i, c), right_first_oracle(d_o, d_i, c))


_TWO: Text = ("Let ", L[()], " be the time when ", of("product", W, of("transpose", W)), " comes first and ", R[()],
              " when ", GRAM, " does. ")  # fmt: skip
CUBE = Refuted(
    name="gram_matrix_free",
    title="One product alone",
    statement=("Only the size of the result counts: both orders take the same time",),
    context=BOTH,
    left=L[()],
    relation="=",
    right=R[()],
    missing=(
        "The matrix in between has ",
        d_o,
        " or ",
        d_i,
        " rows and columns, and the orders differ by that.",
    ),
    instead="newton_schulz_costs.quotient",
)
CONSTRUCT = Construct(
    name="newton_schulz_costs",
    title="The time of a Newton-Schulz step",
    about=("A matrix ", W, " has ", d_o, " rows and ", d_i, " columns; a product of a matrix with n "
           "rows and m columns and one with m rows and p columns takes the time c n m p."),
    conventions=("a multiply-add takes the time c",),
    source="Higham, Functions of Matrices, 2008, section 8.3, (8.20)",
    claims=(
        Claim("left_first", "As it is written", (*_TWO, "Find ", L[()], "."), FIRST, L[()], left_first,
              left_first_oracle),
        Claim("right_first", "The other way", (*_TWO, "Find ", R[()], "."), SECOND, R[()], right_first,
              right_first_oracle),
        Claim("quotient", "How much faster", (*_TWO, "Find their quotient."), BOTH, L[()] / R[()], quotient,
              quotient_oracle),
        Claim("better", "The better order", (*_TWO, "Which is less, and when?"), BOTH, Min(L[()], R[()]), better,
              better_oracle),
    ),
    refuted=(CUBE,),
)  # fmt: skip

r"""A Newton-Schulz step: with the smaller Gram matrix it is the same, and how it acts on a matrix of rank one.

The step is $p(W) = \tfrac12 (3I - WW^\top) W$. The sums of $(WW^\top) W$ are those of $W (W^\top W)$ in another order,
so $p(W) = \tfrac12 (3W - W(W^\top W)) = \tfrac12 W (3I - W^\top W)$. A matrix $W_{ij} = a u_i v_j$ of rank one
stays one: with $|u|^2 = \sum u_i^2$ and $|v|^2 = \sum v_j^2$, $p(W)_{ij} = \tfrac12 a (3 - a^2 |u|^2 |v|^2) u_i v_j$,
so that its singular value $\sigma = |a|\,|u|\,|v|$ becomes $\tfrac12 (3\sigma - \sigma^3)$.

Source: Higham, Functions of Matrices, 2008, section 8.3, (8.20) (Newton-Schulz iteration for the polar decomposition);
Graham, Knuth, Patashnik, Concrete Mathematics, section 2.4 (exchanged sums).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Text
from derive.kernel.law import need
from derive.language import Context, Definition, IndexSum, array, between, declare, eq, integer
from derive.language.forms import of
from derive.language.terms import expanded
from derive.rules.algebra import algebra, definition
from derive.rules.bracketing import rebracketed
from derive.rules.combine import Moves, at_part, by, derived, everywhere, one_line, quietly, repeat, then
from derive.rules.deltas import undelta
from derive.rules.forms import by_indices, recognised
from derive.rules.recursions import upwards
from derive.rules.sums import constant_out_of_sum, sum_of_terms
from derive.rules.windows import insert_definitions

SIZES = declare("d_o", "size", "rows of W"), declare("d_i", "size", "columns of W")
_a, _r, _s = declare("a", "real"), declare("r", "integer", "a row"), declare("s", "integer", "a column")
d_o, d_i, a, r, s = (d.symbol for d in (*SIZES, _a, _r, _s))
i, j, k, t, m = (integer(name) for name in ("i", "j", "k", "t", "k'"))
W, X = array("W", (1, d_o), (1, d_i)), array("X", (1, d_o), (1, d_i))
u, v, Q = array("u", (1, d_o)), array("v", (1, d_i)), array("Q", (1, d_o), (1, d_o))
CUBED = IndexSum(IndexSum(W[i, t] * W[k, t], t, 1, d_i) * W[k, j], k, 1, d_o)
STEP = Definition(X, (i, j), 3 * W[i, j] / 2 - CUBED / 2)
INSIDE = between(1, r, d_o), between(1, s, d_i)
PLACE = Context((*SIZES, _r, _s), INSIDE, (STEP,), (W,))
RANK_ONE = Context((*SIZES, _a, _r, _s), INSIDE, (Definition(W, (i, j), a * u[i] * v[j]), STEP), (u, v))
GRAM = of("product", of("transpose", W), W)
FACTORED = of("product", W, of("difference", of("scaled", Integer(3), of("identity", d_i)), GRAM))[r, s] / 2
U, V = IndexSum(u[k] ** 2, k, 1, d_o), IndexSum(v[t] ** 2, t, 1, d_i)


def same() -> Derivation:
    """p(W) = (3 W - W (W'W))/2."""
    there = CUBED.xreplace({i: r, j: s})
    moves = then(by(definition, reason=("definition of ", X)), at_part(there, recognised(of("product", W, GRAM)[r, s])))
    return derived("newton_schulz.same", PLACE, X[r, s], moves)


def _term_by_term(context: Context, e: Expr) -> Moves:
    """A sum over a product with a bracket as the sums of its terms."""
    terms = expanded(need(IndexSum, e, "_term_by_term").body)
    if terms == e.body:
        raise RuleDoesNotApply("{} is multiplied out", e)
    return then(at_part(e.body, by(algebra, terms)), by(sum_of_terms))(context, e)


def factored() -> Derivation:
    """p(W) = W (3 I - W'W)/2."""
    first, renamed = (IndexSum(W[r, k] * IndexSum(W[x, k] * W[x, s], x, 1, d_o), k, 1, d_i) for x in (t, m))
    down = then(by_indices, everywhere(_term_by_term), everywhere(by(constant_out_of_sum)), undelta)
    moves = then(
        by(definition, reason=("definition of ", X)),
        at_part(CUBED.xreplace({i: r, j: s}), rebracketed(first)),
        quietly(at_part(first, by(algebra, renamed))),
        upwards(FACTORED, down, ("take W out, with the unit matrix for the number 3",)),
    )
    return derived("newton_schulz.factored", PLACE, X[r, s], moves)


def rank_one() -> Derivation:
    """a (3 - a**2 |u|**2 |v|**2) u_r v_s / 2."""
    told = by(definition, reason=("definition of ", X))
    inserted = one_line(insert_definitions, ("definition of ", W))
    in_front = one_line(repeat(everywhere(by(constant_out_of_sum))), ("take out what is free of the index",))
    total = by(algebra, a * (3 - a**2 * U * V) * u[r] * v[s] / 2, reason=("take the common factors out",))
    return derived("newton_schulz.rank_one", RANK_ONE, X[r, s], then(told, inserted, in_front, total))


Matrix = list[list[Any]]


def multiplied(one: Matrix, other: Matrix) -> Matrix:
    """Rows by columns."""
    return [[sum(a * other[k][j] for k, a in enumerate(row)) for j in range(len(other[0]))] for row in one]


def turned(matrix: Matrix) -> Matrix:
    """Rows as columns."""
    return [[row[j] for row in matrix] for j in range(len(matrix[0]))]


def same_oracle(d_o: int, d_i: int, r: int, s: int, W: Any) -> Any:
    """The step as it is written, with the matrix 3 I - W W' made first."""
    return stepped([[W(i, j) for j in range(1, d_i + 1)] for i in range(1, d_o + 1)])[r - 1][s - 1]


def rank_one_oracle(d_o: int, d_i: int, a: Any, r: int, s: int, u: Any, v: Any) -> Any:
    """The same of the matrix of all products."""
    return stepped([[a * u(i) * v(j) for j in range(1, d_i + 1)] for i in range(1, d_o + 1)])[r - 1][s - 1]


def stepped(w: Matrix) -> Matrix:
    """One half of 3 I - W W', times W."""
    gram = multiplied(w, turned(w))
    half = [[Fraction(1, 2) * (3 * (i == k) - g) for k, g in enumerate(row)] for i, row in enumerate(gram)]
    return multiplied(half, w)


_SAME: Text = ("The step takes ", W, " to ", X, " by way of ", of("product", W, of("transpose", W)),
               ". Write it with ", GRAM, ".")  # fmt: skip
_ONE: Text = ("Let ", eq(W[i, j], a * u[i] * v[j]), ". Find ", X[r, s], ".")
TURNED = Refuted(
    name="other_side",
    title="The Gram matrix on the other side",
    statement=("The Gram matrix may stand on either side",),
    context=Context((*SIZES[:1], _r, _s), (between(1, r, d_o), between(1, s, d_o)), (), (Q,)),
    left=of("product", Q, of("product", of("transpose", Q), Q))[r, s],
    relation="=",
    right=of("product", of("product", of("transpose", Q), Q), Q)[r, s],
    missing=("Brackets may be moved, and the factors stay where they are: the Gram matrix stands on the right.",),
    instead="newton_schulz.same",
)
CONSTRUCT = Construct(
    name="newton_schulz",
    title="A Newton-Schulz step",
    about=("A matrix ", W, " has ", d_o, " rows and ", d_i, " columns."),
    conventions=("indices from 1",),
    source="Higham, Functions of Matrices, 2008, section 8.3, (8.20)",
    claims=(
        Claim("same", "The same step", _SAME, PLACE, X[r, s], same, same_oracle),
        Claim("factored", "With W in front", ("Write ", X[r, s], " as one product with ", W, "."), PLACE, X[r, s],
              factored, same_oracle),
        Claim("rank_one", "A matrix of rank one", _ONE, RANK_ONE, X[r, s], rank_one, rank_one_oracle),
    ),
    refuted=(TURNED,),
)  # fmt: skip

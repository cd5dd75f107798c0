r"""The best order for a chain of four matrices, by dynamic programming, as the least of five counts.

The matrices have shapes $d_0 \times d_1$, $d_1 \times d_2$, $d_2 \times d_3$ and $d_3 \times d_4$. Whatever comes last
splits the chain in two, and both parts are done in their best order: with $m_{ij}$ for the matrices from number i to
j, $m_{ij} = \min_{i \le k < j} (m_{ik} + m_{k+1,j} + d_{i-1} d_k d_j)$ and $m_{ii} = 0$. Written out $m_{14}$ is the
least of the counts of all five bracketings. Where no matrix has more columns than rows, working from the right is best.
A vector at the end is not enough for that: it is not for sizes 1, 2, 1, 1.

Source: Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, 3rd ed., section 15.2, (15.7).
"""

from __future__ import annotations

from sympy import Add, Expr, Integer, Min

from derive.constructs.construct import Claim, Construct, Refuted
from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, array, declare, eq, le
from derive.rules.algebra import added_to_each, definition, smallest, within_extreme
from derive.rules.combine import Moves, by, derived, everywhere, one_line, repeat, then
from derive.rules.lemmas import use_lemma

SIZES = tuple(declare(f"d_{k}", "size", f"columns of matrix {k}" if k else "rows of matrix 1") for k in range(5))
d = tuple(size.symbol for size in SIZES)
M = {(i, j): array(f"m_{i + 1}{j}") for j in range(2, 5) for i in range(j - 1)}


def joined(i: int, k: int, j: int) -> Expr:
    """The product of the matrices i+1..k, multiplied, with those from k+1 to j."""
    return d[i] * d[k] * d[j]


def best(i: int, j: int) -> Expr:
    """m_ij, or 0 for a matrix alone."""
    return M[i, j][()] if j - i > 1 else Integer(0)


def recursion(i: int, j: int) -> Definition:
    """The least over all places of the last product."""
    return Definition(M[i, j], (), Min(*(best(i, k) + best(k, j) + joined(i, k, j) for k in range(i + 1, j))))


THREE, FOUR, LAST = M[0, 3][()], M[0, 4][()], M[1, 4][()]
PAIRS, TRIPLES = (recursion(0, 2), recursion(1, 3), recursion(2, 4)), (recursion(0, 3), recursion(1, 4))
SHORT = Context(SIZES[:4], (), (*PAIRS[:2], TRIPLES[0]))
CHAIN = Context(SIZES, (), (*PAIRS, *TRIPLES, recursion(0, 4)))
FALLING = Context(SIZES[:4], tuple(le(d[k + 1], d[k]) for k in range(3)), SHORT.definitions)
FROM_RIGHT = d[1] * d[2] * d[3] + d[0] * d[1] * d[3]


def into_each(context: Context, e: Expr) -> Moves:
    """A sum with a minimum in it as the minimum of sums.

    Fails: e is no such sum.
    """
    extremes = [part for part in e.args if isinstance(part, Min)] if isinstance(e, Add) else []
    if not extremes:
        raise RuleDoesNotApply("{} is not a sum with a minimum", e)
    return by(added_to_each, extremes[0])(context, e)


def _written_out(name: str, context: Context, left: Expr) -> Derivation:
    told = by(definition, reason=("by the place of the last product",))
    inserted = one_line(repeat(everywhere(by(definition))), ("the same for its parts",))
    spread = then(repeat(everywhere(into_each)), repeat(by(within_extreme)))
    each = one_line(spread, ("add the rest to each of them",))
    return derived(f"matrix_chain.{name}", context, left, then(told, inserted, each))


def three() -> Derivation:
    """min(d_0 d_1 d_2 + d_0 d_2 d_3, d_1 d_2 d_3 + d_0 d_1 d_3)."""
    return _written_out("three", SHORT, THREE)


def four() -> Derivation:
    """The least of five counts."""
    return _written_out("four", CHAIN, FOUR)


def falling() -> Derivation:
    """From the right, where no matrix has more columns than rows."""
    lemma = three()
    known = use_lemma(lemma, {}, ("the less of both",))
    told = (le(d[3], d[2]), " in the one product, ", le(d[1], d[0]), " in the other")
    least = by(smallest, FROM_RIGHT, reason=told)
    return derived("matrix_chain.falling", FALLING, THREE, then(known, least), (lemma,))


def multiplied(*sizes: int) -> int:
    """The multiplications of a chain in its best order: every order is gone through, its products formed."""
    if len(sizes) <= 2:
        return 0
    found = []
    for k in range(1, len(sizes) - 1):
        joining = sum(1 for _ in range(sizes[0]) for _ in range(sizes[k]) for _ in range(sizes[-1]))
        found.append(multiplied(*sizes[: k + 1]) + multiplied(*sizes[k:]) + joining)
    return min(found)


def three_oracle(d_0: int, d_1: int, d_2: int, d_3: int) -> int:
    """All orders."""
    return multiplied(d_0, d_1, d_2, d_3)


def four_oracle(d_0: int, d_1: int, d_2: int, d_3: int, d_4: int) -> int:
    """All orders."""
    return multiplied(d_0, d_1, d_2, d_3, d_4)


ONE_COLUMN = Refuted(
    name="vector_at_the_end",
    title="A vector at the end",
    statement=("A chain that ends in a vector is best worked out from the right",),
    context=Context(SIZES[:4], (eq(d[3], 1),), SHORT.definitions),
    left=THREE,
    relation=">=",
    right=FROM_RIGHT,
    missing=("It is if no matrix has more columns than rows. Two that make one number are joined first.",),
    instead="matrix_chain.falling",
)
ANY_ORDER = Refuted(
    name="order_is_free",
    title="Any order",
    statement=("It does not matter in which order four matrices are multiplied",),
    context=CHAIN,
    left=FOUR,
    relation="=",
    right=d[0] * d[1] * d[2] + d[0] * d[2] * d[3] + d[0] * d[3] * d[4],
    missing=("The result is the same and the work is not.",),
    instead="matrix_chain.four",
)
CONSTRUCT = Construct(
    name="matrix_chain",
    title="The best order for a chain of matrices",
    about=("Matrix number i has as many rows as the one before has columns; the sizes are ", d[0], ", ", d[1], ", ",
           d[2], ", ", d[3], " and ", d[4], "."),
    conventions=("the cost of a chain is its number of multiplications",),
    source="Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, 3rd ed., section 15.2, (15.7)",
    claims=(
        Claim("three", "Three matrices", ("Find the least cost ", THREE, " of multiplying three matrices."), SHORT,
              THREE, three, three_oracle),
        Claim("four", "Four matrices", ("Find the least cost ", FOUR, " of multiplying four matrices."), CHAIN, FOUR,
              four, four_oracle),
        Claim("falling", "No more columns than rows", ("No matrix of three is wider than high. Find ", THREE, "."),
              FALLING, THREE, falling, three_oracle),
    ),
    refuted=(ONE_COLUMN, ANY_ORDER),
)  # fmt: skip

r"""What the Jacobian of a composition costs, forwards and backwards, and when which of them is cheaper.

For $J_h J_g J_f$ with shapes $(o \times n)(n \times m)(m \times \ell)$: forwards $J_g J_f$ comes first, backwards
$J_h J_g$. A product of an $a \times b$ and a $b \times c$ matrix takes abc multiplications, one for each pair of an
entry of the product and a place of its sum. The difference of both counts is $\ell m n o$ times
$1/o + 1/m - 1/\ell - 1/n$, so forwards is cheaper exactly where $1/o + 1/m < 1/\ell + 1/n$.

Source: Griewank, Walther, Evaluating Derivatives, 2008, sections 3.1, 3.2 and 10.3 (elimination orders of a chain).
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Integer

from derive.constructs.composed_maps import SIZES, ell, m, n, o
from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, array, integer
from derive.rules.algebra import algebra, definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, repeat, then
from derive.rules.lemmas import use_lemma
from derive.rules.sums import sum_of_constant

i, j, k = (integer(name) for name in "ijk")
p, q = array("F"), array("B")


def multiplications(a: Expr, b: Expr, c: Expr) -> Expr:
    """One for each row, column and place between them."""
    return IndexSum(IndexSum(IndexSum(Integer(1), k, 1, b), j, 1, c), i, 1, a)


FORWARDS = Definition(p, (), multiplications(n, m, ell) + multiplications(o, n, ell))
BACKWARDS = Definition(q, (), multiplications(o, n, m) + multiplications(o, m, ell))
FIRST, SECOND, BOTH = (Context(SIZES, (), given) for given in ((FORWARDS,), (BACKWARDS,), (FORWARDS, BACKWARDS)))
SIGN = 1 / o + 1 / m - 1 / ell - 1 / n


def _counted(name: str, context: Context, left: Expr) -> Derivation:
    count = one_line(repeat(everywhere(by(sum_of_constant))))
    return derived(f"accumulation_costs.{name}", context, left, then(by(definition, reason=("one for each",)), count))


def forward() -> Derivation:
    """l m n + l n o."""
    return _counted("forward", FIRST, p[()])


def backward() -> Derivation:
    """m n o + l m o."""
    return _counted("backward", SECOND, q[()])


def difference() -> Derivation:
    """l m n o (1/o + 1/m - 1/l - 1/n)."""
    one, other = forward(), backward()
    counts = then(*(at_part(lemma.left, use_lemma(lemma, {}, ("the count found before",))) for lemma in (one, other)))
    factored = by(algebra, ell * m * n * o * SIGN, reason=("take the product of all sizes out",))
    return derived("accumulation_costs.difference", BOTH, p[()] - q[()], then(counts, factored), (one, other))


def performed(*shapes: tuple[int, int, int]) -> int:
    """The products that are formed when matrices of ones are multiplied."""
    number = 0
    for rows, between, columns in shapes:
        for _ in range(rows):
            for _ in range(columns):
                number += len([1 * 1 for _ in range(between)])
    return number


def forward_oracle(ell: int, m: int, n: int, o: int) -> int:
    """First the (n, m) with the (m, l) matrix, then the (o, n) one with what came out."""
    return performed((n, m, ell), (o, n, ell))


def backward_oracle(ell: int, m: int, n: int, o: int) -> int:
    """First the (o, n) with the (n, m) matrix, then what came out with the (m, l) one."""
    return performed((o, n, m), (o, m, ell))


def difference_oracle(ell: int, m: int, n: int, o: int) -> int:
    """How many more the first order forms."""
    orders: Sequence[int] = (forward_oracle(ell, m, n, o), backward_oracle(ell, m, n, o))
    return orders[0] - orders[1]


CONSTRUCT = Construct(
    name="accumulation_costs",
    title="The cost of a Jacobian",
    about=("The Jacobians of three maps are ", o, " by ", n, ", ", n, " by ", m, " and ", m, " by ", ell, "."),
    conventions=("a cost is the number of multiplications",),
    source="Griewank, Walther, Evaluating Derivatives, 2008, sections 3.1, 3.2 and 10.3",
    claims=(
        Claim("forward", "Forwards", ("Count the multiplications ", p[()], " when the right pair comes first."),
              FIRST, p[()], forward, forward_oracle),
        Claim("backward", "Backwards", ("Count the multiplications ", q[()], " when the left pair comes first."),
              SECOND, q[()], backward, backward_oracle),
        Claim("difference", "Which is cheaper", ("Say where ", p[()], " is smaller: find the sign of the difference."),
              BOTH, p[()] - q[()], difference, difference_oracle),
    ),
)  # fmt: skip

r"""Bounds with constants for the cost of a Jacobian, and the better of both orders as a case split.

The Jacobians $J_f, J_g, J_h$ have $\ell m$, $mn$ and $no$ entries; filling them in takes a time in proportion to that.
Since no size is less than 1, it is at most twice the time of the products: forwards takes
$\ell m + mn + no + mn\ell + on\ell \le 3\,(mn\ell + on\ell)$, which is $O(nm\ell + on\ell)$ in all four sizes with the
constant 3; backwards $O(onm + om\ell)$ likewise. No smaller constant will do: for $n = \ell = o = 1$ the quotient is
$(3m + 2)/(m + 1)$, which tends to 3.

Source: Griewank, Walther, Evaluating Derivatives, 2008, sections 3.1, 3.2 and 10.3.
"""

from __future__ import annotations

from sympy import Expr, Min, Mul

from derive.constructs.accumulation_costs import BOTH, backward, forward, p, performed, q
from derive.constructs.composed_maps import SIZES, ell, m, n, o
from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, eq, gt, le
from derive.rules.algebra import algebra, definition, smallest
from derive.rules.combine import Conversion, at_part, by, by_cases, derived, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_most

there, back = array("T"), array("R")
ENTRIES = ell * m + m * n + n * o
THERE, BACK = ell * m * n + ell * n * o, m * n * o + ell * m * o
FORWARDS = Context(SIZES, (), (Definition(there, (), ENTRIES + THERE),))
BACKWARDS = Context(SIZES, (), (Definition(back, (), ENTRIES + BACK),))
LESS = Min(p[()], q[()])
SHORTER = le(1 / o + 1 / m, 1 / ell + 1 / n)


def dominated(products: Expr) -> Conversion:
    """Entries and products are at most three times the products."""
    entries = at_part(ENTRIES, by(at_most, 2 * products, reason=("no size is less than 1",)))
    total = by(algebra, Mul(3, products, evaluate=False), reason=("add up",))
    return then(by(definition, reason=("entries and products",)), entries, total)


def _bounded(name: str, context: Context, left: Expr, products: Expr) -> Derivation:
    return derived(f"accumulation_bounds.{name}", context, left, dominated(products))


def forwards() -> Derivation:
    """At most 3 (l m n + l n o)."""
    return _bounded("forwards", FORWARDS, there[()], THERE)


def backwards() -> Derivation:
    """At most 3 (m n o + l m o)."""
    return _bounded("backwards", BACKWARDS, back[()], BACK)


def better() -> Derivation:
    """Forwards where 1/o + 1/m <= 1/l + 1/n, else backwards."""
    one, other = forward(), backward()
    counts = then(*(at_part(lemma.left, use_lemma(lemma, {}, ("the count found before",))) for lemma in (one, other)))
    pick = by_cases(
        (
            (SHORTER, by(smallest, THERE, reason=("times ", ell * m * n * o))),
            (gt(1 / o + 1 / m, 1 / ell + 1 / n), by(smallest, BACK, reason=("times ", ell * m * n * o))),
        )
    )
    return derived("accumulation_bounds.better", BOTH, LESS, then(counts, pick), (one, other))


def filled(*shapes: tuple[int, int]) -> int:
    """The entries of matrices, written down one by one."""
    number = 0
    for rows, columns in shapes:
        for _ in range(rows):
            number += len([1 for _ in range(columns)])
    return number


def forwards_oracle(ell: int, m: int, n: int, o: int) -> int:
    """Three Jacobians filled in, and the products that are formed from the right."""
    return filled((m, ell), (n, m), (o, n)) + performed((n, m, ell), (o, n, ell))


def backwards_oracle(ell: int, m: int, n: int, o: int) -> int:
    """The same from the left."""
    return filled((m, ell), (n, m), (o, n)) + performed((o, n, m), (o, m, ell))


def better_oracle(ell: int, m: int, n: int, o: int) -> int:
    """Both orders counted, the smaller number taken."""
    return min(performed((n, m, ell), (o, n, ell)), performed((o, n, m), (o, m, ell)))


def _asked(name: Expr, context: Context) -> Text:
    """What the time is, and that it is to be bounded."""
    return ("Let ", eq(name, context.definitions[0].body), " be the time for entries and products. Bound it.")


_BETTER: Text = ("The products take ", p[()], " forwards and ", q[()], " backwards. Which is less, and when?")
CONSTRUCT = Construct(
    name="accumulation_bounds",
    title="Bounds for the cost of a Jacobian",
    about=("The Jacobians of three maps are ", o, " by ", n, ", ", n, " by ", m, " and ", m, " by ", ell, "."),
    conventions=("a cost is the number of multiplications, an entry costs as much as one",),
    source="Griewank, Walther, Evaluating Derivatives, 2008, sections 3.1, 3.2 and 10.3",
    claims=(
        Claim("forwards", "Forwards", _asked(there[()], FORWARDS), FORWARDS, there[()], forwards, forwards_oracle),
        Claim("backwards", "Backwards", _asked(back[()], BACKWARDS), BACKWARDS, back[()], backwards, backwards_oracle),
        Claim("better", "The better order", _BETTER, BOTH, LESS, better, better_oracle),
    ),
)

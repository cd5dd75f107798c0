r"""Statements about growth that are false or empty, beside one that is right: what is fixed has to be said.

$nm = O(n)$ with m fixed, and then the constant depends on m; it is false if m grows too. $n^2 = O(n)$ is false, so is
$2^{2n} = O(2^n)$: the quotient $2^n$ is above every constant; and $(n+1)! = O(n!)$. That a time "is at least $O(n^2)$"
says nothing, since 0 is $O(n^2)$: a lower bound is an $\Omega$.

Source: Knuth, Big Omicron and big Omega and big Theta, SIGACT News 8 (2), 1976; Cormen, Leiserson, Rivest, Stein,
Introduction to Algorithms, 3rd ed., section 3.1, exercises 3.1-3 ("at least O(n^2)") and 3.1-4 (2^(2n)); Howell, On
asymptotic notation with multiple variables, 2008.
"""

from __future__ import annotations

from sympy import Mul

from derive.constructs.construct import Construct, Growth
from derive.language import Context, declare, ge
from derive.language.counting import Factorial
from derive.rules.algebra import algebra
from derive.rules.combine import at, by, then
from derive.rules.growth import C, Comparison, n_0
from derive.rules.powers import bernoulli
from derive.rules.ranges import more_than

_n, _m = declare("n", "size"), declare("m", "size")
n, m = _n.symbol, _m.symbol
ONE, TWO = Context((_n,)), Context((_n, _m))
compared = n * (n - 1) / 2
power = 2 ** (C + n_0)
doubled = then(
    by(algebra, Mul(power, power, evaluate=False), reason=("a square",)),
    at((0,), by(bernoulli)),
    by(algebra, C * power + (n_0 + 1) * power, reason=("multiply out",)),
    by(more_than, C * power, reason=("since ", ge(n_0, 1))),
)
split = then(
    by(algebra, (C + n_0 + 1) * Factorial(C + n_0), reason=("split off the last factor",)),
    by(algebra, C * Factorial(C + n_0) + (n_0 + 1) * Factorial(C + n_0), reason=("multiply out",)),
    by(more_than, C * Factorial(C + n_0), reason=("since ", ge(n_0, 1))),
)


def counted(rows: int, columns: int) -> int:
    """The entries of a table, one after the other."""
    return sum(1 for _ in range(rows) for _ in range(columns))


def pairs_oracle(n: int) -> int:
    """All pairs."""
    return counted(n, n)


def compare_oracle(n: int) -> int:
    """Each with all after it."""
    return len([second for first in range(n) for second in range(first + 1, n)])


def table_oracle(n: int, m: int) -> int:
    """All entries of a table."""
    return counted(n, m)


def subsets_oracle(n: int) -> int:
    """The subsets of 2n things: each new thing doubles them."""
    number = 1
    for _ in range(2 * n):
        number += number
    return number


def orders_oracle(n: int) -> int:
    """The arrangements of n + 1 things: each new thing has one place more than there are things."""
    number = 1
    for things in range(1, n + 1):
        number = sum(number for _ in range(things + 1))
    return number


GROWTH = (
    Growth("table", "A table with one fixed side", ("How does ", n * m, " grow with ", n, " alone?"),
           Comparison(TWO, n * m, "O", n, (n,), m), table_oracle, ("The constant depends on the fixed side.",)),
    Growth("table_both", "A table that grows both ways", ("Is ", n * m, " of the order of ", n, " if both sides grow?"),
           Comparison(TWO, n * m, "not O", n, (n, m), along=((n, n_0), (m, C + n_0))), table_oracle),
    Growth("all_pairs", "All pairs", ("Is the number of pairs of ", n, " things of the order of ", n, "?"),
           Comparison(ONE, n**2, "not O", n, (n,), along=((n, C + n_0),)), pairs_oracle),
    Growth("subsets", "Twice as many things", ("Have ", 2 * n, " things of the order of ", 2**n, " subsets?"),
           Comparison(ONE, 2 ** (2 * n), "not O", 2**n, (n,), along=((n, C + n_0),), upper=doubled), subsets_oracle,
           ("A constant factor in an exponent is no constant factor.",)),
    Growth("orders", "One thing more", ("Have ", n + 1, " things of the order of ", Factorial(n), " arrangements?"),
           Comparison(ONE, Factorial(n + 1), "not O", Factorial(n), (n,), along=((n, C + n_0),), upper=split),
           orders_oracle),
    Growth("at_least", "At least O of something", ("All pairs are compared. What does it say that the time ",
           compared, " is at least O of ", n**2, "?"),
           Comparison(ONE, compared, "at least O", n**2, (n,)), compare_oracle),
)  # fmt: skip
CONSTRUCT = Construct(
    name="growth_slips",
    title="Statements about growth that say too much or nothing",
    about=("Constants may depend on what is fixed, and on nothing else.",),
    conventions=("where several sizes grow, all are beyond the threshold",),
    source="Knuth, SIGACT News 8 (2), 1976; Cormen et al., Introduction to Algorithms, 3rd ed., section 3.1",
    claims=(),
    growth=GROWTH,
)

r"""A first-order recursion and the convolution that solves it.

A filter at rest before n = 0 obeys $y[n] = a\,y[n-1] + x[n]$ for $n \ge 0$, with $y[n] = 0$ for $n < 0$. Induction on n
gives $y[n] = \sum_{k=0}^{n} a^{n-k} x[k]$, which is the convolution of the input with $h[n] = a^n$, $n \ge 0$. Nothing
is asked of a or of the input; no sum is infinite.

Source: Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.4.2, equation (2.126) and example 2.15.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.time_shift import convolution
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, declare, eq, integer, signal
from derive.rules.algebra import definition, zero_outside
from derive.rules.combine import at_part, by, by_induction, derived, then, up_to
from derive.rules.lemmas import use_lemma
from derive.rules.sums import factor_out, rename_index, single_term, split_last
from derive.rules.windows import insert_definitions, to_window

_n = declare("n", "natural", "time")
_a = declare("a", "real", "feedback factor")
n, a = _n.symbol, _a.symbol
k = integer("k")
x, y, h, v = signal("x", 0), signal("y", 0), signal("h", 0), signal("v", 0)

RECURSION = Definition(y, (n,), a * y[n - 1] + x[n])
CONTEXT = Context((_n, _a), definitions=(RECURSION,), arrays=(x,))
FILTER = Context((_n, _a), definitions=(RECURSION, Definition(h, (n,), a**n), convolution(v[n], x, h)), arrays=(x,))


def solution() -> Derivation:
    """y[n] as a sum over the input, by induction on n."""
    total = IndexSum(a ** (n - k) * x[k], k, 0, n)
    later = IndexSum(a ** (n + 1 - k) * x[k], k, 0, n + 1)
    longer = then(
        by(split_last, reason=("the last term joins the sum",)),
        at_part(
            IndexSum(later.body, k, 0, n),
            by(factor_out, a, total.body, reason=("the factor goes into the sum",)),
        ),
    )
    moves = by_induction(
        n,
        0,
        total,
        base=then(
            by(definition, reason=("the recursion at ", Integer(0))),
            at_part(y[-1], by(zero_outside, reason=("the filter is at rest before 0",))),
            up_to(IndexSum(a ** (-k) * x[k], k, 0, 0), by(single_term, reason=("a sum of one term",))),
        ),
        step=lambda hypothesis: then(
            by(definition, reason=("the recursion at ", n + 1)), at_part(y[n], hypothesis), up_to(later, longer)
        ),
    )
    return derived("recursion.solution", CONTEXT, y[n], moves)


def convolved() -> Derivation:
    """The convolution with the exponential is the output of the recursion."""
    solved = solution()
    moves = then(
        by(definition, reason=("definition of convolution",)),
        to_window,
        insert_definitions,
        up_to(y[n], then(use_lemma(solved, {}), by(rename_index, integer("i"), grain="full"))),
    )
    return derived("recursion.convolved", FILTER, v[n], moves, (solved,))


def oracle(n: int, a: Fraction, x: Callable[[int], Fraction]) -> Fraction:
    """The recursion itself, from rest."""
    value = a * 0
    for time in range(n + 1):
        value = a * value + x(time)
    return value


def convolved_oracle(n: int, a: Fraction, x: Callable[[int], Fraction]) -> Fraction:
    """The convolution sum, term by term."""
    total = a * 0
    for i in range(n + 1):
        total += x(i) * a ** (n - i)
    return total


CONSTRUCT = Construct(
    name="recursion",
    title="First-order recursion and its impulse response",
    about=("A filter at rest before ", n, " = 0 obeys ", eq(y[n], a * y[n - 1] + x[n]), " from then on."),
    conventions=("true convolution", "at rest before n = 0", "0 to the power 0 is 1"),
    source="Oppenheim, Willsky, Nawab, Signals and Systems, 2nd ed., section 2.4.2",
    claims=(
        Claim(
            name="solution",
            title="The output as a sum over the input",
            question=("Let ", eq(y[n], a * y[n - 1] + x[n]), ". Give ", y[n], " as a sum over the input."),
            context=CONTEXT,
            left=y[n],
            derive=solution,
            oracle=oracle,
        ),
        Claim(
            name="convolved",
            title="The recursion computes a convolution",
            question=("Show that the output of the recursion is the convolution of the input with ", h[n], "."),
            context=FILTER,
            left=v[n],
            derive=convolved,
            oracle=convolved_oracle,
        ),
    ),
)

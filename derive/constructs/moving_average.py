r"""The M-point moving average: its step response, and the recursion that computes it with one addition and subtraction.

The impulse response is 1/M on 0..M-1, so y[n] is the mean of the last M inputs. Two neighbouring means share all terms
but two: $y[n] - y[n-1] = (x[n] - x[n-M])/M$ for every input.

Source: Oppenheim, Schafer, Discrete-Time Signal Processing, 3rd ed., section 2.1, examples 2.3 and 2.14.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.time_shift import convolution, n, x, y
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, declare, integer, signal
from derive.rules.algebra import algebra, definition
from derive.rules.combine import at_part, by, derived, quietly, then
from derive.rules.pieces import by_overlap
from derive.rules.sums import constant_out_of_sum, single_term, split_last, split_range
from derive.rules.windows import insert_definitions, to_window

_n = declare("n", "integer", "time")
_M = declare("M", "size", "number of points")
M = _M.symbol
i, k = integer("i"), integer("k")
h, u = signal("h", 0, M - 1), signal("u", 0)

_MEAN = Definition(h, (n,), 1 / M)
STEP = Context((_n, _M), definitions=(Definition(u, (n,), Integer(1)), _MEAN, convolution(y[n], u, h)))
ANY = Context((_n, _M), definitions=(_MEAN, convolution(y[n], x, h)), arrays=(x,))


def step() -> Derivation:
    """The response to a step: a ramp of M samples, then 1."""
    return derived("moving_average.step", STEP, y[n], by_overlap(n, k))


def running() -> Derivation:
    """y[n] - y[n - 1] by the two samples in which the windows differ."""

    def mean(time: int) -> IndexSum:
        return IndexSum(x[i], i, n - time - M + 1, n - time)

    unfolded = then(
        by(definition, reason=("definition of convolution",)),
        to_window,
        insert_definitions,
        quietly(by(constant_out_of_sum)),
    )
    moves = then(
        at_part(y[n], unfolded),
        at_part(y[n - 1], unfolded),
        at_part(mean(0), by(split_last, reason=("the newest sample by itself",))),
        at_part(mean(1), by(split_range, n - M, reason=("the oldest sample by itself",))),
        at_part(IndexSum(x[i], i, n - M, n - M), quietly(by(single_term))),
        by(algebra, (x[n] - x[n - M]) / M, reason=("all other samples cancel",)),
    )
    return derived("moving_average.running", ANY, y[n] - y[n - 1], moves)


def step_oracle(n: int, M: int) -> Fraction:
    """The mean of the last M samples of the step."""
    ones = 0
    for time in range(n - M + 1, n + 1):
        ones += time >= 0
    return Fraction(ones, M)


def running_oracle(n: int, M: int, x: Callable[[int], Fraction]) -> Fraction:
    """The difference of two means."""
    new, old = Fraction(0), Fraction(0)
    for back in range(M):
        new += x(n - back)
        old += x(n - 1 - back)
    return (new - old) / M


CONSTRUCT = Construct(
    name="moving_average",
    title="Moving average",
    about=("The output is the mean of the last ", M, " samples of the input."),
    conventions=("true convolution", "the window ends at the present sample", "an empty sum is 0"),
    source="Oppenheim, Schafer, Discrete-Time Signal Processing, 3rd ed., section 2.1",
    claims=(
        Claim(
            name="step",
            title="Step response",
            question=("The input is the step ", u[n], ". Find ", y[n], " for every integer ", n, "."),
            context=STEP,
            left=y[n],
            derive=step,
            oracle=step_oracle,
        ),
        Claim(
            name="running",
            title="From one mean to the next",
            question=("By how much do ", y[n], " and ", y[n - 1], " differ?"),
            context=ANY,
            left=y[n] - y[n - 1],
            derive=running,
            oracle=running_oracle,
        ),
    ),
)

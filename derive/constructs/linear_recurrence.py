r"""A linear dynamical system, $h_t = A h_{t-1} + b_t$ from $h_0 = p$: its state after T steps.

Shapes: A: (n, n), p: (n), b: (steps, n). With the powers $M_t = A^t$, which are $M_0 = I$, $M_t = A M_{t-1}$, it is
$h_T = A^T p + \sum_{s=1}^T A^{T-s} b_s$: what comes in at step s has T - s steps left. For the same b at each step it
is $A^T p + \sum_{s=1}^T A^{T-s} b$. So $\partial h_T/\partial p = A^T$, at every state.

Source: Strang, Linear Algebra and Its Applications, 4th ed., section 5.3 (difference equations and powers of A).
"""

from __future__ import annotations

from typing import Any

from sympy import oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, between, declare, eq, integer
from derive.language.numbers import moved, slope
from derive.language.terms import OTHERWISE, Cases, IndexSum, Indicator, Partial
from derive.rules.bracketing import rebracketed
from derive.rules.combine import Conversion, at, at_part, by, by_induction, derived, everywhere, quietly, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.expand import multiplied_out
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import unrolled, upwards
from derive.rules.sums import empty_sum, split_last, sum_of_terms

_n, _T = declare("n", "size", "entries of a state"), declare("T", "natural", "steps")
_i, _q = declare("i", "integer", "entry of the state"), declare("q", "integer", "entry of the first state")
n, T, i, q = (d.symbol for d in (_n, _T, _i, _q))
j, l, s, t = integer("j"), integer("l"), integer("s"), integer("t")  # noqa: E741
A, p, b = array("A", (1, n), (1, n)), array("p", (1, n)), array("b", (1, oo), (1, n), outside="zero")
h, M = array("h", (0, oo), (1, n)), array("M", (0, oo), (1, n), (1, n))
_STEP = IndexSum(A[i, j] * h[t - 1, j], j, 1, n) + b[t, i]
SYSTEM = Definition(h, (t, i), Cases((p[i], eq(t, 0)), (_STEP, OTHERWISE)))
_POWER = IndexSum(A[i, l] * M[t - 1, l, j], l, 1, n)
POWERS = Definition(M, (t, i, j), Cases((Indicator(eq(i, j)), eq(t, 0)), (_POWER, OTHERWISE)))
STATE = Context((_n, _T, _i), (between(1, i, n),), (SYSTEM, POWERS), (A, p, b))
SENSITIVITY = Context((_n, _T, _i, _q), (between(1, i, n), between(1, q, n)), (SYSTEM, POWERS), (A, p, b))


def from_start(steps: Any, row: Any = i) -> IndexSum:
    """What is left of the first state."""
    return IndexSum(M[steps, row, j] * p[j], j, 1, n)


def from_inputs(steps: Any, row: Any = i) -> IndexSum:
    """What is left of the inputs."""
    return IndexSum(IndexSum(M[steps - s, row, j] * b[s, j], j, 1, n), s, 1, steps)


def solution() -> Derivation:
    """h_T = A^T p + the sum of A^(T - s) b_s."""
    one, several = (IndexSum(A[i, l] * part(T, l), l, 1, n) for part in (from_start, from_inputs))
    inside = IndexSum(M[T + 1 - s, i, j] * b[s, j], j, 1, n)
    last = IndexSum(M[0, i, j] * b[T + 1, j], j, 1, n)
    powers = then(
        at_part(from_start(T + 1), then(unrolled(M[T + 1, i, j]), rebracketed(one))),
        at_part(from_inputs(T + 1), by(split_last, reason=("the last term joins the sum",))),
        at_part(last, then(unrolled(M[0, i, j]), undelta)),
        at_part(IndexSum(inside, s, 1, T), then(unrolled(M[T + 1 - s, i, j]), rebracketed(several))),
    )
    terms = everywhere(by(sum_of_terms, reason=("sum term by term",)))

    def step(known: Conversion) -> Conversion:
        named = upwards(from_start(T + 1) + from_inputs(T + 1), powers, ("definition of ", M))
        before = then(unrolled(h[T + 1, i]), _in_letters, at_part(h[T, l], known))
        return then(before, everywhere(multiplied_out), terms, named)

    start = at_part(from_start(0), then(unrolled(M[0, i, j]), undelta))
    none = at_part(from_inputs(0), by(empty_sum, reason=("a sum of no terms",)))
    base = then(unrolled(h[0, i]), upwards(from_start(0) + from_inputs(0), then(none, start), ("definition of ", M)))
    moves = by_induction(T, 0, from_start(T) + from_inputs(T), base, step, over=(i,))
    return derived("linear_recurrence.solution", STATE, h[T, i], moves)


_in_letters: Conversion = quietly(
    at_part(IndexSum(A[i, j] * h[T, j], j, 1, n), rebracketed(IndexSum(A[i, l] * h[T, l], l, 1, n)))
)


def sensitivity() -> Derivation:
    """dh_T/dp = A^T."""
    lemma = solution()
    known = at((0,), use_lemma(lemma, {}, ("the state after ", T, " steps")))
    moves = then(known, differentiated(), undelta)
    return derived("linear_recurrence.sensitivity", SENSITIVITY, Partial(h[T, i], p[q]), moves, (lemma,))


def state_oracle(n: int, T: int, i: int, A: Any, p: Any, b: Any) -> Any:
    """The system itself, step by step."""
    state = [p(place) for place in range(1, n + 1)]
    for step in range(1, T + 1):
        following = []
        for row in range(1, n + 1):
            total = b(step, row)
            for column in range(1, n + 1):
                total += A(row, column) * state[column - 1]
            following.append(total)
        state = following
    return state[i - 1]


def sensitivity_oracle(n: int, T: int, i: int, q: int, A: Any, p: Any, b: Any) -> Any:
    """How the last state changes with the first."""
    return slope(lambda value: state_oracle(n, T, i, A, moved(p, (q,), value), b), p(q))


_SOLUTION: Text = ("Let ", eq(h[0, i], p[i]), ". Find ", h[T, i], " from the first state and the inputs.")
_SENSITIVITY: Text = ("Find the derivative of ", h[T, i], " with respect to ", p[q], ", an entry of the first state.")
_LEFT = Partial(h[T, i], p[q])
CONSTRUCT = Construct(
    name="linear_recurrence",
    title="State of a linear dynamical system",
    about=("A state of ", n, " numbers is multiplied by ", A, " at each step, and an input is added."),
    conventions=("indices from 1, the first state is that of step 0", "the 0th power of a matrix is the unit matrix"),
    source="Strang, Linear Algebra and Its Applications, 4th ed., section 5.3",
    claims=(
        Claim("solution", "State after T steps", _SOLUTION, STATE, h[T, i], solution, state_oracle),
        Claim("sensitivity", "From state to state", _SENSITIVITY, SENSITIVITY, _LEFT, sensitivity, sensitivity_oracle),
    ),
)

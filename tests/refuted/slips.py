"""Wrong answers to the claims of the project, each one slip away from the right one."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Max, oo

from derive.constructs.registry import claim
from derive.language import (
    OTHERWISE,
    Cases,
    Condition,
    IndexSum,
    between,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    ne,
    real,
    substitute,
)
from derive.language.counting import Binomial, Factorial

n, L, M, N, k, j, i, m = (integer(s) for s in ("n", "L", "M", "N", "k", "j", "i", "m"))
a, b, r = (real(s) for s in "abr")


@dataclass(frozen=True)
class Slip:
    """A wrong answer to a claim, and what went wrong."""

    claim: str
    what: str
    wrong: Expr


def cases(*clauses: tuple[Expr | int, Condition]) -> Cases:
    """The cases in their order."""
    return Cases(*clauses)


def ratio(generic: Expr, at_one: Expr | int, symbol: Expr = a, degenerate: Expr | int = 1) -> Cases:
    """The generic value, and the one where the ratio is degenerate."""
    return cases((generic, ne(symbol, degenerate)), (at_one, eq(symbol, degenerate)))


BEFORE, DURING = lt(n, 0), between(0, n, L - 1)
RISE, TAIL = (1 - a ** (n + 1)) / (1 - a), a ** (n - L + 1) * (1 - a**L) / (1 - a)


def pulse(
    rise: Expr = RISE,
    tail: Expr = TAIL,
    rise_at_one: Expr = n + 1,
    tail_at_one: Expr = L,
    before: Condition = BEFORE,
    during: Condition = DURING,
) -> Expr:
    """The response to the pulse with some part replaced."""
    return cases((0, before), (ratio(rise, rise_at_one), during), (ratio(tail, tail_at_one), OTHERWISE))


_one = 1 - a
PULSE: dict[str, Expr] = {
    "a**n for a**(n + 1) while the pulse enters": pulse(rise=(1 - a**n) / _one),
    "a**(n + 2) for a**(n + 1)": pulse(rise=(1 - a ** (n + 2)) / _one),
    "a**(n - L) for a**(n - L + 1)": pulse(tail=a ** (n - L) * (1 - a**L) / _one),
    "a**(n - L + 2) for a**(n - L + 1)": pulse(tail=a ** (n - L + 2) * (1 - a**L) / _one),
    "a**(L - 1) for a**L": pulse(tail=a ** (n - L + 1) * (1 - a ** (L - 1)) / _one),
    "a**(L + 1) for a**L": pulse(tail=a ** (n - L + 1) * (1 - a ** (L + 1)) / _one),
    "1 + a**L for 1 - a**L": pulse(tail=a ** (n - L + 1) * (1 + a**L) / _one),
    "a - 1 for 1 - a": pulse(rise=(1 - a ** (n + 1)) / (a - 1)),
    "1 + a for 1 - a": pulse(rise=(1 - a ** (n + 1)) / (1 + a)),
    "exponent turned round": pulse(tail=a ** (L - n - 1) * (1 - a**L) / _one),
    "case a = 1 forgotten": cases((0, lt(n, 0)), (RISE, between(0, n, L - 1)), (TAIL, OTHERWISE)),
    "case a = 1 forgotten in the tail": cases(
        (0, lt(n, 0)), (ratio(RISE, n + 1), between(0, n, L - 1)), (TAIL, OTHERWISE)
    ),
    "a = -1 taken for the special case": cases(
        (0, lt(n, 0)), (ratio(RISE, n + 1, a, -1), between(0, n, L - 1)), (ratio(TAIL, L, a, -1), OTHERWISE)
    ),
    "n for n + 1 at a = 1": pulse(rise_at_one=n),
    "L for n + 1 at a = 1": pulse(rise_at_one=L),
    "L - 1 for L at a = 1": pulse(tail_at_one=L - 1),
    "L + 1 for L at a = 1": pulse(tail_at_one=L + 1),
    "n + 1 kept at a = 1 after the pulse": pulse(tail_at_one=n + 1),
    "cases swapped": pulse(rise=TAIL, tail=RISE),
    "n <= L for n <= L - 1": pulse(during=between(0, n, L)),
    "n <= 0 for n < 0": pulse(before=le(n, 0)),
    "not 0 at n = -2": pulse(before=lt(n, -2), during=between(-2, n, L - 1)),
    "nothing after the pulse": cases((0, lt(n, 0)), (ratio(RISE, n + 1), le(n, L - 1)), (0, OTHERWISE)),
    "tail for all n >= 0": cases((0, lt(n, 0)), (ratio(TAIL, L), OTHERWISE)),
    "rise for all n >= 0": cases((0, lt(n, 0)), (ratio(RISE, n + 1), OTHERWISE)),
    "the decay forgotten": pulse(tail=(1 - a**L) / _one),
    "empty sum not 0": cases((ratio(RISE, n + 1), le(n, L - 1)), (ratio(TAIL, L), OTHERWISE)),
    "infinite sum taken for the finite one": pulse(rise=1 / _one),
}


def delayed(expr: Expr, by: Expr = N) -> Expr:
    """The expression with n - by for n."""
    found: Expr = substitute(expr, {n: n - by})
    return found


_VALUES = ratio(RISE, n + 1), ratio(TAIL, L)
DELAYED: dict[str, Expr] = {
    "n + N for n - N": delayed(pulse(), -N),
    "not delayed": pulse(),
    "delayed by one more": delayed(pulse(), N + 1),
    "delayed twice": delayed(pulse(), 2 * N),
    "cases delayed, values not": cases((0, lt(n, N)), (_VALUES[0], le(n, N + L - 1)), (_VALUES[1], OTHERWISE)),
    "values delayed, cases not": cases(
        (0, lt(n, 0)), (delayed(_VALUES[0]), le(n, L - 1)), (delayed(_VALUES[1]), OTHERWISE)
    ),
    "end of the pulse not delayed": cases(
        (0, lt(n, N)), (delayed(_VALUES[0]), le(n, L - 1)), (delayed(_VALUES[1]), OTHERWISE)
    ),
    "begins one late": cases((0, le(n, N)), (delayed(_VALUES[0]), le(n, N + L - 1)), (delayed(_VALUES[1]), OTHERWISE)),
    "tail not delayed": cases((0, lt(n, N)), (delayed(_VALUES[0]), le(n, N + L - 1)), (_VALUES[1], OTHERWISE)),
    "L - N for L + N": cases((0, lt(n, N)), (delayed(_VALUES[0]), le(n, L - N - 1)), (delayed(_VALUES[1]), OTHERWISE)),
}

_shift = {d.array.name: d.array for d in claim("time_shift.response")[1].context.definitions}
_x, _h = claim("time_shift.response")[1].free_arrays
_y = _shift["y"]
SHIFTED: dict[str, Expr] = {
    "advanced": _y[n + N],
    "not delayed": _y[n],
    "turned round": _y[N - n],
    "delayed twice": _y[n - 2 * N],
    "delayed by one more": _y[n - N - 1],
    "both factors delayed": IndexSum(_x[i - N] * _h[n - N - i], i, -oo, oo),
    "the input advanced": IndexSum(_x[i + N] * _h[n - i], i, -oo, oo),
    "from 0 as if the input were causal": IndexSum(_x[i] * _h[n - N - i], i, 0, oo),
    "up to n as if the filter were causal": IndexSum(_x[i] * _h[n - N - i], i, -oo, n - N),
    "not flipped": IndexSum(_x[i] * _h[i - n + N], i, -oo, oo),
}

_u = claim("recursion.solution")[1].free_arrays[0]
RECURSION: dict[str, Expr] = {
    "lower limit 1 for 0": IndexSum(a ** (n - k) * _u[k], k, 1, n),
    "upper limit n - 1 for n": IndexSum(a ** (n - k) * _u[k], k, 0, n - 1),
    "a**(n - k + 1)": IndexSum(a ** (n - k + 1) * _u[k], k, 0, n),
    "a**(n - k - 1)": IndexSum(a ** (n - k - 1) * _u[k], k, 0, n),
    "a**k for a**(n - k)": IndexSum(a**k * _u[k], k, 0, n),
    "a**n for a**(n - k)": a**n * IndexSum(_u[k], k, 0, n),
    "-a for a": IndexSum((-a) ** (n - k) * _u[k], k, 0, n),
    "the input forgotten": IndexSum(a ** (n - k), k, 0, n),
    "the past forgotten": _u[n],
    "one step alone": a * _u[n - 1] + _u[n],
}

_r = 1 - r
SUMS: dict[str, dict[str, Expr]] = {
    "finite_sums.numbers": {
        "n - 1 for n + 1": n * (n - 1) / 2,
        "n + 2 for n": (n + 1) * (n + 2) / 2,
        "half forgotten": n * (n + 1),
        "n**2": n**2 / 2,
    },
    "finite_sums.squares": {
        "2*n - 1 for 2*n + 1": n * (n + 1) * (2 * n - 1) / 6,
        "up to n - 1": (n - 1) * n * (2 * n - 1) / 6,
        "n + 2 for 2*n + 1": n * (n + 1) * (n + 2) / 6,
        "3 for 6": n * (n + 1) * (2 * n + 1) / 3,
        "square of the sum": (n * (n + 1) / 2) ** 2,
        "integral for the sum": n**3 / 3,
    },
    "finite_sums.cubes": {
        "up to n - 1": n**2 * (n - 1) ** 2 / 4,
        "2 for 4": n**2 * (n + 1) ** 2 / 2,
        "cube of the sum": (n * (n + 1) / 2) ** 3,
    },
    "finite_sums.geometric": {
        "r**n for r**(n + 1)": ratio((1 - r**n) / _r, n + 1, r),
        "case r = 1 forgotten": (1 - r ** (n + 1)) / _r,
        "n for n + 1 at r = 1": ratio((1 - r ** (n + 1)) / _r, n, r),
        "r - 1 for 1 - r": ratio((1 - r ** (n + 1)) / (r - 1), n + 1, r),
        "from 1": ratio((r - r ** (n + 1)) / _r, n, r),
        "infinite": ratio(1 / _r, n + 1, r),
        "denominator forgotten": ratio(1 - r ** (n + 1), n + 1, r),
        "r = 0 taken for the special case": ratio((1 - r ** (n + 1)) / _r, 1, r, 0),
    },
    "finite_sums.weighted": {
        "r in front forgotten": ratio((1 - (n + 1) * r**n + n * r ** (n + 1)) / _r**2, n * (n + 1) / 2, r),
        "1 - r for its square": ratio(r * (1 - (n + 1) * r**n + n * r ** (n + 1)) / _r, n * (n + 1) / 2, r),
        "sign of the last term": ratio(r * (1 - (n + 1) * r**n - n * r ** (n + 1)) / _r**2, n * (n + 1) / 2, r),
        "n for n + 1": ratio(r * (1 - n * r**n + n * r ** (n + 1)) / _r**2, n * (n + 1) / 2, r),
        "n*(n - 1)/2 at r = 1": ratio(r * (1 - (n + 1) * r**n + n * r ** (n + 1)) / _r**2, n * (n - 1) / 2, r),
        "case r = 1 forgotten": r * (1 - (n + 1) * r**n + n * r ** (n + 1)) / _r**2,
        "infinite": ratio(r / _r**2, n * (n + 1) / 2, r),
    },
    "finite_sums.two_ratios": {
        "n for n + 1 in the exponents": ratio((a**n - b**n) / (a - b), b**n * (n + 1), a, b),
        "case a = b forgotten": (a ** (n + 1) - b ** (n + 1)) / (a - b),
        "n for n + 1 at a = b": ratio((a ** (n + 1) - b ** (n + 1)) / (a - b), n * b**n, a, b),
        "b - a for a - b": ratio((a ** (n + 1) - b ** (n + 1)) / (b - a), b**n * (n + 1), a, b),
        "plus for minus": ratio((a ** (n + 1) + b ** (n + 1)) / (a - b), b**n * (n + 1), a, b),
        "a = 1 taken for the special case": ratio((a ** (n + 1) - b ** (n + 1)) / (a - b), n + 1),
        "b**(n + 1) at a = b": ratio((a ** (n + 1) - b ** (n + 1)) / (a - b), b ** (n + 1) * (n + 1), a, b),
    },
    "finite_sums.fractions": {
        "up to n - 1": (n - 1) / n,
        "the rest for the sum": 1 / (n + 1),
        "infinite": Integer(1),
        "n + 2 for n + 1": n / (n + 2),
    },
    "finite_sums.factorials": {
        "the 1 forgotten": Factorial(n + 1),
        "n for n + 1": Factorial(n) - 1,
        "plus 1 for minus 1": Factorial(n + 1) + 1,
    },
    "finite_sums.triangle": {
        "n - j for n - j + 1": IndexSum((n - j) * claim("finite_sums.triangle")[1].free_arrays[0][j], j, 0, n),
        "j + 1 for n - j + 1": IndexSum((j + 1) * claim("finite_sums.triangle")[1].free_arrays[0][j], j, 0, n),
        "from 1": IndexSum((n - j + 1) * claim("finite_sums.triangle")[1].free_arrays[0][j], j, 1, n),
    },
    "binomial_sums.row": {"one more": 2 ** (n + 1), "without the first": 2**n - 1},
    "binomial_sums.mean": {"2**n for 2**(n - 1)": n * 2**n, "n - 1 for n": (n - 1) * 2 ** (n - 1)},
    "binomial_sums.squares": {"4**n": Integer(4) ** n, "n + 1 below": Binomial(2 * n, n + 1)},
    "binomial_sums.alternating": {
        "n for n - 1": (-1) ** m * Binomial(n, m),
        "sign": (-1) ** (m + 1) * Binomial(n - 1, m),
    },
}

OTHERS: dict[str, dict[str, Expr]] = {
    "exponentials.response": {
        "n <= 0 for n < 0": cases(
            (0, le(n, 0)), (ratio((a ** (n + 1) - b ** (n + 1)) / (a - b), (n + 1) * b**n, a, b), OTHERWISE)
        ),
        "case a = b forgotten": cases((0, lt(n, 0)), ((a ** (n + 1) - b ** (n + 1)) / (a - b), OTHERWISE)),
        "n for n + 1 at a = b": cases(
            (0, lt(n, 0)), (ratio((a ** (n + 1) - b ** (n + 1)) / (a - b), n * b**n, a, b), OTHERWISE)
        ),
        "exponents n": cases((0, lt(n, 0)), (ratio((a**n - b**n) / (a - b), (n + 1) * b**n, a, b), OTHERWISE)),
    },
    "rectangles.trapezoid": {
        "n for n + 1": cases((0, lt(n, 0)), (n, lt(n, Max(L, M))), (Max(0, L + M - n - 1), OTHERWISE)),
        "the longer for the shorter": cases((0, lt(n, 0)), (Max(0, -Max(-n - 1, n - L - M + 1, -L)), ge(n, 0))),
        "the plateau forgotten": cases((0, lt(n, 0)), (n + 1, lt(n, L)), (Max(0, L + M - n - 1), OTHERWISE)),
        "falls one late": Max(0, -Max(-n - 1, n - L - M, -L, -M)),
        "rises one late": Max(0, -Max(-n, n - L - M + 1, -L, -M)),
    },
    "moving_average.step": {
        "n for n + 1": cases((0, lt(n, 0)), (n / M, lt(n, M)), (1, OTHERWISE)),
        "M - 1 for M": cases((0, lt(n, 0)), ((n + 1) / (M - 1), lt(n, M - 1)), (1, OTHERWISE)),
        "not averaged": cases((0, lt(n, 0)), (n + 1, lt(n, M)), (M, OTHERWISE)),
        "n <= M for n <= M - 1": cases((0, lt(n, 0)), ((n + 1) / M, le(n, M)), (1, gt(n, M))),
    },
}

SLIPS: tuple[Slip, ...] = tuple(
    Slip(path, what, wrong)
    for path, found in {
        "filtered_pulse.response": PULSE,
        "filtered_pulse.delayed": DELAYED,
        "time_shift.response": SHIFTED,
        "recursion.solution": RECURSION,
        **SUMS,
        **OTHERS,
    }.items()
    for what, wrong in found.items()
)

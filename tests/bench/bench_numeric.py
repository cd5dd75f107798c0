"""Points a second of the pulse response: oracle, definition and closed form, in Python, NumPy and Numba.

Run as `python -m tests.bench.bench_numeric`. Each way is run three times in one process and its best time counts;
compiling is timed apart. All ways are compared with each other first: speed of a wrong number is no speed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from time import perf_counter
from typing import Any

import numpy as np

from derive.numeric.compile import compile_numba, compile_numpy
from derive.numeric.spotcheck import spot_check
from tests.numeric.pulse import CLAIM, CONTEXT, RIGHT, L, a, n, oracle, y

POINTS = 5_000_000
LENGTH, RATIO = 7, 0.5

WAYS: tuple[tuple[str, Callable[[], Callable[..., Any]]], ...] = (
    ("NumPy, loop over k", lambda: compile_numpy(y[n], CONTEXT, [n, L, a])),
    ("NumPy, closed form", lambda: compile_numpy(RIGHT, CONTEXT, [n, L, a])),
    ("Numba, definition", lambda: compile_numba(y[n], CONTEXT, [n, L, a])),
    ("Numba, closed form", lambda: compile_numba(RIGHT, CONTEXT, [n, L, a])),
    ("Numba, definition, all cores", lambda: compile_numba(y[n], CONTEXT, [n, L, a], parallel=True)),
    ("Numba, closed form, all cores", lambda: compile_numba(RIGHT, CONTEXT, [n, L, a], parallel=True)),
)


def best_of(times: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """(least seconds, result)."""
    best, result = float("inf"), None
    for _ in range(times):
        start = perf_counter()
        result = work()
        best = min(best, perf_counter() - start)
    return best, result


def measured(title: str, columns: tuple[Any, ...]) -> None:
    """Measure all ways at these points and print them."""
    points = len(columns[0])
    rows = [tuple(c[j].item() if np.ndim(c) else c for c in columns) for j in range(min(points, 200_000))]
    seconds, known = best_of(3, lambda: [oracle(*row) for row in rows])
    slowest = len(rows) / seconds
    print(f"{points:,} points, {title}")
    print(f"{'Python oracle, floats':<30} {slowest / 1e6:8.2f} million points/s      1.0 x")
    exact = [(time, length, Fraction(ratio)) for time, length, ratio in rows[:20_000]]
    seconds, _ = best_of(1, lambda: [oracle(*row) for row in exact])
    rate = len(exact) / seconds
    print(f"{'Python oracle, fractions':<30} {rate / 1e6:8.2f} million points/s {rate / slowest:8.2f} x")
    rates: dict[str, tuple[float, float]] = {}
    for way, make in WAYS:
        start = perf_counter()
        function = make()
        function(*(c[:40] if np.ndim(c) else c for c in columns))
        compiling = perf_counter() - start
        seconds, found = best_of(3, lambda function=function: function(*columns))
        assert np.allclose(found[: len(known)], known, rtol=1e-10, atol=1e-12)
        rates[way] = (points / seconds, compiling)
        rate = points / seconds
        print(f"{way:<30} {rate / 1e6:8.2f} million points/s {rate / slowest:8.1f} x {compiling:6.2f} s to compile")
    for slow, fast in (("NumPy, loop over k", "Numba, definition"), ("NumPy, closed form", "Numba, closed form")):
        (one, before), (other, after) = rates[slow], rates[fast]
        even = (after - before) / (1 / one - 1 / other) / 1e6 if other > one else None
        print(f"{fast}: " + ("NumPy keeps up" if even is None else f"pays from {even:.1f} million points on"))


def main(points: int = POINTS) -> None:
    """Measure one filter at many times, then a filter of its own at each point."""
    times = np.arange(points) % 40 - 10
    measured(f"L = {LENGTH}, a = {RATIO}", (times, LENGTH, RATIO))
    rng = np.random.default_rng(0)
    lengths, ratios = rng.integers(1, 40, points), rng.choice([0.5, -0.5, 0.875, 1.0, 0.25], points)
    measured("n, L and a differ from point to point", (rng.integers(-10, 60, points), lengths, ratios))
    seconds, report = best_of(3, lambda: spot_check(CLAIM, RIGHT))
    took = f"{seconds * 1e3:.0f} ms"
    print(f"spot check: {report.exact_points} exact and {report.float_points} compiled points in {took}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))

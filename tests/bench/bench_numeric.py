"""Points a second of the pulse response: oracle, definition and closed form, in Python, NumPy and Numba.

Run as `python -m tests.bench.bench_numeric`. Each way is run three times in one process and its best time counts;
compiling is timed apart. All ways are compared with each other first: speed of a wrong number is no speed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from time import perf_counter, process_time
from typing import Any

import numpy as np

from derive.numeric.compile import compile_numba, compile_numpy
from derive.numeric.spotcheck import spot_check
from tests.numeric.pulse import CLAIM, CONTEXT, RIGHT, L, a, n, oracle, y

POINTS = 5_000_000
LENGTH, RATIO = 7, 0.5


def textbook(n: Any, L: Any, a: Any) -> Any:
    """The convolution sum as a textbook on NumPy has it: whole arrays, one index of the pulse after the other."""
    y = np.zeros(np.broadcast_shapes(np.shape(n), np.shape(L), np.shape(a)))
    for k in range(int(np.max(L))):
        y += np.where((k < L) & (n - k >= 0), a ** np.maximum(n - k, 0), 0.0)
    return y


WAYS: tuple[tuple[str, Callable[[], Callable[..., Any]]], ...] = (
    ("NumPy, textbook loop over k", lambda: textbook),
    ("NumPy, definition", lambda: compile_numpy(y[n], CONTEXT, [n, L, a])),
    ("NumPy, closed form", lambda: compile_numpy(RIGHT, CONTEXT, [n, L, a])),
    ("Numba, definition", lambda: compile_numba(y[n], CONTEXT, [n, L, a])),
    ("Numba, closed form", lambda: compile_numba(RIGHT, CONTEXT, [n, L, a])),
    ("Numba, definition, all cores", lambda: compile_numba(y[n], CONTEXT, [n, L, a], parallel=True)),
    ("Numba, closed form, all cores", lambda: compile_numba(RIGHT, CONTEXT, [n, L, a], parallel=True)),
)


def best_of(times: int, work: Callable[[], Any], clock: Callable[[], float] = perf_counter) -> tuple[float, Any]:
    """(least seconds, result)."""
    best, result = float("inf"), None
    for _ in range(times):
        start = clock()
        result = work()
        best = min(best, clock() - start)
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
    for slow, fast in (("NumPy, definition", "Numba, definition"), ("NumPy, closed form", "Numba, closed form")):
        (one, before), (other, after) = rates[slow], rates[fast]
        even = (after - before) / (1 / one - 1 / other) / 1e6 if other > one else None
        print(f"{fast}: " + ("NumPy keeps up" if even is None else f"pays from {even:.1f} million points on"))


@dataclass(frozen=True)
class Whole:
    """Seconds from a term to its values at so many points, compiling included."""

    points: int
    numpy: float
    numba: float


@dataclass(frozen=True)
class Measured:
    """What `measure` found: seconds at `points` points, and from start to end on both sides of the crossover."""

    points: int
    textbook: float
    numpy: float
    numba: float
    numba_on_all_cores: float
    worst_difference: float
    compared_with_oracle: int
    own_textbook: float
    own_numba: float
    few: Whole
    many: Whole

    @property
    def own_ratio(self) -> float:
        """The same as `ratio` on one core, where each point has a length and a ratio of its own."""
        return self.own_textbook / self.own_numba

    @property
    def ratio(self) -> float:
        """How many times as fast as the textbook's loop Numba is, on one core or on all."""
        return self.textbook / min(self.numba, self.numba_on_all_cores)

    @property
    def crossover(self) -> float:
        """Points at which both are done at the same time, if both grow in proportion from `few` to `many`."""
        slope = ((self.many.numpy - self.few.numpy) - (self.many.numba - self.few.numba)) / (
            self.many.points - self.few.points
        )
        return self.few.points + (self.few.numba - self.few.numpy) / slope

    def shown(self) -> Iterator[tuple[str, float]]:
        """Names and numbers to print."""
        for way in ("textbook", "numpy", "numba", "numba_on_all_cores"):
            yield f"{way}, million points a second", self.points / getattr(self, way) / 1e6
        yield "Numba over the textbook's loop", self.ratio
        yield "the same, each point with its own length and ratio", self.own_ratio
        for side in (self.few, self.many):
            yield f"from start to end, {side.points:,} points, NumPy, s", side.numpy
            yield f"from start to end, {side.points:,} points, Numba, s", side.numba
        yield "Numba pays from, million points", self.crossover / 1e6


def measure(points: int = POINTS) -> Measured:
    """One filter at many times; then a filter of its own at each of few and of many points."""
    times = np.arange(points) % 40 - 10
    columns = (times, LENGTH, RATIO)
    ways: dict[str, Callable[..., Any]] = {
        "textbook": textbook,
        "numpy": compile_numpy(y[n], CONTEXT, [n, L, a]),
        "numba": compile_numba(y[n], CONTEXT, [n, L, a]),
        "all cores": compile_numba(y[n], CONTEXT, [n, L, a], parallel=True),
    }
    seconds: dict[str, float] = {}
    worst = 0.0
    expected = np.array([oracle(int(time), LENGTH, RATIO) for time in times[:10_000]])  # type: ignore[arg-type]
    first: Any = None
    for way, function in ways.items():
        function(times[:40], LENGTH, RATIO)
        # Processor time, which other processes on the machine disturb less; it cannot tell what several cores gain.
        clock = perf_counter if way == "all cores" else process_time
        times_run = 3 if way == "textbook" else 7
        seconds[way], found = best_of(times_run, lambda function=function: function(*columns), clock)
        first = found if first is None else first
        worst = max(worst, float(np.abs(found - first).max()), float(np.abs(found[: len(expected)] - expected).max()))
    rng = np.random.default_rng(0)
    sides = []
    for count in (100_000, points):
        own = (rng.integers(-10, 60, count), rng.integers(1, 40, count), rng.choice([0.5, -0.5, 0.875, 0.25], count))
        whole = {}
        for name, compiler in (("numpy", compile_numpy), ("numba", compile_numba)):
            make = lambda compiler=compiler, own=own: compiler(y[n], CONTEXT, [n, L, a])(*own)  # noqa: E731
            whole[name], _ = best_of(1, make, process_time)
        sides.append(Whole(count, whole["numpy"], whole["numba"]))
    own_textbook, first = best_of(1, lambda: textbook(*own), process_time)
    own_numba, found = best_of(3, lambda: ways["numba"](*own), process_time)
    worst = max(worst, float(np.abs(found - first).max()))
    return Measured(
        points,
        seconds["textbook"],
        seconds["numpy"],
        seconds["numba"],
        seconds["all cores"],
        worst,
        len(expected),
        own_textbook,
        own_numba,
        sides[0],
        sides[1],
    )


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

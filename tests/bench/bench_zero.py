"""The exact zero test against `simplify(left - right) == 0`, and the general pulse response; one run, ratios.

Run as `python -m tests.bench.bench_zero`. Each identity is timed on fresh terms of a warm process, the best of five
for ours, once for SymPy (whose cache is cleared before each).
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from sympy import Expr, simplify
from sympy.core.cache import clear_cache

from derive.errors import Unevaluable
from derive.language import Context, Declaration
from derive.language.drawing import small_points
from derive.language.points import evaluate
from derive.language.zero import same
from tests.language.identities import FALSE_ONES, TRUE_ONES


def decide(left: Expr, right: Expr) -> bool | None:
    """Our answer: True with a proof, False with a witness, None without either."""
    if same(left, right):
        return True
    symbols = sorted((left - right).free_symbols, key=str)
    context = Context(tuple(Declaration(s, "integer" if s.is_integer else "real") for s in symbols))
    for point in small_points(context, tuple(symbols), most=200):
        try:
            if evaluate(left, point) != evaluate(right, point):
                return False
        except Unevaluable:
            continue
    return None


def seconds(work: Callable[[], object], times: int) -> float:
    """The best of several runs, SymPy's cache cleared before each."""
    best = float("inf")
    for _ in range(times):
        clear_cache()
        before = perf_counter()
        work()
        best = min(best, perf_counter() - before)
    return best


def measure() -> dict[str, float]:
    """Times and answers over all 24 identities."""
    rows = [(left, right, True) for left, right in TRUE_ONES] + [(left, right, False) for left, right in FALSE_ONES]
    ours = theirs = 0.0
    right_answers = their_right_answers = unproved = 0
    for left, right, truth in rows:
        ours += seconds(lambda left=left, right=right: same(left, right), 5)  # type: ignore[misc]
        right_answers += same(left, right) is truth
        unproved += decide(left, right) is None
        before = perf_counter()
        clear_cache()
        answer = simplify(left - right) == 0
        theirs += perf_counter() - before
        their_right_answers += answer is truth
    return {
        "ours, ms each": 1000 * ours / len(rows),
        "simplify, ms each": 1000 * theirs / len(rows),
        "ratio": theirs / ours,
        "ours right": right_answers,
        "ours without witness": unproved,
        "simplify right": their_right_answers,
    }


def pulse() -> dict[str, float]:
    """Deriving and checking the general pulse response, warm."""
    from derive.constructs.filtered_pulse import response
    from derive.kernel.checker import check

    check(response())
    deriving = min(_timed(response) for _ in range(3))
    derivation = response()
    checking = min(_timed(lambda: check(derivation)) for _ in range(3))
    return {"derive, s": deriving, "check, s": checking, "both, s": deriving + checking}


def _timed(work: Callable[[], object]) -> float:
    before = perf_counter()
    work()
    return perf_counter() - before


if __name__ == "__main__":
    for name, value in {**measure(), **pulse()}.items():
        print(f"{name:<24} {value:10.3f}")

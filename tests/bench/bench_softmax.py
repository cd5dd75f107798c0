"""The Jacobian of a softmax: derived once for every number of classes, against SymPy's explicit matrix at each number.

Run as `python -m tests.bench.bench_softmax`. SymPy differentiates K explicit quotients with `Matrix.jacobian` and makes
a function of the matrix with `lambdify`; we derive one entry with symbolic K, compile it, and evaluate it at all pairs
of classes. SymPy's cache is cleared before each, best of three for both (SymPy's largest matrix is made once). Our way
is timed with and without its check, which SymPy has nothing like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from sympy import Add, Matrix, exp, lambdify, preorder_traversal, symbols
from sympy.core.cache import clear_cache

from derive.constructs.softmax_jacobian import entry
from derive.kernel.checker import check
from derive.kernel.derivation import Derivation
from derive.language import subterms
from derive.numeric.compile import Grid, compile_numpy

CLASSES = (5, 10, 20, 40)


@dataclass(frozen=True)
class Measured:
    """Seconds and sizes of terms; of SymPy by the number of classes."""

    deriving: float
    checking: float
    numbers: dict[int, float]
    size: int
    differentiating: dict[int, float]
    their_numbers: dict[int, float]
    their_size: dict[int, int]
    worst_difference: float

    def ahead(self, classes: int, checked: bool = False) -> float:
        """How many times faster from the question to the numbers of the whole matrix."""
        ours = self.deriving + self.numbers[classes] + (self.checking if checked else 0)
        return (self.differentiating[classes] + self.their_numbers[classes]) / ours

    def shown(self) -> list[tuple[str, float]]:
        """Names and values for a table."""
        rows = [("ours: derive, s", self.deriving), ("ours: check, s", self.checking), ("ours: size", self.size)]
        for k in CLASSES:
            rows += [
                (f"K={k}: SymPy's size", self.their_size[k]),
                (f"K={k}: SymPy's differentiation, s", self.differentiating[k]),
                (f"K={k}: SymPy's function and numbers, s", self.their_numbers[k]),
                (f"K={k}: our function and numbers, s", self.numbers[k]),
                (f"K={k}: ours is faster, times", self.ahead(k)),
                (f"K={k}: ours with its check is faster, times", self.ahead(k, checked=True)),
            ]
        return rows


def best(times: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """(least seconds, result), SymPy's cache cleared before each."""
    least, result = float("inf"), None
    for _ in range(times):
        clear_cache()
        start = perf_counter()
        result = work()
        least = min(least, perf_counter() - start)
    return least, result


def explicit(classes: int) -> tuple[Any, Any]:
    """(the scores, SymPy's Jacobian of the K quotients)."""
    z = symbols(f"z1:{classes + 1}", real=True)
    total = Add(*(exp(score) for score in z))
    return z, Matrix([exp(score) / total for score in z]).jacobian(z)


def our_numbers(derivation: Derivation, scores: Any) -> Any:
    """The whole matrix, the term compiled anew."""
    context = derivation.context
    function = compile_numpy(derivation.right, context, (*context.symbols, *context.arrays))
    i, j = np.indices((len(scores), len(scores))) + 1
    return function(len(scores), i, j, Grid(scores, (1,)))


def measure() -> Measured:
    """All of it, in one run."""
    check(entry())  # laws are loaded
    deriving, derivation = best(3, entry)
    checking, report = best(3, lambda: check(derivation))
    assert report.verdict.kind == "proved"
    assert [s.name for s in derivation.context.symbols] == ["K", "i", "j"]
    differentiating, their_size, numbers, their_numbers = {}, {}, {}, {}
    worst = 0.0
    for k in CLASSES:
        times = 1 if k == CLASSES[-1] else 3
        scores = np.random.default_rng(k).standard_normal(k)
        differentiating[k], (z, matrix) = best(times, lambda k=k: explicit(k))
        their_size[k] = sum(1 for cell in matrix for _ in preorder_traversal(cell))
        their_numbers[k], theirs = best(times, lambda z=z, m=matrix, scores=scores: lambdify(z, m, "numpy")(*scores))
        numbers[k], ours = best(3, lambda scores=scores: our_numbers(derivation, scores))
        worst = max(worst, float(np.abs(ours - theirs).max()))
    size = sum(1 for _ in subterms(derivation.right))
    return Measured(deriving, checking, numbers, size, differentiating, their_numbers, their_size, worst)


if __name__ == "__main__":
    for name, value in measure().shown():
        print(f"{name:<58} {value:12.4f}")

"""What a numerical check asks for, and what it looked at, counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any, Protocol

from sympy import Expr, exp

from derive.language import Array, Context


class Checkable(Protocol):
    """What is needed of a claim; `derive.constructs.construct.Claim` has it."""

    @property
    def context(self) -> Context: ...
    @property
    def left(self) -> Expr: ...
    @property
    def oracle(self) -> Callable[..., Any]: ...
    @property
    def parameters(self) -> tuple[str, ...]: ...
    @property
    def free_arrays(self) -> tuple[Array, ...]: ...


@dataclass(frozen=True)
class Mismatch:
    """A point where result and oracle differ: values by name, and both sides, as exact text.

    `claimed` may say that the result is undefined there. `kind` is 'exact', or the backend in which the numbers
    differ although the exact values agree.
    """

    point: tuple[tuple[str, str], ...]
    claimed: str
    expected: str
    kind: str = "exact"
    relation: str = "="

    def __str__(self) -> str:
        where = ", ".join(f"{name}={value}" for name, value in self.point)
        sign = "" if self.relation == "=" else f"{self.relation} "
        return f"at {where}: claimed {sign}{self.claimed}, expected {self.expected} ({self.kind})"


@dataclass(frozen=True)
class SpotCheck:
    """Result against oracle.

    Attributes:
        exact_points: Points compared in exact arithmetic.
        close_points: Points compared where a value is not known exactly (a root, a logarithm), to many digits.
        boundary_points: How many of both lie on a case boundary or just beside it.
        degenerate_points: How many of both have a size at its least value or a real number at a special value.
        float_points: Points compared in floating point (compiled NumPy result against the compiled definition).
        skipped: (reason, how many) for every point that was drawn and not compared.
        worst_error: Largest relative error in floating point.
        backends: How the compiled points were computed ('numpy', 'numba').
        mismatch: The first and smallest disagreement, if there is one.
        seed: Seed of all random choices.
        tolerance: Relative error up to which numbers in floating point agree.
    """

    exact_points: int
    boundary_points: int
    degenerate_points: int
    float_points: int
    skipped: tuple[tuple[str, int], ...]
    worst_error: float
    backends: tuple[str, ...]
    mismatch: Mismatch | None
    seed: int
    tolerance: float = 1e-9
    close_points: int = 0

    @property
    def agrees(self) -> bool:
        """Whether no point was found where the two differ; evidence, not a proof."""
        return self.mismatch is None


def error(expected: float, relation: str, value: float) -> float:
    """By how much the relation between both numbers fails, relative to the first or to 1; infinite for NaN.

    Example:
        >>> error(2.0, "=", 3.0), error(2.0, "<=", 3.0), error(3.0, "<=", 2.0)
        (0.5, 0.0, 0.3333333333333333)
    """
    if not isfinite(value):
        return inf  # the oracle has a value where the compiled term has none
    apart = {"<": expected - value, ">": value - expected}.get(relation[0], abs(value - expected))
    return max(apart, 0.0) / max(1.0, abs(expected))


def has_powers_of_e(claim: Checkable) -> bool:
    """Whether exact values are quotients of sums of powers of e: long ones, so fewer points are looked at."""
    return any(term.has(exp) for term in (claim.left, *(d.body for d in claim.context.definitions)))

"""A result against brute force: exactly at points where formulas go wrong, then compiled at many.

The oracle is a plain loop from the definition; it shares no line with the result. A point where it has a value and the
result has none is a disagreement, not a skip: a closed form without its case `a = 1` fails there. When the two differ,
the smallest point at which they do is looked for and reported.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.errors import BadInput, NoPointFound, Undefined, Unevaluable
from derive.language import Array, Condition, Context, Entry, IndexProduct, subterms
from derive.language.balls import Ball, enclosed
from derive.language.comparing import agree
from derive.language.exponential import Exponential
from derive.language.forms import Form
from derive.language.maps import functions_in, stands_for
from derive.language.orthonormal import in_columns
from derive.language.points import Samples, evaluate, holds
from derive.numeric.compile import COMPILERS
from derive.numeric.entries import entry_function
from derive.numeric.inlining import check_told_by_floats, edges_of, without_forms
from derive.numeric.oracle import Skipped, asked, average
from derive.numeric.places import Grids, Place, compiler, values_at
from derive.numeric.report import Checkable, Mismatch, SpotCheck, error, has_powers_of_e
from derive.numeric.sampling import NARROW, NARROWEST, SPREAD, draw, draw_signal, filled_signal
from derive.numeric.witness import fewer_entries, smallest

TOLERANCE = 1e-9
"""Largest relative error of compiled numbers, relative to the value or to 1, whichever is larger.

Closed forms with 1 - a lose digits near a = 1, values close to 0 lose them all; both are compared exactly as well."""

_LARGEST_FLOAT = 1e250
_FEWEST, _FEW = 40, 40
"""Points with arrays at least; and floating point comparisons at most, with tables within sums: more would spread."""
_EXPONENTS = tuple(Fraction(v) for v in ("0", "1", "-1", "2", "1/2", "-2"))

_UNLIKE = tuple(Fraction(v, 3) for v in range(-50, 51) if v)
"""Entries that are rarely equal, drawn where others do not meet a hypothesis."""

_DRAWS = 12
"""Draws of the arrays for one point, where hypotheses speak of their entries."""


def spot_check(
    claim: Checkable,
    result: Expr,
    count: int = 40,
    seed: int = 0,
    float_count: int = 200,
    backends: Sequence[str] = ("numpy",),
    relation: str = "=",
) -> SpotCheck:
    """Compare a result with the claim's oracle.

    Args:
        claim: Context, left side, oracle and parameters.
        result: A term in the claim's parameters and free arrays.
        count: Random exact points, besides those on boundaries and at degenerate values.
        seed: Same seed, same points.
        float_count: Random points compared in float64.
        backends: 'numpy', 'numba'; the compiled result is compared with the compiled definition and the oracle.
        relation: What the oracle's value is to the result: "=", or "<=" where the result is an upper bound.

    Returns:
        What was compared, counted, with the smallest disagreement if there is one.

    Raises:
        NoPointFound: Nothing could be compared, or no point satisfies the hypotheses.
        BadInput: An unknown backend, an undeclared parameter, a symbol in the result that is no parameter.

    Example:
        >>> from types import SimpleNamespace
        >>> from derive.language import IndexSum, declare, integer
        >>> c = Context((declare("n", "natural"),))
        >>> (n,), k = c.symbols, integer("k")
        >>> total = SimpleNamespace(context=c, left=IndexSum(k, k, 1, n), oracle=lambda n: n + sum(range(n)),
        ...                         parameters=("n",), free_arrays=())
        >>> spot_check(total, n*(n + 1)/2).agrees
        True
        >>> print(spot_check(total, n*(n - 1)/2).mismatch)
        at n=1: claimed 0, expected 1 (exact)
    """
    check = _Check(claim, result, seed, relation)
    samples = draw(check.drawable, count, seed, check.around(), check.spread)
    if check.claim.free_arrays and len(samples) < min(count, _FEWEST):
        samples = samples * (min(count, _FEWEST) // len(samples) + 1)  # the same points again, with other arrays
    compared: Counter[str] = Counter()
    mismatch: Mismatch | None = None
    places: list[Place] = []
    for number, sample in enumerate(samples):
        try:
            place = check.with_arrays(sample.point, number)
            differs, exactly = check.compare_where_allowed(place)
        except Skipped as reason:
            check.skips[str(reason)] += 1
            continue
        compared["exact" if exactly else "close"] += 1
        compared.update(sample.kinds)
        places.append(place)
        if differs is not None:
            mismatch = check.smallest(place, differs)
            break
    floats, worst = 0, 0.0
    used: list[str] = []
    if mismatch is None:
        for backend in backends:
            if backend not in COMPILERS:
                raise BadInput(f"{backend!r} is not a backend; there are {', '.join(COMPILERS)}")
            number, error, mismatch = check.compiled(backend, min(float_count, _FEW) if check.deep else float_count)
            floats, worst = floats + number, max(worst, error)
            used += [backend] if number else []
            if mismatch is not None:
                break
    if not compared["exact"] and not compared["close"] and not floats:
        reasons = "; ".join(f"{reason} ({n})" for reason, n in check.skips.items()) or "no points"
        raise NoPointFound(f"the spot check compared nothing: {reasons}")
    return SpotCheck(
        exact_points=compared["exact"],
        close_points=compared["close"],
        boundary_points=compared["boundary"],
        degenerate_points=compared["degenerate"],
        float_points=floats,
        skipped=tuple(sorted(check.skips.items())),
        worst_error=worst,
        backends=tuple(used),
        mismatch=mismatch,
        seed=seed,
        tolerance=TOLERANCE,
    )


class _Check:
    def __init__(self, claim: Checkable, result: Expr, seed: int, relation: str) -> None:
        self.claim, self.result, self.seed, self.relation = claim, result, seed, relation
        self.context = claim.context
        self.skips: Counter[str] = Counter()
        self.drawn: dict[int, list[tuple[Place, float | str]]] = {}
        self.grids: Grids = {}
        named = {s.name: s for s in self.context.symbols}
        missing = [p for p in claim.parameters if p not in named]
        if missing:
            raise BadInput(f"the claim's parameters {', '.join(missing)} are not declared in its context")
        self.parameters = tuple(named[p] for p in claim.parameters)
        said = (claim.left, *(d.body for d in self.context.definitions))
        self.functions = functions_in(*said)
        # Maps of maps, inverses, determinants, recursions in the first of several axes: work grows fast with sizes.
        parts = (t for e in (*said, result) for t in subterms(e))
        narrow = any(isinstance(t, IndexProduct) or (isinstance(t, Form) and not t.definition) for t in parts)
        self.deep = any(d.is_recursive and len(d.array.axes) > 1 for d in self.context.definitions)
        self.spread = NARROWEST if self.context.random else NARROW if narrow or self.deep else SPREAD
        if strange := sorted(str(s) for s in result.free_symbols - set(self.parameters)):
            raise BadInput(f"the result speaks of {', '.join(strange)}, which the claim does not depend on")
        self.about_entries = tuple(h for h in self.context.hypotheses if h.has(Entry))
        kept = tuple(h for h in self.context.hypotheses if h not in self.about_entries)
        self.values = (_EXPONENTS,) if self.deep or has_powers_of_e(claim) else ()
        self.drawable = Context(self.context.declarations, kept)

    def around(self) -> list[Condition]:
        """Boundaries of the definition and of the result; of the definition too, since a result may lack a case."""
        found: list[Condition] = []
        for term in (self.claim.left, self.result):
            try:
                found += edges_of(term, self.context)
            except Unevaluable:  # a sum that only the drawn arrays make finite has no edges known beforehand
                continue
        return list(dict.fromkeys(found))

    def with_arrays(self, point: Mapping[Symbol, Fraction], number: int) -> Place:
        """The point with random numbers for the free arrays, the same for the same seed and number.

        Raises:
            Skipped: An array has too many entries there, or none of some draws meets the hypotheses about entries.
        """
        rng = random.Random(self.seed * 1_000_003 + number)
        for left in reversed(range(_DRAWS)):
            values = self.values if left > _DRAWS // 2 else (_UNLIKE,)
            try:
                drawn = {a: draw_signal(a, point, rng, *values) for a in self.claim.free_arrays}
                drawn = {a: s.positive() for a, s in drawn.items()} if left % 2 == 0 else drawn
                place = Place(point, in_columns(self.context, drawn, left + number))
                self.check_entries(place)
                break
            except NoPointFound:
                raise Skipped("an array would have too many entries") from None
            except Skipped:
                if not left:
                    raise
        return place

    def expected(self, place: Place, convert: Callable[[Fraction], Any] = Fraction) -> Any:
        """The oracle's value."""
        values: dict[str, Any] = {}
        for s in self.parameters:
            values[s.name] = int(place.point[s]) if s.is_integer else convert(place.point[s])
        for array, samples in place.arrays.items():
            values[array.name] = entry_function(array, samples, place.point, convert)
        values.update((name, stands_for(name)) for name in self.functions)
        values |= {"average": average(self.context, place.point, place.arrays)} if self.context.random else {}
        return asked(self.claim.oracle, values)

    def compare(self, place: Place) -> tuple[tuple[str, str] | None, bool]:
        """(None where both agree, else what is claimed and expected; whether both values are known exactly).

        Raises:
            Skipped: The point cannot be compared.
        """
        self.check_entries(place)
        return self.compare_where_allowed(place)

    def compare_where_allowed(self, place: Place) -> tuple[tuple[str, str] | None, bool]:
        """As `compare`, at a place that `with_arrays` made: the hypotheses about its entries were looked at there."""
        expected = self.expected(place, enclosed if self.context.is_iterated else Fraction)
        if isinstance(expected, float):
            raise Skipped("the oracle gives no exact value")
        expected = expected if isinstance(expected, (Exponential, Ball)) else Fraction(expected)
        try:
            arrays = {a: s.enclosed() if self.context.is_iterated else s for a, s in place.arrays.items()}
            claimed = evaluate(self.result, place.point, self.context, arrays)
            differs = None if agree(expected, self.relation, claimed) else (str(claimed), str(expected))
        except Undefined:
            return ("undefined", str(expected)), not isinstance(expected, Ball)
        except Unevaluable:
            raise Skipped("the result has no exact value that can be computed") from None
        return differs, not isinstance(claimed, Ball) and not isinstance(expected, Ball)

    def check_entries(self, place: Place) -> None:
        """Hypotheses about entries of arrays.

        Raises:
            Skipped: The arrays drawn do not meet one.
        """
        for hypothesis in self.about_entries:
            try:
                met = holds(hypothesis, place.point, self.context, place.arrays)
            except Unevaluable:
                raise Skipped("a hypothesis about array entries has no exact value") from None
            if not met:
                raise Skipped("the arrays drawn do not meet a hypothesis about their entries")

    def smallest(self, place: Place, differs: tuple[str, str]) -> Mismatch:
        """The smallest point found at which the two differ, with as few entries as can be."""

        def fails(point: Mapping[Symbol, Fraction]) -> tuple[Place, tuple[str, str]] | None:
            if not self.allowed(point):
                return None
            for arrays_at in (lambda: self.cut_to(point, place), lambda: self.filled(point)):
                try:
                    candidate = Place(point, arrays_at())
                    found, _ = self.compare(candidate)
                except (Skipped, NoPointFound):  # NoPointFound where an array has too many entries
                    continue
                if found is not None:
                    return candidate, found
                if not candidate.arrays:
                    break
            return None

        smaller = smallest(self.context, place.point, fails)
        best, sides = (place, differs) if smaller is None else smaller[1]
        return self.mismatch(*self.with_fewer_entries(best, sides))

    def mismatch(self, place: Place, sides: tuple[str, str], kind: str = "exact") -> Mismatch:
        """The record of a disagreement."""
        return Mismatch(self.described(place), *sides, kind, self.relation)

    def allowed(self, point: Mapping[Symbol, Fraction]) -> bool:
        """Whether the hypotheses hold."""
        try:
            return all(holds(fact, point) for fact in self.drawable.facts)
        except Unevaluable:
            return False

    def cut_to(self, point: Mapping[Symbol, Fraction], place: Place) -> dict[Array, Samples]:
        """The arrays of a place, without the entries outside their range at another point."""
        cut = {}
        for array, samples in place.arrays.items():
            whole = draw_signal(array, point, random.Random(self.seed)) if array.outside != "zero" else Samples({})
            kept = {k: v for k, v in samples.values.items() if holds(array.in_range(*(Integer(i) for i in k)), point)}
            cut[array] = Samples({**whole.values, **kept})
        return cut

    def filled(self, point: Mapping[Symbol, Fraction]) -> dict[Array, Samples]:
        """Arrays without an entry that is 0, so that a difference at the point is not missed by chance."""
        return {array: filled_signal(array, point) for array in self.claim.free_arrays}

    def with_fewer_entries(self, place: Place, sides: tuple[str, str]) -> tuple[Place, tuple[str, str]]:
        """Entries set to 0 and to 1 as long as the two sides still differ."""

        def fails(arrays: Mapping[Array, Samples]) -> tuple[Place, tuple[str, str]] | None:
            candidate = Place(place.point, arrays)
            try:
                found, _ = self.compare(candidate)
            except Skipped:
                return None
            return None if found is None else (candidate, found)

        return fewer_entries(place.arrays, fails, (place, sides))

    def described(self, place: Place) -> tuple[tuple[str, str], ...]:
        """Values by name as exact text; of arrays the entries that are not 0."""
        shown = [(s.name, str(place.point[s])) for s in self.parameters]
        for array, samples in place.arrays.items():
            entries = sorted((k, v) for k, v in samples.values.items() if v)
            shown.append((array.name, ", ".join(f"[{', '.join(map(str, k))}]={v}" for k, v in entries) or "0"))
        return tuple(shown)

    def compiled(self, backend: str, count: int) -> tuple[int, float, Mismatch | None]:
        """(points compared, worst error, disagreement) of the compiled result in float64."""
        arguments = (*self.parameters, *self.claim.free_arrays)
        make = compiler(backend, self.claim.free_arrays)
        try:
            check_told_by_floats(self.claim.left)
            without_forms(self.claim.left)  # what has no loops is compared exactly alone
            result = make(self.result, self.context, arguments)
        except Unevaluable as reason:
            self.skips[f"the result cannot be compiled: {reason}"] += count
            return 0, 0.0, None
        try:
            meant = make(self.claim.left, self.context, arguments)
        except Unevaluable as reason:
            meant = None
            self.skips[f"the definition cannot be compiled, compared with the oracle alone: {reason}"] += 1
        if count not in self.drawn:  # the same points for every backend, and the oracle at each of them once
            self.drawn[count] = [(place, self.float_expected(place)) for place in self.float_places(count)]
        places = [place for place, _ in self.drawn[count]]
        if not places:
            return 0, 0.0, None
        claimed = values_at(result, backend, places, arguments, self.grids)
        defined = [e for _, e in self.drawn[count]]
        if meant is not None:
            defined = values_at(meant, backend, places, arguments, self.grids)
        return self.judged(backend, self.drawn[count], claimed, defined)

    def float_expected(self, place: Place) -> float | str:
        """The oracle's value in floating point, or why it has none."""
        try:
            return float(self.expected(place, float))
        except Skipped as reason:
            return str(reason)
        except OverflowError:
            return float("inf")

    def float_places(self, count: int) -> list[Place]:
        """Points whose real numbers are float64 numbers and still meet the hypotheses."""
        found = []
        for number, sample in enumerate(draw(self.drawable, count, self.seed + 1, spread=self.spread, edges=False)):
            point = {s: v if s.is_integer else Fraction(float(v)) for s, v in sample.point.items()}
            if not self.allowed(point):
                self.skips["a hypothesis does not survive rounding to float64"] += 1
                continue
            try:
                found.append(self.with_arrays(point, number))
            except Skipped as reason:
                self.skips[str(reason)] += 1
        return found

    def judged(
        self, backend: str, places: list[tuple[Place, float | str]], claimed: Any, defined: Any
    ) -> tuple[int, float, Mismatch | None]:
        """Compare result, definition and oracle point by point."""
        compared, worst = 0, 0.0
        for (place, expected), left, right in zip(places, claimed, defined, strict=True):
            if isinstance(expected, str):
                self.skips[expected] += 1
                continue
            if not isfinite(expected) or abs(expected) > _LARGEST_FLOAT:
                self.skips["the value is too large for float64"] += 1
                continue
            errors = [error(expected, self.relation, float(left)), error(expected, "=", float(right))]
            compared += 1
            worst = max(worst, *errors)
            if max(errors) > TOLERANCE:
                shown = left if errors[0] > TOLERANCE else right
                who = "result" if errors[0] > TOLERANCE else "definition"
                sides = (repr(float(shown)), repr(expected))
                return compared, worst, self.mismatch(place, sides, f"{backend}, {who}")
        return compared, worst, None

"""Steps that rename, shift and reverse an index, right ones and wrong ones: accepted exactly when they are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import strategies as st
from sympy import Expr, oo

from derive.errors import StepRejected
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Chain, Derivation, Step
from derive.language import Context, IndexSum, declare, integer, signal
from derive.rules.sums import reverse_index, shift_index
from tests.fuzz.budget import AMOUNT, over

_n, _L = declare("n", "integer"), declare("L", "size")
n, L = _n.symbol, _L.symbol
k, m = integer("k"), integer("m")
w, v = signal("w"), signal("v")
CONTEXT = Context((_n, _L), arrays=(w, v))
PLACES = list(product(range(-3, 4), range(1, 5)))
"""Values of (n, L) at which the index sets are written out."""
FAR = range(-40, 41)
"""Indices that are looked at; finite ends lie far within."""

Weights = tuple[int, int, int]
"""constant, weight of n, weight of L"""
Number = Callable[[int], int]

BODIES: dict[str, Callable[[Any, Any, Any, Any], Any]] = {
    "w[k]": lambda k, n, w, v: w(k),
    "w[2*k + n]": lambda k, n, w, v: w(2 * k + n),
    "w[n - k]": lambda k, n, w, v: w(n - k),
    "w[k]*v[n - k]": lambda k, n, w, v: w(k) * v(n - k),
    "k*w[k - 1]": lambda k, n, w, v: k * w(k - 1),
    "k**2 + w[k]": lambda k, n, w, v: k**2 + w(k),
    "(k - n)*w[3*k]": lambda k, n, w, v: (k - n) * w(3 * k),
    "n": lambda k, n, w, v: n,
}
"""Summands, read twice: with terms and arrays, and with numbers and functions."""


def some(j: int) -> int:
    """Numbers of w that differ from each other."""
    return j * j * j * 17 + j * 5 + 3


def later(j: int) -> int:
    """Numbers of v."""
    return some(3 * j + 1)


def term(line: Weights) -> Expr:
    """The affine term."""
    return line[0] + line[1] * n + line[2] * L


def value(line: Weights, at: tuple[int, int]) -> int:
    """Its value."""
    return line[0] + line[1] * at[0] + line[2] * at[1]


def add(line: Weights, other: Weights, sign: int = 1) -> Weights:
    """line + sign*other"""
    return (line[0] + sign * other[0], line[1] + sign * other[1], line[2] + sign * other[2])


@dataclass(frozen=True)
class Reindexing:
    """What a step says: k = sign*m + offset, from low..high to new_low..new_high, f(sign*stride*m + inside) summed."""

    body: str
    low: Weights | None
    high: Weights | None
    sign: int
    stride: int
    offset: Weights
    inside: Weights
    new_low: Weights | None
    new_high: Weights | None
    new: str

    def step(self) -> Step:
        """The step by the law of shifts or of reversals."""
        body = BODIES[self.body]
        index, law = integer(self.new), shift_index if self.sign == 1 else reverse_index

        def entry(array: Any) -> Callable[[Any], Any]:
            return lambda place: array[place]

        ends = [bound if line is None else term(line) for line, bound in ((self.low, -oo), (self.high, oo))]
        before = IndexSum(body(k, n, entry(w), entry(v)), k, *ends)
        ends = [bound if line is None else term(line) for line, bound in ((self.new_low, -oo), (self.new_high, oo))]
        inserted = self.sign * self.stride * index + term(self.inside)
        after = IndexSum(body(inserted, n, entry(w), entry(v)), index, *ends)
        return Step(before, after, law.name, (index, term(self.offset)))

    def is_right(self) -> bool:
        """Whether k = sign*m + offset takes the new indices one to one to the old ones and keeps the summand."""
        body = BODIES[self.body]
        for at in PLACES:
            image = []
            for place in FAR:
                if not _inside(place, self.new_low, self.new_high, at):
                    continue
                old = self.sign * place + value(self.offset, at)
                image.append(old)
                written = self.sign * self.stride * place + value(self.inside, at)
                if body(written, at[0], some, later) != body(old, at[0], some, later):
                    return False
            near = range(-20, 21)  # all of it is reached from FAR
            if sorted(j for j in image if j in near) != [j for j in near if _inside(j, self.low, self.high, at)]:
                return False
        return True

    def is_telling(self) -> bool:
        """Whether the sum has three terms somewhere: over one or two, a wrong step may be right by chance."""
        return any(sum(_inside(place, self.low, self.high, at) for place in FAR) >= 3 for at in PLACES)


def _inside(index: int, low: Weights | None, high: Weights | None, at: tuple[int, int]) -> bool:
    return (low is None or value(low, at) <= index) and (high is None or index <= value(high, at))


SLIPS: list[Weights] = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (2, 0, -1)]


@st.composite
def reindexings(draw: st.DrawFn) -> Reindexing:
    """A right reindexing, or one with a slip or two."""
    lows: list[Weights | None] = [(0, 0, 0), (-1, 0, 0), (1, 0, 0), (0, 1, 0), (2, 0, -1), (-1, -1, 0), None]
    highs: list[Weights | None] = [(-1, 0, 1), (0, 0, 1), (0, 1, 0), (3, 0, 0), (1, 1, 1), (-2, 0, 2), None]
    low, high = draw(st.sampled_from(lows)), draw(st.sampled_from(highs))
    offsets: list[Weights] = [(0, 0, 0), (1, 0, 0), (-2, 0, 0), (0, 1, 0), (1, -1, 0), (-1, 0, 1), (0, 1, -1)]
    offset = draw(st.sampled_from(offsets))
    sign = draw(st.sampled_from([1, -1]))
    new_low, new_high = (None if end is None else add(end, offset, -1) for end in (low, high))
    if sign == -1:
        new_low, new_high = (None if end is None else add(offset, end, -1) for end in (high, low))
    stated, inside, stride = offset, offset, 1
    slip = draw(st.sampled_from(["none"] * 5 + ["low", "high", "inside", "stated", "stride", "swapped", "sign", "not"]))
    wrong = draw(st.sampled_from(SLIPS))
    if slip == "low" and new_low is not None:
        new_low = add(new_low, wrong)
    elif slip == "high" and new_high is not None:
        new_high = add(new_high, wrong)
    elif slip == "inside":
        inside = add(inside, wrong)
    elif slip == "stated":
        stated = add(stated, wrong)
    elif slip == "stride":
        stride = draw(st.sampled_from([2, 3, -2]))
    elif slip == "swapped" and low is not None and high is not None:
        new_low, new_high = new_high, new_low
    elif slip == "sign":
        sign = -sign
    elif slip == "not":
        new_low, new_high = low, high
    body = draw(st.sampled_from(sorted(BODIES)))
    return Reindexing(body, low, high, sign, stride, stated, inside, new_low, new_high, draw(st.sampled_from("mkj")))


def is_accepted(step: Step, memory: Memory) -> bool:
    """Whether the checker takes the one step for a derivation."""
    forged = Derivation("fuzzed", CONTEXT, step.before, step.after, Chain(step.before, (step,)))
    try:
        return check(forged, memory).verdict.kind == "proved"
    except StepRejected:
        return False


@pytest.mark.slow
def test_reindexings() -> None:
    """A step is accepted exactly when the index sets, written out, show a bijection that keeps the summand."""
    looked: Counter[str] = Counter()
    memory: Memory = {}
    seen: set[Reindexing] = set()

    @over(800, drawn=reindexings())
    def run(drawn: Reindexing) -> None:
        if drawn in seen:
            return
        if not drawn.is_telling():
            looked["too short to tell"] += 1
            return
        right = drawn.is_right()
        assert is_accepted(drawn.step(), memory) is right, drawn
        seen.add(drawn)
        looked["accepted" if right else "refused"] += 1
        looked["strides refused"] += drawn.stride != 1 and not right
        looked["on all integers"] += drawn.low is None and drawn.high is None

    print(dict(looked))
    assert looked["accepted"] >= 200 * AMOUNT
    assert looked["refused"] >= 200 * AMOUNT
    assert looked["on all integers"] >= 10 * AMOUNT
    assert looked["strides refused"] >= 30 * AMOUNT
    assert looked["accepted"] + looked["refused"] >= 600 * AMOUNT


def test_a_stride_is_no_shift() -> None:
    """k = 2*m + c reaches every other index alone: refused as a shift and as a reversal, whatever the limits."""
    memory: Memory = {}
    looked = 0
    for sign, offset, (low, high) in product((1, -1), (0, 1), (((0, 0, 0), (-1, 0, 1)), ((0, 0, 0), (-1, 0, 2)))):
        for new_high in ((-1, 0, 1), (-1, 0, 2), (0, 0, 1)):
            made = Reindexing(
                "w[k]", low, high, sign, 2, (offset, 0, 0), (offset, 0, 0), (0, 0, 0), new_high, "m"
            )  # fmt: skip
            assert not made.is_right()
            assert not is_accepted(made.step(), memory)
            looked += 1
    assert looked == 24

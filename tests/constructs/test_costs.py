"""Costs as they are derived equal those of a run: numbers that count what is done with them, in plain loops."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import pytest
from sympy import Symbol

from derive.constructs.registry import claim
from derive.kernel.derivation import Derivation
from derive.language.points import evaluate

RUNS = 40


@dataclass
class Counted:
    """A number; every product, sum and comparison with another one is noted in the tally."""

    value: int
    tally: Counter[str]

    def __mul__(self, other: Counted) -> Counted:
        self.tally["products"] += 1
        return Counted(self.value * other.value, self.tally)

    def __add__(self, other: Counted) -> Counted:
        self.tally["additions"] += 1
        return Counted(self.value + other.value, self.tally)

    def __gt__(self, other: Counted) -> bool:
        self.tally["comparisons"] += 1
        return self.value > other.value


Matrix = list[list[Counted]]


class Machine:
    """Makes numbers with one tally, and knows how often a weight was made."""

    def __init__(self, seed: int) -> None:
        self.tally: Counter[str] = Counter()
        self.rng = random.Random(seed)

    def number(self, kind: str = "data") -> Counted:
        """A number that nobody has touched."""
        self.tally[kind] += 1
        return Counted(self.rng.randint(-9, 9), self.tally)

    def matrix(self, rows: int, columns: int) -> Matrix:
        """Rows of them."""
        return [[self.number() for _ in range(columns)] for _ in range(rows)]


def added(terms: list[Counted]) -> Counted:
    """The terms one after the other, the first one added to nothing."""
    return reduce(lambda total, term: total + term, terms)


def multiplied(one: Matrix, other: Matrix) -> Matrix:
    """Rows by columns."""
    columns = turned(other)
    return [[added([a * b for a, b in zip(row, column, strict=True)]) for column in columns] for row in one]


def turned(matrix: Matrix) -> Matrix:
    """Rows as columns."""
    return [list(column) for column in zip(*matrix, strict=True)]


def larger(one: Counted, other: Counted) -> Counted:
    """By one comparison."""
    return one if one > other else other


def convolution(m: Machine, o_h: int, o_w: int, C: int, F: int, g: int, K_h: int, K_w: int, b: int) -> None:
    """A layer with groups and perhaps biases: weights made once, then used at every place."""
    image = [[[m.number() for _ in range(o_w + K_w - 1)] for _ in range(o_h + K_h - 1)] for _ in range(C)]
    for group in range(g):
        for _ in range(F // g):
            seen = range(group * (C // g), (group + 1) * (C // g))
            places = [(c, u, v) for c in seen for u in range(K_h) for v in range(K_w)]
            weights = {at: m.number("parameters") for at in places}
            bias = m.number("parameters") if b else None
            for y in range(o_h):
                for x in range(o_w):
                    output = added([weights[c, u, v] * image[c][y + u][x + v] for c, u, v in places])
                    output = output if bias is None else output + bias
                    m.tally["outputs"] += 1


def pooled(m: Machine, c: int, o_h: int, o_w: int, p_h: int, p_w: int) -> tuple[Any, Any]:
    """Largest entries of all windows, window by window and by rows and columns; the comparisons of each."""
    images = [m.matrix(o_h + p_h - 1, o_w + p_w - 1) for _ in range(c)]
    direct = [
        reduce(larger, [image[y + u][x + v] for u in range(p_h) for v in range(p_w)]).value
        for image in images
        for y in range(o_h)
        for x in range(o_w)
    ]
    m.tally["direct"] = m.tally["comparisons"]
    apart = []
    for image in images:
        rows = [[reduce(larger, row[x : x + p_w]) for x in range(o_w)] for row in image]
        apart += [reduce(larger, [rows[y + u][x] for u in range(p_h)]).value for y in range(o_h) for x in range(o_w)]
    m.tally["apart"] = m.tally["comparisons"] - m.tally["direct"]
    return direct, apart


@cache
def derived(path: str) -> Derivation:
    """The derivation, made once."""
    return claim(path)[1].derive()


def told(path: str, **values: int) -> int:
    """What the derived right side says, at these sizes."""
    derivation = derived(path)
    symbols = {s.name: s for s in derivation.context.symbols}
    point: dict[Symbol, Any] = {symbols[name]: value for name, value in values.items() if name in symbols}
    return int(evaluate(derivation.right, point, derivation.context))


def sizes(rng: random.Random, names: str, most: int = 3) -> dict[str, int]:
    """A number for each name."""
    return {name: rng.randint(1, most) for name in names.split()}


@pytest.mark.parametrize("seed", range(RUNS))
def test_convolution(seed: int) -> None:
    """Parameters, products and additions of a run, under every convention."""
    rng, m = random.Random(seed), Machine(seed)
    n = sizes(rng, "o_h o_w g c f K_h K_w")
    b, u = rng.randint(0, 1), rng.randint(1, 2)
    C, F = n["g"] * n["c"], n["g"] * n["f"]
    convolution(m, n["o_h"], n["o_w"], C, F, n["g"], n["K_h"], n["K_w"], b)
    done = m.tally
    assert done["outputs"] == n["o_h"] * n["o_w"] * F > 0
    assert told("layer_parameters.convolution", **n, C=C, F=F, b=b) == done["parameters"]
    assert told("layer_operations.multiply_adds", **n, C=C, F=F) == done["products"]
    layer = {**n, "F": F, "b": b, "u": u}
    biases = b * done["outputs"]
    assert told("layer_operations.convention", **layer) == u * done["products"] + biases
    assert told("layer_operations.performed", **layer) == done["products"] + done["additions"]
    assert told("operation_conventions.rounding", **layer) == done["products"] - done["additions"]


@pytest.mark.parametrize("seed", range(RUNS))
def test_separable_convolution(seed: int) -> None:
    """A filter for each channel and then filters of one place, with and without biases."""
    rng, m = random.Random(seed), Machine(seed)
    n, b = sizes(rng, "o_h o_w C F K_h K_w"), rng.randint(0, 1)
    convolution(m, n["o_h"], n["o_w"], n["C"], n["C"], n["C"], n["K_h"], n["K_w"], b)
    convolution(m, n["o_h"], n["o_w"], n["C"], n["F"], 1, 1, 1, b)
    assert told("separable_convolution.separable", **n) == m.tally["products"] > 0
    assert told("layer_parameters.separable", **n, b=b) == m.tally["parameters"] > 0


@pytest.mark.parametrize("seed", range(RUNS))
def test_pooling(seed: int) -> None:
    """Both ways find the same, with as many comparisons as derived."""
    n, m = sizes(random.Random(seed), "c o_h o_w p_h p_w", 4), Machine(seed)
    direct, apart = pooled(m, **n)
    assert direct == apart and len(direct) == n["c"] * n["o_h"] * n["o_w"]
    assert told("pooling_costs.direct", **n) == m.tally["direct"]
    assert told("pooling_costs.separable", **n) == m.tally["apart"]
    assert told("pooling_costs.saved", **n) == m.tally["direct"] - m.tally["apart"] >= 0


@pytest.mark.parametrize("seed", range(RUNS))
def test_newton_schulz(seed: int) -> None:
    """Both brackets give one result; the products are c n m p for c = 1, and the better order is the better one."""
    rng = random.Random(seed)
    rows, columns = rng.randint(1, 5), rng.randint(1, 5)
    results, counts = [], []
    for along in (True, False):
        m = Machine(seed)
        w = m.matrix(rows, columns)
        result = multiplied(multiplied(w, turned(w)), w) if along else multiplied(w, multiplied(turned(w), w))
        results.append([[entry.value for entry in row] for row in result])
        counts.append(m.tally["products"])
    assert results[0] == results[1]
    n = {"d_o": rows, "d_i": columns, "c": 1}
    assert [told(f"newton_schulz_costs.{name}", **n) for name in ("left_first", "right_first")] == counts
    assert told("newton_schulz_costs.better", **n) == min(counts) > 0


@pytest.mark.parametrize("seed", range(RUNS))
def test_horner(seed: int) -> None:
    """The products of matrices in a polynomial of a Gram matrix; multiples of the unit matrix need none."""
    rng, m = random.Random(seed), Machine(seed)
    D, d, q = (rng.randint(1, 4) for _ in range(3))
    w, coefficients = m.matrix(D, d), [m.number() for _ in range(q + 1)]
    gram = multiplied(turned(w), w)
    whole = m.tally["products"]
    value = [[Counted(coefficients[0].value * entry.value, m.tally) for entry in row] for row in gram]
    for coefficient in coefficients[1:]:
        for place in range(d):
            value[place][place] = Counted(value[place][place].value + coefficient.value, m.tally)
        if coefficient is not coefficients[-1]:
            value = multiplied(gram, value)
    assert told("gram_polynomial_costs.steps", d=d, q=q, c=1) == m.tally["products"] - whole
    multiplied(w, value)
    assert told("gram_polynomial_costs.whole", D=D, d=d, q=q, c=1) == m.tally["products"]


ORDERS: dict[int, list[Callable[[list[Any]], Any]]] = {
    3: [lambda x: ((x[0], x[1]), x[2]), lambda x: (x[0], (x[1], x[2]))],
    4: [
        lambda x: (((x[0], x[1]), x[2]), x[3]),
        lambda x: ((x[0], x[1]), (x[2], x[3])),
        lambda x: ((x[0], (x[1], x[2])), x[3]),
        lambda x: (x[0], ((x[1], x[2]), x[3])),
        lambda x: (x[0], (x[1], (x[2], x[3]))),
    ],
}


@pytest.mark.parametrize("length", ORDERS)
@pytest.mark.parametrize("seed", range(RUNS // 4))
def test_chain(seed: int, length: int) -> None:
    """Every order is run and gives the same matrix; the least count is the derived one."""
    d = [random.Random(100 * seed + k).randint(1, 4) for k in range(length + 1)]
    counts, results = [], []
    for order in ORDERS[length]:
        m = Machine(seed)
        tree = order([m.matrix(d[k], d[k + 1]) for k in range(length)])
        result = worked_out(tree)
        counts.append(m.tally["products"])
        results.append([[entry.value for entry in row] for row in result])
    assert all(result == results[0] for result in results)
    name = {3: "three", 4: "four"}[length]
    assert told(f"matrix_chain.{name}", **{f"d_{k}": size for k, size in enumerate(d)}) == min(counts) > 0


def worked_out(tree: Any) -> Matrix:
    """Pairs multiplied, from the inside out."""
    if isinstance(tree, tuple):
        return multiplied(worked_out(tree[0]), worked_out(tree[1]))
    return tree  # type: ignore[no-any-return]

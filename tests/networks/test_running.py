"""Tables against networks that are run: what is stored, computed and seen is what the table says."""

from __future__ import annotations

from random import Random

import pytest

from derive.errors import NetworkError
from derive.networks.reading import read_network
from derive.networks.table import Conventions, table_of
from tests.networks.drawn import network as drawn
from tests.networks.simulated import run, trace

NETWORKS = 60
MEMORY: dict = {}
"""What was checked for one table is not checked again for the next."""


def empty_layer(text: str) -> bool:
    """Whether the table refuses a layer for having no output."""
    try:
        table_of(read_network(text), text=text, memory=MEMORY)
    except NetworkError as problem:
        if "has no output" not in str(problem):
            raise
        return True
    return False


def tables(seed: int, rank: int, size: int, number: int, padded: bool = True, **how):
    """Random networks with output in each of their layers, with their tables."""
    random, found = Random(seed), []
    while len(found) < number:
        text = drawn(random, rank, size, padded)
        if not empty_layer(text):
            found.append((read_network(text), table_of(read_network(text), Conventions(**how), text, MEMORY), text))
    return found


@pytest.mark.parametrize(("rank", "size"), [(1, 9), (2, 6), (3, 4)])
def test_a_run_counts_what_the_table_says(rank, size):
    """Parameters held, numbers put out, multiplications and additions performed, under each convention."""
    looked = layers = 0
    for operations, bias_counted in ((1, False), (1, True), (2, True), (2, False)):
        found = tables(rank, rank, size, NETWORKS // 4, operations=operations, bias_counted=bias_counted)
        for network, table, text in found:
            ran = run(network)
            assert [r.name for r in ran] == [r.name for r in table.rows], text
            for there, here in zip(ran, table.rows, strict=True):
                biases = there.sums - there.products
                expected = operations * there.products + bias_counted * biases
                assert int(here.operations) == expected, (text, there)
                assert int(here.parameters) == there.parameters, (text, there)
                assert tuple(map(int, here.output)) == there.shape, (text, there)
                assert int(here.activations) == there.values, (text, there)
                memory = 4 * (there.parameters + (there.values if here.stored else 0))
                assert int(here.memory) == memory, (text, there)
                layers += 1
            assert int(table.total["parameters"]) == sum(r.parameters for r in ran)
            looked += 1
    assert looked == NETWORKS
    assert layers > 3 * looked


def test_empty_layers_are_those_that_are_empty():
    """A layer is refused exactly where no window fits."""
    random, refused, kept = Random(7), 0, 0
    for _ in range(200):
        text = drawn(random, 1, 4, padded=True, most=4)
        network = read_network(text)
        if empty_layer(text):
            with pytest.raises(StopIteration):
                run(network)
            refused += 1
        else:
            run(network)
            kept += 1
    assert refused > 20
    assert kept > 60


def touches(seen, network) -> bool:
    """Whether something at the border of the input is seen."""
    return any(min(s) == 0 or max(s) == int(n) - 1 for s, n in zip(seen, network.input, strict=False))


@pytest.mark.parametrize(("rank", "size", "number"), [(1, 90, 150), (2, 33, 50)])
def test_fields_are_those_of_a_dependency_trace(rank, size, number):
    """Without zeros around the input: from the first place seen to the last, and the way from output to output."""
    found = tables(11 + rank, rank, size, number, padded=False)
    looked = moved = 0
    for network, table, text in found:
        for (name, seen), row in zip(trace(network), table.rows, strict=True):
            assert name == row.name
            middle = tuple(max(place[axis] for place in seen) // 2 for axis in range(len(next(iter(seen)))))
            here = seen[middle]
            if "RES" in text and (not middle or touches(here, network)):
                # A residual block keeps its size by zeros: compared where the input alone is seen.
                continue
            assert [int(f) for f in row.field] == [max(s) - min(s) + 1 for s in here], (text, name)
            looked += 1
            for axis, jump in enumerate(row.stride):
                after = tuple(m + (a == axis) for a, m in enumerate(middle))
                if after in seen and not touches(seen[after], network):
                    assert min(seen[after][axis]) - min(here[axis]) == int(jump), (text, name)
                    moved += 1
    assert looked > 2 * number
    assert moved > number


def test_zeros_around_belong_to_the_field():
    """With zeros, an output far from the border sees what the table says, and one at the border less."""
    text = "200x1 -> CONV5-1 -> POOL2 -> CONV3-1/d2 -> CONV3-1/s2 -> CONV4-1"
    table = table_of(read_network(text))
    looked = 0
    for (_, seen), row in zip(trace(read_network(text)), table.rows, strict=True):
        middle = seen[max(seen)[0] // 2,][0]
        assert max(middle) - min(middle) + 1 == int(row.field[0])
        assert len(seen[0,][0]) < int(row.field[0]) or row.name == "POOL2"
        looked += 1
    assert looked == 5

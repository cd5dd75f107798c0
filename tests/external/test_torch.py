"""PyTorch's automatic differentiation as an outside oracle: it has seen neither our definitions nor our oracles.

Each derived right side is compiled, evaluated at all its indices, and compared in float64 with what torch.autograd
finds for the same layer written with torch.nn.functional, at random shapes and at degenerate ones.
"""

from __future__ import annotations

import importlib.util
import os
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Any

import numpy as np
import pytest

from derive.constructs import convolution_channels
from derive.constructs.construct import Claim
from derive.constructs.registry import claim, constructs
from derive.language import Partial, subterms
from derive.language.numbers import as_rational
from derive.language.points import evaluate
from derive.numeric.compile import Grid, compile_numpy
from tests.external import rows
from tests.external.autograd import STEPS, Row

SHAPES = 50
TOLERANCE = 1e-10
_MODULES = [import_module(f"{rows.__name__}.{found.name}") for found in iter_modules(rows.__path__)]
TABLE: list[Row] = [row for module in _MODULES for row in module.TABLE]
LEFT_OUT: dict[str, str] = {k: v for module in _MODULES for k, v in getattr(module, "LEFT_OUT", {}).items()}


@pytest.fixture(scope="module")
def torch() -> Any:
    """PyTorch, on one thread: the arrays are small. Without it the tests are skipped, but where CI is set they fail."""
    if importlib.util.find_spec("torch") is None:
        if os.environ.get("CI"):
            pytest.fail("PyTorch is missing: .ci/run installs it")
        pytest.skip("PyTorch is not installed (pip install torch==2.13.0)")
    import torch

    torch.set_num_threads(1)
    return torch


def found(path: str) -> Claim:
    """The claim; layers on more axes are made by the same function as those that the package lists."""
    for axes in (1, 2, 3):
        for grouped in (False, True):
            for made in convolution_channels.claims(axes, grouped):
                if path == f"convolution_channels.{made.name}":
                    return made
    return claim(path)[1]


def whole(end: Any, point: Any) -> int:
    """The end of an axis; without one there are as many places as the most steps that a row takes."""
    return STEPS if end.is_infinite else int(as_rational(evaluate(end, point)))


def is_about_derivatives(asked: Claim) -> bool:
    """Whether the claim, or a definition of it, has a partial derivative."""
    terms = (asked.left, *(d.body for d in asked.context.definitions))
    return any(isinstance(part, Partial) for term in terms for part in subterms(term))


def test_no_derivative_is_forgotten() -> None:
    """Every claim of the package that is about a derivative is in the table, or left out for a reason."""
    known = {row.path for row in TABLE}
    paths = {f"{c.name}.{a.name}" for c in constructs() for a in c.claims if is_about_derivatives(a)}
    assert len(known) == len(TABLE) and not known & LEFT_OUT.keys()
    assert paths - known == LEFT_OUT.keys()


@pytest.mark.share(3)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
def test_autograd_finds_the_same(row: Row, torch: Any) -> None:
    """The derived right side is what torch.autograd finds, at every index, to 1e-10."""
    asked = found(row.path)
    context = asked.context
    function = compile_numpy(asked.derive().right, context, (*context.symbols, *context.arrays))
    rng, numbers = Random(row.path), np.random.default_rng(len(row.path))
    shapes = [*row.degenerate, *(row.sizes(rng) for _ in range(SHAPES))]
    entries, worst = 0, 0.0
    for sizes in shapes:
        point = {s: sizes[s.name] for s in context.symbols if s.name in sizes}
        values = {}
        for array in context.arrays:
            ends = [tuple(whole(end, point) for end in axis) for axis in array.axes]
            assert all(low == 1 for low, _ in ends)
            values[array.name] = numbers.standard_normal([high for _, high in ends])
        tensors = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
        expected = row.expected(torch, sizes, tensors).detach().numpy()
        places = iter(np.indices(expected.shape) + 1)
        columns = [sizes[s.name] if s in point else next(places) for s in context.symbols]
        assert not list(places), "an index of the result has no axis"
        grids = [Grid(values[a.name], (1,) * len(a.axes)) for a in context.arrays]
        ours = np.broadcast_to(function(*columns, *grids), expected.shape)
        error = np.abs(ours - expected) / np.maximum(1, np.abs(expected))
        entries, worst = entries + expected.size, max(worst, float(error.max()))
        assert worst <= TOLERANCE, sizes
    assert len(row.degenerate) >= 1 and len(shapes) - len(row.degenerate) >= 50 and entries >= len(shapes)

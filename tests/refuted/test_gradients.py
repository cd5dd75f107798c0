"""Wrong gradients, as students and language models give them: each is refuted with a witness of small sizes."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest
from sympy import Expr

from derive.constructs.registry import claim
from derive.numeric.spotcheck import spot_check
from tests.fuzz.budget import FACTOR, WHOLE
from tests.refuted import gradients

_MODULES = [import_module(f"{gradients.__name__}.{found.name}") for found in iter_modules(gradients.__path__)]
WRONG: list[tuple[str, str, Expr]] = [wrong for module in _MODULES for wrong in module.WRONG]


LOOKED_AT = WRONG[:: 1 if FACTOR > 1 else 6 if WHOLE else 24]
"""All of them in `make soundness`, every sixth in `make whole`."""


@pytest.mark.parametrize(("path", "slip", "wrong"), LOOKED_AT, ids=[f"{path}: {slip}" for path, slip, _ in LOOKED_AT])
def test_wrong_gradient(path: str, slip: str, wrong: Expr) -> None:
    """Refuted at an exact point where both sides are told, with sizes that nobody could make smaller by much."""
    one = claim(path)[1]
    found = spot_check(one, wrong, count=60, seed=5, backends=())
    assert found.mismatch is not None
    told = dict(found.mismatch.point)
    sizes = [int(told[d.symbol.name]) for d in one.context.declarations if d.symbol.is_integer]
    assert max(sizes, default=0) <= 4 and found.mismatch.claimed != found.mismatch.expected


def test_there_are_enough() -> None:
    """At least 600 wrong gradients, told apart by claim and slip, and a share of them looked at each time."""
    assert len({(path, slip) for path, slip, _ in WRONG}) == len(WRONG) >= 600
    assert len(LOOKED_AT) >= (200 if WHOLE else 50)

"""What the rows of the comparison with PyTorch are made of: shapes, gradients pulled back, Jacobians."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

Sizes = dict[str, int]
STEPS = 5
"""Places on an axis without end: at most so many steps are taken along it."""


@dataclass(frozen=True)
class Row:
    """One derived claim and the same thing in PyTorch.

    Attributes:
        path: The claim; its symbols that `sizes` leaves out are the indices of the result.
        sizes: Random sizes, which the claim allows.
        degenerate: Sizes where formulas go wrong.
        expected: What PyTorch finds at these sizes for these tensors, one axis for each index.
    """

    path: str
    sizes: Callable[[Random], Sizes]
    degenerate: tuple[Sizes, ...]
    expected: Callable[[Any, Sizes, dict[str, Any]], Any]


def pulled_back(forward: Callable[..., Any], by: str, upstream: str = "g") -> Callable[..., Any]:
    """The gradient with respect to one tensor, from the gradient at the output."""

    def expected(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
        output = forward(torch, sizes, t)
        assert output.shape == t[upstream].shape
        return torch.autograd.grad(output, t[by], t[upstream])[0]

    return expected


def slope_of(loss: Callable[..., Any], by: str) -> Callable[..., Any]:
    """The gradient of a number."""
    return lambda torch, sizes, t: torch.autograd.grad(loss(torch, sizes, t), t[by])[0]


def jacobian_of(function: Callable[..., Any], by: str) -> Callable[..., Any]:
    """All derivatives of all outputs."""

    def expected(torch: Any, sizes: Sizes, t: dict[str, Any]) -> Any:
        return torch.autograd.functional.jacobian(lambda v: function(torch, sizes, {**t, by: v}), t[by])

    return expected


def upto(**most: int) -> Callable[[Random], Sizes]:
    """Each size between 1 and its largest."""
    return lambda rng: {name: rng.randint(1, largest) for name, largest in most.items()}


def allowed(sizes: Callable[[Random], Sizes], condition: Callable[[Sizes], bool]) -> Callable[[Random], Sizes]:
    """Drawn again until the condition holds."""

    def drawn(rng: Random) -> Sizes:
        while not condition(found := sizes(rng)):
            pass
        return found

    return drawn

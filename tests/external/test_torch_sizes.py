"""PyTorch's layers as an outside oracle for sizes: convolution, both modes of pooling, transposed convolution."""

from __future__ import annotations

from random import Random
from typing import Any

from derive.constructs.registry import claim
from derive.language.points import evaluate
from tests.external.test_torch import torch

__all__ = ["torch"]  # the fixture

LAYERS = 300


def sizes(path: str, values: dict[str, int]) -> int:
    """What the claim derives at these values."""
    one = claim(path)[1]
    if path not in DERIVED:
        DERIVED[path] = one.derive().right
    return int(evaluate(DERIVED[path], {s: values[s.name] for s in one.context.symbols}, one.context))


DERIVED: dict[str, Any] = {}


def test_convolution_and_pooling(torch: Any) -> None:
    """As many outputs as the layers of PyTorch have, and none where PyTorch refuses the input."""
    random, none = Random(11), 0
    for _ in range(LAYERS):
        W, K, S, P, D = (random.randint(low, high) for low, high in ((1, 20), (1, 6), (1, 5), (0, 4), (1, 3)))
        layer = {"W": W, "K": K, "S": S, "P": P, "D": D}
        x = torch.zeros(1, 1, W)
        if D * (K - 1) + 1 > W + 2 * P:
            assert sizes("layer_sizes.output", layer) == 0
            none += 1
            continue
        made = torch.nn.functional.conv1d(x, torch.zeros(1, 1, K), stride=S, padding=P, dilation=D)
        assert sizes("layer_sizes.output", layer) == made.shape[-1]
        if 2 * P > D * (K - 1) + 1 or 2 * P > K:  # PyTorch pools with no more padding than half a window
            continue
        for path, upwards in (("layer_sizes.output", False), ("framework_sizes.ceiling_mode", True)):
            pooled = torch.nn.functional.max_pool1d(x, K, S, P, D, ceil_mode=upwards)
            assert sizes(path, layer) == pooled.shape[-1]
    assert 10 < none < LAYERS / 2


def test_transposed_convolution(torch: Any) -> None:
    """The same with an output padding below the stride."""
    random, looked_at = Random(12), 0
    while looked_at < LAYERS:
        W, K, S, P, D = (random.randint(low, high) for low, high in ((1, 12), (1, 6), (1, 5), (0, 4), (1, 3)))
        A = random.randint(0, S - 1)
        layer = {"W": W, "K": K, "S": S, "P": P, "D": D, "A": A}
        expected = sizes("transposed_sizes.size", layer)
        if expected == 0:
            continue
        made = torch.nn.functional.conv_transpose1d(
            torch.zeros(1, 1, W), torch.zeros(1, 1, K), stride=S, padding=P, output_padding=A, dilation=D
        )
        assert expected == made.shape[-1]
        looked_at += 1

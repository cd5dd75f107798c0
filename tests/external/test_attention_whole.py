"""The stages of attention, each derived by itself, one after the other: PyTorch finds the same for the whole."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest

from derive.constructs.registry import claim
from derive.numeric.compile import Grid, compile_numpy

if importlib.util.find_spec("torch") is None and not os.environ.get("CI"):
    pytest.skip("PyTorch is not installed (pip install torch==2.13.0)", allow_module_level=True)


_WEIGHTS = "attention.weight_gradient"
_BELOW = ("attention_weights.score_gradient", "attention_scores.query_gradient", "attention_scores.key_gradient")


def stage(path: str) -> Callable[..., Any]:
    """The derived right side, compiled: called with a shape, sizes and arrays it gives all entries."""
    asked = claim(path)[1]
    context = asked.context
    function = compile_numpy(asked.derive().right, context, (*context.symbols, *context.arrays))

    def entries(shape: tuple[int, int], sizes: dict[str, int], **arrays: Any) -> Any:
        places = iter(np.indices(shape) + 1)
        columns = [sizes[s.name] if s.name in sizes else next(places) for s in context.symbols]
        return np.broadcast_to(function(*columns, *(Grid(arrays[a.name], (1, 1)) for a in context.arrays)), shape)

    return entries


def test_the_stages_make_the_whole() -> None:
    """From dO back to V, P, S, Q and K, as scaled_dot_product_attention has it, at 20 shapes and at size 1."""
    import torch

    scores, values, weights = stage("attention_scores.forward"), stage("attention.value_gradient"), stage(_WEIGHTS)
    softmax, queries, keys = (stage(path) for path in _BELOW)
    rng, numbers, seen = Random(7), np.random.default_rng(7), 0
    for number in range(20):
        sizes = {name: 1 if number == 0 else rng.randint(1, 5) for name in "TRdD"}
        T, R, d, D = sizes.values()
        Q, K, V, dO = (numbers.standard_normal(shape) for shape in ((T, d), (R, d), (R, D), (T, D)))
        tensors = [torch.tensor(value, requires_grad=True) for value in (Q, K, V)]
        output = torch.nn.functional.scaled_dot_product_attention(*tensors)
        expected = torch.autograd.grad(output, tensors, torch.tensor(dO))
        S = scores((T, R), sizes, Q=Q, K=K)
        P = np.exp(S) / np.exp(S).sum(1, keepdims=True)
        dV = values((R, D), sizes, P=P, V=V, dO=dO)
        dP = weights((T, R), sizes, P=P, V=V, dO=dO)
        dS = softmax((T, R), sizes, S=S, dP=dP)
        dQ = queries((T, d), sizes, Q=Q, K=K, dS=dS)
        dK = keys((R, d), sizes, Q=Q, K=K, dS=dS)
        for ours, theirs in zip((dQ, dK, dV), expected, strict=True):
            assert np.abs(ours - theirs.numpy()).max() <= 1e-10, sizes
            seen += ours.size
    assert seen >= 200

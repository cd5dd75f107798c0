"""PyTorch and NumPy as outside oracles for number formats: every code decoded, and numbers rounded."""

from __future__ import annotations

from fractions import Fraction
from math import isinf, isnan
from random import Random
from typing import Any

import numpy as np
import pytest

from derive.formats.formats import Format, decoded, magnitudes, read_format
from derive.formats.rounding import overflow_bound, rounded
from tests.external.test_torch import torch

__all__ = ["torch"]  # the fixture

TYPES = {
    "E4M3": "float8_e4m3fn", "E5M2": "float8_e5m2", "E4M3-fnuz": "float8_e4m3fnuz", "E5M2-fnuz": "float8_e5m2fnuz",
    "fp16": "float16", "bfloat16": "bfloat16",
}  # fmt: skip


def named(value: float) -> Fraction | str:
    """A number of a library, in our words."""
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "infinity" if value > 0 else "-infinity"
    return "-0" if value == 0 and str(value).startswith("-") else Fraction(value)


@pytest.mark.parametrize("name", TYPES)
def test_every_code(torch: Any, name: str) -> None:
    """What PyTorch makes of each code is what we make of it."""
    of, kind = read_format(name), getattr(torch, TYPES[name])
    assert of.bits == (8 if name.startswith("E") else 16)
    whole = torch.arange(2**of.bits, dtype=torch.int32)
    codes = whole.to(torch.uint8) if of.bits == 8 else whole.to(torch.uint16)
    values = codes.view(kind).to(torch.float64).tolist()
    assert [named(v) for v in values] == [decoded(of, code) for code in range(2**of.bits)]


def chosen(of: Format, random: Random) -> list[Fraction]:
    """Values, half-way numbers and numbers beside them, what is too large, random ones; all exact in float32."""
    values = random.sample(magnitudes(of), min(120, len(magnitudes(of))))
    codes = random.sample(range(of.largest_code), min(120, of.largest_code))
    middles = [(of.magnitude(code) + of.magnitude(code + 1)) / 2 for code in codes]
    found = [*values, *middles, *(m * (1 + Fraction(s, 2**14)) for m in middles for s in (1, -1))]
    bound = overflow_bound(of)
    found += [bound, bound * (1 - Fraction(1, 2**14)), bound * (1 + Fraction(1, 2**14))]
    found += [Fraction(random.gauss(0, 1)) for _ in range(400)]
    exact = [Fraction(float(np.float32(float(x)))) for x in found if x < 2**127]
    return [sign * x for x in exact for sign in (1, -1)]


@pytest.mark.parametrize("name", TYPES)
def test_rounding(torch: Any, name: str) -> None:
    """PyTorch rounds to nearest, ties to even; what is too large becomes infinity or NaN, or it saturates.

    On the CPU E4M3 gives NaN in older versions and saturates in newer ones (pull request 178817 of 2026), which is
    looked up first; the others do not saturate.
    """
    of, numbers, kind = read_format(name), chosen(read_format(name), Random(3)), getattr(torch, TYPES[name])
    saturating = name == "E4M3" and torch.tensor([1e4]).to(kind).to(torch.float64).item() == 448
    made = torch.tensor([float(x) for x in numbers], dtype=torch.float32).to(kind)
    looked = 0
    for x, value in zip(numbers, made.to(torch.float64).tolist(), strict=True):
        found, ours = named(value), rounded(of, x, saturating)
        assert (Fraction(0) if found == "-0" else found) == ours, (name, x)
        looked += 1
    assert looked > 1000


def test_half_precision_of_numpy() -> None:
    """Every code and random numbers, once more without PyTorch."""
    of = read_format("fp16")
    values = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float64).tolist()
    assert [named(v) for v in values] == [decoded(of, code) for code in range(2**16)]
    numbers = chosen(of, Random(4))
    with np.errstate(over="ignore"):
        made = np.array([float(x) for x in numbers]).astype(np.float16).astype(np.float64).tolist()
    for x, value in zip(numbers, made, strict=True):
        found = named(value)
        assert (Fraction(0) if found == "-0" else found) == rounded(of, x, saturating=False)
    assert len(numbers) > 1000

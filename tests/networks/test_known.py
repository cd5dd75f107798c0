"""Networks of the literature: published totals, and the same networks as modules of PyTorch."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

import pytest

from derive.networks.known import NETWORKS, known
from derive.networks.reading import read_network
from derive.networks.table import Conventions, table_of


@pytest.fixture(scope="module")
def torch() -> Any:
    """PyTorch; without it the tests are skipped, but where CI is set they fail."""
    if importlib.util.find_spec("torch") is None:
        if os.environ.get("CI"):
            pytest.fail("PyTorch is not installed")
        pytest.skip("PyTorch is not installed")
    import torch

    return torch


def table(name, **how):
    """The table of a known network."""
    found = known(name)
    assert found is not None
    return table_of(read_network(found.text), Conventions(**how), found.text)


def test_published_numbers():
    """Each is what the table gives, exactly or rounded as its source rounds it."""
    looked = 0
    for network in NETWORKS:
        made = table(network.name)
        for number in network.published:
            what, _, place = number.what.partition(":")
            found = getattr(made.rows[int(place) - 1], what) if place else made.total[what]
            assert number.agrees(int(found)), (network.name, number.what)
            unit = 1 if number.digits is None else number.unit // 10**number.digits
            assert not number.agrees(int(found) + unit), "a number that is off by a unit of the source is told apart"
            looked += 1
    assert looked == 16


def test_connections_of_the_first_layer():
    """The 122,304 connections that LeCun and others count in C1: multiply-adds, and a bias for each output."""
    assert int(table("lenet-5", bias_counted=True).rows[0].operations) == 122_304


def conv_bn(nn: Any, before: int, after: int, kernel: int, stride: int = 1, groups: int = 1) -> list[Any]:
    """A convolution without bias, batch normalisation."""
    layer = nn.Conv2d(before, after, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [layer, nn.BatchNorm2d(after)]


def lenet(nn: Any) -> Any:
    """LeNet-5 with all maps connected."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    )  # fmt: skip


def alexnet(nn: Any) -> Any:
    """The version with one tower."""
    return nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(),
        nn.MaxPool2d(3, 2), nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(), nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Dropout(),
        nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000),
    )  # fmt: skip


def two_towers(nn: Any) -> Any:
    """AlexNet of 2012, groups of 2."""
    return nn.Sequential(
        nn.Conv2d(3, 96, 11, 4), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(),
        nn.MaxPool2d(3, 2), nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(), nn.Conv2d(384, 384, 3, padding=1, groups=2),
        nn.ReLU(), nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(),
        nn.Linear(9216, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
        nn.Linear(4096, 1000),
    )  # fmt: skip


def vgg(nn: Any) -> Any:
    """Configuration D."""
    layers, before = [], 3
    for width, number in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(number):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU()]
            before = width
        layers.append(nn.MaxPool2d(2))
    dense = [nn.Flatten(), nn.Linear(25088, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(),
             nn.Dropout(), nn.Linear(4096, 1000)]  # fmt: skip
    return nn.Sequential(*layers, *dense)


def resnet(nn: Any) -> Any:
    """Bottleneck blocks, the stride in the 3x3 convolution."""

    class Block(nn.Module):
        def __init__(self, before: int, width: int, stride: int) -> None:
            super().__init__()
            self.main = nn.Sequential(
                *conv_bn(nn, before, width, 1), nn.ReLU(), *conv_bn(nn, width, width, 3, stride), nn.ReLU(),
                *conv_bn(nn, width, 4 * width, 1),
            )  # fmt: skip
            project = before != 4 * width
            self.shortcut = nn.Sequential(*conv_bn(nn, before, 4 * width, 1, stride)) if project else nn.Identity()
            self.last = nn.ReLU()

        def forward(self, x: Any) -> Any:
            return self.last(self.main(x) + self.shortcut(x))

    layers, before = [*conv_bn(nn, 3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)], 64
    for width, number, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
        for block in range(number):
            layers.append(Block(before, width, stride if block == 0 else 1))
            before = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


def mobilenet(nn: Any) -> Any:
    """Depthwise and pointwise convolutions in turn."""
    layers, before = [*conv_bn(nn, 3, 32, 3, 2), nn.ReLU()], 32
    widths = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *5 * [(512, 1)], (1024, 2), (1024, 1))
    for width, stride in widths:
        layers += [*conv_bn(nn, before, before, 3, stride, before), nn.ReLU()]
        layers += [*conv_bn(nn, before, width, 1), nn.ReLU()]
        before = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1024, 1000))


MODULES = {
    "lenet-5": lenet, "alexnet": alexnet, "alexnet-2012": two_towers, "vgg-16": vgg, "resnet-50": resnet,
    "mobilenet": mobilenet,
}  # fmt: skip


@pytest.mark.parametrize("name", [network.name for network in NETWORKS])
def test_the_same_network_in_pytorch(torch, name):
    """As many parameters; and layer by layer as many outputs and multiply-adds, counted by hooks in a run."""
    with torch.device("meta"):
        module = MODULES[name](torch.nn)
    module.eval()
    made = table(name)
    assert sum(p.numel() for p in module.parameters()) == int(made.total["parameters"])
    seen: list[tuple[int, int]] = []

    def hook(layer: Any, given: Any, found: Any) -> None:
        weight = getattr(layer, "weight", None)
        is_sum = isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear))
        # Each output is a weighted sum of as many numbers as one filter has.
        seen.append((found.numel(), found.numel() * weight[0].numel() if is_sum else 0))

    plain = [layer for layer in module.modules() if not list(layer.children())]
    for layer in plain:
        if not isinstance(layer, torch.nn.Identity):
            layer.register_forward_hook(hook)
    size = tuple(int(n) for n in made.network.input)
    module(torch.empty(1, size[2], size[0], size[1], device="meta"))
    layers = [row for row in made.rows if row.name != "ADD"]
    if name in ("resnet-50", "mobilenet"):
        # A mean over all places is followed by a layer that puts the values in a row.
        seen.pop(-2)
    assert [operations for _, operations in seen] == [int(row.operations) for row in layers]
    assert [values for values, _ in seen] == [int(row.activations) for row in layers]
    assert sum(operations for _, operations in seen) == int(made.total["operations"])


def test_names():
    """In any case; another name is none."""
    assert known("ResNet-50") is known("resnet-50")
    assert known("resnet-51") is None
    assert set(MODULES) == {network.name for network in NETWORKS}

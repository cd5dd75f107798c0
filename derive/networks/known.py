"""Networks of the literature in the short notation, with the totals that were published, each with its source.

Only totals are named that the table gives: exactly, or rounded as the source rounds them (`digits`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

_BLOCK = "RES[CONV1-{0}/nobias -> BN -> RELU -> CONV3-{0}{2}/nobias -> BN -> RELU -> CONV1-{1}/nobias -> BN{3}] -> RELU"
_SEPARABLE = "DWCONV3{1}/nobias -> BN -> RELU -> CONV1-{0}/nobias -> BN -> RELU"


@dataclass(frozen=True)
class Published:
    """A number that a source states.

    Attributes:
        what: 'parameters', 'operations', or 'parameters of LAYER NUMBER' as `parameters:1`.
        value: In units; of rounded ones the source's figures.
        unit: What the source counts in: 1, 1e6, 1e9 ...
        digits: Behind the point of `value/unit`; None for an exact number.
        source: Author, year, table.
    """

    what: str
    value: int
    source: str
    unit: int = 1
    digits: int | None = None

    def agrees(self, found: int) -> bool:
        """Whether the number found is this one, rounded half up to the digits of the source.

        Example:
            >>> Published("operations", 569_000_000, "Table 8", 10**6, 0).agrees(568_740_352)
            True
        """
        if self.digits is None:
            return found == self.value
        step = Fraction(self.unit, 10**self.digits)
        return (Fraction(found) / step + Fraction(1, 2)) // 1 * step == self.value


@dataclass(frozen=True)
class Known:
    """A network with its name.

    Attributes:
        convention: What is counted and what is not, where versions differ.
    """

    name: str
    text: str
    source: str
    convention: str
    published: tuple[Published, ...]


def _blocks(width: int, number: int, stride: int, project: bool = True) -> str:
    """A stage of bottleneck blocks; the first changes the number of channels by a projection."""
    slower = f"/s{stride}" if stride > 1 else ""
    first = _BLOCK.format(width, 4 * width, slower, f" | CONV1-{4 * width}{slower}/nobias -> BN")
    return f"{first} -> {number - 1}*[{_BLOCK.format(width, 4 * width, '', '')}]"


def _separable(*layers: tuple[int, int]) -> str:
    return " -> ".join(_SEPARABLE.format(width, f"/s{stride}" if stride > 1 else "") for width, stride in layers)


_TORCHVISION = "torchvision, documentation of the weights IMAGENET1K_V1"
NETWORKS = (
    Known(
        "lenet-5",
        "32x32x1 -> CONV5-6/valid -> TANH -> AVGPOOL2 -> CONV5-16/valid -> TANH -> AVGPOOL2 -> CONV5-120/valid -> TANH "
        "-> FLATTEN -> FC-84 -> TANH -> FC-10",
        "LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition, 1998, section II.B",
        "every map of C3 is connected to all six of S2 (the original leaves some out: 1,516 parameters in place of "
        "2,416), the pooling layers have no parameters, and the last layer is dense",
        (
            Published("parameters:1", 156, "section II.B, layer C1"),
            Published("parameters:7", 48_120, "section II.B, layer C5"),
            Published("parameters:10", 10_164, "section II.B, layer F6"),
        ),
    ),
    Known(
        "alexnet",
        "224x224x3 -> CONV11-64/s4/p2 -> RELU -> POOL3/s2 -> CONV5-192/p2 -> RELU -> POOL3/s2 -> CONV3-384 -> RELU "
        "-> CONV3-256 -> RELU -> CONV3-256 -> RELU -> POOL3/s2 -> FLATTEN -> DROPOUT -> FC-4096 -> RELU -> DROPOUT "
        "-> FC-4096 -> RELU -> FC-1000",
        "Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014, arXiv:1404.5997",
        "the version with one tower",
        (
            Published("parameters", 61_100_840, _TORCHVISION),
            Published("operations", 710_000_000, _TORCHVISION, 10**9, 2),
        ),
    ),
    Known(
        "alexnet-2012",
        "227x227x3 -> CONV11-96/s4/valid -> RELU -> POOL3/s2 -> CONV5-256/g2 -> RELU -> POOL3/s2 -> CONV3-384 -> RELU "
        "-> CONV3-384/g2 -> RELU -> CONV3-256/g2 -> RELU -> POOL3/s2 -> FLATTEN -> FC-4096 -> RELU -> DROPOUT "
        "-> FC-4096 -> RELU -> DROPOUT -> FC-1000",
        "Krizhevsky, Sutskever, Hinton, ImageNet classification with deep convolutional neural networks, 2012",
        "two towers (groups of 2), an input of 227, no local response normalisation",
        (
            Published("activations:4", 186_624, "section 3.5, neurons of the second layer"),
            Published("activations:7", 64_896, "section 3.5, neurons of the third layer"),
            Published("activations:9", 64_896, "section 3.5, neurons of the fourth layer"),
            Published("activations:11", 43_264, "section 3.5, neurons of the fifth layer"),
        ),
    ),
    Known(
        "vgg-16",
        "224x224x3 -> 2*[CONV3-64 -> RELU] -> POOL2 -> 2*[CONV3-128 -> RELU] -> POOL2 -> 3*[CONV3-256 -> RELU] "
        "-> POOL2 -> 2*[3*[CONV3-512 -> RELU] -> POOL2] -> FLATTEN -> 2*[FC-4096 -> RELU -> DROPOUT] -> FC-1000",
        "Simonyan, Zisserman, Very deep convolutional networks for large-scale image recognition, 2015, network D",
        "a multiply-add is one operation, biases not counted",
        (
            Published("parameters", 138_000_000, "Table 2, in millions", 10**6, 0),
            Published("parameters", 138_357_544, _TORCHVISION),
            Published("operations", 15_470_000_000, _TORCHVISION, 10**9, 2),
        ),
    ),
    Known(
        "resnet-50",
        "224x224x3 -> CONV7-64/s2/nobias -> BN -> RELU -> POOL3/s2/p1 -> "
        + " -> ".join(_blocks(*stage) for stage in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)))
        + " -> GAP -> FC-1000",
        "He, Zhang, Ren, Sun, Deep residual learning for image recognition, 2016, Table 1",
        "strides in the 3x3 convolutions (in the paper they stand in the 1x1 before them), batch normalisation with a "
        "scale and a shift for each channel, a multiply-add is one operation",
        (
            Published("parameters", 25_557_032, _TORCHVISION),
            Published("operations", 4_090_000_000, _TORCHVISION, 10**9, 2),
        ),
    ),
    Known(
        "mobilenet",
        "224x224x3 -> CONV3-32/s2/nobias -> BN -> RELU -> "
        + _separable((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *5 * [(512, 1)], (1024, 2), (1024, 1))
        + " -> GAP -> FC-1000",
        "Howard, Zhu, Chen, Kalenichenko, Wang, Weyand, Andreetto, Adam, MobileNets, 2017, arXiv:1704.04861, Table 1",
        "width 1, a multiply-add is one operation, biases not counted",
        (
            Published("parameters", 4_200_000, "Table 8, in millions", 10**6, 1),
            Published("operations", 569_000_000, "Table 8, in millions", 10**6, 0),
        ),
    ),
)


def known(name: str) -> Known | None:
    """The network of that name in any case, or None.

    Example:
        >>> known("VGG-16").published[0].value
        138000000
    """
    return next((network for network in NETWORKS if network.name == name.lower()), None)

"""The short text and the file: what they say, and one sentence with the place for what they do not."""

from __future__ import annotations

import time

import pytest

from derive.errors import NetworkError
from derive.networks.known import NETWORKS
from derive.networks.layers import KINDS, Layer, Residual, layers_in
from derive.networks.reading import read_network
from derive.networks.toml import read_file

SMALL = "28x28x1 -> CONV3-10 -> POOL2 -> FLATTEN -> FC-3"


def test_what_goes_without_saying():
    """A convolution keeps its size, a pooling layer moves by its window, a bias is there."""
    conv, pool, flat, dense = read_network(SMALL).items
    assert conv == Layer("CONV", (3,), (1,), "same", filters=10)
    assert pool == Layer("POOL", (2,), (2,), (0,))
    assert (flat.kernel, dense.filters, dense.bias) == ((), 3, True)


def test_options():
    """Strides, zeros, distances and groups, for all axes or each."""
    (layer,) = read_network("9x9x4 -> CONV3x5-F/s2x1/p1x0/d2/g2/nobias").items
    expected = Layer("CONV", (3, 5), (2, 1), (1, 0), (2,), 2, "F", bias=False)
    assert layer == expected
    assert layer.written == "CONV3x5-F/s2x1/p1x0/d2/g2/nobias"
    assert read_network("9x9x4 -> dwconv3/valid").items == (Layer("DWCONV", (3,), (1,), (0,)),)
    assert read_network("9x9x4 -> MAXPOOL3/s2/same").items == (Layer("POOL", (3,), (2,), "same"),)
    assert read_network("9 -> Linear-4").items == (Layer("FC", filters=4),)


def test_blocks_and_repetitions():
    """Brackets of both kinds, also within each other and over several lines."""
    network = read_network("8x8x4 -> 2*[RES[CONV3-4 -> RELU\n -> CONV3-4 | CONV1-4] -> RELU] -> 3*[2*[BN]] -> RES[BN]")
    assert [type(item) for item in network.items] == [Residual, Layer, Residual, Layer, *[Layer] * 6, Residual]
    assert network.items[0].shortcut == (Layer("CONV", (1,), (1,), (0,), filters=4),)
    assert layers_in(network.items) == 2 * 6 + 6 + 2


def test_what_is_written_is_read_again():
    """The canonical text of each layer of each known network means that layer."""
    looked = 0
    for known in NETWORKS:
        stack = list(read_network(known.text).items)
        while stack:
            item = stack.pop()
            if isinstance(item, Residual):
                stack += [*item.main, *item.shortcut]
                continue
            assert read_network(f"9x9x9 -> {item.written}").items == (item,), item.written
            looked += 1
    assert looked > 300


WRONG = [
    ("", 1, "the input"),
    ("28x28x1", 8, "at least one layer"),
    ("28x28x1 ->", 11, "ends before a layer"),
    ("28y28 -> FC-1", 1, "is no input"),
    ("2x2x2x2x2 -> RELU", 1, "at most three axes"),
    ("28x28x1 -> CON3-10", 12, "did you mean CONV?"),
    ("28x28x1 -> PLOO2", 12, "did you mean POOL?"),
    ("28x28x1 -> Q", 12, "there are CONV, DWCONV"),
    ("28x28x1 -> CONV3", 12, "needs a number of filters, such as CONV3-10"),
    ("28x28x1 -> CONV-10", 12, "needs the width of its window"),
    ("28x28x1 -> FC", 12, "needs a number of outputs, such as FC-10"),
    ("28x28x1 -> POOL2-3", 12, "has no filters"),
    ("28x28x1 -> RELU3", 12, "has no window"),
    ("28x28x1 -> CONV3-xy", 18, "is no number and no capital letter"),
    ("28x28x1 -> CONV3-10 POOL2", 21, "-> or the end"),
    ("28x28x1 -> CONV3-10/q2", 20, "has no option /q2; it takes /s2"),
    ("28x28x1 -> FC-10/s2", 17, "it takes /bias, /nobias"),
    ("28x28x1 -> GAP/s2", 15, "it takes none"),
    ("28x28x1 -> CONV3-10/s", 20, "has no option /s"),
    ("28x28x1 -> CONV3-10/s2/s3", 23, "is there twice"),
    ("28x28x1 -> CONV3-10/p1/valid", 12, "contradict each other"),
    ("28x28x1 -> CONV3-10/s0", 21, "should be at least 1"),
    ("28x28x0 -> CONV3-10", 1, "should be at least 1"),
    ("28x28x4 -> CONV3-10/g2x2", 12, "one number"),
    ("28x28x1 -> RES[CONV3-1", 23, "-> or | or ]"),
    ("28x28x1 -> RES CONV3-1", 16, "should stand ["),
    ("28x28x1 -> 2*CONV3-1", 14, "should stand ["),
    ("28x28x1 -> 1000*[CONV3-1]", 12, "more than 600 layers"),
    ("28x28x1 -> 600*[600*[600*[CONV3-1]]]", 17, "more than 600 layers"),
    ("1x1x1 -> " + "2*[" * 30, 28, "nested at most 6 deep"),
    ("1x1x1 -> " + "RES[" * 30, 34, "nested at most 6 deep"),
    ("28x28x1 -> CONV3-1]", 19, "not ']'"),
    ("28x28x1 -> CONV\u00b2-3", 12, "needs the width"),
    ("\u0663x3x3", 1, "the input"),
    ("28x28x1 -> __import__('os').system('x')", 12, "is no layer"),
    ("28x28x1 -> CONV3-10\x1b[2J", 20, "->"),
    ("99999999999x1 -> FC-1", 1, "is larger than 1,000,000,000"),
    (f"28x28x1 -> CONV3-10/s{'9' * 5000}", 21, "is larger"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "column", "said"), WRONG, ids=[text[:40] for text, _, _ in WRONG])
def test_mistakes_are_one_sentence_with_the_column(text, column, said):
    """The column from 1, what is wrong, the nearest name where there is one; nothing else happens."""
    with pytest.raises(NetworkError) as caught:
        read_network(text)
    problem = caught.value
    assert said in problem.message
    assert problem.column == column
    assert len(str(problem)) < 500
    assert "\x1b" not in str(problem)
    lines = str(problem).split("\n")
    if len(lines) == 3 and column <= len(text):
        assert lines[1][lines[2].index("^")] == "".join(c if c.isprintable() else " " for c in text)[column - 1]


def test_megabytes_are_refused_at_once():
    """Long texts, also nearly as long as allowed, cost next to nothing."""
    begin = time.perf_counter()
    long = ("9" * 10**6, "28x28x1 -> " + "RELU -> " * 10**6, "x" * 19_999, "28x28x1" + " -> RELU" * 2400,
            "1x1x1 -> " + "2*[RELU -> " * 1500, "[" * 19_999, "-" * 19_999, "28x28x1 -> A" + "/a" * 9_000)  # fmt: skip
    for text in long:
        with pytest.raises(NetworkError):
            read_network(text)
    assert time.perf_counter() - begin < 5


FILE = """
[input]
height = 28
width = "N"
channels = 1

[[layer]]
kind = "conv"
kernel = [3, 5]
filters = "F"
stride = [2, 1]
padding = 1
bias = false

[[layer]]
kind = "residual"
main = [{ kind = "conv", kernel = 3, filters = "F", padding = "same" }, { kind = "relu" }]
shortcut = [{ kind = "repeat", times = 2, layers = [{ kind = "bn" }] }]

[[layer]]
kind = "avgpool"
kernel = 2

[[layer]]
kind = "flatten"

[[layer]]
kind = "fc"
outputs = 3
"""


def test_a_file_says_the_same():
    """Each key has its place in the short text."""
    text = "28xNx1 -> CONV3x5-F/s2x1/p1/nobias -> RES[CONV3-F -> RELU | BN -> BN] -> AVGPOOL2 -> FLATTEN -> FC-3"
    assert read_file(FILE) == read_network(text)
    assert read_file('network = "28x28x1 -> CONV3-10"') == read_network("28x28x1 -> CONV3-10")
    assert read_file('[input]\nsize = [7, 2]\n[[layer]]\nkind="gap"') == read_network("7x2 -> GAP")
    assert read_file('[input]\nfeatures = 7\n[[layer]]\nkind="fc"\noutputs=2') == read_network("7 -> FC-2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[layer]]\nkind='relu'", "needs the table [input]"),
        ("[input]\nsize='7x2'", "there is no [[layer]]"),
        ("[input]\nsize='7x2'\n[[layers]]\nkind='relu'", "did you mean 'layer'?"),
        ("[input]\nheigth=7\n[[layer]]\nkind='relu'", "did you mean 'height'?"),
        ("[input]\nheight=7\n[[layer]]\nkind='relu'", "needs height, width and channels"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='convv'", "did you mean CONV?"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='conv'\nkernel=3", "needs the key 'filters'"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='conv'\nkernel=3\nfilters=2\nstrides=2", "did you mean 'stride'?"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='relu'\nkernel=3", "has no key 'kernel'"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='conv'\nkernel=3.5\nfilters=2", "must be a whole number"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='conv'\nkernel=true\nfilters=2", "must be a whole number"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='conv'\nkernel=3\nfilters='FF'", "capital letter"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='conv'\nkernel=3\nfilters=2\nbias=0", "true or false"),
        ("[input]\nsize='7x2'\n[[layer]]\nkind='repeat'\ntimes=601\nlayers=[{kind='relu'}]", "more than 600"),
        ("[input]\nsize=[]\n[[layer]]\nkind='relu'", "one to four sizes"),
        ("input = 3", "[input] must be a table"),
        ("network = 3", "must be text in quotes"),
        ("network = 'x3'", "is no input"),
        ("size =", "is not TOML"),
        ("a = " + "[" * 5000, "nested too deeply"),
    ],
)
def test_mistakes_in_a_file(text, said):
    """One sentence with the table and the key."""
    with pytest.raises(NetworkError) as caught:
        read_file(text, "net.toml")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 400


def test_every_kind_is_in_the_help():
    """The help of the command names each kind of layer."""
    from derive.cli_network import _EPILOG, COLUMNS, NAMES
    from derive.networks import table

    assert [kind for kind in KINDS if kind not in _EPILOG] == []
    assert COLUMNS == table.COLUMNS
    assert tuple(known.name for known in NETWORKS) == NAMES

"""Tables against the numbers of exercises, letters against numbers, and formulas against what must be refused."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

import pytest
from sympy import Integer

from derive.constructs import layer_operations, layer_parameters, layer_sizes
from derive.errors import NetworkError, StepRejected
from derive.kernel.checker import check
from derive.language import integer
from derive.language.points import evaluate
from derive.networks import formulas
from derive.networks.cells import Cells
from derive.networks.reading import read_network
from derive.networks.table import Conventions, table_of
from derive.rules.integers import quotient
from tests.networks.drawn import network as drawn

MEMORY: dict = {}


def table(text, **how):
    """The table of a text."""
    return table_of(read_network(text), Conventions(**how), text, MEMORY)


def column(text, name):
    """A column as numbers or text."""
    return [int(v) if v.is_Integer else str(v) for v in (getattr(row, name) for row in table(text).rows)]


def shapes(text):
    """The outputs as numbers."""
    return [tuple(map(int, row.output)) for row in table(text).rows]


SMALL = "28x28x1 -> CONV3-10 -> POOL2 -> CONV3-10 -> POOL2 -> FLATTEN -> FC-3"
LETTERS = "NxNx1 -> CONV3-F -> POOL2 -> CONV3-F -> POOL2 -> FLATTEN -> FC-3"


def test_a_small_network():
    """Parameters 100, 0, 910, 0, 0, 1473, together 2483; activations of each layer."""
    assert column(SMALL, "parameters") == [100, 0, 910, 0, 0, 1473]
    assert int(table(SMALL).total["parameters"]) == 2483
    assert column(SMALL, "activations") == [28**2 * 10, 14**2 * 10, 14**2 * 10, 7**2 * 10, 490, 3]
    assert shapes(SMALL) == [(28, 28, 10), (14, 14, 10), (14, 14, 10), (7, 7, 10), (490,), (3,)]


def test_the_same_with_letters():
    """10F, F(9F + 1), F floor(N/4)^2 values in a row, 3F floor(N/4)^2 + 3, for N >= 4."""
    assert column(LETTERS, "parameters") == [
        "10*F", 0, "F*(9*F + 1)", 0, 0, "3*F*floor(N/4)**2 + 3",
    ]  # fmt: skip
    assert column(LETTERS, "activations")[-2:] == ["F*floor(N/4)**2", 3]
    assert [str(h) for h in table(LETTERS).needed] == ["N >= 4"]
    assert str(table(LETTERS).total["parameters"]) == "9*F**2 + 3*F*floor(N/4)**2 + 11*F + 3"


def test_sizes_of_exercises():
    """64^2 32, 32^2 32, 32^2 64 = 65,536 and 18,432 weights; 6 by 6 by 16, 576 numbers; 25,982 parameters."""
    text = "128x128x3 -> CONV8-32/s2/p3 -> POOL2 -> CONV3-64/p1/nobias"
    assert shapes(text) == [(64, 64, 32), (32, 32, 32), (32, 32, 64)]
    assert column(text, "activations")[-1] == 65_536
    assert column(text, "parameters")[-1] == 18_432
    assert shapes("20x20xC -> CONV3-16/s4/p2") == [(6, 6, 16)]
    assert column("20x20xC -> CONV3-16/s4/p2", "activations") == [576]
    assert int(table("784 -> FC-32 -> RELU -> FC-16 -> RELU -> FC-12 -> RELU -> FC-10").total["parameters"]) == 25_982


def test_letters_at_numbers():
    """A table with letters, evaluated, is the table at those numbers; just below what is needed a layer is empty."""
    random, looked, edges = Random(3), 0, 0
    for _ in range(30):
        text = drawn(random, 1, 9)
        text = "N" + text[text.index("x") :]
        general = table(text)
        least = int(general.needed[0].right) if general.needed else 1
        for size in (least, least + 1, least + 2, least + 5, least + 12):
            special = table(f"{size}{text[1:]}")
            point = {integer("N"): size}
            for one, other in zip(general.rows, special.rows, strict=True):
                for name in ("output", "field", "stride"):
                    there, here = getattr(one, name), getattr(other, name)
                    assert [evaluate(t, point) for t in there] == [int(h) for h in here], (text, size, name)
                for name in ("parameters", "activations", "operations", "memory"):
                    assert evaluate(getattr(one, name), point) == int(getattr(other, name)), (text, size, name)
                looked += 1
            for name, total in general.total.items():
                assert evaluate(total, point) == int(special.total[name])
        if least > 1:
            with pytest.raises(NetworkError, match="has no output"):
                table(f"{least - 1}{text[1:]}")
            edges += 1
    assert looked > 350
    assert edges > 5


SEVERAL = [
    "HxWxC -> CONV3-F/s2 -> RES[CONV3-G/s2/nobias -> BN -> RELU -> CONV3-G | CONV1-G/s2] -> POOL2 -> GAP -> FC-K",
    "HxWxC -> CONV3x5-F/valid/s2x1 -> DWCONV3/d2 -> AVGPOOL3/s2/p1 -> FLATTEN -> FC-K/nobias -> RELU -> FC-H",
    "AxBxDxC -> CONV2-F/s3/p2 -> POOL2/same -> BN -> FLATTEN -> RES[FC-K -> FC-L | FC-L]",
]


@pytest.mark.parametrize("text", SEVERAL)
def test_several_letters_at_numbers(text):
    """All letters at once, each cell of each column; the hypotheses hold at the numbers and are the only ones."""
    general, random, looked = table(text), Random(5), 0
    letters = general.context.symbols
    least = {h.left: int(h.right) for h in general.needed}
    assert all(str(h) == f"{h.left} >= {h.right}" for h in general.needed)
    for _ in range(6):
        point = {s: least.get(s, 1) + random.choice([0, 1, 2, 3, 7, 20]) for s in letters}
        numbers = re.sub(r"(?<![A-Z0-9])[A-Z](?![A-Z])", lambda m, at=point: str(at[integer(m[0])]), text)
        special = table(numbers)
        for one, other in zip(general.rows, special.rows, strict=True):
            for name in ("output", "field", "stride"):
                there, here = getattr(one, name), getattr(other, name)
                assert [evaluate(t, point) for t in there] == [int(h) for h in here], (numbers, name)
            for name in ("parameters", "activations", "operations", "memory"):
                assert evaluate(getattr(one, name), point) == int(getattr(other, name)), (numbers, name)
            looked += 1
        for name, total in general.total.items():
            assert evaluate(total, point) == int(special.total[name])
    assert looked == 6 * len(general.rows)


def test_parameters_and_operations_are_those_of_the_constructs():
    """A table counts as the claims about one layer do: same numbers at the same sizes, with groups and without."""
    random = Random(3)
    weights, operations = formulas.weights(2).right, formulas.operations(2).right
    parameters, costs = layer_parameters.convolution().right, layer_operations.convention().right
    found = set()
    for _ in range(100):
        g, c, f, h, w, high, wide = (random.randint(1, 5) for _ in range(7))
        b, u = random.randint(0, 1), random.randint(1, 2)
        box = formulas.at_axes("k", (h, w))
        layer = {"g": g, "c": c, "f": f, "C": g * c, "F": g * f, "K_h": h, "K_w": w, "b": b}
        one = evaluate(weights, {formulas.f: g * f, formulas.n: c, formulas.b: b, **box})
        assert one == evaluate(parameters, named(parameters, layer))
        sizes = formulas.at_axes("m", (high, wide))
        here = {formulas.f: f, formulas.n: c, formulas.b: b, formulas.u: u, **box, **sizes}
        told = {"F": f, "c": c, "K_h": h, "K_w": w, "b": b, "u": u, "o_h": high, "o_w": wide}
        other = evaluate(operations, here)
        assert other == evaluate(costs, named(costs, told))
        found |= {one, other}
    assert len(found) > 100


def named(term, numbers):
    """{symbol of the term: the number of its name}"""
    return {symbol: numbers[symbol.name] for symbol in term.free_symbols}


def test_places_are_those_of_the_general_claim():
    """With numbers for all but the size they agree with the claim that has letters for everything."""
    general = layer_sizes.output()
    check(general, MEMORY)
    random, looked, some = Random(2), 0, 0
    for _ in range(300):
        k, s, p, d, w = (random.randint(low, 6) for low in (1, 1, 0, 1, 1))
        point = {layer_sizes.W: w, layer_sizes.K: k, layer_sizes.S: s, layer_sizes.P: p, layer_sizes.D: d}
        expected = evaluate(general.right, point)
        looked += 1
        if w + 2 * p >= d * (k - 1) + 1:
            assert evaluate(formulas.places(k, s, 2 * p, d).right, {formulas.w: w}) == expected
            some += 1
        else:
            assert expected == 0
    assert looked == 300
    assert some > 80


def test_conventions_count():
    """Two operations for a multiply-add, biases one more, two bytes a number."""
    text = "6x6x2 -> CONV3-5 -> FLATTEN -> FC-3/nobias"
    one = [36 * 5 * 18, 0, 180 * 3]
    assert [int(r.operations) for r in table(text).rows] == one
    assert [int(r.operations) for r in table(text, operations=2).rows] == [2 * n for n in one]
    assert [int(r.operations) for r in table(text, bias_counted=True).rows] == [one[0] + 180, 0, one[2]]
    assert [int(r.memory) for r in table(text, bytes=2).rows] == [2 * (95 + 180), 0, 2 * (540 + 3)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("28x28x1 -> FC-3", "put FLATTEN or GAP before it"),
        ("28 -> CONV3-2", "needs an image or a signal"),
        ("28 -> GAP", "GAP takes means over"),
        ("28x28x1 -> FLATTEN -> POOL2", "needs an image"),
        ("28x28x3 -> CONV3-4/g2", "3 channels cannot be divided into 2 groups"),
        ("28x28xC -> CONV3-4/g2", "C channels cannot be divided"),
        ("28x28x4 -> CONV3-3/g2", "3 filters cannot be divided"),
        ("28x28x1 -> CONV3x3x3-2", "the window has 3 numbers, and there are 2 axes"),
        ("28x28x1 -> CONV3-2/s1x1x1", "the stride has 3 numbers"),
        ("28x28x1 -> POOL64", "covers 64 places and there are 28"),
        ("8x8x2 -> RES[CONV3-3]", "cannot be added"),
        ("8x8x2 -> RES[CONV3-2/s2]", "cannot be added"),
        ("1x1x2 -> RES[CONV3-2/s2]", "different strides"),
        ("NxNx2 -> RES[CONV3-2/s2 | POOL3/s2]", "cannot be added"),
    ],
)
def test_layers_that_do_not_fit(text, said):
    """One sentence with the column of the layer."""
    with pytest.raises(NetworkError, match=said) as caught:
        table(text)
    assert caught.value.column > 1


def test_a_wrong_formula_is_refused():
    """One unit more in any of the formulas, and the checker refuses the table."""
    made = [formulas.weights(2), formulas.values(2), formulas.operations(2), formulas.scales(), formulas.field(),
            formulas.first(), formulas.last(), formulas.places(3, 2, 2, 1)]  # fmt: skip
    for derivation in made:
        wrong = replace(derivation, right=derivation.right + 1)
        with pytest.raises(StepRejected):
            formulas.checked(wrong, {})
        with pytest.raises(StepRejected):
            Cells(table(SMALL).context).at(wrong, {}, "a cell")
    assert len(made) == 8


KX, KY = formulas.sizes_named("k", 2)
MX, MY = formulas.sizes_named("m", 2)
F, N, B, U, W = formulas.f, formulas.n, formulas.b, formulas.u, formulas.w
J, A, E, K, S, P, D = formulas.j, formulas.a, formulas.e, formulas.k, formulas.s, formulas.p, formulas.d
SLIPS = [
    ("the bias forgotten", formulas.weights(2), F * N * KX * KY),
    ("one bias for the layer", formulas.weights(2), F * N * KX * KY + B),
    ("a bias for each channel", formulas.weights(2), F * N * (KX * KY + B)),
    ("the channels forgotten", formulas.weights(2), F * (KX * KY + B)),
    ("a square kernel", formulas.weights(2), F * (N * KX**2 + B)),
    ("filters added to channels", formulas.weights(2), (F + N) * KX * KY + F * B),
    ("a bias for each input", formulas.weights(0), (F + B) * N),
    ("a scale without a shift", formulas.scales(), N),
    ("one axis counted twice", formulas.values(2), N * MX**2),
    ("channels as another axis", formulas.values(2), N + MX * MY),
    ("at one place alone", formulas.operations(2), F * (U * N * KX * KY + B)),
    ("the bias doubled too", formulas.operations(2), U * F * MX * MY * (N * KX * KY + B)),
    ("the channels forgotten", formulas.operations(2), F * MX * MY * (U * KX * KY + B)),
    ("one operation in any case", formulas.operations(2), F * MX * MY * (N * KX * KY + B)),
    ("rounded up", formulas.places(2, 2, 0, 1), quotient(W, Integer(2), upwards=True)),
    ("the last 1 forgotten", formulas.places(3, 2, 0, 1), quotient(W - 3, Integer(2))),
    ("padding on one side", formulas.places(3, 2, 2, 1), quotient(W - 2, Integer(2)) + 1),
    ("the distance forgotten", formulas.places(3, 1, 0, 2), W - 2),
    ("divided by the width", formulas.places(3, 2, 1, 1), quotient(W, Integer(3))),
    ("k in place of k - 1", formulas.field(), E - A + 1 + D * K * J),
    ("the distance forgotten", formulas.field(), E - A + 1 + (K - 1) * J),
    ("the layer's own stride", formulas.field(), E - A + 1 + D * (K - 1) * J * S),
    ("zeros taken off", formulas.field(), E - A + 1 + D * (K - 1) * J - 2 * P),
    ("without the stride so far", formulas.field(), E - A + 1 + D * (K - 1)),
    ("the 1 forgotten", formulas.field(), E - A + D * (K - 1) * J),
    ("zeros not moved by the stride", formulas.first(), A - P),
    ("zeros the wrong way", formulas.first(), A + J * P),
    ("zeros forgotten at the end", formulas.last(), E + J * D * (K - 1)),
]  # fmt: skip


@pytest.mark.parametrize(("slip", "claim", "wrong"), SLIPS, ids=[f"{c.name}: {s}" for s, c, _ in SLIPS])
def test_slips_are_refused(slip, claim, wrong):
    """What is easily believed is refused, with a point where it fails."""
    chain = replace(claim.chain, moves=(*claim.chain.moves[:-1], replace(claim.chain.moves[-1], after=wrong)))
    for forged in (replace(claim, right=wrong), replace(claim, right=wrong, chain=chain)):
        with pytest.raises(StepRejected):
            formulas.checked(forged, {})
    random, differs = Random(1), 0
    for _ in range(200):
        point = {symbol: random.randint(2, 7) for symbol in claim.context.symbols}
        differs += evaluate(claim.left, point) != evaluate(wrong, point)
    assert differs > 20, slip


def test_every_claim_used_is_checked():
    """For each number of axes anew: what a table counts as formulas are all different derivations."""
    claims = table("9x9x2 -> CONV3-4 -> POOL2 -> FLATTEN -> FC-3").tally.claims
    assert {"networks.weights(2)", "networks.weights(0)", "networks.values(2)", "networks.values(0)"} <= set(claims)
    assert all(claim.name == name and claim.chain.moves for name, claim in claims.items())


def test_shortcuts_count():
    """A projection on a shortcut has parameters and operations; an identity has none; the field is that of both."""
    plain, projected = table("8x8x4 -> RES[CONV3-4]"), table("8x8x4 -> RES[CONV3-4 | CONV1-4]")
    assert int(projected.total["parameters"] - plain.total["parameters"]) == 20
    assert int(projected.total["operations"] - plain.total["operations"]) == 64 * 16
    assert [r.name for r in projected.rows] == ["CONV3-4", "CONV1-4", "ADD"]
    wide = table("16x4 -> RES[CONV1-4 | CONV5-4/d2]")
    assert [int(f) for f in wide.rows[-1].field] == [9]
    shifted = table("16x4 -> RES[CONV4-4 | CONV3-4]")
    assert [int(f) for f in shifted.rows[-1].field] == [4]
    assert Integer(4) == shifted.rows[0].field[0]


def test_what_a_shortcut_needs_stays():
    """A layer at the head of a branch does not write over the input that is added in the end, at any depth."""

    def stored(text):
        return [(row.name, row.stored) for row in table(text).rows]

    before = stored("8x8x4 -> RES[BN -> RELU -> CONV3-4]")
    assert before == [("BN", True), ("RELU", False), ("CONV3-4", True), ("ADD", False)]
    assert stored("8x8x4 -> RES[CONV3-4 -> BN]")[1:] == [("BN", False), ("ADD", False)]
    assert stored("8x8x4 -> RES[RELU | RELU]") == [("RELU", True), ("RELU", False), ("ADD", False)]
    inner = stored("8x8x4 -> RES[RES[CONV3-4 | RELU] -> RELU]")
    assert inner == [("CONV3-4", True), ("RELU", True), ("ADD", False), ("RELU", False), ("ADD", False)]
    row = stored("8x8x4 -> FLATTEN -> RES[FLATTEN -> RELU] -> RES[FLATTEN]")
    assert row[:4] == [("FLATTEN", False), ("FLATTEN", False), ("RELU", True), ("ADD", False)]
    assert row[4:] == [("FLATTEN", False), ("ADD", True)]
    made = table("8x8x4 -> RES[BN -> RELU -> CONV3-4]")
    assert int(made.total["activations"]) == 2 * 256
    assert int(made.total["memory"]) == 4 * (2 * 256 + 8 + 148)

"""Formats: the numbers of the specifications, every small split counted code by code, rounding against a search."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from derive.constructs.registry import claim
from derive.errors import BadInput
from derive.formats.formats import MOST_CODES, SPECIALS, Format, decoded, magnitudes, read_format
from derive.formats.rounding import cells, overflow_bound, rounded
from derive.language.points import evaluate
from derive.sheets.formats import COUNTED
from tests.fuzz.budget import WHOLE

# (values, smallest, smallest normal, largest) of the OCP specifications (tables 1 and 2, MX 5.3), of IEEE 754 (table
# 3.5), and of arXiv:2206.02915.
KNOWN = {
    "E4M3": (253, Fraction(1, 2**9), Fraction(1, 2**6), Fraction(448)),
    "E5M2": (247, Fraction(1, 2**16), Fraction(1, 2**14), Fraction(57344)),
    "E4M3-fnuz": (255, Fraction(1, 2**10), Fraction(1, 2**7), Fraction(240)),
    "E5M2-fnuz": (255, Fraction(1, 2**17), Fraction(1, 2**15), Fraction(57344)),
    "E2M1": (15, Fraction(1, 2), Fraction(1), Fraction(6)),
    "E2M3": (63, Fraction(1, 8), Fraction(1), Fraction(15, 2)),
    "E3M2": (63, Fraction(1, 16), Fraction(1, 4), Fraction(28)),
    "fp16": (63487, Fraction(1, 2**24), Fraction(1, 2**14), Fraction(65504)),
    "bfloat16": (65279, Fraction(1, 2**133), Fraction(1, 2**126), Fraction((2**8 - 1) * 2**120)),
    "fp32": (2**32 - 2**24 - 1, Fraction(1, 2**149), Fraction(1, 2**126), Fraction((2**24 - 1) * 2**104)),
    "fp64": (2**64 - 2**53 - 1, Fraction(1, 2**1074), Fraction(1, 2**1022), Fraction((2**53 - 1) * 2**971)),
}
SMALL = [
    read_format(f"E{e}M{m}-{specials}") for e in range(1, 5) for m in range(5) for specials in SPECIALS
    if (e, m, specials) not in ((1, 0, "ieee"), (1, 0, "fn"))
]  # fmt: skip
"""Every split with at most 4 and 4 bits, but two that have no value but 0."""


@pytest.mark.parametrize("name", KNOWN)
def test_numbers_of_the_specifications(name: str) -> None:
    """Count, smallest value, smallest normal value, largest value."""
    made = read_format(name)
    assert (made.count, made.smallest_subnormal, made.smallest_normal, made.largest) == KNOWN[name]


def by_hand(of: Format, code: int) -> Fraction | str:
    """A code bit by bit, from the words of the specifications."""
    bits = f"{code:0{of.bits}b}"
    sign, exponent, mantissa = bits[0], bits[1 : 1 + of.exponent_bits], bits[1 + of.exponent_bits :]
    if of.specials == "ieee" and "0" not in exponent:
        return "NaN" if "1" in mantissa else "-infinity" if sign == "1" else "infinity"
    last, minus_zero = "0" not in exponent + mantissa, sign == "1" and "1" not in exponent + mantissa
    if (of.specials == "fn" and last) or (of.specials == "fnuz" and minus_zero):
        return "NaN"
    point = Fraction(int("1" in exponent))
    for place, bit in enumerate(mantissa, start=1):
        point += Fraction(int(bit), 2**place)
    if point == 0:
        return "-0" if sign == "1" else point
    size = point * Fraction(2) ** (max(int(exponent, 2), 1) - of.bias)
    return -size if sign == "1" else size


def test_every_code_of_every_small_format() -> None:
    """Decoded bit by bit; distinct values counted; with the code the value grows; proved formulas give the counts."""
    looked = 0
    formulas = {name: claim(f"float_formats.{name}")[1].derive() for name in set(COUNTED.values())}
    assert len(SMALL) == 78
    for of in SMALL:
        codes = [decoded(of, code) for code in range(2**of.bits)]
        assert codes == [by_hand(of, code) for code in range(2**of.bits)]
        assert len({v for v in codes if isinstance(v, Fraction)}) == of.count == 2 * len(magnitudes(of)) - 1
        assert list(magnitudes(of)) == sorted(set(magnitudes(of)))
        formula, bits = formulas[COUNTED[of.specials]], {"E": of.exponent_bits, "M": of.mantissa_bits}
        point = {s: bits[s.name] for s in formula.right.free_symbols}
        assert evaluate(formula.right, point, formula.context) == of.count
        looked += len(codes)
    assert looked > 7_000


def nearest(of: Format, number: Fraction) -> Fraction | str:
    """By going through all values, and the one that would come next; of two as near the one with the even code."""
    values = [of.magnitude(code) for code in range(of.largest_code + 2)]
    best = min(range(len(values)), key=lambda code: (abs(values[code] - abs(number)), code % 2))
    if best > of.largest_code:
        found = of.above_largest or of.largest
        return found if isinstance(found, Fraction) and number > 0 else found if found == "NaN" else (
            -of.largest if isinstance(found, Fraction) else "-infinity" if number < 0 else "infinity"
        )  # fmt: skip
    return values[best] if number >= 0 else -values[best]


def test_rounding_against_a_search() -> None:
    """Random numbers, every value and every half-way number; and each lies in the cell of its value and in no other."""
    random, looked = Random(7), 0
    for of in SMALL[:: 3 if WHOLE else 9]:
        values = magnitudes(of)
        numbers = [*values, *((a + b) / 2 for a, b in pairwise(values)), overflow_bound(of)]
        numbers += [Fraction(random.randint(0, 2**20), 2**20) * 2 * of.largest for _ in range(40)]
        for number in numbers:
            for signed in (number, -number):
                assert rounded(of, signed, saturating=False) == nearest(of, signed)
            for saturating in (True, False):
                inside = [cell for cell in cells(of, saturating) if cell.has(number)]
                assert len(inside) == 1
                value = rounded(of, number, saturating)
                assert inside[0].value == (value if isinstance(value, Fraction) else None)
            looked += 1
    assert looked > (1_500 if WHOLE else 500)


def test_ties_and_what_is_too_large() -> None:
    """By hand: 464 is half-way from 448 to 480, which E4M3 does not have; 61440 half-way from 57344 to 65536."""
    e4m3, e5m2, fnuz = map(read_format, ("E4M3", "E5M2", "E4M3-fnuz"))
    assert [rounded(e4m3, Fraction(n), False) for n in (464, 465, -465)] == [448, "NaN", "NaN"]
    assert [rounded(e4m3, Fraction(n)) for n in (464, 465, -10**9)] == [448, 448, -448]
    assert [rounded(e5m2, Fraction(n), False) for n in (61439, 61440, -61440)] == [57344, "infinity", "-infinity"]
    assert [rounded(fnuz, Fraction(n), False) for n in (247, 248)] == [240, "NaN"]
    assert rounded(e4m3, Fraction(1, 1024)) == 0 and rounded(e4m3, Fraction(3, 1024)) == Fraction(1, 256)


def test_the_cells_leave_nothing_out() -> None:
    """Each begins where the last one ends, and the end belongs to one of the two."""
    looked = 0
    for of in SMALL:
        for saturating in (True, False):
            made = cells(of, saturating)
            for one, other in pairwise(made):
                assert one.high == other.low and one.owns_high != other.owns_low
                looked += 1
            assert made[-1].high is None and made[0].low == -of.smallest_subnormal / 2
    assert looked > 5_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("E0M3", "no bit for the exponent"),
        ("E30M100", "is too large; formats with at most 15 bits"),
        ("E4M3-fnu", "did you mean -fnuz"),
        ("E4M3-ocp", "there are -ieee, -fn, -fnuz, -finite"),
        ("bfloat61", "did you mean bfloat16"),
        ("E1M0", "has no value but 0"),
        ("E4M3/bias=99999", "must be from -512 to 512"),
        ("", "is no number format"),
        ("E4M3; print(1)", "is no number format"),
        ("E4M" + "9" * 400, "is no number format"),
    ],
)
def test_what_is_no_format(text: str, said: str) -> None:
    """One sentence that says what would be right."""
    with pytest.raises(BadInput, match=said):
        read_format(text)


def test_names_and_biases() -> None:
    """The names of libraries mean the same; another bias moves every value."""
    names = {"float8_e4m3fn": "E4M3", "e4m3fn": "E4M3-fn", "float8_e5m2fnuz": "E5M2-fnuz", "e5m2": "E5M2"}
    for name, same in names.items():
        assert read_format(name) == read_format(same)
    assert read_format("E4M3").name == read_format("E4M3-fn").name == "E4M3"
    assert read_format("E4M3-ieee").largest == 240
    moved = read_format("E3M2/bias=5")
    assert [4 * v for v in magnitudes(moved)] == list(magnitudes(read_format("E3M2")))


def test_too_many_values_are_refused() -> None:
    """Formats of more than 16 bits are described, and not listed."""
    with pytest.raises(BadInput, match="fp32 has"):
        magnitudes(read_format("fp32"))
    assert len(magnitudes(read_format("bf16"))) == 32640 and MOST_CODES == 2**16

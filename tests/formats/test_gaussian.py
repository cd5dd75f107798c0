"""Rounded Gaussians: the numbers of the problem, samples, quadrature, thresholds from both sides, digits."""

from __future__ import annotations

from fractions import Fraction
from math import log2, sqrt

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from derive.errors import BadInput, Unevaluable
from derive.formats.digits import certain, certain_text, ends, rounded_to
from derive.formats.formats import Format, magnitudes, read_format
from derive.formats.gaussian import Measures, least_fan_in, measured, probabilities, zero_probability
from derive.formats.rounding import cells, rounded

E4M3 = read_format("E4M3")


def fan(n: int) -> Fraction:
    """The variance of weights."""
    return Fraction(1, n)


def test_numbers_of_the_problem() -> None:
    """hw4.2a, as it was worked out before: entropies, zeros, values, variance, threshold."""
    one, small, tiny = (measured(E4M3, fan(n)) for n in (1, 4096, 2**20))
    assert (certain_text(one.entropy, 3), certain_text(100 * one.zero, 1)) == ("6.45", "0.08")
    assert (certain_text(small.entropy, 3), certain_text(100 * small.zero, 2)) == ("5.00", "5.0")
    assert small.ratio is not None
    assert (small.carrying, certain_text(small.ratio, 5)) == (43, "1.0006")
    assert certain_text(100 * tiny.zero, 2) == "68"
    assert certain_text(arb(least_fan_in(E4M3)), 3) == "477000"


@pytest.mark.parametrize(("name", "square"), [
    ("E4M3", fan(1)), ("E4M3", fan(4096)), ("E4M3", fan(2**20)), ("E5M2", fan(100)), ("E2M1", fan(1)),
    ("E4M3-fnuz", Fraction(40000)), ("E3M2", Fraction(100)),
])  # fmt: skip
def test_against_samples(name: str, square: Fraction) -> None:
    """400,000 samples, rounded by looking for the nearest value: within 4 standard errors."""
    of, number = read_format(name), 400_000
    made = measured(of, square)
    values = np.array([float(v) for v in magnitudes(of)])
    x = np.random.default_rng(5).normal(0, sqrt(square), number)
    at = np.abs(x)
    above = np.clip(np.searchsorted(values, at), 1, len(values) - 1)
    nearer = np.where(at - values[above - 1] < values[above] - at, values[above - 1], values[above])
    p = float(made.zero)
    assert abs((nearer == 0).mean() - p) < 4 * sqrt(p * (1 - p) / number) + 1e-12
    assert made.ratio is not None
    squares = nearer**2 / float(square)
    assert abs(squares.mean() - float(made.ratio)) < 4 * squares.std() / sqrt(number) + 1e-12
    # The entropy that is seen is too small by about (number of values - 1)/(2 samples ln 2) bits.
    seen = np.unique(np.copysign(nearer, x) + 0.0, return_counts=True)[1] / number
    surprise = float(-(seen * np.log2(seen)).sum()) + (len(seen) - 1) / (2 * number) * log2(np.e)
    spread = sqrt(float((seen * np.log2(seen) ** 2).sum()) - surprise**2) if surprise > 0 else 0.0
    assert abs(surprise - float(made.entropy)) < 4 * spread / sqrt(number) + 1e-3


@pytest.mark.parametrize("square", [fan(1), fan(3000), Fraction(9, 4)])
def test_against_quadrature(square: Fraction) -> None:
    """Every probability by mpmath's quadrature of the density, and entropy and variance from them."""
    of = read_format("E3M2")
    made, entropy, moment, whole = measured(of, square), mpmath.mpf(0), mpmath.mpf(0), mpmath.mpf(0)
    with mpmath.workdps(30):
        sigma = mpmath.sqrt(mpmath.mpf(square.numerator) / square.denominator)
        for cell, p in zip(cells(of), probabilities(cells(of), square), strict=True):
            low, high = (mpmath.mpf(v.numerator) / v.denominator for v in (cell.low, cell.high or 60 * of.largest))
            pieces = mpmath.linspace(low, min(high, 30 * sigma + low), 9)
            mass = mpmath.quad(lambda x: mpmath.npdf(x, 0, sigma), pieces)
            assert abs(mass - mpmath.mpf(float(p))) < 1e-14
            times = 1 if cell.value == 0 else 2
            entropy -= times * mass * mpmath.log(mass, 2) if mass > 0 else 0
            moment += times * mass * (float(cell.value or 0)) ** 2
            whole += times * mass
        assert abs(whole - 1) < 1e-15
        assert abs(entropy - float(made.entropy)) < 1e-13
        assert made.ratio is not None and abs(moment / sigma**2 - float(made.ratio)) < 1e-13


@pytest.mark.parametrize("name", ["E4M3", "E5M2", "E4M3-fnuz", "E2M1", "fp16", "bf16", "fp32", "E1M1"])
@pytest.mark.parametrize("share", [Fraction(1, 2), Fraction(1, 100), Fraction(999, 1000)])
def test_threshold_from_both_sides(name: str, share: Fraction) -> None:
    """At the fan-in more than the share is 0, at one less it is less; and as mpmath says."""
    of = read_format(name)
    least = least_fan_in(of, share)
    with ctx.workprec(2000):
        wanted = arb(share.numerator) / share.denominator
    assert zero_probability(of, fan(least), 2000) > wanted
    assert least == 1 or zero_probability(of, fan(least - 1), 2000) < wanted
    with mpmath.workdps(120):
        half = mpmath.mpf(of.smallest_subnormal.numerator) / of.smallest_subnormal.denominator / 2
        exact = 2 * (mpmath.erfinv(mpmath.mpf(share.numerator) / share.denominator) / half) ** 2
        assert least == max(1, int(mpmath.floor(exact)) + 1)


def test_a_threshold_that_is_none() -> None:
    """A share is between 0 and 1."""
    for share in (Fraction(0), Fraction(1), Fraction(-1, 2)):
        with pytest.raises(BadInput, match="between 0 and 1"):
            least_fan_in(E4M3, share)


def numbers(found: Measures) -> tuple[arb, ...]:
    """All balls of it."""
    return (found.zero, found.entropy, found.ratio if found.ratio is not None else arb(0), found.beyond)


@pytest.mark.parametrize("name", ["E4M3", "E5M2", "E2M1", "E3M4-finite"])
@pytest.mark.parametrize("square", [fan(1), fan(2**30), Fraction(10**8)])
@pytest.mark.parametrize("saturating", [True, False])
def test_more_bits_lie_within(name: str, square: Fraction, saturating: bool) -> None:
    """What 600 bits say lies in what 80 bits say, and the digits of few bits are those of many."""
    of, looked = read_format(name), 0
    few, many = (numbers(measured(of, square, saturating, bits=bits)) for bits in (80, 600))
    for one, other in zip(few, many, strict=True):
        assert one.overlaps(other) and one.rad() >= other.rad()
        found = certain(one, 30)
        if found is not None and found[0]:
            assert found == rounded_to(ends(other)[0], len(str(abs(found[0]))))
            looked += 1
    assert looked >= 1


def test_a_wider_ball_gives_fewer_digits() -> None:
    """Digits are written as far as both ends round to the same, and not one more."""
    shown = [certain_text(arb("6.4495786", f"1e-{k}"), 7) for k in range(8, 0, -1)]
    assert shown == ["6.449579", "6.44958", "6.44958", "6.4496", "6.45", "6.45", "6", "?"]
    lengths = [len(text) for text in shown]
    assert lengths == sorted(lengths, reverse=True) and lengths[0] > lengths[-1]
    assert certain_text(arb("0.5", "1")) == "?" and certain_text(arb(0, "1e-200")) == "<1e-99"


def test_certain_digits_hold_for_all_numbers_of_the_ball() -> None:
    """The ends, the middle and others within, rounded exactly, give those digits; one digit more is not certain."""
    looked = 0
    for k in range(2, 40):
        ball = (arb(k).sqrt() + arb(0, f"{k}e-{k % 7 + 2}")) * arb(10) ** (k % 11 - 5)
        found = certain(ball, 30)
        low, high = ends(ball)
        if found is None:
            continue
        digits = len(str(abs(found[0])))
        for part in range(11):
            assert rounded_to(low + (high - low) * part / 10, digits) == found
        assert rounded_to(low, digits + 1) != rounded_to(high, digits + 1)
        looked += 1
    assert looked >= 30


def test_what_is_too_large() -> None:
    """Without saturation infinity or NaN has its probability and there is no variance; with it the largest value."""
    for name in ("E4M3", "E5M2"):
        of = read_format(name)
        square = Fraction(of.largest) ** 2
        kept, lost = measured(of, square), measured(of, square, saturating=False)
        assert kept.ratio is not None and lost.ratio is None
        assert lost.looked_at == kept.looked_at + (2 if of.specials == "ieee" else 1)
        assert 0.25 < float(kept.beyond) < 0.4 and kept.beyond.overlaps(lost.beyond)
    finite = read_format("E3M4-finite")
    assert measured(finite, Fraction(10**6), saturating=False).ratio is not None  # there is nothing else to become


def test_the_lost_half_of_a_scale_is_the_next_exponent() -> None:
    """Away from both ends of the range a power of 2 in the scale changes nothing but the exponents."""
    of = read_format("E8M7")
    one, other = (measured(of, Fraction(4) ** k).entropy for k in (0, 10))
    assert abs(float(one) - float(other)) < 1e-12


@pytest.mark.parametrize("square", [Fraction(0), Fraction(-1), Fraction(1, 2**5000), Fraction(2**5000)])
def test_scales_that_are_refused(square: Fraction) -> None:
    """Not positive, or beyond all reason."""
    with pytest.raises(BadInput):
        measured(E4M3, square)


def test_a_cell_that_is_missing_is_noticed() -> None:
    """Probabilities that do not enclose 1 together are refused."""
    found = cells(E4M3)
    with pytest.raises(Unevaluable, match="does not enclose 1"):
        probabilities((*found[:40], *found[41:]), fan(1))
    assert len(probabilities(found, fan(1))) == 127


def test_carrying_is_the_fewest() -> None:
    """By adding the largest probabilities up with fractions of the midpoints."""
    of: Format = E4M3
    for n in (1, 4096, 2**20):
        ps = probabilities(cells(of), fan(n))
        each = sorted([float(ps[0]), *(float(p) for p in ps[1:] for _ in range(2))], reverse=True)
        number = next(k for k in range(len(each) + 1) if sum(each[:k]) >= 0.999)
        assert measured(of, fan(n)).carrying == number


def test_rounding_is_what_the_cells_say() -> None:
    """The probability of a value is that of the numbers that `rounded` sends to it."""
    x = np.random.default_rng(1).normal(0, 1, 3000)
    seen = [rounded(read_format("E2M1"), Fraction(float(v))) for v in x]
    for cell, p in zip(cells(read_format("E2M1")), probabilities(cells(read_format("E2M1")), fan(1)), strict=True):
        share = seen.count(cell.value or Fraction(0)) / len(seen)
        q = float(p)
        assert abs(share - q) < 4 * sqrt(q * (1 - q) / len(seen)) + 1e-9

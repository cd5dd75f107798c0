"""Figures about number formats: what rounding makes of Gaussians, and zeros and entropy against the fan-in.

What is drawn are midpoints of balls, far closer to the numbers than a line is wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import exp, isqrt

from flint import arb

from derive.errors import BadInput
from derive.formats.digits import certain_text
from derive.formats.formats import Format
from derive.formats.gaussian import PRECISION, Measures, measured, probabilities, zero_probability
from derive.formats.rounding import cells
from derive.language import integer
from derive.render.document import Block, Curve, CurvePlot, Latex, RoundedPlot, Words
from derive.sheets.formats import Asked, exact_scale, percent

MOST_PANELS = 6
MOST_CURVES = 6
REACH = 3
"""How many scales to each side are shown."""
_STEPS = 4
"""Points of a curve for each power of 2."""
_DIGITS = 9
_SAID = {
    "zeros": ("zeros in percent", "Percent of the weights that become 0"),
    "entropy": ("entropy in bits", "Entropy of the rounded weights, in bits"),
    "variance": ("variance ratio", "Variance of the rounded weights over that before"),
}
"""What is drawn, for those who cannot see it and as a caption."""
_K = integer("k")


def figures(made: Asked, name: str) -> Iterator[Block]:
    """The figures that a part asks for.

    Raises:
        BadInput: too many panels or curves for one figure.
    """
    for kind in made.spec.figures:
        if kind == "rounded":
            yield from (_rounded(made, place, f"{name}-rounded-{place + 1}") for place in range(len(made.spec.formats)))
        else:
            yield _against_fan_in(made, kind, f"{name}-{kind}")


def _float(ball: arb) -> Fraction:
    """Its midpoint, to some digits."""
    return Fraction(str(round(float(ball.mid()), _DIGITS)))


def _rounded(made: Asked, place: int, name: str) -> RoundedPlot:
    """A panel for each scale, in units of the scale."""
    spec, of = made.spec, made.spec.formats[place]
    if len(spec.squares) > MOST_PANELS:
        many = f"at most {MOST_PANELS}, not {len(spec.squares)}"
        raise BadInput(f'the figure "rounded" has a panel for each scale, {many}')
    panels, told = [], []
    for number, (square, measures) in enumerate(zip(spec.squares, made.measures[place], strict=True)):
        scale = spec.sigma[number] if spec.sigma else None
        stems = _stems(of, square, spec.saturate)
        said: Words = (Latex(f"n = {spec.fan_in[number]}"),) if spec.fan_in else ()
        said = (Latex(r"\sigma"), " = ", *exact_scale(scale)) if scale else said
        under: Words = (*said, ": ", *percent(measures.zero, 3), " zeros")
        panels.append((under, stems, _bell()))
        told.append(_told(str(scale) if scale else f"1/sqrt({spec.fan_in[number]})", stems, measures))
    alt = f"A Gaussian rounded to {of.name}, a stem for each value over {REACH} scales to each side: {'; '.join(told)}."
    caption: Words = (
        *(f"A Gaussian rounded to {of.name}: how often each value comes, in units of the scale ", Latex(r"\sigma")),
        "; dashed the density. Heights are relative to the largest.",
    )
    return RoundedPlot(name, tuple(panels), -REACH, REACH, caption, alt)


def _told(scale: str, stems: tuple[tuple[Fraction, Fraction], ...], found: Measures) -> str:
    seen = sum(1 for x, _ in stems if abs(x) <= REACH)
    return f"scale {scale}: {seen} values in sight, zeros {certain_text(100 * found.zero, 3)} percent"


def _stems(of: Format, square: Fraction, saturating: bool) -> tuple[tuple[Fraction, Fraction], ...]:
    """(value over the scale, probability over the largest one)."""
    found = cells(of, saturating)
    ps = probabilities(found, square, PRECISION)
    most = max(float(p.mid()) for p in ps)
    root = _root(square)
    made = []
    for cell, p in zip(found, ps, strict=True):
        if cell.value is None or cell.value > (REACH + 1) * root:
            continue
        x, y = cell.value / root, Fraction(str(round(float(p.mid()) / most, _DIGITS)))
        made += [(x, y)] if x == 0 else [(-x, y), (x, y)]
    return tuple(sorted(made))


def _root(square: Fraction) -> Fraction:
    """The root, to 64 bits: for places on the page."""
    shift = 128 + 2 * max(0, square.denominator.bit_length() - square.numerator.bit_length())
    return Fraction(isqrt((square.numerator << 2 * shift) // square.denominator), 2**shift)


def _bell() -> tuple[tuple[Fraction, Fraction], ...]:
    """The density over that at 0."""
    places = [Fraction(k, 16) for k in range(-16 * REACH, 16 * REACH + 1)]
    return tuple((x, Fraction(str(round(exp(-(float(x) ** 2) / 2), _DIGITS)))) for x in places)


def _against_fan_in(made: Asked, kind: str, name: str) -> CurvePlot:
    """Curves over the power k of 2 that the fan-in is."""
    spec = made.spec
    if len(spec.formats) > MOST_CURVES:
        raise BadInput(f'the figure "{kind}" has at most {MOST_CURVES} curves, not {len(spec.formats)}')
    low, high = spec.powers
    lines, told = [], []
    for of in spec.formats:
        points = []
        for step in range(_STEPS * low, _STEPS * high + 1):
            square = _power(step)
            points.append((Fraction(step, _STEPS), _float(_of_kind(kind, of, square, spec.saturate))))
        lines.append(Curve((of.name,) if len(spec.formats) > 1 else (), (tuple(points),)))
        told.append(f"{of.name} from {float(points[0][1]):.3g} to {float(points[-1][1]):.3g}")
    what, shown = _SAID[kind]
    alt = f"{what.capitalize()} over the power k of 2 that the fan-in is, from {low} to {high}: {'; '.join(told)}."
    caption: Words = (f"{shown}, over the fan-in ", Latex("2^k"), " (scale ", Latex("2^{-k/2}"), ").")
    return CurvePlot(name, tuple(lines), _K, Fraction(low), Fraction(high), caption, alt)


def _of_kind(kind: str, of: Format, square: Fraction, saturating: bool) -> arb:
    if kind == "zeros":
        return zero_probability(of, square) * 100
    found = measured(of, square, saturating)
    if kind == "entropy":
        return found.entropy
    if found.ratio is None:
        raise BadInput("without saturation there is no variance to be drawn")
    return found.ratio


def _power(step: int) -> Fraction:
    """The variance 2^(-step/4), to 64 binary digits where it is irrational: for places on the page."""
    whole, rest = divmod(step, _STEPS)
    return Fraction(isqrt(isqrt(2 ** (256 - rest))), 2 ** (64 + whole))

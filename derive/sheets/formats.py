"""Number formats as a part of a page: their values, and what they make of Gaussians, with the digits that are certain.

How many values a format has is told three times: by the proved formula for all bits, by the record of the format, and
by decoding every code where there are few; the probability of 0 by a ball and by the proved formula. A page is made
only where they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb
from sympy import Add, Integer, Mul, Pow, Rational

from derive.constructs.registry import claim as find_claim
from derive.errors import BadInput, OracleDisagrees, Unevaluable
from derive.formats.digits import certain, certain_text, written
from derive.formats.formats import MOST_CODES, Format, decoded, magnitudes
from derive.formats.gaussian import PRECISION, Measures, least_fan_in, measured, probabilities
from derive.formats.rounding import cells
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Derivation
from derive.language.balls import Ball
from derive.language.points import evaluate
from derive.render.document import (
    Block,
    CheckNote,
    Document,
    Inline,
    Latex,
    Paragraph,
    Part,
    Problem,
    Strong,
    Tabular,
    Words,
)
from derive.sheets.specs import FormatSpec

CONVENTIONS = ("rounding to nearest, ties to the even code", "0 and -0 are one value")
COUNTED = {"ieee": "ieee", "fn": "no_infinity", "fnuz": "one_nan", "finite": "one_nan"}
"""Which claim of `float_formats` counts the values."""
KINDS = {
    "ieee": "the last exponent is infinity or NaN",
    "fn": "only the last code is NaN, with both signs",
    "fnuz": "only the code of -0 is NaN",
    "finite": "nothing is special",
}
MOST_LISTED = 1024
MOST_BESIDE = 6
_SELDOM = 15
"""A probability below 10^-15 gets no column."""
REMARK: Words = (
    Strong("Number formats."),
    f" Probabilities, entropies and variances are enclosed in balls ({PRECISION} bits); of each number the digits are "
    "shown that are certain, the last one rounded. The probabilities of all values enclose 1 together. Counts come "
    "from formulas that are proved for all bits (steps), and from decoding all codes of formats with at most 16 bits "
    "(direct summation).",
)


@dataclass(frozen=True)
class Asked:
    """Formats with what was found out about them.

    Attributes:
        spec: What was asked.
        measures: For each format, for each scale; none of formats that have too many values.
        halves: For each format, from which fan-in on more than half is 0; None where it has too many digits.
        steps: Steps of the claims that were checked, with their conditions and points.
        codes: How many codes were decoded.
    """

    spec: FormatSpec
    measures: tuple[tuple[Measures, ...], ...]
    halves: tuple[int | None, ...]
    steps: tuple[int, int, int]
    codes: int

    @property
    def scaled(self) -> bool:
        """Whether there are Gaussians."""
        return bool(self.spec.squares)


def asked(spec: FormatSpec, memory: Memory | None = None) -> Asked:
    """What a part or a command asks for.

    Raises:
        BadInput: a format has too many values for that.
        OracleDisagrees: two ways to know a number do not agree.
    """
    squares = spec.squares
    made = tuple(tuple(measured(f, square, spec.saturate) for square in squares) for f in spec.formats)
    halves = tuple(map(_half, spec.formats)) if spec.fan_in else ()
    used: dict[str, Derivation] = {}
    codes = 0
    for one, found in zip(spec.formats, made, strict=True):
        codes += _check_count(one, _claimed(f"float_formats.{COUNTED[one.specials]}", used))
        for place, measures in enumerate(found):
            scale: dict[str, int | Fraction] = {}
            scale |= {"n": spec.fan_in[place]} if spec.fan_in else {"sigma": spec.sigma[place]}
            zeros = "zero_of_weights" if spec.fan_in else "zero"
            _check_zero(one, measures, scale, _claimed(f"float_formats_gaussian.{zeros}", used))
    reports = [check(derivation, memory) for derivation in used.values()]
    counts = (sum(r.steps for r in reports), sum(len(r.conditions) for r in reports), sum(r.points for r in reports))
    return Asked(spec, made, halves, counts, codes)


def _half(of: Format) -> int | None:
    """From which fan-in on more than half is 0; None where that number would fill a page."""
    try:
        return least_fan_in(of)
    except Unevaluable:
        return None


def _claimed(path: str, used: dict[str, Derivation]) -> Derivation:
    if path not in used:
        used[path] = find_claim(path)[1].derive()
    return used[path]


def _check_count(of: Format, known: Derivation) -> int:
    """Compare the counts; how many codes were decoded."""
    point = {s: {"E": of.exponent_bits, "M": of.mantissa_bits}[s.name] for s in known.right.free_symbols}
    if evaluate(known.right, dict(point), known.context) != of.count:
        raise OracleDisagrees(f"{of.name} has {of.count} values, which {known.name} does not give")
    if 2**of.bits > MOST_CODES:
        return 0
    values = {v if isinstance(v, Fraction) else Fraction(0) for v in _finite(of)}
    if len(values) != of.count:
        raise OracleDisagrees(f"{of.name} has {of.count} values, but its codes stand for {len(values)}")
    return int(2**of.bits)


def _finite(of: Format) -> list[Fraction | str]:
    found = [decoded(of, code) for code in range(2**of.bits)]
    return [value for value in found if isinstance(value, Fraction) or value == "-0"]


def _check_zero(of: Format, found: Measures, scale: dict[str, int | Fraction], known: Derivation) -> None:
    """Compare the ball with the proved formula."""
    values = {"s": of.smallest_subnormal, **scale}
    value = evaluate(known.right, {s: values[s.name] for s in known.right.free_symbols}, known.context)
    if not isinstance(value, Ball) or not value.interval.overlaps(found.zero):
        raise OracleDisagrees(f"the probability of 0 in {of.name} is {found.zero}, which {known.name} does not give")


def exact(value: Fraction, largest: int = 64) -> Words:
    """A value, exactly: as a number where it is short, else as an odd number times a power of 2.

    Args:
        value: A whole number times a power of 2.
        largest: The largest denominator of what is written as a fraction.

    Example:
        >>> exact(Fraction(57344)), exact(Fraction(15, 2)), exact(Fraction(1, 512))
        (('57,344',), (15/2,), (2**(-9),))
    """
    if value.denominator == 1 and abs(value) < 10**7:
        return (f"{int(value):,}",)
    if value.denominator <= largest and abs(value) < 10**4:
        return (Rational(value.numerator, value.denominator),)
    whole, power = value.numerator, 1 - value.denominator.bit_length()
    while whole % 2 == 0:
        whole, power = whole // 2, power + 1
    two = Pow(2, power, evaluate=False)
    if whole == 1:
        return (two,)
    bits = whole.bit_length()
    ones, long = Add(Pow(2, bits, evaluate=False), -1, evaluate=False), whole > 10**5 and whole == 2**bits - 1
    return (Mul(ones if long else Integer(whole), two, evaluate=False),)


def number(ball: arb, digits: int = 4) -> Words:
    """The digits of a number that are certain, at most so many."""
    return _decimal(certain_text(ball, digits))


def percent(ball: arb, digits: int = 4) -> Words:
    """A probability in percent."""
    return _decimal(certain_text(100 * ball, digits), "%")


def _decimal(text: str, unit: str = "") -> Words:
    """Digits, with a power of ten as mathematics."""
    front, power, exponent = text.partition("e")
    after = f"\u00a0{unit}" if unit else ""
    if not power:
        return (f"{front}{after}",)
    ten = rf"10^{{{int(exponent)}}}"
    sign, digits = ("<", front[1:]) if front.startswith("<") else ("", front)
    return (Latex(f"{sign}{ten}" if digits == "1" else rf"{sign}{digits}\cdot {ten}"), *([after] if after else []))


def blocks(made: Asked, figures: tuple[Block, ...] = (), *, properties: bool = True) -> tuple[Block, ...]:
    """The tables (that of the properties where it is wanted), the sentence about zeros, the figures."""
    found: list[Block] = [_properties(made)] if properties else []
    if made.spec.values:
        found += [_listed(one, made.spec) for one in made.spec.formats]
    if made.scaled:
        found.append(_measures(made))
        found += [Paragraph(words) for words in (_halves(made),) if words]
    return (*found, *figures)


def _properties(made: Asked) -> Tabular:
    heads: tuple[Words, ...] = (("format",), ("values",), ("smallest",), ("smallest normal",), ("largest",),
                                ("step at 1",))  # fmt: skip
    rows = []
    for one in made.spec.formats:
        normal = exact(one.smallest_normal, 2) if one.smallest_normal is not None else ("–",)
        count: Words = (f"{one.count:,}",) if one.count < 10**9 else (Latex(_about(one.count)),)
        rows.append(((one.name,), count, exact(one.smallest_subnormal, 2), normal, exact(one.largest),
                     exact(one.spacing_at_one, 2) if _has_one(one) else ("–",)))  # fmt: skip
    kinds = [f"{one.name}: {KINDS[one.specials]}, bias {one.bias}" for one in made.spec.formats]
    caption = "Values: the finite ones that are distinct. Smallest: of the positive ones. " + "; ".join(kinds) + "."
    return Tabular(heads, tuple(rows), (), 1, (caption,))


def _has_one(of: Format) -> bool:
    """Whether 1 is a normal value, so that the next one is a step away."""
    return of.smallest_normal is not None and of.smallest_normal <= 1 < of.largest


def _about(count: int) -> str:
    """A large number to four digits."""
    return _tex(certain_text(arb(count)))


def _tex(text: str) -> str:
    front, _, exponent = text.partition("e")
    return rf"{front}\cdot 10^{{{int(exponent)}}}" if exponent else front


def _listed(of: Format, spec: FormatSpec) -> Tabular:
    """Each value that is not negative with its code, the numbers that are rounded to it, and its probabilities."""
    values, scales = magnitudes(of), spec.squares
    if len(values) > MOST_LISTED:
        many = f"{len(values):,} values that are not negative"
        raise BadInput(f"{of.name} has {many}; at most {MOST_LISTED:,} are listed")
    if len(scales) > MOST_BESIDE:
        raise BadInput(f"probabilities of values are listed for at most {MOST_BESIDE} scales, not {len(scales)}")
    found = cells(of, spec.saturate)
    ps = [probabilities(found, square) for square in scales]
    rows: list[tuple[Words, ...]] = []
    for place, cell in enumerate(found):
        value: Words = exact(cell.value) if cell.value is not None else (of.above_largest,)
        high: Words = ("and above",) if cell.high is None else exact(cell.high)
        shares = tuple(percent(column[place]) for column in ps)
        ends = ("with" if cell.owns_low else "without",)
        rows.append(((f"{cell.code:0{-(-(of.bits - 1) // 4)}x}",), value, exact(cell.low), high, ends, *shares))
    heads: tuple[Words, ...] = (("code",), (of.name,), ("from",), ("to",), ("ends",))
    letter = Latex("n") if spec.fan_in else Latex(r"\sigma")
    heads += tuple((letter, " = ", *_scale(spec, place)) for place in range(len(scales)))
    caption = "Codes in base 16, with the sign +. The numbers from one end to the other become the value; with or "
    caption += "without the ends."
    caption += " Behind them the probability of the value itself, without that of the negative one." if scales else ""
    return Tabular(heads, tuple(rows), (), 1, (caption,))


def _scale(spec: FormatSpec, place: int) -> Words:
    return (f"{spec.fan_in[place]:,}",) if spec.fan_in else exact_scale(spec.sigma[place])


def _measures(made: Asked) -> Tabular:
    spec = made.spec
    several = len(spec.formats) > 1
    heads: list[Words] = [("format",)] if several else []
    heads += [("fan-in",) if spec.fan_in else ("scale",), ("zeros",), ("entropy (bits)",), ("values for 99.9\u00a0%",)]
    heads += [("variance ratio",)]
    seldom = all(m.beyond < arb(10) ** -_SELDOM for found in made.measures for m in found)
    heads += [] if seldom else [("too large",)]
    rows: list[tuple[Words, ...]] = []
    for one, found in zip(spec.formats, made.measures, strict=True):
        for place, measures in enumerate(found):
            row: list[Words] = [(one.name if place == 0 else "",)] if several else []
            row.append(_scale(spec, place))
            row += [percent(measures.zero), number(measures.entropy), (f"{measures.carrying:,}",)]
            row.append(number(measures.ratio, 5) if measures.ratio is not None else ("–",))
            row += [] if seldom else [percent(measures.beyond, 3)]
            rows.append(tuple(row))
    words: list[Inline] = ["A Gaussian with mean 0"]
    if spec.fan_in:
        words += [" and the scale ", Latex(r"1/\sqrt n"), " for the fan-in ", Latex("n")]
    words.append(", rounded. Values for 99.9\u00a0%: the fewest that have this probability together. ")
    if seldom:
        words += ["Too large for the format are fewer than ", Latex(f"10^{{{2 - _SELDOM}}}"), "\u00a0%"]
    else:
        words.append("Too large: more than half a step above the largest value")
    words.append("; they become the largest value. " if spec.saturate else
                 "; they become infinity or NaN, where there is one, and then there is no variance. ")  # fmt: skip
    words.append("The digits are certain, the last one rounded.")
    return Tabular(tuple(heads), tuple(rows), (), 2 if several else 1, tuple(words))


def exact_scale(scale: Fraction) -> Words:
    """A scale: a power of 2 as such where it is small or large, else a fraction."""
    if scale.denominator == 1 and scale >= 10**6 and scale.numerator & (scale.numerator - 1) == 0:
        return (Pow(2, scale.numerator.bit_length() - 1, evaluate=False),)
    if scale.numerator == 1 and scale.denominator & (scale.denominator - 1) == 0 and scale.denominator > 1:
        return (Pow(2, 1 - scale.denominator.bit_length(), evaluate=False),)
    return (Rational(scale.numerator, scale.denominator),)


def _halves(made: Asked) -> Words:
    """From where on most is 0."""
    told = []
    for one, least in zip(made.spec.formats, made.halves, strict=bool(made.halves)):
        if least is None:
            continue
        text = f"{least:,}" if least < 10**15 else written(certain(arb(least), 4))
        told.append((one.name, text))
    if not told:
        return ()
    words: list[Inline] = ["More than half of the numbers become 0 from a fan-in "]
    for place, (name, text) in enumerate(told):
        words += [", " if place else "", "of ", *_decimal(text), f" on in {name}"]
    less = "less" if len(told) == 1 else "less each"
    always = any(text == "1" for _, text in told)  # there is no fan-in below 1
    words.append("." if always else f" (and at one {less}, fewer than half: both are certain).")
    return tuple(w for w in words if w != "")


def check_note(label: str, made: Asked) -> CheckNote:
    """How the numbers are known."""
    steps, conditions, points = made.steps
    summed = sum(m.looked_at for found in made.measures for m in found)
    count = len(made.spec.formats)
    words = f"{'enclosed' if made.scaled else 'proved'}: the number of values of {_count(count, 'format')} from "
    words += f"formulas proved for all bits, {_count(steps, 'step')}, {_count(conditions, 'condition')} discharged, "
    words += f"steps also compared at {_count(points, 'exact point')}"
    words += f"; {_count(made.codes, 'code')} decoded one by one" if made.codes else ""
    if made.scaled:
        words += f"; {_count(summed, 'probability', 'probabilities')} enclosed in balls of {PRECISION} bits, which "
        words += "enclose 1 together for each Gaussian; the probability of 0 also from a proved formula. The digits "
        words += "shown are certain, the last one rounded"
    counts = (("steps", steps), ("conditions", conditions), ("step_points", points), ("points", made.codes + summed))
    return CheckNote(label, (words + ".",), counts, "enclosed" if made.scaled else "proved")


def _count(number: int, what: str, many: str = "") -> str:
    return f"{number:,} {what if number == 1 else many or what + 's'}"


def document(made: Asked, name: str) -> Document:
    """A page about formats."""
    names = [one.name for one in made.spec.formats]
    title = f"The number format {names[0]}" if len(names) == 1 else "Number formats"
    return Document(
        name=name,
        title=title,
        course="",
        author="",
        conventions=CONVENTIONS,
        introduction=(),
        problems=(Problem(1, "", (), (Part("", "", (), blocks(made)),)),),
        hypotheses=(),
        checks=(check_note("", made),),
    )


def as_data(made: Asked) -> dict[str, Any]:
    """Plain data: exact values as fractions, other numbers as the digits that are certain."""
    spec = made.spec
    found = []
    for place, one in enumerate(spec.formats):
        data: dict[str, Any] = {
            "format": one.name, "exponent_bits": one.exponent_bits, "mantissa_bits": one.mantissa_bits,
            "bias": one.bias, "specials": one.specials, "values": one.count,
            "smallest": str(one.smallest_subnormal),
            "smallest_normal": None if one.smallest_normal is None else str(one.smallest_normal),
            "largest": str(one.largest),
        }  # fmt: skip
        if made.halves:
            data["half_zero_from_fan_in"] = made.halves[place]
        if spec.values:
            _listed(one, spec)
            data["magnitudes"] = [str(value) for value in magnitudes(one)]
        data["gaussians"] = [_measures_as_data(one, spec, n, m) for n, m in enumerate(made.measures[place])]
        found.append(data)
    return {"saturating": spec.saturate, "formats": found}


def _measures_as_data(of: Format, spec: FormatSpec, place: int, found: Measures) -> dict[str, Any]:
    data: dict[str, Any] = {"fan_in": spec.fan_in[place]} if spec.fan_in else {"sigma": str(spec.sigma[place])}
    if spec.values:
        data["probabilities"] = [certain_text(p) for p in probabilities(cells(of, spec.saturate), found.square)]
    return data | {
        "zero": certain_text(found.zero), "entropy_bits": certain_text(found.entropy),
        "carrying": found.carrying, "share": str(found.share),
        "variance_ratio": None if found.ratio is None else certain_text(found.ratio),
        "too_large": certain_text(found.beyond),
    }  # fmt: skip

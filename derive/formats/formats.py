r"""A floating-point format: a sign, an exponent of E bits, a mantissa of M bits, a bias, and what is special.

The code of a magnitude is an integer c; its high bits $e = \lfloor c/2^M \rfloor$ are the exponent, its low bits
$f = c \bmod 2^M$ the mantissa. It stands for $(2^M + f)\,2^{e-b-M}$ where $e \ge 1$ (normal), and for
$f\,2^{1-b-M}$ where $e = 0$ (subnormal): with c the value grows, and with the code's last bit goes "even" in the rule
for ties. What is special is one of

- `ieee`: the largest exponent is kept for infinity (f = 0) and NaN;
- `fn`: no infinity; only the largest magnitude code is NaN, with both signs (OCP E4M3);
- `fnuz`: no infinity and no -0; the code that -0 would have is the one NaN, and the bias is larger by 1;
- `finite`: neither infinity nor NaN (the 4-bit and 6-bit formats of OCP).

Sources: IEEE Std 754-2019, section 3.4; Micikevicius et al., OCP 8-bit Floating Point Specification (OFP8), revision
1.0, 2023, section 5, tables 1 and 2; Micikevicius et al., FP8 formats for deep learning, 2022, arXiv:2209.05433,
section 3; Rouhani et al., OCP Microscaling Formats (MX) Specification, version 1.0, 2023, section 5.3; Noune et al.,
8-bit numerical formats for deep neural networks, 2022, arXiv:2206.02915 (fnuz).
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import BadInput

SPECIALS = ("ieee", "fn", "fnuz", "finite")
MOST_EXPONENT_BITS = 15
MOST_BITS = 127
LARGEST_BIAS = 512
"""Or 2^E where that is more."""
MOST_CODES = 2**16
"""Of a format whose values are listed, with both signs."""


@dataclass(frozen=True)
class Format:
    """A floating-point format.

    Attributes:
        name: As it is printed.
        exponent_bits: E, at least 1.
        mantissa_bits: M, at least 0; the bits that are stored.
        bias: What is taken off the exponent.
        specials: One of SPECIALS.
    """

    name: str
    exponent_bits: int
    mantissa_bits: int
    bias: int
    specials: str

    @property
    def bits(self) -> int:
        """All bits, with that of the sign."""
        return 1 + self.exponent_bits + self.mantissa_bits

    @property
    def largest_code(self) -> int:
        """The code of the largest finite magnitude."""
        codes: int = 2 ** (self.exponent_bits + self.mantissa_bits)
        if self.specials == "ieee":
            return codes - 2**self.mantissa_bits - 1
        return codes - 1 - (self.specials == "fn")

    @property
    def count(self) -> int:
        """How many distinct finite values there are; 0 counts once."""
        return 2 * self.largest_code + 1

    @property
    def smallest_subnormal(self) -> Fraction:
        """The smallest positive value if there are subnormal ones; else the spacing below the normal ones."""
        return _two_to(1 - self.bias - self.mantissa_bits)

    @property
    def smallest_normal(self) -> Fraction | None:
        """The smallest positive normal value; None if there is none."""
        return self.magnitude(2**self.mantissa_bits) if self.largest_code >= 2**self.mantissa_bits else None

    @property
    def largest(self) -> Fraction:
        """The largest finite value."""
        return self.magnitude(self.largest_code)

    @property
    def spacing_at_one(self) -> Fraction:
        """How far the next value is from a power of 2, relative to it: the machine epsilon."""
        return _two_to(-self.mantissa_bits)

    @property
    def above_largest(self) -> str:
        """What stands for a number that is too large where the format does not saturate."""
        return {"ieee": "infinity", "fn": "NaN", "fnuz": "NaN", "finite": ""}[self.specials]

    def magnitude(self, code: int) -> Fraction:
        """The value of a magnitude code by the rule for codes; also of one that is special, or beyond the last.

        Example:
            >>> e4m3 = read_format("E4M3")
            >>> e4m3.magnitude(1), e4m3.magnitude(8), e4m3.magnitude(e4m3.largest_code)
            (Fraction(1, 512), Fraction(1, 64), Fraction(448, 1))
        """
        exponent, fraction = divmod(code, 2**self.mantissa_bits)
        if exponent == 0:
            return fraction * self.smallest_subnormal
        return (2**self.mantissa_bits + fraction) * _two_to(exponent - self.bias - self.mantissa_bits)


def _two_to(power: int) -> Fraction:
    return Fraction(2**power) if power >= 0 else Fraction(1, 2**-power)


def decoded(of: Format, code: int) -> Fraction | str:
    """What all bits together stand for, the sign first: a value, or "-0", "infinity", "-infinity", "NaN".

    Raises:
        BadInput: there is no such code.

    Example:
        >>> [decoded(read_format("E4M3"), code) for code in (0x7E, 0x7F, 0x80, 0x81)]
        [Fraction(448, 1), 'NaN', '-0', Fraction(-1, 512)]
    """
    if not 0 <= code < 2**of.bits:
        raise BadInput(f"{of.name} has codes from 0 to {2**of.bits - 1}, not {code}")
    negative, magnitude = divmod(code, 2 ** (of.bits - 1))
    if magnitude > of.largest_code:
        infinite = of.specials == "ieee" and magnitude == of.largest_code + 1
        return ("-infinity" if negative else "infinity") if infinite else "NaN"
    if negative and magnitude == 0:
        return "NaN" if of.specials == "fnuz" else "-0"
    return -of.magnitude(magnitude) if negative else of.magnitude(magnitude)


def magnitudes(of: Format) -> tuple[Fraction, ...]:
    """The finite values that are not negative, in their order; the place of each is its code.

    Raises:
        BadInput: there are too many to be listed.

    Example:
        >>> [str(value) for value in magnitudes(read_format("E2M1"))]
        ['0', '1/2', '1', '3/2', '2', '3', '4', '6']
    """
    if 2**of.bits > MOST_CODES:
        codes = f"2^{of.bits}"
        raise BadInput(f"{of.name} has {codes} codes; values are listed, and Gaussians rounded, for at most 2^16")
    return tuple(of.magnitude(code) for code in range(of.largest_code + 1))


_E4M3_NAMES = {"e4m3fn": "E4M3", "e4m3fnuz": "E4M3-fnuz", "e5m2fnuz": "E5M2-fnuz"}
_NAMES = {
    "fp16": "E5M10", "float16": "E5M10", "half": "E5M10", "bf16": "E8M7", "bfloat16": "E8M7",
    "tf32": "E8M10", "fp32": "E8M23", "float32": "E8M23", "fp64": "E11M52", "float64": "E11M52",
    "fp4": "E2M1", **_E4M3_NAMES, **{f"float8_{name}": text for name, text in _E4M3_NAMES.items()},
    "float8_e5m2": "E5M2",
}  # fmt: skip
_USUAL = {(4, 3): "fn", (2, 1): "finite", (2, 3): "finite", (3, 2): "finite"}
"""By the specifications of OCP; all other splits are like those of IEEE 754."""
_PRINTED = {"fp16": "fp16", "float16": "fp16", "half": "fp16", "bf16": "bfloat16", "bfloat16": "bfloat16",
            "tf32": "tf32", "fp32": "fp32", "float32": "fp32", "fp64": "fp64", "float64": "fp64"}  # fmt: skip
_TEXT = re.compile(r"e(?P<e>[0-9]{1,4})m(?P<m>[0-9]{1,4})(-(?P<s>[a-z]{1,10}))?(/bias=(?P<b>-?[0-9]{1,5}))?\Z", re.I)


def read_format(text: str) -> Format:
    """The format of a text: `E4M3`, `E5M2-fnuz`, `E3M4-finite`, `E4M3/bias=8`, or a name such as `bfloat16`.

    Without a suffix E4M3 is that of OCP (`fn`), E2M1, E2M3 and E3M2 are `finite`, and all else is `ieee`; the bias is
    2^(E-1) - 1, of `fnuz` 2^(E-1).

    Raises:
        BadInput: it is none, or larger than what is worked with.

    Example:
        >>> read_format("E4M3"), read_format("bf16").count
        (Format(name='E4M3', exponent_bits=4, mantissa_bits=3, bias=7, specials='fn'), 65279)
    """
    given = text.strip()
    name = _PRINTED.get(given.lower(), "")
    found = _TEXT.match(_NAMES.get(given.lower(), given))
    if found is None:
        close = difflib.get_close_matches(given.lower()[:40], _NAMES, n=1)
        hint = f"did you mean {close[0]}?" if close else "write E4M3, E5M2-fnuz, E3M4/bias=3 or fp16"
        raise BadInput(f"{given[:40]!r} is no number format; {hint}")
    exponent, mantissa = int(found["e"]), int(found["m"])
    usual = _USUAL.get((exponent, mantissa), "ieee")
    specials = (found["s"] or usual).lower()
    if specials not in SPECIALS:
        close = difflib.get_close_matches(specials, SPECIALS, n=1)
        hint = f"did you mean -{close[0]}?" if close else f"there are -{', -'.join(SPECIALS)}"
        raise BadInput(f"the format {given[:40]} ends in -{specials}, which is nothing; {hint}")
    if exponent < 1:
        raise BadInput(f"the format {given[:40]} has no bit for the exponent, and at least 1 is needed")
    if exponent > MOST_EXPONENT_BITS or exponent + mantissa > MOST_BITS:
        most = f"with at most {MOST_EXPONENT_BITS} bits for the exponent and {MOST_BITS} for exponent and mantissa"
        raise BadInput(f"the format {given[:40]} is too large; formats {most} are worked with")
    bias = 2 ** (exponent - 1) - (specials != "fnuz")
    if found["b"]:
        bias = int(found["b"])
        most_bias = max(LARGEST_BIAS, 2**exponent)
        if abs(bias) > most_bias:
            raise BadInput(f"the bias of {given[:40]} must be from -{most_bias} to {most_bias}")
    made = Format(name or _name(exponent, mantissa, specials, usual, found["b"]), exponent, mantissa, bias, specials)
    if made.largest_code < 1:
        raise BadInput(f"the format {given[:40]} has no value but 0")
    return made


def _name(exponent: int, mantissa: int, specials: str, usual: str, bias: str | None) -> str:
    suffix = f"-{specials}" if specials != usual else ""
    return f"E{exponent}M{mantissa}{suffix}{f'/bias={int(bias)}' if bias else ''}"

r"""The largest value of a floating-point format, and how many powers of two it spans.

With the usual bias $b = 2^{E-1} - 1$ exponents go up to 2b + 1. IEEE 754 keeps the last for infinity and NaN: the
largest value has the exponent 2b and all bits of the mantissa, $(2 - 2^{-M})\,2^b$, which is 57344 for E5M2. OCP E4M3
uses the last exponent but for the last mantissa: $(2 - 2^{1-M})\,2^{b+1}$, 448. With the bias $b = 2^{E-1}$ of the
formats with one NaN the last exponent is 2b - 1: $(2 - 2^{-M})\,2^{b-1}$, 240 for E4M3. Over the smallest positive
value the largest is $(2^{M+1} - 1)\,2^{2b-1}$ in a format like IEEE 754: one more bit for the exponent about squares
it, one for the mantissa about doubles it.

Source: IEEE Std 754-2019, section 3.3, table 3.5; Micikevicius et al., OCP 8-bit Floating Point Specification, revision
1.0, 2023, section 5, table 2; Noune et al., 8-bit numerical formats for deep neural networks, 2022, arXiv:2206.02915.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.float_formats_values import MANTISSAS, NORMAL, A, M, about, b, decoded, v, value
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, ge
from derive.rules.algebra import algebra, use_equation
from derive.rules.combine import by, derived, one_line, then

PLAIN, TWO = about(given=(ge(b, 1),)), about(given=(ge(b, 0), ge(A, 2)))
TOP, OCP, SHIFTED = v[2 * b, A - 1], v[2 * b + 1, A - 2], v[2 * b - 1, A - 1]
SMALLEST = 2 ** (1 - b - M)


def _told(name: str, context: Context, left: Expr, found: Expr, why: Text, *places: tuple[Expr, Expr]) -> Derivation:
    """Entries by their definition, A = 2^M, and algebra."""
    moves = then(
        one_line(then(*(value(*place) for place in places)), why),
        by(use_equation, A, 2**M, reason=(MANTISSAS,)),
        by(algebra, found),
    )
    return derived(f"float_formats_range.{name}", context, left, moves)


def ieee() -> Derivation:
    """(2 - 2^-M) 2^b."""
    return _told("ieee", PLAIN, TOP, (2 - 2 ** (-M)) * 2**b, NORMAL, (2 * b, A - 1))


def no_infinity() -> Derivation:
    """(2 - 2^(1-M)) 2^(b+1)."""
    return _told("no_infinity", TWO, OCP, (2 - 2 ** (1 - M)) * 2 ** (b + 1), NORMAL, (2 * b + 1, A - 2))


def one_nan() -> Derivation:
    """(2 - 2^-M) 2^(b-1)."""
    return _told("one_nan", PLAIN, SHIFTED, (2 - 2 ** (-M)) * 2 ** (b - 1), NORMAL, (2 * b - 1, A - 1))


def span() -> Derivation:
    """(2^(M+1) - 1) 2^(2b-1)."""
    return _told("span", PLAIN, TOP / SMALLEST, (2 ** (M + 1) - 1) * 2 ** (2 * b - 1), NORMAL, (2 * b, A - 1))


def largest(last: int, M: int, b: int, left_out: int) -> Fraction:
    """The largest of the values of the last exponents, without the last mantissas of the very last."""
    found = Fraction(0)
    for mantissa in range(max(0, 2**M - left_out - 3), 2**M - left_out):
        found = max(found, decoded(last, mantissa, M, b), decoded(last - 1, mantissa, M, b))
    return found


def ieee_oracle(M: int, A: int, b: int) -> Fraction:
    """The last exponent is kept."""
    return largest(2 * b, M, b, 0)


def no_infinity_oracle(M: int, A: int, b: int) -> Fraction:
    """The last code of the last exponent is kept."""
    return largest(2 * b + 1, M, b, 1)


def one_nan_oracle(M: int, A: int, b: int) -> Fraction:
    """Nothing is kept among the positive codes."""
    return largest(2 * b - 1, M, b, 0)


def span_oracle(M: int, A: int, b: int) -> Fraction:
    """The largest value over the smallest one that is positive."""
    return largest(2 * b, M, b, 0) / decoded(0, 1, M, b)


def _false(name: str, title: str, left: Expr, right: Expr, missing: str, instead: str) -> Refuted:
    said: Text = ("The largest value is",)
    context = TWO if left == OCP else PLAIN
    return Refuted(name, title, said, context, left, "=", right, (missing,), f"float_formats_range.{instead}")


_BIAS: Text = ("The bias ", b, " is the usual one, ")
CONSTRUCT = Construct(
    name="float_formats_range",
    title="The range of a number format",
    about=("A format has exponents up to ", 2 * b + 1, ", and some codes are kept for infinity and NaN."),
    conventions=("exponents and mantissas from 0", "the exponent 0 has the subnormal values"),
    source="IEEE Std 754-2019, section 3.3; OCP 8-bit Floating Point Specification, 2023, section 5, table 2",
    claims=(
        Claim("ieee", "The largest value, as in IEEE 754", (*_BIAS, "and the exponent ", 2 * b + 1,
              " is kept for infinity and NaN. Find the largest value, ", TOP, "."), PLAIN, TOP, ieee, ieee_oracle),
        Claim("no_infinity", "Without infinity", (*_BIAS, "and only the last mantissa of the exponent ", 2 * b + 1,
              " is NaN. Find the largest value, ", OCP, "."), TWO, OCP, no_infinity, no_infinity_oracle),
        Claim("one_nan", "With one NaN", ("The bias ", b, " is larger by 1, so that the last exponent is ", 2 * b - 1,
              "; the code of -0 is the one NaN. Find the largest value, ", SHIFTED, "."), PLAIN, SHIFTED, one_nan,
              one_nan_oracle),
        Claim("span", "From the smallest to the largest", (*_BIAS, "and the exponent ", 2 * b + 1,
              " is kept for infinity and NaN. How many times the smallest positive value ", SMALLEST,
              " is the largest, ", TOP, "?"), PLAIN, TOP / SMALLEST, span, span_oracle),
    ),
    refuted=(
        _false("next_power", "Two to the next power", TOP, 2 ** (b + 1), "That is the first number beyond.", "ieee"),
        _false("no_kept_exponent", "With the exponent that is kept", TOP, (2 - 2 ** (-M)) * 2 ** (b + 1),
               "The last exponent has infinity and NaN alone.", "ieee"),
        _false("nan_as_value", "NaN taken for a value", OCP, (2 - 2 ** (-M)) * 2 ** (b + 1),
               "The last mantissa of the last exponent is NaN: 480 is no value of E4M3.", "no_infinity"),
        _false("usual_bias", "The usual bias with one NaN", SHIFTED, (2 - 2 ** (-M)) * 2**b,
               "The bias is larger by 1 there, and the last exponent is 2b - 1.", "one_nan"),
    ),
)  # fmt: skip

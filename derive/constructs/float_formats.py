r"""How many distinct finite values a floating-point format has, with E bits for the exponent and M for the mantissa.

There are $B = 2^E$ exponents and $A = 2^M$ mantissas, so AB magnitude codes, each with two signs. 0 has two of them and
is one value. IEEE 754 keeps the last exponent for infinity and NaN: $2A(B - 1) - 1$ values are left, 247 for E5M2. OCP
E4M3 takes only the last code for NaN, with both signs: $2AB - 3$, which is 253. Where -0 is given up for the one NaN
(fnuz) there are $2AB - 1 = 255$; as many where nothing is special, because -0 is 0.

Source: IEEE Std 754-2019, section 3.4; Micikevicius et al., OCP 8-bit Floating Point Specification, revision 1.0, 2023,
tables 1 and 2; Micikevicius et al., FP8 formats for deep learning, 2022, arXiv:2209.05433, section 3; Noune et al.,
8-bit numerical formats for deep neural networks, 2022, arXiv:2206.02915 (fnuz).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, declare, eq, integer
from derive.rules.algebra import algebra, definition, use_equation
from derive.rules.combine import by, derived, everywhere, one_line, then
from derive.rules.sums import sum_of_constant

_E, _M = declare("E", "size", "bits of the exponent"), declare("M", "natural", "bits of the mantissa")
_A, _B = declare("A", "size", "mantissas"), declare("B", "size", "exponents")
E, M, A, B = (d.symbol for d in (_E, _M, _A, _B))
e = integer("e")
N = array("N")
POWERS = (eq(A, 2**M), eq(B, 2**E))


def _context(last: Expr, less: int) -> Context:
    """Two signs and all mantissas for each exponent, and so many less."""
    return Context((_E, _M, _A, _B), POWERS, (Definition(N, (), IndexSum(2 * A, e, 0, last) - less),))


IEEE, NO_INFINITY, ONE_NAN = _context(B - 2, 1), _context(B - 1, 3), _context(B - 1, 1)


def _counted(name: str, context: Context, why: Text, found: Expr) -> Derivation:
    """The sum over the exponents as a product, then the powers."""
    powers = one_line(then(by(use_equation, A, 2**M), by(use_equation, B, 2**E)), (POWERS[0], " and ", POWERS[1]))
    moves = then(by(definition, reason=why), everywhere(by(sum_of_constant)), powers, by(algebra, found))
    return derived(f"float_formats.{name}", context, N[()], moves)


def ieee() -> Derivation:
    """2^(M + 1) (2^E - 1) - 1."""
    why = ("all exponents but the last, each with two signs and all mantissas; 0 once",)
    return _counted("ieee", IEEE, why, 2 ** (M + 1) * (2**E - 1) - 1)


def no_infinity() -> Derivation:
    """2^(E + M + 1) - 3."""
    why = ("all exponents, each with two signs and all mantissas; without two NaN, and 0 once",)
    return _counted("no_infinity", NO_INFINITY, why, 2 ** (E + M + 1) - 3)


def one_nan() -> Derivation:
    """2^(E + M + 1) - 1."""
    why = ("all exponents, each with two signs and all mantissas; without the code of -0",)
    return _counted("one_nan", ONE_NAN, why, 2 ** (E + M + 1) - 1)


def distinct(E: int, M: int, special: Callable[[int, int], range]) -> int:
    """Values of the codes whose mantissa is not special: decoded where there are few, else exponent by exponent."""
    found: set[Fraction] = set()
    number = 0
    for exponent in range(2**E):
        for sign in (1, -1):
            left_out = special(sign, exponent)
            if E + M <= 7:
                mantissas = [f for f in range(2**M) if f not in left_out]
                sizes = [2**M + f if exponent else f for f in mantissas]
                found |= {sign * size * Fraction(2) ** max(exponent, 1) for size in sizes}
            else:
                again = exponent == 0 and sign == -1 and 0 not in left_out  # 0 with another sign
                number += 2**M - len(left_out) - again
    return len(found) or number


def ieee_oracle(E: int, M: int, A: int, B: int) -> int:
    """All codes, but those with the last exponent."""
    return distinct(E, M, lambda sign, exponent: range(2**M if exponent + 1 == 2**E else 0))


def no_infinity_oracle(E: int, M: int, A: int, B: int) -> int:
    """All codes, but the last with each sign."""
    return distinct(E, M, lambda sign, exponent: range(2**M - (exponent + 1 == 2**E), 2**M))


def one_nan_oracle(E: int, M: int, A: int, B: int) -> int:
    """All codes, but that of 0 with the sign minus."""
    return distinct(E, M, lambda sign, exponent: range(sign < 0 and exponent == 0))


def _false(name: str, title: str, context: Context, right: Expr, missing: str, instead: str) -> Refuted:
    said: Text = ("The number of distinct finite values is",)
    return Refuted(name, title, said, context, N[()], "=", right, (missing,), f"float_formats.{instead}")


_FIND: Text = ("A format has ", E, " bits for the exponent and ", M, " for the mantissa. ")
_NUMBER: Text = (" Find the number ", N[()], " of its distinct finite values.")
_LAST: Text = (*_FIND, "The last exponent is kept for infinity and NaN.", *_NUMBER)
_CODE: Text = (*_FIND, "Only the last code is NaN, with both signs.", *_NUMBER)
_ZERO: Text = (*_FIND, "The code of -0 is the only NaN; or it is 0, and nothing is special.", *_NUMBER)
CONSTRUCT = Construct(
    name="float_formats",
    title="Values of a floating-point format",
    about=("A format has a sign, ", B, " exponents and ", A, " mantissas."),
    conventions=("0 and -0 are one value", "subnormal values count"),
    source="OCP 8-bit Floating Point Specification, revision 1.0, 2023, tables 1 and 2; IEEE Std 754-2019, section 3.4",
    claims=(
        Claim("ieee", "As in IEEE 754", _LAST, IEEE, N[()], ieee, ieee_oracle),
        Claim("no_infinity", "Without infinity", _CODE, NO_INFINITY, N[()], no_infinity, no_infinity_oracle),
        Claim("one_nan", "With one NaN, or none", _ZERO, ONE_NAN, N[()], one_nan, one_nan_oracle),
    ),
    refuted=(
        _false("two_zeros", "Both zeros counted", IEEE, 2 * A * (B - 1), "0 and -0 are one value.", "ieee"),
        _false("no_subnormals", "Normal values and 0 alone", IEEE, 2 * A * (B - 2) + 1,
               "Exponent 0 has subnormal values.", "ieee"),
        _false("all_codes", "As many as codes", IEEE, 2 * A * B, "Some codes are infinity or NaN, and 0 has two.",
               "ieee"),
        _false("kept_exponent", "The count of IEEE 754, without infinity", NO_INFINITY, 2 * A * (B - 1) - 1,
               "Only one code of the last exponent is NaN; the others are values.", "no_infinity"),
        _false("all_but_one", "All codes but one", NO_INFINITY, 2 * A * B - 1,
               "NaN has two codes, one with each sign, and so has 0: three codes give no further value.",
               "no_infinity"),
        _false("zero_again", "Zero taken off again", ONE_NAN, 2 * A * B - 2,
               "There is no second zero that would have to be taken off.", "one_nan"),
    ),
)  # fmt: skip

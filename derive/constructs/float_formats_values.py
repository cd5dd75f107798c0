r"""The values of a floating-point format, and how far the next one is.

With $A = 2^M$ mantissas and the bias b, exponent e and mantissa f stand for $v_{e,f} = (A + f)\,2^{e-b-M}$ where
$e \ge 1$ (normal), and for $f\,2^{1-b-M}$ where e = 0 (subnormal). So the smallest positive value is $2^{1-b-M}$, the
smallest normal one $2^{1-b}$. Values of one exponent are $2^{e-b-M}$ apart, and so is the first of the next exponent.
Subnormal values are as far apart as those of the exponent 1, and the first normal value is the next one: there is no
gap around 0.

Source: IEEE Std 754-2019, section 3.4; OCP 8-bit Floating Point Specification, revision 1.0, 2023, section 5, table 2;
Goldberg, What every computer scientist should know about floating-point arithmetic, ACM Computing Surveys 23, 1991.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Integer, oo

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Condition, Context, Declaration, Definition, Entry, array, declare
from derive.language.conditions import eq, ge
from derive.language.symbols import integer
from derive.rules.algebra import algebra, definition, use_equation
from derive.rules.cases import select_case
from derive.rules.combine import Conversion, at_part, by, derived, one_line, then

_M, _A = declare("M", "natural", "bits of the mantissa"), declare("A", "size", "mantissas")
_b, _k = declare("b", "integer", "bias"), declare("k", "natural", "an exponent")
_m = declare("m", "natural", "a mantissa")
M, A, b, k, m = (d.symbol for d in (_M, _A, _b, _k, _m))
e, f = integer("e"), integer("f")
v = array("v", (0, oo), (0, oo))
VALUES = Definition(v, (e, f), Cases((f * 2 ** (1 - b - M), eq(e, 0)), ((A + f) * 2 ** (e - b - M), OTHERWISE)))
MANTISSAS = eq(A, 2**M)


def about(*more: Declaration, given: tuple[Condition, ...] = ()) -> Context:
    """The symbols of a format and more."""
    return Context((_M, _A, _b, *more), (MANTISSAS, *given), (VALUES,))


FORMAT, PLACE, EXPONENT = about(), about(_k, _m, given=(ge(k, 1),)), about(_k, given=(ge(k, 1),))
NORMAL, SUBNORMAL = ("definition of a normal value",), ("definition of a subnormal value",)
BOTH: Text = ("definitions of a normal and a subnormal value",)


def value(exponent: Expr, mantissa: Expr) -> Conversion:
    """An entry of v by its definition."""
    number = 0 if exponent.is_Integer else 1  # cases that numbers rule out are gone
    return at_part(v[exponent, mantissa], then(by(definition), by(select_case, number)))


def _told(name: str, context: Context, left: Expr, found: Expr, why: Text, *last: Conversion) -> Derivation:
    """All values by their definition, and algebra."""
    values = sorted(left.atoms(Entry), key=str)
    told = one_line(then(*(value(*entry.indices) for entry in values)), why)
    return derived(f"float_formats_values.{name}", context, left, then(told, *last, by(algebra, found)))


def smallest() -> Derivation:
    """2^(1 - b - M)."""
    return derived("float_formats_values.smallest", FORMAT, v[0, 1], one_line(value(Integer(0), Integer(1)), SUBNORMAL))


def normal() -> Derivation:
    """2^(1 - b)."""
    powers = by(use_equation, A, 2**M, reason=(MANTISSAS,))
    return _told("normal", FORMAT, v[1, 0], 2 ** (1 - b), NORMAL, powers)


def spacing() -> Derivation:
    """2^(k - b - M)."""
    return _told("spacing", PLACE, v[k, m + 1] - v[k, m], 2 ** (k - b - M), NORMAL)


def across() -> Derivation:
    """2^(k - b - M)."""
    return _told("across", EXPONENT, v[k + 1, 0] - v[k, A - 1], 2 ** (k - b - M), NORMAL)


def joint() -> Derivation:
    """2^(1 - b - M)."""
    return _told("joint", FORMAT, v[1, 0] - v[0, A - 1], 2 ** (1 - b - M), BOTH)


def decoded(exponent: int, mantissa: int, M: int, b: int) -> Fraction:
    """A value digit by digit: the mantissa behind the point, then doubled or halved as the exponent says."""
    number = Fraction(mantissa)
    for _ in range(M):
        number /= 2
    number += exponent > 0
    power = (exponent or 1) - b
    for _ in range(abs(power)):
        number = number * 2 if power > 0 else number / 2
    return number


def smallest_oracle(M: int, A: int, b: int) -> Fraction:
    """The mantissa 1 with the exponent 0."""
    return decoded(0, 1, M, b)


def normal_oracle(M: int, A: int, b: int) -> Fraction:
    """The mantissa 0 with the exponent 1."""
    return decoded(1, 0, M, b)


def spacing_oracle(M: int, A: int, b: int, k: int, m: int) -> Fraction:
    """Two mantissas that follow one another."""
    return decoded(k, m + 1, M, b) - decoded(k, m, M, b)


def across_oracle(M: int, A: int, b: int, k: int) -> Fraction:
    """The first mantissa of an exponent and the last of that before."""
    return decoded(k + 1, 0, M, b) - decoded(k, 2**M - 1, M, b)


def joint_oracle(M: int, A: int, b: int) -> Fraction:
    """The exponents 0 and 1."""
    return decoded(1, 0, M, b) - decoded(0, 2**M - 1, M, b)


def _false(name: str, title: str, left: Expr, right: Expr, missing: str, instead: str) -> Refuted:
    said: Text = ("In every format",)
    return Refuted(name, title, said, FORMAT, left, "=", right, (missing,), f"float_formats_values.{instead}")


_LAST, _NEXT = v[k, A - 1], v[k, m + 1] - v[k, m]
CONSTRUCT = Construct(
    name="float_formats_values",
    title="The values of a number format",
    about=("With the exponent ", e, " and the mantissa ", f, " the value is ", v[e, f], "."),
    conventions=("exponents and mantissas from 0", "the exponent 0 has the subnormal values"),
    source="IEEE Std 754-2019, section 3.4; OCP 8-bit Floating Point Specification, 2023, section 5, table 2",
    claims=(
        Claim("smallest", "The smallest positive value", ("Find ", v[0, 1], "."), FORMAT, v[0, 1], smallest,
              smallest_oracle),
        Claim("normal", "The smallest normal value", ("Find ", v[1, 0], "."), FORMAT, v[1, 0], normal, normal_oracle),
        Claim("spacing", "To the next value", ("How far apart are ", v[k, m], " and ", v[k, m + 1], "?"), PLACE, _NEXT,
              spacing, spacing_oracle),
        Claim("across", "To the next exponent", ("How far is ", v[k + 1, 0], ", the first value of an exponent, from ",
              _LAST, ", the last one of the exponent before?"), EXPONENT, v[k + 1, 0] - _LAST, across, across_oracle),
        Claim("joint", "From subnormal to normal values", ("Is there a gap between ", v[0, A - 1], " and ", v[1, 0],
              "?"), FORMAT, v[1, 0] - v[0, A - 1], joint, joint_oracle),
    ),
    refuted=(
        _false("smallest_exponent", "The exponent 0 taken as it is", v[0, 1], 2 ** (-b - M),
               "Subnormal values have the power of the exponent 1.", "smallest"),
        _false("hidden_bit", "A leading 1 in subnormal values", v[0, 1], 2 ** (-b) * (1 + 2 ** (-M)),
               "Subnormal values have no leading 1.", "smallest"),
        _false("normal_bias", "The bias off by one", v[1, 0], 2 ** (-b), "The first normal exponent is 1, not 0.",
               "normal"),
        _false("gap", "A gap around zero", v[1, 0] - v[0, A - 1], 2 ** (1 - b),
               "There would be a gap without subnormal values; they fill it.", "joint"),
    ),
)  # fmt: skip

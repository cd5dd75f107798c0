r"""How far rounding to nearest is off: at most half the spacing, and relative to the number at most $2^{-M-1}$.

A positive number x lies between a value and the next one. With $A = 2^M$ mantissas, the mantissa m of a normal value
and the spacing u it is $x = (A + m + t)\,u$, $0 \le t \le 1$, and the nearer neighbour is $\min(t, 1 - t)\,u$ away,
whatever is done with ties. So the error is at most u/2, and relative to x at most $1/(2A + 1)$, which is
$\frac{h}{1 + h}$ with the unit roundoff $h = 2^{-M-1}$, and attained for m = 0, t = 1/2; h itself is never attained.
That is the same for all exponents: **the relative error does not depend on the scale**. Among subnormal values,
$x = (m + t)\,u$, only u/2 is left, and relative to x the error goes up to all of it.

Source: Jeannerod, Rump, On relative errors of floating-point operations: optimal bounds and applications, Mathematics
of Computation 87 (2018), section 2; Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, theorem 2.2;
IEEE Std 754-2019, section 4.3.1.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Min, Rational

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, between, declare, eq, gt, lt
from derive.rules.algebra import algebra, definition, use_equation
from derive.rules.combine import at_part, by, derived, one_line, then
from derive.rules.ranges import at_most

_M, _A = declare("M", "natural", "bits of the mantissa"), declare("A", "size", "mantissas")
_m, _t = declare("m", "natural", "a mantissa"), declare("t", "real", "how far to the next value")
_u = declare("u", "real", "spacing")
M, A, m, t, u = (d.symbol for d in (_M, _A, _m, _t, _u))
x, d = array("x"), array("d")
NEARER = Min(t, 1 - t)
ERROR = Definition(d, (), NEARER * u)
_FACTS = eq(A, 2**M), between(0, t, 1), gt(u, 0)
NORMAL = Context((_M, _A, _m, _t, _u), _FACTS, (Definition(x, (), (A + m + t) * u), ERROR))
SUBNORMAL = Context((_M, _A, _m, _t, _u), _FACTS, (Definition(x, (), (m + t) * u), ERROR))
CUT = Context(NORMAL.declarations, (*_FACTS, lt(t, 1)), NORMAL.definitions)
HALF = Rational(1, 2)
_NEARER: Text = ("the nearer neighbour",)
_SHARE = NEARER / (A + m + t)


def absolute() -> Derivation:
    """At most u/2."""
    at_half = at_part(NEARER, by(at_most, HALF, reason=("two parts of 1, one is at most half of it",)))
    moves = then(by(definition, reason=_NEARER), at_half)
    return derived("float_formats_rounding.absolute", SUBNORMAL, d[()], moves)


def _relative(name: str, bound: Expr, why: Text, found: Expr) -> Derivation:
    """The error over the number, bounded for all m and t."""
    inserted = one_line(
        then(at_part(d[()], by(definition)), at_part(x[()], by(definition)), by(algebra, _SHARE)), _NEARER
    )
    powers = one_line(then(by(use_equation, A, 2**M), by(algebra, found)), (_FACTS[0],))
    moves = then(one_line(inserted, _NEARER), by(at_most, bound, reason=why), powers)
    return derived(f"float_formats_rounding.{name}", NORMAL, d[()] / x[()], moves)


def relative() -> Derivation:
    """At most 2^(-M-1)."""
    why: Text = ("at most ", HALF, " over at least ", A)
    return _relative("relative", 1 / (2 * A), why, 2 ** (-M - 1))


def sharp() -> Derivation:
    """At most 1/(2^(M+1) + 1)."""
    why: Text = ("the largest value, at ", eq(m, 0), " and ", eq(t, HALF))
    return _relative("sharp", 1 / (2 * A + 1), why, 1 / (2 ** (M + 1) + 1))


def rounded(number: Fraction, spacing: Fraction) -> Fraction:
    """The nearest multiple of the spacing, found by going up to it."""
    below, steps = Fraction(0), int(number / spacing)
    for power in reversed(range(steps.bit_length())):
        if below + spacing * 2**power <= number:
            below += spacing * 2**power
    return below if number - below <= below + spacing - number else below + spacing


def absolute_oracle(M: int, A: int, m: int, t: Fraction, u: Fraction) -> Fraction:
    """How far a number beside subnormal values is from the nearest."""
    number = (m + t) * u
    return abs(rounded(number, u) - number)


def relative_oracle(M: int, A: int, m: int, t: Fraction, u: Fraction) -> Fraction:
    """The same beside normal values, relative to the number."""
    number = (2**M + m + t) * u
    return abs(rounded(number, u) - number) / number


def _false(
    name: str, title: str, context: Context, left: Expr, right: Expr, said: Text, missing: str, instead: str
) -> Refuted:
    return Refuted(name, title, said, context, left, "<=", right, (missing,), f"float_formats_rounding.{instead}")


_SAID: Text = ("Relative to the number, rounding is never off by more than this",)
_BESIDE: Text = ("A number lies the share ", t, " of the way from a value with the mantissa ", m, " to the next one. ")
CONSTRUCT = Construct(
    name="float_formats_rounding",
    title="Rounding to the nearest value",
    about=("A format has ", A, " mantissas; around ", x[()], " its values are ", u, " apart, and ", d[()],
           " is the distance to the nearest."),
    conventions=("rounding to nearest, ties either way",),
    source="Jeannerod, Rump, Mathematics of Computation 87 (2018), section 2; Higham, 2002, theorem 2.2",
    claims=(
        Claim("relative", "Relative to the number", (*_BESIDE, "By which share of it is rounding off?"), NORMAL,
              d[()] / x[()], relative, relative_oracle),
        Claim("sharp", "The best bound", (*_BESIDE, "By which share of it is rounding off at most?"), NORMAL,
              d[()] / x[()], sharp, relative_oracle),
        Claim("absolute", "Among subnormal values", (*_BESIDE, "How far is rounding off?"), SUBNORMAL, d[()], absolute,
              absolute_oracle),
    ),
    refuted=(
        _false("subnormal", "Everywhere the same", SUBNORMAL, d[()] / x[()], 2 ** (-M - 1), _SAID,
               "Below the smallest normal value the spacing stays as it is while numbers get smaller.", "absolute"),
        _false("hidden_bit", "The leading bit counted again", NORMAL, d[()] / x[()], 2 ** (-M - 2), _SAID,
               "With its leading 1 a number has M + 1 bits, and half of the last one is lost.", "sharp"),
        Refuted("cut_off", "Digits cut off", ("Cutting off is off by less than half the spacing",), CUT, t * u, "<",
                u / 2, ("Half-way it is off by that much, and by nearly ", u, " just below the next value.",),
                "float_formats_rounding.absolute"),
    ),
)  # fmt: skip

"""Wrong difference quotients, steps, limits and thresholds.

`WRONG` are those about claims with a size; the others, about real numbers alone, are `OF_REAL_NUMBERS`, see
`tests.refuted.test_kinks`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Abs, Expr, Integer, Max, Min, Rational, exp

from derive.constructs import relu_derivative as relu
from derive.constructs import relu_from_step as stepped
from derive.constructs import soft_shrinkage, soft_threshold, step_limit, threshold_joints
from derive.language import OTHERWISE, Cases, Indicator, between, eq, ge, gt, le, lt, ne

Wrong = Iterator[tuple[str, str, Expr]]
x, h, a, H = relu.x, relu.h, relu.a, stepped.H[()]


def quotients() -> Wrong:
    """Of the ReLU."""
    path = "relu_derivative.away"
    yield path, "1 everywhere", Integer(1)
    yield path, "turned round", Indicator(lt(x, 0))
    yield path, "by the sign of the step", Indicator(gt(h, 0))
    yield path, "the function for its slope", Max(0, x, evaluate=False)
    yield path, "a half", Rational(1, 2)
    path = "relu_derivative.kink"
    yield path, "the left one on both sides", Integer(0)
    yield path, "the right one on both sides", Integer(1)
    yield path, "the mean", Rational(1, 2)
    yield path, "minus on the left", Cases((1, gt(h, 0)), (-1, lt(h, 0)))
    yield path, "turned round", Indicator(lt(h, 0))
    yield path, "the sign for the slope", Cases((1, gt(h, 0)), (h, OTHERWISE))
    path = "relu_derivative.leaky_away"
    yield path, "as without a slope", Indicator(gt(x, 0))
    yield path, "turned round", Cases((a, gt(x, 0)), (1, OTHERWISE))
    yield path, "minus the slope", Cases((1, gt(x, 0)), (-a, OTHERWISE))
    yield path, "by the sign of the step", Cases((1, gt(h, 0)), (a, OTHERWISE))
    yield path, "both added", Cases((1 + a, gt(x, 0)), (a, OTHERWISE))
    path = "relu_derivative.leaky_kink"
    yield path, "the mean of both", (1 + a) / 2
    yield path, "1 on both sides", Integer(1)
    yield path, "the slope on both sides", a
    yield path, "turned round", Cases((a, gt(h, 0)), (1, OTHERWISE))
    yield path, "the slope squared", Cases((1, gt(h, 0)), (a**2, OTHERWISE))


def steps() -> Wrong:
    """The ReLU from the step and from absolute values; larger and smaller."""
    y = stepped.y
    path = "relu_from_step.step"
    yield path, "the step alone", H
    yield path, "x twice", x**2 * H
    yield path, "turned round", x * (1 - H)
    yield path, "the value at 0 added", x * H + stepped.c * Indicator(eq(x, 0))
    yield path, "the sign for the step", x * (2 * H - 1)
    path = "relu_from_step.absolute"
    yield path, "minus", (x - Abs(x)) / 2
    yield path, "not halved", x + Abs(x)
    yield path, "the absolute value", Abs(x)
    path = "relu_from_step.smaller"
    yield path, "sign lost outside", Max(0, -x, evaluate=False)
    yield path, "sign lost inside", -Max(0, x, evaluate=False)
    yield path, "the larger", Max(0, x, evaluate=False)
    path = "relu_from_step.larger"
    yield path, "the smaller", (x + y - Abs(x - y)) / 2
    yield path, "a sum between the bars", (x + y + Abs(x + y)) / 2
    yield path, "a difference before the bars", (x - y + Abs(x - y)) / 2
    yield path, "not halved", x + y + Abs(x - y)
    yield path, "bars forgotten", x
    yield path, "two absolute values", (Abs(x) + Abs(y) + Abs(x - y)) / 2


def limits() -> Wrong:
    """Sigmoids against the step."""
    k, t = step_limit.k, step_limit.t
    far = 1 / (1 + exp(k * Abs(x)))
    path = "step_limit.error"
    yield path, "0 forgotten", far
    yield path, "1/2 at 0", Cases((far, ne(x, 0)), (Rational(1, 2), OTHERWISE))
    yield path, "bars forgotten", Cases((1 / (1 + exp(k * x)), ne(x, 0)), (0, OTHERWISE))
    yield path, "the sigmoid", Cases((1 / (1 + exp(-k * Abs(x))), ne(x, 0)), (0, OTHERWISE))
    yield path, "an exponential", Cases((exp(-k * Abs(x)), ne(x, 0)), (0, OTHERWISE))
    yield path, "k forgotten", Cases((1 / (1 + exp(Abs(x))), ne(x, 0)), (0, OTHERWISE))
    yield path, "k between the bars", Cases((1 / (1 + exp(Abs(k * x))), ne(x, 0)), (0, OTHERWISE))
    yield path, "only on the right", Cases((far, gt(x, 0)), (0, OTHERWISE))
    path = "step_limit.gap"
    yield path, "no gap", Integer(0)
    yield path, "the error", far
    yield path, "the error squared", far**2
    yield path, "turned round", -exp(-k * Abs(x)) * far
    yield path, "the exponential squared", exp(-2 * k * Abs(x))
    yield path, "bars forgotten", exp(-k * x) / (1 + exp(k * x))
    path = "step_limit.scaled"
    yield path, "k kept", Cases((1 / (1 + exp(k * Abs(t))), ne(t, 0)), (0, OTHERWISE))
    yield path, "divided by k", Cases((1 / (1 + exp(Abs(t))) / k, ne(t, 0)), (0, OTHERWISE))
    yield path, "0 forgotten", 1 / (1 + exp(Abs(t)))
    yield path, "bars forgotten", Cases((1 / (1 + exp(t)), ne(t, 0)), (0, OTHERWISE))
    path = "step_limit.one_over_k"
    yield path, "a sigmoid at k", 1 / (1 + exp(k))
    yield path, "smaller for larger k", 1 / (1 + exp(1)) / k
    yield path, "at 1", 1 / (1 + exp(-1))
    yield path, "the bound", exp(-1)


def shrinkage() -> Wrong:
    """The soft threshold, by itself."""
    T, y = soft_threshold.T, soft_shrinkage.y
    for path in ("soft_shrinkage.by_pieces", "soft_shrinkage.by_relus"):
        yield path, "a hard threshold", Cases((y, gt(Abs(y), T)), (0, OTHERWISE))
        yield path, "moved outwards", Cases((y + T, gt(y, T)), (y - T, lt(y, -T)), (0, OTHERWISE))
        yield path, "moved to the left", Cases((y - T, gt(Abs(y), T)), (0, OTHERWISE))
        yield path, "sign lost", Max(0, Abs(y) - T, evaluate=False)
        yield path, "beyond 0", Cases((y - T, gt(y, 0)), (y + T, OTHERWISE))
        yield path, "only above", Max(0, y - T, evaluate=False)
        yield path, "what is taken off", Max(-T, Min(T, y, evaluate=False), evaluate=False)
        yield path, "two larger ones", Max(0, y - T, evaluate=False) + Max(0, y + T, evaluate=False)
        yield path, "halved", soft_shrinkage.S[()] / 2


def powers() -> Wrong:
    """The threshold with powers: off the joints, at them, and against the soft threshold."""
    T, p, q, i = soft_threshold.T, soft_threshold.p, soft_threshold.q, soft_threshold.i
    y = soft_threshold.y[i]
    above, below = gt(y, T), lt(y, -T)
    path = "soft_threshold.derivative"
    one, two = p * (y - T) ** (p - 1), q * (y + T) ** (q - 1)
    yield path, "power kept above", Cases((p * (y - T) ** p, above), (two, below), (0, OTHERWISE))
    yield path, "power kept below", Cases((one, above), (q * (y + T) ** q, below), (0, OTHERWISE))
    yield path, "factor lost", Cases(((y - T) ** (p - 1), above), (two, below), (0, OTHERWISE))
    yield (
        path,
        "powers swapped",
        Cases((q * (y - T) ** (q - 1), above), (p * (y + T) ** (p - 1), below), (0, OTHERWISE)),
    )
    yield path, "thresholds swapped", Cases((p * (y + T) ** (p - 1), above), (two, below), (0, OTHERWISE))
    yield path, "minus below", Cases((one, above), (-two, below), (0, OTHERWISE))
    yield path, "nothing below", Cases((one, above), (0, OTHERWISE))
    yield path, "not 0 between", Cases((one, gt(y, 0)), (two, OTHERWISE))
    yield path, "1 between", Cases((one, above), (two, below), (1, OTHERWISE))
    path = "soft_threshold.second_derivative"
    one, two = p * (p - 1) * (y - T) ** (p - 2), q * (q - 1) * (y + T) ** (q - 2)
    yield path, "first factor alone", Cases((p * (y - T) ** (p - 2), above), (two, below), (0, OTHERWISE))
    yield path, "square of the factor", Cases((p**2 * (y - T) ** (p - 2), above), (two, below), (0, OTHERWISE))
    yield path, "halved", Cases((one / 2, above), (two / 2, below), (0, OTHERWISE))
    yield path, "minus below", Cases((one, above), (-two, below), (0, OTHERWISE))
    yield path, "of p = 2 and q = 3", Cases((2, above), (6 * (y + T), below), (0, OTHERWISE))
    yield path, "the first one", Cases((p * (y - T) ** (p - 1), above), (0, OTHERWISE))
    t, f = threshold_joints.h, threshold_joints.f
    for path, out, power, sign in (
        ("threshold_joints.upper", f, p, 1),
        ("threshold_joints.lower", f, q, -1),
        ("threshold_joints.derivative_upper", threshold_joints.df, p, 1),
        ("threshold_joints.derivative_lower", threshold_joints.df, q, -1),
    ):
        outside, inside = (gt(t, 0), lt(t, 0)) if sign == 1 else (lt(t, 0), gt(t, 0))
        value = t ** (power - 1) if out == f else power * t ** (power - 2)
        yield path, "on both sides", value
        yield path, "0 on both sides", Integer(0)
        yield path, "turned round", Cases((value, inside), (0, OTHERWISE))
        yield path, "not divided by the step", Cases((value * t, outside), (0, OTHERWISE))
        yield path, "one power less", Cases((value / t, outside), (0, OTHERWISE))
        yield path, "minus", Cases((-value, outside), (0, OTHERWISE))
        yield path, "the other power", value.xreplace({p: q, q: p}) * Indicator(outside)
        yield path, "1 inside", Cases((value, outside), (1, OTHERWISE))
    path, v = "soft_shrinkage.apart", soft_shrinkage.y
    up, down = (v - T) ** p, (v + T) ** q
    yield path, "no difference", Integer(0)
    yield path, "turned round", Cases((v - T - up, gt(v, T)), (v + T - down, lt(v, -T)), (0, OTHERWISE))
    yield path, "the powers alone", Cases((up, gt(v, T)), (down, lt(v, -T)), (0, OTHERWISE))
    yield path, "not moved", Cases((up - v, gt(v, T)), (down - v, lt(v, -T)), (0, OTHERWISE))
    yield path, "only above", Cases((up - v + T, gt(v, T)), (0, OTHERWISE))
    yield path, "not 0 between", Cases((up - v + T, ge(v, 0)), (down - v - T, OTHERWISE))
    yield path, "between exchanged", Cases((up - v + T, between(-T, v, T)), (0, OTHERWISE))
    yield path, "one power for both", Cases((up - v + T, gt(v, T)), ((v + T) ** p - v - T, lt(v, -T)), (0, le(v, T)))


WRONG = [*powers()]
OF_REAL_NUMBERS = [*quotients(), *steps(), *limits(), *shrinkage()]

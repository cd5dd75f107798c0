r"""The step as the limit of sigmoids: how far $\sigma(kx)$, $\sigma(t) = 1/(1 + e^{-t})$, is from the step, exactly.

Let H be 1 for x > 0, 0 for x < 0 and 1/2 at 0. Then $|\sigma(kx) - H|$ is $\sigma(-k|x|)$ for $x \ne 0$, whatever
k is, and 0 at 0; it is smaller than $e^{-k|x|}$ by $e^{-k|x|}\,\sigma(-k|x|)$. At $x = t/k$, k > 0, the error does not
depend on k; at $x = 1/k$ it is $\sigma(-1) = 1/(1 + e)$, so that the convergence for large k is not uniform.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 3.10, (3.30) and (3.34); Rudin, Principles of
Mathematical Analysis, 3rd ed., definition 7.7 (uniform convergence).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, Expr, Integer, Rational, exp

from derive.constructs.construct import Claim, Construct
from derive.constructs.gated_linear_unit import sigmoid as value_of_sigmoid
from derive.kernel.derivation import Derivation, Text
from derive.language import Cases, Condition, Context, Definition, array, declare, eq, gt, lt, ne
from derive.language.numbers import exp as exponential
from derive.rules.algebra import absolute_value, algebra, definition, use_equation
from derive.rules.cases import regroup_cases, select_case
from derive.rules.combine import Conversion, at, at_part, by, by_cases, derived, one_line, then, up_to
from derive.rules.lemmas import use_lemma
from derive.rules.pieces import settled

_x, _k, _t = declare("x", "real"), declare("k", "real", "steepness"), declare("t", "real")
x, k, t = _x.symbol, _k.symbol, _t.symbol
H, s, X = array("H"), array("s"), array("x")


def sigmoid(u: Expr) -> Expr:
    """1/(1 + e^-u)."""
    return 1 / (1 + exp(-u))


def step_at(place: Expr) -> Definition:
    """The step, 1/2 at 0."""
    return Definition(H, (), Cases((1, gt(place, 0)), (Rational(1, 2), eq(place, 0)), (0, lt(place, 0))))


def _at(*declared: Any, facts: tuple[Condition, ...] = (), place: Definition | None = None) -> Context:
    """A context with the sigmoid and the step at x, or where x is defined."""
    where = x if place is None else X[()]
    named = () if place is None else (place,)
    return Context(declared, facts, (*named, Definition(s, (), sigmoid(k * where)), step_at(where)))


ANYWHERE, ELSEWHERE = _at(_x, _k), _at(_x, _k, facts=(ne(x, 0),))
SCALED = _at(_k, _t, facts=(gt(k, 0),), place=Definition(X, (), t / k))
ONE_OVER_K = _at(_k, facts=(gt(k, 0),), place=Definition(X, (), 1 / k))
ERROR = Abs(s[()] - H[()], evaluate=False)
GAP = exp(-k * Abs(x)) - ERROR


def inserted(number: int, *place: Conversion) -> Conversion:
    """The sigmoid by its definition, and the step by the case with that number."""
    chosen = at_part(H[()], then(by(definition), by(select_case, number)))
    value = (Integer(1), Rational(1, 2), Integer(0))[number]
    told = ("definition of ", s, ", and ", eq(H[()], value))
    return one_line(then(at_part(s[()], by(definition)), *place, chosen), told)


def right_of_0(u: Expr, *place: Conversion) -> Conversion:
    """The distance where the step is 1 and the sigmoid is taken of u."""
    turned = by(algebra, -1 / (1 + exp(u)), reason=("work out",))
    bars = by(absolute_value, -1, reason=("what is between the bars is negative",))
    return then(inserted(0, *place), at((0,), turned), bars)


def left_of_0(*place: Conversion) -> Conversion:
    """The distance where the step is 0."""
    return then(inserted(2, *place), by(absolute_value, 1, reason=("what is between the bars is positive",)))


def by_sign(of: Expr, u: Expr, *place: Conversion) -> Conversion:
    """The error by the sign of this term; the sigmoid is taken of u, a multiple of it."""
    total = 1 / (1 + exp(u.xreplace({of: Abs(of)})))
    above, below = (one_line(up_to(total, settled), (eq(Abs(of), side),)) for side in (of, -of))
    middle = then(inserted(1, *place), by(use_equation, of, Integer(0), reason=("insert ", eq(of, 0))))
    branches = [(gt(of, 0), then(right_of_0(u, *place), above)), (eq(of, 0), middle)]
    branches.append((lt(of, 0), then(left_of_0(*place), below)))
    both = by(regroup_cases, Cases((total, ne(of, 0)), (0, eq(of, 0))), reason=("two of the cases are alike",))
    return then(by_cases(branches, ("by the sign of ", of)), both)


def error() -> Derivation:
    """sigma(-k|x|) for x != 0."""
    return derived("step_limit.error", ANYWHERE, ERROR, by_sign(x, k * x))


def gap() -> Derivation:
    """exp(-k|x|) sigma(-k|x|)."""
    lemma = error()
    u = k * Abs(x)
    known = then(use_lemma(lemma, {}, ("the error found before",)), by(select_case, 0, reason=("here ", ne(x, 0))))
    moves = then(at_part(ERROR, one_line(known)), by(algebra, exp(-u) / (1 + exp(u)), reason=("work out",)))
    return derived("step_limit.gap", ELSEWHERE, GAP, moves, (lemma,))


def scaled() -> Derivation:
    """sigma(-|t|) at x = t/k."""
    return derived("step_limit.scaled", SCALED, ERROR, by_sign(t, t, at_part(X[()], by(definition))))


def one_over_k() -> Derivation:
    """sigma(-1) at x = 1/k."""
    moves = right_of_0(Integer(1), at_part(X[()], by(definition)))
    return derived("step_limit.one_over_k", ONE_OVER_K, ERROR, moves)


def error_oracle(x: Fraction, k: Fraction) -> Any:
    """The sigmoid against the step, whose value at 0 is the mean of 0 and 1."""
    step = Fraction(0)
    for reached in (x > 0, x >= 0):
        step += Fraction(1, 2) if reached else 0
    value = value_of_sigmoid(k * x) - step
    return value if value > 0 else -value


def gap_oracle(x: Fraction, k: Fraction) -> Any:
    """What is left of the exponential."""
    return exponential(-k * (x if x > 0 else -x)) - error_oracle(x, k)


def scaled_oracle(k: Fraction, t: Fraction) -> Any:
    """At t/k."""
    return error_oracle(t / k, k)


def last_oracle(k: Fraction) -> Any:
    """At 1/k."""
    return error_oracle(1 / k, k)


def _claim(name: str, title: str, asked: Text, derived_in: Context, derive: Any, oracle: Any) -> Claim:
    left = GAP if derive is gap else ERROR
    return Claim(name, title, (*_STEP, *asked), derived_in, left, derive, oracle)


_STEP: Text = ("Let ", H[()], " be the step at ", x, ", and ", s[()], " the sigmoid of ", k * x, ". ")
_FIND = "Find the distance between both"
_GAP: Text = ("Let ", ne(x, 0), ". By how much is their distance smaller than ", exp(-k * Abs(x)), "?")
_AT_T, _AT_1 = ((_FIND, " at ", eq(X[()], top / k), ".") for top in (t, 1))
CONSTRUCT = Construct(
    name="step_limit",
    title="Sigmoids that become the step",
    about=("The sigmoid of ", k * x, " is compared with the step, for each ", k, "."),
    conventions=("the step is 1/2 at 0", "statements are exact for each k, no limit is taken"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 3.10; Rudin, 3rd ed., definition 7.7",
    claims=(
        _claim("error", "The error", (_FIND, "."), ANYWHERE, error, error_oracle),
        _claim("gap", "Below an exponential", _GAP, ELSEWHERE, gap, gap_oracle),
        _claim("scaled", "The same error nearer to 0", _AT_T, SCALED, scaled, scaled_oracle),
        _claim("one_over_k", "An error that does not shrink", _AT_1, ONE_OVER_K, one_over_k, last_oracle),
    ),
)

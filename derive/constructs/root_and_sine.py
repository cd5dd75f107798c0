r"""A function of one number through a named intermediate: $f = \sqrt y + \sin y$ with $y = c + x^3 + \log(1 + x^3)$.

By the chain rule $f' = \left(\frac{1}{2\sqrt y} + \cos y\right) y'$, and $y' = 3x^2 + \frac{3x^2}{1 + x^3} =
\frac{3x^2 (x^3 + 2)}{1 + x^3}$, where $1 + x^3 > 0$ and $y > 0$. Where y begins to be positive, $t = 1 + x^3$ is a zero
of $c - 1 + t + \log t$; that is $t = W(e^{1-c})$ with Lambert's function W, since $t e^t = e^{1-c}$ says that
$\log t = 1 - c - t$.

Source: Apostol, Calculus I, 1967, section 4.10 (chain rule); Corless and others, On the Lambert W function, Advances in
Computational Mathematics 5 (1996), section 2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import LambertW, cos, exp, log, sin, sqrt

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Partial, array, declare, eq, gt, numbers
from derive.language.numbers import slope
from derive.rules.algebra import algebra, definition, logarithm_of_lambert
from derive.rules.combine import by, derived, everywhere, one_line, then
from derive.rules.derivatives import differentiated

_c = declare("c", "real", "constant")
c = _c.symbol
x, y, f, t, e = (array(name) for name in "xyfte")
INNER = Definition(y, (), c + x[()] ** 3 + log(1 + x[()] ** 3))
OUTER = Definition(f, (), sqrt(y[()]) + sin(y[()]))
DEFINED = (gt(1 + x[()] ** 3, 0), gt(y[()], 0))
HERE, FIRST = (Context((_c,), DEFINED, given, (x,)) for given in ((INNER, OUTER), (INNER,)))
BEGIN = (Definition(t, (), LambertW(exp(1 - c))), Definition(e, (), c - 1 + t[()] + log(t[()])))
EDGE = Context((_c,), (), BEGIN)
RATE = 3 * x[()] ** 2 * (x[()] ** 3 + 2) / (1 + x[()] ** 3)


def inner() -> Derivation:
    """3 x^2 (x^3 + 2)/(1 + x^3)."""
    moves = then(differentiated(), by(algebra, RATE, reason=("over one denominator",)))
    return derived("root_and_sine.inner", FIRST, Partial(y[()], x[()]), moves)


def derivative() -> Derivation:
    """(1/(2 sqrt(y)) + cos(y)) 3 x^2 (x^3 + 2)/(1 + x^3)."""
    target = (1 / (2 * sqrt(y[()])) + cos(y[()])) * RATE
    moves = then(differentiated(), by(algebra, target, reason=("over one denominator",)))
    return derived("root_and_sine.derivative", HERE, Partial(f[()], x[()]), moves)


def edge() -> Derivation:
    """0."""
    insert = everywhere(by(definition))
    known = everywhere(by(logarithm_of_lambert))
    moves = then(one_line(then(insert, insert), ("definition of ", t)), known)
    return derived("root_and_sine.edge", EDGE, e[()], moves)


def inner_value(c: Any, x: Any) -> Any:
    """y, the cube as a product."""
    cube: Any = 1
    for _ in range(3):
        cube = cube * x
    return c + cube + numbers.log(1 + cube)


def inner_oracle(c: Fraction, x: Callable[[], Any]) -> Any:
    """How y changes with x."""
    return slope(lambda number: inner_value(c, number), x())


def derivative_oracle(c: Fraction, x: Callable[[], Any]) -> Any:
    """How the root and the sine of y change with x."""

    def outer(number: Any) -> Any:
        y = inner_value(c, number)
        return numbers.sqrt(y) + numbers.sin(y)

    return slope(outer, x())


def edge_oracle(c: Fraction) -> Any:
    """y where the cube of x is Lambert's number, less 1."""
    t = numbers.lambert(numbers.exp(1 - c))
    total: Any = 0
    for part in (c, t - 1, numbers.log(t)):
        total = total + part
    return total


_Y: Text = ("Let ", eq(y[()], INNER.body), ". ")
CONSTRUCT = Construct(
    name="root_and_sine",
    title="A root and a sine",
    about=("A function of one number x is made of another one, y.",),
    conventions=("log is the natural logarithm",),
    source="Apostol, Calculus I, 1967, section 4.10; Corless and others, On the Lambert W function, 1996, section 2",
    claims=(
        Claim("inner", "The inner function", (*_Y, "Differentiate it."),
              FIRST, Partial(y[()], x[()]), inner, inner_oracle),
        Claim("derivative", "The chain rule", (*_Y, "Differentiate ", eq(f[()], OUTER.body), "."),
              HERE, Partial(f[()], x[()]), derivative, derivative_oracle),
        Claim("edge", "Where the root begins", ("Let ", eq(t[()], BEGIN[0].body), ". Show that y is 0 where ",
              eq(1 + x[()] ** 3, t[()]), ": find ", eq(e[()], BEGIN[1].body), "."),
              EDGE, e[()], edge, edge_oracle),
    ),
)  # fmt: skip

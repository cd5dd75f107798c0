r"""Exponents of the width: how rates that meet the spectral condition grow with n.

What meets it for all sizes (`width_rates`): $1/d_i$ for signs, $\sqrt{d_o/d_i}$ for orthogonalised updates,
$d_o/(d_i\,r\,\gamma)$ for gradient descent, here with r and $\gamma$ 1. Hidden layers have widths in a fixed ratio,
$d_i = kn$ and $d_o = n$; the first layer has k inputs, the last one k outputs. So the exponents of n are, in the order
first, hidden, last: signs 0, -1, -1; orthogonalised 1/2, 0, -1/2; descent 1, 0, -1. Of orthogonalised updates the
square of the rate is told.

Source: Yang, Simon, Bernstein, A spectral condition for feature learning, 2023, arXiv:2310.17813, condition 1 and
section 4; Yang and others, Tensor Programs V, arXiv:2203.03466, table 3.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Construct, Growth
from derive.language import Context, declare
from derive.rules.growth import C, Comparison, n_0

_n, _k = declare("n", "size", "width"), declare("k", "size", "a fixed size or ratio")
n, k = _n.symbol, _k.symbol
WIDTH = Context((_n, _k))


def change_by_signs(n: int, inputs: int) -> int:
    """What ones as weights make of inputs that are ones: each output, input by input."""
    outputs = [sum(1 for _ in range(inputs)) for _ in range(n)]
    assert len(set(outputs)) == 1
    return outputs[0]


def square_by_turned(outputs: int, inputs: int) -> Fraction:
    """The mean square of the outputs of ones on the diagonal, for the first input whose mean square is 1."""
    first = [inputs if place == 0 else 0 for place in range(inputs)]
    found = [first[row] if row < inputs else 0 for row in range(outputs)]
    return Fraction(sum(found), outputs)


def change_by_descent(outputs: int, inputs: int) -> Fraction:
    """Slopes of the same size that change the loss by 1, inputs that are ones: each output, input by input."""
    slope = Fraction(1, outputs)
    return sum((slope for _ in range(inputs)), Fraction(0))


def signs_first(n: int, k: int) -> Fraction:
    """One over what the rate 1 changes."""
    return Fraction(1, change_by_signs(n, k))


def signs_hidden(n: int, k: int) -> Fraction:
    """One over what the rate 1 changes."""
    return Fraction(1, change_by_signs(n, k * n))


def turned_first(n: int, k: int) -> Fraction:
    """One over the mean square that the rate 1 changes."""
    return 1 / square_by_turned(n, k)


def turned_last(n: int, k: int) -> Fraction:
    """One over the mean square that the rate 1 changes."""
    return 1 / square_by_turned(k, n)


def turned_hidden(n: int, k: int) -> Fraction:
    """One over the mean square that the rate 1 changes."""
    return 1 / square_by_turned(n, k * n)


def descent_hidden(n: int, k: int) -> Fraction:
    """One over what the rate 1 changes."""
    return 1 / change_by_descent(n, k * n)


def descent_first(n: int, k: int) -> Fraction:
    """One over what the rate 1 changes."""
    return 1 / change_by_descent(n, k)


def descent_last(n: int, k: int) -> Fraction:
    """One over what the rate 1 changes."""
    return 1 / change_by_descent(k, n)


def root_rate(n: int, k: int) -> Fraction:
    """The square of what the rate changes, if its square is one over the inputs."""
    return Fraction(change_by_signs(n, k * n) ** 2, k * n)


def rate_by_outputs(n: int, k: int) -> Fraction:
    """What the rate 1/n changes."""
    return Fraction(change_by_signs(n, k), n)


def grows(name: str, title: str, left: Expr, right: Expr, at: Expr, oracle: Callable[..., Any], what: str) -> Growth:
    """Of the same order, with one constant for both bounds."""
    states = Comparison(WIDTH, left, "Theta", right, (n,), at, at)
    return Growth(name, title, (f"{what} is ", left, ". How does it grow with the width ", n, "?"), states, oracle)


_RATE, _SQUARE = "The rate", "The square of the rate"
GROWTH = (
    grows("signs_first", "Signs, first layer", 1 / k, Integer(1), 1 / k, signs_first, _RATE),
    grows("signs_hidden", "Signs, hidden layers", 1 / (k * n), 1 / n, 1 / k, signs_hidden, _RATE),
    grows("turned_first", "Orthogonalised updates, first layer", n / k, n, 1 / k, turned_first, _SQUARE),
    grows("turned_hidden", "Orthogonalised updates, hidden layers", 1 / k, Integer(1), 1 / k, turned_hidden, _SQUARE),
    grows("turned_last", "Orthogonalised updates, last layer", k / n, 1 / n, k, turned_last, _SQUARE),
    grows("descent_first", "Gradient descent, first layer", n / k, n, 1 / k, descent_first, _RATE),
    grows("descent_hidden", "Gradient descent, hidden layers", 1 / k, Integer(1), 1 / k, descent_hidden, _RATE),
    grows("descent_last", "Gradient descent, last layer", k / n, 1 / n, k, descent_last, _RATE),
    Growth("root_rate", "Signs with one over a root", ("In a hidden layer signs have a rate with the square ",
           1 / (k * n), ". Over the norm that is wanted theirs has the square ", k * n, ". Does it stay bounded?"),
           Comparison(WIDTH, k * n, "not O", Integer(1), (n,), along=((n, C + n_0),)), root_rate,
           ("The exponent of the rate is -1 and not -1/2.",)),
    Growth("rate_by_outputs", "Signs with the outputs in place of the inputs", ("In the first layer signs have the ",
           "rate ", 1 / n, ". Over the norm that is wanted theirs is ", k / n, ". Does it stay away from 0?"),
           Comparison(WIDTH, k / n, "not Omega", Integer(1), (n,), along=((n, C * k + n_0),)), rate_by_outputs,
           ("The first layer then stops to learn as the width grows.",)),
)  # fmt: skip
CONSTRUCT = Construct(
    name="width_exponents",
    title="Exponents of the width",
    about=("Sizes that are not fixed grow like the width ", n, ".",),
    conventions=("the spectral condition with the constant 1", "k is fixed: a size, or the ratio of two widths"),
    source="Yang, Simon, Bernstein 2023, arXiv:2310.17813, condition 1, section 4; arXiv:2203.03466, table 3",
    claims=(),
    growth=GROWTH,
)

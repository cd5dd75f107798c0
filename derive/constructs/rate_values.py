r"""The largest rates for two factors of a layer: $c = 1/\sqrt{d_i}$ and $c = \sqrt{2/(d_i + d_o)}$.

An orthogonalised update has the largest rate $\sqrt{d_o/d_i}/|c|$, SignSGD with one example and no entry 0 has
$1/(|c| d_i)$. With $c = 1/\sqrt{d_i}$ these are $\sqrt{d_o}$ and $1/\sqrt{d_i}$; with $c = \sqrt{2/(d_i + d_o)}$ they
are $\sqrt{d_o (d_i + d_o)/(2 d_i)}$ and $\sqrt{(d_i + d_o)/2}/d_i$.

Source: Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010, (12) and (16);
Yang, Simon, Bernstein 2023, arXiv:2310.17813, condition 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Expr, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.matrix_norms import SIZES, d_i, d_o
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, eq
from derive.language.numbers import sqrt as root
from derive.language.stretching import stretch
from derive.rules.algebra import absolute_value, definition
from derive.rules.combine import at_part, by, derived, everywhere, then

factor, rate = array("c"), array("alpha")
C, ALPHA = factor[()], rate[()]
MUON, SIGN = sqrt(d_o) / (Abs(C) * sqrt(d_i)), 1 / (Abs(C) * d_i)
FAN_IN, AVERAGE = 1 / sqrt(d_i), sqrt(2) / sqrt(d_i + d_o)


def context(size: Expr, largest: Expr) -> Context:
    """A factor, and the rate made with it."""
    return Context(SIZES, (), (Definition(factor, (), size), Definition(rate, (), largest)))


def value(name: str, size: Expr, largest: Expr) -> Derivation:
    """The rate with the factor inserted."""
    moves = then(
        by(definition, reason=("definition of ", rate)),
        at_part(C, by(definition, reason=("definition of ", factor))),
        everywhere(by(absolute_value, 1, reason=("a root is not negative",))),
    )
    return derived(f"rate_values.{name}", context(size, largest), ALPHA, moves)


def muon_fan_in() -> Derivation:
    """sqrt(d_o)."""
    return value("muon_fan_in", FAN_IN, MUON)


def muon_average() -> Derivation:
    """sqrt(d_o (d_i + d_o)/(2 d_i))."""
    return value("muon_average", AVERAGE, MUON)


def sign_fan_in() -> Derivation:
    """1/sqrt(d_i)."""
    return value("sign_fan_in", FAN_IN, SIGN)


def sign_average() -> Derivation:
    """sqrt((d_i + d_o)/2)/d_i."""
    return value("sign_average", AVERAGE, SIGN)


def largest(d_o: int, d_i: int, size: Any, matrix: list[list[Any]]) -> Any:
    """What the spectral norm of an update may be, over that of this one."""
    return root(d_o) / (size * root(d_i)) / stretch(matrix)


def diagonal(d_o: int, d_i: int) -> list[list[Any]]:
    """A matrix whose singular values are 1."""
    return [[int(j == i) for i in range(d_i)] for j in range(d_o)]


def ones(d_o: int, d_i: int) -> list[list[Any]]:
    """A matrix of signs, none of them 0."""
    return [[1 for _ in range(d_i)] for _ in range(d_o)]


def muon_fan_in_oracle(d_o: int, d_i: int) -> Any:
    """For a matrix whose singular values are 1."""
    return largest(d_o, d_i, 1 / root(d_i), diagonal(d_o, d_i))


def muon_average_oracle(d_o: int, d_i: int) -> Any:
    """For a matrix whose singular values are 1."""
    return largest(d_o, d_i, root(2) / root(d_i + d_o), diagonal(d_o, d_i))


def sign_fan_in_oracle(d_o: int, d_i: int) -> Any:
    """For a matrix of ones."""
    return largest(d_o, d_i, 1 / root(d_i), ones(d_o, d_i))


def sign_average_oracle(d_o: int, d_i: int) -> Any:
    """For a matrix of ones."""
    return largest(d_o, d_i, root(2) / root(d_i + d_o), ones(d_o, d_i))


def _asked(kind: str, size: Expr, largest: Expr) -> Text:
    return (f"The largest rate of {kind} is ", eq(ALPHA, largest), ". Find it for ", eq(C, size), ".")


_KINDS = "an orthogonalised update", "SignSGD with one example and no entry 0"
CONSTRUCT = Construct(
    name="rate_values",
    title="Largest rates for two factors",
    about=("A layer with ", d_i, " inputs and ", d_o, " outputs multiplies by a factor ", C, " besides its weights."),
    conventions=("outputs and inputs are measured by their root mean square",),
    source="Glorot, Bengio 2010, (12) and (16); Yang, Simon, Bernstein 2023, arXiv:2310.17813, condition 1",
    claims=(
        Claim("muon_fan_in", "Orthogonalised, by the inputs", _asked(_KINDS[0], FAN_IN, MUON), context(FAN_IN, MUON),
              ALPHA, muon_fan_in, muon_fan_in_oracle),
        Claim("muon_average", "Orthogonalised, by both", _asked(_KINDS[0], AVERAGE, MUON), context(AVERAGE, MUON),
              ALPHA, muon_average, muon_average_oracle),
        Claim("sign_fan_in", "Signs, by the inputs", _asked(_KINDS[1], FAN_IN, SIGN), context(FAN_IN, SIGN),
              ALPHA, sign_fan_in, sign_fan_in_oracle),
        Claim("sign_average", "Signs, by both", _asked(_KINDS[1], AVERAGE, SIGN), context(AVERAGE, SIGN),
              ALPHA, sign_average, sign_average_oracle),
    ),
)  # fmt: skip

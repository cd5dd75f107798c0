r"""Rates from the spectral condition: signs, orthogonalised updates, gradient descent for one example.

By the condition an update of a layer with $d_i$ inputs and $d_o$ outputs has the norm $\sqrt{d_o/d_i}$. A rate $\eta$
times a full matrix of signs of rank one has the norm $\eta\sqrt{d_o d_i}$: met just for $\eta = 1/d_i$. An
orthogonalised update has the norm $\eta$: met just for $\eta = \sqrt{d_o/d_i}$. For one example $\eta\,g x^\top$ has
the norm $\eta |g| |x|$; with r the root mean square of x and $\gamma = \sqrt{d_o}\,|g|$ (how much the loss changes at
most, to first order, when the outputs change by a root mean square of 1) it is met for $\eta = d_o/(d_i\,r\,\gamma)$.

Source: Yang, Simon, Bernstein, A spectral condition for feature learning, 2023, arXiv:2310.17813, condition 1 and
section 4; Bernstein, Wang, Azizzadenesheli, Anandkumar, signSGD, 2018, algorithm 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, sqrt

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.largest_rates import FULL
from derive.constructs.matrix_norms import SIZES, Matrix, Vector, columns, d_i, d_o, i, j, rows
from derive.constructs.orthogonalised import ORTHONORMAL, turned
from derive.constructs.rank_norms import _R as rank
from derive.constructs.rank_norms import U, V, l, over
from derive.constructs.sign_matrices import counted, g, signs, x
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, array, declare, eq, gt
from derive.language.numbers import sqrt as root
from derive.language.stretching import stretch
from derive.rules.algebra import absolute_value, definition
from derive.rules.combine import by, derived, everywhere, one_line, then
from derive.rules.lemmas import use_lemma
from derive.rules.norms import sign_squared, signum, spectral, spectral_by_values, spectral_of_outer
from derive.rules.ranges import largest_is
from derive.rules.sums import constant_out_of_sum

_eta, _theta = declare("eta", "real", "rate"), declare("theta", "real", "share of a rate")
eta, theta = _eta.symbol, _theta.symbol
D, r, gamma, alpha = array("dW", (1, d_o), (1, d_i)), array("r"), array("gamma"), array("alpha")
NORM, WANTED = spectral(D), sqrt(d_o) / sqrt(d_i)


def of_signs(rate: Any, *given: Any) -> Context:
    """An update with a full matrix of signs."""
    step = Definition(D, (j, i), -rate * signum(g[j]) * signum(x[i]))
    used = [d for d in (_eta, _theta) if d.symbol in rate.free_symbols]
    return Context((*SIZES, *used), (*given, *FULL), (step,), (g, x))


SIGNS, SHARE = of_signs(eta, gt(eta, 0)), of_signs(theta / d_i, gt(theta, 0))
TURN = Definition(D, (j, i), over(eta * U[j, l] * V[i, l]))
TURNED = Context((*SIZES, rank, _eta), (gt(eta, 0), *ORTHONORMAL), (TURN,), (U, V))
SQUARES = rows(g[j] ** 2), columns(x[i] ** 2)
MEAN, CHANGE = Definition(r, (), sqrt(SQUARES[1]) / sqrt(d_i)), Definition(gamma, (), sqrt(d_o) * sqrt(SQUARES[0]))
RATE = Definition(alpha, (), d_o / (d_i * r[()] * gamma[()]))
DOWN = Definition(D, (j, i), -alpha[()] * g[j] * x[i])
DESCENT = Context(SIZES, tuple(gt(one, 0) for one in SQUARES), (MEAN, CHANGE, RATE, DOWN), (g, x))
outside = one_line(
    then(everywhere(by(constant_out_of_sum)), everywhere(by(absolute_value, 1))), ("take the factors out of the root",)
)


def of_sign_matrix() -> Derivation:
    """eta sqrt(d_o d_i)."""
    squares = then(*(everywhere(by(sign_squared, number)) for number in (g[j], x[i])))
    moves = then(
        by(spectral_of_outer, -eta * signum(g[j]), j, signum(x[i]), i),
        one_line(squares, ("the square of a sign is 1, or 0",)),
        counted,
        outside,
    )
    return derived("width_rates.signs", SIGNS, NORM, moves)


def sign_rate() -> Derivation:
    """theta times what is wanted: met just for theta = 1."""
    lemma, rate = of_sign_matrix(), theta / d_i
    moves = use_lemma(lemma, {eta: rate}, ("the norm found for any rate, with the rate ", rate))
    return derived("width_rates.sign_rate", SHARE, NORM, moves, (lemma,))


def of_turned() -> Derivation:
    """eta."""
    moves = then(
        by(spectral_by_values, U[j, l], eta, V[i, l]),
        by(largest_is, Integer(1), reason=("all singular values are equal",)),
    )
    return derived("width_rates.turned", TURNED, NORM, moves)


def descent() -> Derivation:
    """sqrt(d_o/d_i)."""
    inserted = one_line(everywhere(by(definition)), ("insert the rate, and what it is made of",))
    moves = then(
        by(spectral_of_outer, -alpha[()] * g[j], j, x[i], i),
        outside,
        inserted,
    )
    return derived("width_rates.descent", DESCENT, NORM, moves)


def signs_oracle(d_o: int, d_i: int, eta: Any, g: Vector, x: Vector) -> Any:
    """The largest stretch of the update."""
    return stretch([[-eta * sign for sign in row] for row in signs(d_o, d_i, lambda j, i: g(j) * x(i))])


def sign_rate_oracle(d_o: int, d_i: int, theta: Any, g: Vector, x: Vector) -> Any:
    """The largest stretch of the update."""
    return signs_oracle(d_o, d_i, theta / d_i, g, x)


def turned_oracle(d_o: int, d_i: int, R: int, eta: Any, U: Matrix, V: Matrix) -> Any:
    """The largest stretch of the update."""
    return stretch([[eta * entry for entry in row] for row in turned(d_o, d_i, R, U, V)])


def descent_oracle(d_o: int, d_i: int, g: Vector, x: Vector) -> Any:
    """The largest stretch of the gradient, times the rate."""
    down, across = [g(place) for place in range(1, d_o + 1)], [x(place) for place in range(1, d_i + 1)]
    mean = root(sum(one * one for one in across)) / root(d_i)
    change = root(d_o) * root(sum(one * one for one in down))
    return d_o / (d_i * mean * change) * stretch([[a * b for b in across] for a in down])


_MISSED: Text = ("The norm grows with both sizes, and the condition allows the outputs only.",)


def missed(name: str, title: str, rate: Any, words: str) -> Refuted:
    """A rate by which signs do not meet the condition."""
    said: Text = (f"Signs meet the condition with a rate by {words}",)
    return Refuted(name, title, said, of_signs(rate), NORM, "=", WANTED, _MISSED, "width_rates.sign_rate")


_FOR: Text = (" Find its spectral norm.",)
CONSTRUCT = Construct(
    name="width_rates",
    title="Rates from the spectral condition",
    about=("An update of a layer with ", d_o, " outputs and ", d_i, " inputs is to have the spectral norm ", WANTED,
           "."),
    conventions=(
        "outputs and inputs are measured by their root mean square", "the condition with the constant 1",
        "the sign of 0 is 0",
    ),
    source="Yang, Simon, Bernstein 2023, arXiv:2310.17813, condition 1 and section 4",
    claims=(
        Claim("signs", "Signs", ("The update is ", eta, " times signs, none of them 0.", *_FOR), SIGNS, NORM,
              of_sign_matrix, signs_oracle),
        Claim("sign_rate", "The rate of signs", ("The rate is ", theta, " times ", 1 / d_i, ". For which ", theta,
              " is the norm what is wanted?"), SHARE, NORM, sign_rate, sign_rate_oracle),
        Claim("turned", "Orthogonalised", ("The update is ", eta, " times the orthogonal factor.", *_FOR), TURNED, NORM,
              of_turned, turned_oracle),
        Claim("descent", "Gradient descent", ("For one example the update is ", alpha[()], " times the gradient ",
              g[j] * x[i], ", with ", eq(alpha[()], RATE.body), ", where ", eq(r[()], MEAN.body), " and ",
              eq(gamma[()], CHANGE.body), ".", *_FOR), DESCENT, NORM, descent, descent_oracle),
    ),
    refuted=(
        missed("by_outputs", "The outputs in place of the inputs", 1 / d_o, "the number of outputs"),
        missed("by_both", "The mean of both sizes", 2 / (d_o + d_i), "the mean of inputs and outputs"),
    ),
)  # fmt: skip

r"""The largest learning rates for which an update changes no output by more than 1: SignSGD and orthogonalised updates.

The update $\Delta W$ may have the spectral norm $\beta = \sqrt{d_o/d_i}/|c|$. SignSGD with one example makes
$-\alpha$ times a matrix of signs with norm $\sqrt{\mathrm{nnz}(g)\,\mathrm{nnz}(x)}$, so its largest rate is
$\beta/\sqrt{\mathrm{nnz}(g)\,\mathrm{nnz}(x)}$, which is $1/(|c| d_i)$ if no entry is 0. The orthogonal factor
$U V^\top$ has norm 1, so there it is $\beta$ itself. With $\theta$ times the largest rate the norm is $\theta\beta$: at
most $\beta$ just for $\theta \le 1$, so that no larger rate will do.

Source: Bernstein, Wang, Azizzadenesheli, Anandkumar, signSGD, 2018, algorithm 1; Jordan et al., Muon, 2024; Yang,
Simon, Bernstein 2023, arXiv:2310.17813, condition 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Integer, sqrt

from derive.constructs.construct import Claim, Construct
from derive.constructs.matrix_norms import SIZES, Matrix, Vector, columns, d_i, d_o, i, j, rows
from derive.constructs.orthogonalised import ORTHONORMAL, turned
from derive.constructs.rank_norms import _R as rank
from derive.constructs.rank_norms import U, V, l, over
from derive.constructs.sign_matrices import LEFT, RIGHT, _c, c, counted, g, signs, x
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, ForAll, Indicator, array, declare, eq, ge, gt, ne
from derive.language.numbers import sqrt as root
from derive.language.stretching import stretch
from derive.rules.algebra import absolute_value, definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.indicators import indicator_holds
from derive.rules.norms import sign_squared, spectral, spectral_by_values, spectral_of_outer
from derive.rules.ranges import largest_is
from derive.rules.sums import constant_out_of_sum

_theta = declare("theta", "real", "share of the largest rate")
theta = _theta.symbol
D, rate = array("dW", (1, d_o), (1, d_i)), array("alpha")
NNZ_G, NNZ_X = rows(Indicator(ne(g[j], 0))), columns(Indicator(ne(x[i], 0)))
BOUND = sqrt(d_o) / (Abs(c) * sqrt(d_i))
NORM, ALPHA = spectral(D), rate[()]
SIGN_RATE = Definition(rate, (), BOUND / (sqrt(NNZ_G) * sqrt(NNZ_X)))
SIGN_STEP = Definition(D, (j, i), -theta * ALPHA * LEFT * RIGHT)
SOME = ne(c, 0), gt(NNZ_G, 0), gt(NNZ_X, 0)
SIGN = Context((*SIZES, _c, _theta), (ge(theta, 0), *SOME), (SIGN_RATE, SIGN_STEP), (g, x))
FULL = ForAll(ne(g[j], 0), j, 1, d_o), ForAll(ne(x[i], 0), i, 1, d_i)
NO_ZEROS = Context((*SIZES, _c), (ne(c, 0), *FULL), (SIGN_RATE,), (g, x))
MUON_RATE = Definition(rate, (), BOUND)
MUON_STEP = Definition(D, (j, i), over(theta * ALPHA * U[j, l] * V[i, l]))
MUON = Context((*SIZES, rank, _c, _theta), (ne(c, 0), ge(theta, 0), *ORTHONORMAL), (MUON_RATE, MUON_STEP), (U, V))
outside = then(everywhere(by(constant_out_of_sum)), everywhere(by(absolute_value, 1)))


def signsgd() -> Derivation:
    """theta times the bound."""
    squares = then(*(everywhere(by(sign_squared, number)) for number in (c, g[j], x[i])))
    moves = then(
        by(spectral_of_outer, -theta * ALPHA * LEFT, j, RIGHT, i),
        one_line(squares, ("the square of a sign is 1, or 0",)),
        at_part(Indicator(ne(c, 0)), by(indicator_holds, reason=(ne(c, 0),))),
        one_line(outside, ("take the factors out of the root",)),
        at_part(ALPHA, by(definition, reason=("definition of ", rate))),
    )
    return derived("largest_rates.signsgd", SIGN, NORM, moves)


def muon() -> Derivation:
    """theta times the bound."""
    moves = then(
        by(spectral_by_values, U[j, l], theta * ALPHA, V[i, l]),
        by(largest_is, Integer(1), reason=("all singular values are equal",)),
        at_part(ALPHA, by(definition, reason=("definition of ", rate))),
    )
    return derived("largest_rates.muon", MUON, NORM, moves)


def no_zeros() -> Derivation:
    """1/(|c| d_i)."""
    moves = then(by(definition, reason=("definition of ", rate)), counted)
    return derived("largest_rates.no_zeros", NO_ZEROS, ALPHA, moves)


def _bound(d_o: int, d_i: int, c: Any) -> Any:
    """What the spectral norm of an update may be."""
    return root(d_o) / (abs(c) * root(d_i))


def signsgd_oracle(d_o: int, d_i: int, c: Any, theta: Any, g: Vector, x: Vector) -> Any:
    """The largest stretch of the update, with its rate made of the one for the rate 1."""
    rows_of = signs(d_o, d_i, lambda j, i: c * g(j) * x(i))
    return theta * _bound(d_o, d_i, c) / stretch(rows_of) * stretch(rows_of)


def muon_oracle(d_o: int, d_i: int, R: int, c: Any, theta: Any, U: Matrix, V: Matrix) -> Any:
    """The largest stretch of the orthogonal factor, times the rate."""
    return theta * _bound(d_o, d_i, c) * stretch(turned(d_o, d_i, R, U, V))


def no_zeros_oracle(d_o: int, d_i: int, c: Any, g: Vector, x: Vector) -> Any:
    """The bound over the largest stretch of the signs."""
    return _bound(d_o, d_i, c) / stretch(signs(d_o, d_i, lambda j, i: c * g(j) * x(i)))


_SIGN: Text = (
    *("SignSGD takes a step against the signs of ", c * g[j] * x[i], ", with ", theta, " times the rate "),
    *(eq(ALPHA, SIGN_RATE.body), ". Find the spectral norm of the update."),
)
_MUON: Text = (
    *("The update is ", theta * ALPHA, " times the orthogonal factor, with ", eq(ALPHA, MUON_RATE.body), ". Find its "),
    *("spectral norm.",),
)
CONSTRUCT = Construct(
    name="largest_rates",
    title="The largest rates of two updates",
    about=("An update with ", d_o, " rows and ", d_i, " columns changes no output by more than 1 just where its ",
           "spectral norm is at most ", BOUND, "."),
    conventions=("indices from 1", "the sign of 0 is 0", "outputs and inputs are measured by their root mean square"),
    source="Bernstein et al., signSGD, 2018, algorithm 1; Jordan et al., Muon, 2024; arXiv:2310.17813, condition 1",
    claims=(
        Claim("signsgd", "SignSGD with one example", _SIGN, SIGN, NORM, signsgd, signsgd_oracle),
        Claim("muon", "An orthogonalised update", _MUON, MUON, NORM, muon, muon_oracle),
        Claim("no_zeros", "SignSGD where no entry is 0",
              ("No entry of ", g, " and ", x, " is 0. Find the largest rate."),
              NO_ZEROS, ALPHA, no_zeros, no_zeros_oracle),
    ),
)  # fmt: skip

r"""A learning rate that suffices for SignSGD whatever entries are 0: $\alpha = 1/(|c| d_i)$.

With one example the update is $-\alpha$ times a matrix of signs whose norm is
$\sqrt{\mathrm{nnz}(g)\,\mathrm{nnz}(x)} \le \sqrt{d_o d_i}$. So its norm is at most $\alpha \sqrt{d_o d_i}$, which is
$\sqrt{d_o/d_i}/|c|$, what it may be, for $\alpha = 1/(|c| d_i)$. That is the largest such rate if no entry is 0
(`largest_rates.no_zeros`); where some are, larger ones would do.

Source: Bernstein, Wang, Azizzadenesheli, Anandkumar, signSGD, 2018, algorithm 1; Yang, Simon, Bernstein 2023,
arXiv:2310.17813, condition 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Integer

from derive.constructs.construct import Claim, Construct
from derive.constructs.largest_rates import ALPHA, BOUND, NNZ_G, NNZ_X, D, outside, rate
from derive.constructs.matrix_norms import SIZES, Vector, d_i, d_o, i, j
from derive.constructs.sign_matrices import LEFT, RIGHT, _c, c, g, signs, x
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Indicator, ne
from derive.language.stretching import stretch
from derive.rules.algebra import algebra, definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.indicators import indicator_holds
from derive.rules.lemmas import use_lemma
from derive.rules.norms import sign_squared, spectral, spectral_of_outer
from derive.rules.ranges import at_most
from derive.rules.sums import sum_of_constant

RATE = 1 / (Abs(c) * d_i)
GIVEN, STEP = Definition(rate, (), RATE), Definition(D, (j, i), -ALPHA * LEFT * RIGHT)
ANY = Context((*SIZES, _c), (ne(c, 0),), (GIVEN, STEP), (g, x))
NORM = spectral(D)


def norm() -> Derivation:
    """sqrt(nnz(g)) sqrt(nnz(x))/(|c| d_i)."""
    squares = then(*(everywhere(by(sign_squared, number)) for number in (c, g[j], x[i])))
    moves = then(
        by(spectral_of_outer, -ALPHA * LEFT, j, RIGHT, i),
        one_line(squares, ("the square of a sign is 1, or 0",)),
        at_part(Indicator(ne(c, 0)), by(indicator_holds, reason=(ne(c, 0),))),
        one_line(outside, ("take the factors out of the root",)),
        at_part(ALPHA, by(definition, reason=("definition of ", rate))),
    )
    return derived("sign_rates.norm", ANY, NORM, moves)


def suffices() -> Derivation:
    """At most sqrt(d_o/d_i)/|c|."""
    lemma = norm()
    moves = then(use_lemma(lemma, {}, ("its norm",)))
    for counted in (NNZ_G, NNZ_X):
        most = then(at_part(counted.body, by(at_most, Integer(1))), by(sum_of_constant))
        moves = then(moves, at_part(counted, one_line(most, ("no more than all of them",))))
    moves = then(moves, by(algebra, BOUND, reason=("tidy up",)))
    return derived("sign_rates.suffices", ANY, NORM, moves, (lemma,))


def norm_oracle(d_o: int, d_i: int, c: Any, g: Vector, x: Vector) -> Any:
    """The largest stretch of the signs, times the rate."""
    return stretch(signs(d_o, d_i, lambda j, i: c * g(j) * x(i))) / (abs(c) * d_i)


_STEP: Text = ("SignSGD takes a step against the signs of ", c * g[j] * x[i], ", with the rate ", RATE, ". ")
CONSTRUCT = Construct(
    name="sign_rates",
    title="A rate that suffices for SignSGD",
    about=("An update with ", d_o, " rows and ", d_i, " columns changes no output by more than 1 just where its ",
           "spectral norm is at most ", BOUND, "."),
    conventions=("indices from 1", "the sign of 0 is 0", "outputs and inputs are measured by their root mean square"),
    source="Bernstein et al., signSGD, 2018, algorithm 1; Yang, Simon, Bernstein 2023, arXiv:2310.17813, condition 1",
    claims=(
        Claim("suffices", "Whatever is 0", (*_STEP, "How large can the spectral norm of the update be?"), ANY, NORM,
              suffices, norm_oracle),
        Claim("norm", "Its norm", (*_STEP, "Find the spectral norm of the update."), ANY, NORM, norm, norm_oracle),
    ),
)  # fmt: skip

r"""Which rates gradient descent with momentum converges for: those below $2(1+\beta)/\lambda$.

The roots of $z^2 - (1+\beta-x) z + \beta$, x being the rate times the curvature, decide (`heavy_ball`). Real roots
$\rho, \sigma$ have $\beta = \rho\sigma$, $x = (1-\rho)(1-\sigma)$ and $2(1+\beta) - x = (1+\rho)(1+\sigma)$; complex
ones $a \pm ib$ have $\beta = a^2 + b^2$, $x = (1-a)^2 + b^2$ and $2(1+\beta) - x = (1+a)^2 + b^2$. In both cases they
are in the unit circle if and only if $\beta < 1$ and $0 < x < 2(1+\beta)$. For $\beta = 0$ these are the rates below
$2/\lambda$ of plain descent.

Source: Jury, Theory and Application of the z-Transform Method, 1964, section 3.5 (roots in the unit circle); Polyak,
USSR Comput. Math. Math. Phys. 4 (1964), section 2.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.heavy_ball import STEP, _rho, _sigma, rho, sigma
from derive.kernel.derivation import Derivation, Text
from derive.language import Condition, Context, Indicator, all_of, declare, gt, lt, ne
from derive.rules.combine import by, derived
from derive.rules.indicators import restate_indicator

_a, _b = declare("a", "real", "real part"), declare("b", "real", "imaginary part")
a, b = _a.symbol, _b.symbol
REAL, PAIR = Context((_rho, _sigma)), Context((_a, _b), (ne(b, 0),))


def below(keep: Expr, step: Expr) -> Condition:
    """That the momentum is less than 1, and the rate times curvature between 0 and 2 (1 + momentum)."""
    return all_of(lt(keep, 1), gt(step, 0), lt(step, 2 * (1 + keep)))


INSIDE, INSIDE_PAIR = all_of(lt(Abs(rho), 1), lt(Abs(sigma), 1)), lt(a**2 + b**2, 1)


def real_roots() -> Derivation:
    """Both real roots between -1 and 1."""
    moves = by(restate_indicator, below(rho * sigma, STEP), reason=("compare signs of the factors",))
    return derived("heavy_ball_rates.real_roots", REAL, Indicator(INSIDE), moves)


def pair() -> Derivation:
    """A pair of complex roots in the unit circle."""
    right = below(a**2 + b**2, (1 - a) ** 2 + b**2)
    moves = by(restate_indicator, right, reason=("the sum of two squares that are not both 0 is positive",))
    return derived("heavy_ball_rates.pair", PAIR, Indicator(INSIDE_PAIR), moves)


def real_roots_oracle(rho: Any, sigma: Any) -> int:
    """One root after the other."""
    return int(all(-1 < root < 1 for root in (rho, sigma)))


def pair_oracle(a: Any, b: Any) -> int:
    """The squared modulus."""
    return int(sum(part * part for part in (a, b)) < 1)


_KNOWN = "Momentum and rate times curvature are "
_REAL: Text = (_KNOWN, rho * sigma, " and ", STEP, ". When are both roots between -1 and 1?")
_PAIR: Text = (
    _KNOWN, a**2 + b**2, " and ", (1 - a) ** 2 + b**2, ", so that both roots have ",
    "the real part ", a, ", and the imaginary parts are ", b, " and ", -b, ". When are they in the unit circle?",
)  # fmt: skip
SLOWER = Refuted(
    name="rate_without_momentum",
    title="The largest rate",
    statement=("With momentum it converges for the same rates as without",),
    context=REAL,
    left=Indicator(INSIDE),
    relation="=",
    right=Indicator(all_of(lt(rho * sigma, 1), gt(STEP, 0), lt(STEP, 2))),
    missing=("The largest rate is that without momentum, times ", 1 + rho * sigma, "."),
    instead="heavy_ball_rates.real_roots",
)
CONSTRUCT = Construct(
    name="heavy_ball_rates",
    title="Which rates momentum allows",
    about=("The heavy ball on a quadratic converges if both of its roots are in the unit circle.",),
    conventions=("told by the momentum and by the rate times the curvature",),
    source="Jury, Theory and Application of the z-Transform Method, 1964, section 3.5; Polyak, 1964, section 2",
    claims=(
        Claim("real_roots", "Real roots", _REAL, REAL, Indicator(INSIDE), real_roots, real_roots_oracle),
        Claim("pair", "Complex roots", _PAIR, PAIR, Indicator(INSIDE_PAIR), pair, pair_oracle),
    ),
    refuted=(SLOWER,),
)

"""Wrong walks of gradient descent: with momentum, and averaged."""

from __future__ import annotations

from sympy import Expr, Integer, Rational

from derive.constructs import heavy_ball_rates as ball
from derive.constructs.averaged_iterates import T, c, x
from derive.constructs.heavy_ball import STEP, p, q, rho, sigma
from derive.language import Indicator, all_of, gt, lt

_BALL, _MEAN = "heavy_ball.", "averaged_iterates."
_REAL, _PAIR = "heavy_ball_rates.real_roots", "heavy_ball_rates.pair"
_HALF = ball.below(ball.a**2 + ball.b**2, 2 * (1 - ball.a) ** 2)
_PRODUCT = rho * sigma
WRONG: list[tuple[str, str, Expr]] = [
    (_BALL + "modes", "roots exchanged", ((q - sigma * p) * sigma**T - (q - rho * p) * rho**T) / (rho - sigma)),
    (_BALL + "modes", "one root alone", (q - sigma * p) * rho**T / (rho - sigma)),
    (
        _BALL + "modes",
        "a step too far",
        ((q - sigma * p) * rho ** (T + 1) - (q - rho * p) * sigma ** (T + 1)) / (rho - sigma),
    ),
    (_BALL + "apart", "the other root", sigma**T * (q - sigma * p)),
    (_BALL + "apart", "the other start", rho**T * (q - rho * p)),
    (
        _REAL,
        "as without momentum",
        Indicator(all_of(lt(_PRODUCT, 1), gt(STEP, 0), lt(STEP, 2))),
    ),
    (_REAL, "momentum forgotten", Indicator(all_of(gt(STEP, 0), lt(STEP, 2 * (1 + _PRODUCT))))),
    (_REAL, "rate forgotten", Indicator(lt(_PRODUCT, 1))),
    (_PAIR, "always", Integer(1)),
    (
        _PAIR,
        "half of the rate",
        Indicator(_HALF),
    ),
    (_MEAN + "mean", "the last one", (1 - x) ** T * c),
    (_MEAN + "mean", "one too few", c * (1 - (1 - x) ** T) / ((T + 1) * x)),
    (_MEAN + "mean", "divided by the steps", c * (1 - (1 - x) ** (T + 1)) / ((T + 2) * x)),
    (_MEAN + "iterate", "the other way", (1 + x) ** T * c),
    (_MEAN + "edge", "nothing is left", Integer(0)),
    (_MEAN + "edge", "half of it", c * Rational(1, 2)),
    (_MEAN + "edge", "turned round", c * (1 - (-1) ** T) / (2 * (T + 1))),
    (_MEAN + "mean", "the middle", c * (1 - x / 2) ** T),
]

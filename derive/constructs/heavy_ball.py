r"""Gradient descent with momentum on a quadratic: powers of two roots.

On $\tfrac12\lambda w^2$ the heavy ball goes $w_{t+1} = w_t - x w_t + \beta (w_t - w_{t-1})$, $x = \eta\lambda$. With
the roots $\rho, \sigma$ of $z^2 - (1+\beta-x) z + \beta$, so that $\beta = \rho\sigma$ and $x = (1-\rho)(1-\sigma)$,
$w_{t+1} - \sigma w_t$ is multiplied by $\rho$ at each step, and
$w_T = ((q - \sigma p) \rho^T - (q - \rho p) \sigma^T)/(\rho - \sigma)$ from $w_0 = p$, $w_1 = q$, for unlike roots.
So it converges from all starts if both roots have a modulus below 1: see `heavy_ball_rates`.

Source: Polyak, Some methods of speeding up the convergence of iteration methods, USSR Comput. Math. Math. Phys. 4
(1964), section 2.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, oo

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Context, Definition, array, declare, integer
from derive.language.conditions import eq, ne
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, then
from derive.rules.expand import up_to_alike
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import unrolled, upwards

_T, _p, _q = declare("T", "natural", "steps"), declare("p", "real", "start"), declare("q", "real", "next")
_rho, _sigma = declare("rho", "real", "root"), declare("sigma", "real", "root")
_beta, _x = declare("beta", "real", "momentum"), declare("x", "real", "rate times curvature")
T, p, q, rho, sigma, beta, x = (d.symbol for d in (_T, _p, _q, _rho, _sigma, _beta, _x))
t = integer("t")
w, d, e = (array(name, (0, oo)) for name in "wde")


def ball(keep: Expr, step: Expr) -> Definition:
    """The heavy ball with this momentum and this rate times curvature."""
    after = w[t - 1] - step * w[t - 1] + keep * (w[t - 1] - w[t - 2])
    return Definition(w, (t,), Cases((p, eq(t, 0)), (q, eq(t, 1)), (after, OTHERWISE)))


STEP = (1 - rho) * (1 - sigma)
BY_ROOTS = ball(rho * sigma, STEP)
_ONE, _OTHER = Definition(d, (t,), w[t + 1] - sigma * w[t]), Definition(e, (t,), w[t + 1] - rho * w[t])
WALK = Context((_T, _rho, _sigma, _p, _q), (), (BY_ROOTS, _ONE))
MODES = Context((_T, _rho, _sigma, _p, _q), (ne(rho, sigma),), (BY_ROOTS, _ONE, _OTHER))


def apart() -> Derivation:
    """d_T = rho**T (q - sigma p)."""

    def step(known: Conversion) -> Conversion:
        grouped = by(algebra, rho * (w[T + 1] - sigma * w[T]), reason=("take ", rho, " out"))
        told = then(grouped, upwards(rho * d[T], unrolled(d[T]), ("definition of ", d)), at_part(d[T], known))
        again = by(algebra, rho ** (T + 1) * (q - sigma * p), reason=("one factor more",))
        return then(unrolled(d[T + 1], w[T + 2]), told, again)

    moves = by_induction(T, 0, rho**T * (q - sigma * p), unrolled(d[0], w[1], w[0]), step)
    return derived("heavy_ball.apart", WALK, d[T], moves)


def modes() -> Derivation:
    """w_T as a sum of powers of the roots."""
    known = apart()
    swapped = {rho: sigma, sigma: rho, d: e}
    moves = then(
        up_to_alike((d[T] - e[T]) / (rho - sigma), unrolled(d[T], e[T]), ("definitions of ", d, " and ", e)),
        at_part(d[T], use_lemma(known, {}, (eq(d[T], known.right),))),
        at_part(e[T], use_lemma(known, swapped, ("the same with the roots exchanged",))),
    )
    return derived("heavy_ball.modes", MODES, w[T], moves, (known,))


def walked(T: int, keep: Any, step: Any, p: Any, q: Any) -> Any:
    """Step by step, with the speed kept beside the place."""
    place, speed = p, q - p
    for _ in range(T):
        place = place + speed
        speed = keep * speed - step * place
    return place


def apart_oracle(T: int, rho: Any, sigma: Any, p: Any, q: Any) -> Any:
    """From two places of the walk."""
    step = 1 + rho * sigma - rho - sigma
    return walked(T + 1, rho * sigma, step, p, q) - sigma * walked(T, rho * sigma, step, p, q)


def modes_oracle(T: int, rho: Any, sigma: Any, p: Any, q: Any) -> Any:
    """Where the walk is."""
    return walked(T, rho * sigma, 1 + rho * sigma - rho - sigma, p, q)


_WALK: Text = ("Momentum and rate times curvature are ", rho * sigma, " and ", STEP, ". ")
CONSTRUCT = Construct(
    name="heavy_ball",
    title="Momentum on a quadratic",
    about=("A step takes ", w[t - 1], " to ", w[t - 1] - x * w[t - 1] + beta * (w[t - 1] - w[t - 2]), "."),
    conventions=("x is the rate times the curvature", "the loss is half the curvature times the square of w"),
    source="Polyak, USSR Comput. Math. Math. Phys. 4 (1964), section 2",
    claims=(
        Claim("modes", "Where it goes", (*_WALK, "Find ", w[T], "."), MODES, w[T], modes, modes_oracle),
        Claim("apart", "Without one root", (*_WALK, "Find ", d[T], "."), WALK, d[T], apart, apart_oracle),
    ),
)

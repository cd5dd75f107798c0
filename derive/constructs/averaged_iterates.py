r"""The plain mean of the iterates of gradient descent on a quadratic: it converges at the edge, where they do not.

With $w_t = (1-x)^t c$, x being the rate times the curvature, the mean of $w_0, \dots, w_T$ is
$c\,(1 - (1-x)^{T+1})/((T+1)\,x)$ for $x \ne 0$. For 0 < x < 2 the iterates fall like a power and the mean only like
1/T: averaging forgets the start slowly. At x = 2, the edge of divergence, the iterates jump between c and -c, and their
mean is $c\,(1 + (-1)^T)/(2(T+1))$, which tends to 0.

Source: Polyak, Juditsky, Acceleration of stochastic approximation by averaging, SIAM J. Control Optim. 30 (1992);
Bach, Moulines, arXiv:1306.2119, section 2 (averaging for least squares).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import oo

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import OTHERWISE, Cases, Context, Definition, IndexSum, array, declare, eq, gt, integer, lt, ne
from derive.rules.algebra import algebra
from derive.rules.closed_forms import closed_form
from derive.rules.combine import Conversion, at_part, by, by_induction, derived, everywhere, then
from derive.rules.lemmas import use_lemma
from derive.rules.recursions import unrolled

_T, _c, _x = (
    declare("T", "natural", "steps"),
    declare("c", "real", "start"),
    declare("x", "real", "rate times curvature"),
)
T, c, x = _T.symbol, _c.symbol, _x.symbol
t, k = integer("t"), integer("k")
w = array("w", (0, oo))


def steps(rate: Any) -> Definition:
    """Gradient descent with this rate times curvature."""
    return Definition(w, (t,), Cases((c, eq(t, 0)), (w[t - 1] - rate * w[t - 1], OTHERWISE)))


ANY, MOVING = Context((_T, _c, _x), (), (steps(x),)), Context((_T, _c, _x), (ne(x, 0),), (steps(x),))
EDGE = Context((_T, _c), (), (steps(2),))
MEAN = IndexSum(w[k], k, 0, T) / (T + 1)


def _power(name: str, context: Context, rate: Any) -> Derivation:
    """w_T = (1 - x)**T c."""

    def step(known: Conversion) -> Conversion:
        more = by(algebra, (1 - rate) ** (T + 1) * c, reason=("one factor more",))
        return then(unrolled(w[T + 1]), everywhere(at_part(w[T], known)), more)

    moves = by_induction(T, 0, (1 - rate) ** T * c, unrolled(w[0]), step)
    return derived(f"averaged_iterates.{name}", context, w[T], moves)


def iterate() -> Derivation:
    """The iterate itself."""
    return _power("iterate", ANY, x)


def _averaged(name: str, context: Context, known: Derivation, right: Any) -> Derivation:
    each = at_part(w[k], use_lemma(known, {T: k}, (eq(w[T], known.right),)))
    moves = then(each, closed_form(t), by(algebra, right, reason=("in one fraction",)))
    return derived(f"averaged_iterates.{name}", context, MEAN, moves, (known,))


def mean() -> Derivation:
    """The mean of the iterates."""
    return _averaged("mean", MOVING, iterate(), c * (1 - (1 - x) ** (T + 1)) / ((T + 1) * x))


def edge() -> Derivation:
    """The mean of c and -c in turn."""
    return _averaged("edge", EDGE, _power("jump", EDGE, 2), c * (1 + (-1) ** T) / (2 * (T + 1)))


def walked(T: int, c: Any, x: Any) -> list[Any]:
    """All places of the walk."""
    places = [c]
    for _ in range(T):
        places.append(places[-1] - x * places[-1])
    return places


def iterate_oracle(T: int, c: Any, x: Any) -> Any:
    """The last of them."""
    return walked(T, c, x)[-1]


def mean_oracle(T: int, c: Any, x: Any) -> Any:
    """All of them, added up and divided."""
    return sum(walked(T, c, x)) * Fraction(1, T + 1)


def edge_oracle(T: int, c: Any) -> Any:
    """At the edge."""
    return mean_oracle(T, c, 2)


_FASTER = Refuted(
    name="nearer",
    title="Averages are nearer",
    statement=("The square of the mean is at most that of the last iterate",),
    context=Context((_T, _c, _x), (gt(x, 0), lt(x, 2)), (steps(x),)),
    left=MEAN**2,
    relation="<=",
    right=w[T] ** 2,
    missing=("Without noise the mean keeps what is left of the first iterates.",),
    instead="averaged_iterates.mean",
)
_WALK: Text = ("Gradient descent on a quadratic goes from ", c, " with ", x, ", the rate times the curvature. ")
_EDGE: Text = ("The rate times the curvature is 2. What is the mean of all iterates up to ", w[T], "?")
CONSTRUCT = Construct(
    name="averaged_iterates",
    title="The mean of the iterates of gradient descent",
    about=("A loss has its minimum at 0, and a step takes ", w[t - 1], " to ", w[t - 1] - x * w[t - 1], "."),
    conventions=("the start is one of the iterates",),
    source="Polyak, Juditsky, SIAM J. Control Optim. 30 (1992); Bach, Moulines, arXiv:1306.2119, section 2",
    claims=(
        Claim("mean", "Their mean", (*_WALK, "What is the mean of all iterates up to ", w[T], "?"), MOVING, MEAN, mean,
              mean_oracle),
        Claim("iterate", "The last of them", (*_WALK, "Find ", w[T], "."), ANY, w[T], iterate, iterate_oracle),
        Claim("edge", "At the edge", _EDGE, EDGE, MEAN, edge, edge_oracle),
    ),
    refuted=(_FASTER,),
)  # fmt: skip

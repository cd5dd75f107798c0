r"""How receptive fields grow: many layers, doubled dilations, a pooling early or late.

After L layers of kernels with K entries an output depends on $1 + L(K-1) = \Theta(LK)$ inputs for K >= 2, and on one
for K = 1; on $1 + (K-1)(2^L - 1) = \Theta(2^L)$ if the dilation doubles from layer to layer. A pooling of two with
stride 2 after L of L + M layers nearly doubles what is seen if M is large, and makes hardly any difference if L is.

Source: Araujo, Norris, Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill, 2019, equation (2);
Yu, Koltun, Multi-Scale Context Aggregation by Dilated Convolutions, 2016, section 2 (doubled dilations).
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Integer, Rational

from derive.constructs.construct import Construct, Growth
from derive.kernel.derivation import Text
from derive.language import Context, declare, eq, ge, gt, le
from derive.rules.algebra import algebra, use_equation
from derive.rules.combine import at_part, by, then
from derive.rules.growth import C, Comparison, bounded_above, bounded_below, epsilon, n_0
from derive.rules.powers import bernoulli
from derive.rules.ranges import less_than

_K, _L, _M = declare("K", "size", "entries of a kernel"), declare("L", "size", "layers"), declare("M", "size", "layers")
K, L, M = (d.symbol for d in (_K, _L, _M))
WIDE, POINTWISE = Context((_L, _K), (ge(K, 2),)), Context((_L, _K), (eq(K, 1),))
POOLED, half = Context((_L, _M, _K), (ge(K, 2),)), Rational(1, 2)
seen = 1 + L * (K - 1)
dilated: Expr = 1 + (K - 1) * (2**L - 1)
all_seen = 1 + (L + M) * (K - 1)
gain = (2 + (L + 2 * M) * (K - 1)) / all_seen

_SMALLER: Text = ("a smaller denominator",)
doubled = then(
    by(algebra, 2**L + (K - 2) * (2**L - 1), reason=("take ", 2**L, " out")),
    at_part(2**L - 1, at_part(2**L, by(bernoulli))),
    bounded_below((2**L, ("since ", ge(K, 2)))),
)
one = then(
    by(use_equation, K, Integer(1), reason=("since ", eq(K, 1))),
    by(less_than, K * (C * n_0 + 1) / C, reason=("since ", ge(n_0, 1))),
)
late_up = bounded_above((Integer(2), ("since ", ge(L, 0))), (2 + 2 * epsilon, ("since ", gt(epsilon, 0))))
late_down = then(
    by(algebra, 2 - L * (K - 1) / all_seen, reason=("take 2 out",)),
    bounded_below((2 - L / M, _SMALLER), (2 - 2 * epsilon, ("since ", le(L, 2 * epsilon * M)))),
)
early_up = then(
    by(algebra, 1 + (1 + M * (K - 1)) / all_seen, reason=("take 1 out",)),
    bounded_above((1 + (1 + M * (K - 1)) / L, _SMALLER), (1 + epsilon, ("by the choice of ", L))),
)
early_down = bounded_below((Integer(1), ("since ", ge(M, 0))), (1 - epsilon, ("since ", gt(epsilon, 0))))


def field(L: int, K: int) -> int:
    """From the last layer to the first, each window adds what lies behind its first entry."""
    reach = {0}
    for _ in range(L):
        reach = {at + step for at in reach for step in range(K)}
    return len(reach)


def dilated_field(L: int, K: int) -> int:
    """The span of what is reached with the steps 1, 2, 4, ... of the layers."""
    furthest = 0
    for layer in range(L):
        furthest += (K - 1) * 2**layer
    return 1 + furthest


def gained(L: int, M: int, K: int) -> Fraction:
    """Both networks layer by layer: what is seen, and how far apart neighbours are in the input."""
    with_pooling, without = 1, 1
    for _ in range(L):
        with_pooling, without = with_pooling + K - 1, without + K - 1
    with_pooling += 1
    for _ in range(M):
        with_pooling, without = with_pooling + 2 * (K - 1), without + K - 1
    return Fraction(with_pooling, without)


_FIELD: Text = (L, " layers with kernels of ", K, " entries see ", seen, " inputs. How does that grow")
_GAIN: Text = ("A pooling of two, stride 2, is between ", L, " and ", M, " layers. How many times as much is seen, ")
GROWTH = (
    Growth("field", "Receptive field of many layers", (*_FIELD, " with both?"),
           Comparison(WIDE, seen, "Theta", L * K, (L, K), Integer(1), half, along=((L, n_0), (K, n_0 + 1))), field),
    Growth("field_pointwise", "Kernels with one entry", (*_FIELD, " with ", L, " for ", eq(K, 1), "?"),
           Comparison(POINTWISE, seen, "not Theta", L * K, (L,), along=((L, C * n_0 + 1),), sinks=True, lower=one),
           field),
    Growth("field_dilated", "Receptive field with doubled dilations",
           ("The dilations are 1, 2, 4 and so on. How does the receptive field grow with the number of layers?",),
           Comparison(WIDE, dilated, "Theta", 2**L, (L,), K - 1, Integer(1), lower=doubled), dilated_field),
    Growth("pooled_late_layers", "A pooling before many layers", (*_GAIN, "if ", M, " is large?"),
           Comparison(POOLED, gain, "~", Integer(2), (M,), beyond=((M, L / (2 * epsilon)),),
                      upper=late_up, lower=late_down), gained),
    Growth("pooled_early_layers", "A pooling after many layers", (*_GAIN, "if ", L, " is large?"),
           Comparison(POOLED, gain, "~", Integer(1), (L,), beyond=((L, (1 + M * (K - 1)) / epsilon),),
                      upper=early_up, lower=early_down), gained),
)  # fmt: skip
CONSTRUCT = Construct(
    name="growth_of_fields",
    title="How receptive fields grow",
    about=("What is fixed and what grows is said with each statement; constants may depend on what is fixed.",),
    conventions=("fields are counted along one axis", "where several sizes grow, all are beyond the threshold"),
    source="Araujo, Norris, Sim, Distill, 2019, (2); Yu, Koltun, Dilated Convolutions, 2016, section 2",
    claims=(),
    growth=GROWTH,
)

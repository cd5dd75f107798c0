r"""Update rules that set a scale of their own: no degree fits them, unless what sets the scale is multiplied as well.

A guard a > 0 against division by 0, a threshold a for clipping and weight decay compare the gradient with something
that does not grow with it. If $u(sg) = s^p u(g)$ held for any p, then $u(s^2 g)\, u(g) = u(sg)^2$ would, and that fails
at plain numbers. With the guard multiplied too a first step of Adam has the degree 0: the guard has the unit of the
gradient. Clipping with its threshold multiplied too has the degree 1.

Source: Kingma, Ba, Adam, arXiv:1412.6980, algorithm 1; Pascanu, Mikolov, Bengio, On the difficulty of training
recurrent neural networks, arXiv:1211.5063, section 3.2 (clipping the norm).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Abs, Expr, Integer, Min, sqrt

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Condition, Context, Definition, IndexSum, array, between, declare, eq, gt, integer
from derive.language.numbers import power
from derive.rules.degrees import twin, with_twins
from derive.rules.homogeneity import homogeneous

_n, _i = declare("n", "size", "entries"), declare("i", "integer", "an entry")
_s, _a = declare("s", "real", "factor"), declare("a", "real", "scale of the rule")
n, i, s, a = (d.symbol for d in (_n, _i, _s, _a))
k = integer("k")
g, w, u = (array(name, (1, n)) for name in "gwu")
e = array("epsilon")
SQUARES = IndexSum(g[k] ** 2, k, 1, n)
INSIDE = (between(1, i, n), gt(s, 0))
MADE, MADE_TWICE = twin(u)[i], twin(u, 2)[i]
CLIPPED = Min(1, e[()] / sqrt(SQUARES), evaluate=False) * g[i]


def both(body: Expr, *given: Condition) -> Context:
    """A rule, and its twin that is made of s times the gradient and s times the scale."""
    plain = Context((_n, _i, _s), (*INSIDE, *given), (Definition(u, (i,), body),), (g, e))
    return with_twins(plain, dict.fromkeys((g, e), lambda *_: s))


def scale(body: Expr, *free: Array) -> Context:
    """A rule with a scale of its own, and its twins for s and for the square of s."""
    plain = Context((_n, _i, _s, _a), (*INSIDE, gt(a, 0)), (Definition(u, (i,), body),), (g, *free))
    return with_twins(plain, {g: lambda *_: s}, {g: lambda *_: s**2})


GUARDED, CLIPPING = both(g[i] / (Abs(g[i]) + e[()]), gt(e[()], 0)), both(CLIPPED, gt(e[()], 0), gt(SQUARES, 0))


_ONE = Context(
    (_n, _i, _s), (*INSIDE, gt(SQUARES, 0)), (Definition(u, (i,), CLIPPED.xreplace({e[()]: Integer(1)})),), (g,)
)
ONE = with_twins(_ONE, {g: lambda *_: s}, {g: lambda *_: s**2})


def guarded() -> Derivation:
    """Degree 0."""
    return homogeneous("update_scales.guarded", GUARDED, u[i], s, (g, e))


def clipped() -> Derivation:
    """Degree 1."""
    return homogeneous("update_scales.clipped", CLIPPING, u[i], s, (g, e))


def guarded_oracle(n: int, i: int, s: Any, g: Any, epsilon: Any) -> Any:
    """Each entry divided by its size and the guard."""
    size = s * g(i) if g(i) > 0 else -s * g(i)
    return [s * g(place) for place in range(1, n + 1)][i - 1] / (size + s * epsilon())


def clipped_oracle(n: int, i: int, s: Any, g: Any, epsilon: Any) -> Any:
    """Shortened to the threshold where it is longer."""
    total = 0 * s
    for place in range(1, n + 1):
        total += (s * g(place)) ** 2
    longer = total > (s * epsilon()) ** 2
    return s * g(i) * (s * epsilon() * power(total, Fraction(-1, 2)) if longer else 1)


def no_degree(name: str, title: str, which: str, context: Context, missing: Text, instead: str = "") -> Refuted:
    """That a rule has a degree, told without it."""
    p = integer("p")
    said: Text = (
        "The rule ",
        which,
        " has some degree ",
        p,
        ", so that ",
        twin(u),
        " is ",
        s**p,
        " times ",
        u,
        " and ",
    )
    said = (*said, twin(u, 2), " is ", s ** (2 * p), " times ", u)
    return Refuted(name, title, said, context, MADE_TWICE * u[i], "=", MADE**2, missing, instead)


GUARD = no_degree(
    "guard", "A guard against division by 0", "of a first step of Adam", scale(g[i] / (Abs(g[i]) + a)),
    ("The guard shortens small gradients and hardly large ones.",), "update_scales.guarded",
)  # fmt: skip
CLIP = no_degree(
    "clipping", "Clipping the norm", "of clipping to length 1", ONE,
    ("Below the threshold it has the degree 1, above it 0.",), "update_scales.clipped",
)  # fmt: skip
DECAY = no_degree(
    "decay", "Weight decay in the gradient", "with decay", scale(g[i] + a * w[i], w),
    ("The weights do not grow with the gradient.",), "update_homogeneity.plain",
)  # fmt: skip
_BOTH: Text = (" The gradient and ", e[()], " are multiplied by ", s, ". What is the new update ", MADE, "?")
_GUARDED: Text = ("A rule is ", eq(u[i], g[i] / (Abs(g[i]) + e[()])), ".", *_BOTH)
_CLIPPED: Text = ("A rule is ", eq(u[i], CLIPPED), ".", *_BOTH)
CONSTRUCT = Construct(
    name="update_scales",
    title="Update rules with a scale of their own",
    about=("All entries of a gradient ", g, " are multiplied by the same number ", gt(s, 0), "."),
    conventions=("the update is told without the rate and its sign",),
    source="Kingma, Ba, Adam, arXiv:1412.6980, algorithm 1; Pascanu, Mikolov, Bengio, arXiv:1211.5063, section 3.2",
    claims=(
        Claim("guarded", "A guard that is multiplied too", _GUARDED, GUARDED, MADE, guarded, guarded_oracle),
        Claim("clipped", "A threshold that is multiplied too", _CLIPPED, CLIPPING, MADE, clipped, clipped_oracle),
    ),
    refuted=(GUARD, CLIP, DECAY),
)

r"""Update rules of one step that do not feel the scale of the gradient, and plain descent, which does.

A rule u is homogeneous of degree p if $u(sg) = s^p u(g)$ for all s > 0. Plain gradient descent has the degree 1. The
sign of the gradient, and the gradient divided by its Euclidean norm, by its largest absolute value or entry by entry by
its own (a first step of Adam without a guard $\varepsilon$), have the degree 0: a common factor changes nothing.

Source: Kingma, Ba, Adam, arXiv:1412.6980, section 2.1 (invariance to the scale of the gradients); Bernstein, Wang,
Azizzadenesheli, Anandkumar, signSGD, arXiv:1802.04434, section 1.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Abs, Expr, sqrt

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    OTHERWISE,
    Cases,
    Condition,
    Context,
    Definition,
    ForAll,
    IndexSum,
    Largest,
    array,
    between,
    declare,
    eq,
    gt,
    integer,
    ne,
)  # fmt: skip
from derive.language.numbers import power
from derive.rules.degrees import twin, with_twins
from derive.rules.homogeneity import homogeneous

_n, _i = declare("n", "size", "entries"), declare("i", "integer", "an entry")
_s, _eta = declare("s", "real", "factor"), declare("eta", "real", "rate")
n, i, s, eta = (d.symbol for d in (_n, _i, _s, _eta))
k = integer("k")
g, u = array("g", (1, n)), array("u", (1, n))
SQUARES, LARGEST = IndexSum(g[k] ** 2, k, 1, n), Largest(Abs(g[k]), k, 1, n)
SIGN = Cases((1, gt(g[i], 0)), (0, eq(g[i], 0)), (-1, OTHERWISE))


def rule(body: Expr, *given: Condition) -> Context:
    """An update rule, and its twin that is made of s times the gradient."""
    facts = (between(1, i, n), gt(s, 0), *given)
    return with_twins(Context((_n, _i, _s, _eta), facts, (Definition(u, (i,), body),), (g,)), {g: lambda *_: s})


PLAIN, SIGNS = rule(-eta * g[i]), rule(-eta * SIGN)
EUCLID = rule(-eta * g[i] / sqrt(SQUARES), gt(SQUARES, 0))
LARGE = rule(-eta * g[i] / LARGEST, gt(LARGEST, 0))
OWN = rule(-eta * g[i] / sqrt(g[i] ** 2), ForAll(ne(g[k], 0), k, 1, n))
MADE = twin(u)[i]


def _degree(name: str, context: Context) -> Derivation:
    return homogeneous(f"update_homogeneity.{name}", context, u[i], s, (g,))


def plain() -> Derivation:
    """Degree 1."""
    return _degree("plain", PLAIN)


def signs() -> Derivation:
    """Degree 0, by cases."""
    return _degree("signs", SIGNS)


def euclidean() -> Derivation:
    """Degree 0."""
    return _degree("euclidean", EUCLID)


def largest() -> Derivation:
    """Degree 0."""
    return _degree("largest", LARGE)


def each() -> Derivation:
    """Degree 0."""
    return _degree("each", OWN)


def scaled(n: int, s: Any, g: Callable[[int], Any]) -> list[Any]:
    """The gradient times the factor, as a list that begins at place 1."""
    return [0, *(s * g(place) for place in range(1, n + 1))]


def plain_oracle(n: int, i: int, s: Any, eta: Any, g: Any) -> Any:
    """Downhill."""
    return -eta * scaled(n, s, g)[i]


def signs_oracle(n: int, i: int, s: Any, eta: Any, g: Any) -> Any:
    """A step of the same length in each direction that is not flat."""
    entry = scaled(n, s, g)[i]
    return -eta * ((entry > 0) - (entry < 0))


def euclidean_oracle(n: int, i: int, s: Any, eta: Any, g: Any) -> Any:
    """The gradient, divided by its length."""
    entries = scaled(n, s, g)
    return -eta * entries[i] * power(sum(x * x for x in entries), Fraction(-1, 2))


def largest_oracle(n: int, i: int, s: Any, eta: Any, g: Any) -> Any:
    """The gradient, divided by its largest entry."""
    entries = scaled(n, s, g)
    return -eta * entries[i] / max(abs(x) for x in entries)


def each_oracle(n: int, i: int, s: Any, eta: Any, g: Any) -> Any:
    """Each entry divided by what it is without its sign."""
    entry = scaled(n, s, g)[i]
    return -eta * entry / (entry if entry > 0 else -entry)


_ASKED: Text = ("With ", s * g[k], " in place of ", g[k], " it makes ", MADE, ". What is that?")


def _claim(name: str, title: str, context: Context, how: Callable[[], Derivation], oracle: Callable[..., Any]) -> Claim:
    rule_said = next(d.body for d in context.definitions if d.array == u)
    return Claim(name, title, ("An update is ", eq(u[i], rule_said), ". ", *_ASKED), context, MADE, how, oracle)


CONSTRUCT = Construct(
    name="update_homogeneity",
    title="Update rules and the scale of the gradient",
    about=("All entries of a gradient ", g, " are multiplied by the same number ", gt(s, 0), "."),
    conventions=("the sign of 0 is 0", "the update is what is added to the weights"),
    source="Kingma, Ba, Adam, arXiv:1412.6980, section 2.1; Bernstein and others, signSGD, arXiv:1802.04434, section 1",
    claims=(
        _claim("euclidean", "Divided by its length", EUCLID, euclidean, euclidean_oracle),
        _claim("plain", "Gradient descent", PLAIN, plain, plain_oracle),
        _claim("signs", "The sign of each entry", SIGNS, signs, signs_oracle),
        _claim("largest", "Divided by its largest entry", LARGE, largest, largest_oracle),
        _claim("each", "Each entry divided by its own size", OWN, each, each_oracle),
    ),
)  # fmt: skip

r"""Subgradients of the largest of N numbers, with ties: weighted means of the places where it is attained.

Let $m = \max_i x_i$. For shares $s_k \ge 0$ with sum 1 that are 0 unless $x_k = m$, and every y,
$\max_i y_i \ge m + \sum_k s_k (y_k - x_k)$. Any such shares come from weights $w_k \ge 0$, not all 0 at the
ties. Programs give the gradient to one of the ties (the first, as a rule) or to all in equal parts: both are right.

Source: Rockafellar, Convex Analysis, 1970, section 23; Rockafellar, Wets, Variational Analysis, 1998, exercise 8.31.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Condition,
    Context,
    Definition,
    ForAll,
    IndexSum,
    Indicator,
    Largest,
    array,
    between,
    declare,
    eq,
    ge,
    gt,
    integer,
)
from derive.rules.algebra import algebra, definition, fold_definition
from derive.rules.combine import at, at_part, by, derived, one_line, then, up_to
from derive.rules.expand import spread
from derive.rules.indicators import under_indicator
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import at_most_largest
from derive.rules.sums import constant_out_of_sum, factor_out, rename_index

_N, _r = declare("N", "size", "numbers"), declare("r", "integer", "a place")
N, r, k, i = _N.symbol, _r.symbol, integer("k"), integer("i")
x, y, w, s = (array(name, (1, N)) for name in ("x", "y", "w", "s"))
m, W = array("m"), array("W")
LARGEST = Definition(m, (), Largest(x[i], i, 1, N))
PLACE = Context((_N, _r), (between(1, r, N),), (LARGEST,), (x, y))
MOST = Largest(y[i], i, 1, N)
LINE = m[()] + IndexSum(s[k] * (y[k] - x[k]), k, 1, N)
IS_TIE = Indicator(eq(x[r], m[()]))
AT_PLACE = (m[()] + y[r] - x[r]) * IS_TIE


def tied(weight: Expr, place: Expr) -> Expr:
    """The weight of a place, 0 unless x is largest there."""
    return weight * Indicator(eq(x[place], m[()]))


def _shared(weight: Callable[[Expr], Expr], *known: Condition) -> Context:
    """The shares of the places in all weights."""
    whole = Definition(W, (), IndexSum(tied(weight(i), i), i, 1, N))
    share = Definition(s, (k,), tied(weight(k), k) / W[()])
    return Context((_N,), (*known, gt(W[()], 0)), (LARGEST, whole, share), (x, y, w) if known else (x, y))


TIES, EQUAL = _shared(lambda place: w[place], ForAll(ge(w[k], 0), k, 1, N)), _shared(lambda place: Integer(1))


def _shares(name: str, context: Context, weight: Expr) -> Derivation:
    """The shares of all places are 1 together."""
    apart = at_part(s[k], by(definition, reason=("definition of ", s)))
    renamed = then(by(rename_index, i), by(fold_definition, W[()]))
    whole = at_part(IndexSum(tied(weight, k), k, 1, N), renamed)
    out = then(by(factor_out, 1 / W[()], tied(weight, k)), whole, by(algebra, Integer(1)))
    moves = then(apart, one_line(out, ("definition of ", W)))
    return derived(f"subgradients_largest.{name}_shares", context, IndexSum(s[k], k, 1, N), moves)


def _ties(name: str, context: Context, weight: Expr) -> Derivation:
    """Where s is not 0, x may be told as m; the shares are 1 together; no y is above the largest."""
    lemma = _shares(name, context, weight)
    moved, whole = weight * (y[k] - m[()]) / W[()], IndexSum(s[k], k, 1, N)
    named, here = at_part(s[k], by(definition)), Indicator(eq(x[k], m[()]))
    again = then(named, at((0,), by(algebra, moved * here)))
    placed = then(at((0,), by(algebra, weight * (y[k] - x[k]) / W[()] * here)), at((0,), by(under_indicator, moved)))
    least = then(named, placed, up_to(IndexSum(s[k] * (y[k] - m[()]), k, 1, N), again))
    together = at_part(whole, use_lemma(lemma, {}))
    first = one_line(least, (eq(s[k], 0), " unless ", eq(x[k], m[()])))
    apart = one_line(then(spread, together, by(algebra, IndexSum(s[k] * y[k], k, 1, N))), (eq(whole, 1),))
    above = at_part(y[k], by(at_most_largest, MOST, k, reason=(ge(s[k], 0),)))
    out = one_line(then(by(constant_out_of_sum), together), (eq(whole, 1),))
    moves = then(at_part(IndexSum(s[k] * (y[k] - x[k]), k, 1, N), first), apart, above, out)
    return derived(f"subgradients_largest.{name}", context, LINE, moves, (lemma,))


def largest() -> Derivation:
    """max x + sum s_k (y_k - x_k) <= max y."""
    return _ties("largest", TIES, w[k])


def mean() -> Derivation:
    """The same for the mean over all places where x is largest."""
    return _ties("mean", EQUAL, Integer(1))


def one_place() -> Derivation:
    """max x + y_r - x_r <= max y, if x_r is the largest."""
    above = at_part(y[r], by(at_most_largest, MOST, r))
    moves = then(by(under_indicator, y[r], reason=("here ", eq(x[r], m[()]))), above)
    return derived("subgradients_largest.one_place", PLACE, AT_PLACE, moves)


Numbers = Callable[[int], Any]


def largest_oracle(N: int, x: Numbers, y: Numbers, w: Numbers) -> Any:
    """The ties are found by comparing each pair; the weighted mean of the differences there is added."""
    ties = [place for place in range(1, N + 1) if all(x(place) >= x(other) for other in range(1, N + 1))]
    total, moved = Fraction(0), Fraction(0)
    for place in ties:
        total += w(place)
        moved += w(place) * (y(place) - x(place))
    return x(ties[0]) + moved / total


def mean_oracle(N: int, x: Numbers, y: Numbers) -> Any:
    """All weights 1."""
    return largest_oracle(N, x, y, lambda place: Fraction(1))


def one_place_oracle(N: int, r: int, x: Numbers, y: Numbers) -> Any:
    """All weight on one place, if it is one of the ties."""
    higher = [place for place in range(1, N + 1) if x(place) > x(r)]
    return 0 if higher else largest_oracle(N, x, y, lambda place: Fraction(place == r))


_FORM: Text = ("Compare ", LINE, " with the largest entry of ", y, ".")
_GIVEN: Text = ("Let ", m[()], " be the largest entry of ", x, ", and ")
_LARGEST: Text = (*_GIVEN, eq(s[k], tied(w[k], k) / W[()]), ". ", *_FORM)
_MEAN: Text = (*_GIVEN, eq(s[k], tied(Integer(1), k) / W[()]), ". ", *_FORM)
_PLACE: Text = (*_GIVEN, eq(x[r], m[()]), ". Compare ", m[()] + y[r] - x[r], " with that of ", y, ".")
CONSTRUCT = Construct(
    name="subgradients_largest",
    title="Subgradients of the largest of N numbers",
    about=("The largest of ", N, " numbers has a kink where it is attained more than once."),
    conventions=("all numbers are real", "indices from 1"),
    source="Rockafellar, Convex Analysis, 1970, section 23; Rockafellar, Wets, Variational Analysis, 1998, 8.31",
    claims=(
        Claim("largest", "Largest of N numbers, with ties", _LARGEST, TIES, LINE, largest, largest_oracle),
        Claim("mean", "Mean over the ties", _MEAN, EQUAL, LINE, mean, mean_oracle),
        Claim("one_place", "One of the ties", _PLACE, PLACE, AT_PLACE, one_place, one_place_oracle),
    ),
)

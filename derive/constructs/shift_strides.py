r"""Shifts by multiples of the stride, and only these, go through a layer with a stride.

The inputs stand on a ring of S M places, the outputs on one of M: $y_n = \sum_{u=0}^{k-1} w_u\, x_{(Sn+u) \bmod SM}$.
If the input is shifted by S t places, the output is shifted by t. The same holds for the means and the maxima of
windows that begin S places apart. Where S does not divide the shift: `shift_failures`; on the line: `time_shift`.

Source: Zhang, Making convolutional networks shift-invariant again, 2019, arXiv:1904.11486, section 3.1; Goodfellow,
Bengio, Courville, Deep Learning, 2016, section 9.5 (strides).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import Expr, Integer, Max, Mod

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, eq, integer
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import Conversion, at_part, by, derived, then
from derive.rules.entries import at_place

_M, _S = declare("M", "size", "number of outputs"), declare("S", "size", "stride")
_N = declare("N", "size", "number of inputs, S M")
_k, _t = declare("k", "size", "length of the kernel"), declare("t", "integer", "shift of the output")
_n = declare("n", "integer", "place")
M, S, N, k, t, n = (d.symbol for d in (_M, _S, _N, _k, _t, _n))
m, u = integer("m"), integer("u")


def ring(name: str, places: Expr) -> Array:
    """An array on a ring."""
    return array(name, (0, places - 1), outside="wraps")


def modulo(index: Expr, places: Expr) -> Expr:
    """The index on the ring, as it is written."""
    return Mod(index, places, evaluate=False)


x, x_s, y, y_s = ring("x", N), ring("x'", N), ring("y", M), ring("y'", M)
w = array("w", (0, k - 1))
BACK, PLACE = modulo(n - t, M), (eq(N, S * M), between(0, n, M - 1))
TURNED = Definition(x_s, (m,), x[modulo(m - S * t, N)])


def weighted(out: Array, of: Array) -> Definition:
    """A layer with weights."""
    return Definition(out, (n,), IndexSum(w[u] * of[modulo(S * n + u, N)], u, 0, k - 1))


def averaged(out: Array, of: Array) -> Definition:
    """The mean of each window."""
    return Definition(out, (n,), IndexSum(of[modulo(S * n + u, N)], u, 0, k - 1) / k)


def greater(out: Array, of: Array) -> Definition:
    """The greater one of the first two inputs of each window."""
    return Definition(out, (n,), Max(*(of[modulo(S * n + d, N)] for d in (0, 1)), evaluate=False))


def _layer(made: Callable[[Array, Array], Definition], *more: Array) -> Context:
    sizes = (_M, _S, _N, _k) if made is not greater else (_M, _S, _N)
    return Context((*sizes, _t, _n), PLACE, (TURNED, made(y, x), made(y_s, x_s)), (x, *more))


RING, MEANS, MAXIMA = _layer(weighted, w), _layer(averaged), _layer(greater)


def _inserted(out: Array, index: Expr) -> Conversion:
    return at_part(out[index], by(definition, reason=("definition of ", out)))


def _shifted(name: str, context: Context, *taps: Expr) -> Derivation:
    """The entries met by a window are those that the window t places before meets of the input itself."""
    moves = [_inserted(y_s, n)]
    for tap in taps:
        there = modulo(S * n + tap, N)
        moves.append(_inserted(x_s, there))
        moves.append(at_part(x[modulo(there - S * t, N)], at_place(modulo(S * BACK + tap, N))))
    moves.append(by(fold_definition, y[BACK], reason=("definition of ", y)))
    return derived(f"shift_strides.{name}", context, y_s[n], then(*moves))


def ring_layer() -> Derivation:
    """A layer with weights."""
    return _shifted("ring", RING, u)


def averages() -> Derivation:
    """The mean of each window."""
    return _shifted("averages", MEANS, u)


def maxima() -> Derivation:
    """The greater one of two inputs."""
    return _shifted("maxima", MAXIMA, Integer(0), Integer(1))


Signal = Callable[[int], Fraction]


def windows(M: int, S: int, k: int, x: Signal) -> list[list[Fraction]]:
    """What each window of k places meets."""
    return [[x((S * place + tap) % (S * M)) for tap in range(k)] for place in range(M)]


def moved(M: int, S: int, t: int, x: Signal) -> Signal:
    """The entries moved on by S places, t times, one by one."""
    there = {}
    for place in range(S * M):
        there[(place + S * t) % (S * M)] = x(place)
    return lambda place: there[place]


def ring_oracle(M: int, S: int, N: int, k: int, t: int, n: int, x: Signal, w: Signal) -> Fraction:
    """The layer on the input that was moved."""
    value = Fraction(0)
    for tap, met in enumerate(windows(M, S, k, moved(M, S, t, x))[n]):
        value += w(tap) * met
    return value


def averages_oracle(M: int, S: int, N: int, k: int, t: int, n: int, x: Signal) -> Fraction:
    """The mean of what one window meets."""
    met = windows(M, S, k, moved(M, S, t, x))[n]
    return sum(met, Fraction(0)) / len(met)


def maxima_oracle(M: int, S: int, N: int, t: int, n: int, x: Signal) -> Fraction:
    """The greater of two."""
    first, second = windows(M, S, 2, moved(M, S, t, x))[n]
    return first if first > second else second


_FIND: Text = ("Let ", eq(x_s[m], TURNED.body), ". Find ", y_s[n], " from the outputs for the input itself.")
CONSTRUCT = Construct(
    name="shift_strides",
    title="Strides and shifts",
    about=("A layer with stride ", S, " gets its input shifted by a multiple of ", S, " places."),
    conventions=("correlation: the kernel is not turned", "indices from 0"),
    source="Zhang, arXiv:1904.11486, section 3.1; Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5",
    claims=(
        Claim("ring", "A convolution with stride", _FIND, RING, y_s[n], ring_layer, ring_oracle),
        Claim("averages", "Average pooling", _FIND, MEANS, y_s[n], averages, averages_oracle),
        Claim("maxima", "Max pooling", _FIND, MAXIMA, y_s[n], maxima, maxima_oracle),
    ),
)

r"""What the numbers of a layer are: a formula derived once from a count, for all sizes, used at those of a layer.

====================  ============================================================================================
claim                 counted
====================  ============================================================================================
`places`              the starts i >= 0 of a window, every s places, that fits: s i + d (k - 1) <= w + t - 1
`values`              one for each channel and place
`weights`             for each filter one for each tap and channel of its group, and its bias if it has one
`scales`              for each channel a scale and a shift
`operations`          for each output u for each tap and channel of its group, and its bias if that counts
`first`, `last`       where the places begin and end, counted from j s i, that output i sees through a window
                      (k, s, p, d) over outputs that see from j i + a to j i + e
`field`               the places from the first seen to the last
====================  ============================================================================================

Source: Dumoulin, Visin, A guide to convolution arithmetic for deep learning, 2016, arXiv:1603.07285, relationship 15
(and 6 without dilation) for the number of places; Araujo, Norris, Sim, Computing receptive fields of convolutional
neural networks, Distill 2019, equation 2 for the field.
"""

from __future__ import annotations

from functools import cache, reduce

from sympy import Expr, Integer, Symbol, oo

from derive.errors import DeriveError
from derive.kernel.checker import CheckReport, Memory, check
from derive.kernel.derivation import Derivation
from derive.language import Context, IndexSum, Indicator, all_of, declare, ge, integer, le
from derive.rules.algebra import algebra
from derive.rules.combine import Conversion, by, derived, everywhere, one_line, repeat, then
from derive.rules.deltas import settled
from derive.rules.integers import quotient
from derive.rules.sums import restrict_to_support, sum_of_constant

_AXES = ("x", "y", "z")
i, o, c = integer("i"), integer("o"), integer("c")
_W = declare("w", "natural", "entries that a window may cover")
w = _W.symbol


MEANINGS = {
    "f": "the number of filters or outputs", "n": "the channels or values that each of them takes",
    "b": "1 for a bias and 0 without", "u": "the operations of a multiply-add", "k": "the width of a window",
    "m": "the size of an output", "w": "the entries along an axis", "j": "the stride so far",
    "a": "the first place that output 0 of the layer before sees",
    "e": "the last place that output 0 of the layer before sees",
    "p": "the zeros before the entries", "d": "the distance of the taps",
}  # fmt: skip
"""What the letters mean; k and m have an axis as a subscript."""
REASONS = {
    "places": "one for each start at which the window fits",
    "values": "one for each channel and place",
    "weights": "for each filter or output its weights, and its bias",
    "scales": "a scale and a shift for each channel",
    "operations": "for each output a multiply-add for each of its weights, and its bias",
    "first": "where the first place lies that output 0 sees",
    "last": "where the last place lies that it sees",
    "field": "from the first place seen to the last",
}


def sizes_named(stem: str, rank: int) -> tuple[Symbol, ...]:
    """One symbol for each axis: k_x, k_y, ...

    Example:
        >>> sizes_named("k", 2)
        (k_x, k_y)
    """
    return tuple(integer(f"{stem}_{axis}") for axis in _AXES[:rank])


def _box(body: Expr, ends: tuple[Expr, ...], stem: str) -> Expr:
    """The sum of the body over all places of a box."""
    indices = sizes_named(stem, len(ends))
    return reduce(lambda inner, pair: IndexSum(inner, pair[0], 1, pair[1]), zip(indices, ends, strict=True), body)


_counted: Conversion = one_line(repeat(everywhere(by(sum_of_constant))))


def _context(*symbols: Symbol) -> Context:
    return Context(tuple(declare(s.name, "natural") for s in symbols))


f, n, b, u = (integer(name) for name in "fnbu")
"""Filters, channels of a group, 1 or 0 for a bias, operations of a multiply-add."""


def _taps(rank: int) -> Expr:
    return IndexSum(_box(Integer(1), sizes_named("k", rank), "t"), c, 1, n)


@cache
def weights(rank: int) -> Derivation:
    """f (n k_x k_y + b).

    Example:
        >>> weights(2).right
        f*(b + k_x*k_y*n)
    """
    context = _context(f, n, b, *sizes_named("k", rank))
    return derived(f"networks.weights({rank})", context, IndexSum(_taps(rank) + b, o, 1, f), _counted)


@cache
def scales() -> Derivation:
    """2 n."""
    return derived("networks.scales", _context(n), IndexSum(Integer(1) + 1, c, 1, n), _counted)


@cache
def values(rank: int) -> Derivation:
    """n m_x m_y."""
    ends = sizes_named("m", rank)
    left = IndexSum(_box(Integer(1), ends, "i"), c, 1, n)
    return derived(f"networks.values({rank})", _context(n, *ends), left, _counted)


@cache
def operations(rank: int) -> Derivation:
    """f m_x m_y (u n k_x k_y + b)."""
    ends = sizes_named("m", rank)
    context = _context(f, n, b, u, *sizes_named("k", rank), *ends)
    left = IndexSum(_box(u * _taps(rank) + b, ends, "i"), o, 1, f)
    return derived(f"networks.operations({rank})", context, left, _counted)


@cache
def places(kernel: int, stride: int, padding: int, dilation: int) -> Derivation:
    """floor((w + t - d (k - 1) - 1)/s) + 1 for w + t >= d (k - 1) + 1, with numbers for all but w.

    Example:
        >>> places(2, 2, 0, 1).right
        floor(w/2)
    """
    reach = dilation * (kernel - 1)
    fits = all_of(le(0, stride * i), le(stride * i + reach, w + padding - 1))
    context = Context((_W,), (ge(w + padding, reach + 1),))
    whole, rest = divmod(padding - reach - 1, stride)
    last = quotient(w + rest, Integer(stride)) + whole if stride > 1 else w + whole
    found = then(by(restrict_to_support, Integer(0), last), everywhere(settled), by(sum_of_constant))
    name = f"networks.places({kernel},{stride},{padding},{dilation})"
    return derived(name, context, IndexSum(Indicator(fits), i, -oo, oo), found)


j, a, e, k, s, p, d = (integer(name) for name in ("j", "a", "e", "k", "s", "p", "d"))
"""The jump, the first and last place seen by output 0 before, and the window."""


# Output i covers the outputs s*i - p to s*i - p + d*(k - 1) of the layer before.
_FIRST, _LAST = j * (s * i - p) + a, j * (s * i - p + d * (k - 1)) + e


def _seen(name: str, symbols: tuple[Symbol, ...], left: Expr, right: Expr, reason: str) -> Derivation:
    context = Context(tuple(declare(x.name, "integer") for x in symbols))
    return derived(f"networks.{name}", context, left, by(algebra, right, reason=(reason,)))


@cache
def first() -> Derivation:
    """a - j p."""
    return _seen("first", (i, j, a, s, p), _FIRST - j * s * i, a - j * p, "take away what grows with i")


@cache
def last() -> Derivation:
    """e + j (d (k - 1) - p)."""
    reason = "take away what grows with i"
    return _seen("last", (i, j, e, k, s, p, d), _LAST - j * s * i, e + j * (d * (k - 1) - p), reason)


@cache
def field() -> Derivation:
    """e - a + 1 + d (k - 1) j, whichever output is looked at."""
    grown = e - a + 1 + d * (k - 1) * j
    return _seen("field", (i, j, a, e, k, s, p, d), _LAST - _FIRST + 1, grown, "subtract the first from the last")


def at_axes(stem: str, sizes: tuple[Expr, ...]) -> dict[Symbol, Expr]:
    """{k_x: ..., k_y: ...}"""
    return dict(zip(sizes_named(stem, len(sizes)), sizes, strict=True))


def checked(derivation: Derivation, memory: Memory) -> CheckReport:
    """The report on a derivation that is proved; what the memory has is not checked again.

    Raises:
        StepRejected: it does not hold.
        DeriveError: it rests on less than a proof.
    """
    key = ("a formula of a table", derivation)
    if key not in memory:
        report = check(derivation, memory, explain=False)
        if report.verdict.kind != "proved":
            raise DeriveError(f"{derivation.name} is {report.verdict.kind}, which is not enough for a table")
        memory[key] = report
    found: CheckReport = memory[key]
    return found

r"""How lengths grow: outputs of convolutions, with and without a stride, of fixed and of growing kernels.

A valid convolution of n samples with a kernel of k has $n - k + 1 = \Theta(n)$ for fixed k, from n = 2k on with the
constants 1/2 and 1; if k grows too, it need not grow at all. With a stride, $\lceil (N - K + 1)/S \rceil \sim N/S$.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5 (lengths); Knuth, Big Omicron and big Omega and
big Theta, SIGACT News 8 (2), 1976.
"""

from __future__ import annotations

from sympy import Integer, Rational, ceiling, floor

from derive.constructs.construct import Construct, Growth
from derive.kernel.derivation import Text
from derive.language import Context, declare, gt, le
from derive.rules.growth import C, Comparison, bounded_above, bounded_below, epsilon, n_0

_n, _k = declare("n", "size", "samples"), declare("k", "size", "entries of the kernel")
_N, _K, _S = declare("N", "size", "samples"), declare("K", "size", "window"), declare("S", "size", "stride")
n, k, N, K, S = (d.symbol for d in (_n, _k, _N, _K, _S))
VALID, STRIDED, half = Context((_n, _k), (le(k, n),)), Context((_N, _K, _S), (le(K, N),)), Rational(1, 2)
length, starts = n - k + 1, ceiling((N - K + 1) / S)
_BEYOND, _ROOM = ((n, 2 * k),), ((n, n_0 + k),)

_MORE, _LESS, _FAR = (1 + epsilon) * N / S, (1 - epsilon) * N / S, ("since ", le(K + S, epsilon * N))
upwards = bounded_above((N / S + 1, ("a ceiling is less than one more",)), (_MORE, _FAR))
downwards = bounded_below(((N - K) / S, ("rounded up",)), (_LESS, _FAR))
ordered = bounded_above((N / S + 1, ("a ceiling is less than one more",)), (2 * N / S, ("since ", le(S, N))))
halved = bounded_below(((N - K) / S, ("rounded up",)), (half * N / S, ("since ", le(2 * K, N))))
cut = bounded_above((N / S, ("rounded down",)), (_MORE, ("since ", gt(epsilon, 0))))
cut_off = bounded_below((N / S - 1, ("a floor is more than one less",)), (_LESS, ("since ", le(S, epsilon * N))))


def places(n: int, k: int) -> int:
    """The kernel put at one place after the other; counted where it fits."""
    return len([first for first in range(n) if all(entry < n for entry in range(first, first + k))])


def area(n: int, k: int) -> int:
    """The same in two directions, place by place."""
    return sum(1 for _ in range(places(n, k)) for _ in range(places(n, k)))


def strides(N: int, K: int, S: int) -> int:
    """The first samples of the windows, S apart, as long as the window fits."""
    return len([first for first in range(0, N, S) if all(entry < N for entry in range(first, first + K))])


def blocks(N: int, S: int) -> int:
    """Whole blocks of S samples cut off one by one."""
    number = 0
    for last in range(1, N + 1):
        number += last % S == 0
    return number


_LENGTH: Text = ("How does the length ", length, " of a valid convolution grow")
GROWTH = (
    Growth("valid", "Length of a valid convolution", (*_LENGTH, " with ", n, ", the kernel being fixed?"),
           Comparison(VALID, length, "Theta", n, (n,), Integer(1), half, _BEYOND, _ROOM), places),
    Growth("valid_area", "Area of a convolution", ("How does the number ", length**2, " of pixels grow with ", n, "?"),
           Comparison(VALID, length**2, "Theta", n**2, (n,), Integer(1), half**2, _BEYOND, _ROOM), area),
    Growth("valid_both", "If the kernel grows too", (*_LENGTH, " if the kernel grows as well?"),
           Comparison(VALID, length, "not Theta", n, (n, k), along=((n, C * n_0 + 1), (k, C * n_0 + 1)), sinks=True),
           places, ("It may stay at one entry, so that ", k, " fixed has to be said.",)),
    Growth("strided", "Positions of a window with a stride", ("Count the places of the window for large ", N, "."),
           Comparison(STRIDED, starts, "~", N / S, (N,), beyond=((N, (K + S) / epsilon),), along=((N, n_0 + K),),
                      upper=upwards, lower=downwards), strides),
    Growth("strided_order", "Order of the positions", ("What is the order of the number of places?",),
           Comparison(STRIDED, starts, "Theta", N / S, (N,), Integer(2), half, ((N, 2 * K + S),), ((N, n_0 + K),),
                      ordered, halved), strides),
    Growth("blocks", "Blocks of a signal", ("How many whole blocks of ", S, " samples are there for large ", N, "?"),
           Comparison(Context((_N, _S)), floor(N / S), "~", N / S, (N,), beyond=((N, S / epsilon),),
                      upper=cut, lower=cut_off), blocks),
)  # fmt: skip
CONSTRUCT = Construct(
    name="growth_of_lengths",
    title="How lengths grow",
    about=("What is fixed and what grows is said with each statement; constants may depend on what is fixed.",),
    conventions=("a window counts where it fits", "where several sizes grow, all are beyond the threshold"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5; Knuth, SIGACT News 8 (2), 1976",
    claims=(),
    growth=GROWTH,
)

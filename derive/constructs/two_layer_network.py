r"""A network of two valid convolution layers: how the output depends on what lies between, and the way back to it.

An input x of d entries is correlated with a kernel v of $k_1$ weights, $z = x \star v$; a layer in between makes h of
z, entry by entry; a second kernel w of $k_2$ weights makes the output $a = h \star w$:
$a_i = \sum_j h_{i+j-1} w_j$ for $1 \le i \le d - k_1 - k_2 + 2$. Only full windows count. Here h may be anything: each
claim varies the entries of h themselves.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.1, (9.6), and section 9.5, (9.11) to (9.13).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.constructs.convolution_1d import FITS, TURNED, full_turned
from derive.constructs.two_layer_lengths import K_1, K_2, D
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Array,
    Context,
    Definition,
    IndexSum,
    Indicator,
    Partial,
    array,
    between,
    declare,
    integer,
    le,
)
from derive.language.forms import of
from derive.language.numbers import slope
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import Conversion, at_part, by, derived, everywhere, one_line, quietly, then
from derive.rules.deltas import picked, settled
from derive.rules.derivatives import differentiated
from derive.rules.indicators import restate_indicator
from derive.rules.lemmas import use_lemma

OUTPUT, HIDDEN = declare("i", "integer", "an output"), declare("q", "integer", "a hidden entry")
d, k_1, k_2, i, q = (declared.symbol for declared in (D, K_1, K_2, OUTPUT, HIDDEN))
j, p = integer("j"), integer("p")
hidden, outputs = d - k_1 + 1, d - k_1 - k_2 + 2


def entry_derivative(number: Expr) -> Conversion:
    """The derivative of a layer's entry: one weight, by its number, and from where to where i runs if there is one."""
    there, seen = between(1, number, k_2), between(number + i - k_2, i, number + i - 1)
    weight = one_line(then(picked, quietly(everywhere(settled))))
    solved = by(restate_indicator, seen, reason=("solved for ", i))
    return then(differentiated(), weight, at_part(Indicator(there), solved))


def asked(given: Expr, output: Expr, variable: Expr) -> Text:
    """The gradient at a layer's output is given, that for a variable is wanted."""
    return ("Let ", given, " be the gradient of a loss with respect to ", output, ". Find that for ", variable, ".")


def row(name: str, size: Expr) -> Array:
    """An array with indices from 1 that is 0 outside."""
    return array(name, (1, size), outside="zero")


h, w, a, g, dh = row("h", hidden), row("w", k_2), row("a", outputs), row("g", outputs), row("dh", hidden)
LAYER = Definition(a, (i,), IndexSum(h[i + j - 1] * w[j], j, 1, k_2))
ENTRIES = Context((D, K_1, K_2, OUTPUT, HIDDEN), (between(1, i, outputs), between(1, q, hidden)), (LAYER,), (h, w))
fits = le(k_1 + k_2, d + 1)
BACK = Context((D, K_1, K_2, HIDDEN), (fits, between(1, q, hidden)), (LAYER, gradient(dh, g, a, h[q], (p,))), (h, w, g))


def jacobian() -> Derivation:
    """The weight that connects a hidden entry with an output, if there is one."""
    return derived("two_layer_network.jacobian", ENTRIES, Partial(a[i], h[q]), entry_derivative(q - i + 1))


def hidden_gradient() -> Derivation:
    """dh = the full convolution of g with w, which is the full correlation of g with the turned kernel."""
    lemma = full_turned()
    values = dict(zip((*lemma.context.symbols, *lemma.context.arrays), (outputs, k_2, q, g, w), strict=True))
    moves = then(
        backpropagated(form=of("full_convolution", g, w)[q]),
        use_lemma(lemma, values, ("full convolution is full correlation with the turned kernel",)),
    )
    return derived("two_layer_network.hidden_gradient", BACK, dh[q], moves, (lemma,))


Row = Callable[[int], Any]


def valid_layer(size: int, k: int, h: Row, w: Row) -> list[Any]:
    """The kernel laid on at each place where it fits."""
    return [sum(h(first + number) * w(number + 1) for number in range(k)) for first in range(1, size - k + 2)]


def weighted(outputs: list[Any], g: Row) -> Any:
    """The loss whose gradient at the outputs is g."""
    return sum(g(place) * output for place, output in enumerate(outputs, 1))


def moved(h: Row, place: int, value: Any) -> Row:
    """The entries with another value at one place."""
    return lambda other: value if other == place else h(other)


def jacobian_oracle(d: int, k_1: int, k_2: int, i: int, q: int, h: Row, w: Row) -> Any:
    """How one output, summed in loops, changes with one hidden entry."""
    return slope(lambda value: valid_layer(d - k_1 + 1, k_2, moved(h, q, value), w)[i - 1], h(q))


def hidden_oracle(d: int, k_1: int, k_2: int, q: int, h: Row, w: Row, g: Row) -> Any:
    """How the weighted outputs, summed in loops, change with one hidden entry."""
    return slope(lambda value: weighted(valid_layer(d - k_1 + 1, k_2, moved(h, q, value), w), g), h(q))


CONSTRUCT = Construct(
    name="two_layer_network",
    title="Two valid convolution layers",
    about=(
        "Kernels with ",
        k_1,
        " and then ",
        k_2,
        " weights slide over ",
        d,
        " inputs; between them entries ",
        h,
        ".",
    ),
    conventions=(TURNED[0], "indices from 1", FITS),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 9.1 and 9.5",
    claims=(
        Claim(
            "jacobian",
            "How an output depends on a hidden entry",
            ("Differentiate ", a[i], " with respect to ", h[q], "."),
            ENTRIES,
            Partial(a[i], h[q]),
            jacobian,
            jacobian_oracle,
        ),
        Claim(
            "hidden_gradient",
            "Back-propagation is a full convolution",
            asked(g[i], a[i], h[q]),
            BACK,
            dh[q],
            hidden_gradient,
            hidden_oracle,
        ),
    ),
)

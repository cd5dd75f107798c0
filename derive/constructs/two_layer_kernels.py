r"""A network of two valid convolution layers with a ReLU between them: the way back to both kernels.

$z = x \star v$, $h = \max(0, z)$ entry by entry, $a = h \star w$. The gradient at the output gives that of the second
kernel and that of h; the ReLU lets it pass where z is positive (at 0 it has no derivative); then follows that of the
first kernel.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5, (9.11) and (9.12), and section 6.3.1 (ReLU).
"""

from __future__ import annotations

from typing import Any

from sympy import Max

from derive.constructs.construct import Claim, Construct
from derive.constructs.convolution_1d import FITS, TURNED
from derive.constructs.two_layer_network import BACK, ENTRIES, LAYER, Row, asked, moved, row, valid_layer, weighted
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, array, between, declare, integer, le, ne
from derive.language.forms import of
from derive.language.numbers import slope
from derive.rules.backprop import backpropagated, chain_rule, gradient
from derive.rules.combine import derived, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated

D, K_1, K_2, OUTPUT, HIDDEN = ENTRIES.declarations
d, k_1, k_2, i, q = ENTRIES.symbols
h, w, g = BACK.arrays
a, hidden = LAYER.array, d - k_1 + 1
j, p = integer("j"), integer("p")
WEIGHT = declare("r", "integer", "a weight")
r = WEIGHT.symbol
x, v, z, dz, dh = row("x", d), row("v", k_1), row("z", hidden), row("dz", hidden), row("dh", hidden)
dv, dw, kept = row("dv", k_1), row("dw", k_2), array("z", (1, hidden))
FIRST = Definition(z, (i,), IndexSum(x[i + j - 1] * v[j], j, 1, k_1))
RELU = Definition(h, (i,), Max(0, kept[i], evaluate=False))
_SECOND = gradient(dw, g, a, w[r], (p,))
LATER = Context((D, K_1, K_2, WEIGHT), (BACK.hypotheses[0], between(1, r, k_2)), (LAYER, _SECOND), (h, w, g))
BETWEEN = Context((D, K_1, HIDDEN), (between(1, q, hidden), ne(kept[q], 0)), (RELU,), (kept, dh))
EARLIER = Context(
    (D, K_1, WEIGHT), (le(k_1, d), between(1, r, k_1)), (FIRST, gradient(dv, dz, z, v[r], (p,))), (x, v, dz)
)
passed = chain_rule(dh, h, kept[q], (p,))


def second_kernel() -> Derivation:
    """dw = h correlated with the gradient at the output."""
    return derived("two_layer_kernels.second_kernel", LATER, dw[r], backpropagated(form=of("correlation", h, g)[r]))


def relu() -> Derivation:
    """The gradient passes where z is positive."""
    return derived("two_layer_kernels.relu", BETWEEN, passed, then(differentiated(), undelta))


def first_kernel() -> Derivation:
    """dv = x correlated with the gradient at z."""
    return derived("two_layer_kernels.first_kernel", EARLIER, dv[r], backpropagated(form=of("correlation", x, dz)[r]))


def second_oracle(d: int, k_1: int, k_2: int, r: int, h: Row, w: Row, g: Row) -> Any:
    """How the weighted outputs, summed in loops, change with one weight."""
    return slope(lambda value: weighted(valid_layer(d - k_1 + 1, k_2, h, moved(w, r, value)), g), w(r))


def relu_oracle(d: int, k_1: int, q: int, z: Row, dh: Row) -> Any:
    """How all weighted positive parts, added in a loop, change with one entry."""

    def loss(value: Any) -> Any:
        entries = [value if place == q else z(place) for place in range(1, d - k_1 + 2)]
        return weighted([entry if entry > 0 else 0 for entry in entries], dh)

    return slope(loss, z(q))


def first_oracle(d: int, k_1: int, r: int, x: Row, v: Row, dz: Row) -> Any:
    """How the weighted entries of the first layer, summed in loops, change with one weight."""
    return slope(lambda value: weighted(valid_layer(d, k_1, x, moved(v, r, value)), dz), v(r))


CONSTRUCT = Construct(
    name="two_layer_kernels",
    title="Two valid convolution layers: gradients of the kernels",
    about=("Kernels with ", k_1, " and then ", k_2, " weights slide over ", d, " inputs, with a ReLU between them."),
    conventions=(TURNED[0], "indices from 1", FITS, "at 0 the ReLU has no derivative"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 6.3.1 and 9.5",
    claims=(
        Claim(
            "second_kernel",
            "Gradient with respect to the second kernel",
            asked(g[i], a[i], w[r]),
            LATER,
            dw[r],
            second_kernel,
            second_oracle,
        ),
        Claim(
            "relu",
            "The gradient before the ReLU",
            (*asked(dh[q], h[q], kept[q]), " It is not 0."),
            BETWEEN,
            passed,
            relu,
            relu_oracle,
        ),
        Claim(
            "first_kernel",
            "Gradient with respect to the first kernel",
            asked(dz[i], z[i], v[r]),
            EARLIER,
            dv[r],
            first_kernel,
            first_oracle,
        ),
    ),
)

r"""A network of two full convolution layers: the way back through the second layer is a valid convolution.

Full layers count every place where the kernel meets an entry: d inputs and $k_1$ weights give $d + k_1 - 1$ hidden
entries, and $k_2$ weights then $d + k_1 + k_2 - 2$ outputs, $a_i = \sum_j h_{i+j-k_2} w_j$. An output i sees the hidden
entry q through the weight $w_{q-i+k_2}$, and all $k_2$ outputs from q on do see it: the way back has full windows only.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5 (full convolution), (9.11) to (9.13).
"""

from __future__ import annotations

from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.constructs.convolution_1d import MEETS, TURNED, valid_turned
from derive.constructs.two_layer_network import ENTRIES, Row, asked, entry_derivative, moved, row, weighted
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, Partial, between, declare, integer
from derive.language.forms import of
from derive.language.numbers import slope
from derive.rules.algebra import fold_definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import by, derived, then
from derive.rules.lemmas import use_lemma

D, K_1, K_2, OUTPUT, HIDDEN = ENTRIES.declarations
d, k_1, k_2, i, q = ENTRIES.symbols
j, p = integer("j"), integer("p")
WEIGHT = declare("r", "integer", "a weight")
r = WEIGHT.symbol
hidden, outputs = d + k_1 - 1, d + k_1 + k_2 - 2
h, w, a, g = row("h", hidden), row("w", k_2), row("a", outputs), row("g", outputs)
dh, dw = row("dh", hidden), row("dw", k_2)
LAYER = Definition(a, (i,), IndexSum(h[i + j - k_2] * w[j], j, 1, k_2))
PAIRS = Context((D, K_1, K_2, OUTPUT, HIDDEN), (between(1, i, outputs), between(1, q, hidden)), (LAYER,), (h, w))
BACK = Context((D, K_1, K_2, HIDDEN), (between(1, q, hidden),), (LAYER, gradient(dh, g, a, h[q], (p,))), (h, w, g))
WEIGHTS = Context((D, K_1, K_2, WEIGHT), (between(1, r, k_2),), (LAYER, gradient(dw, g, a, w[r], (p,))), (h, w, g))


def jacobian() -> Derivation:
    """The weight that connects a hidden entry with an output, if there is one."""
    return derived("two_layer_full.jacobian", PAIRS, Partial(a[i], h[q]), entry_derivative(q - i + k_2))


def hidden_gradient() -> Derivation:
    """dh = the valid convolution of g with w, which is the correlation of g with the turned kernel."""
    lemma = valid_turned()
    values = dict(zip((*lemma.context.symbols, *lemma.context.arrays), (outputs, k_2, q, g, w), strict=True))
    moves = then(
        backpropagated(form=of("convolution", g, w)[q]),
        use_lemma(lemma, values, ("valid convolution is correlation with the turned kernel",)),
    )
    return derived("two_layer_full.hidden_gradient", BACK, dh[q], moves, (lemma,))


def kernel_gradient() -> Derivation:
    """dw = g correlated with h, read from its end."""
    backwards = of("correlation", g, h)
    moves = then(
        backpropagated(form=backwards[k_2 - r + 1]),
        by(fold_definition, of("flip", backwards)[r], reason=("read from its end",)),
    )
    return derived("two_layer_full.kernel_gradient", WEIGHTS, dw[r], moves)


def full_layer(size: int, k: int, h: Row, w: Row) -> list[Any]:
    """The kernel laid on at each place where it meets an entry."""
    made = []
    for last in range(1, size + k):
        met = [number for number in range(1, k + 1) if 1 <= last - k + number <= size]
        made.append(sum(h(last - k + number) * w(number) for number in met))
    return made


def jacobian_oracle(d: int, k_1: int, k_2: int, i: int, q: int, h: Row, w: Row) -> Any:
    """How one output, summed in loops, changes with one hidden entry."""
    return slope(lambda value: full_layer(d + k_1 - 1, k_2, moved(h, q, value), w)[i - 1], h(q))


def hidden_oracle(d: int, k_1: int, k_2: int, q: int, h: Row, w: Row, g: Row) -> Any:
    """How the weighted outputs, summed in loops, change with one hidden entry."""
    return slope(lambda value: weighted(full_layer(d + k_1 - 1, k_2, moved(h, q, value), w), g), h(q))


def kernel_oracle(d: int, k_1: int, k_2: int, r: int, h: Row, w: Row, g: Row) -> Any:
    """How the weighted outputs, summed in loops, change with one weight."""
    return slope(lambda value: weighted(full_layer(d + k_1 - 1, k_2, h, moved(w, r, value)), g), w(r))


CONSTRUCT = Construct(
    name="two_layer_full",
    title="Two full convolution layers",
    about=("Kernels with ", k_1, " and then ", k_2, " weights slide over ", d, " inputs; between them is ", h, "."),
    conventions=(TURNED[0], "indices from 1", MEETS),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.5",
    claims=(
        Claim(
            "jacobian",
            "How an output depends on a hidden entry",
            ("Differentiate ", a[i], " with respect to ", h[q], "."),
            PAIRS,
            Partial(a[i], h[q]),
            jacobian,
            jacobian_oracle,
        ),
        Claim(
            "hidden_gradient",
            "Back-propagation is a valid convolution",
            asked(g[i], a[i], h[q]),
            BACK,
            dh[q],
            hidden_gradient,
            hidden_oracle,
        ),
        Claim(
            "kernel_gradient",
            "Gradient with respect to the kernel",
            asked(g[i], a[i], w[r]),
            WEIGHTS,
            dw[r],
            kernel_gradient,
            kernel_oracle,
        ),
    ),
)

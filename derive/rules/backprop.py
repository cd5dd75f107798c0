r"""The chain rule through a layer: the gradient of any loss, from its gradient at the layer's output.

Let L be a differentiable function of the output y, and g its gradient there, $g_i = \partial L/\partial y_i$. Then
$\partial L/\partial w_j = \sum_i g_i\,\partial y_i/\partial w_j$. A gradient is defined by this sum, over all entries
of the output; nothing else is known of the loss, so what is found holds for every one. Gradients have the shape of
their variable.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.5.2, (6.45) and (6.46).
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Symbol

from derive.kernel.derivation import Text
from derive.language import Array, Definition, Entry, IndexSum, Partial
from derive.rules.algebra import definition
from derive.rules.combine import Conversion, by, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.forms import recognised

CHAIN_RULE: Text = ("chain rule",)


def chain_rule(upstream: Array, output: Array, entry: Entry, indices: Sequence[Symbol]) -> Expr:
    """sum(g[i]*d(y[i])/dw[j]) over all i, one index for each axis of the output.

    Example:
        >>> from derive.language import array, integer
        >>> i, j, m, k = (integer(name) for name in "ijmk")
        >>> y, g, w = array("y", (1, m)), array("g", (1, m)), array("w", (1, k))
        >>> chain_rule(g, y, w[j], (i,))
        sum(g[i]*d(y[i])/dw[j], i=1..m)
    """
    total: Expr = Entry(upstream, *indices) * Partial(Entry(output, *indices), entry)
    for index, (low, high) in reversed(list(zip(indices, output.axes, strict=True))):
        total = IndexSum(total, index, low, high)
    return total


def gradient(name: Array, upstream: Array, output: Array, entry: Entry, indices: Sequence[Symbol]) -> Definition:
    """The gradient with respect to the array of the entry, defined by the chain rule at its indices."""
    return Definition(name, tuple(entry.indices), chain_rule(upstream, output, entry, indices))


def backpropagated(*finish: Conversion, form: Entry | None = None, use: Conversion | None = None) -> Conversion:
    """An entry of a gradient worked out: chain rule, derivatives, deltas; then whatever comes last.

    Args:
        finish: What is done with the sum that is left.
        form: The entry of a form that the result is, if it has a name.
        use: What is known of derivatives, tried first: a lemma, say.
    """
    last = (recognised(form),) if form is not None else ()
    return then(by(definition, reason=CHAIN_RULE), differentiated(use), undelta, *finish, *last)

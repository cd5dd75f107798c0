r"""The output of attention, $O = P V$, one head: T queries weigh the values of R keys; and the way back.

Shapes: P: (queries, keys), V: (keys, value components), O and its gradient dO: (queries, value components). The
gradients are $dV = P^\top dO$ and $dP = dO\,V^\top$. The weights may be any numbers here: how the softmax makes them
of scores is told in `attention_scores`, whose way back needs the row sums of $P \odot dP$. Those are the row sums of
$O \odot dO$, so neither P nor dP has to be kept for them.

Source: Vaswani et al., Attention Is All You Need, 2017, arXiv:1706.03762, section 3.2.1, (1); Dao et al.,
FlashAttention, 2022, arXiv:2205.14135, appendix B.2.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer
from derive.language.forms import of
from derive.language.numbers import moved, slope
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import at, at_part, by, derived, one_line, then, up_to
from derive.rules.sums import constant_out_of_sum
from derive.rules.windows import exchanged

QUERIES, KEYS = declare("T", "size", "number of queries"), declare("R", "size", "number of keys")
VALUE_WIDTH = declare("D", "size", "width of a value")
QUERY, KEY = declare("t", "integer", "a query"), declare("r", "integer", "a key")
_c = declare("c", "integer", "a component")
T, R, D, t, r, c = (given.symbol for given in (QUERIES, KEYS, VALUE_WIDTH, QUERY, KEY, _c))
i, j, k, l = (integer(name) for name in "ijkl")  # noqa: E741
WEIGHTS, V = array("P", (1, T), (1, R)), array("V", (1, R), (1, D))
O, dO = (array(name, (1, T), (1, D)) for name in ("O", "dO"))  # noqa: E741
dP, dV = array("dP", (1, T), (1, R)), array("dV", (1, R), (1, D))
OUTPUT = Definition(O, (i, j), IndexSum(WEIGHTS[i, k] * V[k, j], k, 1, R))
_SIZES, _FREE = (QUERIES, KEYS, VALUE_WIDTH), (WEIGHTS, V, dO)
_BACK = Definition(dP, (i, j), IndexSum(dO[i, l] * V[j, l], l, 1, D))
VALUES = Context(
    (*_SIZES, KEY, _c), (between(1, r, R), between(1, c, D)), (OUTPUT, gradient(dV, dO, O, V[r, c], (i, j))), _FREE
)
PAIRS = Context(
    (*_SIZES, QUERY, KEY),
    (between(1, t, T), between(1, r, R)),
    (OUTPUT, gradient(dP, dO, O, WEIGHTS[t, r], (i, j))),
    _FREE,
)
ROWS = Context((*_SIZES, QUERY), (between(1, t, T),), (OUTPUT, _BACK), _FREE)
ROW_SUM = IndexSum(WEIGHTS[t, k] * dP[t, k], k, 1, R)


def asked(given: Array, output: Array, variable: Array) -> Text:
    """The gradient with respect to the output is given, that with respect to the variable is wanted."""
    return ("Let ", given, " be the gradient of a loss with respect to ", output, ". Find that for ", variable, ".")


def value_gradient() -> Derivation:
    """dV = P^T dO."""
    form = of("product", of("transpose", WEIGHTS), dO)[r, c]
    return derived("attention.value_gradient", VALUES, dV[r, c], backpropagated(form=form))


def weight_gradient() -> Derivation:
    """dP = dO V^T."""
    form = of("product", dO, of("transpose", V))[t, r]
    return derived("attention.weight_gradient", PAIRS, dP[t, r], backpropagated(form=form))


def row_sums() -> Derivation:
    """A row of P times that of dP is a row of O times that of dO."""
    pairs = IndexSum(IndexSum(WEIGHTS[t, k] * dO[t, l] * V[k, l], l, 1, D), k, 1, R)
    inside = at((0,), by(constant_out_of_sum))
    moves = then(
        at_part(dP[t, k], by(definition, reason=("definition of ", dP))),
        one_line(then(up_to(pairs, inside), exchanged, inside), ("exchange the sums",)),
        at((0, 1), by(fold_definition, O[t, l], reason=("definition of ", O))),
    )
    return derived("attention.row_sums", ROWS, ROW_SUM, moves)


Matrix = Callable[[int, int], Any]


def output(R: int, query: int, component: int, P: Matrix, V: Matrix) -> Any:
    """One component of the output for one query, in a loop over the keys."""
    value: Any = 0
    for key in range(1, R + 1):
        value += P(query, key) * V(key, component)
    return value


def loss(T: int, R: int, D: int, P: Matrix, V: Matrix, dO: Matrix) -> Any:
    """All outputs added up, each times its gradient."""
    places = [(query, component) for query in range(1, T + 1) for component in range(1, D + 1)]
    return sum(dO(*place) * output(R, *place, P, V) for place in places)


def value_oracle(T: int, R: int, D: int, r: int, c: int, P: Matrix, V: Matrix, dO: Matrix) -> Any:
    """How the weighted outputs change with one value."""
    return slope(lambda number: loss(T, R, D, P, moved(V, (r, c), number), dO), V(r, c))


def weight_oracle(T: int, R: int, D: int, t: int, r: int, P: Matrix, V: Matrix, dO: Matrix) -> Any:
    """How the weighted outputs change with one weight."""
    return slope(lambda number: loss(T, R, D, moved(P, (t, r), number), V, dO), P(t, r))


def row_oracle(T: int, R: int, D: int, t: int, P: Matrix, V: Matrix, dO: Matrix) -> Any:
    """Each weight of the row times how the weighted outputs change with it."""
    total: Any = Fraction(0)
    for key in range(1, R + 1):
        total += P(t, key) * weight_oracle(T, R, D, t, key, P, V, dO)
    return total


_FOR_V, _FOR_P = asked(dO, O, V), asked(dO, O, WEIGHTS)
_ROWS: Text = ("Write the sum of a row of ", WEIGHTS, ", each weight times its gradient, by ", O, " and ", dO, ".")
SOURCE = "Vaswani et al., 2017, arXiv:1706.03762, section 3.2.1; Dao et al., 2022, arXiv:2205.14135, appendix B.2"
CONSTRUCT = Construct(
    name="attention",
    title="Attention: the output",
    about=(
        "Each of ",
        T,
        " queries gives each of ",
        R,
        " keys a weight; its output is the weighted sum of the values.",
    ),
    conventions=(
        "queries, keys and values are rows",
        "gradients are laid out like their variable",
    ),
    source=SOURCE,
    claims=(
        Claim("value_gradient", "Gradient of the values", _FOR_V, VALUES, dV[r, c], value_gradient, value_oracle),
        Claim("weight_gradient", "Gradient of the weights", _FOR_P, PAIRS, dP[t, r], weight_gradient, weight_oracle),
        Claim("row_sums", "Sums of a row of weights times gradients", _ROWS, ROWS, ROW_SUM, row_sums, row_oracle),
    ),
)

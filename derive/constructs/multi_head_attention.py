r"""Attention with H heads side by side, and their outputs joined: the gradients of `attention`, by one more index.

Shapes: P: (heads, queries, keys), V: (heads, keys, components), O: (heads, queries, components). The joined output is
$Y_{tm} = \sum_a \sum_c O_{atc} U_{acm}$, U: (heads, components, features): the output matrix, cut into one block of
rows for each head. No head has a part in the gradients of another.

Source: Vaswani et al., Attention Is All You Need, 2017, arXiv:1706.03762, section 3.2.2; Dao et al., FlashAttention,
2022, arXiv:2205.14135, appendix B.2.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from derive.constructs.attention import KEY, KEYS, QUERIES, QUERY, VALUE_WIDTH, D, R, T, asked, r, t
from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer
from derive.language.numbers import moved, slope
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import derived

HEADS, HEAD = declare("H", "size", "number of heads"), declare("a", "integer", "a head")
_F, _c = declare("F", "size", "number of features"), declare("c", "integer", "a component")
_m = declare("m", "integer", "a feature")
H, a, F, c, m = (given.symbol for given in (HEADS, HEAD, _F, _c, _m))
b, i, j, k, l = (integer(name) for name in "bijkl")  # noqa: E741
P, dP = (array(name, (1, H), (1, T), (1, R)) for name in ("P", "dP"))
V, dV = (array(name, (1, H), (1, R), (1, D)) for name in ("V", "dV"))
O, dO = (array(name, (1, H), (1, T), (1, D)) for name in ("O", "dO"))  # noqa: E741
U, dU = (array(name, (1, H), (1, D), (1, F)) for name in ("U", "dU"))
Y, dY = (array(name, (1, T), (1, F)) for name in ("Y", "dY"))
OUTPUT = Definition(O, (b, i, j), IndexSum(P[b, i, k] * V[b, k, j], k, 1, R))
JOINED = Definition(Y, (i, j), IndexSum(IndexSum(O[b, i, l] * U[b, l, j], l, 1, D), b, 1, H))
IN = {a: between(1, a, H), t: between(1, t, T), r: between(1, r, R), c: between(1, c, D), m: between(1, m, F)}


def _context(name: Array, variable: Array, *places: Any) -> Context:
    """Of the gradient that has this name, at these places of its variable."""
    first = variable in (P, V)
    inside, sizes = tuple(IN[place] for place in places), (KEYS, VALUE_WIDTH) if first else (VALUE_WIDTH, _F)
    back = gradient(name, dO if first else dY, O if first else Y, variable[places], (b, i, j) if first else (i, j))
    letters = tuple({a: HEAD, t: QUERY, r: KEY, c: _c, m: _m}[place] for place in places)
    arrays = (P, V, dO) if first else (O, U, dY)
    return Context((HEADS, QUERIES, *sizes, *letters), inside, (OUTPUT if first else JOINED, back), arrays)


TO_VALUES, TO_WEIGHTS = _context(dV, V, a, r, c), _context(dP, P, a, t, r)
TO_HEADS, TO_MATRIX = _context(dO, O, a, t, c), _context(dU, U, a, c, m)


def value_gradient() -> Derivation:
    """dV = P^T dO in each head."""
    return derived("multi_head_attention.value_gradient", TO_VALUES, dV[a, r, c], backpropagated())


def weight_gradient() -> Derivation:
    """dP = dO V^T in each head."""
    return derived("multi_head_attention.weight_gradient", TO_WEIGHTS, dP[a, t, r], backpropagated())


def head_gradient() -> Derivation:
    """dO = dY U^T in each head."""
    return derived("multi_head_attention.head_gradient", TO_HEADS, dO[a, t, c], backpropagated())


def matrix_gradient() -> Derivation:
    """dU = O^T dY in each head."""
    return derived("multi_head_attention.matrix_gradient", TO_MATRIX, dU[a, c, m], backpropagated())


Block = Callable[[int, int, int], Any]
Place = tuple[int, int, int]


def outputs(H: int, T: int, R: int, D: int, P: Block, V: Block, dO: Block) -> Any:
    """The outputs of all heads added up, each times its gradient."""
    total: Any = 0
    for head, query, place in product(range(1, H + 1), range(1, T + 1), range(1, D + 1)):
        for key in range(1, R + 1):
            total += dO(head, query, place) * P(head, query, key) * V(head, key, place)
    return total


def joined(H: int, T: int, D: int, F: int, O: Block, U: Block, dY: Any) -> Any:  # noqa: E741
    """The joined outputs added up, each times its gradient."""
    total: Any = 0
    for query, feature in product(range(1, T + 1), range(1, F + 1)):
        for head, place in product(range(1, H + 1), range(1, D + 1)):
            total += dY(query, feature) * O(head, query, place) * U(head, place, feature)
    return total


def value_oracle(H: int, T: int, R: int, D: int, a: int, r: int, c: int, P: Block, V: Block, dO: Block) -> Any:
    """How the weighted outputs change with one value."""
    return slope(lambda number: outputs(H, T, R, D, P, moved(V, (a, r, c), number), dO), V(a, r, c))


def weight_oracle(H: int, T: int, R: int, D: int, a: int, t: int, r: int, P: Block, V: Block, dO: Block) -> Any:
    """How the weighted outputs change with one weight."""
    return slope(lambda number: outputs(H, T, R, D, moved(P, (a, t, r), number), V, dO), P(a, t, r))


def head_oracle(H: int, T: int, D: int, F: int, a: int, t: int, c: int, O: Block, U: Block, dY: Any) -> Any:  # noqa: E741
    """How the weighted joined outputs change with one output of a head."""
    return slope(lambda number: joined(H, T, D, F, moved(O, (a, t, c), number), U, dY), O(a, t, c))


def matrix_oracle(H: int, T: int, D: int, F: int, a: int, c: int, m: int, O: Block, U: Block, dY: Any) -> Any:  # noqa: E741
    """How the weighted joined outputs change with one number of the matrix."""
    return slope(lambda number: joined(H, T, D, F, O, moved(U, (a, c, m), number), dY), U(a, c, m))


_V, _P, _O, _U = asked(dO, O, V), asked(dO, O, P), asked(dY, Y, O), asked(dY, Y, U)
CONSTRUCT = Construct(
    name="multi_head_attention",
    title="Attention with several heads",
    about=("Each of ", H, " heads has weights and values of its own; their outputs are joined by ", U, "."),
    conventions=("the first index is the head", "gradients are laid out like their variable"),
    source="Vaswani et al., 2017, arXiv:1706.03762, section 3.2.2; Dao et al., 2022, arXiv:2205.14135, appendix B.2",
    claims=(
        Claim("value_gradient", "The values", _V, TO_VALUES, dV[a, r, c], value_gradient, value_oracle),
        Claim("weight_gradient", "The weights", _P, TO_WEIGHTS, dP[a, t, r], weight_gradient, weight_oracle),
        Claim("head_gradient", "The output of a head", _O, TO_HEADS, dO[a, t, c], head_gradient, head_oracle),
        Claim("matrix_gradient", "The output matrix", _U, TO_MATRIX, dU[a, c, m], matrix_gradient, matrix_oracle),
    ),
)

r"""An embedding table: place t has the code $c_t$, and the layer gives the row $E_{c_t}$ of the table.

As a product with one-hot rows: $Y_{td} = \sum_v H_{tv} E_{vd}$ with $H_{tv} = [c_t = v]$, which is $E_{c_t,d}$ where
$c_t$ is one of the codes 1..V, and 0 where it is none. So $Y = H E$ and $dE = H^\top G$: the row of a code gets the sum
of the gradients at all places with that code, and a code that does not occur gets 0. (Indices of arrays are terms in
integer symbols here, so $E_{c_t,d}$ itself cannot be written; the codes stand in the deltas.)

Source: Bengio, Ducharme, Vincent, Jauvin, A neural probabilistic language model, JMLR 3, 2003, section 2; Paszke et
al., PyTorch, 2019, arXiv:1912.01703, torch.nn.Embedding.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, Indicator, array, between, declare, eq, integer
from derive.language.forms import of
from derive.language.numbers import slope
from derive.rules.algebra import definition, fold_definition
from derive.rules.backprop import backpropagated, gradient
from derive.rules.combine import at_part, by, derived, then
from derive.rules.forms import recognised

_T, _V = declare("T", "size", "number of places"), declare("V", "size", "number of codes")
_D = declare("D", "size", "length of a row")
_t, _v, _d = declare("t", "integer", "place"), declare("v", "integer", "code"), declare("d", "integer", "column")
T, V, D, t, v, d = (a.symbol for a in (_T, _V, _D, _t, _v, _d))
k, e = integer("k"), integer("d'")
codes, table, hot = array("c", (1, T)), array("E", (1, V), (1, D)), array("H", (1, T), (1, V))
y, g, dtable = array("Y", (1, T), (1, D)), array("G", (1, T), (1, D)), array("dE", (1, V), (1, D))
ONE_HOT = Definition(hot, (t, v), Indicator(eq(codes[t], v)))
BY_CODE = Definition(y, (t, e), IndexSum(Indicator(eq(codes[t], k)) * table[k, e], k, 1, V))
PRODUCT = Definition(y, (t, e), IndexSum(hot[t, k] * table[k, e], k, 1, V))
_PLACE, _ROW = (between(1, t, T), between(1, d, D)), (between(1, v, V), between(1, d, D))
_UP = gradient(dtable, g, y, table[v, d], (t, e))
LOOKUP = Context((_T, _V, _D, _t, _d), _PLACE, (ONE_HOT, BY_CODE), (codes, table))
SPARSE = Context((_T, _V, _D, _v, _d), _ROW, (BY_CODE, _UP), (codes, table, g))
MATRIX = Context((_T, _V, _D, _v, _d), _ROW, (ONE_HOT, PRODUCT, _UP), (codes, table, g))


def lookup() -> Derivation:
    """Y = H E."""
    moves = then(
        by(definition, reason=("definition of ", y)),
        at_part(Indicator(eq(codes[t], k)), by(fold_definition, hot[t, k], reason=("definition of ", hot))),
        recognised(of("product", hot, table)[t, d]),
    )
    return derived("embedding_lookup.lookup", LOOKUP, y[t, d], moves)


def sparse_gradient() -> Derivation:
    """dE_vd = the sum of the gradients at the places with the code v."""
    return derived("embedding_lookup.sparse_gradient", SPARSE, dtable[v, d], backpropagated())


def matrix_gradient() -> Derivation:
    """dE = H^T G."""
    form = of("product", of("transpose", hot), g)
    return derived("embedding_lookup.matrix_gradient", MATRIX, dtable[v, d], backpropagated(form=form[v, d]))


Codes = Callable[[int], Fraction]
Matrix = Callable[[int, int], Fraction]


def rows(T: int, V: int, D: int, c: Codes, E: Matrix) -> list[list[Any]]:
    """The row of each place: found by going through the table; zeros where the code is none of it."""
    found = []
    for place in range(1, T + 1):
        row: list[Any] = [Fraction(0)] * D
        for code in range(1, V + 1):
            if c(place) == code:
                row = [E(code, column) for column in range(1, D + 1)]
        found.append(row)
    return found


def lookup_oracle(T: int, V: int, D: int, t: int, d: int, c: Codes, E: Matrix) -> Any:
    """One number of the row of a place."""
    return rows(T, V, D, c, E)[t - 1][d - 1]


def _change(T: int, V: int, D: int, v: int, d: int, c: Codes, E: Matrix, G: Matrix) -> Any:
    """How the weighted rows of all places, added up, change with one number of the table."""

    def loss(value: Any) -> Any:
        total: Any = 0
        changed = rows(T, V, D, c, lambda code, column: value if (code, column) == (v, d) else E(code, column))
        for place, row in enumerate(changed, start=1):
            for column, number in enumerate(row, start=1):
                total += G(place, column) * number
        return total

    return slope(loss, E(v, d))


def sparse_oracle(T: int, V: int, D: int, v: int, d: int, c: Codes, E: Matrix, G: Matrix) -> Any:
    """One number of the gradient."""
    return _change(T, V, D, v, d, c, E, G)


def matrix_oracle(T: int, V: int, D: int, v: int, d: int, c: Codes, E: Matrix, G: Matrix) -> Any:
    """The same number."""
    return _change(T, V, D, v, d, c, E, G)


_LOOKUP: Text = ("Let ", eq(hot[t, v], ONE_HOT.body), ". Write the rows of all places with a matrix product.")
_GIVEN: Text = ("Let ", g[t, d], " be the gradient of a loss with respect to ", y[t, d], ". Find that with respect to ")
_SPARSE: Text = (*_GIVEN, table[v, d], ".")
_MATRIX: Text = (*_SPARSE, " Write it with a matrix product and ", eq(hot[t, v], ONE_HOT.body), ".")
CONSTRUCT = Construct(
    name="embedding_lookup",
    title="Embedding table",
    about=("Each of ", T, " places has a code, and gets the row of the table for it, with ", D, " numbers."),
    conventions=(
        "indices from 1",
        "a code that is not in the table gives zeros",
        "gradients are laid out like their variable",
    ),
    source="Bengio, Ducharme, Vincent, Jauvin, JMLR 3, 2003, section 2; torch.nn.Embedding",
    claims=(
        Claim("lookup", "The rows as a product", _LOOKUP, LOOKUP, y[t, d], lookup, lookup_oracle),
        Claim("sparse_gradient", "Gradient", _SPARSE, SPARSE, dtable[v, d], sparse_gradient, sparse_oracle),
        Claim("matrix_gradient", "As matrices", _MATRIX, MATRIX, dtable[v, d], matrix_gradient, matrix_oracle),
    ),
)

r"""Back-propagation is linear in what comes from above: a positive factor there only rescales each gradient.

Layer t (counted from the output) has the weights $W_t$, a factor c and the inputs $x_t$. What comes back from it is
$g_t = c\,W_t^\top g_{t-1}$, and the gradient of its weights is $c\,g_{t-1} x_t^\top$. So all gradients are multiplied
by s if $g_0$ is, and an update rule of degree 0, like the sign, makes the same steps. With a batch the gradient of the
weights is a sum over examples: a factor that is common to all examples goes out of the sum and leaves its sign; factors
of the single examples do not.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.5.6 (back-propagation through a layer); Yang,
Hu, Tensor Programs IV, arXiv:2011.14522, section 2 (multipliers of layers).
"""

from __future__ import annotations

from typing import Any

from sympy import oo

from derive.constructs.construct import Claim, Construct, Refuted
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    OTHERWISE,
    Cases,
    Context,
    Definition,
    ForAll,
    IndexSum,
    array,
    between,
    declare,
    eq,
    gt,
    integer,
)  # fmt: skip
from derive.rules.degrees import twin, with_twins
from derive.rules.homogeneity import homogeneous

_n, _B, _T = declare("n", "size", "entries"), declare("B", "size", "examples"), declare("T", "natural", "layers")
_i, _j, _s, _c = (*(declare(x, "integer") for x in "ij"), declare("s", "real", "factor"), declare("c", "real"))
n, B, T, i, j, s, c = (d.symbol for d in (_n, _B, _T, _i, _j, _s, _c))
k, t, b = integer("k"), integer("t"), integer("b")
W, p, g = array("W", (1, oo), (1, n), (1, n)), array("p", (1, n)), array("g", (0, oo), (1, n))
x, d, r = array("x", (1, B), (1, n)), array("d", (1, B), (1, n)), array("r", (1, B))
D, u, v = (array(name, (1, n), (1, n)) for name in ("D", "u", "v"))
ONE = array("x", (1, n))
_BACK = Definition(g, (t, j), Cases((p[j], eq(t, 0)), (c * IndexSum(W[t, k, j] * g[t - 1, k], k, 1, n), OTHERWISE)))
SUM = IndexSum(d[b, i] * x[b, j], b, 1, B)


def sign(term: Any) -> Cases:
    """The sign of a number."""
    return Cases((1, gt(term, 0)), (0, eq(term, 0)), (-1, OTHERWISE))


INSIDE, PLACE = (between(1, j, n), gt(s, 0)), (between(1, i, n), between(1, j, n), gt(s, 0))
LAYERS = with_twins(Context((_n, _T, _j, _s, _c), INSIDE, (_BACK,), (W, p)), {p: lambda *_: s})
_ONE = (Definition(D, (i, j), c * p[i] * ONE[j]), Definition(u, (i, j), sign(c * p[i] * ONE[j])))
WEIGHTS = with_twins(Context((_n, _i, _j, _s, _c), PLACE, _ONE, (p, ONE)), {p: lambda *_: s})
_SIGNED = Context((_n, _B, _i, _j, _s), PLACE, (Definition(v, (i, j), sign(SUM)),), (d, x))
BATCH = with_twins(_SIGNED, {d: lambda *_: s})
EACH = with_twins(Context((_n, _B, _i, _j), (*PLACE[:2], ForAll(gt(r[b], 0), b, 1, B)), _SIGNED.definitions, (d, x, r)),
                  {d: lambda example, _: r[example]})  # fmt: skip
MADE = {one: twin(one)[i, j] for one in (D, u, v)}


def layers() -> Derivation:
    """Degree 1 in what comes from above, through any number of layers."""
    return homogeneous("gradient_scale.layers", LAYERS, g[T, j], s, (p,))


def weights() -> Derivation:
    """Degree 1."""
    return homogeneous("gradient_scale.weights", WEIGHTS, D[i, j], s, (p,))


def signs() -> Derivation:
    """Degree 0."""
    return homogeneous("gradient_scale.signs", WEIGHTS, u[i, j], s, (p,))


def batch() -> Derivation:
    """Degree 0 in the gradients of all examples together."""
    return homogeneous("gradient_scale.batch", BATCH, v[i, j], s, (d,))


def layers_oracle(n: int, T: int, j: int, s: Any, c: Any, W: Any, p: Any) -> Any:
    """Back through one layer after the other."""
    here = [s * p(place) for place in range(1, n + 1)]
    for layer in range(1, T + 1):
        here = [c * sum(W(layer, row, column) * here[row - 1] for row in range(1, n + 1)) for column in range(1, n + 1)]
    return here[j - 1]


def weights_oracle(n: int, i: int, j: int, s: Any, c: Any, p: Any, x: Any) -> Any:
    """An entry of the outer product."""
    return [[c * (s * p(row)) * x(column) for column in range(1, n + 1)] for row in range(1, n + 1)][i - 1][j - 1]


def signs_oracle(n: int, i: int, j: int, s: Any, c: Any, p: Any, x: Any) -> Any:
    """Its sign."""
    entry = weights_oracle(n, i, j, s, c, p, x)
    return int(entry > 0) - int(entry < 0)


def batch_oracle(n: int, B: int, i: int, j: int, s: Any, d: Any, x: Any) -> Any:
    """The sign of what the examples add up to."""
    total = 0 * s
    for example in range(1, B + 1):
        total += s * d(example, i) * x(example, j)
    return int(total > 0) - int(total < 0)


_SCALED: Text = ("What comes from above, ", p, ", is multiplied by ", s, ". What becomes of ")
_BATCH: Text = ("The gradients of all examples are multiplied by ", s, ". What becomes of the sign ", v[i, j], "?")
EXAMPLES = Refuted(
    name="each_example",
    title="A factor for each example",
    statement=("The sign of a gradient of a batch stays the same if that of each example ", b, " is multiplied by ",
               gt(r[b], 0)),
    context=EACH,
    left=MADE[v],
    relation="=",
    right=v[i, j],
    missing=("The examples then count unlike, and one may outweigh the others.",),
    instead="gradient_scale.batch",
)  # fmt: skip
CONSTRUCT = Construct(
    name="gradient_scale",
    title="The scale of gradients in between",
    about=("Gradients come back from layer to layer, and each layer changes its weights with them.",),
    conventions=("layers are counted from the output", "the sign of 0 is 0"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.5.6; Yang, Hu, arXiv:2011.14522, section 2",
    claims=(
        Claim("layers", "Through layers", (*_SCALED, g[T, j], "?"), LAYERS, twin(g)[T, j], layers, layers_oracle),
        Claim(
            "weights", "The gradient of weights", (*_SCALED, D[i, j], "?"), WEIGHTS, MADE[D], weights, weights_oracle
        ),
        Claim("signs", "Its sign", (*_SCALED, u[i, j], "?"), WEIGHTS, MADE[u], signs, signs_oracle),
        Claim("batch", "A batch", _BATCH, BATCH, MADE[v], batch, batch_oracle),
    ),
    refuted=(EXAMPLES,),
)

r"""The Jacobian of a composition $F = h \circ g \circ f$, forwards and backwards, and of maps whose values are joined.

Shapes: x: ($\ell$), f(x): (m), g(f(x)): (n), F(x): (o). Each factor stands at the point where its map is taken,
$J_F(x) = J_h(g(f(x)))\,J_g(f(x))\,J_f(x)$, with shapes $(o \times n)(n \times m)(m \times \ell)$. Applied to a vector v
from the right it is worked out without a product of matrices, and so it is for a vector from the left. Where two
branches are added, the Jacobian is the sum over the paths.

Source: Magnus, Neudecker, Matrix Differential Calculus, 2019, section 5.12, theorem 12; Griewank, Walther, Evaluating
Derivatives, 2008, sections 3.1 and 3.2 (Jacobian-vector and vector-Jacobian products).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, Entry, IndexSum, Partial, array, between, declare, integer
from derive.language.forms import Form, of
from derive.language.maps import Image
from derive.language.numbers import slope
from derive.rules.combine import attempt, derived, then
from derive.rules.deltas import undelta
from derive.rules.derivatives import differentiated
from derive.rules.forms import recognised

SIZES = tuple(
    declare(name, "size", f"number of {meaning}")
    for name, meaning in (("ell", "inputs"), ("m", "values of f"), ("n", "values of g"), ("o", "values of h"))
)
_i, _j = declare("i", "integer", "index of the output"), declare("j", "integer", "index of the input")
(ell, m, n, o), i, j = (d.symbol for d in SIZES), _i.symbol, _j.symbol
a, b = integer("a"), integer("b")
x, v, c, u = array("x", (1, ell)), array("v", (1, ell)), array("c", (1, o)), array("u", (1, m))
f = Image("f", ((1, m),), x)
g = Image("g", ((1, n),), f)
h = Image("h", ((1, o),), g)
inner, outer = Image("g", ((1, m),), x), Image("h", ((1, o),), u)
BRANCHES = Definition(u, (a,), f[a] + inner[a])
IN, OUT = between(1, j, ell), between(1, i, o)
ENTRY = Context((*SIZES, _i, _j), (OUT, IN), (), (x,))
FORWARDS, BACKWARDS = Context((*SIZES, _i), (OUT,), (), (x, v)), Context((*SIZES, _j), (IN,), (), (x, c))
JOINED = Context((SIZES[0], SIZES[1], SIZES[3], _i, _j), (OUT, IN), (BRANCHES,), (x,))
FORWARD = IndexSum(Partial(h[i], x[b]) * v[b], b, 1, ell)
BACKWARD = IndexSum(c[a] * Partial(h[a], x[j]), a, 1, o)


def chained(*factors: Form) -> Form:
    """The product of the matrices, and of a vector at either end, bracketed from the right."""
    *before, last = factors
    for factor in reversed(before):
        last = of("product", factor, last)
    return last


def _shown(name: str, context: Context, left: Any, right: Entry) -> Derivation:
    moves = then(differentiated(), attempt(undelta), recognised(right))
    return derived(f"composed_maps.{name}", context, left, moves)


def jacobian() -> Derivation:
    """J_F = J_h J_g J_f."""
    return _shown("jacobian", ENTRY, Partial(h[i], x[j]), chained(h.derivative, g.derivative, f.derivative)[i, j])


def forward() -> Derivation:
    """J_F v = J_h (J_g (J_f v))."""
    return _shown("forward", FORWARDS, FORWARD, chained(h.derivative, g.derivative, f.derivative, v)[i])


def backward() -> Derivation:
    """c' J_F = ((c' J_h) J_g) J_f."""
    back = of("product", of("product", of("product", c, h.derivative), g.derivative), f.derivative)
    return _shown("backward", BACKWARDS, BACKWARD, back[j])


def branches() -> Derivation:
    """J_F = J_h (J_f + J_g)."""
    form = of("product", outer.derivative, of("sum", f.derivative, inner.derivative))
    return _shown("branches", JOINED, Partial(outer[i], x[j]), form[i, j])


Numbers = dict[tuple[int, ...], Any]
Map = Callable[[tuple[int, ...], Numbers], Any]


def through(inputs: Numbers, *maps: tuple[Map, int]) -> Numbers:
    """The values of maps in a row, each with the number of its values."""
    for map_, size in maps:
        inputs = {(r,): map_((r,), inputs) for r in range(1, size + 1)}
    return inputs


def moved(x: Callable[[int], Any], ell: int, j: int, value: Any) -> Numbers:
    """The inputs with another number at j."""
    return {(s,): value if s == j else x(s) for s in range(1, ell + 1)}


def jacobian_oracle(ell: int, m: int, n: int, o: int, i: int, j: int, x: Any, f: Map, g: Map, h: Map) -> Any:
    """How one output of all three changes with one input."""
    return slope(lambda t: through(moved(x, ell, j, t), (f, m), (g, n), (h, o))[i,], x(j))


def forward_oracle(ell: int, m: int, n: int, o: int, i: int, x: Any, v: Any, f: Map, g: Map, h: Map) -> Any:
    """How one output changes as all inputs move along v."""

    def along(t: Any) -> Any:
        return through({(s,): x(s) + t * v(s) for s in range(1, ell + 1)}, (f, m), (g, n), (h, o))[i,]

    return slope(along, Fraction(0))


def backward_oracle(ell: int, m: int, n: int, o: int, j: int, x: Any, c: Any, f: Map, g: Map, h: Map) -> Any:
    """How the weighted sum of all outputs changes with one input."""

    def loss(t: Any) -> Any:
        values = through(moved(x, ell, j, t), (f, m), (g, n), (h, o))
        total: Any = 0
        for (r,), value in values.items():
            total = total + c(r) * value
        return total

    return slope(loss, x(j))


def branches_oracle(ell: int, m: int, o: int, i: int, j: int, x: Any, f: Map, g: Map, h: Map) -> Any:
    """How one output changes with one input, through both branches at once."""

    def joined(t: Any) -> Any:
        one, other = (through(moved(x, ell, j, t), (map_, m)) for map_ in (f, g))
        return through({place: one[place] + other[place] for place in one}, (h, o))[i,]

    return slope(joined, x(j))


_F: Text = ("Let ", Image("F", ((1, o),), x), " = ", h, ". ")
_CHEAP: Text = (", such that no two matrices are multiplied.",)
CONSTRUCT = Construct(
    name="composed_maps",
    title="Jacobians of compositions",
    about=("The map f takes ", ell, " numbers to ", m, ", g takes these to ", n, ", and h those to ", o, "."),
    conventions=("row i of a Jacobian belongs to output i and column j to input j",),
    source="Magnus, Neudecker, Matrix Differential Calculus, 2019, section 5.12, theorem 12",
    claims=(
        Claim("jacobian", "The Jacobian", (*_F, "Find its Jacobian, and say where each factor is taken."), ENTRY,
              Partial(h[i], x[j]), jacobian, jacobian_oracle),
        Claim("forward", "Jacobian times vector", (*_F, "Multiply its Jacobian by the vector ", v, *_CHEAP), FORWARDS,
              FORWARD, forward, forward_oracle),
        Claim("backward", "Vector times Jacobian", (*_F, "Multiply the row ", c, " by its Jacobian", *_CHEAP),
              BACKWARDS, BACKWARD, backward, backward_oracle),
        Claim("branches", "Two branches", ("Let ", u[a], " be the sum of ", f[a], " and ", inner[a], ", and h be taken "
              "of u. Find its Jacobian."), JOINED, Partial(outer[i], x[j]), branches, branches_oracle),
    ),
)  # fmt: skip

r"""How much longer a gradient gets on its way back through a layer of rank one.

The layer $x \mapsto c\,uv^\top x$ sends the gradient g back as $q_j = c\,(u \cdot g)\, v_j$. Its squared length is
$c^2 |v|^2 (u \cdot g)^2$, which for g = a u is $c^2 |u|^2 |v|^2 |g|^2$. For entries $\pm 1$ (here in turn) it then
grows by $c^2 d_o d_i$, which is $d_o$ for $c = 1/\sqrt{d_i}$ and 1 for $c = 1/\sqrt{d_o d_i}$. That is the worst case
(`rank_one_bound`) and not the typical one: a gradient with $u \cdot g = 0$ is lost altogether.

Source: Strang, Introduction to Linear Algebra, 5th ed., section 7.1 (matrices of rank one); Glorot, Bengio,
Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010, section 4.2.1.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation, Text
from derive.language import (
    Context,
    Definition,
    IndexSum,
    array,
    between,
    declare,
    eq,
    integer,
)  # fmt: skip
from derive.rules.algebra import definition
from derive.rules.combine import Moves, at_part, by, derived, everywhere, one_line, then
from derive.rules.expand import up_to_alike
from derive.rules.lemmas import use_lemma
from derive.rules.sums import constant_out_of_sum, factor_out, sum_of_constant

_do, _di = declare("d_o", "size", "outputs"), declare("d_i", "size", "inputs")
_c, _a, _j = declare("c", "real", "factor of the layer"), declare("a", "real"), declare("j", "integer", "an input")
d_o, d_i, c, a, j = (d.symbol for d in (_do, _di, _c, _a, _j))
k, t = integer("k"), integer("t")
u, v, g, q = array("u", (1, d_o)), array("v", (1, d_i)), array("g", (1, d_o)), array("q", (1, d_i))
W = array("W", (1, d_o), (1, d_i))
RANK_ONE, BACK = Definition(W, (k, j), u[k] * v[j]), Definition(q, (j,), c * IndexSum(W[k, j] * g[k], k, 1, d_o))


def total(body: Expr, index: Any = k, size: Any = d_o) -> IndexSum:
    """The sum over all outputs, or inputs."""
    return IndexSum(body, index, 1, size)


U, G, UG = total(u[k] ** 2), total(g[k] ** 2), total(u[k] * g[k])
V, Q = total(v[t] ** 2, t, d_i), total(q[t] ** 2, t, d_i)
ENTRY = Context((_do, _di, _c, _j), (between(1, j, d_i),), (RANK_ONE, BACK), (u, v, g))
LENGTH = Context((_do, _di, _c), (), (RANK_ONE, BACK), (u, v, g))
_PARALLEL = Definition(g, (k,), a * u[k])
ALIGNED = Context((_do, _di, _c, _a), (), (_PARALLEL, RANK_ONE, BACK), (u, v))
_TURNS = (Definition(u, (k,), Integer(-1) ** k), Definition(v, (j,), Integer(-1) ** j))
UNIT = Context((_do, _di, _c, _a), (), (*_TURNS, _PARALLEL, RANK_ONE, BACK))


def entry() -> Derivation:
    """q_j = c (u . g) v_j."""
    inserted = everywhere(by(definition, reason=("definition of ", W)))
    moves = then(by(definition, reason=("definition of ", q)), inserted, everywhere(by(constant_out_of_sum)))
    return derived("rank_one_backward.entry", ENTRY, q[j], moves)


def length() -> Derivation:
    """|q|^2 = c^2 (u . g)^2 |v|^2."""
    known = entry()
    there = at_part(q[t], use_lemma(known, {j: t}, (eq(q[j], known.right),)))
    moves = then(there, by(constant_out_of_sum, reason=("take the constant factors out",)))
    return derived("rank_one_backward.length", LENGTH, Q, moves, (known,))


def aligned() -> Derivation:
    """|q|^2 = c^2 |u|^2 |v|^2 |g|^2 for g = a u."""
    known = length()
    inserted = everywhere(by(definition))
    both = then(at_part(UG, inserted), everywhere(by(constant_out_of_sum)))
    squares = then(at_part(G, inserted), everywhere(by(constant_out_of_sum)))
    moves = then(
        use_lemma(known, {}, ("its length",)),
        one_line(both, ("insert ", eq(g[k], a * u[k]))),
        up_to_alike(c**2 * U * V * G, squares, (eq(G, a**2 * U),)),
    )
    return derived("rank_one_backward.aligned", ALIGNED, Q, moves, (known,))


def unit() -> Derivation:
    """|q|^2 = c^2 d_o d_i |g|^2 if entries are 1 and -1."""
    known = aligned()

    def counted(context: Context, e: Expr) -> Moves:
        ones = then(by(factor_out, Integer(1), Integer(1)), by(sum_of_constant))
        return then(everywhere(by(definition)), ones)(context, e)

    both = one_line(then(at_part(U, counted), at_part(V, counted)), ("the squares of entries are 1",))
    return derived("rank_one_backward.unit", UNIT, Q, then(use_lemma(known, {}, ("the worst case",)), both), (known,))


def sent_back(d_o: int, d_i: int, c: Any, u: Any, v: Any, g: Any) -> list[Any]:
    """The gradient at the inputs, weight by weight."""
    found = [0 * c] * d_i
    for row in range(1, d_o + 1):
        for column in range(1, d_i + 1):
            found[column - 1] += c * (u(row) * v(column)) * g(row)
    return found


def entry_oracle(d_o: int, d_i: int, c: Any, j: int, u: Any, v: Any, g: Any) -> Any:
    """One entry of it."""
    return sent_back(d_o, d_i, c, u, v, g)[j - 1]


def length_oracle(d_o: int, d_i: int, c: Any, u: Any, v: Any, g: Any) -> Any:
    """Its squared length."""
    return sum(x * x for x in sent_back(d_o, d_i, c, u, v, g))


def aligned_oracle(d_o: int, d_i: int, c: Any, a: Any, u: Any, v: Any) -> Any:
    """Its squared length, for a gradient parallel to u."""
    return length_oracle(d_o, d_i, c, u, v, lambda row: a * u(row))


def unit_oracle(d_o: int, d_i: int, c: Any, a: Any) -> Any:
    """The same for entries -1 and 1 in turn."""
    in_turn = lambda place: 1 - 2 * (place % 2)  # noqa: E731
    return aligned_oracle(d_o, d_i, c, a, in_turn, in_turn)


_LAYER: Text = ("The gradient at the outputs is ", g, ", that at the inputs is ", q, ". ")
_ALONG: Text = (*_LAYER, "Let ", eq(g[k], a * u[k]), ". How long is ", q, "?")
_UNIT: Text = (
    "Entries of ",
    u,
    " and ",
    v,
    " are -1 and 1 in turn, and ",
    eq(g[k], a * u[k]),
    ". How long is ",
    q,
    "?",
)
CONSTRUCT = Construct(
    name="rank_one_backward",
    title="A gradient through a layer of rank one",
    about=("A layer multiplies by ", c, " times the matrix ", eq(W[k, j], u[k] * v[j]), "."),
    conventions=("lengths are Euclidean and told by their squares",),
    source="Strang, Introduction to Linear Algebra, 5th ed., section 7.1; Glorot, Bengio, AISTATS 2010, section 4.2.1",
    claims=(
        Claim("length", "Its length", (*_LAYER, "Find the squared length of ", q, "."), LENGTH, Q, length,
              length_oracle),
        Claim("entry", "Sent back", (*_LAYER, "Find ", q[j], "."), ENTRY, q[j], entry, entry_oracle),
        Claim("aligned", "Along u", _ALONG, ALIGNED, Q, aligned, aligned_oracle),
        Claim("unit", "Entries 1 and -1", _UNIT, UNIT, Q, unit, unit_oracle),
    ),
)  # fmt: skip

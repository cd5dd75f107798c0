r"""Operations of a convolution layer: multiply-adds, the count under a declared convention, and what is performed.

Each of the $o_h o_w F$ outputs is a sum over the $t = c K_h K_w$ weights of its filter, one multiply-add each, where
c = C/g of the C channels belong to the group of the filter. Under the convention u a multiply-add counts u = 1 or
u = 2, and with b = 1 each bias counts one addition more: $o_h o_w F (u t + b)$. What is really performed is t
multiplications, t - 1 additions, and one more with a bias: $o_h o_w F (2t - 1 + b)$. So 2 for a multiply-add alone is
exact with biases and one too many for each output without.

Source: Dumoulin, Visin, arXiv:1603.07285, section 1.1; Howard et al., MobileNets, 2017, arXiv:1704.04861, section 3.1;
Krizhevsky, Sutskever, Hinton, 2012, section 3.5 (groups).
"""

from __future__ import annotations

from itertools import product

from sympy import Expr

from derive.constructs.construct import Claim, Construct
from derive.constructs.layer_parameters import (
    _C,
    _F,
    _H,
    _W,
    BIAS,
    C,
    F,
    K_h,
    K_w,
    _b,
    _c,
    _f,
    _g,
    b,
    c,
    counted,
    f,
    g,
    i,
    j,
    k,
    one_each,
    r,
    s,
)
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, between, declare, eq, integer
from derive.rules.algebra import use_equation
from derive.rules.combine import by, derived, one_line, then, up_to

_OH, _OW = declare("o_h", "size", "height of the output"), declare("o_w", "size", "width of the output")
_u = declare("u", "integer", "operations that a multiply-add counts")
o_h, o_w, u = _OH.symbol, _OW.symbol, _u.symbol
M, N, T = (array(name) for name in "MNT")
p, q = integer("p"), integer("q")
TAPS, OUTPUTS = c * K_h * K_w, o_h * o_w * F
PLACES, WEIGHTS = ((p, o_h), (q, o_w)), ((k, c), (i, K_h), (j, K_w))


def each_output(of_one: Expr) -> Expr:
    """The same for each place of the output and each filter."""
    for index, end in ((s, F), (q, o_w), (p, o_h)):
        of_one = IndexSum(of_one, index, 1, end)
    return of_one


LAYER, _GROUPS, TWO = (_OH, _OW, _F, _c, _H, _W), (eq(C, g * c), eq(F, g * f)), between(1, u, 2)
ALL = Definition(M, (), one_each(*PLACES, (r, g), (s, f), *WEIGHTS))
AGREED = Definition(N, (), each_output(u * one_each(*WEIGHTS) + b))
PERFORMED = Definition(T, (), each_output(one_each(*WEIGHTS) + one_each((j, TAPS - 1)) + b))
GROUPED = Context((_OH, _OW, _C, _F, _g, _c, _f, _H, _W), _GROUPS, (ALL,))
CONVENTION, REALLY = Context((*LAYER, _u, _b), (TWO, BIAS), (AGREED,)), Context((*LAYER, _b), (BIAS,), (PERFORMED,))


def multiply_adds() -> Derivation:
    """o_h o_w F K_h K_w C / g."""
    inserted = then(by(use_equation, F, g * f), by(use_equation, C, g * c))
    whole = one_line(up_to(OUTPUTS * K_h * K_w * C / g, inserted), (_GROUPS[0], " and ", _GROUPS[1]))
    moves = then(counted("output and each weight of its filter"), whole)
    return derived("layer_operations.multiply_adds", GROUPED, M[()], moves)


def convention() -> Derivation:
    """o_h o_w F (u c K_h K_w + b)."""
    return derived("layer_operations.convention", CONVENTION, N[()], counted("output, weight and bias"))


def performed() -> Derivation:
    """o_h o_w F (2 c K_h K_w - 1 + b)."""
    return derived("layer_operations.performed", REALLY, T[()], counted("product and each addition"))


def run(outputs: int, C: int, F: int, g: int, places: int, b: int) -> tuple[int, int]:
    """How often a layer in plain loops multiplies and adds; what is added to nothing is not counted."""
    products = additions = 0
    for _, filter_ in product(range(outputs), range(F)):
        terms = 0
        for channel, _ in product(range(C), range(places)):
            if channel * g // C == filter_ * g // F:
                products, additions, terms = products + 1, additions + (terms > 0), terms + 1
        additions += b
    return products, additions


def multiply_adds_oracle(o_h: int, o_w: int, C: int, F: int, g: int, c: int, f: int, K_h: int, K_w: int) -> int:
    """The products of a run; c and f are what is left for a group."""
    assert (c, f) == (C // g, F // g)
    return run(o_h * o_w, C, F, g, K_h * K_w, 0)[0]


def convention_oracle(o_h: int, o_w: int, F: int, c: int, K_h: int, K_w: int, u: int, b: int) -> int:
    """u for each product of a run, 1 for each bias."""
    return u * run(o_h * o_w, c, F, 1, K_h * K_w, 0)[0] + sum(b for _ in range(o_h * o_w * F))


def performed_oracle(o_h: int, o_w: int, F: int, c: int, K_h: int, K_w: int, b: int) -> int:
    """All that a run does."""
    return sum(run(o_h * o_w, c, F, 1, K_h * K_w, b))


_CONVENTION: Text = ("A multiply-add counts ", u, ", a bias ", b, ". Find the number ", N[()], " of operations.")
_REALLY: Text = ("Count all multiplications and additions, ", T[()], ".")
_GIVEN: Text = ("The channels and the filters are divided into ", g, " groups. Count the multiply-adds ", M[()], ".")
CONSTRUCT = Construct(
    name="layer_operations",
    title="Operations of a convolution layer",
    about=("Each of ", F, " filters has ", o_h, " by ", o_w, " outputs, and ", K_h, " by ", K_w, " weights in each of ",
           c, " channels that it sees."),
    conventions=("the operations are multiplications and additions", "b = 1: with biases, b = 0: without"),
    source="Dumoulin, Visin, arXiv:1603.07285, section 1.1; Howard et al., 2017, arXiv:1704.04861, section 3.1",
    claims=(
        Claim("multiply_adds", "Multiply-adds", _GIVEN, GROUPED, M[()], multiply_adds, multiply_adds_oracle),
        Claim("convention", "By convention", _CONVENTION, CONVENTION, N[()], convention, convention_oracle),
        Claim("performed", "What is performed", _REALLY, REALLY, T[()], performed, performed_oracle),
    ),
)  # fmt: skip

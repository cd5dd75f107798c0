r"""From one convention for operations to another, and how far each is from what is performed.

A layer with M multiply-adds and n outputs counts $N = uM + bn$ where a multiply-add counts u and a bias b. What is
performed are M multiplications, M - n additions that join the products of each output, and b n additions of biases, in
all $T = 2M - (1 - b)\,n$: twice the multiply-adds is exact with biases, and n too many without.

Source: Dumoulin, Visin, arXiv:1603.07285, section 1.1; Howard et al., MobileNets, 2017, arXiv:1704.04861, section 3.1.
"""

from __future__ import annotations

from sympy import Expr

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.layer_operations import (
    AGREED,
    LAYER,
    PERFORMED,
    PLACES,
    TWO,
    WEIGHTS,
    M,
    N,
    T,
    _u,
    convention,
    o_h,
    o_w,
    performed,
    run,
    u,
)
from derive.constructs.layer_parameters import BIAS, F, _b, b, counted, one_each, s
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, eq
from derive.rules.algebra import algebra
from derive.rules.combine import at_part, by, derived, then
from derive.rules.lemmas import use_lemma

OUTPUTS = o_h * o_w * F
PRODUCTS = Definition(M, (), one_each(*PLACES, (s, F), *WEIGHTS))
CONVERTED = Context((*LAYER, _u, _b), (TWO, BIAS), (PRODUCTS, AGREED))
COMPARED = Context((*LAYER, _b), (BIAS,), (PRODUCTS, PERFORMED))


def products() -> Derivation:
    """o_h o_w F c K_h K_w."""
    told = counted("output and each weight of its filter")
    return derived("operation_conventions.products", Context(LAYER, (), (PRODUCTS,)), M[()], told)


def _by_lemmas(name: str, context: Context, left: Expr, right: Expr, *lemmas: Derivation) -> Derivation:
    known = (at_part(one.left, use_lemma(one, {}, (eq(one.left, one.right),))) for one in lemmas)
    moves = then(*known, by(algebra, right, reason=("subtract",)))
    return derived(f"operation_conventions.{name}", context, left, moves, lemmas)


def conversion() -> Derivation:
    """N - u M = b o_h o_w F."""
    return _by_lemmas("conversion", CONVERTED, N[()] - u * M[()], b * OUTPUTS, products(), convention())


def rounding() -> Derivation:
    """2 M - T = (1 - b) o_h o_w F."""
    return _by_lemmas("rounding", COMPARED, 2 * M[()] - T[()], (1 - b) * OUTPUTS, products(), performed())


def products_oracle(o_h: int, o_w: int, F: int, c: int, K_h: int, K_w: int) -> int:
    """Those of a run."""
    return run(o_h * o_w, c, F, 1, K_h * K_w, 0)[0]


def conversion_oracle(o_h: int, o_w: int, F: int, c: int, K_h: int, K_w: int, u: int, b: int) -> int:
    """A run with all biases, in which only those count."""
    return u * 0 + run(o_h * o_w, c, F, 1, K_h * K_w, b)[1] - run(o_h * o_w, c, F, 1, K_h * K_w, 0)[1]


def rounding_oracle(o_h: int, o_w: int, F: int, c: int, K_h: int, K_w: int, b: int) -> int:
    """How many fewer additions than products there are."""
    products, additions = run(o_h * o_w, c, F, 1, K_h * K_w, b)
    return products - additions


_PRODUCTS: Text = ("Count the multiply-adds ", M[()], ", for no groups.")
_CONVERT: Text = ("Convert ", M[()], " multiply-adds to operations ", N[()], ", of which a multiply-add counts ", u,
                  " and a bias ", b, ".")  # fmt: skip
_SPARE: Text = ("How far is 2 for each of ", M[()], " multiply-adds from the ", T[()], " operations performed?")
ONE_LESS = Refuted(
    name="one_addition_less",
    title="One addition less than products",
    statement=("A layer without biases performs one addition less than products, and one with them as many",),
    context=COMPARED,
    left=T[()],
    relation="=",
    right=2 * M[()] - 1 + b,
    missing=("Each output is a sum of its own, so there is one addition less for each of them.",),
    instead="operation_conventions.rounding",
)
PER_WEIGHT = Refuted(
    name="bias_for_each_weight",
    title="A bias for each weight",
    statement=("Biases add one operation for each multiply-add",),
    context=CONVERTED,
    left=N[()],
    relation="=",
    right=(u + b) * M[()],
    missing=("A bias is added once to an output, when the products have been summed.",),
    instead="operation_conventions.conversion",
)
CONSTRUCT = Construct(
    name="operation_conventions",
    title="Conventions for operations",
    about=("A layer of ", F, " filters has ", o_h, " by ", o_w, " outputs of each."),
    conventions=("the operations are multiplications and additions", "b = 1: with biases, b = 0: without"),
    source="Dumoulin, Visin, arXiv:1603.07285, section 1.1; Howard et al., 2017, arXiv:1704.04861, section 3.1",
    claims=(
        Claim("products", "Multiply-adds", _PRODUCTS, Context(LAYER, (), (PRODUCTS,)), M[()], products,
              products_oracle),
        Claim("conversion", "From one convention to another", _CONVERT, CONVERTED, N[()] - u * M[()], conversion,
              conversion_oracle),
        Claim("rounding", "Two for each multiply-add", _SPARE, COMPARED, 2 * M[()] - T[()], rounding, rounding_oracle),
    ),
    refuted=(ONE_LESS, PER_WEIGHT),
)  # fmt: skip

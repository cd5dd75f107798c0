r"""How many pixels an output sees: square and rectangular kernels, and cubes.

L layers with kernels of width k on each of d axes, stride 1, see a box of $(1 + L(k - 1))^d$ places; with kernels of
$K_h$ rows and $K_w$ columns a rectangle of $(1 + L(K_h - 1))(1 + L(K_w - 1))$ pixels. So L layers of $3 \times 3$ see
$(2L + 1)^2$ pixels with 9L weights a channel, and the corners are seen by one path each. Kernels of $1 \times K$ and
$K \times 1$ in turn see a square as well, with 2K weights in place of $K^2$.

Source: Simonyan, Zisserman, Very deep convolutional networks, arXiv:1409.1556, section 2.3; Szegedy and others,
Rethinking the inception architecture, arXiv:1512.00567, section 3.2 (kernels of one row and of one column).
"""

from __future__ import annotations

from sympy import Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.receptive_axes import JUMP, OF_VOLUME, SIZE, VOLUME, D, K, S, V, a, d, volume
from derive.constructs.stacks import L, l
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, declare, eq, substitute
from derive.language.terms import OTHERWISE, Cases, IndexProduct
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then
from derive.rules.lemmas import use_lemma
from derive.rules.ranges import product_of_constant, single_factor, split_last_factor
from derive.rules.sums import sum_of_constant
from derive.rules.windows import insert_definitions

_k = declare("k", "size", "width on each axis")
_Kh, _Kw = declare("K_h", "size", "rows of a kernel"), declare("K_w", "size", "columns of a kernel")
k, Kh, Kw = _k.symbol, _Kh.symbol, _Kw.symbol
_UNIT = tuple(Definition(one, (l, a), Integer(1)) for one in (S, D))
OF_CUBE = Context((*OF_VOLUME.declarations, _k), (), (Definition(K, (l, a), k), *_UNIT, JUMP, SIZE, VOLUME))
TWO = {d: Integer(2)}
_SIDES = Definition(K, (l, a), Cases((Kh, eq(a, 1)), (Kw, OTHERWISE)))
_PLANE = tuple(found.substituted(TWO) for found in (_SIDES, *_UNIT, JUMP, SIZE, VOLUME))
OF_IMAGE = Context((OF_VOLUME.declarations[0], _Kh, _Kw), (), _PLANE)
AREA = substitute(V[L], TWO)
inserted = one_line(then(insert_definitions, everywhere(by(product_of_constant))), ("the same in all layers",))
counted = everywhere(by(sum_of_constant))


def cube() -> Derivation:
    """V_L = (1 + L (k - 1))^d."""
    lemma = volume()
    moves = then(use_lemma(lemma, {}, ("the sides multiplied",)), inserted, counted)
    return derived("receptive_boxes.cube", OF_CUBE, V[L], moves, (lemma,))


def image() -> Derivation:
    """V_L = (1 + L (K_h - 1)) (1 + L (K_w - 1))."""
    lemma = volume()
    both = substitute(lemma.right, TWO)
    sides = then(by(split_last_factor), at_part(IndexProduct(both.body, a, 1, 1), by(single_factor)))
    moves = then(
        use_lemma(lemma, TWO, ("the sides multiplied",)), one_line(sides, ("height times width",)), inserted, counted
    )
    return derived("receptive_boxes.image", OF_IMAGE, AREA, moves, (lemma,))


def image_oracle(L: int, K_h: int, K_w: int) -> int:
    """The pixels that are marked, going down: each marked one marks all that its kernel lies on."""
    marked = {(0, 0)}
    for _ in range(L):
        marked = {(row + p, column + q) for row, column in marked for p in range(K_h) for q in range(K_w)}
    return len(marked)


def cube_oracle(L: int, d: int, k: int) -> int:
    """A box that grows by k - 1 on each side with each layer."""
    sides = [1] * d
    for _ in range(L):
        sides = [side + k - 1 for side in sides]
    places = 1
    for side in sides:
        places *= side
    return places


_CUBE: Text = (
    "All kernels are ",
    k,
    " wide on each of ",
    d,
    " axes, with stride 1. How many places, ",
    V[L],
    ", are seen?",
)
_IMAGE: Text = ("All kernels have ", Kh, " rows and ", Kw, " columns. How many pixels, ", AREA, ", are seen?")
SPREAD = Refuted(
    name="weights_added_up",
    title="Weights added up",
    statement=("Each layer adds as many places as its kernel has, less one",),
    context=OF_CUBE,
    left=V[L],
    relation="=",
    right=1 + L * (k**d - 1),
    missing=("The sides add up and not the boxes: in the plane each layer puts a frame around what is seen.",),
    instead="receptive_boxes.cube",
)
CONSTRUCT = Construct(
    name="receptive_boxes",
    title="Pixels that an output sees",
    about=(L, " layers with equal kernels follow one another, with stride 1 and no dilation."),
    conventions=("layers from 1, layer 0 is the input", "axes from 1", "of boxes: stride 1, no dilation"),
    source="Simonyan, Zisserman, arXiv:1409.1556, section 2.3; Szegedy and others, arXiv:1512.00567, section 3.2",
    claims=(
        Claim("image", "An image", _IMAGE, OF_IMAGE, AREA, image, image_oracle),
        Claim("cube", "The same on all axes", _CUBE, OF_CUBE, V[L], cube, cube_oracle),
    ),
    refuted=(SPREAD,),
)

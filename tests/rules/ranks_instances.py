"""Instances of the laws of ranks, each with a slip."""

from __future__ import annotations

from sympy import Integer

from derive.language import Context, array, declare, ge, ne
from derive.language.forms import of
from derive.rules import ranks
from derive.rules.ranks import rank_of
from tests.rules.instances import Instance

_D = [declare("n", "integer"), declare("c", "real")]
n, c = (d.symbol for d in _D)
A, B = (array(name, (1, 2), (1, 3)) for name in "AB")
C = array("C", (1, 3), (1, 2))
u, v = array("u", (1, 2)), array("v", (1, 3))
ANY = Context(tuple(_D), (), (), (A, B, C, u, v))
NOT_ZERO = Context(tuple(_D), (ne(c, 0),), (), (A,))
POSITIVE = Context(tuple(_D), (ge(n, 0),), (), (A,))
_TURNED, _PRODUCT, _SUM = of("transpose", A), of("product", A, C), of("sum", A, B)

INSTANCES = [
    Instance(ranks.rank_of_transpose, ANY, rank_of(_TURNED), (), rank_of(A), rank_of(A) - 1, (rank_of(A), ())),
    Instance(
        ranks.rank_of_multiple, NOT_ZERO, rank_of(of("scaled", c, A)), (), rank_of(A), c * rank_of(A), (rank_of(A), ())
    ),
    Instance(
        ranks.rank_of_gram, ANY, rank_of(of("product", _TURNED, A)), (), rank_of(A), rank_of(A) ** 2,
        (rank_of(_PRODUCT), ()),
    ),
    Instance(
        ranks.rank_of_product, ANY, rank_of(_PRODUCT), (Integer(2),), rank_of(C), rank_of(C) - 1,
        (rank_of(_PRODUCT), (Integer(3),)),
    ),
    Instance(
        ranks.rank_of_sum, ANY, rank_of(_SUM), (), rank_of(A) + rank_of(B), rank_of(A) - rank_of(B), (rank_of(A), ())
    ),
    Instance(
        ranks.rank_of_outer, ANY, rank_of(of("outer", u, v)), (), Integer(1), Integer(0), (rank_of(_PRODUCT), ())
    ),
    Instance(ranks.rank_of_axis, ANY, rank_of(A), (Integer(1),), Integer(2), Integer(1), (rank_of(A), (Integer(0),))),
    Instance(
        ranks.rank_of_identity, POSITIVE, rank_of(of("identity", n)), (), n, n + 1, (rank_of(A), ())
    ),
]  # fmt: skip

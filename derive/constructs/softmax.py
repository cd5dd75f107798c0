r"""The softmax $p_i = e^{z_i} / \sum_k e^{z_k}$ of K scores, K symbolic: what may be added to the scores, and what not.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 4.1, (4.1), and section 6.2.2.3, (6.29) to (6.33).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import exp

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Array, Context, Definition, IndexSum, array, between, declare, integer
from derive.language.numbers import exp as exponential
from derive.rules.algebra import algebra, definition, fold_definition
from derive.rules.combine import at_part, by, derived, everywhere, one_line, then, up_to
from derive.rules.sums import constant_out_of_sum

_K = declare("K", "size", "number of classes")
_i, _j = declare("i", "integer", "a class"), declare("j", "integer", "a class")
_c = declare("c", "real", "shift")
K, i, j, c = (d.symbol for d in (_K, _i, _j, _c))
k = integer("k")
z, p, q, s = (array(name, (1, K)) for name in "zpqs")


def softmax(of: Array, scores: Array, size: Any = K) -> Definition:
    """of[i] = exp(scores[i]) / sum(exp(scores[k]))"""
    return Definition(of, (i,), exp(scores[i]) / IndexSum(exp(scores[k]), k, 1, size))


S = IndexSum(exp(z[k]), k, 1, K)
_SHIFTED = Definition(q, (i,), exp(z[i] + c) / IndexSum(exp(z[k] + c), k, 1, K))
SHIFT = Context((_K, _i, _c), (between(1, i, K),), (softmax(p, z), _SHIFTED), (z,))
RATIO = Context((_K, _i, _j), (between(1, i, K), between(1, j, K)), (softmax(p, z),), (z,))
PAIR = Context(
    (_K, _i, _j),
    (between(1, i, K), between(1, j, K)),
    (softmax(p, z), softmax(q, s)),
    (z, s),
)


def shift() -> Derivation:
    """q_i = p_i: the factor e**c cancels."""
    moves = then(
        by(definition, reason=("definition of ", q)),
        one_line(then(*(at_part(exp(z[n] + c), by(algebra, exp(c) * exp(z[n]))) for n in (i, k))), ("powers of e",)),
        at_part(
            IndexSum(exp(c) * exp(z[k]), k, 1, K),
            by(constant_out_of_sum, reason=(exp(c), " does not depend on ", k, ", and cancels")),
        ),
        by(fold_definition, p[i], reason=("definition of ", p)),
    )
    return derived("softmax.shift", SHIFT, q[i], moves)


def ratio() -> Derivation:
    """p_i / p_j depends on the difference of the scores alone."""
    moves = then(
        one_line(everywhere(by(definition)), ("definition of ", p)),
        by(algebra, exp(z[i] - z[j]), reason=("cancel the sum",)),
    )
    return derived("softmax.ratio", RATIO, p[i] / p[j], moves)


def converse() -> Derivation:
    """How far two vectors of scores are from being shifts of each other, by their probabilities."""
    inserted = then(everywhere(by(definition)), by(algebra, exp(z[i] - s[i] - (z[j] - s[j]))))
    words = ("definition of ", p, " and ", q, "; the sums cancel")
    moves = one_line(up_to(p[i] * q[j] / (p[j] * q[i]), inserted), words)
    return derived("softmax.converse", PAIR, exp(z[i] - s[i] - (z[j] - s[j])), moves)


def probability(of: int, size: int, score: Any) -> Any:
    """exp(score(of)) over the sum of all, in a loop."""
    whole: Any = Fraction(0)
    for place in range(1, size + 1):
        whole += exponential(score(place))
    return exponential(score(of)) / whole


def shift_oracle(K: int, i: int, c: Any, z: Any) -> Any:
    """The softmax of the shifted scores."""
    return probability(i, K, lambda t: z(t) + c)


def ratio_oracle(K: int, i: int, j: int, z: Any) -> Any:
    """One probability over the other."""
    return probability(i, K, z) / probability(j, K, z)


def converse_oracle(K: int, i: int, j: int, z: Any, s: Any) -> Any:
    """The power of e, factor by factor."""
    value: Any = 1
    for scores, way in ((z, 1), (s, -1)):
        value *= exponential(way * scores(i)) * exponential(-way * scores(j))
    return value


CONSTRUCT = Construct(
    name="softmax",
    title="Softmax",
    about=("The softmax makes ", K, " probabilities of ", K, " scores: each power of e, divided by the sum of all."),
    conventions=("classes are numbered from 1", "scores are real numbers"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 4.1 and 6.2.2.3",
    claims=(
        Claim(
            "shift",
            "A constant may be added to all scores",
            ("Let ", q[i], " be the softmax of the scores ", z[i] + c, ". Compare it with ", p[i], "."),
            SHIFT,
            q[i],
            shift,
            shift_oracle,
        ),
        Claim(
            "converse",
            "Nothing but a constant may be added",
            (
                *(
                    "Let ",
                    p[i],
                    " and ",
                    q[i],
                    " be the softmax of ",
                    z[i],
                    " and ",
                    s[i],
                    ". Express the power of e by ",
                ),
                *("them: where ", p[i], " and ", q[i], " are equal for all classes it is 1, and the scores differ by "),
                "the same constant everywhere.",
            ),
            PAIR,
            exp(z[i] - s[i] - (z[j] - s[j])),
            converse,
            converse_oracle,
        ),
        Claim(
            "ratio", "Two probabilities", ("Divide ", p[i], " by ", p[j], "."), RATIO, p[i] / p[j], ratio, ratio_oracle
        ),
    ),
)

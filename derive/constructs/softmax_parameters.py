r"""The softmax has one parameter too many: two classes are a sigmoid, and K classes need K - 1 numbers.

With the class 1 as reference, $y_i = z_{i+1} - z_1$ says all: $p_1 = 1/(1 + \sum_k e^{y_k})$ and
$p_{i+1} = e^{y_i}/(1 + \sum_k e^{y_k})$.

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3, (6.34) and the text after it.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer, exp

from derive.constructs.construct import Claim, Construct
from derive.constructs.softmax import K, i, k, p, probability, softmax, z
from derive.kernel.derivation import Derivation
from derive.language import Context, Definition, IndexSum, array, between, declare
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, at_part, by, derived, one_line, quietly, then, up_to
from derive.rules.sums import constant_out_of_sum, shift_index, single_term, split_last, split_range

_K, _i = declare("K", "size", "number of classes"), declare("i", "integer", "a class")
two = Integer(2)
z2, p2 = array("z", (1, two)), array("p", (1, two))
y = array("y", (1, K - 1))
S = IndexSum(exp(z[k]), k, 1, K)
TWO = Context((), (), (softmax(p2, z2, two),), (z2,))
_RELATIVE = Definition(y, (i,), z[i + 1] - z[1])
FIRST = Context((_K,), (), (softmax(p, z), _RELATIVE), (z,))
OTHER = Context((_K, _i), (between(1, i, K - 1),), (softmax(p, z), _RELATIVE), (z,))
_ALL = 1 + IndexSum(exp(y[k]), k, 1, K - 1)


def two_classes() -> Derivation:
    """p_1 is the sigmoid of the difference of the scores."""
    whole = IndexSum(exp(z2[k]), k, 1, two)
    moves = then(
        by(definition, reason=("definition of ", p2)),
        one_line(
            then(
                at_part(whole, by(split_last, reason=("the sum has two terms",))),
                at_part(IndexSum(exp(z2[k]), k, 1, 1), quietly(by(single_term))),
            )
        ),
        by(algebra, 1 / (1 + exp(-(z2[1] - z2[2]))), reason=("divide both by ", exp(z2[1]))),
    )
    return derived("softmax_parameters.two_classes", TWO, p2[1], moves)


def _relative(t: Any) -> Conversion:
    """e**z[t+1] as e**z[1] * e**y[t]."""
    target = exp(z[1]) * exp(y[t])
    return at_part(exp(z[t + 1]), up_to(target, then(at_part(y[t], by(definition)), by(algebra, exp(z[t + 1])))))


def _denominator() -> Conversion:
    """The sum as e**z[1] times 1 + the sum over the others."""
    first, rest = IndexSum(exp(z[k]), k, 1, 1), IndexSum(exp(z[k + 1]), k, 1, K - 1)
    return then(
        one_line(
            then(
                at_part(S, by(split_range, Integer(1), reason=("the first term by itself",))),
                at_part(first, quietly(by(single_term))),
                at_part(IndexSum(exp(z[k]), k, 2, K), quietly(by(shift_index, k, Integer(1)))),
            )
        ),
        one_line(
            then(
                at_part(rest, _relative(k)),
                at_part(
                    IndexSum(exp(z[1]) * exp(y[k]), k, 1, K - 1),
                    by(constant_out_of_sum, reason=("definition of ", y, "; ", exp(z[1]), " is in every term")),
                ),
            )
        ),
    )


def reference() -> Derivation:
    """p_1 from the K - 1 differences."""
    start = by(definition, reason=("definition of ", p))
    moves = then(start, _denominator(), by(algebra, 1 / _ALL, reason=("cancel ", exp(z[1]))))
    return derived("softmax_parameters.reference", FIRST, p[1], moves)


def others() -> Derivation:
    """p_(i+1) from the K - 1 differences."""
    start = by(definition, reason=("definition of ", p))
    last = by(algebra, exp(y[i]) / _ALL, reason=("cancel ", exp(z[1])))
    moves = then(start, _denominator(), quietly(_relative(i)), last)
    return derived("softmax_parameters.others", OTHER, p[i + 1], moves)


def two_oracle(z: Any) -> Any:
    """The softmax of two scores."""
    return probability(1, 2, z)


def first_oracle(K: int, z: Any) -> Any:
    """The softmax of the reference class."""
    return probability(1, K, z)


def other_oracle(K: int, i: int, z: Any) -> Any:
    """The softmax of another class."""
    return probability(i + 1, K, z)


CONSTRUCT = Construct(
    name="softmax_parameters",
    title="Free parameters of the softmax",
    about=("The softmax makes ", K, " probabilities of ", K, " scores, and only differences of scores matter."),
    conventions=("classes are numbered from 1", "class 1 is the reference"),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, section 6.2.2.3",
    claims=(
        Claim(
            "two_classes",
            "Two classes: a sigmoid",
            ("Write ", p2[1], " as a sigmoid: as 1 over 1 plus the power of e of one number."),
            TWO,
            p2[1],
            two_classes,
            two_oracle,
        ),
        Claim(
            "reference",
            "One parameter is superfluous: the class of reference",
            ("Let ", y[i], " be the score of class ", i + 1, " less that of class 1. Express ", p[1], " by them."),
            FIRST,
            p[1],
            reference,
            first_oracle,
        ),
        Claim(
            "others",
            "One parameter is superfluous: the other classes",
            ("Let ", y[i], " be the score of class ", i + 1, " less that of class 1. Express ", p[i + 1], " by them."),
            OTHER,
            p[i + 1],
            others,
            other_oracle,
        ),
    ),
)

r"""Statements about moments that are easily believed and false.

Most of them take one moment for another: a variance for a mean square, the harmonic mean for the arithmetic one. The
others factor what shares a random entry, or add variances of entries that are correlated. What is true instead is
proved in the constructs that each of them names.

Source: Glorot, Bengio, AISTATS 2010, section 4.2.1; He, Zhang, Ren, Sun, ICCV 2015, section 2.2; Grimmett, Stirzaker,
Probability and Random Processes, 3rd ed., 2001, sections 3.3 and 3.6.
"""

from __future__ import annotations

from sympy import sqrt

from derive.constructs.average_moments import ANY, m, n, sigma, x
from derive.constructs.construct import Construct, Refuted
from derive.constructs.dropout_moments import RANDOM, k, p, y
from derive.constructs.dropout_moments import sigma as deviation
from derive.constructs.initial_scales import FANS, HARMONIC, b, f
from derive.constructs.layer_moments import BACK, c, d_i, d_o, dx, j, rg
from derive.constructs.layer_moments import k as place
from derive.constructs.layer_moments import y as output
from derive.constructs.layer_moments_means import CENTRED, sw, sx
from derive.constructs.relu_layer import after_relu
from derive.constructs.relu_layer import y as behind
from derive.constructs.relu_moments import PASSED, SYMMETRIC
from derive.constructs.relu_moments import sigma as dev_z
from derive.constructs.sample_variance import BIASED, PLAIN, V
from derive.language import Context, Expectation, Variance, between, declare

_i = declare("i", "integer", "an entry")
PLACE = _i.symbol
ENTRY = Context((*PLAIN.declarations, _i), (*PLAIN.hypotheses, between(1, PLACE, n)), PLAIN.definitions, PLAIN.arrays,
                PLAIN.chances)  # fmt: skip
ARITHMETIC = Refuted(
    name="arithmetic_mean",
    title="A compromise between two variances",
    statement=("Glorot's variance is the arithmetic mean of ", 1 / d_i, " and ", 1 / d_o),
    context=FANS,
    left=HARMONIC,
    relation="=",
    right=(f[()] + b[()]) / 2,
    missing=("It is the harmonic mean, the inverse of the mean of both sizes. It is smaller unless they are equal.",),
    instead="initial_scales.harmonic",
)
GEOMETRIC = Refuted(
    name="geometric_mean",
    title="Another compromise between them",
    statement=("Glorot's variance is the geometric mean of ", 1 / d_i, " and ", 1 / d_o),
    context=FANS,
    left=HARMONIC**2,
    relation="=",
    right=f[()] * b[()],
    missing=("With the geometric mean the factors of both directions have the product 1; with Glorot's it is less.",),
    instead="initial_scales.product",
)
BACKWARD = Refuted(
    name="both_directions",
    title="One scale for both directions",
    statement=("The scale ", 1 / sqrt(d_i), " keeps the mean square of a gradient on its way back as well"),
    context=BACK.substituted({c: 1 / sqrt(d_i)}),
    left=Expectation(dx[place] ** 2),
    relation="=",
    right=rg**2,
    missing=(
        "On the way back a sum has as many terms as there are outputs, so the scale would be ",
        1 / sqrt(d_o),
        ".",
    ),
    instead="layer_moments.backward",
)
CENTRE = Refuted(
    name="variance_of_input",
    title="A variance for a mean square",
    statement=("Of the input of a layer the variance counts",),
    context=CENTRED,
    left=Variance(output[j]),
    relation="=",
    right=c**2 * d_i * sw**2 * sx**2,
    missing=("Its mean square counts: a mean that is not 0 is multiplied by random weights too, and varies.",),
    instead="layer_moments_means.variance",
)
HALF = Refuted(
    name="half_variance",
    title="Half of the variance",
    statement=("A ReLU lets half of the variance pass",),
    context=SYMMETRIC,
    left=Variance(PASSED),
    relation="=",
    right=dev_z**2 / 2,
    missing=("That is the mean square. The mean behind a ReLU is not 0, and its square is to be taken off.",),
    instead="relu_moments.variance",
)
XAVIER = Refuted(
    name="scale_behind_relu",
    title="The usual scale behind a ReLU",
    statement=("The scale ", 1 / sqrt(d_i), " keeps the mean square behind a ReLU"),
    context=after_relu(1 / sqrt(d_i)),
    left=Expectation(behind[()] ** 2),
    relation="=",
    right=dev_z**2,
    missing=("A ReLU stops half of the mean square, so the square of the scale must be twice as large.",),
    instead="relu_layer.kept",
)
MASK = Refuted(
    name="masked_variance",
    title="A mask and the variance",
    statement=("Dividing by the probability of being kept divides the variance by it",),
    context=RANDOM,
    left=Variance(y[k]),
    relation="=",
    right=deviation**2 / p,
    missing=("The mean square is divided by it, and the squared mean is not.",),
    instead="dropout_moments.variance",
)
CORRELATED = Refuted(
    name="correlated_average",
    title="An average of correlated entries",
    statement=("An average has a variance smaller by the number of entries, whatever they have to do with each other",),
    context=ANY,
    left=Variance(m[()]),
    relation="=",
    right=sigma**2 / n,
    missing=("That the entries are uncorrelated is missing; a part that all have in common does not average out.",),
    instead="average_moments.common",
)
SHARED = Refuted(
    name="shared_entry",
    title="Factors that share an entry",
    statement=("The mean of an entry times the average is the product of their means",),
    context=ENTRY,
    left=Expectation(x[PLACE] * m[()]),
    relation="=",
    right=Expectation(x[PLACE]) * Expectation(m[()]),
    missing=("The entry is one of those that are averaged, so the factors are correlated.",),
    instead="sample_variance.cross",
)
BIAS = Refuted(
    name="biased_variance",
    title="Squares of the distances, averaged",
    statement=("The average of the squares of the distances from the average has the variance as its mean",),
    context=BIASED,
    left=Expectation(V[()]),
    relation="=",
    right=sigma**2,
    missing=("The average is nearer to the entries than their mean is; divided by ", n - 1, " it would be so.",),
    instead="sample_variance.unbiased",
)
CONSTRUCT = Construct(
    name="moment_slips",
    title="Moments that are easily believed",
    about=("Statements about means and variances that are false, each with the smallest numbers that show it.",),
    conventions=("indices from 1", "all moments that are written exist"),
    source="Glorot, Bengio, AISTATS 2010, section 4.2.1; Grimmett, Stirzaker, 3rd ed., sections 3.3 and 3.6",
    claims=(),
    refuted=(ARITHMETIC, GEOMETRIC, BACKWARD, CENTRE, HALF, XAVIER, MASK, CORRELATED, SHARED, BIAS),
)

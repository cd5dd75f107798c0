r"""Convolution in one dimension: n entries and a kernel of k, turned or not, and what changes when the two swap roles.

Indices run from 1, outside their ranges x and w are 0. Correlation slides the kernel as it is, convolution turns it:
$(x \star w)_i = \sum_j x_{i+j-1} w_j$ and $(x * w)_i = \sum_j x_{i+k-j} w_j$ where the whole kernel fits
($1 \le i \le n-k+1$, valid), $(x \mathbin{\tilde\star} w)_i = \sum_j x_{i+j-k} w_j$ and
$(x \mathbin{\tilde*} w)_i = \sum_j x_{i-j+1} w_j$ where any of it meets x ($1 \le i \le n+k-1$, full).

Source: Goodfellow, Bengio, Courville, Deep Learning, 2016, section 9.1, (9.3) to (9.6), and section 9.5.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive.constructs.construct import Claim, Construct
from derive.kernel.derivation import Derivation
from derive.language import Context, Entry, array, between, declare, eq, integer
from derive.language.forms import Form, of
from derive.rules.algebra import definition, fold_definition
from derive.rules.combine import Conversion, at_part, by, derived, one_line, quietly, then
from derive.rules.forms import CALLED, recognised
from derive.rules.sums import rename_index, reverse_index

N, K = declare("n", "size", "number of entries"), declare("k", "size", "number of weights")
PLACE = declare("i", "integer", "an entry of the result")
n, k, i = N.symbol, K.symbol, PLACE.symbol
j, ell = integer("j"), integer("l")
x, w = array("x", (1, n), outside="zero"), array("w", (1, k), outside="zero")
turned = of("flip", w)
TURNED = ("correlation: the kernel is not turned", "convolution: the kernel is turned round")
FITS, MEETS = "valid: the whole kernel fits", "full: any of it meets the signal"
VALID = Context((N, K, PLACE), (between(1, i, n - k + 1),), (), (x, w))
FULL = Context((N, K, PLACE), (between(1, i, n + k - 1),), (), (x, w))
valid_convolution, full_convolution = of("convolution", x, w)[i], of("full_convolution", x, w)[i]
full_correlation = of("full_correlation", x, w)[i]


def in_indices(form: Form) -> Conversion:
    """An entry of a convolution by its definition, with the index j."""
    told = by(definition, reason=("definition of ", CALLED[form.operation]))
    return one_line(then(told, quietly(by(rename_index, j))))


def _with_turned_kernel(form: Form, entry: Entry) -> Conversion:
    """The sum read from its end; then the kernel is the turned one."""
    operation = entry.array.operation
    return then(
        in_indices(form),
        by(reverse_index, ell, k + 1, reason=("with ", eq(ell, k - j + 1))),
        at_part(w[k - ell + 1], by(fold_definition, turned[ell], reason=("definition of ", turned))),
        by(fold_definition, entry, reason=("definition of ", CALLED[operation])),
    )


def valid_turned() -> Derivation:
    """x * w = x correlated with the turned kernel."""
    moves = _with_turned_kernel(valid_convolution.array, of("correlation", x, turned)[i])
    return derived("convolution_1d.valid_turned", VALID, valid_convolution, moves)


def full_turned() -> Derivation:
    """The same where the kernel may stick out."""
    moves = _with_turned_kernel(full_convolution.array, of("full_correlation", x, turned)[i])
    return derived("convolution_1d.full_turned", FULL, full_convolution, moves)


def commutes() -> Derivation:
    """The full convolution of x with w is that of w with x."""
    moves = then(in_indices(full_convolution.array), recognised(of("full_convolution", w, x)[i]))
    return derived("convolution_1d.commutes", FULL, full_convolution, moves)


def backwards() -> Derivation:
    """The full correlation of x with w is that of w with x, read from its end."""
    moves = then(in_indices(full_correlation.array), recognised(of("full_correlation", w, x)[n + k - i]))
    return derived("convolution_1d.backwards", FULL, full_correlation, moves)


Signal = Callable[[int], Fraction]


def valid_oracle(n: int, k: int, i: int, x: Signal, w: Signal) -> Fraction:
    """The kernel turned round, laid on the entries from the i-th on, multiplied and added."""
    value = Fraction(0)
    for place, weight in enumerate([w(number) for number in range(k, 0, -1)]):
        value += weight * x(i + place)
    return value


def full_oracle(n: int, k: int, i: int, x: Signal, w: Signal) -> Fraction:
    """The coefficient of t**(i - 1) in the product of two polynomials."""
    product = [Fraction(0)] * (n + k - 1)
    for power in range(n):
        for other in range(k):
            product[power + other] += x(power + 1) * w(other + 1)
    return product[i - 1]


def correlation_oracle(n: int, k: int, i: int, x: Signal, w: Signal) -> Fraction:
    """All products of an entry and the weight that lies on it when the last weight lies on the i-th entry."""
    value = Fraction(0)
    for place in range(1, n + 1):
        for number in range(1, k + 1):
            if k - number == i - place:
                value += x(place) * w(number)
    return value


CONSTRUCT = Construct(
    name="convolution_1d",
    title="Convolution and correlation",
    about=("A signal ", x, " has ", n, " entries, a kernel ", w, " has ", k, "; both are 0 elsewhere."),
    conventions=(*TURNED, "indices from 1", FITS, MEETS),
    source="Goodfellow, Bengio, Courville, Deep Learning, 2016, sections 9.1 and 9.5",
    claims=(
        Claim(
            name="valid_turned",
            title="Valid convolution is correlation with the turned kernel",
            question=("Write the valid convolution of ", x, " with ", w, " as a correlation."),
            context=VALID,
            left=valid_convolution,
            derive=valid_turned,
            oracle=valid_oracle,
        ),
        Claim(
            name="full_turned",
            title="Full convolution is full correlation with the turned kernel",
            question=("Write the full convolution of ", x, " with ", w, " as a correlation."),
            context=FULL,
            left=full_convolution,
            derive=full_turned,
            oracle=full_oracle,
        ),
        Claim(
            name="commutes",
            title="Signal and kernel of a full convolution may be swapped",
            question=("Swap ", x, " and ", w, " in their full convolution. What changes?"),
            context=FULL,
            left=full_convolution,
            derive=commutes,
            oracle=full_oracle,
        ),
        Claim(
            name="backwards",
            title="A correlation comes out backwards when signal and kernel are swapped",
            question=("Swap ", x, " and ", w, " in their full correlation. What changes?"),
            context=FULL,
            left=full_correlation,
            derive=backwards,
            oracle=correlation_oracle,
        ),
    ),
)

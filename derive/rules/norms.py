r"""Laws of norms: Cauchy-Schwarz, Hölder's limiting case, and what singular values say of a matrix.

$\lVert A \rVert_2$ is the largest $|A x|$ over vectors with $|x| = 1$. It is attained, since the sphere is compact;
$\hat v(A)$ stands for one vector of length 1 that attains it. From these two facts, that it is a bound and that it is
attained, follows what is said of it elsewhere, together with two values: of an outer product, and of a matrix that is
given with a singular value decomposition $A = U \operatorname{Diag}(s) V^\top$, U and V with orthonormal columns.

Source: Horn, Johnson, Matrix Analysis, 2nd ed., 2013, sections 5.1.4 (Cauchy-Schwarz), 5.6, example 5.6.6 (spectral
norm), 7.3 (singular values) and 7.4.7 (trace norm); Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 2.8.
"""

from __future__ import annotations

from sympy import Abs, Expr, Integer, Mul, Pow, S, Symbol, sqrt

from derive.errors import RuleDoesNotApply
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    Array,
    Condition,
    Context,
    Entry,
    ForAll,
    IndexSum,
    Indicator,
    Largest,
    all_of,
    between,
    eq,
    ge,
    gt,
    implies,
    le,
    lt,
    ne,
    substitute,
)
from derive.language.forms import Form, of
from derive.language.orthonormal import orthonormal_columns
from derive.language.symbols import is_integer
from derive.language.wellformed import obligations


def spectral(matrix: Array) -> Entry:
    """|A|_2, the largest singular value."""
    return Entry(of("spectral_norm", matrix))


def nuclear(matrix: Array) -> Entry:
    """|A|_*, the sum of the singular values."""
    return Entry(of("nuclear_norm", matrix))


def signum(u: Expr) -> Expr:
    """1, 0 or -1: SymPy's `sign` is not used, its square is simplified as if u were not 0."""
    return Indicator(gt(u, 0)) - Indicator(lt(u, 0))


@primitive("Cauchy-Schwarz")
def cauchy_schwarz(context: Context, e: Expr, first: Expr, second: Expr) -> Rewrite:
    """sum(f*g, k=a..b)**2 <= sum(f**2, k=a..b)*sum(g**2, k=a..b)

    And sum(f*g, k=a..b) <= sqrt(sum(f**2, k=a..b))*sqrt(sum(g**2, k=a..b)), also of the absolute value of the sum.
    Arguments: f, g, as terms in the index of the sum. That f*g is its body is a condition.
    Fails: e is not a finite sum, the square of one or its absolute value.
    Source: Hardy, Littlewood, Polya, Inequalities, theorem 7.
    """
    is_square = isinstance(e, Pow) and e.exp == 2
    inside = e.base if is_square else e.args[0] if isinstance(e, Abs) else e
    total = _finite(inside, "cauchy_schwarz")
    one, other = total.over(first**2), total.over(second**2)
    bound = one * other if is_square else sqrt(one) * sqrt(other)
    return rewrite(bound, _factors(context, total, first, second), "<=")


@primitive("triangle inequality")
def absolute_value_of_sum(context: Context, e: Expr) -> Rewrite:
    """|sum(f, k=a..b)| <= sum(|f|, k=a..b)

    Fails: e is not the absolute value of a finite sum.
    Source: Hardy, Littlewood, Polya, Inequalities, section 2.1.
    """
    total = _finite(need(Abs, e, "absolute_value_of_sum").args[0], "absolute_value_of_sum")
    return rewrite(total.over(Abs(total.body)), (), "<=")


@primitive("Minkowski's inequality")
def minkowski(context: Context, e: Expr, first: Expr, second: Expr) -> Rewrite:
    """sqrt(sum((f + g)**2, k=a..b)) <= sqrt(sum(f**2, k=a..b)) + sqrt(sum(g**2, k=a..b)); also over several indices

    Arguments: f, g, as terms in the indices of the sums. That the square of f + g is summed is a condition.
    Fails: e is not the root of a finite sum.
    Source: Hardy, Littlewood, Polya, Inequalities, theorem 24 with r = 2.
    """
    power = need(Pow, e, "minkowski")
    if power.exp != S.Half:
        raise RuleDoesNotApply("minkowski: {} is no root", e)
    levels = [_finite(power.base, "minkowski")]
    while isinstance(levels[-1].body, IndexSum):
        levels.append(_finite(levels[-1].body, "minkowski"))
    inside = all_of(*(level.range_condition for level in levels))
    parts = []
    for part in (first, second):
        total: Expr = part**2
        for level in reversed(levels):
            total = level.over(total)
        parts.append(sqrt(total))
    alike = implies(inside, eq(levels[-1].body, (first + second) ** 2))
    defined = [implies(inside, c) for part in (first, second) for c in obligations(part, context)]
    return rewrite(parts[0] + parts[1], [alike, *defined], "<=")


@primitive("the largest factor for each")
def hoelder_largest(context: Context, e: Expr, first: Expr, second: Expr) -> Rewrite:
    """sum(f*g, k=a..b) <= max(f, k=a..b)*sum(g, k=a..b)        [g >= 0 for a <= k <= b, a <= b]

    Arguments: f, g, as terms in the index of the sum. That f*g is its body is a condition.
    Fails: e is not a finite sum.
    Source: Hardy, Littlewood, Polya, Inequalities, section 2.8: the limiting case of Hölder's inequality.
    """
    total = _finite(e, "hoelder_largest")
    largest = Largest(first, *total.args[1:])
    weights = implies(total.range_condition, ge(second, 0))
    conditions = [weights, le(total.low, total.high), *_factors(context, total, first, second)]
    return rewrite(largest * total.over(second), conditions, "<=")


@primitive("each term is at most the sum")
def at_most_sum(context: Context, e: Expr, total: Expr, place: Expr) -> Rewrite:
    """f(p) <= sum(f(k), k=a..b)        [f >= 0 for a <= k <= b, a <= p <= b]

    Arguments: the sum, p.
    Fails: e is not f(p); p is no integer.
    """
    whole = _finite(total, "at_most_sum")
    if not is_integer(place) or substitute(whole.body, {whole.index: place}) != e:
        raise RuleDoesNotApply("at_most_sum: {} is not a term of {}", e, total)
    not_negative = implies(whole.range_condition, ge(whole.body, 0))
    inside = [between(whole.low, place, whole.high), *obligations(place, context), *obligations(whole, context)]
    return rewrite(total, [not_negative, *inside], "<=")


@primitive("no entry is longer than the whole")
def at_most_length(context: Context, e: Expr, squares: Expr, place: Expr) -> Rewrite:
    """|f(p)| <= sqrt(sum(f(k)**2, k=a..b))        [a <= p <= b]

    Also f(p) without the bars. Arguments: the sum of the squares, p.
    Fails: the square of e is not the term of the sum at p; p is no integer.
    """
    whole = _finite(squares, "at_most_length")
    square = whole.body if isinstance(whole.body, Pow) and whole.body.exp == 2 else None
    if square is None or not is_integer(place) or substitute(square, {whole.index: place}) != e**2:
        raise RuleDoesNotApply("at_most_length: the square of {} is not a term of {}", e, squares)
    inside = [between(whole.low, place, whole.high), *obligations(place, context), *obligations(whole, context)]
    return rewrite(sqrt(squares), inside, "<=")


@primitive("the spectral norm is a bound")
def spectral_bound(context: Context, e: Expr) -> Rewrite:
    """sum(sum(A[j, i]*f(i), i=c..d)**2, j=a..b) <= |A|_2**2*sum(f(i)**2, i=c..d)        [j, i run over the axes of A]

    Also with A[i, j], since the transpose has the same norm; and of the roots of both sides.
    Fails: e is not such a sum, or the root of one.
    Source: Horn, Johnson, example 5.6.6 and theorem 5.6.2 (b).
    """
    matrix, inner, rest, conditions = _image(context, e, "spectral_bound")
    squares = inner.over(rest**2)
    bound = spectral(matrix) * sqrt(squares) if isinstance(e, Pow) else spectral(matrix) ** 2 * squares
    return rewrite(bound, conditions, "<=")


@primitive("it is attained")
def spectral_attained(context: Context, e: Expr) -> Rewrite:
    """sum(sum(A[j, i]*v(A)[i], i=c..d)**2, j=a..b) -> |A|_2**2        [c <= d; j, i run over the axes of A]

    v(A) is a vector of length 1 that A stretches most. Likewise the root of the sum is |A|_2.
    Fails: e is not such a sum, or the root of one.
    Source: Horn, Johnson, definition 5.6.1: a continuous function on a sphere attains its maximum.
    """
    matrix, inner, rest, conditions = _image(context, e, "spectral_attained")
    j, i = (e.base if isinstance(e, Pow) else e).args[1], inner.index
    if rest != of("leading_direction", matrix)[i] or inner.body != Entry(matrix, j, i) * rest:
        raise RuleDoesNotApply("spectral_attained: {} is not the leading direction of {}", rest, matrix)
    norm = spectral(matrix)
    return rewrite(norm if isinstance(e, Pow) else norm**2, [le(inner.low, inner.high), *conditions])


@primitive("a vector of length 1")
def leading_is_unit(context: Context, e: Expr) -> Rewrite:
    """sum(v(A)[i]**2, i=c..d) -> 1        [c <= d; i runs over the columns of A]

    v(A) is a vector of length 1 that A stretches most.
    Fails: e is not such a sum.
    """
    total = _finite(e, "leading_is_unit")
    entry = total.body.base if isinstance(total.body, Pow) and total.body.exp == 2 else None
    if not (isinstance(entry, Entry) and isinstance(entry.array, Form) and entry.indices == (total.index,)):
        raise RuleDoesNotApply("leading_is_unit: {} is no sum of squares of a leading direction", e)
    if entry.array.operation != "leading_direction" or entry.array.axes != ((total.low, total.high),):
        raise RuleDoesNotApply("leading_is_unit: {} is no sum of squares of a leading direction", e)
    return rewrite(S.One, [le(total.low, total.high)])


@primitive("norm of an outer product")
def spectral_of_outer(context: Context, e: Expr, left: Expr, row: Symbol, right: Expr, column: Symbol) -> Rewrite:
    """|A|_2 -> sqrt(sum(f(j)**2, j=a..b))*sqrt(sum(g(i)**2, i=c..d))        [A[j, i] = f(j)*g(i) everywhere]

    Arguments: f, j, g, i.
    Fails: e is no spectral norm; f mentions i, or g mentions j.
    Source: |A x| = |f| |g'x| <= |f| |g| |x|, with equality at x = g.
    """
    matrix = _of(e, "spectral_norm", "spectral_of_outer")
    if column in left.free_symbols or row in right.free_symbols or row == column:
        raise RuleDoesNotApply("spectral_of_outer: {} and {} are no factors for rows and for columns", left, right)
    (low, high), (first, last) = matrix.axes
    alike = ForAll(ForAll(eq(Entry(matrix, row, column), left * right), column, first, last), row, low, high)
    down, across = IndexSum(left**2, row, low, high), IndexSum(right**2, column, first, last)
    return rewrite(sqrt(down) * sqrt(across), [alike, *obligations(down, context), *obligations(across, context)])


@primitive("the largest singular value")
def spectral_by_values(context: Context, e: Expr, u: Expr, s: Expr, v: Expr) -> Rewrite:
    """|A|_2 -> max(s(l), l=1..r)        [A = U Diag(s) V', U and V with orthonormal columns, s >= 0, r >= 1]

    Arguments: U[i, l], s(l), V[j, l], which say the indices that the condition is made with.
    Fails: e is no spectral norm; the arguments are no such entries.
    Source: Horn, Johnson, example 5.6.6 and theorem 2.6.3.
    """
    matrix = _of(e, "spectral_norm", "spectral_by_values")
    index, (low, high), conditions = _decomposed(matrix, u, s, v, "spectral_by_values")
    return rewrite(Largest(s, index, low, high), [le(low, high), *conditions])


@primitive("the sum of the singular values")
def nuclear_by_values(context: Context, e: Expr, u: Expr, s: Expr, v: Expr) -> Rewrite:
    """|A|_* -> sum(s(l), l=1..r)        [A = U Diag(s) V', U and V with orthonormal columns, s >= 0]

    Arguments: U[i, l], s(l), V[j, l], which say the indices that the condition is made with.
    Fails: e is no nuclear norm; the arguments are no such entries.
    Source: Horn, Johnson, section 7.4.7.
    """
    matrix = _of(e, "nuclear_norm", "nuclear_by_values")
    index, (low, high), conditions = _decomposed(matrix, u, s, v, "nuclear_by_values")
    return rewrite(IndexSum(s, index, low, high), conditions)


@primitive("the columns are orthonormal")
def orthonormal(context: Context, e: Expr) -> Rewrite:
    """sum(U[k, l]*U[k, m], k=a..b) -> [l = m]        [the columns of U are orthonormal, l and m are among them]

    Fails: e is no inner product of two columns.
    """
    total = _finite(e, "orthonormal")
    factors = total.body.args if isinstance(total.body, Mul) else (total.body,)
    if isinstance(total.body, Pow) and total.body.exp == 2:
        factors = (total.body.base, total.body.base)
    k = total.index
    columns = [f for f in factors if isinstance(f, Entry) and len(f.indices) == 2 and f.indices[0] == k]
    if len(factors) != 2 or len(columns) != 2 or columns[0].array != columns[1].array:
        raise RuleDoesNotApply("orthonormal: {} is no inner product of two columns", e)
    matrix, (left, right) = columns[0].array, (c.indices[1] for c in columns)
    if matrix.axes[0] != (total.low, total.high) or k in left.free_symbols | right.free_symbols:
        raise RuleDoesNotApply("orthonormal: {} does not run over the rows of {}", e, matrix)
    low, high = matrix.axes[1]
    inside = [between(low, left, high), between(low, right, high)]
    return rewrite(Indicator(eq(left, right)), [orthonormal_columns(matrix), *inside])


@primitive("the sign of a product")
def sign_of_product(context: Context, e: Expr, first: Expr, second: Expr) -> Rewrite:
    """[u*v > 0] - [u*v < 0] -> ([u > 0] - [u < 0])*([v > 0] - [v < 0])

    Arguments: u, v.
    Fails: e is not the sign of u*v.
    """
    if e != signum(first * second):
        raise RuleDoesNotApply("sign_of_product: {} is not the sign of {}", e, first * second)
    inside = [*obligations(first, context), *obligations(second, context)]
    return rewrite(signum(first) * signum(second), inside)


@primitive("the square of a sign")
def sign_squared(context: Context, e: Expr, number: Expr) -> Rewrite:
    """([u > 0] - [u < 0])**2 -> [u != 0]

    Argument: u.
    Fails: e is not the square of the sign of u.
    """
    if e != signum(number) ** 2:
        raise RuleDoesNotApply("sign_squared: {} is not the square of the sign of {}", e, number)
    return rewrite(Indicator(ne(number, 0)), obligations(number, context))


def _factors(context: Context, total: IndexSum, first: Expr, second: Expr) -> list[Condition]:
    """That the body of the sum is this product."""
    alike = implies(total.range_condition, eq(total.body, first * second))
    inside = [implies(total.range_condition, c) for f in (first, second) for c in obligations(f, context)]
    return [alike, *inside]


def _finite(e: Expr, rule: str) -> IndexSum:
    total: IndexSum = need(IndexSum, e, rule)
    if total.is_endless:
        raise RuleDoesNotApply("{}: the range of {} has no end", rule, e)
    return total


def _of(e: Expr, operation: str, rule: str) -> Array:
    if not (isinstance(e, Entry) and isinstance(e.array, Form) and e.array.operation == operation):
        raise RuleDoesNotApply("{}: {} is not the norm that it speaks of", rule, e)
    matrix: Array = e.array.operands[0]
    return matrix


def _image(context: Context, e: Expr, rule: str) -> tuple[Array, IndexSum, Expr, list[Condition]]:
    """Of |A f|^2, or of |A f|, the matrix, the inner sum and f(i)."""
    is_root = isinstance(e, Pow) and e.exp == S.Half
    outer = _finite(e.base if is_root else e, rule)
    square = need(Pow, outer.body, rule)
    inner = _finite(square.base, rule)
    j, i = outer.index, inner.index
    for place, entry in enumerate(factors := Mul.make_args(inner.body)):
        if square.exp != 2 or not isinstance(entry, Entry) or entry.indices not in ((j, i), (i, j)):
            continue
        rest = Mul(*factors[:place], *factors[place + 1 :])
        axes = ((outer.low, outer.high), (inner.low, inner.high))
        fits = entry.array.axes == (axes if entry.indices == (j, i) else axes[::-1])
        if fits and j not in rest.free_symbols:
            return entry.array, inner, rest, [*obligations(e, context)]
    raise RuleDoesNotApply("{}: {} is not the square of the length of a matrix times a vector", rule, e)


def _decomposed(
    matrix: Array, u: Expr, s: Expr, v: Expr, rule: str
) -> tuple[Symbol, tuple[Expr, Expr], list[Condition]]:
    """The index of the singular values, its range, and that these are factors of the matrix as they should be."""
    if not (isinstance(u, Entry) and isinstance(v, Entry) and len(u.indices) == len(v.indices) == 2):
        raise RuleDoesNotApply("{}: {} and {} are no entries of factors", rule, u, v)
    (i, index), (j, other) = u.indices, v.indices
    rows, columns = matrix.axes
    if index != other or len({i, j, index}) != 3 or not all(isinstance(k, Symbol) for k in (i, j, index)):
        raise RuleDoesNotApply("{}: the indices of {} and {} do not fit", rule, u, v)
    ranks = u.array.axes[1]
    if {i, j} & s.free_symbols or (u.array.axes[0], *v.array.axes) != (rows, columns, ranks):
        raise RuleDoesNotApply("{}: the shapes of {} and {} do not fit", rule, u, v)
    made = eq(Entry(matrix, i, j), IndexSum(u * s * v, index, *ranks))
    alike = ForAll(ForAll(made, j, *columns), i, *rows)
    within = ForAll(ge(s, 0), index, *ranks) if s != Integer(1) else all_of()
    return index, ranks, [orthonormal_columns(u.array), orthonormal_columns(v.array), within, alike]

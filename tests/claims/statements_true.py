"""True statements of many kinds, to be decided; `mutants` makes false ones of them by small changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Integer,
    Max,
    Min,
    Mod,
    Mul,
    Pow,
    Rational,
    Symbol,
    ceiling,
    exp,
    floor,
    log,
    oo,
    sqrt,
    tanh,
)

from derive.claims.statements import Statement
from derive.language import (
    OTHERWISE,
    Cases,
    Compare,
    Condition,
    Context,
    Covariance,
    Definition,
    Entry,
    Expectation,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Largest,
    Partial,
    Variance,
    all_of,
    any_of,
    array,
    between,
    chance,
    declare,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    ne,
    real,
    rebuild,
    signal,
)
from derive.language.counting import Binomial, Factorial
from derive.language.forms import of

a, b, c, r, s, t, u, v = (real(x) for x in "abcrstuv")
i, j, k, m, n, p, q = (integer(x) for x in "ijkmnpq")
K, L, M, N, P, S, W, D = (integer(x) for x in "KLMNPSWD")
sigma, tau, mu, nu = (real(x) for x in ("sigma", "tau", "mu", "nu"))
_SORT = {
    **dict.fromkeys((a, b, c, r, s, t, u, v, sigma, tau, mu, nu), "real"),
        **dict.fromkeys((i, j, k, m, p, q), "integer"),
    n: "natural", **dict.fromkeys((K, L, M, N, S, W, D), "size"), P: "natural",
}  # fmt: skip


def where(symbols: Any, *facts: Condition, definitions: Any = (), arrays: Any = (), chances: Any = ()) -> Context:
    """A context with these symbols in their usual sorts."""
    declared = tuple(declare(x.name, _SORT[x]) for x in symbols)
    return Context(declared, facts, tuple(definitions), tuple(arrays), tuple(chances))


def total(body: Any, index: Symbol = k, low: Any = 1, high: Any = L) -> IndexSum:
    """A sum."""
    return IndexSum(body, index, low, high)


x, y, z = (array(name, (1, L)) for name in "xyz")
A, B, C = (array(name, (1, N), (1, N)) for name in "ABC")
X, Y = array("X", (1, L)), array("Y", (1, L))
h = signal("h", 0)
g = signal("g", 0, L - 1)
f = array("f", (0, N - 1), outside="wraps")
R = array("R", (0, oo))
F = array("F", (0, oo))
_XY = where((L,), arrays=(x, y))
_X = where((L,), arrays=(x,))
_MAT = where((N, i, j), between(1, i, N), between(1, j, N), arrays=(A, B, C))
_RANDOM = where((L, sigma, mu), ge(sigma, 0), arrays=(X,),
    chances=(chance(X, mean=mu, variance=sigma**2, entries="independent"),))
_BOTH = where(
    (L, sigma, tau), ge(sigma, 0), ge(tau, 0), arrays=(X, Y),
    chances=(chance(X, mean=0, variance=sigma**2, entries="independent"),
        chance(Y, mean=0, variance=tau**2, entries="independent")),
)  # fmt: skip
_U = where((L, sigma), ge(sigma, 0), arrays=(X,),
    chances=(chance(X, mean=0, variance=sigma**2, entries="uncorrelated"),))
_ONE, _OTHER = array("Z"), array("V")
_PAIR = where((sigma, mu, a, b), ge(sigma, 0), arrays=(_ONE,), chances=(chance(_ONE, mean=mu, variance=sigma**2),))
_PULSE = where((m, L, a), definitions=(Definition(h, (n,), a**n),))
_soft = array("p", (1, K))
_z = array("z", (1, K))
_SOFT = where(
    (K, i, j), between(1, i, K), between(1, j, K),
    definitions=(Definition(_soft, (i,), exp(_z[i]) / total(exp(_z[k]), k, 1, K)),), arrays=(_z,),
)  # fmt: skip
_REC = where(
    (n, K), definitions=(Definition(R, (n,), Cases((Integer(1), le(n, 0)), (R[n - 1] + K - 1, OTHERWISE))),),
)  # fmt: skip
_POWERS = where((n, a), definitions=(Definition(R, (n,), Cases((Integer(1), le(n, 0)), (a * R[n - 1], OTHERWISE))),))
_POS = ForAll(gt(x[k], 0), k, 1, L)


def _fl(top: Any, bottom: Any) -> Expr:
    return floor(top / bottom, evaluate=False)


def _ce(top: Any, bottom: Any) -> Expr:
    return ceiling(top / bottom, evaluate=False)


def _matmul(one: Any, other: Any, row: Any, column: Any, index: Symbol = k) -> Expr:
    return IndexSum(one[row, index] * other[index, column], index, 1, N)


def _s(context: Context, left: Any, relation: str, right: Any, **more: Any) -> Statement:
    sides = [side if isinstance(side, Condition) or side is None else Integer(side) if isinstance(side,
        int) else side for side in (left, right)]
    return Statement(context, sides[0], relation, sides[1], **more)


_AB = where((a, b))
_ABN = where((a, b, n))
_REAL3 = where((a, b, c))
TRUE_ONES: dict[str, Statement] = {
    # algebra
    "binomial square": _s(_AB, (a + b) ** 2, "=", a**2 + 2 * a * b + b**2),
    "difference of squares": _s(_AB, (a - b) * (a + b), "=", a**2 - b**2),
    "cubes": _s(_AB, (a - b) * (a**2 + a * b + b**2), "=", a**3 - b**3),
    "fraction": _s(where((a, b), ne(a, 0), ne(b, 0)), 1 / a + 1 / b, "=", (a + b) / (a * b)),
    "powers": _s(where((a, n), ne(a, 1)), (1 - a ** (n + 1)) / (1 - a) - a**n, "=", (1 - a**n) / (1 - a)),
    "root of a square": _s(where((a,)), sqrt(a**2), "=", Abs(a)),
    "root of a square, sign known": _s(where((a,), ge(a, 0)), sqrt(a**2), "=", a),
    "zero to the power 0": _s(where((a,)), Pow(a, 0), "=", 1),
    "numbers": _s(where(()), _fl(Integer(27), Integer(1)) + 1, "=", 28),
    "logarithm": _s(where((a, b), gt(a, 0), gt(b, 0)), exp(a + b), "=", exp(a) * exp(b)),
    # sums
    "geometric": _s(where((a, n), ne(a, 1)), total(a**k, k, 0, n), "=", (1 - a ** (n + 1)) / (1 - a)),
    "geometric, other form": _s(where((a, L), ne(a, 1)), total(a**k, k, 0, L - 1), "=", (a**L - 1) / (a - 1)),
    "geometric from 1": _s(where((a, n), ne(a, 1)), total(a**k, k, 1, n), "=", a * (1 - a**n) / (1 - a)),
    "geometric, cases": _s(where((a, L)), total(a**k, k, 0, L - 1), "=",
        Cases((L, eq(a, 1)), ((1 - a**L) / (1 - a), OTHERWISE))),
    "numbers 1 to n": _s(where((n,)), total(k, k, 1, n), "=", n * (n + 1) / 2),
    "squares": _s(where((n,)), total(k**2, k, 1, n), "=", n * (n + 1) * (2 * n + 1) / 6),
    "cubes of numbers": _s(where((n,)), total(k**3, k, 1, n), "=", total(k, k, 1, n) ** 2),
    "odd numbers": _s(where((n,)), total(2 * k - 1, k, 1, n), "=", n**2),
    "weighted": _s(where((a, n), ne(a, 1)), total(k * a**k, k, 1, n), "=",
        a * (1 - (n + 1) * a**n + n * a ** (n + 1)) / (1 - a) ** 2),
    "telescoping": _s(where((n,)), total(1 / (k * (k + 1)), k, 1, n), "=", n / (n + 1)),
    "factorials": _s(where((n,)), total(k * Factorial(k), k, 1, n), "=", Factorial(n + 1) - 1),
    "renamed": _s(_X, total(x[k] ** 2), "=", total(x[j] ** 2, j)),
    "shifted": _s(_X, total(x[k]), "=", total(x[j + 1], j, 0, L - 1)),
    "reversed": _s(_X, total(x[k]), "=", total(x[L + 1 - j], j, 1, L)),
    "split": _s(where((L, m), between(1, m, L), arrays=(x,)), total(x[k]), "=",
        total(x[k], k, 1, m) + total(x[k], k, m + 1, L)),
    "last term": _s(_X, total(x[k]), "=", total(x[k], k, 1, L - 1) + x[L]),
    "first term": _s(_X, total(x[k]), "=", x[1] + total(x[k], k, 2, L)),
    "linear": _s(where((L, a, b), arrays=(x, y)), total(a * x[k] + b * y[k]), "=", a * total(x[k]) + b * total(y[k])),
    "product of sums": _s(_XY, total(x[k]) * total(y[k]), "=", total(total(x[j] * y[k], k), j)),
    "square of a sum": _s(_X, total(x[k]) ** 2, "=", total(total(x[k] * x[j], k), j)),
    "exchanged": _s(where((L, N), arrays=(array("T", (1, L), (1, N)),)),
        total(total(array("T", (1, L), (1, N))[k, j], j, 1, N)), "=",
        total(total(array("T", (1, L), (1, N))[k, j], k, 1, L), j, 1, N)),
    "triangle": _s(where((n,), arrays=(h,)), total(total(h[j], j, 0, k), k, 0, n), "=",
        total((n + 1 - j) * h[j], j, 0, n)),
    "empty": _s(_X, total(x[k], k, 5, 4), "=", 0),
    "delta": _s(where((L, i), between(1, i, L), arrays=(x,)), total(x[k] * Indicator(eq(k, i))), "=", x[i]),
    "variance form": _s(_X, total((x[k] - total(x[j], j) / L) ** 2), "=", total(x[k] ** 2) - total(x[k]) ** 2 / L),
    "mean deviation": _s(_X, total(x[k] - total(x[j], j) / L), "=", 0),
    "double count": _s(where((n,)), total(total(Integer(1), j, 1, k), k, 1, n), "=", n * (n + 1) / 2),
    "binomial sum": _s(where((n,)), total(Binomial(n, k), k, 0, n), "=", 2**n),
    "alternating": _s(where((n,)), total((-1) ** k, k, 0, n), "=", (1 + (-1) ** n) / 2),
    "written out": _s(where((a,)), total(a**k, k, 0, 3), "=", 1 + a + a**2 + a**3),
    "pulse, full": _s(where((m, L, a), ge(m, L), ne(a, 0), ne(a, 1), definitions=(Definition(h, (n,), a**n),)),
        total(h[m - k], k, 0, L - 1), "=", a ** (m - L + 1) * (1 - a**L) / (1 - a)),
    "pulse, rising": _s(where((m, L, a), ge(m, 0), lt(m, L), ne(a, 1), definitions=(Definition(h, (n,), a**n),)),
        total(h[m - k], k, 0, L - 1), "=", (1 - a ** (m + 1)) / (1 - a)),
    "pulse, before": _s(where((m, L, a), lt(m, 0), definitions=(Definition(h, (n,), a**n),)),
        total(h[m - k], k, 0, L - 1), "=", 0),
    "pulse, cases": _s(where((m, L, a), ne(a, 0), ne(a, 1), definitions=(Definition(h, (n,), a**n),)),
        total(h[m - k], k, 0, L - 1), "=",
        Cases((Integer(0), lt(m, 0)), ((1 - a ** (m + 1)) / (1 - a), lt(m, L)),
        (a ** (m - L + 1) * (1 - a**L) / (1 - a), OTHERWISE))),
    "commutes": _s(where((m,), arrays=(h, signal("w", 0))), total(h[k] * signal("w", 0)[m - k], k, -oo, oo), "=",
        total(signal("w", 0)[k] * h[m - k], k, -oo, oo)),
    "constant product": _s(where((a, n)), IndexProduct(a, k, 1, n), "=", a**n),
    "product split": _s(where((n,), arrays=(h,)), IndexProduct(h[k], k, 0, n + 1), "=",
        IndexProduct(h[k], k, 0, n) * h[n + 1]),
    "factorial product": _s(where((n,)), IndexProduct(k, k, 1, n), "=", Factorial(n)),
    # matrices, entry by entry
    "associative": _s(_MAT, total(_matmul(A, B, i, q) * C[q, j], q, 1, N), "=",
        total(A[i, k] * _matmul(B, C, k, j, q), k, 1, N)),
    "distributive": _s(_MAT, total(A[i, k] * (B[k, j] + C[k, j]), k, 1, N), "=",
        _matmul(A, B, i, j) + _matmul(A, C, i, j)),
    "transpose of a product": _s(_MAT, Entry(of("transpose", of("product", A, B)), i, j), "=",
        Entry(of("product", of("transpose", B), of("transpose", A)), i, j)),
    "trace of a product": _s(_MAT,
        total(total(A[p, q] * B[q, p], q, 1, N), p, 1, N), "=",
        total(total(B[p, q] * A[q, p], q, 1, N), p, 1, N)),
    "identity": _s(_MAT, total(A[i, k] * Indicator(eq(k, j)), k, 1, N), "=", A[i, j]),
    # integers
    "ceiling as floor": _s(where((m, S), ge(m, 1)), _ce(m, S), "=", _fl(m - 1, S) + 1),
    "floor of a sum": _s(where((m, S)), _fl(m + S, S), "=", _fl(m, S) + 1),
    "same padding": _s(where((W, K, P), eq(K, 2 * P + 1)), W - K + 2 * P + 1, "=", W),
    "floor, stride 2": _s(where((W,)), _fl(W - 1, 2) + 1, "=", _ce(W, 2)),
    "nested floors": _s(where((m, S, D)), floor(_fl(m, S) / D, evaluate=False), "=", _fl(m, S * D)),
    "remainder": _s(where((m, S)), m - S * _fl(m, S), "=", Mod(m, S, evaluate=False)),
    "count": _s(where((n,)), total(Integer(1), k, 0, n), "=", n + 1),
    # cases
    "greatest": _s(_AB, Max(a, b), "=", (a + b + Abs(a - b)) / 2),
    "least": _s(_AB, Min(a, b) + Max(a, b), "=", a + b),
    "relu": _s(where((a,)), Max(a, 0) - Max(-a, 0), "=", a),
    "absolute product": _s(_AB, Abs(a) * Abs(b), "=", sqrt(a**2 * b**2)),
    "sign cases": _s(where((a,)), Cases((a, ge(a, 0)), (-a, OTHERWISE)), "=", Abs(a)),
    "indicator complement": _s(_AB, Indicator(lt(a, b)) + Indicator(ge(a, b)), "=", 1),
    # derivatives
    "square, slope": _s(where((L, i), between(1, i, L), arrays=(x,)), Partial(total(x[k] ** 2), x[i]), "=", 2 * x[i]),
    "linear, slope": _s(where((L, i), between(1, i, L), arrays=(x, y)), Partial(total(x[k] * y[k]), x[i]), "=", y[i]),
    "exponential, slope": _s(where((L, i), between(1, i, L), arrays=(x,)), Partial(total(exp(x[k])), x[i]), "=",
        exp(x[i])),
    "log sum exp": _s(where((L, i), between(1, i, L), arrays=(x,)), Partial(log(total(exp(x[k]))), x[i]), "=",
        exp(x[i]) / total(exp(x[k]))),
    "tanh, slope": _s(where((L, i), between(1, i, L), arrays=(x,)), Partial(tanh(x[i]), x[i]), "=",
        1 - tanh(x[i]) ** 2),
    "quadratic form": _s(where((N, i), between(1, i, N), arrays=(A, array("w", (1, N)))),
        Partial(total(total(array("w", (1, N))[p] * A[p, q] * array("w", (1, N))[q], q, 1, N), p, 1, N),
        array("w", (1, N))[i]), "=", total((A[i, k] + A[k, i]) * array("w", (1, N))[k], k, 1, N)),
    "softmax, slope": _s(_SOFT, Partial(_soft[i], _z[j]), "=", _soft[i] * (Indicator(eq(i, j)) - _soft[j])),
    "softmax adds up": _s(_SOFT, total(_soft[k], k, 1, K), "=", 1),
    "least squares": _s(where((L, i), between(1, i, L), arrays=(x, y)), Partial(total((x[k] - y[k]) ** 2) / L, x[i]),
        "=", 2 * (x[i] - y[i]) / L),
    # moments
    "mean of a sum": _s(_RANDOM, Expectation(total(X[k])), "=", L * mu),
    "variance of a sum": _s(_RANDOM, Variance(total(X[k])), "=", L * sigma**2),
    "variance of a mean": _s(_RANDOM, Variance(total(X[k]) / L), "=", sigma**2 / L),
    "uncorrelated sum": _s(_U, Variance(total(X[k])), "=", L * sigma**2),
    "mean square": _s(_RANDOM, Expectation(total(X[k] ** 2)), "=", L * (sigma**2 + mu**2)),
    "variance of a product": _s(_BOTH, Variance(total(X[k] * Y[k])), "=", L * sigma**2 * tau**2),
    "affine variance": _s(_PAIR, Variance(a * _ONE[()] + b), "=", a**2 * sigma**2),
    "variance as a difference": _s(_PAIR, Variance(_ONE[()]), "=",
        Expectation(_ONE[()] ** 2) - Expectation(_ONE[()]) ** 2),
    "independent covariance": _s(_BOTH, Covariance(X[1], Y[1]), "=", 0),
    # recursions
    "receptive field": _s(_REC, R[n], "=", 1 + n * (K - 1)),
    "powers by recursion": _s(_POWERS, R[n], "=", a**n),
    # inequalities
    "two squares": _s(_AB, a * b, "<=", (a**2 + b**2) / 2),
    "Cauchy-Schwarz": _s(_XY, total(x[k] * y[k]) ** 2, "<=", total(x[k] ** 2) * total(y[k] ** 2)),
    "sum and squares": _s(_X, total(x[k]) ** 2, "<=", L * total(x[k] ** 2)),
    "mean and largest": _s(where((L,), arrays=(x,)), total(x[k]), "<=", L * Largest(x[k], k, 1, L)),
    "triangle inequality": _s(_AB, Abs(a + b), "<=", Abs(a) + Abs(b)),
    "Bernoulli": _s(where((a, n), ge(a, -1)), (1 + a) ** n, ">=", 1 + n * a),
    "floor below": _s(where((m, S)), S * _fl(m, S), "<=", m),
    "squares not negative": _s(_X, total(x[k] ** 2), ">=", 0),
    "positive sum": _s(where((L,), _POS, arrays=(x,)), total(x[k]), ">", 0),
    "different": _s(where((a,), gt(a, 1)), a**2, "!=", a),
    "termwise": _s(where((L,), ForAll(le(x[k], y[k]), k, 1, L), arrays=(x, y)), total(x[k]), "<=", total(y[k])),
    # conditions
    "implication": _s(_AB, all_of(gt(a, 1), gt(b, 1)), "implies", gt(a * b, 1)),
    "equivalence": _s(where((m, S)), le(m, 0), "iff", le(S * m, 0)),
    "either": _s(where((a,)), any_of(ge(a, 0), lt(a, 0)), "", None),
    "for all": _s(where((n,)), ForAll(le(k, n * n + n), k, 0, n), "", None),
    "fits": _s(where((W, K, S, m), ge(m, 0)), le(m * S + K, W), "iff", le(m, _fl(W - K, S))),
    # numbers
    "root of two": _s(where(()), sqrt(2), "approx", Rational(14142, 10000), digits=Rational(1, 20000)),
    "e": _s(where(()), exp(1), "approx", Rational(2718, 1000), digits=Rational(1, 2000)),
    "root product": _s(where(()), sqrt(2) * sqrt(8), "=", 4),
    "e below pi": _s(where(()), exp(1), "<", Rational(2719, 1000)),
    # growth
    "quadratic": _s(where((N,)), N**2 + 3 * N, "O", N**2, tends=(N,)),
    "Theta": _s(where((N,)), 2 * N**2 + N, "Theta", N**2, tends=(N,)),
    "small o": _s(where((N,)), N, "o", N**2, tends=(N,)),
    "equivalent": _s(where((N,)), N + 1, "~", N, tends=(N,)),
}  # fmt: skip


def _variants(term: Any, depth: int = 0) -> Iterator[Any]:
    """The term with one small change."""
    if isinstance(term, Entry) and len(term.indices) == 2 and term.indices[0] != term.indices[1]:
        yield Entry(term.array, *reversed(term.indices))
    if isinstance(term, Add):
        for place, part in enumerate(term.args):
            others = [p for q, p in enumerate(term.args) if q != place]
            yield Add(*others, -part)
    if isinstance(term, Mul):
        for place, part in enumerate(term.args):
            others = [p for q, p in enumerate(term.args) if q != place]
            if part != -1:
                yield Mul(*others)
    if isinstance(term, Pow):
        yield Pow(term.base, term.exp + 1)
    if isinstance(term, (IndexSum, IndexProduct)) and not term.is_endless:
        yield type(term)(term.args[0], term.index, term.low, term.high - 1)
        yield type(term)(term.args[0], term.index, term.low + 1, term.high)
    if isinstance(term, Rational) and depth < 3:
        yield term + 1
    if isinstance(term, (Entry, Compare, Indicator, Partial)) or not term.args:
        return
    for place, part in enumerate(term.args):
        if not isinstance(part, (Expr,)) or (isinstance(term, (IndexSum, IndexProduct, Largest)) and place):
            continue
        for changed in _variants(part, depth + 1):
            parts = list(term.args)
            parts[place] = changed
            yield rebuild(term, parts)


def mutants(statement: Statement) -> Iterator[Statement]:
    """Statements that differ from it by one small change of the right side, or in their relation."""
    if isinstance(statement.right, Expr) and statement.relation in ("=", "approx"):
        for changed in dict.fromkeys(_variants(statement.right)):
            if changed != statement.right:
                yield replace(statement, right=changed)
        yield replace(statement, right=statement.right + 1)
    turned = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "!=": "="}
    if statement.relation in turned:
        yield replace(statement, relation=turned[statement.relation])

"""Terms and conditions, printed: every expectation was written by hand, as a teacher would write the line."""

from __future__ import annotations

import pytest
import sympy
from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Function,
    KroneckerDelta,
    Max,
    Min,
    Mod,
    Mul,
    Pow,
    Rational,
    Symbol,
    binomial,
    ceiling,
    cos,
    exp,
    factorial,
    floor,
    log,
    oo,
    pi,
    sin,
    sqrt,
)

from derive.errors import CannotPrint
from derive.language import (
    FALSE,
    OTHERWISE,
    AnyOf,
    Cases,
    Entry,
    IndexSum,
    Indicator,
    Negation,
    all_of,
    any_of,
    array,
    eq,
    ge,
    gt,
    integer,
    le,
    lt,
    ne,
    real,
    signal,
    substitute,
    subterms,
)
from derive.language.counting import Binomial, Factorial
from derive.render import html, order
from derive.render.document import Equation
from derive.render.tex import MARKDOWN, latex
from derive.render.text import plain

a, b, c, x, y = (real(name) for name in "abcxy")
i, j, k, m, n, p, s, K, L, S, W = (integer(name) for name in ("i", "j", "k", "m", "n", "p", "s", "K", "L", "S", "W"))
X, H = signal("x"), signal("h", 0)
w, g = array("w", (1, K), (1, K)), array("g", (1, m))

SUMS = [
    (n - L + 1, r"n-L+1", "n - L + 1"),
    (1 - a, r"1-a", "1 - a"),
    (L - 1, r"L-1", "L - 1"),
    (-a - 1, r"-a-1", "-a - 1"),
    (n + L, r"n+L", "n + L"),
    (2 - Rational(2) ** -n, r"2-2^{-n}", "2 - 2^(-n)"),
    (1 - a ** (n + 1), r"1-a^{n+1}", "1 - a^(n+1)"),
    (1 + exp(-x), r"1+e^{-x}", "1 + e^(-x)"),
    (exp(x) + 1, r"e^x+1", "e^x + 1"),
    (a**2 + a + 1, r"a^2+a+1", "a^2 + a + 1"),
    (a**3 - a**2 + a - 1, r"a^3-a^2+a-1", "a^3 - a^2 + a - 1"),
    (a - a**2, r"a-a^2", "a - a^2"),
    (x**2 + 2 * x * y + y**2, r"x^2+2xy+y^2", "x^2 + 2x·y + y^2"),
    (W + 2 * p - K, r"W+2p-K", "W + 2p - K"),
    (2**n - 1, r"2^n-1", "2^n - 1"),
    (X[0] + 1, r"x[0]+1", "x[0] + 1"),
    (IndexSum(a**k, k, 0, n) + 1, r"1+\sum_{k=0}^na^k", "1 + Σ_{k=0..n} a^k"),
    (x - IndexSum(a**k, k, 0, n) + 1, r"x-\sum_{k=0}^na^k+1", "x - Σ_{k=0..n} a^k + 1"),
    (Rational(1, 2) - x / 2, r"\frac{1-x}{2}", "(1 - x)/2"),
    (x / 2 + y / 3, r"\frac{x}{2}+\frac{y}{3}", "x/2 + y/3"),
    (x / 2 + 1, r"\frac{x}{2}+1", "x/2 + 1"),
    (1 + (-1) ** n, r"1+(-1)^n", "1 + (-1)^n"),
    (n + (-1) ** n, r"n+(-1)^n", "n + (-1)^n"),
    ((2 + Rational(-1, 2) ** n) / 3, r"\frac{2+\left(-\frac{1}{2}\right)^n}{3}", "(2 + (-1/2)^n)/3"),
    (1 - Rational(3, 4) ** n, r"1-\left(\frac{3}{4}\right)^n", "1 - (3/4)^n"),
    (Factorial(n + 1) - 1, r"(n+1)!-1", "(n+1)! - 1"),
    (Binomial(n + 1, k) - Binomial(n, k), r"\binom{n+1}{k}-\binom{n}{k}", "C(n + 1, k) - C(n, k)"),
]
PRODUCTS = [
    (a ** (n - L + 1) * (1 - a**L) / (1 - a), r"a^{n-L+1}\frac{1-a^L}{1-a}", "a^(n-L+1)·(1 - a^L)/(1 - a)"),
    ((1 - a ** (n + 1)) / (1 - a), r"\frac{1-a^{n+1}}{1-a}", "(1 - a^(n+1))/(1 - a)"),
    (127 * Rational(2) ** -n, r"127\cdot 2^{-n}", "127·2^(-n)"),
    (Mul(2, Pow(10, -16, evaluate=False), evaluate=False), r"2\cdot 10^{-16}", "2·10^(-16)"),
    (Mul(Mul(2, IndexSum(a, k, 0, n), evaluate=False), x, evaluate=False), r"2x\sum_{k=0}^na", "2x·Σ_{k=0..n} a"),
    (Pow(x * y, -1, evaluate=False), r"\frac{1}{xy}", "1/(x·y)"),
    (Pow(10, -3, evaluate=False), r"10^{-3}", "10^(-3)"),
    (3 * 2**n * a**n, r"3\cdot 2^na^n", "3·2^n·a^n"),
    (n * a**n, r"na^n", "n·a^n"),
    (a**-2, r"\frac{1}{a^2}", "1/a^2"),
    (a**-n, r"a^{-n}", "a^(-n)"),
    (3 / x, r"\frac{3}{x}", "3/x"),
    (x / (2 * y), r"\frac{x}{2y}", "x/(2y)"),
    (-3 * x / 4, r"-\frac{3x}{4}", "-3x/4"),
    (n * (n + 1) / 2, r"\frac{n(n+1)}{2}", "n·(n + 1)/2"),
    (2 * pi * n, r"2\pi n", "2π·n"),
    (-(x + y) * (x - 1), r"-(x+y)(x-1)", "-(x + y)·(x - 1)"),
    (X[i] * H[n - i], r"x[i]\,h[n-i]", "x[i]·h[n-i]"),
    (H[n - i] * X[i - L], r"x[i-L]\,h[n-i]", "x[i-L]·h[n-i]"),
    (g[i] * w[n - i + 1, j], r"g_i\,w_{n-i+1,j}", "g_i·w[n-i+1,j]"),
    (X[n] * log(x) * a, r"a\,x[n]\,\log(x)", "a·x[n]·log(x)"),
    (a * IndexSum(X[k], k, 0, n) / 2, r"\frac{a}{2}\sum_{k=0}^nx[k]", "a/2·Σ_{k=0..n} x[k]"),
    (-IndexSum(a, k, 0, n), r"-\sum_{k=0}^na", "-Σ_{k=0..n} a"),
    (IndexSum(a, i, 0, n) * IndexSum(b, j, 0, n), r"\left(\sum_{i=0}^na\right)\sum_{j=0}^nb",
     "(Σ_{i=0..n} a)·Σ_{j=0..n} b"),
    (IndexSum(a, i, 0, n) ** 2, r"\left(\sum_{i=0}^na\right)^2", "(Σ_{i=0..n} a)^2"),
    (1 / sqrt(2 * pi), r"\frac{\sqrt{2}}{2\sqrt{\pi}}", "√2/(2·√π)"),
]
PRODUCTS += [
    ((-1) ** n * Rational(2) ** -n, r"\left(-\frac{1}{2}\right)^n", "(-1/2)^n"),
    ((-3) ** n * Rational(2) ** -n, r"\left(-\frac{3}{2}\right)^n", "(-3/2)^n"),
    ((-1) ** n * Rational(2) ** (n + 1), r"(-1)^n\,2^{n+1}", "(-1)^n·2^(n+1)"),
    (Rational(-1, 2) ** n / 3, r"\frac{1}{3}\left(-\frac{1}{2}\right)^n", "1/3·(-1/2)^n"),
    (-(2 ** (n - L + 1)) * (1 - 2**L), r"2^{n-L+1}(2^L-1)", "2^(n-L+1)·(2^L - 1)"),
    (2 ** (n - L + 1) * (1 - 2**L), r"2^{n-L+1}(1-2^L)", "2^(n-L+1)·(1 - 2^L)"),
    (-a * (1 - a), r"-a(1-a)", "-a·(1 - a)"),
    (2 ** (n + 1) * 3**n, r"2^{n+1}\cdot 3^n", "2^(n+1)·3^n"),
    (2 * (-1) ** k, r"2(-1)^k", "2·(-1)^k"),
    ((-1) ** k / 2, r"\frac{(-1)^k}{2}", "(-1)^k/2"),
    (3 * (-1) ** k * 2 ** (k + 1) * k * x**k, r"3(-1)^kk\,2^{k+1}x^k", "3·(-1)^k·k·2^(k+1)·x^k"),
    (n * 2 ** (n - 1), r"n\,2^{n-1}", "n·2^(n-1)"),
    ((n + 1) * 2**n, r"(n+1)\,2^n", "(n + 1)·2^n"),
    ((k + 1) * x**k, r"(k+1)x^k", "(k + 1)·x^k"),
    (a**n * (1 - a**L), r"a^n(1-a^L)", "a^n·(1 - a^L)"),
    (a**k * b ** (n - k), r"a^kb^{n-k}", "a^k·b^(n-k)"),
    (b**k * Pow(b, n - k, evaluate=False), r"b^kb^{n-k}", "b^k·b^(n-k)"),
    (1 / (k * (k + 1)), r"\frac{1}{k(k+1)}", "1/(k·(k + 1))"),
    (k * (k + 1) * (2 * k + 1) / 6, r"\frac{k(k+1)(2k+1)}{6}", "k·(k + 1)·(2k + 1)/6"),
    ((1 - a) * X[n], r"(1-a)\,x[n]", "(1 - a)·x[n]"),
]
COUNTING = [
    (Binomial(n, k), r"\binom{n}{k}", "C(n, k)"),
    (Binomial(n - 1, k) ** 2, r"\binom{n-1}{k}^{2}", "C(n - 1, k)^2"),
    (Binomial(n, k) ** k, r"\binom{n}{k}^{k}", "C(n, k)^k"),
    (a ** Binomial(n, k), r"a^{\binom{n}{k}}", "a^(C(n, k))"),
    (Factorial(n), r"n!", "n!"),
    (Factorial(5), r"5!", "5!"),
    (Factorial(n + 1), r"(n+1)!", "(n+1)!"),
    (Factorial(2 * n), r"(2n)!", "(2n)!"),
    (Factorial(Factorial(n)), r"(n!)!", "(n!)!"),
    (Factorial(n) ** 2, r"(n!)^2", "(n!)^2"),
    (2 * Factorial(n), r"2\cdot n!", "2·n!"),
    (k * Factorial(k), r"k\cdot k!", "k·k!"),
    ((n + 1) * Factorial(n), r"(n+1)\,n!", "(n + 1)·n!"),
    (Factorial(n) / (Factorial(k) * Factorial(n - k)), r"\frac{n!}{k!\,(n-k)!}", "n!/(k!·(n-k)!)"),
    (-Binomial(n, k), r"-\binom{n}{k}", "-C(n, k)"),
    (Binomial(2 * n, n) / 2, r"\frac{1}{2}\binom{2n}{n}", "1/2·C(2n, n)"),
    (1 / Binomial(n, k), r"\frac{1}{\binom{n}{k}}", "1/C(n, k)"),
    (2 ** (k + 1) * Binomial(n, k), r"2^{k+1}\binom{n}{k}", "2^(k+1)·C(n, k)"),
    ((-1) ** k * k * Binomial(n, k), r"(-1)^kk\binom{n}{k}", "(-1)^k·k·C(n, k)"),
    (k * x**k * Binomial(n, k), r"k\binom{n}{k}x^k", "k·C(n, k)·x^k"),
    (a**k * b ** (n - k) * Binomial(n, k), r"\binom{n}{k}a^kb^{n-k}", "C(n, k)·a^k·b^(n-k)"),
    ((-1) ** k * Binomial(n, k) / (k + 1), r"\frac{(-1)^k}{k+1}\binom{n}{k}", "(-1)^k/(k + 1)·C(n, k)"),
    (k * Binomial(n, k) ** 2 / (n + 1), r"\frac{k}{n+1}\binom{n}{k}^{2}", "k/(n + 1)·C(n, k)^2"),
    (Binomial(n, k) - Mul(-n - 1, Binomial(n - 1, k)), r"(n+1)\binom{n-1}{k}+\binom{n}{k}",
     "(n + 1)·C(n - 1, k) + C(n, k)"),
    (Binomial(n, k) + Mul(-n - 1, Binomial(n - 1, k)), r"\binom{n}{k}-(n+1)\binom{n-1}{k}",
     "C(n, k) - (n + 1)·C(n - 1, k)"),
    ((k - n) * Binomial(n, k) / (n + 1), r"\frac{k-n}{n+1}\binom{n}{k}", "(k - n)/(n + 1)·C(n, k)"),
    (n * (1 + IndexSum(x, k, 0, n)) / (n + 1), r"\frac{n}{n+1}\left(1+\sum_{k=0}^nx\right)",
     "n/(n + 1)·(1 + Σ_{k=0..n} x)"),
    (IndexSum((-1) ** k * Binomial(n, k), k, 0, n), r"\sum_{k=0}^n(-1)^k\binom{n}{k}", "Σ_{k=0..n} (-1)^k·C(n, k)"),
    (2 * IndexSum(i * IndexSum(j, j, 0, i), i, 0, n), r"2\sum_{i=0}^ni\sum_{j=0}^ij",
     "2Σ_{i=0..n} i·Σ_{j=0..i} j"),
]
POWERS = [
    (a ** (2 * n), r"a^{2n}", "a^(2n)"),
    ((x + 1) ** 2, r"(x+1)^2", "(x + 1)^2"),
    ((-x) ** n, r"(-x)^n", "(-x)^n"),
    (Rational(3, 4) ** n, r"\left(\frac{3}{4}\right)^n", "(3/4)^n"),
    ((-1) ** k, r"(-1)^k", "(-1)^k"),
    (x ** Rational(3, 2), r"x^{3/2}", "x^(3/2)"),
    (x ** Rational(1, 3), r"\sqrt[3]{x}", "x^(1/3)"),
    (a ** (n / 2), r"a^{n/2}", "a^(n/2)"),
    (a ** ((n + 1) / 2), r"a^{(n+1)/2}", "a^((n+1)/2)"),
    (sin(x) ** 2, r"(\sin(x))^2", "(sin(x))^2"),
    (X[n] ** 2, r"x[n]^2", "x[n]^2"),
    (exp(-(x**2) / 2), r"e^{-x^2/2}", "e^(-x^2/2)"),
    (real("k'") ** 2, r"{k'}^2", "k'^2"),
    (a ** (b**c), r"a^{b^c}", "a^(b^c)"),
]
HEADS = [
    (IndexSum(a ** (n - i), i, 0, Min(L - 1, n)), r"\sum_{i=0}^{\min(n,\,L-1)}a^{n-i}", "Σ_{i=0..min(n, L-1)} a^(n-i)"),
    (IndexSum(X[i] * H[n - i], i, -oo, oo), r"\sum_{i=-\infty}^{\infty}x[i]\,h[n-i]", "Σ_{i=-∞..∞} x[i]·h[n-i]"),
    (IndexSum(a + i, i, 1, n), r"\sum_{i=1}^n(a+i)", "Σ_{i=1..n} (a + i)"),
    (IndexSum(-a * i, i, 1, n), r"\sum_{i=1}^n(-ai)", "Σ_{i=1..n} (-a·i)"),
    (IndexSum(IndexSum(a**j, j, 0, i), i, 0, n), r"\sum_{i=0}^n\sum_{j=0}^ia^j", "Σ_{i=0..n} Σ_{j=0..i} a^j"),
    (Max(0, n - L + 1), r"\max(0,\,n-L+1)", "max(0, n - L + 1)"),
    (floor((W + 2 * p - K) / S) + 1, r"\left\lfloor \frac{W+2p-K}{S}\right\rfloor+1", "⌊(W + 2p - K)/S⌋ + 1"),
    (floor((n - 1) / 2), r"\left\lfloor \frac{n-1}{2}\right\rfloor", "⌊(n - 1)/2⌋"),
    (floor(x), r"\lfloor x\rfloor", "⌊x⌋"),
    (ceiling(n / 2), r"\left\lceil \frac{n}{2}\right\rceil", "⌈n/2⌉"),
    (Abs(x - y), r"\lvert x-y\rvert", "|x - y|"),
    (Mod(n + 1, 2), r"(n+1)\bmod 2", "(n + 1) mod 2"),
    (factorial(n), r"n!", "n!"),
    (factorial(n + 1), r"(n+1)!", "(n+1)!"),
    (binomial(n, k), r"\binom{n}{k}", "binomial(n, k)"),
    (cos(2 * x), r"\cos(2x)", "cos(2x)"),
    (sqrt(x + 1), r"\sqrt{x+1}", "√(x+1)"),
    (KroneckerDelta(i, j), r"\delta_{i,j}", "δ(i, j)"),
    (Derivative(Function("f")(x), x), r"\frac{\partial f(x)}{\partial x}", "∂f(x)/∂x"),
    (real("sigma"), r"\sigma", "σ"),
    (real("sigma_x"), r"\sigma_{x}", "σ_x"),
    (integer("d_out"), r"d_{\mathrm{out}}", "d_out"),
    (real("x1"), r"x_{1}", "x_1"),
    (real("y_hat"), r"\hat{y}", "y\u0302"),
    (real("dout"), r"\mathrm{dout}", "dout"),
    (array("W_q", (1, m), (1, m))[i, j], r"(W_{q})_{ij}", "W_q[i,j]"),
    (array("v", (1, n))[i + 1], r"v_{i+1}", "v[i+1]"),
    (array("v", (0, n))[i + 1], r"v_{i+1}", "v[i+1]"),
    (array("v", (0, n), outside="zero")[i + 1], r"v[i+1]", "v[i+1]"),
    (array("v", (1, n), outside="zero")[n - i + 1], r"v_{n-i+1}", "v[n-i+1]"),
    (array("v", (1, oo), outside="zero")[n], r"v[n]", "v[n]"),
    (array("u", (0, oo))[i], r"u_i", "u_i"),
    (signal("f", 0, L - 1)[n - 1], r"f[n-1]", "f[n-1]"),
]
CONDITIONS = [
    (all_of(le(0, n), le(n, L - 1)), r"0\le n\le L-1", "0 ≤ n ≤ L - 1"),
    (all_of(ge(n, 0), le(n, L - 1)), r"0\le n\le L-1", "0 ≤ n ≤ L - 1"),
    (all_of(le(n, L - 1), le(0, n)), r"0\le n\le L-1", "0 ≤ n ≤ L - 1"),
    (all_of(gt(n, k), ge(k, 1)), r"n>k\ge 1", "n > k ≥ 1"),
    (all_of(ge(n, L), ne(a, 1)), r"n\ge L,\ a\ne 1", "n ≥ L, a ≠ 1"),
    (all_of(lt(0, a), ne(a, 1)), r"0<a,\ a\ne 1", "0 < a, a ≠ 1"),
    (ge(n, L), r"n\ge L", "n ≥ L"),
    (any_of(lt(n, 0), ge(n, L)), r"n<0\text{ or }n\ge L", "n < 0 or n ≥ L"),
    (any_of(all_of(lt(n, 0), ne(a, 1)), eq(n, 2)), r"(n<0\text{ and }a\ne 1)\text{ or }n=2",
     "(n < 0 and a ≠ 1) or n = 2"),
    (any_of(all_of(le(0, n), lt(n, L)), eq(n, 9)), r"0\le n<L\text{ or }n=9", "0 ≤ n < L or n = 9"),
    (all_of(AnyOf(lt(n, 0), ge(n, 2)), ne(a, 1)), r"a\ne 1,\ (n<0\text{ or }n\ge 2)", "a ≠ 1, (n < 0 or n ≥ 2)"),
    (Negation(lt(n, 0)), r"\text{not }(n<0)", "not (n < 0)"),
    (OTHERWISE, r"\text{true}", "true"),
    (FALSE, r"\text{false}", "false"),
    (eq(Mod(n, 2), 0), r"2\mid n", "2 | n"),
    (ne(Mod(n - k, s), 0), r"s\nmid n-k", "s ∤ n - k"),
    (eq(Mod(n, 2), 1), r"n\bmod 2=1", "n mod 2 = 1"),
    (all_of(eq(Mod(n, 2), 0), eq(0, k)), r"2\mid n,\ 0=k", "2 | n, 0 = k"),
    (all_of(eq(Mod(n, s), 0), le(0, n), le(n, L)), r"s\mid n,\ 0\le n\le L", "s | n, 0 ≤ n ≤ L"),
]


@pytest.mark.parametrize(("term", "tex", "text"), SUMS + PRODUCTS + COUNTING + POWERS + HEADS + CONDITIONS)
def test_terms_are_written_as_a_person_writes_them(term: object, tex: str, text: str) -> None:
    """LaTeX and plain text are as expected, character by character."""
    assert latex(term) == tex
    assert plain(term) == text


def test_cases_have_their_conditions_in_the_second_column() -> None:
    """Cases are set large, the last resort reads `otherwise`."""
    term = Cases((0, lt(n, 0)), (x / 2, le(n, L)), (L, OTHERWISE))
    assert latex(term) == r"\begin{dcases}0 & n<0\\[2pt]\frac{x}{2} & n\le L\\[2pt]L & \text{otherwise}\end{dcases}"
    assert plain(term) == "{0 if n < 0; x/2 if n ≤ L; L otherwise}"
    assert latex(a * term).startswith(r"a\left(\begin{dcases}")


def test_the_markdown_dialect_has_nothing_that_markdown_takes_for_its_own() -> None:
    """No backslash before a punctuation mark, no angle bracket, no bar."""
    term = Cases((X[i] * H[n - i], lt(n, 0)), (Abs(x), all_of(gt(n, 3), ne(a, 1))), (Max(0, n), OTHERWISE))
    written = latex(term, MARKDOWN)
    assert not any(written[at + 1] in r"\,;:!{}|%&#_ " for at, sign in enumerate(written) if sign == "\\")
    assert not set("<>|*$\n") & set(written)


VALUES = {
    symbol: Rational(value)
    for symbol, value in {
        a: "3/7", b: "-5/3", c: "2/5", x: "11/4", y: "-7/2", i: 2, j: 3, k: 4, m: 5, n: 7, p: 1, s: 2, K: 3, L: 6, S: 2,
        W: 9,
    }.items()
}
"""A number for each letter: the fractions tell signs and exponents apart."""


@pytest.mark.parametrize("term", [row[0] for row in SUMS + PRODUCTS + COUNTING + POWERS], ids=str)
def test_what_is_written_is_the_term(term: Expr) -> None:
    """The factors and terms that are written, put together again, have the term's value."""
    for part in (p for p in subterms(term) if isinstance(p, (Add, Mul, Pow))):
        if isinstance(part, Add):
            again = Add(*(-t if taken else t for taken, t in order.sum_terms(part)))
        else:
            found = order.product(part)
            over = Mul(*found.front, *found.over, *found.after)
            again = (-1 if found.negative else 1) * over / Mul(*found.under)
        left, right = (substitute(t, VALUES) for t in (part, again))
        assert sympy.expand((left - right).doit()) == 0, part


@pytest.mark.parametrize("term", [row[0] for row in COUNTING], ids=str)
def test_html_shows_binomials_and_factorials(term: Expr) -> None:
    """MathML has a fraction without a line for each binomial, and no command is left."""
    shown = html.math(latex(term), display=True)
    assert shown.count('linethickness="0"') == sum(isinstance(t, Binomial) for t in subterms(term))
    assert "\\" not in shown


def test_an_equation_keeps_its_sides() -> None:
    """The relation is printed, also between equal sides."""
    assert latex(Equation(n, "<=", L - 1)) == r"n\le L-1"
    assert latex(Equation(n, "=", n)) == "n=n"
    assert plain(Equation(n, "=>", L)) == "n ⇒ L"


@pytest.mark.parametrize("printer", [latex, plain])
@pytest.mark.parametrize(
    ("term", "named"),
    [
        (sympy.Integral(x, (x, 0, 1)), "Integral"),
        (sympy.Float("0.5"), "Float"),
        (x + sympy.zeta(y), "zeta"),
        (sympy.Sum(x, (n, 0, 3)), "Sum"),
        (Symbol("<b>"), "<b>"),
        (Symbol(r"\input{secret}"), "input"),
        (Equation(n, "≡", L), "≡"),
        (sympy.nan, "NaN"),
    ],
)
def test_what_has_no_notation_is_refused_by_name(printer: object, term: object, named: str) -> None:
    """There is no fallback to Python's own text."""
    with pytest.raises(CannotPrint, match=named):
        printer(term)  # type: ignore[operator]


def test_the_order_does_not_hang_on_how_a_sum_was_built() -> None:
    """All ways to add the same terms print alike."""
    from itertools import permutations

    found = {latex(sum(order, sympy.S.Zero)) for order in permutations([n, -L, sympy.S.One, a**2, -b * a])}
    assert found == {"a^2+n-ab-L+1"}


def test_an_entry_is_read_back_from_its_printed_name() -> None:
    """Names with subscripts and primes keep all of their parts."""
    assert latex(Entry(array("w_in'", (0, 3)), n)) == r"(w'_{\mathrm{in}})_n"


def test_a_sign_is_written_as_one() -> None:
    """As indicators or in three cases; where something else is meant, that is what stands there."""
    c, x = real("c"), array("x", (1, integer("n")))
    by_indicators = Indicator(gt(x[1], 0)) - Indicator(lt(x[1], 0))
    assert latex(c * by_indicators**2) == r"c\operatorname{sign}(x_1)^2"
    assert plain(-by_indicators) == "-sign(x_1)" and plain(2 - by_indicators * c) == "2 - c·sign(x_1)"
    assert plain(Cases((1, gt(c, 0)), (0, eq(c, 0)), (-1, OTHERWISE))) == "sign(c)"
    for other in (
        Indicator(gt(c, 0)) - Indicator(lt(x[1], 0)),
        Indicator(ge(c, 0)) - Indicator(lt(c, 0)),
        Indicator(gt(c, 1)) - Indicator(lt(c, 1)),
        Indicator(gt(c, 0)) + Indicator(lt(c, 0)),
        2 * Indicator(gt(c, 0)) - Indicator(lt(c, 0)),
        Cases((1, gt(c, 0)), (0, eq(c, 1)), (-1, OTHERWISE)),
        Cases((1, gt(c, 0)), (0, eq(c, 0)), (-1, lt(c, 0))),
        Cases((-1, gt(c, 0)), (0, eq(c, 0)), (1, OTHERWISE)),
    ):
        assert "sign" not in plain(other) and "sign" not in latex(other)

r"""Formulas mean what a reader takes them to mean: names, indices, products, calls, how far sums reach."""

from __future__ import annotations

import pytest

from derive.claims.judging import judge
from derive.claims.parsing import parse
from derive.claims.reading import Reader
from derive.claims.scopes import declared
from derive.claims.stated import Claim
from derive.claims.surroundings import Unread
from derive.claims.wholes import IllFittingShapes
from derive.errors import BadInput

SYMBOLS = {
    "n": "size", "m": "size", "a": "real", "b": "real", "c": "real", "x": "array[n]", "y": "array[n]",
    "A": "matrix[m,n]", "B": "matrix[n,m]", "C": "matrix[n,n]", "u": "vector[m]", "v": "vector[n]", "k": "integer",
    "w_0": "real", "w^2": "array[n]", "dy": "array[n]", "d_out": "size", "tildeW": "matrix[n,n]", "T": "integer",
    "sigma_x": "positive", "i": "index of x", "s": "array[n] from 0, zero outside", "Q": "array[n, m]", "f": "real",
    "W^(1)": "matrix[n,n]", "N": "natural", "z": "random array[n], mean 0, variance 1, independent entries",
}  # fmt: skip

MEANINGS = {
    "a(b+c)": "a*(b + c)",
    "2ab": "2*a*b",
    "a^2b": "a**2*b",
    "-a^2": "-a**2",
    "(-a)^2": "a**2",
    r"\frac12 a": "a/2",
    r"\frac{a}{b}c": "a*c/b",
    "a b^{-1}": "a/b",
    r"a \cdot b \cdot c": "a*b*c",
    "a/b/c": "a/(b*c)",
    "2^{n-1}": "2**(n - 1)",
    "a^{b c}": "a**(b*c)",
    "e^{a+b}": "exp(a + b)",
    r"\exp(a)b": "b*exp(a)",
    r"\log a b": "log(a*b)",
    r"\log(a)b": "b*log(a)",
    r"\log_2 n": "log(n)/log(2)",
    r"\sqrt[3]{8}": "2",
    r"\sqrt{a^2}": "Abs(a)",
    "|a-b|": "Abs(a - b)",
    r"\lfloor n/2 \rfloor": "floor(n/2)",
    r"\lceil \frac{n}{2} \rceil": "ceiling(n/2)",
    "n!": "factorial(n)",
    r"\binom{n}{k}": "binomial(n, k)",
    r"\max(a,b,0)": "Max(0, a, b)",
    r"\max\{a, b\} + c": "c + Max(a, b)",
    r"\min(a,b)c": "c*Min(a, b)",
    r"k \bmod n": "Mod(k, n)",
    r"\delta_{k,n}": "[k = n]",
    r"\delta_{k n}": "[k = n]",
    r"[k \le n]": "[k <= n]",
    r"\mathbf 1[k = n]": "[k = n]",
    r"\mathbb{1}\{k<n\}": "[k < n]",
    "x_i": "x[i]",
    "x_{i+1}": "x[i + 1]",
    "x[i]": "x[i]",
    "x_1^2": "x[1]**2",
    "x_i^2": "x[i]**2",
    "w^2_i": "w_p2[i]",
    "w^2_{n-i+1}": "w_p2[-i + n + 1]",
    "w_0^2": "w_0**2",
    "dy_i": "dy[i]",
    r"d_{\mathrm{out}}": "d_out",
    "d_{out}": "d_out",
    r"\tilde W_{12}": "tildeW[1, 2]",
    r"\tilde{W}_{1,2}": "tildeW[1, 2]",
    "A_{1,2}": "A[1, 2]",
    "A_{12}": "A[1, 2]",
    r"(A^\top u)_i": "sum(u[k]*A[k, i], k=1..m)",
    "(AB)_{kk}": "sum(A[k, k']*B[k', k], k'=1..n)",
    "s[k-1]": "s[k - 1]",
    "Q_{1,2}": "Q[1, 2]",
    "A^T_{12}": "A[2, 1]",
    "C^{-1}_{11}": "inverse(C)[1, 1]",
    r"\sigma_x^2": "sigma_x**2",
    r"\sum_{k=1}^n k^2": "sum(k'**2, k'=1..n)",
    r"\sum_{k=1}^{n} k + 1": "sum(k', k'=1..n) + 1",
    r"\sum_{k=1}^n (k+1)": "sum(k' + 1, k'=1..n)",
    r"\sum_{j} x_j y_j": "sum(x[j]*y[j], j=1..n)",
    r"\sum_{i} x_i": "sum(x[i'], i'=1..n)",
    r"\sum_{1\le j\le n} x_j": "sum(x[j], j=1..n)",
    r"\sum_{1\le j<l\le n} x_j x_l": "sum(sum(x[j]*x[l], l=j + 1..n), j=1..n)",
    r"\sum_{j\ne i} x_j": "sum(x[j]*[j != i], j=1..n)",
    r"\sum_{j=1, j\ne i}^n x_j": "sum(x[j]*[j != i], j=1..n)",
    r"\sum_{j\in\{1,\dots,n\}} x_j": "sum(x[j], j=1..n)",
    r"\prod_{j=1}^n x_j": "product(x[j], j=1..n)",
    r"\sum_{j=1}^n\sum_{l=1}^j x_l": "sum(sum(x[l], l=1..j), j=1..n)",
    r"\sum_j x_j \sum_l y_l": "sum(x[j]*sum(y[l], l=1..n), j=1..n)",
    r"\frac1n\sum_{j=1}^n x_j": "sum(x[j], j=1..n)/n",
    r"1/n \sum_{j=1}^n x_j": "sum(x[j], j=1..n)/n",
    r"\max_j x_j": "largest(x[j], j=1..n)",
    r"\min_{1\le j\le n} x_j": "-largest(-x[j], j=1..n)",
    r"\sum_{l} A_{1l} B_{l1}": "sum(A[1, l]*B[l, 1], l=1..n)",
    r"\sum_{j=n}^{1} x_j": "sum(x[j], j=n..1)",
    r"\sum_{k=0}^{\infty} [k<n]": "sum([k' < n], k'=0..oo)",
    r"\sum_{j=1}^n a^{j} - 1": "sum(a**j, j=1..n) - 1",
    r"-\sum_{j=1}^n x_j": "-sum(x[j], j=1..n)",
    r"\sum_{j=1}^n -x_j": "sum(-x[j], j=1..n)",
    r"\operatorname{tr}(AB)": "sum(sum(A[k', k]*B[k, k'], k=1..n), k'=1..m)",
    r"\operatorname{tr} C": "sum(C[k, k], k=1..n)",
    r"\det(C)": "determinant(C)[]",
    r"\det C": "determinant(C)[]",
    r"x^\top y": "sum(x[k]*y[k], k=1..n)",
    r"v^\top C v": "sum(v[k']*sum(v[k]*C[k, k'], k=1..n), k'=1..n)",
    r"u^\top A v": "sum(v[k']*sum(u[k]*A[k, k'], k=1..m), k'=1..n)",
    r"\|v\|_2^2": "sum(v[i]**2, i=1..n)",
    r"\|v\|_1": "sum(Abs(v[i]), i=1..n)",
    r"\|v\|_\infty": "largest(Abs(v[i]), i=1..n)",
    r"\|A\|_F": "sqrt(sum(sum(A[i, j]**2, j=1..n), i=1..m))",
    r"\|A\|_2": "spectral_norm(A)[]",
    r"\|v\|_{\mathrm{RMS}}": "sqrt(sum(v[i]**2, i=1..n))/sqrt(n)",
    r"\|x\|": "sqrt(sum(x[i]**2, i=1..n))",
    r"\langle x, y\rangle": "sum(x[i]*y[i], i=1..n)",
    r"\operatorname{sign}(a)": "-[a < 0] + [a > 0]",
    r"\operatorname{ReLU}(a-b)": "Max(0, a - b)",
    r"\mathrm{ReLU}(a)": "Max(0, a)",
    r"v \cdot v": "sum(v[k]**2, k=1..n)",
    r"\operatorname{diag}(v)_{12}": "v[1]*[1 = 2]",
    r"(v \odot v)_1": "v[1]**2",
    r"(u v^\top)_{12}": "u[1]*v[2]",
    "(I_n)_{12}": "[1 = 2]",
    "(C - 2I)_{11}": "C[1, 1] - 2*[1 = 1]",
    r"\mathbf 1^\top v": "sum(v[k], k=1..n)",
    r"\operatorname{softmax}(x)_i": "exp(x[i])/sum(exp(x[k]), k=1..n)",
    r"\mathbb{E}[z_1^2]": "Expectation(z[1]**2)",
    r"\operatorname{Var}(z_1+z_2)": "Variance(z[1] + z[2])",
    r"\mathrm{Cov}(z_1, z_2)": "Covariance(z[1], z[2])",
    "E[z_1]": "Expectation(z[1])",
    r"\mathbb{E} z_1": "Expectation(z[1])",
    r"\mathbb E\left[\sum_j z_j^2\right]": "Expectation(sum(z[j]**2, j=1..n))",
    r"\frac{d}{da} a^2": "d(a[]**2)/da[]",
    r"\frac{\partial}{\partial a} (a b)": "d(b*a[])/da[]",
    r"\frac{\partial a^2 b}{\partial a}": "d(b*a[]**2)/da[]",
    r"\frac{\partial^2 (a^2 b)}{\partial a\,\partial b}": "d(d(a[]**2*b[])/db[])/da[]",
    r"\frac{d^2}{da^2} a^3": "d(d(a[]**3)/da[])/da[]",
    r"\int_0^1 t^2 dt": "integral(t**2, t=0..1)",
    r"\int_a^b 2t\,dt": "integral(2*t, t=a..b)",
    r"\begin{cases} a & k\ge 0\\ 0 & \text{otherwise}\end{cases}": "{a if k >= 0; 0 if true}",
    r"\begin{cases} a & \text{if } k>0\\ b & \text{if } k \le 0\end{cases}": "{a if k > 0; b if k <= 0}",
    "f(a)": "a*f",
    "T(n+1)": "T*(n + 1)",
    "N(N+1)/2": "N*(N + 1)/2",
    r"\sin^2 a + \cos^2 a": "sin(a)**2 + cos(a)**2",
    r"\sin 2a": "sin(2*a)",
    "a^{n^2}": "a**(n**2)",
    "a^{-n}": "a**(-n)",
    r"\frac{1}{0}": "1/0",
    r"0\cdot\frac1a": "0",
    r"\|v\|^2": "sum(v[i]**2, i=1..n)",
    r"\|v+v\|_2": "sqrt(sum(4*v[i]**2, i=1..n))",
    "x_{n-i+1}": "x[-i + n + 1]",
    "1.5a": "3*a/2",
    "1{,}000": "1000",
    r"\left|\{j \in \mathbb{Z} : 1\le j \le n\}\right|": "sum([1 <= j and j <= n], j=-oo..oo)",
    r"\#\{ j \in \mathbb{Z}: 0\le 2j < n\}": "sum([0 <= 2*j and 2*j < n], j=-oo..oo)",
    "I_{ik}": "[i = k]",
    r"\langle x,y\rangle": "sum(x[i]*y[i], i=1..n)",
    r"x^\top C x": "sum(x[k']*sum(x[k]*C[k, k'], k=1..n), k'=1..n)",
    "(x + v)_1": "v[1] + x[1]",
    "C_{1,1}^2": "C[1, 1]**2",
    r"(C^\top C)^{-1}_{11}": "inverse(product(transpose(C), C))[1, 1]",
    r"\frac{x_i}{\|x\|_2}": "x[i]/sqrt(sum(x[i']**2, i'=1..n))",
}

NEEDS = {
    r"\frac{a}{b}c": ["b != 0"],
    "a b^{-1}": ["b != 0"],
    "a/b/c": ["b != 0", "c != 0"],
    "a^{b c}": ["a > 0 or (a >= 0 and b*c > 0)"],
    r"\log a b": ["a*b > 0"],
    r"\log(a)b": ["a > 0"],
    r"\log_2 n": ["n > 0", "log(2) != 0"],
    r"k \bmod n": ["n != 0"],
    "x_i": ["i >= 1 and n >= i"],
    "x_{i+1}": ["i + 1 >= 1 and n >= i + 1"],
    "x_1^2": ["n >= 1"],
    "x_i^2": ["i >= 1 and n >= i"],
    "w^2_i": ["i >= 1 and n >= i"],
    "w^2_{n-i+1}": ["-i + n + 1 >= 1 and n >= -i + n + 1"],
    r"(A^\top u)_i": ["i >= 1 and n >= i"],
    "A^T_{12}": ["n >= 1 and m >= 2"],
    "C^{-1}_{11}": ["determinant(C)[] != 0", "n >= 1"],
    r"\sum_{1\le j<l\le n} x_j x_l": ["l >= 1 and n >= l"],
    r"\sum_{j=1}^n\sum_{l=1}^j x_l": ["l >= 1 and n >= l"],
    r"\frac1n\sum_{j=1}^n x_j": ["n != 0"],
    r"1/n \sum_{j=1}^n x_j": ["n != 0"],
    r"\max_j x_j": ["1 <= n"],
    r"\sum_{j=n}^{1} x_j": ["j >= 1 and n >= j"],
    r"\sum_{j=1}^n a^{j} - 1": ["j >= 0 or a != 0"],
    r"\|v\|_{\mathrm{RMS}}": ["n != 0"],
    r"(u v^\top)_{12}": ["m >= 1 and n >= 2"],
    r"\operatorname{softmax}(x)_i": ["i >= 1 and n >= i"],
    r"\mathbb{E}[z_1^2]": ["n >= 1"],
    r"\begin{cases} a & \text{if } k>0\\ b & \text{if } k \le 0\end{cases}": ["k > 0 or k <= 0"],
    "a^{n^2}": ["n**2 >= 0 or a != 0"],
    "a^{-n}": ["-n >= 0 or a != 0"],
    r"\frac{1}{0}": ["0 != 0"],
    r"0\cdot\frac1a": ["a != 0"],
    "x_{n-i+1}": ["-i + n + 1 >= 1 and n >= -i + n + 1"],
    "C_{1,1}^2": ["n >= 1"],
    r"(C^\top C)^{-1}_{11}": ["determinant(product(transpose(C), C))[] != 0", "n >= 1"],
    r"\frac{x_i}{\|x\|_2}": ["i >= 1 and n >= i", "sqrt(sum(x[i']**2, i'=1..n)) != 0"],
}

NO_MEANING = {
    "A_{ij}": "j is neither declared nor bound",
    "x_{i,1}": "an entry has 1 index here",
    r"\hat a": "hata is neither declared nor bound",
    "X": "X is neither declared nor bound",
    r"\operatorname{rnk}(A)": "rnk is neither declared nor bound: the nearest known function is 'rank'",
    r"\mathrm{softmx}(A)": "softmx is neither declared nor bound: the nearest known function is 'softmax'",
    r"\frac{d}{2}": "d is neither declared nor bound",
    "a_1": "something with an index is wanted, and a is a number",
    "x_{n/2}": "need not be one",
    r"\sum_{j} a": "no array has it as an index",
    r"\sum_{j=1}^{n/2} a": "need not be an integer",
    "E": "E is neither declared nor bound",
    r"\lim_{n\to\infty} a": "not supported",
    r"\frac{\partial}{\partial k} a": "declared as an integer",
    r"\begin{pmatrix} a & \dots & b\end{pmatrix}": "dots",
    "C^{n}": "not supported",
}

ILL_FORMED = (
    "A A",
    "A + B",
    "x y",
    "u^\\top v",
    "C + 1",
    "A^{-1}",
    r"\operatorname{tr} A",
    r"\det A",
    "A u",
    "Q Q",
    r"u \odot v",
)


def read(text: str, *choices: int) -> tuple[object, Reader]:
    """The value of a formula, and its reader."""
    node = parse(text)
    made = declared(tuple(SYMBOLS.items()), [node], parse)
    reader = Reader(made.scope, choices)
    return reader.value(node), reader


@pytest.mark.parametrize("text", MEANINGS)
def test_meaning(text: str) -> None:
    """Each formula becomes the term that it stands for."""
    assert str(read(text)[0]) == MEANINGS[text]


@pytest.mark.parametrize("text", NEEDS)
def test_needs(text: str) -> None:
    """What a formula needs to have a value is noted, also where SymPy has cancelled it."""
    assert [str(need.condition) for need in read(text)[1].needs] == NEEDS[text]


@pytest.mark.parametrize("text", NO_MEANING)
def test_without_a_meaning(text: str) -> None:
    """What has no meaning here is refused with the part that has none."""
    with pytest.raises(BadInput, match=NO_MEANING[text]):
        read(text)


@pytest.mark.parametrize("text", ILL_FORMED)
def test_shapes_that_do_not_fit(text: str) -> None:
    """Products, sums and inverses ask for shapes that fit."""
    with pytest.raises(IllFittingShapes):
        read(text)


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("a/b c", "a*c/b", "a/(b*c)"),
        (r"\log(a)^2", "log(a)**2", "log(a**2)"),
        ("C^2_{11}", "C[1, 1]**2", "sum(C[1, k]*C[k, 1], k=1..n)"),
    ],
)
def test_two_readings(text: str, one: str, other: str) -> None:
    """Where the usual ways of writing differ, each reading can be taken, and that there are two is known."""
    first, reader = read(text)
    assert (str(first), str(read(text, 1)[0])) == (one, other)
    assert len(reader.asked) == 1


def test_case_matters() -> None:
    """x is declared, X is not."""
    assert str(read("x_1")[0]) == "x[1]"
    with pytest.raises(Unread, match="X is neither"):
        read("X_1")


def test_products_of_matrices_keep_their_order() -> None:
    """(AB)_{11} sums over the columns of A, (BA)_{11} over those of B."""
    assert str(read("(AB)_{11}")[0]) == "sum(A[1, k]*B[k, 1], k=1..n)"
    assert str(read("(BA)_{11}")[0]) == "sum(A[k, 1]*B[1, k], k=1..m)"


@pytest.mark.parametrize(
    ("symbols", "left", "said"),
    [
        ((("a", "real"),), r"\sigma(a)", "for the logistic function: let = ["),
        ((("delta", "real"), ("n", "size")), r"\sum_{i=1}^n \delta_{i1}", "only where delta is not declared"),
    ],
)
def test_a_name_that_is_usual_for_something(symbols: tuple[tuple[str, str], ...], left: str, said: str) -> None:
    """What the reader may have meant is told."""
    found = judge(Claim("", symbols=symbols, left=(left,), right=("1",)))
    assert found.verdict == "unreadable" and found.error is not None and said in found.error.message

# ruff: noqa: E501  (one claim a line)
r"""Slips planted into true claims: (symbols, hypotheses, left, right, kinds, what was written on the right).

Where the slip is on the left the planted text is the left side, and the row has the mark `<`. `kinds` are the names
that are right for the slip; some slips have two good names.
"""

N = {"n": "integer >= 1"}
NL = {**N, "L": "integer >= 1"}
NK = {**N, "k": "integer >= 1", "s": "integer >= 1", "p": "integer >= 0"}
AN = {"a": "real", "n": "integer >= 1", "L": "integer >= 1"}
XY = {"x": "real", "y": "real"}
X = {**N, "x": "array[n]", "y": "array[n]", "i": "index of x", "j": "index of x"}
M = {"n": "size", "m": "size", "A": "matrix[n, n]", "B": "matrix[n, n]", "C": "matrix[n, n]", "x": "vector[n]", "y": "vector[n]"}
W = {"d_in": "size", "d_out": "size", "W": "matrix[d_out, d_in]", "x": "vector[d_in]", "g": "vector[d_out]"}
R = {**N, "x": "random array[n], mean mu, variance sigma^2, independent entries", "mu": "real", "sigma": "positive"}
T = {"t": "real", "a": "real", "b": "real"}
H = {"K": "size", "L": "size", "n": "integer", "h": "array[K] from 0, zero outside", "x": "array[L] from 0, zero outside"}

SLIPS = [
    # off by one
    (AN, ["a \\ne 1"], r"\sum_{k=0}^{L-1} a^k", r"\frac{1-a^L}{1-a}", "off by one", r"\frac{1-a^{L-1}}{1-a}"),
    (AN, ["a \\ne 1"], r"\sum_{k=0}^{L} a^k", r"\frac{1-a^{L+1}}{1-a}", "off by one", r"\frac{1-a^{L}}{1-a}"),
    (AN, ["a \\ne 1"], r"\sum_{k=1}^{L} a^k", r"a\frac{1-a^{L}}{1-a}", "off by one", r"a\frac{1-a^{L+1}}{1-a}"),
    (N, [], r"\sum_{k=1}^{n} k", r"\frac{n(n+1)}{2}", "off by one", r"\frac{n(n-1)}{2}"),
    (N, [], r"\sum_{k=1}^{n-1} k", r"\frac{n(n-1)}{2}", "off by one", r"\frac{n(n+1)}{2}"),
    (N, [], r"\sum_{k=1}^{n} k^2", r"\frac{n(n+1)(2n+1)}{6}", "off by one", r"\frac{n(n+1)(2n-1)}{6}"),
    (N, [], r"\sum_{k=1}^{n} (2k-1)", r"n^2", "off by one", r"(n+1)^2"),
    (N, [], r"\sum_{k=0}^{n} 2^k", r"2^{n+1} - 1", "off by one", r"2^{n} - 1"),
    (N, [], r"\sum_{k=0}^{n-1} (k+1)", r"\frac{n(n+1)}{2}", "off by one", r"\sum_{k=1}^{n-1} k"),
    (N, [], r"\sum_{i=1}^{n} \sum_{j=1}^{i} 1", r"\frac{n(n+1)}{2}", "off by one", r"\frac{n(n-1)}{2}"),
    (N, [], r"\sum_{1 \le i < j \le n} 1", r"\frac{n(n-1)}{2}", "off by one", r"\frac{n(n+1)}{2}"),
    (X, [], r"\sum_{k=1}^{n} x_k", r"\sum_{k=0}^{n-1} x_{k+1}", "off by one", r"\sum_{k=0}^{n} x_{k+1}"),
    (X, [], r"\sum_{k=1}^{n} x_k", r"x_n + \sum_{k=1}^{n-1} x_k", "off by one", r"x_n + \sum_{k=2}^{n-1} x_k"),
    (NL, ["n \\ge L"], r"\sum_{k=L}^{n} 1", r"n - L + 1", ("off by one", "term"), r"n - L"),
    (NL, ["n \\ge L"], r"\sum_{k=L}^{n} 3", r"3(n - L + 1)", "off by one", r"3(n - L)"),
    (X, [], r"\sum_{k=1}^{n-1} x_{k+1}", r"\sum_{k=2}^{n} x_k", "off by one", r"\sum_{k=2}^{n} x_{k-1}"),
    (N, ["n \\ge 2"], r"\sum_{k=1}^{n} \frac{1}{k(k+1)}", r"\frac{n}{n+1}", "off by one", r"\frac{n}{n-1}"),
    (N, [], r"\prod_{k=1}^{n} k", r"n!", ("off by one",), r"(n-1)!"),
    (AN, [], r"\prod_{k=1}^{n} a", r"a^n", "off by one", r"a^{n-1}"),
    (T, [], r"\frac{d}{dt} t^5", r"5 t^4", "off by one", r"5 t^5"),
    # signs
    (XY, [], r"(x-y)^2", r"x^2 - 2xy + y^2", "sign", r"x^2 + 2xy + y^2"),
    (XY, [], r"(x-y)(x+y)", r"x^2 - y^2", "sign", r"x^2 + y^2"),
    (XY, [], r"(x+y)^3", r"x^3 + 3x^2y + 3xy^2 + y^3", "sign", r"x^3 + 3x^2y - 3xy^2 + y^3"),
    (T, [], r"\frac{d}{dt} \cos t", r"-\sin t", "sign", r"\sin t"),
    (T, [], r"\frac{d}{dt} e^{-t}", r"-e^{-t}", "sign", r"e^{-t}"),
    (T, [], r"\frac{d}{dt} e^{-t}", r"-e^{-t}", "sign", r"-e^{t}"),
    (AN, ["a \\ne 1"], r"\sum_{k=0}^{L-1} a^k", r"\frac{1-a^L}{1-a}", "sign", r"\frac{1+a^L}{1-a}"),
    (N, [], r"\sum_{k=0}^{2n} (-1)^k", r"1", "off by one", r"<\sum_{k=0}^{2n+1} (-1)^k"),
    (T, ["t \\ne 0"], r"\frac{d}{dt} \frac{1}{t}", r"-\frac{1}{t^2}", "sign", r"\frac{1}{t^2}"),
    (T, ["a \\ne 0"], r"a^{-2} a^{3}", "a", "sign", r"a^{-1}"),
    # lost terms
    ({**N, "x": "array[n]"}, [], r"\sum_{i=1}^{n} (x_i+1)^2", r"\sum_{i=1}^{n} x_i^2 + 2\sum_{i=1}^{n} x_i + n", "term", r"\sum_{i=1}^{n} x_i^2 + 2\sum_{i=1}^{n} x_i"),
    ({**N, "T": "size", "x": "array[n]"}, [], r"\sum_{i=1}^{n} x_i + (99/100)^T", r"\sum_{i=1}^{n} x_i + (99/100)^T", "term", r"\sum_{i=1}^{n} x_i"),
    (XY, ["x > 0"], r"\frac{d}{dx} (x^2 \log x)", r"2 x \log x + x", "term", r"2 x \log x"),
    (M, [], r"(A+B)(A+B)", r"A A + A B + B A + B B", "term", r"A A + A B + B B"),
    (XY, [], r"(x+y)^3", r"x^3 + 3x^2y + 3xy^2 + y^3", "term", r"x^3 + 3x^2y + y^3"),
    # factors, exponents, roots
    (N, [], r"\sum_{k=1}^{n} k", r"\frac{n(n+1)}{2}", "factor", r"n(n+1)"),
    (N, [], r"\sum_{k=1}^{n} k^2", r"\frac{n(n+1)(2n+1)}{6}", "factor", r"\frac{n(n+1)(2n+1)}{3}"),
    (XY, [], r"(x+y)^2", r"x^2 + 2xy + y^2", "factor", r"x^2 + xy + y^2"),
    (AN, ["a \\ne 1", "a \\ne 0"], r"\sum_{k=0}^{L-1} a^{n-k}", r"a^{n-L+1} \frac{1-a^L}{1-a}", ("factor", "term"), r"a^n \frac{1-a^L}{1-a}"),
    (T, [], r"\frac{d}{dt} t^3", r"3t^2", ("factor",), r"t^2"),
    (N, [], r"\sum_{k=1}^{n} k^3", r"\frac{n^2(n+1)^2}{4}", "exponent", r"\frac{n^2(n+1)}{4}"),
    (N, [], r"\sum_{k=1}^{n} k^3", r"\left(\frac{n(n+1)}{2}\right)^2", "exponent", r"\frac{n(n+1)}{2}"),
    (X, [], r"\|x\|_2", r"\sqrt{\sum_{k=1}^{n} x_k^2}", "root", r"\sum_{k=1}^{n} x_k^2"),
    (X, [], r"\|x\|_2^2", r"\sum_{k=1}^{n} x_k^2", "root", r"\sqrt{\sum_{k=1}^{n} x_k^2}"),
    (N, [], r"n \cdot (n-1)!", r"n!", ("factorial", "off by one"), r"n"),
    (AN, ["a \\ne 1"], r"\sum_{k=1}^{n} k a^{k-1}", r"\frac{1 - (n+1) a^n + n a^{n+1}}{(1-a)^2}", "exponent", r"\frac{1 - (n+1) a^n + n a^{n+1}}{1-a}"),
    (X, [], r"\frac{\partial}{\partial x_i} \sum_{k=1}^{n} x_k^2", r"2 x_i", "factor", r"x_i"),
    (X, [], r"\frac{\partial}{\partial x_i} \frac{1}{n}\sum_{k=1}^{n} (x_k - y_k)^2", r"\frac{2}{n} (x_i - y_i)", "factor", r"2 (x_i - y_i)"),
    (T, [], r"\frac{d}{dt} \sin(a t)", r"a \cos(a t)", ("factor",), r"\cos(a t)"),
    (T, [], r"\frac{d}{dt} (a t + b)^3", r"3 a (a t + b)^2", ("factor",), r"3 (a t + b)^2"),
    (T, [], r"\frac{d}{dt} e^{t^2}", r"2 t e^{t^2}", ("factor",), r"2 e^{t^2}"),
    # matrices
    (M, [], r"(A B)^\top", r"B^\top A^\top", "swapped factors", r"A^\top B^\top"),
    (M, [], r"\operatorname{tr}(A B^\top)", r"\sum_{i=1}^{n}\sum_{j=1}^{n} A_{ij} B_{ij}", "swapped indices", r"\sum_{i=1}^{n}\sum_{j=1}^{n} A_{ij} B_{ji}"),
    (M, [], r"(A B C)^\top", r"C^\top B^\top A^\top", "swapped factors", r"A^\top B^\top C^\top"),
    (M, [], r"x^\top A y", r"y^\top A^\top x", "transpose", r"y^\top A x"),
    (M, [], r"(A^\top)^\top", r"A", "transpose", r"A^\top"),
    (M, [], r"\operatorname{tr}(A B)", r"\sum_{i=1}^{n}\sum_{j=1}^{n} A_{ij} B_{ji}", "swapped indices", r"\sum_{i=1}^{n}\sum_{j=1}^{n} A_{ij} B_{ij}"),
    (M, [], r"\nabla_x (x^\top A x)", r"(A + A^\top) x", ("transpose",), r"(A + A) x"),
    (M, [], r"A(B + C)", r"AB + AC", "swapped factors", r"BA + AC"),
    ({**M, "i": "index of x"}, [], r"(A x)_i", r"\sum_{j=1}^{n} A_{ij} x_j", "swapped indices", r"\sum_{j=1}^{n} A_{ji} x_j"),
    ({**M, "i": "index of x"}, [], r"(A x)_i", r"\sum_{j=1}^{n} A_{ij} x_j", "index", r"\sum_{j=1}^{n} A_{ij} x_i"),
    ({**W}, [], r"\nabla_x (g^\top W x)", r"W^\top g", "transpose", r"W g"),
    ({**W}, [], r"\nabla_W (g^\top W x)", r"g x^\top", "convention", r"x g^\top"),
    # indices and sizes
    (X, [], r"\frac{\partial}{\partial x_i} \sum_{k=1}^{n} x_k y_k", r"y_i", "index", r"y_j"),
    (X, [], r"\sum_{k=1}^{n} \sum_{l=1}^{n} x_k y_l", r"\left(\sum_{k=1}^{n} x_k\right)\left(\sum_{l=1}^{n} y_l\right)", ("name", "index"), r"\left(\sum_{k=1}^{n} x_k\right)\left(\sum_{l=1}^{n} x_l\right)"),
    (NL, [], r"\sum_{k=1}^{n} \sum_{l=1}^{L} k", r"\frac{L n(n+1)}{2}", "size", r"\frac{L L(n+1)}{2}"),
    (NL, [], r"\sum_{k=1}^{n} \sum_{l=1}^{L} 1", r"n L", ("size", "exponent"), r"n n"),
    ({"d_in": "size", "d_out": "size", "s": "positive", "W": "random matrix[d_out, d_in], mean 0, variance s^2, independent entries"}, [],
     r"\mathbb{E}\left[\sum_{i=1}^{d_{out}} \sum_{j=1}^{d_{in}} W_{ij}^2\right]", r"d_{out} d_{in} s^2", ("size", "exponent"), r"d_{in} d_{in} s^2"),
    ({"d_in": "size", "d_out": "size", "s": "positive", "W": "random matrix[d_out, d_in], mean 0, variance s^2, independent entries"}, [],
     r"\operatorname{Var}\left(\sum_{j=1}^{d_{in}} W_{1j}\right)", r"d_{in} s^2", "size", r"d_{out} s^2"),
    # rounding
    (NK, [], r"\left\lceil \frac{n}{s} \right\rceil", r"\left\lfloor \frac{n-1}{s} \right\rfloor + 1", "floor", r"\left\lfloor \frac{n}{s} \right\rfloor + 1"),
    (NK, ["n \\ge k"], r"\left|\{ t \in \mathbb{Z} : 0 \le t, s t + k \le n \}\right|", r"\left\lfloor \frac{n-k}{s} \right\rfloor + 1", "floor", r"\left\lfloor \frac{n-k+1}{s} \right\rfloor"),
    (NK, ["n \\ge k"], r"\left|\{ t \in \mathbb{Z} : 0 \le t, s t + k \le n \}\right|", r"\left\lfloor \frac{n-k}{s} \right\rfloor + 1", ("floor", "off by one"), r"\left\lfloor \frac{n-k}{s} \right\rfloor"),
    (NK, ["n \\ge k"], r"\left|\{ t \in \mathbb{Z} : 0 \le t, s t + k \le n \}\right|", r"\left\lfloor \frac{n-k}{s} \right\rfloor + 1", "floor", r"\left\lceil \frac{n-k}{s} \right\rceil + 1"),
    (NK, [], r"\left\lfloor \frac{n}{2} \right\rfloor + \left\lceil \frac{n}{2} \right\rceil", r"n", "floor", r"<\left\lfloor \frac{n}{2} \right\rfloor + \left\lfloor \frac{n}{2} \right\rfloor"),
    (NK, [], r"\left\lfloor \frac{n+n}{s} \right\rfloor", r"\left\lfloor \frac{2n}{s} \right\rfloor", "rounding", r"2 \left\lfloor \frac{n}{s} \right\rfloor"),
    # bounds, strictness, extrema
    (XY, [], r"|x+y|", r"|x| + |y|", "bound", r"=|x| + |y|"),
    (XY, [], r"x^2 + y^2", r"2xy", "bound", r"=2xy"),
    (XY, [], r"2xy", r"x^2 + y^2", "strict", r"2|x||y| < x^2 + y^2"),
    (X, [], r"\left(\sum_{k=1}^{n} x_k\right)^2", r"n \sum_{k=1}^{n} x_k^2", "bound", r"=n \sum_{k=1}^{n} x_k^2"),
    (X, [], r"\max_{1 \le k \le n} (-x_k)", r"-\min_{1 \le k \le n} x_k", "extremum", r"-\max_{1 \le k \le n} x_k"),
    (XY, [], r"\min(x, y)", r"\frac{x + y - |x-y|}{2}", "sign", r"\frac{x + y + |x-y|}{2}"),
    (XY, [], r"\max(x, y) + \min(x, y)", r"x + y", ("extremum", "function"), r"<\max(x, y) + \max(x, y)"),
    (NL, [], r"\sum_{k=1}^{L} [k \le n]", r"\min(n, L)", ("extremum", "function"), r"\max(n, L)"),
    (NL, [], r"\sum_{k=n+1}^{L} 1", r"\max(0, L-n)", "case", r"L-n"),
    (N, [], r"\prod_{k=1}^{n} k", r"n!", "sum and product", r"<\sum_{k=1}^{n} k"),
    # moments
    (R, [], r"\mathbb{E}\left[\sum_{k=1}^{n} x_k^2\right]", r"n(\sigma^2 + \mu^2)", "moment", r"n \sigma^2"),
    (R, [], r"\operatorname{Var}\left(\sum_{k=1}^{n} x_k\right)", r"n\sigma^2", "moment", r"n(\sigma^2 + \mu^2)"),
    (R, [], r"\operatorname{Var}\left(\frac{1}{n}\sum_{k=1}^{n} x_k\right)", r"\frac{\sigma^2}{n}", ("factor", "exponent"), r"\sigma^2"),
    (R, [], r"\operatorname{Var}\left(2 x_1\right)", r"4\sigma^2", "factor", r"2\sigma^2"),
    ({**N, "x": "random array[n], mean mu, variance sigma^2", "mu": "real", "sigma": "positive"}, [], r"\operatorname{Var}\left(\sum_{k=1}^{n} x_k\right)", r"n\sigma^2", "hypothesis", r"n\sigma^2"),
    ({"X": "random real, mean 0, variance 1", "Y": "random real, mean 0, variance 1"}, [], r"\operatorname{Var}(X + Y)", "2", "hypothesis", "2"),
    # hypotheses
    (AN, [], r"\sum_{k=0}^{L-1} a^k", r"\frac{1-a^L}{1-a}", "hypothesis", r"\frac{1-a^L}{1-a}"),
    (XY, [], r"\frac{x y}{x}", r"y", "hypothesis", r"y"),
    (NL, [], r"\sum_{k=L}^{n} 1", r"n - L + 1", ("hypothesis", "case"), r"n - L + 1"),
    (XY, [], r"\sqrt{x^2}", r"x", "hypothesis", r"x"),
    (M, [], r"x^\top A y", r"y^\top A x", ("transpose",), r"y^\top A x"),
    # logarithms, means, cases, origins, flips
    ({"x": "positive"}, [], r"\frac{d}{dx} \ln x", r"\frac{1}{x}", "log base", r"<\frac{d}{dx} \log_2 x"),
    ({"x": "positive", "y": "positive"}, [], r"\frac{2}{\frac{1}{x} + \frac{1}{y}}", r"\frac{2xy}{x+y}", ("mean", "factor"), r"\frac{xy}{x+y}"),
    ({"x": "positive", "y": "positive"}, [], r"\frac{2xy}{x+y}", r"\frac{2}{\frac{1}{x} + \frac{1}{y}}", "mean", r"\frac{x+y}{2}"),
    ({"x": "positive", "y": "positive"}, [], r"\frac{1}{x/y}", r"\frac{y}{x}", "upside down", r"\frac{x}{y}"),
    (XY, [], r"|x|", r"\begin{cases} x & x \ge 0 \\ -x & x < 0 \end{cases}", ("case", "strict"), r"\begin{cases} -x & x \ge 0 \\ x & x < 0 \end{cases}"),
    (XY, [], r"\max(0, x)", r"\frac{x + |x|}{2}", "sign", r"\frac{x - |x|}{2}"),
    ({**N, "x": "array[n] from 0"}, [], r"\sum_{k=0}^{n-1} x_k", r"\sum_{k=1}^{n} x_{k-1}", ("origin", "off by one"), r"\sum_{k=0}^{n-1} x_{k-1}"),
    (X, [], r"\sum_{k=1}^{n} x_k", r"\sum_{k=1}^{n} x_{n+1-k}", ("off by one", "flip"), r"\sum_{k=1}^{n} x_{n-k}"),
    (H, [], r"(x * h)[n]", r"\sum_{k=0}^{K-1} h_k x_{n-k}", "flip", r"\sum_{k=0}^{K-1} h_k x_{n+k}"),
    (H, [], r"\sum_{k=0}^{K-1} h_k x_{n-k}", r"\sum_{k=0}^{K-1} h_{K-1-k} x_{n-K+1+k}", ("flip", "index", "off by one"), r"\sum_{k=0}^{K-1} h_{k} x_{n-K+1+k}"),
]  # fmt: skip

# Claims that are wrong beyond one slip.
WRONG = [
    (N, [], r"\sum_{k=1}^{n} k^2", r"\frac{n(n-1)(n+3)}{7}"),
    (AN, ["a \\ne 1"], r"\sum_{k=0}^{L-1} a^k", r"\frac{1+a^{L-2}}{2-a}"),
    (XY, [], r"(x+y)^3", r"x^3 + y^3"),
    (N, [], r"\sum_{k=1}^{n} k^3", r"2^n + n"),
    (M, [], r"(A B C)^\top", r"A B"),
    (M, [], r"\operatorname{tr}(A B)", r"\operatorname{tr}(A) + 5"),
    (X, [], r"\sum_{k=1}^{n} x_k", r"x_1 x_n"),
    (NK, ["n \\ge k"], r"\left|\{ t \in \mathbb{Z} : 0 \le t, s t + k \le n \}\right|", r"\left\lfloor \frac{n+k}{2s} \right\rfloor - 3"),
    (R, [], r"\operatorname{Var}\left(\sum_{k=1}^{n} x_k\right)", r"\mu^3 + n"),
    (T, [], r"\frac{d}{dt} t^3", r"\sin(t) + 3"),
    (XY, [], r"x^2 - y^2", r"(x - 2y)(x + 3y)"),
    (X, [], r"\frac{1}{n}\sum_{k=1}^{n} x_k", r"x_1"),
    (X, [], r"\max_{1 \le k \le n} x_k", r"\sum_{k=1}^{n} x_k^2 + 1"),
]  # fmt: skip

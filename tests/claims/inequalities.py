# ruff: noqa: E501  (one claim a line)
r"""Inequalities that fail only at numbers of a certain size: (symbols, hypotheses, left, right), all claimed with `<=`."""

P = {"x": "real"}
XY = {"x": "real", "y": "real"}
XYZ = {**XY, "z": "real"}
N = {"n": "size", "x": "array[n]", "y": "array[n]"}
M = {"n": "size", "m": "size", "p": "size", "A": "matrix[m,n]", "B": "matrix[n,p]", "x": "vector[n]"}
Z = {"K": "size", "z": "array[K]", "i": "index of z", "j": "index of z"}
A = {"a": "real", "n": "size"}
S = {"s": "positive", "L": "positive"}

NEARLY = [
    (P, ["x>0"], "x", r"x^2+\frac{6}{25}"),
    (P, ["x>0"], "x e^{-x}", r"\frac{9}{25}"),
    (P, ["x>0"], "x^2 e^{-x}", r"\frac{27}{50}"),
    (P, ["x>0"], "x^3 e^{-x}", r"\frac{134}{100}"),
    (P, ["x>0"], r"\sqrt{x}", r"\frac{x+0.97}{2}"),
    (P, [], r"\frac{x}{1+x^2}", r"\frac{49}{100}"),
    (P, [], r"\frac{6x}{9+x^2}", r"\frac{99}{100}"),
    (XY, [], "xy", r"\frac{x^2+y^2}{2.05}"),
    (XY, [], "xy", r"x^2 + \frac{y^2}{4.1}"),
    (XY, ["x>0", "y>0"], "xy", r"\frac{x^3}{3}+\frac{y^2}{2}+\frac{1}{10}"),
    (XYZ, [], "(x+y+z)^2", "2.9(x^2+y^2+z^2)"),
    (XYZ, [], "(x+2y+3z)^2", "13.8(x^2+y^2+z^2)"),
    (N, [], r"\left(\sum_{i=1}^n x_i y_i\right)^2", r"\frac{9}{10}\sum_{i=1}^n x_i^2 \sum_{i=1}^n y_i^2"),
    (N, [r"n \ge 2"], r"\left(\sum_{i=1}^n x_i\right)^2", r"(n-\frac{1}{10})\sum_{i=1}^n x_i^2"),
    (N, [], r"\sum_{i=1}^n |x_i|", r"n \sum_{i=1}^n x_i^2"),
    (N, [], r"\max_{1 \le i \le n} |x_i|", r"\sum_{i=1}^n x_i^2 + \frac{1}{5}"),
    (N, [], r"\sum_{i=1}^n x_i y_i", r"\sum_{i=1}^n (x_i^2+\frac{y_i^2}{5})"),
    (N, [r"x_i > 0 \ \forall i"], r"\sum_{i=1}^n x_i", r"n \left(\sum_{i=1}^n x_i^2\right) + \frac{1}{9}"),
    (N, [r"\sum_{i=1}^n x_i = 1", r"x_i \ge 0 \ \forall i"], r"-\sum_{i=1}^n x_i^2", r"-\frac{1}{n} - \frac{1}{100}"),
    (M, [], r"\|A\|_2", r"\sum_{i=1}^m \sum_{j=1}^n A_{ij}^2"),
    (M, [], r"\|A B\|_F", r"\frac{\|A\|_F^2+\|B\|_F^2}{3}"),
    (M, [], r"\|A x\|_2", r"\|A\|_F^2 \|x\|_2"),
    (M, [], r"\|A B\|_2", r"\frac{19}{20}\|A\|_2 \|B\|_2"),
    (M, [], r"\|A B\|_F", r"\|A\|_2^2 \|B\|_F + \frac{1}{10}"),
    (M, [r"n \ge 2", r"m \ge 2"], r"\|A\|_F", r"\sqrt{m - 1}\, \|A\|_2 + 3"),
    (Z, [], r"\log \sum_{k=1}^K e^{z_k}", r"\frac{1}{K}\sum_{k=1}^K z_k + 9"),
    (Z, [r"i \ne j"], r"\frac{e^{z_i}e^{z_j}}{\left(\sum_{k=1}^K e^{z_k}\right)^2}", r"\frac{6}{25}"),
    (A, ["0<a", "a<1"], "a^n (1-a^n)", r"\frac{24}{100}"),
    (S, [], "s(2 - sL)", r"\frac{9}{10 L}"),
    ({"n": "size"}, [], "100n", "n^2+2499"),
    ({"n": "size"}, [], "n^{10}", r"10^6 \cdot 2^n + 3"),
    ({"n": "size", "m": "size"}, [], "30(n+m)", "n^2+m^2+449"),
]

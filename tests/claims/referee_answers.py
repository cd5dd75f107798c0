"""Answers to the questions of the course as graders receive them: (declarations, formula, hypotheses and definitions).

`PROVED` are right; `WRONG` are not, and end with a piece of the sentence that names the slip, or nothing.
"""
# ruff: noqa: E501 - tables

_A = "n:integer >= 0; a:real; b:real; c:real"
_W = "d_o:size; d_i:size; c:real; mu:real; sigma:positive; W:random matrix[d_o,d_i], mean 0, variance 1, independent entries; x:random vector[d_i], mean mu, variance sigma^2, independent entries, independent of W; j:index of W axis 1; i:index of W axis 2"
_Y = r"let y_j = c \sum_{i=1}^{d_i} W_{ji} x_i"
_S = "N:size; w:array[N]; b:real; g:real"
_R = r"let B_{s+1} = (1-g) B_s + g w_{s+1}"
_P = "h:size; w:size; p_h:size; p_w:size"

PROVED = (
    # dots through all parts that are alike, so also where there are few of them
    (_A, r"1 + a + a^2 + \cdots + a^{n} = \frac{a^{n+1} - 1}{a - 1}", r"a \ne 1"),
    (_A, r"a^{n} + a^{n-1} b + \cdots + a b^{n-1} + b^{n} = \frac{a^{n+1}-b^{n+1}}{a-b}", r"a \ne b"),
    (_A, r"1 + 2a + 3a^2 + \cdots + (n+1) a^{n} = \frac{1 - (n+2) a^{n+1} + (n+1) a^{n+2}}{(1-a)^2}", r"a \ne 1"),
    (_A, r"c + a + a^2 + \cdots + a^{n} = c + a \frac{1-a^n}{1-a}", r"a \ne 1"),
    (_A, r"a^{n} + a^{n-1} + \cdots + a + 1 = \frac{1-a^{n+1}}{1-a}", r"a \ne 1", r"n \ge 1"),
    (_A, r"c(1 + a + \ldots + a^{n-1}) + a^n b = c\frac{1-a^n}{1-a} + b a^n", r"a \ne 1", r"n \ge 1"),
    (_A, r"1 + (1-a) + (1-a)^2 + \dots + (1-a)^{n} = \frac{1-(1-a)^{n+1}}{a}", r"a \ne 0"),
    (_A, r"1 + \frac{1}{2} + \frac14 + \dots + \frac{1}{2^n} = 2 - 2^{-n}"),
    (_A, r"a \cdot a^2 \cdots a^n = a^{n(n+1)/2}"),
    (_A, r"c b + c b a + c b a^2 + \dots + c b a^n = c b \sum_{k=0}^n a^k"),
    ("n:size; x:array[n]", r"x_1^2 + \cdots + x_n^2 = \sum_{k=1}^n x_k^2"),
    ("n:size", r"1 + 4 + \cdots + n^2 = \sum_{k=1}^n k^2"),
    # recursions that read an array of just the size that they run to
    (_S, r"B_N = (1-g)^{N} b + g\sum_{s=1}^{N} (1-g)^{N-s} w_s", r"g \ne 1", "let B_0 = b", _R),
    (_S, r"B_N = \frac{1}{N}\sum_{s=1}^{N} w_s", "let B_0 = 0", r"let B_{s+1} = \left(1-\frac{1}{s+1}\right) B_s + \frac{1}{s+1} w_{s+1}"),
    (_S, r"B_N = \prod_{s=1}^{N} w_s", "let B_0 = 1", "let B_{s+1} = B_s w_{s+1}"),
    (_S, r"B_N = \sum_{s=1}^{N} w_s", "let B_0 = 0", "let B_{s+1} = B_s + w_{s+1}"),
    (_S, r"\sum_{s=1}^{N} (1-g)^{N-s+1} w_s = (1-g) \sum_{s=1}^{N} (1-g)^{N-s} w_s"),
    # names, sets and tuples
    (_P, r"\sum_{i=1}^{o_h}\sum_{j=1}^{o_w} (p_h p_w - 1) = (h-p_h+1)(w-p_w+1)(p_h p_w - 1)", r"p_h \le h", r"p_w \le w", "let o_h = h - p_h + 1", "let o_w = w - p_w + 1"),
    (_A, r"\#\{ t \in \mathbb{N}_0 : t \le n \} = n + 1"),
    (_A, r"\#\{ t \in \mathbb{Z}_{\ge 0} : t \le n \} = n + 1"),
    (_A, r"\left|\{ t \in \mathbb{Z}_{>0} : t \le n \}\right| = n"),
    (_A, r"\left|\{ t \in \mathbb{N}_{\geq 1} : t \le n \}\right| = n"),
    (_A, "a/a = 1", r"a \in \mathbb{R}_{>0}"),
    ("N:size", r"\#\{ t \in \mathbb{N} : t < N \} = N"),
    ("", r"\left(\sum_{k=1}^{3} g_k f_{4-k},\; \sum_{k=1}^{3} g_k f_{5-k}\right) = (26, 30)", "let f = (5,6,7,8)", "let g = (3,0,1)"),
    # the variance of any y_j is one number
    (_W, r"\operatorname{Var}\!\left(y_j\right) = c^2 d_i \left(\sigma^2 + \mu^2\right)", _Y),
)  # fmt: skip

WRONG = (
    (_A, r"1 + a + a^2 + \cdots + a^{n} = \frac{a^{n} - 1}{a - 1}", r"a \ne 1", "exponent"),
    (_A, r"a^{n} + a^{n-1} b + \cdots + a b^{n-1} + b^{n} = \frac{a^{n}-b^{n}}{a-b}", r"a \ne b", ""),
    (_W, r"\operatorname{Var}\!\left(y_j\right) = c^2 d_i\, \sigma^2", _Y, "the mean square is wanted"),
    (_W, r"\operatorname{Var}\!\left[y_j\right] = c^2 d_o \left(\sigma^2 + \mu^2\right)", _Y, "should be d_{i}, not d_{o}"),
    (_W, r"\operatorname{Var}\!\left[y_j\right] = c d_i \left(\sigma^2 + \mu^2\right)", _Y, "the factor c is missing"),
    (_W, r"\frac{1}{c\sqrt{d_o d_i}} = \sqrt{d_o}", r"c = \frac{1}{\sqrt{d_i}}", "upside down"),
    (_S, r"B_N = (1-g)^{N} b + \sum_{s=1}^{N} (1-g)^{N-s} w_s", "let B_0 = b", _R, ""),
    (_S, r"B_N = \sum_{s=1}^{N-1} w_s", "let B_0 = 0", "let B_{s+1} = B_s + w_{s+1}", ""),
    (_S, r"B_{N+1} = \sum_{s=1}^{N} w_s", "let B_0 = 0", "let B_{s+1} = B_s + w_{s+1}", ""),
    (_S, r"\sum_{s=1}^{N} (1-g)^{N-s+1} w_s = (1+g) \sum_{s=1}^{N} (1-g)^{N-s} w_s", ""),
    (_S, r"\sum_{s=1}^{N} g^{N-s-1} w_s = \frac{1}{g} \sum_{s=1}^{N} g^{N-s} w_s", ""),
    (_A, r"\left|\{ t \in \mathbb{Z}^{+} : t \le n \}\right| = n + 1", ""),
    (_A, "a/a = 1", r"a \in \mathbb{R}_{\ge 0}", ""),
    ("", r"\sum_{k=1}^{3} g_k f_{6-k} = 30", "let f = (5,6,7,8)", "let g = (3,0,1)", ""),
)  # fmt: skip

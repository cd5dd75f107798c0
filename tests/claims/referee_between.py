"""More rows for the referee: what fails between the points that are drawn, at large sizes or at few points alone."""


_M = "n:size; A:matrix[n,n]; B:matrix[n,n]; C:matrix[n,n]; D:matrix[n,n]; x:vector[n]; y:vector[n]"
_XY = "X:random real, mean 0, variance 1; Y:random real, mean 0, variance 1"

FALSE = (
    # at irrational numbers alone
    ("a:real", r"a^2 \ne 2"),
    ("a:real", r"(a^2-2)^2 > 0"),
    ("a:real", r"[a^2 = 2] = 0"),
    ("x:real", r"[x^2 > 2] = [x^2 \ge 2]"),
    ("x:real; y:real", r"x^2+y^2 \ne 3"),
    ("x:real", r"\sin x < 1"),
    ("x:real", r"\frac{d}{dx} |x^2-2| = 2x \operatorname{sign}(x^2-2)"),
    ("a:real; b:real", r"a b < \frac12", r"a^2 + b^2 = 1"),
    # at numbers that nobody draws
    ("x:real; y:real", r"[3x > 5y + \frac{1}{7}] = [3 x \ge 5y + \frac17]"),
    ("n:size; x:array[n]; t:real", r"\sum_{i=1}^n [x_i > t + \frac17] = \sum_{i=1}^n [x_i \ge t + \frac17]"),
    ("n:integer; m:integer", r"n^2 - 61m^2 \ne 1", r"n \ge 2", r"m \ge 1"),  # 1766319049, 226153980
    ("n:integer; m:integer", r"n \le 20", "n^2 = 2m^2 + 1"),  # 99, 70
    ("n:integer; m:integer", r"7n = 11 m \implies n = 0"),
    ("x:real", r"x > 1 \implies x^3 > x^2 + \frac{x}{10}"),
    # at large sizes
    ("n:size; x:array[n] of nonnegative", r"\sum_i x_i \le 15 \max_i x_i"),
    ("n:size; A:matrix[n,n]", r"\operatorname{tr}(A) \le 4\|A\|_F"),
    ("n:size", r"n^{20} \ge 2^n - 1"),
    ("n:integer >= 1", r"n \le 10^7"),
    # premises that are met by zeros, and by few others
    (_M, r"A B = 0 \implies A = 0 \lor B = 0"),
    (_M, r"A x = 0 \implies x = 0"),
    # equations of which few solutions are drawn
    ("n:size; Q:matrix[n,n]", r"Q^\top = Q", r"Q^\top Q = I"),
    ("n:size; x:array[n]", r"\sum_i x_i^2 \le 1", r"\sum_i x_i = 1"),
    ("n:size; x:array[n]", r"\sum_i x_i \le 1", r"\sum_i x_i^2 = 1"),
    ("n:size; x:array[n] of nonnegative", r"\max_i x_i > \frac1n", r"\sum_i x_i = 1", r"n \ge 2"),
    # random entries that are not stated to be independent, and what is no probability
    ("p:real; n:size; X:random array[n], Bernoulli(p)", r"\operatorname{Var}(\sum_i X_i) = n p(1-p)", r"0 \le p \le 1"),
    ("n:size; X:random array[n], signs", r"\operatorname{Var}(\sum_i X_i) = n"),
    ("p:real; X:random real, Bernoulli(p)", r"\mathbb{E}[X] = p"),
    # derivatives at jumps
    ("x:real", r"\frac{d}{dx} \lfloor x \rfloor = 0"),
    ("x:real", r"\frac{d}{dx} (x \bmod 1) = 1"),
    ("x:real", r"\frac{d}{dx} \operatorname{sign}(x) = 0"),
    ("n:integer", r"(-1)^{n/2} = 1"),
    (_M, r"x \odot A y = A (x \odot y)"),
    (_XY, r"\operatorname{Var}(X - Y) > 0"),
    (_XY, r"\operatorname{Cov}(X, Y) < 1"),
    ("n:integer >= 2; T:matrix[n,n]", "T_{11} = 0", r"T_{ij} = 0 \text{ for } 1 \le j < i \le n"),
)

TRUE = (
    ("n:integer >= 2; T:matrix[n,n]", "T_{n1} = 0", r"T_{ij} = 0 \text{ for } 1 \le j < i \le n"),
    (_M, r"x \odot A y = \operatorname{diag}(x) A y"),
    (_M, r"(x \odot A y)_1 = x_1 (A y)_1"),
    (_M, r"(A \otimes B)(C \otimes D) = AC \otimes BD"),
    (_M, r"A B \odot C = C \odot A B"),
    ("L:integer; A:size; B:size", r"(L \bmod AB) \bmod B = L \bmod B"),
    ("n:integer", r"(-1)^{\lfloor n/2 \rfloor} = (-1)^{n(n-1)/2}"),
    ("n:size; x:array[n] of signs", r"\prod_i x_i = (-1)^{\sum_i [x_i = -1]}"),
    ("n:size; x:array[n] of bits", r"(-1)^{\sum_i x_i} = \prod_i (1 - 2x_i)"),
    ("x:real", r"\frac{d}{dx} x|x| = 2|x|"),
    ("x:real", r"\frac{d}{dx} \max(0,x)^2 = 2\max(0,x)"),
)

"""Indicators, derivatives, entries and whole-array notation, printed: every expectation was written by hand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import product

import pytest
from sympy import Add, Basic, Expr, Integer, Mod, Mul, Pow, Rational, exp, floor, log

from derive.errors import CannotPrint
from derive.language import (
    Array,
    Entry,
    IndexSum,
    Indicator,
    Partial,
    all_of,
    any_of,
    array,
    between,
    eq,
    ge,
    integer,
    lt,
    ne,
    real,
    signal,
    subterms,
)
from derive.language.balls import digits_of, root
from derive.language.forms import FORMS, Form, of
from derive.language.maps import Applied, Image
from derive.render import html, order
from derive.render.document import Aligned, Document, Equation, Line, Paragraph, Result
from derive.render.latex import write
from derive.render.pdf import compile_pdf, find_engine
from derive.render.tex import MARKDOWN, MATHML, PDF, latex
from derive.render.text import plain

a, s = real("a"), real("s")
d, h, i, j, k, l, m, n, K = (integer(name) for name in ("d", "h", "i", "j", "k", "l", "m", "n", "K"))  # noqa: E741
g, p, y, z = (array(name, (1, n)) for name in "gpyz")
w, x = (array(name, (1, n), outside="zero") for name in "wx")
A, B, C = (array(name, (1, n), (1, n)) for name in "ABC")
X, W = array("X", (1, m), (1, n), outside="zero"), array("W", (1, k), (1, l))
L, X0, H0 = Array("L", (), "error"), signal("x", 0, n), signal("h", 0, k)


def delta(left: object, right: object) -> Indicator:
    """1 where the two are equal."""
    return Indicator(eq(left, right))


INDICATORS = [
    (delta(i, j), r"\delta_{ij}", "δ_ij"),
    (delta(1, j), r"\delta_{1j}", "δ_1j"),
    (delta(integer("k'"), j), r"\delta_{k'j}", "δ[k',j]"),
    (delta(i + j - 1, n), r"\delta_{i+j-1,n}", "δ[i+j-1,n]"),
    (delta(i, d * j), r"\delta_{i,dj}", "δ[i,d·j]"),
    (delta(12, j), r"\delta_{12,j}", "δ[12,j]"),
    (Indicator(all_of(eq(i, j), eq(k, l + 1))), r"\delta_{ij}\delta_{k,l+1}", "δ_ij·δ[k,l+1]"),
    (Indicator(between(0, n - i, k)), r"\mathbf 1[0\le n-i\le k]", "1[0 ≤ n - i ≤ k]"),
    (Indicator(all_of(ge(i, 1), eq(i, j))), r"\mathbf 1[i\ge 1,\ i=j]", "1[i ≥ 1, i = j]"),
    (Indicator(eq(Mod(n - i, d), 0)), r"\mathbf 1[d\mid n-i]", "1[d | n - i]"),
    (Indicator(any_of(lt(n, 0), ge(n, k))), r"\mathbf 1[n<0\text{ or }n\ge k]", "1[n < 0 or n ≥ k]"),
    (delta(floor(n / 2), i), r"\mathbf 1\left[\left\lfloor \frac{n}{2}\right\rfloor=i\right]", "1[⌊n/2⌋ = i]"),
    (delta(a, 1), r"\mathbf 1[a=1]", "1[a = 1]"),
    (delta(n - i + j - k + 1, l), r"\mathbf 1[j+n-i-k+1=l]", "1[j + n - i - k + 1 = l]"),
]
E_SUM = IndexSum(exp(z[k]), k, 1, n)
DERIVATIVES = [
    (Partial(y[i], x[j]), r"\frac{\partial y_i}{\partial x_j}", "∂y_i/∂x_j"),
    (Partial(L[()], W[i, j]), r"\frac{\partial L}{\partial W_{ij}}", "∂L/∂W_ij"),
    (Partial(s, x[n - i + 1]), r"\frac{\partial s}{\partial x_{n-i+1}}", "∂s/∂x[n-i+1]"),
    (Partial(Partial(p[i], z[j]), z[k]), r"\frac{\partial^2p_i}{\partial z_k\,\partial z_j}", "∂^2 p_i/∂z_k∂z_j"),
    (Partial(Partial(p[i], z[j]), z[j]), r"\frac{\partial^2p_i}{\partial z_j^2}", "∂^2 p_i/∂z_j^2"),
    (Partial(exp(z[i]), z[j]), r"\frac{\partial e^{z_i}}{\partial z_j}", "∂e^z_i/∂z_j"),
    (Partial(log(p[i]), z[j]), r"\frac{\partial\log(p_i)}{\partial z_j}", "∂log(p_i)/∂z_j"),
    (Partial(y[i] ** 2, x[j]), r"\frac{\partial y_i^2}{\partial x_j}", "∂y_i^2/∂x_j"),
    (Partial(w[k] * x[i], x[j]), r"\frac{\partial}{\partial x_j}\Bigl(w_k\,x_i\Bigr)", "∂/∂x_j (w_k·x_i)"),
    (Partial(-x[i], x[j]), r"\frac{\partial}{\partial x_j}\Bigl(-x_i\Bigr)", "∂/∂x_j (-x_i)"),
    (Partial(IndexSum(x[k], k, 1, K), x[j]), r"\frac{\partial}{\partial x_j}\sum_{k=1}^Kx_k", "∂/∂x_j Σ_{k=1..K} x_k"),
    (Partial(x[i] + E_SUM, x[j]), r"\frac{\partial}{\partial x_j}\left(x_i+\sum_{k=1}^ne^{z_k}\right)",
     "∂/∂x_j (x_i + Σ_{k=1..n} e^z_k)"),
    (Partial(exp(z[i]) / s, z[j]), r"\frac{\partial}{\partial z_j}\frac{e^{z_i}}{s}", "∂/∂z_j (e^z_i/s)"),
    (Partial(-exp(z[i]) / s, z[j]), r"\frac{\partial}{\partial z_j}\left(-\frac{e^{z_i}}{s}\right)",
     "∂/∂z_j (-e^z_i/s)"),
    (Partial(Partial(x[1] * x[2], x[i]), x[j]),
     r"\frac{\partial^2}{\partial x_j\,\partial x_i}\Bigl(x_1\,x_2\Bigr)", "∂^2/∂x_j∂x_i (x_1·x_2)"),
    (a ** Partial(y[i], x[j]), r"a^{\partial y_i/\partial x_j}", "a^(∂y_i/∂x_j)"),
    (Partial(y[i], w[j]) ** 2, r"\left(\frac{\partial y_i}{\partial w_j}\right)^2", "(∂y_i/∂w_j)^2"),
    (Partial(X0[i], X0[n - 1]), r"\frac{\partial x[i]}{\partial x[n-1]}", "∂x[i]/∂x[n-1]"),
]
PRODUCTS = [
    (2 * (y[i] - z[i]), r"2(y_i-z_i)", "2·(y_i - z_i)"),
    (a * (3 * y[i] - 3 * z[i]), r"3a(y_i-z_i)", "3a·(y_i - z_i)"),
    (2 * y[i] - z[i], r"2\,y_i-z_i", "2y_i - z_i"),
    (a * (y[i] - z[i] / n) / s, r"\frac{a}{s}\left(y_i-\frac{z_i}{n}\right)", "a/s·(y_i - z_i/n)"),
    (
        g[i] * (y[j] * Partial(y[i], x[j]) + z[i]) / 2,
        r"\frac{g_i}{2}\left(y_j\,\frac{\partial y_i}{\partial x_j}+z_i\right)",
        "g_i/2·(y_j·∂y_i/∂x_j + z_i)",
    ),
    (IndexSum(g[i] * Partial(y[i], w[j]), i, 1, m), r"\sum_{i=1}^mg_i\,\frac{\partial y_i}{\partial w_j}",
     "Σ_{i=1..m} g_i·∂y_i/∂w_j"),
    (w[j] * delta(i + j - 1, n), r"w_j\,\delta_{i+j-1,n}", "w_j·δ[i+j-1,n]"),
    (w[j] * Indicator(between(1, j, k)) * a, r"a\,w_j\,\mathbf 1[1\le j\le k]", "a·w_j·1[1 ≤ j ≤ k]"),
    (p[i] * (delta(i, j) - p[j]), r"p_i(\delta_{ij}-p_j)", "p_i·(δ_ij - p_j)"),
    (delta(i, j) * p[i] - p[i] * p[j], r"\delta_{ij}\,p_i-p_i\,p_j", "δ_ij·p_i - p_i·p_j"),
    (p[j] - delta(i, j) * p[i], r"p_j-\delta_{ij}\,p_i", "p_j - δ_ij·p_i"),
    (p[i] + delta(i, j), r"\delta_{ij}+p_i", "δ_ij + p_i"),
    (1 - delta(i, j), r"1-\delta_{ij}", "1 - δ_ij"),
    (2 * delta(i, j) * p[i] - p[j], r"2\delta_{ij}\,p_i-p_j", "2δ_ij·p_i - p_j"),
    ((delta(i, j) * s - exp(z[j])) / s**2, r"\frac{\delta_{ij}s-e^{z_j}}{s^2}", "(δ_ij·s - e^z_j)/s^2"),
    (delta(i, j) * exp(z[i]) / s, r"\frac{e^{z_i}}{s}\,\delta_{ij}", "e^z_i/s·δ_ij"),
    (delta(i, j) * exp(z[i]) / s - p[i] * p[j], r"\delta_{ij}\frac{e^{z_i}}{s}-p_i\,p_j", "δ_ij·e^z_i/s - p_i·p_j"),
    (delta(i, j) / s, r"\frac{\delta_{ij}}{s}", "δ_ij/s"),
    (delta(i, j) / 2, r"\frac{\delta_{ij}}{2}", "δ_ij/2"),
    (Indicator(ge(i, j)) / s, r"\frac{1}{s}\,\mathbf 1[i\ge j]", "1/s·1[i ≥ j]"),
    (exp(z[i]) * Partial(s, z[j]) / s**2, r"\frac{e^{z_i}}{s^2}\,\frac{\partial s}{\partial z_j}",
     "e^z_i/s^2·∂s/∂z_j"),
    (exp(z[i]) / E_SUM, r"\frac{e^{z_i}}{\sum_{k=1}^ne^{z_k}}", "e^z_i/(Σ_{k=1..n} e^z_k)"),
    (Mul(exp(z[i]), exp(z[j]), evaluate=False), r"e^{z_i}\,e^{z_j}", "e^z_i·e^z_j"),
    (g[i] * exp(z[i]) * a, r"a\,g_i\,e^{z_i}", "a·g_i·e^z_i"),
    ((y[i] - p[i]) * Partial(y[i], w[j]), r"(y_i-p_i)\,\frac{\partial y_i}{\partial w_j}", "(y_i - p_i)·∂y_i/∂w_j"),
    (x[1] * Partial(E_SUM, x[j]), r"x_1\,\frac{\partial}{\partial x_j}\sum_{k=1}^ne^{z_k}",
     "x_1·∂/∂x_j Σ_{k=1..n} e^z_k"),
    (Partial(E_SUM, x[j]) * IndexSum(x[k], k, 1, n),
     r"\left(\frac{\partial}{\partial x_j}\sum_{k=1}^ne^{z_k}\right)\sum_{k=1}^nx_k",
     "(∂/∂x_j Σ_{k=1..n} e^z_k)·Σ_{k=1..n} x_k"),
    (Partial(E_SUM, x[j]) + x[i], r"x_i+\frac{\partial}{\partial x_j}\sum_{k=1}^ne^{z_k}",
     "x_i + ∂/∂x_j Σ_{k=1..n} e^z_k"),
]
ENTRIES = [
    (A[i, j], r"A_{ij}", "A_ij"),
    (A[1, 2], r"A_{12}", "A_12"),
    (A[i + 1, j], r"A_{i+1,j}", "A[i+1,j]"),
    (A[integer("i'"), i], r"A_{i'i}", "A[i',i]"),
    (A[12, 1], r"A_{12,1}", "A[12,1]"),
    (A[integer("alpha"), i], r"A_{\alpha i}", "A_αi"),
    (x[n - i + 1], r"x_{n-i+1}", "x[n-i+1]"),
    (X0[n - i], r"x[n-i]", "x[n-i]"),
    (array("dw", (1, n))[j], r"dw_j", "dw_j"),
    (array("dY", (1, n), (1, n)), r"dY", "dY"),
    (array("dk_1", (1, n))[j], r"(dk_{1})_j", "dk_1[j]"),
    (array("k_1", (1, n))[j], r"(k_{1})_j", "k_1[j]"),
    (array("out", (1, n))[j], r"\mathrm{out}_j", "out_j"),
    (real("dw"), r"\mathrm{dw}", "dw"),
    (L[()], r"L", "L"),
    (a * L[()], r"a\,L", "a·L"),
]
TRACES = of("sum", of("trace", A), of("trace", B))
SQUARE = of("squared_norm", A)
QUADRATIC = array("M", (1, k), (1, k))
VECTOR = array("x", (1, k))
VALUES = Image("g", ((1, l),), VECTOR)
WHOLE = [
    (of("inverse", QUADRATIC)[k, l], r"(M^{-1})_{kl}", "(M⁻¹)_kl"),
    (of("transpose", of("inverse", QUADRATIC)), r"M^{-\top}", "M⁻ᵀ"),
    (of("inverse", of("transpose", QUADRATIC)), r"(M^{\top})^{-1}", "(Mᵀ)⁻¹"),
    (of("inverse", of("product", QUADRATIC, QUADRATIC)), r"(M\,M)^{-1}", "(M M)⁻¹"),
    (of("determinant", QUADRATIC)[()], r"\det(M)", "det(M)"),
    (of("rank", QUADRATIC)[()], r"\operatorname{rank}(M)", "rank(M)"),
    (VALUES[k], "g(x)_k", "g(x)_k"),
    (VALUES.derivative[k, l], r"\bigl(J_g(x)\bigr)_{kl}", "(J_g(x))_kl"),
    (Image("h", ((1, k),), VALUES).derivative, r"J_h\bigl(g(x)\bigr)", "J_h(g(x))"),
    (VALUES.derivative.derivative, "H_g(x)", "H_g(x)"),
    (VALUES.derivative.derivative.derivative[k, k, k, l], r"\bigl(D^{3}g(x)\bigr)_{kkkl}", "(D^3 g(x))_kkkl"),
    (Applied("f", 0, k), "f(k)", "f(k)"),
    (Applied("f", 2, k) * k, "kf''(k)", "k·f''(k)"),
    (Applied("f", 5, k + 1), "f^{(5)}(k+1)", "f^(5)(k + 1)"),
    (digits_of(-root(2, 2), 5), r"-1.4142\ldots", "-1.4142…"),
    (of("product", of("product", VECTOR, QUADRATIC), QUADRATIC), r"x^{\top}\,M\,M", "xᵀ M M"),
    (of("product", VECTOR, of("product", QUADRATIC, QUADRATIC)), r"x^{\top}\,(M\,M)", "xᵀ (M M)"),
    (of("product", A, B), r"A\,B", "A B"),
    (of("product", of("product", A, B), C), r"A\,B\,C", "A B C"),
    (of("product", A, of("product", B, C)), r"A\,(B\,C)", "A (B C)"),
    (of("product", A, x), r"A\,x", "A x"),
    (of("product", x, A), r"x^{\top}\,A", "xᵀ A"),
    (of("product", of("transpose", A), of("sum", A, B)), r"A^{\top}\,(A+B)", "Aᵀ (A + B)"),
    (of("transpose", A), r"A^{\top}", "Aᵀ"),
    (of("transpose", array("W'", (1, k), (1, l))), r"{W'}^{\top}", "W'ᵀ"),
    (of("transpose", of("transpose", A)), r"(A^{\top})^{\top}", "(Aᵀ)ᵀ"),
    (of("transpose", of("product", A, B)), r"(A\,B)^{\top}", "(A B)ᵀ"),
    (of("outer", x, w), r"x\,w^{\top}", "x wᵀ"),
    (of("outer", of("product", A, x), of("sum", x, w)), r"A\,x\,(x+w)^{\top}", "A x (x + w)ᵀ"),
    (of("product", A, of("outer", x, w)), r"A\,(x\,w^{\top})", "A (x wᵀ)"),
    (of("diagonal", p), r"\operatorname{Diag}(p)", "Diag(p)"),
    (of("difference", of("diagonal", p), of("outer", p, p)), r"\operatorname{Diag}(p)-p\,p^{\top}", "Diag(p) - p pᵀ"),
    (of("hadamard", A, B), r"A\odot B", "A ⊙ B"),
    (of("hadamard", of("hadamard", A, B), C), r"A\odot B\odot C", "A ⊙ B ⊙ C"),
    (of("hadamard", of("product", A, B), C), r"(A\,B)\odot C", "(A B) ⊙ C"),
    (of("product", of("hadamard", A, B), C), r"(A\odot B)\,C", "(A ⊙ B) C"),
    (of("sum", of("sum", A, B), C), r"A+B+C", "A + B + C"),
    (of("sum", A, of("sum", B, C)), r"A+(B+C)", "A + (B + C)"),
    (of("difference", A, of("sum", B, C)), r"A-(B+C)", "A - (B + C)"),
    (of("sum", A, of("hadamard", B, C)), r"A+B\odot C", "A + B ⊙ C"),
    (of("scaled", a, A), r"a\,A", "a A"),
    (of("scaled", 1 - a, A), r"(1-a)\,A", "(1 - a) A"),
    (of("scaled", -2 * a, of("sum", A, B)), r"-2a\,(A+B)", "-2a (A + B)"),
    (of("scaled", -1, A), r"-A", "-A"),
    (of("scaled", Pow(d, Rational(-1, 2)), of("product", A, B)), r"\frac{1}{\sqrt{d}}\,A\,B", "(1/√d) A B"),
    (of("scaled", 1 / n, A), r"\frac{1}{n}\,A", "(1/n) A"),
    (of("sum", A, of("scaled", -1, B)), r"A+(-B)", "A + (-B)"),
    (of("scaled", 2, of("product", A, B)), r"2\,A\,B", "2 A B"),
    (of("product", of("scaled", 2, A), B), r"(2\,A)\,B", "(2 A) B"),
    (of("product", array("dY", (1, n), (1, n)), of("transpose", A)), r"dY\,A^{\top}", "dY Aᵀ"),
    (of("identity", n), r"I_n", "I_n"),
    (of("identity", n + 1), r"I_{n+1}", "I[n+1]"),
    (of("ones", n), r"\mathbf 1", "ones"),
    (of("trace", of("product", A, B)), r"\operatorname{tr}(A\,B)", "tr(A B)"),
    (of("inner", A, B), r"\langle A,\,B\rangle", "⟨A, B⟩"),
    (of("squared_norm", of("difference", A, B)), r"\lVert A-B\rVert^2", "‖A - B‖^2"),
    (of("flip", of("sum", x, w)), r"\operatorname{flip}(x+w)", "flip(x + w)"),
    (of("correlation", X, W), r"X\star W", "X ⋆ W"),
    (of("convolution", X, W), r"X*W", "X * W"),
    (of("full_correlation", X, W), r"X\mathbin{\tilde\star}W", "X ⋆\u0303 W"),
    (of("full_convolution", X, of("flip", W)), r"X\mathbin{\tilde{*}}\operatorname{flip}(W)", "X *\u0303 flip(W)"),
    (of("correlation", of("correlation", X, W), W), r"(X\star W)\star W", "(X ⋆ W) ⋆ W"),
    (of("correlation", X, of("flip", W))[i, j], r"\bigl(X\star \operatorname{flip}(W)\bigr)_{ij}", "(X ⋆ flip(W))_ij"),
    (of("correlation", X, W)[h + 1, l], r"(X\star W)_{h+1,l}", "(X ⋆ W)[h+1,l]"),
    (of("product", A, B)[i, j], r"(A\,B)_{ij}", "(A B)_ij"),
    (of("transpose", A)[i, j], r"(A^{\top})_{ij}", "(Aᵀ)_ij"),
    (of("diagonal", p)[i, j], r"\operatorname{Diag}(p)_{ij}", "Diag(p)_ij"),
    (of("identity", n)[i, j], r"(I_n)_{ij}", "(I_n)_ij"),
    (of("ones", n)[i], r"\mathbf 1_i", "ones_i"),
    (of("flip", w)[i], r"\operatorname{flip}(w)_i", "flip(w)_i"),
    (of("full_convolution", X0, H0)[n], r"(x\mathbin{\tilde{*}}h)[n]", "(x *\u0303 h)[n]"),
    (of("trace", A)[()], r"\operatorname{tr}(A)", "tr(A)"),
    (1 - of("trace", A)[()], r"1-\operatorname{tr}(A)", "1 - tr(A)"),
    (a * of("inner", A, B)[()], r"a\,\langle A,\,B\rangle", "a·⟨A, B⟩"),
    (SQUARE[()], r"\lVert A\rVert^2", "‖A‖^2"),
    (SQUARE[()] ** 2, r"(\lVert A\rVert^2)^2", "(‖A‖^2)^2"),
    (of("product", x, w)[()] * a, r"a\,(x^{\top}\,w)", "a·(xᵀ w)"),
    (of("spectral_norm", A)[()] ** 2, r"\lVert A\rVert_2^2", "‖A‖_2^2"),
    (a * of("nuclear_norm", of("sum", A, B))[()], r"a\,\lVert A+B\rVert_\ast", "a·‖A + B‖_*"),
    (of("leading_direction", A)[i] ** 2, r"\hat v(A)_i^2", "v̂(A)_i^2"),
    (TRACES[()] * a, r"a\,(\operatorname{tr}(A)+\operatorname{tr}(B))", "a·(tr(A) + tr(B))"),
    (Equation(A, "=", of("outer", x, w)), r"A=x\,w^{\top}", "A = x wᵀ"),
]
ALL = INDICATORS + DERIVATIVES + PRODUCTS + ENTRIES + WHOLE


@pytest.mark.parametrize(("term", "tex", "text"), ALL)
def test_notation(term: object, tex: str, text: str) -> None:
    """LaTeX and plain text are as a course would write them, character by character."""
    assert latex(term) == tex
    assert plain(term) == text


def test_every_form_has_a_notation() -> None:
    """All operations of FORMS are in the table above."""
    terms = [term for term, _, _ in WHOLE if isinstance(term, Basic)]
    printed = {f.operation for term in terms for f in subterms(term) if isinstance(f, Form)}
    assert printed - {"image"} == set(FORMS)


def test_different_forms_have_different_texts() -> None:
    """Parentheses tell apart what was made differently: two operations in either order, all pairs of them."""
    two = [f for f in FORMS if f in ("product", "hadamard", "sum", "difference", "correlation", "full_convolution")]
    E, F, G = (array(name, (1, 1), (1, 1)) for name in "EFG")  # of which each operation makes one of the same shape
    made = [of(f, of(e, E, F), G) for f, e in product(two, two)] + [of(f, E, of(e, F, G)) for f, e in product(two, two)]
    made += [of(f, of("scaled", 2, E), F) for f in two] + [of("scaled", 2, of(f, E, F)) for f in two]
    made += [of(f, E, of("transpose", F)) for f in two] + [of("transpose", of(f, E, F)) for f in two]
    for printer in (latex, plain):
        assert len({printer(form) for form in made}) == len(made)
    assert len(made) == 96


@pytest.mark.parametrize("term", [row[0] for row in ALL], ids=str)
def test_every_dialect(term: Basic | Equation) -> None:
    """MathML takes each, and Markdown finds nothing of its own; brackets match in all."""
    shown = html.math(latex(term, MATHML), display=True)
    assert "\\" not in shown
    ET.fromstring(shown)
    written = latex(term, MARKDOWN)
    assert not re.search(r"\\[^A-Za-z]", written)
    assert not set("<>|*$\n") & set(written)
    for dialect in (PDF, MATHML, MARKDOWN):
        source = latex(term, dialect)
        assert source.count("{") == source.count("}")
        assert source.count("(") == source.count(")")


@pytest.mark.parametrize("term", [row[0] for row in INDICATORS + DERIVATIVES + PRODUCTS], ids=str)
@pytest.mark.parametrize("delta_first", [False, True])
def test_what_is_written_is_the_term(term: Expr, delta_first: bool) -> None:
    """The factors and terms that are written, put together again, are the term."""
    looked = 0
    for part in (t for t in subterms(term) if isinstance(t, (Add, Mul, Pow))):
        if isinstance(part, Add):
            again = Add(*(-t if taken else t for taken, t in order.sum_terms(part)))
        else:
            found = order.product(part, delta_first)
            again = Mul(Integer(-1 if found.negative else 1), *found.front, *found.over, *found.after)
            again = again / Mul(*found.under)
        assert (again - part).expand() == 0, part
        looked += 1
    assert looked or not isinstance(term, (Add, Mul, Pow))


def test_a_condition_with_a_remainder_in_a_longer_sum_stays() -> None:
    """Only `u mod d = 0` says that d divides u."""
    assert latex(eq(Mod(n, 2) + 1, 0)) == r"(n\bmod 2)+1=0"
    assert latex(ne(Mod(n, 2), 0)) == r"2\nmid n"
    assert latex(eq(Rational(1), Mod(n, 2))) == r"1=n\bmod 2"


def test_a_name_without_notation_is_refused_within_a_form() -> None:
    """There is no fallback here either."""
    strange = Form.__new__(Form, "sum", A, A)
    object.__setattr__(strange, "_args", (strange.args[0].func("inverted"), A))
    with pytest.raises(CannotPrint, match="inverted"):
        latex(strange)


@pytest.mark.tex
def test_all_of_it_compiles(tmp_path) -> None:
    """One page with every notation in a line, a reason, a paragraph and a frame."""
    if find_engine() is None:
        pytest.skip("no TeX engine on this machine")
    terms = [term for term, _, _ in ALL if isinstance(term, (Expr, Array))]
    lines = tuple(Line("=", term, ("since ", term), y[i] if term is terms[0] else None) for term in terms)
    words = tuple(piece for term in terms for piece in (term, ", "))
    blocks = (Aligned(lines), Paragraph(words), Result(L, "=", of("outer", x, w)), Result(L[()], "=", terms[-1]))
    assert len(lines) > 100
    document = Document("arrays", "Arrays", "", "", (), blocks, (), (), ())
    assert compile_pdf(write(document), {}, "arrays").startswith(b"%PDF")
    assert isinstance(terms[0], Indicator) and any(isinstance(t, Entry) for t in terms)

"""Documents written by hand for the tests of the writers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sympy import Integer, Min, Pow, Rational, oo

from derive.language import (
    Cases,
    IndexSum,
    between,
    eq,
    ge,
    integer,
    le,
    lt,
    ne,
    real,
    signal,
)
from derive.render.document import (
    Aligned,
    CaseBlock,
    CheckNote,
    Document,
    Emph,
    Equation,
    Grid,
    InductionBlock,
    Latex,
    Line,
    OverlapPlot,
    Paragraph,
    Part,
    Problem,
    Result,
    SideBySide,
    Stage,
    StemPlot,
    Strong,
    Table,
)

A, J, K, L, N = real("a"), integer("i"), integer("k"), integer("L"), integer("n")
X, H, Y = signal("x", 0, L - 1), signal("h", 0), signal("y")


def half_powers(n: int) -> Fraction:
    """y[n] for L = 7 and a = 1/2, from the definition."""
    return sum((Fraction(1, 2) ** (n - i) for i in range(7) if i <= n), Fraction(0))


def pulse_document() -> Document:
    """The filtered pulse, as the page drawn by hand has it."""
    partial = between(0, N, L - 1)
    geometric = (1 - A ** (N + 1)) / (1 - A)
    full = A ** (N - L + 1) * (1 - A**L) / (1 - A)
    opening = Aligned((
        Line("=", IndexSum(X[J] * H[N - J], J, -oo, oo), ("definition of convolution",), Y[N]),
        Line("=", IndexSum(A ** (N - J), J, 0, Min(N, L - 1)),
             (ne(X[J], 0), " only for ", between(0, J, L - 1), ", and ", ne(H[N - J], 0), " only for ", le(J, N))),
    ))
    overlap = OverlapPlot(
        "overlap",
        tuple(
            ((condition, f": {words}"), tuple((k, Fraction(1)) for k in range(7)),
             tuple((n - k, Fraction(3, 4) ** k) for k in range(8)))
            for condition, words, n in ((lt(N, 0), "no overlap", -2), (partial, "partial", 3), (ge(N, L), "full", 9))
        ),
        X[J], H[N - J], ("The pulse above the line, the turned response below, for three times ", N, "."),
        "Three panels: the turned impulse response before, partly over and wholly over the pulse.",
    )
    solution = (
        Paragraph(("Let ", Latex(r"a\in\mathbb R"), " and ", Latex("0^0=1"), ". By definition",)),
        opening,
        Paragraph(("The upper limit depends on how far the pulse has entered the filter. Three cases cover every ", N,
                   ", and no two overlap.")),
        overlap,
        CaseBlock(lt(N, 0), (Paragraph(("The sum is empty, so ", Equation(Y[N], "=", Rational(0)), ".")),)),
        CaseBlock(partial, (
            Paragraph(("The upper limit is ", N, ". For ", ne(A, 1))),
            Aligned((
                Line("=", IndexSum(A ** (N - J), J, 0, N), ("the smaller limit",), Y[N]),
                Line("=", IndexSum(A**K, K, 0, N), ("reverse the order: ", Equation(K, "=", N - J))),
                Line("=", geometric, ("geometric sum; ", ne(A, 1))),
            )),
        )),
        CaseBlock(ge(N, L), (
            Paragraph(("The upper limit is ", L - 1, ". For ", ne(A, 1))),
            Aligned((
                Line("=", IndexSum(A ** (N - J), J, 0, L - 1), ("the smaller limit",), Y[N]),
                Line("=", IndexSum(A**K, K, N - L + 1, N), ("reverse the order: ", Equation(K, "=", N - J))),
                Line("=", A ** (N - L + 1) * IndexSum(A**K, K, 0, L - 1), ("shift by ", ge(N - L + 1, 1))),
                Line("=", full, ("geometric sum; ", ne(A, 1))),
            )),
        )),
        Paragraph((Emph("Ratio "), eq(A, 1), ". Every term is ", Rational(1), ", so the sum counts its terms: ",
                   Equation(Y[N], "=", N + 1), " for ", partial, " and ", Equation(Y[N], "=", L), " for ", ge(N, L),
                   ".")),
        Result(Y[N], "=", Cases(
            (Cases((0, lt(N, 0)), (geometric, partial), (full, ge(N, L))), ne(A, 1)),
            (Cases((0, lt(N, 0)), (N + 1, partial), (L, ge(N, L))), eq(A, 1)),
        )),
    )
    rows = tuple((Rational(n), Rational(half_powers(n).numerator, half_powers(n).denominator)) for n in range(13))
    numbers = (
        Paragraph(("Inserting in (a): ", Equation(Y[N], "=", 2 - Rational(2) ** -N), " for ", between(0, N, 6), " and ",
                   Equation(Y[N], "=", 127 * Rational(2) ** -N), " for ", ge(N, 7), ".")),
        SideBySide(
            Table((N, Y[N]), rows, 2),
            StemPlot("output", tuple((n, half_powers(n)) for n in range(-6, 13)), N, Y[N], (),
                     "Stem plot: zero before 0, rising towards 2 until 6, then halving with each step."),
        ),
    )
    return Document(
        name="signals",
        title="Signals, sheet 1: solution",
        course="Signals and systems",
        author="",
        conventions=("true convolution", "indices from 0", "empty sums are 0"),
        introduction=(),
        problems=(Problem(
            1, "",
            (Paragraph(("A pulse of length ", ge(L, 1), ", ", Equation(X[N], "=", Rational(1)), " for ", partial,
                        " and ", Rational(0), " elsewhere, passes through a filter with impulse response ",
                        Equation(H[N], "=", A**N), " for ", ge(N, 0), " and ", Rational(0), " for ", lt(N, 0),
                        ". Find the output ", Latex("y=x*h"), " for every integer ", N, ".")),),
            (Part("(a)", "General pulse length and ratio", (), solution),
             Part("(b)", "A pulse of seven samples", (
                 Paragraph(("Let ", eq(L, 7), " and ", eq(A, Rational(1, 2)), ".")),), numbers)),
        ),),
        hypotheses=((ge(L, 1), " (range of the sum)"), (ne(A, 1), " (geometric sum)")),
        checks=(
            CheckNote(
                "(a)",
                ("Proved for all integers ", N, ", all ", ge(L, 1), ", all real ", A, "; each law re-applied; cases "
                 "exhaustive and disjoint."),
                (("steps", 19), ("conditions", 60), ("splits", 3), ("inductions", 0), ("step_points", 150),
                 ("points", 240), ("boundary", 30), ("degenerate", 12), ("compiled", 200)),
                "proved",
                Pow(Integer(10), Integer(-12), evaluate=False),
            ),
            CheckNote("(b)", ("exact, 19 values.",), (("points", 19), ("compiled", 0)), "exact at sizes"),
        ),
        remarks=(
            ("Each law was applied again; the cases are exhaustive and disjoint.",),
            (Strong("Proved."), " (a) for all integers ", N, ", all ", ge(L, 1), ", all real ", A, "."),
        ),
        versions=(("derive", "0.1.0"), ("sympy", "1.14.0")),
    )


NASTY = r"""50% of $5 & #1_a^b ~ {x} \ <i> "q" 'r' `s` |t|"""


def every_block_document() -> Document:
    """A small document with every kind of block and with words that each format must escape."""
    nasty = Paragraph((NASTY, " ", Strong("bo<ld_"), " ", Emph("it&al")))
    long_reason = ("a reason so long that it cannot stay on one line beside its step, whatever the page is, ",
                   "with ", between(0, N, L - 1), " inside")
    wide = sum((real(f"c_{j}") * A**j for j in range(2, 24)), A)
    stem = StemPlot("stem", ((0, Fraction(1)), (1, Fraction(-1, 2))), N, X[N], ("A caption with ", N),
                    'Alt "text" <b> & more')
    inner = CaseBlock(ne(A, 1), (Aligned((Line("<=", A**2, (), A),)),))
    induction = InductionBlock(
        (
            Stage("Base", (eq(N, 0),), (NASTY,), (Aligned((Line("=", A**2, (), A),)), nasty)),
            Stage("Hypothesis", (), ("Suppose ", Equation(A, "=", wide), ".")),
            Stage("Step", (Equation(N, "->", N + 1),), (), (inner, Aligned((Line("=", A + L, (), N, (L, A)),)))),
        ),
        ("A closing sentence, ", ge(N, 0), ", so long that the mark at its end has to look for a place of its own on ",
         "the line or on the next one."),
    )
    return Document(
        name="every",
        title="Every block & more_",
        course="Course #1",
        author="A. Author",
        conventions=("indices from 0",),
        introduction=(nasty,),
        problems=(Problem(3, "Title % one", (nasty,), (Part("(a)", "", (nasty,), (
            Aligned((Line("=", A**2, long_reason, Y[N]), Line("<=", wide, ("a wide one",)), Line("=", L))),
            CaseBlock(lt(N, 0), (inner, nasty, induction)),
            induction,
            Result(Y[N], "=", A**N, (ge(N, 0), ne(A, 1))),
            Result(Y[N], "=", wide),
            Table((N, X[N]), tuple((Rational(n), Rational(y, 2)) for n, y in ((0, 2), (1, -1), (2, 0))), 2,
                  ("Values of ", X[N])),
            Grid((Latex("M"), " = "), ((A, "cdots", A**2 / 2), ("vdots", "ddots", ""), (X[N], "cdots", wide)), (".",)),
            Grid((), ((A,) * 12,)),
            SideBySide(Paragraph(("left",)), stem),
            OverlapPlot("slide", (((lt(N, 0),), ((0, Fraction(1)),), ((-1, Fraction(1)),)),), X[J], H[N - J], (),
                        "Sliding"),
        )),)),),
        hypotheses=((ge(L, 1),),),
        checks=(CheckNote("(a)", (NASTY,), (("steps", 3),)),),
    )


@pytest.fixture
def pulse() -> Document:
    """The filtered pulse."""
    return pulse_document()


@pytest.fixture
def every_block() -> Document:
    """Every kind of block."""
    return every_block_document()

r"""Terms and conditions in LaTeX, as a person writes them.

    >>> from derive.language import IndexSum, integer, real
    >>> from sympy import Min
    >>> a, i, L, n = real("a"), integer("i"), integer("L"), integer("n")
    >>> print(latex(IndexSum(a**(n - i), i, 0, Min(L - 1, n))))
    \sum_{i=0}^{\min(n,\,L-1)}a^{n-i}

The order of terms and factors is decided in `order`, shared with the plain printer. There is no fallback: a head
without a notation raises `CannotPrint`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import sympy
from sympy import Add, Basic, Expr, Integer, Mul, Pow, Rational, Symbol, ceiling, floor

from derive.errors import CannotPrint
from derive.language import (
    OTHERWISE,
    AllOf,
    AnyOf,
    Array,
    Cases,
    Compare,
    Condition,
    Entry,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Integral,
    Largest,
    Negation,
    Partial,
    Ranged,
)
from derive.language.balls import Decimal
from derive.language.chance import Expectation, Moment, Stated
from derive.language.counting import Binomial, Factorial
from derive.language.maps import Applied
from derive.render import kinds, order, tex_heads, tex_spacing
from derive.render.document import Equation, Grid, Landau, Line
from derive.render.grids import check_cells
from derive.render.lines import as_written
from derive.render.relations import as_chains, divisibility
from derive.render.tex_pieces import is_tall, join, legible, name, parenthesised, script


@dataclass(frozen=True)
class Dialect:
    r"""How formats differ in the LaTeX that they read.

    Attributes:
        cases: The environment for cases.
        value: Written before each value of the cases.
        row: Between the rows of cases and matrices.
        tall_row: Between rows of a matrix where one of the two has fractions.
        thin: A thin space. GitHub's Markdown eats the backslash of `\,` and `\\`, so it gets words.
        gap: After the comma between two conditions.
        less, greater: The signs < and >, which Markdown takes for a tag.
        star: The sign of convolution, which Markdown takes for emphasis.
        sized: Whether brackets are made larger by hand; browsers leave gaps beside such brackets.
    """

    cases: str = "dcases"
    value: str = ""
    row: str = r"\\[2pt]"
    thin: str = r"\,"
    gap: str = r"\ "
    less: str = "<"
    greater: str = ">"
    star: str = "*"
    sized: bool = True
    tall_row: str = r"\\[10pt]"


PDF = Dialect()
MATHML = Dialect(row=r"\\", tall_row=r"\\", sized=False)
MARKDOWN = Dialect(
    "cases", r"\displaystyle ", r"\cr ", r"\thinspace ", r"\enspace ", r"\lt ", r"\gt ", r"\ast ", tall_row=r"\cr "
)

RELATIONS = {
    "=": "=", "!=": r"\ne ", "<=": r"\le ", ">=": r"\ge ", "=>": r"\Rightarrow ", "->": r"\to ", "in": r"\in ",
    "~": r"\sim ", "<=>": r"\Leftrightarrow ",
}
FUNCTIONS: dict[type, str] = {
    sympy.log: r"\log", sympy.sin: r"\sin", sympy.cos: r"\cos", sympy.tan: r"\tan", sympy.sinh: r"\sinh",
    sympy.cosh: r"\cosh", sympy.tanh: r"\tanh", sympy.sign: r"\operatorname{sign}", sympy.exp: r"\exp",
    sympy.Min: r"\min", sympy.Max: r"\max", sympy.gamma: r"\Gamma", sympy.atan: r"\arctan",
    sympy.erf: r"\operatorname{erf}", sympy.LambertW: "W",
}
FENCES: dict[type, tuple[str, str]] = {
    sympy.floor: (r"\lfloor ", r"\rfloor"),
    sympy.ceiling: (r"\lceil ", r"\rceil"),
    sympy.Abs: (r"\lvert ", r"\rvert"),
}
CONSTANTS = {sympy.pi: r"\pi", sympy.E: "e", sympy.I: "i", sympy.oo: r"\infty", -sympy.oo: r"-\infty"}


def latex(term: Basic | Equation, dialect: Dialect = PDF) -> str:
    """The term, condition or equation in LaTeX, without dollars.

    Raises:
        CannotPrint: A part of the term has no notation.
    """
    return _Printer(dialect).any(term).strip()


def guard(condition: Condition, dialect: Dialect = PDF) -> str:
    """A condition at the head of a case; the last resort reads `otherwise`."""
    return _Printer(dialect).guard(condition)


def right_side(line: Line, dialect: Dialect = PDF) -> str:
    """Relation and term of a line of a chain, the summands in the order that the line asks for.

    Raises:
        CannotPrint: A part of the term has no notation.
        RenderError: The summands that the line gives do not make up its term.
    """
    printer = _Printer(dialect)
    if not line.written:
        return join(relation(line.relation, dialect), latex(line.term, dialect))
    return join(relation(line.relation, dialect), printer.terms(as_written(line.term, line.written)).strip())


def matrix(grid: Grid, dialect: Dialect = PDF) -> str:
    """The cells of a grid in brackets; fractions in them can be read.

    Raises:
        CannotPrint: A part of a cell has no notation.
        RenderError: The cells are not a matrix of terms and dots.
    """
    rows = [
        [legible(latex(c, dialect)) if isinstance(c, Basic) else rf"\{c}" if c else "" for c in cells]
        for cells in check_cells(grid).cells
    ]
    inside = " & ".join(rows[0])
    for above, row in pairwise(rows):
        inside += (dialect.tall_row if any(map(is_tall, (*above, *row))) else dialect.row) + " & ".join(row)
    return rf"\begin{{bmatrix}}{inside}\end{{bmatrix}}"


def relation(sign: str, dialect: Dialect = PDF) -> str:
    r"""A relation sign in LaTeX.

    Example:
        >>> relation("<=")
        '\\le '
    """
    if sign in ("<", ">"):
        return dialect.less if sign == "<" else dialect.greater
    if sign not in RELATIONS:
        raise CannotPrint(f"{sign!r} is not a relation; there are {', '.join(sorted([*RELATIONS, '<', '>']))}")
    return RELATIONS[sign]


@dataclass(frozen=True)
class _Printer:
    """The recursion over a term; it is a class only to carry the dialect and whether we are in an exponent."""

    dialect: Dialect
    small: bool = False

    def any(self, term: Basic | Equation) -> str:
        if isinstance(term, Equation):
            return join(self.any(term.left), relation(term.relation, self.dialect), self.any(term.right))
        if isinstance(term, Condition):
            return self.condition(term)
        if isinstance(term, Array):
            return tex_heads.array(self, term).text
        if term in CONSTANTS:
            return CONSTANTS[term]
        if isinstance(term := kinds.with_powers(kinds.signed(term)), Rational):
            return self.rational(term)
        if isinstance(term, Symbol):
            return name(term.name)
        if kinds.is_arithmetic(term):
            return self.arithmetic(term)
        if isinstance(term, Add):
            return self.sum(term)
        if isinstance(term, (Mul, Pow)):
            return self.product(term)
        for head, method in self.heads().items():
            if isinstance(term, head):
                return method(term)
        return self.function(term)

    def heads(self) -> dict[type, Callable[..., str]]:
        return {
            Entry: partial(tex_heads.entry, self),
            Applied: partial(tex_heads.applied, self),
            Decimal: lambda term: term.text + r"\ldots ",
            Indicator: partial(tex_heads.indicator, self),
            Partial: partial(tex_heads.derivative, self),
            Moment: partial(tex_heads.moment, self),
            **dict.fromkeys((IndexSum, IndexProduct, Integral, Largest), partial(tex_heads.ranged, self)),
            Cases: self.cases,
            sympy.exp: self.exponential,
            sympy.Mod: self.remainder,
            **dict.fromkeys((Factorial, sympy.factorial), self.factorial),
            **dict.fromkeys((Binomial, sympy.binomial), self.binomial),
            Landau: partial(tex_heads.landau, self),
            sympy.KroneckerDelta: self.delta,
            sympy.Derivative: self.derivative,
        }

    def rational(self, number: Rational) -> str:
        sign = "-" if number < 0 else ""
        return sign + self.fraction(str(abs(number.p)), str(number.q)) if number.q != 1 else str(number.p)

    def fraction(self, over: str, under: str, *, over_wide: bool = False, under_wide: bool = False) -> str:
        if not self.small:
            return rf"\frac{{{over}}}{{{under}}}"
        return (f"({over})" if over_wide else over) + "/" + (f"({under})" if under_wide else under)

    def sum(self, term: Expr) -> str:
        below = order.shared_denominator(term)
        if below != 1:
            return self.fraction(self.sum(term * below), str(below), over_wide=True)
        return self.product(term) if order.shared_factor(term) != 1 else self.terms(order.sum_terms(term))

    def terms(self, terms: Sequence[tuple[bool, Expr]]) -> str:
        result = ""
        for negative, part in terms:
            delta_first = isinstance(part, Mul) and len(terms) > 1
            written = self.product(part, delta_first=True) if delta_first else self.any(part := kinds.signed(part))
            open_ended = isinstance(part, (Cases, sympy.Mod)) or written.startswith("-")
            if open_ended or (part.is_Add and (result or negative)):
                written = parenthesised(written)
            result = join(result, "-" if negative else "+" if result else "", written)
        return result

    def arithmetic(self, term: Expr) -> str:
        r"""Numbers as they were inserted: `4\cdot 5+3\cdot(-1)`."""
        result = ""
        for taken, factors in kinds.worked_terms(term):
            written = r"\cdot ".join(map(self.factor, factors)) if len(factors) > 1 else self.factor(factors[0])
            result += ("-" if taken else "+" if result else "") + written
        return result

    def product(self, term: Expr, delta_first: bool = False) -> str:
        parts = order.product(term, delta_first)
        pieces = [(f, self.factor(f)) for f in parts.front]
        if len(parts.front) == 1 and not (parts.under or parts.after):
            pieces = [(parts.front[0], self.lone(parts.front[0], parts.negative))]
        result = self.row(pieces)
        if parts.under:
            over, under = self.part(parts.over), self.part(parts.under)
            wide = len(parts.over) > 1 or any(f.is_Add for f in parts.over)
            under_wide = len(parts.under) > 1 or any(f.is_Add or f.is_Mul for f in parts.under)
            result = join(result, self.fraction(over, under, over_wide=wide, under_wide=under_wide))
        for number, factor in enumerate(parts.after, start=1):
            last = (isinstance(factor, Ranged) or kinds.is_open(factor)) and number == len(parts.after)
            written = self.any(factor) if last else self.factor(factor)
            if kinds.is_numeric_power(factor) and not tex_spacing.is_bracketed(written):
                result += r"\cdot "
            elif result and isinstance(kinds.base_of(factor), (Partial, Indicator)):
                result += self.dialect.thin
            result = join(result, written)
        return ("-" if parts.negative else "") + result

    def part(self, factors: Sequence[Expr]) -> str:
        """A numerator or denominator; a sum alone needs no parentheses."""
        if len(factors) == 1:
            return self.lone(factors[0], False)
        return self.row([(f, self.factor(f)) for f in factors])

    def lone(self, factor: Expr, after_minus: bool) -> str:
        return self.factor(factor) if after_minus or isinstance(factor, Pow) else self.any(factor)

    def row(self, pieces: Sequence[tuple[Expr, str]]) -> str:
        result, last = "", None
        for factor, written in pieces:
            if last is not None:
                result += tex_spacing.between(last, result, factor, written, self.dialect.thin)
            result, last = join(result, written), factor
        return result

    def factor(self, factor: Expr) -> str:
        if isinstance(factor := kinds.signed(factor), Pow):
            return self.power(factor)
        written = self.any(factor)
        is_open = isinstance(factor, (Add, Ranged, Cases, sympy.Mod)) or kinds.is_open(factor)
        if isinstance(factor, Entry):
            is_open = not tex_heads.is_closed(self, factor)
        return parenthesised(written) if is_open or written.startswith("-") else written

    def power(self, term: Pow) -> str:
        base, exponent = kinds.signed(term.base), term.exp
        if isinstance(exponent, Rational) and exponent > 0 and exponent.p == 1 and exponent.q > 1:
            degree = "" if exponent.q == 2 else f"[{exponent.q}]"
            return rf"\sqrt{degree}{{{self.any(base)}}}"
        written = self.any(base)
        plain = isinstance(base, (Symbol, floor, ceiling, sympy.sign, Expectation)) or base in CONSTANTS
        plain = plain or (isinstance(base, Integer) and base >= 0)
        plain = plain or (isinstance(base, Entry) and tex_heads.is_closed(self, base))
        if isinstance(base, Binomial):
            return f"{written}^{{{self.smaller(exponent)}}}"
        if not plain:
            written = parenthesised(written)
        elif "'" in written or (isinstance(base, Symbol) and written.startswith((r"\hat", r"\bar", r"\tilde"))):
            written = f"{{{written}}}"
        return f"{written}^{script(self.smaller(exponent))}"

    def smaller(self, term: Expr) -> str:
        return replace(self, small=True).any(term)

    def exponential(self, term: Expr) -> str:
        exponent = self.smaller(term.args[0])
        if any(command in exponent for command in (r"\sum", r"\begin")):
            return rf"\exp{parenthesised(self.any(term.args[0]))}"
        return f"e^{script(exponent)}"

    def cases(self, term: Cases) -> str:
        row = self.dialect.row
        lines = [self.dialect.value + self.any(v) + " & " + self.guard(c) for v, c in term.clauses]
        return rf"\begin{{{self.dialect.cases}}}{row.join(lines)}\end{{{self.dialect.cases}}}"

    def guard(self, condition: Condition) -> str:
        return r"\text{otherwise}" if condition == OTHERWISE else self.condition(condition)

    def remainder(self, term: Expr) -> str:
        return join(*(self.factor(term.args[0]), r"\bmod ", self.factor(term.args[1])))

    def factorial(self, term: Expr) -> str:
        argument = term.args[0]
        written = self.any(argument)
        simple = isinstance(argument, Symbol) or (isinstance(argument, Integer) and argument >= 0)
        return (written if simple else parenthesised(written)) + "!"

    def binomial(self, term: Expr) -> str:
        return rf"\binom{{{self.any(term.args[0])}}}{{{self.any(term.args[1])}}}"

    def delta(self, term: Expr) -> str:
        return rf"\delta_{{{','.join(self.smaller(a) for a in term.args)}}}"

    def derivative(self, term: Expr) -> str:
        total = sum(count for _, count in term.variable_count)
        top = r"\partial" if total == 1 else rf"\partial^{script(str(total))}"
        below = ""
        for variable, count in term.variable_count:
            written = self.factor(variable)
            below = join(below, r"\partial", written + (f"^{script(str(count))}" if count > 1 else ""))
        return rf"\frac{{{join(top, self.factor(term.expr))}}}{{{below}}}"

    def function(self, term: Basic) -> str:
        head = type(term)
        if head in FENCES:
            opening, closing = FENCES[head]
            inside = self.any(kinds.inside_fences(term))
            if is_tall(inside):
                opening, closing = r"\left" + opening, r"\right" + closing
            return opening + inside + closing
        if head in FUNCTIONS or isinstance(term, sympy.core.function.AppliedUndef):
            known = FUNCTIONS.get(head) or name(head.__name__)
            arguments = order.extreme_arguments(term) if head in (sympy.Min, sympy.Max) else term.args
            return known + parenthesised(f",{self.dialect.thin}".join(self.any(a) for a in arguments))
        raise CannotPrint(f"there is no notation for {head.__name__}, met in {term}")

    def condition(self, condition: Condition) -> str:
        if isinstance(condition, Compare):
            return self.chain([condition])
        if isinstance(condition, Negation):
            return rf"\text{{not }}({self.condition(condition.args[0])})"
        if isinstance(condition, AllOf):
            return f",{self.dialect.gap}".join(self.conjuncts(condition)) or r"\text{true}"
        if isinstance(condition, AnyOf):
            return r"\text{ or }".join(self.alternative(c) for c in condition.args) or r"\text{false}"
        if isinstance(condition, (ForAll, Stated)):
            return tex_heads.general(self, condition)
        raise CannotPrint(f"there is no notation for the condition {type(condition).__name__}")

    def conjuncts(self, condition: Condition) -> list[str]:
        compared = [c for c in condition.args if isinstance(c, Compare)]
        other = [f"({self.condition(c)})" for c in condition.args if not isinstance(c, Compare)]
        return [self.chain(c) for c in as_chains(compared)] + other

    def alternative(self, condition: Condition) -> str:
        if not isinstance(condition, AllOf) or not condition.args:
            return self.condition(condition)
        pieces = self.conjuncts(condition)
        return pieces[0] if len(pieces) == 1 else "(" + r"\text{ and }".join(pieces) + ")"

    def chain(self, parts: Sequence[Compare]) -> str:
        divided = divisibility(parts[0])
        if divided:
            sign = r"\mid " if parts[0].op == "=" else r"\nmid "
            return join(self.any(divided[0]), sign, self.any(divided[1]))
        result = self.any(parts[0].left)
        for part in parts:
            result = join(result, relation(part.op, self.dialect), self.any(part.right))
        return result

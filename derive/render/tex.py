r"""Terms and conditions in LaTeX, as a person writes them.

    >>> from derive.language import IndexSum, integer, real
    >>> from sympy import Min
    >>> a, i, L, n = real("a"), integer("i"), integer("L"), integer("n")
    >>> print(latex(IndexSum(a**(n - i), i, 0, Min(L - 1, n))))
    \sum_{i=0}^{\min(n,\,L-1)}a^{n-i}
    >>> print(latex(a**(n - L + 1) * (1 - a**L) / (1 - a)))
    a^{n-L+1}\frac{1-a^L}{1-a}

The order of terms and factors is decided in `order`, shared with the plain printer. There is no fallback: a head
without a notation raises `CannotPrint`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Add, Basic, Expr, Integer, Mul, Number, Pow, Rational, Symbol

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
    IndexSum,
    Negation,
)
from derive.language.counting import Binomial, Factorial
from derive.render import names, order
from derive.render.document import Equation, Line
from derive.render.lines import as_written
from derive.render.relations import as_chains
from derive.render.tex_pieces import is_tall, join, name, parenthesised, script


@dataclass(frozen=True)
class Dialect:
    r"""How formats differ in the LaTeX that they read.

    Attributes:
        cases: The environment for cases.
        value: Written before each value of the cases.
        row: Between the rows of the cases.
        thin: A thin space. GitHub's Markdown eats the backslash of `\,` and `\\`, so it gets words.
        gap: After the comma between two conditions.
        less, greater: The signs < and >, which Markdown takes for a tag.
    """

    cases: str = "dcases"
    value: str = ""
    row: str = r"\\[2pt]"
    thin: str = r"\,"
    gap: str = r"\ "
    less: str = "<"
    greater: str = ">"


PDF = Dialect()
MATHML = Dialect(row=r"\\")
MARKDOWN = Dialect("cases", r"\displaystyle ", r"\cr ", r"\thinspace ", r"\enspace ", r"\lt ", r"\gt ")

RELATIONS = {
    "=": "=", "!=": r"\ne ", "<=": r"\le ", ">=": r"\ge ", "=>": r"\Rightarrow ", "->": r"\to ", "in": r"\in ",
    "~": r"\sim ", "<=>": r"\Leftrightarrow ",
}
FUNCTIONS: dict[type, str] = {
    sympy.log: r"\log", sympy.sin: r"\sin", sympy.cos: r"\cos", sympy.tan: r"\tan", sympy.sinh: r"\sinh",
    sympy.cosh: r"\cosh", sympy.tanh: r"\tanh", sympy.sign: r"\operatorname{sign}", sympy.exp: r"\exp",
    sympy.Min: r"\min", sympy.Max: r"\max", sympy.gamma: r"\Gamma", sympy.atan: r"\arctan",
    sympy.erf: r"\operatorname{erf}",
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
            return name(term.name)
        if term in CONSTANTS:
            return CONSTANTS[term]
        if isinstance(term, Rational):
            return self.rational(term)
        if isinstance(term, Symbol):
            return name(term.name)
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
            Entry: self.entry,
            IndexSum: self.index_sum,
            Cases: self.cases,
            sympy.exp: self.exponential,
            sympy.Mod: self.remainder,
            Factorial: self.factorial,
            Binomial: self.binomial,
            sympy.factorial: self.factorial,
            sympy.binomial: self.binomial,
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
        return self.terms(order.sum_terms(term))

    def terms(self, terms: Sequence[tuple[bool, Expr]]) -> str:
        result = ""
        for negative, part in terms:
            written = self.any(part)
            if (part.is_Add and (result or negative)) or isinstance(part, Cases) or written.startswith("-"):
                written = parenthesised(written)
            result = join(result, "-" if negative else "+" if result else "", written)
        return result

    def product(self, term: Expr) -> str:
        parts = order.product(term)
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
            last_sum = isinstance(factor, IndexSum) and number == len(parts.after)
            written = self.any(factor) if last_sum else self.factor(factor)
            if order.is_numeric_power(factor) and not _is_bracketed(written):
                result += r"\cdot "
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
                if _needs_dot(last, factor, written):
                    result += r"\cdot "
                elif _is_spaced(last, result) or _is_spaced(factor, written) or _is_close(last, factor, written):
                    result += self.dialect.thin
            result, last = join(result, written), factor
        return result

    def factor(self, factor: Expr) -> str:
        if isinstance(factor, Pow):
            return self.power(factor)
        written = self.any(factor)
        closed = not isinstance(factor, (Add, IndexSum, Cases, sympy.Mod)) and not written.startswith("-")
        return written if closed else parenthesised(written)

    def power(self, term: Pow) -> str:
        base, exponent = term.base, term.exp
        if isinstance(exponent, Rational) and exponent > 0 and exponent.p == 1 and exponent.q > 1:
            degree = "" if exponent.q == 2 else f"[{exponent.q}]"
            return rf"\sqrt{degree}{{{self.any(base)}}}"
        written = self.any(base)
        plain = isinstance(base, (Symbol, Entry)) or (isinstance(base, Integer) and base >= 0) or base in CONSTANTS
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

    def entry(self, term: Entry) -> str:
        base = name(term.array.name)
        if names.is_sequence(term.array):
            return f"{base}[{self.smaller(term.indices[0])}]"
        if "_" in base:
            base = f"({base})"
        return f"{base}_{script(','.join(self.smaller(i) for i in term.indices))}"

    def index_sum(self, term: IndexSum) -> str:
        low, high = (self.smaller(limit) for limit in (term.low, term.high))
        body = self.any(term.body)
        if isinstance(term.body, (Add, Cases)) or body.startswith("-"):
            body = parenthesised(body)
        return join(rf"\sum_{{{join(self.any(term.index), '=', low)}}}^{script(high)}", body)

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
            inside = self.any(term.args[0])
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
            if not condition.args:
                return r"\text{true}"
            compared = [c for c in condition.args if isinstance(c, Compare)]
            other = [f"({self.condition(c)})" for c in condition.args if not isinstance(c, Compare)]
            return f",{self.dialect.gap}".join([self.chain(c) for c in as_chains(compared)] + other)
        if isinstance(condition, AnyOf):
            if not condition.args:
                return r"\text{false}"
            return r"\text{ or }".join(self.alternative(c) for c in condition.args)
        raise CannotPrint(f"there is no notation for the condition {type(condition).__name__}")

    def alternative(self, condition: Condition) -> str:
        if not isinstance(condition, AllOf) or not condition.args:
            return self.condition(condition)
        compared = [c for c in condition.args if isinstance(c, Compare)]
        other = [f"({self.condition(c)})" for c in condition.args if not isinstance(c, Compare)]
        pieces = [self.chain(c) for c in as_chains(compared)] + other
        return pieces[0] if len(pieces) == 1 else "(" + r"\text{ and }".join(pieces) + ")"

    def chain(self, parts: Sequence[Compare]) -> str:
        result = self.any(parts[0].left)
        for part in parts:
            result = join(result, relation(part.op, self.dialect), self.any(part.right))
        return result


def _is_bracketed(written: str) -> bool:
    return written.startswith(("(", r"\left("))


def _needs_dot(last: Expr, factor: Expr, written: str) -> bool:
    """Whether a dot keeps two factors apart: a number from a number, and k from n! (where 2n! could be (2n)!)."""
    if isinstance(factor, (Factorial, sympy.factorial)):
        return isinstance(last, (Symbol, Number))
    if _is_bracketed(written):
        return False
    if order.is_numeric_power(factor):
        return isinstance(last, Number) or (order.is_numeric_power(last) and not order.is_sign(last))
    return written[0].isdigit()


def _is_close(last: Expr, factor: Expr, written: str) -> bool:
    """Whether a thin space keeps a power of a number, or a factorial, from the factor beside it."""
    if isinstance(last, (Factorial, sympy.factorial)) or isinstance(factor, (Factorial, sympy.factorial)):
        return True
    if not order.is_numeric_power(factor) or isinstance(last, Number):
        return False
    return not (order.is_sign(factor) or (order.is_sign(last) and _is_bracketed(written)))


def _is_spaced(factor: Basic, written: str) -> bool:
    """Whether a factor wants a thin space beside it: entries, and names that are words."""
    base = factor.base if isinstance(factor, Pow) else factor
    if isinstance(base, Number):
        return False
    return isinstance(base, Entry) or r"\mathrm{" in written.split("_")[0] or isinstance(base, sympy.Derivative)

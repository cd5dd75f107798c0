"""Terms in readable Unicode, and a whole document as a page for the terminal.

    >>> from derive.language import IndexSum, integer, real
    >>> from sympy import Min
    >>> a, i, L, n = real("a"), integer("i"), integer("L"), integer("n")
    >>> plain(IndexSum(a**(n - i), i, 0, Min(L - 1, n)))
    'Σ_{i=0..min(n, L-1)} a^(n-i)'
    >>> plain(a**(n - L + 1) * (1 - a**L) / (1 - a))
    'a^(n-L+1)·(1 - a^L)/(1 - a)'

The order is that of `order`, as in every other format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Add, Basic, Expr, Integer, Mul, Pow, Rational, Symbol

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
    Indicator,
    Integral,
    Largest,
    Negation,
    Partial,
    Ranged,
)
from derive.language.balls import Decimal
from derive.language.chance import Expectation, Moment, Stated, Variance
from derive.language.counting import Binomial, Factorial
from derive.language.forms import Form
from derive.language.maps import Applied
from derive.render import kinds, names, order, whole_arrays
from derive.render.document import Block, Document, Equation, Landau, Line
from derive.render.lines import as_written
from derive.render.relations import as_chains, divisibility
from derive.render.whole_arrays import ATOM, SUM, Pen, Written

RELATIONS = {
    "=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "=>": "⇒", "->": "→", "in": "∈", "~": "~",
    "<=>": "⇔",
}
FUNCTIONS: dict[type, str] = {
    sympy.log: "log", sympy.sin: "sin", sympy.cos: "cos", sympy.tan: "tan", sympy.sinh: "sinh", sympy.cosh: "cosh",
    sympy.tanh: "tanh", sympy.sign: "sign", sympy.exp: "exp", sympy.Min: "min", sympy.Max: "max", sympy.gamma: "Γ",
    sympy.atan: "arctan", sympy.erf: "erf", sympy.LambertW: "W", sympy.binomial: "binomial", Binomial: "C",
    sympy.KroneckerDelta: "δ",
}
FENCES: dict[type, tuple[str, str]] = {sympy.floor: ("⌊", "⌋"), sympy.ceiling: ("⌈", "⌉"), sympy.Abs: ("|", "|")}
LANDAU = {"O": "O", "Omega": "Ω", "Theta": "Θ", "o": "o"}
CONSTANTS = {sympy.pi: "π", sympy.E: "e", sympy.I: "i", sympy.oo: "∞", -sympy.oo: "-∞"}
SIGNS = {
    "sum": " + ", "difference": " - ", "hadamard": " ⊙ ", "correlation": " ⋆ ", "convolution": " * ",
    "full_correlation": " ⋆\u0303 ", "full_convolution": " *\u0303 ",
}  # fmt: skip
CALLS = {
    "flip": "flip", "diagonal": "Diag", "trace": "tr", "determinant": "det", "rank": "rank",
    "leading_direction": "v\u0302",
}  # fmt: skip
NORMS = {
    "inner": ("⟨", "⟩"), "squared_norm": ("‖", "‖^2"), "spectral_norm": ("‖", "‖_2"), "nuclear_norm": ("‖", "‖_*"),
}  # fmt: skip
_ATOM = re.compile(r"\d+\Z|[^\W\d][\w'\u0300-\u036f]*\Z|∞\Z")


def plain(term: Basic | Equation) -> str:
    """The term, condition or equation in one line of Unicode.

    Raises:
        CannotPrint: A part of the term has no notation.
    """
    return _Printer().any(term)


def line(line: Line) -> str:
    """The term of a line of a chain, the summands in the order that the line asks for.

    Raises:
        CannotPrint: A part of the term has no notation.
        RenderError: The summands that the line gives do not make up its term.
    """
    if not line.written:
        return plain(line.term)
    return _Printer().terms(as_written(line.term, line.written))


def guard(condition: Condition) -> str:
    """A condition at the head of a case; the last resort reads `otherwise`."""
    return "otherwise" if condition == OTHERWISE else plain(condition)


def write(document: Document) -> str:
    """The whole sheet as a page for the terminal, 100 columns wide."""
    from derive.render import terminal

    return terminal.page(document)


def blocks(blocks: tuple[Block, ...]) -> str:
    """Blocks alone, for the terminal."""
    from derive.render import terminal

    return terminal.fragment(blocks)


def relation(sign: str) -> str:
    """A relation sign as one character."""
    if sign not in RELATIONS:
        raise CannotPrint(f"{sign!r} is not a relation; there are {', '.join(sorted(RELATIONS))}")
    return RELATIONS[sign]


def name(text: str) -> str:
    """A symbol's or array's name.

    Example:
        >>> name("sigma_x")
        'σ_x'
    """
    parts = names.parse(text)
    if parts is None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", text):
            raise CannotPrint(f"the name {text!r} has no notation: letters, digits, _subscripts, primes")
        return text
    whole = names.GREEK.get(parts.base, parts.base)
    if parts.base not in names.GREEK and names.is_differential(parts):
        whole = "d" + names.GREEK.get(parts.base[1:], parts.base[1:])
    base = whole + "".join(names.MARKS[m] for m in parts.marks)
    tail = ",".join(names.GREEK.get(s, s) for s in parts.subscripts)
    return base + "'" * parts.primes + (f"_{tail}" if tail else "")


def _primes(order: int) -> str:
    return "'" * order if order <= 3 else f"^({order})"


_CLOSED = (Symbol, Binomial, sympy.floor, sympy.ceiling, sympy.sign, Expectation)
"""What is raised to a power without parentheses."""


@dataclass(frozen=True)
class _Printer:
    """The recursion over a term; `small` leaves out the spaces around signs, as in exponents and indices."""

    small: bool = False

    def any(self, term: Basic | Equation) -> str:
        if isinstance(term, Equation):
            return f"{self.any(term.left)} {relation(term.relation)} {self.any(term.right)}"
        if isinstance(term, Condition):
            return self.condition(term)
        if isinstance(term, Landau):
            return f"{LANDAU[term.kind]}({self.any(term.term)})"
        if isinstance(term, Array):
            return self.array(term).text
        if term in CONSTANTS:
            return CONSTANTS[term]
        term = kinds.with_powers(kinds.signed(term))
        if isinstance(term, Rational):
            return str(term.p) if term.q == 1 else f"{term.p}/{term.q}"
        if isinstance(term, Symbol):
            return name(term.name)
        if kinds.is_arithmetic(term):
            return self.arithmetic(term)
        if isinstance(term, Add):
            return self.sum(term)
        if isinstance(term, (Mul, Pow)):
            return self.product(term)
        if isinstance(term, Entry):
            return self.entry(term)
        if isinstance(term, Largest):
            return f"max_{{{self.condition(term.range_condition)}}} {self.operand(term.body)}"
        if isinstance(term, Ranged):
            limits = f"{self.any(term.index)}={self.smaller(term.low)}..{self.smaller(term.high)}"
            if isinstance(term, Integral):
                ends = f"{self.smaller(term.low)}..{self.smaller(term.high)}"
                return f"∫_{{{ends}}} {self.operand(term.body)} d{self.any(term.index)}"
            return f"{'Π' if isinstance(term, IndexProduct) else 'Σ'}_{{{limits}}} {self.operand(term.args[0])}"
        if isinstance(term, Indicator):
            return self.indicator(term)
        if isinstance(term, Partial):
            return self.derivative(term)
        if isinstance(term, Moment):
            inside = ", ".join(map(self.any, term.args))
            brackets = {Expectation: "E[]", Variance: "Var()"}.get(type(term), "Cov()")
            return f"{brackets[:-1]}{inside}{brackets[-1]}"
        if isinstance(term, Cases):
            return "{" + "; ".join(f"{self.any(v)} {self.guard(c)}" for v, c in term.clauses) + "}"
        return self.function(term)

    def guard(self, condition: Condition) -> str:
        return "otherwise" if condition == OTHERWISE else f"if {self.condition(condition)}"

    def smaller(self, term: Expr) -> str:
        return replace(self, small=True).any(term)

    def array(self, term: Array) -> Written:
        return whole_arrays.write(term, Pen(
            name=lambda a: name(a.name), factor=self.number_in_front,
            number=self.smaller, infix=SIGNS, call=CALLS,
            fences=NORMS, thin=" ", comma=", ",
            transposed=lambda text: text + "ᵀ", ones="ones",
            unit=lambda size: f"I_{size}" if _ATOM.match(size) else f"I[{size}]", grouped=lambda text: f"({text})",
            inverted=lambda text, turned: text + ("⁻ᵀ" if turned else "⁻¹"),
            map=lambda a: ("", "J_", "H_", *(f"D^{r} " for r in range(3, 30)))[a.order] + name(a.map),
        ))  # fmt: skip

    def number_in_front(self, number: Expr) -> str:
        """Of an array: `2/n`, `(1/√d)`."""
        if kinds.is_divisor(number):
            return f"({self.any(number)})"
        return self.any(number) if number.is_Mul else self.factor(number)

    def entry(self, term: Entry) -> str:
        found = self.array(term.array)
        if not term.indices:
            return f"({found.text})" if found.rank == SUM else found.text
        is_form = isinstance(term.array, Form)
        grouped = is_form and (found.rank != ATOM or "_" in found.text)
        base = f"({found.text})" if grouped else found.text
        may_be_below = not names.is_sequence(term.array) and (grouped or "_" not in base)
        return base + self.below(term.indices, may_be_below)

    def below(self, indices: Sequence[Expr], may_be_below: bool = True) -> str:
        """Indices as a subscript where they are letters or digits, close together, else in brackets."""
        written = [self.smaller(i) for i in indices]
        close = "".join(written)
        is_close = all(map(kinds.is_single, indices)) and "'" not in close
        if may_be_below and (is_close or (len(indices) == 1 and _ATOM.match(close))):
            return f"_{close}"
        return f"[{','.join(written)}]"

    def indicator(self, term: Indicator) -> str:
        pairs = kinds.deltas(term)
        if not pairs:
            return f"1[{replace(self, small=False).condition(term.condition)}]"
        return "·".join("δ" + self.below(pair) for pair in pairs)

    def derivative(self, term: Partial) -> str:
        found = kinds.differentiated(term)
        below = "".join(f"∂{self.factor(by)}{'' if count == 1 else f'^{count}'}" for by, count in found.by)
        top = "∂" if found.order == 1 else f"∂^{found.order} "
        if kinds.stands_on_top(found.term):
            return f"{top}{self.factor(found.term)}/{below}"
        inside = self.any(found.term)
        return f"{top.strip()}/{below} {inside if isinstance(found.term, Ranged) else f'({inside})'}"

    def operand(self, body: Expr) -> str:
        written = self.any(body)
        return f"({written})" if isinstance(body, Add) or written.startswith("-") else written

    def sum(self, term: Expr) -> str:
        below = order.shared_denominator(term)
        if below != 1:
            return f"({self.sum(term * below)})/{below}"
        if order.shared_factor(term) != 1:
            return self.product(term)
        return self.terms(order.sum_terms(term))

    def terms(self, terms: Sequence[tuple[bool, Expr]]) -> str:
        result, space = "", "" if self.small else " "
        for negative, part in terms:
            delta_first = isinstance(part, Mul) and len(terms) > 1
            written = self.product(part, delta_first=True) if delta_first else self.any(part := kinds.signed(part))
            if (part.is_Add and (result or negative)) or isinstance(part, sympy.Mod) or written.startswith("-"):
                written = f"({written})"
            sign = "-" if negative else "+"
            result += (f"{space}{sign}{space}" if result else "-" if negative else "") + written
        return result

    def arithmetic(self, term: Expr) -> str:
        result = ""
        for taken, factors in kinds.worked_terms(term):
            sign = (" - " if taken else " + ") if result else "-" if taken else ""
            written = map(self.factor, factors)
            result += sign + "·".join(f"({w})" if "/" in w and len(factors) > 1 and w[0] != "(" else w for w in written)
        return result

    def product(self, term: Expr, delta_first: bool = False) -> str:
        parts = order.product(term, delta_first)
        pieces = [self.factor(f) for f in parts.front]
        if len(parts.front) == 1 and not parts.negative and not (parts.under or parts.after):
            pieces = [self.factor(parts.front[0]) if isinstance(parts.front[0], Pow) else self.any(parts.front[0])]
        if parts.under:
            over = _row([self.factor(f) for f in parts.over]) or "1"
            under = _row([self.factor(f) for f in parts.under])
            pieces.append(f"{over}/{under if len(parts.under) == 1 else f'({under})'}")
        for number, factor in enumerate(parts.after, start=1):
            last = (isinstance(factor, Ranged) or kinds.is_open(factor)) and number == len(parts.after)
            pieces.append(self.any(factor) if last else self.factor(factor))
        return ("-" if parts.negative else "") + _row(pieces)

    def factor(self, factor: Expr) -> str:
        if isinstance(factor := kinds.signed(factor), Pow):
            return self.power(factor)
        written = self.any(factor)
        open_ended = isinstance(factor, (Add, Mul, Ranged, sympy.Mod)) or kinds.is_open(factor)
        open_ended = open_ended or (isinstance(factor, Entry) and not self.is_closed(factor))
        return f"({written})" if open_ended or written.startswith("-") else written

    def is_closed(self, term: Entry) -> bool:
        return bool(term.indices) or self.array(term.array).rank in (ATOM, SUM)

    def power(self, term: Pow) -> str:
        if term.exp == Rational(1, 2):
            return f"√{self.tight(term.base)}"
        base = self.any(term.base)
        closed = isinstance(kinds.signed(term.base), _CLOSED) or term.base in CONSTANTS
        closed = closed or (isinstance(term.base, Entry) and self.is_closed(term.base))
        closed = closed or (isinstance(term.base, Integer) and term.base >= 0)
        return f"{base if closed else f'({base})'}^{self.tight(term.exp)}"

    def tight(self, term: Expr) -> str:
        written = self.smaller(term)
        return written if _ATOM.match(written) else f"({written})"

    def function(self, term: Basic) -> str:
        head = type(term)
        if isinstance(term, sympy.exp):
            return f"e^{self.tight(term.args[0])}"
        if isinstance(term, sympy.Mod):
            return f"{self.factor(term.args[0])} mod {self.factor(term.args[1])}"
        if isinstance(term, Decimal):
            return f"{term.text}…"
        if isinstance(term, Applied):
            return f"{name(term.name)}{_primes(term.order)}({self.any(term.inside)})"
        if isinstance(term, (Factorial, sympy.factorial)):
            return f"{self.tight(term.args[0])}!"
        if isinstance(term, sympy.Derivative):
            variables = " ".join(f"∂{self.factor(v)}" + (f"^{n}" if n != 1 else "") for v, n in term.variable_count)
            total = sum(n for _, n in term.variable_count)
            return f"∂{'' if total == 1 else f'^{total} '}{self.factor(term.expr)}/{variables}"
        if head in FENCES:
            opening, closing = FENCES[head]
            return opening + self.any(kinds.inside_fences(term)) + closing
        if head in FUNCTIONS or isinstance(term, sympy.core.function.AppliedUndef):
            arguments = order.extreme_arguments(term) if head in (sympy.Min, sympy.Max) else term.args
            return f"{FUNCTIONS.get(head) or name(head.__name__)}({', '.join(self.any(a) for a in arguments)})"
        raise CannotPrint(f"there is no notation for {head.__name__}, met in {term}")

    def condition(self, condition: Condition) -> str:
        if isinstance(condition, Compare):
            return self.chain([condition])
        if isinstance(condition, Negation):
            return f"not ({self.condition(condition.args[0])})"
        if isinstance(condition, AllOf):
            return ", ".join(self.conjuncts(condition)) or "true"
        if isinstance(condition, AnyOf):
            return " or ".join(self.alternative(c) for c in condition.args) or "false"
        if isinstance(condition, ForAll):
            return " for ".join(self.condition(part) for part in kinds.quantified(condition))
        if isinstance(condition, Stated):
            pieces = kinds.stated_words(condition)
            return "".join(piece if isinstance(piece, str) else self.any(piece) for piece in pieces)
        raise CannotPrint(f"there is no notation for the condition {type(condition).__name__}")

    def conjuncts(self, condition: Condition) -> list[str]:
        compared = [c for c in condition.args if isinstance(c, Compare)]
        other = [f"({self.condition(c)})" for c in condition.args if not isinstance(c, Compare)]
        return [self.chain(c) for c in as_chains(compared)] + other

    def alternative(self, condition: Condition) -> str:
        if not isinstance(condition, AllOf) or not condition.args:
            return self.condition(condition)
        pieces = self.conjuncts(condition)
        return pieces[0] if len(pieces) == 1 else f"({' and '.join(pieces)})"

    def chain(self, parts: Sequence[Compare]) -> str:
        divided = divisibility(parts[0])
        if divided:
            return f"{self.any(divided[0])} {'|' if parts[0].op == '=' else '∤'} {self.any(divided[1])}"
        return self.any(parts[0].left) + "".join(f" {relation(p.op)} {self.any(p.right)}" for p in parts)


def _row(pieces: Sequence[str]) -> str:
    """Factors with a dot between them, save a number before a letter: 2n, 2·(n + 1), 127·2^(-n)."""
    result = ""
    for piece in pieces:
        close = result.isdigit() and (piece[0].isalpha() or piece[0] in "ΣΠ") and not piece.endswith("!")
        result += ("" if not result or close else "·") + piece
    return result

r"""Terms of the engine written as other people write them: LaTeX in several styles, for the corpus of claims.

Independent of `derive.render`: nothing that is read back here was written by what also prints the sheets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sympy import (
    Abs,
    Add,
    E,
    Expr,
    Integer,
    Max,
    Min,
    Mod,
    Mul,
    Pow,
    Rational,
    Symbol,
    ceiling,
    cos,
    erf,
    exp,
    floor,
    log,
    oo,
    pi,
    sign,
    sin,
    tanh,
)

from derive.errors import IllFormed
from derive.language import (
    TRUE,
    AllOf,
    AnyOf,
    Array,
    Cases,
    Compare,
    Condition,
    Covariance,
    Entry,
    Expectation,
    ForAll,
    IndexSum,
    Indicator,
    Integral,
    Largest,
    Negation,
    Partial,
    Variance,
    substitute,
)
from derive.language.counting import Binomial, Factorial
from derive.language.forms import Form
from derive.language.symbols import integer
from derive.language.terms import Ranged, names_in

GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu",
    "xi", "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Phi",
    "Psi", "Omega", "ell",
)  # fmt: skip
SIGNS = {"=": "=", "!=": r"\ne", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}
FUNCTIONS = {
    log: r"\log", sin: r"\sin", cos: r"\cos", tanh: r"\tanh", erf: r"\operatorname{erf}",
    sign: r"\operatorname{sign}",
}  # fmt: skip
SUM, PRODUCT, ATOM = 0, 1, 2
_ALL = r"\forall "


class Unsayable(Exception):
    """A term for which claim files have no words."""


@dataclass(frozen=True)
class Style:
    r"""How somebody writes.

    Attributes:
        fraction: \frac, \dfrac, or '/' between brackets.
        dot: Between factors; '' for factors side by side.
        comma: Between indices.
        square: Indices in square brackets.
        wide: \left( \right) around everything.
        roman: Names of several letters in \mathrm.
        letters: Bound indices are called otherwise.
        turn: 'as is', 'shifted' or 'reversed' sums.
        root: \sqrt for the power 1/2.
        power: e^{...} for exp, else \exp(...).
    """

    name: str
    fraction: str = r"\frac"
    dot: str = ""
    comma: bool = False
    square: bool = False
    wide: bool = False
    roman: bool = False
    letters: str = ""
    turn: str = "as is"
    root: bool = True
    power: bool = True


STYLES = (
    Style("compact"),
    Style("spelled", fraction=r"\dfrac", dot=r" \cdot ", comma=True, wide=True, roman=True, root=False, power=False),
    Style("slashes", fraction="/", dot=r" \cdot ", comma=True, square=True, letters="qruvslmthgb"),
    Style("shifted", comma=True, letters="ruqvhgtsl", turn="shifted"),
    Style("reversed", fraction=r"\tfrac", dot=r" \, ", comma=True, wide=True, turn="reversed"),
)


@dataclass
class Printer:
    """Writes terms in one style; `taken` are the names that mean something, `words` those that are not declared."""

    style: Style
    taken: set[str] = field(default_factory=set)
    bound: dict[Symbol, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    # -- names -----------------------------------------------------------------------------------------------------

    def name(self, name: str) -> str:
        """A declared name."""
        if name in self.words:
            return rf"\mathrm{{{name.replace('_', '').rstrip(chr(39))}}}" if len(name) > 1 else name
        primes = len(name) - len(name.rstrip("'"))
        base, *subs = name.rstrip("'").split("_")
        if base in GREEK:
            text = "\\" + base
        elif len(base) == 1:
            text = base
        else:
            text = rf"\mathrm{{{base}}}" if self.style.roman or subs or name in self.words else base
        text += "'" * primes
        if subs:
            said = ",".join(f"\\{s}" if s in GREEK else s for s in subs)
            plain = len(said) == 1 or not self.style.roman or said.startswith("\\") or said.isdigit()
            text += f"_{{{said}}}" if plain else rf"_{{\mathrm{{{said}}}}}"
        return text

    def letter(self, index: Symbol) -> str:
        """A name for a bound index, unlike all that mean something."""
        used = self.taken | {self.bound[s] for s in self.bound}
        pool = [*self.style.letters, index.name] if self.style.letters else [index.name, *"kijlmrstuvqhgpabcn"]
        for letter in (*pool, *"kijlmrstuvqhgpabcnwxyzKLMNPQRSTUVW"):
            if letter not in used and letter not in ("d", "e") and len(letter) == 1:
                return letter
        raise Unsayable("no letter is left for an index")

    # -- brackets --------------------------------------------------------------------------------------------------

    def round(self, text: str) -> str:
        """In round brackets."""
        return rf"\left( {text} \right)" if self.style.wide else f"({text})"

    def of(self, name: str, *parts: Expr) -> str:
        """A named function of its arguments."""
        return name + self.round(", ".join(self.term(p) for p in parts))

    # -- terms -----------------------------------------------------------------------------------------------------

    def term(self, e: Expr, level: int = SUM) -> str:
        """A term, in brackets where something that binds as tightly as `level` is wanted."""
        text, own = self._term(e)
        return text if own >= level else self.round(text)

    def _term(self, e: Expr) -> tuple[str, int]:
        if isinstance(e, Symbol):
            return (self.bound[e], ATOM) if e in self.bound else (self.name(e.name), ATOM)
        if isinstance(e, Rational):
            return self._number(e)
        if e is E or isinstance(e, exp) or (isinstance(e, Pow) and e.base is E):
            return self._exponential(e)
        if e is pi:
            return r"\pi", ATOM
        if isinstance(e, Add):
            return self._sum(e), SUM
        if isinstance(e, Mul):
            return self._product(e)
        if isinstance(e, Pow):
            return self._power(e)
        if isinstance(e, Entry):
            return self._entry(e), ATOM
        if isinstance(e, Ranged):
            return self._ranged(e)
        return self._head(e)

    def _number(self, e: Rational) -> tuple[str, int]:
        if e.q == 1:
            return str(e), ATOM if e >= 0 else SUM
        top, bottom = abs(e.p), e.q
        text = f"{top}/{bottom}" if self.style.fraction == "/" else f"{self.style.fraction}{{{top}}}{{{bottom}}}"
        if e < 0:
            return f"-{text}", SUM
        return text, PRODUCT if self.style.fraction == "/" else ATOM

    def _exponential(self, e: Expr) -> tuple[str, int]:
        argument = Integer(1) if e is E else e.args[0] if isinstance(e, exp) else e.exp
        if self.style.power and "e" not in self.taken:
            return f"e^{{{self.term(argument)}}}" if e is not E else "e", PRODUCT if e is not E else ATOM
        return self.of(r"\exp", argument), PRODUCT

    def _sum(self, e: Add) -> str:
        parts = sorted(e.args, key=lambda t: (str(t).startswith("-"), isinstance(t, Ranged)))
        text = ""
        for part in parts:
            sign_, rest = _signed(part)
            # What takes all that follows in its product ends at the next sign: no brackets are needed.
            said = self.term(rest, PRODUCT)
            text += (" - " if text else "-") + said if sign_ < 0 else (" + " if text else "") + said
        return text

    def _product(self, e: Mul) -> tuple[str, int]:
        sign_, rest = _signed(e)
        if sign_ < 0:
            return f"-{self.term(rest, PRODUCT)}", SUM
        above, below = [], []
        for factor in e.args:
            base, exponent = (factor.base, factor.exp) if isinstance(factor, Pow) else (factor, Integer(1))
            if isinstance(factor, Rational):
                if factor.p != 1:
                    above.append(Integer(factor.p))
                if factor.q != 1:
                    below.append(Integer(factor.q))
            elif base is not E and _goes_below(base, exponent):
                below.append(Pow(base, -exponent) if base != 0 else factor)
            else:
                above.append(factor)
        if not below:
            return self._factors(above), PRODUCT
        return self._quotient(above, below)

    def _quotient(self, above: list[Expr], below: list[Expr]) -> tuple[str, int]:
        top, bottom = self._factors(above) if above else "1", self._factors(below)
        if self.style.fraction == "/":
            simple = len(below) == 1 and isinstance(below[0], (Symbol, Integer))
            top = top if len(above) <= 1 and not (above and isinstance(above[0], Ranged)) else self.round(top)
            if len(above) == 1 and (isinstance(above[0], Add) or self._opens(above[0])):
                top = self.term(above[0], ATOM) if isinstance(above[0], Add) else self.round(self.term(above[0]))
            return f"{top}/{bottom if simple else self.round(bottom)}", PRODUCT
        if len(above) == 1:
            top = self.term(above[0])
        if len(below) == 1:
            bottom = self.term(below[0])
        return f"{self.style.fraction}{{{top}}}{{{bottom}}}", ATOM

    def _opens(self, e: Expr) -> bool:
        """Whether it takes all that follows it."""
        return isinstance(e, (Ranged, Partial)) and not isinstance(e, Integral)

    def _factors(self, factors: list[Expr]) -> str:
        ordered = sorted(factors, key=lambda f: (not isinstance(f, Integer), self._opens(f)))
        texts = []
        for place, factor in enumerate(ordered):
            text = self.term(factor, PRODUCT)
            last = place == len(ordered) - 1
            if self._opens(factor) and not last:
                text = self.round(self.term(factor))
            if (place or not last) and isinstance(factor, (Mod,)):
                text = self.round(self.term(factor))
            if self.style.fraction == "/" and "/" in text and not isinstance(factor, (Entry, Ranged)) and not last:
                text = self.round(text)
            texts.append(text)
        made = texts[0]
        for text in texts[1:]:
            made += self._between(made, text) + text
        return made

    def _between(self, before: str, after: str) -> str:
        if self.style.dot.strip() == r"\cdot":
            return self.style.dot
        letters = re.search(r"[A-Za-z]$", before) and re.match(r"[A-Za-z]", after)
        glued = letters and any(len(n) > 1 and n.isalpha() for n in self.taken)
        if after[0].isdigit() or glued or after[0] in "-":
            return r" \cdot "
        if after.startswith(("[", "(", r"\left")) and re.search(r"[A-Za-z}'\]]$", before):
            return r" \cdot "
        return self.style.dot or " "

    def _power(self, e: Pow) -> tuple[str, int]:
        base, exponent = e.base, e.exp
        if base != 0 and _goes_below(base, exponent):
            return self._quotient([], [Pow(base, -exponent)])
        if exponent == Rational(1, 2) and self.style.root:
            return rf"\sqrt{{{self.term(base)}}}", ATOM
        atom = isinstance(base, Symbol) or (isinstance(base, Integer) and base >= 0)
        if isinstance(base, Entry) and not isinstance(base.array, Form) and not self.style.square:
            atom = not _awkward(base.array.name)
        text = self.term(base, ATOM)
        if not atom or (isinstance(base, Symbol) and "'" in text):
            text = self.round(self.term(base))
        return f"{text}^{{{self.term(exponent)}}}", PRODUCT

    def _entry(self, e: Entry) -> str:
        if isinstance(e.array, Form):
            return self._of_form(e)
        name = self.name(e.array.name)
        if not e.indices:
            return name
        inside = [self.term(i) for i in e.indices]
        if self.style.square or _awkward(e.array.name):
            return f"{name}[{', '.join(inside)}]"
        short = all(len(i) == 1 or (i.isdigit() and len(i) == 1) for i in inside)
        joined = ("" if short else ", ").join(inside) if not self.style.comma else ", ".join(inside)
        return f"{name}_{{{joined}}}"

    def _of_form(self, e: Entry) -> str:
        form = e.array
        assert isinstance(form, Form)
        if not e.indices:
            return self.number_of(form)
        try:
            whole = self.whole(form, ATOM)
        except Unsayable:
            definition = form.definition
            if definition is None:
                raise
            return self.term(definition.at(e.indices), ATOM)
        inside = [self.term(i) for i in e.indices]
        short = all(len(i) == 1 for i in inside)
        return f"{whole}_{{{'' .join(inside) if short and not self.style.comma else ', '.join(inside)}}}"

    def number_of(self, form: Form) -> str:
        """A number in whole-array notation."""
        operation, operands = form.operation, form.operands
        if operation == "trace":
            return rf"\operatorname{{tr}}{self.round(self.whole(operands[0]))}"
        if operation == "determinant":
            return rf"\det{self.round(self.whole(operands[0]))}"
        if operation == "spectral_norm":
            return rf"\left\| {self.whole(operands[0])} \right\|_2"
        if operation == "nuclear_norm":
            return rf"\| {self.whole(operands[0])} \|_*"
        if operation == "squared_norm":
            kind = "F" if len(operands[0].axes) == 2 else "2"
            return self.round(rf"\| {self.whole(operands[0])} \|_{kind}^2")
        if operation == "inner":
            one, other = (self.whole(o, ATOM) for o in operands)
            flat = len(operands[0].axes) == 1
            made = rf"{one}^\top {other}"
            return self.round(made) if flat else rf"\operatorname{{tr}}{self.round(made)}"
        if form.definition is None:
            raise Unsayable(f"the form {operation}")
        return self.term(form.definition.at(()), ATOM)

    def whole(self, array: Array, level: int = SUM) -> str:
        """An array in matrix notation."""
        if not isinstance(array, Form):
            if len(array.axes) not in (1, 2) or any(end in (oo, -oo) for axis in array.axes for end in axis):
                raise Unsayable("an array that is no matrix in matrix notation")
            return self.name(array.name)
        text, own = self._whole(array)
        return text if own >= level else self.round(text)

    def _whole(self, form: Form) -> tuple[str, int]:
        operation, parts = form.operation, form.operands
        if operation == "product":
            left = self.whole(parts[0], PRODUCT)
            if len(parts[0].axes) == 1:
                left = rf"{self.whole(parts[0], ATOM)}^\top"
            return f"{left} {self.whole(parts[1], PRODUCT)}", PRODUCT
        if operation == "transpose":
            return rf"{self._base(parts[0])}^\top", PRODUCT
        if operation == "inverse":
            return rf"{self._base(parts[0])}^{{-1}}", PRODUCT
        if operation == "outer":
            return rf"{self.whole(parts[0], PRODUCT)} {self._base(parts[1])}^\top", PRODUCT
        if operation in ("sum", "difference"):
            sign_ = "+" if operation == "sum" else "-"
            return f"{self.whole(parts[0])} {sign_} {self.whole(parts[1], PRODUCT)}", SUM
        if operation == "scaled":
            if _signed(parts[0])[0] < 0:
                rest = _signed(parts[0])[1]
                factor = "" if rest == 1 else self.term(rest, ATOM) + r" \cdot "
                return f"-{factor}{self.whole(parts[1], PRODUCT)}", SUM
            return rf"{self.term(parts[0], ATOM)} \cdot {self.whole(parts[1], PRODUCT)}", PRODUCT
        if operation == "diagonal":
            return rf"\operatorname{{diag}}{self.round(self.whole(parts[0]))}", PRODUCT
        if operation == "hadamard":
            return rf"{self.whole(parts[0], ATOM)} \odot {self.whole(parts[1], ATOM)}", PRODUCT
        if operation == "identity" and "I" not in self.taken:
            return f"I_{{{self.term(parts[0])}}}", PRODUCT  # in brackets where an index or a power follows
        raise Unsayable(f"the form {operation}")

    def _base(self, array: Array) -> str:
        """With something above it."""
        return self.whole(array, ATOM) if not isinstance(array, Form) else self.round(self.whole(array))

    # -- what binds an index ---------------------------------------------------------------------------------------

    def _ranged(self, e: Ranged) -> tuple[str, int]:
        if isinstance(e, ForAll):
            raise Unsayable("a quantifier in a term")
        if isinstance(e, IndexSum) and not e.is_endless and not isinstance(e.body, Ranged):
            e = self._turned(e)
        low = r"-\infty" if e.low is -oo else self.term(e.low)
        high = r"\infty" if e.high is oo else self.term(e.high)
        index = self.letter(e.index)
        outside = self.bound
        self.bound = {**outside, e.index: index}
        try:
            body = self.term(e.body, PRODUCT)
        finally:
            self.bound = outside
        if isinstance(e, Integral):
            return self.round(rf"\int_{{{low}}}^{{{high}}} {body} \, d{index}"), ATOM
        if isinstance(e, Largest):
            return rf"\max_{{{low} \le {index} \le {high}}} {body}", PRODUCT
        sign_ = r"\sum" if isinstance(e, IndexSum) else r"\prod"
        return rf"{sign_}_{{{index}={low}}}^{{{high}}} {body}", PRODUCT

    def _turned(self, e: IndexSum) -> IndexSum:
        k = e.index
        if self.style.turn == "shifted":
            return IndexSum(substitute(e.body, {k: k - 1}), k, e.low + 1, e.high + 1)
        if self.style.turn == "reversed" and k not in (e.low.free_symbols | e.high.free_symbols):
            free = integer("k" if k.name != "k" else "j")
            if free.name not in names_in(e) | self.taken:
                return IndexSum(substitute(e.body, {k: e.low + e.high - free}), free, e.low, e.high)
        return e

    # -- other heads -----------------------------------------------------------------------------------------------

    def _head(self, e: Expr) -> tuple[str, int]:
        for kind, name in FUNCTIONS.items():
            if isinstance(e, kind):
                return self.of(name, *e.args), PRODUCT
        if isinstance(e, (floor, ceiling)):
            kind = "floor" if isinstance(e, floor) else "ceil"
            return rf"\left\l{kind} {self.term(e.args[0])} \right\r{kind}", ATOM
        if isinstance(e, Abs):
            return rf"\left| {self.term(e.args[0])} \right|", ATOM
        if isinstance(e, (Max, Min)):
            return self.of(r"\max" if isinstance(e, Max) else r"\min", *e.args), PRODUCT
        if isinstance(e, Mod):
            return rf"{self.term(e.args[0], ATOM)} \bmod {self.term(e.args[1], ATOM)}", SUM
        if isinstance(e, Factorial):
            n = e.args[0]
            return f"{self.term(n, ATOM)}!", PRODUCT
        if isinstance(e, Binomial):
            return rf"\binom{{{self.term(e.args[0])}}}{{{self.term(e.args[1])}}}", ATOM
        if isinstance(e, Cases):
            return self._cases(e), ATOM
        if isinstance(e, Indicator):
            c = e.condition
            if isinstance(c, Compare) and c.op == "=" and "delta" not in self.taken and self.style.comma:
                return rf"\delta_{{{self.term(c.left)}, {self.term(c.right)}}}", ATOM
            return (rf"\mathbf{{1}}[{self.condition(c)}]" if self.style.roman else f"[{self.condition(c)}]"), PRODUCT
        if isinstance(e, Partial):
            return self._partial(e)
        if isinstance(e, Expectation):
            if "E" in self.taken:
                raise Unsayable("the letter E is a name here")
            return rf"\mathbb{{E}}\left[ {self.term(e.body)} \right]", PRODUCT
        if isinstance(e, Variance):
            return rf"\operatorname{{Var}}\left( {self.term(e.body)} \right)", PRODUCT
        if isinstance(e, Covariance):
            return rf"\operatorname{{Cov}}\left( {self.term(e.args[0])}, {self.term(e.args[1])} \right)", PRODUCT
        raise Unsayable(type(e).__name__)

    def _partial(self, e: Partial) -> tuple[str, int]:
        by = self._entry(e.by)
        if isinstance(e.term, Entry) and not isinstance(e.term.array, Form):
            return rf"\frac{{\partial {self._entry(e.term)}}}{{\partial {by}}}", ATOM
        return rf"\frac{{\partial}}{{\partial {by}}} {self.round(self.term(e.term))}", PRODUCT

    def _cases(self, e: Cases) -> str:
        rows = []
        for value, condition in e.clauses:
            when = r"\text{otherwise}" if condition == TRUE else self.condition(condition)
            rows.append(f"{self.term(value)} & {when}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def condition(self, c: Condition) -> str:
        """A condition."""
        if isinstance(c, Compare):
            return f"{self.term(c.left)} {SIGNS[c.op]} {self.term(c.right)}"
        if isinstance(c, AllOf):
            parts = c.args
            chain = len(parts) == 2 and all(isinstance(p, Compare) and p.op in ("<=", "<") for p in parts)
            if chain and parts[0].right == parts[1].left:
                return f"{self.condition(parts[0])} {SIGNS[parts[1].op]} {self.term(parts[1].right)}"
            return r" \land ".join(self._inside(p) for p in parts)
        if isinstance(c, AnyOf):
            return r" \lor ".join(self._inside(p) for p in c.args)
        if isinstance(c, Negation):
            return rf"\lnot {self.round(self.condition(c.args[0]))}"
        if isinstance(c, ForAll) and c.over_integers:
            low, high = self.term(c.low), self.term(c.high)
            if c.low is -oo or c.high is oo:
                raise Unsayable("a hypothesis about endlessly many entries")
            index = self.letter(c.index)
            outside = self.bound
            self.bound = {**outside, c.index: index}
            try:
                body = self.condition(c.body)
                first, rest = rf"\forall {low} \le {index} \le {high}", f": {body}"
                return first + (f", {body.removeprefix(_ALL)}" if body.startswith(_ALL) else rest)
            finally:
                self.bound = outside
        raise Unsayable(f"the condition {c}")

    def _inside(self, c: Condition) -> str:
        text = self.condition(c)
        return text if isinstance(c, Compare) else self.round(text)


def _goes_below(base: Expr, exponent: Expr) -> bool:
    """Whether a power may be written as 1 over another: a^(-n) has a value at a = 0 where n < 0, and 1/a^n has none."""
    if _signed(exponent)[0] > 0 or isinstance(exponent, Add):
        return False
    return bool(exponent.is_number) or (isinstance(base, Rational) and base != 0)


def _awkward(name: str) -> bool:
    return "_" in name or "'" in name


def _signed(e: Expr) -> tuple[int, Expr]:
    """A term as its sign and the rest."""
    if isinstance(e, Rational):
        return (-1, -e) if e < 0 else (1, e)
    if isinstance(e, Mul) and isinstance(e.args[0], Rational) and e.args[0] < 0:
        rest = e.args[1:] if e.args[0] == -1 else (-e.args[0], *e.args[1:])
        try:
            return -1, rest[0] if len(rest) == 1 else Mul(*rest, evaluate=False)
        except IllFormed:
            return 1, e
    return 1, e

r"""The inline mathematics that an author may write.

The text between dollars is passed on to TeX as it is, and TeX is a programming language that reads and writes files.
So only commands of known effect are let through, and whatever has no place in a formula (`\input`, `\catcode`, the
`^^` notation, a comment sign) is refused before any engine sees it. What is let through is then converted to MathML
once, so that a formula which one of the formats could not show is a mistake in the sheet file, with its line, and not
a failure in the middle of a build.
"""

from __future__ import annotations

import difflib
import re

from math_core import LatexError, LatexToMathML

from derive.errors import BadInput

LONGEST_FORMULA = 1000

_LETTERS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell
hbar imath jmath Re Im aleph wp nabla partial infty emptyset varnothing forall exists nexists prime angle triangle
top bot complement
"""
_OPERATIONS = """
cdot times div pm mp ast star circ bullet oplus ominus otimes odot oslash cup cap uplus sqcup sqcap vee wedge lor
land neg lnot setminus dagger ddagger amalg wr diamond sum prod coprod int iint iiint oint bigcup bigcap bigoplus
bigotimes bigvee bigwedge bigsqcup limits nolimits sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth
exp log ln lg max min sup inf lim limsup liminf det dim ker deg gcd arg Pr hom pmod bmod mod operatorname
"""
_RELATIONS = """
le leq ge geq ne neq equiv approx sim simeq cong propto ll gg in ni notin subset supset subseteq supseteq
subsetneq supsetneq mid nmid parallel perp prec succ preceq succeq vdash models asymp doteq coloneqq eqqcolon
triangleq leqslant geqslant lesssim gtrsim to gets rightarrow leftarrow leftrightarrow Rightarrow Leftarrow
Leftrightarrow mapsto longrightarrow longleftarrow longmapsto Longrightarrow implies impliedby iff uparrow downarrow
updownarrow hookrightarrow nearrow searrow rightharpoonup xrightarrow xleftarrow not colon
"""
_FORMS = """
frac dfrac tfrac cfrac binom dbinom tbinom sqrt overline underline overbrace underbrace overset underset stackrel
hat widehat tilde bar vec dot ddot check breve acute grave boxed phantom text textbf textit mathrm mathbf mathit
mathsf mathtt mathcal mathbb mathfrak boldsymbol displaystyle textstyle scriptstyle begin end hline dots ldots cdots
vdots ddots quad qquad enspace
"""
_FENCES = """
left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr langle rangle lfloor rfloor lceil
rceil lvert rvert lVert rVert lbrace rbrace lbrack rbrack vert Vert backslash
"""
COMMANDS = frozenset(" ".join((_LETTERS, _OPERATIONS, _RELATIONS, _FORMS, _FENCES)).split())
SIGNS = frozenset(",;:!>{}|$%&#_\\ ")
_ARRANGEMENTS = """
matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix cases dcases rcases aligned gathered array
"""
ENVIRONMENTS = frozenset(_ARRANGEMENTS.split())

_PROGRAMS = re.compile(
    r"""input|include|import|usepackage|documentclass|write|immediate|open|close|read|catcode|[exg]?def$|let$|futurelet
    |csname|endcsname|direct|lua|pdf|special|new|renew|provide|Declare|expandafter|scantokens|loop|every|after|output
    |shell|escape|char$|uppercase|lowercase|make|the$|typeout|message|verb|file|IfFile|InputIf|include|href|url|html""",
    re.VERBOSE,
)
_TOKEN = re.compile(r"\\(?:[A-Za-z@]+|.)|\\\Z|[{}%#&~^]|.", re.DOTALL)
_ENVIRONMENT = re.compile(r"\{([^{}\\]{0,40})\}")


def check_formula(source: str) -> None:
    r"""Refuse what cannot stand between dollars.

    Raises:
        BadInput: a command that is not known or not allowed, braces or fences that do not match, a formula that is
            empty or too long; the message names the nearest allowed command.

    Example:
        >>> check_formula(r"\frac{1}{1 - a}")
        >>> check_formula(r"\fracc{1}{2}")
        Traceback (most recent call last):
        derive.errors.BadInput: there is no command \fracc in the formula $\fracc{1}{2}$; did you mean \frac?
    """
    if len(source) > LONGEST_FORMULA:
        raise BadInput(
            f"a formula of {len(source)} characters is too long; at most {LONGEST_FORMULA} may stand between two $"
        )
    if not source.strip():
        raise BadInput("there is nothing between two $; for a dollar sign write \\$")
    for character in source:
        if not (" " <= character <= "~" or character in "\n\t"):
            raise BadInput(
                f"{character!r} cannot stand in the formula {_quoted(source)}; write a command such as \\alpha"
            )
    if "^^" in source:
        raise BadInput(f"^^ is not allowed in the formula {_quoted(source)}")
    _Formula(source).check()
    try:
        LatexToMathML(fancy_error=False).convert_with_local_state(source, displaystyle=False)
    except LatexError as error:
        place, _, what = str(error).partition(": ")
        at = f" at column {int(place) + 1}" if place.isdecimal() else ""
        raise BadInput(f"the formula {_quoted(source)} has a mistake{at}: {what or place}") from None


def _quoted(source: str) -> str:
    shown = " ".join(source.split())
    return f"${shown}$" if len(shown) <= 60 else f"${shown[:57]}...$"


class _Formula:
    """A formula on the way through its tokens, with what is open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.open: list[str] = []

    def check(self) -> None:
        for found in _TOKEN.finditer(self.source):
            token = found.group()
            if token.startswith("\\"):
                self._command(token[1:], found.end())
            elif token == "{":
                self.open.append("{")
            elif token == "}":
                self._close("{", "}")
            elif token in "%#":
                raise self._error(f"{token} must be written \\{token}")
            elif token == "&" and not any(o.startswith("\\begin") for o in self.open):
                raise self._error("& stands outside of an environment such as cases; for the sign write \\&")
        if self.open:
            raise self._error(f"{self.open[-1]} is not closed")

    def _command(self, name: str, end: int) -> None:
        if name in ("begin", "end"):
            found = _ENVIRONMENT.match(self.source, end)
            environment = found.group(1) if found else ""
            if environment not in ENVIRONMENTS:
                known = ", ".join(sorted(ENVIRONMENTS))
                raise self._error(f"\\{name}{{{environment}}} is not allowed; there are {known}")
            if name == "begin":
                self.open.append(f"\\begin{{{environment}}}")
            else:
                self._close(f"\\begin{{{environment}}}", f"\\end{{{environment}}}")
        elif name == "left":
            self.open.append("\\left")
        elif name == "right":
            self._close("\\left", "\\right")
        elif name == "middle" and "\\left" not in self.open:
            raise self._error("\\middle stands outside of \\left ... \\right")
        elif name == "\\" and not any(o.startswith("\\begin") for o in self.open):
            raise self._error("\\\\ stands outside of an environment such as cases")
        elif name not in COMMANDS and name not in SIGNS:
            if _PROGRAMS.match(name):
                raise self._error(f"the command \\{name} is not allowed")
            close = difflib.get_close_matches(name, sorted(COMMANDS), n=1)
            hint = f"; did you mean \\{close[0]}?" if close else ""
            raise BadInput(f"there is no command \\{name} in the formula {_quoted(self.source)}{hint}")

    def _close(self, opening: str, closing: str) -> None:
        if not self.open or self.open[-1] != opening:
            after = f" while {self.open[-1]} is open" if self.open else ""
            raise self._error(f"{closing} closes nothing{after}")
        self.open.pop()

    def _error(self, what: str) -> BadInput:
        return BadInput(f"{what}, in the formula {_quoted(self.source)}")

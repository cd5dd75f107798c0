r"""The commands of LaTeX that formulas may use: a table, so that anything that is not in it is refused by name.

No command is ever carried out. `\input` and `\def` are not in the table and are as unknown as `\foo`.
"""

from __future__ import annotations


def _ordered(text: str) -> list[str]:
    return text.split()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMES = _words("""alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi
    pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    ell hbar infty partial nabla top bot dagger ddagger prime emptyset varnothing imath jmath Re Im intercal""")
r"""Commands that are one symbol; \top also stands for the transpose."""

FUNCTIONS = _words("""log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan det dim
    ker deg gcd hom arg
    Pr""")

BIG = _words("sum prod int iint max min sup inf lim argmax argmin bigcup bigcap")
BIG_NAMES = _words("max min sup inf")
r"""These may also name something: x_{\max}."""

OPERATORS = {
    "cdot": "\\cdot",
    "times": "\\times",
    "ast": "*",
    "star": "\\star",
    "odot": "\\odot",
    "otimes": "\\otimes",
    "circ": "\\circ",
    "bmod": "\\bmod",
    "div": "\\div",
}

RELATIONS = {
    "ne": "\\ne", "neq": "\\ne", "le": "\\le", "leq": "\\le", "leqslant": "\\le", "ge": "\\ge", "geq": "\\ge",
    "geqslant": "\\ge", "lt": "<", "gt": ">", "approx": "\\approx", "sim": "\\sim", "equiv": "\\equiv",
    "propto": "\\propto", "coloneqq": ":=", "triangleq": ":=", "in": "\\in", "notin": "\\notin", "to": "\\to",
    "rightarrow": "\\to", "longrightarrow": "\\to", "mid": "\\mid", "nmid": "\\nmid", "perp": "\\perp",
    "subset": "\\subset", "subseteq": "\\subset", "colon": ":",
}  # fmt: skip
NEGATIONS = {"=": "\\ne", "\\in": "\\notin", "\\mid": "\\nmid"}
r"""What \not makes of a relation."""

LOGIC = {
    "land": "LAND",
    "wedge": "LAND",
    "lor": "LOR",
    "vee": "LOR",
    "implies": "IMPLIES",
    "Rightarrow": "IMPLIES",
    "Longrightarrow": "IMPLIES",
    "iff": "IFF",
    "Leftrightarrow": "IFF",
    "Longleftrightarrow": "IFF",
    "lnot": "LNOT",
    "neg": "LNOT",
    "forall": "FORALL",
}

DOTS = _words("dots ldots cdots vdots ddots dotsc dotsb dotsm")

FONTS = {
    "mathrm": "mathrm", "mathbf": "mathbf", "mathbb": "mathbb", "mathbbm": "mathbb", "mathds": "mathbb",
    "mathcal": "mathcal", "mathsf": "mathsf", "mathtt": "mathtt", "mathit": "mathit", "mathfrak": "mathfrak",
    "mathscr": "mathscr", "boldsymbol": "boldsymbol", "bm": "boldsymbol", "pmb": "boldsymbol", "textbf": "mathbf",
    "textit": "mathit", "texttt": "mathtt", "operatorname": "operatorname",
}  # fmt: skip
"""A word may stand in these; the value is the style that the name gets."""

ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar",
    "vec": "vec", "dot": "dot", "ddot": "ddot", "underline": "underline",
}  # fmt: skip

TEXTS = _words("text textrm textnormal textsf mbox")

SPACES = frozenset(
    [",", ";", ":", "!", ">", " ", "\n", "\t", "/"]
) | _words("""quad qquad space thinspace medspace thickspace negthinspace enspace allowbreak nobreak
    displaystyle textstyle
    scriptstyle limits nolimits nonumber notag mathstrut strut hline""")
WIDE = frozenset(["quad", "qquad"])
SPACES_WITH_ARGUMENT = _words("label tag hspace mspace vspace phantom hphantom vphantom")

SIZES = {size + side: side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")}
r"""\bigl opens, \bigr closes, \bigm stands between, \big says nothing."""

ARGUMENTS = {"frac": 2, "dfrac": 2, "tfrac": 2, "cfrac": 2, "binom": 2, "dbinom": 2, "tbinom": 2, "sqrt": 1}
TRANSPARENT = _words("boxed underbrace overbrace ensuremath smash mathord mathop")
r"""Their argument is read as if it stood alone; what \underbrace says below is dropped."""

OPENING = {
    "lfloor": "\\lfloor", "lceil": "\\lceil", "langle": "\\langle", "lvert": "|", "lVert": "\\|", "{": "\\{",
    "lbrace": "\\{", "lbrack": "[", "lparen": "(",
}  # fmt: skip
CLOSING = {
    "rfloor": "\\rfloor", "rceil": "\\rceil", "rangle": "\\rangle", "rvert": "|", "rVert": "\\|", "}": "\\}",
    "rbrace": "\\}", "rbrack": "]", "rparen": ")",
}  # fmt: skip
PAIRS = {
    "(": (")", "]"), "[": ("]", ")"), "\\{": ("\\}",), "|": ("|",), "\\|": ("\\|",), "\\lfloor": ("\\rfloor",),
    "\\lceil": ("\\rceil",), "\\langle": ("\\rangle",), "eval": ("|",),
}  # fmt: skip
"""What may close a bracket, the usual one first; `[0, 1)` is an interval."""

MATRICES = {
    "matrix": "", "pmatrix": "p", "bmatrix": "b", "vmatrix": "v", "Vmatrix": "V", "Bmatrix": "B", "smallmatrix": "",
    "array": "",
}  # fmt: skip
CASES = frozenset(["cases", "dcases"])
WRAPPERS = _words("equation align aligned alignat gather gathered split multline displaymath math eqnarray")
r"""Environments that stand around a whole formula, with or without a star; their `\\` separates lines."""

OTHERS = _words("left right middle begin end not over choose substack mathbin mathrel vert Vert pm")

UNSUPPORTED = {
    "exists": "'there is' is not supported",
    "mp": "what belongs to which sign is not said",
    "pmod": "write \\bmod, or that the modulus divides the difference",
    "mod": "write \\bmod",
    "atop": "write a fraction or a binomial",
    "cup": "unions are not supported",
    "cap": "intersections are not supported",
}

KNOWN = sorted(
    NAMES | FUNCTIONS | BIG | set(OPERATORS) | set(RELATIONS) | set(LOGIC) | DOTS | set(FONTS) | set(ACCENTS) | TEXTS
    | {c for c in SPACES if c.isalpha()} | SPACES_WITH_ARGUMENT | set(SIZES) | set(ARGUMENTS) | TRANSPARENT
    | {c for c in (*OPENING, *CLOSING, *OTHERS) if c.isalpha()}
)  # fmt: skip

UNICODE = {
    "−": "-", "–": "-", "·": "\\cdot", "⋅": "\\cdot", "×": "\\times", "÷": "\\div", "∗": "*", "⋆": "\\star",
    "⊙": "\\odot", "⊗": "\\otimes", "∘": "\\circ", "±": "\\pm", "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx",
    "∼": "\\sim", "≡": "\\equiv", "∝": "\\propto", "∈": "\\in", "∉": "\\notin", "→": "\\to", "⇒": "\\implies",
    "⟹": "\\implies", "⇔": "\\iff", "⟺": "\\iff", "∧": "\\land", "∨": "\\lor", "¬": "\\lnot", "∀": "\\forall",
    "∃": "\\exists", "∞": "\\infty", "∂": "\\partial", "∇": "\\nabla", "∑": "\\sum", "∏": "\\prod", "∫": "\\int",
    "√": "\\sqrt", "⊤": "\\top", "ᵀ": "^\\top", "∣": "\\mid", "∥": "\\|", "‖": "\\|", "⌊": "\\lfloor", "⌋": "\\rfloor",
    "⌈": "\\lceil", "⌉": "\\rceil", "⟨": "\\langle", "⟩": "\\rangle", "…": "\\dots", "⋯": "\\cdots", "⋮": "\\vdots",
    "⋱": "\\ddots", "ℓ": "\\ell", "∅": "\\emptyset", "ℝ": "\\mathbb{R}", "ℤ": "\\mathbb{Z}", "ℕ": "\\mathbb{N}",
    "ℚ": "\\mathbb{Q}", "ℂ": "\\mathbb{C}", "𝔼": "\\mathbb{E}", "𝟙": "\\mathbb{1}", "′": "'", "≔": ":=",
    "⊥": "\\perp", "⊂": "\\subset", "⊆": "\\subset", "¹": "^1", "²": "^2", "³": "^3",
} | dict(
    zip(
        "αβγδεζηθικλμνξπρσςτυφχψωΓΔΘΛΞΠΣΥΦΨΩϵϑϕϱµ",
        (
            "\\" + name
            for name in _ordered("""alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi
    rho sigma varsigma
            tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega epsilon
    vartheta phi
            varrho mu""")
        ),
        strict=True,
    )
)  # fmt: skip
"""Letters and signs beside ASCII, and the command each one stands for."""

BEFORE_CONDITION = _words("if for when where whenever provided")
WORDS = {
    "and": ("LAND", "\\land"), "or": ("LOR", "\\lor"), "implies": ("IMPLIES", "\\implies"), "iff": ("IFF", "\\iff"),
    "if and only if": ("IFF", "\\iff"), "for": ("FORALL", "\\forall"), "for all": ("FORALL", "\\forall"),
    "for every": ("FORALL", "\\forall"), "for each": ("FORALL", "\\forall"), "for any": ("FORALL", "\\forall"),
    "such that": ("REL", ":"), "if": ("FORALL", "\\forall"), "when": ("FORALL", "\\forall"),
    "whenever": ("FORALL", "\\forall"), "provided": ("FORALL", "\\forall"), "where": ("FORALL", "\\forall"),
    "provided that": ("FORALL", "\\forall"), "with": ("FORALL", "\\forall"),
}  # fmt: skip
"""Words that are signs in disguise."""
NOT_NAMES = _words("otherwise else if when where whenever provided with in is are then even odd")
r"""Single words in \text that are words, and not the name of a function or value."""

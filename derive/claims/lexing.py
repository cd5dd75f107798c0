r"""From the text of a formula to the tokens of its grammar: what each command does."""

from __future__ import annotations

from lark import Token

from derive.claims import commands as known
from derive.claims.patterns import environment_at, height_at, is_name, word_at
from derive.claims.scanning import MAX_ENTRIES, Scanner
from derive.claims.settling import bars_decided, placeholders, with_empty_cells, without_spaces


def tokens_of(text: str) -> list[Token]:
    r"""The tokens of a formula.

    Raises:
        FormulaError: Something is not closed, not known, empty, or too large.

    Example:
        >>> [str(t) for t in tokens_of(r"\left|x\right| + \frac12")]
        ['|', 'x', '|', '+', '\\frac', '', '1', '', '', '2', '']
    """
    lexer = Lexer(text)
    return placeholders(bars_decided(lexer, without_spaces(lexer, lexer.formula())))


class Lexer(Scanner):
    """A scanner that knows the commands."""

    def named(self, name: str, start: int) -> None:
        for table, kind in ((known.OPERATORS, "OPERATOR"), (known.RELATIONS, "REL")):
            if name in table:
                return self.emit(kind, table[name], start)
        if name in known.NAMES or name == "#":
            return self.emit("NAME", name, start)
        if name in known.SPACES:
            if name in known.WIDE:
                self.emit("WIDE", name, start)
            return None
        if name in known.FUNCTIONS:
            return self.function(name, start)
        if name in known.BIG:
            return self.big(name, start)
        if name in known.LOGIC:
            return self.emit(known.LOGIC[name], "\\" + name, start)
        if name in known.DOTS:
            return self.emit("DOTS", name if name in ("dots", "ldots", "cdots", "vdots", "ddots") else "dots", start)
        if name in known.OPENING:
            self.push(known.OPENING[name], start)
            return self.emit("OPEN", known.OPENING[name], start)
        if name in known.CLOSING:
            return self.closes(known.CLOSING[name], name, start)
        if name in ("|", "Vert", "vert"):
            return self.emit("BAR", "|" if name == "vert" else "\\|", start)
        return self.with_argument(name, start)

    def with_argument(self, name: str, start: int) -> None:
        """Commands that something must follow."""
        if name in known.ARGUMENTS:
            return self.structure(name, start)
        if name in known.FONTS or name == "operatorname*":
            return self.font(name, start)
        if name in known.ACCENTS:
            self.emit("STYLE", known.ACCENTS[name], start)
            return self.argument("\\" + name, start)
        if name in known.TEXTS:
            return self.text_words(start)
        if name in known.TRANSPARENT:
            return self.transparent(name, start)
        if name in known.SIZES:
            return self.sized(name, start)
        if name in known.SPACES_WITH_ARGUMENT:
            self.raw_braces(f"the argument of '\\{name}'")
            return None
        simple = {
            "left": self.left, "right": self.right, "middle": self.middle, "not": self.negation, "begin": self.begin,
            "end": self.end, "substack": self.substack, "\\": self.row,
        }  # fmt: skip
        if name in simple:
            return simple[name](start)
        if name in ("mathbin", "mathrel"):
            return self.as_sign(name, start)
        if name == "pm":
            return self.emit("SIGN", "\\pm", start)
        if name in ("over", "choose"):
            return self.emit("OVER", name, start)
        raise self.unknown(name, start)

    # symbols

    def function(self, name: str, start: int) -> None:
        r"""\log and the like; \arg\max is one operator."""
        self.blank()
        for following in ("max", "min"):
            if name == "arg" and self.text.startswith("\\" + following, self.at):
                self.at += 4
                return self.emit("BIG", "\\arg" + following, start)
        return self.emit("FUNCTION", name, start)

    def big(self, name: str, start: int) -> None:
        r"""\sum and the like; of \max in x_{\max} only the name counts."""
        before = self.previous()
        after = self.text[self.at : self.at + 40].lstrip()
        script = before is not None and before.type == "LB" and len(self.tokens) > 1
        script = script and self.tokens[-2].type in ("SUB", "SUP")
        bare = before is not None and before.value == ""
        if name in known.BIG_NAMES and script and (not after or after[0] in "},;" or bare):
            return self.emit("FUNCTION", name, start)
        return self.emit("BIG", "\\" + name, start)

    def font(self, name: str, start: int) -> None:
        """A word in a font, or anything whose letters are in it."""
        style = known.FONTS[name.rstrip("*")]
        self.blank()
        word, length = word_at(self.text, self.at, style == "operatorname")
        self.at += length
        if not word:
            self.emit("STYLE", style, start)
            return self.argument("\\" + name, start)
        if "\\" + word in ("\\argmax", "\\argmin") or (word in known.BIG_NAMES | {"lim"} and style == "operatorname"):
            return self.big(word, start)
        return self.styled(style, word, start)

    def negation(self, start: int) -> None:
        r"""\not= and its like."""
        self.blank()
        first = len(self.tokens)
        if self.at < len(self.text):
            self.element()
        sign = self.tokens[first] if len(self.tokens) == first + 1 else None
        value = "\\mid" if sign is not None and sign.type == "BAR" else str(sign)
        if value not in known.NEGATIONS:
            raise self.error("'\\not' is read before '=', '\\in' and '\\mid' only", start, "'='")
        self.tokens.pop()
        return self.emit("REL", known.NEGATIONS[value], start)

    def as_sign(self, name: str, start: int) -> None:
        r"""\mathbin{*}: one sign in braces."""
        first = len(self.tokens)
        self.argument("\\" + name, start)
        inner = self.tokens[first + 1 : -1]
        if len(inner) != 1 or inner[0].type not in ("OPERATOR", "REL", "SIGN"):
            raise self.error(f"'\\{name}' is read around a single operator or relation only", start, "'*'")
        self.tokens[first:] = inner

    # brackets

    def closes(self, closing: str, name: str, start: int) -> None:
        """A closing bracket that is written as a command."""
        opening = next(o for o, c in known.PAIRS.items() if c[0] == closing)
        if closing in (")", "]") and self.open and self.open[-1].kind in ("(", "["):
            opening = self.open[-1].kind
        self.pop(opening, "\\" + name if name != "}" else "\\}", start)
        return self.emit("CLOSE", closing, start)

    def delimiter(self, of: str, start: int) -> str:
        r"""The bracket after \left and the like, by its usual name; '.' for none."""
        self.blank()
        letter = self.text[self.at : self.at + 1]
        if letter in known.UNICODE:
            self.at += 1
            name = known.UNICODE[letter].lstrip("\\")
        elif letter == "\\":
            end = self.at + 1
            while end < len(self.text) and self.text[end].isascii() and self.text[end].isalpha():
                end += 1
            end = max(end, self.at + 2)
            name, self.at = self.text[self.at + 1 : end], end
        elif letter and letter in "()[]|./<>":
            self.at += 1
            return {"<": "\\langle", ">": "\\rangle"}.get(letter, letter)
        else:
            name = ""
        both = {**known.OPENING, **known.CLOSING, "|": "\\|", "Vert": "\\|", "vert": "|", "mid": "|"}
        if name not in both:
            raise self.error(f"after '\\{of}' a bracket must follow", start, "a bracket, as in '\\left('")
        return both[name]

    def left(self, start: int) -> None:
        r"""\left( and its like."""
        bracket = self.delimiter("left", start)
        kind = "eval" if bracket == "." else {"\\rfloor": "", "\\rceil": ""}.get(bracket, bracket)
        if kind not in known.PAIRS:
            raise self.error(f"'{self.text[start : self.at]}' opens nothing", start, "an opening bracket")
        self.push("left", start).bracket = kind
        return self.emit("OPEN", kind, start)

    def right(self, start: int) -> None:
        r"""\right) and its like."""
        bracket = self.delimiter("right", start)
        written = self.text[start : self.at]
        opened = self.pop("left", written, start).bracket
        if bracket == "." and opened == "\\{":
            return self.emit("CLOSE", ".", start)
        if bracket not in known.PAIRS[opened]:
            wanted = f"'\\right{known.PAIRS[opened][0]}'"
            raise self.error(f"'{written}' does not close what '\\left' opened: {wanted} would", start, wanted)
        if opened == "eval" and not self.text[self.at : self.at + 40].lstrip().startswith("_"):
            raise self.error("after '\\left. ... \\right|' the point must follow as a subscript", self.at, "'_'")
        return self.emit("CLOSE", bracket, start)

    def middle(self, start: int) -> None:
        r"""\middle| is a bar between."""
        if self.delimiter("middle", start) != "|":
            raise self.error("after '\\middle' only '|' is read", start, "'|'")
        return self.emit("REL", "\\mid", start)

    def sized(self, name: str, start: int) -> None:
        r"""\big( is the bracket alone; \bigl and \bigr say of a bar whether it opens or closes."""
        side, self_at = known.SIZES[name], self.at
        bracket = self.delimiter(name, start)
        if bracket == "/":
            return self.emit("OPERATOR", "/", start)
        if bracket == ".":
            raise self.error(f"after '\\{name}' a bracket must follow", start, "a bracket, as in '\\bigl('")
        if bracket in ("|", "\\|"):
            if side == "m" and bracket == "|":
                return self.emit("REL", "\\mid", start)
            return self.emit({"l": "BAR_OPENS", "r": "BAR_CLOSES"}.get(side, "BAR"), bracket, start)
        self.at = self_at
        self.blank()
        return self.element()

    # structures

    def structure(self, name: str, start: int) -> None:
        """Fractions, binomials and roots."""
        if name == "sqrt":
            self.blank()
            if self.text.startswith("[", self.at):
                where = self.at
                self.emit("DEGREE", "\\sqrt", start)
                self.push("[", where, start)
                self.at += 1
                self.emit("LB", "[", where)
                first = len(self.tokens)
                self.until("]", "[")
                if len(self.tokens) == first:
                    raise self.error("the degree of the root is empty", where, "a value")
                self.emit("RB", "]", self.at - 1)
            else:
                self.emit("ROOT", "\\sqrt", start)
                if self.text[start] == "√" and self.text.startswith("(", self.at):
                    return self.bracketed_root(start)
        else:
            self.emit("FRACTION", "\\binom" if "binom" in name else "\\frac", start)
        for _ in range(known.ARGUMENTS[name]):
            self.argument("\\" + name, start)

    def bracketed_root(self, start: int) -> None:
        """√(x + 1): brackets show what is under the root."""
        self.emit("LB", "", self.at, self.at)
        depth = len(self.open)
        self.element()
        while len(self.open) > depth:
            self.blank()
            if self.at >= len(self.text):
                raise self.never_closed(self.open[-1])
            self.element()
        self.emit("RB", "", self.at)

    def transparent(self, name: str, start: int) -> None:
        r"""\boxed{...} and \underbrace{...}_{...}: what is in the braces."""
        self.argument("\\" + name, start)
        self.blank()
        sign = {"underbrace": "_", "overbrace": "^"}.get(name, "")
        if sign and self.text.startswith(sign, self.at):
            last = len(self.tokens)
            self.at += 1
            self.argument(sign, self.at - 1)
            del self.tokens[last:]

    def substack(self, start: int) -> None:
        r"""Conditions below a sum, one a line."""
        self.blank()
        if not self.text.startswith("{", self.at):
            raise self.error("what '\\substack' stacks must follow it, in braces", self.at, "'{'")
        self.push("{", self.at, start).rows = "STACK"
        self.at += 1
        self.emit("LB", "{", start)
        self.inside(start)

    def begin(self, start: int) -> None:
        r"""\begin{cases}, \begin{pmatrix} and the like."""
        written = environment_at(self.text, self.at)
        name = written.strip("{}").rstrip("*")
        if name in known.WRAPPERS:
            raise self.error(f"'\\begin{written}' may stand only around the whole formula", start, "cases or a matrix")
        if not written or (name not in known.MATRICES and name not in known.CASES):
            raise self.error(f"'\\begin{written}' is not read", start, "cases, pmatrix, bmatrix, array, aligned")
        rows = "CASES" if name in known.CASES else "MATRIX"
        self.at += len(written)
        columns = self.raw_braces("which columns the array has") if name == "array" else ""
        last = self.previous()
        brace = last is not None and last.type == "OPEN" and last.value == "\\{"
        if columns and brace and self.open[-1].kind == "left":
            rows = "CASES"
        opened = self.push("\\begin" + written, start)
        opened.rows = rows
        self.emit(rows, known.MATRICES.get(name, ""), start)
        first = len(self.tokens)
        self.until("\\end" + written, opened.kind)
        self.drop_stop()
        if self.tokens and self.tokens[-1].type == "ROW":
            self.tokens.pop()
        if rows == "MATRIX":
            self.tokens[first:] = with_empty_cells(self.tokens[first:], self.at)
        if len(self.tokens) == first:
            raise self.error(f"'\\begin{written}' has no rows", start, "a value")
        if sum(t.type in ("CELL", "ROW") for t in self.tokens[first:]) >= MAX_ENTRIES:
            raise self.error(f"a matrix has at most {MAX_ENTRIES:,} entries", start)
        self.emit("END", "\\end" + written, self.at - len(written) - 4)

    def end(self, start: int) -> None:
        r"""An \end that closes nothing here."""
        if self.open:
            raise self.never_closed(self.open[-1])
        raise self.error("'\\end' closes nothing that is open", start, "'\\begin' before it")

    def row(self, start: int) -> None:
        r"""`\\`: a row of a matrix or of cases, or a line."""
        self.at += height_at(self.text, self.at)
        top = self.open[-1] if self.open else None
        if top is not None and top.rows:
            self.drop_stop()
            top.cell = 0
            return self.emit("SEPARATOR" if top.rows == "STACK" else "ROW", "\\\\", start)
        if self.lines and not any(o.rows for o in self.open):
            return self.emit("SEPARATOR", "\\\\", start)
        raise self.error("'\\\\' may stand only in a matrix, in cases, or between aligned lines", start)

    # words

    def text_words(self, start: int) -> None:
        r"""\text{...}: a name, words that are signs in disguise, words; formulas between $ in it."""
        self.blank()
        if not self.text.startswith("{", self.at):
            raise self.error("words in braces must follow", self.at, "'{'")
        opened = self.at
        self.push("{", opened, start)
        before = self.tokens[-2:]
        self.at += 1
        begin = self.at
        while True:
            if self.at >= len(self.text):
                raise self.never_closed(self.open[-1])
            letter = self.text[self.at]
            if letter in "{\\":
                raise self.error("in words no command and no braces are read", self.at, "letters")
            if letter in "$}":
                words = self.text[begin : self.at]
                script = bool(before) and before[-1].type in ("SUB", "SUP")
                script = script or (len(before) == 2 and before[-1].type == "LB" and before[0].type in ("SUB", "SUP"))
                self.words(words, begin, script and letter == "}" and begin == opened + 1)
                self.at += 1
                if letter == "}":
                    self.pop("{", "}", self.at - 1)
                    return
                self.push("$", self.at - 1)
                self.until("$", "$")
                begin = self.at
            else:
                self.at += 1

    def words(self, written: str, start: int, script: bool) -> None:
        """What words say: nothing, a sign, a name, a condition to come."""
        words = " ".join(written.replace("~", " ").split())
        last = self.previous()
        lone = words.strip(" .,:;").lower()
        if not lone:
            if "," in words:
                self.emit("SEPARATOR", ",", start)
            return None
        if lone == "=":
            return self.emit("REL", "=", start)
        if script and is_name(words):
            return self.styled("mathrm", words, start)
        top = next((o for o in reversed(self.open) if o.rows), None)
        if top is not None and top.rows == "CASES" and lone in known.BEFORE_CONDITION | {"otherwise", "else"}:
            if top.cell == 0 and last is not None and last.type not in ("ROW", "CASES"):
                self.drop_stop()
                self.emit("CELL", "", start)
                top.cell = 1
            return None if lone in known.BEFORE_CONDITION else self.emit("TEXT", words.strip(" .,:;"), start)
        if lone in known.WORDS:
            return self.emit(*known.WORDS[lone], start)
        wide = last is not None and last.type == "WIDE"
        if is_name(words) and written == words and lone not in known.NOT_NAMES and not wide:
            return self.styled("mathrm", words, start)
        return self.emit("TEXT", words, start)

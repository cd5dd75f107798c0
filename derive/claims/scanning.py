r"""The scanner of formulas: numbers, letters, brackets, scripts and their arguments; `lexing` adds the commands.

The scanner closes every bracket and brace, puts each argument in braces (`\frac12`, `x^\top`), drops what is only
spacing, and refuses what it does not know. Nothing is expanded or carried out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from lark import Token

from derive.claims import commands as known
from derive.claims.patterns import BLANK, COMMAND, NUMBER, environment_at
from derive.errors import FormulaError

MAX_LENGTH = 20_000
MAX_NESTING = 60
MAX_TOKENS = 5_000
MAX_ENTRIES = 1_000
MAX_DIGITS = 1_000

_WRAPPERS = (("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)"))
_SIGNS = {
    "+": ("SIGN", "+"), "-": ("SIGN", "-"), "*": ("OPERATOR", "*"), "/": ("OPERATOR", "/"), "=": ("REL", "="),
    "<": ("REL", "<"), ">": ("REL", ">"), ":": ("REL", ":"), ",": ("SEPARATOR", ","), ";": ("SEPARATOR", ";"),
    "!": ("FACTORIAL", "!"), "|": ("BAR", "|"),
}  # fmt: skip
OPERANDS = frozenset(("NUMBER", "NAME", "FUNCTION", "DOTS", "RB", "CLOSE", "PRIME", "FACTORIAL", "END"))
"""Something that has a value may end with one of these."""


@dataclass
class _Open:
    """What is open: a bracket, brace, environment; from where to where it is quoted if it is never closed."""

    kind: str
    start: int
    quoted_from: int
    bracket: str = ""  # of \left: which one
    rows: str = ""  # CASES or MATRIX
    cell: int = 0  # which cell of the row, from 0


class Scanner:
    """Reads a text once, from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise FormulaError(f"a formula has at most {MAX_LENGTH:,} characters, and this text has {len(text):,}")
        self.text = text
        self.at = 0
        self.tokens: list[Token] = []
        self.open: list[_Open] = []
        self.depth = 0
        self.lines = 0  # how many environments whose \\ separates lines are open

    # what is written down

    def error(self, message: str, offset: int, expected: str = "", nearest: str = "") -> FormulaError:
        """An error at a place of this text."""
        return FormulaError(message, self.text, offset, expected, nearest)

    def emit(self, kind: str, value: str, start: int, end: int | None = None) -> None:
        """One more token."""
        if len(self.tokens) >= MAX_TOKENS:
            raise self.error(f"a formula has at most {MAX_TOKENS:,} signs", start)
        self.tokens.append(Token(kind, value, start_pos=start, end_pos=self.at if end is None else end))

    def push(self, kind: str, start: int, quoted_from: int | None = None) -> _Open:
        """Something is opened."""
        if len(self.open) + self.depth >= MAX_NESTING:
            raise self.error(f"nested more than {MAX_NESTING} deep", start)
        self.open.append(_Open(kind, start, start if quoted_from is None else quoted_from))
        return self.open[-1]

    def deeper(self, start: int) -> None:
        r"""An argument without braces: `\sqrt\sqrt x` nests as well."""
        self.depth += 1
        if len(self.open) + self.depth > MAX_NESTING:
            raise self.error(f"nested more than {MAX_NESTING} deep", start)

    def never_closed(self, what: _Open) -> FormulaError:
        """Says which opening has no end, quoted with what comes after it."""
        after = next((t for t in self.tokens if t.start_pos is not None and t.start_pos > what.start), None)
        end = what.start + 1 if after is None or after.end_pos is None else after.end_pos
        end = min(max(end, what.start + len(what.kind)), what.start + 20)
        quoted = self.text[max(what.quoted_from, end - 40) : end].strip()
        closing = known.PAIRS.get(what.kind, ("}",))[0]
        closing = what.kind.replace("begin", "end") if what.kind.startswith("\\begin") else closing
        closing = {"left": "\\right", "$": "$", "$$": "$$", "\\[": "\\]", "\\(": "\\)"}.get(what.kind, closing)
        return self.error(f"'{quoted}' is never closed: '{closing}' is missing", what.start, f"'{closing}'")

    def pop(self, kind: str, closing: str, start: int) -> _Open:
        """Something is closed; what was opened last must be of this kind."""
        if not self.open:
            raise self.error(f"'{closing}' closes nothing that is open", start, "an opening before it")
        if self.open[-1].kind != kind:
            raise self.never_closed(self.open[-1])
        return self.open.pop()

    def previous(self) -> Token | None:
        """The token before this place."""
        return self.tokens[-1] if self.tokens else None

    def blank(self) -> None:
        """Skips blanks."""
        match = BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    # the whole

    def formula(self) -> list[Token]:
        """All tokens of the text."""
        self.wrapped()
        self.blank()
        if self.at < len(self.text):
            raise self.error(f"the formula has ended before '{self.text[self.at : self.at + 12]}'", self.at, "the end")
        while self.tokens and self.tokens[-1].type in ("STOP", "WIDE", "SEPARATOR"):
            self.tokens.pop()
        return self.tokens

    def wrapped(self) -> None:
        r"""A formula, perhaps between $...$, \[...\] or in an environment for displayed formulas."""
        self.blank()
        start = self.at
        for opening, closing in _WRAPPERS:
            if self.text.startswith(opening, start):
                self.push(opening, start)
                self.at += len(opening)
                self.wrapped()
                self.until(closing, opening)
                return self.punctuation()
        if self.text.startswith("\\begin", start):
            written = environment_at(self.text, start + 6)
            name = written.strip("{*}")
            if name in known.WRAPPERS:
                self.push("\\begin" + written, start)
                self.at += 6 + len(written)
                if name == "alignat":
                    self.raw_braces("a number of columns")
                self.lines += 1
                self.wrapped()
                self.until("\\end" + written, "\\begin" + written)
                self.lines -= 1
                return self.punctuation()
        if self.open:
            return None
        return self.until("", "")

    def punctuation(self) -> None:
        """What ends a sentence may stand after a displayed formula."""
        self.blank()
        while self.at < len(self.text) and self.text[self.at] in ".,; \n":
            self.at += 1

    def until(self, closing: str, kind: str) -> None:
        """Elements up to `closing`, which is taken off; up to the end of the text if it is ''."""
        own = self.open[-1] if self.open and closing else None
        while True:
            self.blank()
            if self.at >= len(self.text):
                if self.open:
                    raise self.never_closed(self.open[-1])
                return
            if closing and self.text.startswith(closing, self.at):
                if self.open[-1] is own:
                    self.open.pop()
                    self.at += len(closing)
                    return
                if closing != "]":
                    raise self.never_closed(self.open[-1])
            self.element()

    # one element

    def element(self) -> None:
        """A number, letter, sign, command, or something in braces."""
        start, letter = self.at, self.text[self.at]
        if letter in known.UNICODE:
            return self.unicode(start, known.UNICODE[letter])
        match = NUMBER.match(self.text, start)
        if match:
            return self.number(match[0], start)
        self.at += 1
        if letter == "\\":
            return self.command(start)
        if "a" <= letter <= "z" or "A" <= letter <= "Z":
            return self.emit("NAME", letter, start)
        if self.text.startswith(":=", start):
            self.at += 1
            return self.emit("REL", ":=", start)
        if letter in "<>=" and self.text.startswith("=", self.at):
            right = {"<": "\\le", ">": "\\ge"}.get(letter, "=")
            raise self.error(f"'{letter}=' is not a sign of LaTeX: write '{right}'", start, f"'{right}'", right)
        if letter in _SIGNS:
            return self.emit(*_SIGNS[letter], start)
        if letter == "'":
            while self.at < len(self.text) and self.text[self.at] in "'′":
                self.at += 1
            return self.emit("PRIME", "'" * (self.at - start), start)
        if letter in "^_":
            return self.script(letter, start)
        return self.bracket(letter, start)

    def bracket(self, letter: str, start: int) -> None:
        """Brackets, braces, and the few signs that have a meaning only in some places."""
        if letter in "([":
            self.push(letter, start)
            return self.emit("OPEN", letter, start)
        if letter in ")]":
            opening = self.open[-1].kind if self.open and self.open[-1].kind in "([" else "(["[")]".index(letter)]
            self.pop(opening, letter, start)
            return self.emit("CLOSE", letter, start)
        if letter == "{":
            self.push("{", start)
            self.emit("LB", "{", start)
            return self.inside(start)
        if letter == "}":
            raise self.never_closed(self.open[-1]) if self.open else self.error(
                "'}' closes nothing that is open", start, "'{' before it"
            )
        if letter == "&":
            return self.cell(start)
        if letter == "~":
            return None
        if letter == ".":
            if self.text.startswith("..", self.at):
                self.at += 2
                return self.emit("DOTS", "dots", start)
            return self.emit("STOP", ".", start)
        if letter == "$":
            raise self.error("'$' may stand only around the whole formula", start, "the formula without '$'")
        shown = letter if letter.isprintable() else f"the character {ord(letter):#x}"
        raise self.error(f"{shown} has no meaning in a formula", start, "a sign of a formula")

    def inside(self, start: int) -> None:
        """The rest of what an opening brace began."""
        self.until("}", "{")
        self.emit("RB", "}", self.at - 1)

    def number(self, digits: str, start: int) -> None:
        """Digits; a thin space between groups of three is dropped as the comma in braces is."""
        self.at = start + len(digits)
        text = digits.replace("{,}", "")
        while re.match(r"\\,[0-9]{3}(?![0-9])", self.text[self.at : self.at + 6]) and "." not in text:
            text += self.text[self.at + 2 : self.at + 5]
            self.at += 5
        if len(text) > MAX_DIGITS:
            raise self.error(f"a number has at most {MAX_DIGITS:,} digits", start)
        before = self.previous()
        if before is None or before.end_pos != start:
            return self.emit("NUMBER", text, start)
        if before.type == "RB" and before == "" and self.tokens[-2].type == "NUMBER":
            written = self.text[before.start_pos : self.at]
            message = f"'{written}' is printed with only its first digit in place: put braces around all of it"
            raise self.error(message, start, "braces")
        if before.type == "SEPARATOR" and len(text) > 1 and text[0] == "0" and "." not in text:
            raise self.error("a comma within a number is written '{,}', as in 1{,}000", start, "'{,}'")
        self.emit("NUMBER", text, start)

    def unicode(self, start: int, meaning: str) -> None:
        """A letter beside ASCII is read as the command that stands for it."""
        self.at += 1
        match = re.fullmatch(r"\\mathbb\{(.)\}", meaning)
        if match:
            self.styled("mathbb", match[1], start)
        elif meaning[0] == "^":
            self.emit("SUP", "^", start)
            self.emit("LB", "", start)
            self.emit("NUMBER" if meaning[1].isdigit() else "NAME", meaning[1:].lstrip("\\"), start)
            self.emit("RB", "", start)
        elif meaning == "'":
            self.emit("PRIME", "'", start)
        elif meaning == ":=":
            self.emit("REL", meaning, start)
        elif meaning in _SIGNS:
            self.emit(*_SIGNS[meaning], start)
        else:
            self.named(meaning[1:], start)

    def styled(self, style: str, word: str, start: int) -> None:
        """A word in a font."""
        self.emit("STYLE", style, start)
        self.emit("LB", "{", start)
        self.emit("NAME", word, start)
        self.emit("RB", "}", start)

    def script(self, letter: str, start: int) -> None:
        """A subscript or superscript with its argument; one that is made of primes is counted as such."""
        before = self.previous()
        if before is None or before.type not in OPERANDS | {"BIG", "BAR"}:
            raise self.error(f"'{letter}' has nothing before it that it could belong to", start, "a value before it")
        base = before.start_pos if before.type in ("NAME", "NUMBER", "FUNCTION", "BIG") else start
        self.emit("SUB" if letter == "_" else "SUP", letter, start)
        first = len(self.tokens)
        self.argument(letter, start, base or 0)
        inner = self.tokens[first + 1 : -1]
        if letter == "^" and inner and all(t.type == "NAME" and t.value == "prime" for t in inner):
            del self.tokens[first - 1 :]
            self.emit("PRIME", "'" * len(inner), start)
        elif len(inner) == 1 and (inner[0].type == "OPERATOR" or inner[0] in tuple("+-=<>:")):
            name = Token("NAME", inner[0].value.lstrip("\\"), start_pos=inner[0].start_pos, end_pos=inner[0].end_pos)
            self.tokens[first + 1] = name

    def argument(self, of: str, start: int, quoted_from: int | None = None) -> None:
        """What a command or script needs, in braces; without braces it is one sign or one command."""
        self.blank()
        where = self.at
        need = f"after '{of}' its argument must follow, in braces"
        if where >= len(self.text) or self.text[where] in ")]}&$|,;=":
            raise self.error(need, where, "'{'")
        letter = self.text[where]
        if letter == "{":
            first = len(self.tokens)
            self.push("{", where, start if quoted_from is None else quoted_from)
            self.at += 1
            self.emit("LB", "{", where)
            self.inside(where)
            if len(self.tokens) == first + 2:
                raise self.error(f"the braces after '{of}' are empty", where, "a value")
            return
        if letter in "([^_'.~<>:!/":
            raise self.error(f"{need}, and here stands '{letter}'", where, "'{'")
        self.emit("LB", "", where, where)
        self.deeper(where)
        if letter.isascii() and letter.isdigit():
            self.at += 1
            self.emit("NUMBER", letter, where)
        else:
            first = len(self.tokens)
            self.element()
            if len(self.tokens) == first:
                raise self.error(need, where, "'{'")
        self.depth -= 1
        self.emit("RB", "", where)

    # commands

    def command(self, start: int) -> None:
        """After a backslash: the name of the command, and what it does."""
        match = COMMAND.match(self.text, self.at)
        if match is None:
            raise self.error("nothing stands after the backslash", start, "the name of a command")
        name = match[0]
        if name.endswith("*") and name not in ("operatorname*", "hspace*"):
            name = name[:-1]
        self.at += len(name)
        self.named(name.rstrip("*") if name.startswith("hspace") else name, start)

    def named(self, name: str, start: int) -> None:
        """What a command does; its name has been read."""
        raise NotImplementedError

    def unknown(self, name: str, start: int) -> FormulaError:
        """Names the command, and the known one that is most like it."""
        if name in known.UNSUPPORTED:
            return self.error(f"'\\{name}' is not read: {known.UNSUPPORTED[name]}", start)
        near = get_close_matches(name[:40], known.KNOWN, n=1, cutoff=0.6)
        nearest = "\\" + near[0] if near else ""
        shown = "\\" + name[:40] if name.isprintable() else f"a backslash before the character {ord(name):#x}"
        hint = f": the nearest known command is '{nearest}'" if near else ""
        return self.error(f"'{shown}' is not a command that formulas may use{hint}", start, nearest, nearest)

    def raw_braces(self, what: str) -> str:
        """The text between the braces that must stand here, which have no braces in them."""
        self.blank()
        end = self.text.find("}", self.at)
        if self.at >= len(self.text) or self.text[self.at] != "{":
            raise self.error(f"{what} in braces must follow", self.at, "'{'")
        inner = self.text[self.at + 1 : end] if end >= 0 else ""
        if end < 0 or "{" in inner:
            raise self.error(f"{what} is never closed: '}}' is missing", self.at, "'}'")
        self.at = end + 1
        return inner

    def cell(self, start: int) -> None:
        """`&`: the next cell of a matrix or of a case; nothing in lines that are aligned."""
        top = self.open[-1] if self.open else None
        if top is not None and top.rows:
            top.cell += 1
            self.drop_stop()
            return self.emit("CELL", "&", start)
        if any(o.rows for o in self.open):
            raise self.error("'&' stands within brackets that are not closed in their cell", start)
        return None

    def drop_stop(self) -> None:
        """A comma or a point at the end of a cell says nothing."""
        while self.tokens and self.tokens[-1].type in ("STOP", "SEPARATOR"):
            self.tokens.pop()

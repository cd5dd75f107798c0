"""Everything that can go wrong, as one tree.

::

    DeriveError
    ├── BadInput              what the user wrote cannot be used: a value, a name, a file
    │   ├── SheetError        ... in a sheet file, with file, line and key
    │   ├── ClaimError        ... in a claim file, with file and line
    │   ├── BadCertificate    ... in a certificate, with the place
    │   ├── ProgramError      ... in a program, with line and column
    │   ├── NetworkError      ... in the text of a network, with column
    │   └── FormulaError      ... in a formula, with line and column
    ├── IllFormed             a term, condition or context that says nothing definite
    ├── NotAffine             a question outside what integer sets can hold
    ├── RuleDoesNotApply      a law was asked about a term it does not speak of
    ├── StepRejected          the checker refuses a step of a derivation
    ├── OracleDisagrees       what is proved is not what brute force gives: the wrong thing was proved
    ├── NotRefuted            a statement was said to be false, and no point was found at which it fails
    ├── NoPointFound          no exact point satisfies the conditions asked for
    ├── Unevaluable           a term has no exact value at the point given
    │   └── Undefined         ... because mathematics gives it none there (1/0, index out of range)
    └── RenderError           a page could not be written
        ├── CannotPrint       a term has no notation yet
        ├── TexFailed         TeX ran and did not produce a PDF
        └── TexMissing        no TeX engine was found on this machine
"""

from __future__ import annotations

from collections.abc import Iterable


class DeriveError(Exception):
    """Base of every error that derive raises on purpose."""


def told(error: DeriveError) -> str:
    """What is said of an error: its message, then where it came up, a line each."""
    return "\n  ".join([str(error), *getattr(error, "__notes__", ())])


class BadInput(DeriveError):
    """What the user wrote cannot be used; the message says what would be right."""


class SheetError(BadInput):
    """A sheet file is wrong at a known place.

    Args:
        message: One sentence: what was wrong and what would be right.
        file: The sheet file as the user named it.
        line: Line number from 1, or None when the file as a whole is meant.
    """

    def __init__(self, message: str, file: str = "", line: int | None = None) -> None:
        self.message, self.file, self.line = message, file, line
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: {message}" if place else message)


class ClaimError(BadInput):
    """A claim file, or a claim as a whole, cannot be used.

    Args:
        message: One sentence: what was wrong and what would be right.
        file: The file as the user named it.
        line: Line number from 1, or None when the file as a whole is meant.
    """

    def __init__(self, message: str, file: str = "", line: int | None = None) -> None:
        self.message, self.file, self.line = message, file, line
        place = file if line is None else f"{file}, line {line}" if file else f"line {line}"
        super().__init__(f"{place}: {message}" if place else message)


class BadCertificate(BadInput):
    """A certificate that says nothing definite, or a derivation that cannot be written as one; names the place."""


class ProgramError(BadInput):
    """A program, or a shape given for it, cannot be read.

    Args:
        message: One sentence: what was found, and what would be right.
        line, column: Where, from 1; 0 where the program as a whole is meant.
        text: The text of that line, shown with a mark under the column.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0, text: str = "") -> None:
        self.message, self.line, self.column = message, line, column
        self.sentence = f"line {line}, column {column}: {message}" if line else message
        mark = f"\n    {text}\n    {' ' * (column - 1)}^" if line and text else ""
        super().__init__(self.sentence + mark)


class NetworkError(BadInput):
    """A network cannot be read, or its layers do not fit together.

    Args:
        message: One sentence: what was found, and what would be right.
        text: The text of the network.
        column: Where in it, from 1; 0 where the network as a whole is meant.
    """

    def __init__(self, message: str, text: str = "", column: int = 0) -> None:
        self.message, self.column = message, column
        self.sentence = f"column {column}: {message}" if column else message
        line = "".join(letter if letter.isprintable() else " " for letter in text)
        start = max(0, column - 50)
        shown = line[start : start + 90]
        mark = f"\n    {shown}\n    {' ' * (column - 1 - start)}^" if column and text else ""
        super().__init__(self.sentence + mark)


class FormulaError(BadInput):
    """A formula cannot be read.

    Args:
        message: One sentence: what was found, and what would be right.
        text: The whole formula.
        offset: Where in it, from 0.
        expected: What could stand there, in words; '' where nothing would be right.
        nearest: Of an unknown command the known one that is most like it, else ''.
    """

    def __init__(self, message: str, text: str = "", offset: int = 0, expected: str = "", nearest: str = "") -> None:
        self.message, self.offset, self.expected, self.nearest = message, offset, expected, nearest
        self.line = text.count("\n", 0, offset) + 1
        begin = text.rfind("\n", 0, offset) + 1
        self.column = offset - begin + 1
        end = text.find("\n", begin)
        self.text = text[begin:] if end < 0 else text[begin:end]
        self.sentence = f"line {self.line}, column {self.column}: {message}"
        line = "".join(letter if letter.isprintable() else " " for letter in self.text)
        start = max(0, self.column - 70)
        shown = line[start : start + 100]
        mark = f"\n    {shown}\n    {' ' * (self.column - 1 - start)}^" if text else ""
        super().__init__(self.sentence + mark)


class IllFormed(DeriveError):
    """A term, condition or context that says nothing definite."""


class _SaidLater(DeriveError):
    """One that is raised and caught thousands of times in a search: the sentence is made when it is read.

    Args:
        message: The sentence, with {} for what is shown.
        shown: What is put there.
    """

    def __init__(self, message: str, *shown: object) -> None:
        super().__init__(message, *shown)

    def __str__(self) -> str:
        message, *shown = self.args
        return str(message.format(*shown)) if shown else str(message)


class NotAffine(_SaidLater):
    """The question is not one about affine integer constraints."""


class RuleDoesNotApply(_SaidLater):
    """A law was asked about a term it does not speak of."""


class StepRejected(DeriveError):
    """The checker refuses a step.

    Args:
        derivation: Name of the derivation.
        place: Where the step stands, as numbers from 1; a case is named in between.
        rule: The law that the step names.
        why: One sentence.
        detail: Labelled lines for the reader (from, claims, rule, near).
        witness: Point where the step is false, {name: value as text}, if one was found.
    """

    def __init__(
        self,
        derivation: str,
        place: str,
        rule: str,
        why: str,
        detail: tuple[tuple[str, str], ...] = (),
        witness: object = None,
    ) -> None:
        self.derivation, self.place, self.rule, self.why = derivation, place, rule, why
        self.detail, self.witness = detail, witness
        lines = [f"{derivation}, step {place} ({rule}): {why}"]
        lines += [f"  {label:<7} {text}" for label, text in detail]
        if witness is not None:
            lines.append(f"  at      {witness}")
        super().__init__("\n".join(lines))


class OracleDisagrees(DeriveError):
    """A derivation holds, and the definition worked out by brute force says something else."""


class NotRefuted(DeriveError):
    """A statement was said to be false, and no point was found at which it fails: it is not printed as false."""


class NoPointFound(DeriveError):
    """No exact point satisfies the conditions, or the search gave up."""


class Unevaluable(DeriveError):
    """The term has no exact value at this point that we can compute."""


class Undefined(Unevaluable):
    """The term has no value at this point: 1/0, an index out of range, no case that applies."""


class RenderError(DeriveError):
    """A page could not be written."""


class CannotPrint(RenderError):
    """The term has no notation yet."""


class TexFailed(RenderError):
    """TeX ran and did not produce a PDF; carries the lines of its log that say why."""


class TexMissing(RenderError):
    """No TeX engine was found on this machine."""


MOST_NAMES = 40


def nearest(name: str, known: Iterable[str]) -> str:
    """What a misspelt name may have meant: `did you mean 'key'?`, or which names there are if they are not too many.

    Example:
        >>> nearest("keys", ("key", "hints")), nearest("x", ("key", "hints")), nearest("x", map(str, range(99)))
        ("did you mean 'key'?", 'there are key, hints', 'none of the 99 that there are is like it')
    """
    from difflib import get_close_matches  # what goes well needs it never

    names = tuple(known)
    close = get_close_matches(name[:60], names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    if len(names) > MOST_NAMES:
        return f"none of the {len(names)} that there are is like it"
    return f"there are {', '.join(names)}" if names else "there are none"

"""A program as a part of a page: its listing, what it computes line by line, and what is to be said of it."""

from __future__ import annotations

from sympy import Expr

from derive.claims.programs.deciding import computes, witness_told
from derive.claims.programs.findings import Finding, Formula
from derive.claims.programs.reading import Reading, read
from derive.claims.programs.values import Value, size
from derive.constructs.registry import claim as find_claim
from derive.errors import BadInput
from derive.kernel.checker import check
from derive.kernel.derivation import Verdict
from derive.language import Array, Entry
from derive.render.document import (
    Aligned,
    Block,
    CheckNote,
    Document,
    Equation,
    Inline,
    Line,
    Listing,
    Paragraph,
    Part,
    Problem,
    Strong,
    Words,
)
from derive.rules.combine import listed
from derive.sheets.specs import ProgramSpec

CONVENTIONS = (
    "numbers in a program are exact",
    "sums and means over all entries, other operations entry by entry",
    "a prime marks a value that a name gets later",
)
REMARK: Words = (
    Strong("Programs."),
    " A program is read and never executed by Python. Every value of every line was compared with the program run line "
    "by line on exact numbers.",
)


def reading_of(spec: ProgramSpec) -> Reading:
    """The program of a part, read."""
    return read(spec.text, dict(spec.shapes), spec.about or None)


def blocks(reading: Reading) -> tuple[Block, ...]:
    """What it computes, and the findings."""
    rows = tuple(
        Line("=", formula.right, (f"line {line}",), formula.left) for line, formula in reading.formulas
    )
    made: list[Block] = [Paragraph(_parameters(reading))]
    if rows:
        made.append(Aligned(rows))
    needed = reading.meaning.context.hypotheses
    if needed:
        made.append(Paragraph(("This is for ", *listed(needed), ", without which there is no inverse.")))
    if reading.calls:
        made.append(Paragraph(_calls(reading)))
    made += [Paragraph(_finding(f)) for f in reading.findings]
    if not any(f.kind in ("stale value", "discarded result") for f in reading.findings):
        made.append(Paragraph(("No stale and no discarded value was found.",)))
    return tuple(made)


def listing(reading: Reading) -> Listing:
    """The text as it was written, without empty lines at its end."""
    lines = list(reading.meaning.program.lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return Listing(tuple(lines))


def _parameters(reading: Reading) -> Words:
    """`Here W is a matrix with n rows and m columns, x a vector of m numbers.`"""
    words: list[Inline] = []
    for value in reading.meaning.values:
        if value.definition is None:
            words += [", " if words else "Here ", _called(value), " is " if not words else " "]
            words += _shape(value)
    for function in reading.meaning.program.functions:
        takes, gives = size(function.takes), size(function.gives)
        words += [", and " if words else "Here ", _map(function.name), " takes ", takes, " numbers to ", gives]
    return (*words, ".") if words else ("The program has no parameters.",)


def _map(name: str) -> Array:
    """The name of a map or a Jacobian, as it is printed."""
    return Array(name, (), "error")


def _called(value: Value) -> Inline:
    return value.array if value.array is not None else value.at()


def _shape(value: Value) -> tuple[Inline, ...]:
    if not value.sizes:
        return ("a number",)
    if len(value.sizes) == 1:
        return ("a vector of ", value.sizes[0], " numbers")
    return ("a matrix with ", value.sizes[0], " rows and ", value.sizes[1], " columns")


def _calls(reading: Reading) -> Words:
    counts = {number for _, number in reading.calls}
    if counts == {1}:
        return ("In a run ", *listed([_map(name) for name, _ in reading.calls]), " are each called exactly once.")
    words: list[Inline] = ["Calls in a run: "]
    for place, (name, number) in enumerate(reading.calls):
        words += [", " if place else "", _map(name), f" {_times(number)}"]
    return (*words, ".")


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _finding(finding: Finding) -> Words:
    words: list[Inline] = [Strong(f"{finding.kind.capitalize()}."), " "]
    for piece in finding.words:
        words.append(Equation(piece.left, "=", piece.right) if isinstance(piece, Formula) else piece)
    return tuple(words)


def compared_with(reading: Reading, path: str, known: str = "") -> tuple[Words, Verdict]:
    """Whether the last result of the program is the right side of a claim, told; `known` is where that was derived.

    Raises:
        BadInput: the claim speaks of other arrays or sizes, or its result has another number of indices.
        StepRejected: the claim's derivation does not hold.
    """
    _, claim = find_claim(path)
    derivation = claim.derive()
    check(derivation)
    if not reading.meaning.results:
        raise BadInput("the program returns nothing that could be compared with a claim")
    value = reading.meaning.results[-1]
    right: Expr = derivation.right
    sizes = set(reading.meaning.context.symbols)
    free = derivation.left.free_symbols | right.free_symbols
    indices = tuple(s for s in derivation.context.symbols if s in free and s not in sizes and s.is_integer)
    verdict = computes(reading.meaning, value, right, indices)
    whole = right.array if isinstance(right, Entry) and right.indices == indices else right
    named = f"the result of {known}" if known else f"the claim {path}"
    told: list[Inline] = ["The result ", _called(value), f" is compared with {named}, ", whole, ": "]
    if verdict.kind == "proved":
        told.append("for all sizes they are the same where both have a value, by laws of sums and the exact zero test.")
    elif verdict.kind == "refuted":
        first, second = verdict.witness["first"], verdict.witness["second"]
        told += [f"they differ; one is {first} and the other {second} at ", *witness_told(verdict.witness), "."]
    else:
        told.append(f"whether they are the same is undecided; {verdict.why}.")
    return tuple(told), verdict


def check_note(label: str, reading: Reading) -> CheckNote:
    """How the formulas of a program are known."""
    number = len(reading.formulas)
    words = f"{number} formula{'s' * (number != 1)} compared with the program run line by line on exact numbers"
    words += f", at {reading.points} points ({reading.values} numbers)."
    return CheckNote(label, (words,), (("runs", reading.points), ("run_values", reading.values)), "read")


def document(reading: Reading, name: str) -> Document:
    """A page about one program."""
    part = Part("", "", (), (listing(reading), *blocks(reading)))
    return Document(
        name=name,
        title=f"What {reading.meaning.program.name} computes",
        course="",
        author="",
        conventions=CONVENTIONS,
        introduction=(),
        problems=(Problem(1, "", (), (part,)),),
        hypotheses=(),
        checks=(check_note("", reading),),
    )

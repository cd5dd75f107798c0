"""What a sheet's author says in words and formulas: the words are set as they are, the formulas judged first."""

from __future__ import annotations

from collections.abc import Sequence

from derive.claims.findings import Finding
from derive.claims.judging import judge
from derive.claims.parsing import parse_line
from derive.claims.stated import Claim
from derive.errors import BadInput
from derive.render.document import Block, CheckNote, Displayed, Latex, Paragraph, Strong, Words
from derive.sheets.prose import paragraphs
from derive.sheets.specs import FormulaSpec, PartSpec

SECONDS = 120.0
"""By the clock, for each formula: long, since a page must not depend on what else the machine is doing."""
KNOWN = {"proved": "proved", "exact": "exact at sizes", "sampled": "sampled"}
IN_WORDS = "in words"
REMARK: Words = (
    Strong("Formulas of the author."),
    " They are judged as those of a claim file are: by a derivation that the checker accepts or a decision procedure "
    "where they are proved, and otherwise by the sizes or points at which they hold.",
)
_SIGNS = {
    "=": "=", "!=": r"\ne", "<": "<", ">": ">", "<=": r"\le", ">=": r"\ge", "approx": r"\approx",
    "implies": r"\implies", "iff": r"\iff", "~": r"\sim",
}  # fmt: skip
_LANDAU = {"O": "O", "o": "o", "Theta": r"\Theta", "Omega": r"\Omega"}


def words_of(text: str) -> tuple[Block, ...]:
    """The paragraphs of an author's text."""
    return tuple(Paragraph(words) for words in paragraphs(text))


def has_question(spec: PartSpec) -> bool:
    """Whether something is derived or read in the part itself."""
    return bool(spec.claim or spec.program or spec.network or spec.format)


def only_paragraphs(blocks: Sequence[Block]) -> tuple[Paragraph, ...]:
    """The paragraphs among the blocks."""
    return tuple(block for block in blocks if isinstance(block, Paragraph))


def headed(title: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks under a title that begins the line of the first paragraph, or stands on its own.

    Example:
        >>> headed("In general", (Paragraph(("For all ", )),))
        (Paragraph(words=(Strong(text='In general.'), ' ', 'For all ')),)
    """
    if not title:
        return tuple(blocks)
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph):
        return (Paragraph((Strong(f"{title}."), " ", *first.words)), *blocks[1:])
    return (Paragraph((Strong(f"{title}."),)), *blocks)


def finding_of(spec: FormulaSpec) -> Finding:
    """What is found out about the formula."""
    return judge(spec.claim, SECONDS)


def judged(spec: FormulaSpec, label: str, finding: Finding) -> tuple[tuple[Block, ...], CheckNote]:
    """The formula as it is set, and how it is known.

    Raises:
        BadInput: it is refuted, cannot be read, or nothing is known of it; the sentence has the point and the slip.
    """
    if finding.verdict not in KNOWN:
        raise BadInput(_refusal(finding))
    by = f" ({finding.by})" if finding.by else ""
    note = CheckNote(label, (f"{KNOWN[finding.verdict]}{by}.",), (), KNOWN[finding.verdict])
    return (*words_of(spec.text), displayed(spec.claim)), note


def displayed(claim: Claim) -> Displayed:
    r"""The formula as its author wrote it, with its relations.

    Example:
        >>> displayed(Claim("c", left=("a",), right=("b",), where=(r"b > 0",), relation="<=")).lines
        (('a', '\\le b'),)
    """
    if claim.chain:
        first, *others = claim.chain
        rest = [_related(claim.relation, text) for text in others]
        lines = [(first, rest[0] if rest else ""), *(("", text) for text in rest[1:])]
    else:
        lines = [(left, _related(claim.relation, right)) for left, right in zip(claim.left, claim.right, strict=True)]
    return Displayed(tuple(lines), tuple(Latex(text) for text in claim.let), tuple(Latex(text) for text in claim.where))


def _related(relation: str, text: str) -> str:
    """The text after its relation, which it may begin with."""
    own, _ = parse_line(text)
    if own is not None:
        return text
    if relation in _LANDAU:
        return f"= {_LANDAU[relation]}\\left({text}\\right)"
    return f"{_SIGNS[relation]} {text}"


def _refusal(finding: Finding) -> str:
    """One sentence about a formula that cannot be printed."""
    said = f"the formula is {finding.verdict}"
    if finding.error is not None:
        return f"{said}: {finding.error.message}"
    if finding.by:
        said += f" ({finding.by})"
    if finding.counterexample is not None:
        found = finding.counterexample
        at = ", ".join(f"{name} = {value}" for name, value in found.values)
        said += f"; at {at} the left side is {found.left} and the right side {found.right}"
    if finding.slip is not None:
        said += f"; {finding.slip.repair}"
    return said

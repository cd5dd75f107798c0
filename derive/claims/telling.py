"""Findings as words for people: in the table of `derive check`, and in the messages of tests."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator

from derive.claims.findings import VERDICTS, Finding, point_in_words

_WIDEST_NAME = 32
_NARROWEST = 36
_VERDICT = max(map(len, VERDICTS))


def sentences(finding: Finding) -> Iterator[str]:
    r"""What is to be said of a claim besides its verdict, a line each; a line that begins with spaces stays as it is.

    Example:
        >>> from derive.claims.findings import Slip, Witness
        >>> point = Witness((("n", "1"), ("a", "2")), "-2", "2")
        >>> finding = Finding("s", "refuted", counterexample=point, ratio="1 - a", slip=Slip("a sign", "a"))
        >>> print(*sentences(finding), sep="\n")
        n=1, a=2: left -2, right 2
        left / right = 1 - a
        slip: a sign
        with that it is proved: a
    """
    for line in _sentences(finding):
        yield "".join(letter if letter.isprintable() else " " for letter in line)


def _sentences(finding: Finding) -> Iterator[str]:
    if finding.error is not None:
        place = f"line {finding.error.line}" if finding.error.line else ""
        place += f", column {finding.error.column}" if place and finding.error.column else ""
        yield f"{place}: {finding.error.message}" if place else finding.error.message
        yield from (f"    {line}" for line in finding.error.shown.split("\n") if line.strip())
    if finding.first_wrong is not None:
        yield f"line {finding.first_wrong} does not follow from line {finding.first_wrong - 1}"
    if finding.counterexample is not None:
        yield point_in_words(finding.counterexample)
    if finding.ratio:
        yield f"left / right = {finding.ratio}"
    if finding.difference:
        yield f"left - right = {finding.difference}"
    if finding.by or finding.where:
        needs = f"needs {', '.join(finding.where)} (given)" if finding.where else ""
        yield "; ".join(filter(None, (finding.by, needs)))
    if finding.unused:
        yield f"not needed: {', '.join(finding.unused)}"
    if finding.slip is not None:
        yield f"slip: {finding.slip.repair}"
        if finding.slip.formula:
            yield f"with that it is proved: {finding.slip.formula}"
    if finding.convention:
        yield f"it is right under another convention: {finding.convention}"
    if finding.form is not None:
        yield finding.form.said()
    for number, reading in enumerate(finding.readings, start=1):
        yield f"reading {number}: {reading}"
    for note in finding.notes:
        yield f"note: {note}"


def row(finding: Finding, name_width: int, width: int) -> str:
    """The lines of one claim in a table.

    Example:
        >>> print(row(Finding("tail", "proved", by="geometric sum"), 8, 60), end="")
          tail      proved      geometric sum
    """
    name = " ".join("".join(c if c.isprintable() else " " for c in finding.id).split())
    before = f"  {name:<{name_width}}  {_cell(finding):<{_VERDICT}}  "
    indent = 2 + name_width + 2 + _VERDICT + 2
    lines = []
    if len(name) > name_width:
        lines.append(f"  {name}")
        before = f"  {'':<{name_width}}  {_cell(finding):<{_VERDICT}}  "
    for said in sentences(finding):
        room = max(_NARROWEST, width - indent)
        kept = said.startswith(" ") or len(said) <= room
        for part in [said] if kept else textwrap.wrap(said, room, break_long_words=False, break_on_hyphens=False):
            lines.append(before + part)
            before = " " * indent
    if before.strip():
        lines.append(before.rstrip())
    return "\n".join(lines) + "\n"


def _cell(finding: Finding) -> str:
    wrong = finding.first_wrong
    return f"line {wrong}" if finding.verdict == "refuted" and wrong is not None else finding.verdict


def name_width(names: Iterable[str]) -> int:
    """How wide the first column is.

    Example:
        >>> name_width(["a", "x" * 100])
        32
    """
    return min(_WIDEST_NAME, max((len(" ".join(name.split())) for name in names), default=0))


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How often each verdict was given.

    Example:
        >>> counts([Finding("a", "exact")])["exact"]
        1
    """
    found = Counter(finding.verdict for finding in findings)
    return {verdict: found[verdict] for verdict in VERDICTS}


def summary(findings: list[Finding], seconds: float) -> str:
    r"""The last line of a table.

    Example:
        >>> summary([Finding("a", "exact"), Finding("b", "refuted", first_wrong=2)], 0.42)
        '  2 claims: 1 exact, 1 refuted (1 chain broken)        0.4 s\n'
    """
    broken = sum(1 for finding in findings if finding.first_wrong is not None)
    more = {"refuted": f" ({broken} chain{'' if broken == 1 else 's'} broken)" if broken else ""}
    said = [f"{n} {verdict}{more.get(verdict, '')}" for verdict, n in counts(findings).items() if n]
    known = sum(1 for finding in findings if finding.cached)
    if known:
        said.append(f"{known} of them known from an earlier run")
    plural = "" if len(findings) == 1 else "s"
    return f"  {len(findings)} claim{plural}: {', '.join(said)}        {seconds:.1f} s\n"

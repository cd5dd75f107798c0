"""Certificates checked again, each in a process of its own that loads the laws and no construct.

The process starts with nothing of this one but the module path, and is bounded in time and memory where the platform
allows it: a certificate is somebody else's text.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from derive.errors import BadCertificate, DeriveError, IllFormed, StepRejected

GOOD, REFUSED, UNUSABLE = 0, 1, 2
MANY = ".jsonl"
"""Ends the name of a file that has a certificate in each line."""
MOST_LINES = 20
"""How many times longer than one certificate such a file may be."""
MEMORY = 4 * 2**30
"""Bytes of address space."""

_PATIENCE = (4, 10)
"""The clock may show that many times the computing time, and so many seconds more."""
_OWN = 40
"""Added to the status of the process, so that it is told from one that Python or the system ends with."""
_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from derive.sheets.verify import run; run(sys.argv[2], int(sys.argv[3]))"
)


def verify(file: str, seconds: int) -> tuple[int, str, str]:
    """Check a certificate in a fresh process.

    Args:
        file: Its name, or `-` for the standard input.
        seconds: Computing time it may take; four times as long, and a little, by the clock.

    Returns:
        Exit status (0 accepted, 1 refused or undecided, 2 no certificate), what is to be said, and what the process
        wrote to its error stream.
    """
    by_the_clock = _PATIENCE[0] * seconds + _PATIENCE[1]
    command = [sys.executable, "-P", "-X", "utf8", "-c", _CHILD, json.dumps(sys.path), file, str(seconds)]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=by_the_clock, check=False
        )
    except subprocess.TimeoutExpired:
        return REFUSED, f"{file}: undecided: not finished within {by_the_clock} seconds by the clock\n", ""
    status = done.returncode - _OWN
    if status in (GOOD, REFUSED, UNUSABLE):
        return status, done.stdout, done.stderr
    why = f"the checking ended without an answer (status {done.returncode})"
    with suppress(ImportError):
        import signal

        if done.returncode == -getattr(signal, "SIGXCPU", 0):
            why = f"not finished within {seconds} seconds of computing; --seconds allows more"
    return REFUSED, f"{file}: undecided: {why}\n", done.stderr


def run(file: str, seconds: int) -> None:
    """What the process does: check one certificate within the limits and end with the status."""
    lines = [line for line in _lines(file) if line.strip()] if file.endswith(MANY) else []
    _limit(seconds * max(1, len(lines)))
    try:
        status, text = verdicts(file, lines) if file.endswith(MANY) else verdict(file, _text(file))
    except BadCertificate as problem:
        status, text = UNUSABLE, f"{file}: not a certificate: {problem}\n"
    except MemoryError:
        status, text = REFUSED, f"{file}: undecided: {MEMORY >> 30} GiB of memory are not enough\n"
    sys.stdout.write(text)
    sys.stdout.flush()
    sys.exit(_OWN + status)


def verdicts(file: str, lines: list[str]) -> tuple[int, str]:
    """Check the certificates of a sheet, one a line; says of each what it shows.

    Raises:
        BadCertificate: one of the lines is none.
    """
    worst, said = GOOD, []
    for number, line in enumerate(lines, start=1):
        try:
            one = json.loads(line)
            part, certificate = str(one["part"]), json.dumps(one["certificate"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BadCertificate(f"line {number} has no part and certificate") from None
        status, text = verdict(f"{file}, line {number}, part {part}", certificate)
        worst = max(worst, status)
        said.append(text.partition("\n")[0] + "\n" if status == GOOD else text)
    if not lines:
        raise BadCertificate("it is empty")
    return worst, "".join(said)


def verdict(file: str, text: str) -> tuple[int, str]:
    """Check a certificate here, and say what it shows.

    Raises:
        BadCertificate: the text is none.
    """
    from derive.kernel.certificate import read, versions
    from derive.kernel.checker import check
    from derive.language import Context
    from derive.language.context import sums_in
    from derive.rules import load_laws

    load_laws()
    certificate = read(text)
    derivation = certificate.derivation
    context: Context = derivation.context
    lines = [("goal", _said(derivation.left, derivation.relation, derivation.right))]
    lines.append(("symbols", ", ".join(f"{d.symbol.name} ({d.sort})" for d in context.declarations) or "none"))
    lines += [("where", sentence) for sentence in _arrays(context)]
    lines.append(("given", ", ".join(_said(fact) for fact in context.facts) or "no hypotheses"))
    here = dict(versions())
    for name, version in certificate.made_with:
        if here.get(name) != version:
            lines.append(("versions", f"made with {name} {version}, checked with {here.get(name, 'none')}"))
    try:
        report = check(derivation)
    except StepRejected as problem:
        return REFUSED, _page(file, "refused", lines) + f"{problem}\n"
    counted = [(report.steps, "step"), (len(report.conditions), "condition"), (report.points + report.close, "point")]
    counted += [(n, what) for n, what in ((report.splits, "case split"), (report.inductions, "induction")) if n]
    lines.append(("checked", ", ".join(f"{n} {what}{'' if n == 1 else 's'}" for n, what in counted)))
    terms = [derivation.left, derivation.right, *(d.body for d in context.definitions)]
    if any(end.is_infinite for term in terms for found in sums_in(term) for end in (found.low, found.high)):
        lines.append(("note", "sums without end are taken where they converge absolutely"))
    if context.is_consistent() is None:
        lines.append(("note", "nothing shows that the hypotheses can hold all together"))
    if not report.points + report.close:
        lines.append(("note", "no line could be compared with the next at an exact point: the laws alone say so"))
    kind = report.verdict.kind
    return GOOD, _page(file, f"{kind}, {report.verdict.why}" if report.verdict.why else kind, lines)


def _page(file: str, verdict: str, lines: list[tuple[str, str]]) -> str:
    return "".join([f"{file}: {verdict}\n", *(f"  {label:<8}  {text}\n" for label, text in lines)])


def _said(left: object, relation: str = "", right: object = None) -> str:
    """A term, condition or statement in plain text."""
    from derive.render.document import Equation
    from derive.render.text import plain

    try:
        return plain(Equation(left, relation, right) if relation else left)
    except (DeriveError, RecursionError, ValueError) as problem:
        return f"(no notation: {str(problem)[:60]})"


def _arrays(context: object) -> Iterator[str]:
    """What each array is: its definition, or its range."""
    from derive.language import Context
    from derive.sheets.given import arrays

    assert isinstance(context, Context)
    try:
        for words in arrays(context):
            yield "".join(word if isinstance(word, str) else _said(word) for word in words)
    except IllFormed as problem:  # a definition with too many indices, say; the check refuses it
        yield f"(no notation: {problem})"


def _lines(file: str) -> list[str]:
    try:
        return _text(file, MOST_LINES).splitlines()
    except BadCertificate as problem:
        sys.stdout.write(f"{file}: not a certificate: {problem}\n")
        sys.stdout.flush()
        sys.exit(_OWN + UNUSABLE)


def _text(file: str, most: int = 1) -> str:
    from derive.kernel.certificate import LONGEST

    try:
        if file == "-":
            data = sys.stdin.buffer.read(most * LONGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                data = opened.read(most * LONGEST + 1)
        return data.decode("utf-8")
    except OSError as problem:
        raise BadCertificate(f"the file cannot be read: {problem.strerror or problem}") from None
    except UnicodeDecodeError:
        raise BadCertificate("this is not UTF-8 text") from None


def _limit(seconds: int) -> None:
    """Bound this process in time and memory; where the platform knows no limits, the clock is all there is."""
    with suppress(ImportError):
        import resource

        for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
            hard = resource.getrlimit(what)[1]
            with suppress(OSError, ValueError):
                resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))

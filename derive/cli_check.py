"""The command `derive check`: formulas that somebody else wrote, judged."""

from __future__ import annotations

import argparse
import difflib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.errors import BadInput, ClaimError

if TYPE_CHECKING:
    from derive.claims.findings import Finding
    from derive.claims.known import Known
    from derive.claims.stated import Claim, Malformed

PROVED, REFUTED, UNUSABLE, NOT_PROVED = 0, 1, 2, 3
MOST_JOBS = 256
_EPILOG = r"""
a claim file (TOML):
  [symbols]
  n = "integer >= 0"
  a = "real"

  [[claim]]
  id    = "geometric sum"
  where = ['a \ne 1']
  left  = '\sum_{k=0}^{n} a^k'
  right = '\frac{1 - a^{n+1}}{1 - a}'

Other keys: let, relation, chain, asked with given and answer, symbols, form, layout, conventions.

verdicts:
  proved      for all values that the hypotheses allow
  exact       as polynomials, at the sizes that are named
  sampled     the numbers agree; evidence, and no proof
  refuted     with a point at which the sides differ, or at which one has no value
  undecided   with the reason
  unreadable  with the place

exit status:
  0  every claim is proved
  1  a claim is refuted
  2  a file could not be read, or the command cannot be used as it is
  3  nothing is refuted, and something is not proved
"""


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.01 <= value <= 999_999:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0.01 to 999999")
    return value


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 7 and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


def _jobs(text: str) -> int:
    if (number := _count(text)) > MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text} processes are too many; at most {MOST_JOBS} are allowed")
    return number


def add_check(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser(
        "check",
        help="formulas that somebody else wrote, judged",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    more = {"action": "append", "default": []}
    command.add_argument("files", nargs="*", metavar="FILE", help="a claim file; - reads one from the standard input")
    command.add_argument("-e", dest="formulas", metavar="FORMULA", help="'LEFT = RIGHT' itself, not in a file", **more)
    command.add_argument("--symbol", dest="symbols", metavar="NAME=WHAT", help="with -e: 'n = integer >= 1'", **more)
    command.add_argument("--where", metavar="CONDITION", help="with -e: a hypothesis", **more)
    command.add_argument("--let", metavar="DEFINITION", help="with -e: a definition", **more)
    command.add_argument("--only", metavar="ID", help="this claim alone; may be repeated", **more)
    command.add_argument("--json", action="store_true", help="one JSON object a line, as claims are decided")
    command.add_argument(
        "--seconds", type=_seconds, default=10.0, metavar="N", help="of computing, for each claim (default: 10)"
    )
    command.add_argument("--memory", type=_count, default=2048, metavar="MB", help="for each process (default: 2048)")
    command.add_argument("--jobs", type=_jobs, metavar="N", help="processes at once (default: one a processor)")
    keeping = command.add_mutually_exclusive_group()
    keeping.add_argument("--cache", metavar="DIR", help="keeps findings and proved lemmas (default: ~/.cache/derive)")
    keeping.add_argument("--no-cache", action="store_true", help="judge everything anew and keep nothing")
    command.add_argument("--executor", metavar="ADDRESS", help="a Dask scheduler whose workers judge (derive[dask])")
    command.set_defaults(run=check_command)


def check_command(options: argparse.Namespace) -> int:
    """Judge the claims and print what came of them; returns the exit status.

    Raises:
        BadInput: the command cannot be used as it is; a file that cannot be read is told and the others are judged.
    """
    from derive.claims.running import run
    from derive.claims.workers import JUDGE

    claims, status = _claims(options)
    start = time.monotonic()
    findings = run(
        claims,
        jobs=options.jobs,
        seconds=options.seconds,
        memory=options.memory << 20,
        known=_known(options, JUDGE),
        executor=options.executor,
        judge=JUDGE,
    )
    told = list(_json(findings) if options.json else _table(claims, findings, start))
    if len(told) != len(claims):
        raise AssertionError(f"{len(claims)} claims and {len(told)} findings")
    verdicts = {finding.verdict for finding in told}
    if status:
        return status
    if "refuted" in verdicts:
        return REFUTED
    return PROVED if verdicts == {"proved"} else NOT_PROVED


def _known(options: argparse.Namespace, judge: str) -> Known | None:
    if options.no_cache:
        return None
    from derive.claims.known import Known, default_folder

    try:
        return Known(Path(options.cache) if options.cache else default_folder(), options.seconds, judge)
    except (OSError, RuntimeError) as error:
        if options.cache:
            why = getattr(error, "strerror", None) or error
            raise BadInput(f"findings cannot be kept in {options.cache}: {why}") from None
        return None  # nobody asked for it, and a home that cannot be written is no reason to judge nothing


def _claims(options: argparse.Namespace) -> tuple[list[Claim | Malformed], int]:
    """What is to be judged, and UNUSABLE if a file could not be read."""
    from derive.claims.files import read_claims

    found: list[Claim | Malformed] = []
    status = 0
    if not options.files and not options.formulas:
        raise BadInput("name a claim file, or give a formula with -e (try: derive check --help)")
    if not options.formulas and (options.symbols or options.where or options.let):
        raise BadInput("--symbol, --where and --let belong to a formula that is given with -e; a file has its own")
    for file in dict.fromkeys(options.files):
        try:
            found += read_claims(file)
        except ClaimError as error:
            sys.stderr.write(f"derive: {error}\n")
            status = UNUSABLE
    found += _formulas(options)
    for wanted in options.only:
        names = [claim.id for claim in found]
        if wanted not in names and not status:
            close = difflib.get_close_matches(wanted, names, n=1)
            raise BadInput(f"no claim has the id {wanted!r}{f'; did you mean {close[0]!r}?' if close else ''}")
    if options.only:
        found = [claim for claim in found if claim.id in options.only]
    return found, status


def _formulas(options: argparse.Namespace) -> Iterator[Claim]:
    from dataclasses import replace

    from derive.claims.calling import claim_in

    symbols = {}
    for said in options.symbols:
        name, sign, what = said.partition("=")
        if not (name.strip() and sign and what.strip()):
            raise BadInput(f"{said!r} declares no symbol; write it like 'n = integer >= 1'")
        symbols[name.strip()] = what.strip()
    for number, formula in enumerate(options.formulas, start=1):
        name = " ".join(formula.split())[:60]
        claim = claim_in(formula, symbols=symbols, where=options.where, let=options.let, id=name)
        yield replace(claim, number=number)


def _json(findings: Iterator[Finding]) -> Iterator[Finding]:
    import json

    from derive.claims.telling import counts

    told = []
    for finding in findings:
        sys.stdout.write(json.dumps(finding.as_json(), ensure_ascii=False) + "\n")
        sys.stdout.flush()
        told.append(finding)
        yield finding
    sys.stdout.write(json.dumps({"counts": counts(told)}) + "\n")


def _table(claims: list[Claim | Malformed], findings: Iterator[Finding], start: float) -> Iterator[Finding]:
    """Rows in the order of the files, each as soon as those before it are there."""
    import shutil

    from derive.claims.telling import name_width, row, summary

    width = shutil.get_terminal_size((100, 24)).columns
    names = name_width(claim.id for claim in claims)
    order = [(claim.file, claim.number) for claim in claims]
    files = len({file for file, _ in order}) > 1
    told: dict[tuple[str, int], Finding] = {}
    printed = 0
    try:
        for finding in findings:
            told[finding.file, finding.number] = finding
            _progress("")
            while printed < len(order) and order[printed] in told:
                file = order[printed][0]
                if files and (printed == 0 or order[printed - 1][0] != file):
                    sys.stdout.write(f"{file or 'formulas'}\n")
                sys.stdout.write(row(told[order[printed]], names, width))
                sys.stdout.flush()
                printed += 1
            if len(told) < len(order):
                _progress(f"{len(told)} of {len(order)} claims judged, {time.monotonic() - start:.0f} s")
            yield finding
    finally:
        _progress("")
    if told:
        sys.stdout.write("\n" + summary(list(told.values()), time.monotonic() - start))


def _progress(text: str) -> None:
    """One line on the error stream that the next one replaces, if somebody looks."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

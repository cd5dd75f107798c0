"""Many claims judged, in processes of this machine or of a cluster, with what is known from earlier runs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from derive.claims.findings import Finding, Unread
from derive.claims.known import Known
from derive.claims.stated import Claim, Malformed
from derive.claims.workers import JUDGE, MEMORY, SECONDS, Workers


def cores() -> int:
    """How many processors this process may use.

    Example:
        >>> cores() >= 1
        True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    claims: Iterable[Claim | Malformed],
    jobs: int | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    known: Known | None = None,
    executor: str | None = None,
    judge: str = JUDGE,
) -> Iterator[Finding]:
    """Findings as they are made: first of what needs no work, then in the order in which claims are decided.

    Args:
        claims: Claims, and what a file has in place of them.
        jobs: Processes at once; as many as there are processors if None.
        seconds: For each claim, on the processor.
        memory: Bytes for each process.
        known: Where findings, and lemmas that were proved for them, are kept.
        executor: Address of a Dask scheduler that is used instead of processes of this machine.
        judge: The function that judges, as 'package.module:name'.

    Raises:
        DeriveError: the processes cannot be started.

    Example:
        >>> list(run([Malformed("a", "x.toml", 1, 3, "the claim has left but no right")]))
        [<unreadable, the claim has left but no right>]
    """
    left = []
    for claim in claims:
        if isinstance(claim, Malformed):
            yield unreadable(claim)
            continue
        found = None if known is None else known.find(claim)
        if found is None:
            left.append(claim)
        else:
            yield found
    if not left:
        return
    lemmas = None if known is None else known.lemmas
    for judged, finding in _judged(left, jobs or cores(), seconds, memory, executor, judge, lemmas):
        if known is not None:
            known.keep(judged, finding)
        yield finding


def _judged(
    claims: list[Claim],
    jobs: int,
    seconds: float,
    memory: int,
    executor: str | None,
    judge: str,
    lemmas: Path | None,
) -> Iterator[tuple[Claim, Finding]]:
    if executor is not None:
        from derive.claims.cluster import run_at

        yield from run_at(executor, claims, seconds, memory, judge)
        return
    with ExitStack() as stack:
        if lemmas is None and len(claims) > 1:  # for this run alone, so that no two processes prove the same
            lemmas = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        workers = stack.enter_context(Workers(min(jobs, len(claims)), seconds, memory, judge, lemmas))
        yield from workers.run(claims)


def unreadable(claim: Malformed) -> Finding:
    """The finding on a claim with a wrong key.

    Example:
        >>> unreadable(Malformed("a", "x.toml", 1, 3, "no right")).error
        Unread(message='no right', line=3, column=0, shown='')
    """
    return Finding(
        claim.id,
        "unreadable",
        file=claim.file,
        number=claim.number,
        error=Unread(claim.message, claim.line),
        notes=claim.notes,
    )

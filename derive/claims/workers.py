"""Processes that judge claims, seen from outside: claims in, findings out, and an end to what runs away."""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from derive.claims.clock import GRACE, WAITING
from derive.claims.findings import Finding, as_data, finding_from
from derive.claims.known import LEMMAS
from derive.claims.stated import Claim, named
from derive.errors import BadInput, DeriveError

JUDGE = "derive.claims.judging:judge"
LEAST_MEMORY = 512 * 2**20
MEMORY = 2 * 2**30
SECONDS = 10.0

_START = 120.0
_CHILD = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from derive.claims.worker import keep; "
_CHILD += "keep(sys.argv[1], int(sys.argv[2]), [int(place) for place in sys.argv[3:]])"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


@dataclass
class _Place:
    """One worker: its socket, its process while that is known, the claim that it has and what is known of that."""

    line: socket.socket
    process: int = 0
    claim: Claim | None = None
    so_far: Finding | None = None
    ticket: int = 0
    since: float = 0.0
    rest: bytes = field(default=b"")


class Workers:
    """Some processes that judge claims, one claim at a time each.

    Use it in a `with` statement: at its end all processes are gone.

    Args:
        jobs: How many.
        seconds: For each claim, on the processor; one that takes longer costs its process, which is replaced.
        memory: Bytes of address space of each.
        judge: The function, as 'package.module:name'; it takes a Claim and the seconds.
        lemmas: Folder of lemmas that were proved before.

    Example:
        >>> with Workers(jobs=1) as workers:
        ...     [finding.id for _, finding in workers.run([Claim("a"), Claim("b")])]
        ['a', 'b']
    """

    def __init__(
        self,
        jobs: int = 1,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        judge: str = JUDGE,
        lemmas: Path | None = None,
    ) -> None:
        if not hasattr(os, "fork"):
            raise BadInput("claims are judged in processes that fork, which this system cannot do; try derive.check")
        if memory < LEAST_MEMORY:
            raise BadInput(f"{memory >> 20} MB of memory are too few; at least {LEAST_MEMORY >> 20} MB are needed")
        self.jobs, self.seconds, self.memory, self.judge = jobs, seconds, memory, judge
        self.told = {} if lemmas is None else {LEMMAS: str(lemmas)}
        self.longest = WAITING * seconds + GRACE
        self.places: list[_Place] = []
        self.keeper: subprocess.Popen[bytes] | None = None
        self.said: IO[bytes] | None = None
        self.tickets = 0

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def one(self, claim: Claim) -> Finding:
        """The finding on one claim.

        Example:
            >>> with Workers() as workers:
            ...     workers.one(Claim("a")).verdict
            'undecided'
        """
        ((_, finding),) = self.run([claim])
        return finding

    def run(self, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Finding]]:
        """Claims with their findings, in the order in which these are made.

        A claim is taken when there is a worker for it.
        """
        waiting = iter(claims)
        following = next(waiting, None)
        try:
            while following is not None or any(place.claim for place in self.places):
                if self.keeper is None:
                    self._start()
                for place in self.places:
                    if following is not None and place.process and place.claim is None:
                        self._give(place, following)
                        following = next(waiting, None)
                yield from self._wait()
        finally:
            for place in self.places:  # whoever stops listening does not want to hear of these later
                if place.claim is not None:
                    self._kill(place)
                    self._lost(place, "")

    def end(self) -> None:
        """End all processes."""
        for place in self.places:
            place.line.close()
        self.places = []
        if self.keeper is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.keeper.pid, signal.SIGKILL)
            self.keeper.wait()
            self.keeper = None
        if self.said is not None:
            self.said.close()
            self.said = None

    def _start(self) -> None:
        pairs = [socket.socketpair() for _ in range(self.jobs)]
        self.places = [_Place(ours, since=time.monotonic()) for ours, _ in pairs]
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the processes that write into it
        theirs = [other.fileno() for _, other in pairs]
        command = [sys.executable, "-P", "-X", "utf8", "-W", "ignore", "-c", _CHILD, json.dumps(sys.path)]
        self.keeper = subprocess.Popen(
            [*command, self.judge, str(self.memory), *map(str, theirs)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.said,
            pass_fds=theirs,
            env={**os.environ, **_ONE_THREAD, **self.told},
            start_new_session=True,  # Ctrl-C is for this process, which ends the others
        )
        for _, other in pairs:
            other.close()

    def _give(self, place: _Place, claim: Claim) -> None:
        self.tickets += 1
        place.claim, place.so_far, place.ticket, place.since = claim, None, self.tickets, time.monotonic()
        data = {"ticket": self.tickets, "seconds": self.seconds, "claim": as_data(claim)}
        with suppress(BrokenPipeError, ConnectionResetError):  # told by the socket when it is read next
            place.line.sendall(json.dumps(data).encode() + b"\n")

    def _wait(self) -> Iterator[tuple[Claim, Finding]]:
        """What comes from the sockets within a moment, and what has taken too long."""
        now = time.monotonic()
        busy = [place.since + self.longest - now for place in self.places if place.claim]
        with selectors.DefaultSelector() as selector:
            for place in self.places:
                selector.register(place.line, selectors.EVENT_READ, place)
            ready = [key.data for key, _ in selector.select(max(0.0, min([*busy, 5.0])))]
        for place in ready:
            data = b""
            with suppress(ConnectionResetError):
                data = place.line.recv(1 << 20)
            if not data:
                yield from self._keeper_gone()
                return
            *lines, place.rest = (place.rest + data).split(b"\n")
            for line in lines:
                yield from self._heard(place, line)
        now = time.monotonic()
        for place in self.places:
            if place.claim is not None and now > place.since + self.longest:
                self._kill(place)
                yield self._lost(place, self._late())
            elif not place.process and now > place.since + _START:
                raise DeriveError(f"the processes that judge claims did not start within {_START:g} seconds")

    def _heard(self, place: _Place, line: bytes) -> Iterator[tuple[Claim, Finding]]:
        try:
            message: dict[str, Any] = json.loads(line) if line else {}
        except ValueError:
            return  # the beginning of an answer whose worker was ended
        if "ready" in message:
            why = message["before"] or self._late()
            lost = [] if place.claim is None else [self._lost(place, why)]
            place.process = message["ready"]
            yield from lost
        elif place.claim is None or message.get("ticket") != place.ticket:
            return  # of a claim that is lost
        elif "so far" in message:
            place.so_far = finding_from(message["so far"])
        else:
            claim, place.claim = place.claim, None
            if message["last"]:
                place.process = 0
                place.since = time.monotonic()
            found = finding_from(message["finding"])
            if place.so_far is not None and found.verdict == "undecided":  # what went wrong did so afterwards
                found = named(place.so_far, claim, found.seconds)
            yield claim, found

    def _late(self) -> str:
        return f"time: not finished within {self.seconds:g} seconds"

    def _kill(self, place: _Place) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(place.process, signal.SIGKILL)

    def _lost(self, place: _Place, why: str) -> tuple[Claim, Finding]:
        claim, taken = place.claim, time.monotonic() - place.since
        assert claim is not None
        found = Finding(claim.id, "undecided", by=why) if place.so_far is None else place.so_far
        place.claim, place.so_far, place.process, place.since = None, None, 0, time.monotonic()
        return claim, named(found, claim, taken)

    def _keeper_gone(self) -> Iterator[tuple[Claim, Finding]]:
        """The keeper has ended: a mistake if it never had a worker, else another one is made."""
        had = any(place.process for place in self.places)
        lost = [self._lost(place, "the process was ended from outside") for place in self.places if place.claim]
        assert self.keeper is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.keeper.pid, signal.SIGKILL)
        self.keeper.wait()
        said = ""
        if self.said is not None:
            self.said.seek(0)
            said = self.said.read(1 << 20).decode(errors="replace").strip()
        self.end()
        if not had and not lost:
            why = said.splitlines()[-1] if said else "no reason given"
            raise DeriveError(f"the processes that judge claims cannot start: {why}")
        yield from lost

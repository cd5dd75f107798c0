"""What runs in the processes that judge claims.

One process, the keeper, loads everything once. It never looks at a claim: for each place it forks a worker, and another
one when that has ended, however it ended. A worker takes one claim after the other from its socket, each as a line of
JSON, and answers with a line; nothing that is sent is executed. No pickle is read but those of lemmas, from the folder
that the environment names.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

from derive.claims.allocation import keep_freed_memory
from derive.claims.clock import GRACE, WAITING
from derive.claims.findings import Finding, as_data
from derive.claims.so_far import listen
from derive.claims.stated import Claim, claim_of, named

CLAIMS_A_WORKER = 1_000
"""Then it is replaced, as it is when what SymPy remembers has filled a quarter of its memory."""

_AFTER_TROUBLE = 3
_ENDED = 4
_AT_ONCE = 0.05  # seconds; no process that has judged anything is that short-lived many times in a row
_MOST_AT_ONCE = 100


def found_by(path: str) -> Callable[[Claim, float], Finding]:
    """The function that 'package.module:name' names.

    Example:
        >>> found_by("derive.claims.judging:judge").__name__
        'judge'
    """
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def keep(judge: str, memory: int, places: list[int]) -> None:
    """What the keeper does: a worker for each place, until the other ends of all sockets are closed.

    Args:
        judge: The function, as 'package.module:name'.
        memory: Bytes of address space for each worker.
        places: File descriptors of the sockets.
    """
    function = found_by(judge)
    prepare = getattr(import_module(judge.partition(":")[0]), "prepare", None)
    if prepare is not None:
        prepare()
    keep_freed_memory()
    gc.collect()
    gc.freeze()  # what was loaded stays: no worker looks through it for what can be thrown away
    gc.set_threshold(100_000, 50, 100)  # terms that are remembered are many, and few of them go round in circles
    sockets = [socket.socket(fileno=place) for place in places]
    running = {_fork(function, memory, sockets, place, ""): (place, 0.0) for place in range(len(sockets))}
    early = 0
    while running:
        process, status, used = os.wait3(0)
        place, begun = running.pop(process)
        code = os.waitstatus_to_exitcode(status)
        if code == _ENDED:
            continue
        early = early + 1 if time.monotonic() - begun < _AT_ONCE else 0
        if early > _MOST_AT_ONCE:
            sys.exit(f"{early} processes in a row ended at once, the last one: {_why(code, used, memory)}")
        again = _fork(function, memory, sockets, place, _why(code, used, memory))
        running[again] = (place, time.monotonic())


def _why(code: int, used: resource.struct_rusage, memory: int) -> str:
    if code in (-signal.SIGPROF, -signal.SIGXCPU, -signal.SIGALRM):
        return ""  # it used up its time, which is said where the seconds are known
    how = f"the process ended with {signal.Signals(-code).name if code < 0 else f'status {code}'}"
    most = _bytes_used(used)
    return f"memory: {how} after it had used {most >> 20} MB" if most > memory / 2 else how


def _bytes_used(used: resource.struct_rusage) -> int:
    return used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _most_used() -> int:
    return _bytes_used(resource.getrusage(resource.RUSAGE_SELF))


def _fork(function: Any, memory: int, sockets: list[socket.socket], place: int, before: str) -> int:
    process = os.fork()
    if process:
        return process
    status = _AFTER_TROUBLE
    try:
        for number, other in enumerate(sockets):
            if number != place:
                other.close()
        status = _work(function, memory, sockets[place], before)
    except ConnectionError:
        status = _ENDED  # nobody listens any more
    finally:
        os._exit(status)  # neither buffers nor exit functions of the keeper are this process's own


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(what, (most, hard))


def _work(function: Callable[[Claim, float], Finding], memory: int, line: socket.socket, before: str) -> int:
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)
    line.sendall(_message({"ready": os.getpid(), "before": before}))
    with line.makefile("rb") as stream:
        begun = _most_used()
        for number in range(1, CLAIMS_A_WORKER + 1):
            data = _next(stream)
            if data is None:
                return _ENDED
            used = resource.getrusage(resource.RUSAGE_SELF)
            # It ends by itself when it has used its time, and in the end should nobody be left to end it.
            signal.setitimer(signal.ITIMER_PROF, data["seconds"] + GRACE)
            _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + 2 * data["seconds"]) + 4)
            signal.alarm(int((WAITING + 1) * data["seconds"]) + 4)
            listen(partial(_tell, line, data["ticket"]))
            finding, well = judged(function, claim_of(data["claim"]), data["seconds"])
            signal.alarm(0)
            signal.setitimer(signal.ITIMER_PROF, 0)
            last = not well or number == CLAIMS_A_WORKER or _most_used() - begun > memory / 4
            line.sendall(_message({"ticket": data["ticket"], "finding": as_data(finding), "last": last}))
            if last:
                break
    return 0


def _tell(line: socket.socket, ticket: int, finding: Finding) -> None:
    line.sendall(_message({"ticket": ticket, "so far": as_data(finding)}))


def _next(stream: Any) -> dict[str, Any] | None:
    for raw in stream:
        with suppress(ValueError):  # the rest of a line whose beginning an ended worker has read
            data = json.loads(raw)
            if isinstance(data, dict):
                return data
    return None


def _message(data: dict[str, Any]) -> bytes:
    """A line of its own, also after the beginning of one that was never finished."""
    return b"\n" + json.dumps(data).encode() + b"\n"


class _Trouble:
    """Errors that leave the block are kept, not raised; those that are meant to end the process pass."""

    def __init__(self) -> None:
        self.why = ""

    def __enter__(self) -> _Trouble:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        if issubclass(kind, MemoryError):
            self.why = "memory"
        elif issubclass(kind, RecursionError):
            self.why = "nested too deeply"
        else:
            while at is not None and at.tb_next is not None:
                at = at.tb_next
            where = f" at {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at is not None else ""
            said = " ".join(str(error).split())[:200]
            self.why = f"a mistake of this program, {kind.__name__}{where}{': ' if said else ''}{said}"
        return True


def judged(function: Callable[[Claim, float], Finding], claim: Claim, seconds: float) -> tuple[Finding, bool]:
    """The finding, with its time and the claim's names; False if the process should not be used again.

    Example:
        >>> def fails(claim, seconds):
        ...     raise MemoryError
        >>> judged(fails, Claim("a"), 1)
        (<undecided, memory>, False)
    """
    start = time.perf_counter()
    finding: Finding | None = None
    with _Trouble() as trouble:
        made = function(claim, seconds)
        json.dumps(as_data(made))  # what cannot be sent is a mistake of the judge's
        finding = made
    taken = time.perf_counter() - start
    well = finding is not None
    if finding is None:
        finding = Finding(claim.id, "undecided", by=trouble.why)
    return named(finding, claim, taken), well

"""The same run on the machines of a Dask cluster, where derive has to be installed too.

Each thread of a Dask worker has a judging process of its own beside it, so that claims are bounded in time and memory
there as they are here. Claims and findings travel as JSON.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

from derive.claims.findings import Finding, as_data, finding_from
from derive.claims.stated import Claim, claim_of, named
from derive.claims.workers import Workers
from derive.errors import BadInput, DeriveError

_PATIENCE = "10s"
_HERE = threading.local()


def run_at(
    address: str, claims: list[Claim], seconds: float, memory: int, judge: str
) -> Iterator[tuple[Claim, Finding]]:
    """Claims with their findings, in the order in which these come back.

    Args:
        address: Of the scheduler, such as tcp://10.0.0.5:8786.
        claims: What is judged.
        seconds: For each claim.
        memory: Bytes for each judging process.
        judge: The function that judges, as 'package.module:name'.

    Raises:
        BadInput: Dask is not installed, or nothing answers at the address.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise BadInput("--executor needs Dask; install it with: pip install 'derive[dask]'") from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BadInput(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        sent = [json.dumps(as_data(claim)) for claim in claims]
        futures = client.map(judge_there, sent, seconds=seconds, memory=memory, judge=judge, pure=False)
        place = {future.key: claim for future, claim in zip(futures, claims, strict=True)}
        try:
            for future in as_completed(futures, loop=client.loop):
                claim = place[future.key]
                if future.status == "finished":
                    yield claim, finding_from(json.loads(future.result()))
                else:
                    why = f"a worker of the cluster failed: {str(future.exception())[:200]}"
                    yield claim, named(Finding(claim.id, "undecided", by=why), claim, 0.0)
        finally:
            client.cancel(futures)


def judge_there(claim: str, seconds: float, memory: int, judge: str) -> str:
    """What a thread of a Dask worker does with one claim; its judging process stays for the next one.

    Example:
        >>> json.loads(judge_there(json.dumps(as_data(Claim("a"))), 10, 2**31, "derive.claims.judging:judge"))["id"]
        'a'
    """
    asked = (seconds, memory, judge)
    if getattr(_HERE, "asked", None) != asked:
        if hasattr(_HERE, "workers"):
            _HERE.workers.end()
        _HERE.workers, _HERE.asked = Workers(1, *asked), asked
    try:
        return json.dumps(as_data(_HERE.workers.one(claim_of(json.loads(claim)))))
    except DeriveError:
        _HERE.asked = None
        raise

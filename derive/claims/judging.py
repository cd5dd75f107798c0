"""One claim judged: read, decided, explained.

This is what the workers call; everything else in this folder that is needed for it is loaded by `prepare`, once, before
the workers are made.
"""

from __future__ import annotations

from derive.claims.findings import Finding
from derive.claims.stated import Claim


def prepare() -> None:
    """Load what judging needs, so that the first claim costs no more than the others."""
    import derive.claims.statements  # noqa: F401


def judge(claim: Claim, seconds: float = 10.0) -> Finding:
    """What is known of the claim.

    Args:
        claim: As its file has it.
        seconds: Time that the deciders should keep to; in bulk, the process is ended a second later.

    Example:
        >>> judge(Claim("one", left=("1",), right=("1",))).verdict
        'undecided'
    """
    return Finding(claim.id, "undecided", by="formulas are not read yet", file=claim.file, number=claim.number)

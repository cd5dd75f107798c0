"""The judge without a search for slips: what is measured is the verdict."""

from __future__ import annotations

from derive.claims import judging
from derive.claims.findings import Finding
from derive.claims.judging import prepare
from derive.claims.stated import Claim

__all__ = ["judge", "prepare"]


def judge(claim: Claim, seconds: float) -> Finding:
    """The verdict."""
    return judging.judge(claim, seconds, explain=False)

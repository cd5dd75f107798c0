"""Why a claim is wrong, in the words of a teacher: the slip that, repaired, makes it true."""

from __future__ import annotations

from typing import Any

from derive.claims.findings import Finding
from derive.claims.stated import Claim


def explained(claim: Claim, parts: Any, pair: Any, finding: Finding, until: float) -> Finding:
    """The finding with the slip, if one repair of a known kind is proved."""
    return finding

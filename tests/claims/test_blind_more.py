"""Claims over all that the specification of claim files says: true ones proved, wrong ones refused."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from derive.claims.judging import judge
from derive.claims.stated import Claim
from tests.claims.blind_more import MORE

ACCEPTED = ("proved", "exact", "sampled")


def test_there_are_enough() -> None:
    """Both kinds, and few that are left open."""
    kinds = Counter(wanted[:1] if wanted.startswith("<") else wanted for *_, wanted in MORE)
    assert kinds["proved"] >= 110 and kinds["refuted"] >= 80 and kinds["true"] + kinds["false"] <= 60, kinds


@pytest.mark.share(3)
@pytest.mark.parametrize(("name", "symbols", "said", "wanted"), MORE, ids=[f"{n} {w}" for n, *_, w in MORE])
def test_what_comes_of_it(name: str, symbols: dict[str, str], said: dict[str, Any], wanted: str) -> None:
    """What holds is proved where it was once, what does not is accepted at no level, a refusal says what is wrong."""
    found = judge(Claim(name, symbols=tuple(symbols.items()), **said), 8, explain=False)
    if wanted.startswith("<"):
        assert found.verdict == "unreadable" and found.error is not None, found
        assert found.error.message.startswith(wanted[1:]), found
    elif wanted == "true":
        assert found.verdict != "refuted", found
    elif wanted == "false":
        assert found.verdict not in ACCEPTED, found
    else:
        assert found.verdict == wanted, found

"""Formulas as others write them: each is read rightly, or refused with what is wrong and where."""

from __future__ import annotations

from collections import Counter

import pytest

from derive.claims.judging import judge
from derive.claims.stated import Claim
from tests.claims.blind import BLIND

LOOKED_AT = ("proved", "exact", "sampled")


def test_there_are_enough() -> None:
    """At least 80, and of each kind some."""
    kinds = Counter(wanted if not wanted.startswith("<") else "<" for *_, wanted in BLIND)
    assert len(BLIND) >= 80 and kinds["proved"] >= 70 and kinds["refuted"] >= 2 and kinds["<"] >= 12, kinds


@pytest.mark.parametrize(("symbols", "text", "wanted"), BLIND, ids=[text for _, text, _ in BLIND])
def test_read_as_it_is_meant(symbols: dict[str, str], text: str, wanted: str) -> None:
    """What holds is not refuted, what does not is not proved, and a refusal says what is wrong and where."""
    found = judge(Claim("blind", symbols=tuple(symbols.items()), chain=(text,)), 20, explain=False)
    if wanted.startswith("<"):
        piece, _, column = wanted[1:].partition("@")
        said = found.error.message if found.error is not None else found.by
        assert found.verdict in ("unreadable", "undecided") and piece in said, found
        assert not column or (found.error is not None and found.error.column == int(column)), found
    elif wanted == "holds":
        assert found.verdict in LOOKED_AT, found
    else:
        assert found.verdict == wanted, found

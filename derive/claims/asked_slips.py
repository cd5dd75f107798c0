"""The slip in an answer to a construct's question: one change of a known kind with which the answer is proved."""

from __future__ import annotations

from collections.abc import Callable

from derive.claims.benches import Bench
from derive.claims.changes import Setting
from derive.claims.clock import now
from derive.claims.definedness import with_needs
from derive.claims.findings import Slip
from derive.claims.lemmas import Lemmas
from derive.claims.places import STUMBLES
from derive.claims.slips import repairs
from derive.claims.statements import Statement
from derive.claims.stating import Pair
from derive.claims.syntax import Name, Node, below
from derive.claims.wording import spelled, written
from derive.errors import DeriveError

SECONDS, PROOF, MOST_PROOFS = 2.2, 1.6, 3


def slip_of(
    answer: Node, setting: Setting, wrong: Statement, stated: Callable[[Node], Pair], library: Lemmas, until: float
) -> Slip | None:
    """The likeliest change of the answer that is proved; None if there is none, or time is up.

    Args:
        answer: As it was given.
        setting: What the rules of slips know of its names.
        wrong: The statement that it equals what the construct derives, which was refuted.
        stated: This statement for another answer.
        library: Proved claims that a proof may use.
        until: When to stop, by the clock of judging.
    """
    enough = min(until, now() + SECONDS)
    bench, proofs = Bench(wrong), 0
    if not bench.failing:
        return None
    for repair in repairs(answer, setting):
        if now() > enough or proofs == MOST_PROOFS:
            return None
        if not any(isinstance(n, Name) for n in below(repair.node)):
            continue  # a bare number is no repair
        try:
            pair = stated(repair.node)
            if not bench.holds(pair.statement):
                continue
            proofs += 1
            found = with_needs(pair, max(0.2, min(PROOF, enough - now())), library)
        except (DeriveError, *STUMBLES):
            continue
        if found.verdict == "proved":
            return Slip(spelled(repair.said), written(repair.node), repair.kind)
    return None

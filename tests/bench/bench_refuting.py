"""How fast a false claim is refuted, beside a check by SymPy: `simplify(left - right) == 0`, in one run.

The false claims are those of the tables of slips and of the referee whose sides are terms that SymPy knows: its check is
given these terms ready, while ours reads LaTeX, and it has a time limit of its own for each.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import sympy

from derive.claims import judging
from derive.claims.judging import judge, prepare
from derive.claims.parsing import parse
from derive.claims.stated import Claim
from derive.claims.stating import readings
from derive.errors import DeriveError
from derive.language import Array, Cases, Entry, IndexProduct, IndexSum
from derive.language.counting import Binomial, Factorial
from tests.claims.referee_false import FALSE
from tests.claims.slip_table import SLIPS
from tests.claims.test_referee import claim as of_referee
from tests.claims.test_slips import planted

LIMIT = 5.0
"""Seconds of SymPy's check for one claim."""


class Unsaid(Exception):
    """SymPy has no term for it."""


class _Late(Exception):
    pass


@dataclass(frozen=True)
class Timed:
    """Seconds of both for one false claim; what SymPy's check says: different, equal, late or failed."""

    name: str
    ours: float
    theirs: float
    said: str


def false_claims() -> Iterator[tuple[Claim, Any]]:
    """Claims that are refuted, with the difference of their sides as a term of SymPy."""
    for made in (*map(planted, SLIPS), *map(of_referee, FALSE)):
        if made.relation != "=":
            continue
        try:
            (parts,) = judging._claims_in(made)
            pairs = readings(parts.parsed(), parse)[0].pairs
            if len(pairs) != 1 or pairs[0].statement.relation != "=":
                continue
            yield made, plain(pairs[0].statement.left) - plain(pairs[0].statement.right)
        except (DeriveError, Unsaid):
            continue


def plain(term: Any) -> Any:
    """The same term in SymPy's own heads.

    Raises:
        Unsaid: there are none.
    """
    if isinstance(term, Entry):
        if any(low.is_infinite or high.is_infinite for low, high in term.array.axes) or term.array.outside != "error":
            raise Unsaid
        base = sympy.IndexedBase(term.array.name)
        return base[tuple(plain(i) for i in term.indices)] if term.indices else sympy.Symbol(term.array.name, real=True)
    if isinstance(term, (IndexSum, IndexProduct)):
        head = sympy.Sum if isinstance(term, IndexSum) else sympy.Product
        return head(plain(term.body), (term.index, plain(term.low), plain(term.high)))
    if isinstance(term, Cases) or isinstance(term, Array):
        raise Unsaid
    if isinstance(term, (Binomial, Factorial)):
        head = sympy.binomial if isinstance(term, Binomial) else sympy.factorial
        return head(*map(plain, term.args))
    if not term.args:
        return term
    if type(term).__module__.partition(".")[0] != "sympy":
        raise Unsaid
    return term.func(*map(plain, term.args))


def _ring(number: int, frame: FrameType | None) -> None:
    raise _Late


def by_simplify(difference: Any) -> str:
    """What SymPy's check says within its time."""
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        return "equal" if sympy.simplify(difference) == 0 else "different"
    except _Late:
        return "late"
    except (ArithmeticError, AttributeError, NotImplementedError, RecursionError, TypeError, ValueError):
        return "failed"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def measure(most: int) -> list[Timed]:
    """Both on every claim, one after the other; each claim is new to both."""
    prepare()
    rows = []
    for made, difference in list(false_claims())[:most]:
        start = time.process_time()
        found = judge(made, 10.0, explain=False)
        ours = time.process_time() - start
        if found.verdict != "refuted":
            continue
        sympy.core.cache.clear_cache()
        start = time.process_time()
        said = by_simplify(difference)
        rows.append(Timed(made.id if made.id != "c" else made.right[0], ours, time.process_time() - start, said))
    return rows


if __name__ == "__main__":
    for row in sorted(measure(1000), key=lambda r: -r.theirs / r.ours):
        print(f"{row.ours:8.3f} {row.theirs:8.3f} {row.said:10} {row.name}")

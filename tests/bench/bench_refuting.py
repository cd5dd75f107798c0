"""How fast exact points refute a false claim, beside SymPy's `simplify(left - right) == 0`, in one run.

The false claims are those with a planted slip, and those of the referee, whose sides are terms that SymPy knows. Both
checks get the terms ready; SymPy's has a time limit of its own for each. What it calls equal (where a side has no value
at some point) is no refutation, and is counted apart.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import sympy

from derive.claims import judging
from derive.claims.asking import free_terms
from derive.claims.judging import prepare
from derive.claims.parsing import parse
from derive.claims.places import Places
from derive.claims.refuting import look, refuted
from derive.claims.stated import Claim
from derive.claims.statements import Statement
from derive.claims.stating import Pair, readings
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


def _difference(pair: Pair) -> Any:
    return plain(pair.statement.left) - plain(pair.statement.right)


def with_slips() -> Iterator[Claim]:
    """True claims with a slip."""
    yield from map(planted, SLIPS)


def of_the_referee() -> Iterator[Claim]:
    """False claims that were made to be accepted."""
    yield from map(of_referee, FALSE)


def ready(claims: Iterable[Claim]) -> Iterator[tuple[Pair, str, Any]]:
    """What is to be refuted, with the difference of the sides as a term of SymPy."""
    for made in claims:
        if made.relation != "=":
            continue
        try:
            (parts,) = judging._claims_in(made)
            pairs = readings(parts.parsed(), parse)[0].pairs
            if len(pairs) != 1 or pairs[0].statement.relation != "=":
                continue
            yield pairs[0], made.right[0] if made.right else made.left[0], _difference(pairs[0])
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
    if isinstance(term, (Cases, Array)):
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


def by_points(statement: Statement) -> bool:
    """Whether exact points refute the statement, with the smallest of them as witness."""
    choices = Places(statement.context)
    seen = look(statement, choices.first(free_terms(statement)), time.monotonic() + 10)
    return bool(seen.failed or seen.undefined) and refuted(statement, seen, choices) is not None


def measure(claims: Iterable[tuple[Pair, str, Any]]) -> list[Timed]:
    """Both on every claim, one after the other; each claim is new to both."""
    prepare()
    rows = []
    for pair, name, difference in claims:
        start = time.process_time()
        found = by_points(pair.statement)
        ours = time.process_time() - start
        if not found:
            continue
        sympy.core.cache.clear_cache()
        start = time.process_time()
        said = by_simplify(difference)
        rows.append(Timed(name, ours, time.process_time() - start, said))
    return rows


def shown(what: str, rows: list[Timed]) -> str:
    """Totals and their ratio."""
    ours, theirs = sum(r.ours for r in rows), sum(r.theirs for r in rows)
    said = ", ".join(f"{sum(r.said == kind for r in rows)} {kind}" for kind in ("different", "late", "failed", "equal"))
    both = f"points {ours:.2f} s, simplify {theirs:.2f} s ({said}), {theirs / ours:.1f} times"
    return f"{what}: {len(rows)} false claims, {both}"

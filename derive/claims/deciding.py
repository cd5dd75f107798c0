"""Statements decided: refuted at an exact point, proved by derivations that the checker accepts, or else sampled.

Cheapest first. A few points are looked at, small ones and those where cases begin; a statement that fails at one is
refuted with the smallest witness found. Then proofs are looked for, and only what the kernel accepts is one. What is
neither is looked at again, more closely, an inequality downhill; then it is `exact` (the same polynomial in the entries
at small sizes), `sampled`, or `undecided`. A statement that was looked at nowhere and is not proved is undecided.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from derive.claims.accepting import Proof, resting_on
from derive.claims.asking import free_terms
from derive.claims.clock import now
from derive.claims.hunting import hunt
from derive.claims.lemmas import Lemmas
from derive.claims.named_apart import with_names_apart
from derive.claims.places import Places
from derive.claims.refuting import Looked, by_solver, look, refuted
from derive.claims.statements import GROWTHS, Answer, Statement
from derive.claims.unseen import unseen
from derive.errors import DeriveError
from derive.language import Compare, Context, Entry, Expectation
from derive.language.chance import Chance, Moment
from derive.language.discharge import contradictory

_CONTRADICTION = "the hypotheses contradict each other, so nothing is said"
_FIRST, _PROOF, _ONLY_PROOF = 0.25, 0.7, 0.95
"""The shares of the time after which the first look ends, and the proof, also where nothing comes after it."""
_CLOSER = 0.15
"""Seconds for a closer look before a proof that takes its time."""
_SMALLER = 2
"""Seconds for making a witness smaller, and for looking at it again."""
_FEWEST = 12
"""Points at which a statement holds that is called sampled, with two values of each symbol, unless all were seen."""
_LATE = 100
"""Of them after proofs have been tried: the first look is at small points alone."""
_NO_PROOF = Answer("undecided", ("no proof was found",))


def decide(
    statement: Statement, seconds: float = 10, library: Lemmas | None = None, only_proof: bool = False
) -> Answer:
    """What is known of the statement.

    Args:
        statement: What is claimed.
        seconds: After so many no further attempt is begun.
        library: Proved claims that may be used as lemmas, asked by term.
        only_proof: Whether what is not proved is undecided, without a witness and without another look.

    Example:
        >>> from derive.language import Context, declare
        >>> x, y = declare("x", "real"), declare("y", "real")
        >>> a, b = x.symbol, y.symbol
        >>> decide(Statement(Context((x, y)), (a + b)**2, "=", a**2 + 2*a*b + b**2)).verdict
        'proved'
        >>> found = decide(Statement(Context((x, y)), (a + b)**2, "=", a**2 + b**2))
        >>> found.verdict, found.witness.values, found.witness.left, found.witness.right
        ('refuted', (('x', '2'), ('y', '2')), '16', '8')
    """
    from derive.claims.proofs import proved

    start = now()
    statement = with_names_apart(statement)
    if statement.relation in GROWTHS:
        from derive.claims.growing import grown

        return grown(statement, start + seconds)
    choices = Places(statement.context, start + seconds)
    seen = look(statement, choices.first(free_terms(statement)), start + _FIRST * seconds)
    if seen.failed or seen.undefined:
        return _NO_PROOF if only_proof else _refuted(statement, seen, choices, start + seconds)
    lemmas = 0 if library is None else len(library.checked)
    enough = start + (_ONLY_PROOF if only_proof else _PROOF) * seconds
    closer = Looked()

    def doubted() -> bool:
        """Whether a look at more points, which costs less than a proof that is not found, refutes it."""
        return look(statement, choices.later(free_terms(statement)), now() + _CLOSER, closer).failed is not None

    proof = proved(statement, enough, library, doubted)
    if closer.failed:
        return _NO_PROOF if only_proof else _refuted(statement, closer, choices, start + seconds)
    if proof is None and library is not None and len(library.checked) > lemmas:
        proof = proved(statement, enough + 0.2 * seconds, library)  # with lemmas that took the time to be derived
    if proof is not None:
        return _proved(statement, proof, seen)
    if only_proof:
        return _NO_PROOF
    hard = []
    if now() < start + 0.75 * seconds:
        with suppress(DeriveError):
            hard = by_solver(statement, choices)
    early, seen = seen.held, look(statement, hard, start + 0.8 * seconds, seen)
    if not (seen.failed or seen.undefined):
        seen = look(statement, choices.later(free_terms(statement)), start + 0.9 * seconds, seen)
    if not (seen.failed or seen.undefined):
        seen = hunt(statement, choices, choices.first(free_terms(statement)), start + 0.95 * seconds, seen)
    why = ""
    if seen.held and not (seen.failed or seen.undefined):
        why, failed = unseen(statement, choices, start + seconds)
        seen = replace(seen, failed=failed)
    if seen.failed or seen.undefined:
        return _refuted(statement, seen, choices, start + seconds)
    if why:
        return Answer("undecided", (why,), looked=seen.held)
    return _not_proved(statement, seen, start + seconds, seen.held - early)


def _proved(statement: Statement, proof: Proof, seen: Looked) -> Answer:
    used, unused = resting_on(statement.context, proof, statement.given)
    return Answer("proved", proof.by, used=used, unused=unused, looked=seen.held)


def _refuted(statement: Statement, seen: Looked, choices: Places, until: float) -> Answer:
    choices.until = max(choices.until, now() + _SMALLER)
    found = refuted(statement, seen, choices)
    if found is None:
        return Answer("undecided", ("a point that seemed to refute it did not when it was looked at again",))
    why = "a side has no value at a point that the hypotheses allow" if found.undefined else "an exact point"
    ratio = difference = None
    if not found.undefined and statement.relation == "=":
        from derive.claims.differing import differing

        ratio, difference = differing(statement, until)
    return Answer(
        "refuted", (why,), witness=found.witness, missing=found.missing, looked=seen.held + 1,
        ratio=ratio, difference=difference, place=found.place,
    )  # fmt: skip


def _not_proved(statement: Statement, seen: Looked, until: float, late: int) -> Answer:
    """The answer where nothing was refuted or proved; `late` points were looked at after proofs had been tried."""
    from derive.claims.expanding import exact_sizes

    if seen.held == 0:
        why = f"no point could be looked at: {seen.why}" if seen.why else "no point that meets the hypotheses was found"
        return Answer("undecided", (_CONTRADICTION if not seen.why and _no_point(statement.context) else why,))
    special = _only_special(statement.context, seen)
    if special:
        return Answer("undecided", (f"only special values of {special} that meet the hypotheses were found",))
    try:
        sizes = exact_sizes(statement, until)
    except DeriveError:
        sizes = ()
    if sizes:
        return Answer("exact", ("the same polynomial in the entries", *filter(None, sizes)), looked=seen.held)
    few = seen.held < _FEWEST or late < _LATE or any(len(found) < 2 for found in seen.values.values())
    if seen.cut and few:
        return Answer("undecided", (f"time: only {seen.held} points could be looked at",), looked=seen.held)
    if _is_random(statement) and statement.relation in ("<", ">"):
        return Answer("undecided", ("joint laws that were not tried may make the sides equal",), looked=seen.held)
    if _is_random(statement):
        if _tied(statement.context):
            why = "few joint laws of random things that are not stated to be independent could be tried"
            return Answer("undecided", (why,), looked=seen.held)
        return Answer("sampled", ("joint laws that meet what is stated",), looked=seen.held)
    return Answer("sampled", ("exact points",), looked=seen.held)


def _no_point(context: Context) -> bool:
    """Whether it is shown that no point meets the hypotheses, by the questions that the checker asks."""
    if context.is_consistent() is False:
        return True
    for stated in context.hypotheses:
        others = replace(context, hypotheses=tuple(h for h in context.hypotheses if h != stated))
        with suppress(DeriveError):
            if stated.has(Entry) and contradictory(others, stated):
                return True
    return False


def _only_special(context: Context, seen: Looked) -> str:
    """Arrays of which an equation is given, and that were 0 (off the diagonal) wherever the statement was looked at."""
    given = {e.array for f in context.facts if any(c.op == "=" for c in f.atoms(Compare)) for e in f.atoms(Entry)}
    return ", ".join(sorted(a.name for a in context.arrays if a in given and a.axes and a not in seen.varied))


def _tied(context: Context) -> bool:
    """Whether random arrays are not stated to be independent of each other, and more is stated of one than moments.

    How such arrays may hang together is more than the joint laws that are tried can show.
    """
    together: dict[str, list[Chance]] = {}
    for chance in context.chances:
        together.setdefault(chance.family, []).append(chance)
    return any(
        len(found) > 1 and any(c.law != "any" or (c.array.axes and c.entries != "any") for c in found)
        for found in together.values()
    )


def _is_random(statement: Statement) -> bool:
    return any(side.has(Moment) or side.has(Expectation) for side in free_terms(statement))

"""What counts as a proof: derivations that the checker accepts, or conditions that follow from the context.

A `Proof` can be asked again with fewer hypotheses: that tells which of them it rests on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Expr, Integer

from derive.errors import DeriveError, StepRejected
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Chain, Derivation, Step
from derive.kernel.law import law_named
from derive.language import Condition, Context, parts_of
from derive.language.discharge import discharge
from derive.language.wellformed import meaningful, obligations
from derive.rules.algebra import algebra
from derive.rules.combine import Moves, standing_at

_PROCEDURES = {"isl": "integer sets (isl)", "z3": "z3", "zero test": "exact zero test", "arithmetic": "arithmetic"}


@dataclass(frozen=True)
class Proof:
    """Something accepted: by which laws, and whether it would be so in another context."""

    by: tuple[str, ...]
    again: Callable[[Context], bool]


def titles(laws: tuple[str, ...]) -> tuple[str, ...]:
    """Laws in words."""
    told = (law_named(n).title if n not in ("lemma", "hypothesis") else _SPECIAL[n] for n in laws)
    return tuple(dict.fromkeys(told))


_SPECIAL = {"lemma": "a proved claim", "hypothesis": "induction"}


def derivation_of(
    context: Context, left: Expr, right: Expr, moves: Moves, relation: str = "=", lemmas: tuple[Derivation, ...] = ()
) -> Derivation:
    """The derivation that these moves are; a side that is the other one is shown by algebra."""
    if not moves:
        moves = (Step(left, left, "algebra", (left,), algebra.applied(context, left, (left,)).conditions),)
    return Derivation("claim", context, left, right, Chain(left, moves), relation, lemmas)


def plausible(context: Context, moves: Moves, memory: Memory) -> bool:
    """Whether the conditions of all steps are known; what was asked is kept for the checker, which asks it again.

    A step that is refused there costs the search for a witness, which is of no use here.
    """
    for move in moves:
        if not isinstance(move, Step):
            continue
        try:
            local = standing_at(context, move.after if move.backwards else move.before, move.path)[1]
        except DeriveError:
            return False
        if context.random:
            continue
        for condition in move.conditions:
            key = (local, condition, False)
            if key not in memory:
                memory[key] = discharge(local, condition, False)
            if not memory[key].shown:
                return False
    return True


def defined(context: Context, derivation: Derivation) -> bool:
    """Whether both sides are known to have a value wherever the context allows, as the checker asks of every line."""
    try:
        needed = dict.fromkeys(c for side in (derivation.left, derivation.right) for c in obligations(side, context))
    except DeriveError:
        return False
    return all(discharge(context, condition).shown for condition in needed)


def accepted(derivation: Derivation, memory: Memory) -> Proof | None:
    """The proof that the derivation is; None if the checker refuses it, or if it rests on authority."""
    if not plausible(derivation.context, derivation.chain.moves, memory):
        return None
    try:
        report = check(derivation, memory, explain=False, seek=False)
    except StepRejected:
        return None
    if report.verdict.kind != "proved":
        return None

    def again(context: Context) -> bool:
        if not (defined(context, derivation) and plausible(context, derivation.chain.moves, memory)):
            return False  # most hypotheses are needed: what the checker would refuse is refused before it draws points
        try:
            fewer = replace(derivation, context=context)
            return check(fewer, memory, explain=False, seek=False).verdict.kind == "proved"
        except StepRejected:
            return False

    return Proof(titles(tuple(sorted(report.laws))), again)


def sound(context: Context, memory: Memory) -> bool:
    """Whether the checker accepts the context: all that it says has a meaning, and it is not contradictory."""
    zero = Integer(0)
    return accepted(derivation_of(context, zero, zero, ()), memory) is not None


def follows(context: Context, condition: Condition, memory: Memory) -> Proof | None:
    """The proof that a condition has a meaning and holds wherever the hypotheses do."""

    def shown(there: Context) -> str | None:
        if not all(discharge(there, c).shown for c in meaningful(condition, there)):
            return None
        found = discharge(there, condition)
        return found.by if found.shown and sound(there, memory) else None

    by = shown(context)
    if by is None:
        return None
    words = tuple(dict.fromkeys(_PROCEDURES.get(word, word) for word in by.split(", ")))
    return Proof(words, lambda there: shown(there) is not None)


def joined(proofs: list[Proof]) -> Proof:
    """Several proofs that together are one."""
    by = tuple(dict.fromkeys(word for proof in proofs for word in proof.by))
    return Proof(by, lambda there: all(proof.again(there) for proof in proofs))


def under(proof: Proof, extra: Callable[[Context], Context]) -> Proof:
    """A proof in a context with more in it, told as one in the context without."""
    return Proof(proof.by, lambda there: proof.again(extra(there)))


def resting_on(
    context: Context, proof: Proof, given: tuple[tuple[str, Condition], ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of the hypotheses that the proof rests on, and of those that can be dropped together."""
    used, unused = [], []
    for text, condition in given:
        gone = set(parts_of(condition))
        kept = tuple(h for h in context.hypotheses if h != condition and h not in gone)
        fewer = replace(context, hypotheses=kept)
        if len(kept) < len(context.hypotheses) and proof.again(fewer):
            unused.append(text)
            context = fewer
        else:
            used.append(text)
    return tuple(used), tuple(unused)

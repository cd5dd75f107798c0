"""Joining steps: conversions and what can be made of them.

A conversion takes a context and a term and returns the moves that start at the term (none if it leaves it alone); it
raises `RuleDoesNotApply` if it cannot. Combinators make larger conversions from smaller ones; the checker sees
nothing but the moves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Expr, Mul, Symbol

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Branch, Chain, Derivation, Induction, Move, Path, Split, Step, Text
from derive.kernel.law import Law
from derive.kernel.monotone import through
from derive.kernel.places import look, put, standing
from derive.kernel.stepping import Assumed
from derive.kernel.stepping import hypothesis as replayed
from derive.language import Condition, Context, Indicator, Partial, Ranged, as_expr, eq, ge, substitute
from derive.language.conditions import MIRROR
from derive.language.context import without
from derive.rules.time_limit import in_time

Moves = tuple[Move, ...]
Conversion = Callable[[Context, Expr], Moves]

standing_at = lru_cache(1 << 13)(standing)
"""As `standing`, kept: one conversion after the other is tried at every place of a line."""


def by(law: Law, *arguments: Any, reason: Text = (), grain: str = "lecture") -> Conversion:
    """The law, applied to the whole term; no move where that leaves the line as it is."""

    def run(context: Context, e: Expr) -> Moves:
        step = law(context, e, *arguments, reason=reason, grain=grain)
        return () if step.after == e and step.relation == "=" else (step,)

    return run


def quietly(conversion: Conversion) -> Conversion:
    """The conversion, its steps told only where every line is shown, and without words of their own."""

    def run(context: Context, e: Expr) -> Moves:
        moves = conversion(context, e)
        return tuple(replace(m, grain="full", reason=()) if isinstance(m, Step) else m for m in moves)

    return run


def then(*conversions: Conversion) -> Conversion:
    """One after the other, each on what the one before has left."""

    def run(context: Context, e: Expr) -> Moves:
        moves: Moves = ()
        for conversion in conversions:
            moves += conversion(context, moves[-1].after if moves else e)
        return moves

    return run


def first_of(*conversions: Conversion) -> Conversion:
    """The first that applies."""

    def run(context: Context, e: Expr) -> Moves:
        reasons = []
        for conversion in conversions:
            try:
                return conversion(context, e)
            except RuleDoesNotApply as problem:
                reasons.append(problem.with_traceback(None))  # which would hold this list, and be held by it
        raise RuleDoesNotApply("; ".join(["{}"] * len(reasons)), *reasons)

    return run


def changing(conversion: Conversion) -> Conversion:
    """The conversion, which fails where it does nothing."""

    def run(context: Context, e: Expr) -> Moves:
        moves = conversion(context, e)
        if not moves:
            raise RuleDoesNotApply("nothing happens")
        return moves

    return run


def one_line(conversion: Conversion, reason: Text = ()) -> Conversion:
    """The conversion told as one line, with the reasons of all its steps or these words; what is silent stays so."""

    def run(context: Context, e: Expr) -> Moves:
        moves = conversion(context, e)
        if reason:
            moves = (*(replace(m, reason=()) for m in moves[:-1]), *(replace(m, reason=reason) for m in moves[-1:]))
        silent = all(isinstance(m, Step) and m.grain == "full" and not m.reason for m in moves)
        told = [replace(m, grain="full") if isinstance(m, Step) else m for m in moves[:-1]]
        last = [replace(m, grain="lecture") if isinstance(m, Step) and not silent else m for m in moves[-1:]]
        return (*told, *last)

    return run


def listed(items: Sequence[Basic]) -> Text:
    """`a, b and c`, as words for a reason."""
    words: list[str | Basic] = []
    for number, item in enumerate(items):
        words += ["" if number == 0 else " and " if number == len(items) - 1 else ", ", item]
    return tuple(word for word in words if word != "")


def attempt(conversion: Conversion) -> Conversion:
    """The conversion if it applies, else nothing."""
    return first_of(conversion, lambda context, e: ())


def repeat(conversion: Conversion, most: int = 100) -> Conversion:
    """Again and again until it no longer applies (at most so often)."""

    def run(context: Context, e: Expr) -> Moves:
        moves: Moves = ()
        for _ in range(most):
            try:
                new = conversion(context, moves[-1].after if moves else e)
            except RuleDoesNotApply:
                return moves
            if not new:
                return moves
            moves += new
        raise RuleDoesNotApply("still not finished after {} rounds", most)

    return run


def at(path: Path, conversion: Conversion) -> Conversion:
    """The conversion at a place of the term; steps only."""

    def run(context: Context, e: Expr) -> Moves:
        target, local = standing_at(context, e, path)
        whole, place = e, path
        moves: list[Move] = []
        for move in conversion(local, target):
            if not isinstance(move, Step):
                raise RuleDoesNotApply("cases are made of whole lines, not within a term")
            if look_or_none(whole, place) != move.before:
                place = place_of(whole, move.before)
            after = put(whole, place, move.after)
            if move.backwards:  # the law is applied to the line below, so that is where its place is looked for
                there = place if look_or_none(after, place) == move.after else place_of(after, move.after)
                where = _joined(after, there, move.path)
            else:
                where = _joined(whole, place, move.path)
            relation = _outside(whole, after, place, move)
            moves.append(replace(move, before=whole, after=after, path=where, relation=relation))
            whole = after
        return tuple(moves)

    return run


def _outside(whole: Expr, after: Expr, place: Path, move: Step) -> str:
    """What the step at the place says of the whole term."""
    if move.relation == "=":
        return "="
    if not move.backwards:
        return through(whole, place, move.relation, move.after)[0]
    return MIRROR[through(after, place, MIRROR[move.relation], move.before)[0]]


def _joined(whole: Expr, place: Path, inner: Path) -> Path:
    """The way to the place and on from there; several terms picked at once are told apart again."""
    if not (place and inner and isinstance(place[-1], tuple)):
        return place + inner
    around, picked = look(whole, place[:-1])[0], look(whole, place)[0]
    first, *rest = inner
    numbers = first if isinstance(first, tuple) else (first,)
    found = tuple(around.args.index(picked.args[number]) for number in numbers)
    return (*place[:-1], found if isinstance(first, tuple) else found[0], *rest)


def look_or_none(e: Expr, path: Path) -> Any:
    """The term at the path, or None if there is no such place."""
    try:
        return look(e, path)[0]
    except RuleDoesNotApply:
        return None


def place_of(e: Expr, part: Expr) -> Path:
    """The first place where the part stands, from the outside in; several terms of a sum or product count as one.

    Raises:
        RuleDoesNotApply: it stands nowhere.
    """
    everywhere_in = places(e)
    for path, found in everywhere_in:
        if found == part:
            return path
    if isinstance(part, (Add, Mul)):
        # Within a larger sum or product its terms stand beside others.
        for path, found in everywhere_in:
            if found.func == part.func and set(part.args) <= set(found.args):
                return (*path, tuple(found.args.index(a) for a in part.args))
    raise RuleDoesNotApply("{} does not stand in {}", part, e)


def places(e: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    """All places of the term that hold terms, outermost first; indices of sums are not terms."""
    found = [(path, e)]
    for number, part in enumerate(e.args):
        if (isinstance(e, Ranged) and number == 1) or (isinstance(e, Partial) and number == 1):
            continue
        if isinstance(e, Indicator):
            continue
        found += places(part, (*path, number))
    return found


def at_part(part: Expr, conversion: Conversion) -> Conversion:
    """The conversion where this part first stands."""
    return lambda context, e: at(place_of(e, part), conversion)(context, e)


def everywhere(conversion: Conversion, most: int = 100) -> Conversion:
    """At the outermost place where it applies, again until it applies nowhere."""

    def run(context: Context, e: Expr) -> Moves:
        # A conversion sees the term and what is known there, so where it has failed once it fails again.
        failed: set[tuple[Any, ...]] = set()

        def once(context: Context, e: Expr) -> Moves:
            for path, part in places(e):
                if not isinstance(part, Expr):
                    continue
                in_time()
                try:
                    here = (part, standing_at(context, e, path)[1].hypotheses)
                    if here in failed:
                        continue
                    failed.add(here)
                    moves = at(path, conversion)(context, e)
                except RuleDoesNotApply:
                    continue
                failed.discard(here)
                return moves
            raise RuleDoesNotApply("it applies nowhere")

        return repeat(once, most)(context, e)

    return run


def by_cases(branches: Sequence[tuple[Condition, Conversion]], reason: Text = (), grain: str = "lecture") -> Conversion:
    """Each conversion under its condition."""

    def run(context: Context, e: Expr) -> Moves:
        made = []
        for condition, conversion in branches:
            moves = conversion(context.with_hypotheses(condition), e)
            made.append(Branch(condition, Chain(e, moves)))
        return (Split(e, tuple(made), reason, grain),)

    return run


def up_to(target: Expr, conversion: Conversion) -> Conversion:
    """From the line here up to the target: the conversion's way from the target to here, read backwards.

    Laws lose something as a rule (a sum becomes its last line); so the way up is found by going down.
    """

    def run(context: Context, e: Expr) -> Moves:
        down = conversion(context, target)
        end = down[-1].after if down else target
        if end != e:
            raise RuleDoesNotApply("from {} this leads to {}, not to {}", target, end, e)
        moves: Moves = ()
        for move in reversed(down):
            if not isinstance(move, Step):
                raise RuleDoesNotApply("only steps can be read backwards")
            turned = replace(move, before=move.after, after=move.before, relation=MIRROR[move.relation])
            moves += (replace(turned, backwards=not move.backwards),)
        return moves

    return run


def by_induction(
    variable: Symbol,
    low: Any,
    claim: Expr,
    base: Conversion,
    step: Callable[[Conversion], Conversion],
    reason: Text = (),
    over: tuple[Symbol, ...] = (),
) -> Conversion:
    """The term becomes the claim, by induction on the variable from `low` on, for all values of the symbols `over`.

    Args:
        variable: A declared integer; the context must say that it is at least `low`.
        low: The least value.
        claim: What the term is equal to.
        base: Leads from the term to the claim at `low`.
        step: Given the conversion that inserts the hypothesis, leads from one to the other at `variable + 1`.
        reason: Words for the whole.
        over: Declared integers; the hypothesis may be used at other values of them, which are found by comparing.
    """

    def run(context: Context, e: Expr) -> Moves:
        around = without(context, variable)
        general = around.with_hypotheses(ge(variable, low))

        def hypothesis(inner: Context, part: Expr) -> Moves:
            arguments = tuple((s, v) for s, v in matched(e, part, over).items() if s != v)
            made = replayed(Assumed(wanted, general.facts), part, arguments, inner.names)
            why: Text = ("by the hypothesis, ", eq(part, made.after))
            return (Step(part, made.after, "hypothesis", arguments, made.conditions, reason=why),)

        wanted = Induction(e, claim, variable, as_expr(low), Chain(e), Chain(e), over=over)
        parts = []
        for where, value, conversion in ((around, low, base), (general, variable + 1, step(hypothesis))):
            start, end = (substitute(side, {variable: value}) for side in (e, claim))
            made = chain(where, start, conversion)
            if made.end != end:
                raise RuleDoesNotApply(
                    "for {} = {} this leads from {} to {}, not to {}", variable, value, start, made.end, end
                )
            parts.append(made)
        return (Induction(e, claim, variable, as_expr(low), parts[0], parts[1], reason, over=over),)

    return run


def matched(pattern: Basic, term: Basic, symbols: Collection[Symbol]) -> dict[Symbol, Expr]:
    """What stands in the term where each of the symbols stands in the pattern, the rest being alike.

    Where they are not alike nothing is said of it: whoever uses the values compares.
    """
    if pattern in symbols and isinstance(term, Expr):
        return {pattern: term}
    found: dict[Symbol, Expr] = {}
    if pattern.func == term.func and len(pattern.args) == len(term.args):
        for one, other in zip(pattern.args, term.args, strict=True):
            found = {**matched(one, other, symbols), **found}
    return found


def chain(context: Context, start: Expr, conversion: Conversion) -> Chain:
    """The lines that the conversion makes of a term."""
    return Chain(start, conversion(context, start))


def derived(
    name: str, context: Context, left: Expr, conversion: Conversion, lemmas: tuple[Derivation, ...] = ()
) -> Derivation:
    """The derivation that the conversion makes of `left`; its last line is the right side.

    Its relation is that of all steps together: "=" unless one of them is an inequality.
    """
    proof = chain(context, left, conversion)
    unequal = dict.fromkeys(move.relation for move in proof.moves if move.relation != "=")
    if len({sign[0] for sign in unequal}) > 1:
        raise RuleDoesNotApply("{} together say nothing", " and ".join(unequal))
    relation = "=" if not unequal else min(unequal, key=len)
    return Derivation(name, context, left, proof.end, proof, relation, lemmas)

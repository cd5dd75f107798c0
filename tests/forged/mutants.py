"""Derivations that claim something false, or claim it for the wrong reason, made from true ones by one edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sympy import Expr

from derive.kernel.checker import CheckReport
from derive.kernel.derivation import Branch, Chain, Derivation, Induction, Move, Split, Step
from derive.language import TRUE, Compare, Condition, Context, IndexSum, substitute, subterms
from derive.language.context import Declaration
from derive.language.terms import Cases

Rebuild = Callable[[Chain], Chain]


@dataclass(frozen=True)
class Mutant:
    """A forged derivation and what was done to it."""

    derivation: Derivation
    edit: str


def chains(chain: Chain, rebuild: Rebuild = lambda c: c, name: str = "") -> Iterator[tuple[Chain, Rebuild, str]]:
    """Every chain within the chain, with a function that puts another one in its place."""
    yield chain, rebuild, name
    for place, move in enumerate(chain.moves):
        if isinstance(move, Induction):
            for part in ("base", "step"):

                def within(new: Chain, place: int = place, part: str = part, move: Induction = move) -> Chain:
                    moves = (*chain.moves[:place], replace(move, **{part: new}), *chain.moves[place + 1 :])
                    return rebuild(Chain(chain.start, moves))

                yield from chains(getattr(move, part), within, f"{name}{place + 1}.{part}.")
        if not isinstance(move, Split):
            continue
        for number, branch in enumerate(move.branches):

            def put(new: Chain, place: int = place, number: int = number, move: Split = move) -> Chain:
                branches = list(move.branches)
                branches[number] = Branch(move.branches[number].condition, new)
                moves = list(chain.moves)
                moves[place] = replace(move, branches=tuple(branches))
                return rebuild(Chain(chain.start, tuple(moves)))

            yield from chains(branch.chain, put, f"{name}{place + 1}.{number + 1}.")


def mutants(derivation: Derivation, report: CheckReport) -> Iterator[Mutant]:
    """All edits of the derivation; `report` tells which hypotheses it needs."""

    def made(chain: Chain, edit: str) -> Mutant:
        # The goal follows the forged end, so that the step itself must be refused and not only the goal.
        return Mutant(replace(derivation, chain=chain, right=chain.end), edit)

    for chain, rebuild, name in chains(derivation.chain):
        for place, move in enumerate(chain.moves):
            label = f"{name}{place + 1}"
            rest = (*chain.moves[:place], *chain.moves[place + 1 :])
            if len(chain.moves) > 1 and place < len(chain.moves) - 1:
                yield made(rebuild(Chain(chain.start, rest)), f"step {label} dropped")
                swapped = list(chain.moves)
                swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
                yield made(rebuild(Chain(chain.start, tuple(swapped))), f"steps {label} and the next swapped")
            twice = (*chain.moves[: place + 1], move, *chain.moves[place + 1 :])
            yield made(rebuild(Chain(chain.start, twice)), f"step {label} duplicated")
            if isinstance(move, Induction):
                edits = _induction_edits(move)
            elif isinstance(move, Split):
                edits = _split_edits(move)
            else:
                edits = _step_edits(move, derivation.context)
            for forged, edit in edits:
                yield made(rebuild(_put(chain, place, forged)), f"step {label}: {edit}")
    yield from _goal_edits(derivation, report)


def _put(chain: Chain, place: int, forged: Move) -> Chain:
    """The chain with a forged move; what follows goes on from the forged line."""
    moves = list(chain.moves)
    moves[place] = forged
    if place + 1 < len(moves):
        following = moves[place + 1]
        if isinstance(following, (Step, Induction)):
            moves[place + 1] = replace(following, before=forged.after)
        else:
            branches = tuple(Branch(b.condition, Chain(forged.after, b.chain.moves)) for b in following.branches)
            moves[place + 1] = replace(following, before=forged.after, branches=branches)
    return Chain(chain.start, tuple(moves))


def _step_edits(step: Step, context: Context) -> Iterator[tuple[Step, str]]:
    for after, edit in _false_lines(step.after, context):
        if after != step.after:
            yield replace(step, after=after), edit
    for number in range(len(step.conditions)):
        fewer = step.conditions[:number] + step.conditions[number + 1 :]
        yield replace(step, conditions=fewer), f"condition {number + 1} lost"
    for rule in ("algebra", "sum_of_constant", "empty_sum", "no_such_rule", "rename_index"):
        if rule != step.rule:
            yield replace(step, rule=rule), f"called {rule}"
    for relation in (r for r in ("<=", "<", "=", "->") if r != step.relation):
        yield replace(step, relation=relation), f"relation {relation}"
    if step.path:
        yield replace(step, path=()), "place lost"
    if step.rule != "reverse_index":  # which undoes itself
        yield replace(step, backwards=not step.backwards), "direction turned"


def _false_lines(line: Expr, context: Context) -> Iterator[tuple[Expr, str]]:
    if isinstance(line, Cases):
        (value, condition), *others = line.clauses
        yield Cases((value + 1, condition), *others), "a case plus 1"
        if others:
            yield Cases(*others), "a case lost"
        return
    yield line + 1, "plus 1"
    if line != 0:
        yield -line, "sign"
    sums = [t for t in subterms(line) if isinstance(t, IndexSum)]
    for total in sums[:1]:
        if not total.high.is_infinite:
            longer = IndexSum(total.body, total.index, total.low, total.high + 1)
            yield line.xreplace({total: longer}), "upper limit off by one"
        if not total.low.is_infinite:
            later = IndexSum(total.body, total.index, total.low + 1, total.high)
            yield line.xreplace({total: later}), "lower limit off by one"
        taken = next(iter(context.symbols), None)
        if taken is not None and taken not in (total.low.free_symbols | total.high.free_symbols):
            body = substitute(total.body, {total.index: taken})
            yield line.xreplace({total: IndexSum(body, taken, total.low, total.high)}), "index captured"


def _split_edits(split: Split) -> Iterator[tuple[Split, str]]:
    for number, branch in enumerate(split.branches):
        others = split.branches[:number] + split.branches[number + 1 :]
        if others:
            yield replace(split, branches=others), f"case {number + 1} lost"
        wide = replace(branch, condition=TRUE)
        yield replace(split, branches=(*split.branches[:number], wide, *split.branches[number + 1 :])), "case for all"
        for condition, edit in _wider(branch.condition):
            forged = (*split.branches[:number], replace(branch, condition=condition), *split.branches[number + 1 :])
            yield replace(split, branches=forged), f"case {number + 1} {edit}"


def _induction_edits(move: Induction) -> Iterator[tuple[Induction, str]]:
    yield replace(move, after=move.after + 1), "result plus 1"
    yield replace(move, before=move.before + 1), "start plus 1"
    yield replace(move, low=move.low + 1), "started 1 later"
    yield replace(move, low=move.low - 1), "started 1 earlier"
    yield replace(move, base=Chain(move.base.start)), "base lost"
    yield replace(move, step=Chain(move.step.start)), "step lost"
    yield replace(move, base=move.step), "base replaced by the step"
    yield replace(move, step=move.base), "step replaced by the base"


def _wider(condition: Condition) -> Iterator[tuple[Condition, str]]:
    """The condition with one end moved by one: the cases overlap, or leave a gap."""
    for part in (t for t in subterms(condition) if isinstance(t, Compare)):
        if part.op in ("=", "!="):
            continue
        for shift in (1, -1):
            moved = Compare(part.op, part.left, part.right + shift)
            yield condition.xreplace({part: moved}), f"with {moved}"


def _goal_edits(derivation: Derivation, report: CheckReport) -> Iterator[Mutant]:
    right = derivation.right
    wrong = Cases(*((v + 1, c) for v, c in right.clauses)) if isinstance(right, Cases) else right + 1
    yield Mutant(replace(derivation, right=wrong), "result replaced")
    yield Mutant(replace(derivation, left=derivation.left + 1), "question replaced")
    yield Mutant(replace(derivation, relation="<"), "goal relation replaced")
    yield Mutant(replace(derivation, chain=Chain(derivation.left)), "all steps lost")
    if derivation.lemmas:
        for lemma in derivation.lemmas:
            others = tuple(o for o in derivation.lemmas if o is not lemma)
            yield Mutant(replace(derivation, lemmas=others), f"lemma {lemma.name} lost")
            forged = replace(lemma, right=lemma.right + 1)
            yield Mutant(replace(derivation, lemmas=(*others, forged)), f"lemma {lemma.name} replaced")
    for number, declared in enumerate(derivation.context.declarations):
        if declared.fact in report.uses:
            freed = Declaration(declared.symbol, "integer", declared.meaning)
            rest = (*derivation.context.declarations[:number], freed, *derivation.context.declarations[number + 1 :])
            context = replace(derivation.context, declarations=rest)
            yield Mutant(replace(derivation, context=context), f"{declared.symbol} may be any integer")
    for number, hypothesis in enumerate(derivation.context.hypotheses):
        if hypothesis in report.uses:
            kept = derivation.context.hypotheses[:number] + derivation.context.hypotheses[number + 1 :]
            yield Mutant(replace(derivation, context=replace(derivation.context, hypotheses=kept)), "hypothesis lost")
    for number, definition in enumerate(derivation.context.definitions):
        rest_defs = derivation.context.definitions[:number] + derivation.context.definitions[number + 1 :]
        yield Mutant(
            replace(derivation, context=replace(derivation.context, definitions=rest_defs)),
            f"{definition.array} undefined",
        )

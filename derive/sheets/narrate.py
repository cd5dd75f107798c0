"""From a derivation to what a page says: chains become aligned lines, splits become cases, the end is set apart.

Nothing is computed here. A line whose grain is finer than what is asked for is not shown; its reason goes to the
next line that is. A term that a step replaces keeps its place in the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sympy import Expr, Symbol

from derive.kernel.derivation import Chain, Derivation, Induction, Move, Split, Step, Text
from derive.kernel.law import LAWS
from derive.language import Cases, eq, ge
from derive.render.document import (
    Aligned,
    Block,
    CaseBlock,
    Equation,
    InductionBlock,
    Line,
    Paragraph,
    Result,
    Stage,
    Words,
)
from derive.render.lines import in_place, usual
from derive.render.order import is_constant

GRAINS = ("sketch", "lecture", "full")
BACKWARDS = {
    "constant_out_of_sum": "take the constant factor into the sum",
    "definition": "by definition",
    "empty_sum": "a sum over nothing is 0",
    "factor_out": "take the factor into the sum",
    "fold_definition": "definition",
    "join_ranges": "split the range",
    "largest": "write it as a maximum",
    "power_of_zero": "a power of 0",
    "restrict_to_support": "the terms added are 0",
    "single_term": "a sum of one term",
    "smallest": "write it as a minimum",
    "split_last": "the last term joins the sum",
    "split_range": "join the two ranges",
    "sum_of_constant": "a sum of equal terms",
    "sum_of_terms": "join the sums term by term",
}
"""What a step says that uses its law from right to left and has no words of its own."""
EITHER_WAY = frozenset({
    "absolute_value", "algebra", "exchange_sums", "geometric_sum", "outside_binomial", "regroup_cases",
    "rename_index", "reverse_index", "select_case", "shift_index", "telescope", "use_equation", "zero_outside",
})
"""Laws whose title says the same from right to left."""
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Telling:
    """How a derivation is told.

    Attributes:
        left: The term in question, at the left of the first line of every chain.
        grain: The finest lines shown.
        names: {lemma: words that the reader knows it by}.
        lemmas: The derivations that steps may use, for those that the reader does not know.
    """

    left: Expr
    grain: str = "lecture"
    names: Mapping[str, str] | None = None
    lemmas: tuple[Derivation, ...] = ()


def narrate(
    derivation: Derivation, grain: str = "lecture", names: Mapping[str, str] | None = None
) -> tuple[Block, ...]:
    """The derivation as blocks of a page, its result at the end."""
    telling = Telling(derivation.left, grain, names, derivation.lemmas)
    blocks = _chain(derivation.chain, telling)
    return (*blocks, Result(derivation.left, derivation.relation, derivation.right))


def _chain(chain: Chain, telling: Telling) -> tuple[Block, ...]:
    blocks: list[Block] = []
    lines: list[Line] = []
    waiting: list[Text] = []
    written = usual(chain.start)

    def flush() -> None:
        if lines:
            blocks.append(Aligned(tuple(lines)))
            lines.clear()

    for number, move in enumerate(chain.moves):
        written = _written(move, written)
        if isinstance(move, Split):
            flush()
            blocks.extend(_split(move, telling))
            waiting.clear()
            continue
        if isinstance(move, Induction):
            flush()
            blocks.extend(_induction(move, telling))
            waiting.clear()
            if number < len(chain.moves) - 1:
                lines.append(Line("=", move.after, ("as just shown",), telling.left))
            continue
        waiting.append(_reason(move, telling))
        last = number == len(chain.moves) - 1
        if isinstance(move.after, Cases) or (not _shown(move, telling) and not last):
            continue
        left = telling.left if not lines else None
        shown = () if written == usual(move.after) else written
        lines.append(Line(move.relation, move.after, _joined(waiting), left, shown))
        waiting.clear()
    flush()
    if waiting and any(waiting):
        blocks.append(_sentence(_joined(waiting)))
    return tuple(blocks)


def _written(move: Move, before: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The terms of the line after the move, as they stand on the page: what the move leaves alone keeps its place."""
    if not isinstance(move, Step):
        return usual(move.after)
    splits_last = move.rule == "split_last" and not move.backwards and len(move.path) <= 1
    return in_place(before, move.after, sum_first=splits_last)


def _shown(step: Step, telling: Telling) -> bool:
    return GRAINS.index(step.grain) <= GRAINS.index(telling.grain)


def _reason(step: Step, telling: Telling) -> Text:
    if step.rule == "lemma":
        return _lemma_reason(step, telling)
    if step.rule == "hypothesis":
        return ("by the hypothesis",)
    law = LAWS.get(step.rule)
    if step.backwards and law is not None and step.reason == (law.title,) and law.name not in EITHER_WAY:
        return (BACKWARDS.get(law.name, f"{law.title}, read from right to left"),)
    return step.reason


def _lemma_reason(step: Step, telling: Telling) -> Text:
    """By which part of the page; where the lemma is not on the page and short, what it says."""
    name = str(step.arguments[0])
    known = (telling.names or {}).get(name)
    if not known:
        lemma = next((found for found in telling.lemmas if found.name == name), None)
        if lemma is None or step.reason != (f"by {name}",) or isinstance(lemma.right, Cases):
            return step.reason
        return (*step.reason, ", ", Equation(lemma.left, lemma.relation, lemma.right))
    words: list[object] = [f"by {known}"]
    for symbol, value in step.arguments[1:]:
        if isinstance(symbol, Symbol):
            words += [" and " if len(words) > 1 else " with ", value, " for ", symbol]
    return tuple(words)


def _joined(reasons: list[Text]) -> Words:
    words: list[object] = []
    seen: list[Text] = []
    for reason in reasons:
        if not reason or reason in seen:
            continue
        seen.append(reason)
        words += ["; "] if words else []
        words += reason
    return tuple(words)


def _sentence(words: Words) -> Paragraph:
    first = words[0]
    if isinstance(first, str):
        words = (first[:1].upper() + first[1:], *words[1:])
    return Paragraph((*words, "."))


def _split(split: Split, telling: Telling) -> list[Block]:
    blocks: list[Block] = []
    if split.reason:
        count = len(split.branches)
        number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
        words: Words = (
            *split.reason,
            f". {number.capitalize()} cases cover ",
            *_running(split),
            ", and no two overlap",
        )
        blocks.append(_sentence(words))
    for branch in split.branches:
        blocks.append(CaseBlock(branch.condition, _chain(branch.chain, telling)))
    return blocks


def _induction(move: Induction, telling: Telling) -> list[Block]:
    """What is shown; the base, the hypothesis and the step; and that this is all."""
    n, low = move.variable, move.low
    claim, always = Equation(move.before, "=", move.after), ge(n, low)
    blocks: list[Block] = [_sentence(move.reason)] if move.reason else []
    blocks.append(_sentence(("we show by induction on ", n, " that ", claim, " for all ", always)))
    base = _stage("Base", (eq(n, low),), move.base, telling)
    if base.blocks and is_constant(move.base.end) and not is_constant(move.after):
        # The right side was worked out as n was inserted: say where it is to be seen.
        there = Paragraph(("This is ", move.after, " for ", eq(n, low), "."))
        base = replace(base, blocks=(*base.blocks, there))
    stages = (
        base,
        Stage("Hypothesis", (), ("Suppose ", claim, " for some ", always, ".")),
        _stage("Step", (Equation(n, "->", n + 1),), move.step, telling),
    )
    closing = ("This is the claim for ", n + 1, "; by induction it holds for all ", always, ".")
    return [*blocks, InductionBlock(stages, closing)]


def _stage(heading: str, about: Words, chain: Chain, telling: Telling) -> Stage:
    blocks = _chain(chain, replace(telling, left=chain.start))
    words: Words = () if blocks else ("Both sides are ", chain.start, ".")
    return Stage(heading, about, words, blocks)


def _running(split: Split) -> Words:
    """`every n` where the cases are told apart by one symbol, else `everything`."""
    shared = set.intersection(*(set(b.condition.free_symbols) for b in split.branches))
    if len(shared) == 1:
        return ("every ", *shared)
    return ("everything",)

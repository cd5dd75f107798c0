"""From a derivation to what a page says: chains become aligned lines, splits become cases, the end is set apart.

Nothing is computed here. A line whose grain is finer than what is asked for is not shown; its reason goes to the
next line that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sympy import Expr, Symbol

from derive.kernel.derivation import Chain, Derivation, Induction, Split, Step, Text
from derive.language import Cases, eq, ge
from derive.render.document import Aligned, Block, CaseBlock, Equation, Line, Paragraph, Result, Words

GRAINS = ("sketch", "lecture", "full")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Telling:
    """How a derivation is told.

    Attributes:
        left: The term in question, at the left of the first line of every chain.
        grain: The finest lines shown.
        names: {lemma: words that the reader knows it by}.
    """

    left: Expr
    grain: str = "lecture"
    names: Mapping[str, str] | None = None


def narrate(
    derivation: Derivation, grain: str = "lecture", names: Mapping[str, str] | None = None
) -> tuple[Block, ...]:
    """The derivation as blocks of a page, its result at the end."""
    telling = Telling(derivation.left, grain, names)
    blocks = _chain(derivation.chain, telling)
    return (*blocks, Result(derivation.left, derivation.relation, derivation.right))


def _chain(chain: Chain, telling: Telling) -> tuple[Block, ...]:
    blocks: list[Block] = []
    lines: list[Line] = []
    waiting: list[Text] = []

    def flush() -> None:
        if lines:
            blocks.append(Aligned(tuple(lines)))
            lines.clear()

    for number, move in enumerate(chain.moves):
        if isinstance(move, Split):
            flush()
            blocks.extend(_split(move, telling))
            waiting.clear()
            continue
        if isinstance(move, Induction):
            flush()
            blocks.extend(_induction(move, telling))
            waiting.clear()
            continue
        waiting.append(_reason(move, telling))
        last = number == len(chain.moves) - 1
        if isinstance(move.after, Cases) or (not _shown(move, telling) and not last):
            continue
        left = telling.left if not lines else None
        lines.append(Line(move.relation, move.after, _joined(waiting), left))
        waiting.clear()
    flush()
    if waiting and any(waiting):
        blocks.append(_sentence(_joined(waiting)))
    return tuple(blocks)


def _shown(step: Step, telling: Telling) -> bool:
    return GRAINS.index(step.grain) <= GRAINS.index(telling.grain)


def _reason(step: Step, telling: Telling) -> Text:
    if step.rule == "lemma":
        name = str(step.arguments[0])
        known = (telling.names or {}).get(name)
        if known:
            words: list[object] = [f"by {known}"]
            for symbol, value in step.arguments[1:]:
                if isinstance(symbol, Symbol):
                    words += [" and " if len(words) > 1 else " with ", value, " for ", symbol]
            return tuple(words)
    return step.reason


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
    """The statement, the base, the hypothesis and the step."""
    n, low = move.variable, move.low
    inner = [replace(telling, left=chain.start) for chain in (move.base, move.step)]
    return [
        _sentence(("induction on ", n, " shows that ", Equation(move.before, "=", move.after), " for ", ge(n, low))),
        _sentence(("base, ", eq(n, low))),
        *_chain(move.base, inner[0]),
        _sentence(("step: let ", Equation(move.before, "=", move.after), " for some ", ge(n, low), "; then")),
        *_chain(move.step, inner[1]),
    ]


def _running(split: Split) -> Words:
    """`every n` where the cases are told apart by one symbol, else `everything`."""
    shared = set.intersection(*(set(b.condition.free_symbols) for b in split.branches))
    if len(shared) == 1:
        return ("every ", *shared)
    return ("everything",)

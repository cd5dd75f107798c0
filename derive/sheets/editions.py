"""Editions of one sheet: what each of them keeps of the solution.

An edition is made of the whole document by leaving out, so that what it says is what was checked. A handout has no part
of a solution in any form, and nothing that was worked out for it: no figure, no reason, no note on checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from derive.errors import BadInput, nearest
from derive.render.document import (
    Aligned,
    Block,
    CaseBlock,
    Displayed,
    Document,
    Equation,
    Grid,
    InductionBlock,
    Line,
    Options,
    Paragraph,
    Part,
    Result,
    SideBySide,
    Space,
    Strong,
    Table,
    Tabular,
    Unfolded,
    Words,
)

EDITIONS = ("solution", "handout", "hints", "key", "grader")
FEWEST, MOST = 3, 18
"""Lines that are left to write an answer."""


def checked_editions(names: Iterable[str]) -> tuple[str, ...]:
    """The editions in their usual order, each once; `all` is all of them.

    Raises:
        BadInput: one of them does not exist, or there are none.

    Example:
        >>> checked_editions(["key", "handout"])
        ('handout', 'key')
    """
    asked = tuple(names)
    for name in asked:
        if name not in (*EDITIONS, "all"):
            raise BadInput(f"there is no edition {name!r}; {nearest(name, (*EDITIONS, 'all'))}")
    if not asked:
        raise BadInput(f"no edition was asked for; {nearest('', EDITIONS)}")
    return tuple(name for name in EDITIONS if name in asked or "all" in asked)


def edition(document: Document, name: str) -> Document:
    """The document as this edition has it.

    Raises:
        BadInput: there is no such edition.

    Example:
        >>> edition(Document("s", "S", "", "", (), (), (), (), ()), "handout").name
        's-handout'
    """
    if name not in EDITIONS:
        raise BadInput(f"there is no edition {name!r}; {nearest(name, EDITIONS)}")
    if name == "solution":
        return document
    problems = tuple(
        replace(problem, parts=tuple(_PARTS[name](part) for part in problem.parts)) for problem in document.problems
    )
    title = f"{document.title}{_TITLES[name]}"
    made = replace(document, name=f"{document.name}-{name}", title=title, problems=problems, certificates=())
    if name == "grader":
        return made
    return replace(made, hypotheses=(), checks=(), remarks=(), versions=())


def _handout(part: Part) -> Part:
    return Part(part.label, _asked(part), part.question, (Space(room(part.solution)),), conventions=part.conventions)


def _hints(part: Part) -> Part:
    given = part.hints or automatic(part.solution)
    said = [Unfolded(name, (Paragraph(words),), always=True) for name, words in zip(_NAMES, given, strict=False)]
    return Part(part.label, _asked(part), part.question, tuple(said), conventions=part.conventions)


def _asked(part: Part) -> str:
    """The title, if it says nothing of the answer."""
    return "" if part.tells else part.title


def _key(part: Part) -> Part:
    return Part(part.label, part.title, (), part.brief or (*_chosen(part), *results(part.solution)))


def _chosen(part: Part) -> tuple[Block, ...]:
    """Which of the options is right."""
    first = part.solution[0] if part.solution else None
    if isinstance(first, Paragraph) and any(isinstance(block, Options) for block in part.question):
        return (Paragraph(first.words[:1]),)
    return ()


def _grader(part: Part) -> Part:
    return Part(part.label, part.title, (), (*(part.brief or results(part.solution)), *part.slips))


_PARTS: dict[str, Callable[[Part], Part]] = {"handout": _handout, "hints": _hints, "key": _key, "grader": _grader}
_TITLES = {"handout": "", "hints": ": hints", "key": ": key", "grader": ": for graders"}
_NAMES = ("Hint", "Next step", "One step more")


def results(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The answers among the blocks: what stands in frames, and tables; without any, the first words.

    Example:
        >>> results((Paragraph(("It grows. And so on.",)),))
        (Paragraph(words=('It grows.',)),)
    """
    found = tuple(block for piece in _pieces(blocks) for block in _flat(_last(piece)) if _is_answer(block))
    if found:
        return found
    shown = tuple(block for block in blocks if isinstance(block, Displayed))[-1:]
    if shown:
        return shown
    first = next((block for block in blocks if isinstance(block, Paragraph)), None)
    return () if first is None else (Paragraph(_first_sentence(first.words)),)


def _pieces(blocks: Sequence[Block]) -> list[list[Block]]:
    """The solution of the part itself, and each of its pieces that has a title."""
    found: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Paragraph) and block.words and isinstance(block.words[0], Strong):
            found.append([])
        found[-1].append(block)
    return found


def _last(piece: list[Block]) -> list[Block]:
    """A piece from where numbers are inserted, if they are: what stands before is no longer the answer."""
    inserted = [number for number, block in enumerate(piece) if _inserts(block)]
    return piece[max(inserted, default=0) :]


def _inserts(block: Block) -> bool:
    """Whether numbers are inserted here."""
    return isinstance(block, Paragraph) and block.words[:1] == ("Insert ",)


def _is_answer(block: Block) -> bool:
    return isinstance(block, (Result, Table, Tabular)) or (isinstance(block, Grid) and block.framed)


def _flat(blocks: Sequence[Block]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        found += [block.left, block.right] if isinstance(block, SideBySide) else [block]
    return found


def _first_sentence(words: Words) -> Words:
    """The words up to the first full stop that a space or the end follows."""
    kept: list[object] = []
    for word in words:
        if isinstance(word, str) and (". " in word or word.endswith(".")):
            end = word.index(". ") if ". " in word else len(word) - 1
            return (*kept, word[: end + 1])
        kept.append(word)
    return words


def room(blocks: Sequence[Block]) -> int:
    """How many lines are left for an answer of these blocks.

    Example:
        >>> room((Paragraph(("Yes.",)),))
        3
    """
    return min(MOST, max(FEWEST, round(sum(map(_height, blocks)))))


def _height(block: Block) -> float:
    if isinstance(block, Paragraph):
        return 1 + sum(len(word) if isinstance(word, str) else 6 for word in block.words) / 90
    if isinstance(block, Aligned):
        return 1.6 * len(block.lines)
    if isinstance(block, CaseBlock):
        return 1 + sum(map(_height, block.blocks))
    if isinstance(block, InductionBlock):
        return 2 + sum(_height(inner) for stage in block.stages for inner in stage.blocks)
    if isinstance(block, (Table, Tabular)):
        return 1 + len(block.rows) / getattr(block, "fold", 1)
    if isinstance(block, Grid):
        return 1 + len(block.cells)
    if isinstance(block, Displayed):
        return 1.6 * len(block.lines)
    if isinstance(block, SideBySide):
        return max(_height(block.left), _height(block.right))
    return 0 if isinstance(block, Unfolded) else 1.6


def automatic(blocks: Sequence[Block]) -> tuple[Words, ...]:
    """Hints that the steps themselves give: why the first line is true, then the line.

    Example:
        >>> from derive.language import integer
        >>> n = integer("n")
        >>> automatic((Aligned((Line("=", 2*n, ("double it",), n), Line("=", n + n))),))[0]
        ('Begin with this: ', 'double it', '.')
    """
    inserts = next((block for block in blocks if _inserts(block)), None)
    if isinstance(inserts, Paragraph):
        return (inserts.words,)
    lines = _lines(blocks)
    if not lines:
        return ()
    first = lines[0]
    said: list[Words] = [("Begin with this: ", *first.reason, ".")] if first.reason else []
    if len(lines) > 1 and first.left is not None:
        said.append((Equation(first.left, first.relation, first.term), "."))
        if len(lines) > 2 and lines[1].reason:
            said.append(("Then: ", *lines[1].reason, "."))
    return tuple(said)


def _lines(blocks: Sequence[Block]) -> tuple[Line, ...]:
    """The first chain of lines."""
    for block in blocks:
        if isinstance(block, Aligned) and not block.stated:
            return block.lines
        inner: Sequence[Block] = ()
        if isinstance(block, CaseBlock):
            inner = block.blocks
        elif isinstance(block, InductionBlock):
            inner = [part for stage in block.stages for part in stage.blocks]
        found = _lines(inner)
        if found:
            return found
    return ()


def bold(title: str) -> Paragraph:
    """Words that stand above a list."""
    return Paragraph((Strong(f"{title}."),))

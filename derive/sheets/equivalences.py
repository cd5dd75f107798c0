r"""An equality of two indicators, told as what it means: $[A] = [B]$ says that A holds if and only if B does."""

from __future__ import annotations

from dataclasses import replace

from sympy import Basic

from derive.language import Indicator
from derive.render.document import Aligned, Block, Line, Result


def as_equivalences(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks, each chain and each answer between bare indicators told between their conditions.

    Example:
        >>> from derive.language import eq, integer, le
        >>> n = integer("n")
        >>> told = as_equivalences((Result(Indicator(eq(n, 1)), "=", Indicator(le(n, 1))),))[0]
        >>> told.left, told.relation, told.term
        (n = 1, '<=>', n <= 1)
    """
    return tuple(_told(block) for block in blocks)


def _told(block: Block) -> Block:
    if isinstance(block, Aligned) and all(_is_equivalence(line) for line in block.lines):
        return Aligned(tuple(_line(line) for line in block.lines))
    if isinstance(block, Result) and _is_equivalence(block):
        return replace(block, left=_condition(block.left), relation="<=>", term=_condition(block.term))
    return block


def _is_equivalence(stated: Line | Result) -> bool:
    sides = [side for side in (stated.left, stated.term) if side is not None]
    return stated.relation == "=" and all(isinstance(side, Indicator) for side in sides)


def _line(line: Line) -> Line:
    left = None if line.left is None else _condition(line.left)
    return replace(line, left=left, relation="<=>", term=_condition(line.term), written=())


def _condition(side: Basic) -> Basic:
    return side.condition if isinstance(side, Indicator) else side

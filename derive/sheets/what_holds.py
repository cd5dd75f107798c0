"""What holds in place of a false statement: on a sheet a formula, where its letters mean what they mean there."""

from __future__ import annotations

from derive.constructs.construct import Refuted
from derive.constructs.registry import claim as find_claim
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Derivation
from derive.language import Array, Condition, Context
from derive.language.chance import Chance
from derive.language.context import arrays_in
from derive.render.document import Aligned, Block, Inline, Line, Paragraph, Result
from derive.sheets.equivalences import as_equivalences


def formula_instead(record: Refuted, memory: Memory | None = None) -> tuple[Block, ...]:
    """`What holds, for K > S:` and the formula, derived and proved here; nothing where its letters are not those.

    Example:
        >>> from derive.constructs.registry import refuted
        >>> record = refuted("sampling_with_replacement.all_different")[1]
        >>> words, line = formula_instead(record)
        >>> words.words, line.lines[0].relation
        (('What holds:',), '=')
    """
    if not record.instead:
        return ()
    derivation = find_claim(record.instead)[1].derive()
    if not _says_the_same(record.context, derivation):
        return ()
    if check(derivation, memory, explain=False).verdict.kind != "proved":
        return ()
    more = [fact for fact in derivation.context.facts if fact not in record.context.facts]
    told = as_equivalences((Result(derivation.left, derivation.relation, derivation.right),))[0]
    assert isinstance(told, Result)
    line = Line(told.relation, told.term, ("this is proved",), told.left)
    return (Paragraph(("What holds", *_for(more), ":") if more else ("What holds:",)), Aligned((line,)))


def _for(facts: list[Condition]) -> tuple[Inline, ...]:
    said: list[Inline] = [", for "]
    for number, fact in enumerate(facts):
        said += [", ", fact] if number else [fact]
    return tuple(said)


def _says_the_same(context: Context, derivation: Derivation) -> bool:
    """Whether every letter of the formula stands in the false statement's context, and means the same."""
    used = arrays_in(derivation.left) | arrays_in(derivation.right)
    for definition in reversed(derivation.context.definitions):
        if definition.array in used:
            used |= arrays_in(definition.body)
    letters = derivation.left.free_symbols | derivation.right.free_symbols
    bound = {p for d in derivation.context.definitions for p in d.parameters}
    if not letters - bound <= set(context.symbols):
        return False
    if _law(context, used) != _law(derivation.context, used):
        return False  # what is proved of uncorrelated entries is not told where they may be dependent
    return all(_means_the_same(array, context, derivation.context) for array in used)


def _law(context: Context, used: set[Array]) -> set[Chance]:
    """What is stated of those arrays that are random."""
    return {chance for chance in context.chances if chance.array in used}


def _means_the_same(array: Array, one: Context, other: Context) -> bool:
    here, there = one.definition_of(array), other.definition_of(array)
    if here is None or there is None:
        return here is there and array in one.arrays
    return here.says_the_same(there)

"""From a derivation to what a page says: chains become aligned lines, splits become cases, the end is set apart.

Nothing is computed here. A line whose grain is finer than what is asked for is not shown; its reason goes to the
next line that is. Lines in succession with the same law and the same words are one line, short of the full telling.
A term that a step replaces keeps its place in the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace

from sympy import Add, Basic, Expr

from derive.kernel.derivation import GRAINS, Chain, Derivation, Induction, Move, Split, Step, Text, composed
from derive.kernel.law import LAWS
from derive.language import TRUE, Array, Cases, Compare, Condition, Context, Entry, all_of, eq, ge, parts_of, subterms
from derive.language.context import arrays_in
from derive.render.document import (
    Aligned,
    Block,
    CaseBlock,
    Equation,
    InductionBlock,
    Latex,
    Line,
    Paragraph,
    Result,
    Stage,
    Words,
)
from derive.render.lines import in_place, usual
from derive.render.names import is_sequence
from derive.render.order import is_constant
from derive.render.tex_pieces import name as tex_name
from derive.rules.combine import listed
from derive.sheets.equivalences import as_equivalences

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
ONE_BY_ONE = frozenset({"definition", "fold_definition"})
"""Laws of which each use has its own line: the same words may speak of different definitions."""
MANY = 2
"""A sketch of a chain of more steps begins with the first of them."""
_SIGN = re.compile(r"\\[A-Za-z]+|\\.|\d+|[^\s{}]")
_SILENT = frozenset({r"\,", r"\;", r"\:", r"\!", "\\ ", r"\mathrm", r"\text", r"\left", r"\right"})
_MARKED = frozenset({r"\bar", r"\hat", r"\tilde"})
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Telling:
    """How a derivation is told.

    Attributes:
        left: The term in question, at the left of the first line of every chain.
        grain: The finest lines shown.
        names: {lemma: words that the reader knows it by}.
        lemmas: The derivations that steps may use, for those that the reader does not know.
        relation: What has been shown of `left` and the first term of the chain.
    """

    left: Expr
    grain: str = "lecture"
    names: Mapping[str, str] | None = None
    lemmas: tuple[Derivation, ...] = ()
    relation: str = "="


def narrate(
    derivation: Derivation, grain: str = "lecture", names: Mapping[str, str] | None = None
) -> tuple[Block, ...]:
    """The derivation as blocks of a page, at the end its result with the conditions under which it holds."""
    telling = Telling(derivation.left, grain, names, derivation.lemmas)
    blocks = _chain(derivation.chain, telling, framed=True)
    spoken = _spoken(derivation)
    stated = Result(derivation.left, derivation.relation, derivation.right, _under(derivation.context, spoken))
    return as_equivalences((*blocks, stated))


def _spoken(derivation: Derivation) -> set[Basic]:
    """The symbols that the statement depends on: in its terms, and in what their arrays are by definition."""
    found: set[Basic] = set()
    waiting: list[Basic] = [derivation.left, derivation.right]
    seen: set[Array] = set()
    while waiting:
        term = waiting.pop()
        found |= term.free_symbols
        for array in arrays_in(term) - seen:
            seen.add(array)
            found |= array.free_symbols
            known = derivation.context.definition_of(array)
            if known is not None:
                waiting.append(known.body)
                found -= set(known.parameters) - set(derivation.context.symbols)
    return found


def _under(context: Context, spoken: set[Basic]) -> tuple[Condition, ...]:
    """The conditions on these symbols; the two bounds of an index, `1 <= h` and `h <= n`, as one."""
    found = [d.fact for d in context.declarations if d.fact != TRUE and d.symbol in spoken]
    for hypothesis in context.hypotheses:
        part = all_of(*(p for p in parts_of(hypothesis) if p.free_symbols & spoken or not p.free_symbols))
        last = found[-1] if found else None
        if part == TRUE or part in found:
            continue
        if isinstance(part, Compare) and isinstance(last, Compare) and part.op == last.op and part.left == last.right:
            part = all_of(found.pop(), part)
        found.append(part)
    return tuple(found)


def narrate_chain(chain: Chain, left: Expr, names: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """The lines of a chain that leads from `left` to a number, its end among them."""
    return _chain(chain, Telling(left, names=names))


def reason_told(step: Step, lemmas: tuple[Derivation, ...] = (), names: Mapping[str, str] | None = None) -> Text:
    """What a page says beside the step.

    Example:
        >>> from derive.language import IndexSum, integer
        >>> k, n = integer("k"), integer("n")
        >>> last, whole = IndexSum(k, k, n, n), IndexSum(k, k, 0, n)
        >>> reason_told(Step(last, n, "single_term", reason=("a sum of one term",), backwards=True))
        ('a sum of one term',)
        >>> reason_told(Step(n, last, "single_term", reason=(LAWS["single_term"].title,), backwards=True))
        ('a sum of one term',)
    """
    return _reason(step, Telling(step.before, names=names, lemmas=lemmas))


def _chain(chain: Chain, telling: Telling, framed: bool = False) -> tuple[Block, ...]:
    """The lines of the chain and what stands between them; `framed`, if its end follows in a frame."""
    blocks: list[Block] = []
    lines: list[Line] = []
    waiting: list[Text] = []
    written = usual(chain.start)
    alike: tuple[str, bool, Words] | None = None  # law, direction and words of the last line
    # What is shown of the left side, and of the last line; a line that is not shown has its part in both.
    split, overall, relation = False, telling.relation, "="

    def flush() -> None:
        nonlocal alike
        if lines:
            blocks.append(Aligned(tuple(lines)))
            lines.clear()
        alike = None

    for number, move in enumerate(chain.moves):
        written = _written(move, written)
        last = number == len(chain.moves) - 1
        if isinstance(move, Split):
            flush()
            blocks.extend(_split(move, replace(telling, relation=overall)))
            waiting.clear()
            split = True
            continue
        if isinstance(move, Induction):
            flush()
            blocks.extend(_induction(move, telling))
            waiting.clear()
            split = False
            if not last:
                lines.append(Line(overall, move.after, ("as just shown",), telling.left))
                relation = "="
            continue
        waiting.append(_reason(move, telling))
        overall, relation = (composed(known, move.relation) or "?" for known in (overall, relation))
        opens = telling.grain == GRAINS[0] and number == 0 and len(chain.moves) > MANY
        if isinstance(move.after, Cases) or (not _shown(move, telling) and not last and not opens):
            continue
        words = _joined(waiting)
        waiting.clear()
        if split and words:
            # What brings the cases together is not a line of the last of them.
            blocks.append(_sentence(words, "." if last and framed else ":"))
            words = ()
        brought, split = split and last and framed, False
        if brought:
            continue
        shown = () if written == usual(move.after) and move.rule != "write_out_sum" else written
        told = (move.rule, move.backwards, words)
        relation = relation if lines else overall
        if told == alike and relation == "=" and _runs_on(move, telling):
            lines[-1] = replace(lines[-1], term=move.after, written=shown)
            continue
        left = telling.left if not lines else None
        lines.append(Line(relation, move.after, words, left, shown))
        alike, relation = told if relation == "=" else None, "="
    flush()
    if waiting and any(waiting):
        blocks.append(_sentence(_joined(waiting)))
    return tuple(blocks)


def _runs_on(step: Step, telling: Telling) -> bool:
    """Whether a line with the law and the words of the line above takes its place."""
    return telling.grain != "full" and step.rule not in ONE_BY_ONE


def _written(move: Move, before: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The terms of the line after the move, as they stand on the page: what the move leaves alone keeps its place."""
    if not isinstance(move, Step):
        return usual(move.after)
    if move.rule == "write_out_sum" and not move.path and isinstance(move.after, Add):
        return tuple(move.after.args)
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
    if telling.grain == "full" and not step.reason and law is not None:
        return (law.title,)
    if step.backwards and law is not None and step.reason == (law.title,) and law.name not in EITHER_WAY:
        return (BACKWARDS.get(law.name, f"{law.title}, read from right to left"),)
    return step.reason


def _lemma_reason(step: Step, telling: Telling) -> Text:
    """By which part of the page, with what for what; where the lemma is not on the page, what it says."""
    name = str(step.arguments[0])
    if telling.names and name in telling.names:
        return (f"by {telling.names[name]}", *_replaced(step))
    lemma = next((found for found in telling.lemmas if found.name == name), None)
    if lemma is None or step.reason != (f"by {name}",):
        return step.reason
    known = Equation(lemma.left, lemma.relation, lemma.right)
    return ("by the result ", *(("for ", lemma.left) if isinstance(lemma.right, Cases) else (known,)), *_replaced(step))


def _replaced(step: Step) -> Text:
    """` with T for n and e for x`; an array of the same letter needs no word."""
    pairs = [(old, new) for old, new in step.arguments[1:] if _looks_new(old, new)]
    words: list[str | Basic] = []
    for number, (old, new) in enumerate(pairs):
        words.append(" with " if number == 0 else " and " if number == len(pairs) - 1 else ", ")
        words += [new, " for ", old]
    return tuple(words)


def _looks_new(old: Basic, new: Basic) -> bool:
    if isinstance(old, Array) and isinstance(new, Array):
        return old.name != new.name
    return old != new


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


def _sentence(words: Words, end: str = ".") -> Paragraph:
    first = words[0]
    if isinstance(first, str):
        words = (first[:1].upper() + first[1:], *words[1:])
    return Paragraph((*words, end))


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
    n, low, claim = move.variable, move.low, Equation(move.before, "=", move.after)
    always = (ge(n, low), *((" and all ", *listed(move.over)) if move.over else ()))
    blocks: list[Block] = [_sentence(move.reason)] if move.reason else []
    blocks.append(_sentence(("we show by induction on ", n, " that ", claim, " for all ", *always)))
    base = _stage("Base", (eq(n, low),), move.base, telling)
    if base.blocks and is_constant(move.base.end) and not is_constant(move.after):  # n was inserted: say where
        there = Paragraph(("This is ", move.after, " for ", eq(n, low), "."))
        base = replace(base, blocks=(*base.blocks, there))
    stages = (
        base,
        Stage("Hypothesis", (), ("Suppose ", claim, " for some ", *always, ".")),
        _stage("Step", (Equation(n, "->", n + 1),), move.step, telling),
    )
    closing = ("This is the claim for ", n + 1, "; by induction it holds for all ", *always, ".")
    return [*blocks, InductionBlock(stages, closing)]


def _stage(heading: str, about: Words, chain: Chain, telling: Telling) -> Stage:
    blocks = _chain(chain, replace(telling, left=chain.start, relation="="))
    words: Words = () if blocks else ("Both sides are ", chain.start, ".")
    return Stage(heading, about, words, blocks)


def _running(split: Split) -> Words:
    """`every n` where the cases are told apart by one symbol, else `everything`."""
    shared = set.intersection(*(set(b.condition.free_symbols) for b in split.branches))
    if len(shared) == 1:
        return ("every ", *shared)
    return ("everything",)


def arrays_named(blocks: Sequence[Block]) -> set[Array]:
    """The arrays that the blocks speak of, in their lines, reasons and sentences."""
    return {array for term in _terms_in(tuple(blocks)) for array in _arrays_of(term)}


def _terms_in(item: object) -> Iterator[Basic]:
    if isinstance(item, Basic):
        yield item
    elif isinstance(item, tuple):
        for part in item:
            yield from _terms_in(part)
    elif is_dataclass(item):
        for field in fields(item):
            yield from _terms_in(getattr(item, field.name))


def _arrays_of(term: Basic) -> Iterator[Array]:
    for part in subterms(term):
        if isinstance(part, Array):
            yield part
        elif isinstance(part, Entry):
            yield part.array


def mentions(words: Words, array: Array) -> bool:
    r"""Whether the words name the array, in a term or in a formula of the author.

    Example:
        >>> from derive.language import signal
        >>> mentions(("The average ", Latex(r"\bar w[t]")), signal("w_bar"))
        True
        >>> mentions(("The average ", Latex(r"\bar w[t]"), " of ", Latex("w_0")), signal("w"))
        False
    """
    if any(known.name == array.name for term in _terms_in(words) for known in _arrays_of(term)):
        return True
    name = _signs(tex_name(array.name, of_array=True))
    has_indices = bool(array.axes) and not is_sequence(array)
    for piece in words:
        signs = _signs(piece.source) if isinstance(piece, Latex) else []
        for at in range(len(signs) - len(name) + 1):
            before, after = signs[at - 1 : at] if at else [], signs[at + len(name) : at + len(name) + 2]
            index = has_indices and len(after) == 2 and after[0] == "_" and after[1].isalpha()  # y_i, but not w_0
            goes_on = bool({"_", "'"} & {*after[:1]}) and not index
            if signs[at : at + len(name)] == name and not (_MARKED & {*before}) and not goes_on:
                return True
    return False


def _signs(source: str) -> list[str]:
    """The letters, numbers and commands of a formula, without what only groups, spaces or sets upright."""
    return [s for s in _SIGN.findall(source) if s not in _SILENT]

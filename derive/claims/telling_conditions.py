r"""Conditions of the engine as LaTeX in the author's names, and only as what the reader reads back as the same.

What cannot be written so is told in the engine's own words.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sympy import Expr, Symbol, cancel

from derive.claims.names import name_key
from derive.claims.places import STUMBLES
from derive.claims.reading_conditions import condition as as_condition
from derive.claims.scopes import declared
from derive.claims.stating import Parsed, reader_of
from derive.claims.supposing import as_written, solved
from derive.claims.syntax import Chain, ForAll, Listing, Logic, Name, Node, Relation, Scripted, below
from derive.claims.writing import latex
from derive.errors import CannotPrint, DeriveError
from derive.language import AllOf, AnyOf, Compare, Condition, all_of, any_of, le
from derive.language import ForAll as ForEvery
from derive.language.terms import expanded

MOST_LETTERS = 2


def in_latex(condition: Condition, parsed: Parsed) -> str:
    """The condition as the author would write it, or in words.

    Args:
        condition: Over the symbols of the claim and letters that were bound where it comes from.
        parsed: The claim.
    """
    from derive.claims.parsing import parse

    try:
        reader = reader_of(parsed, parse)
        made = declared(parsed.claimed.symbols, (*parsed.where, *parsed.let, *parsed.sides), parse)
    except DeriveError:
        return str(condition)
    own = {d.symbol for d in made.symbols}
    condition = without_strangers(condition, own)
    strangers = sorted((s for s in condition.free_symbols if isinstance(s, Symbol) and s not in own), key=str)
    if len(strangers) > MOST_LETTERS or any(made.scope.names.get(s.name) is not None for s in strangers):
        return str(condition)
    if len(strangers) == 1 and (ranged := _in_a_range(condition, strangers[0])) is not None:
        return _ranged_text(reader, condition, strangers[0], *ranged)
    shown = {key: latex(node) for key, node in _written(parsed, made.scope.names).items()}
    quantified = f" \\ \\forall {', '.join(s.name for s in strangers)}" if strangers else ""
    texts: Iterator[str] = iter(())
    if not strangers:
        texts = solved(condition, made, shown)
    for text in (*texts, *_printed(condition)):
        whole = text + quantified
        try:
            found = as_condition(reader, _joined(parse(whole)))
        except (DeriveError, ValueError, *STUMBLES):
            continue
        if _says(found, condition, [s.name for s in strangers]):
            return whole
    return str(condition)


def _in_a_range(condition: Condition, letter: Symbol) -> tuple[Condition, Expr, Expr] | None:
    """Of `i < a or i > b or C` the C, a and b: it is needed where the letter runs from a to b."""
    if not isinstance(condition, AnyOf):
        return None
    low, high, rest = None, None, []
    for part in condition.args:
        less = part if isinstance(part, Compare) and part.op == "<" else None
        if isinstance(part, Compare) and part.op == ">":
            less = Compare("<", part.right, part.left)
        if less is not None and less.left == letter and letter not in less.right.free_symbols and low is None:
            low = less.right
        elif less is not None and less.right == letter and letter not in less.left.free_symbols and high is None:
            high = less.left
        else:
            rest.append(part)
    return (any_of(*rest), low, high) if rest and low is not None and high is not None else None


def _ranged_text(reader: Any, condition: Condition, letter: Symbol, rest: Condition, low: Expr, high: Expr) -> str:
    for text in _printed(rest):
        for ends in _printed(all_of(le(low, letter), le(letter, high))):
            with suppress(DeriveError, ValueError, *STUMBLES):
                from derive.claims.parsing import parse

                first, _, last = ends.partition(r"\text{ and }")
                chain = f"{first.strip()} {last.strip().removeprefix(letter.name).strip()}"
                whole = rf"{text} \ \forall {chain}"
                found = as_condition(reader, _joined(parse(whole)))
                same = isinstance(found, ForEvery) and (found.low, found.high) == (low, high)
                if same and _says(found, rest, [letter.name]):
                    return whole
    return str(condition)


def _written(parsed: Parsed, names: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in (*parsed.sides, *parsed.where, *parsed.let):
        for part in below(node):
            if isinstance(part, (Name, Scripted)) and (key := name_key(part)) in names:
                found.setdefault(str(key), part)
    for key in names:
        if key not in found and (node_ := as_written(key)) is not None:
            found[key] = node_
    return found


def without_strangers(condition: Condition, own: set[Symbol]) -> Condition:
    """Of alternatives, those that speak of the claim alone: `k < 1 or det M != 0` with a bound k is about det M."""
    if not isinstance(condition, AnyOf):
        return condition
    kept = [part for part in condition.args if part.free_symbols <= own]
    return any_of(*kept) if kept and len(kept) < len(condition.args) else condition


def _printed(condition: Condition) -> Iterator[str]:
    """The condition as LaTeX."""
    from derive.render.tex import latex as printed

    with suppress(CannotPrint):
        yield printed(condition)


def _joined(node: Node) -> Node:
    """Conditions with commas between them, and chains, as one."""
    if isinstance(node, Chain):
        return Relation((node.first, *(n for _, n in node.lines)), tuple(sign for sign, _ in node.lines))
    return Logic("\\land", node.parts) if isinstance(node, Listing) and not _quantified(node) else node


def _quantified(node: Listing) -> bool:
    return any(isinstance(part, ForAll) for part in node.parts)


def _says(found: Any, wanted: Any, letters: list[str]) -> bool:
    """Whether what was read is the condition, up to the form of its sides."""
    for name in letters:
        if not isinstance(found, ForEvery) or found.index.name.rstrip("'") != name.rstrip("'"):
            return False
        letter = next(s for s in wanted.free_symbols if s.name == name)
        found = found.body.xreplace({found.index: letter})
    if isinstance(found, (AllOf, AnyOf)) and type(found) is type(wanted) and len(found.args) == len(wanted.args):
        left = list(wanted.args)
        for part in found.args:
            same = next((w for w in left if _says(part, w, [])), None)
            if same is None:
                return False
            left.remove(same)
        return True
    return found == wanted or _same_comparison(found, wanted)


def _same_comparison(one: Any, other: Any) -> bool:
    """Whether two comparisons of numbers say the same but for a factor."""
    if not (isinstance(one, Compare) and isinstance(other, Compare)):
        return False
    turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    first, second = (expanded(c.left - c.right) if _numbers(c) else None for c in (one, other))
    if first is None or second is None or 0 in (first, second):
        return False
    ratio = cancel(first / second)
    if not getattr(ratio, "is_Rational", False):
        return False
    return one.op == (other.op if ratio > 0 else turned.get(other.op, other.op))


def _numbers(condition: Compare) -> bool:
    return isinstance(condition.left, Expr) and isinstance(condition.right, Expr)

r"""Names in formulas: `d_{\mathrm{out}}` is the declared `d_out`, `w^2` is what was declared so.

A name is written in the key of a declaration as in LaTeX, without backslash, braces and the commands that only change
the letters' look. The longest declared name wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from derive.claims.syntax import Group, Listing, Name, Node, Number, Product, Scripted, Sum, below

LONGEST_NAME = 8
"""Letters that are tried as one name."""

ACCENTS = ("tilde", "hat", "bar", "vec", "dot", "widetilde", "widehat", "overline", "underline", "check", "ddot")
"""What changes a name; all other styles (mathrm, mathbf, ...) only change its look."""

_SAME_ACCENT = {"widetilde": "tilde", "widehat": "hat", "overline": "bar"}


def key_of(text: str) -> str:
    r"""A declared key in its standard writing: without backslash, braces and blanks, `\tilde W` as `tildeW`.

    Example:
        >>> key_of(r"\sigma_x"), key_of("d_{out}"), key_of("tilde W"), key_of("W^{(1)}")
        ('sigma_x', 'd_out', 'tildeW', 'W^(1)')
    """
    words = re.sub(r"\\(mathrm|mathbf|mathbb|mathcal|text|boldsymbol|bm|operatorname)\b", "", text)
    for long, short in _SAME_ACCENT.items():
        words = words.replace(long, short)
    return re.sub(r"[\\{}\s]", "", words)


def name_key(node: Node) -> str | None:
    r"""The key that a written name stands for; None for what is no name.

    Example:
        >>> name_key(Scripted(Name("d"), sub=Name("out", "mathrm"))), name_key(Name("W", "tilde"))
        ('d_out', 'tildeW')
    """
    if isinstance(node, Name):
        accents = [_SAME_ACCENT.get(s, s) for s in node.style.split() if s in ACCENTS]
        return "".join(accents) + node.text
    if isinstance(node, Scripted):
        base = name_key(node.base)
        sub = None if node.sub is None else script_key(node.sub)
        sup = None if node.sup is None else script_key(node.sup)
        if base is None or (node.sub is not None and sub is None) or (node.sup is not None and sup is None):
            return None
        return base + "'" * node.primes + ("" if sub is None else f"_{sub}") + ("" if sup is None else f"^{sup}")
    return None


def script_key(node: Node) -> str | None:
    """A script as it stands in a key: letters and digits side by side, with commas, signs and round brackets."""
    if isinstance(node, Number):
        return node.text
    if isinstance(node, (Name, Scripted)):
        return name_key(node)
    if isinstance(node, Product) and all(o == "" for o in node.operators):
        return _joined([script_key(item) for item in node.items], "")
    if isinstance(node, Listing):
        return _joined([script_key(part) for part in node.parts], ",")
    if isinstance(node, Group) and node.opening == "(":
        inside = script_key(node.body)
        return None if inside is None else f"({inside})"
    if isinstance(node, Sum):
        parts = [script_key(term) for term in node.terms]
        if any(p is None for p in parts):
            return None
        signed = [sign + str(part) for sign, part in zip(node.signs, parts, strict=True)]
        return "".join(signed).removeprefix("+")
    return None


def _joined(parts: list[str | None], between: str) -> str | None:
    return None if any(p is None for p in parts) else between.join(str(p) for p in parts)


def symbol_name(key: str, taken: set[str]) -> str:
    """A name that symbols and arrays can have, unlike those taken: `w^2` becomes `w_p2`, `tildeW` stays.

    Example:
        >>> symbol_name("w^2", set()), symbol_name("d_out", {"d_out"}), symbol_name("W^(1)", set())
        ('w_p2', "d_out'", 'W_p1')
    """
    primes = key.count("'")
    words = re.sub(r"[^A-Za-z0-9_]", "", key.replace("^", "_p").replace(",", "_")).strip("_")
    words = re.sub(r"__+", "_", words)
    if not words or not words[0].isalpha():
        words = "v" + words
    name = words + "'" * primes
    while name in taken:
        name += "'"
    return name


def split_indices(sub: Node, count: int) -> tuple[Node, ...] | None:
    r"""The indices in a subscript: with commas between them, or one letter or digit each (`W_{ij}`, `W_{12}`)."""
    if isinstance(sub, Group) and sub.opening == "(" and count > 1:
        sub = sub.body
    if isinstance(sub, Listing):
        return sub.parts if len(sub.parts) == count else None
    if count == 1:
        return (sub,)
    if isinstance(sub, Number) and len(sub.text) == count and sub.text.isdigit():
        return tuple(Number(digit, start=sub.start, end=sub.end) for digit in sub.text)
    if isinstance(sub, Product) and all(o == "" for o in sub.operators):
        parts: list[Node] = []
        for item in sub.items:
            if isinstance(item, Number) and item.text.isdigit():
                parts += [Number(d, start=item.start, end=item.end) for d in item.text]
            else:
                parts.append(item)
        return tuple(parts) if len(parts) == count else None
    return None


def shown_name(node: Node) -> str:
    """A name as the author may have written it."""
    return name_key(node) or "this"


def keys_in(node: Node) -> Iterator[str]:
    """All keys that parts of a formula may stand for: names, with and without their scripts, letters side by side."""
    for part in below(node):
        if isinstance(part, (Name, Scripted)):
            yield from _keys(part)
        if isinstance(part, Product):
            for first in range(len(part.items)):
                yield from _words(part, first)


def _words(product: Product, first: int) -> Iterator[str]:
    """The keys that letters from this item on may be together."""
    word = ""
    for place in range(first, min(len(product.items), first + LONGEST_NAME)):
        item = product.items[place]
        base = item.base if isinstance(item, Scripted) else item
        if (place > first and product.operators[place - 1] != "") or not isinstance(base, Name) or base.style:
            return
        if isinstance(item, Scripted):
            yield from _keys(replace(item, base=replace(base, text=word + base.text)))
            return
        word += base.text
        yield word


def _keys(node: Name | Scripted) -> Iterator[str]:
    parts: list[Node] = [node]
    if isinstance(node, Scripted):
        bare = replace(node, sub=None, sup=None)
        parts += [replace(node, sup=None), replace(node, sub=None), bare, node.base, replace(bare, primes=0)]
    for part in parts:
        key = name_key(part)
        if key is not None:
            yield key
        if isinstance(part, Name) and set(part.style.split()) & {"bar", "underline"}:
            yield part.text  # of a rising or falling power

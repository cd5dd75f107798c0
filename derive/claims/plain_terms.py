"""Terms in declarations, in plain letters: `n - k + 1`, `sigma_x^2`, `1/(2*d_out)`; LaTeX is read as well."""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.claims.syntax import Fraction, Group, Name, Node, Number, Product, Scripted, Sum
from derive.errors import BadInput

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*'*)|(?P<sign>[-+*/^()]))"
)
LONGEST, DEEPEST = 300, 30


def plain_term(text: str, parse: Callable[[str], Node]) -> Node:
    r"""The tree of a term in plain letters; one with a backslash or braces is parsed as LaTeX.

    Raises:
        BadInput: it is no such term.

    Example:
        >>> plain_term("n - 1", None).signs
        ('+', '-')
    """
    if "\\" in text or "{" in text:
        return parse(text)
    if len(text) > LONGEST:
        raise BadInput(f"the term {text[:40]!r}... is too long")
    tokens, place = [], 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            raise BadInput(f"{text!r} is not understood as a term at {text[place:].strip()[:10]!r}")
        tokens.append((str(match.lastgroup), match[match.lastgroup or 0]))
        place = match.end()
    made, rest = _sum(tokens, 0, text, 0)
    if rest != len(tokens):
        raise BadInput(f"{text!r} is not understood as a term at {tokens[rest][1]!r}")
    return made


def _sum(tokens: list[tuple[str, str]], at: int, text: str, depth: int) -> tuple[Node, int]:
    signs, terms, sign = [], [], "+"
    if depth > DEEPEST:
        raise BadInput(f"the term {text[:40]!r} is nested too deeply")
    if at < len(tokens) and tokens[at][1] in "+-":
        sign, at = tokens[at][1], at + 1
    while True:
        term, at = _product(tokens, at, text, depth)
        signs.append(sign)
        terms.append(term)
        if at >= len(tokens) or tokens[at][1] not in ("+", "-"):
            break
        sign, at = tokens[at][1], at + 1
    return (terms[0] if signs == ["+"] else Sum(tuple(signs), tuple(terms))), at


def _product(tokens: list[tuple[str, str]], at: int, text: str, depth: int) -> tuple[Node, int]:
    result, at = _power(tokens, at, text, depth)
    while at < len(tokens):
        kind, word = tokens[at]
        if word == "/":
            bottom, at = _power(tokens, at + 1, text, depth)
            result = Fraction(result, bottom)
        elif word == "*" or kind in ("number", "name") or word == "(":
            other, at = _power(tokens, at + (word == "*"), text, depth)
            result = Product((result, other), ("\\cdot",))
        else:
            break
    return result, at


def _power(tokens: list[tuple[str, str]], at: int, text: str, depth: int) -> tuple[Node, int]:
    base, at = _atom(tokens, at, text, depth)
    if at < len(tokens) and tokens[at][1] == "^":
        if at + 1 < len(tokens) and tokens[at + 1][1] == "-":
            exponent, at = _power(tokens, at + 2, text, depth + 1)
            return Scripted(base, sup=Sum(("-",), (exponent,))), at
        exponent, at = _power(tokens, at + 1, text, depth + 1)
        return Scripted(base, sup=exponent), at
    return base, at


def _atom(tokens: list[tuple[str, str]], at: int, text: str, depth: int) -> tuple[Node, int]:
    if at >= len(tokens):
        raise BadInput(f"the term {text!r} ends too early")
    kind, word = tokens[at]
    if kind == "number":
        return Number(word), at + 1
    if kind == "name":
        return Name(word), at + 1
    if word == "(":
        inside, at = _sum(tokens, at + 1, text, depth + 1)
        if at >= len(tokens) or tokens[at][1] != ")":
            raise BadInput(f"a bracket of {text!r} is never closed")
        return Group("(", inside, ")"), at + 1
    raise BadInput(f"{text!r} is not understood as a term at {word!r}")

"""Declarations of a claim file: `n = "integer >= 1"`, `x = "random array[n], mean 0, independent entries"`.

A declaration is words, with terms between them: sizes, bounds, means. Another word is an error that names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derive.errors import BadInput

KINDS = ("nonnegative", "positive", "integers", "signs", "bits", "distinct", "nonzero", "negative")
"""What may be said of all entries of an array, after `of`."""

SORTS = {
    "integer": ("integer", ""), "size": ("integer", ">= 1"), "natural": ("integer", ">= 0"), "real": ("real", ""),
    "positive": ("real", "> 0"), "nonnegative": ("real", ">= 0"), "negative": ("real", "< 0"),
    "nonzero": ("real", "!= 0"),
}  # fmt: skip
"""Words for numbers: what they are and what else is said of them."""

LAWS = ("normal", "signs", "symmetric")
_BOUND = re.compile(r"\s*(>=|<=|!=|=|>|<)\s*([^<>=!]+)")
_COMMA = re.compile(r",(?![^()\[\]]*[)\]])")


@dataclass(frozen=True)
class Stated:
    """What is said of a random thing; terms are texts."""

    mean: str | None = None
    variance: str | None = None
    second: str | None = None
    entries: str = "any"
    identical: bool = False
    law: str = "any"
    values: tuple[str, ...] = ()
    independent_of: tuple[str, ...] = ()
    third: str | None = None
    covariances: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Declared:
    """A declaration, taken apart; terms are still texts.

    Attributes:
        key: The name as it was declared.
        kind: integer, real, array, vector, matrix, index, function.
        bounds: (relation, term) pairs about a number.
        sizes: Of an array.
        origin: Its first index on each axis; where they differ, all of them: "(0, 1)". -oo if it has none.
        outside: error, zero or wraps.
        of: Words of KINDS about its entries.
        over: Of an index: the array whose range it runs over, and the axis from 1.
        random: What is stated of a random thing.
    """

    key: str
    kind: str
    bounds: tuple[tuple[str, str], ...] = ()
    sizes: tuple[str, ...] = ()
    origin: str = "1"
    outside: str = "error"
    of: tuple[str, ...] = ()
    over: tuple[str, int] = ("", 1)
    random: Stated | None = field(default=None)


def declaration(key: str, text: str) -> Declared:
    """Take a declaration apart.

    Raises:
        BadInput: a word in it is not known, or it contradicts itself.

    Example:
        >>> declaration("n", "integer >= 1").bounds
        (('>=', '1'),)
        >>> declaration("s", "array[L] from 0, zero outside").outside
        'zero'
    """
    if not isinstance(text, str) or len(text) > 1_000:
        raise BadInput(f'the declaration of {key} is no short text such as "integer >= 1"')
    said = text.strip()
    random = said.startswith("random ")
    said = said.removeprefix("random ").strip()
    if match := re.fullmatch(r"index of (\S+?)(?:,? axis ([0-9]))?", said):
        return Declared(key, "index", over=(match[1], int(match[2] or 1)))
    if match := re.match(r"(array|vector|matrix)\s*\[([^\]]*)\]", said):
        return _array(key, match[1], match[2], said[match.end() :], random)
    word = re.match(r"[a-z]+", said)
    if word is None or word[0] not in SORTS:
        if word is not None and word[0] in ("complex", "rational", "odd", "even", "prime"):
            raise BadInput(f"{key} is declared as {text!r}, and {word[0]} numbers are not supported")
        words = ", ".join([*SORTS, "array[...]", "vector[...]", "matrix[...]", "index of", "random"])
        raise BadInput(f"{key} is declared as {text!r}, which begins with none of {words}")
    kind, bound = SORTS[word[0]]
    rest = said[word.end() :].strip()
    if random:
        if kind != "real":
            raise BadInput(f"{key} is declared as {text!r}; what is random is a real, an array, a vector or a matrix")
        return Declared(key, "real", random=_stated(key, _parts(rest)))
    bounds = list(_bounds(key, bound))
    for part in _parts(rest):
        if part in SORTS and SORTS[part][1]:
            bounds += _bounds(key, SORTS[part][1])
        else:
            bounds += _bounds(key, part)
    return Declared(key, kind, tuple(bounds))


def _parts(text: str) -> list[str]:
    words = re.sub(r"\band\b", ",", text)
    return [part.strip() for part in _COMMA.split(words) if part.strip()]


def _bounds(key: str, text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(text):
        match = _BOUND.match(text, place)
        if match is None:
            rest = text[place:].strip()
            raise BadInput(f"{rest!r} in the declaration of {key} is not understood; a bound is like '>= 1'")
        found.append((match[1], match[2].strip()))
        place = match.end()
    return found


def _array(key: str, kind: str, sizes: str, rest: str, random: bool) -> Declared:
    dimensions = tuple(part.strip() for part in _COMMA.split(sizes) if part.strip())
    wanted = {"vector": 1, "matrix": 2}.get(kind, len(dimensions))
    if len(dimensions) != wanted or not 1 <= len(dimensions) <= 6:
        raise BadInput(f"{key} is declared as {kind}[{sizes}]; a {kind} has {wanted or 'from 1 to 6'} sizes")
    origin, outside, of, stated = "1", "error", [], []
    for part in _parts(rest):
        while part:
            if match := re.match(r"from (-?[A-Za-z0-9_]+|\([^()]*\))", part):
                origin, part = match[1], part[match.end() :].strip()
            elif match := re.match(r"of ([a-z]+)", part):
                if match[1] not in KINDS:
                    raise BadInput(f"the entries of {key} are declared as {match[1]!r}; known are {', '.join(KINDS)}")
                of.append(match[1])
                part = part[match.end() :].strip()
            elif part in ("zero outside", "wraps"):
                outside, part = part.split()[0], ""
            elif not random and part in KINDS:
                of.append(part)
                part = ""
            elif random:
                stated.append(part)
                part = ""
            else:
                raise BadInput(
                    f"{part!r} in the declaration of {key} is not understood; "
                    "an array is like 'array[n] from 0, zero outside'"
                )
    return Declared(
        key, kind, (), dimensions, origin, outside, tuple(of), random=_stated(key, stated) if random else None
    )


def _stated(key: str, parts: list[str]) -> Stated:
    """What the words after a random thing say."""
    mean = variance = second = None
    entries, identical, law, free = "any", False, "any", []
    values: tuple[str, ...] = ()
    third, covariances = None, []
    for part in parts:
        if match := re.fullmatch(r"mean square (.+)|second moment (.+)", part):
            second = match[1] or match[2]
        elif match := re.fullmatch(r"third moment (.+)", part):
            third = match[1]
        elif match := re.fullmatch(r"covariance with ([^\s:=]+)[\s:=]+(.+)", part):
            covariances.append((match[1], match[2]))
        elif match := re.fullmatch(r"mean (.+)", part):
            mean = match[1]
        elif match := re.fullmatch(r"variance (.+)", part):
            variance = match[1]
        elif match := re.fullmatch(r"(independent|uncorrelated|stationary)( entries)?", part):
            entries = match[1]
        elif part in ("identically distributed", "identically distributed entries"):
            identical = True
        elif part in ("i.i.d.", "iid"):
            entries, identical = "independent", True
        elif match := re.fullmatch(r"independent of (.+)", part):
            free += [word for word in re.split(r"[\s,]+", match[1]) if word]
        elif part in LAWS:
            law = part
        elif match := re.fullmatch(r"Bernoulli\((.+)\)|bernoulli\((.+)\)", part):
            law, values = "bits", (match[1] or match[2],)
        elif match := re.fullmatch(r"uniform\((.+),(.+)\)", part):
            law, values = "between", (match[1].strip(), match[2].strip())
        else:
            raise BadInput(
                f"{part!r} in the declaration of {key} is not understood; known are mean, variance, second moment, "
                "third moment, covariance with, independent (uncorrelated) entries, independent of, identically "
                "distributed, normal, uniform(a, b), Bernoulli(p), signs, symmetric"
            )
    if variance is not None and second is not None:
        raise BadInput(f"{key} is declared with both its variance and its mean square; one says the other")
    return Stated(
        mean, variance, second, entries, identical, law, values, tuple(free), third, tuple(covariances)
    )

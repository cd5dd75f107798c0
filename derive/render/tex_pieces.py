r"""Small pieces of LaTeX: commands and letters in a row, brackets, scripts, names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.errors import CannotPrint
from derive.render import names

LATIN_CAPITALS = {"Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa", "Mu", "Nu", "Rho", "Tau", "Chi"}
_WORD_AT_END = re.compile(r"\\[A-Za-z]+\Z")
_SMALL = (r"\frac", r"\binom")  # smaller in running text than in a display
_TALL = (r"\frac", r"\sum", r"\begin", r"\binom", r"\left", r"\sqrt")


def join(*pieces: str) -> str:
    r"""The pieces in a row; a command and a letter after it are kept apart.

    Example:
        >>> join(r"2\pi", "n")
        '2\\pi n'
    """
    result = ""
    for piece in pieces:
        if piece[:1].isalpha() and _WORD_AT_END.search(result):
            result += " "
        result += piece
    return result


def name(text: str, of_array: bool = False) -> str:
    r"""A symbol's or array's name in LaTeX; the letters of an array `dw` are not set as a word.

    Example:
        >>> name("d_out"), name("dw"), name("dw", of_array=True), name("dx_hat", of_array=True)
        ('d_{\\mathrm{out}}', '\\mathrm{dw}', 'dw', 'd\\hat{x}')
    """
    parts = names.parse(text)
    if parts is None:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", text):
            raise CannotPrint(f"the name {text!r} has no notation: letters, digits, _subscripts, primes")
        return rf"\mathrm{{{text}}}"
    differential = of_array and names.is_differential(parts)
    base = _word(parts.base[1:] if differential else parts.base)
    result = "".join(rf"\{mark}{{" for mark in reversed(parts.marks)) + base + "}" * len(parts.marks)
    result = "d" + result if differential else result
    result += "'" * parts.primes
    if parts.subscripts:
        result += "_{" + ",".join(_word(s) for s in parts.subscripts) + "}"
    return result


def _word(text: str) -> str:
    if text in LATIN_CAPITALS or not (len(text) == 1 or text.isdigit() or text in names.GREEK):
        return rf"\mathrm{{{text}}}"
    return rf"\{text}" if text in names.GREEK else text


def parenthesised(inside: str) -> str:
    """The text in parentheses as tall as it needs."""
    return rf"\left({inside}\right)" if is_tall(inside) else f"({inside})"


def is_tall(inside: str) -> bool:
    """Whether the formula is taller than a line, so that brackets around it must grow."""
    return any(command in inside for command in _TALL)


def is_high(written: str) -> bool:
    r"""Whether the formula is too tall for running text: cases, a matrix, or a fraction with one or a sum in it.

    Example:
        >>> is_high(r"\frac{a}{b}"), is_high(r"\frac{1}{\frac{1}{b}+1}"), is_high(r"\begin{dcases}1\end{dcases}")
        (False, True, True)
    """
    if r"\begin" in written:
        return True
    return any(r"\frac" in part or r"\sum" in part or r"\prod" in part for part in _in_fractions(written))


def _in_fractions(written: str) -> Iterator[str]:
    """What stands above and below the lines of fractions."""
    for found in re.finditer(r"\\frac(?=\{)", written):
        at = found.end()
        for _ in range(2):
            end, depth = at, 0
            while end < len(written):
                depth += {"{": 1, "}": -1}.get(written[end], 0)
                end += 1
                if not depth:
                    break
            yield written[at:end]
            at = end


def legible(written: str) -> str:
    r"""The formula as it stands beside a line, where small type and small fractions together could not be read.

    Example:
        >>> legible(r"\frac{1}{2}"), legible("2")
        ('\\displaystyle \\frac{1}{2}', '2')
    """
    return rf"\displaystyle {written}" if any(command in written for command in _SMALL) else written


def script(text: str) -> str:
    """The argument of ^ or _: braces unless it is a single character."""
    return text if len(text) == 1 else f"{{{text}}}"


def unbroken(formula: str, end: str = r"\allowbreak") -> str:
    r"""The formula with the brackets of its indicators in pieces within which no line ends, but behind their commas.

    Args:
        formula: In LaTeX.
        end: What stands where a line may end.

    Example:
        >>> print(unbroken(r"g\,\mathbf 1[a=x[i],\ b<c]", r"\mayend"))
        g\,\mayend\mathbf 1[{a=x[i]},\mayend\ {b<c}]
    """
    pieces, at = [], 0
    for found in re.finditer(r"\\mathbf 1(?=\[)", formula):
        if found.start() < at:
            continue
        close = _closing(formula, found.end())
        before = formula[at : found.start()]
        inside = rf",{end}\ ".join(f"{{{part}}}" for part in _parts(formula[found.end() + 1 : close - 1]))
        pieces += [before, r"\mayend" if before.endswith(r"\,") else "", rf"\mathbf 1[{inside}]"]
        at = close
    return "".join(pieces) + formula[at:]


def _parts(inside: str) -> list[str]:
    """The conditions between the commas that stand in no braces."""
    parts, depth = [""], 0
    for piece in re.split(r"(\\.|[{}]|,\\ )", inside):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        if piece == ",\\ " and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _closing(formula: str, opening: int) -> int:
    """Behind the bracket that closes the one that stands there."""
    depth = 0
    for place in range(opening, len(formula)):
        depth += {"[": 1, "]": -1}.get(formula[place], 0)
        if depth == 0:
            return place + 1
    return len(formula)


def breakable(formula: str) -> str:
    r"""The formula of a line of its own: it ends rather before an equivalence, or behind a comma, than elsewhere.

    Example:
        >>> print(breakable(r"\min(a,\,b)\le c\Leftrightarrow d"))
        \min(a,\mayend\,b)\le c\allowbreak\Leftrightarrow d
    """
    behind_commas = unbroken(formula, r"\mayend").replace(r",\,", r",\mayend\,")
    return behind_commas.replace(r"\Leftrightarrow", r"\allowbreak\Leftrightarrow")

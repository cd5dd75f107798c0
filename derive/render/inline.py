"""What stands within a line of words: words, terms, the author's LaTeX, emphasis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sympy import Basic, Expr
from sympy.core.symbol import Str


@dataclass(frozen=True)
class Latex:
    """The author's own mathematics in LaTeX, without dollars."""

    source: str


@dataclass(frozen=True)
class Equation:
    """`left relation right` in a running text."""

    left: Basic
    relation: str
    right: Basic


class Landau(Basic):
    """O, Omega, Theta or o of a term, as it is written after "="; a set of functions, and never a part of a term."""

    def __new__(cls, kind: str | Str, term: Expr) -> Landau:
        made: Landau = Basic.__new__(cls, kind if isinstance(kind, Str) else Str(kind), term)
        return made

    @property
    def kind(self) -> str:
        """One of O, Omega, Theta, o."""
        return str(self.args[0].name)

    @property
    def term(self) -> Expr:
        """What it is of."""
        return self.args[1]


@dataclass(frozen=True)
class Strong:
    """Words in bold."""

    text: str


@dataclass(frozen=True)
class Emph:
    """Words in italics."""

    text: str


@dataclass(frozen=True)
class Code:
    """Words of a program or a command, in letters of one width."""

    text: str


Inline: TypeAlias = str | Basic | Latex | Equation | Strong | Emph | Code
Words = tuple[Inline, ...]

"""What an instance of a law is, and the symbols and contexts that instances are made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Expr

from derive.kernel.law import Law
from derive.language import Condition, Context, Definition, IndexSum, declare, integer, signal

_D = {
    s: declare(s, sort) for s, sort in {"n": "integer", "m": "integer", "L": "size", "a": "real", "b": "real"}.items()
}
n, m, L, a, b = (_D[s].symbol for s in "nmLab")
i, k = integer("i"), integer("k")
x, w = signal("x", 0, L - 1), signal("w")
DEFINITIONS = (Definition(x, (n,), n + 2),)


def given(*conditions: Condition) -> Context:
    """The symbols with hypotheses; the entries of w vary freely, those of x are defined."""
    return Context(tuple(_D.values()), conditions, DEFINITIONS, (w,))


@dataclass(frozen=True)
class Instance:
    """A law on a term, in a context in which its conditions hold; `twin` is what a wrong copy would say."""

    law: Law
    context: Context
    term: Expr
    arguments: tuple[Any, ...]
    after: Expr
    twin: Expr
    fails_on: tuple[Expr, tuple[Any, ...]] | None = None


def total(body: Any, low: Any, high: Any, index: Any = i) -> IndexSum:
    """sum(body, index=low..high)"""
    return IndexSum(body, index, low, high)

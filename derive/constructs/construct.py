"""What every construct must have: frozen records, one at the end of each file of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.kernel.derivation import Derivation, Text
from derive.language import Array, Context
from derive.rules.growth import Comparison


@dataclass(frozen=True)
class Claim:
    """One question that a construct answers.

    Attributes:
        name: Short name within the construct.
        title: What the claim is about, in a few words.
        question: The question as a teacher would put it, words and terms.
        context: Symbols, definitions, hypotheses, and the arrays without a definition.
        left: The term that is asked for.
        derive: Makes the derivation of `left = ...`; called without arguments.
        oracle: The value of `left` by brute force from the definition, in plain loops; takes all `parameters` by name
            (numbers) and all `free_arrays` by name (functions of an index). Where arrays are random it takes `average`
            besides: `average(f)` is the mean of f(x, y, ...) over all outcomes of the random arrays, in the order in
            which the context states them (functions of an index).
    """

    name: str
    title: str
    question: Text
    context: Context
    left: Expr
    derive: Callable[[], Derivation]
    oracle: Callable[..., Any]

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the symbols that the value depends on, as the context declares them."""
        return tuple(symbol.name for symbol in self.context.symbols)

    @property
    def free_arrays(self) -> tuple[Array, ...]:
        """Arrays without a definition that are not random, drawn by chance for spot checks."""
        return tuple(a for a in self.context.arrays if a not in self.context.random)


@dataclass(frozen=True)
class Refuted:
    """A statement that is easily believed and false; the program finds the smallest witness against it.

    Attributes:
        name: Short name within the construct, unlike those of its claims.
        title: What the statement is about, in a few words.
        statement: What somebody believes, in words; the page goes on with `left relation right`.
        context: Symbols, definitions, hypotheses, and the arrays without a definition.
        left: The left side.
        relation: One of =, <=, <, >=, >.
        right: The right side, said to be so for all values that the hypotheses allow.
        missing: The slip, or the hypothesis that is missing, in whole sentences.
        instead: `construct.claim` that is proved of the same thing; empty where there is none.
    """

    name: str
    title: str
    statement: Text
    context: Context
    left: Expr
    relation: str
    right: Expr
    missing: Text
    instead: str = ""


@dataclass(frozen=True)
class Growth:
    """A statement about growth, proved by inequalities with its constants, or by points against it.

    Attributes:
        name: Short name within the construct, unlike all other names in it.
        title: What it is about, in a few words.
        question: The question as a teacher would put it, words and terms.
        states: What is stated, with the constants, thresholds or points that show it.
        oracle: The value of its left side by brute force from the definition, in plain loops; takes all symbols of its
            context by name.
        remark: What is to be said besides, in whole sentences.
    """

    name: str
    title: str
    question: Text
    states: Comparison
    oracle: Callable[..., Any]
    remark: Text = ()

    @property
    def context(self) -> Context:
        """Symbols, definitions and hypotheses."""
        return self.states.context


@dataclass(frozen=True)
class Construct:
    """A construct of applied mathematics with its claims.

    Attributes:
        name: The name of its file.
        title: Printed name.
        about: One or two sentences.
        conventions: The choices that formulas depend on, in words.
        source: Where the definitions can be read, down to section or equation.
        claims: What it answers.
        refuted: False statements about the same things.
        growth: Statements about growth.
    """

    name: str
    title: str
    about: Text
    conventions: tuple[str, ...]
    source: str
    claims: tuple[Claim, ...]
    refuted: tuple[Refuted, ...] = ()
    growth: tuple[Growth, ...] = ()

    def claim(self, name: str) -> Claim:
        """The claim of that name, or KeyError."""
        for found in self.claims:
            if found.name == name:
                return found
        raise KeyError(name)


Values = Mapping[str, Fraction]

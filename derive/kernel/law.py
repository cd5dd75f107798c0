"""Laws: named functions that the checker can apply again.

A law takes the context, a term and its arguments, and returns what the term becomes with the conditions under which
that is right. It decides nothing: conditions are discharged by the checker, in the context of the place where the
law was applied. A law that does not speak of the term raises `RuleDoesNotApply`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import Any

from sympy import Expr, Symbol

from derive.errors import DeriveError, RuleDoesNotApply
from derive.kernel.derivation import Step, Text
from derive.language import Condition, Context


@dataclass(frozen=True)
class Rewrite:
    """What a law makes of a term: the new term, the conditions, the relation between old and new."""

    after: Expr
    conditions: tuple[Condition, ...] = ()
    relation: str = "="


@dataclass(frozen=True)
class Law:
    """A named law; calling it makes the step.

    `title` is what a sheet calls it, `statement` its first docstring line, `source` the authority if it is cited.
    """

    name: str
    title: str
    statement: str
    apply: Callable[..., Rewrite]
    source: str = ""

    def __call__(
        self, context: Context, expr: Expr, *arguments: Any, reason: Text = (), grain: str = "lecture"
    ) -> Step:
        """The step that the law makes of the whole term `expr`.

        Raises:
            RuleDoesNotApply: the law does not speak of this term.
        """
        made = self.applied(context, expr, arguments)
        return Step(
            before=expr,
            after=made.after,
            rule=self.name,
            arguments=tuple(arguments),
            conditions=made.conditions,
            relation=made.relation,
            reason=reason or (self.title,),
            grain=grain,
        )

    def applied(self, context: Context, expr: Expr, arguments: tuple[Any, ...]) -> Rewrite:
        """What the law makes of the term; arguments of the wrong number or kind do not apply."""
        kinds = _kinds_of(self.apply)
        if len(kinds) != len(arguments) or not all(map(isinstance, arguments, kinds)):
            wanted = ", ".join(k.__name__ for k in kinds) or "no arguments"
            raise RuleDoesNotApply("{} takes {}, not {}", self.name, wanted, arguments)
        return self.apply(context, expr, *arguments)


_KINDS: dict[str, type] = {"Expr": Expr, "Symbol": Symbol, "int": int, "Condition": Condition}
"""What the arguments of laws may be."""


@cache
def _kinds_of(function: Callable[..., Rewrite]) -> tuple[type, ...]:
    return tuple(_KINDS[p.annotation] for p in list(signature(function).parameters.values())[2:])


LAWS: dict[str, Law] = {}
"""All laws by name; filled as the modules of `derive.rules` are imported."""


def primitive(title: str, source: str = "") -> Callable[[Callable[..., Rewrite]], Law]:
    """Register a function as the law of its name."""

    def register(function: Callable[..., Rewrite]) -> Law:
        name = function.__name__
        if name in LAWS:
            raise DeriveError(f"two laws are named {name}")
        if not all(p.annotation in _KINDS for p in list(signature(function).parameters.values())[2:]):
            raise DeriveError(f"the arguments of the law {name} must be one of {', '.join(_KINDS)}")
        statement = (function.__doc__ or "").strip().splitlines()
        if not statement:
            raise DeriveError(f"the law {name} does not say what it states")
        LAWS[name] = Law(name, title, statement[0], function, source)
        return LAWS[name]

    return register


def law_named(name: str) -> Law:
    """The law of that name.

    Raises:
        RuleDoesNotApply: there is none.
    """
    if name not in LAWS:
        raise RuleDoesNotApply("there is no law named {!r}", name)
    return LAWS[name]


def need(kind: type, term: Any, rule: str) -> Any:
    """The term, if it is of that kind.

    Raises:
        RuleDoesNotApply: it is not.
    """
    if not isinstance(term, kind):
        raise RuleDoesNotApply("{} speaks of {}, not of {}", rule, kind.__name__, term)
    return term


def rewrite(after: Expr, conditions: Sequence[Condition] = (), relation: str = "=") -> Rewrite:
    """A `Rewrite`, conditions in the order given."""
    return Rewrite(after, tuple(conditions), relation)

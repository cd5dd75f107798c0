"""Makes derivations by replaying laws forwards and backwards, without asking whether their conditions hold."""

from __future__ import annotations

from typing import Any

from sympy import Expr

from derive.kernel.derivation import Branch, Chain, Derivation, Induction, Path, Split, Step
from derive.kernel.law import law_named
from derive.kernel.lemma import apply_lemma
from derive.kernel.places import put, standing
from derive.language import Array, Condition, Context, Definition, Entry, declare
from derive.rules.combine import place_of


def ctx(
    *sorts: str, where: tuple[Condition, ...] = (), defs: tuple[Definition, ...] = (), arrays: tuple[Array, ...] = ()
) -> Context:
    """Context from `name:sort` texts."""
    return Context(tuple(declare(*text.split(":")) for text in sorts), where, defs, arrays)


class Forger:
    """A chain in the making."""

    def __init__(self, context: Context, start: Expr, *lemmas: Derivation) -> None:
        self.context, self.start, self.here, self.lemmas = context, start, start, lemmas
        self.moves: list[Step | Split | Induction] = []

    def by(self, rule: str, *arguments: Any, path: Path = (), part: Expr | None = None) -> Forger:
        """One more step, at a path or where the part first stands."""
        path = path if part is None else place_of(self.here, part)
        made = self._made(self.here, rule, arguments, path)
        after = put(self.here, path, made.after)
        self.moves.append(Step(self.here, after, rule, arguments, made.conditions, path, made.relation))
        self.here = after
        return self

    def back(self, after: Expr, rule: str, *arguments: Any, path: Path = (), part: Expr | None = None) -> Forger:
        """One more step, from right to left: the law leads from `after` to the line here."""
        path = path if part is None else place_of(after, part)
        made = self._made(after, rule, arguments, path)
        found = put(after, path, made.after)
        assert found == self.here, f"{rule} leads from {after} to {found}, not to {self.here}"
        self.moves.append(Step(self.here, after, rule, arguments, made.conditions, path, made.relation, backwards=True))
        self.here = after
        return self

    def assume(self, old: Expr, new: Expr, to: Expr | None = None, part: Expr | None = None) -> Forger:
        """The hypothesis `old = new` of an induction, where `old` stands; or backwards, in the part of `to`."""
        line = self.here if to is None else to
        path = (*(() if part is None else place_of(line, part)), *place_of(line if part is None else part, old))
        after = put(line, path, new)
        if to is None:
            self.moves.append(Step(self.here, after, "hypothesis", path=path))
            self.here = after
        else:
            assert after == self.here, f"{after} is not {self.here}"
            self.moves.append(Step(self.here, to, "hypothesis", path=path, backwards=True))
            self.here = to
        return self

    def entry(self, entry: Entry) -> Forger:
        """The entry as it is defined, where it first stands."""
        return self.by("definition", part=entry)

    def cases(self, *branches: tuple[Condition, Forger]) -> Forger:
        """The line worked out case by case."""
        made = tuple(Branch(c, Chain(f.start, tuple(f.moves))) for c, f in branches)
        self.moves.append(Split(self.here, made))
        self.here = self.moves[-1].after
        return self

    def under(self, condition: Condition) -> Forger:
        """A new chain from the line here, in a case."""
        return Forger(self.context.with_hypotheses(condition), self.here, *self.lemmas)

    def done(self, name: str = "forged") -> Derivation:
        """The derivation."""
        chain = Chain(self.start, tuple(self.moves))
        return Derivation(name, self.context, self.start, self.here, chain, "=", self.lemmas)

    def _made(self, line: Expr, rule: str, arguments: tuple[Any, ...], path: Path) -> Any:
        target, local = standing(self.context, line, path)
        if rule == "lemma":
            return apply_lemma(self.lemmas, local, target, arguments)
        return law_named(rule).applied(local, target, arguments)

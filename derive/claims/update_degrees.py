r"""Is any update rule homogeneous, u(sG) = s^p u(G) for all s > 0? Proved, refuted at exact points, or undecided.

*Proved*: a degree is read off (`derive.rules.degrees`), its derivation is made (`derive.rules.homogeneity`) and the
checker accepts it. *Refuted*: if some p fitted, $u(s^2G)\,u(G) = u(sG)^2$ would hold at each G and s, and
$u(sG)\,u(H) = u(G)\,u(sH)$ at each pair G, H; a point at which one of them fails leaves no p, such as one where u is 0
at one multiple and not at another. A degree that is asked for is refuted where $u(sG) \ne s^p u(G)$. A point where
an update has no value refutes nothing. All else is *undecided*.

A degree is one number for all gradients, all other arrays and all places at which the update is looked at; it may
depend on sizes and on real symbols of the rule. Hypotheses are about G; s is any positive number.

Source: Hardy, Littlewood, Polya, Inequalities, 2nd ed., section 1.1 (homogeneous functions).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.claims.carried_hypotheses import Carried, carried_hypotheses
from derive.errors import BadInput, RuleDoesNotApply, StepRejected
from derive.kernel.checker import CheckReport, check
from derive.kernel.derivation import Derivation, Verdict
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Condition,
    Context,
    Declaration,
    Definition,
    Entry,
    ForAll,
    fresh,
    gt,
    implies,
    substitute,
)
from derive.language.chance import moments_in
from derive.language.context import check_context
from derive.language.discharge import discharge
from derive.language.points import Value, evaluate
from derive.language.symbols import fresh_like, real
from derive.language.terms import names_in
from derive.language.wellformed import obligations
from derive.language.zero import same
from derive.numeric.refuting import Witness, refutation
from derive.rules.degrees import Factor, multiplied, twin, with_twins
from derive.rules.homogeneity import homogeneous

POINTS = 6_000
"""At how many points a statement is asked before it is left undecided."""

TRIES = 60
"""How often real numbers are drawn anew until the hypotheses about them hold."""

Chosen = Callable[..., Condition]
"""Which entries of an array are multiplied, from their indices."""


@dataclass(frozen=True)
class Scaling:
    """What would hold if some degree fitted, or the one asked for."""

    context: Context
    left: Expr
    relation: str
    right: Expr


@dataclass(frozen=True)
class Decision:
    """Whether an update rule has a degree.

    Attributes:
        verdict: `proved` (or `cited`), `refuted` or `undecided`, with the reason.
        degree: p, where it is proved.
        factor: s.
        derivation: Of `u' = s**p*u`, checked; u' is made from the multiples.
        report: What the checker says of it.
        refuted: The equation that the witness breaks.
        witness: Where it fails.
        values: (update, its value there): from the gradients themselves, from s times these, and so on.
        points: At how many points an equation held before.
        carried: Hypotheses that the derivation has of the multiples, with derivations from which they follow.
    """

    verdict: Verdict
    factor: Symbol
    degree: Expr | None = None
    derivation: Derivation | None = None
    report: CheckReport | None = None
    refuted: Scaling | None = None
    witness: Witness | None = None
    values: tuple[tuple[Expr, Value], ...] = ()
    points: int = 0
    carried: tuple[Carried, ...] = ()


def decide_degree(
    context: Context,
    update: Entry,
    arrays: Mapping[Array, Expr | int] | Sequence[Array],
    asked: Expr | int | None = None,
    only: Mapping[Array, Chosen] | None = None,
    most: int = POINTS,
) -> Decision:
    """Decide of which degree an update rule is in some arrays, or whether it is of the degree asked for.

    Args:
        context: The rule: definitions of the update and of what it rests on, hypotheses, free arrays.
        update: An entry u[i] at declared symbols.
        arrays: What is multiplied by s; or {array: q} if some are by its power q.
        asked: The degree that is asked for; without it any will do.
        only: Of an array, which entries are multiplied, if not all; then nothing is proved, but it may be refuted.
        most: At how many points each equation is tried.

    Raises:
        BadInput: an array is defined, unknown or random; the update is not defined; a name has a prime.
        IllFormed: the context says nothing definite.

    Example:
        >>> from derive.language import array, between, declare, integer
        >>> from sympy import Abs
        >>> size, place, k = declare("n", "size"), declare("i", "integer"), integer("k")
        >>> n, i = size.symbol, place.symbol
        >>> g, u = array("g", (1, n)), array("u", (1, n))
        >>> def rule(body):
        ...     return Context((size, place), (between(1, i, n),), (Definition(u, (k,), body),), (g,))
        >>> decide_degree(rule(g[k] ** 3), u[i], [g]).degree
        3
        >>> found = decide_degree(rule(g[k] / (Abs(g[k]) + 1)), u[i], [g])
        >>> found.verdict.kind, [str(value) for _, value in found.values]
        ('refuted', ['1/2', '2/3', '4/5'])
    """
    powers = arrays if isinstance(arrays, Mapping) else dict.fromkeys(arrays, 1)
    powers = {array: Integer(power) if isinstance(power, int) else power for array, power in powers.items()}
    wanted = Integer(asked) if isinstance(asked, int) else asked
    check_context(context)
    _check_question(context, update, powers, only or {})
    factor = fresh_like(real("s"), set(context.names))
    known = context.with_declarations(Declaration(factor, "real", "factor")).with_hypotheses(gt(factor, 0))
    if wanted is not None and not (wanted.free_symbols <= set(context.symbols) and not wanted.has(Entry)):
        raise BadInput(f"the degree {wanted} that is asked for is no number made of the symbols of the rule")
    question = _Question(known, update, factor, powers, only or {}, most)
    why, proved = ("a factor of some entries alone is not looked at by the laws", None) if only else question.proof()
    if proved is not None and (wanted is None or same(proved.degree, wanted)):
        return proved
    refuted = question.against(wanted)
    if proved is not None and refuted.verdict.kind == "undecided":
        why = f"it is of degree {proved.degree}, and no point was found at which it is not of degree {wanted} as well"
    return replace(refuted, verdict=Verdict("undecided", why=why)) if refuted.witness is None else refuted


def _check_question(
    context: Context, update: Entry, powers: Mapping[Array, Expr], only: Mapping[Array, Chosen]
) -> None:
    defined = {d.array for d in context.definitions}
    for array in (*context.arrays, *defined):
        if array.name.endswith("'"):
            raise BadInput(f"the array {array.name} has a prime, and primes are kept for what is made of multiples")
    for array, power in powers.items():
        if array not in context.arrays or array in context.random:
            raise BadInput(f"{array.name} is no array of the rule without a definition, so it cannot be multiplied")
        if not power.free_symbols <= set(context.symbols) or power.has(Entry):
            raise BadInput(f"the power {power} of the factor of {array.name} is no number")
    if not powers:
        raise BadInput("nothing is multiplied; name at least one array")
    if not set(only) <= set(powers):
        raise BadInput("entries are chosen of an array that is not multiplied")
    if update.array not in defined:
        raise BadInput(f"{update.array.name} is not defined, so there is no rule")
    if not all(index in context.symbols or index.is_Integer for index in update.indices):
        raise BadInput(f"{update} is no entry at declared symbols; write u[i] and declare i")
    if context.chances or any(moments_in(d.body) for d in context.definitions):
        raise BadInput("a rule with random arrays has no degree in one outcome; leave out what is random")


@dataclass(frozen=True)
class _Question:
    """The rule with its factor."""

    context: Context
    update: Entry
    factor: Symbol
    powers: Mapping[Array, Expr]
    only: Mapping[Array, Chosen]
    most: int

    def multiples(self, times: int) -> dict[Array, Factor]:
        """What an entry of each array is multiplied by, for the power of the factor."""

        def one(array: Array, power: Expr) -> Factor:
            whole = self.factor ** (times * power)
            chosen = self.only.get(array)
            if chosen is None:
                return lambda *_: whole
            return lambda *at: Cases((whole, chosen(*at)), (1, OTHERWISE))

        return {array: one(array, power) for array, power in self.powers.items()}

    def proof(self) -> tuple[str, Decision | None]:
        """A degree with its derivation, or why there is none."""
        there = with_twins(self.context, self.multiples(1))
        carried: tuple[Carried, ...] = ()
        try:
            made, report = self.derived(there)
        except StepRejected as problem:
            carried = carried_hypotheses(self.context, self.factor, self.powers, self.multiples(1))
            if not carried:
                return _first_line(problem), None
            try:
                made, report = self.derived(there.with_hypotheses(*(c for c, _ in carried)))
            except (RuleDoesNotApply, StepRejected) as other:
                return _first_line(other), None
        except RuleDoesNotApply as problem:
            return _first_line(problem), None
        power = _exponent(made, self.factor)
        if power is None or made.relation != "=":
            return f"{made.left} = {made.right} is not of the form s**p*u", None
        if power.has(Entry) or power.free_symbols & self.places():
            return f"the degree {power} is not the same everywhere", None
        return "", Decision(report.verdict, self.factor, power, made, report, carried=carried)

    def derived(self, there: Context) -> tuple[Derivation, CheckReport]:
        """The derivation of a degree, checked."""
        name = f"degree of {self.update.array.name}"
        made = homogeneous(name, there, self.update, self.factor, dict(self.powers))
        return made, check(made)

    def places(self) -> set[Symbol]:
        """The symbols that say at which place the update is looked at."""
        sorts = {d.symbol: d.sort for d in self.context.declarations}
        return {s for index in self.update.indices for s in index.free_symbols if sorts.get(s) == "integer"}

    def against(self, asked: Expr | None) -> Decision:
        """A point at which no degree fits, or not the one asked for; else how many were looked at."""
        points = 0
        for statement, terms in self.equations(asked):
            found = refutation(statement, self.most, TRIES)
            points += found.tried
            if found.witness is None:
                continue
            at = found.witness
            values = tuple((t, evaluate(t, at.point, statement.context, at.arrays, at.variant)) for t in terms)
            return Decision(found.verdict, self.factor, None, None, None, statement, at, values, points)
        return Decision(Verdict("undecided", why="no point was found"), self.factor, points=points)

    def equations(self, asked: Expr | None) -> list[tuple[Scaling, list[Expr]]]:
        """What would hold, and the updates that are worth telling of."""
        u, once = self.update, self.made(1)
        one, two = self.multiples(1), self.multiples(2)
        if once is None:
            return []
        if asked is not None:
            right = self.factor**asked * u
            return [(Scaling(with_twins(self.context, one), once, "=", right), [u, once])]
        twice = Entry(twin(u.array, 2), *u.indices)
        powers = Scaling(with_twins(self.context, one, two), twice * u, "=", once**2)
        return [(powers, [u, once, twice]), self.elsewhere(once)]

    def made(self, times: int) -> Entry | None:
        """The update that is made of multiples, if the multiplied arrays are of any account."""
        there = with_twins(self.context, self.multiples(times))
        found = twin(self.update.array, times)
        return Entry(found, *self.update.indices) if found in {d.array for d in there.definitions} else None

    def elsewhere(self, once: Entry) -> tuple[Scaling, list[Expr]]:
        """The same factor for other arrays, at another place."""
        there = with_twins(self.context, self.multiples(1))
        taken = {*there.names, *(array.name for array in (*there.arrays, *(d.array for d in there.definitions)))}
        moved: dict[Symbol, Symbol] = {}
        for symbol in sorted(self.places(), key=lambda s: s.name):
            moved[symbol] = fresh(symbol.name, taken)
            taken.add(moved[symbol].name)
        copies: dict[Array, Array] = {}
        for array in (*there.arrays, *(d.array for d in there.definitions)):
            name = array.name.rstrip("'") + "_other" + "'" * (len(array.name) - len(array.name.rstrip("'")))
            while name in taken:
                name = "other_" + name
            taken.add(name)
            copies[array] = Array(name, array.axes, array.outside)

        def other(term: Any) -> Any:
            return substitute(multiplied(term, {}, copies), moved)

        sorts = {d.symbol: d.sort for d in there.declarations}
        context = replace(
            there,
            declarations=(*there.declarations, *(Declaration(new, sorts[old]) for old, new in moved.items())),
            hypotheses=tuple(dict.fromkeys((*there.hypotheses, *map(other, there.hypotheses)))),
            arrays=(*there.arrays, *(copies[a] for a in there.arrays)),
            definitions=(
                *there.definitions,
                *(Definition(copies[d.array], d.parameters, multiplied(d.body, {}, copies)) for d in there.definitions),
            ),
        )
        u, v, made = self.update, other(self.update), other(once)
        return Scaling(context, once * v, "=", u * made), [u, once, v, made]


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0]


def _exponent(made: Derivation, factor: Symbol) -> Expr | None:
    """p of `u' = s**p*u`, for the update u that u' is the twin of."""
    left, right = made.left, made.right
    if not isinstance(left, Entry):
        return None
    u = next((t for t in (right, *right.args) if isinstance(t, Entry) and twin(t.array) == left.array), None)
    if u is None or u.indices != left.indices:
        return None
    multiple = right / u
    power = Integer(0) if multiple == 1 else multiple.as_base_exp()[1]
    return power if right == factor**power * u else None


def with_values(context: Context) -> tuple[Context, tuple[Condition, ...]]:
    """The context with the hypotheses added that its definitions need to have values; and those hypotheses.

    Example:
        >>> from derive.language import array, declare, integer
        >>> size, k = declare("n", "size"), integer("k")
        >>> g, u = array("g", (1, size.symbol)), array("u", (1, size.symbol))
        >>> rule = Context((size,), (), (Definition(u, (k,), 1 / g[k]),), (g,))
        >>> with_values(rule)[1]
        (for all(g[k] != 0, k=1..n),)
    """
    added: list[Condition] = []
    for one in context.definitions:
        there = context.with_hypotheses(*added)
        taken = set(context.names) | names_in(one.body)
        indices: list[Symbol] = []
        for parameter in one.parameters:
            free = parameter.name not in context.names
            indices.append(parameter if free else fresh(parameter.name, {*taken, *(i.name for i in indices)}))
        inside = one.array.in_range(*indices)
        for condition in obligations(one.at(indices), there):
            if discharge(there, implies(inside, condition)).shown:
                continue
            for index, (low, high) in reversed(list(zip(indices, one.array.axes, strict=True))):
                if index in condition.free_symbols:
                    condition = ForAll(condition, index, low, high)
            if condition.free_symbols <= set(context.symbols) and condition not in added:
                added.append(condition)
    return context.with_hypotheses(*added), tuple(added)

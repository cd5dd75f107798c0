"""Telling the same cases another way: by ratio first, with the variable alone, without what cannot happen."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Rational, Symbol

from derive.errors import NotAffine, RuleDoesNotApply, Unevaluable
from derive.language import Cases, Compare, Condition, Context, all_of, eq, negate, parts_of
from derive.language.counting import Binomial, Factorial
from derive.language.discharge import contradictory, discharge
from derive.language.integers import simplified, solved_for
from derive.language.points import evaluate
from derive.language.wellformed import obligations
from derive.language.zero import same
from derive.rules.algebra import algebra, normal_form, power_of_zero, use_equation
from derive.rules.cases import leaves, regroup_cases, select_case
from derive.rules.combine import Conversion, Moves, at, attempt, by, everywhere, then


def collect_cases(context: Context, e: Expr) -> Moves:
    """Cases within cases, collected by the inner conditions: first the ratio, then the time.

    Nothing happens where no case has cases inside.
    """
    if not isinstance(e, Cases):
        return ()
    inner: dict[Condition, None] = {}
    for value, _ in e.clauses:
        if isinstance(value, Cases):
            inner.update(dict.fromkeys(c for _, c in value.clauses))
    if not inner:
        return ()
    groups = []
    for chosen in inner:
        clauses = []
        for value, condition in leaves(e):
            here = [p for p in parts_of(condition) if p != chosen and p not in inner]
            if not contradictory(context, condition, chosen):
                clauses.append((value, lean(context, [p for p in here if not _denial(p, e)])))
        values = {value for value, _ in clauses}
        groups.append((values.pop() if len(values) == 1 else Cases(*clauses), chosen))
    return by(regroup_cases, Cases(*groups), reason=("collect the cases",), grain="full")(context, e)


def lean(context: Context, parts: Sequence[Condition]) -> Condition:
    """The parts together, without those that follow from the others."""
    kept = list(parts)
    for part in parts:
        others = [p for p in kept if p != part]
        if others and context.with_hypotheses(*others).entails(part) is True:
            kept = others
    return all_of(*kept)


def _denial(part: Condition, e: Cases) -> bool:
    """Whether the condition only says that an earlier clause did not apply."""
    said = {c for _, clause in e.clauses for c in parts_of(clause)}
    return part not in said


def shifted_cases(variable: Symbol) -> Conversion:
    """The conditions of the cases solved for the variable."""

    def run(context: Context, e: Expr) -> Moves:
        after = _solved(context, e, variable)
        if after == e:
            return ()
        return by(regroup_cases, after, reason=("solve the conditions for ", variable))(context, e)

    return run


def _solved(context: Context, e: Expr, variable: Symbol) -> Expr:
    if not isinstance(e, Cases):
        return e
    return Cases(*((_solved(context, v, variable), _plain(context, c, variable)) for v, c in e.clauses))


def _plain(context: Context, condition: Condition, variable: Symbol) -> Condition:
    if variable not in condition.free_symbols:
        return condition
    symbols = [s for s in context.symbols if s.is_integer]
    given = all_of(*(f for f in context.facts if all(s.is_integer for s in f.free_symbols)))
    try:
        return solved_for(simplified(condition, given, symbols), variable)
    except NotAffine:
        return condition


def decided(context: Context, e: Expr) -> Moves:
    """Cases whose condition follows from the context are chosen, those that cannot happen are left out."""
    if not isinstance(e, Cases):
        return ()
    for number, (_, condition) in enumerate(e.clauses):
        earlier = [negate(c) for _, c in e.clauses[:number]]
        if context.entails(all_of(condition, *earlier)) is True or _arithmetic(condition, earlier):
            return then(by(select_case, number, reason=("here ", condition)), decided)(context, e)
    alive = [(v, c) for v, c in e.clauses if not contradictory(context, c)]
    moves: Moves = ()
    if len(alive) < len(e.clauses):
        moves = by(regroup_cases, Cases(*alive), reason=("leave out what cannot happen",))(context, e)
    for number in range(len(alive)):
        here = moves[-1].after if moves else e
        moves += at((number, 0), decided)(context, here)
    here = moves[-1].after if moves else e
    values = {value for value, _ in here.clauses}
    if len(values) == 1:
        moves += by(regroup_cases, values.pop(), reason=("it is the same in every case",))(context, here)
    return moves


def one_case(context: Context, e: Expr) -> Moves:
    """The one case that applies here.

    Fails: e is not cases, or which case applies does not follow from what is known.
    """
    if isinstance(e, Cases):
        for number in range(len(e.clauses)):
            step = select_case(context, e, number, grain="full")
            if all(context.entails(c) is True for c in step.conditions):
                return (step,)
    raise RuleDoesNotApply("which case of {} applies is not known", e)


def _arithmetic(condition: Condition, earlier: list[Condition]) -> bool:
    """Whether a comparison of numbers simply holds, for a first clause."""
    if earlier or not isinstance(condition, Compare):
        return False
    return discharge(Context(), condition).shown


def _known_value(context: Context, e: Expr) -> Moves:
    """A symbol that the case fixes to a number, inserted."""
    for fact in context.facts:
        if isinstance(fact, Compare) and fact.op == "=" and fact.left in e.free_symbols and fact.right.is_Rational:
            return by(use_equation, fact.left, fact.right, reason=("insert ", fact))(context, e)
    raise RuleDoesNotApply("no symbol of {} is fixed", e)


def _known_zero(context: Context, e: Expr) -> Moves:
    """A power of 0 whose exponent is known to be at least 1."""
    step = power_of_zero(context, e)
    if any(context.entails(c) is not True for c in step.conditions):
        raise RuleDoesNotApply("whether {} is 0 or 1 is not known", e)
    return (step,)


def _counted(context: Context, e: Expr) -> Moves:
    """A factorial or binomial coefficient of numbers as a number."""
    if not isinstance(e, (Factorial, Binomial)) or not all(a.is_Integer for a in e.args):
        raise RuleDoesNotApply("{} is not a factorial or binomial coefficient of numbers", e)
    try:
        value = Rational(*evaluate(e, {}).as_integer_ratio())
    except Unevaluable as problem:
        raise RuleDoesNotApply(str(problem)) from None
    return by(algebra, value, reason=(eq(e, value),))(context, e)


def worked_out(context: Context, e: Expr) -> Moves:
    """Every value of the cases in normal form, where that is shorter."""
    if not isinstance(e, Cases):
        moves = then(attempt(_known_value), attempt(everywhere(_known_zero)), attempt(everywhere(_counted)))(context, e)
        here = moves[-1].after if moves else e
        after = normal_form(here)
        if after == here or not same(here, after) or after.count_ops() >= here.count_ops():
            return moves
        if not all(discharge(context, c).shown for c in obligations(after, context)):
            return moves  # shorter, but with a pole that the line before does not have
        return moves + by(algebra, after, reason=("work out",))(context, here)
    moves = ()
    for number in range(len(e.clauses)):
        here = moves[-1].after if moves else e
        moves += at((number, 0), worked_out)(context, here)
    return moves

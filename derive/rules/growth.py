r"""How fast terms grow: O, Omega, Theta, o and ~ in several sizes, each as inequalities that are derived and checked.

Some symbols of a context tend to infinity, all others are fixed. A point is *beyond* N if each growing symbol is at
least N. For every value of the fixed symbols:

- $f = O(g)$: there are C > 0 and N with $|f| \le C\,|g|$ at all points beyond N;
- $f = \Omega(g)$: there are c > 0 and N with $|f| \ge c\,|g|$ there;  $f = \Theta(g)$: both;
- $f = o(g)$: for every $\epsilon > 0$ there is N with $|f| \le \epsilon\,|g|$ there;
- $f \sim g$: for every $\epsilon > 0$ there is N with $|f - g| \le \epsilon\,|g|$ there.

So c, C and N may depend on the fixed symbols, N on $\epsilon$ too, and on nothing that grows. Nothing is said of a
point where some growing symbol is small, and nothing at all unless there are points beyond every N, for each value of
the fixed symbols: where a hypothesis speaks of a growing symbol, such points are shown. The opposite is a family of
points: $f \ne O(g)$ if for all integers C, N >= 1 there is a point beyond N with $f > C g$ (no real constant will do
then either, since an integer is above it), $f \ne \Omega(g)$ if there is one with $f < g/C$, $f \ne o(g)$ if for one
$\epsilon$ and all N there is one with $f > \epsilon g$. Absolute values are not written: that f and g are not negative
is derived wherever the definition needs it.

`goals` says what has to be shown, `derive_growth` shows it, `judged` (in growth_check) accepts derivations of these
goals and no others.

Source: Knuth, Big Omicron and big Omega and big Theta, SIGACT News 8 (2), 1976; Howell, On asymptotic notation with
multiple variables, Kansas State University, Technical Report 2007-4, 2008 (all growing symbols beyond N);
de Bruijn, Asymptotic Methods in Analysis, 1958, sections 1.2 to 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Add, Expr, Integer, Mul, Number, Rational, Symbol

from derive.errors import IllFormed
from derive.kernel.derivation import Derivation, Text
from derive.language import TRUE, Compare, Condition, Context, Declaration, Entry, declare, ge, gt, parts_of, substitute
from derive.language.context import arrays_in, check_context
from derive.language.deciding import connected
from derive.language.discharge import discharge
from derive.language.solver import FEW_STEPS
from derive.language.symbols import is_integer
from derive.language.wellformed import obligations
from derive.rules.algebra import algebra, definition
from derive.rules.combine import Conversion, Moves, attempt, by, derived, everywhere, listed, then
from derive.rules.ranges import at_least, at_most, less_than, more_than

KINDS = ("O", "Omega", "Theta", "o", "~", "not O", "not Omega", "not Theta", "not o", "at least O")
EPSILON = declare("epsilon", "real", "any positive number")
CONSTANT = declare("C", "size", "any constant")
START = declare("n_0", "size", "any threshold")
epsilon, C, n_0 = EPSILON.symbol, CONSTANT.symbol, START.symbol

_LAWS = {"<=": at_most, ">=": at_least, "<": less_than, ">": more_than, "=": algebra}


@dataclass(frozen=True)
class Comparison:
    """A statement about growth, with the constants, thresholds or points that show it.

    Attributes:
        context: Symbols, definitions and hypotheses; no array is free.
        left: f.
        kind: One of KINDS; "at least O" says nothing and is answered so.
        right: g.
        tends: The symbols that tend to infinity; all others are fixed.
        above: C of an upper bound.
        below: c of a lower bound; for "not o" the epsilon.
        beyond: (growing symbol, least value) pairs; what is not named may have any value that the context allows.
        along: (growing symbol, value) pairs: the points against a statement, in C, n_0 and what is fixed; of other
            statements points in n_0 and what is fixed, asked for where hypotheses speak of growing symbols.
        upper, lower: Ways from f to the upper and to the lower bound; without them one step each.
        sinks: Of "not Theta", whether the lower bound fails; else the upper one does.
    """

    context: Context
    left: Expr
    kind: str
    right: Expr
    tends: tuple[Symbol, ...]
    above: Expr | None = None
    below: Expr | None = None
    beyond: tuple[tuple[Symbol, Expr], ...] = ()
    along: tuple[tuple[Symbol, Expr], ...] = ()
    upper: Conversion | None = None
    lower: Conversion | None = None
    sinks: bool = False

    @property
    def fixed(self) -> tuple[Symbol, ...]:
        """The symbols that do not grow."""
        return tuple(s for s in self.context.symbols if s not in self.tends)

    @cached_property
    def settled(self) -> Context:
        """What is known of the fixed symbols alone."""
        grows = set(self.tends)
        kept = tuple(p for h in self.context.hypotheses for p in parts_of(h) if not p.free_symbols & grows)
        return Context(tuple(d for d in self.context.declarations if d.symbol not in grows), kept)

    @cached_property
    def moving(self) -> tuple[Condition, ...]:
        """The hypotheses that speak of growing symbols."""
        return tuple(p for h in self.context.hypotheses for p in parts_of(h) if p.free_symbols & set(self.tends))

    @property
    def is_small(self) -> bool:
        """Whether it is about every epsilon."""
        return self.kind in ("o", "~")

    @property
    def is_opposite(self) -> bool:
        """Whether a family of points shows it."""
        return self.kind.startswith("not ")


@dataclass(frozen=True)
class Goal:
    """One of the inequalities that a statement comes down to, and what it is for."""

    role: str
    context: Context
    left: Expr
    relation: str
    right: Expr

    @property
    def condition(self) -> Compare:
        """The same as a condition."""
        return Compare(self.relation, self.left, self.right)


def scaled(constant: Expr, term: Expr) -> Expr:
    """`constant*term`, a number kept in front of a sum.

    Example:
        >>> from derive.language import integer
        >>> scaled(Integer(3), integer("n") + 1), scaled(Integer(1), integer("n"))
        (3*(n + 1), n)
    """
    together: Expr = constant * term
    if isinstance(constant, Number) and isinstance(term, Add) and constant != 1:
        return Mul(constant, term, evaluate=False)
    return together


def goals(statement: Comparison) -> tuple[Goal, ...]:
    """What has to be shown, all of it; the statement follows from these by its definition.

    Raises:
        IllFormed: the statement says nothing definite, or a constant or threshold depends on what grows.

    Example:
        >>> n = declare("n", "size")
        >>> s = Comparison(Context((n,)), 2*n.symbol, "O", n.symbol, (n.symbol,), above=Integer(2))
        >>> [str(g.condition) for g in goals(s)]
        ['2*n >= 0', 'n >= 0', '2*n <= 2*n']
    """
    _check(statement)
    if statement.is_opposite:
        return _against(statement)
    f, g, kind = statement.left, statement.right, statement.kind
    context = _beyond(statement)
    found: list[Goal] = []
    if kind in ("O", "o", "at least O"):
        found.append(Goal("f", context, f, ">=", Integer(0)))
    found.append(Goal("g", context, g, ">=", Integer(0)))
    if kind == "at least O":
        return tuple(found)
    lowest, highest = statement.below, statement.above
    if statement.is_small:
        lowest, highest = (1 - epsilon, 1 + epsilon) if kind == "~" else (None, epsilon)
    for role, constant in (("constant", highest), ("other constant", lowest)):
        if constant is not None and not statement.is_small and not isinstance(constant, Rational):
            found.append(Goal(role, statement.settled, constant, ">", Integer(0)))
    if highest is not None:
        found.append(Goal("upper", context, f, "<=", scaled(highest, g)))
    if lowest is not None:
        found.append(Goal("lower", context, f, ">=", scaled(lowest, g)))
    if statement.moving:
        found += _points(statement, statement.settled.with_declarations(START))
    return tuple(found)


def _check(statement: Comparison) -> None:
    """Refuse what says nothing definite, and what grows where it must not.

    Raises:
        IllFormed: with what is wrong.
    """
    kind, context, grows = statement.kind, statement.context, set(statement.tends)
    if kind not in KINDS:
        raise IllFormed(f"{kind!r} is no kind of growth; there are {', '.join(KINDS)}")
    if not grows or len(grows) < len(statement.tends) or not grows <= set(context.symbols):
        raise IllFormed("what tends to infinity is named: declared symbols, each once, at least one")
    if not all(s.is_integer for s in grows):
        raise IllFormed("what tends to infinity is an integer")
    if context.arrays or any(h.has(Entry) for h in context.hypotheses):
        raise IllFormed("a statement about growth is one about numbers: an array is free, or a hypothesis is about one")
    check_context(context)
    strangers = (statement.left.free_symbols | statement.right.free_symbols) - set(context.symbols)
    if strangers:  # epsilon, C and n_0 are declared for the proof alone
        raise IllFormed(f"{', '.join(sorted(map(str, strangers)))} has no meaning in the statement")
    if statement.along and not (statement.is_opposite or statement.moving):
        raise IllFormed("points are given and nothing is asked of them")
    wanted = {"O": "above", "Omega": "below", "Theta": "above below", "not o": "below"}.get(kind, "").split()
    for name in ("above", "below"):
        if (getattr(statement, name) is not None) != (name in wanted):
            raise IllFormed(f"{kind!r} {'needs' if name in wanted else 'has no'} constant {name}")
    bounds = [c for c in (statement.above, statement.below) if c is not None]
    for constant in bounds:
        _check_fixed(statement, constant, "the constant", statement.settled)
        if isinstance(constant, Rational) and not constant > 0:
            raise IllFormed(f"the constant {constant} is not positive")
    if statement.is_opposite and statement.beyond:
        raise IllFormed("points have no threshold: they lie beyond each")
    around = statement.settled
    if statement.is_small:
        around = around.with_declarations(EPSILON).with_hypotheses(gt(epsilon, 0))
    for symbol, least in statement.beyond:
        if symbol not in grows:
            raise IllFormed(f"a threshold is one of a growing symbol, and {symbol} is fixed")
        _check_fixed(statement, least, f"the threshold of {symbol}", around)


def _check_fixed(statement: Comparison, term: Expr, what: str, around: Context) -> None:
    """The term has a value for all values of what is fixed, and depends on nothing else."""
    if term.free_symbols & set(statement.tends):
        raise IllFormed(f"{what} {term} depends on what grows")
    if not term.free_symbols <= set(around.symbols) or arrays_in(term) or term.has(Entry):
        raise IllFormed(f"{what} {term} depends on more than what is fixed")
    for condition in obligations(term, around):
        if not discharge(around, condition).shown:
            raise IllFormed(f"{what} {term} has no value everywhere: {condition} does not follow")


def _beyond(statement: Comparison) -> Context:
    """The context beyond the thresholds."""
    context = statement.context
    if statement.is_small:
        context = context.with_declarations(EPSILON).with_hypotheses(gt(epsilon, 0))
    return context.with_hypotheses(*(ge(symbol, least) for symbol, least in statement.beyond))


def _points(statement: Comparison, context: Context) -> list[Goal]:
    """That the points are beyond n_0, and that all that is asked of growing symbols holds at them.

    Raises:
        IllFormed: a growing symbol has no value, or one that depends on what grows, or one that is no integer.
    """
    values = dict(statement.along)
    if set(values) != set(statement.tends) or len(values) < len(statement.along):
        raise IllFormed("the points give each growing symbol a value, and no other one")
    found = []
    for symbol, value in values.items():
        _check_fixed(statement, value, f"the value of {symbol}", context)
        if not is_integer(value):
            raise IllFormed(f"the value {value} of {symbol} need not be an integer")
        found.append(Goal(f"{symbol}", context, value, ">=", n_0))
    facts = [d.fact for d in statement.context.declarations if d.symbol in values and d.fact != TRUE]
    for number, fact in enumerate((*facts, *statement.moving), start=1):
        there = substitute(fact, values)
        if not isinstance(there, Compare) or there.op not in _LAWS:
            raise IllFormed(f"{fact} is asked of the points and is no inequality")
        found.append(Goal(f"point {number}", context, there.left, there.op, there.right))
    return found


def _against(statement: Comparison) -> tuple[Goal, ...]:
    """The points, and that one of the bounds fails at them."""
    values = dict(statement.along)
    context = statement.settled.with_declarations(*([] if statement.kind == "not o" else [CONSTANT]), START)
    points = _points(statement, context)
    given = replace(context, definitions=tuple(d.substituted(values) for d in statement.context.definitions))
    f, g = substitute(statement.left, values), substitute(statement.right, values)
    sinks = statement.kind == "not Omega" or (statement.kind == "not Theta" and statement.sinks)
    found = [Goal("f" if sinks else "g", given, f if sinks else g, ">=", Integer(0))]
    least = statement.below
    if least is not None and not isinstance(least, Rational):
        found.append(Goal("constant", statement.settled, least, ">", Integer(0)))
    if sinks:
        found.append(Goal("lower", given, f, "<", g / C))
    else:
        found.append(Goal("upper", given, f, ">", scaled(C if least is None else least, g)))
    return (*found, *points)


def derive_growth(name: str, statement: Comparison) -> tuple[Derivation, ...]:
    """A derivation of each goal, in their order.

    Raises:
        RuleDoesNotApply: the way that is given does not lead to the bound.
    """
    ways = {"upper": statement.upper, "lower": statement.lower}
    found = []
    for goal in goals(statement):
        way = ways.get(goal.role) or _at_once(goal)
        found.append(derived(f"{name}.{goal.role.replace(' ', '_')}", goal.context, goal.left, way))
    return tuple(found)


def _at_once(goal: Goal) -> Conversion:
    """Definitions inserted, then the bound in one step, with the facts that it needs as the reason."""

    def bound(context: Context, e: Expr) -> Moves:
        told = _told(context, facts_for(context, Compare(goal.relation, e, goal.right)))
        plainly: Text = ("both are the same",) if e == goal.right else ()
        reason = ("since ", *listed(told)) if told and goal.relation != "=" else plainly
        return by(_LAWS[goal.relation], goal.right, reason=reason)(context, e)

    return then(attempt(everywhere(by(definition))), bound)


def facts_for(context: Context, condition: Condition) -> list[Condition]:
    """Facts that are enough for the condition, the others dropped one by one from the last.

    It is for words on a page, and the same whatever was asked before; what z3 calls enough is not.
    """
    free = tuple(Declaration(d.symbol, d.sort if d.sort == "real" else "integer") for d in context.declarations)
    kept = list(connected(context.facts, condition.free_symbols))
    for fact in reversed(kept):
        fewer = tuple(f for f in kept if f != fact)
        if Context(free, fewer).decide(condition, FEW_STEPS).value is True:
            kept = list(fewer)
    if Context(free, tuple(kept)).decide(condition, FEW_STEPS).value is not True:
        kept = list(discharge(context, condition, explain=True).used)
    return kept


def _told(context: Context, kept: list[Condition]) -> list[Condition]:
    """The facts without those of a sort of which another one says more."""
    sorts = {d.fact for d in context.declarations}
    compared = [f for f in kept if isinstance(f, Compare)]
    firmer = {f.left for f in compared if f not in sorts and f.op == ">=" and f.right.is_Integer}
    return [f for f in kept if not (f in sorts and isinstance(f, Compare) and f.left in firmer)]


def bounded_above(*lines: tuple[Expr, Text]) -> Conversion:
    """Upper bounds one after the other, each with its reason."""
    return then(*(by(at_most, bound, reason=why) for bound, why in lines))


def bounded_below(*lines: tuple[Expr, Text]) -> Conversion:
    """Lower bounds one after the other, each with its reason."""
    return then(*(by(at_least, bound, reason=why) for bound, why in lines))

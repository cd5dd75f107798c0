"""The numbers of a table: a proved claim at the sizes of a layer, evaluated exactly or, with letters, by a derivation.

At numbers the hypotheses of the claim are asked at the point, its right side is evaluated exactly, and so is its left
side where the count is small: then it is counted one by one. With letters a cell is a derivation of its own that uses
the claim as a lemma, in the context of the network, and is checked like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from sympy import Expr, Integer, Symbol, floor

from derive.errors import OracleDisagrees
from derive.kernel.checker import Memory
from derive.kernel.derivation import Derivation
from derive.language import Context, Declaration, IndexSum, substitute
from derive.language.points import evaluate, holds
from derive.networks.formulas import checked
from derive.rules.algebra import algebra, normal_form
from derive.rules.combine import Conversion, Moves, by, derived, then
from derive.rules.integers import by_integers
from derive.rules.lemmas import use_lemma

COUNTED = 2_000
"""Up to this value what is counted is also counted one by one."""

Values = Mapping[Symbol, Expr]


@dataclass
class Tally:
    """What was looked at.

    Attributes:
        claims: Each general claim used, by name.
        numbers: Cells evaluated from a claim at numbers; `counted` of them were counted one by one as well.
        derivations: The derivations of cells with letters, in their order.
        steps, conditions, points: Of all derivations together, the general ones included.
    """

    claims: dict[str, Derivation] = field(default_factory=dict)
    numbers: int = 0
    counted: int = 0
    derivations: list[Derivation] = field(default_factory=list)
    steps: int = 0
    conditions: int = 0
    points: int = 0


class Cells:
    """Makes cells in the context of a network, each once."""

    def __init__(self, context: Context, memory: Memory | None = None) -> None:
        self.context = context
        self.tally = Tally()
        self._memory: Memory = {} if memory is None else memory
        self._made: dict[tuple[str, tuple[tuple[Symbol, Expr], ...]], Expr] = {}

    def at(self, claim: Derivation, values: Values, name: str, end: Conversion | None = None) -> Expr:
        """The claim's right side at the values.

        Args:
            claim: A proved formula.
            values: What stands for its symbols; what is left open does not matter to its right side.
            name: What a derivation is called, should there be one.
            end: What becomes of the claim's right side there; without it, nothing.

        Raises:
            StepRejected: a derivation does not hold.
            OracleDisagrees: counted one by one it is another number.
        """
        key = (claim.name, tuple(values.items()))
        if key not in self._made:
            if claim.name not in self.tally.claims:
                self._check(claim)
                self.tally.claims[claim.name] = claim
            is_number = all(value.is_Integer for value in values.values())
            self._made[key] = self._number(claim, values) if is_number else self._term(claim, values, name, end)
        return self._made[key]

    def _check(self, derivation: Derivation) -> None:
        report = checked(derivation, self._memory)
        self.tally.steps += report.steps
        self.tally.conditions += len(report.conditions)
        self.tally.points += report.points

    def _number(self, claim: Derivation, values: Values) -> Expr:
        # What the values leave open (which output it is) does not matter: the claim is for all of it.
        point = {symbol: int(values.get(symbol, Integer(3))) for symbol in claim.context.symbols}
        for fact in claim.context.facts:
            if not holds(fact, point):
                raise OracleDisagrees(f"{claim.name} is used where {fact} does not hold, at {point}")
        value = evaluate(claim.right, point)
        if not isinstance(value, Fraction) or value.denominator != 1:
            raise OracleDisagrees(f"{claim.name} gives {value}, which is no whole number, at {point}")
        if value <= COUNTED:
            one_by_one = evaluate(claim.left, point)
            if one_by_one != value:
                raise OracleDisagrees(f"{claim.name} gives {value}, counted one by one {one_by_one}, at {point}")
            self.tally.counted += int(claim.left.has(IndexSum))
        self.tally.numbers += 1
        return Integer(value.numerator)

    def _term(self, claim: Derivation, values: Values, name: str, end: Conversion | None) -> Expr:
        open_ones = tuple(d for d in claim.context.declarations if d.symbol not in values)
        moves = use_lemma(claim, values)
        moves = moves if end is None else then(moves, end)
        return self.derive(name, substitute(claim.left, values), moves, (claim,), open_ones)

    def derive(
        self,
        name: str,
        left: Expr,
        moves: Conversion,
        lemmas: tuple[Derivation, ...] = (),
        also: tuple[Declaration, ...] = (),
    ) -> Expr:
        """The right side of a derivation in the context of the network, checked."""
        context = replace(self.context, declarations=(*self.context.declarations, *also))
        made = derived(name, context, left, moves, lemmas)
        self._check(made)
        self.tally.derivations.append(made)
        return made.right

    def simplest(self, name: str, term: Expr) -> Expr:
        """The term multiplied out, by the law of algebra; numbers stay as they are."""
        target = normal_form(term) if term.free_symbols else term
        if target == term:
            return term
        return self.derive(name, term, by(algebra, target, reason=("multiply out and collect",)))


def equal_to(target: Expr) -> Conversion:
    """To an equal expression of integers, by integer arithmetic; nothing where the line is that already."""

    def run(context: Context, e: Expr) -> Moves:
        nested = any(whole.args[0].has(floor) for whole in e.atoms(floor))
        reason = "a floor within a floor" if nested else "integer arithmetic"
        return () if e == target else by_integers(target, reason)(context, e)

    return run

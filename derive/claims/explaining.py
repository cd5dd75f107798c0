"""Why a claim is wrong, in the words of a teacher: the slip that, repaired, makes it true.

Changes of the claim (`derive.claims.slips`) are looked at where the claim fails and at other exact points, which costs
next to nothing; what survives is judged like any claim, and only what is proved is told. The other side written down
is no repair, nor is a bare number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from derive.claims import supposing
from derive.claims.benches import Bench
from derive.claims.changes import Repair, Setting
from derive.claims.clock import now
from derive.claims.explaining_twice import twice_changed
from derive.claims.findings import Finding, Slip
from derive.claims.judging import derived, judge
from derive.claims.missing_terms import missing_terms
from derive.claims.names import name_key
from derive.claims.places import STUMBLES
from derive.claims.retouching import number, plain, times
from derive.claims.slips import repairs
from derive.claims.stated import Claim
from derive.claims.statements import GROWTHS, Answer
from derive.claims.stating import Pair, Parsed, rereading
from derive.claims.syntax import Fraction, Name, Node, Number, Sum, below
from derive.claims.trailing import parted
from derive.claims.wording import (
    WORDS,
    clipped_at,
    is_simple,
    made_of_the_same,
    related,
    relation_repairs,
    spelled,
    telling,
    written,
)  # fmt: skip
from derive.claims.writing import latex
from derive.errors import DeriveError, FormulaError

SECONDS, PROOF, PROVING, MOST_PROOFS = 1.1, 2.2, 3.5, 4
"""For the search at points, for one proof, for all proofs, and how many survivors of the points are tried in a step."""
SHORT, FIRST = 0.6, 3.0
"""For the proof with a hypothesis that is tried before changes are, and for the first change that no point refutes."""
LEFT, BOUND, CORRECTION, LOST, UNSEEN = 20, 60, 32, 21, 34
"""How much less likely a slip is on the left; ranks of a bound, of what the ratio of the sides says, and of a term
that is lost and stands elsewhere, or nowhere."""


@dataclass(frozen=True)
class Sides:
    """The sides that are compared, as trees, and all of the claim that they are part of."""

    nodes: tuple[Node, ...]
    relations: tuple[str, ...]
    parsed: Parsed


@dataclass(frozen=True)
class _Try:
    """Sides with one change."""

    nodes: tuple[Node, ...]
    relations: tuple[str, ...]
    repair: Repair
    whole: bool = False

    @property
    def shown(self) -> str:
        """The side that was changed, or the whole statement."""
        if self.whole:
            return related(written(self.nodes[0]), self.relations[0], written(self.nodes[1]))
        return written(self.repair.node)


def explained(
    claim: Claim, sides: Sides, pair: Pair | None, answer: Answer | None, finding: Finding, until: float
) -> Finding:
    """The finding with the slip, or the convention, if one repair of a known kind is proved.

    Of what was refuted, `pair` and `answer` are None where the shapes do not fit.
    """
    try:
        search = _Search(claim, sides, pair, answer, finding, until)
        return search.run()
    except DeriveError:
        return finding


class _Search:
    """One search for a repair."""

    def __init__(
        self, claim: Claim, sides: Sides, pair: Pair | None, answer: Answer | None, finding: Finding, until: float
    ) -> None:
        from derive.claims.parsing import parse

        start = now()
        self.claim, self.sides, self.pair, self.answer = claim, sides, pair, answer
        self.finding, self.until, self.parse = finding, until, parse
        self.made, self.read = rereading(sides.parsed, parse)
        witness = answer.place if answer is not None else None
        self.bench = Bench(pair.statement if pair is not None else None, start + SECONDS / 2, witness)
        self.proofs = 0
        self.lost: set[Node] = set()
        self.looked = 0
        self.start, self.proving = start, 0.0

    def _late(self) -> bool:
        """Whether the search has had its time, or the claim its own."""
        return now() > min(self.until, self.start + SECONDS + self.proving)

    def run(self) -> Finding:
        """Hypotheses first where one is plainly missing, then conventions, changes, other hypotheses, bounds."""
        self.tried = sorted(self._tries(), key=lambda t: t.repair.rank)
        if any(r in GROWTHS for r in self.sides.relations):
            steps = [self._bounds, self._changes] if "O" not in self.sides.relations else [self._changes, self._bounds]
        else:
            steps = self._steps()
        for step in steps:
            self.proofs = 0
            found = step()
            if found is not None:
                return found
            if self._late():
                break
        return self.finding

    def _steps(self) -> list[Callable[[], Finding | None]]:
        steps = [self._random, self._conventions, self._changes, self._means]
        first = [self._plain_hypotheses] if self._no_value() else []
        if any(r in ("<", "<=", ">", ">=") for r in self.sides.relations):
            first.append(self._turned)
        return [*first, *steps, self._hypotheses, self._bounds, self._twice]

    def _no_value(self) -> bool:
        """Whether a side has no value for want of a hypothesis, and not since an index or a case is wrong."""
        witness = self.answer.witness if self.answer is not None else None
        if witness is None or "undefined" not in (witness.left, witness.right):
            return False
        return not witness.why.startswith(("index ", "no case "))

    # -- the three searches ----------------------------------------------------------------------------------------

    def _conventions(self) -> Finding | None:
        for other, said in supposing.conventions(self.claim, self.sides.nodes):
            if self._fits(other) and self._right(self._told(other, self.sides.nodes, self.sides.relations)):
                return replace(self.finding, convention=said)
        return None

    def _plain_hypotheses(self) -> Finding | None:
        """Hypotheses with which the claim is proved at once."""
        return self._hypotheses(SHORT)

    def _hypotheses(self, seconds: float = PROOF) -> Finding | None:
        if self.pair is None:
            return None
        setting = self._setting(self.sides.nodes[-1])
        missing = self.answer.missing if self.answer is not None else None
        for found in supposing.hypotheses(self.claim, self.sides.nodes, setting, self.made, missing):
            if self._late():
                return None
            if found.condition and self.pair is not None and not self._separates(found.condition):
                continue
            wanted = self._told(found.claim, self.sides.nodes, self.sides.relations)
            if self._right(wanted, seconds):
                return self._with_hypothesis(found.said, (found.condition,))
        texts = supposing.several_hypotheses(self.claim, [n.condition for n in self.pair.needs], setting, self.made)
        if len(texts) > 1:
            claim = replace(self.claim, where=(*self.claim.where, *texts))
            if self._right(self._told(claim, self.sides.nodes, self.sides.relations), seconds):
                return self._with_hypothesis(f"it needs {' and '.join(texts)}", texts)
        return None

    def _with_hypothesis(self, said: str, conditions: tuple[str, ...]) -> Finding:
        """The whole claim with the hypotheses that were missing."""
        nodes, relations = self.sides.nodes, self.sides.relations
        whole = written(nodes[0])
        for sign, node in zip(relations, nodes[1:], strict=True):
            whole = related(whole, WORDS.get(sign, sign), written(node))
        formula = f"{whole} \\quad \\text{{for }} {', '.join(conditions)}"
        try:
            parted(self.parse(formula))
        except DeriveError:  # what is said of every entry stands first
            premise = " \\land ".join(conditions)
            formula = f"({premise}) \\implies {whole}"
        several = "hypotheses are" if len(conditions) > 1 else "a hypothesis is"
        return replace(self.finding, slip=Slip(f"{several} missing: {said}", formula, "hypothesis"))

    def _random(self) -> Finding | None:
        """Hypotheses about random things."""
        return self._declared(supposing.about_random(self.claim, self.sides.nodes))

    def _fits(self, claim: Claim) -> bool:
        """Whether the claim, with other declarations or conventions, holds at the points."""
        said = dict(claim.conventions) | ({"layout": claim.layout} if claim.layout else {})
        claimed = replace(self.sides.parsed.claimed, symbols=claim.symbols, conventions=tuple(said.items()))
        try:
            _, read = rereading(replace(self.sides.parsed, claimed=claimed), self.parse)
            pairs = read(self.sides.nodes, self.sides.relations)
        except (DeriveError, *STUMBLES):
            return False
        return bool(pairs) and all(self.bench.holds(p.statement) for p in pairs)

    def _means(self) -> Finding | None:
        return self._declared(supposing.about_means(self.claim, self.sides.nodes))

    def _declared(self, supposed: Iterator[supposing.Supposed]) -> Finding | None:
        for found in supposed:
            told = self._told(found.claim, self.sides.nodes, self.sides.relations)
            if self._fits(found.claim) and self._right(told):
                return replace(self.finding, slip=Slip(f"a hypothesis is missing: {found.said}", "", "hypothesis"))
        return None

    def _separates(self, condition: str) -> bool:
        """Whether the claim holds where the condition does, at the points, and some points are of both kinds."""
        try:
            made = self.read((self.parse(condition),), ())
        except (DeriveError, *STUMBLES):
            return False
        return self.bench.separates(made[0].statement)

    def _changes(self) -> Finding | None:
        return self._first([t for t in self.tried if t.repair.kind != "bound"])

    def _twice(self) -> Finding | None:
        """Two changes of the right side."""
        nodes, relations = self.sides.nodes, self.sides.relations
        if self.pair is None or len(nodes) != 2 or relations != ("=",) or not self.bench.failing:
            return None
        singles = [t.repair for t in self.tried if t.nodes[0] == nodes[0] and t.relations == relations]
        setting = self._setting(nodes[0])
        for repair in twice_changed(nodes[1], singles, setting):
            if self._late() or self.proofs >= MOST_PROOFS:
                return None
            attempt = _Try((nodes[0], repair.node), relations, repair)
            if self._trivial(attempt) or not self._survives(attempt):
                continue
            if self._right(self._told(self.claim, attempt.nodes, attempt.relations)):
                return replace(self.finding, slip=Slip(spelled(repair.said), attempt.shown, repair.kind))
        return None

    def _turned(self) -> Finding | None:
        """The inequality the other way round, if that is proved at once: what nobody doubts comes first."""
        for attempt in (t for t in self.tried if t.whole and t.repair.kind == "bound"):
            if self._survives(attempt) and self._proved(attempt, SHORT):
                return self._named(attempt)
        return None

    def _bounds(self) -> Finding | None:
        """A bound that is claimed as an equality; it is one only if the sides are equal somewhere."""
        equality = self.sides.relations == ("=",)
        if equality and len(self.bench.holding) < 2:
            return None
        return self._first([t for t in self.tried if t.repair.kind == "bound"])

    def _first(self, tried: list[_Try]) -> Finding | None:
        """The first change that is proved."""
        if self.pair is not None and not self.bench.failing and not any(r in GROWTHS for r in self.sides.relations):
            return None
        growing = any(r in GROWTHS for r in self.sides.relations)
        if growing:  # each is a proof of its own
            tried = [t for t in tried if t.repair.kind in ("bound", "exponent", "off by one")][:10]
        open_: list[tuple[_Try, int]] = []
        for attempt in tried:
            if self._late() or self.proofs >= MOST_PROOFS or self.proving >= PROVING:
                break
            if self._trivial(attempt) or not (growing or self._survives(attempt)):
                continue
            if growing:
                self.proofs = 0 if self.proving < SECONDS else MOST_PROOFS
            if self._proved(attempt, PROOF if open_ else FIRST):
                likelier = [t for t, lemmas in open_[:1] if lemmas < derived()]  # that can be used now
                again = not growing and bool(likelier) and self._proved(likelier[0], FIRST, PROVING + FIRST)
                return self._named(likelier[0] if again else attempt)
            open_.append((attempt, derived()))
        return None

    def _proved(self, attempt: _Try, seconds: float = PROOF, whole: float = PROVING) -> bool:
        return self._right(self._told(self.claim, attempt.nodes, attempt.relations), seconds, whole)

    def _named(self, attempt: _Try) -> Finding:
        return replace(self.finding, slip=Slip(attempt.repair.said, attempt.shown, attempt.repair.kind))

    # -- what is tried ---------------------------------------------------------------------------------------------

    def _setting(self, other: Node) -> Setting:
        return supposing.setting_of(self.claim, self.sides.nodes, self.made, other)

    def _tries(self) -> Iterator[_Try]:
        nodes, relations = self.sides.nodes, self.sides.relations
        for k in reversed(range(len(nodes))):
            other = nodes[1 - k] if len(nodes) == 2 else Number("0")
            late = LEFT if k == 0 and len(nodes) == 2 else 0
            for found in telling(repairs(nodes[k], self._setting(other)), nodes[k], relations):
                said = f"on the left, {found.said}" if late else found.said
                put = (*nodes[:k], found.node, *nodes[k + 1 :])
                told = replace(found, rank=found.rank + late, said=spelled(said))
                yield _Try(put, relations, told)
        if len(nodes) != 2:
            return
        for sign, turned, kind, said, rank in relation_repairs(relations[0]):
            put = nodes[::-1] if turned else nodes
            yield _Try(put, (sign,), Repair(nodes[1], kind, said, rank), True)
        constant = self.bench.ratio(self.pair.statement) if self.pair is not None and relations == ("=",) else None
        if constant is not None and max(abs(constant.numerator), constant.denominator) < 1000:
            top = number(constant.numerator)
            more = top if constant.denominator == 1 else Fraction(top, number(constant.denominator))
            yield from self._corrected(latex(more), "factor", 26)
        if self.finding.ratio:
            yield from self._corrected(self.finding.ratio, "factor", CORRECTION)
        if self.finding.difference:
            yield from self._corrected(self.finding.difference, "term", CORRECTION + 1)
        if self.pair is not None and relations == ("=",):
            known = self._setting(nodes[0])
            names = [n for key, n in known.names.items() if known.sorts[key] in ("integer", "real")]
            names = [n for n in names if name_key(n) not in known.bound]
            of = {d: [n for k, n in known.names.items() if known.sorts[k] == f"array of {d}"] for d in (1, 2)}
            sides = nodes[0], nodes[1]
            lost = missing_terms(sides, names, (of[2], of[1]), self.pair.statement, self.bench, self.read)
            for new, seen in lost:
                assert isinstance(new, Sum)
                self.lost.add(new)
                sign = "" if new.signs[-1] == "+" else "-"
                said = spelled(f"the term {sign}{latex(new.terms[-1])} is missing")
                yield _Try((nodes[0], new), relations, Repair(new, "term", said, LOST if seen else UNSEEN))

    def _corrected(self, text: str, kind: str, rank: int) -> Iterator[_Try]:
        """The right side times the ratio, or plus the difference."""
        left, right = self.sides.nodes
        try:
            more = self.parse(text)
        except FormulaError:
            return
        if not is_simple(more, kind):
            return
        if kind == "factor":
            new = times(right, more)
        else:
            first = (right.signs, right.terms) if isinstance(right, Sum) else (("+",), (right,))
            rest = (more.signs, more.terms) if isinstance(more, Sum) else (("+",), (more,))
            new = Sum((*first[0], *rest[0]), (*first[1], *rest[1]))
        said = f"the {kind} {latex(more)} is missing"
        yield _Try((left, new), self.sides.relations, Repair(new, kind, said, rank))

    def _trivial(self, attempt: _Try) -> bool:
        """Whether the changed side is a bare number, or the other side written down."""
        nodes = attempt.nodes
        if len(nodes) != 2 or attempt.relations != self.sides.relations:
            return False
        one, other = (plain(n) for n in nodes)
        if attempt.repair.node in self.lost and any(isinstance(n, Name) for n in below(self.sides.nodes[1])):
            return one == other  # all but one term stands there
        changed = one if nodes[0] != self.sides.nodes[0] else other
        if one == other or not any(type(n).__name__ == "Name" for n in below(changed)):
            return True
        return made_of_the_same(one, other) or clipped_at(one, other) or clipped_at(other, one)

    def _survives(self, attempt: _Try) -> bool:
        self.looked += 1
        try:
            pairs = self.read(attempt.nodes, attempt.relations)
        except (DeriveError, *STUMBLES):
            return False
        if attempt.repair.rank in (CORRECTION, CORRECTION + 1) and any(
            p.statement.left == p.statement.right for p in pairs
        ):
            return False  # left / right times right is the left side written down
        return bool(pairs) and all(p.as_lonely_as(self.pair) and self.bench.holds(p.statement) for p in pairs)

    # -- the proof -------------------------------------------------------------------------------------------------

    def _told(self, claim: Claim, nodes: tuple[Node, ...], relations: tuple[str, ...]) -> Claim:
        texts = [written(n) for n in nodes]
        relation = relations[0] if relations else claim.relation
        right = tuple(texts[1:])
        return replace(
            claim, left=(texts[0],), right=right, chain=(), form="", asked="", lines=(),
            relation=WORDS.get(relation, relation),
        )  # fmt: skip

    def _right(self, claim: Claim, seconds: float = PROOF, whole: float = PROVING) -> bool:
        """Whether the claim is proved; at most so many are tried."""
        begun = now()
        left = min(self.until - begun, whole - self.proving, seconds)
        if self.proofs >= MOST_PROOFS or left <= 0:
            return False
        self.proofs += 1
        try:
            return judge(claim, max(0.3, left), explain=False, only_proof=True).verdict == "proved"
        except (DeriveError, *STUMBLES):
            return False
        finally:
            self.proving += now() - begun

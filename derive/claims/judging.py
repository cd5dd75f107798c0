"""One claim judged: read, decided, explained.

This is what the workers call; what is needed for it is loaded by `prepare`, once, before the workers are made. A claim
is as good as the weakest of its parts; of a chain the first line that does not follow is told. Where LaTeX can be read
in more than one way, all readings are decided, and none is judged if they disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr

from derive.claims import findings
from derive.claims.clock import now
from derive.claims.findings import Finding
from derive.claims.forms import check_form
from derive.claims.names import key_of
from derive.claims.so_far import tell
from derive.claims.stated import Claim
from derive.claims.statements import Answer
from derive.claims.stating import Claimed, Pair, Parsed, Reading, reader_of, readings
from derive.claims.surroundings import Unread, Unsupported
from derive.claims.syntax import Chain, Logic, Node, Relation
from derive.claims.told import place_of, told, unreadable
from derive.claims.trailing import bounded_indices, parted
from derive.claims.wholes import IllFittingShapes
from derive.claims.writing import latex
from derive.errors import BadInput, DeriveError, FormulaError
from derive.kernel.derivation import Derivation
from derive.language import Context

if TYPE_CHECKING:
    from derive.claims.lemmas import Lemmas
    from derive.kernel.checker import Memory

_WORST = ("refuted", "undecided", "sampled", "exact", "proved")


def prepare() -> None:
    """Load what judging needs, so that the first claim costs no more than the others."""
    from derive.claims.library import whole_library
    from derive.rules import load_laws

    load_laws()
    whole_library()
    judge(Claim("", left=("\\sum_{k=1}^{n} k",), right=("n(n+1)/2",), symbols=(("n", "integer >= 1"),)))
    judge(Claim("", left=("n",), right=("n+1",), symbols=(("n", "integer >= 1"),)))


def judge(claim: Claim, seconds: float = 10.0, explain: bool = True, only_proof: bool = False) -> Finding:
    """What is known of the claim.

    Args:
        claim: As its file has it.
        seconds: Time that the deciders should keep to; in bulk, the process is ended a second later.
        explain: Whether the slip is looked for in a claim that is wrong.
        only_proof: Whether nothing but a proof is of use: what is not proved is undecided, and costs less.

    Example:
        >>> judge(Claim("one", left=("1+1",), right=("2",))).verdict
        'proved'
    """
    until = now() + seconds
    try:
        check_form(claim.form)
        if claim.asked:
            from derive.claims.asked import judged_answer

            return judged_answer(claim, until, explain)
        found = [_judged(parts.claim, parts, until, explain, only_proof) for parts in _claims_in(claim)]
    except FormulaError as error:
        return unreadable(claim, error)
    except _Misread as error:
        return _not_read(claim, error)
    except IllFittingShapes as error:
        return Finding(claim.id, "refuted", by=f"ill-formed: {error}")
    except BadInput as error:
        return Finding(claim.id, "unreadable", error=findings.Unread(str(error), claim.place("symbols").line))
    except (ArithmeticError, MemoryError, RecursionError, ValueError) as error:  # numbers beyond what can be computed
        return Finding(claim.id, "undecided", by=f"too large to be worked out ({type(error).__name__})")
    worst = min(range(len(found)), key=lambda k: _WORST.index(found[k].verdict))
    return found[worst] if len(found) == 1 else _of_several(found, worst)


def _of_several(found: Sequence[Finding], worst: int) -> Finding:
    chosen = found[worst]
    if chosen.verdict == "proved":
        return chosen
    return replace(chosen, by=f"answer {worst + 1}: {chosen.by}" if chosen.by else f"answer {worst + 1}")


class _Misread(BadInput):
    """A part of a text has no meaning: which text, and where in it."""

    def __init__(self, error: Unread, field: str, number: int, text: str) -> None:
        super().__init__(str(error))
        self.error, self.field, self.number, self.text = error, field, number, text


class _Parts:
    """The texts of one statement or chain, parsed, with where each comes from."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.sides: list[tuple[str, int, str, Node]] = []
        self.relations: list[str] = []
        self.lines: list[int] = []

    def parsed(self) -> Parsed:
        claim = self.claim
        conventions = dict(claim.conventions)
        if claim.layout:
            conventions["layout"] = claim.layout
        texts = tuple(text for _, _, text, _ in self.sides)
        made = Claimed(claim.symbols, claim.where, claim.let, texts, tuple(self.relations), tuple(conventions.items()))
        where = tuple(_parse(claim, "where", k, text) for k, text in enumerate(claim.where))
        let = tuple(_parse(claim, "let", k, text) for k, text in enumerate(claim.let))
        return Parsed(made, where, let, tuple(node for *_, node in self.sides), tuple(self.relations))


def _parse(claim: Claim, field: str, number: int, text: str) -> Node:
    from derive.claims.parsing import parse

    try:
        return parse(text)
    except FormulaError as error:
        error.where = (field, number)  # type: ignore[attr-defined]
        raise


def _claims_in(claim: Claim) -> list[_Parts]:
    """What is to be decided: one statement for each pair of sides, or the chain."""
    if claim.chain:
        return [_chain(claim)]
    made = []
    for k, left in enumerate(claim.left):
        parts = _Parts(claim)
        node = _parse(claim, "left", k, left)
        if k >= len(claim.right):
            _add_chain(parts, "left", k, left, node, None, k + 1)
        else:
            right = claim.right[k]
            relation, text = claim.relation, right
            from derive.claims.parsing import parse_line

            own, other = parse_line(right)
            parts.sides = [("left", k, left, node), ("right", k, text, other)]
            parts.relations = [own or relation]
            parts.lines = [k + 1]
        made.append(_with_conditions(parts))
    return made


def _parted(field: str, number: int, text: str, node: Node) -> tuple[Node, tuple[Node, ...]]:
    try:
        return parted(node)
    except Unread as error:
        raise _Misread(error, field, number, text) from None


def _with_conditions(parts: _Parts) -> _Parts:
    """Conditions that stand after the last side, as hypotheses."""
    field, number, text, node = parts.sides[-1]
    formula, conditions = _parted(field, number, text, node)
    if conditions:
        parts.sides[-1] = (field, number, text, formula)
        parts.claim = _supposing(parts.claim, conditions, [node for *_, node in parts.sides])
    return parts


def _supposing(claim: Claim, conditions: Sequence[Node], formulas: Iterable[Node]) -> Claim:
    """The claim under conditions that stood after its formulas, and with the indices that these run over."""
    known = {key_of(name) for name, _ in claim.symbols}
    indices = dict.fromkeys(key for f in formulas for key in bounded_indices(conditions, f) if key not in known)
    where = (*claim.where, *(latex(c) for c in conditions))
    return replace(claim, where=where, symbols=(*claim.symbols, *((key, "integer") for key in indices)))


def _chain(claim: Claim) -> _Parts:
    from derive.claims.parsing import parse_line

    parts = _Parts(claim)
    for k, text in enumerate(claim.chain):
        try:
            relation, node = parse_line(text)
        except FormulaError as error:
            error.where = ("chain", k)  # type: ignore[attr-defined]
            raise
        last = k == len(claim.chain) - 1
        formula, conditions = _parted("chain", k, text, node) if last else (node, ())
        if conditions:
            parts.claim = _supposing(claim, conditions, [*(n for *_, n in parts.sides), formula])
        _add_chain(parts, "chain", k, text, formula, relation or (claim.relation if parts.sides else None), k + 1)
    return parts


def _add_chain(parts: _Parts, field: str, number: int, text: str, node: Node, relation: str | None, line: int) -> None:
    """A line of a chain, taken apart at its own relations."""
    pieces: list[tuple[str | None, Node]]
    if isinstance(node, Chain):
        pieces = [(relation, node.first), *node.lines]
    elif isinstance(node, Relation) and not set(node.relations) & {"\\in", "\\mid", "\\notin", ":", "\\to"}:
        pieces = [(relation, node.sides[0]), *zip(node.relations, node.sides[1:], strict=True)]
    elif isinstance(node, Logic) and node.operator == "\\implies" and len(node.parts) == 2 and relation is None:
        pieces = [(None, node.parts[0]), ("implies", node.parts[1])]
    else:
        pieces = [(relation, node)]
    for sign, piece in pieces:
        if sign is not None and parts.sides:
            parts.relations.append(sign)
            parts.lines.append(line)
        parts.sides.append((field, number, text, piece))


def _judged(claim: Claim, parts: _Parts, until: float, explain: bool, only_proof: bool) -> Finding:
    """All readings of one statement or chain."""
    from derive.claims.parsing import parse

    parsed = parts.parsed()
    try:
        found = readings(parsed, parse)
    except Unsupported as error:
        return Finding(claim.id, "undecided", by=f"{error}")
    except Unread as error:
        raise _misread(error, claim, parts) from None
    except IllFittingShapes as error:
        finding = Finding(claim.id, "refuted", by=f"ill-formed: {error}")
        return _explained(claim, parts, None, None, finding, until) if explain else finding
    except DeriveError as error:
        if isinstance(error, BadInput):
            raise
        return Finding(claim.id, "undecided", by=str(error))
    made = [_decided(claim, parts, reading, until, explain and len(found) == 1, only_proof) for reading in found]
    if len(made) == 1:
        return made[0]
    said = tuple("; ".join(reading.said) for reading in found)
    if len({m.verdict for m in made}) > 1 and {m.verdict for m in made} <= {"proved", "exact", "sampled"}:
        return replace(min(made, key=lambda m: _WORST.index(m.verdict)), readings=said)
    if len({m.verdict for m in made}) > 1:
        each = ", ".join(f"{m.verdict} if {words}" for m, words in zip(made, said, strict=True))
        return Finding(claim.id, "undecided", by=f"the readings disagree: {each}", readings=said)
    return replace(
        made[0], readings=said, by=f"{made[0].by}; all readings agree" if made[0].by else "all readings agree"
    )


def _misread(error: Unread, claim: Claim, parts: _Parts) -> _Misread:
    """The text that the error speaks of: the one in which its part says what it says."""
    field = getattr(error, "field", None)
    if field is not None:
        name, number = field
        if name == "side":
            where, k, text, _ = parts.sides[min(number, len(parts.sides) - 1)]
            return _Misread(error, where, k, text)
        texts = claim.where if name == "where" else claim.let
        return _Misread(error, name, number, texts[number])
    where, k, text, _ = parts.sides[0]
    return _Misread(error, where, k, text)


def _decided(
    claim: Claim, parts: _Parts, reading: Reading, until: float, explain: bool, only_proof: bool
) -> Finding:
    """One reading: each pair in turn; the first that is refuted ends it."""
    from derive.claims.definedness import with_needs

    names = dict(reading.shown)
    answers: list[tuple[Pair, Answer]] = []
    for k, pair in enumerate(reading.pairs):
        share = max(0.2, (until - now()) / (len(reading.pairs) - k))
        try:
            answer = with_needs(pair, share, library(), only_proof)
        except DeriveError as error:
            answer = Answer("undecided", (str(error),))
        answers.append((pair, answer))
        if only_proof and answer.verdict != "proved":
            break
        later = reading.pairs[k + 1 :]
        if answer.verdict == "refuted" and not (pair.entry and any(p.entry and p.line == pair.line for p in later)):
            break
    worst = min(range(len(answers)), key=lambda k: _WORST.index(answers[k][1].verdict))
    pair, answer = answers[worst]
    finding = told(claim, pair, answer, names, parts.parsed() if answer.missing is not None else None)
    if pair.entry and answer.verdict == "refuted":
        here = [a for p, a in answers if p.line == pair.line and p.entry]
        many = sum(a.verdict == "refuted" for a in here)
        at = ", ".join(map(str, pair.entry))
        said = f"{many} of {len(here)} entries differ, first at ({at})" if many > 1 else f"one entry differs: ({at})"
        finding = replace(finding, by=f"{said}; {finding.by}" if finding.by else said)
    if claim.chain or len(parts.relations) > 1:
        line = parts.lines[pair.line - 1] if parts.lines else pair.line
        if answer.verdict != "proved":
            finding = replace(finding, first_wrong=line if answer.verdict == "refuted" else None)
        if answer.verdict == "proved":
            by = tuple(dict.fromkeys(word for _, a in answers for word in a.by))
            finding = replace(finding, by=", ".join(by))
    if claim.form:
        finding = replace(finding, form=_form(claim, parts))
    if answer.verdict == "refuted" and explain:
        return _explained(claim, parts, pair, answer, finding, until)
    return finding


def _explained(
    claim: Claim, parts: _Parts, pair: Pair | None, answer: Answer | None, finding: Finding, until: float
) -> Finding:
    from derive.claims.explaining import Sides, explained

    line = pair.line if pair is not None else 1
    if pair is None and len(parts.relations) > 1:
        return finding
    tell(finding)
    texts = [(text, node) for _, _, text, node in parts.sides[line - 1 : line + 1]]
    sides = Sides(tuple(node for _, node in texts), tuple(parts.relations[line - 1 : line]), parts.parsed())
    return explained(claim, sides, pair, answer, finding, until)


def _form(claim: Claim, parts: _Parts) -> findings.Form:
    """Whether the last side has the form that is asked for."""
    from derive.claims.forms import form_of
    from derive.claims.parsing import parse

    parsed = parts.parsed()
    reader = reader_of(parsed, parse)
    return form_of(claim.form, parts.sides[-1][3], parsed.let, reader.value)


class _Library:
    """The proved claims of all constructs; looked at only when a claim asks for them."""

    @property
    def checked(self) -> Memory:
        """The checker's reports on those that were handed out."""
        from derive.claims.library import whole_library

        return whole_library().checked

    def fitting(self, context: Context, term: Expr, until: float) -> Iterator[tuple[Derivation, dict[Basic, Any]]]:
        """Claims whose left side is the term, with what their letters are in it."""
        from derive.claims.library import whole_library

        yield from whole_library().fitting(context, term, until)


def derived() -> int:
    """How many lemmas the library has derived so far."""
    from derive.claims.library import whole_library

    return len(whole_library().checked)


def library() -> Lemmas:
    """The proved claims of all constructs, as far as they are wanted."""
    return _Library()


def _not_read(claim: Claim, misread: _Misread) -> Finding:
    """A formula that was parsed and has no meaning."""
    error = misread.error
    inside = 0 <= error.start < max(1, len(misread.text))
    told = FormulaError(str(error), misread.text, error.start if inside else 0)
    made = place_of(claim, misread.field, misread.number, told.line, told.column, str(error), str(told))
    if str(error).endswith("free on one side only"):
        return Finding(claim.id, "refuted", by=f"ill-formed: {error}", error=made)
    return Finding(claim.id, "unreadable", error=made)


Parse = Callable[[str], Node]

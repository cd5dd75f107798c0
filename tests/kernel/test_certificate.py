"""Certificates: exact, the same everywhere, and refused at the place that was edited."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import MISSING, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sympy import Add, Dummy, Float, Integer, Max, Min, Mod, Mul, Pow, Rational, Symbol, exp, floor, log, oo, pi, sqrt

from derive.constructs.registry import claim, constructs
from derive.errors import BadCertificate, BadInput, StepRejected
from derive.kernel import checker
from derive.kernel.certificate import MOVES, dumps, loads, read, versions
from derive.kernel.checker import Memory, check
from derive.kernel.derivation import Branch, Chain, Derivation, Induction, Split, Step
from derive.kernel.notation import DEEPEST, HEADS, MOST_NESTED, MOST_PARTS, TermReader, TermWriter
from derive.language import (
    OTHERWISE,
    Array,
    Cases,
    Context,
    Declaration,
    Definition,
    Entry,
    ForAll,
    IndexProduct,
    IndexSum,
    Indicator,
    Integral,
    Largest,
    Negation,
    Partial,
    all_of,
    any_of,
    array,
    declare,
    eq,
    integer,
    ne,
    real,
    signal,
)
from derive.language.chance import (
    Chance,
    Covariance,
    Expectation,
    Stated,
    Variance,
    chance,
    entries_are,
    independent,
)
from derive.language.counting import Binomial, Factorial
from derive.language.forms import FORMS, Form, of
from derive.rules.combine import by, chain
from derive.rules.lemmas import specialised
from derive.rules.sums import geometric_sum
from tests.fuzz.budget import FACTOR, WHOLE

ROOT = Path(__file__).parents[2]

a, b, k, m, n = real("a"), real("b"), integer("k"), integer("m"), integer("n")
x = signal("x", 0, n)

ALWAYS = ("filtered_pulse", "recursion", "binomial_sums")
VALUES = ({"L": Integer(7), "a": Rational(1, 2)}, {"n": Integer(3)})


def names() -> list[str]:
    """The first claim of each construct and every third of the others; few in `make test`, all in `make soundness`."""
    found = [(c.name, turn, one.name) for c in constructs() for turn, one in enumerate(c.claims)]
    if not WHOLE:
        return [f"{c}.{one}" for place, (c, _, one) in enumerate(found) if place % 40 == 0 or c in ALWAYS]
    return [f"{c}.{one}" for place, (c, turn, one) in enumerate(found) if not turn or FACTOR > 1 or place % 3 == 0]


def first_names() -> list[str]:
    """A claim of every third construct, in `make test` of every thirtieth; in `make soundness` of each."""
    found = [f"{construct.name}.{construct.claims[0].name}" for construct in constructs() if construct.claims]
    return found if FACTOR > 1 else found[:: 3 if WHOLE else 30]


@cache
def derived(name: str) -> Derivation:
    """The derivation of a claim."""
    return claim(name)[1].derive()


def derivations() -> list[Derivation]:
    """All derivations, with values set too, once and twice."""
    found = []
    for name in names():
        general = derived(name)
        found.append(general)
        for values in VALUES:
            symbols = {s.name: s for s in general.context.symbols}
            kinds = [value.is_Integer or not symbols[s].is_integer for s, value in values.items() if s in symbols]
            if set(values) <= set(symbols) and all(kinds):
                found.append(specialised(general, {symbols[s]: v for s, v in values.items()}))
                rest = {symbols[s]: v for other in VALUES for s, v in other.items() if s in symbols and s not in values}
                found += [specialised(found[-1], rest)] if rest and name == "filtered_pulse.delayed" else []
    return found


def geometric() -> Derivation:
    """The geometric sum, under the hypothesis that its ratio is not 1."""
    context = Context((declare("n", "natural"), declare("a", "real")), hypotheses=(ne(a, 1),))
    proof = chain(context, IndexSum(a**k, k, 0, n), by(geometric_sum))
    return Derivation("geometric", context, proof.start, proof.end, proof)


def test_all_derivations_are_read_back_as_they_were() -> None:
    """Reading gives an equal derivation, with the same structure to the last node, and writing it the same text."""
    looked = moves = special = 0
    for derivation in derivations():
        special += derivation.name not in names()
        text = dumps(derivation)
        again = loads(text)
        assert again == derivation
        assert repr(again) == repr(derivation)
        assert dumps(again) == text
        looked += 1
        moves += text.count('"move":')
    assert looked == len(names()) + special
    assert special >= (40 if WHOLE else 10)
    assert moves >= 100


def test_a_certificate_read_back_is_accepted_with_the_same_report() -> None:
    """The checker sees no difference."""
    for name in ("filtered_pulse.delayed", "recursion.convolved", "binomial_sums.squares"):
        before, after = check(derived(name)), check(loads(dumps(derived(name))))
        assert after.verdict.kind == "proved"
        assert (before.steps, before.points, before.conditions) == (after.steps, after.points, after.conditions)


def test_same_bytes_in_every_process() -> None:
    """The order of hash tables does not reach the text."""
    program = (
        "import sys\nfrom tests.kernel.test_certificate import derived, first_names\n"
        "from derive.kernel.certificate import dumps\n"
        "sys.stdout.write(''.join(dumps(derived(name)) for name in first_names()))"
    )
    texts = [
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program], capture_output=True, timeout=300, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("1", "4242")
    ]  # fmt: skip
    assert texts[0] == texts[1]
    assert texts[0].decode() == "".join(dumps(derived(name)) for name in first_names())
    assert len(texts[0]) > (100_000 if WHOLE else 10_000)


def test_every_field_is_written() -> None:
    """A record that gains a field gains a key; nothing is left out but what has its default."""
    step = Step(n, m, "r", (n,), (ne(n, 1),), (0, (1, 2)), "<=", ("why ", n, x, eq(n, m)), "full", True)
    half = Chain(n, (step,))
    split = Split(n, (Branch(eq(n, m), half),), ("cases",), "sketch")
    induction = Induction(n, m, n, Integer(0), half, half, ("by ", n), "full", (m,))
    arguments = replace(step, arguments=(1, "name", (x, signal("x")), (n, Integer(1)), x))
    y, i = array("y", (1, n)), integer("i")
    record = Chance(y, (i,), i * n, n, n, "uncorrelated", "bits", (Rational(1, 2),), True, "g")
    hypotheses, definitions = (ne(n, 5),), (Definition(x, (n,), a),)
    context = Context((declare("n", "size", "a size"),), hypotheses, definitions, (y,), (record,))
    whole = Chain(n, (step, split, induction, arguments))
    inner = Derivation("inner", context, n, m, half, "<")
    full = Derivation("full", context, n, m, whole, "<=", (inner,))
    data = json.loads(dumps(full))
    seen: dict[type, set[str]] = {}

    def look(kind: type, found: dict[str, Any]) -> None:
        seen[kind] = seen.get(kind, set()) | set(found) - {"move"}

    look(Derivation, {key: v for key, v in data.items() if key not in ("certificate", "made_with", "arrays")})
    look(Context, data["context"])
    look(Declaration, data["context"]["declarations"][0])
    look(Definition, data["context"]["definitions"][0])
    look(Chance, data["context"]["chances"][0])
    look(Chain, data["chain"])
    for move in data["chain"]["moves"]:
        look(MOVES[move["move"]], move)
    look(Branch, data["chain"]["moves"][1]["branches"][0])
    for kind, keys in seen.items():
        assert keys == {f.name for f in fields(kind)}, kind
    assert len(seen) == 10
    assert loads(dumps(full)) == full
    assert type(loads(dumps(full)).chain.moves[3].arguments[0]) is int
    assert [f.name for f in fields(Step) if f.default is MISSING] == ["before", "after", "rule"]


TERMS = (
    *(Integer(0), Integer(-7), Rational(-1, 2), Integer(10) ** 900, pi, n, a, n + a, 2 * n * a, a**n, sqrt(2), 1 / a),
    *(Add(1, 1, evaluate=False), Mul(2, n + 1, evaluate=False), Add(n, 1, n, evaluate=False), (2 * a) ** 3),
    *(Mul(0, 1 / a, evaluate=False), Pow(2, 3, evaluate=False), Pow(a, 1, evaluate=False), exp(-a), exp(a * log(a))),
    *(Pow(Mul(2, a, evaluate=False), 3, evaluate=False), Max(a, b), Min(n, m, 3), Max(1, 2, evaluate=False)),
    *(floor(n / 2), floor(Rational(7, 2), evaluate=False), Mod(n, 3), Mod(2 * Mod(n, 3), 3, evaluate=False)),
    *(abs(a), IndexSum(k * a, k, -oo, oo), IndexSum(x[k], k, 0, n), Binomial(n, k), Factorial(n), x[n - 1]),
    *(Indicator(eq(k, n - 1)), a * Indicator(all_of(ne(n, 1), any_of(eq(m, 2), Negation(eq(m, 3)))))),
    *(Partial(x[n] ** 2, x[k + 1]), Partial(Partial(a * x[n], x[k]), x[m]), Indicator(OTHERWISE)),
    *(IndexProduct(x[k] + a, k, 1, n), Largest(x[k], k, 0, n), Indicator(ForAll(eq(x[k], a), k, 0, n))),
    Integral(real("t") ** 2 + a, real("t"), 0, n),
    *(Expectation(a * x[k]), Variance(x[k]) + Covariance(x[k], a), Indicator(entries_are("independent", x))),
    *(Indicator(independent((x,), (x,))), Indicator(chance(x, mean=k * a).stated[0])),
    *(Cases((a, ne(a, 1)), (1 / a, OTHERWISE)), Cases((0, all_of(eq(a, 1), Negation(any_of(ne(n, 1), ne(m, 2))))))),
)


def test_every_kind_of_term() -> None:
    """Each term is read back as the same tree; what SymPy would work out is held, and nothing else is."""
    held = 0
    for term in TERMS:
        writer, reader = TermWriter(), TermReader()
        reader.arrays["x"] = x
        data = json.loads(json.dumps(writer.term(term, "here")))
        again = reader.term(data, "here")
        assert again == term
        assert (repr(again), type(again), again.args) == (repr(term), type(term), term.args)
        assert writer.table == (
            {} if not term.has(Entry, Stated) else {"x": {"name": "x", "axes": [[0, "n"]], "outside": "zero"}}
        )
        held += "held" in json.dumps(data)
    assert held == 7
    assert len(TERMS) == 51


A, B = array("A", (1, n), (1, n)), array("B", (1, n), (1, n))
u, v, w = array("u", (1, n)), array("v", (1, n)), array("w", (1, k), outside="zero")
MADE = (
    *(of(f, A, B) for f in ("product", "hadamard", "sum", "difference", "correlation", "full_convolution")),
    *(of(f, A) for f in ("inverse", "determinant", "rank", "transpose", "flip")),
    *(of(f, A) for f in ("spectral_norm", "nuclear_norm", "leading_direction")),
    *(of(f, w, v) for f in ("convolution", "full_correlation")),
    *(of("outer", u, v), of("diagonal", u), of("scaled", 2 * a, A), of("scaled", u[1], A)),
    *(of("identity", n), of("ones", n + 1), of("product", of("transpose", A), of("product", of("transpose", A), B))),
    *(of("difference", of("diagonal", u), of("outer", u, u)), of("product", A, u), of("product", u, v)),
    *(of("trace", A), of("inner", A, B), of("squared_norm", of("difference", A, B))),
)


def test_every_form() -> None:
    """A form is a row of the table after what it is made of; it is read back, and so are its entries."""
    for form in MADE:
        indices = (m, n - 1)[: len(form.axes)]
        reason = ("by ", form)
        derivation = Derivation("d", Context(), n, n, Chain(n, (Step(n, form[indices], "r", (form,), reason=reason),)))
        text = dumps(derivation)
        again = loads(text)
        assert again == derivation
        assert repr(again) == repr(derivation)
        assert dumps(again) == text
        labels = list(json.loads(text)["arrays"])
        assert labels[-1].partition("#")[0] == form.operation
        assert type(again.chain.moves[0].arguments[0]) is Form
    assert {form.operation for form in MADE} == set(FORMS)
    assert "transpose#2" not in labels and len(MADE) == 29


def test_forms_and_arrays_share_a_table() -> None:
    """Labels are told apart, also where an array has the name of an operation; a form that occurs twice stands once."""
    twice = of("product", of("transpose", A), of("product", of("transpose", A), B))
    named = array("product", (1, n))
    term = twice[n, m] + named[m]
    data = json.loads(dumps(Derivation("d", Context(), term, term, Chain(term))))
    assert set(data["arrays"]) == {"A", "B", "transpose", "product", "product#2", "product#3"}
    assert data["arrays"]["A"] == {"name": "A", "axes": [[1, "n"], [1, "n"]], "outside": "error"}
    assert data["arrays"]["transpose"] == {"form": "transpose", "operands": [["array", "A"]]}


def test_every_head_has_a_term() -> None:
    """The heads that the table names are all used in a round trip, here or below."""
    used = {type(t) for term in TERMS for t in [term, *term.args]} | {ForAll}
    others = {name for name, (head, _) in HEADS.items() if head not in used}
    assert others <= {"and", "or", "not", "sign", "ceiling", "log", "sin", "cos", "tanh", "erf", "lambert"}
    for name in others - {"and", "or", "not"}:
        term = HEADS[name][0](a, evaluate=False)
        assert TermReader().term(TermWriter().term(term, ""), "") == term


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (Float("0.5"), "a certificate has no notation for 0.5"),
        (Symbol("n"), "no notation for n (Symbol)"),
        (Symbol("n", positive=True, integer=True), "no notation for n (Symbol)"),
        (Symbol("a b", real=True), "no notation for a b (Symbol)"),
        (Dummy("n", integer=True), "(Dummy)"),
        (Pow(-1, Rational(1, 2)), "(ImaginaryUnit)"),
        (1 + Integer(1) / Integer(0), "(ComplexInfinity)"),
    ],
)
def test_what_has_no_notation_is_not_written(term: Any, why: str) -> None:
    """The place and the term are named, and no certificate is made."""
    with pytest.raises(BadCertificate) as refused:
        dumps(Derivation("d", Context(), n, term, Chain(n)))
    assert str(refused.value).startswith("right: ") and why in str(refused.value)
    assert isinstance(refused.value, BadInput)


def test_arrays_of_one_name_are_told_apart() -> None:
    """A lemma may speak of another x than the derivation that uses it."""
    found = json.loads(dumps(derived("filtered_pulse.delayed")))
    assert {"x", "x#2", "h", "h#2"} <= set(found["arrays"])
    assert {entry["name"] for label, entry in found["arrays"].items() if label.startswith("x#")} == {"x"}


def test_versions_are_recorded() -> None:
    """Whoever checks it later can see what it was made with."""
    made_with = dict(read(dumps(geometric())).made_with)
    assert made_with == dict(versions())
    assert set(made_with) == {"derive", "sympy", "python-flint", "islpy", "z3-solver"}
    assert all(text[0].isdigit() for text in made_with.values())


# Edits, as a reader with an editor would make them.

Address = tuple[str | int, ...]
Edit = tuple[str, Callable[[dict[str, Any]], None]]


def plus_one(term: Any) -> Any:
    """The term and 1."""
    return ["held", "Add", term, 1]


def located(chain: Chain, address: Address, prefix: str = "") -> Iterator[tuple[Any, Address, str, str]]:
    """Every move with its address in the file, its place, and where a wrong end of its chain is noticed."""
    for number, move in enumerate(chain.moves):
        place, here = f"{prefix}{number + 1}", (*address, "moves", number)
        last = number == len(chain.moves) - 1 and prefix.endswith(("base, ", "step, "))
        yield move, here, place, f"{prefix}1" if last else place
        if isinstance(move, Split):
            for i, branch in enumerate(move.branches):
                inside = f"{place}, case {i + 1} ({branch.condition}), "
                yield from located(branch.chain, (*here, "branches", i, "chain"), inside)
        if isinstance(move, Induction):
            yield from located(move.base, (*here, "base"), f"{place}, base, ")
            yield from located(move.step, (*here, "step"), f"{place}, step, ")


def at(data: Any, address: Address) -> Any:
    """What stands at the address."""
    for key in address:
        data = data[key]
    return data


def set_to(key: str, change: Callable[[Any], Any], default: Any = None) -> Callable[[dict[str, Any]], None]:
    """The edit that changes one key."""

    def edit(move: dict[str, Any]) -> None:
        move[key] = change(move.get(key, default))

    return edit


def step_edits(step: Step) -> Iterator[Edit]:
    """Edits of every part of a step that bears on its truth."""
    yield "before", set_to("before", plus_one)
    yield "after", set_to("after", plus_one)
    yield "no law", set_to("rule", lambda _: "no_such_law")
    other = "empty_sum" if step.rule != "empty_sum" else "single_term"
    yield "other law", set_to("rule", lambda _: other)
    yield "condition more", set_to("conditions", lambda old: [*old, ["=", 0, 0]], [])
    if step.conditions:
        yield "condition less", set_to("conditions", lambda old: old[1:])
    yield "path", set_to("path", lambda old: [*old, 97], [])
    yield "argument more", set_to("arguments", lambda old: [*old, ["int", 7]], [])
    for number in range(len(step.arguments)):
        yield f"argument {number + 1} less", set_to("arguments", lambda old, i=number: old[:i] + old[i + 1 :])
        yield f"argument {number + 1} other", set_to("arguments", lambda old, i=number: [*old[:i], 97, *old[i + 1 :]])
    yield "relation", set_to("relation", lambda old: "=" if old == "<=" else "<=", "=")
    if step.rule not in ("reverse_index", "exchange_ranges"):  # which undo themselves, so these are as true backwards
        yield "backwards", set_to("backwards", lambda old: not old, False)


def split_edits(split: Split) -> Iterator[Edit]:
    """Edits of a case split that bear on its truth."""
    yield "before", set_to("before", plus_one)
    yield "case less", set_to("branches", lambda old: old[1:])
    yield "case twice", set_to("branches", lambda old: [old[0], *old])
    yield "case for all", set_to("branches", lambda old: [{**old[0], "condition": ["and"]}, *old[1:]])


def induction_edits(move: Induction) -> Iterator[Edit]:
    """Edits of an induction that bear on its truth."""
    yield "before", set_to("before", plus_one)
    yield "after", set_to("after", plus_one)
    yield "low", set_to("low", plus_one)
    yield "low before", set_to("low", lambda old: ["held", "Add", old, -1])
    yield "variable", set_to("variable", lambda _: "zz")
    yield "real variable", set_to("variable", lambda _: ["real", "a"])
    for part in ("base", "step"):
        yield f"{part} empty", set_to(part, lambda old: {**old, "moves": []})
        yield f"{part} starts", set_to(part, lambda old: {**old, "start": plus_one(old["start"])})


def edits(move: Any) -> Iterator[Edit]:
    """The edits of a move."""
    if isinstance(move, Split):
        return split_edits(move)
    return induction_edits(move) if isinstance(move, Induction) else step_edits(move)


def refused_at(text: str, memory: Memory, mend: bool = True) -> str:
    """The place at which the certificate is refused; the goal follows the edited end, so that it is not the reason."""
    derivation = loads(text)
    if mend:
        derivation = replace(derivation, right=derivation.chain.end)
    try:
        check(derivation, memory)
    except StepRejected as refused:
        return refused.place
    return "accepted"


OWN_INVERSES = ("symmetric",)
"""Laws that, applied twice, change nothing: a step is the same in both directions."""


def unnoticed(derivation: Derivation, chosen: Callable[[Any], bool]) -> tuple[int, list[tuple[str, str, str]]]:
    """How many edits were made of the chosen moves, and those that were not refused where they were made."""
    asked = [found for found in located(derivation.chain, ("chain",)) if chosen(found[0])]
    if not asked:
        return 0, []
    original = json.loads(dumps(derivation))
    memory: Memory = {}
    assert refused_at(json.dumps(original), memory) == "accepted"
    looked, wrong = 0, []
    for move, address, place, end in asked:
        for label, edit in edits(move):
            if label == "backwards" and getattr(move, "rule", "") in OWN_INVERSES:
                continue
            forged = deepcopy(original)
            edit(at(forged, address))
            found = refused_at(json.dumps(forged), memory)
            expected = end if label == "after" else place
            looked += 1
            if found != expected and (isinstance(move, Step) or not f"{found}, ".startswith(f"{place}, ")):
                wrong.append((place, label, found))
    return looked, wrong


@pytest.fixture
def no_witnesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals without their smallest counterexample, the search for which takes long and decides nothing."""
    monkeypatch.setattr(checker, "witness", lambda *_: None)


@pytest.mark.share(3)
@pytest.mark.parametrize(
    ("name", "least"), [("binomial_sums.row", 100), ("recursion.solution", 80), ("filtered_pulse.response", 200)]
)
@pytest.mark.usefixtures("no_witnesses")
def test_every_edit_of_every_step_is_refused_where_it_was_made(name: str, least: int) -> None:
    """Whatever is changed in a step, split or induction, the checker names that very place."""
    looked, wrong = unnoticed(derived(name), lambda _: True)
    assert wrong == []
    assert looked >= least


@pytest.mark.whole
@pytest.mark.usefixtures("no_witnesses")
def test_every_law_is_edited_somewhere() -> None:
    """So it is for one step by each law, used in each direction, and for each kind of move."""
    seen: set[Any] = set()

    def is_new(move: Any) -> bool:
        key = (move.rule, move.backwards) if isinstance(move, Step) else type(move)
        return key not in seen and not seen.add(key)

    looked, wrong = 0, []
    for name in sorted(names(), key=lambda name: len(repr(derived(name).chain))):
        more, accepted = unnoticed(derived(name), is_new)
        looked += more
        wrong += [(name, *edit) for edit in accepted]
    assert wrong == []
    assert {Split, Induction} <= seen
    assert len(seen) >= 30
    assert looked >= 10 * len(seen)


def replaced(data: Any, address: Address, change: Callable[[Any], Any]) -> str:
    """The text with something else at the address."""
    forged = deepcopy(data)
    at(forged, address[:-1])[address[-1]] = change(at(forged, address))
    return json.dumps(forged)


def without(data: Any, address: Address) -> str:
    """The text without what stands at the address."""
    forged = deepcopy(data)
    del at(forged, address[:-1])[address[-1]]
    return json.dumps(forged)


def test_every_edit_of_what_a_derivation_stands_on_is_refused() -> None:
    """Goal, declarations, definitions, ranges and lemmas bear on the steps; none can be exchanged under them."""
    data = json.loads(dumps(derived("filtered_pulse.response")))
    sort, body = ("context", "declarations", 1, "sort"), ("context", "definitions", 0, "body")
    recorded = json.loads(dumps(derived("filtered_pulse.delayed")))
    forged = [
        *(replaced(data, (side,), plus_one) for side in ("left", "right")),
        replaced(data, ("chain", "start"), plus_one),
        *(json.dumps({**data, "relation": relation}) for relation in ("<", "<=", "!=", "->")),
        *(replaced(data, sort, lambda _, s=s: s) for s in ("integer", "real", "no sort")),
        replaced(data, ("context", "declarations", 2, "sort"), lambda _: "integer"),
        replaced(data, ("context", "declarations", 2, "symbol"), lambda _: "a"),
        *(without(data, ("context", "declarations", i)) for i in range(3)),
        *(replaced(data, (*body[:2], i, "body"), plus_one) for i in range(3)),
        *(without(data, (*body[:2], i)) for i in range(3)),
        *(replaced(data, (*body[:2], i, "parameters"), lambda _: ["L"]) for i in (1, 2)),
        *(replaced(data, (*body[:2], i, "parameters"), lambda old: [*old, "L"]) for i in range(3)),
        *(replaced(data, ("arrays", label, "axes"), lambda _: [[1, "L"]]) for label in ("x", "h")),
        *(replaced(data, ("arrays", label, "outside"), lambda _: "error") for label in ("x", "h")),
        replaced(data, ("arrays", "x", "outside"), lambda _: "wraps"),
        replaced(data, ("arrays", "x", "name"), lambda _: "h"),
        *(without(recorded, ("lemmas", i)) for i in range(2)),
        *(replaced(recorded, ("lemmas", i, "right"), plus_one) for i in range(2)),
        *(replaced(recorded, ("lemmas", i, "left"), plus_one) for i in range(2)),
        *(replaced(recorded, ("lemmas", i, "name"), lambda _: "other") for i in range(2)),
        replaced(recorded, ("lemmas", 1, "context", "declarations", 1, "sort"), lambda _: "integer"),
        without(recorded, ("chain", "moves", 0)),
        replaced(recorded, ("chain", "moves"), lambda _: []),
    ]  # fmt: skip
    memory: Memory = {}
    accepted = [i for i, text in enumerate(forged) if refused_at(text, memory, mend=False) == "accepted"]
    assert accepted == []
    assert len(forged) == 43


def test_a_hypothesis_cannot_be_exchanged() -> None:
    """Without a != 1 the geometric sum is refused at its step, with the point where it is false."""
    data = json.loads(dumps(geometric()))
    assert data["context"]["hypotheses"] == [["!=", ["real", "a"], 1]]
    others = ([], [["!=", ["real", "a"], 2]], [[">=", ["real", "a"], 1]], [["=", "n", "n"]])
    for hypotheses in others:
        with pytest.raises(StepRejected) as refused:
            check(loads(replaced(data, ("context", "hypotheses"), lambda _, h=hypotheses: h)))
        assert (refused.value.place, refused.value.rule) == ("1", "geometric_sum")
        assert refused.value.witness is not None
    contradiction = [["!=", ["real", "a"], 1], ["=", ["real", "a"], 1]]
    with pytest.raises(StepRejected, match="contradict each other"):
        check(loads(replaced(data, ("context", "hypotheses"), lambda _: contradiction)))
    assert check(loads(json.dumps(data))).verdict.kind == "proved"


def test_a_symbol_has_one_kind() -> None:
    """The integer n and the real n are two symbols, and only one of them is declared."""
    data = json.loads(dumps(geometric()))
    other = json.dumps(data["left"]), '["Pow", ["real", "a"], ["real", "n"]]'
    with pytest.raises(StepRejected, match="n has no meaning here"):
        check(loads(json.dumps(data).replace(*other)))
    twice = [*data["context"]["declarations"], {"symbol": ["real", "n"], "sort": "real"}]
    with pytest.raises(BadCertificate, match="context: n is declared twice"):
        loads(replaced(data, ("context", "declarations"), lambda _: twice))


# Texts made to harm.


def with_left(term: Any) -> str:
    """A certificate with that term, as text or data, for its left side."""
    written = term if isinstance(term, str) else json.dumps(term)
    data = {"certificate": 1, "made_with": {}, "arrays": {}, "name": "d", "context": {}, "left": "LEFT", "right": 1,
            "chain": {"start": 1}}  # fmt: skip
    return json.dumps(data).replace('"LEFT"', written)


def nested(head: str, depth: int) -> str:
    """A term as deep as that."""
    return f'["{head}", ' * depth + '"n"' + "]" * depth


TOWER = ["Pow", 10, ["Mul", 10, ["Mul", 1000000000, ["real", "a"]]]]

HARMFUL: dict[str, tuple[str, str]] = {
    "huge power": (with_left(["Pow", 10, 10**9]), "left: this could come to a number of more than"),
    "huge power, held": (with_left(["held", "Pow", 10, 10**9]), "left: this could come to a number"),
    "huge root": (with_left(["Pow", 10, ["/", 10**9 + 1, 2]]), "left: this could come to a number"),
    "huge negative power": (with_left(["Pow", ["/", 1, 3], -(10**9)]), "left: this could come to a number"),
    "power of a product": (with_left(["Pow", ["Mul", 2, "n"], 10**9]), "left: this could come to a number"),
    "power of a power": (with_left(["Pow", ["held", "Pow", 10, 10**4], 10**5]), "left: this could come to a number"),
    "power of a tower": (with_left(["Pow", 10, ["held", "Pow", 10, 10]]), "left: this could come to a number"),
    "exponential of a logarithm": (with_left(["exp", ["Mul", 10**9, ["log", 2]]]), "left: this could come to a number"),
    "a huge power in an exponent": (with_left(["Pow", "n", ["held", "Pow", 2, 10**9]]), "left[2]: this could come to"),
    "product of powers": (with_left(["held", "Mul", *[["held", "Pow", 2, 10**6]] * 3]), "left: this could come to"),
    "many digits": (with_left("1" + "0" * 5000),
     "left: a term is a whole number, a name or a list with a head, not a number of 5001 digits"),
    "many digits of a path": (with_left("1").replace('"chain"', '"chian"'), "there is no key 'chian' here"),
    "deep term": (with_left(nested("Abs", DEEPEST)), f"the lists are nested more than {DEEPEST} deep"),
    "deep JSON": (with_left(nested("Abs", 100_000)), f"the lists are nested more than {DEEPEST} deep"),
    "deep brackets": ("[" * 1_000_000, "nested more than"),
    "deep objects": ('{"a":' * 1_000_000, "nested more than"),
    "unknown head": (with_left(["eval", "n"]), "left: 'eval' is not a head that is known"),
    "a SymPy head off the list": (with_left(["Integral", "n", "n"]), "left: 'Integral' is not a head"),
    "a method": (with_left(["__class__", "n"]), "left: '__class__' is not a head"),
    "held sum": (with_left(["held", "sum", "k", "k", 0, "n"]), "left: 'sum' is not a head that can be held"),
    "held nothing": (with_left(["held"]), "left: a list of 1 or more is wanted"),
    "held list": (with_left(["held", ["Add"], 1]), "is not a head that can be held"),
    "code for a name": (with_left("\"__import__('os')\""), "left: \"__import__('os')\" is not a symbol's name"),
    "code for a real": (with_left(["real", "a+b"]), "left: 'a+b' is not a symbol's name"),
    "empty name": (with_left('""'), "left: '' is not a symbol's name"),
    "no term": (with_left("null"), "left: a term is a whole number"),
    "empty list": (with_left([]), "left: a term is a whole number"),
    "object for a term": (with_left({"Add": [1, 2]}), "left: a term is a whole number"),
    "true for 1": (with_left("true"), "left: a term is a whole number, a name or a list with a head, not True"),
    "true in a fraction": (with_left(["/", True, 2]), "left: True/2 is not a fraction in lowest terms"),
    "float": (with_left("0.5"), "left: a term is a whole number, a name or a list with a head, not 0.5"),
    "float with exponent": (with_left("1e400"), "not 1e400"),
    "NaN": (with_left("NaN"), "not NaN"),
    "Infinity": (with_left('["Add", -Infinity, "n"]'), "left[1]: a term is a whole number, a name or a list with"),
    "fraction by 0": (with_left(["/", 1, 0]), "left: 1/0 is not a fraction in lowest terms"),
    "fraction to be cancelled": (with_left(["/", 2, 4]), "left: 2/4 is not a fraction"),
    "SymPy would work it out": (with_left(["Add", 1, 2]), "left: SymPy makes 3 of this Add; write that, or hold it"),
    "SymPy would cancel it": (with_left(["Mul", 0, "n"]), "left: SymPy makes 0 of this Mul"),
    "SymPy would make infinity": (with_left(["Pow", 0, -1]), "left: SymPy makes zoo of this Pow"),
    "SymPy would flatten it": (with_left(["Add", 1, ["Add", "n", ["real", "a"]]]), "left: SymPy makes"),
    "an infinite end hidden": (with_left(["sum", "k", "k", 0, ["held", "Mul", -1, ["constant", "oo"]]]),
     "left[4]: only a sum"),
    "infinity in a minimum": (with_left(["Min", "n", ["constant", "oo"]]), "left: only a sum or the range of an array"),
    "unknown constant": (with_left(["constant", "nan"]), "left: there is no constant 'nan'; there are pi, E, oo, -oo"),
    "infinity compared": (with_left(["cases", [1, ["<", "n", ["constant", "oo"]]]]),
     "left[1][1]: n < oo does not compare"),
    "a condition for a term": (with_left(["Add", 1, ["<", "n", 1]]), "left[2]: a term is wanted, not n < 1"),
    "a term for a condition": (with_left(["cases", [1, "n"]]), "left[1][1]: a condition is wanted, not n"),
    "no cases": (with_left(["cases"]), "left: cases need at least one clause"),
    "a case of one part": (with_left(["cases", [1]]), "left[1]: a list of 2 is wanted"),
    "a derivative by a symbol": (with_left(["partial", "n", "n"]),
     "left: a derivative is taken with respect to an entry of an array, not to n"),
    "a derivative by nothing": (with_left(["partial", "n"]), "left: a list of 2 is wanted"),
    "a derivative of a condition": (with_left(["partial", ["<", "n", 1], "n"]), "left[1]: a term is wanted, not n < 1"),
    "a derivative of infinity": (with_left(["partial", ["constant", "oo"], "n"]), "left: only a sum or the range"),
    "a huge power in a derivative": (with_left(["partial", ["Pow", 10, 10**9], "n"]), "left[1]: this could come to"),
    "an indicator of a term": (with_left(["indicator", "n"]), "left[1]: a condition is wanted, not n"),
    "an indicator of nothing": (with_left(["indicator"]), "left: a list of 1 is wanted"),
    "a huge power in an indicator": (with_left(["indicator", ["=", ["Pow", 10, 10**9], 0]]), "left[1][1]: this could"),
    "a form where a term is wanted": (with_left(["outer", "n", "n"]), "left: 'outer' is not a head that is known"),
    "for all of a term": (with_left(["indicator", ["for all", "n", "k", 1, 3]]), "left[1][1]: a condition is wanted"),
    "for all as a term": (with_left(["for all", ["<", "k", 1], "k", 1, 3]), "left: a term is wanted"),
    "a largest without end": (with_left(["largest", "k", "k", 1, ["constant", "oo"]]), "left: only a sum or the range"),
    "a product with its own index as an end": (with_left(["product", "k", "k", 1, "k"]), "left: the limits 1..k"),
    "two arguments for one": (with_left(["log", "n", 2]), "left: a list of 1 is wanted"),
    "one argument for two": (with_left(["Add", "n"]), "left: a list of 2 or more is wanted"),
    "equal arguments of a maximum": (with_left(["Max", "n", "n"]), "left: SymPy makes n of this Max"),
    "a real index": (with_left(["sum", 1, ["real", "k"], 0, 1]),
     "left: the index k of a sum must be an integer symbol"),
    "an index that is a term": (with_left(["sum", 1, ["Add", 1, "k"], 0, 1]), "left: the index k + 1 of a sum"),
    "a sum down from infinity": (with_left(["sum", 1, "k", ["constant", "oo"], 1]), "left: a sum does not run from oo"),
    "an array that is not there": (with_left(["entry", "x", "n"]), "left[1]: there is no array 'x' in the table"),
    "a list for an array": (with_left(["entry", ["x"], "n"]), "left[1]: there is no array"),
    "a key twice": (with_left("1").replace('"name"', '"right": 2, "name"'), "an object with the key 'right' twice"),
    "a key twice inside": (with_left("1").replace('{"start": 1}', '{"start": 1, "start": 2}'),
     "chain: an object is wanted, not an object with the key 'start' twice"),
    "a key too many": (with_left("1").replace('{"start": 1}', '{"start": 1, "verdict": "proved"}'),
     "chain: there is no key 'verdict' here; there are moves, start"),
    "a key missing": (with_left("1").replace('{"start": 1}', "{}"), "chain: the key 'start' is missing"),
    "no goal": (with_left("1").replace('"right": 1, ', ""), "the key 'right' is missing"),
    "another format": (with_left("1").replace('"certificate": 1', '"certificate": 2'),
     "certificate: the format is 2, and only 1 is known here"),
    "true for the format": (with_left("1").replace('"certificate": 1', '"certificate": true'), "the format is True"),
    "not an object": ("[]", "the file: an object is wanted, not []"),
    "no JSON": ("{", "line 1, column 2: this is not JSON"),
    "nothing": ("", "line 1, column 1: this is not JSON"),
    "a name that moves the cursor": (with_left("1").replace('"d"', '"\\u001b[2Jproved"'),
     "name: printable words are wanted"),
    "a name that turns the line": (with_left("1").replace('"d"', '"\\u202eproved"'),
     "name: printable words are wanted"),
    "half a character": (with_left("1").replace('"d"', '"\\ud800"'), "name: printable words are wanted"),
    "a number for a name": (with_left("1").replace('"d"', "7"), "name: printable words are wanted, not 7"),
    "a move of no kind": (with_left("1").replace('{"start": 1}', '{"start": 1, "moves": [{"move": "leap"}]}'),
     "chain.moves[0].move: one of step, split, induction is wanted, not 'leap'"),
    "an object for moves": (with_left("1").replace('{"start": 1}', '{"start": 1, "moves": {}}'),
     "chain.moves: a list is wanted, not {}"),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_texts_are_refused_at_once(name: str) -> None:
    """One sentence with the place, within a second or two, whatever the text."""
    text, why = HARMFUL[name]
    started = time.process_time()
    with pytest.raises(BadCertificate) as refused:
        loads(text)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250
    assert time.process_time() - started < 2


STEP = {"move": "step", "before": 1, "after": 1, "rule": "r"}
WRONG_STEPS = [
    ({"path": [True]}, "chain.moves[0].path[0]: a whole number is wanted, not True"),
    ({"path": ["0"]}, "chain.moves[0].path[0]: a whole number is wanted, not '0'"),
    ({"path": [[0, 1.5]]}, "chain.moves[0].path[0]: a whole number is wanted, not 1.5"),
    ({"path": 0}, "chain.moves[0].path: a list is wanted, not 0"),
    ({"backwards": 1}, "chain.moves[0].backwards: true or false is wanted, not 1"),
    ({"arguments": [["int", "1"]]}, "chain.moves[0].arguments[0]: a whole number is wanted, not '1'"),
    ({"arguments": [["int", False]]}, "chain.moves[0].arguments[0]: a whole number is wanted, not False"),
    ({"arguments": [["name", 1]]}, "chain.moves[0].arguments[0]: printable words are wanted, not 1"),
    ({"arguments": [["pair", "n"]]}, "chain.moves[0].arguments[0]: a list of 3 is wanted"),
    ({"arguments": [["array", "x"]]}, "chain.moves[0].arguments[0][1]: there is no array 'x'"),
    ({"reason": [["term", "n", "m"]]}, "chain.moves[0].reason[0]: printable words are wanted"),
    ({"conditions": ["n"]}, "chain.moves[0].conditions[0]: a condition is wanted, not n"),
    ({"after": ["Add", 1, ["Pow", 7, 10**8]]}, "chain.moves[0].after[2]: this could come to a number"),
    ({"lemma": 1}, "chain.moves[0]: there is no key 'lemma' here; there are after, arguments, backwards, before"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), WRONG_STEPS)
def test_wrong_parts_of_a_step_are_named(change: dict[str, Any], why: str) -> None:
    """The place is the one that finds it in the file."""
    data = json.loads(with_left("1"))
    data["chain"]["moves"] = [{**STEP, **change}]
    with pytest.raises(BadCertificate) as refused:
        loads(json.dumps(data))
    assert str(refused.value).startswith(why)


def test_wrong_arrays_and_contexts_are_named() -> None:
    """The table of arrays is read in order, and a context that contradicts itself is no context."""
    data = json.loads(with_left("1"))
    good = {"name": "x", "axes": [[0, "n"]], "outside": "zero"}
    for table, why in (
        ({"x": {**good, "outside": "?"}}, "arrays.x: outside its range an array is one of"),
        ({"x": {**good, "name": "x y"}}, "arrays.x: 'x y' is not a symbol's name"),
        ({"x": {**good, "axes": [[0]]}}, "arrays.x: a list of 2 is wanted"),
        ({"x": {**good, "axes": [[0, ["entry", "x", 1]]]}}, "arrays.x[1]: there is no array 'x' in the table"),
        ({"x": []}, "arrays.x: an object is wanted"),
    ):
        with pytest.raises(BadCertificate) as refused:
            loads(json.dumps({**data, "arrays": table}))
        assert str(refused.value).startswith(why)
    for context, why in (
        ({"declarations": [{"symbol": 1, "sort": "integer"}]}, "context.declarations[0].symbol: a symbol is wanted"),
        (
            {"definitions": [{"array": "x", "parameters": ["n"], "body": 1}]},
            "context.definitions[0].array: there is no",
        ),
        ({"hypotheses": [True]}, "context.hypotheses[0]: a term is a whole number"),
        ({"arrays": ["x"]}, "context.arrays[0]: there is no array 'x'"),
    ):
        with pytest.raises(BadCertificate) as refused:
            loads(json.dumps({**data, "context": context}))
        assert str(refused.value).startswith(why)


MATRIX = {"name": "A", "axes": [[1, "n"], [1, "n"]], "outside": "error"}
VECTOR = {"name": "u", "axes": [[1, "n"]], "outside": "error"}
OF_A, OF_U = ["array", "A"], ["array", "u"]
WRONG_FORMS: list[tuple[Any, str]] = [
    ({"form": "inverted", "operands": [OF_A]}, "'inverted' is not a form; there are convolution"),
    ({"form": ["sum"], "operands": [OF_A]}, "printable words are wanted"),
    ({"form": "sum", "operands": "A"}, "a list is wanted, not 'A'"),
    ({"form": "sum", "operands": OF_A}, "the shapes of array, A do not fit for the form sum"),
    ({"form": "sum", "operands": [OF_A, OF_U]}, "the shapes of A, u do not fit for the form sum"),
    ({"form": "sum", "operands": [OF_A]}, "the shapes of A do not fit for the form sum"),
    ({"form": "sum", "operands": []}, "the shapes of  do not fit for the form sum"),
    ({"form": "transpose", "operands": [OF_U]}, "the shapes of u do not fit for the form transpose"),
    ({"form": "product", "operands": ["n", OF_A]}, "the shapes of n, A do not fit for the form product"),
    ({"form": "scaled", "operands": [OF_A, OF_A]}, "the shapes of A, A do not fit for the form scaled"),
    ({"form": "scaled", "operands": [["<", "n", 1], OF_A]}, "n < 1"),
    ({"form": "scaled", "operands": [["constant", "oo"], OF_A]}, "only a sum or the range of an array ends"),
    ({"form": "scaled", "operands": [["Pow", 10, 10**9], OF_A]}, "this could come to a number"),
    ({"form": "sum", "operands": [["array", "f"], ["array", "f"]]}, "there is no array 'f' in the table"),
    ({"form": "sum", "operands": [["array", "g"], ["array", "g"]]}, "there is no array 'g' in the table"),
    ({"form": "sum", "operands": [OF_A, OF_A], "name": "f"}, "there is no key 'name' here; there are form, operands"),
    ({"form": "sum"}, "the key 'operands' is missing"),
]


@pytest.mark.parametrize(("form", "why"), WRONG_FORMS)
def test_wrong_forms_are_named(form: Any, why: str) -> None:
    """A form that does not exist, or whose shapes do not fit, is refused in its row of the table."""
    data = {**json.loads(with_left("1")), "arrays": {"A": MATRIX, "u": VECTOR, "f": form, "g": MATRIX}}
    with pytest.raises(BadCertificate) as refused:
        loads(json.dumps(data))
    assert str(refused.value).startswith("arrays.f") and why in str(refused.value)


def chained(operation: str, number: int, both: bool) -> str:
    """A table in which each form is made of the one before, once or twice."""
    arrays: dict[str, Any] = {"A": MATRIX}
    last = "A"
    for place in range(number):
        arrays[f"f{place}"] = {"form": operation, "operands": [["array", last], ["array", last] if both else OF_A]}
        last = f"f{place}"
    return json.dumps({**json.loads(with_left("1")), "arrays": arrays})


@pytest.mark.parametrize(
    ("both", "why"), [(True, f"more than {MOST_PARTS} arrays"), (False, f"more than {MOST_NESTED} deep")]
)
@pytest.mark.parametrize("operation", ["product", "sum"])
def test_a_small_table_makes_no_huge_form(operation: str, both: bool, why: str) -> None:
    """Each row doubles the form, so a hundred rows would never be done; the row that is too much is named."""
    started = time.process_time()
    with pytest.raises(BadCertificate, match=why):
        loads(chained(operation, 100, both))
    assert time.process_time() - started < 2
    assert loads(chained(operation, 5, both)).left == 1


def test_ranges_that_hold_arrays_double_no_more_than_forms() -> None:
    """A range may hold entries of the arrays before it, and so may double with each row too."""
    arrays: dict[str, Any] = {"x0": {"name": "x0", "axes": [[0, "n"]], "outside": "zero"}}
    for place in range(1, 60):
        entries = [["entry", f"x{place - 1}", number] for number in (0, 1)]
        arrays[f"x{place}"] = {"name": f"x{place}", "axes": [[0, ["Add", *entries]]], "outside": "zero"}
    with pytest.raises(BadCertificate, match=f"arrays.x6: it is made of more than {MOST_PARTS} arrays"):
        loads(json.dumps({**json.loads(with_left("1")), "arrays": arrays}))


def test_a_long_text_is_not_read() -> None:
    """The length is looked at first."""
    with pytest.raises(BadCertificate, match="the file is too long"):
        loads(" " * 10_000_001)


def test_parts_in_another_order_are_the_same_term() -> None:
    """Who edits by hand need not know SymPy's order; the term is the one that SymPy makes."""
    assert loads(with_left(["Add", "n", 1])).left == n + 1
    assert loads(with_left(["held", "Add", "n", 1])).left.args == (n, Integer(1))
    assert array("x", (0, n)) == Array("x", ((0, n),), "error")

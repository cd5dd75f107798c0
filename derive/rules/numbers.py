r"""Numbers for sizes and arrays: a sum written out term by term, the numbers inserted as they are, then arithmetic.

An array that is given by its numbers is one that is defined by cases on its indices. The lines that a page shows,
$\sum_{i=1}^2 x_i w_i = x_1 w_1 + x_2 w_2 = 4\cdot 5 + 3\cdot(-1) = 17$, are steps like all others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial

from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol

from derive.errors import BadInput, RuleDoesNotApply
from derive.kernel.derivation import Chain, Derivation, Step, Text
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import (
    OTHERWISE,
    TRUE,
    Array,
    Cases,
    Compare,
    Condition,
    Context,
    Definition,
    Entry,
    IndexProduct,
    IndexSum,
    Indicator,
    eq,
    fresh,
    negate,
    parts_of,
    substitute,
    subterms,
)
from derive.language.conditions import is_false_for_numbers
from derive.language.context import arrays_in
from derive.language.forms import Form
from derive.language.numbers import as_rational
from derive.language.points import evaluate
from derive.language.wellformed import obligations
from derive.rules.algebra import algebra, definition
from derive.rules.combine import (
    Conversion,
    Moves,
    at,
    at_part,
    attempt,
    by,
    chain,
    changing,
    everywhere,
    listed,
    one_line,
    places,
    then,
)
from derive.rules.forms import CALLED
from derive.rules.lemmas import check_values, specialised, use_lemma
from derive.rules.regroup import decided, shifted_cases, worked_out

MOST_TERMS = 60
"""Terms that a sum is written out to."""
_MOST_LOOKED_AT = 4_000

Index = tuple[int, ...]


@primitive("written out")
def write_out_sum(context: Context, e: Expr) -> Rewrite:
    """sum(f(k), k=a..b) -> f(a) + ... + f(b), in this order and without zeros        [a left-out term has a factor 0]

    A term is left out where a factor is an entry outside the range of an array that is 0 there, or an indicator of
    what is false; sums within the sum are written out too.
    Fails: e is not a sum; a limit is not a number; more than 60 terms are left.
    """
    conditions: dict[Condition, None] = {}
    terms: list[Expr] = []
    for looked, term in enumerate(_terms(need(IndexSum, e, "write_out_sum"))):
        if looked >= _MOST_LOOKED_AT or len(terms) > MOST_TERMS:
            raise RuleDoesNotApply("{} has more than {} terms, which is too long to be written out", e, MOST_TERMS)
        left, needed = _without_zeros(term)
        conditions.update(dict.fromkeys(needed))
        terms += [] if left == 0 else [left]
    if len(terms) > MOST_TERMS:
        raise RuleDoesNotApply("{} has more than {} terms, which is too long to be written out", e, MOST_TERMS)
    after = Add(*terms, evaluate=False) if len(terms) > 1 else terms[0] if terms else Integer(0)
    return rewrite(after, tuple(conditions))


@primitive("written out")
def write_out_product(context: Context, e: Expr) -> Rewrite:
    """prod(f(k), k=a..b) -> f(a)*...*f(b)        [each factor has a value]

    Fails: e is not a product over a range; a limit is not a number; there are more than 60 factors.
    """
    whole = need(IndexProduct, e, "write_out_product")
    if not (isinstance(whole.low, Integer) and isinstance(whole.high, Integer)):
        raise RuleDoesNotApply("the limits of {} are not numbers", e)
    places = range(int(whole.low), int(whole.high) + 1)
    if len(places) > MOST_TERMS:
        raise RuleDoesNotApply("{} has more than {} factors, which is too long to be written out", e, MOST_TERMS)
    factors = [substitute(whole.body, {whole.index: Integer(place)}) for place in places]
    return rewrite(Mul(*factors), [c for factor in factors for c in obligations(factor, context)])


def _terms(e: Expr) -> Iterator[Expr]:
    """The terms of a sum with numbers as limits, of the sums directly in it as well."""
    if not isinstance(e, IndexSum):
        yield e
        return
    if not (isinstance(e.low, Integer) and isinstance(e.high, Integer)):
        raise RuleDoesNotApply("the limits of {} are not numbers", e)
    for number in range(int(e.low), int(e.high) + 1):
        yield from _terms(substitute(e.body, {e.index: Integer(number)}))


def _without_zeros(term: Expr) -> tuple[Expr, list[Condition]]:
    """The term, 0 where a factor is plainly 0, without indicators of what is true; and the conditions for that."""
    factors: list[Expr] = []
    needed: list[Condition] = []
    for factor in Mul.make_args(term):
        if isinstance(factor, Entry) and factor.array.outside == "zero":
            for part in parts_of(factor.in_range):
                if is_false_for_numbers(part):
                    return Integer(0), [negate(part)]
        if isinstance(factor, Indicator):
            parts = parts_of(factor.condition)
            for part in parts:
                if is_false_for_numbers(part):
                    return Integer(0), [negate(part)]
            if all(_is_true_for_numbers(part) for part in parts):
                needed += parts
                continue
        factors.append(factor)
    return (term, []) if not needed else (Mul(*factors), needed)


def _is_true_for_numbers(condition: Condition) -> bool:
    numbers = isinstance(condition, Compare) and (condition.left - condition.right).is_Rational
    return numbers and not is_false_for_numbers(condition)


@primitive("insert the numbers")
def insert_numbers(context: Context, e: Expr) -> Rewrite:
    """f(x[2], w[3], ...) -> f(4, 5, ...), sums and products kept as written        [x[2] = 4, w[3] = 5 by definition]

    Entries are looked for in sums, products and powers with whole exponents, and nowhere else.
    Fails: no entry there is a number by definition at indices that are numbers.
    """
    conditions: dict[Condition, None] = {}
    after = _inserted(context, e, conditions)
    if after == e:
        raise RuleDoesNotApply("no entry in {} is given by its number", e)
    return rewrite(after, tuple(conditions))


def _inserted(context: Context, e: Expr, conditions: dict[Condition, None]) -> Expr:
    if isinstance(e, Entry):
        value, needed = _number(context, e)
        if value is None:
            return e
        conditions.update(dict.fromkeys(needed))
        return value
    if isinstance(e, Mul) and e.args[0] == -1:
        whole = _inserted(context, -e, conditions)
        return e if whole == -e else -whole if isinstance(whole, Rational) else Mul(-1, whole, evaluate=False)
    if isinstance(e, (Add, Mul)):
        parts = [_inserted(context, part, conditions) for part in e.args]
        if parts == list(e.args):
            return e
        if isinstance(e, Add) and isinstance(parts[0], Rational) and parts[0] < 0 and e.args[0] == parts[0]:
            parts = [*parts[1:], parts[0]]  # 3 - 1, as it is said, and not -1 + 3
        return e.func(*parts, evaluate=False)
    if isinstance(e, Pow) and isinstance(e.exp, Integer):
        base = _inserted(context, e.base, conditions)
        return e if base == e.base else Pow(base, e.exp, evaluate=False)
    return e


def _number(context: Context, entry: Entry) -> tuple[Rational | None, list[Condition]]:
    """What the entry is by definition, if that is a number, and the conditions under which it is."""
    definition = None if isinstance(entry.array, Form) else context.definition_of(entry.array)
    if definition is None or not all(isinstance(i, Integer) for i in entry.indices):
        return None, []
    needed = [] if entry.in_range == TRUE else list(parts_of(entry.in_range))
    value = definition.at(entry.indices)
    while isinstance(value, Cases):
        # Cases that numbers rule out are gone, so the first that is left applies if numbers say that it does.
        value, condition = value.clauses[0]
        if not all(map(_is_true_for_numbers, parts_of(condition))):
            return None, []
        needed += parts_of(condition)
    return (value, needed) if isinstance(value, Rational) else (None, [])


def by_numbers(array: Array, values: Mapping[Index, Rational]) -> Definition:
    """The array with these entries, by cases on its indices, one index after the other.

    Args:
        array: Its range must be that of the numbers.
        values: {indices: number}, one for each place of the range.

    Example:
        >>> from derive.language import array
        >>> by_numbers(array("x", (1, 3)), {(1,): Integer(4), (2,): Integer(5), (3,): Integer(4)}).body
        {4 if i = 1; 5 if i = 2; 4 if true}
    """
    taken = {s.name for s in array.free_symbols}
    parameters: list[Symbol] = []
    for letter, _ in zip("ijlmnrst", array.axes, strict=False):
        parameters.append(fresh(letter, taken))
        taken.add(parameters[-1].name)
    return Definition(array, tuple(parameters), _by_cases(parameters, values))


def _by_cases(parameters: list[Symbol], values: Mapping[Index, Rational]) -> Expr:
    if len(set(values.values())) == 1:
        return next(iter(values.values()))
    first = sorted({index[0] for index in values})
    inner = [
        _by_cases(parameters[1:], {index[1:]: value for index, value in values.items() if index[0] == place})
        for place in first
    ]
    conditions = [eq(parameters[0], place) for place in first[:-1]]
    return Cases(*zip(inner, (*conditions, OTHERWISE), strict=True)) if conditions else inner[0]


def inserted(general: Derivation, values: Mapping[Symbol, Expr]) -> Derivation:
    """As `specialised`, for claims about free arrays too, whose ranges then become numbers.

    A lemma with derivatives needs to be told what its arrays become: they vary freely, and must do so there.

    Raises:
        BadInput: as `specialised`.
    """
    whole = {s: v for s, v in values.items() if s.is_integer}
    moved = {a: substitute(a, whole) for a in general.context.arrays if substitute(a, whole) != a}
    if not moved:
        return specialised(general, values)
    if len(whole) < len(values):
        return specialised(inserted(general, whole), {s: v for s, v in values.items() if s not in whole})
    check_values(general.context, values)
    there = general.context.substituted({**values, **moved})
    context = replace(there, hypotheses=tuple(h for h in there.hypotheses if h.free_symbols or h.has(Entry)))
    start = substitute(general.left, {**values, **moved})
    running = [s for s in context.symbols if s.is_integer and s in general.right.free_symbols]
    finish = [shifted_cases(running[0])] if running else []
    conversion = then(use_lemma(general, {**values, **moved}), decided, *finish, attempt(worked_out))
    moves = tuple(replace(m, grain="full") if isinstance(m, Step) else m for m in conversion(context, start))
    proof = Chain(start, moves)
    settings = ", ".join(f"{s}={v}" for s, v in sorted(values.items(), key=lambda item: str(item[0])))
    return Derivation(f"{general.name}({settings})", context, start, proof.end, proof, general.relation, (general,))


def at_numbers(name: str, context: Context, term: Expr, given: Mapping[Array, Mapping[Index, Rational]]) -> Derivation:
    """The term, whose symbols are all numbers, worked out for arrays that are given by their numbers.

    Args:
        name: Of the derivation.
        context: Where the term stands; its definitions that the term rests on are kept.
        term: What is worked out.
        given: {array of the context: {indices: number}}.

    Raises:
        BadInput: the term rests on something that is not given, or is too long to be written out.
    """
    defined = {array: by_numbers(array, values) for array, values in given.items()}
    needed: dict[Array, Definition] = {}
    waiting = sorted(arrays_in(term), key=str)
    while waiting:
        array = waiting.pop()
        definition = defined.get(array) or context.definition_of(array)
        if definition is None:
            raise BadInput(f"no number can be worked out: {array} is not given")
        if array not in needed:
            needed[array] = definition
            waiting += sorted(arrays_in(definition.body), key=str)
    order = [*defined.values(), *context.definitions]
    there = Context((), (), tuple(d for d in order if needed.get(d.array) is d), ())
    value = as_rational(evaluate(term, {}, there))
    number = Rational(value.numerator, value.denominator)
    inner = [t for t in subterms(term) if isinstance(t, Entry) and t != term and _is_defined(there, t, given)]
    lemmas = tuple(at_numbers(f"{name}, {t}", context, t, given) for t in sorted(dict.fromkeys(inner), key=str))
    lemmas = tuple(replace(lemma, context=there) for lemma in lemmas)
    known = [at_part(lemma.left, use_lemma(lemma, {}, (eq(lemma.left, lemma.right),))) for lemma in lemmas]
    try:
        inserted_first = one_line(then(*(attempt(one) for one in known)))
        proof = chain(there, term, then(inserted_first, written_out(number, frozenset(given))))
    except RuleDoesNotApply as problem:
        raise BadInput(f"{name}: {problem}") from None
    return Derivation(name, there, term, proof.end, proof, lemmas=lemmas)


def _is_defined(context: Context, entry: Entry, given: Collection[Array]) -> bool:
    """Whether the entry, at indices that are numbers, is told by a definition that is no list of numbers."""
    if isinstance(entry.array, Form) or entry.array in given or context.definition_of(entry.array) is None:
        return False
    return all(isinstance(index, Integer) for index in entry.indices)


def written_out(number: Rational, given: frozenset[Array]) -> Conversion:
    """The term without letters as the number: definitions, sums term by term, numbers inserted, arithmetic."""

    def unfold(context: Context, e: Expr) -> Moves:
        if not isinstance(e, Entry) or e.array in given:
            raise RuleDoesNotApply("{} is not defined by others", e)
        found = context.definition_of(e.array)
        if found is not None and found.is_recursive:
            raise RuleDoesNotApply("{} is defined by itself", e.array)
        return by(definition)(context, e)

    def run(context: Context, e: Expr) -> Moves:
        moves = attempt(one_line(changing(everywhere(unfold)), _defined(e, given)))(context, e)
        here = moves[-1].after if moves else e
        moves += one_line(partial(_all_sums, reason=_reason(here)))(context, here)
        moves += attempt(by(insert_numbers))(context, moves[-1].after if moves else e)
        here = moves[-1].after if moves else e
        return moves if here == number else (*moves, *by(algebra, number, reason=("arithmetic",))(context, here))

    return run


def _defined(e: Expr, given: frozenset[Array]) -> Text:
    """`definition of the full convolution`, `definition of S`"""
    arrays = {t.array for t in subterms(e) if isinstance(t, Entry) and t.array not in given}
    words: Text = ()
    for array in sorted(arrays, key=str):
        called = CALLED.get(array.operation, "") if isinstance(array, Form) else array
        words += (" and " if words else "definition of ", called) if called != "" else ()
    return words or ("in indices",)


def _all_sums(context: Context, e: Expr, reason: Text) -> Moves:
    """All sums and products written out, the outermost first."""
    moves: Moves = ()
    while True:
        here = moves[-1].after if moves else e
        found = next(((path, part) for path, part in places(here) if isinstance(part, (IndexSum, IndexProduct))), None)
        if found is None:
            return moves
        law = write_out_sum if isinstance(found[1], IndexSum) else write_out_product
        moves += at(found[0], by(law, reason=reason))(context, here)


def _reason(e: Expr) -> Text:
    """`written out; g is 0 outside its range`, if that leaves terms out."""
    sums = [t for t in subterms(e) if isinstance(t, IndexSum)]
    outside = {
        factor.array
        for total in sums[:1]
        for term in _terms(total)
        for factor in Mul.make_args(term)
        if isinstance(factor, Entry) and _without_zeros(factor)[0] == 0
    }
    if not outside:
        return ("written out",)
    arrays = sorted(outside, key=str)
    return ("written out; ", *listed(arrays), " is 0 outside its range" if len(arrays) == 1 else " are 0 outside")

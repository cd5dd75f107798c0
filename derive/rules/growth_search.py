"""Constants, thresholds and points for a statement about growth, where none are given: a short list is tried.

Nothing here is evidence. What is found is put into the statement, which is then derived and checked like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from sympy import Add, Expr, Integer, Poly, PolynomialError, Rational, Symbol

from derive.errors import IllFormed, RuleDoesNotApply
from derive.language import substitute
from derive.language.discharge import discharge
from derive.rules.growth import START, C, Comparison, Goal, epsilon, goals, n_0

_NUMBERS = (1, 2, 3, 4, 6, 8, 12)


def completed(statement: Comparison) -> Comparison:
    """The statement with constants and thresholds, if it has none and some are found.

    Raises:
        RuleDoesNotApply: none of those that are tried will do.

    Example:
        >>> from derive.language import Context, declare
        >>> n, k = declare("n", "size"), declare("k", "size")
        >>> length = n.symbol - k.symbol + 1
        >>> found = completed(Comparison(Context((n, k)), length, "Theta", n.symbol, (n.symbol,)))
        >>> found.above, found.below, found.beyond
        (1, 1/2, ((n, 2*k),))
    """
    if statement.is_opposite:
        return statement if statement.along else _first(statement, _with_points(statement))
    statement = statement if statement.along or not statement.moving else _with_room(statement)
    needs = {"O": ("above",), "Omega": ("below",), "Theta": ("above", "below")}.get(statement.kind, ())
    if all(getattr(statement, name) is not None for name in needs) and (statement.beyond or not statement.is_small):
        return statement
    return _first(statement, _with_constants(statement, needs))


def decided(statement: Comparison) -> Comparison:
    """The statement with what shows it, or its opposite with points that show that one.

    Raises:
        RuleDoesNotApply: neither is found; then nothing is known of it.

    Example:
        >>> from derive.language import Context, declare
        >>> n = declare("n", "size")
        >>> found = decided(Comparison(Context((n,)), n.symbol**2, "O", n.symbol, (n.symbol,)))
        >>> found.kind, found.along
        ('not O', ((n, C*n_0 + 1),))
    """
    try:
        return completed(statement)
    except RuleDoesNotApply as problem:
        if statement.kind not in ("O", "Omega", "Theta", "o"):
            raise
        bare = replace(statement, kind=f"not {statement.kind}", above=None, below=None, beyond=(), along=())
        if statement.kind == "o":
            bare = replace(bare, below=Rational(1, 2))
        for sinks in (False, True) if statement.kind == "Theta" else (False,):
            try:
                return completed(replace(bare, upper=None, lower=None, sinks=sinks))
            except RuleDoesNotApply:
                continue
        raise problem


def _first(statement: Comparison, tried: Iterator[Comparison]) -> Comparison:
    for candidate in tried:
        try:
            wanted = goals(candidate)
        except IllFormed:
            continue
        if all(_holds(goal) for goal in wanted):
            return candidate
    raise RuleDoesNotApply(
        "no constants, thresholds or points are found for {} and {}", statement.left, statement.right
    )


def _holds(goal: Goal) -> bool:
    return discharge(goal.context, goal.condition).shown


def _with_room(statement: Comparison) -> Comparison:
    """Points at which the hypotheses hold and all that grows is large."""
    fixed = Add(*(s for s in statement.fixed if s.is_integer))
    context = statement.settled.with_declarations(START)
    for value in (n_0, n_0 + fixed):
        values = dict.fromkeys(statement.tends, value)
        if all(discharge(context, substitute(fact, values)).shown for fact in statement.moving):
            return replace(statement, along=tuple(values.items()))
    raise RuleDoesNotApply("no points are found at which {} is large", ", ".join(map(str, statement.tends)))


def _with_constants(statement: Comparison, needs: tuple[str, ...]) -> Iterator[Comparison]:
    """One constant after the other, first without a threshold."""
    size = _size(statement.left, statement.tends)
    numbers = sorted({*_NUMBERS, size})
    fixed = Add(*(s for s in statement.fixed if s.is_integer))
    if statement.is_small:
        thresholds = [n / epsilon for n in (Integer(1), Integer(size), size * (1 + fixed))]
    else:
        thresholds = [Integer(0), Integer(size), 2 * fixed]
    for least in thresholds:
        beyond = tuple((s, least) for s in statement.tends) if least != 0 else ()
        made = replace(statement, beyond=beyond)
        for name in needs:
            values = [Integer(v) if name == "above" else Rational(1, v) for v in numbers]
            one = {"above": "O", "below": "Omega"}[name]
            half = replace(made, kind=one, above=None, below=None)
            fits = (v for v in values if all(map(_holds, goals(replace(half, **{name: v})))))
            chosen = next(fits, None)
            if chosen is None:
                break
            made = replace(made, **{name: chosen})
        else:
            yield made


def _size(term: Expr, grows: tuple[Symbol, ...]) -> int:
    """The sum of the absolute values of the coefficients of a polynomial, rounded up; 1 of anything else."""
    try:
        numbers = Poly(term, *grows).coeffs()
    except PolynomialError:
        return 1
    if not all(isinstance(c, Rational) for c in numbers):
        return 1
    return int(sum(abs(c) for c in numbers)) + 1


def _with_points(statement: Comparison) -> Iterator[Comparison]:
    """Each growing symbol by itself, as large as it takes."""
    values: tuple[Expr, ...] = (n_0, C * n_0 + 1, C**2 * n_0 + 1)
    if statement.kind == "not o":
        values = (n_0, n_0**2)
    for chosen in product(values, repeat=len(statement.tends)):
        yield replace(statement, along=tuple(zip(statement.tends, chosen, strict=True)))

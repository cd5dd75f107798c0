"""The law of the random entries at a witness, in words: the values that each takes, and with which probability."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from sympy import Basic, Integer, Rational

from derive.kernel.derivation import Text
from derive.language import Context, Entry, eq
from derive.language.chancy import Atom, Chancy
from derive.language.outcomes import Outcomes
from derive.language.points import Evaluator, evaluate
from derive.numeric.refuting import Witness

_MOST_ENTRIES, _MOST_VALUES = 4, 4
_PLAIN: Text = ("The random entries have a joint law that meets what is stated.",)


def laws_in_words(context: Context, at: Witness) -> Text:
    """What the random entries are at the witness; of many entries, or of many values, only that they are as stated.

    Example:
        >>> from derive.language import array, chance
        >>> x = array("x", (1, 1))
        >>> c = Context(arrays=(x,), chances=(chance(x, law="signs", entries="independent"),))
        >>> laws_in_words(c, Witness({}, {}, Fraction(0), Fraction(0)))
        ('Let ', x[1] = 1, ' or ', -1, ' (probabilities ', 1/2, ', ', 1/2, ')', '.')
    """
    if not context.random:
        return ()
    law = Outcomes(context.chances, Evaluator(context, at.arrays, at.point), at.variant)
    told: list[str | Basic] = []
    rests: list[set[Atom]] = []
    for record in context.chances:
        read = law.entries(record.array)
        if any(end.is_infinite for ends in record.array.axes for end in ends):
            return _PLAIN
        axes = [[int(Fraction(str(evaluate(end, at.point)))) for end in ends] for ends in record.array.axes]
        for place in product(*(range(low, high + 1) for low, high in axes)):
            value = read(*place)
            atoms = list(dict.fromkeys(a for m in value.terms for a, _ in m)) if isinstance(value, Chancy) else []
            if len(rests) == _MOST_ENTRIES or any(not a.law for a in atoms):
                return _PLAIN
            values: dict[Any, Fraction] = {}
            for chosen in product(*(a.law for a in atoms)):
                picked = {a: v for a, (v, _) in zip(atoms, chosen, strict=True)}
                share = prod((Fraction(weight) for _, weight in chosen), start=Fraction(1))
                number = value.at(picked.__getitem__) if isinstance(value, Chancy) else value
                values[number] = values.get(number, Fraction(0)) + share
            if len(values) > _MOST_VALUES or not all(isinstance(v, int | Fraction) for v in values):
                return _PLAIN
            told += [", "] if told else []
            told += _alike(Entry(record.array, *map(Integer, place)), values)
            rests.append(set(atoms))
    shared = sum(map(len, rests)) > len(set().union(*rests))
    how = "" if len(rests) < 2 else ", dependent on each other" if shared else ", independent of each other"
    return ("Let ", *told, f"{how}.")


def _alike(entry: Entry, values: dict[Any, Fraction]) -> list[str | Basic]:
    """`x[1] = 1 or -1 (probabilities 1/2, 1/2)`."""
    numbers = [Rational(v.numerator, v.denominator) for v in values]
    words: list[str | Basic] = [eq(entry, numbers[0])]
    for number in numbers[1:]:
        words += [" or ", number]
    if len(numbers) == 1:
        return words
    words.append(" (probabilities ")
    for place, weight in enumerate(values.values()):
        words += [", "] if place else []
        words.append(Rational(weight.numerator, weight.denominator))
    return [*words, ")"]

"""The table that says which variant has which numbers, and whether they are different enough for a class."""

from __future__ import annotations

from collections.abc import Mapping


def table(numbers: Mapping[int, str]) -> str:
    r"""Columns that tabulators separate: the variant, its numbers, and the first variant that has the same ones.

    Args:
        numbers: {variant: its numbers in a line}.

    Example:
        >>> table({1: "n = 3", 2: "n = 4", 3: "n = 3"}).splitlines()
        ['variant\tnumbers\tsame as', '1\tn = 3\t', '2\tn = 4\t', '3\tn = 3\t1']
    """
    first: dict[str, int] = {}
    lines = ["variant\tnumbers\tsame as"]
    for variant, said in numbers.items():
        before = first.setdefault(said, variant)
        lines.append(f"{variant}\t{said}\t{before if before != variant else ''}")
    return "\n".join(lines) + "\n"


def few_numbers(sheet: str, numbers: Mapping[int, str]) -> tuple[str, ...]:
    """A sentence, where several variants have the same numbers.

    Example:
        >>> few_numbers("pulse", {1: "n = 3", 2: "n = 4", 3: "n = 3"})
        ('pulse: 3 variants have 2 different sets of numbers; more or wider ranges in `vary` would tell them apart',)
        >>> few_numbers("pulse", {1: "n = 3", 2: "n = 4"})
        ()
    """
    different = len(set(numbers.values()))
    if different == len(numbers):
        return ()
    if not any(numbers.values()):
        return (f"{sheet}: all {len(numbers)} variants are the same, since no problem has a `vary`",)
    sets = "one set" if different == 1 else f"{different} different sets"
    said = f"{sheet}: {len(numbers)} variants have {sets} of numbers"
    return (f"{said}; more or wider ranges in `vary` would tell them apart",)

"""Using a proved claim as a lemma, and giving symbols values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympy import Basic, Expr

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Derivation, Step, Text
from derive.kernel.lemma import apply_lemma
from derive.language import Context, substitute
from derive.rules.combine import Conversion, Moves


def use_lemma(lemma: Derivation, values: Mapping[Basic, Any], reason: Text = ()) -> Conversion:
    """The lemma's left side at the values becomes its right side; the derivation must carry the lemma."""

    def run(context: Context, e: Expr) -> Moves:
        arguments = (lemma.name, *values.items())
        if e != substitute(lemma.left, values):
            raise RuleDoesNotApply(f"{e} is not the left side of {lemma.name} at these values")
        made = apply_lemma((lemma,), context, e, arguments)
        why = reason or (f"proved as {lemma.name}",)
        return (Step(e, made.after, "lemma", arguments, made.conditions, (), made.relation, why),)

    return run

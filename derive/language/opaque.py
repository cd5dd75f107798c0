"""Terms of which no procedure for numbers knows anything: to these they are letters.

An equation whose sides differ by such a letter, and that nothing else speaks of, follows from no facts that can hold at
all. It need not be asked, which is what most equations are that a search for a law tries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from sympy import Abs, Add, Basic, Expr, Max, Min, Mod, Mul, Number, Pow, Symbol, ceiling, floor

from derive.language.conditions import Compare, Condition
from derive.language.symbols import is_integer
from derive.language.terms import ForAll, Indicator, with_standard_indices

_KNOWN = (Add, Mul, Pow, Min, Max, Abs, floor, ceiling, Mod, Indicator, Symbol, Number)


def always_broken(refuted: Condition, facts: Iterable[Condition]) -> bool:
    """Whether the relation holds at some point of the facts if these have a point, as one letter alone can see to it.

    Example:
        >>> from derive.language import Compare, array, ge, integer
        >>> n, i = integer("n"), integer("i")
        >>> x = array("x", (1, n))
        >>> always_broken(Compare("!=", x[i] + n, n**2), [ge(n, 1)])
        True
        >>> always_broken(Compare("!=", x[i] + n, n**2), [ge(x[i], 1)])
        False
    """
    if not isinstance(refuted, Compare) or refuted.left.is_infinite or refuted.right.is_infinite:
        return False
    alone, held = [], {key for fact in facts for key in _letters(fact)}
    for term in Add.make_args(refuted.left - refuted.right):
        factor, rest = term.as_coeff_Mul()
        if not isinstance(rest, _KNOWN) and (refuted.op != "=" or (factor in (1, -1) and not is_integer(rest))):
            alone.append(with_standard_indices(rest))
        else:
            held.update(_letters(rest))
    return any(alone.count(key) == 1 and key not in held for key in alone)


@lru_cache(8192)
def _letters(term: Basic) -> frozenset[Basic]:
    return frozenset(_found(term))


def _found(term: Basic) -> Iterator[Basic]:
    if isinstance(term, ForAll) or (isinstance(term, Expr) and not isinstance(term, _KNOWN)):
        yield with_standard_indices(term)
    else:
        for part in term.args:
            yield from _letters(part)

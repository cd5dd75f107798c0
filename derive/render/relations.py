"""Comparisons joined to chains: `0 <= n` and `n <= L - 1` read `0 <= n <= L - 1`.

Links are joined where one ends with what the next begins with and both point the same way. A pair `n >= 0`,
`n <= L - 1` about the same left side is turned to read from small to large. A single comparison stays as written.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Mod

from derive.language import Compare

_RISING, _FALLING = ("<", "<="), (">", ">=")
_TURNED = {">=": "<=", ">": "<"}


def divisibility(part: Compare) -> tuple[Expr, Expr] | None:
    """(d, u) where the comparison says that d divides u, or with `!=` that it does not.

    Example:
        >>> from derive.language import eq, integer
        >>> n = integer("n")
        >>> divisibility(eq(Mod(n, 2), 0)), divisibility(eq(Mod(n, 2), 1))
        ((2, n), None)
    """
    if part.op in ("=", "!=") and isinstance(part.left, Mod) and part.right == 0:
        return part.left.args[1], part.left.args[0]
    return None


def _fit(first: Compare, second: Compare) -> bool:
    if divisibility(first) or divisibility(second):
        return False
    same_way = any(first.op in way and second.op in way for way in (_RISING, _FALLING, ("=",)))
    return same_way and first.right == second.left


def _as_bounds(parts: list[Compare]) -> list[Compare]:
    """Lower bounds turned round where the same term also has an upper bound, written the same way."""
    above = {p.left for p in parts if p.op in _RISING}
    begun = {p.right for p in parts if p.op in _RISING}
    return [
        Compare(_TURNED[p.op], p.right, p.left) if p.op in _TURNED and p.left in above and p.left not in begun else p
        for p in parts
    ]


def as_chains(parts: Sequence[Compare]) -> list[list[Compare]]:
    """The comparisons grouped into chains, in the order of their first links.

    Example:
        >>> from derive.language import ge, integer, le, ne
        >>> n, L = integer("n"), integer("L")
        >>> as_chains([ge(n, 0), ne(L, 2), le(n, L)])
        [[0 <= n, n <= L], [L != 2]]
    """
    left = _as_bounds(list(parts))
    chains = []
    while left:
        chain = [left.pop(0)]
        grown = True
        while grown:
            grown = False
            for other in left:
                if _fit(chain[-1], other):
                    chain.append(other)
                elif _fit(other, chain[0]):
                    chain.insert(0, other)
                else:
                    continue
                left.remove(other)
                grown = True
                break
        chains.append(chain)
    return chains

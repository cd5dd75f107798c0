"""Arrays that a recursion reads, extended by zeros, so that the recursion goes on beyond their ranges.

`w_{t+1} = a w_t + x_{t+1}` with `x` of n entries has no value beyond n, so nothing is shown there by induction on t.
What holds for the array with zeros outside its range holds for the array wherever both sides have values; whether they
have is asked apart from this, of every index that was read (`derive.claims.definedness`).
"""

from __future__ import annotations

from sympy import Expr

from derive.language import Array, Context, Entry, Partial, substitute, subterms


def with_zeros_outside(context: Context, left: Expr, right: Expr) -> tuple[Context, Expr, Expr] | None:
    """The context and the sides with such arrays extended; None if no recursion reads an array whose size is a letter.

    Example:
        >>> from sympy import oo
        >>> from derive.language import OTHERWISE, Cases, Definition, array, declare, eq, integer
        >>> n, t = declare("n", "size"), integer("t")
        >>> x, y = array("x", (1, n.symbol)), Array("y", ((0, oo),), "error")
        >>> sums = Definition(y, (t,), Cases((0, eq(t, 0)), (y[t - 1] + x[t], OTHERWISE)))
        >>> made = with_zeros_outside(Context((n,), (), (sums,), (x,)), y[n.symbol], y[n.symbol])
        >>> [a.outside for a in made[0].arrays]
        ['zero']
    """
    if context.random or left.has(Partial) or right.has(Partial):
        return None
    recursions = [d for d in context.definitions if d.is_recursive]
    read = {e.array for d in recursions for e in subterms(d.body) if isinstance(e, Entry)}
    kept = [a for a in context.arrays if a in read and a.outside == "error" and a.free_symbols]
    if not kept:
        return None
    put = {a: Array(a.name, a.axes, "zero") for a in kept}
    return context.substituted(put), substitute(left, put), substitute(right, put)

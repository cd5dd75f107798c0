r"""An entry at an equal index, or one that is equal up to whole turns of a ring; remainders of such numbers.

$x_i = x_j$ where $i = j$. Where indices are taken modulo the size s of the axis it is enough that
$i = j + q s$ for an integer q, which is given with the step: the checker is asked an equation and no search for q.
Under the same condition $i \bmod s = j \bmod s$.

Source: Graham, Knuth, Patashnik, Concrete Mathematics, 2nd ed., section 4.6, (4.36) (congruence).
"""

from __future__ import annotations

from sympy import Add, Dummy, Expr, Integer, Mod, Mul, cancel, floor

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Text
from derive.kernel.law import Rewrite, need, primitive, rewrite
from derive.language import Compare, Context, Entry, eq
from derive.language.symbols import is_integer
from derive.language.terms import expanded
from derive.language.wellformed import obligations
from derive.rules.combine import Conversion, Moves, by


@primitive("only the remainder of an index counts")
def same_place(context: Context, e: Expr, axis: int, index: Expr, turns: Expr) -> Rewrite:
    """x[i] -> x[j]        [i = j + q*(b - a + 1) on the axis a..b; q = 0 unless x wraps around]

    Arguments: which axis, from 0; j; q, an integer.
    Fails: e is no entry with such an axis; j or q need not be an integer; q is not 0, and x does not wrap around.
    Source: Concrete Mathematics, section 4.6.
    """
    entry: Entry = need(Entry, e, "same_place")
    if not 0 <= axis < len(entry.indices):
        raise RuleDoesNotApply("same_place: {} has no axis {}", e, axis)
    if not (is_integer(index) and is_integer(turns)) or index.is_infinite or turns.is_infinite:
        raise RuleDoesNotApply("same_place: {} and {} need not be integers", index, turns)
    low, high = entry.array.axes[axis]
    there = index
    if turns != 0:
        if entry.array.outside != "wraps" or low.is_infinite or high.is_infinite:
            raise RuleDoesNotApply("same_place: {} does not wrap around", entry.array)
        there = index + turns * (high - low + 1)
    after = Entry(entry.array, *entry.indices[:axis], index, *entry.indices[axis + 1 :])
    same = eq(in_floors(entry.indices[axis]), in_floors(there))
    defined = (*obligations(turns, context), *obligations(after, context))
    return rewrite(after, list(dict.fromkeys((same, *defined))))


@primitive("only the remainder counts")
def same_remainder(context: Context, e: Expr, whole: Expr, turns: Expr) -> Rewrite:
    """i mod s -> j mod s        [i = j + q*s]

    Arguments: j; q, an integer.
    Fails: e is no remainder; i, j or q need not be an integer.
    Source: Concrete Mathematics, section 4.6.
    """
    old, size = need(Mod, e, "same_remainder").args
    if not all(is_integer(part) and not part.is_infinite for part in (old, whole, turns)):
        raise RuleDoesNotApply("same_remainder: {}, {} and {} need not be integers", old, whole, turns)
    after = Mod(whole, size, evaluate=False)
    same = eq(in_floors(old), in_floors(whole + turns * size))
    return rewrite(after, list(dict.fromkeys((same, *obligations(turns, context), *obligations(after, context)))))


def remainder_of(whole: Expr, reason: Text = ()) -> Conversion:
    """A remainder as that of another number, as many multiples away as the remainders in both tell.

    Fails: e is no remainder; the numbers do not differ by multiples that can be read off.
    """

    def run(context: Context, e: Expr) -> Moves:
        old, size = need(Mod, e, "remainder_of").args
        return by(same_remainder, whole, _multiples(context, size, old - whole), reason=reason)(context, e)

    return run


def at_place(*indices: Expr, reason: Text = ()) -> Conversion:
    """The entry at these indices; how many turns lie between is read off the remainders in them.

    Fails: e is no entry; the indices do not differ by whole turns that can be read off.
    """

    def run(context: Context, e: Expr) -> Moves:
        entry: Entry = need(Entry, e, "at_place")
        if len(indices) != len(entry.indices):
            raise RuleDoesNotApply("at_place: {} has not {} axes", e, len(indices))
        moves: Moves = ()
        for axis, (old, new) in enumerate(zip(entry.indices, indices, strict=True)):
            if old == new:
                continue
            low, high = entry.array.axes[axis]
            wraps = entry.array.outside == "wraps"
            turns = _multiples(context, high - low + 1, old - new) if wraps else Integer(0)
            step = by(same_place, axis, new, turns, reason=reason or ("only the remainder of an index counts",))
            moves = (*moves, *step(context, moves[-1].after if moves else e))
        return moves

    return run


def in_floors(e: Expr) -> Expr:
    """The term with each remainder as what it is by definition: a mod b is a - b floor(a/b).

    Example:
        >>> from derive.language import integer
        >>> in_floors(Mod(integer("n"), 3) + 1)
        n - 3*floor(n/3) + 1
    """
    if isinstance(e, Mod):
        whole, size = e.args
        return expanded(in_floors(whole) - size * floor(whole / size, evaluate=False))
    if not isinstance(e, (Add, Mul)):
        return e
    return expanded(e.func(*(in_floors(part) for part in e.args)))


def _multiples(context: Context, size: Expr, difference: Expr) -> Expr:
    """How many times the size lies between, with what the hypotheses say of it; whether it is so is for the law."""
    known = {f.left: f.right for f in context.facts if isinstance(f, Compare) and f.op == "=" and f.left.is_Symbol}
    difference = in_floors(difference)
    marks = {whole: Dummy(integer=True) for whole in difference.atoms(floor)}
    for whole in sorted(marks, key=lambda found: -found.count_ops()):
        difference = difference.xreplace({whole: marks[whole]})
    between = cancel((difference / size).xreplace(known))
    return between.xreplace({mark: whole for whole, mark in marks.items()})

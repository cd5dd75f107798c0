r"""Comparisons of max pooling: directly, and by rows and then by columns.

The largest of n numbers takes n - 1 comparisons: each but the first is compared with the largest so far. A layer with c
channels and $o_h \times o_w$ windows of $p_h p_w$ entries takes $c\,o_h o_w (p_h p_w - 1)$. With stride 1 the largest
of each row of a window can be found once for all windows that share it: $c (o_h + p_h - 1)\,o_w$ of them, then
$c\,o_h o_w$ columns. That is $p_h + p_w - 2$ comparisons an output and $c\,o_w (p_h - 1)(p_w - 1)$ more at the border;
it saves $c\,o_w (o_h - 1)(p_h - 1)(p_w - 1)$ and never costs more.

Source: Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, 3rd ed., section 9.1 (n - 1
comparisons); Soille, Morphological Image Analysis, section 3.9 (maxima by rows and columns).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Expr, Integer

from derive.constructs.construct import Claim, Construct, Refuted
from derive.constructs.layer_operations import _OH, _OW, o_h, o_w, p, q
from derive.constructs.layer_parameters import counted
from derive.kernel.derivation import Derivation, Text
from derive.language import Context, Definition, IndexSum, array, declare, eq, integer
from derive.rules.algebra import algebra
from derive.rules.combine import at_part, by, derived, then
from derive.rules.lemmas import use_lemma

_c = declare("c", "size", "channels")
_PH, _PW = declare("p_h", "size", "height of a window"), declare("p_w", "size", "width of a window")
c, p_h, p_w = (d.symbol for d in (_c, _PH, _PW))
k, t = integer("k"), integer("t")
D, S = array("D"), array("S")


def largest_of(number: Expr) -> Expr:
    """A comparison for each entry from the second on."""
    return IndexSum(Integer(1), t, 2, number)


def _each(windows: tuple[Expr, Expr], number: Expr) -> Expr:
    """The largest of so many, in each channel and window."""
    found = largest_of(number)
    for index, end in ((q, windows[1]), (p, windows[0]), (k, c)):
        found = IndexSum(found, index, 1, end)
    return found


DIRECT = Definition(D, (), _each((o_h, o_w), p_h * p_w))
APART = Definition(S, (), _each((o_h + p_h - 1, o_w), p_w) + _each((o_h, o_w), p_h))
_SIZES = (_c, _OH, _OW, _PH, _PW)
FIRST, SECOND, BOTH = (Context(_SIZES, (), given) for given in ((DIRECT,), (APART,), (DIRECT, APART)))
BORDER = (p_h - 1) * (p_w - 1)


def direct() -> Derivation:
    """c o_h o_w (p_h p_w - 1)."""
    return derived("pooling_costs.direct", FIRST, D[()], counted("channel, window and entry after its first"))


def separable() -> Derivation:
    """c o_h o_w (p_h + p_w - 2) + c o_w (p_h - 1) (p_w - 1)."""
    parts = c * o_h * o_w * (p_h + p_w - 2) + c * o_w * BORDER
    split = by(algebra, parts, reason=(p_h - 1, " rows belong to no window of their own"))
    told = counted("entry after the first: of columns, and before that of rows")
    return derived("pooling_costs.separable", SECOND, S[()], then(told, split))


def saved() -> Derivation:
    """c o_w (o_h - 1) (p_h - 1) (p_w - 1)."""
    lemmas = direct(), separable()
    known = (at_part(one.left, use_lemma(one, {}, (eq(one.left, one.right),))) for one in lemmas)
    total = by(algebra, c * o_w * (o_h - 1) * BORDER, reason=("factor",))
    return derived("pooling_costs.saved", BOTH, D[()] - S[()], then(*known, total), lemmas)


def tournament(entries: Iterable[Any]) -> int:
    """How often two numbers are compared while the largest is looked for."""
    best, made = None, 0
    for entry in entries:
        if best is not None:
            made += 1
            best = max(best, entry)
        else:
            best = entry
    return made


def direct_oracle(c: int, o_h: int, o_w: int, p_h: int, p_w: int) -> int:
    """Each window by itself."""
    return sum(tournament(range(p_h * p_w)) for _ in range(c) for _ in range(o_h) for _ in range(o_w))


def separable_oracle(c: int, o_h: int, o_w: int, p_h: int, p_w: int) -> int:
    """All rows of the image first, of which each window begins at another place; then the columns of what is left."""
    rows = {(channel, y + v, x) for channel in range(c) for y in range(o_h) for v in range(p_h) for x in range(o_w)}
    columns = {(channel, y, x) for channel, y, x in rows if y < o_h}
    return sum(tournament(range(p_w)) for _ in rows) + sum(tournament(range(p_h)) for _ in columns)


def saved_oracle(c: int, o_h: int, o_w: int, p_h: int, p_w: int) -> int:
    """The one without the other."""
    return direct_oracle(c, o_h, o_w, p_h, p_w) - separable_oracle(c, o_h, o_w, p_h, p_w)


_DIRECT: Text = ("Count the comparisons ", D[()], " when each window is looked at by itself.")
_APART: Text = ("Windows move by 1. Count the comparisons ", S[()], " when rows come first and then columns.")
PER_ENTRY = Refuted(
    name="no_border",
    title="Rows and columns, without the border",
    statement=("By rows and columns each output takes ", p_h + p_w - 2, " comparisons"),
    context=SECOND,
    left=S[()],
    relation="=",
    right=c * o_h * o_w * (p_h + p_w - 2),
    missing=(
        "Windows reach below the last output: there are ",
        p_h - 1,
        " rows more than outputs.",
    ),
    instead="pooling_costs.separable",
)
EVERYWHERE = Refuted(
    name="saved_everywhere",
    title="The same saving for each output",
    statement=("Rows and columns save ", BORDER, " comparisons for each output"),
    context=BOTH,
    left=D[()] - S[()],
    relation="=",
    right=c * o_h * o_w * BORDER,
    missing=("Rows are shared by windows that lie below each other; one row of windows has nothing to share.",),
    instead="pooling_costs.saved",
)
CONSTRUCT = Construct(
    name="pooling_costs",
    title="Comparisons of max pooling",
    about=("Each of ", c, " channels has ", o_h, " by ", o_w, " windows with ", p_h, " by ", p_w, " entries."),
    conventions=("the cost of pooling is its number of comparisons", "a window lies within the entries"),
    source="Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, 3rd ed., section 9.1",
    claims=(
        Claim("direct", "Window by window", _DIRECT, FIRST, D[()], direct, direct_oracle),
        Claim("separable", "Rows, then columns", _APART, SECOND, S[()], separable, separable_oracle),
        Claim("saved", "What is saved", ("How many comparisons do rows and columns save?",), BOTH, D[()] - S[()], saved,
              saved_oracle),
    ),
    refuted=(PER_ENTRY, EVERYWHERE),
)  # fmt: skip

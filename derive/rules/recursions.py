r"""Arrays that are defined by a recursion, one step of it at a time: $h_{t+1}$ as what it is by definition, and back.

The definition has cases (a start, and the step); at a place where it is known which one applies, an entry becomes the
value of that case.
"""

from __future__ import annotations

from sympy import Expr

from derive.kernel.derivation import Text
from derive.language import Cases, Context, Entry
from derive.rules.algebra import definition
from derive.rules.combine import Conversion, Moves, at_part, by, listed, one_line, then, up_to
from derive.rules.regroup import one_case


def unrolled(*entries: Expr, reason: Text = ()) -> Conversion:
    """Each entry, where it first stands, as what it is by definition at that step.

    Fails: it stands nowhere; which case of its definition applies is not known.
    """

    def one(entry: Expr) -> Conversion:
        words = reason or ("definition of ", entry.array if isinstance(entry, Entry) else entry)
        return one_line(at_part(entry, then(by(definition), _chosen)), words)

    return then(*(one(entry) for entry in entries))


def _chosen(context: Context, e: Expr) -> Moves:
    return one_case(context, e) if isinstance(e, Cases) else ()


def upwards(target: Expr, conversion: Conversion, reason: Text = ()) -> Conversion:
    """Up to the target, from where the conversion leads to the line here, as one line."""
    return one_line(up_to(target, conversion), reason)


def rolled(target: Expr, *entries: Expr, reason: Text = ()) -> Conversion:
    """Up to the target, which is the line here once the entries in it are what they are by definition."""
    words = reason or ("definition of ", *_names(entries))
    return upwards(target, unrolled(*entries), words)


def _names(entries: tuple[Expr, ...]) -> Text:
    return listed(list(dict.fromkeys(e.array for e in entries if isinstance(e, Entry))))

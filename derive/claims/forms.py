r"""The form of an answer, judged apart from its truth: closed, factored, piecewise.

- *closed*: no sum, product, integral or limit over a range that depends on a letter, no dots, no recursion, also not
  in what `let` defines;
- *factored*: a product of factors that are irreducible over the rational numbers;
- *piecewise*: its cases, or indicators, are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sympy import Dummy, Expr, Integer, Mul, PolynomialError, Pow, Symbol, factor_list

from derive.claims.findings import Form
from derive.claims.names import name_key
from derive.claims.syntax import (
    Big,
    CaseRows,
    Dots,
    Factorial,
    Fraction,
    Group,
    Logic,
    Name,
    Negated,
    Node,
    Number,
    Product,
    Relation,
    Root,
    Scripted,
    Sum,
    below,
)  # fmt: skip
from derive.claims.writing import latex
from derive.errors import BadInput, DeriveError

FORMS = ("closed", "factored", "piecewise")
LARGEST = 400
"""Operations of a factor that is looked at."""

_RANGED = {
    "\\sum": "a sum", "\\prod": "a product", "\\int": "an integral", "\\iint": "an integral", "\\lim": "a limit",
    "\\bigcup": "a union", "\\bigcap": "an intersection",
}  # fmt: skip


def check_form(form: str) -> None:
    """The form is one that is known.

    Raises:
        BadInput: it is not.
    """
    if form and form not in FORMS:
        raise BadInput(f"the form {form!r} is not known; there are {', '.join(FORMS)}")


def form_of(form: str, node: Node, let: Sequence[Node], value: Callable[[Node], Any]) -> Form:
    r"""Whether the answer has the form, and why not.

    Args:
        form: One of FORMS.
        node: The answer.
        let: The definitions that it may use.
        value: What a part of it stands for.

    Example:
        >>> from derive.claims.parsing import parse
        >>> form_of("closed", parse(r"\sum_{k=1}^{n} k"), (), lambda node: None).why
        'a sum over a range is left: \\sum_{k = 1}^{n} k'
    """
    if form == "closed":
        why = next(_left_over(node, _defined(let), ()), "")
    elif form == "factored":
        why = next(_unfactored(node, value), "")
    else:
        explicit = any(isinstance(n, CaseRows) or _is_indicator(n) for n in below(node))
        why = "" if explicit else "neither cases nor an indicator is written"
    return Form(form, not why, why)


# -- closed ----------------------------------------------------------------------------------------------------------


def _defined(let: Sequence[Node]) -> dict[str, list[Node]]:
    """What each name stands for, as trees."""
    found: dict[str, list[Node]] = {}
    for node in let:
        left = getattr(node, "first", None) or (node.sides[0] if isinstance(node, Relation) else None)
        if left is None:
            continue
        rest = [n for _, n in getattr(node, "lines", ())] or list(node.sides[1:] if isinstance(node, Relation) else ())
        head = left.items[0] if isinstance(left, Product) else left
        bare = head.base if isinstance(head, Scripted) and head.sub is not None else head
        for key in {name_key(head), name_key(bare)} - {None}:
            found.setdefault(str(key), []).extend(rest)
    return found


def _left_over(node: Node, let: Mapping[str, list[Node]], seen: tuple[str, ...]) -> Iterator[str]:
    """What is not worked out, in words."""
    for part in below(node):
        if isinstance(part, Product):
            for place, item in enumerate(part.items):
                if isinstance(item, Big) and item.operator in _RANGED and _is_open(item):
                    shown = latex(Product(part.items[place:], part.operators[place:]))
                    yield f"{_RANGED[item.operator]} over a range is left: {shown}"
        if isinstance(part, Dots):
            yield "dots are left"
        if isinstance(part, (Name, Scripted)):
            key = name_key(part)
            bare = name_key(part.base) if isinstance(part, Scripted) else key
            for name in dict.fromkeys(k for k in (key, bare) if k in let):
                if name in seen:
                    yield f"{name} is defined by a recursion"
                else:
                    inner = (why for body in let[str(name)] for why in _left_over(body, let, (*seen, str(name))))
                    yield from (why if why.endswith("recursion") else f"in {name}, {why}" for why in inner)


def _is_open(big: Big) -> bool:
    """Whether a range depends on a letter, or is not written."""
    if big.sub is None or big.operator in ("\\int", "\\iint", "\\lim"):
        return True
    ends = [big.sup] if big.sup is not None else []
    if isinstance(big.sub, Relation):
        letters = [s for s in big.sub.sides if isinstance(s, Name) and "=" not in big.sub.relations[1:]][:1]
        ends += [s for s in big.sub.sides if s not in letters]
    else:
        return True
    return any(isinstance(n, (Name, Dots)) for end in ends for n in below(end))


def _is_indicator(node: Node) -> bool:
    conditions = (Relation, Logic, Negated)
    if isinstance(node, Group) and node.opening == "[" and isinstance(node.body, conditions):
        return True
    if not isinstance(node, Product):
        return isinstance(node, Scripted) and isinstance(node.base, Name) and node.base.text == "delta"
    pairs = zip(node.items, node.items[1:], strict=False)
    return any(
        isinstance(a, Name) and a.text == "1" and a.style and isinstance(b, Group) and isinstance(b.body, conditions)
        for a, b in pairs
    )


# -- factored --------------------------------------------------------------------------------------------------------


def _unfactored(node: Node, value: Callable[[Node], Any]) -> Iterator[str]:
    """The factors that can be taken apart further."""
    for factor in _factors(node):
        if not isinstance(factor, Sum):
            continue
        try:
            found = value(factor)
        except DeriveError:
            found = None
        if not isinstance(found, Expr) or found.count_ops() > LARGEST:
            yield f"it is not known whether {latex(factor)} can be factored"
            continue
        parts = _taken_apart(found)
        if parts is None:
            yield f"it is not known whether {latex(factor)} can be factored"
        elif parts > 1:
            yield f"the factor {latex(factor)} is a product of {parts} factors"


def _factors(node: Node) -> Iterator[Node]:
    """What is multiplied: also over and under a fraction, and in a power."""
    if isinstance(node, Product) and not any(isinstance(n, Big) for n in node.items):
        for item in node.items:
            yield from _factors(item)
    elif isinstance(node, Fraction):
        yield from _factors(node.top)
        yield from _factors(node.bottom)
    elif isinstance(node, Group) and node.opening in ("(", "[", "\\{"):
        yield from _factors(node.body)
    elif isinstance(node, Scripted) and node.sub is None and isinstance(node.base, (Group, Fraction)):
        yield from _factors(node.base)
    elif isinstance(node, Sum) and len(node.terms) == 1:
        yield from _factors(node.terms[0])
    elif isinstance(node, (Factorial, Root, Number, Name)):
        yield node
    else:
        yield node


def _taken_apart(term: Expr) -> int | None:
    """How many factors a sum has, over the rational numbers; numbers in common count; None if that is not known."""
    plain: dict[Any, Any] = {}

    def letter(part: Any) -> Any:
        return plain.setdefault(part, Dummy())

    made = _with_letters(term, letter)
    try:
        content, factors = factor_list(made)
    except (PolynomialError, NotImplementedError):
        return None
    return sum(power for _, power in factors) + (abs(content) != 1) or 1


def _with_letters(term: Any, letter: Callable[[Any], Any]) -> Any:
    """A polynomial in letters: all else than sums, products and powers is one."""
    if isinstance(term, (Integer, Symbol)) or not term.args:
        return term
    if term.is_Add or isinstance(term, Mul):
        return term.func(*(_with_letters(a, letter) for a in term.args))
    if isinstance(term, Pow) and (term.exp.is_Integer or not term.base.is_Add):
        return Pow(_with_letters(term.base, letter), term.exp)
    return term if term.is_Rational else letter(term)

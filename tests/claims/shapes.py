"""Trees of formulas in one line, as tests compare them."""

from __future__ import annotations

from derive.claims import syntax as s


def shape(node: s.Node | None) -> str:
    """A tree in one line: names as they are, everything else in brackets that begin with its kind."""
    match node:
        case None:
            return "-"
        case s.Number(text):
            return text
        case s.Name(text, style):
            return f"{style.replace(' ', '.')}:{text}" if style else text
        case s.Text(words):
            return f"'{words}'"
        case s.Dots():
            return "..."
        case s.Empty():
            return "()"
        case s.Scripted(base, sub, sup, primes):
            return f"[{shape(base)}{chr(39) * primes}{_script('_', sub)}{_script('^', sup)}]"
        case s.Big(operator, sub, sup):
            return f"[{operator}{_script('_', sub)}{_script('^', sup)}]"
        case s.Fraction(top, bottom) | s.Choose(top, bottom):
            return f"({type(node).__name__.lower()} {shape(top)} {shape(bottom)})"
        case s.Group(opening, body, closing):
            return f"({opening}{closing} {shape(body)})"
        case s.Product(items, operators):
            signs = ("", *(f"{o} " if o else "" for o in operators))
            return "(* " + " ".join(o + shape(i) for o, i in zip(signs, items, strict=True)) + ")"
        case s.Sum(signs, terms):
            return "(" + " ".join(f"{sign}{shape(term)}" for sign, term in zip(signs, terms, strict=True)) + ")"
        case s.Relation(sides, relations):
            return f"({' '.join(relations)} | {' '.join(shape(x) for x in sides)})"
        case s.Chain(first, lines):
            return f"(chain {shape(first)}" + "".join(f" {r} {shape(n)}" for r, n in lines) + ")"
        case s.Logic(operator, parts):
            return f"({operator} {' '.join(shape(p) for p in parts)})"
        case s.Listing(parts):
            return f"(, {' '.join(shape(p) for p in parts)})"
        case s.CaseRows(rows):
            return "(cases" + "".join(f" {shape(v)} if {shape(c)};" for v, c in rows) + ")"
        case s.MatrixRows(rows, brackets):
            return f"(matrix{brackets} " + "; ".join(" ".join(shape(e) for e in row) for row in rows) + ")"
        case s.ForAll(bound, body):
            return f"(forall {shape(bound)} {shape(body)})"
        case s.Factorial(of) | s.Negated(of):
            return f"({type(node).__name__.lower()} {shape(of)})"
        case s.Root(of, degree):
            return f"(root {shape(of)}" + (f" {shape(degree)})" if degree is not None else ")")
    raise AssertionError(node)


def _script(sign: str, node: s.Node | None) -> str:
    return "" if node is None else f" {sign} {shape(node)}"

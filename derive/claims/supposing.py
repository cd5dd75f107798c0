"""What a claim may have left unsaid: hypotheses that could be missing, and conventions under which it may be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr, Integer, PolynomialError, Symbol, factor_list

from derive.claims.changes import Setting
from derive.claims.names import key_of, name_key
from derive.claims.plain_terms import plain_term
from derive.claims.retouching import is_derivative, shifted
from derive.claims.scopes import Declarations
from derive.claims.stated import Claim
from derive.claims.syntax import Big, Name, Node, Number, Product, Relation, Scripted, below
from derive.claims.wholes import Whole
from derive.claims.writing import latex
from derive.errors import CannotPrint, DeriveError
from derive.language import Compare, Entry

MOST_MISSING = 3
"""Hypotheses that are supposed at once."""

_GREEK = frozenset(
    ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "rho",
     "sigma", "tau", "phi", "chi", "psi", "omega")
)  # fmt: skip
_SAYS_HOW = re.compile(r"(independent|uncorrelated)( entries|,|$)|iid|i\.i\.d\.")


@dataclass(frozen=True)
class Supposed:
    """A claim with one more hypothesis, as LaTeX ('' for one that is said in a declaration), and in words."""

    claim: Claim
    condition: str
    said: str


def setting_of(claim: Claim, sides: Sequence[Node], made: Declarations, other: Node) -> Setting:
    """What the rules of slips know of the claim: names with their sorts and as they are written."""
    sorts: dict[str, str] = {}
    written: dict[str, Node] = {}
    for node in sides:
        for part in below(node):
            if isinstance(part, (Name, Scripted)) and (key := name_key(part)) in made.scope.names:
                written.setdefault(str(key), part)
    for key, value in made.scope.names.items():
        sort = _sort(value)
        if sort:
            name = written.get(key) or as_written(key)
            if name is not None:
                sorts[key], written[key] = sort, name
    for node in sides:
        for part in below(node):
            if isinstance(part, Big) and part.sub is not None:
                for letter in _bound(part.sub):
                    if letter not in made.scope.names:
                        sorts[letter], written[letter] = "integer", Name(letter)
    marks = {n.sup for node in sides for n in below(node) if isinstance(n, Scripted) and n.sup == Name("T")}
    return Setting(
        sorts, {k: v for k, v in written.items() if k in sorts}, _ends(claim), tuple(_squares(claim, sorts)), other,
        next(iter(marks), None) or Name("top"), frozenset(k for k in sorts if k not in made.scope.names),
    )  # fmt: skip


def _sort(value: Any) -> str:
    if isinstance(value, Whole):
        return f"array of {len(value.axes)}" if value.base is not None else ""
    if isinstance(value, Entry):
        return "real"
    if isinstance(value, Symbol):
        return "integer" if value.is_integer else "real"
    return "real" if isinstance(value, Expr) else ""


def as_written(key: str) -> Node | None:
    """A declared key as a tree: d_out is `d_{out}`, a word as a word."""
    try:
        node = plain_term(key, lambda text: Name(text))
    except DeriveError:
        return None
    base, _, sub = key.partition("_")
    word = len(base) > 1 and base not in _GREEK
    if word and (not base.isalpha() or name_key(Name(base, "mathrm")) != base):
        return None
    if word and "_" not in key:
        return Name(base, "mathrm")
    if name_key(node) == key and isinstance(node, Name) and "_" not in key:
        return node
    script = Number(sub) if sub.isdigit() else Name(sub, "" if len(sub) == 1 or sub in _GREEK else "mathrm")
    made = Scripted(Name(base, "mathrm" if word else ""), sub=script)
    return made if name_key(made) == key else None


def _bound(sub: Node) -> Iterator[str]:
    if isinstance(sub, Relation) and sub.relations[0] == "=":
        parts: tuple[Node, ...] = sub.sides[:1]
    else:
        parts = (sub,)
    for part in parts:
        for name in below(part):
            if isinstance(name, Name) and len(name.text) == 1 and not name.style:
                yield name.text


def _ends(claim: Claim) -> dict[str, Node]:
    """For arrays of one axis, what the first and the last index add up to."""
    found: dict[str, Node] = {}
    for key, text in claim.symbols:
        match = re.match(r"(?:random )?(?:array|vector)\s*\[([^\],]+)\](.*)", text)
        if match is None:
            continue
        origin = re.search(r"from (\S+?)(?:,|$|\s)", match[2])
        try:
            size = plain_term(match[1].strip(), lambda _: Number("0"))
        except DeriveError:
            continue
        if origin is None or origin[1] in ("0", "1"):
            found[key_of(key)] = shifted(size, -1 if origin is not None and origin[1] == "0" else 1)
    return found


def _squares(claim: Claim, sorts: dict[str, str]) -> Iterator[tuple[str, str]]:
    for _, text in claim.symbols:
        mean = re.search(r"mean ([A-Za-z_0-9]+)", text)
        variance = re.search(r"variance ([A-Za-z_0-9]+)\^2", text)
        if mean and variance and mean[1] in sorts and variance[1] in sorts:
            yield mean[1], variance[1]


# -- hypotheses ------------------------------------------------------------------------------------------------------


def hypotheses(
    claim: Claim, sides: Sequence[Node], setting: Setting, made: Declarations, missing: Any
) -> Iterator[Supposed]:
    """The claim with one more hypothesis each, the likeliest first."""
    written = (name_key(n) for s in sides for n in below(s) if isinstance(n, (Name, Scripted)))
    keys = list(dict.fromkeys(str(k) for k in written if k))
    used = [k for k in keys if k in setting.sorts and k in made.scope.names]
    numbers = [k for k in used if setting.sorts[k] in ("real", "integer")]
    shown = {key: latex(setting.names[key]) for key in used}
    texts = list(solved(missing, made, shown))
    free = {made.shown.get(s.name, s.name) for s in missing.free_symbols} if missing is not None else set(numbers)
    for key in [k for k in numbers if k in free]:
        name = shown[key]
        texts += [f"{name} {end}" for end in ("\\ne 0", "\\ne 1", "\\ge 0", "> 0", "\\ge 1", "\\ge 2")]
        if setting.sorts[key] == "real":
            texts += [f"|{name}| < 1", f"{name} \\ne -1"]
    for one in numbers:
        for other in numbers:
            if one != other and setting.sorts[one] == setting.sorts[other]:
                texts += [f"{shown[one]} \\ge {shown[other]}", f"{shown[one]} > {shown[other]}"]
                texts += [f"{shown[one]} \\ne {shown[other]}"] if one < other else []
    for key in used:
        name = shown[key]
        if setting.sorts[key] == "array of 1":
            texts += [f"{name}_i {end} \\ \\forall i" for end in ("\\ne 0", "\\ge 0", "> 0")]
        if setting.sorts[key] == "array of 2" and made.scope.names[key].is_square:
            texts += [f"{name}^\\top = {name}", f"\\det {name} \\ne 0", f"{name}^\\top {name} = I"]
    for text in dict.fromkeys(texts):
        yield Supposed(replace(claim, where=(*claim.where, text)), text, f"it needs {text}")
    if missing is not None:
        text = _latex(missing)
        if text:
            yield Supposed(replace(claim, where=(*claim.where, text)), text, f"it needs {text}")


def several_hypotheses(
    claim: Claim, needs: Sequence[Any], setting: Setting, made: Declarations
) -> tuple[str, ...]:
    """That no factor of what is divided by is 0: n != 2 and T != 0 for 1/((n-2)T)."""
    shown = {key: latex(node) for key, node in setting.names.items()}
    texts: list[str] = []
    for need in needs:
        if not (isinstance(need, Compare) and need.op == "!="):
            continue
        try:
            factors = factor_list(need.left - need.right)[1]
        except (PolynomialError, NotImplementedError):
            continue
        for factor, _ in factors:
            texts += list(solved(Compare("!=", factor, Integer(0)), made, shown))[:1]
    return tuple(dict.fromkeys(texts))[:MOST_MISSING]


def about_random(claim: Claim, sides: Sequence[Node]) -> Iterator[Supposed]:
    """The claim with more said of the random things that it speaks of."""
    random = _random(claim, sides)
    for key, text in random:
        if re.search(r"(array|matrix|vector)\s*\[", text) and not _SAYS_HOW.search(text):
            for word in ("uncorrelated", "independent"):
                yield Supposed(_declared(claim, key, f"{text}, {word} entries"), "", f"the entries of {key} are {word}")
    for k, (key, text) in enumerate(random):
        for other, _ in random[:k]:
            if f"independent of {other}" not in text:
                changed = _declared(claim, key, f"{text}, independent of {other}")
                yield Supposed(changed, "", f"{key} is independent of {other}")


def about_means(claim: Claim, sides: Sequence[Node]) -> Iterator[Supposed]:
    """The claim with means that are 0."""
    for key, text in _random(claim, sides):
        if "mean" not in text and "normal" not in text:
            yield Supposed(_declared(claim, key, f"{text}, mean 0"), "", f"{key} has the mean 0")
        elif (match := re.search(r"mean ([^,]+)", text)) and match[1].strip() != "0":
            changed = text.replace(match[0], "mean 0", 1)
            yield Supposed(_declared(claim, key, changed), "", f"{key} has the mean 0")


def _random(claim: Claim, sides: Sequence[Node]) -> list[tuple[str, str]]:
    spoken = {name_key(n) for s in sides for n in below(s) if isinstance(n, (Name, Scripted))}
    return [(k, t) for k, t in claim.symbols if t.strip().startswith("random") and key_of(k) in spoken]


def _declared(claim: Claim, key: str, text: str) -> Claim:
    return replace(claim, symbols=tuple((k, text if k == key else t) for k, t in claim.symbols))


def solved(missing: Any, made: Declarations, shown: dict[str, str]) -> Iterator[str]:
    """a != 1 for 1 - a != 0, where a letter stands alone."""
    if not isinstance(missing, Compare) or missing.op not in ("!=", ">", ">=", "<", "<="):
        return
    expr = (missing.left - missing.right).expand()
    for symbol in sorted(expr.free_symbols, key=str):
        factor = expr.coeff(symbol, 1)
        rest = expr - factor * symbol
        key = made.shown.get(symbol.name, symbol.name)
        if not factor.is_Rational or factor == 0 or rest.has(symbol) or key not in shown:
            continue
        sign = missing.op if factor > 0 else {">": "<", "<": ">", ">=": "<=", "<=": ">="}.get(missing.op, missing.op)
        text = _latex(-rest / factor)
        if text:
            yield f"{shown[key]} {_SIGNS[sign]} {text}"


_SIGNS = {"!=": "\\ne", ">": ">", "<": "<", ">=": "\\ge", "<=": "\\le"}


def _latex(term: Any) -> str:
    from derive.render.tex import latex as printed

    try:
        if isinstance(term, Compare):
            return f"{printed(term.left)} {_SIGNS.get(term.op, term.op)} {printed(term.right)}"
        return str(printed(term)) if isinstance(term, Expr) else ""
    except CannotPrint:
        return ""


# -- conventions -----------------------------------------------------------------------------------------------------


def conventions(claim: Claim, sides: Sequence[Node]) -> Iterator[tuple[Claim, str]]:
    """The claim under other conventions, with their names."""
    parts = [n for side in sides for n in below(side)]
    if any(is_derivative(n) or (isinstance(n, Name) and n.text == "nabla") for n in parts):
        for layout in ("numerator", "denominator"):
            if claim.layout != layout and dict(claim.conventions).get("layout") != layout:
                yield replace(claim, layout=layout), f"{layout} layout of derivatives"
    if any(isinstance(n, Product) and "*" in n.operators for n in parts):
        now = dict(claim.conventions).get("convolution", "flip")
        other = "no flip" if now == "flip" else "flip"
        changed = {**dict(claim.conventions), "convolution": other}
        said = "convolution without the flip (correlation)" if other == "no flip" else "convolution with the flip"
        yield replace(claim, conventions=tuple(changed.items())), said
    moved = tuple((key, _other_origin(text)) for key, text in claim.symbols)
    if moved != claim.symbols and any(isinstance(n, Scripted) and n.sub is not None for n in parts):
        zero = any(text.endswith("from 0") for _, text in moved)
        yield replace(claim, symbols=moved), f"indices from {0 if zero else 1}"


def _other_origin(text: str) -> str:
    if not re.match(r"(random )?(array|vector|matrix)\s*\[", text):
        return text
    if re.search(r"\bfrom 0", text):
        return re.sub(r",? ?from 0", "", text)
    if re.search(r"\bfrom ", text):
        return text
    return re.sub(r"^([^\]]*\])", r"\1 from 0", text)

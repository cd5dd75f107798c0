r"""Named functions: \log, \operatorname{tr}, \mathbb E and the like, and what they are of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from sympy import Expr, Integer, Max, Min, Pow, Rational, cos, erf, exp, log, sin, tanh

from derive.claims import wholes
from derive.claims.arithmetic import LARGEST_DETERMINANT
from derive.claims.names import ACCENTS, name_key
from derive.claims.reading import Reader
from derive.claims.surroundings import Several, Unread, Unsupported, Value
from derive.claims.syntax import Big, Dots, Group, Listing, Name, Node, Relation, Scripted
from derive.claims.wholes import IllFittingShapes, Unit, Whole
from derive.language import Covariance, Entry, Expectation, IndexSum, Indicator, Variance, gt, le, lt, ne
from derive.language.forms import of


def _kept(head: type) -> Callable[[Reader, Node, Expr], Expr]:
    def made(reader: Reader, node: Node, x: Expr) -> Expr:
        return head(x) if x in (0, 1) else head(x, evaluate=False)

    return made


def _log(reader: Reader, node: Node, x: Expr) -> Expr:
    if not (x.is_Rational and x > 0):
        reader.need(gt(x, 0), f"the logarithm of {x} is taken")
    return log(x) if x == 1 else log(x, evaluate=False)


def _exp(reader: Reader, node: Node, x: Expr) -> Expr:
    return reader.raised(exp(1), x, node)


def _sigmoid(reader: Reader, node: Node, x: Expr) -> Expr:
    return 1 / (1 + reader.raised(exp(1), -x, node))


def _sign(reader: Reader, node: Node, x: Expr) -> Expr:
    return Indicator(gt(x, 0)) - Indicator(lt(x, 0))


def _relu(reader: Reader, node: Node, x: Expr) -> Expr:
    return largest_of((Integer(0), x))


def _step(reader: Reader, node: Node, x: Expr) -> Expr:
    return Indicator(le(0, x))


NUMBERS: Mapping[str, Callable[[Reader, Node, Expr], Expr]] = {
    "log": _log, "ln": _log, "exp": _exp, "sin": _kept(sin), "cos": _kept(cos), "tanh": _kept(tanh), "erf": _kept(erf),
    "sigmoid": _sigmoid, "sign": _sign, "sgn": _sign, "relu": _relu, "ReLU": _relu,
    "abs": lambda reader, node, x: reader.absolute(x),
    "floor": lambda reader, node, x: reader.rounded(x, False), "ceil": lambda reader, node, x: reader.rounded(x, True),
    "softplus": lambda reader, node, x: log(1 + reader.raised(exp(1), x, node), evaluate=False),
}  # fmt: skip
"""Functions of one number; of an array entry by entry."""

WHOLES = ("tr", "trace", "Tr", "det", "diag", "Diag", "rank", "vec", "flip", "softmax", "nnz")
MOMENTS = ("E", "Var", "Cov", "Pr", "P")
FUNCTIONS = (*NUMBERS, *WHOLES, *MOMENTS, "max", "min", "mod", "gcd", "argmax", "argmin")


def largest_of(parts: tuple[Expr, ...]) -> Expr:
    """The largest of some numbers, kept as it is written."""
    plain = all(p.is_Rational for p in parts)
    return Max(*parts) if plain else Max(*parts, evaluate=False)


def smallest_of(parts: tuple[Expr, ...]) -> Expr:
    """The smallest of some numbers, kept as it is written."""
    plain = all(p.is_Rational for p in parts)
    return Min(*parts) if plain else Min(*parts, evaluate=False)


def function_of(reader: Reader, node: Node) -> str | None:
    """The name of the function that a node is, if it is one that has not been declared as something else."""
    base = node.base if isinstance(node, Scripted) else node
    if not isinstance(base, Name) or reader.known(name_key(base)) or reader.known(name_key(node)):
        return None
    if base.text == "E":
        return "E" if not set(base.style.split()) & set(ACCENTS) else None
    if base.text == "P":
        return "P" if base.style else None
    return (
        base.text
        if base.style or base.text in ("log", "ln", "exp", "sin", "cos", "tanh", "det", "max", "min")
        else None
    )


def applied(
    reader: Reader, function: str, items: tuple[Node, ...], operators: tuple[str, ...], place: int
) -> tuple[Value, int]:
    """The function of what follows it, and where the next factor begins."""
    from derive.claims.reading_products import arguments_of, run, side_by_side

    head = items[place]
    power = head.sup if isinstance(head, Scripted) else None
    base = head.sub if isinstance(head, Scripted) else None
    if place + 1 >= len(items) or operators[place] != "":
        raise Unread(head, f"it is not said what {function} is of")
    after = items[place + 1]
    outside: Node | None = None
    inside: Node = after
    brackets = ("(", "[", "\\{")
    if isinstance(after, Scripted) and isinstance(after.base, Group) and after.base.opening in brackets:
        certain = after.sub is not None or function in (*MOMENTS, *WHOLES, "max", "min")
        said = f"the power stands on {function}(...)", f"{function} is of the power"
        if certain or reader.choose(after, *said) == 0:
            inside, outside = after.base, after
    if isinstance(inside, Group) and inside.opening in brackets:
        value, end = _of(reader, function, arguments_of(inside), head), place + 2
    else:
        end = run(operators, place + 1)
        for later in range(place + 2, min(end, len(items))):
            if function_of(reader, items[later]) in FUNCTIONS or isinstance(items[later], Big):
                end = later
                break
        end = min(end, len(items))
        part = side_by_side(items[place + 1 : end], operators[place + 1 : end - 1], head)
        value = _of(reader, function, (part,), head)
    if base is not None:
        if function != "log":
            raise Unread(head, f"a subscript of {function} is not understood")
        value = reader.divided(value, _log(reader, head, reader.number(base)))
    if isinstance(outside, Scripted):
        if outside.sub is not None:
            value = reader.at_index(value, outside.sub, outside)
        if outside.sup is not None:
            value = reader.power(value, outside.sup, outside)
    if power is not None:
        if isinstance(power, Name) and power.text == "top":
            raise Unread(head, f"the transpose of {function} is not understood")
        value = reader.power(value, power, head)
    return value, end


def _of(reader: Reader, function: str, parts: tuple[Node, ...], node: Node) -> Value:
    if function in MOMENTS:
        return _moment(reader, function, parts, node)
    if function in ("max", "min"):
        if any(isinstance(p, Dots) for p in parts):
            from derive.claims.reading_dots import row

            return _extreme(reader, row(reader, parts, node), function, node)
        if len(parts) == 1 and not isinstance(parts[0], Name):
            value = reader.value(parts[0])
            numbers = value.parts if isinstance(value, Several) else (value,)
        else:
            numbers = tuple(reader.value(p) for p in parts)
        if len(numbers) == 1 and isinstance(numbers[0], Whole):
            return _extreme(reader, numbers[0], function, node)
        found = tuple(reader.as_number(v, node) for v in numbers)
        return largest_of(found) if function == "max" else smallest_of(found)
    if function in ("mod", "gcd", "argmax", "argmin"):
        raise Unsupported(node, f"{function} is not supported")
    if len(parts) != 1:
        raise Unread(node, f"{function} is of one thing, and {len(parts)} are given")
    value = reader.value(parts[0])
    if function in NUMBERS:
        if isinstance(value, Whole):
            if function in ("exp", "log", "abs") and len(value.axes) == 2:
                raise Unsupported(node, f"{function} of a matrix is not supported")
            return wholes.mapped(value, lambda x: NUMBERS[function](reader, node, x))
        return NUMBERS[function](reader, node, reader.as_number(value, node))
    if not isinstance(value, Whole):
        if isinstance(value, Unit):
            raise Unsupported(node, f"{function} of an identity whose size is not said")
        raise IllFittingShapes(f"{function} is of an array")
    return _of_whole(reader, function, value, node)


def _extreme(reader: Reader, value: Whole, function: str, node: Node) -> Expr:
    from derive.language import Largest

    if len(value.axes) != 1:
        raise Unsupported(node, f"{function} of a matrix is not supported")
    low, high = value.axes[0]
    k = reader.new_symbol("k")
    reader.scope.taken.add(k.name)
    reader.need(le(low, high), "a largest entry is taken of something")
    if function == "max":
        return Largest(value.at([k]), k, low, high)
    return -Largest(-value.at([k]), k, low, high)


def written_out(value: Whole) -> list[list[Expr]] | None:
    """The entries of a small matrix that has no name in the engine, row by row."""
    sizes = [wholes.size(axis) for axis in value.axes]
    if value.base is not None or not all(isinstance(n, Integer) and 1 <= int(n) <= LARGEST_DETERMINANT for n in sizes):
        return None
    rows, columns = ([low + k for k in range(int(n))] for (low, _), n in zip(value.axes, sizes, strict=True))
    return [[value.at([i, j]) for j in columns] for i in rows]


def _rank(reader: Reader, value: Whole, node: Node) -> Expr:
    if len(value.axes) != 2:
        raise Unsupported(node, f"the rank of {wholes.shape_said(value)} is not supported")
    rows = written_out(value)
    if rows is None:
        return Entry(of("rank", reader.array_of(value)))
    if not all(isinstance(entry, Rational) for row in rows for entry in row):
        raise Unsupported(node, "the rank of a matrix that is written out with letters is not supported")
    from derive.language.matrices import rank

    return Integer(rank([[Fraction(int(entry.p), int(entry.q)) for entry in row] for row in rows]))


def _of_whole(reader: Reader, function: str, value: Whole, node: Node) -> Value:
    taken = reader.scope.taken
    if function in ("tr", "trace", "Tr"):
        return wholes.trace(value, taken)
    if function == "det":
        if not value.is_square:
            raise IllFittingShapes(f"the determinant of {wholes.shape_said(value)}")
        rows = written_out(value)
        if rows is not None:
            from derive.claims.reading_grids import determinant

            return determinant(rows, node)
        return Entry(of("determinant", reader.array_of(value)))
    if function == "rank":
        return _rank(reader, value, node)
    if function in ("diag", "Diag"):
        return wholes.diagonal(value)
    if function == "flip":
        ends = value.axes
        return Whole(ends, lambda at: value.at([a + b - i for i, (a, b) in zip(at, ends, strict=True)]), value.kind)
    if function == "softmax":
        if len(value.axes) != 1:
            raise Unsupported(node, "softmax of a matrix is not supported")
        low, high = value.axes[0]
        k = reader.new_symbol("k")
        taken.add(k.name)
        total = IndexSum(reader.raised(exp(1), value.at([k]), node), k, low, high)
        return wholes.mapped(value, lambda x: reader.raised(exp(1), x, node) * Pow(total, -1))
    if function == "vec":
        return wholes.stacked(value)
    if function == "nnz":
        return wholes.summed(value, lambda x: Indicator(ne(x, 0)), taken)
    raise Unsupported(node, f"{function} is not supported")


def _conditional(reader: Reader, function: str, part: Relation, node: Node) -> Value:
    r"""`\mathbb E[f(X, Y) \mid Y]` with X independent of Y: the mean over X alone, with Y as it is."""
    given = part.sides[1].parts if isinstance(part.sides[1], Listing) else (part.sides[1],)
    if {name_key(name) for name in given} != reader.scope.conditioned or function not in ("E", "Var"):
        raise Unsupported(node, "a conditional moment is E[X \\mid Y] or Var(X \\mid Y), of one Y in the whole claim")
    value = reader.number(part.sides[0])
    return Expectation(value) if function == "E" else Variance(value)


def _moment(reader: Reader, function: str, parts: tuple[Node, ...], node: Node) -> Value:
    if len(parts) == 1 and isinstance(parts[0], Relation) and parts[0].relations == ("\\mid",):
        return _conditional(reader, function, parts[0], node)
    if any(isinstance(p, Relation) and "\\mid" in p.relations for p in parts):
        raise Unsupported(node, "this conditional moment is not supported")
    if reader.scope.conditioned:
        raise Unsupported(node, "a conditional moment and one that is not conditional stand in one claim")
    if function in ("Pr", "P"):
        if len(parts) != 1:
            raise Unread(node, "a probability is of one event")
        return Expectation(Indicator(reader.condition(parts[0])))
    values = [reader.value(p) for p in parts]
    if len(values) != (2 if function == "Cov" else 1):
        raise Unread(node, f"{function} is of {2 if function == 'Cov' else 1}, and {len(values)} are given")
    if function == "Cov":
        return Covariance(reader.as_number(values[0], node), reader.as_number(values[1], node))
    head = Expectation if function == "E" else Variance
    value = values[0]
    if isinstance(value, Whole) and wholes.as_number(value) is None:
        if function == "Var":
            raise Unsupported(node, "the variance of an array is not supported")
        return wholes.mapped(value, lambda x: head(x))
    return head(reader.as_number(value, node))

r"""What a program computes, as terms: one definition for each value, in indices, over symbolic sizes.

Each value of each name is an array of its own: `w` after its first update is `w'`, after the next `w''`, and a number
that is worked out is an array without axes. So no term depends on where it stands in the program. A value that is also
a form in whole-array notation (`W x`) has that form beside its definition in indices.

Shapes must fit line by line; a number is broadcast to an array, and nothing else is. An array that is changed in place
(`w -= ...`) must have one name only, since all names of one array change together.

`sum` and `mean` are over all entries, `*` `/` `**` and functions of numbers work entry by entry, `log` is
natural; two parameters are never the same array, and what a map gives is a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Abs, Expr, Integer, Max, Pow, Rational, Symbol, cos, exp, log, nan, oo, sin, tanh, zoo

from derive.claims.programs.values import Event, Meaning, Sizes, Value, axes, shown, size
from derive.errors import IllFormed, ProgramError
from derive.language import OTHERWISE, Array, Cases, Context, Definition, Entry, IndexSum, declare, eq, gt, ne, real
from derive.language.forms import of
from derive.language.maps import Image
from derive.language.programs import Call, Expression, Number, Operation, Place, Program, Variable, variables
from derive.language.symbols import fresh
from derive.language.terms import names_in

LARGEST_DEGREE = 200


@dataclass(frozen=True)
class _Term:
    """An expression: its numbers as a function of their indices and of the names in use."""

    sizes: Sizes
    at: Callable[[tuple[Expr, ...], frozenset[str]], Expr]
    whole: Array | None
    degree: int


def meaning(program: Program) -> Meaning:
    r"""The program as terms.

    Raises:
        ProgramError: shapes do not fit; with line and column.

    Example:
        >>> from derive.claims.programs.source import read_program
        >>> text = "def f(W, x):\n    h = W @ x\n    return h"
        >>> meaning(read_program(text, {"W": "(n, m)", "x": "(m)"})).values[-1].definition.body
        sum(x[k]*W[i, k], k=1..m)
    """
    return _Builder(program).run()


class _Builder:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.values: list[Value] = []
        self.env: dict[str, Value] = {}
        self.versions: dict[str, int] = {}
        self.degrees: dict[str, int] = {}
        self.shared: dict[str, int] = {}
        self.objects = 0
        self.hypotheses: list[object] = []
        self.functions = {f.name: f for f in program.functions}
        named = {t for s in program.statements for t in s.targets} | {p.name for p in program.parameters}
        self.unnamed = {"return": "result", "log": "logged", "drop": "dropped"}
        for kind, name in self.unnamed.items():
            self.unnamed[kind] = next(n for n in (name + "_value" * k for k in range(40)) if n not in named)
        self.taken = frozenset(named | set(program.sizes) | set(self.functions) | set(self.unnamed.values()))
        self.events: list[Event] = []

    def refused(self, place: Place, message: str) -> ProgramError:
        text = self.program.lines[place.line - 1] if self.program.lines else ""
        return ProgramError(message, place.line, place.column, text)

    def run(self) -> Meaning:
        for parameter in self.program.parameters:
            sizes = tuple(map(size, parameter.shape))
            made = Array(parameter.name, axes(sizes), "error") if sizes else None
            symbol = None if sizes else real(parameter.name)
            self.degrees[parameter.name] = 1
            self.bind(Value(parameter.name, 0, sizes, made, symbol, None, made, 0), None)
        for statement in self.program.statements:
            line = statement.place.line
            terms = [self.term(v) for v in statement.values]
            if statement.kind != "assign":
                name = self.unnamed[statement.kind]
                known = tuple(
                    self.env[v.name] if isinstance(v, Variable) else self.store(name, t, v, line, False)
                    for t, v in zip(terms, statement.values, strict=True)
                )
                current = tuple((n, v.key) for n, v in self.env.items())
                self.events.append(Event(statement.kind, line, known, current))
                continue
            made_values = []
            for target, term, expression in zip(statement.targets, terms, statement.values, strict=True):
                if statement.in_place:
                    self.check_in_place(target, term, statement.place)
                made_values.append((target, term, expression))
            objects = [self.object_of(e) for e in statement.values]
            copies = [self.env[e.name] if isinstance(e, Variable) else None for e in statement.values]
            stored = [self.store(t, m, e, line, True) for t, m, e in made_values]
            for value, shared, copied in zip(stored, objects, copies, strict=True):
                self.bind(replace(value, copy=copied is not None), None if statement.in_place else shared, False)
        declarations = [declare(s, "size") for s in self.program.sizes]
        declarations += [declare(p.name, "real") for p in self.program.parameters if not p.shape]
        arrays = tuple(v.array for v in self.values if v.definition is None and v.array is not None)
        definitions = tuple(v.definition for v in self.values if v.definition is not None)
        context = Context(tuple(declarations), tuple(dict.fromkeys(self.hypotheses)), definitions, arrays)  # type: ignore[arg-type]
        return Meaning(self.program, context, tuple(self.values), tuple(self.events))

    def bind(self, value: Value, shared: int | None, new: bool = True) -> None:
        """The name means this value from now on; names of one array share a number."""
        if new:
            self.values.append(value)
        else:
            self.values[[v.key for v in self.values].index(value.key)] = value
        self.env[value.name] = value
        self.objects += 1
        self.shared[value.name] = self.objects if shared is None else shared

    def object_of(self, e: Expression) -> int | None:
        """The array that an expression is another name or a view of; None for one that is new."""
        if isinstance(e, Variable):
            return self.shared[e.name]
        return self.object_of(e.arguments[0]) if isinstance(e, Operation) and e.name == "T" else None

    def check_in_place(self, target: str, term: _Term, place: Place) -> None:
        others = [n for n, number in self.shared.items() if number == self.shared[target] and n != target]
        if others:
            why = f"`{target}` is changed in place, and `{others[0]}` is the same array and changes with it"
            raise self.refused(place, f"{why}; write {target} = {target} ...")
        before = self.env[target].sizes
        if term.sizes != before:
            raise self.refused(place, f"{target} has the shape {shown(before)} and cannot become {shown(term.sizes)}")

    def store(self, name: str, term: _Term, e: Expression, line: int, named: bool) -> Value:
        version = self.versions.get(name, -1) + 1 if named is False else self.next_version(name)
        self.versions[name] = version
        key = name + "'" * version
        made = Array(key, axes(term.sizes), "error")
        indices: list[Symbol] = []
        for letter, _ in zip("ij", term.sizes, strict=False):
            indices.append(fresh(letter, set(self.taken) | {i.name for i in indices}))
        body = term.at(tuple(indices), self.taken | {i.name for i in indices})
        if body.has(oo, -oo, zoo, nan):
            raise self.refused(e.place, "this divides by 0")
        self.degrees[key] = term.degree
        uses = tuple(dict.fromkeys(self.env[n].key for n in variables(e)))
        value = Value(key.rstrip("'"), version, term.sizes, made, None, Definition(made, tuple(indices), body),
                      term.whole, line, uses)  # fmt: skip
        self.values.append(value)
        return value

    def next_version(self, name: str) -> int:
        return self.env[name].version + 1 if name in self.env else 0

    def term(self, e: Expression) -> _Term:
        """The expression, refused before a number in it can become large."""
        made = self.made(e)
        if made.degree > LARGEST_DEGREE:
            why = f"the value has degree {made.degree} in parameters and numbers; at most {LARGEST_DEGREE} is read"
            raise self.refused(e.place, why)
        return made

    def made(self, e: Expression) -> _Term:
        if isinstance(e, Number):
            value = Rational(e.value.numerator, e.value.denominator)
            return _Term((), lambda at, taken: value, None, int(abs(value) != 1 and value != 0))
        if isinstance(e, Variable):
            known = self.env[e.name]
            return _Term(known.sizes, lambda at, taken: known.at(*at), known.array if known.sizes else None,
                         self.degrees[known.key])  # fmt: skip
        if isinstance(e, Call):
            return self.called(e)
        parts = [self.term(a) for a in e.arguments]
        if e.name in ("+", "-", "*", "/"):
            return self.arithmetic(e, *parts)
        if e.name == "@":
            return self.product(e, *parts)
        if e.name == "**":
            return self.power(e, parts[0])
        if e.name == "neg":
            (a,) = parts
            whole = of("scaled", Integer(-1), a.whole) if a.whole is not None else None
            return _Term(a.sizes, lambda at, taken: -a.at(at, taken), whole, a.degree)
        if e.name == "T":
            (a,) = parts
            if len(a.sizes) != 2:
                return a
            whole = of("transpose", a.whole) if a.whole is not None else None
            return _Term(a.sizes[::-1], lambda at, taken: a.at(at[::-1], taken), whole, a.degree)
        if e.name == "outer":
            return self.outer(e, *parts)
        if e.name in ("sum", "builtin sum", "mean"):
            return self.total(e, parts[0])
        if e.name == "inv":
            return self.inverse(e, parts[0])
        return self.entrywise(e, parts[0])

    def arithmetic(self, e: Operation, a: _Term, b: _Term) -> _Term:
        if a.sizes and b.sizes and a.sizes != b.sizes:
            why = f"`{e.name}` joins the shapes {shown(a.sizes)} and {shown(b.sizes)}"
            raise self.refused(e.place, f"{why}; they must be the same, or one a number")
        sizes = a.sizes or b.sizes

        def numbers(at: tuple[Expr, ...], taken: frozenset[str]) -> tuple[Expr, Expr]:
            return a.at(at if a.sizes else (), taken), b.at(at if b.sizes else (), taken)

        def value(at: tuple[Expr, ...], taken: frozenset[str]) -> Expr:
            left, right = numbers(at, taken)
            if e.name == "+":
                return left + right
            if e.name == "-":
                return left - right
            return left * right if e.name == "*" else left / right

        degree = max(a.degree, b.degree) if e.name in "+-" else a.degree + b.degree
        return _Term(sizes, value, self.whole_of(e.name, a, b), degree)

    def whole_of(self, sign: str, a: _Term, b: _Term) -> Array | None:
        names = {"+": "sum", "-": "difference", "*": "hadamard"}
        if a.whole is not None and b.whole is not None:
            return of(names[sign], a.whole, b.whole) if sign in names else None
        if sign == "*" and not a.sizes and b.whole is not None:
            return of("scaled", a.at((), self.taken), b.whole)
        if sign in "*/" and not b.sizes and a.whole is not None:
            number = b.at((), self.taken)
            return None if number == 0 else of("scaled", number if sign == "*" else 1 / number, a.whole)
        return None

    def product(self, e: Operation, a: _Term, b: _Term) -> _Term:
        if not a.sizes or not b.sizes:
            raise self.refused(e.place, "`@` joins vectors and matrices; write * for a product with a number")
        if a.sizes[-1] != b.sizes[0]:
            why = f"`@` joins the shapes {shown(a.sizes)} and {shown(b.sizes)}; {a.sizes[-1]} is not {b.sizes[0]}"
            raise self.refused(e.place, why)
        split = len(a.sizes) - 1

        def value(at: tuple[Expr, ...], taken: frozenset[str]) -> Expr:
            k = fresh("k", set(taken | names_in(*at)))
            inner = taken | {k.name}
            return IndexSum(a.at((*at[:split], k), inner) * b.at((k, *at[split:]), inner), k, 1, a.sizes[-1])

        both = a.whole is not None and b.whole is not None
        whole = of("product", a.whole, b.whole) if both and (split or len(b.sizes) > 1) else None
        return _Term((*a.sizes[:-1], *b.sizes[1:]), value, whole, a.degree + b.degree)

    def outer(self, e: Operation, a: _Term, b: _Term) -> _Term:
        if len(a.sizes) != 1 or len(b.sizes) != 1:
            why = f"outer takes two vectors, and these have the shapes {shown(a.sizes)} and {shown(b.sizes)}"
            raise self.refused(e.place, why)
        whole = of("outer", a.whole, b.whole) if a.whole is not None and b.whole is not None else None
        value = lambda at, taken: a.at(at[:1], taken) * b.at(at[1:], taken)  # noqa: E731
        return _Term((*a.sizes, *b.sizes), value, whole, a.degree + b.degree)

    def power(self, e: Operation, a: _Term) -> _Term:
        exponent = e.arguments[1]
        if not isinstance(exponent, Number):
            raise self.refused(e.place, "an exponent is a number")
        power = Rational(exponent.value.numerator, exponent.value.denominator)
        if power < 0 and a.at(tuple(Integer(1) for _ in a.sizes), self.taken) == 0:
            raise self.refused(e.place, "this divides by 0")
        degree = max(1, abs(int(power))) * a.degree
        return _Term(a.sizes, lambda at, taken: Pow(a.at(at, taken), power), None, degree)

    def total(self, e: Operation, a: _Term) -> _Term:
        if not a.sizes:
            raise self.refused(e.place, f"{e.name.split()[-1]} is taken of an array, and this is a number")
        if e.name == "builtin sum" and len(a.sizes) > 1:
            why = "`sum` of a matrix adds its rows in Python and all its entries in NumPy; write np.sum"
            raise self.refused(e.place, why)
        count = Integer(1)
        for one in a.sizes:
            count *= one

        def value(at: tuple[Expr, ...], taken: frozenset[str]) -> Expr:
            bound: list[Symbol] = []
            for letter, _ in zip("kl", a.sizes, strict=False):
                bound.append(fresh(letter, set(taken) | {b.name for b in bound}))
            body = a.at(tuple(bound), taken | {b.name for b in bound})
            for index, high in reversed(list(zip(bound, a.sizes, strict=True))):
                body = IndexSum(body, index, 1, high)
            return body / count if e.name == "mean" else body

        return _Term((), value, None, a.degree)

    def inverse(self, e: Operation, a: _Term) -> _Term:
        if len(a.sizes) != 2 or a.sizes[0] != a.sizes[1]:
            raise self.refused(e.place, f"inv is taken of a square matrix, and this has the shape {shown(a.sizes)}")
        if a.whole is None:
            raise self.refused(e.place, "inv is taken of a matrix with a name; give it one on a line of its own")
        try:
            made = of("inverse", a.whole)
        except IllFormed as error:
            raise self.refused(e.place, str(error)) from None
        self.hypotheses.append(ne(Entry(of("determinant", a.whole)), 0))
        return _Term(a.sizes, lambda at, taken: Entry(made, *at), made, 6 * a.degree)

    def called(self, e: Call) -> _Term:
        function, inside = self.functions[e.function], self.term(e.argument)
        takes, gives = size(function.takes), size(function.gives)
        if inside.sizes != (takes,):
            why = f"{function.name} takes the shape {shown((takes,))}, and this has {shown(inside.sizes)}"
            raise self.refused(e.argument.place, why)
        if inside.whole is None:
            raise self.refused(e.argument.place, "a map is taken of a vector with a name; give it one before")
        made = Image(function.name, ((Integer(1), gives),), inside.whole)
        made = made.derivative if e.derivative else made
        return _Term((gives, takes) if e.derivative else (gives,), lambda at, taken: Entry(made, *at), made,
                     2 * inside.degree)  # fmt: skip

    def entrywise(self, e: Operation, a: _Term) -> _Term:
        def value(at: tuple[Expr, ...], taken: frozenset[str]) -> Expr:
            inside = a.at(at, taken)
            if e.name == "relu":
                return Max(0, inside, evaluate=False)
            if e.name == "sign":
                if inside.is_Rational:
                    return Integer(int(inside > 0) - int(inside < 0))
                return Cases((1, gt(inside, 0)), (0, eq(inside, 0)), (-1, OTHERWISE))
            if e.name == "abs":
                return Abs(inside)
            if e.name == "sqrt":
                return Pow(inside, Rational(1, 2))
            if e.name == "sigmoid":
                return 1 / (1 + exp(-inside, evaluate=False))
            return {"exp": exp, "log": log, "sin": sin, "cos": cos, "tanh": tanh}[e.name](inside, evaluate=False)

        return _Term(a.sizes, value, None, a.degree)

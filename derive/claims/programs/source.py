"""Text becomes a program: a short function definition without branches and loops, nothing of it ever executed.

Python's own parser makes a syntax tree of the text, which only reads it; of the tree, what is not listed here is
refused, with its line and column. Read are assignments (`a, b = ...` and `w -= ...` too), `+ - * / ** @`, a minus sign,
numbers, `.T`, the functions of CALLS (also as `np.exp`, `torch.exp`), declared maps and their Jacobians, `print`,
`log_value` and `record`, and `return`. A number is what its digits say: 0.1 is one tenth and never a binary number.

Text, lines, nesting and statements are bounded before anything is done with them.
"""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Mapping, Sequence
from fractions import Fraction

from derive.claims.programs.declared import declared
from derive.errors import IllFormed, ProgramError
from derive.language.programs import Call, Expression, Number, Operation, Place, Program, Statement, Variable
from derive.language.symbols import integer

LONGEST_TEXT, LONGEST_LINE, MOST_STATEMENTS, DEEPEST, MOST_DIGITS, LARGEST_POWER = 10_000, 200, 30, 30, 40, 20
CALLS: Mapping[str, int] = {
    "exp": 1, "log": 1, "sqrt": 1, "sin": 1, "cos": 1, "tanh": 1, "relu": 1, "sigmoid": 1, "sum": 1, "mean": 1,
    "dot": 2, "matmul": 2, "outer": 2, "transpose": 1, "inv": 1, "abs": 1, "sign": 1,
}  # fmt: skip
LOGGING = ("log_value", "print", "record")
PREFIXES = ("np", "torch", "np.linalg", "torch.linalg")
_LINEAR = {"inv"}
_OPERATORS: Mapping[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**",
}  # fmt: skip
_DECIMAL = re.compile(r"(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\Z|\.(\d+)(?:[eE]([+-]?\d{1,3}))?\Z")
_OPENING, _CLOSING = "([{", ")]}"
_SAID: Mapping[str, str] = {
    "For": "a loop", "While": "a loop", "AsyncFor": "a loop", "If": "a branch", "IfExp": "a branch",
    "Match": "a branch",
    "Import": "an import", "ImportFrom": "an import", "Lambda": "a lambda", "ListComp": "a comprehension",
    "SetComp": "a comprehension", "DictComp": "a comprehension", "GeneratorExp": "a comprehension",
    "NamedExpr": "an assignment within an expression", "JoinedStr": "a formatted text", "Starred": "a starred value",
    "Subscript": "an entry in brackets", "Compare": "a comparison", "BoolOp": "a logical operation",
    "Attribute": "an attribute", "Await": "await", "Yield": "yield", "YieldFrom": "yield", "FunctionDef": "a function "
    "within a function", "AsyncFunctionDef": "an asynchronous function", "ClassDef": "a class", "Delete": "del",
    "Global": "global", "Nonlocal": "nonlocal", "Try": "try", "TryStar": "try", "With": "with", "Raise": "raise",
    "Assert": "assert", "AnnAssign": "an annotation", "List": "a list", "Dict": "a dictionary", "Set": "a set",
    "Pass": "pass", "Tuple": "a tuple", "TemplateStr": "a formatted text", "TypeAlias": "a type",
}  # fmt: skip


def read_program(text: str, shapes: Mapping[str, str]) -> Program:
    r"""The program that the text defines, with the declared shapes.

    Args:
        text: One function definition.
        shapes: {parameter: "(n, m)"}, `"()"` for a number, and {map: "(l) -> (m)"} for maps that it calls.

    Raises:
        ProgramError: something is not in the language, or a shape is missing or unreadable; with line and column.

    Example:
        >>> read_program("def f(x):\n    return 0.5 * x", {"x": "(n)"}).statements[0].values[0].arguments[0].value
        Fraction(1, 2)
    """
    lines = _bounded(text)
    tree = _parsed(text, lines)
    body = [part for part in tree.body if not _is_text(part)]
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        stranger = next((part for part in body if not isinstance(part, ast.FunctionDef)), None)
        reader = _Reader(lines, (), {})
        if stranger is not None:
            raise reader.refused(stranger, f"{_said(stranger)} cannot be read; a program is one `def`")
        raise ProgramError(f"a program is one function definition, and this text has {len(body)}")
    return _Reader(lines, shapes, {}).program(body[0])


def _bounded(text: str) -> tuple[str, ...]:
    """The lines of a text that is short, plain and not deeply nested."""
    if len(text) > LONGEST_TEXT:
        raise ProgramError(f"the text has {len(text):,} characters; at most {LONGEST_TEXT:,} are read")
    lines = tuple(text.replace("\r\n", "\n").split("\n"))
    depth = 0
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise ProgramError(f"the line has {len(line)} characters; at most {LONGEST_LINE} are read", number, 1)
        for column, character in enumerate(line, start=1):
            if not 32 <= ord(character) < 127:
                said = "a tab" if character == "\t" else f"the character U+{ord(character):04X}"
                raise ProgramError(f"{said} cannot be read; write ASCII letters, digits and spaces", number, column)
            depth += (character in _OPENING) - (character in _CLOSING)
            if depth > DEEPEST:
                raise ProgramError(f"brackets are nested more than {DEEPEST} deep", number, column)
    return lines


def _parsed(text: str, lines: Sequence[str]) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python comments on what it reads; we refuse it with a sentence of our own
        try:
            return ast.parse(text.replace("\r\n", "\n"), type_comments=True)
        except SyntaxError as error:
            line, column = error.lineno or 1, max(error.offset or 1, 1)
            line, column = min(line, len(lines)), min(column, LONGEST_LINE)
            why = str(error.msg).splitlines()[0][:100]
            raise ProgramError(f"this is not Python: {why}", line, column, lines[line - 1]) from None
        except (ValueError, MemoryError, RecursionError):
            raise ProgramError(f"the expressions are nested more than {DEEPEST} deep", 1, 1) from None


def _is_text(part: ast.stmt) -> bool:
    """A comment in quotes."""
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str)


def _said(node: ast.AST) -> str:
    return _SAID.get(type(node).__name__, "this")


def _owner(node: ast.expr) -> str:
    """`np` or `np.linalg`, and nothing longer."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


class _Reader:
    def __init__(self, lines: Sequence[str], shapes: Mapping[str, str] | tuple[()], known: dict[str, Place]) -> None:
        self.lines, self.shapes, self.known = lines, dict(shapes), known
        self.functions: frozenset[str] = frozenset()

    def place(self, node: ast.AST) -> Place:
        return Place(getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)

    def refused(self, node: ast.AST | Place, message: str) -> ProgramError:
        place = node if isinstance(node, Place) else self.place(node)
        return ProgramError(message, place.line, place.column, self.lines[place.line - 1])

    def program(self, made: ast.FunctionDef) -> Program:
        if made.decorator_list:
            raise self.refused(made.decorator_list[0], "a decorator cannot be read; write the function without it")
        if made.returns is not None:
            raise self.refused(made.returns, "an annotation cannot be read; shapes are declared beside the program")
        if made.type_comment is not None or getattr(made, "type_params", None):
            raise self.refused(made, "types cannot be read; shapes are declared beside the program")
        self.name(made.name, self.place(made), "a function")
        names = self.parameters(made.args)
        parameters, functions = declared(names, self.shapes)
        self.functions = frozenset(f.name for f in functions)
        taken = {s for p in parameters for s in p.shape} | {s for f in functions for s in (f.takes, f.gives)}
        for name, place in self.known.items():
            if name in taken or name in self.functions:
                raise self.refused(place, f"{name} is a parameter, and it is declared as a size or a map as well")
        statements: list[Statement] = []
        for number, node in enumerate(made.body):
            if number == 0 and _is_text(node):
                continue
            if statements and statements[-1].kind == "return":
                raise self.refused(node, "nothing can stand after `return`")
            if statements and statements[-1].place.line == node.lineno:
                raise self.refused(node, "two statements stand on one line; give each a line of its own")
            if len(statements) == MOST_STATEMENTS:
                raise self.refused(node, f"the program has more than {MOST_STATEMENTS} statements")
            statement = self.statement(node)
            for target in statement.targets:
                if target in taken:
                    raise self.refused(statement.place, f"{target} names a size and cannot be assigned to")
            statements.append(statement)
        if not statements:
            raise self.refused(made, "the function does nothing")
        return Program(made.name, parameters, functions, tuple(statements), tuple(self.lines))

    def parameters(self, given: ast.arguments) -> tuple[str, ...]:
        odd = [*filter(None, (given.vararg, given.kwarg)), *given.posonlyargs, *given.kwonlyargs]
        if odd:
            raise self.refused(odd[0], "only plain parameters can be read, no starred, positional or keyword-only ones")
        values = [*given.defaults, *filter(None, given.kw_defaults)]
        if values:
            raise self.refused(values[0], "a default value cannot be read; write the number where it is used")
        for one in given.args:
            if one.annotation is not None or one.type_comment is not None:
                raise self.refused(one, "an annotation cannot be read; shapes are declared beside the program")
            if one.arg in self.known:
                raise self.refused(one, f"the parameter {one.arg} is there twice")
            self.known[self.name(one.arg, self.place(one), "a parameter")] = self.place(one)
        return tuple(self.known)

    def name(self, name: str, place: Place, what: str) -> str:
        """A name that can be printed and is not that of a function."""
        if name in CALLS or name in LOGGING or name in ("np", "torch"):
            raise self.refused(place, f"{name} is the name of a function and cannot be {what}")
        try:
            integer(name)
        except IllFormed:
            why = "a name is a letter, then letters or digits, then _subscripts (w, W1, w_bar)"
            raise self.refused(place, f"{name} cannot be {what}; {why}") from None
        if len(name) > 20:
            raise self.refused(place, f"a name has at most 20 letters, and {name[:20]}... has more")
        return name

    def statement(self, node: ast.stmt) -> Statement:
        place, text = self.place(node), self.lines[node.lineno - 1].strip()
        if isinstance(node, ast.Assign):
            if node.type_comment is not None:
                raise self.refused(node, "a type comment cannot be read; shapes are declared beside the program")
            if len(node.targets) != 1:
                raise self.refused(node, "`a = b = ...` cannot be read; write two assignments")
            targets, values = self.split(node.targets[0]), self.split(node.value)
            if len(targets) != len(values):
                why = f"{len(targets)} names are assigned {len(values)} values; each name needs one"
                raise self.refused(node, why)
            made = tuple(self.expression(v, 0) for v in values)
            names = tuple(self.target(t) for t in targets)
            if len(set(names)) != len(names):
                raise self.refused(node, "one name is assigned to twice at once")
            return Statement("assign", names, made, False, place, text)
        if isinstance(node, ast.AugAssign):
            sign = _OPERATORS.get(type(node.op))
            if sign not in ("+", "-", "*", "/") or not isinstance(node.target, ast.Name):
                raise self.refused(node, "only += -= *= /= of a name can be read; write the assignment out")
            before = self.expression(node.target, 0)
            value = Operation(sign, (before, self.expression(node.value, 0)), place)
            return Statement("assign", (self.target(node.target),), (value,), True, place, text)
        if isinstance(node, ast.Return):
            if node.value is None:
                raise self.refused(node, "`return` needs a value")
            values_ = tuple(self.expression(v, 0) for v in self.split(node.value))
            return Statement("return", (), values_, False, place, text)
        if isinstance(node, ast.Expr):
            call = node.value
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in LOGGING:
                return Statement("log", (), self.logged(call), False, place, text)
            return Statement("drop", (), (self.expression(call, 0),), False, place, text)
        raise self.refused(node, f"{_said(node)} cannot be read; a program has assignments, logging and a return")

    def split(self, node: ast.expr) -> list[ast.expr]:
        return list(node.elts) if isinstance(node, ast.Tuple) and node.elts else [node]

    def target(self, node: ast.expr) -> str:
        if not isinstance(node, ast.Name):
            raise self.refused(node, f"{_said(node)} cannot be assigned to; assign to a name")
        if node.id in self.functions or node.id.removeprefix("J_") in self.functions:
            raise self.refused(node, f"{node.id} is a map and cannot be assigned to")
        place = self.place(node)
        self.known.setdefault(self.name(node.id, place, "assigned to"), place)
        return node.id

    def logged(self, call: ast.Call) -> tuple[Expression, ...]:
        if call.keywords:
            raise self.refused(call.keywords[0], "a keyword cannot be read here; log values alone")
        shown = [a for a in call.args if not (isinstance(a, ast.Constant) and isinstance(a.value, str))]
        if not shown:
            raise self.refused(call, "no value is logged")
        return tuple(self.expression(a, 0) for a in shown)

    def expression(self, node: ast.expr, depth: int) -> Expression:
        place = self.place(node)
        if depth > DEEPEST:
            raise self.refused(node, f"the expression is nested more than {DEEPEST} deep; give its parts names")
        if isinstance(node, ast.Constant):
            return self.number(node)
        if isinstance(node, ast.Name):
            if node.id not in self.known:
                raise self.unknown(node)
            return Variable(node.id, place)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return Operation("neg", (self.expression(node.operand, depth + 1),), place)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            sign = _OPERATORS[type(node.op)]
            left = self.expression(node.left, depth + 1)
            right = self.power(node.right) if sign == "**" else self.expression(node.right, depth + 1)
            return Operation(sign, (left, right), place)
        if isinstance(node, ast.Attribute) and node.attr == "T":
            return Operation("T", (self.expression(node.value, depth + 1),), place)
        if isinstance(node, ast.Call):
            return self.call(node, depth)
        if isinstance(node, (ast.BinOp, ast.UnaryOp)):
            raise self.refused(node, "this sign cannot be read; there are + - * / ** @")
        if isinstance(node, ast.Attribute):
            raise self.refused(node, f"the attribute {node.attr[:40]} cannot be read; there is .T alone")
        raise self.refused(node, f"{_said(node)} cannot be read in an expression")

    def unknown(self, node: ast.Name) -> ProgramError:
        if node.id in CALLS or node.id in LOGGING or node.id in self.functions:
            return self.refused(node, f"{node.id} is a function and is not called here")
        if node.id in ("True", "False", "None"):
            return self.refused(node, f"{node.id} is no number")
        close = difflib.get_close_matches(node.id, self.known, n=1)
        hint = f"; did you mean {close[0]}?" if close else "; names are parameters or assigned before"
        return self.refused(node, f"{node.id[:40]} has no value here{hint}")

    def number(self, node: ast.Constant) -> Number:
        place = self.place(node)
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise self.refused(node, "this is no number; values are numbers, names and what is made of them")
        end = node.end_col_offset or node.col_offset
        digits = self.lines[node.lineno - 1][node.col_offset : end]
        return Number(self.exact(node, digits), place)

    def exact(self, node: ast.expr, digits: str) -> Fraction:
        found = _DECIMAL.match(digits)
        if found is None or len(digits) > MOST_DIGITS:
            raise self.refused(node, f"a number has at most {MOST_DIGITS} decimal digits, such as 3, 0.25, 1e-3")
        whole, part, power = found[1] or "0", found[2] or found[4] or "", found[3] or found[5] or "0"
        if abs(int(power)) > MOST_DIGITS:
            raise self.refused(node, f"the power of ten is beyond {MOST_DIGITS}")
        return Fraction(int(whole + part)) * Fraction(10) ** (int(power) - len(part))

    def power(self, node: ast.expr) -> Number:
        """The exponent of a power: an integer, or 0.5."""
        place, inner = self.place(node), node
        negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        if negative:
            inner = node.operand  # type: ignore[attr-defined]
        if not isinstance(inner, ast.Constant):
            raise self.refused(node, f"an exponent is a whole number up to {LARGEST_POWER}, or 0.5")
        value = self.number(inner).value * (-1 if negative else 1)
        if value != Fraction(1, 2) and (value.denominator != 1 or abs(value) > LARGEST_POWER):
            raise self.refused(node, f"an exponent is a whole number up to {LARGEST_POWER}, or 0.5")
        return Number(value, place)

    def call(self, node: ast.Call, depth: int) -> Expression:
        place, name = self.place(node), self.called(node.func)
        if node.keywords:
            raise self.refused(node.keywords[0], "an argument with a keyword cannot be read")
        jacobian = name.startswith("J_") and name[2:] in self.functions
        if name in LOGGING:
            raise self.refused(node, f"{name} stands on a line of its own")
        if not (jacobian or name in self.functions or name in CALLS):
            known = [*CALLS, *self.functions, *(f"J_{f}" for f in self.functions)]
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else "declare it as a map: --shape 'f=(l)->(m)'"
            raise self.refused(node, f"the function {name[:40]} is not known; {hint}")
        wanted = CALLS.get(name, 1)
        if len(node.args) != wanted:
            said = "one argument" if wanted == 1 else f"{wanted} arguments"
            raise self.refused(node, f"{name} takes {said}, not {len(node.args)}")
        if name == "sum" and not isinstance(node.func, ast.Attribute):
            name = "builtin sum"
        arguments = tuple(self.expression(a, depth + 1) for a in node.args)
        if jacobian or name in self.functions:
            return Call(name[2:] if jacobian else name, jacobian, arguments[0], place)
        alike = {"dot": "@", "matmul": "@", "transpose": "T"}
        return Operation(alike.get(name, name), arguments, place)

    def called(self, node: ast.expr) -> str:
        """The name of what is called, without the library that it is from."""
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            owner = _owner(node.value)
            if owner in PREFIXES and node.attr in CALLS and (node.attr in _LINEAR) == owner.endswith("linalg"):
                return node.attr
            raise self.refused(node, "only functions of np and torch that are listed can be called, such as np.exp(x)")
        raise self.refused(node, "what is called here has no name")

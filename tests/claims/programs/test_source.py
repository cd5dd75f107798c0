"""Text becomes a program, or is refused with one sentence that says where."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from derive.claims.programs.declared import assignments, declared, shape_of
from derive.claims.programs.source import LONGEST_TEXT, MOST_STATEMENTS, read_program
from derive.errors import BadInput, ProgramError
from derive.language.programs import Number, Operation

SHAPES = {"x": "(n)", "W": "(m, n)", "a": "()"}


def body(*lines: str) -> str:
    """A function with these lines."""
    return "\n".join(["def f(x, W, a):", *(f"    {line}" for line in lines)])


# (text, line, column, a piece of the sentence)
HOSTILE = [
    (body("return __import__('os').system('true')"), 2, 12, "what is called here|can be called|only functions"),
    (body("return x.__class__"), 2, 12, "there is .T alone"),
    (body("return x.T.__class__.__mro__"), 2, 12, "there is .T alone"),
    (body("return eval('1')"), 2, 12, "eval is not known"),
    (body("return exec"), 2, 12, "exec has no value"),
    (body("__builtins__ = x", "return x"), 2, 5, "cannot be assigned to"),
    (body("return [v for v in x]"), 2, 12, "a comprehension"),
    (body("return (lambda v: v)(x)"), 2, 13, "no name"),
    (body("return lambda v: v"), 2, 12, "a lambda"),
    (body("import os", "return x"), 2, 5, "an import"),
    ("import os\n" + body("return x"), 1, 1, "an import"),
    (body("return (y := x)"), 2, 13, "an assignment within"),
    (body("return f'{x}'"), 2, 12, "a formatted text"),
    (body("return x", "# type: int"), 3, None, "not Python"),
    (body("y = x  # type: int", "return y"), 2, 5, "a type comment"),
    ("def f(x, W, a):  # type: (int) -> int\n    return x", 1, 1, "types cannot be read"),
    ("def f(*x):\n    return x", 1, 8, "plain parameters"),
    ("def f(**x):\n    return x", 1, 9, "plain parameters"),
    ("def f(x, /, W, a):\n    return x", 1, 7, "plain parameters"),
    ("def f(x, *, W, a):\n    return x", 1, 13, "plain parameters"),
    ("def f(x, W, a=exit()):\n    return x", 1, 15, "a default value"),
    ("def f(x: exit(), W, a):\n    return x", 1, 7, "an annotation"),
    ("def f(x, W, a) -> exit():\n    return x", 1, 19, "an annotation"),
    ("@exit\ndef f(x, W, a):\n    return x", 1, 2, "a decorator"),
    ("async def f(x):\n    return x", 1, 1, "asynchronous"),
    ("class f:\n    pass", 1, 1, "a class"),
    (body("return exp(*x)"), 2, 16, "a starred value"),
    (body("return exp(x, x)"), 2, 12, "takes one argument"),
    (body("return exp(x=x)"), 2, 16, "a keyword"),
    (body("return x[0]"), 2, 12, "an entry in brackets"),
    (body("x[0] = a", "return x"), 2, 5, "an entry in brackets"),
    (body("x.T = a", "return x"), 2, 5, "an attribute"),
    (body("for v in x:", "    a = a + v", "return a"), 2, 5, "a loop"),
    (body("while a:", "    a = a - 1", "return a"), 2, 5, "a loop"),
    (body("if a:", "    a = 1", "return a"), 2, 5, "a branch"),
    (body("return x if a else W"), 2, 12, "a branch"),
    (body("return a ** a ** a"), 2, 17, "an exponent"),
    (body("return 9 ** 9 ** 9"), 2, 17, "an exponent"),
    (body("return a ** 1000000000"), 2, 17, "an exponent"),
    (body("return a ** 0.3333"), 2, 17, "an exponent"),
    (body("return 1e999999999 * a"), 2, 12, "decimal digits"),
    (body("return 1e900 * a"), 2, 12, "beyond"),
    (body("return " + "9" * 41), 2, 12, "decimal digits"),
    (body("return 0x10 * a"), 2, 12, "decimal digits"),
    (body("return 1_000 * a"), 2, 12, "decimal digits"),
    (body("return 1j * a"), 2, 12, "no number"),
    (body("return True"), 2, 12, "no number"),
    (body("return None"), 2, 12, "no number"),
    (body("return ..."), 2, 12, "no number"),
    (body("return 'text'"), 2, 12, "no number"),
    (body("return x > a"), 2, 12, "a comparison"),
    (body("return x // a"), 2, 12, "this sign"),
    (body("return not a"), 2, 12, "this sign"),
    (body("return +a"), 2, 12, "this sign"),
    (body("return a and a"), 2, 12, "a logical"),
    (body("return {a: a}"), 2, 12, "a dictionary"),
    (body("return [a]"), 2, 12, "a list"),
    (body("exp = x", "return x"), 2, 5, "name of a function"),
    (body("np = x", "return x"), 2, 5, "name of a function"),
    (body("_y = x", "return x"), 2, 5, "cannot be assigned to"),
    (body("n = a", "return x"), 2, 5, "names a size"),
    (body("b = c = a", "return b"), 2, 5, "two assignments"),
    (body("b, c = a", "return b"), 2, 5, "2 names are assigned 1"),
    (body("b, b = a, x", "return b"), 2, 5, "assigned to twice"),
    (body("b: int = a", "return b"), 2, 5, "an annotation"),
    (body("a @= x", "return a"), 2, 5, "+= -= *= /="),
    (body("return os.system(x)"), 2, 12, "only functions of np"),
    (body("return np.os.exp(x)"), 2, 12, "only functions of np"),
    (body("return np.linalg.exp(x)"), 2, 12, "only functions of np"),
    (body("return np.load(x)"), 2, 12, "only functions of np"),
    (body("return np"), 2, 12, "np has no value"),
    (body("return print(x)"), 2, 12, "a line of its own"),
    (body("print(x, file=a)", "return x"), 2, 14, "a keyword"),
    (body("print('only words')", "return x"), 2, 5, "no value is logged"),
    (body("return y"), 2, 12, "has no value here"),
    (body("return weights"), 2, 12, "has no value here"),
    (body("return"), 2, 5, "needs a value"),
    (body("return x", "a = x"), 3, 5, "after `return`"),
    (body("b = a; c = a", "return b"), 2, 12, "on one line"),
    (body("def g(x):", "    return x", "return x"), 2, 5, "a function within"),
    (body("global x", "return x"), 2, 5, "global"),
    (body("del x", "return W"), 2, 5, "del"),
    (body("pass"), 2, 5, "pass"),
    (body("raise a"), 2, 5, "raise"),
    (body("yield a"), 2, 5, "yield"),
    (body("return \u0445"), 2, 12, "U+0445"),
    (body("return x\u00b2"), 2, 13, "U+00B2"),
    (body("return x  # \u202e"), 2, 17, "U+202E"),
    (body("return\tx"), 2, 11, "a tab"),
    (body("return x\x00"), 2, 13, "U+0000"),
    (body("return x\x0c"), 2, 13, "U+000C"),
    (body("return " + "(" * 60 + "x" + ")" * 60), 2, 42, "nested more than 30"),
    (body("return " + "-" * 60 + "x"), 2, 43, "nested more than 30"),
    (body("return x" + " + x" * 40), 2, 12, "nested more than 30"),
    (body("return (x"), 2, None, "not Python"),
    (body("return x +"), 2, None, "not Python"),
    ("\n".join(["def f(x, W, a):", *["    a = a + 1"] * (MOST_STATEMENTS + 1)]), MOST_STATEMENTS + 2, 5, "more than"),
    (body("y = x + " + "x" * 200), 2, 1, "characters"),
    (body("lambda_" + "x" * 30 + " = a", "return a"), 2, 5, "at most 20"),
]


@pytest.mark.parametrize(("text", "line", "column", "piece"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_not_in_the_language_is_refused(text, line, column, piece):
    """One sentence, with the line and the column."""
    with pytest.raises(ProgramError) as caught:
        read_program(text, SHAPES)
    error = caught.value
    assert any(p in error.message for p in piece.split("|")), error.message
    assert (error.line, error.column) == (line, column or error.column), str(error)
    assert error.sentence.startswith(f"line {line}, column {error.column}: ")
    assert "\n" not in error.message


def test_there_are_enough_hostile_texts():
    """All of them say where."""
    assert len({text for text, *_ in HOSTILE}) == len(HOSTILE) >= 90


@pytest.mark.parametrize(
    "text",
    [
        "x" * (LONGEST_TEXT + 1),
        "def f(x):\n" + "    x = x\n" * 200_000,
        "",
        "x = 1",
        "'only words'",
        body("return x") + "\n" + body("return x"),
        "def f(x): return " + ".T" * 4_000,
        "def f(x):\n    return x" + ".T\\\n" * 2_000,
        "def f(x):\n    return (x" + "\n+x" * 2_500 + ")",
        "(" * 9_000,
        "-" * 9_000,
        "\n" * 9_000,
    ],
    ids=range(12),
)
def test_large_and_empty_texts_are_refused_at_once(text):
    """No text can take more than a moment."""
    start = time.perf_counter()
    with pytest.raises(ProgramError):
        read_program(text, SHAPES)
    assert time.perf_counter() - start < 2


def test_the_caret_points_to_the_place():
    """The message shows the line and marks the column."""
    with pytest.raises(ProgramError) as caught:
        read_program(body("y = W @ x", "return expp(y)"), SHAPES)
    first, shown, mark = str(caught.value).split("\n")
    assert first == "line 3, column 12: the function expp is not known; did you mean exp?"
    assert shown[mark.index("^") :].startswith("expp(y)")


@pytest.mark.parametrize(
    ("digits", "value"),
    [("0.1", Fraction(1, 10)), ("3", 3), ("1e-3", Fraction(1, 1000)), (".5", Fraction(1, 2)), ("2.", 2),
     ("0.1234567890123456789", Fraction(1234567890123456789, 10**19)), ("1.5E2", 150), ("007.0", 7)],
)  # fmt: skip
def test_numbers_are_what_their_digits_say(digits, value):
    """No digit is lost, as in a binary number some are."""
    program = read_program(f"def f(a):\n    return a * {digits}", {"a": "()"})
    (made,) = program.statements[0].values
    assert isinstance(made, Operation)
    number = made.arguments[1]
    assert isinstance(number, Number)
    assert number.value == value


def test_what_is_read():
    """Every form of the language."""
    program = read_program(
        body(
            '"""words"""', "y, b = W @ x, 2 * a", "y -= b", "y = -np.tanh(y) / 2 + torch.exp(y) ** 2 - relu(y).T",
            "print('y', y)", "log_value(y, b)", "relu(y)", "return y, b",
        ),
        SHAPES,
    )  # fmt: skip
    kinds = [s.kind for s in program.statements]
    assert kinds == ["assign", "assign", "assign", "log", "log", "drop", "return"]
    assert [s.in_place for s in program.statements] == [False, True, *[False] * 5]
    assert program.sizes == ("n", "m")


@pytest.mark.parametrize(
    ("shapes", "piece"),
    [
        ({"x": "(n)", "W": "(m, n)"}, "a is not declared"),
        ({**SHAPES, "z": "()"}, "z, which is no parameter"),
        ({**SHAPES, "a": "n"}, "no shape for a"),
        ({**SHAPES, "a": "(n, m, k)"}, "3 axes"),
        ({**SHAPES, "a": "(0)"}, "no size"),
        ({**SHAPES, "a": "(784)"}, "a size is a letter, or a number from 1 to 4"),
        ({**SHAPES, "a": "(-1)"}, "no shape"),
        ({**SHAPES, "a": "(n_)"}, "no size"),
        ({**SHAPES, "a": "(x)"}, "declared as a size"),
        ({**SHAPES, "a": "(" * 5_000}, "no shape"),
        ({**SHAPES, "g": "(n, m) -> (n)"}, "takes a vector"),
        ({**SHAPES, "a": "(n) -> (n)"}, "declared as a map"),
        ({**SHAPES, "x y": "()"}, "no name"),
    ],
)
def test_shapes_that_say_nothing_are_refused(shapes, piece):
    """Missing, surplus and unreadable ones."""
    with pytest.raises(ProgramError, match=piece):
        read_program(body("return x"), shapes)


def test_shapes_on_the_command_line():
    """NAME=SHAPE, each name once."""
    assert assignments(["W = (n,m)"]) == {"W": "(n,m)"}
    assert shape_of("x", "()") == ()
    assert declared(["x"], {"x": "(3)", "f": "(n)->(2)"})[1][0].gives == 2
    for given in (["W"], ["W=(n)", "W=(m)"]):
        with pytest.raises(BadInput):
            assignments(given)

"""The house stands as the design says: who imports whom, and what is never called."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "derive"

# Which rooms a room may import, besides itself and errors. The table of the design, with two additions: sheets may
# import render, because the document tree that a sheet becomes is defined in derive/render/document.py; claims may
# import constructs, whose proved claims are lemmas for what somebody else states, and render, to tell terms in LaTeX.
MAY_IMPORT = {
    "errors": set(),
    "language": set(),
    "kernel": {"language"},
    "rules": {"language", "kernel"},
    "numeric": {"language", "kernel"},
    "constructs": {"language", "kernel", "rules"},
    "claims": {"language", "kernel", "rules", "numeric", "constructs", "render"},
    "networks": {"language", "kernel", "rules", "constructs", "numeric"},
    "formats": {"language"},
    "render": {"language", "kernel"},
    "sheets": {"language", "kernel", "rules", "constructs", "claims", "numeric", "networks", "formats", "render"},
}
DOORS = {
    "cli", "cli_build", "cli_check", "cli_degree", "cli_format", "cli_network", "cli_new", "cli_output", "cli_read",
    "pytest_plugin", "__init__", "__main__",
}  # fmt: skip

# Packages of others that a room may import; rooms that are not named here may import any.
LIBRARIES = {
    "errors": set(),
    "language": {"sympy", "islpy", "z3", "flint"},
    "kernel": {"sympy"},
    "rules": {"sympy"},
    "formats": {"flint"},
    "constructs": {"sympy"},
}

THIRD_PARTY = {
    "sympy", "mpmath", "numpy", "numba", "scipy", "islpy", "z3", "flint", "jinja2", "matplotlib", "math_core", "torch",
    "lark", "distributed",
}  # fmt: skip

# Heuristics: what they return is no evidence, and what they cannot do they sometimes return anyway.
SEARCHES = {
    "simplify", "nsimplify", "summation", "solve", "solveset", "limit", "integrate", "equals", "trigsimp", "powsimp",
    "ratsimp", "radsimp", "logcombine", "hypersimp", "doit", "evalf", "piecewise_fold", "refine", "gruntz", "dsolve",
}  # fmt: skip
# Text given to these is executed.
EVALUATORS = {"eval", "exec", "compile", "sympify", "S", "parse_expr", "parse_latex", "lambdify", "__import__"}
# Calls that are right all the same, and why.
ALLOWED = {
    ("language/conditions.py", "sympify"): "strict=True refuses text: only numbers and expressions get through",
    ("numeric/code.py", "compile"): "a syntax tree made of our own terms, with names of our own",
    ("numeric/code.py", "exec"): "the same tree",
}


def modules() -> list[Path]:
    """Every Python file of the package."""
    return sorted(p for p in PACKAGE.rglob("*.py") if "_templates" not in p.parts)


def name_of(path: Path) -> str:
    """The path within the package."""
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    """The folder of a module, or its own name at the top."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_in(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Dotted names that a module imports anywhere, with lines; relative ones resolved in `package`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*base, *([node.module] if node.module else [])))
            yield stem, node.lineno
            yield from ((f"{stem}.{alias.name}", node.lineno) for alias in node.names)


def forbidden_imports(path: Path, tree: ast.AST) -> list[str]:
    """Imports against the arrows, and packages a room has no business with."""
    room = room_of(path)
    package = ("derive", *path.relative_to(PACKAGE).parts[:-1])
    found = []
    for name, line in imports_in(tree, package):
        parts = name.split(".")
        if parts[0] == "derive" and len(parts) > 1 and room not in DOORS:
            other = parts[1]
            inside = other in MAY_IMPORT or (PACKAGE / f"{other}.py").exists()
            if inside and other not in {room, "errors", *MAY_IMPORT[room]}:
                found.append(f"{name_of(path)}:{line} imports {name}")
        elif parts[0] in THIRD_PARTY and parts[0] not in LIBRARIES.get(room, THIRD_PARTY):
            found.append(f"{name_of(path)}:{line} imports {name}")
    return found


def calls_in(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Functions and methods that are called; methods of `self` are our own and left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "self":
                yield node.func.attr, node


def names_from_sympy(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names imported from SymPy, so that a searcher cannot come in under another name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sympy":
            yield from ((alias.name, node.lineno) for alias in node.names)


def test_every_room_is_in_the_table():
    """A new folder of the package needs a place in the table."""
    rooms = {room_of(path) for path in modules()} - DOORS
    assert rooms <= set(MAY_IMPORT), rooms - set(MAY_IMPORT)
    assert len(rooms) >= 8


def test_imports_go_one_way():
    """No module imports against the arrows of the design, at its top or inside a function."""
    looked, found = 0, []
    for path in modules():
        tree = tree_of(path)
        looked += sum(1 for _ in imports_in(tree, ()))
        found += forbidden_imports(path, tree)
    assert found == []
    assert looked > 200


def test_the_import_rule_catches_what_it_should():
    """A kernel that imports rules, a rule that imports NumPy, and a relative way round are all seen."""
    wrong = {
        "kernel/x.py": ["from derive.rules import sums", "import derive.rules.sums", "from ..rules import sums",
                        "def f():\n    from derive.numeric import report", "import flint", "from derive import cli"],
        "rules/x.py": ["import numpy", "from derive.render.tex import latex", "from derive import render"],
        "render/x.py": ["from derive.constructs import registry", "import derive.sheets.reader"],
        "errors.py": ["import derive.language", "from sympy import Expr"],
    }  # fmt: skip
    right = {
        "kernel/x.py": ["from derive.language import Context", "import sympy", "from .derivation import Step"],
        "sheets/x.py": ["from derive.render import document", "import numpy"],
        "cli.py": ["from derive.sheets import build"],
    }
    for expected, cases in ((True, wrong), (False, right)):
        for name, sources in cases.items():
            for source in sources:
                assert bool(forbidden_imports(PACKAGE / name, ast.parse(source))) is expected, (name, source)
    assert sum(map(len, wrong.values())) == 13
    assert sum(map(len, right.values())) == 6


def searches_in(tree: ast.AST) -> list[object]:
    """Names of heuristics that are called or imported, with lines."""
    called = [(name, node.lineno) for name, node in calls_in(tree)]
    return [f"{line} uses {name}" for name, line in (*called, *names_from_sympy(tree)) if name in SEARCHES]


def evaluators_in(tree: ast.AST) -> list[tuple[str, int]]:
    """Evaluators of text that are called or imported, with lines.

    A method counts only if it belongs to a module: `model.eval` of z3 looks up a value, `re.compile` reads a pattern.
    """
    found = [(name, line) for name, line in names_from_sympy(tree) if name in EVALUATORS - {"S", "sympify"}]
    for name, node in calls_in(tree):
        owner = ast.unparse(node.func.value).split(".")[0] if isinstance(node.func, ast.Attribute) else ""
        if name in EVALUATORS and owner in ("", "builtins", "sympy", "importlib"):
            strict = any(k.arg == "strict" and ast.unparse(k.value) == "True" for k in node.keywords)
            found.append((name if name != "sympify" or strict else "sympify without strict=True", node.lineno))
    return found


def test_kernel_and_rules_never_search():
    """What proves may not call what guesses."""
    looked, found = 0, []
    for path in modules():
        if room_of(path) in ("kernel", "rules"):
            tree = tree_of(path)
            looked += sum(1 for _ in calls_in(tree))
            found += [f"{name_of(path)}:{use}" for use in searches_in(tree)]
    assert found == []
    assert looked > 300


def test_text_is_never_evaluated():
    """Nothing of the package gives text to an evaluator; what is allowed by name is still there."""
    looked, found = 0, {}
    for path in modules():
        tree = tree_of(path)
        looked += sum(1 for _ in calls_in(tree))
        found.update({(name_of(path), name): line for name, line in evaluators_in(tree)})
    assert {use: line for use, line in found.items() if use not in ALLOWED} == {}
    assert set(ALLOWED) - set(found) == set()
    assert looked > 1000


def test_the_call_rules_catch_what_they_should():
    """Heuristics and evaluators are seen under each way of calling them, and lookalikes are let be."""
    searching = ["simplify(x)", "x.simplify()", "sympy.simplify(x)", "(a - b).equals(c)", "from sympy import solve",
                 "x.doit()"]  # fmt: skip
    evaluating = ["eval(t)", "exec(t)", "builtins.eval(t)", "sympify(t)", "sympy.sympify(t)", "S(t)",
                  "from sympy.parsing.sympy_parser import parse_expr as p", "from sympy import lambdify",
                  "sympify(t, strict=False)"]  # fmt: skip
    harmless = ["self.limit(x)", "model.eval(x)", "re.compile(t)", "S.Zero", "x.limits", "Limit(x)"]
    assert [bool(searches_in(ast.parse(s))) for s in searching] == [True] * 6
    assert [bool(evaluators_in(ast.parse(s))) for s in evaluating] == [True] * 9
    assert [searches_in(ast.parse(s)) + evaluators_in(ast.parse(s)) for s in harmless] == [[]] * 6


def test_no_error_is_caught_unnamed():
    """`except Exception`, a bare `except` and `except BaseException` do not appear."""
    looked, found = 0, []
    for path in modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler):
                looked += 1
                caught = ast.unparse(node.type) if node.type else "everything"
                if re.search(r"\b(Base)?Exception\b|everything", caught):
                    found.append(f"{name_of(path)}:{node.lineno} catches {caught}")
    assert found == []
    assert looked > 30


def test_files_can_be_read_in_one_sitting():
    """No module has more than 400 lines."""
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
    assert len(lengths) >= 40


def test_nothing_committed_names_a_machine():
    """No committed file holds a path of the machine that it was written on, or a registry of its own."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: an unpacked archive has no list of committed files")
    # Written in pieces, so that this file does not find itself.
    folders = "|".join(["ro" + "ot", "ho" + "me", "Us" + "ers", "wo" + "rk", "op" + "t"])
    machine = re.compile(rf"(?<![\w.])/({folders})/\w|index-ur[l]|find-link[s]")
    looked, found = 0, []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        looked += 1
        for number, line in enumerate(path.read_bytes().decode("latin-1").splitlines(), start=1):
            if machine.search(line):
                found.append(f"{name}:{number}")
    assert found == []
    assert looked > 60


def test_the_kernel_is_read_in_one_sitting():
    """What replays derivations has less than 1200 lines with docstrings; certificates are apart from it."""
    lines = {p.stem: len(p.read_text(encoding="utf-8").splitlines()) for p in (PACKAGE / "kernel").glob("*.py")}
    replaying = {name: count for name, count in lines.items() if name not in ("certificate", "notation")}
    assert set(replaying) == {"__init__", "checker", "derivation", "law", "lemma", "monotone", "places", "stepping"}
    assert sum(replaying.values()) <= 1160, replaying


def test_no_law_is_long():
    """A law is read at a glance: 60 lines at most, its statement first."""
    laws = []
    for path in (PACKAGE / "rules").glob("*.py"):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef) and any("primitive" in ast.unparse(d) for d in node.decorator_list):
                laws.append(node.name)
                assert node.end_lineno - node.lineno < 60, node.name
                statement = ast.get_docstring(node).splitlines()[0]
                assert any(sign in statement for sign in (" -> ", " <= ", " >= ", " < ", " > ")), node.name
    assert len(laws) >= 29

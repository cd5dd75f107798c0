r"""Problems one by one: TeX files to `\input` into a document of one's own, and the package that they need.

The package has the macros of our sheets under names that begin with `derive`, so that they meet none of a document's.
What the problems and the package change is changed within a problem alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from derive.errors import RenderError
from derive.render import latex, pages
from derive.render.document import Document

PACKAGE = "derive-snippets.sty"
"""The package, the same for all problems that are built with the same templates."""
_MADE = re.compile(
    r"\\(?:newcommand\{\\(\w+)\}|newlength\{\\(\w+)\}|newcount\s*\\(\w+)|newif\s*\\if(\w+)|newenvironment\{(\w+)\})"
)


def write(document: Document, own: Path | None = None) -> dict[str, str]:
    r"""The files of a document's problems, of its introduction and of the package, {name: TeX}.

    Args:
        document: A sheet, in the edition that is wanted.
        own: A folder whose `latex/` overrides our templates; the macros of its `macros.tex` are in the package.

    Raises:
        RenderError: two problems would have the same file.

    Example:
        >>> from derive.render.document import Problem
        >>> made = write(Document("s", "S", "", "", (), (), (Problem("3A", "", (), ()),), (), ()))
        >>> sorted(made)
        ['derive-snippets.sty', 's-problem-3A.tex']
        >>> made["s-problem-3A.tex"].splitlines()[1]
        '\\begin{derivesnippet}'
    """
    env = latex.environment(document.name, own)
    env.filters["kept"] = _kept
    renamed = _renaming()
    found: dict[str, str] = {}

    def add(name: str, **values: object) -> None:
        if name.lower() in map(str.lower, found):
            said = f"two problems of the sheet {document.name} would both be {name}"
            raise RenderError(f"{said}; give them other numbers")
        found[name] = renamed(latex.tidy(pages.render(env, "snippet.tex", document=document, **values)))

    if document.introduction:
        add(f"{document.name}-introduction.tex", problem=None)
    for problem in document.problems:
        place = re.sub(r"[^A-Za-z0-9]+", "-", str(problem.number)).strip("-")
        add(f"{document.name}-problem-{place}.tex", problem=problem)
    found[PACKAGE] = renamed(latex.tidy(pages.render(env, "snippets.sty")))
    return found


def _kept(own: str) -> str:
    """The macros of a user, who may have them in the document as well: there they stay as they are."""
    return re.sub(r"\\newcommand(?![A-Za-z])", r"\\providecommand", own)


@cache
def _renaming() -> Callable[[str], str]:
    """What gives each macro of ours its name in a foreign document."""
    ours = (pages.template_folder() / "latex" / "macros.tex").read_text("utf-8")
    names = {next(filter(None, found)) for found in _MADE.findall(ours)}
    switches = set(re.findall(r"\\newif\s*\\if(\w+)", ours))
    environments = set(re.findall(r"\\newenvironment\{(\w+)\}", ours))
    commands = (names | set(re.findall(r"\\let\\(\w+)", ours))) - switches - environments
    told = {name: f"\\derive{name}" for name in commands}
    for name in switches:
        told |= {f"if{name}": f"\\ifderive{name}", f"{name}true": f"\\derive{name}true"}
        told[f"{name}false"] = f"\\derive{name}false"
    command = re.compile(rf"\\({'|'.join(sorted(told, key=len, reverse=True))})(?![A-Za-z@])")
    environment = re.compile(rf"(\\(?:newenvironment|renewenvironment|begin|end)\{{)({'|'.join(environments)})\}}")
    colour = re.compile(r"(\\(?:providecolor|color|textcolor|fcolorbox)\{)ink\}")

    def renamed(tex: str) -> str:
        tex = command.sub(lambda found: told[found[1]], tex.replace(r"\definecolor{ink}", r"\providecolor{ink}"))
        return colour.sub(r"\1deriveink}", environment.sub(r"\1derive\2}", tex))

    return renamed

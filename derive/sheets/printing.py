"""What prints itself in every format: a checked claim, or a false statement with its witness."""

from __future__ import annotations

import json
import re
from typing import Any

from derive.constructs.construct import Construct
from derive.render.document import Block, CheckNote, Document, Part, Problem


def alone(path: str, construct: Construct, question: tuple[Block, ...], part: Part, note: CheckNote) -> Document:
    """One part as a page of its own."""
    return Document(
        name=path.replace(".", "-"),
        title=construct.title,
        course="",
        author="",
        conventions=construct.conventions,
        introduction=(),
        problems=(Problem(1, "", question, (part,)),),
        hypotheses=(),
        checks=(note,),
    )


def _scoped_style() -> str:
    """The rules of our pages for what stands within `.derive`: a notebook has its own for everything else."""
    from derive.render.pages import template_folder

    style = (template_folder() / "html" / "style.css").read_text("utf-8").partition("@media")[0]
    ours = re.findall(r"^([^{}@:*][^{}]*?) (\{[^{}]*\})$", style, re.MULTILINE)
    rules = [".derive { --ink: #595959; background: #fff; color: #111; }"]
    for selectors, body in ours:
        if selectors not in ("body", "main", "header", "footer"):
            rules.append(", ".join(f".derive {one.strip()}" for one in selectors.split(",")) + f" {body}")
    return "\n".join(rules) + "\n"


class Printed:
    """A page of its own in every format; a class, since notebooks and Python users ask an object to print itself."""

    def document(self) -> Document:
        """The page."""
        raise NotImplementedError

    def data(self) -> dict[str, Any]:
        """What the page says, as data."""
        raise NotImplementedError

    def text(self) -> str:
        """For a terminal."""
        from derive.render import text

        return text.write(self.document())

    def tex(self) -> str:
        """A LaTeX document."""
        from derive.render import latex

        return latex.write(self.document())

    def markdown(self) -> str:
        """Markdown with dollar maths."""
        from derive.render import markdown

        return markdown.write(self.document())

    def html(self) -> str:
        """A self-contained HTML page."""
        from derive.render import html

        return html.write(self.document())

    def json(self) -> str:
        """The same as JSON; terms as LaTeX and as plain text."""
        return json.dumps(self.data(), indent=2, ensure_ascii=False)

    def _repr_html_(self) -> str:
        """For notebooks: what is asked and its solution, with the rules that set them, for this alone."""
        from derive.render import html

        document = self.document()
        blocks = tuple(b for p in document.problems for part in p.parts for b in (*p.question, *part.solution))
        return f'<div class="derive">\n<style>\n{_scoped_style()}</style>\n{html.blocks(blocks)}</div>\n'

    def _repr_markdown_(self) -> str:
        """For notebooks and what is made of them: the same as Markdown with dollars."""
        from derive.render import markdown

        document = self.document()
        blocks = tuple(b for p in document.problems for part in p.parts for b in (*p.question, *part.solution))
        return markdown.blocks(blocks, document.name)

    def __str__(self) -> str:
        return self.text()

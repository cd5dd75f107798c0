"""What prints itself in every format: a checked claim, or a false statement with its witness."""

from __future__ import annotations

import json
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

    def __str__(self) -> str:
        return self.text()

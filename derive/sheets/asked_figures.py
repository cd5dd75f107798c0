"""The figures that a part asks for, made from what the part derived or read."""

from __future__ import annotations

from typing import TypeAlias

from derive.claims.programs.reading import Reading
from derive.errors import BadInput
from derive.kernel.checker import Memory
from derive.render.document import Figure
from derive.sheets import field_figures, graph_figures, routing_figures, window_figures
from derive.sheets.answers import Checked
from derive.sheets.networks import Asked
from derive.sheets.prose import prose
from derive.sheets.specs import FigureSpec

Subject: TypeAlias = Checked | Reading | Asked | None
"""What a part is about: a claim, a program, a network, or words alone."""


def drawn(name: str, spec: FigureSpec, subject: Subject, memory: Memory) -> Figure:
    """One figure.

    Args:
        name: Of the figure, unique on the sheet.
        spec: What is asked for.
        subject: What its part derived or read.
        memory: What was checked before.

    Raises:
        BadInput: the part has nothing of the kind.
        OracleDisagrees: what would be drawn is not what was checked.
    """
    caption = prose(spec.caption) if spec.caption else ()
    checked = subject if isinstance(subject, Checked) else None
    if spec.kind == "receptive field":
        return field_figures.receptive_field(name, spec, caption, checked, memory)
    if spec.kind == "graph":
        if isinstance(subject, Reading):
            return graph_figures.of_program(name, subject, caption)
        if isinstance(subject, Asked):
            return graph_figures.of_network(name, subject, caption)
        if checked is not None:
            return graph_figures.of_claim(name, checked, caption)
        raise BadInput("a graph needs a claim about a composition, a program or a network in its part")
    if checked is None:
        wanted = "a convolution with arrays set and an entry written out" if spec.kind == "window" else "pooling"
        raise BadInput(f"a figure of the kind {spec.kind!r} needs a claim about {wanted} in its part")
    draw = window_figures.window if spec.kind == "window" else routing_figures.figure
    return draw(name, checked, caption, spec.in_question)

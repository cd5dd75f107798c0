"""Conditions beside the answers of a part."""

from __future__ import annotations

from derive.language import between, eq, ge, integer, ne, real
from derive.render.document import CaseBlock, Document, Paragraph, Part, Problem, Result
from derive.sheets.said_once import new_conditions, said_once

N, H, A, B = integer("n"), integer("h"), real("a"), real("b")


def shown(*results: Result) -> list[tuple[object, ...]]:
    """The conditions that one part shows, in its order; one result stands within a case."""
    blocks = (*results[:-1], CaseBlock(ge(N, 2), (results[-1],)))
    part = Part("(a)", "", (), (Paragraph(("Words.",)), *blocks))
    document = Document("s", "S", "", "", (), (), (Problem(1, "", (), (part, part)),), (), ())
    first, second = said_once(document).problems[0].parts
    assert first == second, "a part says its conditions whatever an earlier part has said"
    assert isinstance(first.solution[-1], CaseBlock)
    return [b.conditions for b in (*first.solution[1:-1], *first.solution[-1].blocks)]  # type: ignore[union-attr]


def test_a_condition_is_said_once_in_a_part() -> None:
    """The sort of a letter once, where an index runs always."""
    runs = between(1, H, N)
    results = [Result(A, "=", B, (ge(N, 1), runs)), Result(A, "=", B, (ge(N, 1), runs)), Result(A, "=", B, (ge(N, 1),))]
    assert shown(*results) == [(ge(N, 1), runs), (runs,), ()]


def test_conditions_that_contradict_what_was_said_are_said_again_in_full() -> None:
    """a != b, then a = b, then a != b again: each frame says which, with all that is asked of these letters."""
    results = [
        Result(A, "=", B, (ge(N, 1), ne(A, B))),
        Result(A, "=", B, (ge(N, 1), ge(A, 0), eq(A, B))),
        Result(A, "=", B, (ge(N, 1), ne(A, B))),
        Result(A, "=", B, (ge(N, 1), ge(A, 0))),
    ]
    assert shown(*results) == [(ge(N, 1), ne(A, B)), (ge(A, 0), eq(A, B)), (ne(A, B),), (ge(A, 0),)]


def test_nothing_that_a_frame_needs_is_left_unsaid() -> None:
    """Whatever comes, what is asked was said here or before, after the last other thing said of the same letters."""
    needed = [(ge(N, 1),), (ge(N, 2), ne(A, 0)), (ge(N, 1), ne(A, 0)), (ge(N, 2),), (ne(A, 0), ge(N, 2))]
    said: list[object] = []
    looked = 0
    now: list[object] = []
    for conditions in needed:
        fresh = new_conditions(conditions, now)  # type: ignore[arg-type]
        said += fresh
        for condition in conditions:
            later = said[len(said) - said[::-1].index(condition) :]
            assert not [c for c in later if c not in conditions and c.free_symbols & condition.free_symbols]  # type: ignore[attr-defined]
            looked += 1
    assert looked == 8

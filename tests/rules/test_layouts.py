"""Layouts of derivatives: each entry stands where its layout says, proved, and compared with loops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.constructs.construct import Claim
from derive.constructs.registry import claim, constructs
from derive.errors import BadInput, StepRejected
from derive.kernel.checker import check
from derive.kernel.derivation import Step
from derive.language import Entry
from derive.language.forms import Form
from derive.numeric.spotcheck import spot_check
from derive.rules.layouts import LAYOUTS, laid_out
from tests.fuzz.budget import WHOLE

PLACES = [
    ("softmax_jacobian.entry", "numerator", "ij"),
    ("softmax_jacobian.entry", "denominator", "ji"),
    ("two_layer_network.jacobian", "numerator", "iq"),
    ("two_layer_network.jacobian", "denominator", "qi"),
    ("dense_layer.weight_gradient", "numerator", "rh"),
    ("dense_layer.weight_gradient", "denominator", "hr"),
    ("convolution_channels.weight_1d", "numerator", "ucf"),
    ("mean_squared_error.output_gradient", "denominator", "n"),
]


@pytest.mark.parametrize(("path", "layout", "indices"), PLACES)
def test_the_place_of_an_entry(path: str, layout: str, indices: str) -> None:
    """Rows are outputs or, in the other layout, variables; the result is proved and has the numbers of the claim."""
    _, known = claim(path)
    made = laid_out(known.derive(), layout)
    assert isinstance(made.left, Entry) and "".join(map(str, made.left.indices)) == indices
    assert check(made).verdict.kind == "proved"
    found = spot_check(replace(known, context=made.context, left=made.left), made.right, count=60, seed=5)
    assert found.mismatch is None and found.exact_points >= 30


def test_one_layout_is_the_transpose_of_the_other() -> None:
    """The same entry, at exchanged indices; a matrix result is told as the transposed matrix, once."""
    both = [laid_out(claim("dense_layer.weight_gradient")[1].derive(), layout) for layout in LAYOUTS]
    assert both[0].left.indices == both[1].left.indices[::-1]
    assert [form.array.operation for form in (both[0].right, both[1].right)] == ["transpose", "product"]
    assert both[0].right.array.operands[0] == both[1].right.array


def test_the_untransposed_matrix_is_refused() -> None:
    """The wrong twin: numerator layout with the matrix of the other."""
    made = laid_out(claim("dense_layer.weight_gradient")[1].derive(), "numerator")
    form = made.right.array.operands[0]
    assert isinstance(form, Form)
    wrong = form[made.left.indices]
    *others, last = made.chain.moves
    assert isinstance(last, Step)
    forged = replace(made, right=wrong, chain=replace(made.chain, moves=(*others, replace(last, after=wrong))))
    with pytest.raises(StepRejected):
        check(forged)


def test_every_claim_has_a_layout_or_says_why_not() -> None:
    """Derivatives and gradients have both, whatever their number of axes; nothing else has one."""
    made, refused = [], []
    for construct in constructs()[:: 1 if WHOLE else 4]:
        for known in construct.claims[:2]:
            (made if _has_layouts(known) else refused).append(known)
    assert len(made) >= (12 if WHOLE else 3) and len(refused) >= 20


def _has_layouts(known: Claim) -> bool:
    derivation = known.derive()
    try:
        both = [laid_out(derivation, layout) for layout in LAYOUTS]
    except BadInput:
        return False
    assert both[0].left.indices == both[1].left.indices[::-1] or len(both[0].left.indices) != 2
    return True


def test_what_is_no_layout() -> None:
    """An unknown layout is refused with the two that there are."""
    with pytest.raises(BadInput, match="'rows' is not a layout; there are numerator and denominator"):
        laid_out(claim("softmax_jacobian.entry")[1].derive(), "rows")
    with pytest.raises(BadInput, match=r"gradient_steps\.least_squares has no layout"):
        laid_out(claim("gradient_steps.least_squares")[1].derive(), "numerator")

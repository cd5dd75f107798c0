"""Claims whose hypotheses and definitions are written otherwise than where they are used, each with a wrong twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.claims.judging import judge, prepare
from derive.claims.stated import Claim
from tests.claims.corpus import proved, written
from tests.claims.printing import STYLES

ACCEPTED = ("proved", "exact", "sampled")


@pytest.fixture(autouse=True, scope="module")
def prepared():
    """Laws and library are loaded once, outside the time of a claim."""
    prepare()


def verdict(claim: Claim) -> str:
    """What is said of the claim."""
    return judge(claim, explain=False).verdict


@pytest.mark.parametrize(
    ("hypothesis", "told"),
    [
        (r"\sum_{k=1}^{n} t_k \ne 0", "proved"),
        (r"\sum_{k=2}^{n+1} t_{k-1} \ne 0", "proved"),
        (r"\sum_{k=1}^{n} t_{n+1-k} \ne 0", "proved"),
        (r"\sum_{k=2}^{n} t_{n+1-k} \ne 0", "refuted"),
        (r"\sum_{k=2}^{n} t_{k-1} \ne 0", "refuted"),
        (r"\sum_{k=2}^{n+1} t_{k-1}^2 \ne 0", "refuted"),
        (r"\sum_{k=2}^{n+1} t_{k-1} > 0", "proved"),
        (r"0 > \sum_{k=2}^{n+1} t_{k-1}", "proved"),
        (r"\sum_{k=2}^{n+1} t_{k-1} \ge 0", "refuted"),
        (r"\sum_{k=2}^{n+1} t_{k-1} > -1", "refuted"),
    ],
)
def test_a_hypothesis_may_begin_its_sum_elsewhere(hypothesis: str, told: str):
    """What is said not to be 0 is the same number however its index runs; with a term less it is another."""
    claim = Claim(
        "quotient", symbols=(("n", "size"), ("t", "array[n]")), where=(hypothesis,),
        left=(r"\sum_{i=1}^{n} \frac{t_i}{\sum_{k=1}^{n} t_k}",), right=("1",),
    )  # fmt: skip
    assert verdict(claim) == told


def test_a_lemma_is_used_where_its_hypothesis_is_written_otherwise():
    """A norm that is positive by a hypothesis in matrix notation; the gradient without its root is another one."""
    (fact,) = proved(["norm_gradients.residual"])
    claim = written(fact, STYLES[3])
    assert verdict(claim) == "proved"
    twin = replace(claim, right=(claim.right[0].replace(r"\sqrt", ""),))
    assert twin != claim
    assert verdict(twin) == "refuted"


def test_a_lemma_is_used_where_its_definitions_are_written_out():
    """Numbers that are defined on the way stand in the claim's definition as what they are, and twice one does not."""
    (fact,) = proved(["width_rates.descent"])
    claim = written(fact, STYLES[2])
    assert verdict(claim) == "proved"
    first, *others = claim.let
    twin = replace(claim, let=(f"{first} \\cdot 2", *others))
    assert verdict(twin) not in ACCEPTED


@pytest.mark.parametrize("letter", ["r", "q"])
@pytest.mark.parametrize("body", [r"\sum_{r=1}^{K} x_{r+i-1}", r"\max_{1 \le r \le K} x_{r+i-1}"])
def test_what_a_definition_needs_keeps_its_letters(letter: str, body: str):
    """y_r needs x at r' + r - 1, r' its own letter: that K + m - 1 <= N is so then, that 2K - 1 <= N is not."""
    symbols = (("N", "size"), ("K", "size"), ("m", "size"), ("x", "array[N]"), ("y", "array[m]"))
    where = rf"\forall 1 \le {letter} \le m: y_{letter} \ge 0"
    bound = Claim("", symbols=symbols, let=(f"y_i = {body}",), where=(where,), relation="<=", right=("N",))
    assert verdict(replace(bound, left=("2K-1",))) == "refuted"
    assert verdict(replace(bound, left=("K+m-1",))) in ACCEPTED


@pytest.mark.parametrize("name", ["receptive_equal_layers.plain", "receptive_boxes.cube", "rectangles.steps"])
def test_arrays_that_are_defined_alike_are_not_mistaken_for_each_other(name: str):
    """Strides and dilations that are all 1 are two arrays: the lemma's are matched with those of their names."""
    (fact,) = proved([name])
    claim = written(fact, STYLES[0])
    assert verdict(claim) == "proved"
    twin = replace(claim, let=tuple(text.replace("= 1", "= 2", 1) if text[0] in "sSu" else text for text in claim.let))
    assert twin != claim
    assert verdict(twin) not in ACCEPTED


SUMS_OF_SUMS = {"N": "size", "C": "size", "P": "size", "s": "size", "p": "integer >= 0", "c": "integer", "j": "integer"}
SUMS_OF_SUMS |= dict.fromkeys("gx", "array[N, C, P], zero outside")


@pytest.mark.parametrize(
    ("right", "told"),
    [
        (r"\sum_{r=1}^{N} \sum_{u=2}^{P+1} g_{r,c,u-1} x_{r,c,j+s(u-2)-p}", "proved"),
        (r"\sum_{r=2}^{N+1} \sum_{u=0}^{P-1} g_{r-1,c,P-u} x_{r-1,c,j+s(P-u-1)-p}", "proved"),
        (r"\sum_{u=2}^{P+1} \sum_{r=1}^{N} g_{r,c,u-1} x_{r,c,j+s(u-2)-p}", "proved"),
        (r"\sum_{r=1}^{N} \sum_{u=2}^{P+1} g_{r,c,u-1} x_{r,c,j+s(u-1)-p}", "refuted"),
        (r"\sum_{r=1}^{N} \sum_{u=2}^{P} g_{r,c,u-1} x_{r,c,j+s(u-2)-p}", "refuted"),
    ],
)
def test_inner_sums_begin_elsewhere_below_sums_with_other_names(right: str, told: str):
    """Both are brought to begin at 0 and to one direction; a term less, or another term, is seen."""
    left = r"\sum_{n=1}^{N} \sum_{r=1}^{P} g_{n,c,r} x_{n,c,j+s(r-1)-p}"
    assert verdict(Claim("sums", symbols=tuple(SUMS_OF_SUMS.items()), left=(left,), right=(right,))) == told


NAMED = {"N": "size", "D": "size", "t": "vector[N]", "w": "vector[D]", "u": "array[D]", "j": "integer"}


@pytest.mark.parametrize("letter", ["i", "k"])
@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ("u_j", r"w_j \sum_{m=1}^{N} t_m^2", "proved"),
        (r"\sum_{i=1}^{N} t_i E", r"E \sum_{k=1}^{N} t_k", "proved"),
        (r"\sum_{i=1}^{N} t_i E", r"\sum_{k=1}^{N} t_k^3", "refuted"),
        ("u_j", r"w_j \sum_{m=1}^{N} t_m^2 t_j", "refuted"),
    ],
)
def test_a_name_that_let_gives_brings_its_own_index(letter: str, left: str, right: str, told: str):
    """A sum named E stands within sums and definitions whose index has the name of its own."""
    let = (r"E = \sum_{i=1}^{N} t_i^2", f"u_{letter} = w_{letter} E")
    where = (r"1 \le j \le D", r"\sum_{i=1}^{N} t_i E \ge 0", r"j \le N")
    symbols = tuple(NAMED.items())
    assert verdict(Claim("E", symbols=symbols, let=let, where=where, left=(left,), right=(right,))) == told


RECOGNISED = (
    "convolution_channels.weight_2d", "convolution_channels.input_1d_grouped", "max_pooling.least_gradient",
    "max_pooling.global_gradient", "convolution_layer.input_gradient", "gradient_steps.least_squares",
    "two_layer_kernels.relu", "largest_rates.signsgd",
)  # fmt: skip


@pytest.mark.parametrize("style", [0, 1, 2], ids=lambda k: STYLES[k].name)
@pytest.mark.parametrize("name", RECOGNISED)
def test_what_a_construct_has_proved_is_recognised(name: str, style: int):
    """Whatever its letters are called, and where numbers that it may differentiate by are just numbers; no twin is."""
    (fact,) = proved([name])
    claim = written(fact, STYLES[style])
    assert verdict(claim) == "proved"
    twin = replace(claim, right=(rf"2 \cdot \left( {claim.right[0]} \right)",))
    assert verdict(twin) == "refuted"

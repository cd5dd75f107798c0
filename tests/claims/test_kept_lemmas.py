"""Lemmas that were proved in an earlier run are the same lemmas, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.claims.kept_lemmas import KeptLemmas, kept_lemmas
from derive.claims.known import LEMMAS, Known
from derive.claims.library import Known as Claim
from derive.claims.library import Library, whole_library
from derive.claims.running import run
from derive.claims.workers import JUDGE
from derive.kernel.checker import check
from derive.rules import load_laws
from derive.rules.time_limit import OutOfTime, within_time
from tests.claims.corpus import proved, written
from tests.claims.printing import STYLES

WANTED = ("finite_sums.fractions", "softmax_squares.covariance", "conv1d_lengths.valid_length", "vector_norms.total")
NEEDS = "convolution_channels.weight_1d_grouped"


@pytest.fixture(scope="module")
def claims():
    """Some claims of the library, with nothing derived."""
    load_laws()
    found = {known.name: known for some in whole_library()._by_head.values() for known in some}
    return [Claim(n, found[n].context, found[n].left, found[n].derive) for n in WANTED]


def again(claim):
    """The same claim, as another process has it."""
    return Claim(claim.name, claim.context, claim.left, lambda: pytest.fail("derived again"))


def test_what_is_kept_is_what_was_derived(claims, tmp_path):
    """Derivation and reports are the same, nothing is derived, and the checker accepts what was read."""
    kept = KeptLemmas(tmp_path)
    for claim in claims:
        checked: dict = {}
        read: dict = {}
        made, same = claim.lemma(checked, kept), again(claim).lemma(read, kept)
        assert made == same and same is not made
        assert read == {key: checked[key] for key in read} and read["lemma", same].verdict.kind == "proved"
        assert check(same, {}, explain=False).verdict.kind == "proved"


def test_a_damaged_one_is_derived_again(claims, tmp_path):
    """One byte that is another one, a file that is cut, and another claim's name: it is not there."""
    kept, claim = KeptLemmas(tmp_path), claims[0]
    claim.made.clear()
    claim.lemma({}, kept)
    (path,) = (p for p in tmp_path.rglob("*") if p.is_file())
    good = path.read_bytes()
    for bad in (good[:-1] + bytes([good[-1] ^ 1]), good[: len(good) // 2], b""):
        path.write_bytes(bad)
        assert kept.find(claim.name) is None
    path.write_bytes(good)
    assert kept.find(claim.name) is not None
    assert kept.find(claims[1].name) is None


def test_what_is_not_proved_is_not_kept(claims, tmp_path):
    """A derivation that the checker refuses is no lemma, and leaves nothing behind."""
    kept = KeptLemmas(tmp_path)
    good = claims[0].derive()
    wrong = replace(good, right=good.right + 1)
    checked: dict = {}
    assert Claim(claims[0].name, claims[0].context, claims[0].left, lambda: wrong).lemma(checked, kept) is None
    assert kept.find(claims[0].name) is None and not checked


def test_a_lemma_has_a_time_of_its_own(claims):
    """The time of who asks does not cut it off; its own does, and then it may be asked for again."""
    claim = Claim(claims[1].name, claims[1].context, claims[1].left, claims[1].derive)
    with pytest.raises(OutOfTime):
        claim.lemma({}, None, 0.0)
    with within_time(0.0):
        assert claim.lemma({}) is not None


def test_other_code_has_another_folder(tmp_path, monkeypatch):
    """The folder is named after the code; the environment names it to the processes that judge."""
    here = Known(tmp_path, 10, "a:b").lemmas
    monkeypatch.setattr("derive.claims.known.code_hash", lambda: "other")
    assert Known(tmp_path, 10, "a:b").lemmas != here and here.is_relative_to(tmp_path)
    monkeypatch.delenv(LEMMAS, raising=False)
    assert kept_lemmas() is None and Library(()).kept is None
    monkeypatch.setenv(LEMMAS, str(here))
    assert kept_lemmas() is not None


def test_a_run_keeps_the_lemmas_it_has_proved(tmp_path):
    """A claim that needs a lemma leaves it in the folder, and is proved by it in the next run."""
    (claim,) = (written(fact, STYLES[0]) for fact in proved([NEEDS]))
    known = Known(tmp_path, 10, JUDGE)
    (first,) = run([claim], jobs=1, known=known)
    kept = {path: path.stat().st_mtime_ns for path in known.lemmas.rglob("*") if path.is_file()}
    assert first.verdict == "proved" and "a proved claim" in first.by and kept
    assert [f.by for f in run([replace(claim, id="b")], jobs=1, known=Known(tmp_path, 9, JUDGE))] == [first.by]
    assert kept == {path: path.stat().st_mtime_ns for path in known.lemmas.rglob("*") if path.is_file()}

"""Claims in bulk: what one of them does costs the others nothing."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from derive.claims import worker
from derive.claims.findings import Finding, Unread, as_data, finding_from
from derive.claims.known import Known, code_hash, default_folder
from derive.claims.running import run
from derive.claims.stated import Claim, Malformed
from derive.claims.workers import LEAST_MEMORY, Workers
from derive.errors import BadInput, DeriveError

ROOT = Path(__file__).parents[2]
JUDGE = "tests.claims.stand_in:judge"


@pytest.fixture(autouse=True)
def stand_in(monkeypatch):
    """The workers find the stand-in, however pytest was started."""
    monkeypatch.syspath_prepend(ROOT)


def claim(what, right="proved", number=0, **more):
    """One of the stand-in's."""
    return Claim(f"{what} {number}", left=(what,), right=(right,), number=number, **more)


def of_father(process):
    """Processes that this one is the father of, zombies left out."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # ended meanwhile
            state, father = path.read_text().rpartition(")")[2].split()[:2]
            if int(father) == process and state != "Z":
                found.append(int(path.parent.name))
    return found


def gone(process):
    """Whether a process has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return True


on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")


def test_what_is_known_so_far_is_not_lost():
    """A claim that is wrong stays so when the search for the slip takes too long or fails; the next one is itself."""
    ends = ("run away", "segfault", "mistake", "eat")
    claims = [claim(what, number=k) for end in ends for k, what in enumerate((f"refuted, then {end}", end))]
    found = {f.id: f for f in run(claims, jobs=2, seconds=0.5, memory=LEAST_MEMORY, judge=JUDGE)}
    assert [found[f"refuted, then {end} 0"].verdict for end in ends] == ["refuted"] * 4
    assert all(found[f"refuted, then {end} 0"].by == "a point" for end in ends)
    assert [found[f"{end} 1"].verdict for end in ends] == ["undecided"] * 4


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_that_fails_costs_only_itself(jobs):
    """Endless loops, sleep, memory, crashes, recursion, mistakes: each is undecided with its reason."""
    reasons = {
        "run away": "time: not finished within 0.5 seconds",
        "sleep": "time: not finished within 0.5 seconds",
        "eat": "memory",
        "segfault": "the process ended with SIGSEGV",
        "leave": "the process ended with status 7",
        "recurse": "nested too deeply",
        "mistake": "ZeroDivisionError at stand_in.py",
        "no text": "TypeError at encoder.py",
    }
    kinds = [word for bad in reasons for word in ("ok", bad, "print")]
    claims = [claim(what, number=i) for i, what in enumerate(kinds)]
    before = threading.active_count()
    found = {finding.number: finding for finding in run(claims, jobs, 0.5, 2**30, judge=JUDGE)}
    assert len(found) == len(claims) == 24
    for number, what in enumerate(kinds):
        finding = found[number]
        assert finding.id == f"{what} {number}"
        if what in reasons:
            assert finding.verdict == "undecided" and reasons[what] in finding.by, finding
        else:
            assert finding.verdict == "proved", finding
    assert all(found[number].seconds < 5 for number in found)
    assert not [p for p in of_father(os.getpid()) if b"claims.worker" in Path(f"/proc/{p}/cmdline").read_bytes()]
    assert threading.active_count() == before


def test_findings_come_as_they_are_made():
    """Those that are quick do not wait for the slow one before them."""
    claims = [claim("sleep", number=1), *(claim("ok", number=i) for i in range(2, 30))]
    order = [finding.number for finding in run(claims, 2, 1.0, judge=JUDGE)]
    assert order[-1] == 1 and len(order) == 29


def test_a_worker_is_used_again_and_replaced_in_time():
    """Many claims in one process, then a fresh one."""
    count = 2 * worker.CLAIMS_A_WORKER + 10
    claims = [claim("process", number=i) for i in range(count)]
    start = time.monotonic()
    processes = [finding.by for finding in run(claims, 1, 5.0, judge=JUDGE)]
    assert len(processes) == count and len(set(processes)) == 3
    assert time.monotonic() - start < 20


def test_a_worker_that_has_grown_is_replaced():
    """Seven times 40 MB are more than a quarter of 1 GB, six times are not."""
    claims = [claim("hoard", number=i) for i in range(14)]
    processes = [finding.by for finding in run(claims, 1, 5.0, memory=2**30, judge=JUDGE)]
    assert [processes.count(process) for process in dict.fromkeys(processes)] == [7, 7]


def test_long_claims_and_long_findings_arrive_whole():
    """Far more than what a socket holds at once, in both directions."""
    text = "x" * 2_000_000
    claims = [Claim(str(i), left=("long", text), number=i) for i in range(3)]
    assert [finding.by == text * 10 for finding in run(claims, 1, 20.0, judge=JUDGE)] == [True] * 3


def test_claims_at_once():
    """Two workers take half as long for claims that wait."""
    claims = [claim("short", number=i) for i in range(8)]
    with Workers(2, judge=JUDGE) as workers:
        workers.one(claim("ok"))
        start = time.monotonic()
        assert len(list(workers.run(claims))) == 8
        assert time.monotonic() - start < 8 * 0.3 * 0.8


def test_workers_go_on_after_their_caller_stops_listening():
    """A run that is left in its middle leaves no finding to the next one."""
    with Workers(1, judge=JUDGE) as workers:
        running = workers.run([claim("ok", number=1), claim("short", number=2)])
        assert next(running)[1].number == 1
        running.close()
        assert [finding.number for _, finding in workers.run([claim("ok", number=3)])] == [3]


def test_a_keeper_that_is_killed_is_replaced():
    """As the system does when memory is short."""
    with Workers(1, judge=JUDGE) as workers:
        assert workers.one(claim("ok")).verdict == "proved"
        os.kill(workers.keeper.pid, signal.SIGKILL)
        found = [finding.verdict for _, finding in workers.run([claim("ok", number=i) for i in range(3)])]
        assert found.count("proved") >= 2 and len(found) == 3


def test_what_cannot_start_is_said_and_not_tried_for_ever():
    """A judge that does not exist, too little memory."""
    with pytest.raises(DeriveError, match=r"cannot start: .*no_such_module"):
        list(run([claim("ok")], 1, judge="tests.claims.no_such_module:judge"))
    with pytest.raises(BadInput, match="at least 512 MB"):
        list(run([claim("ok")], 1, memory=LEAST_MEMORY - 1, judge=JUDGE))


def test_malformed_claims_need_no_process():
    """And come first."""
    made = run([Malformed("a", "x.toml", 1, 3, "no right")], judge="tests.claims.no_such_module:judge")
    (finding,) = made
    assert finding.verdict == "unreadable" and finding.error == Unread("no right", 3)


@on_linux
def test_ctrl_c_ends_everything(tmp_path):
    """The command says that it was stopped, with status 130, and no process is left."""
    (tmp_path / "x.toml").write_text("[[claim]]\nid='a'\nleft='sleep'\nright='proved'\n" * 3, encoding="utf-8")
    program = (
        f"import sys\nfrom derive.claims import workers\nworkers.JUDGE = {JUDGE!r}\n"
        "from derive.cli import main\nsys.exit(main(sys.argv[1:]))"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program, "check", str(tmp_path / "x.toml"), "--jobs", "2", "--no-cache"],
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    workers: list[int] = []
    while len(workers) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
        keepers = of_father(started.pid)
        workers = of_father(keepers[0]) if keepers else []
    time.sleep(0.3)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=20)
    assert started.returncode == 130 and said == "derive: stopped\n"
    time.sleep(0.2)
    assert len(workers) == 2 and all(gone(process) for process in (*keepers, *workers))


@on_linux
def test_workers_do_not_outlive_a_caller_that_is_killed():
    """Idle ones see it at once, busy ones end when their time is over."""
    program = (
        "from derive.claims.running import run\nfrom derive.claims.stated import Claim\n"
        "claims = [Claim(str(i), left=(what,), number=i) for i, what in enumerate(['ok', 'sleep', 'run away'])]\n"
        f"for finding in run(claims, 3, 0.1, judge={JUDGE!r}):\n    print(finding.id, flush=True)\n"
    )
    started = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert started.stdout.readline() == "0\n"
    (keeper,) = of_father(started.pid)
    started.kill()
    started.communicate(timeout=10)
    deadline = time.monotonic() + 20
    while not gone(keeper):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_findings_are_kept_and_found_again(tmp_path):
    """Under another name and file too; time-outs and what is unreadable are judged anew."""
    known = Known(tmp_path / "kept", 0.5, JUDGE)
    claims = [claim("process", number=1), claim("ok", "refuted", number=2), claim("sleep", number=3)]
    first = {f.number: f for f in run(claims, 1, 0.5, known=known, judge=JUDGE)}
    renamed = [Claim("x", "y.toml", left=c.left, right=c.right, number=c.number, notes=("twice",)) for c in claims]
    again = {f.number: f for f in run(renamed, 1, 0.5, known=known, judge=JUDGE)}
    assert again[1].by == first[1].by and again[1].cached and again[1].notes == ("twice",)
    assert (again[1].id, again[1].file) == ("x", "y.toml")
    assert again[2].counterexample == first[2].counterexample and again[2].slip == first[2].slip
    assert not again[3].cached and "time" in again[3].by
    assert len(list((tmp_path / "kept").rglob("*.json"))) == 2 and not list((tmp_path / "kept").rglob("*.part"))


def test_any_difference_that_counts_makes_another_claim(tmp_path):
    """Each field of a claim but its names, the time, the judge."""
    known = Known(tmp_path, 1.0, JUDGE)
    base = Claim("a", left=("1",), right=("1",))
    known.keep(base, Finding("a", "proved"))
    others = [
        {"left": ("2",)}, {"right": ("2",)}, {"where": ("n > 1",)}, {"let": ("a = 1",)}, {"relation": "<="},
        {"chain": ("1",)}, {"asked": "a.b"}, {"given": (("a", "1"),)}, {"answer": "1"}, {"form": "closed"},
        {"layout": "numerator"}, {"conventions": (("a", "b"),)}, {"symbols": (("n", "integer"),)},
    ]  # fmt: skip
    names = {"id", "file", "number", "notes", "lines"}
    assert {key for other in others for key in other} | names == set(as_data(base))
    for other in others:
        assert known.find(Claim(**{"id": "a", "left": ("1",), "right": ("1",), **other})) is None, other
    assert known.find(base) is not None
    assert Known(tmp_path, 2.0, JUDGE).find(base) is None and Known(tmp_path, 1.0, "a:b").find(base) is None


def test_claims_without_numbers_keep_their_own_findings(tmp_path):
    """Claims of a program, which all have the same name and number, are not mixed up."""
    known = Known(tmp_path, 5.0, JUDGE)
    pair = [Claim("", left=("ok",), right=(right,)) for right in ("proved", "refuted")]
    for _ in range(2):
        assert sorted(f.verdict for f in run(pair, 2, 5.0, known=known, judge=JUDGE)) == ["proved", "refuted"]
    assert [known.find(c).verdict for c in pair] == ["proved", "refuted"]


@pytest.mark.parametrize("damage", ["empty", "cut", "verdict", "other key", "list", "nested", "folder"])
def test_a_damaged_entry_is_none(tmp_path, damage):
    """It is ignored, and written anew."""
    known = Known(tmp_path, 1.0, JUDGE)
    one = Claim("a", left=("1",), right=("1",))
    known.keep(one, Finding("a", "refuted"))
    (path,) = tmp_path.rglob("*.json")
    text = path.read_text()
    changed = {
        "empty": "", "cut": text[: len(text) // 2], "verdict": text.replace("refuted", "proved"), "list": "[1]",
        "other key": text.replace(json.loads(text)["key"], "0" * 64), "nested": "[" * 100_000,
    }  # fmt: skip
    if damage == "folder":
        path.unlink()
        path.mkdir()
        assert known.find(one) is None
        known.keep(one, Finding("a", "refuted"))
        assert known.find(one) is None
        return
    assert changed[damage] != text
    path.write_text(changed[damage])
    assert known.find(one) is None
    known.keep(one, Finding("a", "refuted"))
    assert known.find(one).verdict == "refuted"


def test_where_findings_are_kept(monkeypatch, tmp_path):
    """As the user's system says."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "derive"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_folder() == Path.home() / ".cache/derive"
    assert code_hash() == code_hash()


def test_a_finding_is_the_same_after_its_journey():
    """Through JSON and back, with everything that a finding can hold."""
    from tests.claims.stand_in import judge

    made = judge(claim("ok", "refuted"), 1.0)
    assert finding_from(json.loads(json.dumps(as_data(made)))) == made
    wrong = Finding("a", "unreadable", error=Unread("never closed", 14, 9, "x\n^"), readings=("a", "b"), notes=("n",))
    assert finding_from(json.loads(json.dumps(as_data(wrong)))) == wrong
    with pytest.raises(TypeError, match="neither"):
        bool(made)
    with pytest.raises(ValueError, match="no verdict"):
        Finding("a", "maybe")


def test_a_cluster_judges_too():
    """A local cluster with two workers gives the same findings; nothing at an address is said in a sentence."""
    if not _dask():
        pytest.skip("Dask is not installed (pip install 'derive[dask]')")
    program = r"""
import sys, warnings
warnings.simplefilter("ignore")
from distributed import LocalCluster
from derive.claims.running import run
from derive.claims.stated import Claim
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True) as cluster:
        kinds = ["ok", "mistake", "run away", "segfault"] + ["ok"] * 16
        claims = [Claim(str(i), left=(what,), right=("proved",), number=i) for i, what in enumerate(kinds)]
        judge = "tests.claims.stand_in:judge"
        for finding in run(claims, seconds=0.5, executor=cluster.scheduler_address, judge=judge):
            print(finding.number, finding.verdict, finding.by.split(":")[0], sep="|")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    rows = sorted(line.split("|") for line in done.stdout.splitlines())
    assert len(rows) == 20, done.stderr
    found = {int(number): (verdict, by) for number, verdict, by in rows}
    assert found[1] == ("undecided", "a mistake of this program, ZeroDivisionError at stand_in.py")
    assert found[2] == ("undecided", "time") and found[3] == ("undecided", "the process ended with SIGSEGV")
    assert sum(1 for verdict, _ in found.values() if verdict == "proved") == 17


def _dask():
    there = importlib.util.find_spec("distributed") is not None
    assert there or not os.environ.get("CI"), "CI installs Dask; see .ci/run"
    return there

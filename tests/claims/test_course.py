"""The claims of courses get the verdicts that a grader would give, through the command as people use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FILES = Path(__file__).with_name("files")


@pytest.mark.whole
@pytest.mark.parametrize(("name", "least"), [("course", 155), ("lectures", 160)])
def test_a_course(name: str, least: int) -> None:
    """Each claim has the verdict that its name says; none that is false is accepted in any way."""
    command = [sys.executable, "-m", "derive", "check", str(FILES / f"{name}.toml")]
    command += ["--json", "--no-cache", "--seconds", "30"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = {line["id"]: line["verdict"] for line in lines if "id" in line}
    assert len(found) >= least
    wrong = {name: verdict for name, verdict in found.items() if name.partition(":")[0] != verdict}
    assert not wrong
    assert done.returncode == 1
    for line in lines:
        if line.get("verdict") == "refuted" and not line["by"].startswith("ill-formed"):
            assert line["counterexample"]["left"] != line["counterexample"]["right"] or "undefined" in str(line)

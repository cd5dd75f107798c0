"""The wheel: built, installed in a clean environment, used from another folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHEET = r"""
title = "From a wheel"
[[problem]]
title = "Delay"
text = 'A signal $x$ and a filter $h$.'
[[problem.part]]
claim = "time_shift.response"
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command; its output is shown if it fails."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_", "PYTEST_", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(c) for c in command],
        cwd=cwd, env={**clean, **environment}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this tree, made without a network: the build backend is in the test environment."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
        "--wheel-dir", folder, ROOT, cwd=folder,
    )  # fmt: skip
    (made,) = folder.glob("derive-*.whl")
    return made


@pytest.mark.slow
def test_the_wheel_carries_templates_and_no_tests(wheel):
    """Every template and module is in the wheel; tests and outputs are not."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    templates = [p for p in (ROOT / "templates").rglob("*") if p.is_file()]
    modules = [p for p in (ROOT / "derive").rglob("*.py") if "__pycache__" not in p.parts]
    for path in templates:
        assert f"derive/_templates/{path.relative_to(ROOT / 'templates').as_posix()}" in names
    for path in modules:
        assert path.relative_to(ROOT).as_posix() in names
    assert len(templates) >= 8
    assert len(modules) >= 30
    assert {name.split("/")[0] for name in names} == {"derive", wheel.name.split("-py3")[0] + ".dist-info"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.slow
def test_an_installed_wheel_builds_a_sheet_from_another_folder(wheel, tmp_path):
    """In a clean environment that sees the libraries but not this tree, `derive` lists, shows and builds."""
    home = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=tmp_path)
    python = home / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", ask, cwd=tmp_path).stdout.strip())
    run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile",
        "--prefix", home, "--ignore-installed", wheel, cwd=tmp_path,
    )  # fmt: skip
    # The libraries come by a path file, whose own path files are not followed: so this tree's editable install stays
    # out of sight. The packages are the tested ones, and no network is needed.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = run(python, "-c", "import derive; print(derive.__file__)", cwd=elsewhere).stdout.strip()
    assert Path(where).is_relative_to(site)
    (elsewhere / "mine.toml").write_text(SHEET, encoding="utf-8")
    done = run(home / "bin" / "derive", "build", "mine.toml", "--format", "tex,html,md", cwd=elsewhere)
    assert (done.stdout, done.stderr) == ("", "")
    made = sorted((elsewhere / "outputs").iterdir())
    assert [p.name for p in made] == ["mine.html", "mine.md", "mine.tex"]
    for path in made:
        assert "From a wheel" in path.read_text(encoding="utf-8")
    shown = run(python, "-m", "derive", "show", "time_shift", cwd=elsewhere)
    assert "y" in shown.stdout

"""How long `derive --help` takes."""

from __future__ import annotations

import subprocess
import sys
import time

ROUNDS = 5


def seconds(*arguments: str) -> float:
    """The best of some runs of Python with these arguments."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, timeout=60)
        best = min(best, time.perf_counter() - start)
    return best


def test_help_takes_less_than_a_third_of_importing_sympy():
    """Best of five each, in one run on one machine."""
    helping, importing = seconds("-m", "derive", "--help"), seconds("-c", "import sympy")
    ratio = importing / helping
    print(f"derive --help {helping * 1000:.0f} ms, import sympy {importing * 1000:.0f} ms, {ratio:.1f} times")
    assert ratio > 3

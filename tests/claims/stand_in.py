"""Judges that stand in for the real one: they do what the claim's left side says."""

from __future__ import annotations

import ctypes
import os
import time
from dataclasses import replace

from derive.claims.findings import Finding, Slip, Witness
from derive.claims.so_far import tell
from derive.claims.stated import Claim

HOARD: list[bytes] = []


def judge(claim: Claim, seconds: float) -> Finding:
    """The verdict that stands on the right, after what the left says was done."""
    what = claim.left[0] if claim.left else ""
    if what.startswith("refuted, then "):
        tell(Finding(claim.id, "refuted", by="a point"))
        return judge(replace(claim, left=(what.removeprefix("refuted, then "),)), seconds)
    if what == "run away":
        while True:
            pass
    if what == "sleep":
        time.sleep(3600)
    if what == "short":
        time.sleep(0.3)
    if what == "eat":
        return Finding(claim.id, "proved", by=str(len([bytes(10**7) for _ in range(10**6)])))
    if what == "segfault":
        ctypes.string_at(0)
    if what == "leave":
        os._exit(7)
    if what == "recurse":
        return judge_again(claim)
    if what == "mistake":
        raise ZeroDivisionError("one by nothing")
    if what == "no text":
        return Finding(claim.id, "proved", by=object())
    if what == "long":
        return Finding(claim.id, "proved", by=claim.left[1] * 10)
    if what == "process":
        return Finding(claim.id, "proved", by=str(os.getpid()))
    if what == "hoard":
        HOARD.append(b"x" * 40 * 2**20)
        return Finding(claim.id, "proved", by=str(os.getpid()))
    if what == "print":
        print("not JSON", flush=True)
        os.write(1, b"\n{\n")
    if claim.right == ("refuted",):
        point = Witness((("n", "1"), ("a", "2"), ("x", ("0", "1/2"))), "-2", "2")
        return Finding(
            claim.id, "refuted", counterexample=point, ratio="1 - a", slip=Slip("the sign of n is wrong", "n + 1")
        )
    return Finding(claim.id, claim.right[0] if claim.right else "proved", by="standing in", where=claim.where)


def judge_again(claim: Claim) -> Finding:
    """Never ends, without a loop."""
    return judge_again(claim)


def fails_to_load(claim: Claim, seconds: float) -> Finding:
    """Never asked."""
    raise AssertionError

"""Derivations that several tests look at, made once in each process, and the groups that keep those tests together."""

from __future__ import annotations

from functools import cache

import pytest

from derive.constructs.registry import claim
from derive.kernel.derivation import Derivation


@cache
def derived(path: str) -> Derivation:
    """The derivation of `construct.claim`."""
    return claim(path)[1].derive()


def together(construct: str) -> pytest.MarkDecorator:
    """Tests of one construct are run by one process (`--dist loadgroup`), which derives each claim once."""
    return pytest.mark.xdist_group(construct)

"""How much is looked at: little in `make test`, DERIVE_FUZZ times as much in `make soundness`; the same every time."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

FACTOR = int(os.environ.get("DERIVE_FUZZ", "1"))
"""How many times as many examples as in `make test`."""


def over(examples: int, **drawn: SearchStrategy[Any]) -> Callable[[Callable[..., None]], None]:
    """Run the function at once, on so many examples times FACTOR; a failing one is shrunk and shown by hypothesis."""

    def run(body: Callable[..., None]) -> None:
        looks = settings(
            max_examples=examples * FACTOR,
            derandomize=True,
            deadline=None,
            database=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        looks(given(**drawn)(body))()

    return run

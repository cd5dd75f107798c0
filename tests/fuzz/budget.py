"""How much is looked at, the same every time: a share in `make test`, all of the tables in `make whole`.

`make soundness` draws DERIVE_FUZZ times as many examples as `make whole`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

FACTOR = int(os.environ.get("DERIVE_FUZZ", "1"))
"""How many times as many examples are drawn as in `make whole`."""
WHOLE = FACTOR > 1 or bool(os.environ.get("DERIVE_WHOLE"))
"""Whether tables are gone through from end to end."""
SHARE = 1 if WHOLE else 6
"""One in so many of the examples is drawn."""
AMOUNT = FACTOR if WHOLE else 0.1
"""What a count of things that were looked at is multiplied by; of few examples some are more uneven."""


def over(examples: int, **drawn: SearchStrategy[Any]) -> Callable[[Callable[..., None]], None]:
    """Run the function at once, on so many examples times FACTOR; a failing one is shrunk and shown by hypothesis."""

    def run(body: Callable[..., None]) -> None:
        looks = settings(
            max_examples=max(10, examples * FACTOR // SHARE),
            derandomize=True,
            deadline=None,
            database=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        looks(given(**drawn)(body))()

    return run

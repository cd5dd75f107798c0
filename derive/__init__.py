"""derive: exact derivations with symbolic sizes, every line checked.

Nothing heavy is imported here: names are loaded when first used.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_PLACES = {
    "show": "derive.sheets.result",
    "construct": "derive.constructs.registry",
    "constructs": "derive.constructs.registry",
    "build": "derive.sheets.build",
    "check": "derive.claims.calling",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'derive' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])

"""Laws, and how to step with them."""

from __future__ import annotations

import pkgutil
from importlib import import_module


def load_laws() -> None:
    """Import every module of this package, so that `derive.kernel.law.LAWS` holds all laws there are.

    Example:
        >>> from derive.kernel.law import LAWS
        >>> load_laws()
        >>> "geometric_sum" in LAWS
        True
    """
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")

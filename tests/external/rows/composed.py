"""Claims about any smooth map have no code to be compared with PyTorch's."""

from __future__ import annotations

from tests.external.autograd import Row

_WHY = "it holds for any smooth map: such a map is a polynomial at exact points, and is not compiled"
TABLE: tuple[Row, ...] = ()
LEFT_OUT = {f"composed_maps.{name}": _WHY for name in ("jacobian", "forward", "backward", "branches")}

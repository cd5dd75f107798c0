"""Claims that PyTorch is not asked about: any smooth map has no code, and a domain may be too narrow."""

from __future__ import annotations

from tests.external.autograd import Row

_WHY = "it holds for any smooth map: such a map is a polynomial at exact points, and is not compiled"
TABLE: tuple[Row, ...] = ()
_DOMAIN = "numbers drawn at random are mostly outside its domain; tests/sheets has its value at a point of the course"
LEFT_OUT = {
    **{f"composed_maps.{name}": _WHY for name in ("jacobian", "forward", "backward", "branches")},
    **{f"root_and_sine.{name}": _DOMAIN for name in ("inner", "derivative")},
}

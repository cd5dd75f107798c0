"""Receptive fields: their arrays have no first entry, so they have a test of their own."""

from __future__ import annotations

from tests.external.autograd import Row

_OWN = "the input has no first entry; compared with PyTorch in test_receptive_fields.py"
TABLE: tuple[Row, ...] = ()
LEFT_OUT = {"receptive_ends.first": _OWN} | {f"receptive_weights.nothing_{side}": _OWN for side in ("before", "behind")}

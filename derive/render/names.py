"""Names of symbols and arrays as base, marks, subscripts and primes, and the two ways to write an entry.

`sigma_x` is the Greek letter with subscript x, `d_out` has an upright subscript since `out` is a word, `x1` is
`x_1`, `y_hat` wears a hat, `k'` keeps its prime.

**Which bracket?** An entry is written `x[n]` when its array is a sequence: one axis, 0 outside its range, and an end of
that is infinite or it does not begin at 1. Every other entry has subscripts: `w_i`, `w_{ij}`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from derive.language import Array

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ",
}
MARKS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
_SPLIT = re.compile(r"([A-Za-z]+?)([0-9]*)((?:_[A-Za-z0-9]+)*)('*)\Z")


@dataclass(frozen=True)
class Name:
    """A name taken apart: its letters, marks over it, subscripts, number of primes."""

    base: str
    marks: tuple[str, ...]
    subscripts: tuple[str, ...]
    primes: int


def parse(name: str) -> Name | None:
    """The parts of a name, or None if it is not of the usual shape.

    Example:
        >>> parse("sigma_x'")
        Name(base='sigma', marks=(), subscripts=('x',), primes=1)
    """
    found = _SPLIT.match(name)
    if found is None:
        return None
    base, digits, tail, primes = found.groups()
    pieces = [p for p in tail.split("_") if p]
    marks = tuple(p for p in pieces if p in MARKS)
    subscripts = ((digits,) if digits else ()) + tuple(p for p in pieces if p not in MARKS)
    return Name(base, marks, subscripts, len(primes))


def is_differential(parts: Name) -> bool:
    """Whether the letters are `d` and another, as in `dw` or `dgamma` for the derivative of a loss by w or gamma."""
    return parts.base[0] == "d" and (len(parts.base) == 2 or parts.base[1:] in GREEK)


def is_sequence(array: Array) -> bool:
    """Whether entries are written x[n]: one axis, 0 outside, and an infinite end or a first index other than 1.

    Example:
        >>> from derive.language import array, signal
        >>> is_sequence(signal("x", 0, 3)), is_sequence(signal("w", 1, 3)), is_sequence(array("w", (1, 3), (1, 3)))
        (True, False, False)
    """
    if len(array.axes) != 1:
        return False
    low, high = array.axes[0]
    return bool(array.outside == "zero" and (low.is_infinite or high.is_infinite or low != 1))

"""What SymPy's functions of one number are at points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, floor

from sympy import Abs, LambertW, ceiling, sign
from sympy import cos as cos_of
from sympy import erf as erf_of
from sympy import exp as exp_of
from sympy import floor as floor_of
from sympy import log as log_of
from sympy import sin as sin_of
from sympy import tanh as tanh_of

from derive.language.numbers import Number, cos, erf, exp, lambert, log, sin, tanh

FUNCTIONS: Mapping[type, Callable[[Number], Number]] = {
    floor_of: floor,
    ceiling: ceil,
    Abs: abs,
    sign: lambda x: (x > 0) - (x < 0),
    exp_of: exp,
    log_of: log,
    sin_of: sin,
    cos_of: cos,
    tanh_of: tanh,
    erf_of: erf,
    LambertW: lambert,
}

COMPARING = (Abs, sign)
"""Those that ask no more of a number than how it compares with others."""

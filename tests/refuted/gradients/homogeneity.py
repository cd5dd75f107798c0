"""Wrong multiples of update rules: another degree, a factor that stays, one that is lost."""

from __future__ import annotations

from sympy import Expr

from derive.constructs import gradient_scale as back
from derive.constructs import update_history as history
from derive.constructs import update_homogeneity as once
from derive.constructs import update_orthogonal as muon
from derive.constructs import update_scales as scales

_RULE, _HISTORY, _SCALE, _BACK = "update_homogeneity.", "update_history.", "update_scales.", "gradient_scale."
WRONG: list[tuple[str, str, Expr]] = [
    (_RULE + "plain", "degree 0", once.u[once.i]),
    (_RULE + "plain", "degree 2", once.s**2 * once.u[once.i]),
    (_RULE + "signs", "degree 1", once.s * once.u[once.i]),
    (_RULE + "signs", "turned round", -once.u[once.i]),
    (_RULE + "euclidean", "degree 1", once.s * once.u[once.i]),
    (_RULE + "euclidean", "the square of the norm", once.u[once.i] / once.s),
    (_RULE + "largest", "degree 1", once.s * once.u[once.i]),
    (_RULE + "each", "degree 1", once.s * once.u[once.i]),
    (_HISTORY + "memory", "only the newest", history.m[history.T, history.i]),
    (_HISTORY + "memory", "once for each step", history.s**history.T * history.m[history.T, history.i]),
    (_HISTORY + "momentum", "degree 0", history.u[history.i]),
    (_HISTORY + "adam", "degree 1", history.s * history.u[history.i]),
    (_HISTORY + "adam", "only the second average", history.u[history.i] / history.s),
    (_HISTORY + "newton", "curvature unchanged", history.s * history.u[history.i]),
    (_HISTORY + "newton", "slopes unchanged", history.u[history.i] / history.s),
    (_SCALE + "guarded", "degree 1", scales.s * scales.u[scales.i]),
    (_SCALE + "clipped", "degree 0", scales.u[scales.i]),
    ("update_orthogonal.normalised", "degree 1", muon.s * muon.X[muon.i, muon.j]),
    ("update_orthogonal.one_step", "degree of its cube", muon.s**3 * muon.Y[muon.i, muon.j]),
    (_BACK + "layers", "once for each layer", back.s**back.T * back.g[back.T, back.j]),
    (_BACK + "layers", "only the first", back.g[back.T, back.j]),
    (_BACK + "weights", "unchanged", back.D[back.i, back.j]),
    (_BACK + "signs", "degree 1", back.s * back.u[back.i, back.j]),
    (_BACK + "batch", "degree 1", back.s * back.v[back.i, back.j]),
]

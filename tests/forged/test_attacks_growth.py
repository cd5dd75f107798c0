"""Statements about growth that are false, or say nothing, with the constants, thresholds and points that seem to help.

Each is judged with derivations where it has some; none may be proved.
"""

from __future__ import annotations

import pytest
from sympy import Expr, Integer, Min, Mod, Rational, exp, oo, sin

from derive.errors import DeriveError
from derive.language import Context, Definition, ForAll, IndexSum, Indicator, any_of, array, declare, eq, ge, le, lt
from derive.rules.growth import C, Comparison, derive_growth, n_0
from derive.rules.growth_check import judged
from derive.rules.growth_search import decided
from tests.forged.test_attacks import i

SIZES = declare("n", "size"), declare("k", "size"), declare("r", "real")
n, k, r = (d.symbol for d in SIZES)
ONE = Integer(1)
d = array("d", (1, oo))
GROWS = Definition(d, (i,), i * n)


def said(left: Expr, kind: str, right: Expr, *where, tends=(n,), defs=(), **more) -> Comparison:
    """A statement about n, k and r."""
    return Comparison(Context(SIZES, where, defs), left, kind, right, tends, **more)


FALSE = {
    "n <= 5": said(n, "O", ONE, le(n, 5), above=Integer(5), along=((n, n_0),)),
    "n <= 5 at 5": said(n, "O", ONE, le(n, 5), above=Integer(5), along=((n, Integer(5)),)),
    "n = k, k fixed": said(n, "O", ONE, eq(n, k), above=k, along=((n, k),)),
    "n <= k, k fixed": said(n, "O", ONE, le(n, k), above=k, along=((n, Min(k, n_0, evaluate=False)),)),
    "n <= r": said(n, "O", ONE, le(n, r), above=r, along=((n, n_0),)),
    "n <= k or k >= 5": said(n, "O", k, any_of(le(n, k), ge(k, 5)), above=ONE, along=((n, n_0),)),
    "an indicator of n <= 5": said(n, "O", ONE, eq(Indicator(le(n, 5)), 1), above=Integer(5), along=((n, n_0),)),
    "for all i n <= 5 i": said(n, "O", ONE, ForAll(le(n, 5 * i), i, 1, 7), above=Integer(5), along=((n, n_0),)),
    "n sin(r)^2 <= 1": said(n, "O", ONE, le(n * sin(r) ** 2, 1), above=ONE, along=((n, n_0),)),
    "contradiction": said(n**2, "O", n, le(k, 0), above=ONE),
    "contradiction of reals": said(n**2, "O", n, lt(exp(r), 0), above=ONE),
    "constant by a definition": said(n, "O", ONE, defs=(GROWS,), above=d[1]),
    "constant by a sum": said(n, "O", ONE, above=IndexSum(1, i, 1, n)),
    "constant without a value": said(n**2, "O", n, above=1 / r**2 + 1),
    "constant that is negative": said(n, "O", n, above=-k),
    "threshold by a definition": said(Integer(5), "Omega", n, defs=(GROWS,), below=ONE, beyond=((n, d[1] + 6),)),
    "threshold without a value": said(n, "O", n**2, above=ONE, beyond=((n, 1 / r),)),
    "threshold of a fixed symbol": said(k, "O", ONE, above=ONE, beyond=((k, ONE),)),
    "negative right side": said(-n, "O", -n - 1, above=ONE),
    "o with a right side of 0": said(ONE, "o", n - n),
    "epsilon that falls": said(n, "not o", n**2, below=1 / (n_0 + 1), along=((n, n_0),)),
    "points below the threshold": said(n, "not O", ONE, along=((n, C + 1),)),
    "points that are no integers": said(n, "not O", ONE, along=((n, C + n_0 + Rational(1, 2)),)),
    "points outside": said(k, "not O", n, le(k, n), tends=(n, k), along=((n, n_0), (k, C * n_0 + 1))),
    "points that move what is fixed": said(n * k, "not O", n, along=((n, n_0), (k, C + 1))),
    "points that are odd": said(n, "not O", ONE, eq(Mod(n, 2), 0), along=((n, C * n_0 + 1),)),
    "a real number grows": said(r, "O", r, tends=(r,), above=ONE),
    "k grows too": said(k, "o", n, le(k, n), tends=(n, k)),
    "something is above": said(n + k, "~", n, tends=(n, k)),
}


@pytest.mark.parametrize("name", FALSE)
def test_attack_is_refused(name: str) -> None:
    """It is not well formed, a derivation is not found, or the checker refuses it."""
    states = FALSE[name]
    try:
        derivations = derive_growth("attack", states)
    except DeriveError:
        return
    assert judged(states, derivations).verdict.kind == "undecided"


@pytest.mark.parametrize(
    ("states", "kind"),
    [
        (said(k, "o", n, le(k, n), tends=(n, k)), "not o"),
        (said(n + k, "O", n, tends=(n, k)), "not O"),
        (said(n, "O", n / k, tends=(n, k)), "not O"),
        (said(n - n, "o", n - n), "o"),
        (said(n - n, "~", n - n), "~"),
    ],
    ids=("k = o(n)", "n + k = O(n)", "n = O(n/k)", "0 = o(0)", "0 ~ 0"),
)
def test_names_and_zeros(states: Comparison, kind: str) -> None:
    """What is decided is right, also at the edge of the definitions: 0 = o(0), 0 ~ 0."""
    found = decided(states)
    assert found.kind == kind
    assert judged(found, derive_growth("edge", found)).verdict.kind == "proved"


def test_symbols_called_like_those_of_the_proof() -> None:
    """A growing symbol C or n_0 is not the constant nor the threshold: what is decided of it is right."""
    looked = 0
    for name in ("C", "n_0", "epsilon"):
        declared = declare(name, "size")
        x = declared.symbol
        for kind, right in (("O", x), ("Omega", x**2), ("Theta", x), ("o", x**2)):
            try:
                found = decided(Comparison(Context((declared,)), x**2, kind, right, (x,)))
            except DeriveError:
                continue
            right_kind = {"O": "not O", "Omega": "Omega", "Theta": "not Theta", "o": "not o"}[kind]
            assert found.kind == right_kind
            looked += judged(found, derive_growth("x", found)).verdict.kind == "proved"
    assert looked >= 4


def test_the_attacks_would_hold_otherwise() -> None:
    """Without what is wrong in them the same statements are proved."""
    good = [
        said(n, "O", k * n, le(n, k), tends=(n, k), above=ONE, along=((n, n_0), (k, n_0))),
        said(n, "O", n, above=k),
        said(n, "not O", ONE, along=((n, C + n_0),)),
        said(k, "o", n, le(k, n), along=((n, n_0 + k),), beyond=((n, (k + 1) / declare("epsilon", "real").symbol),)),
    ]
    for states in good:
        assert judged(states, derive_growth("good", states)).verdict.kind == "proved", states
    assert len(good) == 4

"""What we know of the libraries and rely on, so that an upgrade that changes it is noticed."""

from __future__ import annotations

import islpy as isl
import z3
from flint import Ordering, fmpz_mpoly_ctx
from sympy import Eq, Integer, Le, S, Sum, oo, symbols

from derive.language import integer, real

a, n, k = real("a"), integer("n"), integer("k")


def test_empty_sums_follow_karr_in_sympy() -> None:
    """Why sums are a head of our own: SymPy's sum over nothing is not 0."""
    assert Sum(1, (k, 0, -3)).doit() == -2


def test_relations_are_decided_as_they_are_built() -> None:
    """Why conditions are heads of our own."""
    size = symbols("n", positive=True)
    assert Eq(n, n) is S.true and Le(1, size + 1) is S.true


def test_capture_in_sympy() -> None:
    """Why nothing here calls SymPy's derivative of a sum over a bound index."""
    from sympy import IndexedBase

    z = IndexedBase("z")
    assert Sum(z[k] ** 2, (k, 0, 3)).diff(z[k]) != 0


def test_what_sympy_does_to_products_and_powers() -> None:
    """Laws build products knowing that powers with symbolic exponents stay apart and numbers are multiplied in."""
    b = real("b")
    assert (a**n * a**k).is_Mul and (a**n * a).is_Mul
    assert a**n * a**-n == 1
    assert ((a * b) ** n).is_Pow
    assert (1 - a**n) * Integer(2) == 2 - 2 * a**n
    assert Integer(0) ** Integer(0) == 1
    assert (-oo).is_infinite and not (n + 1).is_infinite


def test_isl_gives_least_and_greatest() -> None:
    """The three cases of a window come from dim_min and dim_max."""
    window = isl.Set("[n, L] -> { [i] : 0 <= i <= L - 1 and i <= n and L >= 1 }")
    assert len(window.dim_max(0).get_pieces()) == 2 and len(window.dim_min(0).get_pieces()) == 1


def test_z3_divides_like_floor_for_positive_divisors() -> None:
    """The translation of floors assumes nothing else of z3."""
    solver = z3.Solver()
    p, q = z3.Ints("p q")
    solver.add(q * 3 <= p, p < (q + 1) * 3, q != p / 3)
    assert solver.check() == z3.unsat


def test_flint_polynomials() -> None:
    """Names, order and conversion to a dictionary."""
    ring = fmpz_mpoly_ctx.get(("x", "y"), Ordering.lex)
    x, y = ring.gens()
    assert {tuple(map(int, m)): int(c) for m, c in ((x + y) * (x - y)).to_dict().items()} == {(2, 0): 1, (0, 2): -1}

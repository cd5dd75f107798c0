"""The exact zero test against exact values: pairs that are equal by construction, near misses, and whatever comes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from hypothesis import strategies as st
from sympy import Add, Expr, Integer, Max, Min, Mod, Mul, Pow, Rational, floor

from derive.errors import Undefined, Unevaluable
from derive.language import Array, Cases, IndexSum, integer, le, lt, real, signal
from derive.language.comparing import agree
from derive.language.points import Samples, evaluate
from derive.language.zero import same
from tests.fuzz.budget import AMOUNT, over

a, b = real("a"), real("b")
n, m, L, k, j = (integer(s) for s in ("n", "m", "L", "k", "j"))
x = signal("x")
ENTRIES: dict[Array, Samples] = {x: Samples({(i,): Fraction(3 * i + 1, 2) for i in range(-5, 9)})}
HALF = Rational(1, 2)

BASES = (a, a, a, b, a * b, a + b, 1 - a, 2 * a, a / b, a**2, n, n - m)
NUMBERS = tuple(map(Rational, ("2", "4", "6", "-1", "1/2", "-2", "3/2", "9", "0", "12")))
REALS = (0, 0, 1, -1, 2, 3, -2, Fraction(1, 2), Fraction(-2, 3))
INTEGERS = (0, 0, 1, -1, 2, 3, 4, -2)

Chance = random.Random
Point = dict[Expr, int | Fraction]


def exponent(chance: Chance) -> Expr:
    """An affine exponent, at times with a product or a half in it."""
    found = chance.choice((0, 1, 1, 2)) * n + chance.choice((0, 0, 1, -1)) * L + chance.choice((0, 0, 1, -1)) * m
    found += chance.randint(-2, 2)
    kind = chance.random()
    return found + n * m if kind < 0.05 else found / 2 if kind < 0.08 else found


OPAQUE: tuple[Callable[[int], Expr], ...] = (
    lambda shift: x[n + shift],
    lambda shift: x[2 * (n + shift) - m],
    lambda shift: IndexSum(a**k, k, 0, n + shift),
    lambda shift: IndexSum(k * b**k, k, shift, n),
    lambda shift: floor((n + shift) / 2),
    lambda shift: Mod(n + shift, 3),
    lambda shift: Min(n, L + shift),
    lambda shift: Max(n - L, shift),
    lambda shift: Cases((a, lt(n, shift)), (b + shift, le(shift, n))),
)
"""Things that stand for themselves: entries, sums, rounded quotients, cases."""


def term(chance: Chance, depth: int) -> Expr:
    """A random term of some depth."""
    kind = chance.random()
    if depth == 0:
        if kind < 0.15:
            return Rational(chance.randint(-4, 4), chance.choice((1, 1, 2, 3)))
        if kind < 0.3:
            return chance.choice((a, b, n, L))
        if kind < 0.65:
            return Pow(chance.choice(BASES), exponent(chance))
        if kind < 0.9:
            return Pow(chance.choice(NUMBERS), exponent(chance))
        return chance.choice(OPAQUE)(chance.randint(0, 1))
    left, right = term(chance, depth - 1), term(chance, chance.randint(0, depth - 1))
    if kind < 0.4:
        return left + right
    if kind < 0.6:
        return left - right
    if kind < 0.9:
        return left * right
    return left / right if right != 0 else left


def parts(e: Expr, deep: bool = True, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Expr]]:
    """All places that hold terms of arithmetic; those within powers only if it is to go deep."""
    yield path, e
    if isinstance(e, (Add, Mul, Pow) if deep else (Add, Mul)):
        for number, part in enumerate(e.args):
            yield from parts(part, deep, (*path, number))


def put(e: Expr, path: tuple[int, ...], new: Expr) -> Expr:
    """The term with something else at the place."""
    if not path:
        return new
    rest = list(e.args)
    rest[path[0]] = put(rest[path[0]], path[1:], new)
    return e.func(*rest)


def missed(e: Expr, chance: Chance) -> Expr:
    """The term with one number changed by one, one sign turned, or one name taken for another."""
    path, part = chance.choice(list(parts(e)))
    if isinstance(part, Rational):
        return put(e, path, chance.choice((part + 1, part - 1, -part)))
    return put(e, path, chance.choice((-part, part + 1, part * a, part.xreplace({n: n + 1}), part.xreplace({a: b}))))


def _power(e: Expr) -> Pow:
    if not isinstance(e, Pow):
        raise LookupError
    return e


def _split_exponent(e: Expr, chance: Chance) -> Expr:
    power = _power(e)
    first = chance.choice((n, m + 1, Integer(1), -L, power.exp - n))
    return Mul(Pow(power.base, first), Pow(power.base, power.exp - first), evaluate=False)


def _split_base(e: Expr, chance: Chance) -> Expr:
    power = _power(e)
    if isinstance(power.base, Mul):
        return Mul(*(Pow(factor, power.exp) for factor in power.base.args))
    known = {4: (2, 2), 6: (2, 3), 12: (4, 3), 9: (3, 3)}
    if power.base not in known:
        raise LookupError
    return Mul(*(Pow(Integer(factor), power.exp) for factor in known[int(power.base)]))


def _turned(e: Expr, chance: Chance) -> Expr:
    power = _power(e)
    return 1 / Pow(power.base, -power.exp)


def _factored(e: Expr, chance: Chance) -> Expr:
    other = term(chance, 0)
    return ((e + other) * (e - other) + other**2) / e if e != 0 else e


def _common(e: Expr, chance: Chance) -> Expr:
    return e * (1 - a) / (1 - a) if chance.random() < 0.5 else (e * (1 - a**2) - e * (1 - a) * a) / (1 - a)


def _distributed(e: Expr, chance: Chance) -> Expr:
    return e.expand(power_exp=chance.random() < 0.5, power_base=False)


def _there_and_back(e: Expr, chance: Chance) -> Expr:
    other = term(chance, 1)
    return Add(Add(e, other), Mul(-1, other).expand(), evaluate=False)


def _signs(e: Expr, chance: Chance) -> Expr:
    power = exponent(chance)
    if not all(part.is_integer for part in Add.make_args(power)):
        raise LookupError
    return e * (-1) ** (2 * power) * (-1) ** power * (-1) ** (-power)


IDENTITIES: dict[str, Callable[[Expr, Chance], Expr]] = {
    "b**(s + t) = b**s*b**t": _split_exponent,
    "(b*c)**s = b**s*c**s": _split_base,
    "b**s = 1/b**(-s)": _turned,
    "x = ((x + y)*(x - y) + y**2)/x, squared": _factored,
    "x = x*(1 - a)/(1 - a)": _common,
    "expanded": _distributed,
    "x = x + y - y": _there_and_back,
    "(-1)**(2*s) = 1": _signs,
}


def rewritten(e: Expr, chance: Chance, deep: bool, used: Counter[str]) -> Expr:
    """The term after one to three known identities, each at a random place."""
    for _ in range(chance.randint(1, 3)):
        places = list(parts(e, deep))
        powers = [(path, part) for path, part in places if isinstance(part, Pow)]
        name = chance.choice(list(IDENTITIES))
        path, part = chance.choice(powers if powers and name.startswith(("b**", "(b*c)")) else places)
        try:
            e = put(e, path, IDENTITIES[name](part, chance))
        except LookupError:
            continue
        used[name] += 1
    return e


def point(chance: Chance) -> Point:
    """Small values, 0 and 1 often."""
    return {
        a: chance.choice(REALS),
        b: chance.choice(REALS),
        n: chance.choice(INTEGERS),
        m: chance.choice(INTEGERS),
        L: chance.choice((1, 1, 2, 3)),
    }


def differ(left: Expr, right: Expr, chance: Chance, points: int, looked: Counter[str]) -> Point | None:
    """A point at which both sides have a value and these are not equal, if one is found."""
    for _ in range(points):
        here = point(chance)
        try:
            alike = agree(evaluate(left, here, None, ENTRIES), "=", evaluate(right, here, None, ENTRIES))
        except Undefined:
            looked["points without a value"] += 1
            continue
        except Unevaluable:
            looked["points without an exact value"] += 1
            continue
        looked["points"] += 1
        looked["points with a base of 0"] += here[a] == 0 or here[b] == 0
        if not alike:
            return here
    return None


def looked_at(left: Expr, right: Expr, chance: Chance, looked: Counter[str]) -> bool:
    """Whether the test shows the pair, after making sure that no exact value contradicts it."""
    against = differ(left, right, chance, 3, looked)
    shown = same(left, right)
    if shown and against is None:
        against = differ(left, right, chance, 6, looked)
    assert against is None or not shown, (left, right, against)
    looked["pairs"] += 1
    looked["shown"] += shown
    looked["wrong"] += against is not None
    return shown


@pytest.mark.slow
def test_yes_never_contradicts_exact_values() -> None:
    """10,000 pairs: none that differs at an exact point is shown; nearly all of those that are equal are."""
    looked: Counter[str] = Counter()
    used: Counter[str] = Counter()

    @over(570, chance=st.randoms(use_true_random=True))
    def run(chance: Chance) -> None:
        for _ in range(4):
            left = term(chance, chance.choice((0, 1, 1, 1, 2)))
            deep = chance.random() < 0.15
            equal = rewritten(left, chance, deep, used)
            kind = "equal, rewritten in exponents and bases" if deep else "equal"
            shown = looked_at(left, equal, chance, looked)
            if left != equal:
                looked[kind] += 1
                looked[f"{kind}, shown"] += shown
            for near in (
                missed(left, chance),
                missed(left, chance),
                missed(chance.choice((left, left, equal)), chance),
            ):
                looked["near misses"] += 1
                looked["near misses shown"] += looked_at(left, near, chance, looked)
        for _ in range(2):
            looked_at(term(chance, 1), term(chance, 1), chance, looked)

    print(dict(looked))
    print(dict(used))
    assert looked["pairs"] >= 10_000 * AMOUNT
    assert looked["points"] >= 25_000 * AMOUNT
    assert looked["points with a base of 0"] >= 8_000 * AMOUNT
    assert looked["wrong"] >= 5_000 * AMOUNT
    assert looked["equal"] >= 1_000 * AMOUNT
    assert looked["equal, shown"] >= 0.9 * looked["equal"]
    assert min(used[name] for name in IDENTITIES) >= 60 * AMOUNT

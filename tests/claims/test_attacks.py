r"""Formulas that want time, memory, files or code: each gets an answer in time, and costs the others nothing."""
# ruff: noqa: E501 - tables

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from derive.claims.clock import GRACE, WAITING
from derive.claims.judging import judge
from derive.claims.running import run
from derive.claims.stated import Claim
from tests.fuzz.budget import WHOLE

SECONDS = 2.0 if WHOLE else 1.0
MARK = "/derive_test_attacks_was_run"
"""What the attacks touch; the test puts a folder of its own there."""

S = (
    ("n", "size"),
    ("m", "size"),
    ("a", "real"),
    ("b", "real"),
    ("k", "integer"),
    ("x", "array[n]"),
    ("A", "matrix[n,n]"),
    ("B", "matrix[n,n]"),
)


def C(left, right="1", **k):
    """A claim with the letters that attacks use."""
    return Claim(left[:40], left=(left,), right=(right,), symbols=k.pop("symbols", S), **k)


ATTACKS = {
    "tower": C("2^{2^{2^{2^{2^{2}}}}}"),
    "tower of nines": C("9^{9^{9^9}}"),
    "factorial": C("(10^9)!"),
    "double factorial": C("((100!)!)!"),
    "binomial": C(r"\binom{10^{9}}{5 \cdot 10^8}"),
    "mod": C(r"3^{10^{10}} \bmod 7"),
    "big sum": C(r"\sum_{i=1}^{10^{12}} i^2"),
    "big prod": C(r"\prod_{i=1}^{10^9} i"),
    "nested sums": C(
        r"\sum_{i=1}^{n}\sum_{j=1}^{i}\sum_{k=1}^{j}\sum_{l=1}^{k}\sum_{p=1}^{l}\sum_{q=1}^{p} i j k l p q"
    ),
    "nested big": C(r"\sum_{i=1}^{1000}\sum_{j=1}^{1000}\sum_{k=1}^{1000} [i j k = 17]"),
    "expand": C("(a+b+n+m+k)^{200}", "0"),
    "expand2": C("(a+b+1)^{500} - (a+b+1)^{500}", "0"),
    "expand3": C("(a+b+n+m+k)^{30}", "(k+m+n+b+a+1)^{30}"),
    "parens": C("(" * 3000 + "1" + ")" * 3000),
    "braces": C("{" * 3000 + "1" + "}" * 3000),
    "fracs": C(r"\frac{1}{1+" * 300 + "1" + "}" * 300),
    "roots": C(r"\sqrt{" * 200 + "2" + "}" * 200),
    "scripts": C("x_{" * 200 + "1" + "}" * 200),
    "left": C(r"\left(" * 500 + "1" + r"\right)" * 500),
    "long sum": C("+".join(["a"] * 6000), "6000a"),
    "long product": C("a" * 5000, "a^{5000}"),
    "long chain": C("=".join(["a"] * 1500), "a"),
    "slashes": C("1/2a" * 12),
    "bars": C("|" * 200 + "a" + "|" * 200),
    "many primes": C("a" + "'" * 500),
    "minus": C("-" * 3000 + "a", "a"),
    "digits": C("9" * 19000),
    "decimals": C("0." + "1" * 15000, "0." + "1" * 15000),
    "approx": Claim("ap", left=(r"e^{e^{e^{e^{e}}}}",), right=("1.5",), relation="approx"),
    "exp tower": C(r"e^{e^{e^{e^{e^{e}}}}}"),
    "exp huge": C(r"\exp(10^{100})"),
    "log tiny": C(r"\log(10^{-1000000})"),
    "sin huge": C(r"\sin(10^{1000})"),
    "pi power": C(r"\pi^{10^{6}}"),
    "root power": C(r"2^{1/10^{20}}"),
    "power": C("a^{100000000}"),
    "power of power": C("(((a^{900})^{900})^{900})^{900}"),
    "matrix power": C("A^{8}A^8A^8A^8", "A^{32}"),
    "det of prod": C(r"\det(A B A B A B A B)", r"\det A"),
    "floor big": C(r"\lfloor \frac{10^{2000}}{7} \rfloor"),
    "huge matrix": C(r"\begin{pmatrix}" + r"\\".join("&".join(["1"] * 60) for _ in range(60)) + r"\end{pmatrix}", "0"),
    "array size": C("y_1", symbols=(("y", "array[1000000000]"),)),
    "array sizes": C("y_1", symbols=(("y", "array[10000, 10000, 10000]"),)),
    "sum of big array": C(r"\sum_i y_i", symbols=(("y", "array[1000000]"),)),
    "recursion": C("R_{100000}", let=("R_0 = 1", "R_{l+1} = R_l + R_l^2")),
    "ackermann": C("f(4)", let=("f(x) = f(f(x-1))",)),
    "self value": C("c", let=("c = c + 1",)),
    "self family": C("p_3", let=("p_i = p_{i+1} + p_{i+2}",)),
    "mutual": C("f(1)", let=("f(x) = g(x)g(x)", "g(x) = f(x)f(x)")),
    "doubling": C("f(f(f(f(f(f(f(f(f(f(f(f(a))))))))))))", let=("f(x) = x x + x",)),
    "doubling let": C("z", let=("c = (a+b)(a+b)", "d = c c c c", "g = d d d d", "h = g g g g", "z = h h h h")),
    "exp let": C("f_9", let=tuple(f"f_{i + 1} = f_{i} f_{i} + f_{i} f_{i} a" if i else "f_1 = a+b" for i in range(9))),
    "fib": C("F_{300}", let=("F_0=0", "F_1=1", "F_{n+2}=F_{n+1}+F_n")),
    "fib n": C("F_{n+m}", "F_n F_m", let=("F_0=0", "F_1=1", "F_{l+2}=F_{l+1}+F_l")),
    "many cases": C(r"\begin{cases}" + r"\\".join(f"{i} & a = {i}" for i in range(400)) + r"\end{cases}"),
    "many maxima": C(r"\max(" + ",".join(f"a+{i}b" for i in range(300)) + ")"),
    "many where": C("a", where=tuple(f"a \\ne {i}" for i in range(300))),
    "nested max": C(r"\max(a,\max(b," * 60 + "1" + "))" * 60),
    "many abs": C("+".join(f"|a-{i}|" for i in range(60)), "0"),
    "deep logic": Claim("dl", left=(r"\lnot " * 500 + "(1=1)",), symbols=S),
    "or": Claim("or", left=(r" \lor ".join(f"a = {i}" for i in range(300)),), symbols=S),
    "implies": Claim("im", left=("(a=1) \\implies (" * 40 + "a=1" + ")" * 40,), symbols=S),
    "file": C(r"\input{/etc/passwd}"),
    "include": C(r"\include{/etc/passwd}"),
    "write18": C(r"\write18{touch /derive_test_attacks_was_run}"),
    "def": C(r"\def\x{\x\x}\x"),
    "import": C(r"\operatorname{__import__}(\text{os})"),
    "eval": C(r"\mathrm{eval}(1)"),
    "dunder": C("__class__"),
    "name": C(
        "a", symbols=(("__import__('os').system('touch /derive_test_attacks_was_run')", "real"), ("a", "real"))
    ),
    "decl": C("a", symbols=(("a", "integer >= __import__('os').system('touch /derive_test_attacks_was_run')"),)),
    "decl2": C("a", symbols=(("a", "array[open('/etc/passwd')]"),)),
    "decl loop": C("a", symbols=(("a", "integer >= b"), ("b", "integer >= a"))),
    "size loop": C("x_1", symbols=(("x", "array[n]"), ("n", "integer >= x"))),
    "null": C("a\x00b"),
    "unicode": C("а + 𝒂 + ∑"),
    "surrogate": C("\ud800"),
    "empty": C(""),
    "spaces": C(" " * 20000),
    "comment": C("a % b"),
    "dollar": C("$$a$$"),
    "ampersand": C("a & b"),
    "regex": C("a" * 100 + "!" * 3000),
    "frac noarg": C(r"\frac"),
    "backslash": C("\\"),
    "infinite": C(r"\sum_{i=1}^{\infty} \frac{1}{i^2}"),
    "two infinities": C(r"\sum_{i=-\infty}^{\infty}\sum_{j=-\infty}^{\infty} [i+j=3]"),
    "count": C(r"\#\{ t \in \mathbb{Z} : t^2 < 10^{30} \}"),
    "primes": C(r"\#\{ t \in \mathbb Z : 1 < t < 10^{12}, \sum_{d=1}^{t} [t \bmod d = 0] = 2\}"),
    "diophant": Claim(
        "di", left=(r"a^3+b^3+c^3 \ne 42",), symbols=(("a", "integer"), ("b", "integer"), ("c", "integer"))
    ),
    "fermat": Claim(
        "fe", left=(r"a^n + b^n \ne c^n",), symbols=(("a", "size"), ("b", "size"), ("c", "size"), ("n", "integer >= 3"))
    ),
    "collatz": C(r"\sum_{i=1}^n \sum_{j=1}^n \lfloor i j / (i+j) \rfloor \bmod 7"),
    "growth": Claim("gr", left=("n^{n^n}",), right=("2^{n^{m}}",), relation="O", symbols=S),
    "moments": C(
        r"\mathbb E[(\sum_i X_i)^{20}]",
        symbols=(("n", "size"), ("X", "random array[n], mean 0, variance 1, independent entries")),
    ),
    "random big": C(
        r"\mathbb E[\max_i X_i]",
        symbols=(("n", "integer >= 30"), ("X", "random array[n], mean 0, variance 1, independent entries")),
    ),
    "derivs": C(r"\frac{d^4}{da^4} e^{a^{10}\sin a}"),
    "nested derivs": C(r"\frac{d}{da}" * 12 + r"e^{a^2 \sin a}"),
    "norm": C(r"\|A B A B\|_2", r"\|A\|_2"),
    "integral": C(r"\int_0^1 " * 5 + "1" + " dt" * 5),
}

HOLDS = {"minus", "long sum", "long product", "expand2", "decimals", "file", "spaces", "matrix power"}
"""Those that may be true: nothing is said of their verdicts."""


def aimed(attack: Claim, mark: str) -> Claim:
    """The attack on a file of this test."""
    symbols = tuple((key.replace(MARK, mark), said.replace(MARK, mark)) for key, said in attack.symbols)
    return replace(attack, symbols=symbols, left=tuple(text.replace(MARK, mark) for text in attack.left))


def test_all_attacks_get_an_answer_in_time(tmp_path: Path) -> None:
    """In bulk, with other claims between them: nothing hangs, nothing is lost, no harm is done, no false one is accepted."""
    assert len(ATTACKS) > 60
    touched = tmp_path / "was_run"
    claims = []
    for number, (name, plain) in enumerate(ATTACKS.items()):
        attack = aimed(plain, str(touched))
        claims.append(
            Claim(
                name,
                attack.file,
                attack.symbols,
                attack.where,
                attack.let,
                attack.left,
                attack.right,
                attack.relation,
                number=number,
            )
        )
        if number % 10 == 0:
            claims.append(Claim(f"plain {number}", left=("(n+1)^2",), right=("n^2+2n+1",), symbols=(("n", "integer"),)))
    started = time.monotonic()
    found = {f.id: f for f in run(claims, jobs=2, seconds=SECONDS)}
    taken = time.monotonic() - started
    assert set(found) == {c.id for c in claims}
    assert taken < len(claims) * (SECONDS + 2), taken
    assert all(found[c.id].verdict == "proved" for c in claims if c.id.startswith("plain"))
    late = {name: f.seconds for name, f in found.items() if f.seconds > WAITING * SECONDS + GRACE + 1}
    assert not late
    assert not touched.exists() and not Path(MARK).exists()
    assert not any("root:" in f.by or (f.error is not None and "root:" in f.error.message) for f in found.values())
    assert len({f.verdict for f in found.values()}) >= 3


@pytest.mark.parametrize(
    "name", ["file", "include", "write18", "def", "dunder", "frac noarg", "backslash", "comment", "null", "parens"]
)
def test_what_is_no_formula_is_unreadable(name: str) -> None:
    """Commands that read files or define others mean nothing here."""
    assert judge(ATTACKS[name], SECONDS).verdict == "unreadable"

"""Powers that go step by step."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Integer, Mul

from derive.claims.arithmetic import LARGEST_POWER, Arithmetic
from derive.claims.syntax import Name
from derive.language import IndexProduct, ge


def stepwise(reader: Arithmetic, base: Expr, sup: Name) -> Expr:
    r"""A falling power $n(n-1)\cdots(n-k+1)$, or a rising one $n(n+1)\cdots(n+k-1)$; of no factors it is 1."""
    step = -1 if sup.style == "underline" else 1
    count: Expr = Integer(sup.text) if sup.text.isdigit() else reader.whole_number(replace(sup, style=""))
    if isinstance(count, Integer) and int(count) <= LARGEST_POWER:
        return Mul(*(base + step * k for k in range(int(count))))
    reader.need(ge(count, 0), f"{count} factors are multiplied")
    index = reader.new_symbol("j")
    reader.scope.taken.add(index.name)
    return IndexProduct(base + step * index, index, Integer(0), count - 1)

r"""Sums whose terms depend on a size, by a recurrence in the size: Zeilberger's method, told as an induction.

For $S(n) = \sum_k F(n, k)$ look for $c_0, c_1$ and G with $c_0 F(n, k) + c_1 F(n+1, k) = G(n, k+1) - G(n, k)$. Summed
over k the right side leaves its ends, so $S(n+1)$ is known from $S(n)$, and a claimed value is proved by induction on
n. What is found here is found by any means; the kernel checks the lines, the ends of G included.

Source: D. Zeilberger, The method of creative telescoping, J. Symbolic Computation 11 (1991), 195-204; M. Petkovsek,
H. S. Wilf, D. Zeilberger, A = B, chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Dummy, Expr, Poly, Symbol, fraction, together
from sympy.concrete.gosper import gosper_normal

from derive.errors import RuleDoesNotApply
from derive.kernel.derivation import Text
from derive.language import Context, IndexSum, eq, signal, substitute, subterms
from derive.language.counting import in_common
from derive.language.terms import expanded
from derive.language.zero import same_when
from derive.rules.algebra import algebra, normal_form
from derive.rules.closed_forms import closed_form, tidied
from derive.rules.combine import Conversion, Moves, at_part, attempt, by, by_induction, everywhere, first_of, then
from derive.rules.sums import constant_out_of_sum, single_term, split_last, split_summand, telescope
from derive.rules.telescoping import ratio, solved_for_polynomial, without_poles

_FEW = 8


@dataclass(frozen=True)
class Recurrence:
    """F(n + 1, k) = factor*F(n, k) + G(n, k + 1) - G(n, k), with `certificate` G."""

    factor: Expr
    certificate: Expr


def zeilberger(body: Expr, n: Symbol, k: Symbol) -> Recurrence:
    """The recurrence of first order for the body, with its certificate.

    Raises:
        RuleDoesNotApply: there is none of first order, or the body is not hypergeometric.

    Example:
        >>> from derive.language import integer
        >>> from derive.language.counting import Binomial
        >>> n, k = integer("n"), integer("k")
        >>> zeilberger(Binomial(n, k), n, k)
        Recurrence(factor=2, certificate=-binomial(n, k - 1))
    """
    growth = _quotient(substitute(body, {n: n + 1}), body)
    top, bottom = (expanded(p) for p in fraction(together(growth)))
    if not (top.is_polynomial(n, k) and bottom.is_polynomial(n, k)):
        raise RuleDoesNotApply("{} is not hypergeometric in {}", body, n)
    # c0*F(n, k) + c1*F(n+1, k) = (c0*bottom + c1*top) * F/bottom
    found = ratio(body / bottom, k)
    if found is None:
        raise RuleDoesNotApply("{} is not hypergeometric in {}", body, k)
    a, b, c = (Poly(p, k) for p in gosper_normal(*fraction(together(found)), k, polys=False))
    unknown = Dummy("c0")
    wanted = c * Poly(unknown * bottom + top, k)
    solved = solved_for_polynomial(a, b, wanted, k, (unknown,))
    if solved is None:
        raise RuleDoesNotApply("no recurrence of first order for {} is found", body)
    x, values = solved
    if values[unknown].free_symbols - body.free_symbols:
        raise RuleDoesNotApply("{} telescopes by itself", body)
    factor = (-values[unknown]).factor()
    multiple = (substitute(b.as_expr(), {k: k - 1}) * x / c.as_expr() / bottom).factor()
    certificate = without_poles(multiple * body, k)
    later = substitute(body, {n: n + 1})
    moved = substitute(certificate, {k: k + 1}) - certificate
    if same_when(later, factor * body + moved) is None:
        raise RuleDoesNotApply("the recurrence found for {} does not hold", body)
    return Recurrence(factor, certificate)


def _quotient(top: Expr, bottom: Expr) -> Expr:
    (above, below), _ = in_common((top, bottom))
    return normal_form(above / below)


def by_recurrence(variable: Symbol, low: int, value: Expr, new: Symbol) -> Conversion:
    """A sum over k of F(n, k) becomes the value, by induction on n from `low`; the step is the recurrence.

    Args:
        variable: n, a declared integer that is at least `low`.
        low: Where the induction starts.
        value: What the sum is equal to.
        new: Names an index where one is needed.

    Fails: the line is not a sum; there is no recurrence of first order; base or step do not work out.
    """

    def run(context: Context, e: Expr) -> Moves:
        if not isinstance(e, IndexSum):
            raise RuleDoesNotApply("{} is not a sum", e)
        found = zeilberger(e.body, variable, e.index)
        start = substitute(value, {variable: low})
        base = then(first_of(_all_terms, closed_form(new)), attempt(tidied), attempt(_algebra_to(start)))
        return by_induction(variable, low, value, base, lambda known: _step(e, variable, value, found, known))(
            context, e
        )

    return run


def _step(total: IndexSum, n: Symbol, value: Expr, found: Recurrence, known: Conversion) -> Conversion:
    k = total.index
    moved = substitute(found.certificate, {k: k + 1}) - found.certificate
    name = signal("G")[k]
    why: Text = (
        "the terms satisfy a recurrence: they are ",
        found.factor * total.body,
        " plus ",
        signal("G")[k + 1] - name,
        ", with ",
        eq(name, found.certificate),
    )
    later = substitute(value, {n: n + 1})
    same_terms = IndexSum(found.factor * total.body, k, total.low, substitute(total.high, {n: n + 1}))
    return then(
        by(split_summand, found.factor * total.body, moved, reason=why),
        at_part(
            IndexSum(moved, k, total.low, same_terms.high),
            by(telescope, found.certificate, reason=("telescoping sum",)),
        ),
        attempt(tidied),
        attempt(at_part(same_terms, by(constant_out_of_sum, grain="full"))),
        attempt(everywhere(_shortened(total))),
        attempt(tidied),
        at_part(total, known),
        attempt(_algebra_to(later)),
    )


def _shortened(total: IndexSum) -> Conversion:
    """The last term split off where the sum goes one further than the one that is known."""

    def run(context: Context, e: Expr) -> Moves:
        if isinstance(e, IndexSum) and e.body == total.body and e.high == total.high + 1:
            return by(split_last)(context, e)
        raise RuleDoesNotApply("{} does not end one after {}", e, total)

    return run


def _all_terms(context: Context, e: Expr) -> Moves:
    """A sum over a few numbers, term by term."""
    if not (isinstance(e, IndexSum) and (e.high - e.low).is_Integer and 0 <= e.high - e.low <= _FEW):
        raise RuleDoesNotApply("{} is not a sum of a few terms", e)
    moves: Moves = ()
    here: Expr = e
    while isinstance(total := next((t for t in subterms(here) if isinstance(t, IndexSum)), None), IndexSum):
        last = total.low == total.high
        grain = "lecture" if last else "full"
        moves += at_part(total, by(single_term if last else split_last, grain=grain))(context, here)
        here = moves[-1].after
    return moves


def _algebra_to(target: Expr) -> Conversion:
    """The line here as the target, by the zero test."""

    def run(context: Context, e: Expr) -> Moves:
        known = e.is_number and target.free_symbols == set()
        why: Text = (eq(target, e),) if known else ("work out",)
        return () if e == target else by(algebra, target, reason=why)(context, e)

    return run

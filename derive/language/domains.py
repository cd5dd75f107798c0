"""Domains: the integer points that a sum runs over, with parameters, as sets of isl.

A domain is a condition on some indices; the other integers in it are parameters. Its ranges come out as functions of
the parameters, case by case: that is where the limits and the cases of a windowed sum are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import islpy as isl
from sympy import Expr, Symbol

from derive.errors import NotAffine
from derive.language.conditions import Condition
from derive.language.integers import Names, as_condition, asked, expression_of


@dataclass(frozen=True)
class Domain:
    """The integer values of `indices` that satisfy the condition, for given integer `parameters`."""

    indices: tuple[Symbol, ...]
    condition: Condition
    parameters: tuple[Symbol, ...] = ()


def as_isl(domain: Domain) -> Any:
    """The domain as a parametric set of isl, dimensions and parameters in the order given.

    Raises:
        NotAffine: the condition is not affine in the indices and parameters.
    """
    names = Names([*domain.parameters, *domain.indices])
    parameters = ", ".join(names.of[p] for p in domain.parameters)
    indices = ", ".join(names.of[i] for i in domain.indices)
    return asked(f"[{parameters}] -> {{ [{indices}] : {names.formula(domain.condition)} }}")


def is_empty(domain: Domain) -> bool:
    """Whether the domain has no point for any value of the parameters.

    Example:
        >>> from derive.language import all_of, gt, integer, lt
        >>> k, n = integer("k"), integer("n")
        >>> is_empty(Domain((k,), all_of(gt(k, n), lt(k, n + 1)), (n,)))
        True
    """
    return bool(as_isl(domain).is_empty())


def is_subset(inner: Domain, outer: Domain) -> bool:
    """Whether every point of the one lies in the other, for all parameters; indices are matched by position.

    Raises:
        NotAffine: as `as_isl`, or the parameters differ.
    """
    if inner.parameters != outer.parameters or len(inner.indices) != len(outer.indices):
        raise NotAffine("the domains have other parameters or another number of indices")
    return bool(as_isl(inner).is_subset(as_isl(outer)))


def where_inhabited(domain: Domain) -> Condition:
    """The condition on the parameters under which the domain has a point."""
    return as_condition(as_isl(domain).params(), domain.parameters)


def index_ranges(domain: Domain) -> list[tuple[Condition, Expr, Expr]]:
    """The least and greatest index of a domain with one index, as cases over its parameters.

    Returns:
        (condition on the parameters, least index, greatest index), disjoint; parameter values without any index are
        in none of them.

    Raises:
        NotAffine: the condition is not affine, there are several indices, or the range has no end.
    """
    if len(domain.indices) != 1:
        raise NotAffine("ranges are asked of one index at a time")
    parameters = domain.parameters
    found = as_isl(domain)
    if not found.dim_has_lower_bound(isl.dim_type.set, 0) or not found.dim_has_upper_bound(isl.dim_type.set, 0):
        raise NotAffine(f"the range of {domain.indices[0]} has no end")
    pieces = []
    for low_set, low in found.dim_min(0).coalesce().get_pieces():
        for high_set, high in found.dim_max(0).coalesce().get_pieces():
            both = low_set.params().intersect(high_set.params())
            if not both.is_empty():
                pieces.append((both, expression_of(low, parameters), expression_of(high, parameters)))
    merged: list[tuple[Any, Expr, Expr]] = []
    for where, low, high in pieces:
        for k, (other, low2, high2) in enumerate(merged):
            if (low2, high2) == (low, high):
                merged[k] = (other.union(where).coalesce(), low, high)
                break
        else:
            merged.append((where, low, high))
    return [(as_condition(where, parameters), low, high) for where, low, high in merged]

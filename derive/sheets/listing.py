"""What `derive list` says of a construct without deriving anything: claims and statements, with their parameters."""

from __future__ import annotations

from typing import Any

from derive.constructs.construct import Claim, Construct, Growth, Refuted


def described(construct: Construct) -> dict[str, Any]:
    """A construct as data.

    Example:
        >>> from derive.constructs.registry import construct
        >>> described(construct("time_shift"))["claims"][0]["claim"]
        'time_shift.response'
    """
    from derive.render.text import plain

    about = "".join(piece if isinstance(piece, str) else plain(piece) for piece in construct.about)
    return {
        "construct": construct.name,
        "title": construct.title,
        "about": about,
        "conventions": list(construct.conventions),
        "source": construct.source,
        "claims": [_described(construct, claim) for claim in construct.claims],
        "refuted": [_described(construct, record) for record in construct.refuted],
        "growth": [_described(construct, record) for record in construct.growth],
    }


def _described(construct: Construct, what: Claim | Refuted | Growth) -> dict[str, Any]:
    parameters = []
    for declaration in what.context.declarations:
        name, sort, meaning = declaration.symbol.name, declaration.sort, declaration.meaning
        parameters.append({"name": name, "sort": sort, "meaning": meaning})
    return {"claim": f"{construct.name}.{what.name}", "title": what.title, "parameters": parameters}


def listed(construct: dict[str, Any]) -> str:
    """The same for a terminal."""
    lines = [f"{construct['construct']}: {construct['title']}"]
    for kind, said in (("claims", ""), ("refuted", "false: "), ("growth", "growth: ")):
        for claim in construct[kind]:
            lines += [f"  {claim['claim']}", f"      {said}{claim['title']}"]
            for parameter in claim["parameters"]:
                meaning = f"  {parameter['meaning']}" if parameter["meaning"] else ""
                lines.append(f"      {parameter['name']:<4} {parameter['sort']:<8}{meaning}".rstrip())
    return "\n".join(lines) + "\n"

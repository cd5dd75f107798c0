"""Claims as tests: files of claims are collected by pytest, and a test can assert a formula.

A file whose name fits `derive_claims` (in the ini file; `*.claims.toml` without it) is a file of tests, each claim one
test, which fails unless the claim is proved. `--derive-allow=sampled,exact`, or `derive_allow` in the ini file, lets
weaker verdicts pass. Where no such file is collected and nothing is asserted, nothing but this module is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from derive.claims.findings import Finding
    from derive.claims.stated import Claim, Malformed
    from derive.claims.workers import Workers

MAY_BE_ALLOWED = ("exact", "sampled", "undecided", "unreadable")
_WORKERS = pytest.StashKey["Workers"]()
_ALLOWED = pytest.StashKey[tuple[str, ...]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, for the command line and the ini file."""
    group = parser.getgroup("derive", "formulas judged by derive")
    allow = "verdicts besides 'proved' with which a claim passes: exact,sampled,undecided,unreadable"
    group.addoption("--derive-allow", metavar="LIST", help=allow)
    group.addoption("--derive-seconds", metavar="N", type=float, help="time for each claim (default: 10)")
    parser.addini("derive_claims", "patterns of the names of claim files", type="args", default=["*.claims.toml"])
    parser.addini("derive_allow", allow, type="args", default=[])
    parser.addini("derive_seconds", "time for each claim, in seconds", default="10")


def pytest_configure(config: pytest.Config) -> None:
    """Read which verdicts are allowed."""
    given = config.getoption("--derive-allow")
    words = [given] if given is not None else config.getini("derive_allow")
    allowed = tuple(word.strip() for part in words for word in part.split(",") if word.strip())
    for word in allowed:
        if word not in MAY_BE_ALLOWED:
            raise pytest.UsageError(f"derive: {word!r} cannot be allowed; there are {', '.join(MAY_BE_ALLOWED)}")
    config.stash[_ALLOWED] = allowed


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the judging processes, if there are any."""
    if _WORKERS in config.stash:
        config.stash[_WORKERS].end()
        del config.stash[_WORKERS]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Claim files are files of tests."""
    if any(file_path.match(pattern) for pattern in parent.config.getini("derive_claims")):
        return ClaimsFile.from_parent(parent, path=file_path)
    return None


class ClaimsFile(pytest.File):
    """A file of claims."""

    def collect(self) -> Iterator[ClaimItem]:
        from collections import Counter

        from derive.claims.files import read_claims
        from derive.errors import ClaimError

        try:
            claims = read_claims(str(self.path))
        except ClaimError as error:
            raise self.CollectError(str(error)) from None
        used = Counter(claim.id for claim in claims)
        for claim in claims:
            name = claim.id if used[claim.id] == 1 else f"{claim.id} ({claim.number})"
            yield ClaimItem.from_parent(self, name=name, claim=claim)


class NotShown(AssertionError):
    """A claim has a verdict that is not enough."""


class ClaimItem(pytest.Item):
    """One claim."""

    def __init__(self, *, claim: Claim | Malformed, **more: Any) -> None:
        super().__init__(**more)
        self.claim = claim

    def runtest(self) -> None:
        from derive.claims.running import unreadable
        from derive.claims.stated import Malformed

        claim = self.claim
        finding = unreadable(claim) if isinstance(claim, Malformed) else _workers(self.config).one(claim)
        require(finding, _allowed(self.config))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, NotShown):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        from derive.claims.stated import Malformed

        if isinstance(self.claim, Malformed):
            line = self.claim.line
        else:
            line = min((place.line for place in self.claim.lines if place.line), default=0)
        return self.path, max(0, line - 1), self.name


def _allowed(config: pytest.Config) -> tuple[str, ...]:
    return config.stash[_ALLOWED]


def _workers(config: pytest.Config) -> Workers:
    if _WORKERS not in config.stash:
        from derive.claims import workers

        seconds = config.getoption("--derive-seconds") or float(config.getini("derive_seconds"))
        config.stash[_WORKERS] = workers.Workers(1, seconds, judge=workers.JUDGE)
    return config.stash[_WORKERS]


def require(finding: Finding, allowed: Collection[str] = ()) -> None:
    """Raise unless the claim is proved, or has a verdict that is allowed.

    A refuted claim is never enough.

    Example:
        >>> from derive.claims.findings import Finding
        >>> require(Finding("a", "sampled"), ["sampled"])
    """
    if finding.verdict == "proved" or (finding.verdict in allowed and finding.verdict in MAY_BE_ALLOWED):
        return
    from derive.claims.telling import sentences

    place = f"{finding.file}: " if finding.file else ""
    said = [f"  {sentence}" for sentence in sentences(finding)]
    raise NotShown("\n".join([f"{place}{finding.id}: {finding.verdict}", *said]))


def assert_formula(
    left: str | Sequence[str] | None = None,
    right: str | Sequence[str] | None = None,
    *,
    symbols: Mapping[str, str] | None = None,
    where: str | Sequence[str] = (),
    allow: str | Iterable[str] = (),
    **more: Any,
) -> Finding:
    r"""Fail unless a formula is proved; the arguments are those of `derive.check`.

    Args:
        left: LaTeX.
        right: LaTeX.
        symbols: What the letters are.
        where: Hypotheses, LaTeX.
        allow: Weaker verdicts that are enough: exact, sampled, undecided, unreadable.
        more: See `derive.check`.

    Returns:
        The finding.

    Raises:
        AssertionError: it is not proved; with the numbers at which it fails, if it is refuted.

    Example:
        >>> finding = assert_formula("1 + 1", "2", allow=["undecided"])
    """
    __tracebackhide__ = True
    from derive.claims.calling import check

    finding = check(left, right, symbols=symbols, where=where, **more)
    require(finding, (allow,) if isinstance(allow, str) else tuple(allow))
    return finding


@pytest.fixture(name="assert_formula")
def assert_formula_fixture(request: pytest.FixtureRequest) -> Callable[..., Finding]:
    """`assert_formula`, which lets the verdicts pass that the command line or the ini file allows."""

    def asserted(*sides: Any, allow: str | Iterable[str] | None = None, **more: Any) -> Finding:
        __tracebackhide__ = True
        allowed = _allowed(request.config) if allow is None else allow
        return assert_formula(*sides, allow=allowed, **more)

    return asserted

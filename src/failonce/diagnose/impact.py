"""What users met: requests that failed or were slow, against the baseline before the onset."""

from __future__ import annotations

from collections.abc import Sequence

from failonce.model.incident import Impact
from failonce.model.snapshot import Application, Snapshot
from failonce.model.window import Window
from failonce.robust import quantile

#: A response is slow beyond this multiple of the baseline's 95th percentile: then it is felt, not measured only.
SLOW = 3.0
#: Snapshots that make one figure of "the worst": a second alone has too few requests.
_SPAN = 3


def impact(window: Window) -> Impact | None:
    """Return the impact between the window's onset and its end; None when the application was not seen."""
    before, during = _accounts(window.baseline), _accounts(window.incident)
    requests = sum(a.requests for a in during)
    if not requests:
        return None
    usual = _p95_ms(before)
    failed = sum(a.errors for a in during)
    slow = sum(_slower_than(a, SLOW * usual / 1000) for a in during) if usual else 0
    # A failed request that timed out was slow too: it is counted once.
    affected = min(requests, max(slow, failed))
    spans = [p for i in range(len(during)) if (p := _p95_ms(during[i : i + _SPAN])) is not None]
    return Impact(
        requests=requests,
        failed=failed,
        slow=slow,
        affected_percent=round(100 * affected / requests, 1),
        p95_before_ms=_rounded(usual),
        p95_worst_ms=_rounded(max(spans, default=None)),
    )


def _accounts(snapshots: Sequence[Snapshot]) -> list[Application]:
    return [s.application for s in snapshots if s.application is not None]


def _p95_ms(accounts: Sequence[Application]) -> float | None:
    if not accounts:
        return None
    bounds = accounts[-1].bounds_s
    columns = zip(*(a.buckets for a in accounts if a.bounds_s == bounds), strict=True)
    seconds = quantile([sum(column) for column in columns], bounds, 0.95)
    return None if seconds is None else 1000 * seconds


def _slower_than(account: Application, seconds: float) -> int:
    """Count the requests that were certainly slower: the buckets that begin at or beyond the bound."""
    lower = (0.0, *account.bounds_s)
    return sum(n for n, begins in zip(account.buckets, lower, strict=False) if begins >= seconds)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)

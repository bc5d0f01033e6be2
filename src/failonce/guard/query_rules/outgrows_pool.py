"""The statement reads a whole table that grows, and one day it will hold the connection pool.

What it sees
    A statement whose plan reads all of a large table, how often it is called and how long it takes, and the rows that
    the table gains a day (inserted less deleted, as the server counted them). Its time grows with the table, and the
    connections at work on it with its time: the day on which they are as many as the pool has (`pool_size`) is told
    when it is less than a year away, and is an error when less than a month.

Why it matters
    Nobody releases anything on that day. The outage comes by itself, at the busiest hour of it, and everybody looks
    for what was changed.

What to do
    Build the index before the day comes, or let the table grow no further: archive, or partition it.

Example
    12 calls/s × 210 ms hold 2.5 of 10 connections; reviews gains 1.2 % a day: the pool is full in 250 days
"""

from __future__ import annotations

from collections.abc import Iterator

from failonce.amount import amount, percent
from failonce.guard.case import Case, Found
from failonce.guard.scans import Scan, scans
from failonce.guard.statement import Rate

ID = "outgrows-pool"
SEVERITY = "warning"
_FAR_DAYS, _NEAR_DAYS = 365, 30


def check(case: Case) -> Iterator[Found]:
    """Yield the scan that fills the pool first; one that holds it today is another rule's."""
    rate, pool = case.statement.rate, case.limits.pool_size
    if rate is None or rate.sessions <= 0 or rate.sessions >= pool:
        return
    whole = [s for s in scans(case) if s.is_whole and s.table_rows >= case.limits.large_rows]
    growing = [(_days(case, scan, rate), scan) for scan in whole if case.growth.get(scan.relation, 0) > 0]
    days, scan = min(growing, key=lambda pair: (pair[0], pair[1].relation), default=(_FAR_DAYS, None))
    if scan is None or days >= _FAR_DAYS:
        return
    share = case.growth[scan.relation] / scan.table_rows
    said = (
        f"{amount(rate.calls_per_s)} calls/s × {amount(1000 * rate.seconds_per_call, 'ms')} hold"
        f" {amount(rate.sessions)} of {pool} connections; {scan.relation}, which it reads whole, gains"
        f" {percent(share)} a day: the pool is full in {amount(round(days))} days."
    )
    instead = case.advice.text if case.advice else f"Archive or partition {scan.relation}, or ask for less of it."
    yield Found(said, instead, scan.label, "error" if days < _NEAR_DAYS else None)


def _days(case: Case, scan: Scan, rate: Rate) -> float:
    """Return in how many days the scan holds the pool, at the calls and the growth of today."""
    times_as_large = case.limits.pool_size / rate.sessions
    return (times_as_large - 1) * scan.table_rows / case.growth[scan.relation]

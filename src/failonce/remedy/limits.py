"""What a remedy's figures are derived from: how the system was when it was well, as its diagnosis measured it."""

from __future__ import annotations

from collections.abc import Iterator

from failonce.model.diagnosis import Diagnosis, Evidence

#: How many usual requests a statement may wait for a lock: ten times a slow one is patience, a hundred is a queue.
_PATIENCE = 100.0
_LEAST_MS, _MOST_MS = 500.0, 5000.0


def usual_ms(diagnosis: Diagnosis) -> float | None:
    """Return the p95 of the response times before the onset."""
    return next((e.baseline for e in _evidence(diagnosis, "slow-responses") if isinstance(e.baseline, float)), None)


def arrivals_per_s(diagnosis: Diagnosis) -> float | None:
    """Return the requests that arrived per second before the onset."""
    return next((e.baseline for e in _evidence(diagnosis, "traffic") if isinstance(e.baseline, float)), None)


def lock_timeout_ms(diagnosis: Diagnosis) -> int:
    """Return how long a statement should wait for a lock at most, rounded to what people write."""
    usual = usual_ms(diagnosis)
    wanted = _MOST_MS if usual is None else min(max(_PATIENCE * usual, _LEAST_MS), _MOST_MS)
    return round(wanted / 500) * 500


def why_so_long(diagnosis: Diagnosis) -> str:
    """Return where the lock timeout comes from."""
    usual = usual_ms(diagnosis)
    if usual is None:
        return "no request should wait longer"
    return f"{lock_timeout_ms(diagnosis) / usual:,.0f} times what 95 % of the requests took before the onset"


def connections_needed(diagnosis: Diagnosis) -> str | None:
    """Return Little's law for the system as it was: requests per second times seconds each."""
    arrivals, usual = arrivals_per_s(diagnosis), usual_ms(diagnosis)
    if arrivals is None or usual is None:
        return None
    needed = arrivals * usual / 1000
    return f"{arrivals:,.0f} requests/s × {usual:,.0f} ms are {needed:.1f} connections at work at a time"


def quoted(text: str) -> str:
    """Return a text as an SQL literal.

    >>> quoted("O'Neil")
    "'O''Neil'"
    """
    return "'" + text.replace("'", "''") + "'"


def _evidence(diagnosis: Diagnosis, lead: str) -> Iterator[Evidence]:
    yield from (e for link in diagnosis.chain if link.id == lead for e in link.evidence)
    yield from (e for led in (*diagnosis.ruled_out, *diagnosis.open_leads) if led.id == lead for e in led.evidence)

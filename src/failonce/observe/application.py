"""What the application's users meet (source: its Prometheus endpoint, every second)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from failonce.model import snapshot
from failonce.model.snapshot import RouteActivity
from failonce.observe.differences import Counters
from failonce.observe.exposition import Exposition, RouteCounters, understand
from failonce.observe.scrape import nonsense, scrape, without_secrets
from failonce.observe.source import Parts, Unseen

_NO_ADDRESS = Unseen(
    "no metrics address of the application is given",
    hint="give it: --metrics-url http://HOST:PORT/metrics",
    lasting=True,
)


class Application:
    """Requests, errors and latencies since the previous scrape; pool and release as they stand."""

    name = "application"
    impact = "what users met (response times, errors), and whether requests wait for the pool, is not known"

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._bounds: tuple[float, ...] = ()
        self._cpu_s: float | None = None
        self._counters: Counters[str] = Counters()

    def read(self, at: datetime) -> Parts:
        if self._url is None:
            raise _NO_ADDRESS
        seen = _understood(self._url)
        bounds = tuple(sorted({bound for route in seen.routes.values() for bound in route.buckets}))
        if bounds != self._bounds and self._bounds:
            self._counters.start_over()
        self._bounds = bounds
        differences = self._counters.advance({name: _counters(route, bounds) for name, route in seen.routes.items()})
        cpu_s = self._cpu_since(seen.cpu_s)
        if differences is None:
            return {}
        interval_s, grown = differences
        return {"application": replace(_activity(seen, bounds, interval_s, grown), cpu_s=cpu_s)}

    def _cpu_since(self, now_s: float | None) -> float | None:
        """Return the processor time since the previous scrape; None when the process is another one."""
        before_s, self._cpu_s = self._cpu_s, now_s
        return None if before_s is None or now_s is None or now_s < before_s else now_s - before_s


def _understood(url: str) -> Exposition:
    try:
        return understand(scrape(url))
    except ValueError as error:
        raise nonsense(url, "something else") from error
    except LookupError as error:
        raise Unseen(
            f"{without_secrets(url)} shows {error}",
            hint="expose one, such as http_request_duration_seconds with the labels route and status",
            lasting=True,
        ) from error


def _counters(route: RouteCounters, bounds: tuple[float, ...]) -> tuple[int, ...]:
    """Return what only grows: errors, microseconds, requests in each bucket."""
    cumulative = [0, *(route.buckets.get(bound, 0) for bound in bounds)]
    return (route.errors, round(1e6 * route.seconds), *(upper - lower for lower, upper in pairwise(cumulative)))


def _activity(
    seen: Exposition, bounds: tuple[float, ...], interval_s: float, grown: Mapping[str, tuple[int, ...]]
) -> snapshot.Application:
    columns = list(zip(*grown.values(), strict=True)) or [()] * (2 + len(bounds))
    errors, _, *buckets = (sum(column) for column in columns)
    return snapshot.Application(
        interval_s=interval_s,
        requests=sum(buckets),
        errors=errors,
        bounds_s=bounds,
        buckets=tuple(buckets),
        routes=tuple(
            RouteActivity(route=name, requests=sum(counts), errors=failed, seconds=micros / 1e6)
            for name, (failed, micros, *counts) in sorted(grown.items())
            if name
        ),
        in_flight=seen.in_flight,
        pool_size=seen.pool_size,
        pool_in_use=seen.pool_in_use,
        pool_waiting=seen.pool_waiting,
        release=seen.release,
    )

"""What an application's metrics say, whatever its framework calls them (source: the Prometheus text format).

Understood by name and label: a histogram of request durations in seconds, requests in flight, the size and use of a
pool, the version. Nothing here remembers: counters come out as they stand.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

_ROUTE = ("route", "handler", "path", "endpoint", "view", "http_route", "url")
_STATUS = ("status", "code", "status_code", "http_status_code", "http_response_status_code")
_VERSION = ("version", "release", "service_version")

_DURATION = re.compile(r"request.*(duration|latency).*_seconds|(duration|latency).*request.*_seconds")
_ANSWERS = re.compile(r"requests?|responses?")
_OUTGOING = re.compile(r"client|outgoing|upstream")
_IN_FLIGHT = re.compile(r"requests?_?.*(in_?flight|in_?progress|active)|(in_?flight|in_?progress|active)_?.*requests?")
# Pools of threads and of memory are not pools of connections.
_OTHER_POOL = re.compile(r"thread|executor|worker|memory|buffer|jvm|heap")
_POOL = re.compile(r"pool|hikaricp_connections")
_POOL_SIZE = (re.compile(r"(max|limit)"), re.compile(r"size"))
_POOL_IN_USE = (re.compile(r"in_?use|used|checked_?out|busy|active"),)
_POOL_WAITING = (re.compile(r"waiting|waiters|pending|queue"),)
# Versions of what the application stands on, not of the application.
_FOREIGN_INFO = re.compile(r"python|process|go_|jvm|java|node|php|ruby|rust|os_|otel|sdk")


@dataclass(slots=True)
class RouteCounters:
    """Counters of one route since the application started, all methods and statuses together."""

    #: Requests up to each bound in seconds, cumulative, the last one +inf.
    buckets: dict[float, int] = field(default_factory=dict)
    seconds: float = 0.0
    #: Answers with status 5xx.
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Exposition:
    """All that was understood of one answer."""

    #: By route; "" when routes are not told apart.
    routes: dict[str, RouteCounters]
    in_flight: int | None
    pool_size: int | None
    pool_in_use: int | None
    pool_waiting: int | None
    release: str | None
    #: Processor time since the process started, seconds of one core.
    cpu_s: float | None


def understand(text: str) -> Exposition:
    """Read an answer; ValueError says what is wrong with it, LookupError that it tells no request durations."""
    families = list(text_string_to_metric_families(text))
    if not any(family.samples or family.documentation for family in families):
        raise ValueError("nothing that is a metric")
    pools = [family for family in families if _POOL.search(family.name) and not _OTHER_POOL.search(family.name)]
    return Exposition(
        routes=_routes(families),
        in_flight=_gauge(families, (_IN_FLIGHT,)),
        pool_size=_gauge(pools, _POOL_SIZE),
        pool_in_use=_gauge(pools, _POOL_IN_USE),
        pool_waiting=_gauge(pools, _POOL_WAITING),
        release=_release(families),
        cpu_s=_cpu_s(families),
    )


def _routes(families: Sequence[Metric]) -> dict[str, RouteCounters]:
    durations = _most_telling(families, "histogram", _DURATION)
    if durations is None:
        raise LookupError("no histogram of request durations in seconds")
    routes: defaultdict[str, RouteCounters] = defaultdict(RouteCounters)
    for sample in durations.samples:
        route = routes[_label(sample, _ROUTE) or ""]
        if sample.name.endswith("_bucket"):
            bound = float(sample.labels["le"])
            route.buckets[bound] = route.buckets.get(bound, 0) + int(sample.value)
        elif sample.name.endswith("_sum"):
            route.seconds += sample.value
    _count_errors(families, durations, routes)
    return dict(routes)


def _count_errors(families: Sequence[Metric], durations: Metric, routes: defaultdict[str, RouteCounters]) -> None:
    """Count answers with status 5xx: in the histogram when it tells the status, else in a counter that does."""
    answers, ending = durations, "_count"
    if not _labels(durations) & set(_STATUS):
        counter = _most_telling(families, "counter", _ANSWERS)
        if counter is None:
            return
        answers, ending = counter, "_total"
    for sample in answers.samples:
        if sample.name.endswith(ending) and (_label(sample, _STATUS) or "").startswith("5"):
            route = _label(sample, _ROUTE) or ""
            routes[route if route in routes else ""].errors += int(sample.value)


def _most_telling(families: Iterable[Metric], kind: str, names: re.Pattern[str]) -> Metric | None:
    """Return the family about incoming requests that tells status and route, or at least one of them."""
    found = [
        family
        for family in families
        if family.type == kind and names.search(family.name) and not _OUTGOING.search(family.name)
    ]
    return max(found, key=lambda family: (_worth(family), -len(family.name)), default=None)


def _worth(family: Metric) -> int:
    return bool(_labels(family) & set(_STATUS)) + bool(_labels(family) & set(_ROUTE))


def _labels(family: Metric) -> set[str]:
    return {label for sample in family.samples for label in sample.labels}


def _gauge(families: Iterable[Metric], patterns: Iterable[re.Pattern[str]]) -> int | None:
    """Return the sum of the first gauge whose name fits the first pattern that any fits."""
    gauges = [family for family in families if family.type in ("gauge", "unknown") and family.samples]
    for pattern in patterns:
        for family in gauges:
            total = sum(sample.value for sample in family.samples)
            if pattern.search(family.name) and math.isfinite(total):
                return int(total)
    return None


def _cpu_s(families: Iterable[Metric]) -> float | None:
    """Return what every Prometheus client library tells of its process under this name."""
    totals = [
        s.value for f in families if f.name == "process_cpu_seconds" for s in f.samples if s.name.endswith("_total")
    ]
    return sum(totals) if totals else None


def _release(families: Iterable[Metric]) -> str | None:
    """Return the version that an info metric names; one called `app_info` or `build_info` speaks before others."""
    named = [
        (not re.search(r"app|build|service", family.name), family.name, version)
        for family in families
        if "info" in family.name and not _FOREIGN_INFO.search(family.name)
        for sample in family.samples
        if (version := _label(sample, _VERSION))
    ]
    return min(named)[2] if named else None


def _label(sample: Sample, names: Iterable[str]) -> str | None:
    return next((sample.labels[name] for name in names if sample.labels.get(name)), None)

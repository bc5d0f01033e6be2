"""What an application tells Prometheus of itself: how long requests took, how many there are, how full the pool is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

# Fine where a healthy system is, coarse where nobody waits that long.
BUCKETS_S = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures behind /metrics."""

    def __init__(self, release: str, pool_statistics: Callable[[], Mapping[str, int]]) -> None:
        self._registry = CollectorRegistry()
        self.requests = Histogram(
            "http_request_duration_seconds",
            "Time to answer, waiting for a database connection included.",
            ["route", "status"],
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        self.in_flight = Gauge("http_requests_in_flight", "Requests that are being answered.", registry=self._registry)
        version = Gauge("app_info", "The running release.", ["version"], registry=self._registry)
        version.labels(release).set(1)
        self._registry.register(_Pool(pool_statistics))
        # Its processor time, as every client library tells it.
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """Return everything in the Prometheus text format."""
        return generate_latest(self._registry)


class _Pool(Collector):
    """Reads the pool at each scrape."""

    def __init__(self, statistics: Callable[[], Mapping[str, int]]) -> None:
        self._statistics = statistics

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._statistics()
        if not now:
            return
        size = now.get("pool_size", 0)
        yield GaugeMetricFamily("db_pool_size", "Connections the pool holds.", value=size)
        in_use = size - now.get("pool_available", 0)
        yield GaugeMetricFamily("db_pool_in_use", "Connections lent to a request.", value=in_use)
        waiting = now.get("requests_waiting", 0)
        yield GaugeMetricFamily("db_pool_waiting", "Requests that wait for a connection.", value=waiting)

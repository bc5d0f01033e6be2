"""failonce's own metrics for Prometheus: what its book holds, as far as the token's account may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from failonce import __version__
from failonce.app.bookkeeping import Book
from failonce.model.action import ActionState
from failonce.model.dossier import IncidentState
from failonce.model.insight import Tally
from failonce.model.review import ReviewState
from failonce.model.viewer import Viewer

CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition(book: Book, viewer: Viewer, at: datetime) -> bytes:
    """Return the metrics as text."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Holdings(book, viewer, at))
    return generate_latest(registry)


class _Holdings(Collector):
    """What the book holds at one instant."""

    def __init__(self, book: Book, viewer: Viewer, at: datetime) -> None:
        self._book, self._viewer, self._at = book, viewer, at

    def collect(self) -> Iterator[Metric]:
        insights = self._book.insights.read(self._viewer)
        board = self._book.actions.tally(self._viewer, self._at.date())
        yield InfoMetricFamily("failonce_build", "The failonce that answers.", value={"version": __version__})
        yield _gauge("incidents", "Incidents in the book.", "state", insights.states, IncidentState)
        yield _gauge("incidents_by_cause", "Incidents by their cause.", "cause", insights.causes, ())
        yield _one("incidents_without_cause", "Incidents of which no cause is known.", insights.without_cause)
        yield _one("recurrences", "Incidents of a failure that had been there before.", insights.recurrences)
        yield _one("failures", "Incidents whose cause is known.", insights.coverage.failures)
        yield _one(
            "failures_stopped", "Failures that a proven action item would stop today.", insights.coverage.stopped
        )
        yield _gauge("action_items", "Action items.", "state", board.by_state, ActionState)
        yield _one("action_items_overdue", "Open action items past their due date.", board.overdue)
        reviews = (Tally(s, self._book.postmortems.page(self._viewer, state=s, limit=1).total) for s in ReviewState)
        yield _gauge("postmortems", "Postmortems.", "state", reviews, ())


def _gauge(name: str, about: str, label: str, counted: Iterable[Tally], known: Iterable[str]) -> GaugeMetricFamily:
    """Return a gauge by label; what is known and did not occur stands there as 0, so that a graph has no hole."""
    family = GaugeMetricFamily(f"failonce_{name}", about, labels=[label])
    found = {**dict.fromkeys(map(str, known), 0), **{tally.value: tally.count for tally in counted}}
    for value, count in found.items():
        family.add_metric([value], count)
    return family


def _one(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"failonce_{name}", about, value=value)

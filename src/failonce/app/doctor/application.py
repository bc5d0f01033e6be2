"""Does the application tell what its users meet? The checks of its Prometheus endpoint, read as the watch reads it."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.app.doctor.check import Answer, Check, Question, error, not_checked, ok, unknown, warning
from failonce.observe.exposition import Exposition, understand
from failonce.observe.scrape import nonsense, scrape
from failonce.observe.source import Unseen

_HOW = "docs/how-to/connect.md"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one scrape: what was understood, or why not."""

    seen: Exposition | None
    unreadable: Unseen | None = None


def examine(metrics_url: str | None) -> tuple[Check, ...]:
    if metrics_url is None:
        hint = f"Write metrics_url under [targets.NAME]: {_HOW}"
        return not_checked(QUESTIONS, "no metrics_url is configured", hint)
    reading = read(metrics_url)
    return tuple(question.check(reading) for question in QUESTIONS)


def read(metrics_url: str) -> Reading:
    try:
        return Reading(understand(scrape(metrics_url)))
    except Unseen as problem:
        return Reading(None, problem)
    except ValueError:
        return Reading(None, nonsense(metrics_url, "something else"))
    except LookupError:
        # Metrics, and none of them about requests.
        return Reading(None)


def _answers(reading: Reading) -> Answer:
    if reading.unreadable:
        return error(str(reading.unreadable), reading.unreadable.hint)
    return ok("it answers with metrics")


def _histogram(reading: Reading) -> Answer:
    if reading.unreadable:
        return unknown("D016 comes first")
    if reading.seen is None:
        return warning(
            "no histogram of request durations in seconds",
            f"Serve http_request_duration_seconds with the labels route and status: {_HOW}",
        )
    routes = [name for name in reading.seen.routes if name]
    return ok(f"{len(routes)} routes" if routes else "all routes together")


def _pool(reading: Reading) -> Answer:
    if reading.seen is None:
        return unknown("D016 comes first" if reading.unreadable else "D017 comes first")
    told = {
        "size": reading.seen.pool_size,
        "in use": reading.seen.pool_in_use,
        "waiting": reading.seen.pool_waiting,
    }
    found = ", ".join(f"{name} {value}" for name, value in told.items() if value is not None)
    if None in told.values():
        missing = ", ".join(f"db_pool_{name.replace(' ', '_')}" for name, value in told.items() if value is None)
        return warning(found or "no gauge of the pool", f"Serve the gauges {missing}: {_HOW}")
    return ok(found)


QUESTIONS: tuple[Question[Reading], ...] = (
    Question(
        "D016",
        "The application's metrics can be read",
        "What users meet is measured there; the database alone does not know.",
        _answers,
    ),
    Question(
        "D017",
        "Requests are counted by how long they took",
        "An outage begins when requests become slow; their histogram tells when, and how many were met.",
        _histogram,
    ),
    Question(
        "D018",
        "The connection pool tells how full it is",
        "Requests that wait for a connection never reach the database, so nothing there shows them.",
        _pool,
    ),
)

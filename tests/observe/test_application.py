"""The application's metrics over real HTTP, from endpoints that behave and from those that do not."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from math import inf

import pytest
from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest

from failonce.model.snapshot import RouteActivity
from failonce.observe.application import Application
from failonce.observe.source import Unseen


@contextmanager
def endpoint(answer, status=200):
    """Serve what `answer()` returns and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = answer()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/metrics"
        finally:
            server.shutdown()
            thread.join()


class Shop:
    """An application with metrics as prometheus_client writes them."""

    def __init__(self):
        self.start()

    def start(self):
        self.registry = CollectorRegistry()
        self.seconds = Histogram(
            "http_request_duration_seconds", "", ["route", "status"], buckets=(0.1, 1.0), registry=self.registry
        )
        for name, value in {"pool_size": 10, "pool_in_use": 7, "pool_waiting": 3}.items():
            Gauge(f"db_{name}", "", registry=self.registry).set(value)
        Gauge("http_requests_in_flight", "", registry=self.registry).set(4)
        Gauge("app_info", "", ["version"], registry=self.registry).labels("v42").set(1)

    def answer(self, route, status, *seconds):
        for each in seconds:
            self.seconds.labels(route, status).observe(each)

    def metrics(self):
        return generate_latest(self.registry)


@pytest.fixture
def shop():
    return Shop()


def test_requests_are_told_since_the_previous_scrape(shop):
    with endpoint(shop.metrics) as url:
        application = Application(url)
        shop.answer("/", "200", 0.01, 0.02)
        assert application.read(None) == {}
        shop.answer("/", "200", 0.01, 0.5, 5.0)
        shop.answer("/cart", "500", 0.5)
        seen = application.read(None)["application"]
    assert (seen.requests, seen.errors) == (4, 1)
    assert (seen.bounds_s, seen.buckets) == ((0.1, 1.0, inf), (1, 2, 1))
    assert seen.routes == (RouteActivity("/", 3, 0, 5.51), RouteActivity("/cart", 1, 1, 0.5))
    assert (seen.in_flight, seen.pool_size, seen.pool_in_use, seen.pool_waiting) == (4, 10, 7, 3)
    assert seen.release == "v42"
    assert 0 < seen.interval_s < 60


def test_no_requests_are_none_and_not_a_gap(shop):
    with endpoint(shop.metrics) as url:
        application = Application(url)
        application.read(None)
        seen = application.read(None)["application"]
    assert (seen.requests, seen.errors, seen.routes) == (0, 0, ())


def test_an_application_that_restarts_never_counts_backwards(shop):
    with endpoint(shop.metrics) as url:
        application = Application(url)
        shop.answer("/", "200", 0.01, 0.02, 0.03)
        application.read(None)
        shop.start()
        shop.answer("/", "200", 0.01)
        assert application.read(None)["application"].requests == 0
        shop.answer("/", "200", 0.01, 0.01)
        assert application.read(None)["application"].requests == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<html><body>404 page not found</body></html>", "not with metrics"),
        (b'{"status": "UP"}', "not with metrics"),
        (b"", "not with metrics"),
        (b"\xff\xfe\x00", "bytes that are no text"),
        (b"# TYPE up gauge\nup 1\n", "no histogram of request durations"),
        (
            b"# TYPE http_request_duration_seconds histogram\nhttp_request_duration_seconds_bucket{le=",
            "not with metrics",
        ),
        (
            b'# TYPE http_request_duration_seconds histogram\nhttp_request_duration_seconds_bucket{le="x"} 1\n',
            "metrics",
        ),
        (b"# TYPE http_request_duration_seconds histogram\nhttp_request_duration_seconds_bucket 1\n", "metrics"),
    ],
    ids=["html", "json", "empty", "bytes", "no histogram", "cut off", "bad bound", "no bound"],
)
def test_nonsense_is_unseen_and_names_the_address(answer, reason):
    with endpoint(lambda: answer) as url, pytest.raises(Unseen, match=reason) as unseen:
        Application(url).read(None)
    assert url in unseen.value.reason
    assert unseen.value.hint


def test_an_error_status_is_told():
    with endpoint(lambda: b"", status=503) as url, pytest.raises(Unseen, match="status 503"):
        Application(url).read(None)


def test_one_that_is_not_there_is_told_without_its_secrets():
    with endpoint(lambda: b"") as url:
        gone = url.replace("127.0.0.1", "joe:s3cret@127.0.0.1") + "?token=s3cret"
    with pytest.raises(Unseen, match="did not answer") as unseen:
        Application(gone).read(None)
    assert url in unseen.value.reason
    assert "s3cret" not in unseen.value.reason + unseen.value.hint


def test_only_http_is_asked():
    with pytest.raises(Unseen, match="no http or https address"):
        Application("file:///etc/hostname").read(None)


def test_a_hanging_endpoint_delays_no_tick(observe):
    hang = threading.Event()
    with endpoint(lambda: hang.wait(10) and b"") as url:
        observer = observe(metrics_url=url, period_s=0.3)
        seen = [observer.snapshot() for _ in range(5)]
        hang.set()
    assert all((later.at - earlier.at).total_seconds() < 0.6 for earlier, later in pairwise(seen))
    gaps = [gap for snapshot in seen for gap in snapshot.gaps if gap.source == "application"]
    assert len(gaps) == 1
    assert "timed out" in gaps[0].reason


def test_the_processor_time_of_the_application_is_told_since_the_previous_scrape():
    totals = iter([4.0, 4.75, 0.25, 0.5])
    shop = Shop()
    shop.answer("/basket", "200", 0.01)

    def answer():
        cpu = f"# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total {next(totals)}\n"
        return generate_latest(shop.registry) + cpu.encode()

    with endpoint(answer) as url:
        application = Application(url)
        application.read(None)
        told = [application.read(None)["application"].cpu_s for _ in range(3)]
    # The third scrape is of a process that was started anew.
    assert told == [0.75, None, 0.25]

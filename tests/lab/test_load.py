"""The load: when visitors come, what they ask for, what is measured, and when it ends."""

import json
import random
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from failonce.lab.load import Arrivals, Load, Tally, loopback
from failonce.model.errors import LabFailed, UsageError

SERVICE_S = 0.05


class OneAtATime(BaseHTTPRequestHandler):
    """A server that can answer one request per 50 ms, whatever comes."""

    def do_GET(self):
        time.sleep(SERVICE_S)
        self.send_response(self.server.status)
        self.end_headers()

    do_POST = do_PUT = do_GET  # noqa: N815

    def log_message(self, *_):
        pass


@pytest.fixture
def slow_server():
    with HTTPServer(("127.0.0.1", 0), OneAtATime) as server:
        server.status = 200
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def url(slow_server):
    return f"http://127.0.0.1:{slow_server.server_port}"


@pytest.fixture
def start(tmp_path):
    loads = []

    def start(url, rate):
        loads.append(Load(url, rate=rate, log_file=tmp_path / "load.log"))
        return loads[-1]

    yield start
    for load in loads:
        load.close()


def await_summary(load, condition, within_s=10):
    give_up_at = time.monotonic() + within_s
    while not condition(summary := load.summary()):
        assert time.monotonic() < give_up_at, summary
        time.sleep(0.2)
    return summary


def arrivals_in(seconds, rate, seed=1):
    """Return the gaps between arrivals, as they were due."""
    came = []
    Arrivals(rate, random.Random(seed), came.append).run(until=time.monotonic() + seconds)
    return [round(b - a, 9) for a, b in zip(sorted(came), sorted(came)[1:], strict=False)]


def test_the_same_seed_brings_visitors_at_the_same_instants():
    first, second = arrivals_in(0.2, rate=200), arrivals_in(0.2, rate=200)
    count = min(len(first), len(second))
    assert count > 10
    assert first[:count] == pytest.approx(second[:count], abs=1e-6)
    assert first[:count] != pytest.approx(arrivals_in(0.2, rate=200, seed=2)[:count], abs=1e-6)


def test_nobody_comes_at_rate_zero_until_the_rate_changes():
    came = threading.Event()
    arrivals = Arrivals(0, random.Random(1), lambda due_at: came.set())
    thread = threading.Thread(target=arrivals.run, args=(time.monotonic() + 0.5,))
    thread.start()
    assert not came.wait(0.1)
    arrivals.set_rate(500)
    assert came.wait(1)
    arrivals.set_rate(0)
    thread.join()


def test_arrivals_do_not_wait_for_answers(start, url):
    """The server answers 20 per second; of 60 a second, the later ones meet a queue that grows."""
    load = start(url, rate=60)
    met = await_summary(load, lambda summary: summary.n and summary.p95_ms > 10 * SERVICE_S * 1000)
    assert met.errors == 0


def test_a_rate_below_the_limit_is_served_quickly(start, url):
    load = start(url, rate=2)
    assert await_summary(load, lambda summary: summary.n).p50_ms < 5 * SERVICE_S * 1000


def test_status_500_and_no_server_are_errors(start, url, slow_server):
    slow_server.status = 503
    met = await_summary(start(url, rate=10), lambda summary: summary.n)
    assert met.errors == met.n
    met = await_summary(start("http://127.0.0.1:1", rate=10), lambda summary: summary.n)
    assert met.errors == met.n


def test_each_summary_begins_where_the_last_one_ended():
    tally = Tally()
    for wait_ms in range(1, 101):
        tally.add(wait_ms / 1000, failed=wait_ms > 98)
    first = tally.take()
    assert (first.n, first.errors, first.p50_ms, first.p95_ms) == (100, 2, 50, 95)
    assert tally.take().n == 0


@pytest.mark.parametrize("url", ["http://example.com:80", "http://10.0.0.1:80", "http://127.0.0.1", "localhost:80", ""])
def test_it_goes_to_this_machine_only(url):
    with pytest.raises(UsageError, match="not a port of this machine"):
        loopback(url)


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://127.8.8.8:8000/x"])
def test_this_machine_has_several_names(url):
    assert loopback(url)[1] == 8000


def test_another_host_ends_it_before_it_begins(start):
    with pytest.raises(LabFailed, match="give it a URL"):
        start("http://example.com:80", rate=1)


def test_it_ends_with_its_input_and_says_what_visitors_met(url):
    command = [sys.executable, "-m", "failonce.lab.load", url, "--rate=1"]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=10, check=True)
    assert done.stdout.splitlines()[0] == "ready"
    assert set(json.loads(done.stdout.splitlines()[-1])) == {"n", "errors", "p50_ms", "p95_ms"}


def test_it_ends_by_itself(url):
    command = [sys.executable, "-m", "failonce.lab.load", url, "--rate=20", "--seconds=0.5"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.wait(10) == 0
        assert json.loads(process.stdout.readlines()[-1])["n"] > 0

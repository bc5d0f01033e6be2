"""Streams of live pages, over a real socket: they say when, only to whom it concerns, and end when they should."""

import http.client
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
import uvicorn

from failonce.app.pages.desk import Desk
from failonce.app.pages.recordings import Recordings
from failonce.model.viewer import Viewer
from failonce.observe.recording import Recording, Retention, read
from failonce.store.book import Book
from failonce.web import live, session
from failonce.web.application import application
from fix_book import NOON, note, stamp

WAIT_S = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory, fill_book):
    """A server in a thread: its application, address, book and names."""
    folder = tmp_path_factory.mktemp("stream")
    with Book.open(folder / "failonce.db") as book:
        ids = fill_book(book)
        app = application(Desk(book, Recordings(folder / "recordings")))
        config = uvicorn.Config(app, log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        app.state.streams.is_closing = lambda: server.should_exit
        listening = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Served(app, book, ids, listening.getsockname()[1], folder / "recordings")
        finally:
            server.should_exit = True
            thread.join(WAIT_S)
            assert not thread.is_alive(), "open streams keep the server from stopping"


class Served:
    def __init__(self, app, book, ids, port, recordings):
        self.app, self.book, self.ids, self.port, self.recordings = app, book, ids, port, recordings

    def cookie(self, who):
        secret = self.book.sessions.begin(who, NOON, session.LIFETIME * 1000)
        return secret, {"cookie": f"{session.COOKIE}={secret}"}

    @contextmanager
    def stream(self, path, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        try:
            yield answer
        finally:
            answer.close()
            connection.close()


def events(answer):
    """Yield the names of the events as they come."""
    for line in answer:
        if line.startswith(b"event: "):
            yield line.decode().split(": ", 1)[1].strip()


def opened(answer):
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    assert answer.readline() == b"retry: 3000\n"
    return events(answer)


def looks_end(served):
    ends = time.monotonic() + WAIT_S
    while served.app.state.streams.is_looking and time.monotonic() < ends:
        time.sleep(0.05)
    return not served.app.state.streams.is_looking


def test_a_change_is_told_and_nothing_is_looked_at_once_nobody_listens(served):
    path = f"/incidents/{served.ids.running}/events"
    with served.stream(path, served.cookie("eve")[1]) as answer:
        told = opened(answer)
        served.book.timeline.add(served.ids.running, note(1, "One"), stamp())
        assert next(told) == "changed"
        assert served.app.state.streams.is_looking
    assert looks_end(served)


def test_a_recording_that_grows_is_told_on_now(served, example):
    seen = list(read(example / "recording"))[:2]
    with Recording.create(served.recordings / "shop", target="shop", retention=Retention()) as recording:
        recording.append(seen[0])
        before = served.app.state.desk.recordings.mark("shop")
        recording.append(seen[1])
        assert served.app.state.desk.recordings.mark("shop") != before
        assert served.app.state.desk.recordings.mark("elsewhere") == ""


def test_what_happens_in_private_is_told_to_its_group_alone(served):
    outside, inside = Viewer("eve", live_role(served, "eve")), served.book.accounts
    ada = next(account for account in inside.all(Viewer.machine()) if account.name == "ada")
    group = replace(outside, name="ada", groups=frozenset(ada.groups))
    marks = {viewer.name: served.book.audit.mark(viewer) for viewer in (outside, group)}
    served.book.timeline.add(served.ids.private, note(2, "Hush"), stamp())
    assert served.book.audit.mark(outside) == marks["eve"]
    assert served.book.audit.mark(group) != marks["ada"]
    with served.stream(f"/incidents/{served.ids.private}/events", served.cookie("eve")[1]) as answer:
        assert answer.status == 404


def live_role(served, who):
    return next(a.role for a in served.book.accounts.all(Viewer.machine()) if a.name == who)


def test_an_incident_made_private_ends_the_streams_of_those_outside(served):
    viewer = Viewer("eve", live_role(served, "eve"))
    running = served.book.incidents.dossier(viewer, served.ids.running)
    with served.stream(f"/incidents/{running.id}/events", served.cookie("eve")[1]) as answer:
        told, before = opened(answer), served.book.audit.mark(viewer)
        machine = stamp()
        hid = served.book.incidents.change(running.id, machine, revision=running.revision, private_to="payments")
        assert served.book.audit.mark(viewer) != before
        assert list(told) == ["over"]
    served.book.incidents.change(running.id, machine, revision=hid.revision, private_to=None)


def test_a_stream_ends_with_its_session(served):
    secret, headers = served.cookie("eve")
    with served.stream("/events", headers) as answer:
        told = opened(answer)
        served.book.sessions.end(secret)
        assert [name for name in told if name != "changed"] == ["over"]


def test_a_stranger_gets_none_and_nobody_gets_too_many(served, monkeypatch):
    with served.stream("/events", {}) as answer:
        assert answer.status == 401
    monkeypatch.setattr(live, "MOST_OF_ONE", 1)
    assert looks_end(served)
    _, headers = served.cookie("eve")
    with served.stream("/events", headers) as first:
        opened(first)
        with served.stream("/events", headers) as second:
            assert second.status == 503
        with served.stream("/events", served.cookie("ada")[1]) as other:
            assert other.status == 200

"""A book with something on every page, its application, and somebody of each role who has come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from failonce import jsontext
from failonce.app.pages.desk import Desk
from failonce.app.pages.recordings import Recordings
from failonce.model.dossier import Dossier, Moments, Origin, Severity
from failonce.model.incident import Incident
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.observe.recording import read
from failonce.postmortem.actions import action_items
from failonce.postmortem.draft import draft
from failonce.postmortem.exhibit import exhibit
from failonce.store.book import Book
from failonce.web.application import application
from fix_book import NOON

EXAMPLE = Path(__file__).parents[2] / "examples" / "missing-index"
PASSWORD = "a few plain words"
MACHINE = Stamp(Viewer.machine(), NOON)


def recorded() -> Incident:
    """Return the recorded outage with its charts."""
    incident = jsontext.loads((EXAMPLE / "incident.json").read_bytes(), Incident)
    return replace(incident, exhibit=exhibit(incident, tuple(read(EXAMPLE / "recording"))))


def fill(book: Book) -> SimpleNamespace:
    """Put incidents into the book: a recorded one, one that runs, a private one."""
    incident = recorded()
    actions = action_items(incident)
    book.incidents.save(incident, MACHINE)
    book.actions.save(actions, MACHINE)
    book.postmortems.write(incident.id, draft(incident, actions), MACHINE)
    running = Dossier(
        "checkout-1",
        "Checkout answers 502",
        Origin.DECLARED,
        NOON,
        severity=Severity.SEV2,
        services=("checkout",),
        moments=Moments(onset_at=NOON, detected_at=NOON + timedelta(minutes=2)),
    )
    book.incidents.declare(running, MACHINE)
    secret = replace(
        running, id="ledger-1", title="The ledger leaks zebras", private_to="payments", services=("ledger",)
    )
    book.incidents.declare(secret, MACHINE)
    return SimpleNamespace(recorded=incident.id, running=running.id, private=secret.id, action=actions[0].id)


def people(book: Book) -> None:
    """Make an account of each role."""
    book.accounts.redeem(book.accounts.first_link(NOON), "root", PASSWORD, NOON)
    root = Stamp(Viewer("root", Role.ADMIN), NOON)
    for name, role, groups in (("ada", Role.EDITOR, ("payments",)), ("eve", Role.VIEWER, ())):
        book.accounts.redeem(book.accounts.invite(role, groups, root), name, PASSWORD, NOON)


@pytest.fixture(scope="module")
def example():
    """The folder of a recorded outage."""
    return EXAMPLE


@pytest.fixture(scope="module")
def recorded_outage():
    """The recorded outage with its charts."""
    return recorded()


@pytest.fixture(scope="module")
def fill_book():
    """A function that puts incidents and people into a book."""

    def filled(book: Book) -> SimpleNamespace:
        ids = fill(book)
        people(book)
        return ids

    return filled


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The application over a filled book: `app`, `book`, `ids`."""
    folder = tmp_path_factory.mktemp("web")
    with Book.open(folder / "failonce.db") as book:
        ids = fill(book)
        people(book)
        yield SimpleNamespace(app=application(Desk(book, Recordings(folder / "recordings"))), book=book, ids=ids)


def entered(app, name: str | None) -> TestClient:
    """Return the client of somebody who has logged in; of a stranger without a name."""
    client = TestClient(app, follow_redirects=False)
    if name:
        answer = client.post("/login", data={"name": name, "password": PASSWORD, "next": "/"})
        assert answer.status_code == 303, answer.text
    return client


@pytest.fixture(scope="module")
def clients(made):
    """Clients by role; None is a stranger."""
    return {name: entered(made.app, name) for name in ("root", "ada", "eve", None)}


def token(client: TestClient) -> str:
    """Return what the forms of this client's session carry."""
    text = client.get("/incidents").text
    return text.split('name="csrf" value="', 1)[1].split('"', 1)[0]

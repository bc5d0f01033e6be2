"""The API, over HTTP: who comes in with what, each refusal as a problem, nothing lost between two who write."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient

from failonce.app.pages.desk import Desk
from failonce.app.pages.recordings import Recordings
from failonce.model.account import Scope
from failonce.model.viewer import Role, Viewer
from failonce.store import credentials
from failonce.store.book import Book
from failonce.web.api.routes import ENDPOINTS, routes
from failonce.web.application import application
from fix_book import dossier, incident, later, missing_index, note, stamp


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book of three incidents, one of them private, and accounts of each role."""
    monkeypatch.setattr(credentials, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    with Book.open(tmp_path / "failonce.db") as book:
        book.incidents.save(incident("watched"), stamp())
        book.incidents.declare(dossier("open", minutes=9, failure=missing_index(), services=("checkout",)), stamp())
        book.incidents.declare(dossier("secret", minutes=5, private_to="payments"), stamp())
        book.timeline.add("open", note(0, "paged the team"), stamp())
        book.accounts.redeem(book.accounts.first_link(later(0)), "root", "correct horse battery", later(0))
        for name, role in (("ada", Role.EDITOR), ("eve", Role.VIEWER)):
            link = book.accounts.invite(role, [], stamp())
            book.accounts.redeem(link, name, "correct horse battery", later(0))
        yield book


@pytest.fixture
def enter(book):
    """Come in as an account, with scopes."""
    app = Starlette(routes=routes(book))

    def enter(name, *scopes):
        _, secret = book.tokens.make(name, "test", scopes or tuple(Scope), stamp())
        return TestClient(app, headers={"authorization": f"Bearer {secret}"}, raise_server_exceptions=True)

    enter.app = app
    return enter


def test_without_a_token_nobody_comes_in(enter):
    client = TestClient(enter.app)
    for path in ("/api/v1/incidents", "/api/v1/incidents/open", "/metrics"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/api/v1/me", headers={"authorization": "Bearer guess"}).status_code == 401
    assert client.get("/api/openapi.json").status_code == 200


@pytest.mark.parametrize(
    ("name", "scopes", "read", "write", "metrics"),
    [
        ("ada", [Scope.READ, Scope.WRITE], 200, 201, 403),
        ("ada", [Scope.READ], 200, 403, 403),
        ("ada", [Scope.WRITE], 403, 201, 403),
        ("ada", [Scope.METRICS], 403, 403, 200),
        ("eve", [Scope.READ, Scope.WRITE], 200, 403, 403),
    ],
)
def test_a_token_is_for_its_scopes_and_its_account(enter, name, scopes, read, write, metrics):
    client = enter(name, *scopes)
    assert client.get("/api/v1/incidents").status_code == read
    assert client.post("/api/v1/incidents", json={"title": "Checkout is down"}).status_code == write
    assert client.get("/metrics").status_code == metrics


def test_a_session_reads_and_does_not_write(book):
    app = Starlette(routes=routes(book, lambda request: Viewer("ada", Role.EDITOR)))
    client = TestClient(app)
    assert client.get("/api/v1/me").json() == {"name": "ada", "role": "editor", "groups": []}
    answer = client.post("/api/v1/incidents", json={"title": "x"})
    assert (answer.status_code, "only reads" in answer.json()["detail"]) == (403, True)


def test_what_is_private_is_not_there(enter):
    client = enter("root")
    listed = client.get("/api/v1/incidents").json()
    assert ([d["id"] for d in listed["items"]], listed["total"]) == (["open", "watched"], 2)
    for path in ("", "/timeline", "/postmortem", "/actions", "/recurrences", "/measured"):
        answer = client.get(f"/api/v1/incidents/secret{path}")
        missing = client.get(f"/api/v1/incidents/nothere{path}")
        assert answer.status_code == missing.status_code == 404
        assert answer.text.replace("secret", "nothere") == missing.text
    assert "secret" not in client.get("/api/v1/audit").text
    assert 'failonce_incidents{state="triggered"} 1.0' in client.get("/metrics").text


def test_an_incident_from_its_opening_to_its_end(enter):
    client = enter("ada")
    opened = client.post("/api/v1/incidents", json={"title": "Checkout is down", "severity": "SEV1"}).json()
    path = f"/api/v1/incidents/{opened['id']}"
    told = client.post(f"{path}/timeline", json={"happened_at": "2026-09-14T12:00:00Z", "text": "Somebody called"})
    assert (told.status_code, told.json()["author"], told.json()["entry"]["kind"]) == (201, "ada", "note")
    corrected = {"happened_at": "2026-09-14T11:00:00Z", "text": "Somebody called", "supersedes": 1}
    assert client.post(f"{path}/timeline", json=corrected).json()["supersedes"] == 1
    changed = client.patch(path, json={"revision": 1, "state": "resolved", "roles": {"commander": "Ada"}}).json()
    assert (changed["state"], changed["severity"], changed["roles"]) == ("resolved", "SEV1", {"commander": "Ada"})
    assert changed["moments"]["recovered_at"] is not None
    item = client.post(f"{path}/actions", json={"text": "Add an index", "kind": "prevent", "due": "2026-10-01"}).json()
    proof = {"guard": "no-seq-scan", "red": "Seq Scan", "green": "Index Scan"}
    proved = client.post(f"{path}/actions/{item['id']}/proofs", json=proof)
    assert (proved.status_code, proved.json()["state"]) == (201, "verified")
    assert (
        client.get("/api/v1/search", params={"q": "checkout down"}).json()["items"][0]["dossier"]["id"] == opened["id"]
    )


def test_a_postmortem_is_written_signed_and_completed(enter):
    client, path = enter("ada"), "/api/v1/incidents/open/postmortem"
    assert client.get(path).status_code == 404
    assert client.post(f"{path}/versions", json={"markdown": "# One"}).json()["version"] == 1
    conflict = client.post(f"{path}/versions", json={"markdown": "# Two", "based_on": 7})
    assert conflict.status_code == 409
    assert (conflict.json()["mine"]["markdown"], conflict.json()["theirs"]["markdown"]) == ("# Two", "# One")
    assert client.patch(path, json={"revision": 1, "state": "completed"}).status_code == 422
    assert client.post(f"{path}/versions/1/signature").status_code == 201
    assert client.patch(path, json={"revision": 1, "state": "completed"}).json()["state"] == "completed"
    assert client.get(f"{path}/versions/1").json()["markdown"] == "# One"
    assert [v["version"] for v in client.get(f"{path}/versions").json()] == [1]


def test_a_stale_change_is_refused_and_shows_both(enter):
    client = enter("ada")
    client.patch("/api/v1/incidents/open", json={"revision": 1, "severity": "SEV1"})
    answer = client.patch("/api/v1/incidents/open", json={"revision": 1, "severity": "SEV3"})
    assert (answer.status_code, answer.json()["title"]) == (409, "conflict")
    assert (answer.json()["mine"]["severity"], answer.json()["theirs"]["severity"]) == ("SEV3", "SEV1")


def test_null_clears_and_what_is_left_out_stays(enter):
    client, path = enter("ada"), "/api/v1/incidents/open"
    client.patch(path, json={"revision": 1, "severity": "SEV1", "target": "shop"})
    changed = client.patch(path, json={"revision": 2, "severity": None}).json()
    assert (changed["severity"], changed["target"], changed["services"]) == (None, "shop", ["checkout"])


def test_recurrences_are_told_and_judged(enter):
    client, path = enter("ada"), "/api/v1/incidents/open/recurrences"
    (found,) = client.get(path).json()
    assert (found["earlier"]["id"], found["likeness"]) == ("watched", "same failure")
    judged = client.post(path, json={"earlier_id": "watched", "is_same": False, "reason": "another tenant"})
    assert (judged.status_code, judged.content) == (204, b"")
    assert client.get(path).json()[0]["judgement"]["reason"] == "another tenant"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/incidents?limit=0", None, 422),
        ("GET", "/incidents?limit=many", None, 422),
        ("GET", "/incidents?nonsense=1", None, 422),
        ("GET", "/incidents?state=gone", None, 422),
        ("GET", "/incidents?since=2026-01-01T00:00:00", None, 422),
        ("GET", "/incidents?since=0001-01-01T00:00:00%2B14:00", None, 422),
        ("GET", "/incidents?after=nonsense", None, 422),
        ("GET", "/incidents/%00", None, 404),
        ("GET", "/incidents/open/postmortem/versions/x", None, 404),
        ("GET", "/search", None, 422),
        ("POST", "/incidents", b"{", 400),
        ("POST", "/incidents", b'{"title": ""}', 422),
        ("POST", "/incidents", b'{"title": "a\\u0000b"}', 422),
        ("POST", "/incidents", b'{"title": "x", "nonsense": 1}', 422),
        ("POST", "/incidents", b'{"title": "x", "id": "open"}', 422),
        ("POST", "/incidents", b"x" * 2_000_001, 413),
        ("PATCH", "/incidents/open", b'{"title": "x"}', 422),
        ("DELETE", "/incidents/open", None, 405),
        ("PATCH", "/incidents/nowhere", b'{"revision": 1}', 404),
    ],
)
def test_what_makes_no_sense_is_a_problem_with_a_next_step(enter, method, path, sent, status):
    answer = enter("ada").request(method, f"/api/v1{path}", content=sent)
    assert answer.status_code == status, answer.text
    assert answer.json()["status"] == status
    assert answer.json()["hint"]


def test_filters_reach_the_book(enter):
    client = enter("ada")
    client.patch("/api/v1/incidents/open", json={"revision": 1, "severity": "SEV1"})
    for query, ids in (
        ("severity=SEV1&severity=SEV2", ["open"]),
        ("state=resolved", ["watched"]),
        ("service=checkout", ["open"]),
        ("origin=watched", ["watched"]),
        ("since=2026-09-14T12:01:00Z", ["open"]),
        ("until=2026-09-14T12:01:00Z", ["watched"]),
    ):
        assert [d["id"] for d in client.get(f"/api/v1/incidents?{query}").json()["items"]] == ids
    first = client.get("/api/v1/incidents?limit=1").json()
    second = client.get("/api/v1/incidents", params={"limit": 1, "after": first["next"]}).json()
    assert (second["items"][0]["id"], second["next"]) == ("watched", None)


def test_a_release_announced_is_known_to_the_watch(enter, book):
    answer = enter("ada").post("/api/v1/releases", json={"target": "shop", "release": "v42"})
    assert answer.status_code == 201
    assert [r.release for r in book.releases.since("shop", later(0) - timedelta(days=9))] == ["v42"]


def test_metrics_tell_what_the_book_holds(enter):
    text = enter("ada").get("/metrics").text
    for line in (
        'failonce_incidents{state="resolved"} 1.0',
        'failonce_incidents{state="closed"} 0.0',
        'failonce_incidents_by_cause{cause="missing-index"} 2.0',
        "failonce_recurrences 1.0",
        "failonce_action_items_overdue 0.0",
        'failonce_postmortems{state="draft"} 0.0',
    ):
        assert line in text.splitlines()
    assert "failonce_build_info{version=" in text


def test_every_endpoint_is_described_with_its_own_name(enter):
    document = enter("ada").get("/api/openapi.json").json()
    operations = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(operations) == len(set(operations)) == len(ENDPOINTS)


def test_the_pages_and_the_api_are_one_application(book, tmp_path):
    client = TestClient(application(Desk(book, Recordings(tmp_path))), follow_redirects=False)
    assert client.get("/api/openapi.json").json()["openapi"].startswith("3.1")
    assert [client.get(path).status_code for path in ("/api/v1/me", "/metrics")] == [401, 401]
    _, secret = book.tokens.make("ada", "test", [Scope.READ], stamp())
    answer = client.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"})
    assert (answer.json()["name"], answer.headers["x-content-type-options"]) == ("ada", "nosniff")

"""What people write through the pages, and what keeps others from writing in their name."""

import re

import pytest
from starlette.testclient import TestClient

from failonce.model.viewer import Viewer
from failonce.web.application import application

ALL = Viewer.machine()


def csrf(client):
    return client.get("/incidents").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def send(client, path, **fields):
    return client.post(path, data={"csrf": csrf(client), **fields})


def test_a_note_and_its_correction_are_both_kept(made, clients):
    home = f"/incidents/{made.ids.running}"
    assert send(clients["ada"], f"{home}/timeline", text="Support has tickets", kind="note").status_code == 303
    told = made.book.timeline.of(ALL, made.ids.running)[-1]
    send(clients["ada"], f"{home}/timeline", text="Support has twelve tickets", corrects=str(told.number))
    text = clients["eve"].get(home).text
    assert "<del>Support has tickets.</del>" in text
    assert "Support has twelve tickets." in text
    assert "ada, a correction" in text


def test_a_state_moves_and_a_stale_form_changes_nothing(made, clients):
    before = made.book.incidents.dossier(ALL, made.ids.running)
    path = f"/incidents/{made.ids.running}"
    assert send(clients["ada"], path, state="acknowledged", revision=str(before.revision)).status_code == 303
    assert made.book.incidents.dossier(ALL, made.ids.running).state == "acknowledged"
    stale = send(clients["ada"], path, state="resolved", revision=str(before.revision))
    assert stale.status_code == 409
    assert made.book.incidents.dossier(ALL, made.ids.running).state == "acknowledged"


def test_two_people_editing_at_once_lose_nothing(made, clients):
    path = f"/incidents/{made.ids.recorded}/postmortem/edit"
    version = made.book.postmortems.review(ALL, made.ids.recorded).version
    base = made.book.postmortems.text(ALL, made.ids.recorded).markdown
    assert send(clients["ada"], path, text=f"{base}\nFirst hand.\n", version=str(version)).status_code == 303
    second = send(clients["root"], path, text=f"{base}\nSecond hand.\n", version=str(version))
    assert second.status_code == 409
    assert "First hand." in second.text
    assert "Second hand." in second.text
    assert made.book.postmortems.text(ALL, made.ids.recorded).markdown.endswith("First hand.\n")
    assert f'name="version" value="{version + 1}"' in second.text


def test_the_lint_answers_while_one_types(made, clients):
    path = f"/incidents/{made.ids.recorded}/postmortem/lint"
    poor = send(clients["ada"], path, text="# Postmortem\n\nIt broke.\n")
    assert re.search(r"<b>\d+</b> to mend", poor.text)
    assert 'data-line="' in poor.text
    assert "todo-list" in poor.text


def test_a_review_is_signed_and_completed(made, clients):
    path = f"/incidents/{made.ids.recorded}/postmortem"
    review = made.book.postmortems.review(ALL, made.ids.recorded)
    early = send(clients["ada"], path, do="completed", revision=str(review.revision))
    assert early.status_code == 400
    send(clients["ada"], path, do="sign", version=str(review.version))
    review = made.book.postmortems.review(ALL, made.ids.recorded)
    assert send(clients["ada"], path, do="completed", revision=str(review.revision)).status_code == 303
    assert "signed by ada" in clients["eve"].get(path).text


def test_an_action_item_takes_its_steps(made, clients):
    item = made.book.actions.item(ALL, made.ids.recorded, made.ids.action)
    path = f"/incidents/{item.incident_id}/actions/{item.id}"
    late = {"owner": "ada", "due": "2026-01-02", "from": "board"}
    assert send(clients["ada"], path, revision=str(item.revision), **late).status_code == 303
    board = clients["eve"].get("/actions").text
    assert "1 overdue" in board
    assert "days late" in board
    item = made.book.actions.item(ALL, item.incident_id, item.id)
    assert send(clients["ada"], path, revision=str(item.revision), state="implemented").status_code == 303
    item = made.book.actions.item(ALL, item.incident_id, item.id)
    assert send(clients["ada"], path, revision=str(item.revision), state="verified").status_code == 303
    assert made.book.actions.item(ALL, item.incident_id, item.id).vouched_by == "ada"


@pytest.mark.parametrize("told", [None, "", "0" * 64])
def test_a_form_from_elsewhere_is_refused(made, clients, told):
    fields = {"text": "forged"} | ({} if told is None else {"csrf": told})
    answer = clients["ada"].post(f"/incidents/{made.ids.running}/timeline", data=fields)
    assert answer.status_code == 403
    assert all("forged" not in t.entry.text for t in made.book.timeline.of(ALL, made.ids.running))


def test_anothers_token_does_not_hold(made, clients):
    answer = clients["ada"].post(
        f"/incidents/{made.ids.running}/timeline", data={"text": "forged", "csrf": csrf(clients["root"])}
    )
    assert answer.status_code == 403


def test_a_viewer_with_the_right_token_still_may_not_write(made, clients):
    eve = clients["eve"]
    mine = re.search(r'name="csrf" value="(\w+)"', eve.get("/").text)[1]
    answer = eve.post(f"/incidents/{made.ids.running}/timeline", data={"csrf": mine, "text": "hello"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/incidents/{running}", {"state": "vanished", "revision": "1"}),
        ("/incidents/{running}", {"severity": "SEV9", "revision": "1"}),
        ("/incidents/{running}", {"state": "closed"}),
        ("/incidents", {"title": "x", "severity": "worst"}),
        ("/incidents/{recorded}/actions", {"text": "x", "kind": "hope"}),
        ("/incidents/{recorded}/actions", {"text": "x", "due": "soon"}),
        ("/incidents/{recorded}/actions/{action}", {"revision": "1", "state": "done"}),
        ("/incidents/{running}/timeline", {"text": "x", "happened_at": "noon"}),
        ("/incidents/{running}/timeline", {"text": "x", "corrects": "first"}),
        ("/incidents/{recorded}/postmortem", {"do": "burn"}),
    ],
)
def test_nonsense_in_a_form_is_explained(made, clients, path, fields):
    answer = send(clients["ada"], path.format(**vars(made.ids)), **fields)
    assert answer.status_code == 400
    assert "lede" in answer.text


def test_a_fault_of_ours_is_a_page_of_ours_too(made):
    def broken(request):
        raise RuntimeError("a bug")

    client = TestClient(application(made.app.state.desk, viewer_of=broken), raise_server_exceptions=False)
    answer = client.get("/incidents")
    assert answer.status_code == 500
    assert "This is a fault of ours" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]

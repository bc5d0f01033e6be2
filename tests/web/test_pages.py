"""Every page, as each role: what it shows, and to whom."""

import re

import pytest

from failonce.model.action import ActionItem, ActionKind, Proof
from fix_book import NOON, stamp

EVERYBODYS = ("/", "/incidents", "/postmortems", "/actions", "/search?q=index", "/insights", "/executive")


def pages(ids):
    home = f"/incidents/{ids.recorded}"
    return (*EVERYBODYS, home, f"{home}/postmortem", f"/incidents/{ids.running}")


@pytest.mark.parametrize("who", ["root", "ada", "eve"])
def test_every_page_opens_for_each_role(made, clients, who):
    for path in pages(made.ids):
        answer = clients[who].get(path)
        assert answer.status_code == 200, path
        assert answer.text.count("<h1>") == 1, path


def test_a_stranger_is_sent_to_the_door_and_back(made, clients):
    for path in pages(made.ids):
        answer = clients[None].get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/login?next=")


def test_no_page_loads_or_runs_anything_of_elsewhere(made, clients):
    for path in (*pages(made.ids), "/login"):
        answer = clients["root"].get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        text = answer.text
        assert not re.search(r"<[^>]+\s(?:style|on\w+)=", text), path
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text), path
        for opening in re.findall(r"<script[^>]*>", text):
            assert "src=" in opening or 'type="application/json"' in opening, path


def test_the_incident_shows_chain_charts_ledger_and_proof(made, clients):
    text = clients["eve"].get(f"/incidents/{made.ids.recorded}").text
    for told in ("Root cause", "The culprit", "Response time, logarithmic", "What it was not", "planner cost"):
        assert told in text
    assert 'class="exhibit"' in text
    assert text.count("<svg") >= 8


def test_the_postmortem_shows_the_charts_of_its_incident(made, clients):
    home = f"/incidents/{made.ids.recorded}"
    incident, postmortem = (clients["eve"].get(path).text for path in (home, f"{home}/postmortem"))
    shown = re.compile(r'<section id="measured".*?</section>', re.DOTALL)
    assert shown.search(postmortem)[0] == shown.search(incident)[0]
    assert "charts.js" in postmortem
    assert 'href="#measured"' in postmortem


def test_a_postmortem_of_what_nobody_measured_has_no_charts(made, clients):
    made.book.postmortems.write(made.ids.running, "# Checkout\n\nIt broke.\n", stamp())
    text = clients["eve"].get(f"/incidents/{made.ids.running}/postmortem").text
    assert 'id="measured"' not in text
    assert "charts.js" not in text


def test_a_private_incident_is_there_only_for_its_group(made, clients):
    for path in ("/", "/incidents", "/search?q=zebras", f"/incidents/{made.ids.private}"):
        assert "zebras" not in clients["eve"].get(path).text.replace('value="zebras"', "").replace("zebras ·", ""), path
        assert "leaks zebras" in clients["ada"].get(path).text, path
    assert clients["eve"].get(f"/incidents/{made.ids.private}").status_code == 404
    counted = {
        who: int(re.search(r"(\d+) incidents", clients[who].get("/incidents").text)[1]) for who in ("eve", "ada")
    }
    assert counted["ada"] == counted["eve"] + 1


def test_what_is_not_there_says_so_with_a_next_step(clients):
    answer = clients["eve"].get("/incidents/nowhere")
    assert answer.status_code == 404
    assert "There is no incident nowhere" in answer.text
    assert clients["eve"].get("/nowhere/at/all").status_code == 404


def test_an_age_stands_on_the_board(made, clients):
    assert re.search(r"open for \d+ days", clients["eve"].get("/actions").text)


def test_a_guard_has_a_page_with_its_proofs_for_whoever_may_see_what_rests_on_it(made, clients):
    proof = Proof("no-full-scan", NOON, "Seq Scan on reviews", "Index Scan on reviews")
    made.book.actions.prove(made.ids.recorded, made.ids.action, proof, stamp())
    hidden = ActionItem("L1", made.ids.private, "Seal the ledger", ActionKind.PREVENT, guard="sealed")
    made.book.actions.add(hidden, stamp())
    assert 'href="/guards/no-full-scan"' in clients["eve"].get(f"/incidents/{made.ids.recorded}").text
    shown = clients["eve"].get("/guards/no-full-scan")
    assert shown.status_code == 200
    assert "Seq Scan on reviews" in shown.text
    assert (clients["eve"].get("/guards/sealed").status_code, clients["ada"].get("/guards/sealed").status_code) == (
        404,
        200,
    )


def test_a_reader_is_offered_nothing_to_write(made, clients):
    home = f"/incidents/{made.ids.recorded}"
    for path in (*EVERYBODYS, home, f"{home}/postmortem"):
        assert re.findall(r'<form[^>]*method="post"[^>]*>', clients["eve"].get(path).text) == [
            '<form method="post" action="/logout">'
        ], path
    assert clients["eve"].get(f"{home}/postmortem/edit").status_code == 403
    assert clients["eve"].get("/people").status_code == 403
    assert clients["ada"].get("/people").status_code == 403
    assert clients["root"].get("/people").status_code == 200
    assert clients["root"].get("/audit").status_code == 200


def test_a_page_that_has_not_changed_is_not_sent_again(made, clients):
    first = clients["eve"].get(f"/incidents/{made.ids.recorded}")
    again = clients["eve"].get(f"/incidents/{made.ids.recorded}", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_filter_holds_and_nonsense_in_it_is_no_error(clients):
    assert "Checkout answers 502" in clients["eve"].get("/incidents?severity=SEV2").text
    assert "Checkout answers 502" not in clients["eve"].get("/incidents?severity=SEV1").text
    for nonsense in ("severity=x&state=y", "target=%00", "days=x"):
        assert clients["eve"].get(f"/incidents?{nonsense}").status_code == 200
    assert clients["eve"].get("/insights?days=9999999").status_code == 200
    assert clients["eve"].get("/incidents?after=nonsense").status_code == 400


def test_what_a_person_or_a_database_says_is_never_markup(made, clients):
    evil = '<script>alert("1")</script>'
    ada = clients["ada"]
    csrf = ada.get("/incidents").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    answer = ada.post("/incidents", data={"csrf": csrf, "title": evil, "services": evil})
    shown = ada.get(answer.headers["location"])
    assert shown.status_code == 200
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;" in shown.text
    assert "<script>alert" not in ada.get("/search", params={"q": evil}).text


def test_assets_are_served_and_kept_by_the_browser(clients):
    for name in ("look.css", "web.css", "page.js", "live.js", "charts.js", "edit.js"):
        answer = clients[None].get(f"/assets/{name}")
        assert answer.status_code == 200
        assert (
            clients[None].get(f"/assets/{name}", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
        )
    assert clients[None].get("/assets/..%2fsetting.py").status_code == 404

"""The main job in a process of its own: an outage on a real PostgreSQL, found, named, fixed and written down."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime

import pytest

from failonce.model.viewer import Viewer
from failonce.observe.recording import read
from failonce.store.book import Book

pytestmark = pytest.mark.acceptance

KEYS = {
    "chain",
    "cause",
    "confidence",
    "abstained",
    "culprit",
    "ruled_out",
    "gaps",
    "onset_at",
    "detected_at",
    "diagnosed_at",
}
LEADS = {"release", "traffic", "network", "host", "application"}


def failonce(*words, check=True, state=None):
    command = [sys.executable, "-c", "from failonce.cli import main; main()", *map(str, words)]
    env = {**os.environ, "XDG_STATE_HOME": str(state)} if state else None
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=check, env=env)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """One demo for all tests: its folder."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    done = failonce("demo", "--out", folder, check=False, state=folder.parent / "state")
    assert done.returncode == 0, done.stderr
    assert "failonce web" in done.stderr
    return folder


@pytest.fixture(scope="module")
def incident(demo):
    return json.loads((demo / "incident.json").read_text())


def test_writes_all_five_outputs(demo):
    names = {"postmortem.md", "postmortem.html", "diagnosis.json", "incident.json", "recording"}
    assert names <= {path.name for path in demo.iterdir()}


def test_its_guard_is_red_on_the_failure_and_green_on_the_fix(demo, tmp_path):
    folder, store = ("--folder", tmp_path / "guards"), ("--store", demo / "failonce.db")
    failonce("guard", "add", demo, *folder)
    proven = failonce("guard", "prove", *folder, *store).stdout
    assert re.search(r"recorded failure\s+red .*1\.5 million rows.*full-scan", proven)
    assert re.search(r"fix\s+green", proven)
    assert re.search(r"action item \S+ is verified", proven)
    assert failonce("guard", "check", *folder).stdout.endswith("fine\n")
    assert failonce("guard", "check", *folder, "--twin", demo / "failure.twin", check=False).returncode == 1


def test_the_incident_is_in_the_book_that_failonce_web_opens(demo, incident):
    with Book.open(demo.parent / "state" / "failonce" / "failonce.db") as book:
        kept = book.incidents.measured(Viewer.machine(), incident["id"])
        assert kept.exhibit.charts
        assert book.postmortems.review(Viewer.machine(), kept.id).version == 1


def test_names_the_chain_the_culprit_and_the_wrong_leads(demo):
    diagnosis = json.loads((demo / "diagnosis.json").read_text())
    assert set(diagnosis) >= KEYS
    assert diagnosis["cause"] == "missing-index"
    assert not diagnosis["abstained"]
    assert [link["id"] for link in diagnosis["chain"]][:3] == ["index-dropped", "missing-index", "full-scan"]
    assert {link["kind"] for link in diagnosis["chain"]} == {"trigger", "cause", "mechanism", "symptom"}
    assert all(link["evidence"] for link in diagnosis["chain"])
    assert diagnosis["culprit"]["relations"][0] == "reviews"
    assert {lead["id"] for lead in diagnosis["ruled_out"]} >= LEADS


def test_proves_and_applies_the_index_and_sees_the_recovery(incident):
    remedy = incident["remedy"]
    assert remedy["kind"] == "create-index"
    assert "CONCURRENTLY" in remedy["sql"]
    assert remedy["proof"]["after"]["cost"] < remedy["proof"]["before"]["cost"] / 10
    instants = [
        incident["diagnosis"]["onset_at"],
        incident["diagnosis"]["detected_at"],
        incident["diagnosis"]["diagnosed_at"],
    ]
    instants += [incident["mitigated_at"], incident["recovered_at"]]
    assert sorted(instants, key=datetime.fromisoformat) == instants
    assert all(datetime.fromisoformat(i).tzinfo for i in instants)


def test_its_postmortem_passes_the_specification(demo):
    failonce("lint", demo / "postmortem.md")


def test_its_page_stands_alone(demo):
    page = (demo / "postmortem.html").read_text()
    assert "<svg" in page
    assert 'src="http' not in page
    assert "<script src" not in page


def test_its_recording_leads_to_the_same_verdict_to_the_byte(demo):
    assert failonce("replay", demo / "recording", "--json").stdout == (demo / "diagnosis.json").read_text()


def test_no_literal_of_a_statement_is_recorded(demo):
    """Recipes are asked for by number and cuisine by name: the recording knows only that there was a value."""
    texts = {query.text for snapshot in read(demo / "recording") for query in snapshot.queries}
    assert len(texts) >= 5
    assert [text for text in texts if re.search(r"'|\b\d+\b", text)] == []


def test_a_second_run_does_not_write_over_the_first(demo):
    assert failonce("demo", "--out", demo, check=False).returncode == 2

"""Importing a folder: everything readable is kept once, and what is not readable stops nothing."""

import json
from pathlib import Path

import pytest

from failonce.app.imports import import_files
from failonce.model.errors import NotFound
from failonce.store.book import Book
from fix_book import ADA, ALL, stamp

OPSGENIE = {"data": {"title": "From Opsgenie", "content": {"type": "doc", "content": []}}}


@pytest.fixture
def book(tmp_path):
    with Book.open(tmp_path / "store" / "failonce.db") as book:
        yield book


@pytest.fixture
def folder(tmp_path) -> Path:
    inside = tmp_path / "docs"
    (inside / "deep").mkdir(parents=True)
    (inside / "a.md").write_text("# Checkout was down\n\n## Issue Summary\n\nFrom 14:00 to 15:00 UTC.\n")
    (inside / "deep" / "b.txt").write_bytes(bytes(range(256)))
    (inside / "c.json").write_text(json.dumps(OPSGENIE))
    (inside / "d.json").write_text("{}")
    (inside / ".hidden.md").write_text("# No\n")
    return inside


def test_a_folder_is_imported_and_what_is_no_postmortem_is_said(folder, book):
    told = {each.path.name: each for each in import_files([folder], book, stamp())}
    assert {name: each.is_new for name, each in told.items()} == {
        "a.md": True,
        "b.txt": True,
        "c.json": True,
        "d.json": False,
    }
    assert told["d.json"].problem
    assert [d.title for d in book.documents.all(ALL)] == ["Checkout was down", "From Opsgenie", told["b.txt"].title]
    assert book.documents.all(ALL)[0].facts["title"] == "Checkout was down"


def test_importing_again_changes_nothing_and_a_changed_file_is_brought_up_to_date(folder, book):
    list(import_files([folder], book, stamp()))
    before = book.documents.all(ALL)
    assert not any(each.is_new for each in import_files([folder], book, stamp(seconds=3600)))
    assert book.documents.all(ALL) == before
    (folder / "a.md").write_text("# Checkout was slow\n")
    assert [each.path.name for each in import_files([folder], book, stamp()) if each.is_new] == ["a.md"]
    assert book.documents.all(ALL)[0].title == "Checkout was slow"


def test_owners_and_dates_of_tasks_come_with_them(tmp_path, book):
    tasks = "- Add an index on reviews. Owner: Ada. Due: 2026-10-01\n- Alert on scans of large tables. Owner: TBD\n"
    (tmp_path / "down.md").write_text(f"# Checkout was down\n\n## Action items\n\n{tasks}")
    list(import_files([tmp_path / "down.md"], book, stamp()))
    found = book.actions.page(ALL).items
    assert [(item.owner, item.due and item.due.isoformat()) for item in found] == [("Ada", "2026-10-01"), (None, None)]


def test_a_path_that_leads_nowhere_is_refused(tmp_path, book):
    with pytest.raises(NotFound):
        list(import_files([tmp_path / "none"], book, stamp()))


WRITTEN = """# Checkout was down

## Issue Summary

From 2024-06-05 14:00 UTC to 2024-06-05 15:30 UTC checkout was down for 80% of users.
Root cause: the connection pool was exhausted by a slow query.

## Timeline

- 14:05 UTC: a monitoring alert showed 500s.
- 15:30 UTC: service restored.

## Root Cause and Resolution

The connection pool was exhausted by a query that scanned a whole table, so that requests waited for a connection.
The query was given an index, which made it fast again, and the pool was emptied by a restart.

## Corrective and Preventative Measures

Tasks:

- Add an alert on connections in use.
- Review every query of checkout in CI.
"""


def test_a_document_becomes_an_incident_with_its_instants_its_cause_and_its_tasks(tmp_path, book):
    path = tmp_path / "checkout.md"
    path.write_text(WRITTEN)
    list(import_files([path], book, stamp()))
    (kept,) = book.incidents.page(ALL).items
    assert kept.id.startswith("2024-06-05-checkout-was-down-")
    assert (kept.origin, kept.state, kept.failure.cause) == ("imported", "resolved", "connection-pool-exhaustion")
    told = [kept.moments.onset_at, kept.moments.detected_at, kept.moments.recovered_at]
    assert [f"{at:%d %H:%M %Z}" for at in told] == ["05 14:00 UTC", "05 14:05 UTC", "05 15:30 UTC"]
    assert (kept.moments.acknowledged_at, kept.opened_at) == (None, kept.moments.onset_at)
    assert [(a.text, a.kind) for a in book.actions.of(ALL, kept.id)] == [
        ("Add an alert on connections in use.", "detect"),
        ("Review every query of checkout in CI.", "prevent"),
    ]
    assert book.postmortems.text(ALL, kept.id).markdown == WRITTEN
    assert [hit.dossier.id for hit in book.search.find(ALL, "connection pool").items] == [kept.id]


def test_what_somebody_wrote_here_is_not_overwritten_by_importing_again(tmp_path, book):
    path = tmp_path / "checkout.md"
    path.write_text(WRITTEN)
    list(import_files([path], book, stamp()))
    (kept,) = book.incidents.page(ALL).items
    book.postmortems.write(kept.id, "# Better", stamp(ADA), based_on=1)
    path.write_text(WRITTEN.replace("80%", "85%"))
    (told,) = import_files([path], book, stamp())
    assert "was written on here since" in told.problem
    assert book.postmortems.text(ALL, kept.id).markdown == "# Better"


def test_a_task_added_to_a_document_is_added_and_the_others_keep_what_became_of_them(tmp_path, book):
    path = tmp_path / "checkout.md"
    path.write_text(WRITTEN)
    list(import_files([path], book, stamp()))
    (kept,) = book.incidents.page(ALL).items
    first = book.actions.of(ALL, kept.id)[0]
    book.actions.change(kept.id, first.id, stamp(ADA), revision=1, owner="Ada")
    path.write_text(WRITTEN + "- Raise the limit of connections to 200.\n")
    assert [each.is_new for each in import_files([path], book, stamp())] == [True]
    after = book.actions.of(ALL, kept.id)
    assert (after[0].owner, len(after), book.postmortems.review(ALL, kept.id).version) == ("Ada", 3, 2)

"""Importing a folder: everything readable is kept once, and what is not readable stops nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from failonce.app.imports import import_files
from failonce.model.errors import NotFound
from failonce.store.book import Book

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
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
    told = {each.path.name: each for each in import_files([folder], book, NOON)}
    assert {name: each.is_new for name, each in told.items()} == {
        "a.md": True,
        "b.txt": True,
        "c.json": True,
        "d.json": False,
    }
    assert told["d.json"].problem
    assert [d.title for d in book.documents()] == ["Checkout was down", "From Opsgenie", told["b.txt"].title]
    assert book.documents()[0].facts["title"] == "Checkout was down"


def test_importing_again_changes_nothing_and_a_changed_file_is_brought_up_to_date(folder, book):
    list(import_files([folder], book, NOON))
    before = book.documents()
    assert not any(each.is_new for each in import_files([folder], book, NOON.replace(hour=13)))
    assert book.documents() == before
    (folder / "a.md").write_text("# Checkout was slow\n")
    assert [each.path.name for each in import_files([folder], book, NOON) if each.is_new] == ["a.md"]
    assert book.documents()[0].title == "Checkout was slow"


def test_a_path_that_leads_nowhere_is_refused(tmp_path, book):
    with pytest.raises(NotFound):
        list(import_files([tmp_path / "none"], book, NOON))


def test_a_store_of_the_layout_before_gets_its_table(tmp_path, folder):
    path = tmp_path / "old.db"
    Book.open(path).close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE documents"))
        connection.execute(text("UPDATE schema_version SET version = 1"))
    engine.dispose()
    with Book.open(path) as book:
        assert [each.problem for each in import_files([folder / "a.md"], book, NOON)] == [""]
        assert len(book.documents()) == 1

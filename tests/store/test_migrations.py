"""A store of any layout that was ever used opens, with all that it held; and migrated is the same as made new."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from failonce.model.dossier import IncidentState
from failonce.store import layout
from failonce.store.book import Book
from failonce.store.tables import metadata
from fix_book import ALL

LAYOUTS = Path(__file__).with_name("layouts")
ID = "2026-09-14-1403-spiceshare"


@pytest.fixture
def old(tmp_path):
    """A store as layout 2 left it, written by the failonce of that time."""
    store = tmp_path / "old.db"
    connection = sqlite3.connect(store)
    connection.executescript((LAYOUTS / "2.sql").read_text())
    connection.close()
    return store


def test_what_an_old_store_held_is_there(old):
    with Book.open(old) as book:
        incident = book.incidents.measured(ALL, ID)
        assert (incident.diagnosis.cause, len(incident.timeline), incident.timeline[0].kind) == (
            "missing-index",
            4,
            "onset",
        )
        kept = book.incidents.dossier(ALL, ID)
        assert (kept.state, kept.failure.relations) == (IncidentState.RESOLVED, ("reviews",))
        assert book.incidents.page(ALL).total == 2
        assert [v.version for v in book.postmortems.versions(ALL, ID)] == [2, 1]
        assert book.postmortems.text(ALL, ID).markdown.endswith("Second.")
        assert [a.id for a in book.actions.of(ALL, ID)] == [f"{ID}-A1", f"{ID}-A2"]
        assert [d.title for d in book.documents.all(ALL)] == ["Checkout was down"]
        assert [r.release for r in book.releases.since("spiceshare", incident.diagnosis.onset_at)] == ["v41"]


def test_a_migrated_store_is_searched_counted_and_verified_like_any_other(old):
    with Book.open(old) as book:
        assert {hit.dossier.title for hit in book.search.find(ALL, "connection pool").items} == {"Checkout was down"}
        assert [hit.dossier.id for hit in book.search.find(ALL, "reviews second").items] == [ID]
        (recover,) = [f for f in book.insights.read(ALL).figures if f.id == "recover"]
        assert [(p.incident_id, p.seconds) for p in recover.points] == [(ID, 21.0)]
        assert book.verify().broken == ()


def test_a_migrated_store_opens_again_without_another_step(old):
    Book.open(old).close()
    before = old.read_bytes()
    Book.open(old).close()
    assert old.read_bytes() == before


def test_layout_1_had_no_documents(old):
    connection = sqlite3.connect(old)
    connection.executescript("DROP TABLE documents; UPDATE schema_version SET version = 1;")
    connection.close()
    with Book.open(old) as book:
        assert book.incidents.page(ALL).total == 1


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    if request.param == "sqlite":
        return create_engine(f"sqlite:///{tmp_path}/new.db")
    return create_engine(request.getfixturevalue("database_url"))


def test_the_steps_lead_to_the_tables_that_a_new_store_gets(empty):
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE schema_version (version INTEGER)"))
        connection.execute(text("INSERT INTO schema_version VALUES (2)"))
    layout.bring_up(empty)
    with empty.connect() as connection:
        assert inspect(connection).has_table("texts")
        assert differences(connection) == []
    empty.dispose()


def differences(connection):
    """What the migrated tables lack or have too many of, the search index and Alembic's own table aside."""
    found = compare_metadata(MigrationContext.configure(connection), metadata)
    return [change for change in found if not is_beside(change)]


def is_beside(change):
    kind, thing = change[0], change[1]
    if kind in ("remove_table", "remove_index"):
        return thing.name.startswith(("words", "alembic", "texts_words"))
    return kind == "remove_column" and change[3].name == "words"

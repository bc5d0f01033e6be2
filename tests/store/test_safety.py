"""The store under what production does to it: two writers, kill -9, a full disk, a newer failonce."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from failonce.model.errors import CannotLook, UsageError
from failonce.store.book import Book
from fix_book import ALL, INCIDENT, stamp

HERE = Path(__file__).parent


def start(script: str, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, HERE / script, *map(str, words)]
    environment = {"PYTHONPATH": str(HERE.parent)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def pragma(store: Path, name: str) -> object:
    connection = sqlite3.connect(store)
    try:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        connection.close()


def holds(book: Book, told: list[str]) -> None:
    """Every acknowledged write is there, and every hash is right."""
    kept = {row.id for row in pages(book)}
    assert kept >= {*told, "shared"}
    assert {t.entry.text for t in book.timeline.of(ALL, "shared")} >= set(told)
    versions = book.postmortems.versions(ALL, "shared")
    assert {book.postmortems.text(ALL, "shared", v.version).markdown for v in versions} >= set(told)
    assert book.verify().broken == ()


def pages(book: Book):
    after = None
    while True:
        page = book.incidents.page(ALL, after=after, limit=500)
        yield from page.items
        after = page.next
        if after is None:
            return


def test_processes_that_open_and_write_a_book_at_once_lose_nothing(book_url):
    writers = [start("writer.py", book_url, prefix, 20) for prefix in "ab"]
    told = [line for writer in writers for line in writer.communicate()[0].split()]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(told) == 40
    with Book.open(book_url) as book:
        holds(book, told)
        assert book.incidents.count(ALL) == 41
        assert book.postmortems.review(ALL, "shared").version == 40


@pytest.mark.acceptance
def test_a_hundred_kills_in_the_middle_of_writing_lose_no_acknowledged_write(book_url):
    # A client of PostgreSQL leaves nothing half written behind: there fewer kills show it, and each takes longer.
    kills = 30 if "://" in book_url else 100
    killer = start("writer.py", book_url, "kill", kills)
    told = killer.communicate()[0].split()
    assert killer.returncode == 0
    assert len(told) >= kills
    if "://" not in book_url:
        assert pragma(Path(book_url), "integrity_check") == "ok"
    with Book.open(book_url) as book:
        holds(book, told)


def test_a_reader_does_not_wait_for_a_writer(tmp_path):
    store = tmp_path / "failonce.db"
    with Book.open(store) as book:
        book.incidents.save(INCIDENT, stamp())
        writer = sqlite3.connect(store, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        assert book.incidents.measured(ALL, INCIDENT.id) == INCIDENT
        writer.close()
    assert pragma(store, "journal_mode") == "wal"


# Each refusal names the store, the reason and a next step, and loses nothing.


@pytest.fixture
def small_disk():
    """SQLite believes the disk has room for this many pages only, and refuses as it does on a full disk."""

    def limit(connection, _record):
        connection.execute("PRAGMA max_page_count = 120")

    event.listen(Engine, "connect", limit)
    yield
    event.remove(Engine, "connect", limit)


def test_a_full_disk_is_said_and_what_was_saved_stays(tmp_path, small_disk):
    store = tmp_path / "failonce.db"
    with Book.open(store) as book:
        book.incidents.save(INCIDENT, stamp())
        with pytest.raises(CannotLook, match=r"failonce\.db cannot be used: database or disk is full") as refused:
            book.postmortems.write(INCIDENT.id, "x" * 1_000_000, stamp())
        assert "Free space" in refused.value.hint
        assert book.incidents.measured(ALL, INCIDENT.id) == INCIDENT


@pytest.mark.parametrize("place", ["/proc/failonce.db", "/proc/folder/failonce.db", "/dev/null/failonce.db"])
def test_a_folder_that_cannot_be_written_is_said(place):
    with pytest.raises(CannotLook, match=f"{place} cannot be used") as refused:
        Book.open(place)
    assert "[store] url" in refused.value.hint


def test_a_store_that_may_only_be_read_is_read_and_says_so_when_written(tmp_path):
    store = tmp_path / "failonce.db"
    with Book.open(store) as book:
        book.incidents.save(INCIDENT, stamp())
    with Book.open(f"sqlite:///file:{store}?mode=ro&uri=true") as book:
        assert book.incidents.measured(ALL, INCIDENT.id) == INCIDENT
        with pytest.raises(CannotLook, match="readonly") as refused:
            book.postmortems.write(INCIDENT.id, "# Lost", stamp())
    assert "writable" in refused.value.hint


def test_a_file_that_is_something_else_is_left_alone(tmp_path):
    novel = tmp_path / "novel.txt"
    novel.write_text("It was a dark and stormy night. " * 100)
    with pytest.raises(CannotLook, match="not a database"):
        Book.open(novel)
    assert novel.read_text().startswith("It was a dark")


def test_a_store_of_a_newer_failonce_is_refused(tmp_path):
    store = tmp_path / "failonce.db"
    Book.open(store).close()
    connection = sqlite3.connect(store)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(UsageError, match=r"layout 9999; this failonce knows layouts up to 0") as refused:
        Book.open(store)
    assert "pip install --upgrade failonce" in refused.value.hint


@pytest.mark.parametrize("url", ["mysql://ada:secret@db/incidents", "nonsense://x", "://"])
def test_a_url_that_is_no_place_for_a_store_is_refused_without_its_password(url):
    with pytest.raises(UsageError) as refused:
        Book.open(url)
    assert "sqlite:///" in refused.value.hint
    assert "secret" not in str(refused.value) + refused.value.hint


@pytest.mark.parametrize("url", ["postgresql://ada:secret@127.0.0.1:1/incidents", "postgresql://ada:secret@/x?host=/"])
def test_a_server_that_cannot_be_reached_is_said_without_the_password(url):
    with pytest.raises(CannotLook, match="cannot be used") as refused:
        Book.open(url)
    assert "[store] url" in refused.value.hint
    assert "secret" not in str(refused.value) + refused.value.hint

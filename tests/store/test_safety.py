"""The store under what production does to it: two writers, kill -9, a full disk, a newer failonce."""

import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from failonce.model.errors import CannotLook, UsageError
from failonce.store.book import Book
from fix_incident import missing_index_incident

WRITER = Path(__file__).with_name("writer.py")
INCIDENT = missing_index_incident()


def start_writer(store: Path, prefix: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, WRITER, store, prefix, str(count)]
    environment = {"PYTHONPATH": str(WRITER.parents[1])}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def pragma(store: Path, name: str) -> object:
    connection = sqlite3.connect(store)
    try:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        connection.close()


def test_processes_that_open_and_write_a_new_store_at_once_lose_nothing(tmp_path):
    store = tmp_path / "failonce.db"
    writers = [start_writer(store, prefix, 20) for prefix in "ab"]
    told = [line for writer in writers for line in writer.communicate()[0].split()]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(told) == 40
    with Book.open(store) as book:
        assert {i.id for i in book.incidents()} == {*told, "shared"}
        assert {e.text for e in book.incident("shared").timeline} == set(told)
        assert {book.postmortem("shared", version) for version in range(1, 41)} == set(told)


@pytest.mark.acceptance
def test_ten_kills_in_the_middle_of_writing_lose_no_acknowledged_write(tmp_path):
    store = tmp_path / "failonce.db"
    chance = random.Random(7)
    writers = [start_writer(store, f"w{number}", 1_000_000) for number in range(10)]
    told = []
    for writer in writers:
        with writer, writer.stdout as said:
            told += [next(said).strip() for _ in range(chance.randint(1, 15))]
            writer.kill()
            # Acknowledged between our last look and the kill.
            told += said.read().split()
        assert writer.returncode == -signal.SIGKILL
    assert pragma(store, "integrity_check") == "ok"
    with Book.open(store) as book:
        assert {i.id for i in book.incidents()} >= {*told, "shared"}
        assert {e.text for e in book.incident("shared").timeline} >= set(told)


def test_a_reader_does_not_wait_for_a_writer(tmp_path):
    store = tmp_path / "failonce.db"
    with Book.open(store) as book:
        book.save_incident(INCIDENT)
        writer = sqlite3.connect(store, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        assert book.incident(INCIDENT.id) == INCIDENT
        writer.close()
    assert pragma(store, "journal_mode") == "wal"


# Each refusal names the store, the reason and a next step, and loses nothing.


@pytest.fixture
def small_disk():
    """SQLite believes the disk has room for this many pages only, and refuses as it does on a full disk."""

    def limit(connection, _record):
        connection.execute("PRAGMA max_page_count = 60")

    event.listen(Engine, "connect", limit)
    yield
    event.remove(Engine, "connect", limit)


def test_a_full_disk_is_said_and_what_was_saved_stays(tmp_path, small_disk):
    store = tmp_path / "failonce.db"
    with Book.open(store) as book:
        book.save_incident(INCIDENT)
        with pytest.raises(CannotLook, match=r"failonce\.db cannot be used: database or disk is full") as refused:
            book.save_postmortem(INCIDENT.id, "x" * 1_000_000, INCIDENT.diagnosis.onset_at)
        assert "Free space" in refused.value.hint
        assert book.incidents() == (INCIDENT,)


@pytest.mark.parametrize("place", ["/proc/failonce.db", "/proc/folder/failonce.db", "/dev/null/failonce.db"])
def test_a_folder_that_cannot_be_written_is_said(place):
    with pytest.raises(CannotLook, match=f"{place} cannot be used") as refused:
        Book.open(place)
    assert "[store] url" in refused.value.hint


def test_a_store_that_may_only_be_read_is_read_and_says_so_when_written(tmp_path):
    store = tmp_path / "failonce.db"
    with Book.open(store) as book:
        book.save_incident(INCIDENT)
    with Book.open(f"sqlite:///file:{store}?mode=ro&uri=true") as book:
        assert book.incidents() == (INCIDENT,)
        with pytest.raises(CannotLook, match="readonly") as refused:
            book.save_postmortem(INCIDENT.id, "# Lost", INCIDENT.diagnosis.onset_at)
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
    connection.execute("UPDATE schema_version SET version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(UsageError, match=r"layout 99; this failonce knows layouts up to 2\.") as refused:
        Book.open(store)
    assert "pip install --upgrade failonce" in refused.value.hint


@pytest.mark.parametrize("url", ["postgresql://ada:secret@db/incidents", "nonsense://x", "://"])
def test_a_url_that_is_no_place_for_a_store_is_refused_without_its_password(url):
    with pytest.raises(UsageError) as refused:
        Book.open(url)
    assert "sqlite:///" in refused.value.hint
    assert "secret" not in str(refused.value) + refused.value.hint

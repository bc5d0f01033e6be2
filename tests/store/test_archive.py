"""Backup and restore: all of the book, between both databases, whole or not at all."""

import stat
import zipfile
from pathlib import Path

import pytest

from failonce.model.action import ActionItem, ActionKind, Proof
from failonce.model.document import ImportedDocument
from failonce.model.errors import CannotLook, UsageError
from failonce.model.parcel import Parcel
from failonce.model.snapshot import ReleaseEvent
from failonce.store.book import Book
from fix_book import ADA, ALL, INCIDENT, dossier, later, missing_index, note, stamp
from fix_postgres import url_of

LAYOUTS = Path(__file__).with_name("layouts")


def fill(book):
    """One of everything."""
    book.incidents.save(INCIDENT, stamp())
    book.incidents.declare(dossier("i1", failure=missing_index(), services=("checkout",), labels=("ü",)), stamp())
    book.timeline.add("i1", note(0, "first"), stamp(ADA))
    book.timeline.correct("i1", 1, note(1, "zebra"), stamp(ADA))
    book.postmortems.write("i1", "# One «ü»", stamp(ADA))
    book.postmortems.sign("i1", 1, stamp(ADA))
    book.actions.save([ActionItem("a1", "i1", "Review", ActionKind.PREVENT, due=later(0).date())], stamp())
    book.actions.prove("i1", "a1", Proof("guard", later(0), "red", "green"), stamp())
    document = ImportedDocument("/a.md", "A", "# A", {"title": "A"}, later(0), "0" * 64)
    book.documents.save(Parcel(dossier("d1"), markdown="# A", document=document), stamp())
    book.recurrences.judge("i1", "d1", stamp(ADA), is_same=False, reason="no")
    book.releases.announce("shop", ReleaseEvent("v42", later(0), "announced"))
    book.accounts.redeem(book.accounts.first_link(later(0)), "root", "correct horse battery", later(0))


def told(book):
    """All that can be read of a book."""
    ids = [d.id for d in book.incidents.page(ALL).items]
    return {
        "incidents": book.incidents.page(ALL),
        "measured": [book.incidents.measured(ALL, name) for name in ids],
        "timelines": [book.timeline.of(ALL, name) for name in ids],
        "postmortems": book.postmortems.page(ALL),
        "actions": book.actions.page(ALL),
        "documents": book.documents.all(ALL),
        "recurrences": [book.recurrences.of(ALL, name) for name in ids],
        "releases": book.releases.since("shop", later(0)),
        "insights": book.insights.read(ALL),
        "accounts": book.accounts.all(ALL),
        "search": [hit.dossier.id for hit in book.search.find(ALL, "zebra").items],
        "audit": book.audit.page(ALL).items,
        "verified": book.verify(),
    }


@pytest.fixture(params=["sqlite", "postgresql"])
def other_url(request, tmp_path):
    """Where to restore to: the same kind of database, or the other one."""
    if request.param == "sqlite":
        return str(tmp_path / "restored.db")
    return url_of(request.getfixturevalue("database"))


def test_all_of_it_comes_back_from_either_database_to_the_other(book, other_url, tmp_path):
    fill(book)
    before = told(book)
    manifest = book.back_up(tmp_path / "book.zip")
    assert manifest.rows["incidents"] == 3
    with Book.open(other_url) as other:
        other.restore(tmp_path / "book.zip")
        assert told(other) == before
        assert before["verified"].broken == ()
        # And it goes on from there.
        other.incidents.declare(dossier("i9", title="A new zebra"), stamp())
        assert other.search.find(ALL, "zebra").total == 2
        assert other.verify().broken == ()
        assert other.accounts.log_in("root", "correct horse battery", "here", later(9)).name == "root"


def test_a_backup_of_an_earlier_layout_comes_back_in_this_one(other_url):
    with Book.open(other_url) as other:
        manifest = other.restore(LAYOUTS / "0002.zip")
        assert (manifest.revision, manifest.rows["incidents"]) == ("0002", 3)
        found = told(other)
        assert found["verified"].broken == ()
        assert found["search"] == ["i1"]
        assert {item.id: item.added_at for item in found["actions"].items} == {"a1": later(0), "a2": later(90)}
        assert other.accounts.log_in("root", "correct horse battery", "here", later(9)).name == "root"
        other.incidents.declare(dossier("i9", title="A new zebra"), stamp())
        assert other.search.find(ALL, "zebra").total == 2


def test_a_backup_of_a_layout_to_come_is_refused_and_says_what_to_do(tmp_path):
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(LAYOUTS / "0002.zip") as source, zipfile.ZipFile(newer, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'"0002"', b'"9999"'))
    with Book.open(tmp_path / "new.db") as new:
        with pytest.raises(UsageError, match="layout 9999") as refused:
            new.restore(newer)
        assert "pip install --upgrade" in refused.value.hint
        assert new.incidents.count(ALL) == 0


def test_a_backup_is_read_by_its_owner_alone_and_leaves_nothing_beside(book, tmp_path):
    path = tmp_path / "folder" / "book.zip"
    path.parent.mkdir()
    book.back_up(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["book.zip"]


def test_a_store_that_is_not_empty_is_left_as_it_is(book, tmp_path):
    fill(book)
    book.back_up(tmp_path / "book.zip")
    before = told(book)
    with pytest.raises(UsageError, match="not empty") as refused:
        book.restore(tmp_path / "book.zip")
    assert "--store NEW_FILE" in refused.value.hint
    assert told(book) == before


def test_a_file_that_is_no_backup_or_half_of_one_fills_nothing(book, tmp_path):
    fill(book)
    whole = tmp_path / "book.zip"
    book.back_up(whole)
    half, text = tmp_path / "half.zip", tmp_path / "novel.txt"
    half.write_bytes(whole.read_bytes()[:-2000])
    text.write_text("It was a dark and stormy night.")
    lacking = tmp_path / "lacking.zip"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(lacking, "w") as target:
        for name in source.namelist():
            if name != "audit_entries.jsonl":
                target.writestr(name, source.read(name))
    with Book.open(tmp_path / "new.db") as new:
        for path in (half, text, lacking, tmp_path / "nowhere.zip"):
            with pytest.raises(CannotLook, match=r"cannot be read"):
                new.restore(path)
        assert new.incidents.count(ALL) == 0
        new.restore(whole)


def test_a_folder_that_cannot_be_written_is_said(book):
    with pytest.raises(CannotLook, match="cannot be written"):
        book.back_up(Path("/proc/book.zip"))

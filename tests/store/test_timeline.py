"""Timelines: two clocks, only ever longer, corrected by what supersedes, and chained so that a change is seen."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from failonce.model.errors import NotFound, UsageError
from fix_book import ADA, ALL, BOB, dossier, incident, note, stamp


@pytest.fixture
def told(book):
    """A book with an incident of three entries, the last two told by people."""
    book.incidents.declare(dossier("i1"), stamp())
    book.timeline.add("i1", note(0, "twelve requests failed"), stamp())
    book.timeline.add("i1", note(60, "paged the team"), stamp(ADA))
    book.timeline.add("i1", note(-30, "release v42, told later", recorded_after_s=600), stamp(BOB))
    return book


def texts(book):
    return [t.entry.text for t in book.timeline.of(ALL, "i1")]


def test_an_entry_told_late_takes_its_place_in_time_and_keeps_both_clocks(told):
    first = told.timeline.of(ALL, "i1")[0]
    assert first.entry == note(-30, "release v42, told later", recorded_after_s=600)
    assert (first.number, first.author) == (3, "bob")
    assert texts(told) == ["release v42, told later", "twelve requests failed", "paged the team"]


def test_telling_the_same_twice_keeps_it_once(told):
    again = told.timeline.add("i1", note(60, "paged the team"), stamp(BOB))
    assert (again.number, again.author, len(texts(told))) == (2, "ada", 3)


def test_a_correction_stands_beside_what_it_corrects(told):
    new = told.timeline.correct("i1", 1, note(0, "twenty requests failed"), stamp(ADA))
    kept = {t.number: t for t in told.timeline.of(ALL, "i1")}
    assert (new.number, new.supersedes, kept[1].superseded_by) == (4, 1, 4)
    assert kept[1].entry.text == "twelve requests failed"


def test_a_correction_may_say_the_same_text_at_another_time(told):
    told.timeline.correct("i1", 2, note(90, "paged the team"), stamp(ADA))
    current = [t.entry for t in told.timeline.of(ALL, "i1") if t.superseded_by is None]
    assert note(90, "paged the team") in current
    assert note(60, "paged the team") not in current


def test_what_is_measured_is_told_without_what_was_superseded(book):
    book.incidents.save(incident("i1"), stamp())
    number = book.timeline.of(ALL, "i1")[0].number
    book.timeline.correct("i1", number, note(0, "It began earlier."), stamp(ADA))
    told = [e.text for e in book.incidents.measured(ALL, "i1").timeline]
    assert "It began earlier." in told
    assert len(told) == len(incident("i1").timeline)
    # failonce saves the same again: what a person corrected stays corrected.
    book.incidents.save(incident("i1"), stamp())
    assert [e.text for e in book.incidents.measured(ALL, "i1").timeline] == told


@pytest.mark.parametrize(("number", "said"), [(9, "no timeline entry 9"), (1, "superseded already")])
def test_a_correction_of_what_does_not_stand_is_refused(told, number, said):
    told.timeline.correct("i1", 1, note(0, "twenty requests failed"), stamp(ADA))
    with pytest.raises(NotFound, match=said):
        told.timeline.correct("i1", number, note(0, "thirty"), stamp(ADA))


# What somebody changes behind the book's back is seen.


def test_a_book_that_nobody_touched_is_whole(told):
    told.postmortems.write("i1", "# One", stamp(ADA))
    found = told.verify()
    assert (found.broken, found.incidents, found.entries, found.versions) == ((), 1, 3, 1)
    assert found.anchor.startswith(f"{found.audited}:")
    assert told.verify(found.anchor).broken == ()


@pytest.mark.parametrize(
    ("tampering", "places"),
    [
        ("UPDATE timeline_entries SET text = 'two requests failed' WHERE number = 1", ["timeline of i1, entry 1"]),
        ("UPDATE timeline_entries SET happened_at = recorded_at WHERE number = 3", ["timeline of i1, entry 3"]),
        ("UPDATE timeline_entries SET author = 'eve' WHERE number = 2", ["timeline of i1, entry 2"]),
        ("DELETE FROM timeline_entries WHERE number = 3", ["timeline of i1, entry 3"]),
        (
            "DELETE FROM timeline_entries WHERE number = 1",
            ["timeline of i1, entry 2", "timeline of i1, entry 1"],
        ),
        ("UPDATE postmortem_versions SET markdown = '# Two'", ["postmortem of i1, version 1"]),
        ("DELETE FROM postmortem_versions", ["postmortem of i1, version 1"]),
        ("UPDATE audit_entries SET \"by\" = 'eve' WHERE number = 2", ["audit entry 2"]),
        ("DELETE FROM audit_entries WHERE number = 1", ["audit entry 1"]),
    ],
)
def test_a_change_behind_its_back_is_seen_where_it_is(told, tampering, places):
    told.postmortems.write("i1", "# One", stamp(ADA))
    with told._transactions.writing() as connection:
        connection.execute(text(tampering))
    assert [broken.place for broken in told.verify().broken] == places


def test_a_log_cut_short_is_seen_by_an_anchor_kept_elsewhere(told):
    anchor = told.verify().anchor
    with told._transactions.writing() as connection:
        connection.execute(text("DELETE FROM audit_entries WHERE number = 4"))
        connection.execute(text("DELETE FROM timeline_entries WHERE number = 3"))
    assert told.verify().broken == ()
    assert [b.place for b in told.verify(anchor).broken] == ["audit entry 4"]


def test_a_log_written_anew_is_seen_by_an_anchor_kept_elsewhere(told):
    anchor = told.verify().anchor
    number, _, hash_ = anchor.partition(":")
    assert [b.reason for b in told.verify(f"{number}:{hash_[::-1]}").broken] == [
        "its hash is not the one that was kept elsewhere"
    ]
    with pytest.raises(UsageError, match="no anchor"):
        told.verify("yesterday")


def test_a_book_put_in_at_once_verifies_like_one_written_step_by_step(book):
    from failonce.model.parcel import Parcel

    one = Parcel(dossier("i1"), (note(0, "a"), note(1, "b")), "# One")
    assert book.put_all([one, replace(one, dossier=dossier("i2"))], stamp()) == 2
    book.timeline.add("i1", note(2, "c"), stamp(ADA))
    found = book.verify()
    assert (found.broken, found.entries, found.versions) == ((), 5, 2)

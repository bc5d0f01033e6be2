"""The book of incidents on SQLite: what was saved is what is read, and nothing told is ever taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failonce.model.action import ActionItem, ActionKind, ActionState
from failonce.model.diagnosis import Culprit, Diagnosis, Evidence, Link, LinkKind, Pointer, RuledOut
from failonce.model.errors import NotFound
from failonce.model.incident import EntryKind, Impact, Incident, TimelineEntry
from failonce.model.remedy import PlanProof, PlanSummary, Remedy
from failonce.model.signal import Signal
from failonce.model.snapshot import Gap, ReleaseEvent
from failonce.store.book import Book
from fix_incident import missing_index_incident

NOON = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
INCIDENT = missing_index_incident()


@pytest.fixture
def book(tmp_path):
    with Book.open(tmp_path / "failonce.db") as book:
        yield book


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def entry(seconds: float, text: str, *, recorded_after_s: float = 0) -> TimelineEntry:
    return TimelineEntry(later(seconds), later(seconds + recorded_after_s), EntryKind.NOTE, text)


# Any incident a program can build comes back as it was.

TEXT = st.text(max_size=20)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
INSTANT = st.datetimes(
    min_value=NOON.replace(year=2000, tzinfo=None),
    max_value=NOON.replace(year=2100, tzinfo=None),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)


def some(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


def maybe(strategy):
    return st.none() | strategy


POINTERS = st.builds(Pointer, TEXT, INSTANT, INSTANT, maybe(TEXT))
VALUES = maybe(NUMBER | TEXT)
EVIDENCE = st.builds(Evidence, TEXT, VALUES, VALUES, TEXT, POINTERS, st.booleans())
LINKS = st.builds(Link, st.sampled_from(LinkKind), TEXT, TEXT, some(EVIDENCE))
LEADS = st.builds(RuledOut, TEXT, TEXT, some(EVIDENCE))
GAPS = st.builds(Gap, TEXT, TEXT, TEXT, TEXT)
CULPRITS = st.builds(Culprit, maybe(TEXT), maybe(TEXT), some(TEXT), maybe(TEXT), some(st.integers(0, 2**31)))
DIAGNOSES = st.builds(
    Diagnosis,
    chain=some(LINKS),
    cause=maybe(TEXT),
    confidence=NUMBER,
    abstained=st.booleans(),
    culprit=maybe(CULPRITS),
    ruled_out=some(LEADS),
    open_leads=some(LEADS),
    gaps=some(GAPS),
    onset_at=INSTANT,
    detected_at=INSTANT,
    diagnosed_at=maybe(INSTANT),
)
PLANS = st.builds(PlanSummary, NUMBER, TEXT, TEXT)
PROOFS = st.builds(PlanProof, PLANS, PLANS, TEXT)
REMEDIES = st.builds(Remedy, TEXT, TEXT, maybe(TEXT), maybe(TEXT), maybe(PROOFS), applied_at=maybe(INSTANT))
IMPACTS = st.builds(Impact, st.integers(0, 2**40), st.integers(0), st.integers(0), NUMBER, maybe(NUMBER), maybe(NUMBER))
SIGNALS = st.builds(Signal, TEXT, INSTANT, NUMBER, maybe(NUMBER), TEXT, TEXT)
ENTRIES = st.builds(TimelineEntry, INSTANT, INSTANT, st.sampled_from(EntryKind), TEXT)
TIMELINES = st.lists(ENTRIES, max_size=4, unique=True).map(
    lambda entries: tuple(sorted(entries, key=lambda e: (e.happened_at, e.recorded_at)))
)
INCIDENTS = st.builds(
    Incident,
    id=st.text("abc0123-", min_size=1, max_size=12),
    target=TEXT,
    title=TEXT,
    signals=some(SIGNALS),
    diagnosis=DIAGNOSES,
    remedy=maybe(REMEDIES),
    impact=maybe(IMPACTS),
    timeline=TIMELINES,
    mitigated_at=maybe(INSTANT),
    recovered_at=maybe(INSTANT),
)


@given(INCIDENTS)
@settings(max_examples=25, deadline=None)
def test_any_incident_comes_back_as_it_was(tmp_path_factory, incident):
    with Book.open(tmp_path_factory.mktemp("book") / "failonce.db") as book:
        book.save_incident(incident)
        assert book.incident(incident.id) == incident
        assert book.incidents() == (incident,)


def test_a_whole_outage_comes_back_from_another_opening(tmp_path):
    with Book.open(tmp_path / "new" / "folder" / "failonce.db") as book:
        book.save_incident(INCIDENT)
    with Book.open(f"sqlite:///{tmp_path}/new/folder/failonce.db") as book:
        assert book.incident(INCIDENT.id) == INCIDENT


@pytest.mark.parametrize("field", ["value", "baseline"])
@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_a_number_that_json_cannot_hold_is_refused_and_nothing_kept(book, field, number):
    signal = replace(INCIDENT.signals[0], **{field: number})
    with pytest.raises(ValueError, match=r"would not be read back|Expected `float`, got `null`"):
        book.save_incident(replace(INCIDENT, signals=(signal,)))
    assert book.incidents() == ()


# Incidents and their timelines


def test_saving_again_updates_the_incident_and_only_adds_to_its_timeline(book):
    first = replace(INCIDENT, recovered_at=None, timeline=(entry(0, "onset"), entry(5, "detected")))
    book.save_incident(first)
    book.save_incident(replace(first, title="new title", recovered_at=later(60), timeline=(entry(60, "recovered"),)))
    kept = book.incident(first.id)
    assert (kept.title, kept.recovered_at) == ("new title", later(60))
    assert [e.text for e in kept.timeline] == ["onset", "detected", "recovered"]


def test_an_entry_told_late_takes_its_place_in_time_and_keeps_both_clocks(book):
    release = entry(-30, "release v42, told later", recorded_after_s=600)
    book.save_incident(replace(INCIDENT, timeline=(entry(0, "onset"),)))
    book.save_incident(replace(INCIDENT, timeline=(entry(0, "onset"), release)))
    assert book.incident(INCIDENT.id).timeline == (release, entry(0, "onset"))


def test_a_correction_stands_beside_what_it_corrects(book):
    book.save_incident(replace(INCIDENT, timeline=(entry(0, "twelve requests failed"),)))
    book.save_incident(replace(INCIDENT, timeline=(entry(0, "twenty requests failed", recorded_after_s=9),)))
    assert [e.text for e in book.incident(INCIDENT.id).timeline] == ["twelve requests failed", "twenty requests failed"]


def test_incidents_come_newest_first_and_by_target(book):
    for number, target in enumerate(["shop", "blog", "shop"]):
        diagnosis = replace(INCIDENT.diagnosis, onset_at=later(number))
        book.save_incident(replace(INCIDENT, id=f"i{number}", target=target, diagnosis=diagnosis))
    assert [i.id for i in book.incidents()] == ["i2", "i1", "i0"]
    assert [i.id for i in book.incidents(target="shop")] == ["i2", "i0"]
    assert book.incidents(target="nobody's") == ()


def test_an_unknown_incident_is_refused_naming_those_that_exist(book):
    with pytest.raises(NotFound, match="no incident i9") as refused:
        book.incident("i9")
    assert "none yet" in refused.value.hint
    book.save_incident(INCIDENT)
    with pytest.raises(NotFound) as refused:
        book.incident("i9")
    assert INCIDENT.id in refused.value.hint


# Postmortems


def test_every_version_of_a_postmortem_is_kept(book):
    book.save_incident(INCIDENT)
    assert book.save_postmortem(INCIDENT.id, "# First", NOON) == 1
    assert book.save_postmortem(INCIDENT.id, "# Second – «ü»", later(60)) == 2
    assert book.postmortem(INCIDENT.id) == "# Second – «ü»"
    assert book.postmortem(INCIDENT.id, version=1) == "# First"


def test_a_postmortem_that_is_not_there_is_refused_with_what_is(book):
    book.save_incident(INCIDENT)
    with pytest.raises(NotFound, match="no postmortem yet"):
        book.postmortem(INCIDENT.id)
    book.save_postmortem(INCIDENT.id, "# First", NOON)
    with pytest.raises(NotFound, match="version 7") as refused:
        book.postmortem(INCIDENT.id, version=7)
    assert "Versions kept: 1" in refused.value.hint
    with pytest.raises(NotFound, match="no incident nowhere"):
        book.save_postmortem("nowhere", "# Lost", NOON)


# Action items


def test_action_items_are_updated_in_place_and_asked_for_by_incident(book):
    other = replace(INCIDENT, id="other")
    book.save_incident(INCIDENT)
    book.save_incident(other)
    alert = ActionItem("a1", INCIDENT.id, "Alert on sequential scans", ActionKind.DETECT, due=date(2026, 10, 1))
    review = ActionItem("a1", other.id, "Review queries", ActionKind.PREVENT, owner="Ada")
    book.save_actions([review, alert])
    done = replace(alert, state=ActionState.IMPLEMENTED)
    book.save_actions([done])
    assert book.actions(INCIDENT.id) == (done,)
    assert set(book.actions()) == {done, review}


def test_action_items_of_an_unknown_incident_are_refused_all_together(book):
    book.save_incident(INCIDENT)
    good = ActionItem("a1", INCIDENT.id, "Alert", ActionKind.DETECT)
    with pytest.raises(NotFound):
        book.save_actions([good, replace(good, incident_id="nowhere")])
    assert book.actions() == ()


# Releases


def test_releases_are_told_since_an_instant_oldest_first_and_once(book):
    v41, v42 = ReleaseEvent("v41", later(-60), "samples"), ReleaseEvent("v42", NOON, "announced")
    for event in (v42, v41, v42):
        book.announce_release("shop", event)
    book.announce_release("blog", v42)
    assert book.releases_since("shop", later(-3600)) == (v41, v42)
    assert book.releases_since("shop", NOON) == (v42,)


def test_an_instant_in_another_zone_is_the_same_instant(book):
    book.announce_release("shop", ReleaseEvent("v42", NOON, "announced"))
    assert book.releases_since("shop", NOON.astimezone(timezone(timedelta(hours=-7)))) != ()
    with pytest.raises(Exception, match="without a zone"):
        book.releases_since("shop", NOON.replace(tzinfo=None))

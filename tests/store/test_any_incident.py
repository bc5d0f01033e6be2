"""Any incident a program can build comes back from the store as it was."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failonce.model.diagnosis import Culprit, Diagnosis, Evidence, Link, LinkKind, Pointer, RuledOut
from failonce.model.incident import EntryKind, Impact, Incident, TimelineEntry
from failonce.model.remedy import PlanProof, PlanSummary, Remedy
from failonce.model.signal import Signal
from failonce.model.snapshot import Gap
from fix_book import ALL, NOON, stamp

SAVED = count()
# PostgreSQL keeps no NUL in a text.
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
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


@given(incident=INCIDENTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_incident_comes_back_as_it_was(book, incident):
    incident = replace(incident, id=f"{incident.id}-{next(SAVED)}")
    book.incidents.save(incident, stamp())
    assert book.incidents.measured(ALL, incident.id) == incident
    assert book.incidents.dossier(ALL, incident.id).opened_at == incident.diagnosis.onset_at

"""Incidents of the book, on SQLite and PostgreSQL: what was saved is what is read, and what people said stands."""

from dataclasses import replace

import pytest

from failonce.model.dossier import IncidentFilter, IncidentState, Origin, Severity
from failonce.model.errors import Conflict, NotAllowed, NotFound, UsageError
from failonce.model.insight import Tally
from failonce.store.book import Book
from fix_book import ADA, ALL, BOB, EVE, INCIDENT, NOON, dossier, incident, later, missing_index, note, stamp


def ids(page):
    return [item.id for item in page.items]


def test_a_whole_outage_comes_back_from_another_opening(book_url):
    with Book.open(book_url) as book:
        book.incidents.save(INCIDENT, stamp())
    with Book.open(book_url) as book:
        assert book.incidents.measured(ALL, INCIDENT.id) == INCIDENT
        kept = book.incidents.dossier(ALL, INCIDENT.id)
    assert (kept.origin, kept.state, kept.target) == (Origin.WATCHED, IncidentState.RESOLVED, INCIDENT.target)
    assert kept.failure.cause == "missing-index"
    assert kept.moments.recovered_at == INCIDENT.recovered_at


@pytest.mark.parametrize("field", ["value", "baseline"])
@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_a_number_that_json_cannot_hold_is_refused_and_nothing_kept(book, field, number):
    signal = replace(INCIDENT.signals[0], **{field: number})
    with pytest.raises(ValueError, match=r"would not be read back|Expected `float`, got `null`"):
        book.incidents.save(replace(INCIDENT, signals=(signal,)), stamp())
    assert book.incidents.page(ALL).items == ()


def test_saving_again_brings_it_up_to_date_and_only_adds_to_its_timeline(book):
    first = replace(INCIDENT, recovered_at=None, timeline=(note(0, "onset"), note(5, "detected")))
    book.incidents.save(first, stamp())
    book.incidents.save(
        replace(first, title="new title", recovered_at=later(60), timeline=(note(60, "recovered"),)), stamp()
    )
    kept = book.incidents.measured(ALL, first.id)
    assert (kept.title, kept.recovered_at) == ("new title", later(60))
    assert [e.text for e in kept.timeline] == ["onset", "detected", "recovered"]


def test_saving_what_is_there_already_changes_nothing(book):
    book.incidents.save(INCIDENT, stamp())
    before = book.version()
    book.incidents.save(INCIDENT, stamp())
    assert book.version() == before


def test_what_people_said_stands_when_failonce_saves_again(book):
    first = replace(INCIDENT, mitigated_at=None, recovered_at=None)
    kept = book.incidents.save(first, stamp())
    said = {"title": "Checkout is down", "severity": Severity.SEV1, "labels": ("black friday",)}
    roles = {"commander": "Ada"}
    book.incidents.change(
        first.id, stamp(ADA, 9), revision=kept.revision, state=IncidentState.ACKNOWLEDGED, roles=roles, **said
    )
    book.incidents.save(replace(first, title="A better title of failonce's"), stamp(seconds=20))
    again = book.incidents.dossier(ALL, first.id)
    assert {name: getattr(again, name) for name in said} == said
    assert (again.state, again.roles, again.moments.acknowledged_at) == ("acknowledged", roles, later(9))
    recovered = book.incidents.save(INCIDENT, stamp(seconds=30))
    assert (recovered.state, recovered.title) == (IncidentState.RESOLVED, "Checkout is down")


def test_incidents_come_newest_first_page_by_page(book):
    for number in range(7):
        book.incidents.declare(dossier(f"i{number}", minutes=number // 2), stamp())
    seen, after = [], None
    while True:
        page = book.incidents.page(ALL, after=after, limit=3)
        seen += ids(page)
        assert page.total == 7
        after = page.next
        if after is None:
            break
    assert seen == ["i6", "i5", "i4", "i3", "i2", "i1", "i0"]


def test_a_new_incident_moves_nothing_on_the_next_page(book):
    for number in range(4):
        book.incidents.declare(dossier(f"i{number}", minutes=number), stamp())
    first = book.incidents.page(ALL, limit=2)
    book.incidents.declare(dossier("new", minutes=99), stamp())
    assert ids(book.incidents.page(ALL, limit=2, after=first.next)) == ["i1", "i0"]


@pytest.mark.parametrize("after", ["", "x", "W10", "WyJhIiwiYiIsImMiXQ", "\x00"])
def test_a_place_that_is_none_is_refused(book, after):
    with pytest.raises(UsageError, match="not a place in the list"):
        book.incidents.page(ALL, after=after)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (IncidentFilter(states=(IncidentState.CLOSED,)), ["c"]),
        (IncidentFilter(severities=(Severity.SEV1, Severity.SEV2)), ["c", "a"]),
        (IncidentFilter(target="shop"), ["b"]),
        (IncidentFilter(service="checkout"), ["c", "a"]),
        (IncidentFilter(label="black friday"), ["a"]),
        (IncidentFilter(relation="reviews"), ["b"]),
        (IncidentFilter(cause="missing-index"), ["b"]),
        (IncidentFilter(origin=Origin.WATCHED), []),
        (IncidentFilter(since=later(60)), ["c", "b"]),
        (IncidentFilter(until=later(60)), ["a"]),
        (IncidentFilter(service="checkout", label="black friday"), ["a"]),
    ],
)
def test_a_filter_lets_through_what_it_names(book, wanted, found):
    a = dossier("a", severity=Severity.SEV1, services=("checkout", "cart"), labels=("black friday",))
    b = dossier("b", minutes=1, target="shop", failure=missing_index())
    c = dossier("c", minutes=2, severity=Severity.SEV2, services=("checkout",), state=IncidentState.CLOSED)
    for each in (a, b, c):
        book.incidents.declare(each, stamp())
    page = book.incidents.page(ALL, wanted)
    assert (ids(page), page.total, book.incidents.count(ALL, wanted)) == (found, len(found), len(found))


def test_facets_are_counted(book):
    book.incidents.declare(dossier("a", services=("checkout", "cart"), target="shop"), stamp())
    book.incidents.declare(dossier("b", services=("checkout",), failure=missing_index()), stamp())
    facets = book.incidents.facets(ALL)
    assert facets.services == (Tally("checkout", 2), Tally("cart", 1))
    assert (facets.targets, facets.causes) == ((Tally("shop", 1),), (Tally("missing-index", 1),))


def test_an_unknown_incident_is_refused_naming_those_that_exist(book):
    with pytest.raises(NotFound, match="no incident i9") as refused:
        book.incidents.dossier(ALL, "i9")
    assert "none yet" in refused.value.hint
    book.incidents.declare(dossier("i1"), stamp())
    with pytest.raises(NotFound) as refused:
        book.incidents.measured(ALL, "i9")
    assert "i1" in refused.value.hint
    assert book.incidents.measured(ALL, "i1") is None


# Two people at once


def test_a_change_of_what_somebody_else_changed_is_refused_and_shows_both(book):
    kept = book.incidents.declare(dossier("i1"), stamp(ADA))
    book.incidents.change("i1", stamp(ADA), revision=kept.revision, severity=Severity.SEV1)
    with pytest.raises(Conflict) as refused:
        book.incidents.change("i1", stamp(BOB), revision=kept.revision, severity=Severity.SEV3)
    assert (refused.value.mine.severity, refused.value.theirs.severity) == (Severity.SEV3, Severity.SEV1)
    assert book.incidents.dossier(ALL, "i1").severity is Severity.SEV1


def test_a_state_reached_is_dated_unless_that_is_known_better(book):
    kept = book.incidents.declare(dossier("i1"), stamp())
    kept = book.incidents.change(
        "i1", stamp(ADA, 60), revision=kept.revision, state=IncidentState.MITIGATED, severity=Severity.SEV2
    )
    assert kept.moments.mitigated_at == later(60)
    moments = replace(kept.moments, recovered_at=later(90))
    kept = book.incidents.change(
        "i1", stamp(ADA, 600), revision=kept.revision, state=IncidentState.RESOLVED, moments=moments
    )
    assert kept.moments.recovered_at == later(90)
    assert book.incidents.dossier(ALL, "i1") == kept


def test_an_id_is_given_once(book):
    book.incidents.declare(dossier("i1"), stamp())
    with pytest.raises(UsageError, match="already"):
        book.incidents.declare(dossier("i1"), stamp())


def test_a_field_that_an_incident_has_not_is_refused(book):
    book.incidents.declare(dossier("i1"), stamp())
    with pytest.raises(UsageError, match="no id, nonsense to change"):
        book.incidents.change("i1", stamp(), revision=1, id="x", nonsense=1)


def test_a_viewer_changes_nothing(book):
    book.incidents.declare(dossier("i1"), stamp())
    before = book.version()
    for write in (
        lambda: book.incidents.declare(dossier("i2"), stamp(EVE)),
        lambda: book.incidents.change("i1", stamp(EVE), revision=1, title="x"),
        lambda: book.incidents.save(incident("i3"), stamp(EVE)),
        lambda: book.timeline.add("i1", note(0, "x"), stamp(EVE)),
        lambda: book.postmortems.write("i1", "# x", stamp(EVE)),
        lambda: book.actions.save([], stamp(EVE)),
        lambda: book.put_all([], stamp(EVE)),
        lambda: book.recurrences.judge("i1", "i1", stamp(EVE), is_same=False, reason="x"),
    ):
        with pytest.raises(NotAllowed, match="eve is viewer; this takes an editor"):
            write()
    assert book.version() == before


def test_an_instant_without_a_zone_is_refused(book):
    with pytest.raises(Exception, match="without a zone"):
        book.incidents.declare(replace(dossier("i1"), opened_at=NOON.replace(tzinfo=None)), stamp())

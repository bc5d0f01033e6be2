"""The same failure again: what agrees, what ended it then, what became of the item that was to prevent it."""

from dataclasses import replace

import pytest

from failonce.model.action import ActionItem, ActionKind, ActionState
from failonce.model.dossier import FailureClass, Origin
from failonce.model.incident import EntryKind
from failonce.model.recurrence import Likeness
from failonce.store import likeness
from fix_book import ADA, ALL, NOON, dossier, incident, later, missing_index, note, stamp

SAME, KIND = Likeness.SAME_FAILURE, Likeness.SAME_CAUSE


def place(**fields):
    return dossier("x", **fields)


@pytest.mark.parametrize(
    ("now", "then", "how"),
    [
        (place(failure=missing_index()), place(failure=missing_index()), SAME),
        (place(failure=missing_index()), place(failure=FailureClass(None, None, "f1")), SAME),
        (place(failure=missing_index(fingerprint="f2")), place(failure=missing_index()), SAME),
        (place(failure=missing_index(fingerprint="f2", relations=())), place(failure=missing_index()), KIND),
        (
            place(failure=missing_index(fingerprint=None, relations=()), target="Shop"),
            place(failure=FailureClass("missing-index-or-slow-query"), services=("shop",)),
            SAME,
        ),
        (
            place(failure=FailureClass("session-leak")),
            place(failure=FailureClass("connection-pool-exhaustion")),
            KIND,
        ),
        (place(failure=FailureClass("traffic"), target="shop"), place(failure=missing_index(), target="shop"), None),
        (
            place(failure=FailureClass("other"), target="shop"),
            place(failure=FailureClass("other"), target="shop"),
            None,
        ),
        (place(failure=FailureClass(None), target="shop"), place(failure=FailureClass(None), target="shop"), None),
        (
            place(failure=FailureClass("wrong-index-order"), target="shop"),
            place(failure=FailureClass("missing-foreign-key-index"), target="shop"),
            SAME,
        ),
        (place(failure=FailureClass("pool-leak")), place(failure=FailureClass("session-leak")), KIND),
        (place(failure=FailureClass("hot-row")), place(failure=FailureClass("locks-or-deadlock")), KIND),
        (place(failure=FailureClass("lock-order"), target="a"), place(failure=missing_index(), target="a"), None),
        (
            place(failure=FailureClass("network"), services=("web server",)),
            place(failure=FailureClass("network"), services=("Web Server",)),
            KIND,
        ),
        (
            place(failure=FailureClass("network"), services=("checkout",)),
            place(failure=FailureClass("network"), services=("Checkout",)),
            SAME,
        ),
    ],
)
def test_when_two_are_the_same_failure(now, then, how):
    found = likeness.matches(now, then)
    assert likeness.likeness(found) is how
    keys = [set(likeness.keys(d.failure, (*d.services, *([d.target] if d.target else [])))) for d in (now, then)]
    assert bool(keys[0] & keys[1]) is (how is SAME)


def test_the_fields_that_agree_are_shown(book):
    book.incidents.save(incident("first"), stamp())
    book.incidents.save(incident("again", minutes=1440), stamp())
    (found,) = book.recurrences.of(ALL, "again")
    assert [(m.field, m.value) for m in found.matches] == [
        ("query", "a02697108ebc941b"),
        ("cause", "missing-index"),
        ("relation", "reviews"),
        ("trigger", "index-dropped"),
        ("service", "spiceshare"),
    ]
    assert (found.earlier.id, found.likeness) == ("first", SAME)
    assert found.fixed_by.startswith("Create the index on reviews")
    assert book.recurrences.of(ALL, "first") == ()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ActionState.OPEN, "It is open, due 2026-10-01."),
        (ActionState.IMPLEMENTED, "It is implemented and was never verified."),
        (ActionState.VERIFIED, "It is verified, and did not hold."),
        (ActionState.DECLINED, "It was declined: too dear."),
        (ActionState.EXPIRED, "It has expired: too dear."),
    ],
)
def test_what_became_of_the_item_that_was_to_prevent_it_is_told(book, state, said):
    book.incidents.declare(dossier("first", failure=missing_index()), stamp())
    book.incidents.declare(dossier("again", minutes=9, failure=missing_index()), stamp())
    due = NOON.date().replace(month=10, day=1)
    reason = "too dear" if state in (ActionState.DECLINED, ActionState.EXPIRED) else None
    item = ActionItem(
        *("a1", "first", "Review queries.", ActionKind.PREVENT, state),
        owner="Ada",
        due=due,
        reason=reason,
        added_at=NOON,
    )
    book.actions.save([item, replace(item, id="a0", kind=ActionKind.DETECT)], stamp())
    (found,) = book.recurrences.of(ALL, "again")
    assert found.would_have_stopped == (item,)
    assert f"An action item of Ada was to prevent it: “Review queries”. {said}" in found.explanation


def test_what_ended_it_is_read_from_the_timeline_when_nothing_was_applied(book):
    book.incidents.declare(dossier("first", failure=missing_index()), stamp())
    book.timeline.add("first", replace(note(60, "Rolled back v42."), kind=EntryKind.MITIGATED), stamp(ADA))
    book.incidents.declare(dossier("again", minutes=9, failure=missing_index()), stamp())
    (found,) = book.recurrences.of(ALL, "again")
    assert "Then it ended by: Rolled back v42." in found.explanation
    assert "No action item was to prevent it." in found.explanation


def test_the_likest_come_first_then_the_newest(book):
    other = missing_index(fingerprint="f9", relations=("orders",))
    for number, failure in enumerate([missing_index(), missing_index(), other, missing_index(fingerprint="f2")]):
        book.incidents.declare(dossier(f"e{number}", minutes=number, failure=failure), stamp())
    book.incidents.declare(dossier("now", minutes=9, failure=missing_index()), stamp())
    assert [r.earlier.id for r in book.recurrences.of(ALL, "now")] == ["e1", "e0", "e3", "e2"]


# A person's word


def test_a_person_may_say_no_and_it_is_recorded(book):
    for number, name in enumerate(["first", "second", "now"]):
        book.incidents.declare(dossier(name, minutes=number, failure=missing_index()), stamp())
    assert book.insights.read(ALL).recurrences == 2
    book.recurrences.judge("now", "second", stamp(ADA, 60), is_same=False, reason="another tenant")
    last = book.recurrences.of(ALL, "now")[-1]
    assert (last.earlier.id, last.judgement.is_same, last.judgement.by) == ("second", False, "ada")
    assert (last.judgement.at, last.judgement.reason) == (later(60), "another tenant")
    book.recurrences.judge("now", "first", stamp(ADA), is_same=False, reason="another tenant")
    assert book.insights.read(ALL).recurrences == 1
    assert book.audit.page(ALL, incident_id="now").items[0].act == "recurrence.judged"


def test_a_person_may_say_yes_where_nothing_agrees(book):
    book.incidents.declare(dossier("first", origin=Origin.IMPORTED), stamp())
    book.incidents.declare(dossier("now", minutes=9), stamp())
    assert book.recurrences.of(ALL, "now") == ()
    book.recurrences.judge("now", "first", stamp(ADA), is_same=True, reason="the same cron job")
    (found,) = book.recurrences.of(ALL, "now")
    assert (found.likeness, found.matches) == (SAME, ())
    assert book.insights.read(ALL).recurrences == 1

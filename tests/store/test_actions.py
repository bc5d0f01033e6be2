"""Action items: each step it may take, what it takes, and nothing lost between two who take one."""

from dataclasses import replace
from datetime import date

import pytest

from failonce.model.action import NEXT_STATES, ActionFilter, ActionItem, ActionKind, ActionState, Priority, Proof
from failonce.model.errors import Conflict, NotFound, UsageError
from failonce.model.insight import Tally
from fix_book import ADA, ALL, BOB, dossier, later, stamp

TODAY = date(2026, 10, 1)
PROOF = Proof("no-seq-scan", later(0), "Seq Scan on reviews", "Index Scan on reviews")
ALERT = ActionItem("a1", "i1", "Alert on sequential scans", ActionKind.DETECT, due=date(2026, 9, 30), added_at=later(0))
REVIEW = ActionItem(
    "a2", "i1", "Review queries", ActionKind.PREVENT, owner="Ada", priority=Priority.HIGH, added_at=later(0)
)
DRILL = ActionItem(
    "a1", "i2", "Rehearse the rollback", ActionKind.MITIGATE, owner="Bob", due=date(2026, 10, 2), added_at=later(0)
)


@pytest.fixture
def book(book):
    for name in ("i1", "i2"):
        book.incidents.declare(dossier(name), stamp())
    book.actions.save([ALERT, REVIEW, DRILL], stamp())
    return book


def test_items_come_by_due_date_the_undated_last(book):
    page = book.actions.page(ALL, limit=2)
    assert (page.items, page.total) == ((ALERT, DRILL), 3)
    assert book.actions.page(ALL, after=page.next).items == (REVIEW,)
    assert book.actions.of(ALL, "i1") == (ALERT, REVIEW)


def test_when_an_item_came_into_the_book_stays_whatever_becomes_of_it(book):
    new = ActionItem("a3", "i1", "Rotate the key", ActionKind.PREVENT)
    assert book.actions.add(new, stamp(ADA, 60)).added_at == later(60)
    changed = book.actions.change("i1", "a3", stamp(ADA, 90), revision=1, owner="Ada")
    assert (changed.owner, changed.added_at) == ("Ada", later(60))
    assert book.actions.item(ALL, "i1", "a3").added_at == later(60)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ActionFilter(states=(ActionState.OPEN,)), [ALERT, DRILL, REVIEW]),
        (ActionFilter(kind=ActionKind.DETECT), [ALERT]),
        (ActionFilter(owner="Ada"), [REVIEW]),
        (ActionFilter(priority=Priority.HIGH), [REVIEW]),
        (ActionFilter(incident_id="i2"), [DRILL]),
        (ActionFilter(overdue_on=TODAY), [ALERT]),
        (ActionFilter(overdue_on=date(2026, 9, 30)), []),
    ],
)
def test_a_filter_lets_through_what_it_names(book, wanted, found):
    assert list(book.actions.page(ALL, wanted).items) == found


def test_the_board_counts(book):
    book.actions.change("i1", "a2", stamp(ADA), revision=1, state=ActionState.IMPLEMENTED)
    board = book.actions.tally(ALL, TODAY)
    assert board.overdue == 1
    assert board.by_state == (Tally("open", 2), Tally("implemented", 1))
    assert board.by_owner == (Tally("", 1), Tally("Bob", 1))


def test_saving_again_leaves_what_people_made_of_them(book):
    book.actions.change("i1", "a1", stamp(ADA), revision=1, owner="Ada", due=None)
    book.actions.save([ALERT, replace(ALERT, id="a9")], stamp())
    assert book.actions.item(ALL, "i1", "a1") == replace(ALERT, owner="Ada", due=None, revision=2)
    assert len(book.actions.of(ALL, "i1")) == 3


def test_items_of_an_unknown_incident_are_refused_all_together(book):
    with pytest.raises(NotFound):
        book.actions.save([replace(ALERT, id="a8"), replace(ALERT, incident_id="nowhere")], stamp())
    assert len(book.actions.of(ALL, "i1")) == 2
    with pytest.raises(NotFound, match="no action item a7") as refused:
        book.actions.item(ALL, "i1", "a7")
    assert "a1, a2" in refused.value.hint


def test_an_id_is_given_once(book):
    added = book.actions.add(replace(ALERT, id="a3", revision=7), stamp(ADA))
    assert (added.id, added.revision) == ("a3", 1)
    with pytest.raises(UsageError, match="already"):
        book.actions.add(ALERT, stamp(ADA))


def test_a_change_of_what_somebody_else_changed_is_refused_and_shows_both(book):
    book.actions.change("i1", "a1", stamp(ADA), revision=1, owner="Ada")
    with pytest.raises(Conflict) as refused:
        book.actions.change("i1", "a1", stamp(BOB), revision=1, owner="Bob")
    assert (refused.value.mine.owner, refused.value.theirs.owner) == ("Bob", "Ada")


# The states


def reached(book, state):
    """Bring item a1 to a state by the shortest way."""
    if state is ActionState.OPEN:
        return book.actions.item(ALL, "i1", "a1")
    if state is ActionState.VERIFIED:
        reached(book, ActionState.IMPLEMENTED)
    said = {"reason": "not worth it"} if state in (ActionState.DECLINED, ActionState.EXPIRED) else {}
    said |= {"vouched_by": "Ada"} if state is ActionState.VERIFIED else {}
    item = book.actions.item(ALL, "i1", "a1")
    return book.actions.change("i1", "a1", stamp(ADA), revision=item.revision, state=state, **said)


@pytest.mark.parametrize("before", ActionState)
@pytest.mark.parametrize("after", ActionState)
def test_each_state_leads_where_it_may_and_nowhere_else(book, before, after):
    item = reached(book, before)
    said = {"state": after, "reason": "because", "vouched_by": "Ada"}
    if after is before or after in NEXT_STATES[before]:
        assert book.actions.change("i1", "a1", stamp(ADA), revision=item.revision, **said).state is after
    else:
        with pytest.raises(UsageError, match=f"is {before} and cannot become {after}"):
            book.actions.change("i1", "a1", stamp(ADA), revision=item.revision, **said)


@pytest.mark.parametrize("state", [ActionState.DECLINED, ActionState.EXPIRED])
def test_without_a_reason_nothing_is_declined_or_expires(book, state):
    with pytest.raises(UsageError, match="for a reason"):
        book.actions.change("i1", "a1", stamp(ADA), revision=1, state=state, reason="  ")


def test_verified_takes_a_proof_or_a_named_persons_word(book):
    item = reached(book, ActionState.IMPLEMENTED)
    with pytest.raises(UsageError, match="Nothing shows that"):
        book.actions.change("i1", "a1", stamp(ADA), revision=item.revision, state=ActionState.VERIFIED)
    word = book.actions.change(
        "i1", "a1", stamp(ADA), revision=item.revision, state=ActionState.VERIFIED, vouched_by="Ada"
    )
    assert (word.vouched_by, word.proofs) == ("Ada", ())
    proved = book.actions.prove("i1", "a1", PROOF, stamp())
    assert (proved.state, proved.proofs, proved.guard, proved.vouched_by) == (
        "verified",
        (PROOF,),
        "no-seq-scan",
        None,
    )
    assert book.actions.item(ALL, "i1", "a1") == proved

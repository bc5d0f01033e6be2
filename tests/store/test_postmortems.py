"""Postmortems: every version is kept, two who write at once lose nothing, and a signature completes."""

import pytest

from failonce.model.errors import Conflict, NotFound, UsageError
from failonce.model.review import ReviewState
from fix_book import ADA, ALL, BOB, dossier, later, stamp


@pytest.fixture
def book(book):
    book.incidents.declare(dossier("i1"), stamp())
    return book


def test_every_version_is_kept(book):
    assert book.postmortems.write("i1", "# First", stamp(ADA)).version == 1
    assert book.postmortems.write("i1", "# Second – «ü»", stamp(BOB, 60)).version == 2
    assert book.postmortems.text(ALL, "i1").markdown == "# Second – «ü»"
    assert book.postmortems.text(ALL, "i1", 1).markdown == "# First"
    kept = book.postmortems.versions(ALL, "i1")
    assert [(v.version, v.author, v.written_at) for v in kept] == [(2, "bob", later(60)), (1, "ada", later(0))]
    assert book.postmortems.review(ALL, "i1").title == "Second – «ü»"


def test_writing_what_stands_there_adds_no_version(book):
    book.postmortems.write("i1", "# First", stamp(ADA))
    assert book.postmortems.write("i1", "# First", stamp(BOB)).author == "ada"
    assert book.postmortems.review(ALL, "i1").version == 1


def test_two_who_write_on_the_same_version_lose_nothing(book):
    book.postmortems.write("i1", "# First", stamp(ADA))
    book.postmortems.write("i1", "# Ada's", stamp(ADA), based_on=1)
    with pytest.raises(Conflict, match="ada wrote version 2") as refused:
        book.postmortems.write("i1", "# Bob's", stamp(BOB), based_on=1)
    assert (refused.value.mine.markdown, refused.value.theirs.markdown) == ("# Bob's", "# Ada's")
    book.postmortems.write("i1", "# Both", stamp(BOB), based_on=2)
    assert book.postmortems.review(ALL, "i1").version == 3


def test_failonce_redrafts_its_own_text_and_never_a_persons(book):
    assert book.postmortems.redraft("i1", "# Draft", stamp()).version == 1
    assert book.postmortems.redraft("i1", "# Better draft", stamp()).version == 2
    book.postmortems.write("i1", "# Ada's", stamp(ADA), based_on=2)
    assert book.postmortems.redraft("i1", "# Best draft", stamp()) is None
    assert book.postmortems.text(ALL, "i1").markdown == "# Ada's"


def test_what_is_not_there_is_refused_with_what_is(book):
    with pytest.raises(NotFound, match="no postmortem yet"):
        book.postmortems.text(ALL, "i1")
    book.postmortems.write("i1", "# First", stamp())
    with pytest.raises(NotFound, match="version 7") as refused:
        book.postmortems.text(ALL, "i1", 7)
    assert "Versions kept: 1" in refused.value.hint
    with pytest.raises(NotFound, match="no incident nowhere"):
        book.postmortems.write("nowhere", "# Lost", stamp())


# The review


def test_a_postmortem_is_completed_by_a_signature_under_its_newest_version(book):
    book.postmortems.write("i1", "# First", stamp(ADA))
    review = book.postmortems.move("i1", ReviewState.IN_REVIEW, stamp(ADA), revision=1)
    book.postmortems.sign("i1", 1, stamp(BOB))
    book.postmortems.write("i1", "# Second", stamp(ADA), based_on=1)
    with pytest.raises(UsageError, match="Nobody has signed version 2"):
        book.postmortems.move("i1", ReviewState.COMPLETED, stamp(ADA), revision=review.revision)
    with pytest.raises(Conflict, match="not the newest"):
        book.postmortems.sign("i1", 1, stamp(BOB))
    book.postmortems.sign("i1", 2, stamp(BOB, 60))
    done = book.postmortems.move("i1", ReviewState.COMPLETED, stamp(ADA), revision=review.revision)
    assert (done.state, [(s.version, s.person) for s in done.sign_offs]) == ("completed", [(1, "bob"), (2, "bob")])


def test_a_completed_postmortem_that_is_written_again_is_in_review_again(book):
    book.postmortems.write("i1", "# First", stamp(ADA))
    book.postmortems.sign("i1", 1, stamp(BOB))
    book.postmortems.move("i1", ReviewState.COMPLETED, stamp(ADA), revision=1)
    book.postmortems.write("i1", "# Second", stamp(ADA), based_on=1)
    assert book.postmortems.review(ALL, "i1").state is ReviewState.IN_REVIEW


def test_signing_twice_is_one_signature(book):
    book.postmortems.write("i1", "# First", stamp(ADA))
    book.postmortems.sign("i1", 1, stamp(BOB))
    assert len(book.postmortems.sign("i1", 1, stamp(BOB, 60)).sign_offs) == 1


def test_the_agenda_is_kept_and_a_stale_one_refused(book):
    book.postmortems.write("i1", "# First", stamp(ADA))
    planned = book.postmortems.plan("i1", "1. What surprised us", stamp(ADA), revision=1)
    assert planned.agenda == "1. What surprised us"
    with pytest.raises(Conflict) as refused:
        book.postmortems.plan("i1", "1. Who", stamp(BOB), revision=1)
    assert (refused.value.mine, refused.value.theirs.agenda) == ("1. Who", "1. What surprised us")


def test_reviews_come_by_state_the_most_recently_written_first(book):
    for number in range(3):
        book.incidents.declare(dossier(f"p{number}"), stamp())
        book.postmortems.write(f"p{number}", f"# P{number}", stamp(ADA, number))
    book.postmortems.sign("p1", 1, stamp(BOB))
    page = book.postmortems.page(ALL, limit=2)
    assert [r.title for r in page.items] == ["P2", "P1"]
    assert [s.person for s in page.items[1].sign_offs] == ["bob"]
    assert [r.title for r in book.postmortems.page(ALL, after=page.next).items] == ["P0"]
    book.postmortems.move("p0", ReviewState.IN_REVIEW, stamp(ADA), revision=1)
    assert [r.title for r in book.postmortems.page(ALL, state=ReviewState.IN_REVIEW).items] == ["P0"]

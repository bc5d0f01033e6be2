"""The search: all words, phrases, without; the best first; and whatever somebody types."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failonce.model.action import ActionItem, ActionKind
from failonce.model.errors import UsageError
from failonce.store.search import parsed
from fix_book import ADA, ALL, dossier, missing_index, note, stamp


@pytest.fixture
def book(book):
    book.incidents.declare(dossier("pool", title="The connection pool was empty"), stamp())
    book.incidents.declare(dossier("index", minutes=1, failure=missing_index(), services=("reviews",)), stamp())
    book.postmortems.write("index", "# Slow\n\nIt scanned a table.\nIt kept every connection of the pool.", stamp())
    book.incidents.declare(dossier("café", minutes=2, title="Checkout of the café froze"), stamp())
    book.timeline.add("café", note(0, "Deadlocks, and connections ran out."), stamp())
    book.actions.add(ActionItem("a1", "café", "Limit the pool's connections", ActionKind.PREVENT), stamp())
    return book


def found(book, words):
    return [hit.dossier.id for hit in book.search.find(ALL, words).items]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("connection pool", {"pool", "index", "café"}),
        ('"connection pool"', {"pool"}),
        ("connections", {"pool", "index", "café"}),
        ("connection -deadlock", {"pool", "index"}),
        ("missing-index", {"index"}),
        ("reviews", {"index"}),
        ("scanned table", {"index"}),
        ("pool nonsense", set()),
        ("", set()),
        ("-pool", set()),
        ('"" -- * ( ) : ^', set()),
    ],
)
def test_words_phrases_and_without(book, words, ids):
    assert set(found(book, words)) == ids


def test_a_match_in_the_title_comes_first(book):
    assert found(book, "pool")[0] == "pool"


@pytest.mark.parametrize(
    ("words", "id", "where", "shown"),
    [
        ("empty", "pool", "title", "empty"),
        ("scanned", "index", "postmortem", "scanned"),
        ("deadlock", "café", "timeline", "Deadlocks"),
        ("limit", "café", "actions", "Limit"),
    ],
)
def test_an_excerpt_says_where_and_marks_what_matches(book, words, id, where, shown):
    (hit,) = book.search.find(ALL, words).items
    assert (hit.dossier.id, hit.where) == (id, where)
    assert [text for text, is_match in hit.excerpt if is_match] == [shown]


def test_what_is_written_anew_is_found_by_its_new_words_only(book):
    book.postmortems.write("index", "# Slow\n\nA vacuum was overdue.", stamp(ADA))
    assert found(book, "vacuum") == ["index"]
    assert found(book, "scanned") == []
    book.actions.change("café", "a1", stamp(ADA), revision=1, text="Watch the queue")
    assert (found(book, "queue"), found(book, "limit")) == (["café"], [])


def test_pages_follow_each_other(book):
    first = book.search.find(ALL, "pool", limit=2)
    second = book.search.find(ALL, "pool", limit=2, after=first.next)
    assert (first.total, second.next, len(second.items)) == (3, None, 1)
    assert {h.dossier.id for h in (*first.items, *second.items)} == {"pool", "index", "café"}
    for place in ("x", "-1", "9" * 20):
        with pytest.raises(UsageError):
            book.search.find(ALL, "pool", after=place)


@given(words=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_somebody_types_is_answered(book, words):
    assert book.search.find(ALL, words).total >= 0


def test_a_search_is_read_word_by_word():
    assert parsed('pool "full scan" -deadlock -"table lock" "') == (
        ("pool", "full scan"),
        ("deadlock", "table lock"),
    )

"""What is private to a group is not there for anybody else: in lists, counts, search, figures and refusals."""

import pytest

from failonce.model.action import ActionFilter, ActionItem, ActionKind
from failonce.model.errors import NotAllowed, NotFound
from fix_book import ADA, ALL, BOB, EVE, NOON, ROOT, dossier, later, missing_index, note, stamp

TODAY = NOON.date()
STRANGERS = [EVE, BOB, ROOT]


@pytest.fixture
def book(book):
    """A book of two incidents of the same failure: the earlier one is private to Ada's group."""
    for number, (name, group) in enumerate([("secret", "payments"), ("open", None)]):
        at = {"failure": missing_index(), "services": (f"{name} service",), "labels": (name,), "target": name}
        book.incidents.declare(dossier(name, minutes=number, private_to=group, **at), stamp())
        book.timeline.add(name, note(0, f"the {name} ledger froze"), stamp())
        book.postmortems.write(name, f"# The {name} ledger\n\nIt froze.", stamp(seconds=number))
        item = ActionItem("a1", name, f"Thaw the {name} ledger", ActionKind.PREVENT, owner=name, due=later(0).date())
        book.actions.add(item, stamp())
    return book


@pytest.fixture(params=STRANGERS, ids=lambda viewer: viewer.name)
def stranger(request):
    return request.param


def test_lists_and_counts_leave_it_out(book, stranger):
    assert [d.id for d in book.incidents.page(stranger).items] == ["open"]
    assert (book.incidents.page(stranger).total, book.incidents.count(stranger)) == (1, 1)
    assert [r.incident_id for r in book.postmortems.page(stranger).items] == ["open"]
    assert book.postmortems.page(stranger).total == 1
    assert [a.incident_id for a in book.actions.page(stranger).items] == ["open"]
    assert book.actions.page(stranger, ActionFilter(incident_id="secret")).total == 0


def test_facets_and_the_board_do_not_count_it(book, stranger):
    facets = book.incidents.facets(stranger)
    assert [(t.value, t.count) for t in (*facets.targets, *facets.services, *facets.labels, *facets.causes)] == [
        ("open", 1),
        ("open service", 1),
        ("open", 1),
        ("missing-index", 1),
    ]
    board = book.actions.tally(stranger, later(86400).date())
    assert ([t.value for t in board.by_owner], board.overdue, board.by_state[0].count) == (["open"], 1, 1)


def test_search_does_not_find_it(book, stranger):
    page = book.search.find(stranger, "ledger")
    assert ([hit.dossier.id for hit in page.items], page.total) == (["open"], 1)
    assert book.search.find(stranger, "secret").total == 0


def test_figures_and_recurrences_do_not_know_it(book, stranger):
    insights = book.insights.read(stranger)
    assert (insights.incidents, insights.recurrences, insights.coverage.failures) == (1, 0, 1)
    assert book.recurrences.of(stranger, "open") == ()


def test_asking_for_it_reads_as_if_it_did_not_exist(book, stranger):
    for ask in (
        lambda name: book.incidents.dossier(stranger, name),
        lambda name: book.incidents.measured(stranger, name),
        lambda name: book.timeline.of(stranger, name),
        lambda name: book.postmortems.text(stranger, name),
        lambda name: book.postmortems.review(stranger, name),
        lambda name: book.postmortems.versions(stranger, name),
        lambda name: book.actions.of(stranger, name),
        lambda name: book.actions.item(stranger, name, "a1"),
        lambda name: book.recurrences.of(stranger, name),
    ):
        with pytest.raises(NotFound) as hidden:
            ask("secret")
        with pytest.raises(NotFound) as missing:
            ask("nowhere")
        assert str(hidden.value).replace("secret", "nowhere") == str(missing.value)
        assert "secret" not in hidden.value.hint


def test_an_editor_outside_the_group_changes_nothing_of_it(book):
    before = book.version()
    for write in (
        lambda: book.incidents.change("secret", stamp(BOB), revision=1, private_to=None),
        lambda: book.timeline.add("secret", note(1, "x"), stamp(BOB)),
        lambda: book.postmortems.write("secret", "# x", stamp(BOB)),
        lambda: book.postmortems.sign("secret", 1, stamp(BOB)),
        lambda: book.actions.change("secret", "a1", stamp(BOB), revision=1, text="x"),
        lambda: book.recurrences.judge("open", "secret", stamp(BOB), is_same=False, reason="x"),
    ):
        with pytest.raises(NotFound):
            write()
    assert book.version() == before


@pytest.mark.parametrize("member", [ADA, ALL], ids=lambda viewer: viewer.name)
def test_its_group_sees_all_of_it(book, member):
    assert [d.id for d in book.incidents.page(member).items] == ["open", "secret"]
    assert {hit.dossier.id for hit in book.search.find(member, "ledger").items} == {"open", "secret"}
    assert book.insights.read(member).recurrences == 1
    assert [r.earlier.id for r in book.recurrences.of(member, "open")] == ["secret"]
    assert book.actions.tally(member, TODAY).by_state[0].count == 2
    assert book.postmortems.text(member, "secret").version == 1


def test_what_becomes_private_is_gone_at_once(book):
    book.search.find(BOB, "ledger")
    book.insights.read(BOB)
    book.incidents.change("open", stamp(ADA), revision=1, private_to="payments")
    assert book.search.find(BOB, "ledger").total == 0
    assert book.insights.read(BOB).incidents == 0
    assert book.incidents.facets(BOB).causes == ()


def test_nobody_hides_an_incident_from_themselves(book):
    with pytest.raises(NotAllowed, match="not in the group"):
        book.incidents.change("open", stamp(BOB), revision=1, private_to="payments")


def test_only_an_admin_reads_the_audit_log(book):
    assert book.audit.page(ALL, incident_id="open").total == 4
    for viewer in (EVE, BOB):
        with pytest.raises(NotAllowed, match="takes an admin"):
            book.audit.page(viewer)


def test_an_admin_outside_the_group_reads_nothing_of_it_in_the_log(book):
    assert {entry.incident_id for entry in book.audit.page(ROOT).items} == {"open"}
    assert book.audit.page(ROOT, incident_id="secret").total == 0
    book.recurrences.judge("open", "secret", stamp(ADA), is_same=True, reason="x")
    assert "secret" not in str(book.audit.page(ROOT).items)
    assert "secret" in str(book.audit.page(ALL).items)

"""Action items: specific, numbered, from the facts of the incident."""

from dataclasses import replace

import pytest

import fix_incident
from failonce.model.action import ActionKind, ActionState
from failonce.model.diagnosis import Link, LinkKind, Status, Verdict
from failonce.postmortem.actions import MOST, action_items


def texts(incident) -> str:
    return "\n".join(item.text for item in action_items(incident))


def test_they_are_numbered_open_and_nobodys():
    items = action_items(fix_incident.missing_index_incident())
    assert [item.id for item in items] == [f"2026-09-14-1403-spiceshare-A{n}" for n in range(1, len(items) + 1)]
    assert {item.state for item in items} == {ActionState.OPEN}
    assert len(items) == MOST


def test_the_index_goes_into_the_migrations_and_under_watch():
    said = texts(fix_incident.missing_index_incident())
    definition = fix_incident.CREATE_INDEX.replace(" CONCURRENTLY", "")
    assert f"Add `{definition}` to the schema migrations" in said
    assert "Alert when index `reviews_recipe_id_created_at_idx` is absent" in said


def test_a_limit_lies_between_usual_and_outage():
    limit = "reads more than 420 blocks per call (13 before the outage, 13,500 in it)"
    assert f"Alert when statement `{fix_incident.CULPRIT}` {limit}." in texts(fix_incident.missing_index_incident())


def test_a_fix_that_is_not_in_place_comes_first():
    incident = fix_incident.missing_index_incident()
    waiting = replace(incident, remedy=replace(incident.remedy, applied_at=None, finished_at=None))
    first = action_items(waiting)[0]
    assert first.kind is ActionKind.MITIGATE
    assert first.text.startswith(f"Run `{fix_incident.CREATE_INDEX}`")


def test_a_release_that_brought_the_statement_stays_out():
    incident = fix_incident.missing_index_incident()
    trigger = Link(LinkKind.TRIGGER, "release", "Release v41 brought the statement.", ())
    released = replace(incident, diagnosis=replace(incident.diagnosis, chain=(trigger, *incident.diagnosis.chain[1:])))
    assert "Keep release v41 out of production until" in texts(released)
    assert "Keep release" not in texts(incident)


def test_traffic_asks_for_capacity_not_for_a_query():
    said = texts(fix_incident.traffic_incident())
    assert "Load-test `spiceshare` at 642 requests per second" in said
    assert "429" in said
    assert "statement" not in said


def test_gaps_and_open_leads_become_tasks():
    said = texts(fix_incident.abstained_incident())
    assert "Make `statements` visible: Add it to shared_preload_libraries" in said
    assert "Confirm or rule out the lead “host”" in said


def test_the_same_task_is_not_given_twice():
    for make in (fix_incident.missing_index_incident, fix_incident.traffic_incident, fix_incident.abstained_incident):
        said = [item.text for item in action_items(make())]
        assert len(said) == len(set(said))


COMPOUND = Verdict("lock-order", Status.CONFIRMED, 0.9, "Transactions lock the same rows in opposite order.", ())


def of_cause(name: str):
    """The traffic spike's incident, as if another cause without a statement had been named."""
    incident = fix_incident.traffic_incident()
    chain = tuple(replace(link, id=name) if link.kind is LinkKind.CAUSE else link for link in incident.diagnosis.chain)
    return replace(incident, diagnosis=replace(incident.diagnosis, cause=name, chain=chain))


@pytest.mark.parametrize(
    ("cause", "task"),
    [
        ("blocking-session", "`lock_timeout = '2s'`"),
        ("session-leak", "`idle_in_transaction_session_timeout`"),
        ("connection-storm", "`CONNECTION LIMIT`"),
        ("hot-row", "Count into several rows"),
        ("sequence-exhausted", "80 % of its numbers"),
        ("nobody-has-seen-this-before", "Alert when "),
    ],
)
def test_each_kind_of_cause_has_tasks_of_its_own(cause, task):
    said = texts(of_cause(cause))
    assert task in said
    assert "sequential scan" not in said


def test_a_second_cause_has_a_task_too():
    incident = fix_incident.missing_index_incident()
    both = replace(incident, remedy=None, diagnosis=replace(incident.diagnosis, also=(COMPOUND,)))
    assert "the second cause, “lock order”: transactions lock the same rows in opposite order." in texts(both)

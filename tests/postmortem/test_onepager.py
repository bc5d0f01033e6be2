"""The one-pager's words: four sentences for somebody who was not there."""

from dataclasses import replace

from failonce.postmortem.actions import action_items
from failonce.postmortem.known import title
from failonce.postmortem.onepager import of_document, of_incident, summary
from failonce.postmortem.read import read
from fix_incident import abstained_incident, missing_index_incident

INCIDENT = missing_index_incident()


def test_the_summary_says_what_why_how_it_ended_and_what_is_next():
    text = summary(INCIDENT, 3)
    assert text.startswith("On 14 September 2026, ")
    assert "The reason: " in text
    assert "The fix was in place" in text
    assert text.endswith("3 tasks must be done so that it does not happen again.")
    assert len(text.split()) < 75


def test_what_is_not_known_is_said():
    text = summary(replace(abstained_incident(), impact=None, recovered_at=None, mitigated_at=None), 0)
    assert "had not recovered when this was written" in text
    assert "The cause is not yet determined. No fix is in place. No task is written down" in text


def test_tasks_that_nobody_owns_are_said_once():
    page = of_incident(INCIDENT, action_items(INCIDENT))
    assert page["tasks_note"] == "None of them has an owner or a date yet."
    assert not any("`" in task["text"] for task in page["tasks"])


def test_an_entry_that_is_only_a_time_and_a_title_that_says_nothing_are_left_out():
    head = "# Postmortem\n\n**Postmortem: The search was down**\n\n## Timeline\n\n"
    text = f"{head}- June 5, 2024, 14:00 (UTC)\n- 14:05 The search was down again\n"
    assert title(text) == "Postmortem: The search was down"
    assert of_document(read(text))["entries"] == ["14:05 The search was down again"]

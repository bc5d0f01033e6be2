"""The same outage and the same timeline in the many ways people write them: always the same facts."""

import pytest

from failonce.postmortem.read import read

OUTAGES = (
    "Duration: 2 hours, from 14:00 to 16:00 UTC on 5th March 2031.",
    "**Duration**: 5 March 2031 14:00 UTC - 5 March 2031 16:00 UTC",
    "On the 5th of March 2031, between 2 pm and 4 pm UTC, the site was down.",
    "The outage started at 2:00 PM UTC on March 5th, 2031 and ended at 4:00 PM UTC on the same day.",
    "The outage started on March 5, 2031 at 14:00 UTC and lasted until 16:00 UTC.",
    "The outage lasted for 2 hours (2:00 PM - 4:00 PM UTC, March 5, 2031).",
    "Date: March 5, 2031\n\nTime: 14:00 - 16:00 UTC",
    "- Date: 2031-03-05\n- Start: 14:00 UTC\n- End: 16:00 UTC",
    "- **Start time:** March 5, 2031, at 2:00 PM (UTC)\n- **End time:** March 5, 2031, at 4:00 PM (UTC)",
    "Start: 2031-03-05T14:00:00Z\nEnd: 2031-03-05T16:00:00Z",
    "On Wednesday 5 March 2031 at 14:00 UTC our site went down. The service was fully restored at 16:00 UTC.",
    "At 14:00 UTC on March 5, 2031 the database failed. Everything was back online by 16:00 UTC.",
    "Outage window: 05 Mar 2031 1400hrs to 1600hrs UTC",
    "From 1400 UTC to 1600 UTC on March 5 2031 the site was slow.",
    "*Duration of the outage:* Start – March 5, 2031 14:00 UTC; End – March 5, 2031 16:00 UTC",
    "| Start | End |\n|---|---|\n| 2031-03-05 14:00 UTC | 2031-03-05 16:00 UTC |",
    "| | |\n|---|---|\n| Start time | 2031-03-05 14:00 UTC |\n| End time | 2031-03-05 16:00 UTC |",
    "Began at: 14:00 UTC 2031-03-05\nResolved at: 16:00 UTC 2031-03-05",
    "Service degradation on 5.3.2031, 14:00–16:00 UTC",
    "- Duration of the outage: March 5, 2031 (14:00 UTC) to March 5, 2031 (16:00 UTC)",
    "Duration: Mar 5, 2031 14:00 UTC → Mar 5, 2031 16:00 UTC",
    "The outage took place on 5-March-2031 from 14.00 to 16.00 UTC.",
)
TIMELINE = "## Timeline\n\n- 14:00 UTC: alert\n- 16:00 UTC: resolved\n"


@pytest.mark.parametrize("summary", OUTAGES)
def test_start_end_and_duration(summary):
    facts = read(f"# Outage of the shop\n\n## Issue Summary\n\n{summary}\n\n{TIMELINE}").plain()
    told = (facts["start"], facts["end"], facts["duration_minutes"])
    assert told == ("2031-03-05T14:00+00:00", "2031-03-05T16:00+00:00", 120)


ENTRIES = (
    "- {} – {}",
    "- [{}] {}",
    "* **{} UTC** — {}",
    "1. {}: {}",
    "- `{}` {}",
    "**{}** {}",
    "{} | {}",
    "- At {}, {}",
    "- 2031-03-05 {}:00 {}",
    "| {} | {} |",
    "* ({}) {}",
    "### {} UTC\n{}",
    "- {1} at {0}",
    "- ⏰ {}: {}",
    "- <b>{}</b>: {}",
    "> {}: {}",
    "**{} UTC:**\n{}",
    "{}\n\n{}",
    "{}\n{}",
)
TOLD = (("14:00", "Alert fired"), ("14:30", "Escalated to the database team"), ("15:00", "Service restored"))


@pytest.mark.parametrize("entry", ENTRIES)
def test_timeline(entry):
    facts = read("# Outage\n\n## Timeline\n\n" + "\n".join(entry.format(*told) for told in TOLD) + "\n").plain()
    assert len(facts["timeline_entries"]) == 3
    assert (facts["detected_at"], facts["resolved_at"], facts["escalated_to"]) == ("14:00", "15:00", ["database team"])


@pytest.mark.parametrize(
    ("sentence", "percent"),
    [
        ("60 percent of users were affected.", 60),
        ("Percentage of users affected: 60%", 60),
        ("60% (about 3,000) of users were affected.", 60),
        ("Approximately 60% of website visitors could not log in.", 60),
        ("Half of the users were affected.", 50),
        ("All of our customers were affected.", 100),
        ("No users were affected.", None),
        ("60% of requests failed.", None),
        ("User traffic saw a 60% drop in user engagement.", None),
        ("60% of the servers were down.", None),
    ],
)
def test_percent_of_users(sentence, percent):
    assert read(f"# Outage\n\n## Issue Summary\n\n{sentence}\n").plain()["percent_users_affected"] == percent


@pytest.mark.parametrize(
    ("list_of_tasks", "number"),
    [
        ("## Action Items\n\n- one thing\n- two things\n- three things\n", 3),
        ("## Corrective Measures\n\n### Improvements\n- x y\n- z w\n\n### Tasks\n- [ ] do a\n- [x] do b\n", 2),
        ("## Preventive measures\n\n* **Alerts:**\n  * Add one\n  * Add two\n* **Tests:**\n  * Load test\n", 2),
        ("## Follow-up actions\n\n| Action | Owner |\n|-|-|\n| Do a | X |\n| Do b | Y |\n", 2),
        ("## Preventative Measures\n\nTo prevent this we will:\n\n• Add an alert\n• Add an index\n", 2),
        ("## Preventative Measures\n\nWe should have had an alert, and more tests.\n", 0),
    ],
)
def test_action_items(list_of_tasks, number):
    assert len(read(f"# Outage\n\n{TIMELINE}\n{list_of_tasks}").action_items) == number

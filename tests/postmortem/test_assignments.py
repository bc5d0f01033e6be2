"""Owners and due dates of the tasks in other people's documents: as written, in each form; nothing invented."""

from datetime import date

import pytest

from failonce.postmortem.assignments import Assignment, assignments
from failonce.postmortem.read import read

HEAD = "# Checkout was down\n\nIt broke on 3 May 2026.\n\n## Action items\n\n"
DAY = date(2026, 10, 1)


def told(tasks, before=HEAD):
    text = before + tasks
    return assignments(text, read(text).action_items)


@pytest.mark.parametrize(
    ("task", "owner", "due"),
    [
        ("- Add an index on reviews. Owner: database team. Due: 2026-10-01", "database team", DAY),
        ("- Add an index on reviews (owner: Ada Byron, due: 1 Oct 2026)", "Ada Byron", DAY),
        ("- [ ] Add an index on reviews, **Owner:** @ada, **Deadline:** October 1, 2026", "ada", DAY),
        ("- Add an index on reviews\n  - Owner: [Ada](https://example.org/ada)\n  - Due: 2026-10-01", "Ada", DAY),
        ("- Add an index on reviews\n  Owner: @amina\n  Tracking: `AUTH-5`. Due: 1 October 2026.", "amina", DAY),
        ("- @ada: add an index on reviews by 2026-10-01", "ada", DAY),
        ("- Add an index on reviews (@ada)", "ada", None),
        ("- Add an index on reviews. Owner: Ada, Mei", "Ada, Mei", None),
        ("- Add an index on reviews. Assigned to: J. Smith", "J. Smith", None),
        ("- [ ] **A1** (prevent; ada; due 2026-10-01): Add an index on reviews.", "ada", DAY),
        ("- [ ] **A1** (prevent; due 2026-10-01): Add an index on reviews.", None, DAY),
        ("- [ ] **A1** (prevent): Add an index on reviews.", None, None),
    ],
)
def test_an_owner_and_a_date_are_read_where_they_are_written(task, owner, due):
    assert told(f"{task}\n- Alert on full scans of large tables\n") == (Assignment(owner, due), Assignment())


@pytest.mark.parametrize(
    "task",
    [
        "- Add an index on reviews. Owner: TBD. Due: TBD",
        "- Add an index on reviews. Owner: [name]. Due: [date]",
        "- Add an index on reviews. Owner: unassigned. Due: Q4",
        "- Add an index on reviews. Due: 1 October",
        "- Add an index on reviews. Due: 04/05/2026",
        "- Alert @oncall of full scans and tell whoever is responsible for reviews",
        "- Freeze the schema until 2026-10-01 so that nobody adds a column",
        "- Add the index that was dropped on 2026-05-03 to reviews",
    ],
)
def test_what_is_not_said_for_sure_stays_open(task):
    assert told(f"{task}\n- Alert on full scans of large tables\n")[0] == Assignment()


def test_an_order_of_day_and_month_that_the_document_settles_counts():
    text = "# Down\n\nIt broke on 04/27/2026 at noon.\n\n## Action items\n\n"
    assert told("- Add an index on reviews. Due: 10/01/2026\n- Alert on scans of tables\n", text)[0].due == DAY


def test_a_table_is_read_by_its_columns():
    table = (
        "| Action item | Type | Owner | Bug | Due date |\n|---|---|---|---|---|\n"
        "| Add an index on the reviews table | prevent | [ada](https://x.org) | n/a 12 | 2026-10-01 |\n"
        "| Alert on full scans of large tables | detect | TBD | 13 | soon |\n"
    )
    assert told(table) == (Assignment("ada", DAY), Assignment())

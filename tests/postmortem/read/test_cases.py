"""One small document for each oddity of what people write, with the facts a careful reader takes from it."""

import json
from pathlib import Path

import pytest

from failonce.postmortem.read import read

CASES = sorted((Path(__file__).parents[2] / "cases" / "read").glob("*.md"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_reads(path):
    facts = read(path.read_text(encoding="utf-8")).plain()
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert {name: counted(facts[name], value) for name, value in expected.items()} == expected


def counted(value, expected):
    """Where a number is expected of a list, its length."""
    return len(value) if isinstance(value, list) and isinstance(expected, int) else value


def test_a_fact_says_where_it_was_read():
    text = "# Title\n\n## Issue Summary\n\nUp to 35% of users saw errors.\n"
    fact = read(text).percent_users_affected
    assert (fact.value, fact.line) == (35, 5)
    assert text.split("\n")[4][fact.column - 1 :].startswith("35% of users")


def test_a_met_demand_says_by_which_words_and_an_unmet_one_where_they_belong():
    met = read("# T\n\n## Issue Summary\n\nAt 14:00 the API was down.\n").requirements_met
    assert (bool(met["start"]), met["start"].line, met["start"].as_written) == (True, 5, "14:00")
    assert (bool(met["impact_percent"]), met["impact_percent"].line) == (False, 5)


def test_nothing_is_invented():
    facts = read("# A shopping list\n\n- bread\n- milk\n").plain()
    silent = (
        "start",
        "end",
        "duration_minutes",
        "percent_users_affected",
        "detected_at",
        "resolved_at",
        "timezone_as_written",
    )
    assert [facts[name] for name in silent] == [None] * len(silent)
    assert facts["timeline_entries"] == facts["escalated_to"] == facts["misleading_paths"] == []

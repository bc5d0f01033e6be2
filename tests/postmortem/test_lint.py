"""The linter on whole documents: the five published ones it was measured with, where at hand, and any text."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failonce import plugins
from failonce.postmortem.lint import RULES, lint
from failonce.postmortem.profiles import ATLASSIAN, BUILT_IN, SEED, SEVERITIES, SRE_BOOK

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
CASES = Path(__file__).parents[1] / "cases" / "postmortem-rules"
UNOWNED = {"action-owner", "action-date"}
EXPECTED = {
    # Why now? is not told; watched for half an hour after users were served again; a task without an end.
    "000": {"trigger-named", "end-and-recovery", "action-vague"} | UNOWNED,
    # "# Postmortem"; a release without a name or a time; the query is optimized, and still to be deployed.
    "001": {"title-says", "release-untimed", "done-and-to-do", "action-vague"} | UNOWNED,
    # Cut off in an Oracle statement, below an assignment; a rollback that did not help, of the release that is blamed.
    "002": {"length", "improvements", "todo-list", "cut-off", "foreign-dialect", "template-text", "rolled-back-release"}
    | {"end-and-recovery", "release-untimed"},
    # No title; retries that are there and still to be added.
    # "Misleading assumption of query bottlenecks", and an inefficient query as the cause.
    "003": {"title-says", "summary-root-cause", "wrong-lead-is-cause", "done-and-to-do", "action-vague"} | UNOWNED,
    # One time in the whole timeline; "all system metrics were stable" beside a surge in connections; a pool limit that
    # was raised for the time being.
    "004": {"entries-timed", "all-was-normal", "trigger-named", "temporary-stays", "done-and-to-do", "action-vague"}
    | UNOWNED,
}
# What makes an end of a rule's patience: repeated markers, times, percentages, code, labels.
PIECES = [
    "#",
    "- ",
    "14:00 UTC: ",
    "80% of users",
    "**",
    "```",
    "`",
    "<!-- failonce: ignore ",
    "root cause was ",
    "\n",
    " ",
]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed documents are not part of the project")
@pytest.mark.parametrize("seed", EXPECTED)
def test_seed(seed):
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    assert {finding.rule for finding in lint(path.read_text())} - EXPECTED[seed] == set()
    assert EXPECTED[seed] - {finding.rule for finding in lint(path.read_text())} == set()


def test_an_empty_text_lacks_every_part_and_nothing_else():
    assert len(lint("")) == 18


def test_findings_come_in_the_order_of_the_lines():
    findings = lint("# Postmortem\n\n## Issue Summary\n\nDown.\n\n## Timeline\n\n- 14:00\n")
    places = [(finding.line, finding.column, finding.rule) for finding in findings]
    assert places == sorted(places)
    assert len(places) > 10


def test_a_finding_points_at_its_words():
    (found,) = [
        f for f in lint(case("wrong-lead-is-cause/fails-misleading-assumption")) if f.rule == "wrong-lead-is-cause"
    ]
    assert found.text[found.column - 1 : found.end_column - 1] == "query bottlenecks"
    assert found.why.startswith("Whoever meets the same symptoms")


def test_lines_end_as_they_end_elsewhere():
    text = case("timeline-order/fails-two-swapped")
    assert lint(text.replace("\n", "\r\n")) == lint(text)


# Profiles


def case(name: str) -> str:
    return (CASES / f"{name}.md").read_text()


@pytest.mark.parametrize("profile", BUILT_IN.values(), ids=lambda profile: profile.name)
def test_a_profile_speaks_of_rules_that_exist(profile):
    assert set(profile.severities) <= set(plugins.load(RULES))
    assert set(profile.severities.values()) <= set(SEVERITIES)


def test_a_task_without_an_owner_is_advice_or_an_error_as_the_profile_has_it():
    text = case("action-owner/fails-none")
    severities = [{f.rule: f.severity for f in lint(text, p)}["action-owner"] for p in (SEED, SRE_BOOK, ATLASSIAN)]
    assert severities == ["warning", "error", "error"]


def test_what_a_profile_turns_off_is_not_found():
    assert "length" in {f.rule for f in lint("Down.")}
    assert "length" not in {f.rule for f in lint("Down.", SRE_BOOK)}
    assert "length" not in {f.rule for f in lint("Down.", SEED.extended("house", {"length": "off"}))}


# Suppressions


def test_a_suppression_with_a_reason_holds():
    assert "length" not in {f.rule for f in lint("<!-- failonce: ignore length: an outline -->\n\nDown.")}


def test_a_suppression_without_a_reason_does_not_hold_and_is_found():
    rules = {f.rule for f in lint("<!-- failonce: ignore length -->\n\nDown.")}
    assert {"length", "suppression-reason"} <= rules


# Any bytes


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), max_size=60).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_text_is_linted(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in lint(text):
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= finding.end_column

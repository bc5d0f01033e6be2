"""Reading: parts by headings of any kind, labels, bullets with times, words; and any text at all."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failonce.postmortem.document import Part, read
from failonce.postmortem.lint import lint

PARTS = ("Issue Summary", "Timeline", "Root Cause and Resolution", "Corrective and Preventative Measures")
STYLES = {
    "atx": "## {}\n\n{}\n",
    "setext": "{}\n------\n\n{}\n",
    "bold": "**{}**\n\n{}\n",
    "bold with colon": "**{}:**\n\n{}\n",
    "underlined": "__{}:__\n\n{}\n",
    "plain": "{}\n\n{}\n",
    "plain with colon": "{}:\n{}\n",
    "with an emoji": "## 🕒 {}\n\n{}\n",
    "deep": "#### {}\n\n{}\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_finds_the_four_parts(style):
    text = "# Postmortem\n\n" + "\n".join(STYLES[style].format(part, f"Here is part {part}.") for part in PARTS)
    document = read(text)
    assert [str(part) for part in document.lines] == list(PARTS)
    assert [block.text for block in document.part(Part.TIMELINE)] == ["Here is part Timeline."]


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("- 14:05 UTC - An alert fired.", "14:05 UTC"),
        ("* _14:05 GMT_: An alert fired.", "14:05 GMT"),
        ("- **14:03:25 UTC** - An alert fired.", "14:03:25 UTC"),
        ("+ 14:05: An alert fired.", "14:05"),
        ("- [2:45 PM] An alert fired.", "2:45 PM"),
        ("14:05 UTC An alert fired.", "14:05 UTC"),
        ("| Time | Event |\n|-|-|\n| 14:05 UTC | An alert fired. |", "14:05 UTC"),
        ("    3:05 pm - An alert fired.", "3:05 pm"),
    ],
)
def test_reads_timeline_entries(line, when):
    (entry,) = read(f"## Timeline\n\n{line}\n").entries
    assert (entry.time, entry.text) == (when, "An alert fired.")


def test_root_cause_in_the_summary_is_a_label_of_it():
    document = read("## Issue Summary\n\n**Root Cause:**\nA query.\n\n## Root Cause and Resolution\n\nIt scanned.\n")
    (block,) = document.part(Part.SUMMARY)
    assert block.said == "Root Cause: A query."
    assert [b.text for b in document.part(Part.CAUSE)] == ["It scanned."]


def test_nested_bullets_stand_under_their_label():
    document = read("## Issue Summary\n\n- **Duration:**\n    - Start Time: 10:15\n    - End Time: 14:45\n")
    assert [b.said for b in document.blocks] == ["Duration, Start Time: 10:15", "Duration, End Time: 14:45"]


def test_counts_words_as_a_reader_does():
    text = (
        "---\nid: one two three\n---\n# Two words\n\n- **One** - [two](http://a.b/c) `three`\n\n```sql\nselect 1\n```\n"
    )
    assert read(text).words == 5


def test_lines_are_those_of_the_file():
    document = read("---\na: b\n---\n\n# Title\n\n## Timeline\n\n- 14:05 UTC: Alert.\n")
    assert document.line(Part.TIMELINE) == 7
    assert document.entries[0].line == 9


MARKDOWN = st.lists(
    st.sampled_from([*PARTS, "#", "## ", "- ", "* ", "> ", "**", "__", "`", "```", "|", "-|-", "\n", "\n\n", "    "])
    | st.sampled_from(
        ["14:00 UTC", "---\n", "<p>", "<!--", "[a](b)", "![", "](", "&amp;", "\\", "\t", "\r\n", "1. ", ":"]
    )
    | st.text(max_size=20),
    max_size=60,
).map("".join)


@given(MARKDOWN)
@settings(max_examples=150, deadline=None)
def test_reads_any_text(text):
    document = read(text)
    assert document.words >= 0
    assert all(1 <= block.line <= text.count("\n") + text.count("\r") + 1 for block in document.blocks)
    assert [finding.line for finding in lint(text)] == sorted(finding.line for finding in lint(text))


HOSTILE = (
    "[",
    "![",
    "](",
    "**",
    "_ ",
    "<a ",
    "a: ",
    "> ",
    "- a\n",
    "|a",
    "|a|b|\n|-|-|\n",
    "14:0",
    "---\n",
    "a ",
    "1%users ",
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_takes_time_in_proportion_to_the_text(unit):
    assert seconds(unit, 48_000) < 24 * max(seconds(unit, 6_000), 0.005)


def seconds(unit: str, length: int) -> float:
    text = (unit * length)[:length]
    started = time.process_time()
    lint(text)
    return time.process_time() - started

"""Any text at all: no crash, no hang, places that exist, and time in proportion to the text."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failonce.postmortem.read import read

PIECES = st.sampled_from(
    [
        *(
            "# ",
            "## Timeline\n",
            "##Summary\n",
            "**Root Cause:** ",
            "- ",
            "(1)\n",
            "(2)\n",
            "| a | b |\n|-|-|\n",
            "```\n",
        ),
        *(
            "<li>",
            "<h2>",
            "\n",
            "\n\n",
            "14:00 UTC",
            "0300hrs",
            "3:AM",
            "12/13/2030",
            "31 Feb 2030",
            "7-13th Nov",
            "25:99",
        ),
        *("to", "until", "midnight", "GMT-5", "+14:59", "all users", "300% of users", "escalated to ", "must contain"),
        *("99999999999999 hours", "Start: ", "End: ", "Tasks:\n", "\x00", "\u2028"),
    ]
)


@given(st.lists(PIECES | st.text(max_size=12), max_size=50).map("".join))
@settings(max_examples=100, deadline=None)
def test_reads_anything(text):
    facts = read(text).plain()
    json.dumps(facts)
    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for places in facts["places"].values():
        for place in places if isinstance(places, list) else [places]:
            assert 1 <= place["line"] <= last
            assert place["column"] >= 1


NASTY = ("- a\n", "  - a\n    - b\n", "|a|b|\n|-|-|\n", "[", "14:00 ", "a b ", "Timeline:\n14:00 a\n")


@pytest.mark.parametrize("unit", NASTY)
def test_takes_time_in_proportion_to_the_text(unit):
    assert least(unit, 60_000) < 4 * 2 * max(least(unit, 15_000), 0.02)


def test_a_megabyte_takes_no_more_than_what_is_read_of_it():
    assert least("all of the 14:00 ", 1_000_000) < 3 * least("all of the 14:00 ", 100_000)


def least(unit, length):
    """The less of two: what else runs here only ever adds."""
    return min(seconds(unit, length) for _ in range(2))


def seconds(unit, length):
    text = (unit * length)[:length]
    started = time.process_time()
    read(text)
    return time.process_time() - started


def test_a_text_too_long_to_be_a_postmortem_says_so():
    assert [d.field for d in read("word " * 50_000).doubts] == ["words"]

"""Words as a reader counts them, on any text, in time that grows with it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failonce.postmortem.words import plain, prose, prose_words

HOSTILE = ["[", "![a](", "*_", "<a ", "```\n", "---\n", "|a|b|\n|-|-|\n", "- [ ] x\n", "\\"]


def test_code_and_front_matter_are_not_read_aloud():
    text = "---\ntitle: a b c\n---\n# Two words\n\n```sql\nselect 1\n```\n\n- **and** `two`\n"
    assert prose_words(text) == 4


def test_a_fence_of_the_other_kind_does_not_close_it():
    assert prose("~~~\n```\nno\n~~~\nyes") == "yes"


def test_an_open_fence_runs_to_the_end():
    assert prose("yes\n```\nno") == "yes"


@given(st.text())
def test_any_text_is_counted(text):
    assert 0 <= prose_words(text) <= len(text.split())
    assert plain(plain(text)) is not None


@pytest.mark.parametrize("unit", HOSTILE)
def test_takes_time_in_proportion_to_the_text(unit):
    assert seconds(unit * 20_000) < 40 * max(seconds(unit * 2_000), 0.005)


def seconds(text):
    began = time.perf_counter()
    prose_words(text)
    return time.perf_counter() - began

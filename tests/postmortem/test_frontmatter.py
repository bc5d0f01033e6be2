"""Front matter: typed values, changes key by key, everything else byte for byte; other tools' as well."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failonce.model.errors import UsageError
from failonce.postmortem.foreign import known, opsgenie
from failonce.postmortem.frontmatter import front, updated
from failonce.postmortem.read import read
from postmortem.hostile import ONE_MEGABYTE

DOCUMENT = """---
# whoever reads this: hello
title:   'It''s down'   # a remark
start: 2026-09-14T14:03:00Z
odd:
  - {a: 1}
  - b
affected: [web, api]
---
# Body
"""


def test_values_are_typed_and_instants_stay_as_written():
    values = front(DOCUMENT).values
    assert values["title"] == "It's down"
    assert values["start"] == "2026-09-14T14:03:00Z"
    assert values["odd"] == [{"a": 1}, "b"]
    assert front("---\nflag: no\nshare: 4.5\nlive: true\nnone: ~\n---\n").values == {
        "flag": "no",
        "share": 4.5,
        "live": True,
        "none": None,
    }


def test_a_change_leaves_everything_else_byte_for_byte():
    changed = updated(DOCUMENT, {"start": "2026-09-14T14:04", "services": ["web"]})
    assert changed == DOCUMENT.replace("2026-09-14T14:03:00Z", '"2026-09-14T14:04"').replace(
        "affected: [web, api]\n", 'affected: [web, api]\nservices: ["web"]\n'
    )


def test_a_value_of_many_lines_is_replaced_whole():
    assert front(updated(DOCUMENT, {"odd": 3})).values == {**front(DOCUMENT).values, "odd": 3}


@given(st.text(max_size=80), st.text(max_size=40))
def test_the_parts_are_the_document(head, body):
    for text in (head + body, f"---\n{head}\n---\n{body}"):
        parts = front(text)
        assert parts.opening + parts.yaml + parts.closing + parts.body == text


@given(st.text(max_size=60))
def test_any_text_comes_back_as_it_was(value):
    assert front(updated("# Body\n", {"title": value})).values == {"title": value}


@pytest.mark.parametrize(
    "written",
    ["a: [", "- a", "a: &x 1\nb: *x", "a: !!python/object:os.system x", "a: !!timestamp 2020-01-01", "[" * 5000],
)
def test_what_cannot_be_read_is_said(written):
    read = front(f"---\n{written}\n---\n# Body")
    assert read.problem
    assert read.values == {}


@pytest.mark.parametrize("name", ONE_MEGABYTE)
def test_a_megabyte_takes_no_time(name):
    begun = time.process_time()
    front(ONE_MEGABYTE[name])
    assert time.process_time() - begun < 1


def test_icco_front_matter_tells_what_the_text_does_not():
    text = (
        "---\ntitle: A\nstart_time: 2017-01-31T23:00:00Z\nend_time: 2017-02-01T17:00:00Z\nproduct: GitLab\n---\nGone.\n"
    )
    facts = known(read(text), text)
    assert facts["start"] == "2017-01-31T23:00:00Z"
    assert facts["services"] == ["GitLab"]


def test_cstate_front_matter_as_well():
    dates = "date: 2021-03-01 10:00:00\nresolved: true\nresolvedWhen: 2021-03-01 11:00:00"
    text = f"---\ntitle: Down\n{dates}\naffected: [API]\n---\nx\n"
    facts = known(read(text), text)
    assert (facts["start"], facts["resolved_at"]) == ("2021-03-01 10:00:00", "2021-03-01 11:00:00")
    assert facts["services"] == ["API"]


def paragraph(text: str, *marks: str) -> dict:
    return {"type": "paragraph", "content": [{"type": "text", "text": text, "marks": [{"type": m} for m in marks]}]}


def test_opsgenies_postmortem_becomes_a_document():
    item = {"type": "listItem", "content": [paragraph("one")]}
    content = [
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Timeline"}]},
        {"type": "bulletList", "content": [item, item]},
        {"type": "codeBlock", "content": [{"type": "text", "text": "select 1"}]},
        paragraph("very", "strong"),
        {"type": "unknown", "content": [paragraph("kept_all")]},
    ]
    data = {
        "executiveSummary": {"type": "doc", "content": [paragraph("Short.")]},
        "content": {"type": "doc", "content": content},
    }
    data |= {
        "title": "Checkout",
        "severity": "P1",
        "startTime": "2021-02-26T04:13:21.075Z",
        "rootIncident": {"id": "i-1"},
    }
    text = opsgenie(json.dumps({"data": data}))
    values = {"title": "Checkout", "severity": "P1", "start": "2021-02-26T04:13:21.075Z", "opsgenie_incident": "i-1"}
    assert front(text).values == values
    assert front(text).body.strip() == (
        "# Checkout\n\n## Executive Summary\n\nShort.\n\n## Timeline\n\n- one\n- one\n\n"
        "```\nselect 1\n```\n\n**very**\n\nkept\\_all"
    )


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"data": 3}', b"[" * 100_000, b"\xff"])
def test_other_json_is_refused(content):
    with pytest.raises(UsageError):
        opsgenie(content)

"""Saving refuses to lose anything: a form comes back as it was told, and a change changes nothing else."""

import pytest

from failonce.postmortem.form import ASKS, Form, missing, written
from failonce.postmortem.frontmatter import front
from failonce.postmortem.read import read
from failonce.postmortem.save import WouldLose, changed, check

FULL = Form(
    title="Checkout was down for an hour",
    start="2026-09-14T14:03",
    end="2026-09-14T15:10",
    timezone="UTC",
    service="checkout",
    users_affected_percent=40,
    experience="Paying took over 30 seconds or failed with an error.",
    cause_summary="A migration dropped the index on orders.",
    detected="2026-09-14T14:09",
    detected_by="An alert on p95 response time.",
    actions_taken=("**14:12 UTC** - Assumed that the network was slow and looked at it.",),
    misleading=("The network, which cost 15 minutes.",),
    escalated_to="The database team.",
    resolution_summary="The index was built again.",
    cause="The migration dropped the index because its name had changed in the model. Without it each request scanned "
    "the whole table, so the processors were busy, requests queued for a connection and then timed out.",
    fix="With the index a request reads 5 blocks instead of 29,000.",
    improvements=("Review migrations for dropped indexes.",),
    tasks=("Alert when the index is absent (Ada, 2026-10-01).",),
)


def test_a_full_form_has_every_part_the_reader_asks_for():
    text = written(FULL)
    assert missing(FULL) == ()
    unmet = {name for name, met in read(text).requirements_met.items() if not met}
    assert unmet <= {"length_400_600"}
    assert read(text).percent_users_affected.value == 40


def test_an_empty_form_says_each_part_in_its_place():
    text = written(Form("T"))
    assert len(missing(Form("T"))) == len(ASKS)
    assert [ask.question for ask in ASKS if f"<!-- to fill in: {ask.question}" not in text] == []


@pytest.mark.parametrize("text", ["<!-- swallowed", "```", "a <!-- b --> c"])
def test_an_answer_that_would_swallow_others_is_refused(text):
    with pytest.raises(WouldLose):
        written(Form("T", improvements=(text,)))


def test_a_change_keeps_comments_unknown_keys_and_the_text():
    before = "---\n# ours\nmood: grim   # yes\nstart: 14:00\n---\n\n# T\n\nOdd <b>text\n"
    after = changed(before, {"start": "2026-09-14T14:00"})
    assert after == before.replace("start: 14:00", 'start: "2026-09-14T14:00"')


def test_front_matter_that_is_no_yaml_is_left_alone():
    with pytest.raises(WouldLose, match="front matter"):
        changed("---\na: [\n---\n# T\n", {"start": "x"})


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        ("---\nb: 2\n---\n# T\n", "a "),
        ("---\na: 1\n---\n# T\n", "the comment"),
        ("---\n# hm\na: 1\n---\n# U\n", "text beneath"),
    ],
)
def test_what_would_be_lost_is_named(after, lost):
    with pytest.raises(WouldLose, match=lost):
        check("---\n# hm\na: 1\n---\n# T\n", after, {})


def test_a_changed_key_reads_back():
    assert front(changed("# T\n", {"services": ["a: b", "#c"]})).values == {"services": ["a: b", "#c"]}

"""The draft: to the specification whatever the incident, and no sentence without a fact that can be found again."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fix_incident
from failonce import jsontext
from failonce.model.action import ActionItem, ActionKind
from failonce.model.diagnosis import Diagnosis, Link, LinkKind, RuledOut, Status, Verdict
from failonce.model.finding import Finding
from failonce.model.incident import EntryKind, Impact, Incident
from failonce.model.snapshot import Gap
from failonce.postmortem.actions import action_items
from failonce.postmortem.draft import draft, sources
from failonce.postmortem.lint import lint
from failonce.postmortem.words import count_words, prose_words

EXAMPLES = Path(__file__).parents[2] / "examples"
LAYOUT = re.compile(
    r"(?:- \[[ x]\] \*\*\S+\*\* \([^)]+\): |- \*\*\d\d:\d\d:\d\d UTC\*\* - |- |\*\*[A-Z][\w ]+:\*\* | )?"
)
STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def long_worded(incident: Incident) -> Incident:
    """Make every sentence of others ten times as long."""
    diagnosis = incident.diagnosis
    chain = tuple(replace(link, statement=" ".join([link.statement] * 10)) for link in diagnosis.chain)
    ledger = tuple(replace(lead, statement=" ".join([lead.statement] * 10)) for lead in diagnosis.ruled_out)
    entries = tuple(replace(entry, text=" ".join([entry.text] * 10)) for entry in incident.timeline)
    worded = replace(diagnosis, chain=chain * 3, ruled_out=ledger * 3)
    return replace(incident, diagnosis=worded, timeline=entries, title=" ".join([incident.title] * 10))


def bare(incident: Incident) -> Incident:
    """Leave nothing but that there was an alarm."""
    diagnosis = Diagnosis(
        chain=(),
        cause=None,
        confidence=0.0,
        abstained=True,
        culprit=None,
        ruled_out=(),
        open_leads=(),
        gaps=(),
        onset_at=incident.diagnosis.onset_at,
        detected_at=incident.diagnosis.detected_at,
        diagnosed_at=None,
    )
    return replace(
        incident,
        signals=(),
        diagnosis=diagnosis,
        remedy=None,
        impact=None,
        timeline=(),
        mitigated_at=None,
        recovered_at=None,
    )


def incidents() -> dict[str, Incident]:
    index = fix_incident.missing_index_incident()
    assert index.remedy
    proposed = replace(index.remedy, applied_at=None, finished_at=None)
    failed = replace(index.remedy, finished_at=None, failed="LockNotAvailable: canceling statement due to lock timeout")
    roll_back = replace(
        proposed, kind="roll-back-release", statement="Roll back release v42 to v41.", sql=None, undo=None
    )
    escalated = fix_incident.entry(35, EntryKind.ESCALATED, "to the database team, by telephone.")
    nobody = replace(index.diagnosis, culprit=None)
    return {
        "missing index": index,
        "traffic": fix_incident.traffic_incident(),
        "abstained": fix_incident.abstained_incident(),
        "no remedy": replace(index, remedy=None, mitigated_at=None),
        "remedy not applied": replace(index, remedy=proposed, mitigated_at=None),
        "remedy not applied, still going on": replace(index, remedy=proposed, mitigated_at=None, recovered_at=None),
        "remedy failed": replace(index, remedy=failed, mitigated_at=None, recovered_at=None),
        "remedy unproven": replace(index, remedy=replace(index.remedy, proof=None, unproven="No role may ask.")),
        "remedy without SQL": replace(index, remedy=roll_back, mitigated_at=None),
        "not recovered": replace(index, recovered_at=None),
        "no impact": replace(index, impact=None),
        "no request": replace(index, impact=Impact(0, 0, 0, 0.0, None, None)),
        "nobody affected": replace(index, impact=Impact(900, 0, 0, 0.0, 14.0, 15.0)),
        "only failed": replace(index, impact=Impact(900, 1, 0, 0.1, None, None)),
        "no culprit": replace(index, diagnosis=nobody),
        "no timeline": replace(index, timeline=()),
        "escalated": replace(index, timeline=(*index.timeline, escalated)),
        "long": long_worded(index),
        "bare": bare(index),
    }


INCIDENTS = incidents()


def errors(text: str) -> list[Finding]:
    """What the linter finds wrong; whom a task belongs to and until when, is left to who signs."""
    return [finding for finding in lint(text) if finding.rule not in ("action-owner", "action-date")]


def entries(text: str) -> list[tuple[str, str]]:
    """The timeline's bullets: time and text."""
    return re.findall(r"^- \*\*(\d\d:\d\d:\d\d UTC)\*\* - (.*)$", text, re.MULTILINE)


def holds(incident: Incident, actions: tuple[ActionItem, ...]) -> None:
    """Check what is true of every draft."""
    text = draft(incident, actions)
    assert 400 <= prose_words(text) <= 600
    assert errors(text) == []
    leave_no_sentence_unsourced(text, incident, actions)


def leave_no_sentence_unsourced(text: str, incident: Incident, actions: tuple[ActionItem, ...]) -> None:
    """Consume the text: layout and statements in their order, and nothing else."""
    rest = "\n".join(content(text))
    for statement in sources(incident, actions):
        place = rest.find(statement.text)
        assert LAYOUT.fullmatch(rest[:place].lstrip("\n")), rest[: place + 1]
        rest = rest[place + len(statement.text) :]
        assert statement.sources
        for source in statement.sources:
            resolve(source, incident, actions)
    assert rest.strip() == ""


def content(text: str) -> list[str]:
    """Return the lines that say something: no front matter, no heading, no SQL."""
    body = re.sub(r"(?ms)\A---$.*?^---$", "", text)
    body = re.sub(r"(?ms)^(```+)sql$.*?^\1$", "", body)
    return [line for line in body.splitlines() if line.strip() and not line.startswith("#")]


def resolve(source: str, incident: Incident, actions: tuple[ActionItem, ...]) -> object:
    """Follow a pointer such as `diagnosis.chain[1].evidence[0]`; raises when it leads nowhere."""
    value: object = incident
    for number, step in enumerate(source.split(".")):
        match = STEP.fullmatch(step)
        assert match, source
        value = actions if number == 0 and match[1] == "actions" else getattr(value, match[1])
        if match[2] is not None:
            value = value[int(match[2])]  # type: ignore[index]
    return value


@pytest.mark.parametrize("name", INCIDENTS)
def test_a_draft_is_to_the_specification_and_sourced(name):
    incident = INCIDENTS[name]
    holds(incident, action_items(incident))


@pytest.mark.parametrize("name", INCIDENTS)
def test_a_draft_needs_no_action_items(name):
    text = draft(INCIDENTS[name], ())
    assert 400 <= prose_words(text) <= 600
    assert errors(text) == []


@pytest.mark.parametrize("name", INCIDENTS)
def test_nothing_reads_like_a_program(name):
    text = "\n".join(content(draft(INCIDENTS[name], action_items(INCIDENTS[name]))))
    for word in ("None", "{", "[]", "()", " ,", "..", "datetime", " 1 seconds", "  "):
        assert word not in text.replace("- [ ]", ""), word


def test_the_ordinary_drafts_stay_within_the_limit_however_words_are_counted():
    for name in ("missing index", "traffic", "abstained"):
        assert count_words(draft(INCIDENTS[name], action_items(INCIDENTS[name]))) <= 600


def test_the_missing_index_is_told_with_its_numbers():
    incident = INCIDENTS["missing index"]
    text = draft(incident, action_items(incident))
    assert "The outage lasted 21 seconds, from 2026-09-14 14:03:25 UTC to 2026-09-14 14:03:46 UTC." in text
    assert "13,500 blocks per call, 13 before" in text
    assert f"```sql\n{incident.remedy.sql}\n```" in text
    assert "where recipe_id = ?" in text
    assert "cost 19,897" in text
    assert "users are not counted" in text
    times = [at for at, _ in entries(text)]
    assert times == sorted(times)
    assert times[0] == "14:03:25 UTC"


def test_two_causes_are_both_told():
    incident = fix_incident.missing_index_incident()
    other = Verdict("lock-order", Status.CONFIRMED, 0.9, "Transactions lock the same rows in opposite order.", ())
    both = replace(incident, diagnosis=replace(incident.diagnosis, also=(other,)))
    text = draft(both, action_items(both))
    assert errors(text) == []
    assert "At the same time, transactions lock the same rows in opposite order." in text
    assert "**At the same time:** Transactions lock" in text
    assert "and beside it lock order" in text


def test_every_wrong_lead_that_is_told_has_its_number():
    text = draft(INCIDENTS["missing index"], ())
    told = [said for _, said in entries(text) if "is ruled out" in said]
    assert len(told) >= 3
    assert all(any(c.isdigit() for c in lead) for lead in told)


def test_an_outage_still_going_on_says_since_when():
    text = draft(INCIDENTS["abstained"], ())
    assert "was ongoing at 2026-09-14 14:04:05 UTC, 40 seconds later." in text
    assert "\nend: null\n" in text
    assert "The cause was not determined" in text


def test_nobody_is_said_to_be_paged_who_was_not():
    assert "no team was paged" in draft(INCIDENTS["missing index"], ())
    escalated = draft(INCIDENTS["escalated"], ())
    assert "Escalated: to the database team, by telephone." in escalated
    assert "no team was paged" not in escalated


def test_a_fix_not_applied_waits_for_the_owner_of_the_relation():
    text = draft(INCIDENTS["remedy not applied"], ())
    assert "The fix waits for the owner of `reviews`." in text
    assert "was proposed and not applied" in text


def test_a_task_shows_its_owner_and_its_day():
    item = ActionItem("i-A1", "i", "Patch it.", ActionKind.PREVENT, owner="Database team", due=date(2026, 10, 1))
    assert "- [ ] **A1** (prevent; Database team; due 2026-10-01): Patch it." in draft(INCIDENTS["bare"], (item,))


def test_markup_in_a_fact_has_no_effect():
    incident = INCIDENTS["missing index"]
    link = Link(LinkKind.CAUSE, "missing-index", "count(*) of <b>\n# all_rows_ [x](y) is ```slow", ())
    text = draft(replace(incident, diagnosis=replace(incident.diagnosis, chain=(link,))), ())
    assert r"count(\*) of \<b> # all_rows\_ \[x](y) is" in text
    assert errors(text) == []


def test_the_parts_are_the_specifications():
    parts = re.findall(r"^## (.*)$", draft(INCIDENTS["traffic"], ()), re.MULTILINE)
    assert parts == [
        "Issue Summary",
        "Timeline",
        "Root Cause and Resolution",
        "Corrective and Preventative Measures",
    ]


@pytest.mark.parametrize("said", ["library a2000.1.1 was blamed", "The release of 2000-01-01 was blamed"])
def test_a_date_in_a_fact_is_not_the_day_of_what_follows(said):
    incident = INCIDENTS["missing index"]
    leads = (RuledOut("network", said, ()),)
    assert errors(draft(replace(incident, diagnosis=replace(incident.diagnosis, ruled_out=leads)), ())) == []


SENTENCES = st.lists(st.text("abcdefgh *_`#<[&|-:.,0123456789äßλ", min_size=1, max_size=12), min_size=1, max_size=80)
TEXTS = SENTENCES.map(lambda words: "a" + " ".join(words))
LEADS = st.lists(st.builds(RuledOut, id=st.just("network"), statement=TEXTS, evidence=st.just(())), max_size=12)
GAPS = st.lists(st.builds(Gap, source=st.just("host"), reason=TEXTS, impact=TEXTS, hint=TEXTS), max_size=5)
LINKS = st.lists(
    st.builds(Link, kind=st.sampled_from(LinkKind), id=st.just("traffic"), statement=TEXTS, evidence=st.just(())),
    max_size=9,
)


@given(st.sampled_from(sorted(INCIDENTS)), LEADS, GAPS, LINKS, st.lists(TEXTS, max_size=8))
@settings(max_examples=40, deadline=None)
def test_any_facts_make_a_postmortem_of_400_to_600_words(name, leads, gaps, links, tasks):
    incident = INCIDENTS[name]
    diagnosis = replace(
        incident.diagnosis, ruled_out=tuple(leads), open_leads=tuple(leads[:2]), gaps=tuple(gaps), chain=tuple(links)
    )
    actions = tuple(ActionItem(f"i-A{n}", "i", text, ActionKind.DETECT) for n, text in enumerate(tasks))
    holds(replace(incident, diagnosis=diagnosis), actions)


@pytest.mark.parametrize(
    ("example", "told"),
    [
        # For everybody twice as long, for nobody three times: slow all the same.
        ("vacuum-storm", "answered more slowly than usual: at worst, one response in twenty took 86 ms or longer"),
        # One request of hundreds took long, as on any day.
        ("sequence-exhausted", "answered its users with errors."),
        ("missing-index", "answered slowly and with errors: at worst, one response in twenty took"),
    ],
)
def test_a_recorded_outage_is_told_as_users_felt_it(example, told):
    incident = jsontext.loads((EXAMPLES / example / "incident.json").read_bytes(), Incident)
    assert f"The service `spiceshare` {told}" in draft(incident, action_items(incident))


def test_the_load_without_the_culprit_is_told():
    index = INCIDENTS["missing index"]
    assert f"\n{fix_incident.WITHOUT}\n" in draft(index, action_items(index))


def test_a_plan_that_reads_the_same_table_alike_is_told_by_its_cost():
    index = INCIDENTS["missing index"]
    proof = index.remedy.proof
    alike = replace(proof, after=replace(proof.after, node=proof.before.node))
    text = draft(replace(index, remedy=replace(index.remedy, proof=alike)), ())
    assert "it takes the statement's cost from 19,897 to 14; Seq Scan on reviews is in both plans." in text

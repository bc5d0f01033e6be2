"""The page: one file, complete, readable by anybody, and never fooled by what a database says."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from failonce.model.action import ActionItem, ActionKind, ActionState
from failonce.model.incident import EntryKind, Incident, TimelineEntry
from failonce.postmortem import page as module
from failonce.postmortem.page import page
from failonce.postmortem.sqllayout import over_lines
from fix_incident import CULPRIT, WITHOUT, abstained_incident, missing_index_incident, snapshots, traffic_incident

MARKDOWN = """---
incident: x
---
# The title

## Issue Summary
Reviews were *slow*.

### Tasks
- [ ] Fix `it`.
"""
ACTIONS = (
    ActionItem("1", "x", "Review every DROP INDEX.", ActionKind.PREVENT, owner="data team", due=date(2026, 9, 21)),
    ActionItem("2", "x", "Do nothing.", ActionKind.DETECT, ActionState.DECLINED, reason="Too late."),
)
HOSTILE = '<script>alert(1)</script><img src="http://evil.example/x.png">"\'&--></style>'
CASES = {
    "missing-index": (missing_index_incident(), snapshots()),
    "traffic": (traffic_incident(), snapshots()),
    "abstained": (abstained_incident(), snapshots()),
    "no-recording": (missing_index_incident(), ()),
    "nothing-known": (abstained_incident(), ()),
    "no-application": (missing_index_incident(), tuple(replace(s, application=None) for s in snapshots())),
    "one-snapshot": (missing_index_incident(), snapshots()[40:41]),
}
VOID = {"meta", "br", "wbr", "hr", "input", "img", "link"}


class Outline(HTMLParser):
    """What a browser would make of the page: its elements, and its text outside of styles and data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag in ("td", "th", "dd", "dt"):
            self.words.append(" ")

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(params=CASES, ids=str)
def outline(request) -> Outline:
    return Outline(page(*_arguments(*CASES[request.param])))


def _arguments(incident, seen):
    return incident, MARKDOWN, seen, ACTIONS


def whole(incident: Incident, *, markdown: str = MARKDOWN, seen=None, actions=ACTIONS) -> Outline:
    return Outline(page(incident, markdown, snapshots() if seen is None else seen, actions))


def test_it_is_well_formed_and_complete(outline):
    assert outline.open == []
    assert {tag for tag, _ in outline.elements} >= {"header", "main", "article", "footer", "h1"}
    assert not {"img", "link", "iframe", "object", "embed"} & {tag for tag, _ in outline.elements}


def test_nothing_is_run_and_nothing_is_loaded(outline):
    assert outline.all("script") == [{"type": "application/json", "id": "facts"}]
    for tag, attributes in outline.elements:
        assert not {"src", "srcset", "xlink:href", "data", "poster"} & attributes.keys(), tag
        assert not any(name.startswith("on") for name in attributes), tag
    assert "url(" not in page(missing_index_incident(), MARKDOWN, snapshots())


def test_headings_leave_out_no_level(outline):
    levels = [int(tag[1]) for tag, _ in outline.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_has_words_and_every_id_is_one(outline):
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    for svg in outline.all("svg"):
        assert svg["role"] == "img"
        assert set(svg["aria-labelledby"].split()) <= set(ids)
    for _, attributes in outline.elements:
        assert attributes.get("aria-labelledby", "").split() == [
            name for name in attributes.get("aria-labelledby", "").split() if name in ids
        ]


def test_the_same_arguments_give_the_same_bytes():
    arguments = _arguments(missing_index_incident(), snapshots())
    assert page(*arguments) == page(*arguments)


def test_it_tells_what_happened_in_the_head():
    incident = missing_index_incident()
    text = whole(incident).text
    head = text[: text.index("What happened")]
    for said in ("Recovered", "14 September 2026, 14:03:25 – 14:03:46 UTC", "Duration 21 s"):
        assert said in head
    assert all(link.statement in head for link in incident.diagnosis.chain if link.kind in ("trigger", "cause"))
    assert CULPRIT in text
    assert WITHOUT in text
    assert "select id, author, stars, body from reviews where recipe_id = ?" in text


def test_every_measurement_of_the_ledger_is_on_it():
    incident = missing_index_incident()
    text = whole(incident).text
    for lead in incident.diagnosis.ruled_out:
        for evidence in lead.evidence:
            assert evidence.statement in text


def test_numbers_stand_beside_the_charts():
    text = whole(missing_index_incident()).text
    assert "Blocks touched per call of the culprit 13 13,500" in text
    assert "Response time, p95: 14 ms before the onset, at most 3.3 s during it" in text


def test_the_article_has_no_front_matter_no_title_and_a_ticked_box():
    text = whole(missing_index_incident()).text
    article = text[text.index("The postmortem") :]
    assert "incident: x" not in article
    assert "The title" not in article
    assert "☐ Fix it." in article


def test_action_items_are_a_table():
    text = whole(missing_index_incident()).text
    assert "Review every DROP INDEX. prevent open data team 2026-09-21" in text
    assert "Do nothing. Too late. detect declined nobody yet no date" in text


def test_what_is_not_known_is_not_seen_and_never_zero():
    text = whole(abstained_incident(), seen=()).text
    head = text[: text.index("What happened")]
    assert head.count("not seen") >= 5
    assert "Ongoing" in head
    assert "The cause is not determined" in head
    assert not re.search(r"\b0 (?:s|ms|%)", head)


def test_no_application_is_said_and_not_drawn():
    seen = tuple(replace(s, application=None) for s in snapshots())
    outline = whole(missing_index_incident(), seen=seen)
    assert "the application's metrics were not seen" in outline.text
    assert [f["id"] for f in outline.all("figure")] == ["sessions", "work"]


def test_what_was_out_of_sight_comes_with_its_hint():
    text = whole(abstained_incident()).text
    assert "CREATE EXTENSION pg_stat_statements" in text
    assert "Leads left open" in text
    assert "No remedy was proposed." in text


def test_a_fix_without_proof_says_why():
    incident = missing_index_incident()
    unproven = replace(incident.remedy, proof=None, unproven="No operator role.", applied_at=None, finished_at=None)
    text = whole(replace(incident, remedy=unproven, mitigated_at=None)).text
    assert "Not proven: No operator role." in text
    assert "not applied" in text


def test_the_two_clocks_are_told_where_they_differ():
    incident = missing_index_incident()
    at = incident.diagnosis.onset_at
    late = TimelineEntry(at, at + timedelta(seconds=90), EntryKind.NOTE, "A customer called")
    text = whole(replace(incident, timeline=(late,))).text
    assert "14:03:25 note A customer called. written down 1 min 30 s later" in text


def test_hostile_texts_stay_texts():
    incident = missing_index_incident()
    diagnosis = incident.diagnosis
    culprit = replace(diagnosis.culprit, query=f"select {HOSTILE} from t", relations=(HOSTILE,), release=HOSTILE)
    chain = tuple(
        replace(link, statement=HOSTILE, evidence=tuple(replace(e, value=HOSTILE[:20]) for e in link.evidence))
        for link in diagnosis.chain
    )
    remedy = replace(incident.remedy, sql=HOSTILE, statement=HOSTILE, failed=HOSTILE)
    incident = replace(
        incident,
        title=HOSTILE,
        target=HOSTILE,
        remedy=remedy,
        diagnosis=replace(diagnosis, culprit=culprit, chain=chain),
        timeline=(replace(incident.timeline[0], text=HOSTILE),),
    )
    text = f"{HOSTILE}\n\n[x](javascript:alert(1)) ![i](http://evil.example/y.png)\n\n{HOSTILE}"
    outline = whole(incident, markdown=text, actions=(replace(ACTIONS[0], text=HOSTILE, owner=HOSTILE),))
    test_it_is_well_formed_and_complete(outline)
    test_nothing_is_run_and_nothing_is_loaded(outline)
    assert all(not (a.get("href") or "#").startswith("javascript") for a in outline.all("a"))
    assert "<script>alert(1)</script>" in outline.text


def test_the_facts_can_be_read_back():
    text = page(missing_index_incident(), MARKDOWN, snapshots(), ACTIONS)
    facts = json.loads(re.search(r'id="facts">(.*?)</script>', text, re.DOTALL)[1])
    assert facts["incident"]["diagnosis"]["cause"] == "missing-index"
    assert facts["actions"][0]["due"] == "2026-09-21"


def test_three_hours_make_a_small_file():
    once = snapshots()
    many = tuple(
        replace(once[n % len(once)], at=once[0].at + timedelta(seconds=n), queries=once[0].queries if not n else ())
        for n in range(3 * 3600)
    )
    incident = replace(missing_index_incident(), recovered_at=None)
    assert len(page(incident, MARKDOWN, many, ACTIONS).encode()) < 400_000


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_its_colours_can_be_read(scheme):
    css = (Path(module.__file__).parent / "templates" / "page.css").read_text()
    palette = dict(re.findall(r"--([\w-]+): (#\w+);", css.split(":root {")[scheme + 1].split("}")[0]))
    for ink in ("ink", "muted", "culprit", "failure"):
        for ground in ("paper", "wash", f"{ink}-wash"):
            if ground in palette:
                assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    shares = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    "query",
    [
        "select a from t where b in (select c from u where d = ?) order by e limit ?",
        "select 'from (' from \"where\" where x = ?",
        "with r as (select extract(epoch from a) from t) select * from r left join u on true",
        ")))((( from",
    ],
)
def test_setting_a_query_over_lines_changes_only_blanks(query):
    assert over_lines(query).split() == query.split()
    assert over_lines(over_lines(query)) == over_lines(query)

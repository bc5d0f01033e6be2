"""Each rule on the Markdown cases a writer can read: `passes-*.md` and `fails-*.md` in a folder per rule."""

from pathlib import Path

import pytest

from failonce import plugins
from failonce.postmortem.document import read
from failonce.postmortem.findings import why

CASES = Path(__file__).parents[1] / "cases" / "postmortem-rules"
RULES = plugins.load("failonce.postmortem.rules")


def cases(verdict: str) -> list[object]:
    found = sorted(CASES.glob(f"*/{verdict}-*.md"))
    return [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in found]


@pytest.mark.parametrize("path", cases("passes"))
def test_passes(path):
    assert list(RULES[path.parent.name].check(read(path.read_text()))) == []


@pytest.mark.parametrize("path", cases("fails"))
def test_fails_once_and_says_what_to_write(path):
    text = path.read_text()
    (finding,) = RULES[path.parent.name].check(read(text))
    assert finding.rule == path.parent.name
    assert 1 <= finding.line <= text.count("\n")
    assert finding.message.endswith(".")
    assert finding.why
    assert finding.instead != finding.message


def test_every_requirement_of_the_specification_has_a_rule():
    assert len(RULES) == 18


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_cases_for_both(rule):
    kinds = {path.stem.split("-")[0] for path in (CASES / rule).glob("*.md")}
    assert kinds == {"passes", "fails"}


@pytest.mark.parametrize("rule", RULES)
def test_why_is_the_rules_own_page(rule):
    assert why(RULES[rule].__doc__).endswith(".")
    assert "\n" not in why(RULES[rule].__doc__)

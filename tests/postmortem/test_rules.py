"""Each rule on the Markdown cases a writer can read: `passes-*.md` and `fails-*.md` in a folder per rule."""

from pathlib import Path

import pytest

from failonce import plugins
from failonce.plugins import why
from failonce.postmortem.findings import completed
from failonce.postmortem.subject import subject

CASES = Path(__file__).parents[1] / "cases" / "postmortem-rules"
RULES = plugins.load("failonce.postmortem.rules")


def cases(verdict: str) -> list[object]:
    found = sorted(CASES.glob(f"*/{verdict}-*.md"))
    return [pytest.param(path, id=f"{path.parent.name}/{path.stem}") for path in found]


@pytest.mark.parametrize("path", cases("passes"))
def test_passes(path):
    assert list(RULES[path.parent.name].check(subject(path.read_text()))) == []


@pytest.mark.parametrize("path", cases("fails"))
def test_fails_once_and_says_where_and_what_to_write(path):
    text, rule = path.read_text(), RULES[path.parent.name]
    (finding,) = rule.check(subject(text))
    assert finding.rule == path.parent.name
    assert 1 <= finding.line <= text.count("\n")
    assert finding.message.endswith(".")
    assert finding.instead not in ("", finding.message)
    assert not finding.quote or completed(finding, "error", rule.__doc__, text.split("\n")).end_column > 1


def test_every_requirement_of_the_specification_has_a_rule():
    requirements = set(subject("").facts.requirements_met)
    asked = {req for req in requirements for path in CASES.glob("*") if path.is_dir() and _asks(path.name, req)}
    assert asked == requirements


def _asks(rule: str, requirement: str) -> bool:
    source = Path(RULES[rule].__file__).read_text()
    return f'"{requirement}"' in source


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_cases_for_both(rule):
    kinds = {path.stem.split("-")[0] for path in (CASES / rule).glob("*.md")}
    assert kinds == {"passes", "fails"}


def test_every_case_belongs_to_a_rule():
    assert {path.name for path in CASES.iterdir()} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_why_is_the_rules_own_page(rule):
    assert why(RULES[rule].__doc__).endswith(".")
    assert "\n" not in why(RULES[rule].__doc__)

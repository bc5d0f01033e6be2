"""The linter on whole documents: the five published ones it was measured with, where they are at hand, and none."""

from pathlib import Path

import pytest

from failonce.postmortem.lint import lint

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
EXPECTED = {
    "000": set(),
    "001": set(),
    "002": {"length", "improvements", "todo-list"},
    "003": {"summary-root-cause"},
    "004": set(),
}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed documents are not part of the project")
@pytest.mark.parametrize("seed", EXPECTED)
def test_seed(seed):
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    assert {finding.rule for finding in lint(path.read_text())} == EXPECTED[seed]


def test_an_empty_text_lacks_everything():
    assert len(lint("")) == 18


def test_findings_come_in_the_order_of_the_lines():
    findings = lint("# Postmortem\n\n## Issue Summary\n\nDown.\n\n## Timeline\n\n- 14:00\n")
    places = [(finding.line, finding.rule) for finding in findings]
    assert places == sorted(places)
    assert len(places) > 10

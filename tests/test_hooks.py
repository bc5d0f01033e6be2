"""The definitions that other tools read: the pre-commit hook and the GitHub Action say what the command understands."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from failonce.cli import failonce

ROOT = Path(__file__).parents[1]
HOOK = (ROOT / ".pre-commit-hooks.yaml").read_text()
ACTION = (ROOT / "action.yml").read_text()


@pytest.mark.parametrize(
    ("path", "linted"),
    [
        ("postmortems/2024-06-05.md", True),
        ("docs/incidents/shop/report.txt", True),
        ("docs/Post-Mortem-shop.md", True),
        ("README.md", False),
        ("postmortems/chart.svg", False),
        ("src/incidents.py", False),
    ],
)
def test_the_hook_takes_postmortems_and_nothing_else(path, linted):
    (files,) = re.findall(r"^  files: (.*)$", HOOK, re.MULTILINE)
    assert bool(re.search(files, path)) is linted


def test_the_action_uses_options_that_exist():
    text = CliRunner().invoke(failonce, ["lint", "--help"]).output
    used = set(re.findall(r"--(?:profile|format|[a-z]+-?[a-z]*)\b", "\n".join(re.findall(r"failonce lint.*", ACTION))))
    assert used
    assert [option for option in used if option not in text] == []


def test_no_input_is_pasted_into_the_script():
    script = ACTION[ACTION.index("run: |") :]
    assert "${{" not in script

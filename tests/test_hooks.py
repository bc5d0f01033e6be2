"""The definitions that other tools read: the pre-commit hook and the GitHub Action say what the command understands."""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from failonce.cli import failonce

ROOT = Path(__file__).parents[1]
HOOK = (ROOT / ".pre-commit-hooks.yaml").read_text()
ACTION = (ROOT / "action.yml").read_text()
ACTIONS = ("action.yml", "review/action.yml")
SCRIPTS = ("review.sh", "comment.sh")
TWIN = ROOT / "examples" / "spiceshare" / "production.twin"


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


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_one_that_github_takes(name):
    """A composite action's keys: https://docs.github.com/en/actions/reference/metadata-syntax-reference."""
    action = yaml.safe_load((ROOT / name).read_text())
    assert set(action) <= {"name", "description", "inputs", "outputs", "runs"}
    assert action["runs"]["using"] == "composite"
    for given in action["inputs"].values():
        assert set(given) == {"description", "required", "default"}
        assert isinstance(given["default"], str)
        assert isinstance(given["required"], bool)
    for step in action["runs"]["steps"]:
        assert set(step) <= {"name", "id", "if", "uses", "with", "shell", "env", "run"}
        assert ("uses" in step) != ("run" in step)
        assert ("shell" in step) == ("run" in step)
    used = set(re.findall(r"inputs\.(\w+)", (ROOT / name).read_text()))
    assert used == set(action["inputs"])


@pytest.mark.parametrize("name", ACTIONS)
def test_no_input_is_pasted_into_a_script(name):
    steps = yaml.safe_load((ROOT / name).read_text())["runs"]["steps"]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_the_scripts_use_options_that_exist():
    text = CliRunner().invoke(failonce, ["review", "--help"]).output
    used = set(re.findall(r"--[a-z]+", re.sub(r"(?m)^ *#.*", "", (ROOT / "review" / "review.sh").read_text())))
    assert used >= {"--format", "--report", "--twin", "--migrations"}
    assert [option for option in used if option not in text] == []


def run(script, folder, **env):
    """Run one of the action's scripts as a runner does, and return what it printed and its exit code."""
    path = os.pathsep.join((str(folder / "bin"), sysconfig.get_path("scripts"), os.environ["PATH"]))
    files = {name: str(folder / name) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    given = {**os.environ, **files, "PATH": path, "RUNNER_TEMP": str(folder), **env}
    done = subprocess.run(
        ["bash", str(ROOT / "review" / script)], cwd=folder, env=given, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr, done.returncode


def test_the_review_action_annotates_and_sums_up(tmp_path):
    shutil.copy(TWIN, tmp_path / "production.twin")
    (tmp_path / "bad.sql").write_text("select * from reviews where cook_id = $1 order by created_at desc limit 5;\n")
    (tmp_path / "good.sql").write_text("select title from recipes where id = $1;\n")
    told, code = run("review.sh", tmp_path, PATHS="bad.sql good.sql", MIGRATIONS="", TWIN="production.twin")
    assert code == 1, told
    assert "::error file=bad.sql,line=1" in told
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    assert summary.startswith("<!-- failonce review -->")
    assert "CREATE INDEX CONCURRENTLY" in summary.replace("\\", "")
    report = (tmp_path / "GITHUB_OUTPUT").read_text().strip().removeprefix("report=")
    assert Path(report).read_text() == summary
    _, code = run("review.sh", tmp_path, PATHS="good.sql", TWIN="production.twin")
    assert code == 0


@pytest.mark.parametrize(("env", "code"), [({}, 2), ({"PATHS": "gone.sql", "TWIN": "gone.twin"}, 2)])
def test_the_review_action_says_what_it_lacks(tmp_path, env, code):
    told, given = run("review.sh", tmp_path, **env)
    assert given == code
    assert "::error title=failonce::" in told


@pytest.mark.parametrize("earlier", ["", "41"])
def test_the_comment_is_written_once_and_then_kept_up_to_date(tmp_path, earlier):
    """GitHub's own client is not here: in its place stands one that notes what it was asked."""
    (tmp_path / "bin").mkdir()
    client = tmp_path / "bin" / "gh"
    client.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\ncase "$*" in *--jq*) echo {earlier};; esac\n')
    client.chmod(0o755)
    (tmp_path / "report.md").write_text("<!-- failonce review -->\n")
    env = {"GITHUB_REPOSITORY": "shop/shop", "NUMBER": "7", "REPORT": str(tmp_path / "report.md")}
    told, code = run("comment.sh", tmp_path, **env)
    assert code == 0, told
    _, written = (tmp_path / "asked").read_text().splitlines()
    place = "repos/shop/shop/issues/comments/41" if earlier else "repos/shop/shop/issues/7/comments"
    assert place in written
    assert ("PATCH" if earlier else "POST") in written
    assert f"body=@{tmp_path}/report.md" in written

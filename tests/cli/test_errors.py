"""Wrong use and unreachable things: one clear error, the next step, the exit code that house.md promises."""

import json
import os
import subprocess
import sys

import pytest


def failonce(*words, cwd):
    command = [sys.executable, "-c", "from failonce.cli import main; main()", *words]
    nobodys = {**os.environ, "XDG_STATE_HOME": str(cwd / "state"), "XDG_CONFIG_HOME": str(cwd / "config")}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=60, env=nobodys)


@pytest.mark.parametrize(
    ("words", "code", "message", "hint"),
    [
        (["drill", "run", "earthquake", "--out", "x"], 2, "no drill 'earthquake'", "failonce drill list"),
        (["lint", "nowhere.md"], 2, "no file nowhere.md", "Name a Markdown file"),
        (["watch", "shop"], 2, "No target is configured", "--dsn"),
        (["watch", "--dsn", "host=127.0.0.1 port=1 dbname=shop user=me"], 3, "127.0.0.1", ""),
        (["diagnose", "host=127.0.0.1 port=1 dbname=shop user=me"], 3, "127.0.0.1", ""),
        (["replay", "nowhere", "--json"], 2, "nowhere", ""),
        (["release", " "], 2, "no name", "failonce release v42"),
        (["nonsense"], 2, "No such command", ""),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_says_what_to_do_next(words, code, message, hint, tmp_path):
    result = failonce(*words, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (code, "")
    assert message in result.stderr
    assert hint in result.stderr
    assert "Traceback" not in result.stderr


def test_an_earlier_run_is_not_written_over(tmp_path):
    (tmp_path / "out" / "recording").mkdir(parents=True)
    result = failonce("drill", "run", "missing-index", "--out", "out", cwd=tmp_path)
    assert result.returncode == 2
    assert "holds an earlier run" in result.stderr


def test_drill_list_tells_the_truth_of_each(tmp_path):
    drills = json.loads(failonce("drill", "list", "--json", cwd=tmp_path).stdout)
    assert {d["id"] for d in drills} >= {"missing-index", "release-full-scan", "traffic-spike", "slow-application"}
    assert all(d["truth"]["ruled_out"] for d in drills if d["truth"]["cause"] is not None)


def test_a_password_never_shows(tmp_path):
    result = failonce("diagnose", "postgresql://me:s3cr3t-word@127.0.0.1:1/shop", cwd=tmp_path)
    assert "s3cr3t-word" not in result.stdout + result.stderr

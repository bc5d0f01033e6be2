"""`failonce lint` as a person and a pipeline meet it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from failonce.cli import failonce
from failonce.model.errors import NotFound

CASES = Path(__file__).parents[1] / "cases" / "postmortem-rules"
SWAPPED = CASES / "timeline-order" / "fails-two-swapped.md"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))


def run(*words):
    return CliRunner().invoke(failonce, ["lint", *map(str, words)])


def test_the_line_is_shown_and_its_words_underlined():
    lines = run(SWAPPED).output.splitlines()
    at = next(n for n, line in enumerate(lines) if "[timeline-order]" in line)
    assert "14:10 stands after 14:30" in lines[at]
    assert lines[at + 2].index("^") == lines[at + 1].index("14:10")
    assert lines[at + 2].count("^") == len("14:10")
    assert lines[at + 3].startswith("       why: ")
    assert lines[at + 4].startswith("     write: ")


def test_a_long_line_is_cut_around_its_words(tmp_path):
    path = tmp_path / "long.md"
    path.write_text(SWAPPED.read_text().replace("Release suspected", "Release suspected " * 40))
    assert max(len(line) for line in run(path).output.splitlines() if "| " in line) <= 120


def test_a_document_cannot_move_the_cursor(tmp_path):
    path = tmp_path / "hostile.md"
    path.write_text(SWAPPED.read_text().replace("Release suspected", "\x1b[2J\x1b[31mRelease\x07"))
    assert "\x1b[2J" not in run(path).output
    assert "\x07" not in run(path).output


def test_exit_codes_tell_errors_from_advice(tmp_path):
    (tmp_path / "failonce.toml").write_text('[lint.profiles.none]\nextends = "seed"\n[lint.profiles.none.rules]\n')
    assert run(SWAPPED).exit_code == 1
    rules = json.loads(json.dumps([line.split()[0] for line in run("--rules").output.splitlines()]))
    for severity in ("warning", "off"):
        table = "".join(f'{rule} = "{severity}"\n' for rule in rules)
        (tmp_path / "failonce.toml").write_text(f"[lint.profiles.mild.rules]\n{table}")
        assert run("--profile", "mild", SWAPPED).exit_code == 0


def test_a_folder_is_searched_and_what_is_hidden_is_not(tmp_path):
    for name in ("b.txt", "a.md", "c.png", ".hidden/d.md"):
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text("Down.")
    reports = json.loads(run("--json", tmp_path / "docs").output)
    assert [Path(report["path"]).name for report in reports] == ["a.md", "b.txt"]


def test_an_empty_folder_is_said(tmp_path):
    assert isinstance(run(tmp_path).exception, NotFound)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00" * 40, b"caf\xe9 down", bytes(range(256)) * 4, b""])
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_any_bytes_are_linted(tmp_path, data, form):
    path = tmp_path / "any.md"
    path.write_bytes(data)
    assert run("--format", form, path).exit_code == 1


def test_a_guessed_encoding_is_said(tmp_path):
    path = tmp_path / "old.md"
    path.write_bytes("Das Café war aus.".encode("cp1252"))
    assert "not UTF-8" in run(path).output


def test_a_document_that_cannot_be_read_does_not_hide_the_others(tmp_path):
    (tmp_path / "a.md").symlink_to(tmp_path)
    (tmp_path / "dangling").mkdir()
    result = run("--format", "json", SWAPPED, _unreadable(tmp_path))
    assert result.exit_code == 3
    first, second = json.loads(result.output)
    assert first["findings"]
    assert "cannot be read" in second["gap"]["reason"]


def _unreadable(folder):
    """A path that exists and whose bytes nobody gets, not even root."""
    return Path("/proc/self/mem")


def test_a_rule_explains_itself():
    assert "Why it matters" in run("--explain", "timeline-order").output
    assert isinstance(run("--explain", "timeline-odrer").exception, NotFound)


def test_rules_are_listed_as_severe_as_the_profile_has_them():
    listed = {line.split()[0]: line.split()[1] for line in run("--rules", "--profile", "sre-book").output.splitlines()}
    assert (listed["length"], listed["action-owner"], listed["timeline-order"]) == ("off", "error", "error")


def test_no_path_is_wrong_use():
    assert run().exit_code == 2

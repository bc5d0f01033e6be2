"""`failonce new`: written whole or not at all, never over something, and a change keeps the rest."""

import pytest
from click.testing import CliRunner

from failonce.app.new import create, update
from failonce.cli import failonce
from failonce.model.errors import UsageError
from failonce.postmortem.save import WouldLose


def test_it_says_where_each_missing_part_belongs(tmp_path):
    made = create(tmp_path / "new" / "p.md", {"title": "Down", "service": "web"})
    lines = made.path.read_text().splitlines()
    assert [ask.field for line, ask in made.missing if ask.question not in lines[line - 1]] == []
    assert "service" not in [ask.field for _, ask in made.missing]


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    (tmp_path / "p.md").write_text("mine")
    with pytest.raises(UsageError):
        create(tmp_path / "p.md", {"title": "Down"})
    assert (tmp_path / "p.md").read_text() == "mine"


def test_a_refused_answer_leaves_no_file(tmp_path):
    with pytest.raises(WouldLose):
        create(tmp_path / "p.md", {"title": "Down", "cause": "<!-- all of it"})
    assert list(tmp_path.iterdir()) == []


def test_an_update_keeps_every_other_byte(tmp_path):
    path = tmp_path / "p.md"
    path.write_bytes(b"---\r\ntitle: Down # hm\r\nx: [1,\r\n  2]\r\n---\r\n# Down\r\n\r\ntext  \r\n")
    update(path, {"service": "web"})
    assert path.read_bytes() == (
        b'---\r\ntitle: Down # hm\r\nx: [1,\r\n  2]\r\nservices: ["web"]\r\n---\r\n# Down\r\n\r\ntext  \r\n'
    )


def test_an_update_refuses_prose_and_bytes_it_cannot_give_back(tmp_path):
    path = tmp_path / "p.md"
    path.write_bytes(b"caf\xe9")
    with pytest.raises(UsageError):
        update(path, {"service": "web"})
    path.write_text("# T\n")
    with pytest.raises(UsageError, match="--cause"):
        update(path, {"cause": "long"})


def test_it_asks_for_what_is_not_told(tmp_path):
    path = tmp_path / "p.md"
    answers = "\n".join(["Down", "yesterday", "2026-09-14T14:03", *[""] * 3, "many", "40 %"] + [""] * 20)
    result = CliRunner().invoke(failonce, ["new", str(path), "--ask"], input=answers)
    assert result.exit_code == 0, result.output
    assert 'start: "2026-09-14T14:03"' in path.read_text()
    assert "users_affected_percent: 40.0" in path.read_text()
    assert "still to be filled in:" in result.output

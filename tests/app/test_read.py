"""Bytes as text: by mark, as UTF-8, else a guess that is said; and what cannot be read is an error with a hint."""

import json

import pytest
from click.testing import CliRunner

from failonce.app.read import read_files
from failonce.cli import failonce
from failonce.model.errors import NotFound, UsageError
from failonce.postmortem.decoding import text_of

TEXT = "# Ausfall über Nacht\n\n## Timeline\n\n- 14:00 UTC: Café alert.\n"


@pytest.mark.parametrize(
    ("encoding", "guessed"), [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("cp1252", True)]
)
def test_decodes(encoding, guessed):
    text, doubts = text_of(TEXT.encode(encoding))
    assert text == TEXT
    assert [(d.field, d.line) for d in doubts] == ([("encoding", 1)] if guessed else [])


LETTERS = {
    "cp1251": "Отчёт об инциденте: база данных недоступна с 14:00 до 15:00. Коренная причина: запрос без индекса.\n",
    "cp1250": "Zażółć gęślą jaźń: baza danych była niedostępna. Przyczyna: źle napisane zapytanie.\n",
    "cp932": "障害報告：データベースが14:00から15:00まで利用できませんでした。\n",
    "utf-16-le": TEXT,
    "utf-16-be": TEXT,
}


@pytest.mark.parametrize("encoding", LETTERS)
def test_an_encoding_is_told_by_its_letters_and_said(encoding):
    text, (doubt,) = text_of((LETTERS[encoding] * 3).encode(encoding))
    assert text == LETTERS[encoding] * 3
    assert encoding in doubt.message


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"\x81\x8d\x00\xff" * 50, bytes(range(256))])
def test_reads_any_bytes(tmp_path, data):
    path = tmp_path / "a.md"
    path.write_bytes(data)
    ((said, _),) = read_files([path])
    assert said == path


def test_what_cannot_be_read_is_said_with_the_next_step(tmp_path):
    with pytest.raises(NotFound, match="no file"):
        list(read_files([tmp_path / "absent.md"]))
    with pytest.raises(UsageError, match="folder"):
        list(read_files([tmp_path]))


def test_prints_one_json_object_a_line_in_order(tmp_path):
    paths = [tmp_path / f"{name}.md" for name in ("b", "a")]
    for path in paths:
        path.write_text(f"# Outage {path.stem}\n\n## Summary\n\nDown.\n", encoding="utf-8")
    result = CliRunner().invoke(failonce, ["read", "--json", *map(str, paths)])
    assert [json.loads(line)["title"] for line in result.output.splitlines()] == ["Outage b", "Outage a"]

"""The demo's incident goes into the book that nobody has configured, and never into one that somebody has."""

from pathlib import Path

from failonce import jsontext
from failonce.app.keepsake import keep_demo
from failonce.model.incident import Incident
from failonce.model.viewer import Viewer
from failonce.store.book import Book

EXAMPLE = Path(__file__).parents[2] / "examples" / "missing-index"
ALL = Viewer.machine()


def incident():
    return jsontext.loads((EXAMPLE / "incident.json").read_bytes(), Incident)


def test_it_is_kept_with_all_that_belongs_to_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert keep_demo(incident())
    assert keep_demo(incident())
    with Book.open(tmp_path / "state" / "failonce" / "failonce.db") as book:
        kept = book.incidents.dossier(ALL, incident().id)
        assert kept.labels == ("demo",)
        assert book.postmortems.review(ALL, kept.id).version == 1
        assert book.actions.of(ALL, kept.id)


def test_a_configured_book_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "failonce.toml").write_text('[store]\nurl = "own.db"\n')
    assert not keep_demo(incident())
    assert not (tmp_path / "own.db").exists()

"""Rendering from disk: the incident beside the document, pictures from its folder, and no way out of it."""

import json
import os

import pytest

from failonce import jsontext
from failonce.app.render import render, rendered
from failonce.model.errors import CannotLook, NotFound, UsageError
from failonce.postmortem.draft import draft
from fix_incident import missing_index_incident

PNG = b"\x89PNG\r\n\x1a\n0000"


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "docs"
    inside.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    return inside


def page_of(folder, text: str) -> str:
    (folder / "a.md").write_text(text)
    return rendered(folder / "a.md", "html").decode()


def test_a_picture_beside_the_document_is_carried_along(folder):
    (folder / "img").mkdir()
    (folder / "img" / "a b.png").write_bytes(PNG)
    assert "data:image/png;base64" in page_of(folder, "![x](./img/a%20b.png?raw=true)")


@pytest.mark.parametrize("address", ["../secret.png", "..%2Fsecret.png", "img/../../secret.png", "{root}/secret.png"])
def test_no_path_leads_out_of_the_folder(folder, address):
    html = page_of(folder, f"![x]({address.format(root=folder.parent)})")
    assert "not read" in html
    assert "data:image" not in html


def test_no_link_leads_out_of_the_folder(folder):
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    (folder / "away").symlink_to(folder.parent)
    html = page_of(folder, "![x](link.png) ![y](away/secret.png)")
    assert html.count("not read") == 2


def test_what_is_no_picture_is_said_not_shown(folder):
    (folder / "notes.png").write_text("root:x:0:0")
    os.mkfifo(folder / "pipe.png")
    (folder / "large.png").write_bytes(PNG + bytes(6_000_000))
    html = page_of(folder, "![a](notes.png) ![b](pipe.png) ![c](large.png) ![d](none.png) ![e](%00.png)")
    for said in (
        "not a picture: notes.png",
        "missing: pipe.png",
        "too large to carry along: large.png",
        "missing: none.png",
    ):
        assert said in html
    assert "data:image" not in html


def test_the_incident_beside_its_document_gives_the_full_page(folder):
    incident = missing_index_incident()
    jsontext.write(folder / "incident.json", incident)
    (folder / "p.md").write_text(draft(incident, ()))
    assert "What it was not" in rendered(folder / "p.md", "html").decode()
    assert json.loads(rendered(folder / "p.md", "json"))["incident"]["id"] == incident.id


def test_somebody_elses_document_beside_an_incident_stays_alone(folder):
    jsontext.write(folder / "incident.json", missing_index_incident())
    assert "What it was not" not in page_of(folder, "# Another\n\nOutage.")


def test_a_damaged_incident_is_said(folder):
    (folder / "incident.json").write_text("{")
    with pytest.raises(CannotLook):
        page_of(folder, "---\nincident: x\n---\n# T\n")


def test_it_is_written_beside_the_document(folder):
    (folder / "a.md").write_text("# T\n")
    assert render(folder / "a.md", "html").read_text().startswith("<!doctype html>")
    assert render(folder / "a.md", "json", folder / "new" / "b.json").exists()


def test_the_document_is_never_written_over(folder):
    (folder / "a.html").write_text("# T\n")
    with pytest.raises(UsageError):
        render(folder / "a.html", "html")
    with pytest.raises(NotFound):
        render(folder / "none.md", "html")


@pytest.mark.parametrize("content", [b"", bytes(range(256)), b"\xff\xfe\x00", "é".encode("latin-1")])
def test_any_bytes_are_rendered(folder, content):
    (folder / "a.md").write_bytes(content)
    for form in ("html", "json"):
        assert rendered(folder / "a.md", form)

"""PDFs: complete, the same bytes for the same document, and no document is code to the typesetter."""

import re
import shutil
import subprocess
import time

import pytest

from failonce.postmortem.actions import action_items
from failonce.postmortem.draft import draft
from failonce.postmortem.pdf import article_pdf, document_onepager_pdf, onepager_pdf, report_pdf
from failonce.postmortem.pictures import Picture
from fix_incident import abstained_incident, missing_index_incident, snapshots, traffic_incident
from postmortem.hostile import HOSTILE

pytest.importorskip("typst")
INCIDENTS = [missing_index_incident(), traffic_incident(), abstained_incident()]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'


def text_of(pdf: bytes, tmp_path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext, of poppler-utils")
    (tmp_path / "a.pdf").write_bytes(pdf)
    made = subprocess.run(["pdftotext", "-layout", tmp_path / "a.pdf", "-"], capture_output=True, check=True)
    return made.stdout.decode()


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda i: i.diagnosis.cause or "abstained")
def test_a_report_is_the_same_bytes_each_time(incident):
    actions = action_items(incident)
    made = [report_pdf(incident, draft(incident, actions), snapshots(), actions) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].startswith(b"%PDF-")


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda i: i.diagnosis.cause or "abstained")
def test_the_one_pager_is_one_page(incident, tmp_path):
    text = text_of(onepager_pdf(incident, snapshots(), action_items(incident)), tmp_path)
    assert text.count("\f") == 1
    assert "So that it does not happen again" in text


def test_a_long_documents_one_pager_is_one_page(tmp_path):
    entries = "".join(f"- 14:{n:02} UTC - {'Somebody looked at something for long. ' * 30}\n" for n in range(50))
    text = text_of(document_onepager_pdf(f"# {'Down ' * 60}\n\n## Timeline\n\n{entries}"), tmp_path)
    assert text.count("\f") == 1


def test_a_report_has_every_part(tmp_path):
    incident = missing_index_incident()
    actions = action_items(incident)
    text = text_of(report_pdf(incident, draft(incident, actions), snapshots(), actions), tmp_path)
    parts = ("What happened", "What was measured", "Timeline", "What it was not", "The remedy", "The postmortem")
    assert [part for part in parts if part not in text] == []
    assert re.search(r"1 of \d", text)


def test_a_hostile_document_is_only_text(tmp_path):
    text = " ".join(text_of(article_pdf(HOSTILE), tmp_path).replace("\u200b", "").split())
    assert '#read("/etc/passwd")' in text
    assert "root:" not in text
    assert "picture elsewhere, not loaded: https://evil.example/y.png" in text


def test_pictures_are_carried_along_and_a_broken_one_is_said(tmp_path):
    pictures = {"good.svg": Picture("image/svg+xml", SVG), "bad.png": Picture("image/png", b"\x89PNG\r\n\x1a\n")}
    pdf = article_pdf("![good](good.svg) and ![a *broken* one](bad.png) and ![](none.png)", pictures)
    text = text_of(pdf, tmp_path)
    assert "picture cannot be read: a broken one" in text
    assert "picture missing: none.png" in text.replace("\u200b", "")


def test_a_megabyte_is_cut_and_says_so(tmp_path):
    text = text_of(article_pdf("some words and more of them here\n\n" * 30_000), tmp_path)
    assert "more characters are left out here; the document itself has them." in " ".join(text.split())


def test_lines_take_time_in_proportion():
    def seconds(lines: int) -> float:
        begun = time.process_time()
        article_pdf("```\n" + "a line of a log, of no great length\n" * lines + "```\n")
        return time.process_time() - begun

    assert seconds(2_600) < 4 * max(seconds(1_300), 0.3)


@pytest.mark.parametrize("unbroken", ["ÿ" * 70_000, "`" + "ÿ" * 70_000 + "`", "```\n" + "ÿ" * 70_000])
def test_a_run_without_a_blank_does_not_break_the_typesetter(unbroken):
    assert article_pdf(unbroken).startswith(b"%PDF-")


@pytest.mark.parametrize("document", ["", "\0", "# \n\n|a|\n|-|\n", "- \n  - \n", "日本語 🚒", "---\ntitle: 3\n---\n"])
def test_odd_documents_are_set(document):
    assert article_pdf(document).startswith(b"%PDF-")
    assert document_onepager_pdf(document).startswith(b"%PDF-")

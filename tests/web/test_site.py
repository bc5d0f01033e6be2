"""The static site: every link leads to a file of it, nothing private is in it, and it overwrites nothing of others."""

import json
import re
from urllib.parse import unquote, urlsplit

import pytest

from failonce.model.action import ActionItem, ActionKind, ActionState
from failonce.model.dossier import Dossier, Origin
from failonce.model.errors import UsageError
from failonce.model.viewer import Role, Viewer
from failonce.web import site as pages
from failonce.web.links import file_of
from failonce.web.site import file_of_word, parted, write_site
from fix_book import NOON, stamp


@pytest.fixture(scope="module")
def site(made, tmp_path_factory):
    """The site's folder; one incident has a name that is none of a file's."""
    out = tmp_path_factory.mktemp("site") / "out"
    made.book.incidents.declare(Dossier("../a b?c#d", "A name out of the ordinary", Origin.DECLARED, NOON), stamp())
    files = list(write_site(made.app.state.desk, out))
    assert all(file.resolve().is_relative_to(out.resolve()) for file in files)
    return out


def test_every_link_leads_to_a_file_of_the_site(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) >= 10
    for page in pages:
        text = page.read_text()
        for address in re.findall(r"""(?:href|src|action)="([^"]*)\"""", text):
            parts = urlsplit(address)
            if parts.scheme == "data" or not parts.path:
                continue
            assert not parts.scheme, (page, address)
            assert not parts.path.startswith("/"), (page, address)
            assert (page.parent / unquote(parts.path)).is_file(), (page, address)


def test_nothing_private_and_no_form_that_needs_a_server(site):
    for file in site.rglob("*"):
        if file.is_file():
            assert "zebras" not in file.read_text(), file
    for page in site.rglob("*.html"):
        assert 'method="post"' not in page.read_text()
        assert "/logout" not in page.read_text()


def test_each_word_is_in_the_index_where_the_search_looks(site, made):
    documents = json.loads((site / "search" / "documents.js").read_text().removeprefix("failonce.documents = ")[:-2])
    (word,) = parted("sequential")
    text = (site / "search" / f"{file_of_word(word)}.js").read_text()
    words = json.loads(text.removeprefix("Object.assign(failonce.words, ").removesuffix(");\n"))
    found = [documents[number][0] for number in words[word]]
    assert f"incidents/{made.ids.recorded}/postmortem.html" in found


def test_every_list_is_there_in_full_page_by_page(made, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "PER_SHEET", 3)
    for number in range(7):
        item = ActionItem(f"S{number}", made.ids.recorded, f"Sheet {number} of many", ActionKind.DETECT)
        made.book.actions.add(item, stamp())
    done = ActionItem(
        "S9", made.ids.recorded, "Long done", ActionKind.PREVENT, ActionState.IMPLEMENTED, guard="no scan"
    )
    made.book.actions.add(done, stamp())
    list(write_site(made.app.state.desk, tmp_path / "site"))
    board = walked(tmp_path / "site" / "actions.html")
    assert all(sum(f"Sheet {number} of many" in text for text in board) == 1 for number in range(7))
    assert len(board) >= 3
    everything = made.book.incidents.page(Viewer("reader", Role.VIEWER), limit=100)
    listed = walked(tmp_path / "site" / "incidents.html")
    assert all(sum(file_of("incidents", d.id) in unquote(text) for text in listed) == 1 for d in everything.items)
    assert "Long done" in (tmp_path / "site" / "actions-implemented.html").read_text()
    assert 'href="actions-implemented.html"' in board[0]
    assert "Long done" in (tmp_path / "site" / file_of("guards", "no scan")).read_text()
    monkeypatch.setattr(pages, "PER_SHEET", 1000)
    list(write_site(made.app.state.desk, tmp_path / "site"))
    assert not (tmp_path / "site" / "actions-2.html").exists()


def walked(first):
    """The bodies of a list's pages, by the links from each to the next."""
    texts = [first.read_text()]
    while following := re.search(r'href="([^"]+)" rel="next"', texts[-1]):
        texts.append((first.parent / unquote(following[1])).read_text())
    return [text.split("<tbody>", 1)[1] if n else text for n, text in enumerate(texts)]


def test_writing_it_again_leaves_nothing_old(made, site):
    old = site / "incidents" / "gone.html"
    old.write_text("old")
    list(write_site(made.app.state.desk, site))
    assert not old.exists()


def test_a_folder_with_other_things_is_left_alone(made, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(UsageError, match="holds other things"):
        list(write_site(made.app.state.desk, tmp_path))
    with pytest.raises(UsageError, match="is a file"):
        list(write_site(made.app.state.desk, tmp_path / "letter.txt"))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]

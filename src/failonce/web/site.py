"""The static site: the same pages as files, which open from the file system and can be published anywhere.

Nothing private to a group is in it. The search's index lies in small files, one for each beginning of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from failonce.app.pages.actions import actions_page
from failonce.app.pages.desk import Desk
from failonce.app.pages.incident import IncidentPage, incident_page
from failonce.app.pages.insights import executive_page, insights_page
from failonce.app.pages.postmortem import PostmortemPage, postmortem_page
from failonce.app.pages.words import day
from failonce.model.action import ActionFilter, ActionState
from failonce.model.dossier import Dossier, IncidentFilter
from failonce.model.errors import UsageError
from failonce.model.page import Page
from failonce.model.review import Review
from failonce.model.viewer import Role, Viewer
from failonce.web import setting
from failonce.web.links import Filed, file_of

#: Whoever opens the files: sees what everybody may see.
READER = Viewer("reader", Role.VIEWER)
_READ_AT_ONCE = 200
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^>]*>")
_LONGEST_WORD = 40
_ABOUT = 220


@dataclass
class _Index:
    """The search's index while the pages are written."""

    documents: list[tuple[str, str, str, str]] = field(default_factory=list)
    words: dict[str, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, address: str, dossier: Dossier, text: str) -> None:
        """Take in an incident with all its words."""
        number = len(self.documents)
        about = " ".join(text.split())[:_ABOUT]
        self.documents.append((address, dossier.title, day(dossier.opened_at), about))
        for word in parted(f"{dossier.title} {dossier.id} {text}"):
            self.words[file_of_word(word)].setdefault(word, []).append(number)


def write_site(desk: Desk, out: Path, now: datetime | None = None) -> Iterator[Path]:
    """Write the site into a folder, new or written by us before; yield each file. Raises UsageError."""
    at = now or datetime.now(UTC)
    _begin(out)
    for name, (_, text) in setting.assets().items():
        yield _write(out / "assets" / name, text)
    index, every = _Index(), list(_dossiers(desk))
    for dossier in every:
        yield from _incident(desk, dossier, out, index)
    yield from _lists(desk, every, out, at)
    yield from _search(out, index)


def parted(text: str) -> set[str]:
    """Return a text's words as they are searched for: small, without accents.

    >>> sorted(parted("Der Café-Server, 12:30"))
    ['12', '30', 'cafe', 'der', 'server']
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return {word[:_LONGEST_WORD] for word in _WORD.findall(plain)}


def file_of_word(word: str) -> str:
    """Return the file that holds a word: its first two letters, others than ASCII's as a dash below.

    >>> file_of_word("pool"), file_of_word("überlast"), file_of_word("a")
    ('po', '_b', 'a')
    """
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in word[:2])


def _begin(out: Path) -> None:
    marker = out / "assets" / "web.css"
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file.", hint="Name a folder for the site.")
    if out.exists() and any(out.iterdir()) and not marker.exists():
        raise UsageError(f"{out} holds other things.", hint="Name a new folder, or one that failonce site wrote.")
    for old in (*out.glob("incidents/**/*.html"), *out.glob("search/*.js")):
        old.unlink()


def _dossiers(desk: Desk) -> Iterator[Dossier]:
    """Yield every incident that everybody may see, newest first."""
    after = None
    while True:
        found = desk.book.incidents.page(READER, IncidentFilter(), after=after, limit=_READ_AT_ONCE)
        yield from found.items
        after = found.next
        if after is None:
            return


def _incident(desk: Desk, dossier: Dossier, out: Path, index: _Index) -> Iterator[Path]:
    shown = incident_page(desk, READER, dossier.id)
    path = file_of("incidents", dossier.id)
    yield _write(out / path, _set("incident", "Incidents", 1, page=shown))
    document = postmortem_page(desk, READER, dossier.id) if shown.review else None
    if document:
        path = file_of("incidents", dossier.id, "postmortem")
        yield _write(out / path, _set("postmortem", "Postmortems", 2, page=document))
    index.add(path, dossier, _words_of(shown, document))


def _words_of(shown: IncidentPage, document: PostmortemPage | None) -> str:
    told = [entry.entry.text for entry in shown.timeline if entry.superseded_by is None]
    told += [item.text for item in shown.actions]
    summary = [shown.measured.summary] if shown.measured else []
    article = [_TAG.sub(" ", document.article.html)] if document else []
    return " ".join((*summary, *article, *told))


def _lists(desk: Desk, every: list[Dossier], out: Path, at: datetime) -> Iterator[Path]:
    found = Page(tuple(every), None, len(every))
    reviews = Page(tuple(_reviews(desk)), None, 0)
    board = actions_page(desk, READER, ActionFilter(states=(ActionState.OPEN,)), today=at.date())
    pages: dict[str, tuple[str, str | None, dict[str, Any]]] = {
        "": ("incidents", "Incidents", {"found": found}),
        "incidents": ("incidents", "Incidents", {"found": found}),
        "postmortems": ("postmortems", "Postmortems", {"found": reviews}),
        "actions": ("actions", "Actions", {"page": board}),
        "insights": ("insights", "Insights", {"page": insights_page(desk, READER, 0, at)}),
        "executive": ("executive", "Executive", {"page": executive_page(desk, READER, at)}),
        "search": ("search", None, {"words": "", "found": Page((), None, 0)}),
    }
    for path, (template, part, values) in pages.items():
        yield _write(out / file_of(path), _set(template, part, 0, **values))


def _reviews(desk: Desk) -> Iterator[Review]:
    after = None
    while True:
        found = desk.book.postmortems.page(READER, after=after, limit=_READ_AT_ONCE)
        yield from found.items
        after = found.next
        if after is None:
            return


def _search(out: Path, index: _Index) -> Iterator[Path]:
    documents = msgspec.json.encode(index.documents).decode()
    yield _write(out / "search" / "documents.js", f"failonce.documents = {documents};\n")
    for name, words in index.words.items():
        told = msgspec.json.encode(words).decode()
        yield _write(out / "search" / f"{name}.js", f"Object.assign(failonce.words, {told});\n")


def _set(template: str, part: str | None, depth: int, **values: Any) -> str:
    return setting.page(template, setting.Frame(None, Filed(depth), part), asked={}, **values)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path

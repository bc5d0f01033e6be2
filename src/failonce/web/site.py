"""The static site: the same pages as files, which open from the file system and can be published anywhere.

Nothing private to a group is in it. The search's index lies in small files, one for each beginning of a word.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from failonce.app.pages.actions import Row, actions_page
from failonce.app.pages.desk import Desk
from failonce.app.pages.guard import GuardPage, guard_page
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
#: Of a list, on one page.
PER_SHEET = 200
T = TypeVar("T")
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
    lists = (out.glob(f"{name}-*.html") for name in ("incidents", "postmortems", "actions"))
    for old in (*out.glob("incidents/**/*.html"), *out.glob("guards/*.html"), *out.glob("search/*.js"), *chain(*lists)):
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
    yield from _sheets("incidents", "incidents", every, out)
    yield from _sheets("postmortems", "postmortems", list(_reviews(desk)), out)
    yield _write(out / file_of(""), (out / file_of("incidents")).read_text(encoding="utf-8"))
    guards: set[str] = set()
    for state in ActionState:
        yield from _boards(desk, state, out, at.date(), guards)
    for name in sorted(guards):
        yield _write(out / file_of("guards", name), _set("guard", "Actions", 1, page=_guard(desk, name)))
    pages: dict[str, tuple[str, str | None, dict[str, Any]]] = {
        "insights": ("insights", "Insights", {"page": insights_page(desk, READER, 0, at)}),
        "executive": ("executive", "Executive", {"page": executive_page(desk, READER, at)}),
        "search": ("search", None, {"words": "", "found": Page((), None, 0)}),
    }
    for path, (template, part, values) in pages.items():
        yield _write(out / file_of(path), _set(template, part, 0, **values))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which page of a list a file is."""

    #: Of the first page's file.
    base: str
    #: Counted from 1.
    number: int
    last: int
    #: Of all pages.
    total: int

    def name(self, number: int) -> str:
        """Return the name of a page of this list."""
        return self.base if number == 1 else f"{self.base}-{number}"


def _cut(base: str, items: Sequence[T]) -> Iterator[tuple[Sheet, Sequence[T]]]:
    """Yield a list's pages; an empty list has one."""
    last = max(1, math.ceil(len(items) / PER_SHEET))
    for number in range(1, last + 1):
        some = items[(number - 1) * PER_SHEET : number * PER_SHEET]
        yield Sheet(base, number, last, len(items)), some


def _sheets(base: str, template: str, items: Sequence[Any], out: Path) -> Iterator[Path]:
    for sheet, some in _cut(base, items):
        found = Page(tuple(some), None, len(items))
        page = _set(template, template.capitalize(), 0, found=found, sheet=sheet)
        yield _write(out / file_of(sheet.name(sheet.number)), page)


def _boards(desk: Desk, state: ActionState, out: Path, today: date, guards: set[str]) -> Iterator[Path]:
    """Write the action items of a state, and note their guards."""
    wanted, rows, after = ActionFilter(states=(state,)), list[Row](), None
    while True:
        board = actions_page(desk, READER, wanted, today=today, after=after, limit=_READ_AT_ONCE)
        rows += board.rows.items
        after = board.rows.next
        if after is None:
            break
    guards |= {row.item.guard for row in rows if row.item.guard}
    for sheet, some in _cut("actions" if state is ActionState.OPEN else f"actions-{state}", rows):
        shown = replace(board, rows=Page(tuple(some), None, len(rows)))
        yield _write(out / file_of(sheet.name(sheet.number)), _set("actions", "Actions", 0, page=shown, sheet=sheet))


def _guard(desk: Desk, name: str) -> GuardPage:
    """Return a guard with all that rests on it."""
    shown = guard_page(desk, READER, name, limit=_READ_AT_ONCE)
    after, items, proofs = shown.items.next, shown.items.items, shown.proofs
    while after is not None:
        more = guard_page(desk, READER, name, after=after, limit=_READ_AT_ONCE)
        after, items, proofs = more.items.next, items + more.items.items, proofs + more.proofs
    return GuardPage(name, Page(items, None, len(items)), proofs)


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

"""Import other people's postmortems into the book. A file that cannot be read is said, and the rest goes on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import shorten

from failonce.app import settings
from failonce.app.parcels import parcel
from failonce.model.document import ImportedDocument
from failonce.model.errors import FailonceError, NotFound
from failonce.model.viewer import Stamp
from failonce.postmortem.assignments import assignments
from failonce.postmortem.decoding import text_of
from failonce.postmortem.foreign import known, opsgenie
from failonce.postmortem.known import title
from failonce.postmortem.read import Facts, read
from failonce.store.book import Book

#: What a folder is searched for.
ENDINGS = (".md", ".markdown", ".txt", ".json")
_LONGEST_FIX = 280


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file."""

    path: Path
    title: str = ""
    is_new: bool = False
    #: Why it was not imported; empty when it was.
    problem: str = ""


def import_into(store: str | None, paths: Sequence[Path], stamp: Stamp) -> Iterator[Imported]:
    """Import into the store at a path or URL, the configured one when none is given."""
    with Book.open(store or settings.load().store_url) as book:
        yield from import_files(paths, book, stamp)


def import_files(paths: Sequence[Path], book: Book, stamp: Stamp) -> Iterator[Imported]:
    """Yield what became of each file, folders searched. Raises NotFound for a path that leads nowhere."""
    for path in dict.fromkeys(found for named in paths for found in _walk(named)):
        try:
            document = _document(path, stamp.at)
            is_new = book.documents.save(parcel(document), stamp)
        except OSError as problem:
            yield Imported(path, problem=problem.strerror or str(problem))
        except FailonceError as problem:
            yield Imported(path, problem=str(problem))
        else:
            yield Imported(path, document.title, is_new)


def _walk(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise NotFound(f"There is no {path}.", hint="Name a file or a folder of postmortems.")
    if not path.is_dir():
        yield path
        return
    for found in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
        if found.suffix.lower() in ENDINGS and found.is_file() and not hidden:
            yield found


def _document(path: Path, at: datetime) -> ImportedDocument:
    content = path.read_bytes()
    text = opsgenie(content) if path.suffix.lower() == ".json" else text_of(content)[0]
    # PostgreSQL keeps no NUL in a text, and no reader sees one.
    text = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    found = read(text)
    given = [{"owner": g.owner, "due": g.due and g.due.isoformat()} for g in assignments(text, found.action_items)]
    facts = {**known(found, text), "fixed_by": _fixed_by(found, text), "assignments": given}
    digest = hashlib.sha256(content).hexdigest()
    return ImportedDocument(str(path.resolve()), _title(text, found, path), text, facts, at, digest)


def _fixed_by(facts: Facts, text: str) -> str | None:
    """Return the sentence or two in which the document explains the fix."""
    met = facts.requirements_met["fix_explained"]
    lines = text.splitlines()
    if not met or not 0 < met.line <= len(lines):
        return None
    told = re.sub(r"[*_`]{2,}", "", lines[met.line - 1]).strip(" \t-*+#>")
    return shorten(told, _LONGEST_FIX, placeholder=" …") or None


def _title(text: str, facts: Facts, path: Path) -> str:
    told = title(text, facts)
    return path.stem if told == "Postmortem" else told

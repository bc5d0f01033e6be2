"""Import other people's postmortems into the book. A file that cannot be read is said, and the rest goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from failonce.app import settings
from failonce.app.read import text_of
from failonce.model.document import ImportedDocument
from failonce.model.errors import FailonceError, NotFound
from failonce.postmortem.foreign import known, opsgenie
from failonce.postmortem.known import title
from failonce.postmortem.read import Facts, read
from failonce.store.book import Book

#: What a folder is searched for.
ENDINGS = (".md", ".markdown", ".txt", ".json")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file."""

    path: Path
    title: str = ""
    is_new: bool = False
    #: Why it was not imported; empty when it was.
    problem: str = ""


def import_into(store: str | None, paths: Sequence[Path], at: datetime) -> Iterator[Imported]:
    """Import into the store at a path or URL, the configured one when none is given."""
    with Book.open(store or settings.load().store_url) as book:
        yield from import_files(paths, book, at)


def import_files(paths: Sequence[Path], book: Book, at: datetime) -> Iterator[Imported]:
    """Yield what became of each file, folders searched. Raises NotFound for a path that leads nowhere."""
    for path in dict.fromkeys(found for named in paths for found in _walk(named)):
        try:
            document = _document(path, at)
        except OSError as problem:
            yield Imported(path, problem=problem.strerror or str(problem))
        except FailonceError as problem:
            yield Imported(path, problem=str(problem))
        else:
            yield Imported(path, document.title, book.save_document(document))


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
    found = read(text)
    digest = hashlib.sha256(content).hexdigest()
    return ImportedDocument(str(path.resolve()), _title(text, found, path), text, known(found, text), at, digest)


def _title(text: str, facts: Facts, path: Path) -> str:
    told = title(text, facts)
    return path.stem if told == "Postmortem" else told

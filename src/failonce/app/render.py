"""Render a postmortem on disk: the document alone, or with the incident and recording that lie beside it.

Reads nothing outside of the document's folder and loads nothing from anywhere.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import msgspec

from failonce import jsontext
from failonce.model.action import ActionItem
from failonce.model.errors import CannotLook, NotFound, UsageError
from failonce.model.incident import Incident
from failonce.model.snapshot import Snapshot
from failonce.observe.recording import read as read_recording
from failonce.postmortem import pdf
from failonce.postmortem.actions import action_items
from failonce.postmortem.article import parsed
from failonce.postmortem.decoding import text_of
from failonce.postmortem.frontmatter import front
from failonce.postmortem.page import article_page, page
from failonce.postmortem.pictures import Picture, Pictures, file_name, is_remote, media_type, referenced
from failonce.postmortem.read import read

#: What can be made of a document, and how such a file's name ends.
FORMS = {"html": ".html", "pdf": ".pdf", "json": ".json", "onepager": ".onepager.pdf"}
_LARGEST_PICTURE_BYTES = 5_000_000
_LARGEST_PICTURES_BYTES = 25_000_000
_MOST_PICTURES = 200


@dataclass(frozen=True, slots=True)
class Beside:
    """The incident that a document is of, with what was recorded of it."""

    incident: Incident
    snapshots: tuple[Snapshot, ...]
    actions: tuple[ActionItem, ...]


def render(path: Path, form: str, out: Path | None = None) -> Path:
    """Write what `form` names of a document, beside it when nowhere else; return where."""
    content = rendered(path, form)
    target = out or path.with_name(path.stem + FORMS[form])
    if target.exists() and target.samefile(path):
        raise UsageError(f"{target} is the document itself.", hint="Name another file: -o OUT")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    except OSError as problem:
        raise UsageError(f"{target} cannot be written: {problem.strerror}.", hint="Name another: -o OUT") from problem
    return target


def rendered(path: Path, form: str) -> bytes:
    """Return a document in one of the forms."""
    text = _text(path)
    beside = _beside(path.parent, text)
    match form:
        case "json":
            return jsontext.dumps(_json(text, beside)).encode()
        case "onepager" if beside:
            return pdf.onepager_pdf(beside.incident, beside.snapshots, beside.actions)
        case "onepager":
            return pdf.document_onepager_pdf(text)
    pictures = _pictures(path.parent, text)
    if form == "pdf":
        if beside is None:
            return pdf.article_pdf(text, pictures)
        return pdf.report_pdf(beside.incident, text, beside.snapshots, beside.actions, pictures)
    if beside is None:
        return article_page(text, pictures).encode()
    return page(beside.incident, text, beside.snapshots, beside.actions, pictures).encode()


def _text(path: Path) -> str:
    try:
        return text_of(path.read_bytes())[0]
    except FileNotFoundError as problem:
        raise NotFound(f"There is no file {path}.", hint="Name a postmortem, such as DIR/postmortem.md.") from problem
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror}.", hint="Name one file.") from problem


def _json(text: str, beside: Beside | None) -> dict[str, object]:
    parts = front(text)
    told: dict[str, object] = {"facts": read(text).plain(), "front_matter": parts.values, "markdown": text}
    return told | ({"incident": beside.incident, "actions": beside.actions} if beside else {})


def _beside(folder: Path, text: str) -> Beside | None:
    """Return the incident beside a document, when the document says that it is the one it is of."""
    path = folder / "incident.json"
    named = front(text).values.get("incident")
    if not named or not path.is_file():
        return None
    try:
        incident = jsontext.loads(path.read_bytes(), Incident)
    except (msgspec.MsgspecError, OSError) as problem:
        raise CannotLook(
            f"{path} cannot be read: {problem}.", hint="Move it away to render the text alone."
        ) from problem
    if incident.id != named:
        return None
    recording = folder / "recording"
    snapshots = tuple(read_recording(recording)) if recording.is_dir() else ()
    return Beside(incident, snapshots, action_items(incident))


def _pictures(folder: Path, text: str) -> Pictures:
    """Return the pictures a document refers to, or why they are not shown."""
    found: dict[str, Picture | str] = {}
    room = _LARGEST_PICTURES_BYTES
    for address in referenced(parsed(text)[1])[:_MOST_PICTURES]:
        if is_remote(address):
            continue
        found[address] = picture = _picture(folder, address, min(room, _LARGEST_PICTURE_BYTES))
        room -= len(picture.content) if isinstance(picture, Picture) else 0
    return found


def _picture(folder: Path, address: str, most_bytes: int) -> Picture | str:
    """Return a picture from the document's folder, or why it is not shown. Never follows a way out of the folder."""
    name = file_name(address)
    if "\0" in name or Path(name).is_absolute() or ".." in Path(name).parts:
        return f"picture outside of the document's folder, not read: {address}"
    try:
        real = (folder / name).resolve(strict=True)
        if not real.is_relative_to(folder.resolve()):
            return f"picture outside of the document's folder, not read: {address}"
        content = _content(real, most_bytes)
    except (OSError, ValueError, RuntimeError):
        return f"picture missing: {address}"
    if len(content) > most_bytes:
        return f"picture too large to carry along: {address}"
    kind = media_type(content)
    return Picture(kind, content) if kind else f"not a picture: {address}"


def _content(path: Path, most_bytes: int) -> bytes:
    """Return a regular file's bytes, at most one more than asked for; a device or a pipe would never end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("not a file")
        return file.read(most_bytes + 1)

"""Write a new postmortem from what a person tells, or bring the facts of one up to date, losing nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from failonce.model.errors import UsageError
from failonce.postmortem.decoding import text_of
from failonce.postmortem.form import ASKS, Ask, Form, facts, missing, written
from failonce.postmortem.save import changed

__all__ = ["ASKS", "Ask", "New", "create", "update"]


@dataclass(frozen=True, slots=True)
class New:
    """A document written, and what is still to be filled in: each with the line where it belongs."""

    path: Path
    missing: tuple[tuple[int, Ask], ...]


def create(path: Path, answers: Mapping[str, Any]) -> New:
    """Write a new document. Raises UsageError when there is a file already, WouldLose when an answer would be lost."""
    form = Form(**answers)
    text = written(form)
    if path.exists():
        hint = f"Name another file, or change its facts: failonce new {path} --update"
        raise UsageError(f"{path} is there already.", hint=hint)
    _write(path, text)
    return New(path, tuple((_line_of(ask, text), ask) for ask in missing(form)))


def update(path: Path, answers: Mapping[str, Any]) -> New:
    """Set facts in a document's front matter; everything else stays byte for byte. Raises WouldLose."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        guess = text_of(content)[1]
        message = guess[0].message if guess else "The text is not UTF-8."
        raise UsageError(f"{path} is not changed. {message}", hint="Save it as UTF-8 first.") from None
    except OSError as problem:
        raise UsageError(
            f"{path} cannot be read: {problem.strerror}.", hint="Leave out --update for a new file."
        ) from problem
    form = Form(**{"title": "", **answers})
    told = {key: value for key, value in facts(form).items() if value not in (None, "", [])}
    prose = sorted(name for name in answers if getattr(form, name) and name not in _TYPED)
    if prose:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in prose)
        raise UsageError(f"{names} is prose, which --update leaves alone.", hint=f"Write it into {path} yourself.")
    _write(path, changed(text, told))
    return New(path, ())


_TYPED = {
    "title",
    "start",
    "end",
    "timezone",
    "service",
    "users_affected_percent",
    "detected",
    "detected_by",
    "escalated_to",
}


def _line_of(ask: Ask, text: str) -> int:
    before, found, _ = text.partition(f"<!-- to fill in: {ask.question}")
    return before.count("\n") + 1 if found else 1


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            os.chmod(name, mode)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as problem:
        raise UsageError(f"{path} cannot be written: {problem.strerror}.", hint="Name another file.") from problem

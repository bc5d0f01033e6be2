"""Read postmortems on disk: their bytes as text, and the text's facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from failonce.model.errors import NotFound, UsageError
from failonce.postmortem.read import Doubt, Facts, read

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def read_files(paths: Sequence[Path]) -> Iterator[tuple[Path, Facts]]:
    """Yield each file's facts, in order. Raises NotFound, and UsageError for a folder."""
    for path in paths:
        text, doubts = text_of(_bytes(path))
        facts = read(text)
        yield path, replace(facts, doubts=(*doubts, *facts.doubts))


def text_of(data: bytes) -> tuple[str, tuple[Doubt, ...]]:
    """Return bytes as text: by their byte order mark, as UTF-8, else as Windows-1252, a guess and said."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        guess = "cp1252" if b"\x00" not in data[:1000] else "utf-16"
        doubt = Doubt("encoding", line, f"The text is not UTF-8; read as {guess}, a guess.")
        return data.decode(guess, errors="replace"), (doubt,)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", hint="Name a postmortem, such as DIR/postmortem.md.") from error
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder.", hint=f"Name its files: failonce read {path}/*.md.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint="Check the file's permissions.") from error

"""Read postmortems on disk: their bytes as text, and the text's facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from failonce.model.errors import NotFound, UsageError
from failonce.postmortem.decoding import text_of
from failonce.postmortem.read import Facts, read


def read_files(paths: Sequence[Path]) -> Iterator[tuple[Path, Facts]]:
    """Yield each file's facts, in order. Raises NotFound, and UsageError for a folder."""
    for path in paths:
        text, doubts = text_of(_bytes(path))
        facts = read(text)
        yield path, replace(facts, doubts=(*doubts, *facts.doubts))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", hint="Name a postmortem, such as DIR/postmortem.md.") from error
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder.", hint=f"Name its files: failonce read {path}/*.md.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", hint="Check the file's permissions.") from error

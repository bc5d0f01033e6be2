"""Lint postmortems on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from failonce.model.errors import NotFound, UsageError
from failonce.model.finding import Finding
from failonce.postmortem.lint import lint


def lint_files(paths: Sequence[Path]) -> dict[Path, tuple[Finding, ...]]:
    """Return each file's findings. Raises NotFound, and UsageError for what is not text."""
    return {path: lint(_text(path)) for path in paths}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", hint="Name a Markdown file, such as DIR/postmortem.md.") from error
    except (UnicodeDecodeError, IsADirectoryError) as error:
        raise UsageError(f"{path} is not a text in UTF-8.", hint="Convert it first: iconv -t utf-8 FILE.") from error

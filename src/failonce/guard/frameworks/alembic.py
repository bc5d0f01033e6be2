"""Alembic: `alembic upgrade FROM:TO --sql` in its folder, split where it says which revision follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from failonce.guard.frameworks.process import run

MARK = "alembic.ini"
_REVISION = re.compile(r"^-- Running upgrade (?P<from>\S*) -> (?P<to>\S+)$", re.MULTILINE)
_OWN = re.compile(
    r"^(?:CREATE TABLE alembic_version|(?:INSERT INTO|UPDATE|DELETE FROM) alembic_version)\b.*?;$", re.M | re.S
)


def read(folder: Path, since: str | None) -> Iterator[tuple[str, str]]:
    """Yield each migration's file, or its revision where no file has it, and its SQL. Raises CannotLook."""
    text = run(folder, ["-m", "alembic", "upgrade", f"{since or 'base'}:head", "--sql"])
    marks = list(_REVISION.finditer(text))
    files = {path.name: path for path in folder.rglob("versions/*.py")}
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        sql = text[mark.end() : after.start() if after else len(text)]
        name = next((str(path) for file, path in sorted(files.items()) if file.startswith(mark["to"])), mark["to"])
        # The transaction around everything, and Alembic's own bookkeeping, are not the migration's.
        yield name, re.sub(r"^(?:BEGIN|COMMIT);$", "", _OWN.sub("", sql), flags=re.MULTILINE)

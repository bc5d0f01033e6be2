"""Read what is to be reviewed from disk: .sql files and folders of them, and snapshots of pg_stat_statements."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from failonce import placeholders, sqltext
from failonce.app.review.statements import Sources, is_planned
from failonce.guard import sqlfile
from failonce.guard.statement import Place, Rate, Statement, merged, statement
from failonce.guard.suite import Execution
from failonce.model.errors import NotFound, UsageError
from failonce.postmortem.decoding import text_of

_BEGIN = ("begin", "start transaction")
_DDL = ("alter", "create", "drop", "truncate", "reindex", "vacuum", "cluster", "refresh", "comment", "lock", "grant")
_END = ("commit", "rollback", "end", "abort")


def read_sql(paths: Sequence[Path]) -> Sources:
    """Return the statements of files; folders are searched for *.sql. Raises NotFound."""
    statements: list[Statement] = []
    executions: list[Execution] = []
    notes: dict[str, tuple[str, ...]] = {}
    changes: list[tuple[str, str]] = []
    for path in dict.fromkeys(found for place in paths for found in walk(place, ".sql")):
        text = text_of(path.read_bytes())[0]
        written, said = sqlfile.split(text)
        passed = [each for each in written if not is_planned(each.sql) and not _steers(each.sql)]
        changes += [(str(path), text)] if any(changes_schema(each.sql) for each in passed) else []
        said += tuple(_passed_over(each) for each in passed if not changes_schema(each.sql))
        notes |= {str(path): said} if said else {}
        for sent, transaction in _in_transactions(written, len(executions)):
            found = statement(placeholders.numbered(sent.sql), Place(str(path), sent.line))
            statements.append(found)
            executions.append(Execution(found.fingerprint, found.places[0], transaction))
    return Sources(merged(statements), tuple(executions), notes=notes, schema_changes=tuple(changes))


def read_statements(path: Path, *, over_s: float | None) -> Sources:
    """Return the statements of a snapshot of pg_stat_statements, as CSV with a header or as a JSON list.

    Needs `query` and `calls`. With `total_exec_time` or `mean_exec_time` (ms), and `seconds` or `over_s` for how long
    was counted, it also tells how many sessions a statement takes. Raises NotFound, UsageError.
    """
    if not path.exists():
        raise NotFound(
            f"There is no file {path}.", hint=r"In psql: \copy (select * from pg_stat_statements) to FILE csv header"
        )
    text = text_of(path.read_bytes())[0]
    rows = _rows(text, path)
    missing = {"query", "calls"} - set(rows[0]) if rows else set()
    if missing:
        raise UsageError(
            f"{path} lacks {', '.join(sorted(missing))}.",
            hint=r"In psql: \copy (select query, calls, total_exec_time from pg_stat_statements) to FILE csv header",
        )
    return Sources(
        merged(_counted(row, Place(str(path), n), over_s) for n, row in enumerate(rows, start=2) if row["query"])
    )


def walk(path: Path, ending: str) -> Iterator[Path]:
    """Yield a file, or those of a folder with this ending, in order; what is hidden stays so."""
    if path.is_file():
        yield path
        return
    if not path.exists():
        raise NotFound(f"There is no file {path}.", hint="Name a file or a folder of .sql files.")
    found = [
        p for p in sorted(path.rglob(f"*{ending}")) if not any(x.startswith(".") for x in p.relative_to(path).parts)
    ]
    if not found:
        raise NotFound(f"There is no {ending} file in {path}.", hint="Name the folder that holds them.")
    yield from found


def _rows(text: str, path: Path) -> list[dict[str, Any]]:
    try:
        if text.lstrip().startswith("["):
            return [dict(row) for row in json.loads(text)]
        return list(csv.DictReader(io.StringIO(text)))
    except (ValueError, TypeError, csv.Error) as problem:
        raise UsageError(
            f"{path} is neither CSV nor JSON: {problem}.", hint="Give it a header line, or a list."
        ) from None


def _counted(row: Mapping[str, Any], place: Place, over_s: float | None) -> Statement:
    sql = str(row["query"])
    return Statement(sql, sqltext.fingerprint(sql), (place,), rate=_rate(row, over_s), calls=_number(row["calls"]))


def _number(text: Any) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _rate(row: Mapping[str, Any], over_s: float | None) -> Rate | None:
    try:
        calls, seconds = float(row["calls"]), float(row.get("seconds") or over_s or 0)
        total = float(row.get("total_exec_time") or calls * float(row.get("mean_exec_time") or 0))
    except ValueError:
        return None
    return Rate(calls / seconds, total / calls / 1000) if calls and seconds else None


def changes_schema(sql: str) -> bool:
    """Tell whether a statement is one for the migration rules."""
    return sqltext.after_comments(sql).lower().startswith(_DDL)


def _passed_over(each: sqlfile.Written) -> str:
    """Say that a statement, or what is none, was passed over."""
    word = re.match(r"\w*", sqltext.after_comments(each.sql))
    name = word[0].upper() if word and word[0] else "this"
    return f"Line {each.line}: {name} is nothing that is planned; it was passed over."


def _steers(sql: str) -> bool:
    """Tell whether a statement is about transactions or the session: nothing to review."""
    first = sqltext.after_comments(sql).lower()
    return first.startswith((*_BEGIN, *_END, "set ", "reset ", "savepoint", "release", "show "))


def _in_transactions(written: Sequence[sqlfile.Written], number: int) -> Iterator[tuple[sqlfile.Written, int | None]]:
    """Yield each statement with the number of its explicit transaction."""
    current: int | None = None
    for each in written:
        word = sqltext.after_comments(each.sql).lower()
        if word.startswith(_BEGIN):
            number += 1
            current = number
        elif word.startswith(_END):
            current = None
        elif is_planned(each.sql) or word.startswith("lock"):
            yield each, current

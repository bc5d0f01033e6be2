"""squawk, the linter of migrations, as a process: its general rules, less what a table's size makes harmless.

Apache-2.0 or MIT, by its authors; it comes with the extra `failonce[review]`. https://squawkhq.com
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from failonce.guard.migration import Step

_WITHIN_S = 30
#: How something is written, not what it does; the timeouts a session sets are not seen in its files.
STYLE = frozenset(
    "ban-char-field identifier-too-long prefer-bigint-over-int prefer-bigint-over-smallint prefer-identity "
    "prefer-robust-stmts prefer-text-field prefer-timestamp-tz prefer-repack require-lock-timeout "
    "require-statement-timeout require-table-schema require-enum-value-ordering ban-uncommitted-transaction "
    "require-timeout-settings".split()
)
#: Harmless on a table that is new or small.
_BY_SIZE = frozenset(
    "adding-field-with-default adding-foreign-key-constraint adding-not-nullable-field adding-required-field "
    "adding-serial-primary-key-field changing-column-type constraint-missing-not-valid disallowed-unique-constraint "
    "require-concurrent-index-creation require-concurrent-index-deletion require-concurrent-reindex "
    "require-concurrent-refresh-materialized-view require-concurrent-partition-detach".split()
)
#: Ours say the same with the sizes and statements of production known.
_TOLD_BY_OURS = {
    "adding-field-with-default": "volatile-default",
    "adding-foreign-key-constraint": "locks-large-table",
    "changing-column-type": "locks-large-table",
    "constraint-missing-not-valid": "locks-large-table",
    "disallowed-unique-constraint": "locks-large-table",
    "require-concurrent-index-creation": "locks-large-table",
    "ban-drop-column": "breaks-statement",
    "ban-drop-table": "breaks-statement",
    "renaming-column": "breaks-statement",
    "renaming-table": "breaks-statement",
}
_NEEDS_STATEMENTS = frozenset({"ban-drop-column", "ban-drop-table", "renaming-column", "renaming-table"})


@dataclass(frozen=True, slots=True)
class Squawk:
    """One finding of squawk."""

    rule: str
    line: int
    message: str
    help: str


def find() -> Path | None:
    """Return squawk's program, None when it is not installed."""
    beside = Path(sysconfig.get_path("scripts")) / "squawk"
    found = shutil.which("squawk")
    return beside if beside.exists() else Path(found) if found else None


def run(program: Path, sql: str, *, in_transaction: bool = True) -> tuple[Squawk, ...]:
    """Return everything squawk finds in a migration, which its tool wraps in a transaction, or not."""
    wrapped = ["--assume-in-transaction"] if in_transaction else []
    command = [str(program), "--reporter", "json", *wrapped, "--stdin-filepath", "migration.sql"]
    done = subprocess.run(command, input=sql, capture_output=True, text=True, timeout=_WITHIN_S, check=False, cwd="/")
    found = json.loads(done.stdout) if done.stdout.strip().startswith("[") else []
    return tuple(Squawk(each["rule_name"], each["line"] + 1, each["message"], each.get("help") or "") for each in found)


def relevant(found: Iterable[Squawk], steps: Iterable[Step], ours: Iterable[tuple[str, int]]) -> Iterator[Squawk]:
    """Yield what remains when production's sizes and statements are known, and ours have said what they say better."""
    said = set(ours)
    by_line = sorted(steps, key=lambda step: step.place.line)
    for each in found:
        if each.rule in STYLE:
            continue
        step = next((s for s in reversed(by_line) if s.place.line <= each.line), None)
        if step is None or not _is_told(each, step, said):
            yield each


def _is_told(each: Squawk, step: Step, said: set[tuple[str, int]]) -> bool:
    """Tell whether ours have judged this with more knowledge: found it as well, or found it harmless."""
    if (_TOLD_BY_OURS.get(each.rule), step.place.line) in said:
        return True
    if each.rule in _NEEDS_STATEMENTS:
        return bool(step.known.plans.plans) or step.table_name in step.new_tables
    knows_size = step.table is not None or step.table_name in step.new_tables
    if each.rule in _TOLD_BY_OURS and knows_size:
        return True
    return each.rule in _BY_SIZE and step.is_on_small

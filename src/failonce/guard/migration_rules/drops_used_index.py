"""An index is dropped that statements of production are planned with.

What it sees
    DROP INDEX, a constraint or a column dropped with its index, where a kept plan (`failonce review --keep`) uses
    the index, or the server counted scans of it.

Why it matters
    The migration takes a millisecond and is a success. From then on each call of the statements that used the index
    reads the whole table (seed 000).

What to do
    Build what takes its place first, with CONCURRENTLY, and see that the plans changed to it; then drop.

Example
    drop index reviews_recipe_id_created_at;
    used by select ... from reviews where recipe_id = ? order by created_at desc limit ?
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from failonce.guard.case import Found
from failonce.guard.migration import Step, users
from failonce.structure import KnownIndex

ID = "drops-used-index"
SEVERITY = "error"
_INDEX = re.compile(r"drop index (?:concurrently )?(?:if exists )?(?P<names>[\w$.\", ]+)")
_CONSTRAINT = re.compile(r".* drop constraint (?:if exists )?\"?(?P<name>[\w$]+)")
_COLUMN = re.compile(r".* drop column (?:if exists )?\"?(?P<name>[\w$]+)")


def check(step: Step) -> Iterator[Found]:
    """Yield each index that goes and is used."""
    for index in _dropped(step):
        statement = users(step.known.plans, index.name)
        if statement is None and not index.scans:
            continue
        used = f"by: {statement[:160]}" if statement else f"{index.scans} times since the server began to count"
        others = tuple(i for i in step.known.structure.indexes_of(index.table) if i.name != index.name)
        if not any(i.keys[: len(index.keys)] == index.keys and not i.predicate for i in others):
            yield Found(f"The index {index.name} is used {used}.", "Build what takes its place first; then drop it.")


def _dropped(step: Step) -> Iterator[KnownIndex]:
    indexes = {index.name: index for index in step.known.structure.indexes}
    names: set[str] = set()
    if found := _INDEX.match(step.text):
        names = {name.replace('"', "").strip().split(" ")[0].rpartition(".")[2] for name in found["names"].split(",")}
    elif found := _CONSTRAINT.match(step.text):
        names = {found["name"]}
    elif found := _COLUMN.match(step.text):
        names = {i.name for i in step.known.structure.indexes_of(step.table_name) if found["name"] in i.keys}
    yield from (indexes[name] for name in sorted(names) if name in indexes)

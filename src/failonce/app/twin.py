"""The twin as a person uses it: pull a database's blueprint into a file, start it, plan a statement on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from failonce.model.blueprint import Blueprint
from failonce.model.errors import UsageError
from failonce.model.remedy import PlanSummary

if TYPE_CHECKING:
    from failonce.lab.twin import Twin


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was written to a twin file."""

    path: Path
    blueprint: Blueprint
    bytes: int


def pull(dsn: str, path: Path, *, keep: Sequence[str] = ()) -> Pulled:
    """Pull the twin of a database into a file; no value of a column goes with it unless the column is kept."""
    from failonce.lab.twin import file
    from failonce.lab.twin.pull import pull_masked

    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", hint=f"mkdir -p {path.parent}")
    blueprint = pull_masked(dsn, keep=keep)
    file.save(path, blueprint)
    return Pulled(path, blueprint, path.stat().st_size)


def helper_sql(role: str) -> str:
    """Return what an administrator may run to let a role read planner statistics."""
    from failonce.lab.twin.pull import helper_sql as for_role

    return for_role(role)


@contextmanager
def running(path: Path) -> Iterator[Twin]:
    """Run the twin of a file while the block runs."""
    from failonce.lab.twin import file, up

    with up(file.load(path)) as twin:
        yield twin


def plan(path: Path, query: str, ddl: Sequence[str] = ()) -> PlanSummary:
    """Plan one statement on the twin of a file, as if this DDL had been run."""
    with running(path) as twin:
        return twin.plan(query, ddl)

"""What a suite rule is shown: who sent which statement after which, in which transaction, beside each one's case."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from failonce.guard.case import Case, Limits, parsed
from failonce.guard.statement import Place

_LOCK_TABLE = re.compile(
    r"^\s*lock\s+(?:table\s+)?(?:only\s+)?([\w.\", ]+?)(?:\s+in\s+|\s+nowait|\s*;?\s*$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Execution:
    """One statement, sent once."""

    fingerprint: str
    place: Place
    #: Statements of one transaction have the same number; None outside of any.
    transaction: int | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """All that was sent, in the order in which it was."""

    cases: Mapping[str, Case]
    executions: tuple[Execution, ...]
    limits: Limits

    def transactions(self) -> Iterator[tuple[Execution, ...]]:
        """Yield the executions of each transaction of more than one statement."""
        found: dict[int, list[Execution]] = defaultdict(list)
        for execution in self.executions:
            if execution.transaction is not None and execution.fingerprint in self.cases:
                found[execution.transaction].append(execution)
        yield from (tuple(sent) for sent in found.values() if len(sent) > 1)

    def case(self, execution: Execution) -> Case:
        """Return the case of what was sent."""
        return self.cases[execution.fingerprint]


@lru_cache(maxsize=4096)
def locked(sql: str) -> tuple[str, ...]:
    """Return the tables whose rows a statement locks until its transaction ends, or which it locks whole.

    >>> locked("update recipes set title = $1 where id = $2"), locked("select * from cooks where id = $1 for update")
    (('recipes',), ('cooks',))
    """
    table = _LOCK_TABLE.match(sql)
    if table:
        return tuple(name.strip().strip('"') for name in table[1].split(","))
    tree = parsed(sql)
    if isinstance(tree, exp.Update | exp.Delete) and isinstance(tree.this, exp.Table):
        return (tree.this.name,)
    if isinstance(tree, exp.Select) and tree.args.get("locks"):
        return tuple(sorted({table.name for table in tree.find_all(exp.Table)}))
    return ()

"""Remember what is dear to compute, for as long as the book does not change.

Every change writes to the audit log, so its last hash says whether what is remembered still holds, also when another
process wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from sqlalchemy import Connection

from failonce.store import audit
from failonce.store.transactions import Transactions

T = TypeVar("T")
#: Answers kept: more than the viewers and time spans that are asked for again and again.
_KEPT = 64


class Memo(Generic[T]):
    """Answers to one kind of question."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._known: dict[Hashable, tuple[str, T]] = {}

    def answer(self, question: Hashable, compute: Callable[[Connection], T]) -> T:
        """Return what is remembered, or compute it in the same transaction in which it was found outdated."""
        with self._transactions.reading() as connection:
            version = audit.head(connection)[1]
            known = self._known.get(question)
            if known is not None and known[0] == version:
                return known[1]
            found = compute(connection)
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[question] = (version, found)
        return found

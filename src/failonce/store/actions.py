"""Action items: who does what until when, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, insert, select, update

from failonce.model.action import NEXT_STATES, ActionFilter, ActionItem, ActionKind, ActionState, Priority, Proof
from failonce.model.errors import Conflict, NotFound, UsageError
from failonce.model.insight import Tally
from failonce.model.page import Page
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import audit, texts
from failonce.store.dossiers import shallow
from failonce.store.memo import Memo
from failonce.store.paging import Order, read_page
from failonce.store.permission import allow, hidden, require
from failonce.store.tables import action_items
from failonce.store.transactions import Transactions

#: Sorts behind every date.
_UNDATED = "9999-12-31"
#: What of an action item people may change.
CHANGEABLE = frozenset("text kind state owner due priority reason guard vouched_by".split())
_ANY = ActionFilter()
_STATES_WITH_A_REASON = (ActionState.DECLINED, ActionState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Board:
    """How the action items stand, all together."""

    overdue: int
    by_state: tuple[Tally, ...]
    #: Of those that are open; the value is empty where nobody owns them.
    by_owner: tuple[Tally, ...]


class Actions:
    """The action items of all incidents."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._boards: Memo[Board] = Memo(transactions)

    def page(
        self, viewer: Viewer, wanted: ActionFilter = _ANY, *, after: str | None = None, limit: int = 50
    ) -> Page[ActionItem]:
        """Return the action items that a filter lets through: by due date, the undated last."""
        query = _seen(viewer).where(*_conditions(wanted))
        order = Order((action_items.c.due_key, action_items.c.incident_id, action_items.c.id))
        with self._transactions.reading() as connection:
            return read_page(connection, query, made, order=order, window=(after, limit))

    def of(self, viewer: Viewer, incident_id: str) -> tuple[ActionItem, ...]:
        """Return an incident's action items in order of their ids."""
        query = select(action_items).where(action_items.c.incident_id == incident_id).order_by(action_items.c.id)
        with self._transactions.reading() as connection:
            require(connection, viewer, incident_id)
            return tuple(made(row) for row in connection.execute(query))

    def item(self, viewer: Viewer, incident_id: str, action_id: str) -> ActionItem:
        """Return one action item."""
        with self._transactions.reading() as connection:
            return _required(connection, viewer, incident_id, action_id)

    def tally(self, viewer: Viewer, today: date) -> Board:
        """Return how many there are of each kind."""
        asked = (viewer.sees_all, viewer.groups, today)
        return self._boards.answer(asked, lambda connection: _board(connection, viewer, today))

    def add(self, item: ActionItem, stamp: Stamp) -> ActionItem:
        """Add an action item. Raises UsageError when its id is taken."""
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            require(connection, stamp.by, item.incident_id)
            if connection.execute(_one(item.incident_id, item.id)).first():
                raise UsageError(f"There is an action item {item.id} already.", hint="Give it another id.")
            _insert(connection, [replace(item, revision=1)], stamp)
            return _required(connection, stamp.by, item.incident_id, item.id)

    def save(self, items: Iterable[ActionItem], stamp: Stamp) -> None:
        """Add those that are not there yet; what people made of the others stands."""
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            new = []
            for item in items:
                require(connection, stamp.by, item.incident_id)
                if connection.execute(_one(item.incident_id, item.id)).first() is None:
                    new.append(item)
            _insert(connection, new, stamp)

    def change(self, incident_id: str, action_id: str, stamp: Stamp, *, revision: int, **changes: Any) -> ActionItem:
        """Change an action item. Raises Conflict when it is not as `revision` was, UsageError for a wrong step.

        Verified takes `vouched_by`, a named person's word, when there is no proof: see `prove`.
        """
        allow(stamp.by, Role.EDITOR)
        unknown = changes.keys() - CHANGEABLE
        if unknown:
            hint = f"What can be changed: {', '.join(sorted(CHANGEABLE))}"
            raise UsageError(f"An action item has no {', '.join(sorted(unknown))} to change.", hint=hint)
        with self._transactions.writing() as connection:
            before = _required(connection, stamp.by, incident_id, action_id)
            wanted = replace(before, **changes)
            if before.revision != revision:
                raise _conflict(wanted, before)
            check_step(before, wanted)
            return _rewrite(connection, wanted, stamp, "action.changed", msgspec.to_builtins(changes))

    def prove(self, incident_id: str, action_id: str, proof: Proof, stamp: Stamp) -> ActionItem:
        """Keep a proof: the action item is verified by it."""
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            before = _required(connection, stamp.by, incident_id, action_id)
            proofs = (*before.proofs, proof)
            wanted = replace(before, proofs=proofs, guard=proof.guard, state=ActionState.VERIFIED, vouched_by=None)
            return _rewrite(connection, wanted, stamp, "action.proved", {"guard": proof.guard})


def check_step(before: ActionItem, after: ActionItem) -> None:
    """Refuse a step that an action item cannot take, and a state without what it takes."""
    if after.state is not before.state and after.state not in NEXT_STATES[before.state]:
        names = ", ".join(NEXT_STATES[before.state])
        raise UsageError(
            f"Action item {before.id} is {before.state} and cannot become {after.state} at once.",
            hint=f"From there it can become: {names}",
        )
    if after.state in _STATES_WITH_A_REASON and not (after.reason or "").strip():
        raise UsageError(f"An action item is {after.state} for a reason.", hint="Say why, in one sentence.")
    if after.state is ActionState.VERIFIED and not after.proofs and not (after.vouched_by or "").strip():
        raise UsageError(
            f"Nothing shows that action item {before.id} holds.",
            hint="Prove its guard, or name the person who vouches for it.",
        )


def row_of(item: ActionItem) -> dict[str, Any]:
    """Return the row of an action item."""
    due_key = item.due.isoformat() if item.due else _UNDATED
    return {**shallow(item), "proofs": msgspec.to_builtins(item.proofs), "due_key": due_key}


def new_row_of(item: ActionItem, stamp: Stamp) -> dict[str, Any]:
    """Return the row of an action item that comes into the book now."""
    return row_of(item if item.added_at else replace(item, added_at=stamp.at))


def made(row: Row[Any]) -> ActionItem:
    """Return a row as the model's value."""
    return ActionItem(
        id=row.id,
        incident_id=row.incident_id,
        text=row.text,
        kind=ActionKind(row.kind),
        state=ActionState(row.state),
        owner=row.owner,
        due=row.due,
        reason=row.reason,
        priority=Priority(row.priority) if row.priority else None,
        guard=row.guard,
        proofs=msgspec.convert(row.proofs, tuple[Proof, ...]) if row.proofs else (),
        vouched_by=row.vouched_by,
        revision=row.revision,
        added_at=row.added_at,
    )


def _seen(viewer: Viewer) -> Select[Any]:
    unseen = hidden(viewer)
    query = select(action_items)
    return query if unseen is None else query.where(action_items.c.incident_id.not_in(unseen))


def _board(connection: Connection, viewer: Viewer, today: date) -> Board:
    columns = action_items.c
    late = func.sum(case((columns.due_key < today.isoformat(), 1), else_=0))
    counted = _seen(viewer).with_only_columns(columns.state, columns.owner, func.count(), late)
    states: Counter[str] = Counter()
    owners: Counter[str] = Counter()
    overdue = 0
    for state, owner, number, overdue_number in connection.execute(counted.group_by(columns.state, columns.owner)):
        states[state] += number
        if state == ActionState.OPEN:
            owners[owner or ""] += number
            overdue += overdue_number
    return Board(overdue, _sorted(states), _sorted(owners))


def _sorted(counted: Counter[str]) -> tuple[Tally, ...]:
    return tuple(Tally(value, number) for value, number in sorted(counted.items(), key=lambda e: (-e[1], e[0])))


def _one(incident_id: str, action_id: str) -> Select[Any]:
    return select(action_items).where(action_items.c.incident_id == incident_id, action_items.c.id == action_id)


def _required(connection: Connection, viewer: Viewer, incident_id: str, action_id: str) -> ActionItem:
    require(connection, viewer, incident_id)
    row = connection.execute(_one(incident_id, action_id)).first()
    if row is None:
        ids = select(action_items.c.id).where(action_items.c.incident_id == incident_id).order_by(action_items.c.id)
        names = ", ".join(connection.execute(ids).scalars()) or "none"
        raise NotFound(f"Incident {incident_id} has no action item {action_id}.", hint=f"It has: {names}")
    return made(row)


def _insert(connection: Connection, items: list[ActionItem], stamp: Stamp) -> None:
    if not items:
        return
    connection.execute(insert(action_items), [new_row_of(item, stamp) for item in items])
    added = [("action.added", item.incident_id, {"id": item.id, "text": item.text}) for item in items]
    audit.record_all(connection, stamp, added)
    for incident_id in dict.fromkeys(item.incident_id for item in items):
        texts.gather(connection, incident_id)


def _rewrite(connection: Connection, item: ActionItem, stamp: Stamp, act: str, detail: dict[str, Any]) -> ActionItem:
    after = replace(item, revision=item.revision + 1)
    mine = (action_items.c.incident_id == item.incident_id, action_items.c.id == item.id)
    connection.execute(update(action_items).where(*mine).values(row_of(after)))
    audit.record(connection, stamp, act, of=item.incident_id, id=item.id, **detail)
    texts.gather(connection, item.incident_id)
    return after


def _conditions(wanted: ActionFilter) -> list[ColumnElement[bool]]:
    columns = action_items.c
    found = [
        getattr(columns, name) == getattr(wanted, name)
        for name in ("kind", "priority", "owner", "incident_id", "guard")
        if getattr(wanted, name) is not None
    ]
    if wanted.states:
        found.append(columns.state.in_(wanted.states))
    if wanted.overdue_on is not None:
        found += [columns.state == ActionState.OPEN, columns.due_key < wanted.overdue_on.isoformat()]
    return found


def _conflict(mine: ActionItem, theirs: ActionItem) -> Conflict:
    return Conflict(
        f"Somebody changed action item {theirs.id} meanwhile: it is at revision {theirs.revision}.",
        hint="Look at both, then save again on top of the newer one.",
        mine=mine,
        theirs=theirs,
    )

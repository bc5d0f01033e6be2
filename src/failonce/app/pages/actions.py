"""*Actions*: what has to be done so that it does not happen twice, the overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from failonce.app.pages.desk import Desk
from failonce.model.action import NEXT_STATES, ActionFilter, ActionItem, ActionState
from failonce.model.insight import Tally
from failonce.model.page import Page
from failonce.model.viewer import Viewer

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One item, and how it stands today."""

    item: ActionItem
    #: Days past its date; 0 when it is not overdue.
    days_late: int
    #: Days until its date; None when it has none, or is no longer open.
    days_left: int | None
    next_states: tuple[ActionState, ...]
    #: Days since it came into the book; None when it is no longer open, or nobody wrote down when that was.
    days_open: int | None


@dataclass(frozen=True, slots=True)
class ActionsPage:
    """The page."""

    overdue: int
    by_state: dict[str, int]
    by_owner: tuple[Tally, ...]
    rows: Page[Row]


def actions_page(
    desk: Desk, viewer: Viewer, wanted: ActionFilter, *, today: date, after: str | None = None, limit: int = PER_PAGE
) -> ActionsPage:
    """Return the board: by due date, so that what is overdue comes first."""
    tally = desk.book.actions.tally(viewer, today)
    found = desk.book.actions.page(viewer, wanted, after=after, limit=limit)
    return ActionsPage(
        overdue=tally.overdue,
        by_state={state.value: 0 for state in ActionState} | {t.value: t.count for t in tally.by_state},
        by_owner=tally.by_owner[:12],
        rows=Page(tuple(row(item, today) for item in found.items), found.next, found.total),
    )


def row(item: ActionItem, today: date) -> Row:
    """Return an item as it stands today."""
    days = (item.due - today).days if item.due and item.state is ActionState.OPEN else None
    late = -days if days is not None and days < 0 else 0
    since = item.added_at.date() if item.added_at and item.state is ActionState.OPEN else None
    return Row(item, late, days, NEXT_STATES[item.state], max(0, (today - since).days) if since else None)

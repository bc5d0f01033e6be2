"""What has to be done so that it does not happen twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ActionKind(StrEnum):
    """What an action item is for."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"


class ActionState(StrEnum):
    """How far an action item is. Verified takes a proof or a named person's word."""

    OPEN = "open"
    IMPLEMENTED = "implemented"
    VERIFIED = "verified"
    EXPIRED = "expired"
    DECLINED = "declined"


#: Which state may follow which.
NEXT_STATES = {
    ActionState.OPEN: (ActionState.IMPLEMENTED, ActionState.DECLINED, ActionState.EXPIRED),
    ActionState.IMPLEMENTED: (ActionState.VERIFIED, ActionState.OPEN, ActionState.DECLINED, ActionState.EXPIRED),
    ActionState.VERIFIED: (ActionState.EXPIRED, ActionState.OPEN),
    ActionState.EXPIRED: (ActionState.OPEN, ActionState.VERIFIED, ActionState.DECLINED),
    ActionState.DECLINED: (ActionState.OPEN,),
}


class Priority(StrEnum):
    """How soon an action item matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a guard would have stopped the failure: red on it as recorded, green once it is fixed."""

    #: The guard's name.
    guard: str
    proved_at: datetime
    #: What the guard said of the recorded failure.
    red: str
    #: What it said of the fix.
    green: str


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One task that a check can find done or not done."""

    id: str
    incident_id: str
    text: str
    kind: ActionKind
    state: ActionState = ActionState.OPEN
    owner: str | None = None
    due: date | None = None
    #: Why it was declined or has expired.
    reason: str | None = None
    priority: Priority | None = None
    #: The guard that keeps watch over it.
    guard: str | None = None
    #: Newest last.
    proofs: tuple[Proof, ...] = ()
    #: Who vouches for it when it is verified without a proof.
    vouched_by: str | None = None
    #: Raised by every change; who changes it says which one they saw.
    revision: int = 1
    #: When it came into the book; None where that was never written down.
    added_at: datetime | None = None

    def is_overdue(self, today: date) -> bool:
        """Tell whether it should have been done by now, and is not."""
        return self.state is ActionState.OPEN and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which action items to list; what is None does not matter."""

    states: tuple[ActionState, ...] = ()
    kind: ActionKind | None = None
    priority: Priority | None = None
    owner: str | None = None
    incident_id: str | None = None
    #: Kept watch over by this guard.
    guard: str | None = None
    #: Only those that are overdue on this day.
    overdue_on: date | None = None

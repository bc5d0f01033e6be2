"""What has to be done so that it does not happen twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
    #: Why it was declined.
    reason: str | None = None

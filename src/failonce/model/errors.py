"""The errors a person can do something about.

    FailonceError               message, hint, exit code
    ├── UsageError              2: what was asked for makes no sense as written
    │   ├── NotFound            2: the thing named does not exist
    │   ├── Conflict            2: somebody else changed it meanwhile
    │   └── NotAllowed          2: the one who asks may not
    │       └── TooManyAttempts 2: wrong too often, too soon
    └── CannotLook              3: the thing to look at cannot be reached or read
        ├── DatabaseUnreachable
        ├── RecordingDamaged
        ├── CannotPlan          a statement that the twin's planner does not take
        └── LabFailed           the private PostgreSQL or sample application did not start

A fault (a bug) is none of these: it keeps its traceback and exits with 4.
"""

from __future__ import annotations

from typing import ClassVar


class FailonceError(Exception):
    """Something failonce was asked to do cannot be done."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str | None = None, *, hint: str) -> None:
        """Say what happened to which thing, and in `hint` the exact next step."""
        super().__init__(message or type(self).__doc__)
        self.hint = hint


class UsageError(FailonceError):
    """The request makes no sense as written."""


class NotFound(UsageError):
    """The thing named does not exist."""


class Conflict(UsageError):
    """Somebody else changed it meanwhile. Nothing was saved and nothing is lost: both stand here."""

    def __init__(self, message: str, *, hint: str, mine: object, theirs: object) -> None:
        """Keep what was to be saved as `mine`, and what is there now as `theirs`."""
        super().__init__(message, hint=hint)
        self.mine = mine
        self.theirs = theirs


class NotAllowed(UsageError):
    """The one who asks may not do this."""


class TooManyAttempts(NotAllowed):
    """Somebody was wrong too often in too short a time."""

    def __init__(self, *, retry_after_s: int) -> None:
        """Say after how many seconds another attempt is heard."""
        minutes = -(-retry_after_s // 60)
        super().__init__("Too many wrong attempts.", hint=f"Wait {minutes} minutes, then try again.")
        self.retry_after_s = retry_after_s


class CannotLook(FailonceError):
    """The thing to look at cannot be reached or read."""

    exit_code = 3


class DatabaseUnreachable(CannotLook):
    """The database cannot be reached."""


class RecordingDamaged(CannotLook):
    """The recording cannot be read."""


class CannotPlan(CannotLook):
    """The twin cannot plan this statement."""


class LabFailed(CannotLook):
    """A process of the lab did not start."""

"""What a drill declares about itself: the truth its verdict is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """What must be named and what must be ruled out. A decoy has a cause that is not a query."""

    #: The cause that must be named; None when there is nothing to name: no incident, or an abstention.
    cause: str | None
    #: IDs that must appear among the chain's links.
    chain: tuple[str, ...]
    #: Leads that must be ruled out.
    ruled_out: tuple[str, ...]
    #: A relation the culprit must read; None when no query may be blamed.
    culprit_relation: str | None
    #: The release the culprit came with; None when none is to be blamed.
    release: str | None = None
    #: Further causes at work at the same time: all of them must be named, whichever comes first.
    also: tuple[str, ...] = ()

    @property
    def is_decoy(self) -> bool:
        """No query may be blamed."""
        return self.culprit_relation is None

    @property
    def is_innocent(self) -> bool:
        """Nothing is wrong: whoever names a cause accuses falsely."""
        return self.cause is None

    @property
    def causes(self) -> frozenset[str]:
        """All causes that must be named."""
        return frozenset(name for name in (self.cause, *self.also) if name is not None)


@dataclass(frozen=True, slots=True)
class Precedent:
    """The outage that a drill takes after, as its postmortem tells it."""

    #: What the document calls it.
    outage: str
    #: Minutes from the first alert until the cause was named; None when the document does not say.
    minutes_to_cause: float | None

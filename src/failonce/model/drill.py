"""What a drill declares about itself: the truth its verdict is held against."""

from __future__ import annotations

from dataclasses import dataclass

from failonce.model.diagnosis import Culprit


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
    #: The application_name of the session to be blamed; None when it does not matter or none is to blame.
    culprit_application: str | None = None

    @property
    def is_decoy(self) -> bool:
        """No query may be blamed, nor any session."""
        return self.culprit_relation is None and self.culprit_application is None

    @property
    def blame(self) -> str:
        """Who is to be blamed, in words."""
        if self.is_decoy:
            return "no query to blame"
        on = f"culprit on {self.culprit_relation}" if self.culprit_relation else "culprit"
        return f"{on}, a session of {self.culprit_application}" if self.culprit_application else on

    def blames(self, culprit: Culprit) -> bool:
        """Tell whether this is who is to be blamed."""
        relation, application = self.culprit_relation, self.culprit_application
        return (
            not self.is_decoy
            and (relation is None or relation in culprit.relations)
            and (application is None or application == culprit.application)
        )

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

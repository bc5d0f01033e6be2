"""What a drill declares about itself: the truth its verdict is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Truth:
    """What must be named and what must be ruled out. A decoy has a cause that is not a query."""

    #: The cause that must be named.
    cause: str
    #: IDs that must appear among the chain's links.
    chain: tuple[str, ...]
    #: Leads that must be ruled out.
    ruled_out: tuple[str, ...]
    #: A relation the culprit must read; None when no query may be blamed.
    culprit_relation: str | None
    #: The release the culprit came with; None when none is to be blamed.
    release: str | None = None

    @property
    def is_decoy(self) -> bool:
        """No query may be blamed."""
        return self.culprit_relation is None

"""How a drill is staged: on which application and server, under which load, and how strong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from failonce.app.course import courses
from failonce.lab.world import Setup
from failonce.model.drill import Truth
from failonce.model.errors import UsageError


@dataclass(frozen=True, slots=True)
class Staging:
    """One way to run a drill; by itself as the drill is made."""

    drill: str
    #: One of those the drill is made for; None for the first of them.
    application: str | None = None
    #: Major version of the server; None for the newest at hand.
    server: int | None = None
    #: `steady`, `daily` or `bursty`.
    load: str = "steady"
    #: 1 for an outage as the drill tells it, 0.33 for one a third as strong.
    strength: float = 1.0
    #: Whether the application reaches its database through pgbouncer.
    bouncer: bool = False
    #: How the fault comes: `sudden`, `ramp` or `flap`, where the drill can (see course.py).
    course: str = "sudden"

    def truth(self, drill: ModuleType) -> Truth:
        """Return what the verdict is held against: where TRUTHS does not name the application, TRUTH is that of all."""
        first: Truth = drill.TRUTH
        others: Mapping[str, Truth] = getattr(drill, "TRUTHS", {})
        return others.get(self.application or applications(drill)[0], first)

    def setup(self, drill: ModuleType) -> Setup:
        """Return the world to build. Raises UsageError when the drill is not made for the application."""
        made_for = applications(drill)
        application = self.application or made_for[0]
        if application not in made_for:
            raise UsageError(
                f"The drill {self.drill} does not run on {application}.",
                hint=f"It is made for: {', '.join(made_for)}.",
            )
        if self.course not in courses(drill):
            raise UsageError(
                f"The drill {self.drill} has no course {self.course}.",
                hint=f"Its fault can come as: {', '.join(courses(drill))}.",
            )
        return Setup(
            application=application,
            server=self.server,
            rhythm=self.load,
            strength=self.strength,
            through_bouncer=self.bouncer,
            scales_demand=not getattr(drill, "SCALES_ITSELF", False),
            settings=getattr(drill, "SETTINGS", None),
            far=getattr(drill, "FAR", False),
            disk_bytes=getattr(drill, "DISK_BYTES", None),
        )


def applications(drill: ModuleType) -> tuple[str, ...]:
    """Return the applications a drill can strike: what it says in APPLICATIONS, else SpiceShare."""
    named: tuple[str, ...] = getattr(drill, "APPLICATIONS", ("spiceshare",))
    return named

"""Run a drill: a real fault on the sample application, watched by a failonce that does not know what it is.

The verdict is then held against the drill's own truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from failonce import plugins
from failonce.app.conductor import Conductor
from failonce.app.course import on_course
from failonce.app.events import Event, Phase
from failonce.app.grade import Grade, grade
from failonce.app.staging import Staging
from failonce.app.watch import Watch, WatchOptions
from failonce.lab.samples import sample
from failonce.lab.world import sample_world
from failonce.model.diagnosis import Diagnosis
from failonce.model.drill import Truth
from failonce.model.errors import NotFound, UsageError
from failonce.model.incident import Incident
from failonce.model.target import Target
from failonce.store.book import Book


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a drill."""

    drill: str
    truth: Truth
    struck_at: datetime
    incident: Incident | None

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The verdict, if an incident was opened at all."""
        return self.incident.diagnosis if self.incident else None

    @property
    def grade(self) -> Grade:
        """The verdict held against the truth."""
        return grade(self.diagnosis, self.truth)

    @property
    def faults(self) -> tuple[str, ...]:
        """Where the verdict and the truth differ, in words; nothing when it is right."""
        return self.grade.faults

    @property
    def seconds_to_cause(self) -> float | None:
        """From the fault to the stable verdict."""
        at = self.diagnosis.diagnosed_at if self.diagnosis else None
        return None if at is None else round((at - self.struck_at).total_seconds(), 1)


def drills() -> dict[str, ModuleType]:
    """Return all drills by ID."""
    return plugins.load("failonce.lab.drills")


def find(name: str) -> ModuleType:
    """Return one drill. Raises NotFound."""
    known = drills()
    if name not in known:
        raise NotFound(f"There is no drill {name!r}.", hint=f"`failonce drill list` shows them: {', '.join(known)}.")
    return known[name]


def run_drill(
    staging: Staging | str, out: Path, *, apply: bool, listener: Callable[[Event], None], brief: bool = False
) -> Outcome:
    """Run a drill and write what failonce makes of it to `out`; `brief` ends it with the verdict.

    A name alone stages the drill as it is made. Raises NotFound, UsageError, LabFailed.
    """
    staging = Staging(staging) if isinstance(staging, str) else staging
    drill = find(staging.drill)
    setup = staging.setup(drill)
    if (out / "recording").exists():
        raise UsageError(f"{out} holds an earlier run.", hint=f"Name another folder with --out, or remove {out}.")
    out.mkdir(parents=True, exist_ok=True)
    title = sample(setup.application).title
    listener(Phase(f"Starting a private PostgreSQL, {title} on it, and its load"))
    with sample_world(setup) as world, Book.open(out / "failonce.db") as book:
        if hasattr(drill, "prepare"):
            drill.prepare(world)
        target = Target(setup.application, world.watch_dsn, world.metrics_url, True, world.operator_dsn)
        listener(Phase(f"{title} {world.release} serves {world.rate:.0f} requests/s"))
        conductor = Conductor(on_course(drill, staging.course), world, fixes=apply, brief=brief, listener=listener)
        watch = Watch(target, book, WatchOptions(out / "recording", out, flat=True, apply=apply), conductor.hear)
        watch.run(conductor.stop)
    return Outcome(staging.drill, staging.truth(drill), conductor.struck_at or datetime.now(UTC), watch.incident)

"""How a drill's fault comes: at once, slowly, or on and off.

Slowly is for drills whose `strike` sets the fault to the world's strength, whatever it was; on and off for those that
`relieve` ends within a second or two. A drill says which of them it can in COURSES.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from failonce.lab.world import World


@dataclass(frozen=True, slots=True)
class Step:
    """From so many seconds after the first strike on, the fault has this part of its strength; 0 ends it."""

    after_s: float
    strength: float


COURSES = {
    "sudden": (Step(0, 1),),
    # A tenth more every three seconds.
    "ramp": tuple(Step(3 * n, (n + 1) / 10) for n in range(10)),
    # Never quiet for long enough to be over.
    "flap": tuple(Step(10 * n, (n + 1) % 2) for n in range(7)),
}


def courses(drill: ModuleType) -> tuple[str, ...]:
    """Return the courses that a drill's fault can take."""
    more: tuple[str, ...] = getattr(drill, "COURSES", ())
    return ("sudden", *more)


def on_course(drill: ModuleType, course: str) -> ModuleType:
    """Return the drill with its fault coming that way: its `strike` goes on until it is relieved."""
    over, turn = threading.Event(), threading.Lock()

    def strike(world: World) -> None:
        _follow(drill, world, COURSES[course], over, turn)

    def relieve(world: World) -> None:
        over.set()
        with turn:
            drill.relieve(world)

    paced = ModuleType(drill.__name__, drill.__doc__)
    vars(paced).update({**vars(drill), "strike": strike, "relieve": relieve})
    return paced


def _follow(
    drill: ModuleType, world: World, steps: Sequence[Step], over: threading.Event, turn: threading.Lock
) -> None:
    waited_s = 0.0
    for step in steps:
        over.wait(step.after_s - waited_s)
        waited_s = step.after_s
        with turn:
            if over.is_set():
                return
            if step.strength:
                drill.strike(replace(world, strength=world.strength * step.strength))
            else:
                drill.relieve(world)

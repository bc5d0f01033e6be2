"""A fault comes at once, slowly, or on and off; and nothing strikes again once the drill is relieved."""

import threading
from types import ModuleType

import pytest

from failonce import plugins
from failonce.app import course
from failonce.app.course import COURSES, Step, courses, on_course
from failonce.app.staging import Staging
from failonce.lab.world import World
from failonce.model.errors import UsageError

DRILLS = plugins.load("failonce.lab.drills")
#: A world of which a drill needs nothing but the strength.
WORLD = World(**{name: None for name in World.__dataclass_fields__ if name != "strength"}, strength=0.5)


@pytest.fixture
def drill():
    """A drill that notes what is done to it."""
    made = ModuleType("noted", "A drill.")
    made.done = []
    made.strike = lambda world: made.done.append(world.strength)
    made.relieve = lambda world: made.done.append("relieved")
    made.ID = "noted"
    return made


@pytest.mark.parametrize(
    ("steps", "done"),
    [
        ((Step(0, 1),), [0.5]),
        ((Step(0, 0.5), Step(0.02, 1)), [0.25, 0.5]),
        ((Step(0, 1), Step(0.02, 0), Step(0.04, 1)), [0.5, "relieved", 0.5]),
    ],
)
def test_each_step_is_a_part_of_the_worlds_strength(drill, monkeypatch, steps, done):
    monkeypatch.setitem(course.COURSES, "brief", steps)
    paced = on_course(drill, "brief")
    paced.strike(WORLD)
    assert drill.done == done
    assert paced.ID == "noted"


def test_nothing_strikes_after_the_relief(drill, monkeypatch):
    monkeypatch.setitem(course.COURSES, "long", (Step(0, 1), Step(60, 1)))
    paced = on_course(drill, "long")
    striking = threading.Thread(target=paced.strike, args=[WORLD])
    striking.start()
    while not drill.done:
        pass
    paced.relieve(WORLD)
    striking.join(5)
    assert drill.done == [0.5, "relieved"]


def test_a_ramp_ends_at_full_strength_and_flapping_begins_with_it():
    assert [step.strength for step in COURSES["ramp"]] == pytest.approx([n / 10 for n in range(1, 11)])
    assert [step.strength for step in COURSES["flap"]] == [1, 0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize("name", DRILLS)
def test_a_drill_says_which_courses_it_can_take(name):
    assert set(courses(DRILLS[name])) <= set(COURSES)


def test_a_course_that_a_drill_cannot_take_is_refused():
    with pytest.raises(UsageError, match="has no course ramp") as refused:
        Staging("missing-index", course="ramp").setup(DRILLS["missing-index"])
    assert refused.value.hint == "Its fault can come as: sudden."

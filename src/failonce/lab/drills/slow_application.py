"""A service that the application calls becomes slow: a decoy, no query is to blame.

What it sees
    The nutrition service, which the recipe page asks after the database has answered, takes 0.4 s instead of none.
    The recipe page is slow by as much; the other routes are as before. Statements, sessions, pool and machine are as
    quiet as they ever were.

Why it matters
    "The site is slow" is mostly taken for "the database is slow". Here hours can be spent on a database that has
    nothing to do with it.

What to do
    Say that the time is spent in the application and not in the database: requests take longer while no connection
    is held longer. Blame no query. Rule out release, traffic and network.

Example
    failonce drill run slow-application --out DIR
"""

from __future__ import annotations

from failonce.lab.world import World
from failonce.model.drill import Truth

ID = "slow-application"
APPLICATIONS = ("spiceshare", "shop")
TRUTH = Truth(
    cause="application",
    chain=("application", "slow-responses"),
    ruled_out=("release", "traffic", "network"),
    culprit_relation=None,
)
SCALES_ITSELF = True
COURSES = ("ramp", "flap")
_DELAY_S = 0.4


def strike(world: World) -> None:
    world.dependency.delay_s = world.strength * _DELAY_S


def relieve(world: World) -> None:
    world.dependency.delay_s = 0.0

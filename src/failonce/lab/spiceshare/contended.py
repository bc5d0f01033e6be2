"""What some releases of SpiceShare do beside a page's own statements, in one transaction with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from failonce.lab.spiceshare.releases import Release
from failonce.lab.webapp import page
from failonce.lab.webapp.page import Statements

Visit = page.Visit[Release]

_NEWSLETTERS = 4


@contextmanager
def viewing(visit: Visit, database: Statements) -> Iterator[None]:
    """Do what a release does around a recipe's page."""
    if not visit.release.tallies_both_ways:
        yield
        return
    with database.transaction():
        _add_one(database, "views")
        yield
        _add_one(database, "activity")


@contextmanager
def writing(visit: Visit, database: Statements) -> Iterator[None]:
    """Do what a release does around a review or a favourite."""
    if not visit.release.writes_more:
        yield
        return
    with database.transaction():
        _before(visit.release, database)
        yield
        _after(visit, database)


def _before(release: Release, database: Statements) -> None:
    if release.queues_writers:
        database.rows("select pg_advisory_xact_lock(%(kind)s, %(lock)s)", kind="7", lock="1")
    if release.tallies_activity == "upsert":
        _count(database, "activity")
    elif release.tallies_activity == "select":
        database.rows("select value from tallies where name = %(name)s for update", name="activity")
    if release.tallies_both_ways:
        _add_one(database, "activity")


def _after(visit: Visit, database: Statements) -> None:
    release = visit.release
    if release.notes_last_seen:
        database.rows("update cooks set seen_at = now() where id = %(cook)s", cook=visit.parameters["cook"])
    if release.tallies_activity:
        visit.third_party(f"/recipes/{visit.parameters['id']}")
    if release.tallies_activity == "select":
        _add_one(database, "activity")
    if release.tallies_both_ways:
        _add_one(database, "views")
    if release.thanks_featured:
        newsletter = int(visit.parameters["cook"]) % _NEWSLETTERS
        database.rows(
            "update reviews set thanks = thanks + 1 where featured_in = %(newsletter)s", newsletter=str(newsletter)
        )


def _add_one(database: Statements, name: str) -> None:
    database.rows("update tallies set value = value + 1 where name = %(name)s", name=name)


def _count(database: Statements, name: str) -> None:
    """Add one, also where the row is not there yet."""
    database.rows(
        """
        insert into tallies (name, value) values (%(name)s, 1)
        on conflict (name) do update set value = tallies.value + 1
        """,
        name=name,
    )

"""What some releases of the shop do to rows that everybody needs, inside the transactions of its writing pages."""

from __future__ import annotations

from failonce.lab.shop.pages import Visit
from failonce.lab.webapp.page import Statements

_CHECKOUTS = "4711"
_CAMPAIGNS = 4


def before_placing(visit: Visit, database: Statements) -> None:
    """Take what a release wants to hold while an order is placed."""
    release = visit.release
    if release.queues_checkouts:
        database.rows("select pg_advisory_xact_lock(%(lock)s)", lock=_CHECKOUTS)
    if release.numbers_orders == "update":
        _add_one(database, "sales")
    elif release.numbers_orders == "select":
        database.rows("select value from counters where name = %(name)s for update", name="sales")
    if release.counts_both_ways:
        _add_one(database, "sales")


def after_placing(visit: Visit, database: Statements) -> None:
    """Do what a release does before the order is committed."""
    release = visit.release
    if release.pays_before_commit:
        visit.third_party(f"/payments/{visit.parameters['id']}")
    if release.numbers_orders == "select" or release.counts_both_ways:
        _add_one(database, "sales" if release.numbers_orders else "stock value")
    if release.credits_campaigns:
        _credit(visit, database)


def after_adding(visit: Visit, database: Statements) -> None:
    """Do what a release does when something was put into a cart, before that is committed."""
    if visit.release.counts_both_ways:
        _add_one(database, "stock value")
        _add_one(database, "sales")
    if visit.release.credits_campaigns:
        _credit(visit, database)


def _add_one(database: Statements, name: str) -> None:
    database.rows("update counters set value = value + 1 where name = %(name)s", name=name)


def _credit(visit: Visit, database: Statements) -> None:
    campaign = int(visit.parameters["id"]) % _CAMPAIGNS
    database.rows(
        "update cart_events set details = %(details)s where kind = %(kind)s",
        details="credited",
        kind=f"campaign {campaign}",
    )

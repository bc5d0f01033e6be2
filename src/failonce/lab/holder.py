"""A session that takes something and does not let go: what many lock drills are made of."""

from __future__ import annotations

import threading

import psycopg

from failonce.lab.world import World


def hold(world: World, application: str, *statements: str, in_transaction: bool = True) -> None:
    """Run the statements in a session of the operator's, named `application`, that sits there until it is ended."""
    arguments = (world.operator_dsn, application, statements, not in_transaction)
    threading.Thread(target=_hold, args=arguments, name=application, daemon=True).start()


def end(world: World, application: str) -> None:
    """End all sessions of this name."""
    world.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{application}'")


def _hold(dsn: str, application: str, statements: tuple[str, ...], autocommit: bool) -> None:
    with psycopg.connect(dsn, application_name=application, autocommit=autocommit) as session:
        try:
            for statement in statements:
                session.execute(statement.encode())
            for _ in session.notifies():
                pass
        except psycopg.OperationalError:
            return

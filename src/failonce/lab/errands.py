"""Sessions beside the application's that repeat a statement until they are ended: reports, batches, exports."""

from __future__ import annotations

import threading
from itertools import count

import psycopg

from failonce.lab.world import World


def begin(world: World, name: str, statement: str, *, sessions: int = 1, pause_s: float = 0.0) -> None:
    """Let so many sessions of that name repeat the statement, as the operator; `{n}` in it is how often it ran."""
    for _ in range(sessions):
        arguments = (world.operator_dsn, name, statement, pause_s)
        threading.Thread(target=_repeat, args=arguments, name=name, daemon=True).start()


def end(world: World, name: str) -> None:
    """End the sessions of that name."""
    world.execute(f"select pg_terminate_backend(pid) from pg_stat_activity where application_name = '{name}'")


def _repeat(dsn: str, name: str, statement: str, pause_s: float) -> None:
    pause = threading.Event()
    try:
        with psycopg.connect(dsn, application_name=name, autocommit=True) as session:
            for n in count():
                session.execute(statement.format(n=n).encode())
                pause.wait(pause_s)
    except psycopg.OperationalError:
        # Ended, by the drill or with the server.
        return

"""The world: who may do what in it, how quiet it is, and that nothing of it outlives its owner."""

import os
import signal
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

OWNER = """
import os, time
from failonce.lab.world import sample_world
with sample_world() as world:
    world.load_summary()
    print("up", flush=True)
    time.sleep(600)
"""


def answer(dsn, sql):
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(sql).fetchone()[0]


@pytest.mark.acceptance
def test_failonce_watches_and_nothing_more(world):
    assert answer(world.watch_dsn, "select current_user") == "failonce"
    assert answer(world.watch_dsn, "select pg_has_role('pg_monitor', 'usage')")
    assert not answer(world.watch_dsn, "select rolsuper from pg_roles where rolname = current_user")
    assert answer(world.watch_dsn, "select count(*) from pg_stat_statements")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        answer(world.watch_dsn, "select count(*) from reviews")


@pytest.mark.acceptance
def test_the_operator_owns_the_tables_and_is_no_superuser(world):
    assert not answer(world.operator_dsn, "select rolsuper from pg_roles where rolname = current_user")
    assert answer(
        world.operator_dsn, "select bool_and(tableowner = current_user) from pg_tables where schemaname = 'public'"
    )
    assert answer(world.operator_dsn, "select pg_has_role('pg_signal_backend', 'usage')")


@pytest.mark.acceptance
def test_it_holds_more_than_a_million_rows_with_statistics(world):
    rows = "select sum(reltuples)::bigint from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    assert answer(world.operator_dsn, rows) > 2_000_000
    assert answer(world.operator_dsn, "select count(*) from reviews") >= 1_500_000


@pytest.mark.acceptance
def test_it_is_quiet_when_healthy(world):
    """For eight seconds; the limit on answers leaves room for a machine that is busy with other tests."""
    processes = [world.application.pid, world.server.pid]
    before, started_at = cpu_s(processes), time.monotonic()
    world.load_summary()
    time.sleep(8)
    met = world.load_summary()
    assert met.errors == 0
    assert met.p50_ms < 50
    assert (cpu_s(processes) - before) / (time.monotonic() - started_at) < 0.5


def cpu_s(pids):
    """Return the CPU time of the processes and their children."""
    total = 0.0
    for pid in pids:
        for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
    return total


@pytest.mark.acceptance
def test_nothing_outlives_an_owner_that_is_killed():
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout.readline() == "up\n"
        children = psutil.Process(owner.pid).children(recursive=True)
        assert len(children) > 10
        os.kill(owner.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=15)
    assert alive == []

"""What a drill can do around the database: a longer way, guests on the machine, a disk of its own, a restart."""

import os
import time

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from failonce.lab.disk import fill
from failonce.lab.distance import Distance
from failonce.lab.guests import Guests
from failonce.lab.server import private_server
from failonce.model.errors import LabFailed


@pytest.fixture
def guests(tmp_path):
    present = Guests(directory=tmp_path, log_file=tmp_path / "guests.log")
    yield present
    present.close()


def named(name):
    return [p for p in psutil.process_iter(["name"]) if p.info["name"] == name]


def trip_s(connection):
    began_s = time.perf_counter()
    connection.execute("select 1")
    return time.perf_counter() - began_s


@pytest.fixture
def far(postgres, tmp_path):
    """A way to the server that is 0.2 s long already, and a connection over it."""
    port = int(conninfo_to_dict(postgres.dsn())["port"])
    way = Distance("127.0.0.1", port, log_file=tmp_path / "distance.log")
    with psycopg.connect(make_conninfo(postgres.dsn(), port=way.port), autocommit=True) as connection:
        way.delay_s = 0.2
        await_trip(connection, lambda seconds: seconds >= 0.2)
        yield way, connection
    way.close()


def await_trip(connection, is_so):
    """Wait until a round trip is as told: the other process has to hear of it first."""
    give_up_at = time.monotonic() + 20
    while not is_so(trip_s(connection)):
        assert time.monotonic() < give_up_at


def test_every_round_trip_takes_as_long_as_it_is_told(far):
    way, connection = far
    assert min(trip_s(connection) for _ in range(3)) >= 0.2
    way.delay_s = 0.0
    await_trip(connection, lambda seconds: seconds < 0.1)


def test_what_is_sent_together_is_delayed_once(far):
    _, connection = far
    began_s = time.perf_counter()
    rows = connection.execute("select repeat('x', 1000) from generate_series(1, 2000)").fetchall()
    assert len(rows) == 2000
    # Two megabytes are some thirty chunks: one after the other they would take three seconds.
    assert time.perf_counter() - began_s < 2


def test_guests_compute_under_their_name_and_leave(guests):
    guests.compute("render-test", programs=2)
    running = named("render-test")
    assert len(running) == 2
    used_s = sum(p.cpu_times().user for p in running)
    give_up_at = time.monotonic() + 20
    while sum(p.cpu_times().user for p in running) - used_s < 0.1:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    guests.leave()
    assert named("render-test") == []


def test_guests_write_and_leave_no_file(guests, tmp_path):
    guests.write("copy-test", programs=1)
    (writer,) = named("copy-test")
    give_up_at = time.monotonic() + 20
    while writer.io_counters().write_chars < 4_000_000:
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    guests.leave()
    assert [path.name for path in tmp_path.iterdir()] == ["guests.log"]


def test_a_server_that_is_restarted_is_another_one_with_the_same_data():
    with private_server() as server, psycopg.connect(server.dsn(), autocommit=True) as before:
        before.execute("create table kept (n int)")
        started_at = before.execute("select pg_postmaster_start_time()").fetchone()[0]
        server.restart(down_s=0.2)
        give_up_at, after = time.monotonic() + 20, None
        while after is None or after <= started_at:
            assert time.monotonic() < give_up_at
            try:
                with psycopg.connect(server.dsn(), autocommit=True) as connection:
                    after = connection.execute("select pg_postmaster_start_time()").fetchone()[0]
                    connection.execute("select * from kept")
            except psycopg.OperationalError:
                time.sleep(0.02)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting takes root")
def test_a_full_disk_refuses_what_must_grow_and_goes_with_its_server():
    grow = "insert into growing select repeat('x', 1000) from generate_series(1, 10000)"
    with private_server(disk_bytes=400_000_000) as server, psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("create table growing (text text)")
        fill(server.data_dir / "core.dump")
        with pytest.raises(psycopg.errors.DiskFull):
            connection.execute(grow)
        (server.data_dir / "core.dump").unlink()
        connection.execute(grow)
    assert not os.path.ismount(server.data_dir)
    assert not server.data_dir.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may mount")
def test_a_disk_of_its_own_takes_root():
    with pytest.raises(LabFailed, match="cannot be mounted"), private_server(disk_bytes=400_000_000):
        pass

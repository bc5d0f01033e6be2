"""The machine's figures, from the machine the tests run on."""

import collections
import os
import subprocess
import sys
import time

import psutil
import psycopg
import pytest

from failonce.lab.server import private_server
from failonce.observe.host import Host
from failonce.observe.neighbours import Neighbours
from failonce.observe.processes import DatabaseProcesses
from failonce.observe.source import Unseen


def compute(until_s):
    while time.monotonic() < until_s:
        pass


def test_the_machine_is_told_since_the_previous_reading(observe):
    observer = observe(local=True)
    assert observer.snapshot().host is None
    compute(time.monotonic() + 0.5)
    host = observer.snapshot().host
    assert host.cores == os.cpu_count()
    assert 0 < host.cpu_busy <= 1
    assert 0 <= host.cpu_iowait <= 1
    assert 0 <= host.cpu_steal <= 1
    assert host.memory_available_bytes > 0
    assert host.interval_s >= 0.5


def test_what_the_server_computes_is_told_apart(observe, sql):
    observer = observe(local=True)
    observer.snapshot()
    began_s = time.monotonic()
    while time.monotonic() - began_s < 2:
        sql.execute("select count(*) from generate_series(1, 200000)")
    assert 0.02 < observer.snapshot().host.cpu_database <= 1


def test_a_server_that_was_started_anew_is_told_from_its_first_reading():
    with private_server() as server:
        processes = DatabaseProcesses()
        with psycopg.connect(server.dsn()) as connection:
            assert processes.share(connection.info.backend_pid) is None
        server.restart()
        time.sleep(3.0)
        with psycopg.connect(server.dsn()) as connection:
            assert 0 < processes.share(connection.info.backend_pid) < 1


def test_a_database_elsewhere_is_unseen():
    with pytest.raises(Unseen, match="not said to run on this machine"):
        Host(lambda: 1, local=False).read(None)


def test_processes_that_are_not_a_server_s_are_a_gap():
    (gap,) = Host(os.getpid, local=True).read(None)["gaps"]
    assert "PostgreSQL's processes cannot be seen" in gap.reason


CpuTimes = collections.namedtuple("CpuTimes", "user nice system idle iowait")


def test_time_of_niced_processes_counts_as_idle(monkeypatch):
    readings = iter([CpuTimes(10, 5, 10, 100, 0), CpuTimes(12, 13, 12, 108, 0)])
    monkeypatch.setattr(psutil, "cpu_times", lambda: next(readings))
    host = Host(lambda: None, local=True)
    host.read(None)
    assert host.read(None)["host"].cpu_busy == pytest.approx(4 / 20)


def test_a_niced_process_takes_nothing_from_the_machine():
    """Against the kernel's own account, whatever else runs here."""
    burns = "import time\nwhile time.process_time() < 1: pass"
    host = Host(lambda: None, local=True)
    before = psutil.cpu_times()
    host.read(None)
    subprocess.run(["nice", "-n", "19", sys.executable, "-c", burns], check=True)
    busy = host.read(None)["host"].cpu_busy
    after = psutil.cpu_times()
    spent = {
        name: getattr(after, name) - getattr(before, name) for name in ("user", "nice", "system", "idle", "iowait")
    }
    assert spent["nice"] >= 0.2
    assert busy <= 1 - (spent["nice"] + spent["idle"]) / sum(spent.values()) + 0.1


def test_the_room_where_the_data_lies(tmp_path):
    host = Host(lambda: None, local=True, data_directory=lambda: str(tmp_path))
    host.read(None)
    compute(time.monotonic() + 0.05)
    seen = host.read(None)["host"]
    assert 0 < seen.disk_free_bytes <= seen.disk_total_bytes


def test_a_data_directory_out_of_reach_is_not_known(tmp_path):
    host = Host(lambda: None, local=True, data_directory=lambda: str(tmp_path / "nowhere"))
    host.read(None)
    compute(time.monotonic() + 0.05)
    assert host.read(None)["host"].disk_free_bytes is None


def test_neighbours_are_named_by_what_they_take():
    """This process is one, unless it yields itself."""
    neighbours = Neighbours()
    assert neighbours.read(None) == ()
    compute(time.monotonic() + 2)
    named = {neighbour.name: neighbour.cpu for neighbour in neighbours.read(None)}
    mine = named.get(psutil.Process().name())
    assert mine is None if psutil.Process().nice() > 0 else 0 < mine <= 1

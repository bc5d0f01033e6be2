"""Claim: watching costs the server next to nothing.

Three measurements on a private PostgreSQL, in one run:

- `core_share`: processor time of failonce's own backends per second, at rest, with 5,000 statements tracked.
- `load_cost`: processor time per statement of a query load, with failonce watching against without, in pairs whose
  order is drawn; the median of the ratios, less one.
- `bytes_per_day`: what a day of a normal load takes on disk: seven hours raw, the rest rolled up to ten seconds.

Processor time is the kernel's own account of each backend (/proc/PID/schedstat), not wall-clock time.

    python bench/footprint.py [--seconds 60] [--pairs 40] [--json]
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import psutil
import psycopg

from failonce.lab.server import private_server
from failonce.model.target import Target
from failonce.observe.observer import Observer
from failonce.observe.recording import Recording, Retention

STATEMENTS = 5_000
SLICE_S = 2.0
#: Snapshots after which a watch is in its ordinary pace.
SETTLED = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="how long to watch a server at rest")
    parser.add_argument("--pairs", type=int, default=40, help="slices of load with and without failonce")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--watch", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.watch:
        watch(options.watch)
        return
    with private_server(settings={"pg_stat_statements.max": "10000"}) as server:
        target = prepare(server.dsn())
        share, client_share = at_rest(server.dsn(), target, options.seconds)
        ratios = in_pairs(server.dsn(), target, options.pairs)
    low, _, high = quantiles(ratios, n=4)
    facts = {
        "core_share": round(share, 5),
        "client_core_share": round(client_share, 5),
        "load_cost": round(median(ratios) - 1, 4),
        "load_cost_quartiles": [round(low - 1, 4), round(high - 1, 4)],
        "pairs": options.pairs,
        "statements": STATEMENTS,
        "bytes_per_day": bytes_per_day(),
    }
    print(json.dumps(facts) if options.json else table(facts))


def table(facts: dict[str, object]) -> str:
    return "\n".join(f"{name:<22} {value}" for name, value in facts.items())


def prepare(dsn: str) -> Target:
    """Fill pg_stat_statements, and make the role that watches."""
    with psycopg.connect(dsn, autocommit=True) as superuser:
        superuser.execute("create extension if not exists pg_stat_statements")
        superuser.execute("create role failonce login password 'bench'")
        superuser.execute("grant pg_monitor to failonce")
        superuser.execute(
            "create table items as select n as id, repeat('x', 100) as text from generate_series(1, 100000) n"
        )
        superuser.execute("alter table items add primary key (id)")
        for number in range(STATEMENTS):
            superuser.execute(f"select 1 as column_{number}".encode())
    parts = psycopg.conninfo.conninfo_to_dict(dsn)
    watcher = psycopg.conninfo.make_conninfo(**{**parts, "user": "failonce", "password": "bench"})
    return Target("bench", watcher, local=True)


@contextmanager
def watcher(target: Target) -> Iterator[subprocess.Popen[str]]:
    """Watch in a process of its own, at the ordinary pace; the first readings, which fetch all texts, are over."""
    command = [sys.executable, __file__, "--watch", target.dsn]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "settled"
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()


def watch(dsn: str) -> None:
    """Be the watcher."""
    for number, _ in enumerate(Observer(Target("bench", dsn, local=True)).snapshots(threading.Event())):
        if number == SETTLED:
            print("settled", flush=True)


def at_rest(dsn: str, target: Target, seconds: int) -> tuple[float, float]:
    """Return the share of a core our backends took, and what our own process took."""
    with psycopg.connect(dsn, autocommit=True) as superuser, watcher(target) as process:
        ours = "select pid from pg_stat_activity where application_name = 'failonce'"
        backends = [row[0] for row in superuser.execute(ours.encode())]
        before, client, began = cpu_s(backends), process_s(process.pid), time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - began
        return (cpu_s(backends) - before) / elapsed, (process_s(process.pid) - client) / elapsed


def in_pairs(dsn: str, target: Target, pairs: int) -> list[float]:
    """Return, pair by pair, the load's processor time per statement with failonce over without.

    The watcher is stopped for the slices without: the same process, the same connections, asleep.
    """
    chance = random.Random(11)
    ratios = []
    with psycopg.connect(dsn, autocommit=True) as connection, watcher(target) as process:
        cost_s(connection)
        for _ in range(pairs):
            cost = {}
            for with_us in chance.sample([True, False], 2):
                process.send_signal(signal.SIGCONT if with_us else signal.SIGSTOP)
                time.sleep(0.2)
                cost[with_us] = cost_s(connection)
            ratios.append(cost[True] / cost[False])
    return ratios


def cost_s(connection: psycopg.Connection) -> float:
    """Run point selects and small aggregates for a slice; return processor seconds per statement of their backend."""
    pids = [connection.info.backend_pid]
    before, ends, count = cpu_s(pids), time.monotonic() + SLICE_S, 0
    while time.monotonic() < ends:
        number = count % 99_000 + 1
        connection.execute("select text from items where id = %s", [number])
        connection.execute("select count(*), max(text) from items where id between %s and %s", [number, number + 500])
        count += 2
    return (cpu_s(pids) - before) / count


def cpu_s(pids: list[int]) -> float:
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e9


def process_s(pid: int) -> float:
    """Return the processor time of all threads of a process, to the kernel's tick."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def bytes_per_day() -> int:
    """Record an hour that is rolled up and forty-five minutes that stay raw, of a generated normal load."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from observe.recording_stream import stream

    with tempfile.TemporaryDirectory(prefix="failonce-bench-") as folder:
        path, tail = Path(folder), 0
        with Recording.create(path, target="shop", retention=Retention(raw=timedelta(minutes=29))) as recording:
            for number, snapshot in enumerate(stream(6300)):
                recording.append(snapshot)
                if number % 60 == 0:
                    tail = max(tail, (path / "live.arrows").stat().st_size)
        raw_hour, rolled_hour = size(path / "raw") / 0.75, size(path / "10s")
    return round(7 * raw_hour + 17 * rolled_hour + tail)


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()

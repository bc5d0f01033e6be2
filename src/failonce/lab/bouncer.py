"""A private pgbouncer between an application and its server, in transaction mode; it ends with its owner's block."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from failonce.lab.unprivileged import server_identity
from failonce.model.errors import LabFailed

_READY_WITHIN_S = 10.0


@contextlib.contextmanager
def bouncer(dsn: str, *, pool_size: int, directory: Path) -> Iterator[str]:
    """Run pgbouncer before the database of `dsn` and yield the DSN to use in its place. Raises LabFailed."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        raise LabFailed("pgbouncer is not installed", hint="apt-get install pgbouncer, or run the drill without it")
    identity, told = server_identity(), conninfo_to_dict(dsn)
    port = _free_port()
    config, users = directory / "pgbouncer.ini", directory / "pgbouncer.users"
    users.touch(mode=0o600)
    users.write_text(f'"{told["user"]}" "{told["password"]}"\n')
    config.write_text(_configuration(told, port, pool_size, users))
    for file in (config, users):
        identity.own(file)
    with (directory / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(
            [program, str(config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **identity.popen()
        )
    try:
        through = make_conninfo(dsn, port=port)
        _await_ready(process, through)
        yield through
    finally:
        process.kill()
        process.wait()


def _configuration(told: Mapping[str, object], port: int, pool_size: int, users: Path) -> str:
    return f"""
[databases]
{told["dbname"]} = host={told["host"]} port={told["port"]} dbname={told["dbname"]}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {users}
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
"""


def _await_ready(process: subprocess.Popen[bytes], dsn: str) -> None:
    give_up_at = time.monotonic() + _READY_WITHIN_S
    while process.poll() is None and time.monotonic() < give_up_at:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(dsn, connect_timeout=2):
            return
        time.sleep(0.02)
    raise LabFailed("pgbouncer did not start", hint="its log says why: pgbouncer.log in the drill's folder")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

"""A private PostgreSQL: its own directory, port, socket and password; nobody else's server is ever touched.

It ends with its owner, however the owner ends (see keeper.py), and its directory goes too (see scratch.py).
"""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from failonce.lab import keeper
from failonce.lab.binaries import find_binaries, runnable_by
from failonce.lab.disk import small_disk
from failonce.lab.scratch import scratch_directory
from failonce.lab.unprivileged import Identity, server_identity
from failonce.model.errors import LabFailed

_START_WITHIN_S = 30.0
_ATTEMPTS = 5
# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS.
_LONGEST_SOCKET_PATH = 103
_PRELOAD = {"shared_preload_libraries": "pg_stat_statements"}
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "compute_query_id": "on",
    "track_io_timing": "on",
    "shared_buffers": "256MB",
    # Everything is thrown away at the end.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_lock_waits": "on",
    "log_line_prefix": "%m [%p] %q%a %Q ",
}


@dataclass(frozen=True, slots=True)
class PrivateServer:
    """A running server of ours."""

    #: server_version_num, such as 180006.
    version: int
    bin_dir: Path
    data_dir: Path
    port: int
    #: The postmaster's.
    pid: int
    #: The superuser's.
    password: str = field(repr=False)
    keeper: subprocess.Popen[bytes] = field(repr=False, compare=False)

    def dsn(self, *, dbname: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """Return a connection string; the superuser's password is filled in."""
        if password is None and user == "postgres":
            password = self.password
        return make_conninfo(host="127.0.0.1", port=self.port, dbname=dbname, user=user, password=password)

    def restart(self, *, down_s: float = 0.0) -> None:
        """Shut it down, leave it down for a while and start it again; returns at once. Its pid is another one then."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.write(f"restart {down_s}\n".encode())
        self.keeper.stdin.flush()

    @property
    def is_ended(self) -> bool:
        """Tell whether its owner has ended it, or is about to."""
        return self.keeper.stdin is None or self.keeper.stdin.closed

    @property
    def log_file(self) -> Path:
        """Where the server writes its log."""
        return _log_file(self.data_dir)


@contextlib.contextmanager
def private_server(
    *,
    settings: Mapping[str, str] | None = None,
    bin_dir: Path | None = None,
    initdb: Sequence[str] = (),
    disk_bytes: int | None = None,
) -> Iterator[PrivateServer]:
    """Run a server while the block runs; may be entered from any thread.

    `initdb` takes further options of initdb; with `disk_bytes` the data lies on a disk of that size.
    """
    with scratch_directory() as (directory, lock), contextlib.ExitStack() as stack:
        identity = server_identity()
        if disk_bytes is not None:
            stack.enter_context(small_disk(directory / "data", disk_bytes, identity))
        identity.own(directory)
        bin_dir = runnable_by(identity, bin_dir or find_binaries(), directory / "programs")
        data_dir, password = _initialise(directory, bin_dir, identity, initdb)
        with running(data_dir, bin_dir, identity, lock=lock, settings=settings or {}) as (port, pid, process):
            yield PrivateServer(_version(port, password), bin_dir, data_dir, port, pid, password, process)


def _initialise(directory: Path, bin_dir: Path, identity: Identity, options: Sequence[str]) -> tuple[Path, str]:
    """Create the data directory and return it with the superuser's password."""
    data_dir, password_file, password = directory / "data", directory / "password", secrets.token_urlsafe(18)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    identity.own(password_file)
    command: list[str | Path] = [bin_dir / "initdb", "-D", data_dir, "-N", "-U", "postgres", "-A", "scram-sha-256"]
    command += ["--pwfile", password_file, "--locale=C", "-E", "UTF8", *options]
    made = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **identity.popen())
    password_file.unlink()
    if made.returncode != 0:
        raise LabFailed(
            f"initdb failed: {made.stderr.strip()}",
            hint=f"check that {directory.parent} has space and is writable, or set TMPDIR to a directory that is",
        )
    return data_dir, password


@contextlib.contextmanager
def running(
    data_dir: Path, bin_dir: Path, identity: Identity, *, lock: int, settings: Mapping[str, str]
) -> Iterator[tuple[int, int, subprocess.Popen[bytes]]]:
    """Start the server on a free port and yield the port, its process id and its keeper; stop it afterwards.

    The keeper removes the directory that `data_dir` lies in, which `lock` locks.
    """
    preload, configured = _PRELOAD, (data_dir / "postgresql.conf").read_text()
    for _ in range(_ATTEMPTS):
        _configure(data_dir, configured, {**_SETTINGS, **preload, **settings})
        port = _free_port()
        process = _start_keeper(data_dir, _command(bin_dir, data_dir, port), identity, lock)
        try:
            pid = _await_ready(process, data_dir)
            if pid is not None:
                yield port, pid, process
                return
            # Read now: a keeper that is told to stop takes the log along.
            log = _log_file(data_dir).read_text(errors="replace")
            stuck = process.poll() is None
        finally:
            _end(process)
        if 'could not access file "pg_stat_statements"' in log:
            # A server without the contrib modules still serves most purposes.
            preload = {}
        elif stuck or "could not bind" not in log:
            break
    raise LabFailed(
        f"PostgreSQL did not start: {_last_words(log)}",
        hint="the message is the server's own; set FAILONCE_PG_BIN to use another PostgreSQL",
    )


def _configure(data_dir: Path, initial: str, settings: Mapping[str, str]) -> None:
    # In the file and not on the command line, so that ALTER SYSTEM can still change them.
    lines = [f"{name} = '{_escaped(value)}'\n" for name, value in settings.items()]
    (data_dir / "postgresql.conf").write_text(f"{initial}\n{''.join(lines)}")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _command(bin_dir: Path, data_dir: Path, port: int) -> list[str]:
    sockets = str(data_dir.parent)
    if len(f"{sockets}/.s.PGSQL.{port}.lock") > _LONGEST_SOCKET_PATH:
        sockets = ""
    return [str(bin_dir / "postgres"), "-D", str(data_dir), "-p", str(port), "-k", sockets]


def _start_keeper(data_dir: Path, command: list[str], identity: Identity, lock: int) -> subprocess.Popen[bytes]:
    # Isolated and without site packages: nothing but the standard library, started in some 30 ms.
    python = [sys.executable, "-I", "-S", keeper.__file__]
    arguments = [str(data_dir.parent), str(identity.uid), str(identity.gid)]
    with _log_file(data_dir).open("wb") as log:
        return subprocess.Popen(
            [*python, *arguments, *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            cwd="/",
            # Ctrl-C at the terminal is for the owner alone.
            start_new_session=True,
        )


def _await_ready(process: subprocess.Popen[bytes], data_dir: Path) -> int | None:
    """Return the postmaster's pid once it accepts connections, None when it ended instead."""
    give_up_at = time.monotonic() + _START_WITHIN_S
    while process.poll() is None and time.monotonic() < give_up_at:
        # What pg_ctl reads: the first line is the pid, the eighth the state (miscinit.c, LOCK_FILE_LINE_PM_STATUS).
        with contextlib.suppress(FileNotFoundError):
            lines = (data_dir / "postmaster.pid").read_text().splitlines()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return int(lines[0])
        time.sleep(0.01)
    return None


def _version(port: int, password: str) -> int:
    address = make_conninfo(host="127.0.0.1", port=port, user="postgres", password=password, dbname="postgres")
    with psycopg.connect(address) as connection:
        return connection.info.server_version


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    # It may have ended by itself.
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    process.wait()


def _log_file(data_dir: Path) -> Path:
    return data_dir / "server.log"


def _last_words(log: str) -> str:
    """Return the end of the log without its line prefixes: the reason stands just above the FATAL."""
    lines = [re.sub(r"^.*?(?=(?:LOG|HINT|DETAIL|ERROR|FATAL|PANIC): )", "", line) for line in log.splitlines()]
    return "; ".join(lines[-4:]) or "it said nothing"

"""A standby of the private PostgreSQL: a copy that follows it by streaming, as commits may be told to wait for.

Made by pg_basebackup of the same server's programs. What is unlogged is not in it.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from failonce.lab.scratch import scratch_directory
from failonce.lab.server import PrivateServer, running
from failonce.lab.unprivileged import server_identity
from failonce.model.errors import LabFailed


class Standby:
    """The second server; there is none until it begins."""

    def __init__(self, primary: PrivateServer) -> None:
        self._primary = primary
        self._running = ExitStack()
        self._dsn = ""

    def begin(self, name: str) -> None:
        """Copy the primary and follow it as `name`, which synchronous_standby_names can list. Raises LabFailed."""
        with ExitStack() as stack:
            directory, lock = stack.enter_context(scratch_directory())
            identity = server_identity()
            identity.own(directory)
            data_dir = directory / "data"
            _copy(self._primary, data_dir, name)
            server = running(data_dir, self._primary.bin_dir, identity, lock=lock, settings={})
            port, _, _ = stack.enter_context(server)
            # A copy has the primary's passwords.
            self._dsn = make_conninfo(self._primary.dsn(), port=port)
            self._running = stack.pop_all()

    def execute_as_superuser(self, statement: str) -> None:
        """Run one statement on the standby, outside any transaction."""
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(statement.encode())

    def end(self) -> None:
        """End it at once, as when its machine fails; its copy is thrown away."""
        self._running.close()

    close = end


def _copy(primary: PrivateServer, data_dir: Path, name: str) -> None:
    """Copy the primary's files, with what is needed to follow it from there."""
    source = conninfo_to_dict(primary.dsn())
    secret = {**os.environ, "PGPASSWORD": str(source.pop("password"))}
    source.pop("dbname", None)
    address = make_conninfo("", **source, application_name=name)
    command = [str(primary.bin_dir / "pg_basebackup"), "-D", str(data_dir), "-R", "-c", "fast", "-d", address]
    done = subprocess.run(command, env=secret, capture_output=True, text=True, **server_identity().popen())
    if done.returncode != 0:
        hint = "Is there room for a second copy of its data? TMPDIR says where it goes."
        raise LabFailed(f"pg_basebackup failed: {done.stderr.strip()}", hint=hint)

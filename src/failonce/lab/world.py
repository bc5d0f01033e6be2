"""What a drill strikes: a private PostgreSQL, SpiceShare on it, the service it depends on, and its visitors."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg import sql

from failonce.lab.dependency import Dependency
from failonce.lab.load import Load, Summary
from failonce.lab.server import PrivateServer, private_server
from failonce.lab.spiceshare.deployment import Deployment

DEFAULT_RATE = 50.0
_DATABASE = "spiceshare"
# The application reads and writes, the operator owns the tables, failonce watches.
_APPLICATION, _OPERATOR, _WATCHER = "spiceshare", "spiceshare_operator", "failonce"
_SETTINGS = {
    # Statements take milliseconds, compiling them would take longer.
    "jit": "off",
    # As many as cores, on the small machine that this is made for.
    "max_parallel_workers": "2",
}


@dataclass(frozen=True, slots=True)
class World:
    """SpiceShare in service, with what a drill needs to disturb it."""

    server: PrivateServer
    #: For failonce's own role: pg_monitor, no superuser, no right to read a table.
    watch_dsn: str
    #: For the role that owns the tables and may cancel the application's statements; no superuser either.
    operator_dsn: str
    application: Deployment
    dependency: Dependency
    load: Load
    #: Requests per second on an ordinary day.
    rate: float

    @property
    def metrics_url(self) -> str:
        """SpiceShare's Prometheus endpoint."""
        return self.application.metrics_url

    @property
    def release(self) -> str:
        """The running release."""
        return self.application.release

    def execute(self, statement: str) -> None:
        """Run one statement as the operator, outside any transaction."""
        with psycopg.connect(self.operator_dsn, autocommit=True) as operator:
            operator.execute(statement.encode())

    def deploy(self, release: str) -> None:
        """Replace the running release; no request is lost."""
        self.application.deploy(release)

    def set_rate(self, requests_per_s: float) -> None:
        """Change how many visitors come."""
        self.load.set_rate(requests_per_s)

    def load_summary(self) -> Summary:
        """Return what visitors met since the last time this was asked."""
        return self.load.summary()


@contextmanager
def spiceshare_world(*, rate: float = DEFAULT_RATE, directory: Path | None = None) -> Iterator[World]:
    """Run SpiceShare while the block runs; logs go to the directory, else to the server's, which ends with it."""
    with ExitStack() as stack:
        server = stack.enter_context(private_server(settings=_SETTINGS))
        logs = directory or server.data_dir.parent
        passwords = {user: secrets.token_urlsafe(18) for user in (_APPLICATION, _OPERATOR, _WATCHER)}
        dsn = {user: server.dsn(dbname=_DATABASE, user=user, password=passwords[user]) for user in passwords}
        _create_database(server, passwords)
        _fill(server, dsn[_OPERATOR])
        dependency = stack.enter_context(closing(Dependency(log_file=logs / "dependency.log")))
        application = stack.enter_context(
            closing(Deployment(dsn=dsn[_APPLICATION], nutrition_url=dependency.url, log_file=logs / "spiceshare.log"))
        )
        load = stack.enter_context(closing(Load(application.url, rate=rate, log_file=logs / "load.log")))
        yield World(server, dsn[_WATCHER], dsn[_OPERATOR], application, dependency, load, rate)


def _create_database(server: PrivateServer, passwords: Mapping[str, str]) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as superuser:
        for user, password in passwords.items():
            role = sql.SQL("create role {} login password {}").format(sql.Identifier(user), sql.Literal(password))
            superuser.execute(role)
        superuser.execute(f"grant pg_monitor to {_WATCHER}")
        superuser.execute(f"grant pg_signal_backend to {_OPERATOR}")
        superuser.execute(f"create database {_DATABASE} owner {_OPERATOR}")


def _fill(server: PrivateServer, operator_dsn: str) -> None:
    """Make the tables and their two and a half million rows."""
    schema = files("failonce.lab.spiceshare").joinpath("schema.sql").read_text()
    with psycopg.connect(operator_dsn, autocommit=True) as operator:
        for statement in schema.split(";\n"):
            operator.execute(statement.encode())
        operator.execute(f"grant select, insert, update on all tables in schema public to {_APPLICATION}")
    with psycopg.connect(server.dsn(dbname=_DATABASE), autocommit=True) as superuser:
        # Now, so that it does not come in the middle of a drill.
        superuser.execute("checkpoint")
        superuser.execute("create extension pg_stat_statements")
        # Counting begins here: the filling is nobody's baseline.
        superuser.execute("select pg_stat_statements_reset()")

"""What a drill strikes: a private PostgreSQL, an application on it, the service it depends on, and its visitors."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from failonce.lab.binaries import find_binaries
from failonce.lab.bouncer import bouncer
from failonce.lab.dependency import Dependency
from failonce.lab.distance import Distance
from failonce.lab.guests import Guests
from failonce.lab.load import Load, Summary
from failonce.lab.samples import sample
from failonce.lab.server import PrivateServer, private_server
from failonce.lab.standby import Standby
from failonce.lab.webapp.deployment import Deployment
from failonce.lab.webapp.sample import Sample

# The role that watches. That of the application has its name and reads and writes; the operator's owns the tables.
_WATCHER = "failonce"
_SETTINGS = {
    # Statements take milliseconds, compiling them would take longer.
    "jit": "off",
    # As many as cores, on the small machine that this is made for.
    "max_parallel_workers": "2",
}


@dataclass(frozen=True, slots=True)
class Setup:
    """Which world to build; by itself SpiceShare on the newest PostgreSQL, with steady load."""

    application: str = "spiceshare"
    #: Major version of the server; None for the first that is found, which is the wheel's.
    server: int | None = None
    #: `steady`, `daily` or `bursty`.
    rhythm: str = "steady"
    #: 1 for an outage as the drill tells it, less for a weaker one.
    strength: float = 1.0
    #: Whether the application reaches the server through pgbouncer, in transaction mode.
    through_bouncer: bool = False
    #: Whether `strength` scales the demand, as it does unless a drill scales its own fault.
    scales_demand: bool = True
    #: Server settings beside those of the lab and of the application.
    settings: Mapping[str, str] | None = None
    #: Whether everybody reaches the server over a distance that can be made longer.
    far: bool = False
    #: The size of the disk that the server has for itself; None for whatever is there.
    disk_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """An application in service, with what a drill needs to disturb it."""

    server: PrivateServer
    #: For failonce's own role: pg_monitor, no superuser, no right to read a table.
    watch_dsn: str
    #: For the role that owns the tables and may cancel the application's statements; no superuser either.
    operator_dsn: str
    #: For faults that nobody else can make.
    superuser_dsn: str
    application: Deployment
    dependency: Dependency
    load: Load
    #: Other people's programs on the same machine.
    guests: Guests
    #: A second server that can be made to follow the first.
    standby: Standby
    #: Requests per second on an ordinary day.
    rate: float
    #: The way to the server; None where there is none to speak of.
    distance: Distance | None = None
    #: 1 for an outage as the drill tells it, less for a weaker one.
    strength: float = 1.0

    @property
    def sample(self) -> Sample:
        """The application's description."""
        return self.application.sample

    @property
    def metrics_url(self) -> str:
        """The application's Prometheus endpoint."""
        return self.application.metrics_url

    @property
    def release(self) -> str:
        """The running release."""
        return self.application.release

    def execute(self, statement: str) -> None:
        """Run one statement as the operator, outside any transaction."""
        _execute(self.operator_dsn, statement)

    def execute_as_superuser(self, statement: str) -> None:
        """Run one statement as the superuser, outside any transaction."""
        _execute(self.superuser_dsn, statement)

    def make_durable(self, *tables: str) -> None:
        """Let these tables survive a crash, as production's do; the server must be told to sync as well."""
        for table in tables:
            self.execute(f"alter table {table} set logged")
        self.execute_as_superuser("checkpoint")

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
def sample_world(setup: Setup | None = None, *, directory: Path | None = None) -> Iterator[World]:
    """Run an application while the block runs; logs go to the directory, else to the server's, which ends with it."""
    setup = setup or Setup()
    application = sample(setup.application)
    rate = application.rate * (setup.strength if setup.scales_demand else 1.0)
    with ExitStack() as stack:
        server = stack.enter_context(_server(setup, application))
        logs = directory or server.data_dir.parent
        dsn = _doors(server, application)
        distance = _moved_away(stack, server, dsn, logs) if setup.far else None
        app_dsn = dsn[application.name]
        if setup.through_bouncer:
            app_dsn = stack.enter_context(_pooled(application, app_dsn, server))
        dependency = stack.enter_context(closing(Dependency(log_file=logs / "dependency.log")))
        deployment = Deployment(
            application, dsn=app_dsn, third_party_url=dependency.url, log_file=logs / f"{application.name}.log"
        )
        stack.enter_context(closing(deployment))
        visitors = {"application": application.name, "rhythm": setup.rhythm}
        load = Load(deployment.url, rate=rate, log_file=logs / "load.log", **visitors)
        stack.enter_context(closing(load))
        guests = Guests(directory=server.data_dir.parent, log_file=logs / "guests.log")
        stack.enter_context(closing(guests))
        yield World(
            server=server,
            watch_dsn=dsn[_WATCHER],
            operator_dsn=dsn[_operator(application)],
            superuser_dsn=server.dsn(dbname=application.name),
            application=deployment,
            dependency=dependency,
            load=load,
            guests=guests,
            standby=stack.enter_context(closing(Standby(server))),
            distance=distance,
            rate=rate,
            strength=setup.strength,
        )


@contextmanager
def _server(setup: Setup, application: Sample) -> Iterator[PrivateServer]:
    bin_dir = find_binaries(exactly=setup.server) if setup.server else None
    settings = {**_SETTINGS, **application.settings, **(setup.settings or {})}
    with private_server(settings=settings, bin_dir=bin_dir, disk_bytes=setup.disk_bytes) as server:
        yield server


def _operator(application: Sample) -> str:
    return f"{application.name}_operator"


def _doors(server: PrivateServer, application: Sample) -> dict[str, str]:
    """Make the application's database and fill it; return the DSN of each role that has business in it."""
    users = (application.name, _operator(application), _WATCHER)
    passwords = {user: secrets.token_urlsafe(18) for user in users}
    dsn = {user: server.dsn(dbname=application.name, user=user, password=passwords[user]) for user in users}
    _create_database(server, application.name, _operator(application), passwords)
    _fill(server, application, dsn[_operator(application)])
    return dsn


def _moved_away(stack: ExitStack, server: PrivateServer, dsn: dict[str, str], logs: Path) -> Distance:
    """Put a distance between the server and everybody but its operator."""
    distance = Distance("127.0.0.1", server.port, log_file=logs / "distance.log")
    stack.enter_context(closing(distance))
    for user in dsn:
        if not user.endswith("_operator"):
            dsn[user] = make_conninfo(dsn[user], port=distance.port)
    return distance


def _pooled(application: Sample, dsn: str, server: PrivateServer) -> AbstractContextManager[str]:
    return bouncer(dsn, pool_size=application.pool_size, directory=server.data_dir.parent)


def _create_database(server: PrivateServer, name: str, operator: str, passwords: Mapping[str, str]) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as superuser:
        for user, password in passwords.items():
            role = sql.SQL("create role {} login password {}").format(sql.Identifier(user), sql.Literal(password))
            superuser.execute(role)
        superuser.execute(f"grant pg_monitor to {_WATCHER}")
        superuser.execute(f"grant pg_signal_backend to {operator}")
        superuser.execute(f"create database {name} owner {operator}")


def _fill(server: PrivateServer, application: Sample, operator_dsn: str) -> None:
    """Make the tables and their millions of rows."""
    with psycopg.connect(operator_dsn, autocommit=True) as operator:
        for statement in application.schema:
            operator.execute(statement.encode())
        operator.execute(f"grant select, insert, update, delete on all tables in schema public to {application.name}")
    with psycopg.connect(server.dsn(dbname=application.name), autocommit=True) as superuser:
        # Now, so that it does not come in the middle of a drill.
        superuser.execute("checkpoint")
        superuser.execute("create extension pg_stat_statements")
        # Counting begins here: the filling is nobody's baseline.
        superuser.execute("select pg_stat_statements_reset()")


def _execute(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode())

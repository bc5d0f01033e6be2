"""Connection strings: read them, name what they lead to, show them without their secrets.

Any form libpq takes: `postgresql://...` or `host=... dbname=...`. A string that cannot be read is never repeated
in a message, for what is wrong with it may be the password.
"""

from __future__ import annotations

import os
import re

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from failonce.model.errors import UsageError
from failonce.model.target import Target

_SECRETS = frozenset({"password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"})


def parts(dsn: str, *, where: str) -> dict[str, str]:
    """Return a connection string's parameters; `where` names the place it was written in, for the error."""
    try:
        return {key: str(value) for key, value in conninfo_to_dict(dsn).items() if value is not None}
    except psycopg.Error:
        raise UsageError(
            f"{where} is not a connection string PostgreSQL understands.",
            hint="Write postgresql://USER@HOST:5432/DATABASE; percent-encode special characters in the password.",
        ) from None


def masked(dsn: str) -> str:
    """Return the connection string for people to read: `host=db user=failonce password=***`."""
    try:
        known = parts(dsn, where="The dsn")
    except UsageError:
        return "(a connection string that cannot be read)"
    return make_conninfo("", **{key: "***" if key in _SECRETS else value for key, value in known.items()})


def target(dsn: str, *, where: str) -> Target:
    """Return a target made of a connection string alone, named after its database."""
    known = parts(dsn, where=where)
    name = known.get("dbname") or known.get("service") or known.get("user") or "database"
    return Target(re.sub(r"[^\w-]+", "-", name), dsn, local=is_local(dsn))


def is_local(dsn: str) -> bool:
    """Tell whether the server is surely on this machine: reached by a Unix socket, as 127.0.0.1 may be a tunnel."""
    known = parts(dsn, where="The dsn")
    if "host" in known:
        return all(host.startswith(("/", "@")) for host in known["host"].split(","))
    # With no host named, libpq looks into these, and then for a socket.
    elsewhere = any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"))
    return not elsewhere and not {"hostaddr", "service"} & known.keys()

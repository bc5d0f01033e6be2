"""Slow down whoever guesses passwords: so many wrong attempts in a quarter of an hour, then none is heard.

Kept in the store, so that it holds for several processes and over a restart.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from failonce.model.errors import TooManyAttempts
from failonce.store.tables import failed_logins

_WITHIN = timedelta(minutes=15)
#: One person at one address, one address on all accounts, all addresses on one account: the last is high, because
#: with it anybody can lock somebody out.
_MOST = {"pair": 5, "address": 20, "account": 100}


def refuse_if_too_many(connection: Connection, name: str, address: str, at: datetime) -> None:
    """Raise TooManyAttempts when this account or address was wrong too often."""
    since = at - _WITHIN
    for kind, key in _keys(name, address).items():
        query = select(func.count(), func.min(failed_logins.c.at)).where(
            failed_logins.c.key == key, failed_logins.c.at > since
        )
        number, first = connection.execute(query).one()
        if number >= _MOST[kind]:
            wait = first + _WITHIN - at
            raise TooManyAttempts(retry_after_s=max(int(wait.total_seconds()), 1))


def remember(connection: Connection, name: str, address: str, at: datetime) -> None:
    """Remember a wrong attempt, and forget those that no longer count."""
    connection.execute(delete(failed_logins).where(failed_logins.c.at <= at - _WITHIN))
    connection.execute(insert(failed_logins), [{"key": key, "at": at} for key in _keys(name, address).values()])


def forget(connection: Connection, name: str, address: str) -> None:
    """Forget the wrong attempts of somebody who then knew the password."""
    connection.execute(delete(failed_logins).where(failed_logins.c.key == _keys(name, address)["pair"]))


def _keys(name: str, address: str) -> dict[str, str]:
    return {"pair": f"pair {address} {name}", "address": f"address {address}", "account": f"account {name}"}

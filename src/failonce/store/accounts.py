"""Accounts: who may come in, with what role and groups, and how they come to be. There is no default password.

The first account is made through a link that failonce shows once; every other one through a link an admin makes, or by
whoever OpenID Connect vouches for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from failonce.model.account import Account
from failonce.model.errors import NotAllowed, NotFound, UsageError
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import attempts, audit, credentials
from failonce.store.permission import allow
from failonce.store.tables import accounts, links, sessions
from failonce.store.transactions import Transactions

#: How long a link lets somebody in; the first one, which is printed where others may look on, not for long.
_LINK_LASTS, _FIRST_LINK_LASTS = timedelta(days=3), timedelta(days=1)
_NAME = re.compile(r"[\w.@+-]{1,100}")
#: Whose links are made before there is anybody.
_NOBODY = "failonce"


class Accounts:
    """The accounts."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def all(self, viewer: Viewer) -> tuple[Account, ...]:
        """Return all accounts in order of their names. Only an admin may ask."""
        allow(viewer, Role.ADMIN)
        with self._transactions.reading() as connection:
            return tuple(_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name)))

    def is_empty(self) -> bool:
        """Tell whether there is no account yet."""
        with self._transactions.reading() as connection:
            return connection.execute(select(accounts.c.name).limit(1)).first() is None

    # Links that let somebody in once

    def first_link(self, at: datetime) -> str | None:
        """Return the secret of a link that makes the first admin, None when there are accounts. Earlier links end."""
        with self._transactions.writing() as connection:
            if connection.execute(select(accounts.c.name).limit(1)).first() is not None:
                return None
            connection.execute(delete(links).where(links.c.made_by == _NOBODY))
            return _link(connection, Role.ADMIN, (), Stamp(Viewer.machine(), at), lasts=_FIRST_LINK_LASTS)

    def invite(self, role: Role, groups: Iterable[str], stamp: Stamp) -> str:
        """Return the secret of a link that makes one account. Only an admin may."""
        allow(stamp.by, Role.ADMIN)
        with self._transactions.writing() as connection:
            secret = _link(connection, role, groups, stamp, lasts=_LINK_LASTS)
            audit.record(connection, stamp, "account.invited", role=role, groups=sorted(groups))
        return secret

    def redeem(self, secret: str, name: str, password: str, at: datetime) -> Viewer:
        """Make the account a link is for. The link is used up. Raises NotAllowed when it was, or has expired."""
        kept = credentials.hash_password(password)
        with self._transactions.writing() as connection:
            query = select(links).where(links.c.hash == credentials.hashed(secret))
            link = connection.execute(query).first()
            if link is None or link.used_at is not None or link.expires_at <= at:
                raise NotAllowed("This link is used up or has expired.", hint="Ask an admin for a new one.")
            viewer = _create(connection, name, Role(link.role), link.groups, at, password_hash=kept)
            connection.execute(update(links).where(links.c.hash == link.hash).values(used_at=at))
            audit.record(connection, Stamp(viewer, at), "account.made", name=name, role=link.role)
        return viewer

    # Coming in

    def log_in(self, name: str, password: str, address: str, at: datetime) -> Viewer:
        """Return who this is. Raises NotAllowed when name or password is wrong, TooManyAttempts after some of them."""
        with self._transactions.reading() as connection:
            attempts.refuse_if_too_many(connection, name, address, at)
            row = connection.execute(select(accounts).where(accounts.c.name == name)).first()
        # Outside of a transaction: argon2 takes its time, and nobody shall wait for it.
        is_right = credentials.is_right(password, row.password_hash if row else None)
        with self._transactions.writing() as connection:
            if row is None or not is_right or row.is_disabled:
                attempts.remember(connection, name, address, at)
            else:
                attempts.forget(connection, name, address)
                if credentials.is_outdated(row.password_hash):
                    _set(connection, name, password_hash=credentials.hash_password(password))
        if row is None or not is_right or row.is_disabled:
            raise NotAllowed("Name or password is wrong.", hint="Try again, or ask an admin for a new link.")
        return viewer_of(row)

    def welcome(self, identity: str, name: str, role: Role, groups: Iterable[str], at: datetime) -> Viewer:
        """Return whom OpenID Connect vouches for; make the account on the first visit. Groups are as it tells."""
        told = sorted(set(groups))
        with self._transactions.writing() as connection:
            row = connection.execute(select(accounts).where(accounts.c.identity == identity)).first()
            if row is None:
                viewer = _create(connection, name, role, told, at, identity=identity)
                audit.record(connection, Stamp(viewer, at), "account.made", name=name, role=role)
                return viewer
            if row.is_disabled:
                raise NotAllowed(f"The account {row.name} is disabled.", hint="Ask an admin.")
            if row.groups != told:
                _set(connection, row.name, groups=told)
            return Viewer(row.name, Role(row.role), frozenset(told))

    # Changing them

    def change(
        self,
        name: str,
        stamp: Stamp,
        *,
        role: Role | None = None,
        groups: Iterable[str] | None = None,
        is_disabled: bool | None = None,
    ) -> Account:
        """Change an account. Only an admin may, and never so that no admin is left. Ends its sessions."""
        allow(stamp.by, Role.ADMIN)
        said = {"role": role, "groups": None if groups is None else sorted(set(groups)), "is_disabled": is_disabled}
        values: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
        with self._transactions.writing() as connection:
            _required(connection, name)
            _set(connection, name, **values)
            _refuse_without_admin(connection)
            connection.execute(delete(sessions).where(sessions.c.account == name))
            audit.record(connection, stamp, "account.changed", name=name, **values)
            return _account(_required(connection, name))

    def set_password(self, name: str, password: str, stamp: Stamp) -> None:
        """Set a password: one's own, or as an admin anybody's. Ends the account's sessions."""
        if stamp.by.name != name:
            allow(stamp.by, Role.ADMIN)
        kept = credentials.hash_password(password)
        with self._transactions.writing() as connection:
            _required(connection, name)
            _set(connection, name, password_hash=kept)
            connection.execute(delete(sessions).where(sessions.c.account == name))
            audit.record(connection, stamp, "account.password", name=name)


def viewer_of(row: Row[Any]) -> Viewer:
    """Return whom an account's row lets in."""
    return Viewer(row.name, Role(row.role), frozenset(row.groups))


def _link(connection: Connection, role: Role, groups: Iterable[str], stamp: Stamp, *, lasts: timedelta) -> str:
    secret = credentials.new_secret("link")
    row = {
        "hash": credentials.hashed(secret),
        "role": role,
        "groups": sorted(set(groups)),
        "made_by": stamp.by.name,
        "expires_at": stamp.at + lasts,
    }
    connection.execute(insert(links).values(row))
    return secret


def _create(
    connection: Connection, name: str, role: Role, groups: Iterable[str], at: datetime, **ways_in: str
) -> Viewer:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for an account.", hint="Use letters, digits and . @ + - _")
    if name == _NOBODY or connection.execute(select(accounts.c.name).where(accounts.c.name == name)).first():
        raise UsageError(f"The name {name} is taken.", hint="Choose another one.")
    row = {"name": name, "role": role, "groups": sorted(set(groups)), "created_at": at, "is_disabled": False}
    connection.execute(insert(accounts).values(**row, **ways_in))
    return Viewer(name, role, frozenset(groups))


def _required(connection: Connection, name: str) -> Row[Any]:
    row = connection.execute(select(accounts).where(accounts.c.name == name)).first()
    if row is None:
        names = ", ".join(connection.execute(select(accounts.c.name).order_by(accounts.c.name)).scalars()) or "none"
        raise NotFound(f"There is no account {name}.", hint=f"There are: {names}")
    return row


def _set(connection: Connection, name: str, **values: Any) -> None:
    if values:
        connection.execute(update(accounts).where(accounts.c.name == name).values(values))


def _refuse_without_admin(connection: Connection) -> None:
    admins = select(accounts.c.name).where(accounts.c.role == Role.ADMIN, accounts.c.is_disabled.is_(False))
    if connection.execute(admins.limit(1)).first() is None:
        raise UsageError("Then there would be no admin.", hint="Make somebody else admin first.")


def _account(row: Row[Any]) -> Account:
    return Account(row.name, Role(row.role), tuple(row.groups), row.created_at, row.is_disabled, row.identity)

"""API tokens: a program comes in with one, as its account and never with more than its scopes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from failonce.model.account import ApiToken, Scope
from failonce.model.errors import NotFound
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import audit, credentials
from failonce.store.accounts import viewer_of
from failonce.store.permission import allow
from failonce.store.tables import accounts, tokens
from failonce.store.transactions import Transactions


class Tokens:
    """The tokens."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def make(
        self, account: str, purpose: str, scopes: Iterable[Scope], stamp: Stamp, *, expires_at: datetime | None = None
    ) -> tuple[ApiToken, str]:
        """Return a new token and its secret, which is shown once: for oneself, or as an admin for anybody."""
        if stamp.by.name != account:
            allow(stamp.by, Role.ADMIN)
        secret = credentials.new_secret("token")
        token = ApiToken(
            secrets.token_hex(4), account, purpose, tuple(dict.fromkeys(scopes)), stamp.at, expires_at, None
        )
        row = {
            "id": token.id,
            "hash": credentials.hashed(secret),
            "account": account,
            "purpose": purpose,
            "scopes": list(token.scopes),
            "created_at": stamp.at,
            "expires_at": expires_at,
        }
        with self._transactions.writing() as connection:
            if connection.execute(select(accounts.c.name).where(accounts.c.name == account)).first() is None:
                raise NotFound(f"There is no account {account}.", hint="A token belongs to an account.")
            connection.execute(insert(tokens).values(row))
            detail: dict[str, Any] = {"id": token.id, "account": account, "scopes": list(token.scopes)}
            audit.record(connection, stamp, "token.made", **detail)
        return token, secret

    def use(self, secret: str, at: datetime) -> tuple[Viewer, tuple[Scope, ...]] | None:
        """Return who comes in with a token and what for; None when it is unknown, over or revoked.

        Without the scope to write, the viewer has no role to write either.
        """
        columns = tokens.c
        query = (
            select(accounts, columns.scopes)
            .join(tokens)
            .where(columns.hash == credentials.hashed(secret), columns.revoked_at.is_(None))
            .where(or_(columns.expires_at.is_(None), columns.expires_at > at), accounts.c.is_disabled.is_(False))
        )
        with self._transactions.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        scopes = tuple(Scope(scope) for scope in row.scopes)
        viewer = viewer_of(row)
        return viewer if Scope.WRITE in scopes else replace(viewer, role=Role.VIEWER), scopes

    def of(self, viewer: Viewer) -> tuple[ApiToken, ...]:
        """Return one's own tokens, as an admin everybody's, newest first."""
        query = select(tokens).order_by(tokens.c.created_at.desc(), tokens.c.id)
        if viewer.role is not Role.ADMIN:
            query = query.where(tokens.c.account == viewer.name)
        with self._transactions.reading() as connection:
            return tuple(_token(row) for row in connection.execute(query))

    def revoke(self, token_id: str, stamp: Stamp) -> None:
        """Make a token useless: one's own, or as an admin anybody's."""
        with self._transactions.writing() as connection:
            row = connection.execute(select(tokens).where(tokens.c.id == token_id)).first()
            if row is None or (row.account != stamp.by.name and stamp.by.role is not Role.ADMIN):
                raise NotFound(f"There is no token {token_id}.", hint="failonce account list")
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(revoked_at=stamp.at))
            audit.record(connection, stamp, "token.revoked", id=token_id, account=row.account)


def _token(row: Row[Any]) -> ApiToken:
    scopes = tuple(Scope(scope) for scope in row.scopes)
    return ApiToken(row.id, row.account, row.purpose, scopes, row.created_at, row.expires_at, row.revoked_at)

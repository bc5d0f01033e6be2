"""Sessions: who is at which browser. Of a cookie's secret only a hash is kept; an account's change ends them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from failonce.model.viewer import Viewer
from failonce.store import credentials
from failonce.store.accounts import viewer_of
from failonce.store.tables import accounts, sessions
from failonce.store.transactions import Transactions


class Sessions:
    """The sessions."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def begin(self, account: str, at: datetime, lasts: timedelta) -> str:
        """Return the secret of a new session, for the cookie. Sessions that are over are forgotten."""
        secret = credentials.new_secret("session")
        row = {"hash": credentials.hashed(secret), "account": account, "expires_at": at + lasts}
        with self._transactions.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= at))
            connection.execute(insert(sessions).values(row))
        return secret

    def viewer(self, secret: str, at: datetime) -> Viewer | None:
        """Return who is at that browser; None when the session is unknown, over, or its account disabled."""
        query = (
            select(accounts)
            .join(sessions)
            .where(sessions.c.hash == credentials.hashed(secret), sessions.c.expires_at > at)
            .where(accounts.c.is_disabled.is_(False))
        )
        with self._transactions.reading() as connection:
            row = connection.execute(query).first()
        return viewer_of(row) if row else None

    def end(self, secret: str) -> None:
        """End a session."""
        with self._transactions.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.hash == credentials.hashed(secret)))

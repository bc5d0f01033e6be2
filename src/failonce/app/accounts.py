"""Accounts and tokens from the command line, whose person has the store at hand and may do all of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from failonce.app.bookkeeping import opened
from failonce.app.operator import operator, stamp
from failonce.model.account import Account, ApiToken, Scope
from failonce.model.viewer import Role


def accounts(store: str | None) -> tuple[Account, ...]:
    """Return all accounts."""
    with opened(store) as book:
        return book.accounts.all(operator())


def invite(store: str | None, role: Role, groups: Sequence[str]) -> str:
    """Return the secret of a link that makes one account."""
    with opened(store) as book:
        return book.accounts.invite(role, groups, stamp())


def change(
    store: str | None, name: str, *, role: Role | None, groups: Sequence[str] | None, is_disabled: bool | None
) -> Account:
    """Change an account."""
    with opened(store) as book:
        return book.accounts.change(name, stamp(), role=role, groups=groups, is_disabled=is_disabled)


def tokens(store: str | None) -> tuple[ApiToken, ...]:
    """Return everybody's tokens, without their secrets."""
    with opened(store) as book:
        return book.tokens.of(operator())


def make_token(
    store: str | None, account: str, purpose: str, scopes: Sequence[Scope], days: int | None
) -> tuple[ApiToken, str]:
    """Return a new token and its secret."""
    mark = stamp()
    expires_at = mark.at + timedelta(days=days) if days is not None else None
    with opened(store) as book:
        return book.tokens.make(account, purpose, scopes, mark, expires_at=expires_at)


def revoke_token(store: str | None, token_id: str) -> None:
    """Make a token useless."""
    with opened(store) as book:
        book.tokens.revoke(token_id, stamp())

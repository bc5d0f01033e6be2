"""Who may come in: accounts, and the tokens programs come in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from failonce.model.viewer import Role


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account. Its password is kept as an argon2 hash and never leaves the store."""

    name: str
    role: Role
    groups: tuple[str, ...]
    created_at: datetime
    #: True when it may no longer come in.
    is_disabled: bool = False
    #: `issuer subject` of OpenID Connect, when it comes in through that.
    identity: str | None = None


class Scope(StrEnum):
    """What a token may be used for; never more than its account may do."""

    READ = "read"
    WRITE = "write"
    METRICS = "metrics"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token for a program, without its secret: of that only a hash is kept."""

    id: str
    account: str
    #: What it is for, in its maker's words.
    purpose: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

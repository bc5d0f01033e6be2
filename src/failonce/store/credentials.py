"""Secrets: made at random, kept as hashes, compared without telling by the time it takes.

Passwords go through argon2, which is slow on purpose. Links, sessions and tokens are 256 random bits, for which one
SHA-256 is enough. Nothing here may ever be logged.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING

from failonce.model.errors import UsageError
from failonce.store import chain

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_SHORTEST, _LONGEST = 10, 1000


def new_secret(kind: str) -> str:
    """Return a new secret. Its beginning says whose it is, so that scanners of repositories can find it."""
    return f"failonce_{kind}_{secrets.token_urlsafe(32)}"


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return chain.digest(secret)


def hash_password(password: str) -> str:
    """Return what is kept of a password. Raises UsageError for one that is too short."""
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise UsageError(
            f"A password has {_SHORTEST} to {_LONGEST:,} characters.",
            hint="Take four words without anything in common.",
        )
    return _hasher().hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Tell whether the password is the one kept. Without one kept it takes as long, and is wrong."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept or _nobodys(), password[:_LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with less effort than is usual now."""
    return _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError:
        raise UsageError("Passwords need argon2.", hint="pip install 'failonce[web]'") from None
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_hex())

"""Hash chains: each entry's hash covers its content and the hash before it, so that nothing told can be changed unseen.

Pure. Content is hashed as canonical JSON, the same on every machine and for ever: change nothing here without a new
layout of the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

#: What the first entry of a chain follows.
START = ""


def link(before: str, content: Mapping[str, Any]) -> str:
    """Return the hash of an entry that follows the one with hash `before`."""
    return digest(before.encode() + b"\n" + canonical(content))


def digest(content: bytes | str) -> str:
    """Return SHA-256 in hex."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one JSON text of a content: keys sorted, instants in UTC with microseconds."""
    return msgspec.json.encode(
        {key: _instant(value) if isinstance(value, datetime) else value for key, value in content.items()},
        order="deterministic",
    )


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")

"""A blueprint as a file: small enough for a repository, checked when it is read.

Gzip with two lines of JSON in it: what it is, with a checksum of the second line; and the blueprint. The same blueprint
makes the same bytes. The checksum tells damage, not intent: a twin's own role keeps a hostile file in bounds.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import Any

import msgspec

from failonce.model.blueprint import Blueprint
from failonce.model.errors import CannotLook, NotFound

#: Counts up when older versions of failonce could not read what is written.
FORMAT = 1
#: What a schema of some ten thousand columns takes; more is no twin file.
_MOST_BYTES = 512 << 20
_PULL_AGAIN = "pull it again: failonce twin pull DSN -o FILE"


def save(path: Path, blueprint: Blueprint) -> None:
    """Write a blueprint; the file is there whole or not at all."""
    body = msgspec.json.encode(blueprint)
    head = {"failonce_twin": FORMAT, "database": blueprint.database, "masked": blueprint.masked, "sha256": _sum(body)}
    packed = gzip.compress(msgspec.json.encode(head) + b"\n" + body + b"\n", compresslevel=9, mtime=0)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(packed)
    part.replace(path)


def load(path: Path) -> Blueprint:
    """Return the blueprint of a file that `save` wrote."""
    head, body = _lines(path)
    version = head.get("failonce_twin")
    if not isinstance(version, int):
        raise _damaged(path, "it is no twin file")
    if version != FORMAT:
        which = "a newer" if version > FORMAT else "an older"
        raise CannotLook(f"{path} was written by {which} failonce (format {version})", hint=_PULL_AGAIN)
    if head.get("sha256") != _sum(body):
        raise _damaged(path, "its content is not what was written")
    try:
        return msgspec.json.decode(body, type=Blueprint)
    except msgspec.MsgspecError as error:
        raise _damaged(path, str(error)) from error


def _lines(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        with gzip.open(path) as file:
            text = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(f"there is no twin file {path}", hint=f"make one: failonce twin pull DSN -o {path}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, str(error)) from error
    first, _, rest = text.partition(b"\n")
    try:
        head = msgspec.json.decode(first)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        head = None
    if not isinstance(head, dict) or len(text) > _MOST_BYTES:
        raise _damaged(path, "it is no twin file")
    return head, rest.removesuffix(b"\n")


def _sum(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _damaged(path: Path, why: str) -> CannotLook:
    return CannotLook(f"{path} cannot be read: {why}", hint=_PULL_AGAIN)

"""CREATE INDEX in words: a candidate with a name of its own. Pure text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST_NAME = 63
_WORDS = re.compile(r"[a-z_][\w$]*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An index to try, and what it needs first."""

    #: CREATE INDEX CONCURRENTLY ...
    sql: str
    name: str
    relation: str
    #: Statements that must have been run: CREATE EXTENSION.
    before: tuple[str, ...] = ()
    #: Its first key, without class and direction.
    first: str = ""


def index(
    relation: str,
    keys: Sequence[str],
    *,
    method: str = "btree",
    include: Sequence[str] = (),
    where: str = "",
) -> Candidate:
    """Return the index over these keys: columns, expressions in parentheses, each with its class and direction.

    >>> index("shop.jobs", ["at DESC"], where="state = 'open'").sql
    "CREATE INDEX CONCURRENTLY jobs_at_where_state_idx ON shop.jobs USING btree (at DESC) WHERE state = 'open'"
    """
    name = _name(relation, keys, method=method, include=include, where=where)
    text = f"CREATE INDEX CONCURRENTLY {name} ON {relation} USING {method} ({', '.join(keys)})"
    if include:
        text += f" INCLUDE ({', '.join(include)})"
    return Candidate(text + (f" WHERE {where}" if where else ""), name, relation, first=_bare(keys[0]))


def _name(relation: str, keys: Sequence[str], *, method: str, include: Sequence[str], where: str) -> str:
    table = relation.rpartition(".")[2].strip('"').lower()
    # The words of an expression are many; its column and its function tell it apart.
    words = [word for key in keys for word in _WORDS.findall(_plain(key))[:2]]
    words += ["incl", *include] if include else []
    words += ["where", *_WORDS.findall(where)[:1]] if where else []
    words += [method] if method != "btree" else []
    name = "_".join([re.sub(r"\W", "_", table), *words, "idx"])
    if len(name) <= _LONGEST_NAME and "(" not in "".join(keys):
        return name
    digest = hashlib.blake2b(repr((keys, include, where)).encode(), digest_size=3).hexdigest()
    return f"{name.removesuffix('_idx')[: _LONGEST_NAME - 11]}_{digest}_idx"


def _bare(key: str) -> str:
    return re.sub(r"(?: \w+_ops)?(?: DESC)?(?: NULLS \w+)?$", "", key)


def _plain(key: str) -> str:
    return key if key.startswith("(") else key.split(" ")[0].strip('"').lower()

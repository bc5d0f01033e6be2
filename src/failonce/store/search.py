"""Search the whole book: titles, timelines, postmortems and action items, the best match first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, column, func, literal_column, select, table

from failonce.model.errors import UsageError
from failonce.model.page import Page
from failonce.model.search import Hit
from failonce.model.viewer import Viewer
from failonce.store.dossiers import dossier
from failonce.store.permission import hidden
from failonce.store.tables import incidents, texts
from failonce.store.transactions import Transactions
from failonce.store.words import COLUMNS

#: Around what matches in an excerpt; no text of a person holds them.
_FROM, _TO = "\x02", "\x03"
_TOKEN = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_WORD = re.compile(r"\w", re.UNICODE)
#: How much more a match in each of COLUMNS counts than one in the last.
_WEIGHTS = (8.0, 3.0, 2.0, 1.0)
_EXCERPT_WORDS = 16
_MOST_WORDS = 12
#: SQLite's index.
_WORDS = table("words", column("rowid"))
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


class Search:
    """The search."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def find(self, viewer: Viewer, words: str, *, after: str | None = None, limit: int = 20) -> Page[Hit]:
        """Return the incidents that hold all the words; "in quotes" as they stand, and none with a -minus."""
        offset = _offset(after)
        wanted, unwanted = parsed(words)
        if not wanted:
            return Page((), None, 0)
        with self._transactions.reading() as connection:
            speaks = _postgresql if connection.dialect.name == "postgresql" else _sqlite
            matching = speaks(wanted, unwanted, unseen=hidden(viewer))
            total: int = connection.execute(matching.counted).scalar_one()
            ids = connection.execute(matching.ranked.limit(limit).offset(offset)).scalars().all()
            excerpts = connection.execute(matching.excerpts, {"ids": ids}).all() if ids else []
            found = select(texts.c.id.label("text_id"), incidents).join(incidents).where(texts.c.id.in_(ids))
            dossiers = {row.text_id: dossier(row) for row in connection.execute(found)}
        shown = {row[0]: _shown(*row[1:]) for row in excerpts}
        hits = tuple(Hit(dossiers[id_], *shown[id_]) for id_ in ids)
        following = offset + len(hits)
        return Page(hits, str(following) if following < total else None, total)


def parsed(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the phrases that are wanted and those that are not; a lone word is a phrase of one.

    >>> parsed('connection pool -deadlock "full scan"')
    (('connection', 'pool', 'full scan'), ('deadlock',))
    """
    found = [(m[1], (m[2] if m[2] is not None else m[3]).replace('"', " ")) for m in _TOKEN.finditer(words)]
    kept = [(minus, phrase.replace("\x00", "")) for minus, phrase in found if _WORD.search(phrase)][:_MOST_WORDS]
    wanted = tuple(phrase for minus, phrase in kept if not minus)
    return wanted, tuple(phrase for minus, phrase in kept if minus)


def _offset(after: str | None) -> int:
    if after is None:
        return 0
    if not after.isdecimal() or len(after) > 9:
        raise UsageError("This is not a place in the list.", hint="Begin at the first page: leave `after` out.")
    return int(after)


@dataclass(frozen=True, slots=True)
class _Matching:
    """The questions of one search, in one database's words."""

    counted: Select[Any]
    #: The ids of the texts, the best first.
    ranked: Select[Any]
    #: Of the texts :ids: id, excerpt, and the columns in order.
    excerpts: Select[Any]


def _sqlite(wanted: Sequence[str], unwanted: Sequence[str], *, unseen: Select[Any] | None) -> _Matching:
    said = " AND ".join(f'"{phrase}"' for phrase in wanted)
    phrases = f"({said})" + "".join(f' NOT "{phrase}"' for phrase in unwanted)
    is_match = literal_column("words").op("MATCH")(phrases)
    matching = select(_WORDS.c.rowid).where(is_match)
    if unseen is not None:
        matching = matching.where(_WORDS.c.rowid.not_in(select(texts.c.id).where(texts.c.incident_id.in_(unseen))))
    weights = ", ".join(str(weight) for weight in _WEIGHTS)
    excerpt: ColumnElement[Any] = literal_column(f"snippet(words, -1, '{_FROM}', '{_TO}', '…', {_EXCERPT_WORDS})")
    columns: list[ColumnElement[Any]] = [literal_column(f"words.{name}") for name in COLUMNS]
    around = select(_WORDS.c.rowid, excerpt, *columns).where(is_match, _WORDS.c.rowid.in_(_IDS))
    # SQLite gives rows of one rank in the order of their ids, so pages do not overlap.
    ranked = matching.order_by(literal_column(f"bm25(words, {weights})"), _WORDS.c.rowid.desc())
    return _Matching(matching.with_only_columns(func.count(), maintain_column_froms=True), ranked, around)


def _postgresql(wanted: Sequence[str], unwanted: Sequence[str], *, unseen: Select[Any] | None) -> _Matching:
    said = " ".join([*(f'"{phrase}"' for phrase in wanted), *(f'-"{phrase}"' for phrase in unwanted)])
    query = func.websearch_to_tsquery("english", said)
    vector: ColumnElement[Any] = literal_column("texts.words")
    matching = select(texts.c.id).where(vector.op("@@")(query))
    if unseen is not None:
        matching = matching.where(texts.c.incident_id.not_in(unseen))
    columns = [texts.c[name] for name in COLUMNS]
    options = f"StartSel={_FROM}, StopSel={_TO}, MaxWords={_EXCERPT_WORDS}, MinWords=8"
    excerpt = func.ts_headline("english", func.concat_ws("\n", *columns), query, options)
    around = select(texts.c.id, excerpt, *columns).where(texts.c.id.in_(_IDS))
    ranked = matching.order_by(func.ts_rank(vector, query).desc(), texts.c.id.desc())
    return _Matching(matching.with_only_columns(func.count(), maintain_column_froms=True), ranked, around)


def _shown(excerpt: str, *columns: str) -> tuple[str, tuple[tuple[str, bool], ...]]:
    """Return where an excerpt is from, and its pieces."""
    longest = max(re.sub(f"[{_FROM}{_TO}]", "", excerpt).strip("…").splitlines(), key=len, default="")
    where = next((name for name, column in zip(COLUMNS, columns, strict=True) if longest in column), COLUMNS[0])
    return where, tuple(_pieces(excerpt))


def _pieces(excerpt: str) -> Iterator[tuple[str, bool]]:
    """Yield the excerpt as it is shown: on one line, its matches apart."""
    for number, part in enumerate(re.split(f"[{_FROM}{_TO}]", re.sub(r"\s+", " ", excerpt))):
        if part:
            yield part, number % 2 == 1

"""Search the whole book: titles, timelines, postmortems and action items, the best match first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, literal_column, select, table, text

from failonce.model.errors import UsageError
from failonce.model.page import Page
from failonce.model.search import Hit
from failonce.model.viewer import Viewer
from failonce.store.dossiers import dossier
from failonce.store.permission import visible
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


class Search:
    """The search."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def find(self, viewer: Viewer, words: str, *, after: str | None = None, limit: int = 20) -> Page[Hit]:
        """Return the incidents that hold all the words; "in quotes" as they stand, and none with a -minus."""
        wanted, unwanted = parsed(words)
        offset = _offset(after)
        with self._transactions.reading() as connection:
            matching = _matching(connection, wanted, unwanted)
            if matching is None:
                return Page((), None, 0)
            condition, rank = matching
            found = select(texts.c.id.label("text_id"), incidents).join(incidents).where(condition, visible(viewer))
            if connection.dialect.name == "sqlite":
                found = found.join(_WORDS, _WORDS.c.rowid == texts.c.id)
            total = connection.execute(_counted(found)).scalar_one()
            ranked = found.order_by(rank, incidents.c.opened_at.desc(), incidents.c.id)
            rows = connection.execute(ranked.limit(limit).offset(offset)).all()
            excerpts = _excerpts(connection, [row.text_id for row in rows], wanted)
        hits = tuple(Hit(dossier(row), *excerpts[row.text_id]) for row in rows)
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


def _counted(found: Select[Any]) -> Select[Any]:
    return found.with_only_columns(func.count(), maintain_column_froms=True)


def _matching(
    connection: Connection, wanted: Sequence[str], unwanted: Sequence[str]
) -> tuple[ColumnElement[bool], ColumnElement[Any]] | None:
    """Return the condition and the rank, smallest best; None when there is nothing to look for."""
    if not wanted:
        return None
    if connection.dialect.name == "postgresql":
        query = func.websearch_to_tsquery("english", _websearch(wanted, unwanted))
        words: ColumnElement[Any] = literal_column("texts.words")
        return words.op("@@")(query), -func.ts_rank(words, query)
    weights = ", ".join(str(weight) for weight in _WEIGHTS)
    rank: ColumnElement[Any] = literal_column(f"bm25(words, {weights})")
    match: ColumnElement[bool] = literal_column("words").op("MATCH")(_fts5(wanted, unwanted))
    return match, rank


def _fts5(wanted: Sequence[str], unwanted: Sequence[str]) -> str:
    said = " AND ".join(f'"{phrase}"' for phrase in wanted)
    return f"({said})" + "".join(f' NOT "{phrase}"' for phrase in unwanted)


def _websearch(wanted: Sequence[str], unwanted: Sequence[str]) -> str:
    return " ".join([*(f'"{phrase}"' for phrase in wanted), *(f'-"{phrase}"' for phrase in unwanted)])


def _excerpts(
    connection: Connection, ids: Sequence[int], wanted: Sequence[str]
) -> dict[int, tuple[str, tuple[tuple[str, bool], ...]]]:
    """Return for each text where it matches and the words around."""
    if not ids:
        return {}
    if connection.dialect.name == "postgresql":
        options = f"StartSel={_FROM}, StopSel={_TO}, MaxWords={_EXCERPT_WORDS}, MinWords=8"
        query = func.websearch_to_tsquery("english", _websearch(wanted, ()))
        columns = [func.ts_headline("english", texts.c[name], query, options) for name in COLUMNS]
        rows = connection.execute(select(texts.c.id, *columns).where(texts.c.id.in_(ids))).all()
    else:
        pieces = ", ".join(
            f"snippet(words, {number}, '{_FROM}', '{_TO}', '…', {_EXCERPT_WORDS})" for number in range(len(COLUMNS))
        )
        numbers = ", ".join(str(int(number)) for number in ids)
        statement = text(f"SELECT rowid, {pieces} FROM words WHERE words MATCH :phrases AND rowid IN ({numbers})")
        rows = connection.execute(statement, {"phrases": _fts5(wanted, ())}).all()
    return {row[0]: _best(row[1:]) for row in rows}


def _best(excerpts: Sequence[str]) -> tuple[str, tuple[tuple[str, bool], ...]]:
    """Return the excerpt that shows most matches; the earlier column when two show as many."""
    scored = [(len(set(_matches(excerpt))), -number) for number, excerpt in enumerate(excerpts)]
    number = -max(scored)[1]
    return COLUMNS[number], tuple(_pieces(excerpts[number]))


def _matches(excerpt: str) -> list[str]:
    return [piece.lower() for piece, is_match in _pieces(excerpt) if is_match]


def _pieces(excerpt: str) -> Iterator[tuple[str, bool]]:
    """Yield the excerpt as it is shown: on one line, its matches apart."""
    for number, part in enumerate(re.split(f"[{_FROM}{_TO}]", re.sub(r"\s+", " ", excerpt))):
        if part:
            yield part, number % 2 == 1

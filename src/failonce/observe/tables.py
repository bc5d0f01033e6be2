"""How tables are read and written (source: pg_stat_user_tables)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from failonce.model.snapshot import TableActivity, Tables
from failonce.observe.connection import Connection
from failonce.observe.differences import Counters
from failonce.observe.source import Parts


class TableStatistics:
    """Scans, rows written, dead rows, vacuums and analyzes, of the tables where something happened."""

    name = "tables"
    impact = "sequential scans, writes, dead rows and vacuums of the tables are not known"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counters: Counters[int] = Counters()

    def read(self, at: datetime) -> Parts:
        rows = {row.relid: row for row in self._connection.rows("tables")}
        differences = self._counters.advance({relid: _counters(row) for relid, row in rows.items()})
        if differences is None:
            return {}
        interval_s, grown = differences
        return {"tables": Tables(interval_s, tuple(_activity(rows[relid], added) for relid, added in grown.items()))}


def _counters(row: Any) -> tuple[int, ...]:
    """Return the columns that only grow, in the order _activity takes them."""
    written = (row.n_tup_ins, row.n_tup_upd, row.n_tup_del)
    return (row.seq_scan, row.seq_tup_read, row.idx_scan, *written, row.vacuums, row.analyzes)


def _activity(row: Any, added: tuple[int, ...]) -> TableActivity:
    seq_scans, seq_rows, index_scans, inserted, updated, deleted, vacuums, analyzes = added
    return TableActivity(
        relation=row.relation,
        seq_scans=seq_scans,
        seq_rows=seq_rows,
        index_scans=index_scans,
        rows_inserted=inserted,
        rows_updated=updated,
        rows_deleted=deleted,
        dead_rows=row.n_dead_tup,
        vacuums=vacuums,
        analyzes=analyzes,
        live_rows=row.n_live_tup,
        modified_rows=row.n_mod_since_analyze,
    )

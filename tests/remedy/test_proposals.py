"""Each remedy is proposed for what it cures and for nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from failonce import jsontext, plugins
from failonce.model.diagnosis import Culprit, Diagnosis, Evidence, Link, LinkKind, Pointer, RuledOut
from fix_incident import missing_index_incident

FIXES = plugins.load("failonce.remedy")
CULPRIT = Culprit("select title from recipes where id = ?", "f" * 16, ("recipes",), None, (4711,))


def diagnosis(cause, *, trigger=None):
    known = missing_index_incident().diagnosis
    chain = (Link(LinkKind.TRIGGER, trigger, "It came.", ()),) if trigger else ()
    return replace(known, cause=cause, chain=chain, culprit=CULPRIT)


@pytest.mark.parametrize(
    ("fix", "cause", "trigger"),
    [
        ("end-session", "blocking-session", None),
        ("bound-idle-transactions", "session-leak", None),
        ("roll-back-release", "session-leak", "release"),
        ("roll-back-release", "unindexed-query", "release"),
        ("plan-for-values", "generic-plan", None),
        ("ask-once", "n-plus-one", None),
        ("restore-condition", "implicit-cast", None),
        ("restore-condition", "partition-pruning-lost", None),
        ("widen-pool", "heavier-query", None),
        ("roll-back-release", "application", "release"),
        ("raise-sequence", "sequence-exhausted", None),
        ("grant-permission", "permission-denied", None),
        ("free-disk", "disk-full", None),
        ("more-sort-memory", "temp-files", None),
        ("calm-maintenance", "maintenance", None),
        ("add-capacity", "traffic", None),
        ("move-neighbour", "host", None),
        ("fewer-round-trips", "network", None),
        ("bound-calls", "application", None),
    ],
)
def test_is_proposed_for_what_it_cures(fix, cause, trigger):
    remedy = FIXES[fix].propose(diagnosis(cause, trigger=trigger), None)
    assert remedy is not None
    assert remedy.kind == fix
    assert remedy.unproven


@pytest.mark.parametrize("fix", FIXES)
@pytest.mark.parametrize("cause", ["traffic", "application", "network", "host", "server-restart"])
def test_nothing_is_run_on_the_database_where_it_is_not_to_blame(fix, cause):
    remedy = FIXES[fix].propose(diagnosis(cause), None)
    assert remedy is None or (remedy.sql is None and cause in FIXES[fix].CURES)


def recorded(name):
    path = Path(__file__).parents[2] / "examples" / name / "diagnosis.json"
    return jsontext.loads(path.read_bytes(), Diagnosis)


def test_a_sequence_is_raised_by_its_name():
    remedy = FIXES["raise-sequence"].propose(recorded("sequence-exhausted"), None)
    assert remedy.sql == "ALTER SEQUENCE reviews_id_seq AS bigint NO MAXVALUE"


def test_a_grant_names_the_table_that_was_refused():
    assert "ON collections TO" in FIXES["grant-permission"].propose(recorded("permission-denied"), None).statement


def test_the_release_that_made_the_application_busy_is_rolled_back_by_name():
    said = FIXES["roll-back-release"].propose(recorded("busy-application"), None).statement
    assert said.startswith("Roll back release v46 to v41")


def test_sort_memory_holds_what_was_spilled():
    """A call moved n blocks of 8 KiB, half of them written: twice that, the next power of two, in megabytes."""
    found = recorded("temp-file-storm")
    said = FIXES["more-sort-memory"].propose(found, None).statement
    blocks = next(e.value for link in found.chain for e in link.evidence if e.unit == "blocks/call")
    megabytes = int(said.split(" MB of work_mem")[0].split()[-1])
    assert megabytes / 2 < blocks * 8192 / 1024**2 <= megabytes


def test_the_session_to_end_is_the_root():
    assert FIXES["end-session"].propose(diagnosis("blocking-session"), None).sql == "SELECT pg_terminate_backend(4711)"


def test_a_lost_index_can_be_proposed_without_a_planner_and_says_that_it_is_unproven():
    recorded = Path(__file__).parents[2] / "examples" / "missing-index" / "diagnosis.json"
    remedy = FIXES["create-index"].propose(jsontext.loads(recorded.read_bytes(), Diagnosis), None)
    assert "CONCURRENTLY" in remedy.sql
    assert remedy.unproven
    assert remedy.proof is None


def measured(statement, source, value, baseline, unit="", key=None):
    return Evidence(statement, value, baseline, unit, Pointer(source, ONSET, ONSET, key))


def told(cause, statement, *evidence):
    """A diagnosis that names a cause with these measurements."""
    link = Link(LinkKind.CAUSE, cause, statement, evidence)
    return replace(missing_index_incident().diagnosis, cause=cause, chain=(link,), culprit=CULPRIT)


ONSET = missing_index_incident().diagnosis.onset_at


@pytest.mark.parametrize(
    ("fix", "diagnosis", "sql"),
    [
        (
            "analyze",
            told("stale-statistics", "", measured("", "tables", 400_000, 0, "rows", "orders")),
            "ANALYZE orders",
        ),
        (
            "vacuum",
            told("table-bloat", "", measured("", "tables", 250_000, 30, "rows", "messages")),
            "VACUUM (ANALYZE) messages",
        ),
        (
            "rebuild-index",
            told("index-bloat", "", measured("It is.", "catalog", 28_000, 3_000, "blocks", "crm.by_code")),
            "REINDEX INDEX CONCURRENTLY crm.by_code",
        ),
        (
            "set-back",
            told(
                "plan-flip",
                "",
                measured(
                    "work_mem was 4MB and is 64kB for role shop, and 2 more.", "catalog", "64kB", "4MB", "", "work_mem"
                ),
            ),
            "ALTER ROLE shop RESET work_mem",
        ),
        (
            "set-back",
            told("plan-flip", "", measured("jit was off and is on.", "catalog", "on", "off", "", "jit")),
            "ALTER SYSTEM SET jit = 'off'",
        ),
        (
            "set-back",
            told(
                "temp-files",
                "",
                measured("work_mem was 4MB and is 64kB; now it spills.", "catalog", "64kB", "4MB", "", "work_mem"),
            ),
            "ALTER SYSTEM SET work_mem = '4MB'",
        ),
        (
            "drop-indexes",
            told(
                "over-indexing", "", measured("No scan used 2.", "catalog", "by_kind, by_day", None, "names", "events")
            ),
            "DROP INDEX CONCURRENTLY IF EXISTS by_kind",
        ),
        (
            "commit-alone",
            told("synchronous-standby", "", measured("9 waited.", "sessions", 9.0, 0.0, "sessions", "SyncRep")),
            "ALTER SYSTEM SET synchronous_standby_names = ''",
        ),
        (
            "resume-replay",
            told("synchronous-standby", "", measured("4 kB wait.", "server", 4096, 0, "bytes", "reports")),
            "SELECT pg_wal_replay_resume()",
        ),
        (
            "index-foreign-key",
            told(
                "missing-foreign-key-index",
                "For each row deleted from carts all 800,000 rows of cart_events (cart_id) are read: no index.",
            ),
            "CREATE INDEX CONCURRENTLY cart_events_cart_id_idx ON cart_events USING btree (cart_id)",
        ),
    ],
)
def test_what_is_to_be_run_is_read_from_the_evidence(fix, diagnosis, sql):
    assert FIXES[fix].propose(diagnosis, None).sql == sql


def test_the_rewrite_asks_for_all_rows_at_once():
    remedy = FIXES["ask-once"].propose(told("n-plus-one", "", measured("", "statements", 99, 0, "calls/request")), None)
    assert "99 calls a request become one" in remedy.statement
    assert "where id = any(?)" in remedy.statement


def test_the_cache_is_told_by_what_it_answered():
    remedy = FIXES["bring-cache-back"].propose(
        told("cache-lost", "", measured("", "statements", 10, 1, "calls/s")), None
    )
    assert "answered 90 of 100" in remedy.statement


def test_a_release_that_is_ruled_out_is_not_to_be_rolled_back():
    heavier = told("heavier-query", "", measured("", "sessions", 14.0, 0.02, "connections"))
    innocent = RuledOut(
        "release", "It is ruled out.", (measured("The statement is not new.", "statements", 190, None),)
    )
    remedy = FIXES["widen-pool"].propose(replace(heavier, ruled_out=(innocent,)), None)
    assert "Do not roll the release back" in remedy.statement
    assert "holds 14.0 connections and needed 0.02: a pool larger by 14" in remedy.statement
    assert "roll" not in FIXES["widen-pool"].propose(replace(heavier, ruled_out=()), None).statement


def test_every_setting_that_changed_is_set_back():
    said = "A setting changed: jit was off and is on, work_mem was 4MB and is 64kB for role shop in database sales."
    flip = told("plan-flip", "", measured("jit was off and is on, and 1 more.", "catalog", "on", "off", "", "jit"))
    trigger = Link(LinkKind.TRIGGER, "setting-changed", said, ())
    remedy = FIXES["set-back"].propose(replace(flip, chain=(trigger, *flip.chain)), None)
    assert remedy.sql == "ALTER SYSTEM SET jit = 'off'"
    assert remedy.afterwards == ("Likewise: ALTER ROLE shop IN DATABASE sales RESET work_mem",)


def test_memory_that_a_setting_took_is_set_back_and_not_asked_for_again():
    found = told("temp-files", "", measured("work_mem was 4MB and is 64kB.", "catalog", "64kB", "4MB", "", "work_mem"))
    assert FIXES["more-sort-memory"].propose(found, None) is None


def test_every_index_that_nobody_uses_is_dropped_and_no_other():
    idle = measured("No scan used 2.", "catalog", "by_kind, by_day", None, "names", "events")
    remedy = FIXES["drop-indexes"].propose(told("over-indexing", "", idle), None)
    assert remedy.afterwards == ("Likewise: DROP INDEX CONCURRENTLY IF EXISTS by_day",)
    used = measured("New are a, b.", "catalog", 17, 1, "indexes", "events")
    assert FIXES["drop-indexes"].propose(told("over-indexing", "", used), None) is None


def test_building_an_index_anew_tells_what_it_frees_and_what_it_needs_meanwhile():
    bloated = measured("It is.", "catalog", 28_000, 3_000, "blocks", "crm.by_code")
    remedy = FIXES["rebuild-index"].propose(told("index-bloat", "", bloated), None)
    assert "need 23 MB of the 219 MB that it takes" in remedy.statement
    assert remedy.undo.endswith("DROP INDEX CONCURRENTLY crm.by_code_ccnew.")
    assert FIXES["rebuild-index"].propose(told("table-bloat", "", bloated), None) is None


def test_committing_alone_tells_its_price():
    waiting = measured("9 waited.", "sessions", 9.0, 0.0, "sessions", "SyncRep")
    said = FIXES["commit-alone"].propose(told("synchronous-standby", "", waiting), None).statement
    assert "The 9 that wait" in said
    assert "lost with it" in said


def test_a_standby_that_only_has_to_replay_is_named_and_not_left_alone():
    found = told("synchronous-standby", "", measured("4 kB wait.", "server", 4096, 0, "bytes", "reports"))
    assert FIXES["commit-alone"].propose(found, None) is None
    assert "on the standby reports" in FIXES["resume-replay"].propose(found, None).statement


def test_buffers_take_a_restart_and_bring_along_what_follows_from_them():
    shrank = measured("shared_buffers was 1GB and is 1MB.", "catalog", "1MB", "1GB", "", "shared_buffers")
    said = "A setting changed: shared_buffers was 1GB and is 1MB, wal_buffers was 16MB and is 64kB."
    trigger = Link(LinkKind.TRIGGER, "setting-changed", said, ())
    found = told("buffers-too-small", "", shrank)
    remedy = FIXES["set-back"].propose(replace(found, chain=(trigger, *found.chain)), None)
    assert remedy.sql == "ALTER SYSTEM SET shared_buffers = '1GB'"
    assert "restart the server" in remedy.statement
    assert remedy.afterwards == ()

"""Remedies for locks and connections: figures from the diagnosis' own measurements, and the exact next statement."""

from dataclasses import replace
from pathlib import Path

import pytest

from failonce import jsontext, plugins
from failonce.model.diagnosis import Diagnosis
from failonce.remedy.limits import connections_needed, lock_timeout_ms, quoted

FIXES = plugins.load("failonce.remedy")
EXAMPLES = Path(__file__).parents[2] / "examples"


def diagnosed(name):
    return jsontext.loads((EXAMPLES / name / "diagnosis.json").read_bytes(), Diagnosis)


def proposed(diagnosis):
    ranked = sorted(FIXES.values(), key=lambda fix: (fix.RANK, fix.ID))
    return [remedy for fix in ranked if (remedy := fix.propose(diagnosis, None)) is not None]


@pytest.mark.parametrize(
    ("drill", "kinds"),
    [
        ("migration-lock", ["end-session", "bound-lock-waits"]),
        ("idle-transaction-lock", ["end-session", "bound-lock-waits"]),
        ("advisory-lock", ["end-session", "bound-lock-waits"]),
        ("long-transaction", ["end-session"]),
        ("prepared-transaction", ["end-prepared", "bound-lock-waits"]),
        ("for-update-queue", ["roll-back-release", "shorten-transactions", "bound-lock-waits"]),
        ("connection-exhaustion", ["roll-back-release", "free-connections"]),
        ("deadlock-chain", ["roll-back-release", "order-locks", "bound-lock-waits"]),
        ("hot-row", ["roll-back-release", "shorten-transactions", "bound-lock-waits"]),
        ("lock-storm", ["roll-back-release", "bound-lock-waits"]),
        ("pool-leak", ["roll-back-release", "return-connections"]),
        ("connection-storm", ["roll-back-release", "pool-connections"]),
    ],
)
def test_what_is_proposed_for_a_recorded_outage(drill, kinds):
    assert [remedy.kind for remedy in proposed(diagnosed(drill))] == kinds


def test_a_pid_that_is_somebody_elses_by_now_is_left_alone():
    remedy = FIXES["end-session"].propose(diagnosed("idle-transaction-lock"), None)
    assert "application_name = 'psql'" in remedy.sql
    assert "idle_in_transaction_session_timeout" in " ".join(remedy.afterwards)
    assert "ALTER ROLE shop_operator" in " ".join(remedy.afterwards)


def test_a_migration_is_to_be_run_again_with_a_lock_timeout_from_what_requests_took():
    diagnosis = diagnosed("migration-lock")
    (again,) = FIXES["end-session"].propose(diagnosis, None).afterwards
    assert f"SET lock_timeout = '{lock_timeout_ms(diagnosis)}ms'" in again
    assert 500 <= lock_timeout_ms(diagnosis) <= 5000


def test_without_measurements_a_timeout_is_long_and_says_why():
    blind = replace(diagnosed("migration-lock"), chain=(), ruled_out=(), open_leads=())
    assert lock_timeout_ms(blind) == 5000
    assert connections_needed(blind) is None
    assert "no request should wait longer" in FIXES["bound-lock-waits"].propose(blind, None).statement


def test_a_pools_size_comes_with_its_arithmetic():
    remedy = FIXES["pool-connections"].propose(diagnosed("connection-storm"), None)
    assert "requests/s" in remedy.statement
    assert "default_pool_size = 5" in remedy.statement


def test_the_locking_select_is_rewritten_and_workers_skip():
    diagnosis = diagnosed("hot-row")
    jobs = "select id from jobs where state = ? order by id limit ? for update"
    queue = replace(diagnosis, culprit=replace(diagnosis.culprit, query=jobs))
    assert f"`{jobs} skip locked`" in FIXES["shorten-transactions"].propose(queue, None).statement
    assert "nextval" in FIXES["shorten-transactions"].propose(diagnosis, None).statement


def test_a_gid_is_quoted():
    assert quoted("o'k") == "'o''k'"

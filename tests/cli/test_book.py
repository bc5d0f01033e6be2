"""The commands on the book, as a person uses them: import, search, look, back up, verify, let somebody in."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

WRITTEN = """# Checkout was down

## Issue Summary

From 2024-06-05 14:00 UTC to 2024-06-05 15:30 UTC checkout was down for 80% of users.
Root cause: the connection pool was exhausted by a slow query.

## Timeline

- 14:05 UTC: a monitoring alert showed 500s.
- 15:30 UTC: service restored.

## Root Cause and Resolution

The connection pool was exhausted by a query that scanned a whole table, so that requests waited for a connection.
The query was given an index, which made it fast again, and the pool was emptied by a restart.

## Tasks

- Add an alert on connections in use.
- Review every query of checkout in CI.
"""


@pytest.fixture
def run(tmp_path):
    """Run failonce in a folder with two postmortems of the same failure in it, imported."""

    def failonce(*words, code=0):
        command = [sys.executable, "-c", "from failonce.cli import main; main()", *words]
        nobodys = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, env=nobodys)
        assert done.returncode == code, done.stderr
        return done.stdout

    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "june.md").write_text(WRITTEN)
    (docs / "july.md").write_text(WRITTEN.replace("2024-06", "2024-07").replace("was down\n", "was down again\n"))
    assert "2 imported" in failonce("import", "docs")
    return failonce


def test_search_finds_and_says_where(run):
    said = run("search", "connection pool")
    assert "Checkout was down again" in said
    assert "2 found" in said
    assert "nothing" not in run("search", "nonsense", code=1)
    found = json.loads(run("search", "--json", "-n", "1", "connection", "pool"))
    assert (found["total"], len(found["items"])) == (2, 1)


def test_incidents_are_listed_and_looked_at(run):
    said = run("incidents")
    assert said.index("down again") < said.index("2024-06-05")
    assert "2 in the book" in said
    (july, june) = json.loads(run("incidents", "--json"))["items"]
    told = run("incidents", july["id"])
    assert f"same failure: {june['id']} of 2024-06-05 has in common: cause connection-pool-exhaustion" in told
    assert "Review every query of checkout in CI." in told
    assert json.loads(run("incidents", july["id"], "--json"))["dossier"] == july
    run("incidents", "nowhere", code=2)


def test_actions_are_listed(run):
    said = run("actions")
    assert "Add an alert on connections in use." in said
    assert "4 found" in said
    assert "2 found" in run("actions", "--kind", "prevent")
    assert "0 found" in run("actions", "--overdue")


def test_a_book_is_verified_and_a_change_behind_its_back_is_named(run, tmp_path):
    said = run("store", "verify")
    assert "every hash is right" in said
    anchor = said.split("anchor: ")[1].split()[0]
    run("store", "verify", "--anchor", anchor)
    connection = sqlite3.connect(tmp_path / "state" / "failonce" / "failonce.db")
    connection.execute("UPDATE postmortem_versions SET markdown = 'nothing happened'")
    connection.commit()
    connection.close()
    assert "2 are not right" in run("store", "verify", code=1)


def test_a_book_is_backed_up_and_restored_elsewhere(run):
    assert "2 incidents" in run("backup", "book.zip")
    assert "every hash is right" in run("restore", "book.zip", "--store", "new.db")
    assert run("incidents", "--store", "new.db") == run("incidents")
    run("restore", "book.zip", code=2)


def test_somebody_is_let_in(run):
    assert run("account", "list") == ""
    link = run("account", "invite", "--role", "editor", "--group", "payments")
    assert link.startswith("/welcome/failonce_link_")
    run("account", "token", "nobody", "--purpose", "x", code=2)
    run("account", "change", "nobody", "--disable", code=2)
    run("account", "revoke", "nothing", code=2)

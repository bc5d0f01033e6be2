"""Connection strings are read in every form libpq takes, and never shown with their secrets."""

import pytest

from failonce.app import dsn
from failonce.model.errors import UsageError


@pytest.mark.parametrize(
    "written",
    [
        "postgresql://ada:s3cret@db:5433/shop?sslpassword=s3cret",
        "host=db port=5433 user=ada password=s3cret dbname=shop sslpassword=s3cret",
        "host=db user=ada password='s3cret with spaces'",
        "postgresql://ada:s3cret@db:not-a-port/shop?s3cret",
        "password=s3cret and nonsense",
    ],
)
def test_no_secret_is_ever_shown(written):
    assert "s3cret" not in dsn.masked(written)


def test_what_is_not_secret_is_shown():
    shown = dsn.masked("postgresql://ada:s3cret@db:5433/shop")
    assert shown.split() == ["user=ada", "password=***", "dbname=shop", "host=db", "port=5433"]


def test_an_unreadable_string_is_refused_naming_the_place_but_not_the_string():
    with pytest.raises(UsageError, match="--dsn is not a connection string") as refused:
        dsn.target("s3cret and nonsense", where="--dsn")
    assert "s3cret" not in str(refused.value) + refused.value.hint
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("postgresql://ada@db/shop", "shop"),
        ("service=billing", "billing"),
        ("user=ada", "ada"),
        ("host=db", "database"),
    ],
)
def test_a_target_is_named_after_its_database(written, name):
    assert dsn.target(written, where="--dsn").name == name


@pytest.mark.parametrize(
    ("written", "local"),
    [
        ("dbname=shop", True),
        ("host=/run/postgresql dbname=shop", True),
        ("host=/run/postgresql,db dbname=shop", False),
        ("host=127.0.0.1 dbname=shop", False),
        ("hostaddr=10.0.0.1 dbname=shop", False),
        ("service=billing", False),
    ],
)
def test_only_a_socket_is_surely_this_machine(monkeypatch, written, local):
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    assert dsn.is_local(written) is local


def test_the_environment_may_lead_elsewhere(monkeypatch):
    monkeypatch.setenv("PGHOST", "db")
    assert not dsn.is_local("dbname=shop")

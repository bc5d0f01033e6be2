"""Whatever a program sends, allowed by the OpenAPI document or not: an answer of the described form, never a 5xx."""

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from starlette.applications import Starlette

from failonce.model.account import Scope
from failonce.model.viewer import Role
from failonce.store.book import Book
from failonce.web.api.openapi import BASE
from failonce.web.api.routes import ENDPOINTS, routes
from fix_book import dossier, incident, missing_index, stamp
from fix_postgres import url_of

pytestmark = pytest.mark.acceptance
CHECKS = (not_a_server_error, response_schema_conformance, status_code_conformance)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def book(request, tmp_path_factory):
    url = tmp_path_factory.mktemp("book") / "failonce.db"
    if request.param == "postgresql":
        postgres = request.getfixturevalue("postgres")
        with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
            connection.execute("create database fuzzed")
        url = url_of(postgres.dsn(dbname="fuzzed"))
    with Book.open(url) as book:
        book.incidents.save(incident("watched"), stamp())
        book.incidents.declare(dossier("0", minutes=9, failure=missing_index()), stamp())
        book.postmortems.write("0", "# One", stamp())
        book.accounts.welcome("test", "ada", Role.ADMIN, [], stamp().at)
        yield book


@pytest.fixture(scope="module")
def api(book):
    return schemathesis.openapi.from_asgi("/api/openapi.json", Starlette(routes=routes(book)))


@pytest.fixture(scope="module")
def token(book):
    return book.tokens.make("ada", "fuzz", tuple(Scope), stamp())[1]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: f"{e.method} {e.path}")
def test_an_answer_of_the_described_form_and_never_a_5xx(endpoint, api, token):
    operation = api[BASE + endpoint.path][endpoint.method]
    allowed, forbidden = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

    @given(case=allowed | forbidden)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def ask(case):
        case.call_and_validate(headers={"authorization": f"Bearer {token}"}, checks=CHECKS)

    ask()


def test_what_the_fuzzer_wrote_is_chained_and_whole(book):
    assert book.verify().broken == ()

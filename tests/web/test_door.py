"""The door: the first link, wrong passwords, and what a session's cookie is like."""

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from failonce.app.pages.desk import Desk
from failonce.app.pages.recordings import Recordings
from failonce.store.book import Book
from failonce.web.application import application

PASSWORD = "a few plain words"


@pytest.fixture
def fresh(tmp_path):
    with Book.open(tmp_path / "failonce.db") as book:
        yield book, TestClient(application(Desk(book, Recordings(tmp_path))), follow_redirects=False)


def test_the_first_link_makes_an_admin_once(fresh):
    book, client = fresh
    link = f"/welcome/{book.accounts.first_link(datetime.now(UTC))}"
    assert "Choose a name" in client.get(link).text
    assert client.post(link, data={"name": "ada", "password": "short"}).status_code == 403
    answer = client.post(link, data={"name": "ada", "password": PASSWORD})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert client.get("/people").status_code == 200
    assert TestClient(client.app).post(link, data={"name": "eve", "password": PASSWORD}).status_code == 403
    assert book.accounts.first_link(datetime.now(UTC)) is None


def test_over_tls_the_cookie_travels_nowhere_else(fresh):
    book, client = fresh
    link = f"/welcome/{book.accounts.first_link(datetime.now(UTC))}"
    safe = TestClient(client.app, base_url="https://testserver", follow_redirects=False)
    assert "secure" in safe.post(link, data={"name": "ada", "password": PASSWORD}).headers["set-cookie"].lower()


def test_a_wrong_password_says_nothing_about_the_name(fresh):
    book, client = fresh
    book.accounts.redeem(book.accounts.first_link(datetime.now(UTC)), "ada", PASSWORD, datetime.now(UTC))
    told = [client.post("/login", data={"name": n, "password": "wrong wrong wrong"}).text for n in ("ada", "nobody")]
    assert told[0] == told[1]
    assert "wrong" in told[0]


def test_guessing_is_slowed_down(fresh):
    book, client = fresh
    book.accounts.redeem(book.accounts.first_link(datetime.now(UTC)), "ada", PASSWORD, datetime.now(UTC))
    for _ in range(30):
        client.post("/login", data={"name": "ada", "password": "wrong wrong wrong"})
    assert client.post("/login", data={"name": "ada", "password": PASSWORD}).status_code == 403


def test_logging_out_ends_the_session_itself(fresh):
    book, client = fresh
    client.post(f"/welcome/{book.accounts.first_link(datetime.now(UTC))}", data={"name": "ada", "password": PASSWORD})
    cookie = client.cookies["failonce_session"]
    csrf = client.get("/").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    assert client.post("/logout", data={"csrf": "no"}).status_code == 403
    assert client.post("/logout", data={"csrf": csrf}).status_code == 303
    client.cookies.set("failonce_session", cookie)
    assert client.get("/").status_code == 303


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_door_leads_nowhere_else(fresh, wanted):
    book, client = fresh
    book.accounts.redeem(book.accounts.first_link(datetime.now(UTC)), "ada", PASSWORD, datetime.now(UTC))
    answer = client.post("/login", data={"name": "ada", "password": PASSWORD, "next": wanted})
    assert answer.headers["location"] == "/"


def test_a_login_form_of_another_site_is_refused(fresh):
    _, client = fresh
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post("/login", data={"name": "ada", "password": PASSWORD}, headers=headers).status_code == 403

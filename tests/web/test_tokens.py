"""API tokens and private circles through the pages: made, used, revoked; nobody reaches another's."""

import re

import pytest

from failonce.model.account import Scope
from failonce.model.viewer import Role, Stamp, Viewer
from fix_book import NOON, dossier

ALL = Viewer.machine()
MACHINE = Stamp(ALL, NOON)


def csrf(client):
    return client.get("/incidents").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]


def send(client, path, **fields):
    return client.post(path, data={"csrf": csrf(client), **fields})


def secret_in(answer):
    return re.search(r"<pre[^>]*><code>([^<]+)</code>", answer.text)[1]


def test_a_token_is_shown_once_lets_a_program_in_and_is_revoked(made, clients):
    ada = clients["ada"]
    made_one = send(ada, "/tokens", purpose="The pipeline", read="yes", days="90")
    assert made_one.status_code == 200
    assert made_one.headers["cache-control"] == "no-store"
    secret = secret_in(made_one)
    assert secret not in ada.get("/tokens").text
    bearer = {"authorization": f"Bearer {secret}"}
    assert clients[None].get("/api/v1/me", headers=bearer).json()["name"] == "ada"
    refused = clients[None].post("/api/v1/incidents", headers=bearer, json={"title": "No"})
    assert refused.status_code == 403
    (token,) = [t for t in made.book.tokens.of(ALL) if t.purpose == "The pipeline"]
    assert (token.scopes, (token.expires_at - token.created_at).days) == ((Scope.READ,), 90)
    assert send(ada, f"/tokens/{token.id}/revoke").status_code == 303
    assert clients[None].get("/api/v1/me", headers=bearer).status_code == 401
    assert "revoked" in ada.get("/tokens").text


def test_nobody_sees_or_revokes_anothers_but_an_admin(made, clients):
    send(clients["ada"], "/tokens", purpose="Only Ada's", read="yes", days="0")
    (token,) = [t for t in made.book.tokens.of(ALL) if t.purpose == "Only Ada's"]
    assert "Only Ada" not in clients["eve"].get("/tokens").text
    assert send(clients["eve"], f"/tokens/{token.id}/revoke").status_code == 404
    assert clients["ada"].post(f"/tokens/{token.id}/revoke", data={"csrf": "forged"}).status_code == 403
    assert clients[None].post(f"/tokens/{token.id}/revoke").headers["location"].startswith("/login")
    assert "Only Ada" in clients["root"].get("/tokens").text
    assert send(clients["root"], f"/tokens/{token.id}/revoke").status_code == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"purpose": "", "read": "yes", "days": "30"},
        {"purpose": "For nothing", "days": "30"},
        {"purpose": "For long", "read": "yes", "days": "99999"},
        {"purpose": "A viewer's pen", "write": "yes", "days": "30"},
    ],
)
def test_a_token_without_a_sense_is_not_made(made, clients, fields):
    before = len(made.book.tokens.of(ALL))
    assert send(clients["eve"], "/tokens", **fields).status_code == 400
    assert len(made.book.tokens.of(ALL)) == before


def test_an_incident_is_made_private_to_ones_group_and_public_again(made, clients):
    made.book.incidents.declare(dossier("cards-1", title="The card vault creaks"), MACHINE)
    ada, eve, home = clients["ada"], clients["eve"], "/incidents/cards-1"
    assert '<option value="payments">only payments</option>' in ada.get(home).text
    assert send(ada, home, revision="1", private_to="payments").status_code == 303
    assert eve.get(home).status_code == 404
    assert "card vault" not in eve.get("/incidents").text
    assert "private to payments" in ada.get(home).text
    assert send(ada, home, revision="2", private_to="").status_code == 303
    assert eve.get(home).status_code == 200


def test_nobody_hides_an_incident_from_themselves(made, clients):
    made.book.incidents.declare(dossier("cards-2"), MACHINE)
    assert send(clients["ada"], "/incidents/cards-2", revision="1", private_to="board").status_code == 403
    assert send(clients["root"], "/incidents/cards-2", revision="1", private_to="payments").status_code == 403
    assert made.book.incidents.dossier(Viewer("eve", Role.VIEWER), "cards-2").private_to is None


def test_an_incident_is_declared_in_private(made, clients):
    answer = send(clients["ada"], "/incidents", title="Somebody copies invoices", private_to="payments")
    home = answer.headers["location"].partition("?")[0]
    assert clients["eve"].get(home).status_code == 404
    assert clients["ada"].get(home).status_code == 200

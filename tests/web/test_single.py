"""Sign in through OpenID Connect, with a provider on this machine: whom it vouches for comes in, and nobody else."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from failonce.app.openid import OpenId, SignIn, sign_in
from failonce.app.pages.desk import Desk
from failonce.app.pages.recordings import Recordings
from failonce.app.settings import load
from failonce.model.errors import UsageError
from failonce.model.viewer import Role
from failonce.store.book import Book
from failonce.web.application import application
from fix_book import ALL

SECRET = "the client's secret"


class Provider(BaseHTTPRequestHandler):
    """Answers as a provider does; `server.claims` is what it says of whoever comes."""

    def do_GET(self):
        if self.path == "/.well-known/openid-configuration":
            here = self.server.issuer
            names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            self.answer({"issuer": here, **{name: here + path for name, path in names.items()}})
        elif self.path == "/keys":
            self.answer({"keys": [self.server.key.as_dict(private=False)]})

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest()).rstrip(b"=")
        asked = self.server.asked
        basic = base64.b64encode(b"failonce:" + SECRET.replace(" ", "+").replace("'", "%27").encode()).decode()
        known = self.headers["authorization"] in (f"Basic {basic}", _basic(SECRET))
        if not known or challenge.decode() != asked["code_challenge"][0] or sent["code"] != ["the code"]:
            self.answer({"error": "invalid_grant"}, status=400)
            return
        times = {"iat": int(time.time()), "exp": int(time.time()) + 300}
        plain = {"iss": self.server.issuer, "aud": "failonce", "sub": "42", "nonce": asked["nonce"][0], **times}
        token = jwt.encode({"alg": "RS256"}, plain | self.server.claims, self.server.signs_with)
        self.answer({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def answer(self, told, status=200):
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


def _basic(secret):
    return "Basic " + base64.b64encode(f"failonce:{secret}".encode()).decode()


@pytest.fixture(scope="module")
def key():
    return RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})


@pytest.fixture
def provider(key):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.issuer, server.key, server.signs_with = f"http://127.0.0.1:{server.server_port}", key, key
    server.claims = {"preferred_username": "grace hopper", "groups": ["payments", "sre"]}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(provider, tmp_path):
    way = SignIn(OpenId(provider.issuer, "failonce", SECRET, "Example", roles={"sre": Role.EDITOR}))
    with Book.open(tmp_path / "failonce.db") as book:
        yield TestClient(application(Desk(book, Recordings(tmp_path), openid=way)), follow_redirects=False)


def come_back(client, provider, **changes):
    """Go to the provider, be let in there, and come back; with changes, to something else than it said."""
    sent = client.get("/login/openid?next=/actions").headers["location"]
    provider.asked = parse_qs(urlsplit(sent).query)
    answer = {"code": "the code", "state": provider.asked["state"][0]} | changes
    return client.get("/login/openid/callback", params=answer)


def test_whom_the_provider_vouches_for_comes_in_with_their_groups_and_role(client, provider):
    assert "Sign in with Example" in client.get("/login").text
    back = come_back(client, provider)
    assert (back.status_code, back.headers["location"]) == (303, "/actions")
    assert client.get("/api/v1/me").json() == {
        "name": "grace-hopper",
        "role": "editor",
        "groups": ["payments", "sre"],
    }
    assert provider.asked["code_challenge_method"] == ["S256"]
    assert provider.asked["redirect_uri"] == ["http://testserver/login/openid/callback"]
    (account,) = client.app.state.desk.book.accounts.all(ALL)
    assert account.identity == f"{provider.issuer} 42"


def test_a_second_visit_is_the_same_account(client, provider):
    come_back(client, provider)
    provider.claims = {"preferred_username": "renamed", "groups": []}
    come_back(client, provider)
    assert client.get("/api/v1/me").json() == {"name": "grace-hopper", "role": "editor", "groups": []}


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"nonce": "of another sign-in"},
        {"exp": 1_000_000_000},
        {"sub": None},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_word_that_is_not_for_us_not_for_now_or_not_for_this_sign_in_lets_nobody_in(client, provider, claims):
    provider.claims = claims
    back = come_back(client, provider)
    assert (back.status_code, "is not valid" in back.text) == (403, True)
    assert client.get("/api/v1/me").status_code == 401


def test_a_word_signed_by_somebody_else_lets_nobody_in(client, provider):
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "k1"})
    assert come_back(client, provider).status_code == 403
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("changes", [{"state": "guess"}, {"code": "guess"}, {"code": None, "error": "access_denied"}])
def test_an_answer_to_another_question_lets_nobody_in(client, provider, changes):
    assert come_back(client, provider, **changes).status_code == 403
    assert client.get("/api/v1/me").status_code == 401


def test_a_browser_that_has_not_begun_is_sent_away(client):
    assert client.get("/login/openid/callback", params={"code": "x", "state": "y"}).status_code == 403


def test_a_provider_that_does_not_answer_is_said(client, provider):
    provider.shutdown()
    provider.server_close()
    answer = client.get("/login/openid")
    assert (answer.status_code, "does not answer" in answer.text) == (400, True)


def test_without_one_configured_there_is_none(tmp_path):
    with Book.open(tmp_path / "failonce.db") as book:
        client = TestClient(application(Desk(book, Recordings(tmp_path))), follow_redirects=False)
        assert "Sign in with" not in client.get("/login").text
        assert client.get("/login/openid").status_code == 404


# failonce.toml


def test_the_table_is_read_with_its_secret_from_the_environment(tmp_path):
    path = tmp_path / "failonce.toml"
    path.write_text(
        '[openid]\nissuer = "https://id.example"\nclient_id = "failonce"\nclient_secret = "${SECRET}"\n'
        '[openid.roles]\nsre = "editor"\n'
    )
    settings = load(path, {"SECRET": "s3cret"})
    way = sign_in(settings.openid)
    assert (way.settings.client_secret, way.settings.roles) == ("s3cret", {"sre": Role.EDITOR})
    assert "s3cret" not in repr(settings)
    assert sign_in(load(None, {}).openid) is None


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"issuer": "http://id.example", "client_id": "a", "client_secret": "b"}, "not https"),
        ({"issuer": "https://id.example", "client_id": "a"}, "client_secret"),
        ({"issuer": "https://id.example", "client_id": "a", "client_secret": "b", "scopes": "x"}, "scopes"),
        ({"issuer": "https://id.example", "client_id": "a", "client_secret": "b", "roles": {"x": "king"}}, "king"),
    ],
)
def test_a_table_that_will_not_do_is_refused(table, said):
    with pytest.raises(UsageError, match=said):
        sign_in(table)

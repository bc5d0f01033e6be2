"""Sign in through OpenID Connect: the authorization code flow with PKCE, by Authlib and joserfc.

failonce asks the provider who somebody is, and nothing else. What it answers is believed only when its signature, its
issuer, its audience, its time and the nonce of this very sign-in are right.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from failonce.model.errors import CannotLook, NotAllowed, UsageError
from failonce.model.viewer import Role, Viewer
from failonce.store.book import Book

_SCOPE = "openid profile email"
_TIMEOUT_S = 10.0
_NO_NAME = re.compile(r"[^\w.@+-]+")


class OpenId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table [openid] of failonce.toml."""

    #: The provider's address, under which /.well-known/openid-configuration lies.
    issuer: str
    client_id: str
    client_secret: str
    #: What the button says: Sign in with ...
    name: str = "single sign-on"
    #: The claim that lists somebody's groups; whose private incidents they see follows from it.
    groups_claim: str = "groups"
    #: The role at the first visit, by group; of several the highest. Without one: viewer.
    roles: dict[str, Role] = {}


class Pending(msgspec.Struct, frozen=True):
    """A sign-in under way: what has to come back. It stays in the browser until then."""

    state: str
    nonce: str
    verifier: str
    wanted: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Signs people in with one provider."""

    settings: OpenId

    def __post_init__(self) -> None:
        """Refuse a provider that could be overheard."""
        told = urlsplit(self.settings.issuer)
        if told.scheme != "https" and not (told.scheme == "http" and _is_here(told.hostname)):
            raise UsageError(
                f"[openid] issuer {self.settings.issuer} is not https.", hint="Secrets travel there: write https://..."
            )

    def begin(self, callback: str, wanted: str) -> tuple[str, Pending]:
        """Return where to send the browser, and what to keep until it comes back."""
        pending = Pending(_random(), _random(), _random(), wanted)
        with self._client(callback) as client:
            address, _ = client.create_authorization_url(
                self._provider()["authorization_endpoint"],
                state=pending.state,
                nonce=pending.nonce,
                code_verifier=pending.verifier,
            )
        return str(address), pending

    def finish(self, book: Book, callback: str, answer: Mapping[str, str], pending: Pending, at: datetime) -> Viewer:
        """Return who came back, with an account. Raises NotAllowed when anything about the answer is not right."""
        if not secrets.compare_digest(answer.get("state", ""), pending.state) or not answer.get("code"):
            raise _refused(answer.get("error_description") or "The answer belongs to another sign-in.")
        with self._client(callback) as client:
            provider = self._provider()
            token = client.fetch_token(
                provider["token_endpoint"],
                grant_type="authorization_code",
                code=answer["code"],
                code_verifier=pending.verifier,
            )
            keys = self._fetched(provider["jwks_uri"])
        claims = self._claims(token.get("id_token", ""), keys, pending, at)
        return self._welcome(book, claims, at)

    def _claims(self, token: str, keys: Any, pending: Pending, at: datetime) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        rules = jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=60,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": pending.nonce},
        )
        try:
            told = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256", "ES256", "PS256", "EdDSA"])
            rules.validate(told.claims)
        except (JoseError, ValueError) as problem:
            raise _refused(f"Its word about you is not valid ({problem}).") from None
        return dict(told.claims)

    def _welcome(self, book: Book, claims: Mapping[str, Any], at: datetime) -> Viewer:
        found = claims.get(self.settings.groups_claim, ())
        groups = tuple(str(group) for group in found) if isinstance(found, list) else ()
        roles = [self.settings.roles[group] for group in groups if group in self.settings.roles]
        role = max(roles, key=tuple(Role).index, default=Role.VIEWER)
        name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        identity = f"{self.settings.issuer} {claims['sub']}"
        return book.accounts.welcome(identity, _NO_NAME.sub("-", name)[:100], role, groups, at)

    @contextmanager
    def _client(self, callback: str) -> Iterator[Any]:
        try:
            from authlib.common.errors import AuthlibBaseError
            from authlib.integrations.httpx_client import OAuth2Client
            from httpx2 import HTTPError
        except ImportError:
            raise UsageError("[openid] needs Authlib.", hint="pip install 'failonce[oidc]'") from None
        told = self.settings
        client = OAuth2Client(
            told.client_id,
            told.client_secret,
            scope=_SCOPE,
            redirect_uri=callback,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
        )
        try:
            with client:
                yield client
        except HTTPError as problem:
            raise CannotLook(
                f"{told.issuer} does not answer as it should: {problem}.", hint="Try again, or log in with a password."
            ) from None
        except AuthlibBaseError as problem:
            raise _refused(problem.description or problem.error or "It refused.") from None

    def _fetched(self, address: str) -> Any:
        """Return what everybody may fetch from the provider."""
        import httpx2

        return httpx2.get(address, timeout=_TIMEOUT_S).raise_for_status().json()

    def _provider(self) -> Mapping[str, str]:
        """Return what the provider tells of itself. Raises when it calls itself by another name."""
        address = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        told: dict[str, str] = self._fetched(address)
        if told.get("issuer") != self.settings.issuer:
            raise UsageError(
                f"The provider calls itself {told.get('issuer')}.", hint="Write exactly that as issuer in [openid]."
            )
        return told


def sign_in(table: Mapping[str, Any] | None) -> SignIn | None:
    """Return the way to sign in that [openid] of failonce.toml describes; None when there is none."""
    if not table:
        return None
    try:
        return SignIn(msgspec.convert(table, OpenId))
    except msgspec.ValidationError as problem:
        raise UsageError(
            f"[openid] in failonce.toml: {problem}.", hint="docs/how-to/store.md shows it whole."
        ) from None


def _random() -> str:
    return secrets.token_urlsafe(32)


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _refused(why: str) -> NotAllowed:
    return NotAllowed(f"The provider did not let you in: {why}", hint="Try again, or ask an admin.")

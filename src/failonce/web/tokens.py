"""API tokens: make one for a program, see one's own (an admin everybody's), and make one useless."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from failonce.model.account import Scope
from failonce.model.errors import UsageError
from failonce.model.viewer import Role
from failonce.web.answer import LINKS, Ask, back, reads, writes

#: For how many days a token may hold; 0 is until it is revoked.
LASTS_DAYS = (30, 90, 365, 0)
_LONGEST_PURPOSE = 200


@reads
def show(ask: Ask) -> Response:
    """Show the tokens."""
    return _page(ask)


@writes
def make(ask: Ask) -> Response:
    """Make a token for oneself; its secret is shown once."""
    purpose = " ".join(ask.form.get("purpose", "").split())[:_LONGEST_PURPOSE]
    if not purpose:
        raise UsageError("The token is for nothing.", hint="Say which program comes in with it.")
    scopes = tuple(scope for scope in _offered(ask) if ask.form.get(scope.value) == "yes")
    if not scopes:
        raise UsageError("The token may do nothing.", hint="Choose what it is for.")
    _, secret = ask.desk.book.tokens.make(ask.viewer.name, purpose, scopes, ask.stamp, expires_at=_expiry(ask))
    answer = _page(ask, secret)
    answer.headers["cache-control"] = "no-store"
    return answer


@writes
def revoke(ask: Ask) -> Response:
    """Make a token useless."""
    ask.desk.book.tokens.revoke(ask.named("id"), ask.stamp)
    return back(LINKS.to("tokens"), "The token lets nobody in any more.")


def _page(ask: Ask, secret: str | None = None) -> Response:
    found = ask.desk.book.tokens.of(ask.viewer)
    return ask.page("tokens", None, tokens=found, offered=_offered(ask), lasts=LASTS_DAYS, secret=secret, at=ask.at)


def _offered(ask: Ask) -> tuple[Scope, ...]:
    """Return what a token of this person can be for: nobody's writes what they may not write themselves."""
    may_write = ask.viewer.role.covers(Role.EDITOR)
    return tuple(scope for scope in Scope if may_write or scope is not Scope.WRITE)


def _expiry(ask: Ask) -> datetime | None:
    days = ask.whole("days")
    if days not in LASTS_DAYS:
        raise UsageError(f"A token does not hold {days} days.", hint=f"Days: {', '.join(map(str, LASTS_DAYS))}")
    return ask.at + timedelta(days=days) if days else None


ROUTES = (
    Route("/tokens", show),
    Route("/tokens", make, methods=["POST"]),
    Route("/tokens/{id}/revoke", revoke, methods=["POST"]),
)

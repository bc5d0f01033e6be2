"""People: who may come in, and the log of who changed what. For admins."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from failonce.model.errors import NotAllowed, UsageError
from failonce.model.viewer import Role
from failonce.web.answer import LINKS, Ask, back, reads, writes


@reads
def show(ask: Ask) -> Response:
    """Show the accounts."""
    _allow(ask)
    return ask.page("people", None, accounts=ask.desk.book.accounts.all(ask.viewer), roles=Role, link=None)


@writes
def invite(ask: Ask) -> Response:
    """Make a link that lets somebody in once; it is shown once."""
    _allow(ask)
    groups = tuple(part for name in ask.form.get("groups", "").split(",") if (part := name.strip()))
    secret = ask.desk.book.accounts.invite(_role(ask), groups, ask.stamp)
    link = str(ask.request.url.replace(path=LINKS.to("welcome", secret), query=""))
    return ask.page("people", None, accounts=ask.desk.book.accounts.all(ask.viewer), roles=Role, link=link)


@writes
def change(ask: Ask) -> Response:
    """Change an account's role, or shut it out."""
    _allow(ask)
    disabled = ask.form.get("is_disabled") == "yes"
    ask.desk.book.accounts.change(ask.named("name"), ask.stamp, role=_role(ask), is_disabled=disabled)
    return back(LINKS.to("people"), "Saved.")


@reads
def audit(ask: Ask) -> Response:
    """Show who changed what."""
    _allow(ask)
    found = ask.desk.book.audit.page(ask.viewer, after=ask.query.get("after") or None)
    return ask.page("audit", None, found=found)


def _allow(ask: Ask) -> None:
    if not ask.viewer.role.covers(Role.ADMIN):
        raise NotAllowed("Accounts are for admins.", hint="Ask one of them.")


def _role(ask: Ask) -> Role:
    told = ask.form.get("role", "")
    if told not in set(Role):
        raise UsageError(f"There is no role {told}.", hint=f"Roles: {', '.join(Role)}")
    return Role(told)


ROUTES = (
    Route("/people", show),
    Route("/people", invite, methods=["POST"]),
    Route("/people/{name}", change, methods=["POST"]),
    Route("/audit", audit),
)

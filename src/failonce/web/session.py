"""Who asks: from the session's cookie to a Viewer, and the proof that a form came from one of our pages."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from failonce.app.pages.desk import Desk
from failonce.model.viewer import Viewer

COOKIE = "failonce_session"
LIFETIME = timedelta(days=14)


def viewer_of(request: Request) -> Viewer | None:
    """Return who asks; None for a stranger."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    desk: Desk = request.app.state.desk
    return desk.book.sessions.viewer(secret, datetime.now(UTC))


def csrf(request: Request) -> str:
    """Return what the forms of this session carry: known to our pages, and useless in another session."""
    secret = request.cookies.get(COOKIE, "")
    return hmac.new(secret.encode(), b"failonce form", hashlib.sha256).hexdigest() if secret else ""


def is_ours(request: Request, told: str) -> bool:
    """Tell whether a form was sent from one of our pages in this session."""
    return bool(told) and hmac.compare_digest(csrf(request), told)


def begin(request: Request, response: Response, viewer: Viewer) -> None:
    """Open a session and hand over its cookie; the one before it ends."""
    end(request)
    desk: Desk = request.app.state.desk
    secret = desk.book.sessions.begin(viewer.name, datetime.now(UTC), LIFETIME)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def end(request: Request) -> None:
    """Close the session of a request, if it has one."""
    desk: Desk = request.app.state.desk
    if secret := request.cookies.get(COOKIE):
        desk.book.sessions.end(secret)

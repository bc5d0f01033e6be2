"""Sign in elsewhere: to the provider of OpenID Connect and back. Without one configured these pages do not exist."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from failonce.app.openid import Pending
from failonce.model.errors import FailonceError, NotAllowed, NotFound
from failonce.web import door, session
from failonce.web.answer import refused

_COOKIE = "failonce_openid"
_LASTS_S = 600
_PATH = "/login/openid"


async def leave(request: Request) -> Response:
    """Send the browser to the provider, with what has to come back in a cookie."""
    return await run_in_threadpool(_leave, request)


async def come_back(request: Request) -> Response:
    """Let in whom the provider vouches for."""
    return await run_in_threadpool(_come_back, request)


def _leave(request: Request) -> Response:
    way = request.app.state.desk.openid
    if way is None:
        return refused(request, None, _NONE)
    try:
        address, pending = way.begin(_callback(request), door.inside(request.query_params.get("next", "/")))
    except FailonceError as problem:
        return refused(request, None, problem)
    response = RedirectResponse(address, status_code=303)
    kept = base64.urlsafe_b64encode(msgspec.json.encode(pending)).decode()
    secure = request.url.scheme == "https"
    response.set_cookie(_COOKIE, kept, max_age=_LASTS_S, path=_PATH, httponly=True, samesite="lax", secure=secure)
    return response


def _come_back(request: Request) -> Response:
    desk = request.app.state.desk
    if desk.openid is None:
        return refused(request, None, _NONE)
    try:
        pending = _pending(request)
        viewer = desk.openid.finish(
            desk.book, _callback(request), dict(request.query_params), pending, datetime.now(UTC)
        )
    except FailonceError as problem:
        return refused(request, None, problem)
    response = RedirectResponse(door.inside(pending.wanted), status_code=303)
    session.begin(request, response, viewer)
    response.delete_cookie(_COOKIE, path=_PATH)
    return response


def _pending(request: Request) -> Pending:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(request.cookies.get(_COOKIE, "")), type=Pending)
    except (ValueError, msgspec.DecodeError):
        raise NotAllowed("This browser has not begun to sign in.", hint="Begin at the login page.") from None


def _callback(request: Request) -> str:
    return str(request.url.replace(path=f"{_PATH}/callback", query=""))


_NONE = NotFound("There is no single sign-on here.", hint="Log in with a password.")

ROUTES = (Route(_PATH, leave), Route(f"{_PATH}/callback", come_back))

"""The door: log in and out, and come in by a link that holds once. There is no default password."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from failonce.model.errors import FailonceError, NotAllowed
from failonce.web import session, setting
from failonce.web.answer import LINKS, fields, refused

_SHORTEST_PASSWORD = 10


async def show(request: Request) -> Response:
    """Show the form to log in."""
    return _door(request, wanted=request.query_params.get("next", "/"))


async def log_in(request: Request) -> Response:
    """Let somebody in who knows their password."""
    form = await fields(request)
    if not _is_from_here(request):
        return _foreign(request)

    def work() -> Response:
        address = request.client.host if request.client else ""
        try:
            viewer = request.app.state.desk.book.accounts.log_in(
                form.get("name", ""), form.get("password", ""), address, datetime.now(UTC)
            )
        except FailonceError as problem:
            return _door(request, wanted=form.get("next", "/"), problem=problem)
        response = RedirectResponse(inside(form.get("next", "/")), status_code=303)
        session.begin(request, response, viewer)
        return response

    return await run_in_threadpool(work)


async def log_out(request: Request) -> Response:
    """End the session."""
    form = await fields(request)
    if not session.is_ours(request, form.get("csrf", "")):
        return _foreign(request)
    await run_in_threadpool(session.end, request)
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(session.COOKIE)
    return response


async def welcome(request: Request) -> Response:
    """Show the form of a link that lets somebody in once: choose a name and a password."""
    return _welcome(request)


async def redeem(request: Request) -> Response:
    """Make the account, and let its owner in."""
    form = await fields(request)
    if not _is_from_here(request):
        return _foreign(request)
    name, password = form.get("name", "").strip(), form.get("password", "")
    if len(password) < _SHORTEST_PASSWORD:
        short = NotAllowed(
            "That password is too short.", hint=f"Take at least {_SHORTEST_PASSWORD} characters: a few words do."
        )
        return _welcome(request, problem=short, name=name)

    def work() -> Response:
        secret = request.path_params["secret"]
        try:
            viewer = request.app.state.desk.book.accounts.redeem(secret, name, password, datetime.now(UTC))
        except FailonceError as problem:
            return _welcome(request, problem=problem, name=name)
        response = RedirectResponse("/", status_code=303)
        session.begin(request, response, viewer)
        return response

    return await run_in_threadpool(work)


def _door(request: Request, *, wanted: str, problem: FailonceError | None = None) -> Response:
    way = request.app.state.desk.openid
    content = setting.page(
        "login",
        setting.Frame(None, LINKS),
        next=inside(wanted),
        problem=problem,
        single=way.settings.name if way else None,
    )
    return HTMLResponse(content, status_code=403 if problem else 200)


def _welcome(request: Request, *, problem: FailonceError | None = None, name: str = "") -> Response:
    content = setting.page("welcome", setting.Frame(None, LINKS), problem=problem, name=name)
    return HTMLResponse(content, status_code=403 if problem else 200, headers={"referrer-policy": "no-referrer"})


def _foreign(request: Request) -> Response:
    return refused(request, None, NotAllowed("This form is not from here.", hint="Open the page again, and send it."))


def _is_from_here(request: Request) -> bool:
    """Tell whether a form without a session came from this very server: the browser says so itself."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def inside(address: str) -> str:
    """Return an address of ours; another one leads home."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


ROUTES = (
    Route("/login", show),
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
    Route("/welcome/{secret}", welcome),
    Route("/welcome/{secret}", redeem, methods=["POST"]),
)

"""The application: every page's routes, the assets, and what stands before all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from failonce.app.pages.desk import Desk
from failonce.model.viewer import Viewer
from failonce.web import (
    actions,
    door,
    edit,
    guard,
    incident,
    incidents,
    insights,
    live,
    now,
    people,
    postmortem,
    search,
    session,
    setting,
    single,
    tokens,
)
from failonce.web.answer import LINKS
from failonce.web.api.routes import routes as api
from failonce.web.live import Streams
from failonce.web.safety import HEADERS, Safety

PAGES = (
    now,
    live,
    incidents,
    incident,
    postmortem,
    edit,
    actions,
    search,
    insights,
    guard,
    door,
    single,
    people,
    tokens,
)
#: A page of text shrinks to a fifth; what is smaller than this does not.
_COMPRESSED_FROM_BYTES = 1_000


def application(
    desk: Desk,
    *,
    viewer_of: Callable[[Request], Viewer | None] = session.viewer_of,
    is_ours: Callable[[Request, str], bool] = session.is_ours,
) -> Starlette:
    """Return the application over an open book. Who asks, and whose a form is, is told by the session's cookie."""
    routes: list[BaseRoute] = [route for page in PAGES for route in page.ROUTES]
    app = Starlette(
        routes=[
            *routes,
            *api(desk.book, viewer_of),
            Route("/assets/{name}", _asset),
            Route("/healthz", _healthz),
        ],
        middleware=[
            Middleware(Safety),
            Middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM_BYTES, compresslevel=3),
        ],
        exception_handlers={404: _no_such_page, 405: _no_such_page, 500: _fault},
    )
    app.state.desk, app.state.viewer_of, app.state.is_ours = desk, viewer_of, is_ours
    app.state.streams = Streams()
    return app


@cache
def _assets() -> dict[str, tuple[str, bytes, str]]:
    return {
        name: (media_type, text.encode(), f'"{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"')
        for name, (media_type, text) in setting.assets().items()
    }


def _asset(request: Request) -> Response:
    found = _assets().get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("not found", status_code=404)
    media_type, content, tag = found
    headers = {"etag": tag, "cache-control": "public, max-age=300"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _healthz(request: Request) -> Response:
    return PlainTextResponse("ok")


async def _no_such_page(request: Request, problem: Exception) -> Response:
    frame = setting.Frame(None, LINKS)
    return HTMLResponse(setting.page("lost", frame, path=request.url.path), status_code=404)


async def _fault(request: Request, problem: Exception) -> Response:
    """Answer where something of ours is broken; the server's log has the traceback."""
    return HTMLResponse(setting.page("fault", setting.Frame(None, LINKS)), status_code=500, headers=HEADERS)

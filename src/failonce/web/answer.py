"""Answer a request: hand the page function its desk and viewer, and turn what it says or refuses into a response."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from failonce.app.pages.desk import Desk
from failonce.model.errors import Conflict, FailonceError, NotAllowed, NotFound, UsageError
from failonce.model.viewer import Stamp, Viewer
from failonce.web import session, setting
from failonce.web.links import Served

LINKS = Served()
#: More than any postmortem, less than what would hurt.
_LARGEST_FORM_BYTES = 2_000_000
_MOST_FIELDS = 200
Choice = TypeVar("Choice", bound=StrEnum)
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Ask:
    """One request of somebody who has come in."""

    request: Request
    desk: Desk
    viewer: Viewer
    at: datetime
    #: The fields of a form that was sent; empty for a page that is read.
    form: Mapping[str, str]

    @property
    def stamp(self) -> Stamp:
        """The hand that writes."""
        return Stamp(self.viewer, self.at)

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark."""
        return self.request.query_params

    def named(self, part: str) -> str:
        """Return a part of the address."""
        return str(self.request.path_params[part])

    def whole(self, name: str) -> int:
        """Return a whole number of the form. Raises UsageError."""
        try:
            return int(self.form[name])
        except (KeyError, ValueError):
            raise UsageError(f"The form says no {name}.", hint="Open the page again, and send it from there.") from None

    def one_of(self, kind: type[Choice], name: str) -> Choice:
        """Return what the form chose of a kind. Raises UsageError."""
        try:
            return kind(self.form.get(name, ""))
        except ValueError:
            raise UsageError(f"{self.form.get(name)!r} is no {name}.", hint=f"There are: {', '.join(kind)}") from None

    def page(self, template: str, part: str | None, **values: Any) -> Response:
        """Return a page."""
        frame = setting.Frame(
            self.viewer, LINKS, part, session.csrf(self.request), self.request.query_params.get("done", "")[:200]
        )
        return _unless_known(
            self.request, HTMLResponse(setting.page(template, frame, asked=dict(self.query), **values))
        )


def reads(function: Callable[[Ask], Response]) -> Endpoint:
    """Make an endpoint of a page: a stranger is sent to the door, a refusal is explained."""

    @wraps(function)
    async def endpoint(request: Request) -> Response:
        def work() -> Response:
            viewer = request.app.state.viewer_of(request)
            if viewer is None:
                return _to_the_door(request)
            return _told(request, viewer, function, {})

        return await run_in_threadpool(work)

    return endpoint


def writes(function: Callable[[Ask], Response]) -> Endpoint:
    """Make an endpoint of a form: it must come from one of our pages, in the sender's own session."""

    @wraps(function)
    async def endpoint(request: Request) -> Response:
        form = await fields(request)

        def work() -> Response:
            viewer = request.app.state.viewer_of(request)
            if viewer is None:
                return _to_the_door(request)
            if not request.app.state.is_ours(request, form.get("csrf", "")):
                problem = NotAllowed("This form is not from your session.", hint="Open the page again, and send it.")
                return refused(request, viewer, problem)
            return _told(request, viewer, function, form)

        return await run_in_threadpool(work)

    return endpoint


async def fields(request: Request) -> dict[str, str]:
    """Return the fields of a form; nothing of one that is too large."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_FORM_BYTES:
            return {}
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def back(address: str, done: str) -> Response:
    """Send the browser on after a form, so that going back sends nothing twice."""
    path, mark, anchor = address.partition("#")
    return RedirectResponse(f"{path}?done={quote(done)}{mark}{anchor}", status_code=303)


def refused(request: Request, viewer: Viewer | None, problem: FailonceError) -> Response:
    """Return the page that says why not, and what to do."""
    status = {NotFound: 404, NotAllowed: 403, Conflict: 409, UsageError: 400}.get(type(problem), 400)
    frame = setting.Frame(viewer, LINKS, None, session.csrf(request))
    return HTMLResponse(setting.page("refused", frame, problem=problem, status=status), status_code=status)


def _told(request: Request, viewer: Viewer, function: Callable[[Ask], Response], form: Mapping[str, str]) -> Response:
    ask = Ask(request, request.app.state.desk, viewer, datetime.now(UTC), form)
    try:
        return function(ask)
    except FailonceError as problem:
        return refused(request, viewer, problem)


def _to_the_door(request: Request) -> Response:
    wanted = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/login?next={quote(wanted)}", status_code=303)


def _unless_known(request: Request, response: Response) -> Response:
    """Return the page, or word that the browser has it as it is."""
    tag = f'W/"{hashlib.blake2b(bytes(response.body), digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response

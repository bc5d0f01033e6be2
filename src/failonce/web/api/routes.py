"""From an HTTP request to an endpoint's work and back: who asks, what they sent, and each refusal as a problem.

Programs come in with a token. A browser's session may read, but never write: a form of another site would send its
cookie along.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from failonce.app.bookkeeping import Book
from failonce.model.account import Scope
from failonce.model.errors import (
    CannotLook,
    Conflict,
    FailonceError,
    NotAllowed,
    NotFound,
    TooManyAttempts,
    UsageError,
)
from failonce.model.viewer import Stamp, Viewer
from failonce.web.api import actions, incidents, metrics, openapi, overview, postmortems
from failonce.web.api.endpoint import Call, Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *incidents.ENDPOINTS,
    *postmortems.ENDPOINTS,
    *actions.ENDPOINTS,
    *overview.ENDPOINTS,
)
#: The status of each refusal; the first that fits.
_STATUS = (
    (TooManyAttempts, 429),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (UsageError, 422),
    (CannotLook, 503),
)
#: Those that mean nothing on a path are answered too, with what does.
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]
_LARGEST_BODY = 2_000_000
#: Years that both databases know, in any zone.
_YEARS = range(1900, 2200)

Sessions = Callable[[Request], Viewer | None]


class _Refused(Exception):
    """A request that no endpoint hears."""

    def __init__(self, status: int, detail: str, hint: str) -> None:
        super().__init__(detail)
        self.status, self.hint = status, hint


def routes(book: Book, session: Sessions = lambda request: None) -> list[Route]:
    """Return the routes of the API, its OpenAPI document and the metrics. `session` tells who is at a browser."""
    described = msgspec.json.encode(openapi.document(ENDPOINTS))

    def describe(request: Request) -> Response:
        return Response(described, media_type="application/json")

    paths = dict.fromkeys(endpoint.path for endpoint in ENDPOINTS)
    return [
        Route("/api/openapi.json", describe),
        Route("/metrics", _metrics(book)),
        *(Route(openapi.BASE + path, _dispatch(book, path, session), methods=_METHODS) for path in paths),
    ]


def _dispatch(book: Book, path: str, session: Sessions) -> Callable[[Request], Any]:
    known = {endpoint.method: endpoint for endpoint in ENDPOINTS if endpoint.path == path}

    async def answer(request: Request) -> Response:
        endpoint = known.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            return _problem(405, f"{request.method} means nothing here.", f"Known here: {', '.join(known)}")
        content = await request.body()
        return await run_in_threadpool(_answer, book, endpoint, request, content, session)

    return answer


def _answer(book: Book, endpoint: Endpoint, request: Request, content: bytes, session: Sessions) -> Response:
    try:
        viewer = _viewer(book, request, endpoint.scope, session)
        query = _query(endpoint, request)
        body = _body(endpoint, request, content)
        if any("\x00" in part for part in request.path_params.values()):
            raise _Refused(404, "There is no such thing.", "No name holds a NUL.")
        stamp = Stamp(viewer, datetime.now(UTC))
        found = endpoint.work(Call(book, stamp, request.path_params, query, body))
    except _Refused as problem:
        return _problem(problem.status, str(problem), problem.hint)
    except FailonceError as problem:
        return _refused(problem)
    if endpoint.answer is None:
        return Response(status_code=204)
    return Response(msgspec.json.encode(found), status_code=endpoint.status, media_type="application/json")


def _viewer(book: Book, request: Request, scope: Scope, session: Sessions) -> Viewer:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        found = book.tokens.use(secret.strip(), datetime.now(UTC))
        if found is None:
            raise _Refused(401, "This token lets nobody in.", "Make one: failonce account token NAME --purpose ...")
        viewer, scopes = found
        if scope not in scopes:
            raise _Refused(403, f"This token is not for: {scope}.", f"Make one with --scope {scope}")
        return viewer
    seen = session(request)
    if seen is None:
        raise _Refused(401, "Nobody comes in without a token.", "Send the header Authorization: Bearer TOKEN")
    if scope is not Scope.READ:
        raise _Refused(403, "A browser's session only reads here.", "Write with a token, or on the pages.")
    return seen


def _query(endpoint: Endpoint, request: Request) -> Any:
    if endpoint.query is None:
        return None
    fields = msgspec.structs.fields(endpoint.query)
    many = {field.name for field in fields if getattr(field.type, "__origin__", None) is tuple}
    told: dict[str, Any] = {
        name: request.query_params.getlist(name) if name in many else value
        for name, value in request.query_params.items()
    }
    try:
        return _sound(msgspec.convert(told, endpoint.query, strict=False))
    except msgspec.ValidationError as problem:
        raise _Refused(422, f"{problem}", "/api/openapi.json has the parameters.") from None


def _body(endpoint: Endpoint, request: Request, content: bytes) -> Any:
    if endpoint.body is None:
        return None
    if len(content) > _LARGEST_BODY:
        raise _Refused(413, "This is too much.", f"Send at most {_LARGEST_BODY:,} bytes.")
    try:
        return _sound(msgspec.json.decode(content, type=endpoint.body))
    except msgspec.ValidationError as problem:
        raise _Refused(422, f"{problem}", "/api/openapi.json has what is sent.") from None
    except msgspec.DecodeError as problem:
        raise _Refused(400, f"{problem}", "Send JSON.") from None


def _sound(value: Any) -> Any:
    """Refuse what JSON can say and a database cannot hold: a NUL in a text, a day before time was counted."""
    if isinstance(value, str) and "\x00" in value:
        raise msgspec.ValidationError("A text holds no NUL")
    if isinstance(value, datetime) and value.year not in _YEARS:
        raise msgspec.ValidationError(f"Instants lie in the years {_YEARS.start} to {_YEARS.stop - 1}")
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            _sound(getattr(value, name))
    elif isinstance(value, tuple | list):
        for one in value:
            _sound(one)
    elif isinstance(value, dict):
        for pair in value.items():
            _sound(pair)
    return value


def _metrics(book: Book) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        try:
            viewer = _viewer(book, request, Scope.METRICS, lambda request: None)
            return Response(metrics.exposition(book, viewer, datetime.now(UTC)), media_type=metrics.CONTENT_TYPE)
        except _Refused as problem:
            return _problem(problem.status, str(problem), problem.hint)
        except FailonceError as problem:
            return _refused(problem)

    return answer


def _refused(problem: FailonceError) -> Response:
    status = next(status for kind, status in _STATUS if isinstance(problem, kind))
    headers = {"retry-after": str(problem.retry_after_s)} if isinstance(problem, TooManyAttempts) else {}
    both = {"mine": problem.mine, "theirs": problem.theirs} if isinstance(problem, Conflict) else {}
    response = _problem(status, str(problem), problem.hint, **both)
    response.headers.update(headers)
    return response


def _problem(status: int, detail: str, hint: str, **both: Any) -> Response:
    title = {400: "unreadable", 401: "who are you", 403: "not allowed", 404: "not found", 409: "conflict"}
    told = openapi.Problem(title.get(status, "refused"), status, detail, hint, **both)
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    return Response(msgspec.json.encode(told), status, headers, media_type="application/problem+json")
